//! WITH, set operations, VALUES, ORDER BY and LIMIT.

use sqlparser::ast::{
    Expr as Ast, LimitClause, OrderByExpr, OrderByKind, Query, SetExpr, SetOperator, SetQuantifier,
    Spanned, Value as Literal, Values, With,
};
use sqlparser::tokenizer::Span;

use super::conversion::{alike, cast_to, coerced, unified};
use super::expression::{Clause, Translator};
use super::planner::{Output, Planned, Planner};
use super::scope::{Scope, is_named};
use super::state::State;
use crate::expression::{Expr, Id};
use crate::refusal::{Refusal, Refused};
use crate::relation::{Join, JoinKind, Rel, SortKey};
use crate::types::SqlType;

/// Queries nest no deeper than this: deeper ones are generated, and could exhaust the stack.
const DEEPEST: usize = 40;

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

    /// A query of an expression: it sees the columns of the queries around it.
    pub(super) fn subquery(&mut self, query: &Query) -> Result<Planned, Refusal> {
        self.query(query)
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
                self.depth += 1;
                if self.depth > DEEPEST * 4 {
                    return Err(Refusal::unsupported(
                        "too many queries are put together",
                        "split them into several queries of the report",
                        body.span(),
                    ));
                }
                let left = self.body(left);
                let right = self.body(right);
                self.depth -= 1;
                self.combined(left?, right?, *op, is_all, body.span())
            }
            other => Err(Refusal::unsupported(
                "only SELECT can be run here",
                "write SELECT … FROM …",
                other.span(),
            )),
        }
    }

    /// Both answers with columns of one type each.
    fn aligned(
        &mut self,
        left: Planned,
        right: Planned,
        span: Span,
    ) -> Result<(Planned, Planned), Refusal> {
        if !left.is_complete || !right.is_complete {
            return Err(Refusal::unsupported(
                "`*` hides columns that are not known",
                "name the columns",
                span,
            ));
        }
        if left.columns.len() != right.columns.len() {
            return Err(Refusal::new(
                Refused::Rule,
                format!(
                    "the queries of UNION, EXCEPT or INTERSECT have {} and {} columns",
                    left.columns.len(),
                    right.columns.len()
                ),
                span,
            ));
        }
        let mut kinds = Vec::with_capacity(left.columns.len());
        for (one, other) in left.columns.iter().zip(&right.columns) {
            kinds.push(unified([one.kind, other.kind]).ok_or_else(|| {
                Refusal::new(
                    Refused::Type,
                    format!(
                        "`{}` is {} in one query of UNION, EXCEPT or INTERSECT and {} in the other",
                        one.name, one.kind, other.kind
                    ),
                    span,
                )
                .help("bring them to one type with CAST")
            })?);
        }
        Ok((
            self.brought(left, &kinds, span)?,
            self.brought(right, &kinds, span)?,
        ))
    }

    fn brought(
        &mut self,
        planned: Planned,
        kinds: &[SqlType],
        span: Span,
    ) -> Result<Planned, Refusal> {
        let mut items = Vec::new();
        let mut columns = Vec::with_capacity(planned.columns.len());
        for (column, kind) in planned.columns.into_iter().zip(kinds) {
            let expr = Expr::column(column.id, column.kind);
            let expr = if column.kind == *kind {
                expr
            } else if column.kind == SqlType::Unknown {
                cast_to(
                    Expr::new(SqlType::Text, expr.node),
                    *kind,
                    Default::default(),
                    span,
                )
            } else {
                coerced(expr, *kind, span)?
            };
            // Every column gets a place of its own, also one that is shown twice.
            let id = self.id(*kind);
            items.push((id, expr));
            columns.push(Output {
                id,
                kind: *kind,
                ..column
            });
        }
        Ok(Planned {
            rel: planned.rel.computed(items),
            columns,
            is_complete: planned.is_complete,
        })
    }

    fn combined(
        &mut self,
        left: Planned,
        right: Planned,
        op: SetOperator,
        is_all: bool,
        span: Span,
    ) -> Result<Planned, Refusal> {
        let (left, right) = self.aligned(left, right, span)?;
        let ids = |planned: &Planned| -> Vec<Id> {
            planned.columns.iter().map(|column| column.id).collect()
        };
        let (left_ids, right_ids) = (ids(&left), ids(&right));
        let (rel, result_ids) = match op {
            SetOperator::Union => {
                let out: Vec<Id> = left
                    .columns
                    .iter()
                    .map(|column| column.kind)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|kind| self.id(kind))
                    .collect();
                let rel = Rel::Append {
                    inputs: vec![(left.rel, left_ids), (right.rel, right_ids)],
                    ids: out.clone(),
                };
                let rel = if is_all {
                    rel
                } else {
                    rel.distinct(out.clone())
                };
                (rel, out)
            }
            SetOperator::Intersect | SetOperator::Except | SetOperator::Minus => {
                if op == SetOperator::Minus {
                    return Err(Refusal::unsupported(
                        "MINUS is not known here",
                        "write EXCEPT",
                        span,
                    ));
                }
                let kind = if op == SetOperator::Intersect {
                    JoinKind::Semi
                } else {
                    JoinKind::Anti
                };
                let mut on: Vec<(Id, Id)> = left_ids
                    .iter()
                    .copied()
                    .zip(right_ids.iter().copied())
                    .collect();
                let (mut left_rel, mut right_rel) = (left.rel, right.rel);
                if is_all {
                    let (one, other) = (self.id(SqlType::BigInt), self.id(SqlType::BigInt));
                    left_rel = Rel::Occurrence {
                        input: Box::new(left_rel),
                        keys: left_ids.clone(),
                        id: one,
                    };
                    right_rel = Rel::Occurrence {
                        input: Box::new(right_rel),
                        keys: right_ids,
                        id: other,
                    };
                    on.push((one, other));
                } else {
                    left_rel = left_rel.distinct(left_ids.clone());
                }
                let rel = Rel::Join(Box::new(Join {
                    kind,
                    left: left_rel,
                    right: right_rel,
                    on,
                    condition: None,
                    is_null_equal: true,
                }));
                (rel, left_ids)
            }
        };
        let columns = left
            .columns
            .into_iter()
            .zip(result_ids)
            .map(|(column, id)| Output {
                id,
                relation: None,
                ..column
            })
            .collect();
        Ok(Planned {
            rel,
            columns,
            is_complete: true,
        })
    }

    fn values(&mut self, values: &Values) -> Result<Planned, Refusal> {
        let scope = Scope::default();
        let mut state = State::default();
        let mut translator = Translator {
            planner: self,
            scope: &scope,
            state: &mut state,
            clause: Clause::Values,
            windows: &[],
            depth: 0,
        };
        let mut rows: Vec<Vec<Expr>> = Vec::with_capacity(values.rows.len());
        let mut span = Span::empty();
        for row in &values.rows {
            span = row.content.first().map_or(span, Spanned::span);
            let mut exprs = Vec::with_capacity(row.content.len());
            for ast in &row.content {
                exprs.push(translator.expr(ast)?);
            }
            rows.push(exprs);
        }
        if !state.rows.is_empty() {
            return Err(Refusal::unsupported(
                "a subquery in VALUES is not known here",
                "write SELECT … UNION ALL SELECT …",
                span,
            ));
        }
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != width) {
            return Err(Refusal::new(
                Refused::Rule,
                "the rows of VALUES have different numbers of values",
                span,
            ));
        }
        let mut columns = Vec::with_capacity(width);
        let mut table: Vec<Vec<Expr>> = vec![Vec::with_capacity(width); rows.len()];
        for place in 0..width {
            let column: Vec<Expr> = rows.iter().map(|row| row[place].clone()).collect();
            let (kind, column) = alike(column, "a column of VALUES", span)?;
            for (row, value) in table.iter_mut().zip(column) {
                row.push(value);
            }
            columns.push(Output {
                name: format!("column{}", place + 1),
                id: self.id(kind),
                kind,
                relation: None,
            });
        }
        let ids: Vec<Id> = columns.iter().map(|column| column.id).collect();
        let inputs = table
            .into_iter()
            .map(|row| {
                let items: Vec<(Id, Expr)> = row
                    .into_iter()
                    .map(|value| (self.id(value.kind), value))
                    .collect();
                let own = items.iter().map(|(id, _)| *id).collect();
                (Rel::One.computed(items), own)
            })
            .collect();
        Ok(Planned {
            rel: Rel::Append { inputs, ids },
            columns,
            is_complete: true,
        })
    }

    /// Sorts rows by columns of the answer.
    fn sorted(&mut self, planned: Planned, order: &[OrderByExpr]) -> Result<Planned, Refusal> {
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
                Ast::Identifier(name) => planned
                    .columns
                    .iter()
                    .position(|column| is_named(name, &column.name)),
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

    fn limited(&mut self, planned: Planned, query: &Query) -> Result<Planned, Refusal> {
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
