//! The few things authors expect that Polars lacks and that have a plain equivalent.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Value, VisitMut, VisitorMut};

/// Replaces `DATE_TRUNC('month', x)` by what Polars can run.
pub(super) fn rewrite(query: &mut Query) {
    struct Rewriter;
    impl VisitorMut for Rewriter {
        type Break = ();

        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::Function(function) = expr
                && let Some(text) = date_trunc(function)
                && let Some(replacement) = parse(&text)
            {
                *expr = replacement;
            }
            ControlFlow::Continue(())
        }
    }
    let _ = VisitMut::visit(query, &mut Rewriter);
}

/// Units of `DATE_TRUNC` that have an equivalent.
pub(super) const UNITS: [&str; 4] = ["day", "month", "quarter", "year"];

/// The unit and what is cut, for `DATE_TRUNC('unit', x)`.
pub(super) fn truncation(function: &Function) -> Option<(String, &Expr)> {
    if !function.name.to_string().eq_ignore_ascii_case("date_trunc") {
        return None;
    }
    let FunctionArguments::List(arguments) = &function.args else { return None };
    match arguments.args.as_slice() {
        [
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(unit))),
            FunctionArg::Unnamed(FunctionArgExpr::Expr(what)),
        ] => match &unit.value {
            Value::SingleQuotedString(unit) => Some((unit.to_lowercase(), what)),
            _ => None,
        },
        _ => None,
    }
}

fn date_trunc(function: &Function) -> Option<String> {
    let (unit, what) = truncation(function)?;
    Some(match unit.as_str() {
        "day" => format!("CAST({what} AS DATE)"),
        "month" => format!("CAST(STRFTIME({what}, '%Y-%m-01') AS DATE)"),
        "quarter" => format!(
            "CAST(STRFTIME({what}, '%Y-') || \
             CASE EXTRACT(QUARTER FROM {what}) WHEN 1 THEN '01' WHEN 2 THEN '04' WHEN 3 THEN '07' ELSE '10' END || '-01' AS DATE)"
        ),
        "year" => format!("CAST(STRFTIME({what}, '%Y-01-01') AS DATE)"),
        _ => return None,
    })
}

fn parse(text: &str) -> Option<Expr> {
    use sqlparser::dialect::GenericDialect;
    use sqlparser::parser::Parser;
    Parser::new(&GenericDialect {}).try_with_sql(text).ok()?.parse_expr().ok()
}
