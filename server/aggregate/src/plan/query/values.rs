//! VALUES.

use sqlparser::ast::{Spanned, Values};
use sqlparser::tokenizer::Span;

use crate::expression::{Expr, Id};
use crate::plan::conversion::alike;
use crate::plan::expression::{Clause, Translator};
use crate::plan::planner::{Output, Planned, Planner};
use crate::plan::scope::Scope;
use crate::plan::state::State;
use crate::refusal::{Refusal, Refused};
use crate::relation::Rel;

impl Planner<'_> {
    pub(super) fn values(&mut self, values: &Values) -> Result<Planned, Refusal> {
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
}
