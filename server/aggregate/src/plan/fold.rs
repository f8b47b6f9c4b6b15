//! Expressions of constants, computed once.

use crate::expression::{Expr, Node};
use crate::run;

/// The constant an expression is; the expression itself where its value depends on rows, or where it
/// cannot be computed: it stops the block when a row needs it.
pub(super) fn folded(expr: Expr) -> Expr {
    let is_foldable = matches!(
        expr.node,
        Node::Call(_)
            | Node::Cast { .. }
            | Node::AddInterval { .. }
            | Node::Not(_)
            | Node::Compare(..)
            | Node::Case { .. }
            | Node::Coalesce(_)
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
    if expr.kind == crate::SqlType::QUOTIENT {
        return expr;
    }
    match run::constant(&expr) {
        Ok(value) => Expr::constant(value, expr.kind),
        Err(_) => expr,
    }
}
