//! WITH, set operations, VALUES, ORDER BY and LIMIT.

mod limits;
mod sets;
mod values;

use sqlparser::ast::{OrderByKind, Query, SetExpr, SetQuantifier, Spanned, With};

use super::planner::{Output, Planned, Planner};
use super::scope::is_named;
use crate::expression::Expr;
use crate::refusal::{Refusal, Refused};
use crate::relation::Rel;
use crate::types::SqlType;

/// Queries nest no deeper than this: deeper ones are generated, and could exhaust the stack.
const DEEPEST: usize = 16;

/// Queries of a statement that are planned. A correlated one is planned twice, one inside it four times and so on: this
/// many are generated, or written to keep a processor busy.
const MOST: usize = 5_000;

/// Queries that may be put together by UNION, EXCEPT and INTERSECT.
const LONGEST: usize = 100;

impl Planner<'_> {
    /// The whole statement.
    pub(super) fn top(&mut self, query: &Query) -> Result<Planned, Refusal> {
        let mut planned = self.query(query)?;
        self.texts(&mut planned);
        Ok(planned)
    }

    /// Columns whose type nothing decided are texts.
    fn texts(&mut self, planned: &mut Planned) {
        let mut items = Vec::new();
        for column in &mut planned.columns {
            if column.kind == SqlType::Unknown {
                let id = self.id(SqlType::Text);
                let source = Expr::new(SqlType::Text, crate::expression::Node::Column(column.id));
                items.push((id, source));
                column.id = id;
                column.kind = SqlType::Text;
            }
        }
        let rel = std::mem::replace(&mut planned.rel, Rel::One);
        planned.rel = rel.computed(items);
    }

    /// A query of a FROM: it sees no columns of the query around it.
    pub(super) fn subplan(&mut self, query: &Query) -> Result<Planned, Refusal> {
        let outer = std::mem::take(&mut self.outer);
        let planned = self.query(query);
        self.outer = outer;
        let mut planned = planned?;
        self.texts(&mut planned);
        Ok(planned)
    }

    /// The same rows under other columns, so that a query can stand beside itself.
    pub(super) fn copied(&mut self, planned: Planned) -> Planned {
        let mut items = Vec::with_capacity(planned.columns.len());
        let columns = planned
            .columns
            .into_iter()
            .map(|column| {
                let id = self.id(column.kind);
                items.push((id, Expr::column(column.id, column.kind)));
                Output { id, ..column }
            })
            .collect();
        Planned {
            rel: planned.rel.computed(items),
            columns,
            is_complete: planned.is_complete,
        }
    }

    /// A column that is shown under two names is two columns for whoever reads them.
    pub(super) fn apart(&mut self, planned: Planned) -> Planned {
        let mut ids: Vec<_> = planned.columns.iter().map(|column| column.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() == planned.columns.len() {
            return planned;
        }
        self.copied(planned)
    }

    pub(super) fn query(&mut self, query: &Query) -> Result<Planned, Refusal> {
        let span = query.span();
        if self.depth >= DEEPEST {
            return Err(Refusal::unsupported(
                "the queries nest too deeply",
                "split them into several queries of the report",
                span,
            ));
        }
        if !query.locks.is_empty()
            || query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty()
        {
            return Err(Refusal::unsupported(
                "a clause behind this query is not known here",
                "leave it out",
                span,
            ));
        }
        self.planned += 1;
        if self.planned > MOST {
            return Err(Refusal::unsupported(
                "the queries nest too often",
                "split them into several queries of the report",
                span,
            ));
        }
        self.depth += 1;
        let before = self.named.len();
        let planned = self.with_named(query);
        self.named.truncate(before);
        self.depth -= 1;
        planned
    }

    fn with_named(&mut self, query: &Query) -> Result<Planned, Refusal> {
        if let Some(with) = &query.with {
            self.name(with)?;
        }
        let no_order = Vec::new();
        let order = match &query.order_by {
            None => &no_order,
            Some(order) => match &order.kind {
                OrderByKind::Expressions(written) if order.interpolate.is_none() => written,
                _ => {
                    return Err(Refusal::unsupported(
                        "ORDER BY ALL is not known here",
                        "name the columns",
                        query.span(),
                    ));
                }
            },
        };
        let planned = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, order)?,
            body => {
                let planned = self.body(body)?;
                self.sorted(planned, order)?
            }
        };
        self.limited(planned, query)
    }

    fn name(&mut self, with: &With) -> Result<(), Refusal> {
        if with.recursive {
            return Err(Refusal::unsupported(
                "recursive WITH is not known here",
                "compute it in the query that reads from the source",
                with.with_token.0.span,
            ));
        }
        let first = self.named.len();
        for cte in &with.cte_tables {
            let name = &cte.alias.name;
            if self.named[first..]
                .iter()
                .any(|(other, _)| is_named(name, other))
            {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("two queries of this WITH are called `{}`", name.value),
                    name.span,
                ));
            }
            let mut planned = self.subplan(&cte.query)?;
            if cte.alias.columns.len() > planned.columns.len() {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("`{}` names more columns than there are", name.value),
                    name.span,
                ));
            }
            for (column, named) in planned.columns.iter_mut().zip(&cte.alias.columns) {
                column.name = named.name.value.clone();
            }
            if !planned.is_complete {
                return Err(Refusal::unsupported(
                    format!(
                        "`{}` selects * from a table whose columns are not known",
                        name.value
                    ),
                    "name the columns",
                    name.span,
                ));
            }
            planned.rel = planned.rel.shared();
            self.named.push((name.value.clone(), planned));
        }
        Ok(())
    }

    fn body(&mut self, body: &SetExpr) -> Result<Planned, Refusal> {
        match body {
            SetExpr::Select(select) => self.select(select, &[]),
            SetExpr::Query(query) => self.query(query),
            SetExpr::Values(values) => self.values(values),
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => {
                let is_all = match set_quantifier {
                    SetQuantifier::All => true,
                    SetQuantifier::None | SetQuantifier::Distinct => false,
                    _ => {
                        return Err(Refusal::unsupported(
                            "rows are put together by position",
                            "write UNION ALL with the columns in the same order",
                            body.span(),
                        ));
                    }
                };
                self.chained += 1;
                if self.chained > LONGEST {
                    return Err(Refusal::unsupported(
                        "too many queries are put together",
                        "split them into several queries of the report",
                        body.span(),
                    ));
                }
                let left = self.body(left);
                let right = self.body(right);
                self.chained -= 1;
                self.combined(left?, right?, *op, is_all, body.span())
            }
            other => Err(Refusal::unsupported(
                "only SELECT can be run here",
                "write SELECT … FROM …",
                other.span(),
            )),
        }
    }
}
