//! Which expressions depend on one row alone, so that it does not matter what else is read with it.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, FunctionArguments, Query, Visit, Visitor};

/// Functions that are computed from one row alone, and always the same for the same values.
const ROW_BY_ROW: &[&str] = &[
    "abs",
    "bit_length",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "coalesce",
    "concat",
    "concat_ws",
    "date",
    "date_part",
    "date_trunc",
    "datetime",
    "day",
    "days_between",
    "div",
    "ends_with",
    "floor",
    "greatest",
    "if",
    "ifnull",
    "last_day",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "mod",
    "month",
    "normalize",
    "nullif",
    "octet_length",
    "quarter",
    "regexp_like",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sign",
    "split_part",
    "starts_with",
    "strftime",
    "strpos",
    "strptime",
    "substr",
    "substring",
    "time",
    "timestamp",
    "trim",
    "trunc",
    "truncate",
    "upper",
    "year",
];

/// Whether an expression is computed from the columns of one row alone.
pub(super) fn is_row_by_row(expr: &Expr) -> bool {
    struct Looker;

    impl Visitor for Looker {
        type Break = ();

        fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
            ControlFlow::Break(())
        }

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            if is_row_by_row_itself(expr) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        }
    }

    expr.visit(&mut Looker).is_continue()
}

/// The same for an expression whose operands are looked at by themselves.
pub(super) fn is_row_by_row_itself(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(_)
        | Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Interval(_)
        | Expr::Nested(_)
        | Expr::BinaryOp { .. }
        | Expr::UnaryOp { .. }
        | Expr::Cast { .. }
        | Expr::Case { .. }
        | Expr::Between { .. }
        | Expr::InList { .. }
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::Like { .. }
        | Expr::ILike { .. }
        | Expr::Extract { .. }
        | Expr::Substring { .. }
        | Expr::Trim { .. }
        | Expr::Position { .. }
        | Expr::Ceil { .. }
        | Expr::Floor { .. } => true,
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let FunctionArguments::List(list) = &function.args else {
                return false;
            };
            ROW_BY_ROW.contains(&name.as_str())
                && function.over.is_none()
                && function.filter.is_none()
                && function.within_group.is_empty()
                && list.clauses.is_empty()
                && list.duplicate_treatment.is_none()
        }
        _ => false,
    }
}

/// Whether an expression reads any column at all.
pub(super) fn has_column(expr: &Expr) -> bool {
    struct Looker;

    impl Visitor for Looker {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Identifier(_) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }

    expr.visit(&mut Looker).is_break()
}
