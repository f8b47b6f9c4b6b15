//! ORDER BY behind several queries, LIMIT, OFFSET and FETCH.

use sqlparser::ast::{
    Expr as Ast, Ident, LimitClause, OrderByExpr, Query, Spanned, Value as Literal,
};

use crate::plan::conversion::coerced;
use crate::plan::expression::{Clause, Translator};
use crate::plan::planner::{Planned, Planner};
use crate::plan::scope::{Scope, is_named};
use crate::plan::state::State;
use crate::refusal::{Refusal, Refused};
use crate::relation::{Rel, SortKey};
use crate::types::SqlType;

impl Planner<'_> {
    /// Sorts rows by columns of the answer.
    pub(super) fn sorted(
        &mut self,
        planned: Planned,
        order: &[OrderByExpr],
    ) -> Result<Planned, Refusal> {
        if order.is_empty() {
            return Ok(planned);
        }
        let mut by = Vec::with_capacity(order.len());
        for item in order {
            let span = item.expr.span();
            let place = match &item.expr {
                Ast::Value(value) => match &value.value {
                    Literal::Number(number, _) => number
                        .to_string()
                        .parse::<usize>()
                        .ok()
                        .and_then(|place| place.checked_sub(1))
                        .filter(|place| *place < planned.columns.len()),
                    _ => None,
                },
                Ast::Identifier(name) => only(name, &planned)?,
                _ => None,
            };
            let Some(place) = place else {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("`{}` is no column of the answer", item.expr),
                    span,
                )
                .help("rows of UNION, EXCEPT and INTERSECT are sorted by columns of the answer"));
            };
            let column = &planned.columns[place];
            let is_descending = item.options.asc == Some(false);
            by.push(SortKey {
                id: column.id,
                is_descending,
                nulls_first: item.options.nulls_first.unwrap_or(is_descending),
            });
        }
        Ok(Planned {
            rel: Rel::Sort {
                input: Box::new(planned.rel),
                by,
            },
            ..planned
        })
    }

    pub(super) fn limited(&mut self, planned: Planned, query: &Query) -> Result<Planned, Refusal> {
        let (mut most, mut offset) = (None, 0);
        match &query.limit_clause {
            None => {}
            Some(LimitClause::LimitOffset {
                limit,
                offset: skipped,
                limit_by,
            }) if limit_by.is_empty() => {
                if let Some(limit) = limit {
                    most = self.count(limit)?;
                }
                if let Some(skipped) = skipped {
                    offset = self.count(&skipped.value)?.unwrap_or(0);
                }
            }
            Some(_) => {
                return Err(Refusal::unsupported(
                    "this LIMIT is not known here",
                    "write LIMIT 10 OFFSET 20",
                    query.span(),
                ));
            }
        }
        if let Some(fetch) = &query.fetch {
            if fetch.with_ties || fetch.percent || most.is_some() {
                return Err(Refusal::unsupported(
                    "FETCH … WITH TIES is not known here",
                    "filter by RANK() in a query around this one",
                    query.span(),
                ));
            }
            most = match &fetch.quantity {
                None => Some(1),
                Some(quantity) => self.count(quantity)?,
            };
        }
        if most.is_none() && offset == 0 {
            return Ok(planned);
        }
        Ok(Planned {
            rel: Rel::Limit {
                input: Box::new(planned.rel),
                offset,
                most,
            },
            ..planned
        })
    }

    /// A number of rows that is written out; `None` for NULL.
    fn count(&mut self, ast: &Ast) -> Result<Option<u64>, Refusal> {
        let scope = Scope::default();
        let mut state = State::default();
        let outer = std::mem::take(&mut self.outer);
        let mut translator = Translator {
            planner: self,
            scope: &scope,
            state: &mut state,
            clause: Clause::Values,
            windows: &[],
            depth: 0,
        };
        let expr = translator.expr(ast);
        self.outer = outer;
        let expr = coerced(expr?, SqlType::BigInt, ast.span())?;
        let refused = || {
            Refusal::new(
                Refused::Rule,
                "LIMIT and OFFSET take a number that is written out and not negative",
                ast.span(),
            )
        };
        match expr.as_constant() {
            Some(crate::value::Value::Null) => Ok(None),
            Some(crate::value::Value::Whole(count)) => {
                u64::try_from(*count).map(Some).map_err(|_| refused())
            }
            _ => Err(refused()),
        }
    }
}

/// The column of that name, when there are not several.
fn only(name: &Ident, planned: &Planned) -> Result<Option<usize>, Refusal> {
    let columns = planned.columns.iter().enumerate();
    let mut found = columns.filter(|(_, column)| is_named(name, &column.name));
    let first = found.next().map(|(place, _)| place);
    match found.next() {
        None => Ok(first),
        Some(_) => Err(Refusal::new(
            Refused::Column,
            format!(
                "`{}` is ambiguous: several columns are called so",
                name.value
            ),
            name.span,
        )),
    }
}
