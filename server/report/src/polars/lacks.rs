//! What authors expect of SQL and Polars 0.55 does not have, with what to write instead.

use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    GroupByExpr, Query, Select, Spanned, TableFactor, Value, Visit, Visitor, WindowFrameBound,
    WindowFrameUnits, WindowType,
};
use sqlparser::tokenizer::Span;

use super::functions::{KNOWN, LACKING, UNITS};
use crate::nearest::nearest;
use crate::problem::Problem;

/// Given a problem, its line and column, and how many bytes to mark.
type Report<'a> = dyn FnMut(Problem, Option<(u64, u64)>, usize) + 'a;

/// Reports everything Polars could not run.
pub(super) fn check(query: &Query, report: &mut Report<'_>) {
    let _ = Visit::visit(query, &mut Checker { report });
}

struct Checker<'a, 'b> {
    report: &'a mut Report<'b>,
}

impl Checker<'_, '_> {
    fn lacks(&mut self, what: &str, help: &str, span: Span, length: usize) {
        let problem =
            Problem::error("report::polars_lacks", format!("Polars has no {what}")).help(help);
        self.tell(problem, span, length);
    }

    fn tell(&mut self, problem: Problem, span: Span, length: usize) {
        let place = (span.start.line > 0).then_some((span.start.line, span.start.column));
        (self.report)(problem, place, length);
    }

    fn function(&mut self, function: &Function) {
        let name = function.name.to_string();
        let lower = name.to_lowercase();
        let span = function.name.span();
        if lower == "date_trunc" {
            if let Some(unit) = first_text(function)
                && !UNITS.contains(&unit.to_lowercase().as_str())
            {
                let help = format!("write one of {}", UNITS.join(", "));
                self.lacks(
                    &format!("unit '{unit}' of `DATE_TRUNC`"),
                    &help,
                    span,
                    name.len(),
                );
            }
        } else if let Some((_, help)) = LACKING.iter().find(|(lacking, _)| *lacking == lower) {
            self.lacks(
                &format!("`{}`", name.to_uppercase()),
                help,
                span,
                name.len(),
            );
        } else if !KNOWN.contains(&lower.as_str()) {
            let problem = Problem::warning(
                "report::unknown_function",
                format!("Polars knows no function `{name}`"),
            );
            let problem = match nearest(&lower, KNOWN.iter().copied()) {
                Some(close) => problem.help(format!("did you mean `{}`?", close.to_uppercase())),
                None => problem.help("compute it in the query that reads from the source"),
            };
            self.tell(problem, span, name.len());
        }
        if let Some(WindowType::WindowSpec(window)) = &function.over
            && let Some(frame) = &window.window_frame
        {
            let running = frame.units == WindowFrameUnits::Rows
                && matches!(frame.start_bound, WindowFrameBound::Preceding(None))
                && matches!(frame.end_bound, None | Some(WindowFrameBound::CurrentRow));
            if !running {
                self.lacks(
                    "window frame but `ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`",
                    "for a moving sum subtract two running sums with LAG, or compute it in the source",
                    span,
                    name.len(),
                );
            }
        }
    }
}

impl Visitor for Checker<'_, '_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let Some(with) = &query.with
            && with.recursive
        {
            let span = with.with_token.0.span;
            self.lacks(
                "recursive `WITH`",
                "compute it in the query that reads from the source",
                span,
                "WITH".len(),
            );
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let modifiers = match &select.group_by {
            GroupByExpr::All(modifiers) | GroupByExpr::Expressions(_, modifiers) => modifiers,
        };
        if !modifiers.is_empty() {
            let span = select.group_by.span();
            self.lacks("`ROLLUP`, `CUBE` or `GROUPING SETS`", ROLLUP, span, 1);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table {
                name,
                args: Some(_),
                ..
            } => {
                let problem = Problem::error(
                    "report::unknown_table",
                    format!("a query may not read `{name}(…)`"),
                )
                .help("Polars queries read the queries of this report and nothing else");
                self.tell(problem, name.span(), name.to_string().len());
            }
            TableFactor::Derived { lateral: true, .. } => {
                self.lacks(
                    "`LATERAL`",
                    "write a window function or a join",
                    table.span(),
                    1,
                );
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function) => self.function(function),
            Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_) => {
                self.lacks(
                    "`ROLLUP`, `CUBE` or `GROUPING SETS`",
                    ROLLUP,
                    expr.span(),
                    1,
                );
            }
            Expr::BinaryOp { left, op, right } => {
                for side in [left, right] {
                    if let Expr::Subquery(query) = side.as_ref() {
                        let help = match op {
                            sqlparser::ast::BinaryOperator::Eq => {
                                "write `IN (SELECT …)`, or join the other query"
                            }
                            sqlparser::ast::BinaryOperator::NotEq => {
                                "write `NOT IN (SELECT …)`, or join the other query"
                            }
                            _ => "`CROSS JOIN` a query with the one value and compare its column",
                        };
                        self.lacks(
                            "comparison with a subquery",
                            help,
                            query.span(),
                            "SELECT".len(),
                        );
                    }
                }
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr: inner,
                data_type,
                ..
            } => {
                if let (Expr::Value(value), DataType::Timestamp(..) | DataType::Datetime(_)) =
                    (inner.as_ref(), data_type)
                    && let Value::SingleQuotedString(text) = &value.value
                {
                    self.lacks(
                        "cast of a text to `TIMESTAMP`",
                        &format!("write `TIMESTAMP '{text}'`"),
                        value.span,
                        text.len() + 2,
                    );
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(Function {
            args: FunctionArguments::Subquery(query),
            ..
        }) = expr
        {
            self.lacks(
                "subquery as an argument",
                "join the other query",
                query.span(),
                1,
            );
        }
        ControlFlow::Continue(())
    }
}

const ROLLUP: &str = "add the totals as a query of their own with `UNION ALL`, or let the sheet compute them with `total`";

/// The first argument, when it is a text.
fn first_text(function: &Function) -> Option<&str> {
    let FunctionArguments::List(arguments) = &function.args else {
        return None;
    };
    match arguments.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
