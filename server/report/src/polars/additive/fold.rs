//! Expressions over groups of rows, as expressions over groups of parts.

use std::ops::ControlFlow;

use sqlparser::ast::{
    CastKind, DataType, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, Query, VisitMut, VisitorMut,
};

use super::row_by_row::{has_column, is_row_by_row, is_row_by_row_itself};
use super::{Fold, FoldBy, OURS, key_name};

/// Puts keys and aggregates of the first query in the place of expressions.
pub(super) struct Folding<'a> {
    pub(super) keys: &'a [String],
    pub(super) folds: Vec<Fold>,
}

impl Folding<'_> {
    /// `None` for an expression that is not made of keys and sums alone.
    pub(super) fn rewritten(&mut self, expr: &Expr) -> Option<Expr> {
        let mut expr = expr.clone();
        VisitMut::visit(&mut expr, self)
            .is_continue()
            .then_some(expr)
    }

    /// The aggregate over parts that stands for this one over rows.
    fn fold(&mut self, function: &Function) -> Option<Expr> {
        let by = FoldBy::named(&function.name.to_string().to_lowercase())?;
        let argument = only_argument(function)?;
        let is_fine = match argument {
            FunctionArgExpr::Wildcard => by == FoldBy::Count,
            FunctionArgExpr::Expr(expr) => is_row_by_row(expr) && has_column(expr),
            _ => false,
        };
        if !is_fine {
            return None;
        }
        let written = function.to_string();
        let column = match self.folds.iter().find(|fold| fold.written == written) {
            Some(fold) => fold.column.clone(),
            None => {
                let column = format!("{OURS}fold_{}", self.folds.len());
                self.folds.push(Fold {
                    column: column.clone(),
                    by,
                    written,
                });
                column
            }
        };
        let mut over_parts = function.clone();
        over_parts.name = vec![Ident::new(by.function())].into();
        over_parts.args = FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(
                Expr::Identifier(Ident::new(column)),
            ))],
            clauses: Vec::new(),
        });
        let sum = Expr::Function(over_parts);
        Some(match by {
            // A count is of this type in Polars, which matters to what is computed with it.
            FoldBy::Count => Expr::Cast {
                kind: CastKind::Cast,
                expr: Box::new(sum),
                data_type: DataType::IntUnsigned(None),
                array: false,
                format: None,
            },
            _ => sum,
        })
    }
}

impl VisitorMut for Folding<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        ControlFlow::Break(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let written = expr.to_string();
        if let Some(place) = self.keys.iter().position(|key| *key == written) {
            *expr = Expr::Identifier(Ident::new(key_name(place)));
            return ControlFlow::Continue(());
        }
        let folded = match expr {
            // What was put here a moment ago.
            Expr::Identifier(column) if column.value.starts_with(OURS) => {
                return ControlFlow::Continue(());
            }
            Expr::Identifier(_) => return ControlFlow::Break(()),
            Expr::Function(function) if is_over_parts(function) => {
                return ControlFlow::Continue(());
            }
            Expr::Function(function) => self.fold(function),
            _ => None,
        };
        match folded {
            Some(folded) => *expr = folded,
            None if is_row_by_row_itself(expr) => {}
            None => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }
}

/// Whether an aggregate was put in the place of another one already.
fn is_over_parts(function: &Function) -> bool {
    matches!(
        only_argument(function),
        Some(FunctionArgExpr::Expr(Expr::Identifier(column))) if column.value.starts_with(OURS)
    )
}

/// The argument of an aggregate over all rows of its group.
fn only_argument(function: &Function) -> Option<&FunctionArgExpr> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let is_plain = function.over.is_none()
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.within_group.is_empty()
        && matches!(function.parameters, FunctionArguments::None)
        && list.clauses.is_empty()
        && matches!(
            list.duplicate_treatment,
            None | Some(DuplicateTreatment::All)
        );
    match list.args.as_slice() {
        [FunctionArg::Unnamed(argument)] if is_plain => Some(argument),
        _ => None,
    }
}
