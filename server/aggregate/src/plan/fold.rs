//! Expressions of constants, computed once.

use crate::SqlType;
use crate::expression::{Comparison, Expr, Node};
use crate::run;
use crate::value::Value;

/// The constant an expression is; the expression itself where its value depends on rows, or where it
/// cannot be computed: it stops the block when a row needs it.
pub(super) fn folded(expr: Expr) -> Expr {
    if is_never_known(&expr) {
        return Expr::null(SqlType::Boolean);
    }
    let is_foldable = matches!(
        expr.node,
        Node::Call(_)
            | Node::Cast { .. }
            | Node::AddInterval { .. }
            | Node::Not(_)
            | Node::Compare(..)
            | Node::Case { .. }
            | Node::Coalesce(_)
            | Node::Furthest(..)
            | Node::NullIf(..)
            | Node::IsNull(_)
    );
    let children = expr.children();
    if !is_foldable
        || expr.kind.is_open()
        || !children.iter().all(|child| child.as_constant().is_some())
    {
        return expr;
    }
    // A quotient keeps more digits where it is computed than a constant does.
    if expr.kind == SqlType::QUOTIENT {
        return expr;
    }
    match run::constant(&expr) {
        Ok(value) => Expr::constant(value, expr.kind),
        Err(_) => expr,
    }
}

/// Whether something is compared with NULL, so that the answer is NULL whatever the rows hold.
fn is_never_known(expr: &Expr) -> bool {
    let is_null = |side: &Expr| side.as_constant() == Some(&Value::Null);
    match &expr.node {
        Node::Compare(Comparison::Distinct, ..) => false,
        Node::Compare(_, one, other) => {
            (is_null(one) || is_null(other)) && !stops(one) && !stops(other)
        }
        _ => false,
    }
}

/// Whether a part without columns has no value, such as `1 / 0`: that stops the block also beside NULL.
fn stops(expr: &Expr) -> bool {
    let is_open = expr.is_constant() && expr.as_constant().is_none() && expr.can_fail();
    is_open || expr.children().into_iter().any(stops)
}
