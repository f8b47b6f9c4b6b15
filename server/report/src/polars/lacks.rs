//! What authors expect of SQL and Polars 0.55 does not have, with what to write instead.

use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    GroupByExpr, Query, Select, Spanned, TableFactor, Value, Visit, Visitor, WindowFrameBound,
    WindowFrameUnits, WindowType,
};
use sqlparser::tokenizer::Span;

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

/// Functions authors expect, and what to write.
const LACKING: &[(&str, &str)] = &[
    (
        "ntile",
        "write `CAST((ROW_NUMBER() OVER (ORDER BY x) - 1) * 4 / COUNT(*) OVER () AS INT) + 1` for four parts",
    ),
    (
        "percent_rank",
        "write `(RANK() OVER (ORDER BY x) - 1.0) / (COUNT(*) OVER () - 1)`",
    ),
    (
        "cume_dist",
        "write `RANK() OVER (ORDER BY x) * 1.0 / COUNT(*) OVER ()`",
    ),
    (
        "nth_value",
        "join a query with `ROW_NUMBER()` and keep the row you want",
    ),
    ("to_char", "write `STRFTIME(x, '%Y-%m')`"),
    ("date_format", "write `STRFTIME(x, '%Y-%m')`"),
    (
        "format",
        "choose a `format` for the column in the workbook section",
    ),
    ("eomonth", "write `LAST_DAY(x)`"),
    (
        "to_date",
        "write `CAST(x AS DATE)`, or `DATE(x, '%Y%m%d')` with its format",
    ),
    ("to_timestamp", "write `STRPTIME(x, '%Y-%m-%d %H:%M')`"),
    ("str_to_date", "write `STRPTIME(x, '%Y-%m-%d')`"),
    ("julianday", "write `DAYS_BETWEEN(from, until)`"),
    ("datediff", "write `DAYS_BETWEEN(from, until)`"),
    ("date_diff", "write `DAYS_BETWEEN(from, until)`"),
    ("age", "write `DAYS_BETWEEN(from, until)`"),
    ("date_add", "write `x + INTERVAL '1 day'`"),
    ("date_sub", "write `x - INTERVAL '1 day'`"),
    ("dateadd", "write `x + INTERVAL '1 day'`"),
    ("hour", "write `EXTRACT(HOUR FROM x)`"),
    (
        "now",
        "use a parameter of type `datetime` or `date`, so that a run can be repeated",
    ),
    (
        "current_date",
        "use a parameter of type `date` with the default `today`, so that a run can be repeated",
    ),
    (
        "current_timestamp",
        "use a parameter of type `datetime` with the default `now`, so that a run can be repeated",
    ),
    ("random", "nothing in a report may depend on chance"),
    ("nvl", "write `COALESCE(x, 0)`"),
    ("isnull", "write `COALESCE(x, 0)`"),
    ("percentile_cont", "write `QUANTILE_CONT(x, 0.5)`"),
    ("every", "write `MIN(CASE WHEN x THEN 1 ELSE 0 END) = 1`"),
];

/// Functions Polars SQL 0.55 knows with the features Digger builds it with, and those the engine adds:
/// `DATE_TRUNC`, `LAST_DAY`, `DAYS_BETWEEN`, `YEAR`, `QUARTER`, `MONTH`, `DAY`.
const KNOWN: &[&str] = &[
    "bit_and",
    "bitand",
    "bit_not",
    "bitnot",
    "bit_or",
    "bitor",
    "bit_xor",
    "bitxor",
    "xor",
    "abs",
    "cbrt",
    "ceil",
    "ceiling",
    "div",
    "exp",
    "floor",
    "ln",
    "log",
    "log10",
    "log1p",
    "log2",
    "mod",
    "pi",
    "pow",
    "power",
    "round",
    "trunc",
    "truncate",
    "sign",
    "sqrt",
    "cos",
    "cot",
    "sin",
    "tan",
    "cosd",
    "cotd",
    "sind",
    "tand",
    "acos",
    "asin",
    "atan",
    "atan2",
    "acosd",
    "asind",
    "atand",
    "atan2d",
    "degrees",
    "radians",
    "coalesce",
    "greatest",
    "if",
    "ifnull",
    "least",
    "nullif",
    "date",
    "date_part",
    "date_trunc",
    "strftime",
    "timestamp",
    "datetime",
    "bit_length",
    "concat",
    "concat_ws",
    "ends_with",
    "left",
    "length",
    "char_length",
    "character_length",
    "lower",
    "lpad",
    "ltrim",
    "normalize",
    "octet_length",
    "regexp_like",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "starts_with",
    "string_to_array",
    "strpos",
    "strptime",
    "substr",
    "time",
    "upper",
    "avg",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "covar",
    "first",
    "last",
    "max",
    "median",
    "min",
    "quantile_cont",
    "quantile_disc",
    "stdev",
    "stddev",
    "stdev_samp",
    "stddev_samp",
    "string_agg",
    "listagg",
    "group_concat",
    "sum",
    "total",
    "var",
    "variance",
    "var_samp",
    "array_agg",
    "array_contains",
    "array_get",
    "array_length",
    "array_lower",
    "array_mean",
    "array_reverse",
    "array_sum",
    "array_to_string",
    "array_unique",
    "array_upper",
    "unnest",
    "dense_rank",
    "first_value",
    "last_value",
    "lag",
    "lead",
    "rank",
    "row_number",
    "columns",
    "substring",
    "trim",
    "position",
    "extract",
    "cast",
    "try_cast",
    "exists",
    "like",
    "interval",
    "last_day",
    "days_between",
    "year",
    "quarter",
    "month",
    "day",
];

/// Units of `DATE_TRUNC`.
const UNITS: [&str; 8] = [
    "year", "quarter", "month", "week", "day", "hour", "minute", "second",
];

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
