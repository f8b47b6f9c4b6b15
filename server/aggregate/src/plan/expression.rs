//! Expressions of a statement, typed.

mod operators;
mod refused;

use operators::comparison;
use refused::{array, keyword, refuse_ambiguous};

use sqlparser::ast::{BinaryOperator, Expr as Ast, Spanned};
use sqlparser::tokenizer::Span;

use super::planner::Planner;
use super::scope::Scope;
use super::state::State;
use super::{conversion, fold, interval, literal};
use crate::expression::{Comparison, Expr};
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;

/// Expressions nest no deeper than this: deeper ones are generated, and could exhaust the stack.
const DEEPEST: usize = 300;

/// Plans the expressions of one SELECT.
pub(super) struct Translator<'a, 't> {
    pub(super) planner: &'a mut Planner<'t>,
    pub(super) scope: &'a Scope,
    pub(super) state: &'a mut State,
    /// The clause whose expressions are planned.
    pub(super) clause: Clause,
    /// Named windows of the SELECT.
    pub(super) windows: &'a [sqlparser::ast::NamedWindowDefinition],
    pub(super) depth: usize,
}

/// Where an expression stands; decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// Of an inner join.
    On,
    /// Of a join that keeps rows without partner.
    OuterOn,
    Where,
    GroupBy,
    Having,
    Select,
    OrderBy,
    Qualify,
    /// Arguments of an aggregate.
    Aggregate,
    /// Arguments of a window function.
    Window,
    Values,
}

impl Clause {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::On | Self::OuterOn => "ON",
            Self::Where => "WHERE",
            Self::GroupBy => "GROUP BY",
            Self::Having => "HAVING",
            Self::Select => "SELECT",
            Self::OrderBy => "ORDER BY",
            Self::Qualify => "QUALIFY",
            Self::Aggregate => "an aggregate",
            Self::Window => "a window function",
            Self::Values => "VALUES",
        }
    }

    pub(super) fn allows_aggregates(self) -> bool {
        matches!(
            self,
            Self::Having | Self::Select | Self::OrderBy | Self::Qualify | Self::Window
        )
    }

    pub(super) fn allows_windows(self) -> bool {
        matches!(self, Self::Select | Self::OrderBy | Self::Qualify)
    }
}

impl<'a, 't> Translator<'a, 't> {
    /// The same SELECT in another clause.
    pub(super) fn within(&mut self, clause: Clause) -> Translator<'_, 't> {
        Translator {
            planner: self.planner,
            scope: self.scope,
            state: self.state,
            clause,
            windows: self.windows,
            depth: self.depth,
        }
    }

    /// A place in the planner that cannot be reached by any text.
    pub(super) fn broken(&self, span: Span) -> Refusal {
        Refusal::new(Refused::Unsupported, "this cannot be planned", span)
    }

    /// An expression of any type.
    pub(super) fn expr(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        self.depth += 1;
        let result = if self.depth > DEEPEST {
            Err(Refusal::unsupported(
                "the expression nests too deeply",
                "split it into several queries",
                ast.span(),
            ))
        } else {
            self.planned(ast)
                .and_then(|expr| bounded(expr, 1, ast.span()))
                .map_err(|refusal| refusal.or_at(ast.span()))
        };
        self.depth -= 1;
        result
    }

    /// A condition.
    pub(super) fn condition(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        let expr = self.expr(ast)?;
        if expr.kind.is_number() || expr.kind == SqlType::Text {
            return Err(Refusal::new(
                Refused::Type,
                format!("{} is {}, and a boolean is needed", ast, expr.kind),
                ast.span(),
            )
            .help("compare it with something"));
        }
        conversion::coerced(expr, SqlType::Boolean, ast.span())
    }

    fn planned(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        let span = ast.span();
        refuse_ambiguous(ast)?;
        match ast {
            Ast::Nested(inner) => self.expr(inner),
            Ast::Identifier(column) => {
                if let Some(refusal) = keyword(column)
                    && self.planner.resolve(self.scope, None, column).is_err()
                {
                    return Err(refusal);
                }
                self.planner.resolve(self.scope, None, column)
            }
            Ast::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.planner.resolve(self.scope, Some(table), column),
                _ => Err(Refusal::new(
                    Refused::Column,
                    format!("`{ast}` is no column of a block"),
                    span,
                )
                .help("write `table.column`")),
            },
            Ast::Value(value) => literal::constant(value),
            Ast::TypedString(typed) => literal::typed(self.planner, typed),
            Ast::Interval(written) => interval::written(written, span),
            Ast::UnaryOp { op, expr } => self.unary(*op, expr, span),
            Ast::BinaryOp { left, op, right } => self.binary(left, op, right, span),
            Ast::IsNull(inner) => Ok(fold::folded(self.expr(inner)?.is_null())),
            Ast::IsNotNull(inner) => Ok(fold::folded(self.expr(inner)?.is_null()).not()),
            Ast::IsTrue(inner) => self.is_truth(inner, true, false),
            Ast::IsNotTrue(inner) => self.is_truth(inner, true, true),
            Ast::IsFalse(inner) => self.is_truth(inner, false, false),
            Ast::IsNotFalse(inner) => self.is_truth(inner, false, true),
            Ast::IsUnknown(inner) => Ok(self.condition(inner)?.is_null()),
            Ast::IsNotUnknown(inner) => Ok(self.condition(inner)?.is_null().not()),
            Ast::IsDistinctFrom(one, other) => {
                self.compared(Comparison::Distinct, one, other, span)
            }
            Ast::IsNotDistinctFrom(one, other) => {
                Ok(self.compared(Comparison::Distinct, one, other, span)?.not())
            }
            Ast::InList {
                expr,
                list,
                negated,
            } => self.in_list(expr, list, *negated, span),
            Ast::Between {
                expr,
                negated,
                low,
                high,
            } => self.in_range(expr, low, high, *negated, span),
            Ast::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char,
            } => self.like("like", expr, pattern, escape_char.as_ref(), *negated, span),
            Ast::ILike {
                negated,
                any: false,
                expr,
                pattern,
                escape_char,
            } => self.like("ilike", expr, pattern, escape_char.as_ref(), *negated, span),
            Ast::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(operand.as_deref(), conditions, else_result.as_deref(), span),
            Ast::Cast {
                kind,
                expr,
                data_type,
                array: false,
                format: None,
            } => self.cast(kind, expr, data_type, span),
            Ast::Extract { field, expr, .. } => {
                self.extract(&field.to_string().to_lowercase(), expr, span)
            }
            Ast::Ceil { expr, field } => self.rounded_by("ceil", expr, field, span),
            Ast::Floor { expr, field } => self.rounded_by("floor", expr, field, span),
            Ast::Position { expr, r#in } => {
                let part = self.expr(expr)?;
                let text = self.expr(r#in)?;
                self.operator("strpos", vec![text, part], span)
            }
            Ast::Substring {
                expr,
                substring_from,
                substring_for,
                ..
            } => self.substring(
                expr,
                substring_from.as_deref(),
                substring_for.as_deref(),
                span,
            ),
            Ast::Overlay {
                expr,
                overlay_what,
                overlay_from,
                overlay_for,
            } => self.overlay(
                [expr, overlay_what, overlay_from],
                overlay_for.as_deref(),
                span,
            ),
            Ast::Trim {
                trim_where,
                trim_what,
                expr,
                trim_characters,
            } => self.trim(
                trim_where.as_ref(),
                trim_what.as_deref(),
                expr,
                trim_characters.as_deref(),
                span,
            ),
            Ast::Function(function) => self.function(function, span),
            Ast::Exists { subquery, negated } => {
                let found = self.exists(subquery, span)?;
                Ok(if *negated { found.not() } else { found })
            }
            Ast::InSubquery {
                expr,
                subquery,
                negated,
            } => {
                let found = self.in_subquery(expr, subquery, span)?;
                Ok(if *negated { found.not() } else { found })
            }
            Ast::Subquery(query) => self.scalar(query, span),
            Ast::AnyOp {
                left,
                compare_op: BinaryOperator::Eq,
                right,
                ..
            } => match right.as_ref() {
                Ast::Subquery(query) => self.in_subquery(left, query, span),
                Ast::Array(list) => self.in_list(left, &list.elem, false, span),
                _ => Err(array(ast, span)),
            },
            Ast::AllOp {
                left,
                compare_op: BinaryOperator::NotEq,
                right,
            } => match right.as_ref() {
                Ast::Subquery(query) => Ok(self.in_subquery(left, query, span)?.not()),
                Ast::Array(list) => self.in_list(left, &list.elem, true, span),
                _ => Err(array(ast, span)),
            },
            Ast::AnyOp {
                left,
                compare_op,
                right,
                ..
            } if let (Some(how), Ast::Subquery(query)) = (comparison(compare_op), &**right) => {
                self.any_of(how, left, query, span)
            }
            Ast::AllOp {
                left,
                compare_op,
                right,
            } if let (Some(how), Ast::Subquery(query)) = (comparison(compare_op), &**right) => {
                // All are so when none is not.
                Ok(self.any_of(how.opposite(), left, query, span)?.not())
            }
            Ast::AnyOp { .. } | Ast::AllOp { .. } => Err(Refusal::unsupported(
                format!("`{ast}` compares with every row of a subquery"),
                "compare with (SELECT MIN(…)) or (SELECT MAX(…)), or write IN (SELECT …)",
                span,
            )),
            Ast::AtTimeZone { .. } => Err(Refusal::unsupported(
                "times of a block have no zone: they are wall times of the report's zone",
                "convert zones in the query that reads from the source",
                span,
            )),
            Ast::Collate { expr, collation } if collation.to_string() == "\"C\"" => self.expr(expr),
            Ast::Collate { .. } => Err(Refusal::unsupported(
                "texts are compared byte by byte",
                "leave COLLATE out",
                span,
            )),
            Ast::Array(_) => Err(array(ast, span)),
            Ast::Tuple(_) | Ast::Struct { .. } => Err(Refusal::unsupported(
                "a row of several values is no value",
                "compare each column, joined by AND",
                span,
            )),
            other => Err(Refusal::unsupported(
                format!("`{other}` cannot be computed here"),
                "compute it in the query that reads from the source",
                span,
            )),
        }
    }
}

/// Parts an expression may have. What stands in it several times, such as the value of NULLIF, is there several times,
/// and again in whatever is around it: a short text can mean millions.
const MOST_PARTS: usize = 20_000;

/// The expression, unless so many of it would be too large.
///
/// # Errors
/// That it is.
pub(super) fn bounded(expr: Expr, times: usize, span: Span) -> Result<Expr, Refusal> {
    if expr.is_larger_than(MOST_PARTS / times.max(1)) {
        return Err(Refusal::unsupported(
            "the expression becomes too large",
            "compute its parts in a query of their own first",
            span,
        ));
    }
    Ok(expr)
}
