//! Operators.

use sqlparser::ast::{BinaryOperator, Expr as Ast, UnaryOperator};
use sqlparser::tokenizer::Span;

use super::Translator;
use crate::expression::{Comparison, Expr, Node};
use crate::plan::{conversion, interval, literal};
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;
use crate::value::Value;

impl Translator<'_, '_> {
    pub(super) fn is_truth(
        &mut self,
        inner: &Ast,
        truth: bool,
        is_negated: bool,
    ) -> Result<Expr, Refusal> {
        let value = self.condition(inner)?;
        let value = if truth { value } else { value.not() };
        let known = Expr::new(
            SqlType::Boolean,
            Node::Coalesce(vec![value, Expr::truth(false)]),
        );
        Ok(if is_negated { known.not() } else { known })
    }

    pub(super) fn unary(
        &mut self,
        op: UnaryOperator,
        inner: &Ast,
        span: Span,
    ) -> Result<Expr, Refusal> {
        match op {
            UnaryOperator::Not => Ok(self.condition(inner)?.not()),
            UnaryOperator::Plus => {
                let value = self.expr(inner)?;
                if value.kind.is_number() || value.kind == SqlType::Any {
                    Ok(value)
                } else {
                    Err(Refusal::new(
                        Refused::Type,
                        "only numbers have a sign",
                        span,
                    ))
                }
            }
            UnaryOperator::Minus => {
                // The smallest whole number has no positive twin.
                if let Ast::Value(value) = inner
                    && let sqlparser::ast::Value::Number(digits, _) = &value.value
                    && digits == "9223372036854775808"
                {
                    // PostgreSQL reads the digits as numeric and negates that.
                    let number = literal::number(digits, span)?;
                    return self.operator("-", vec![number], span);
                }
                if let Some(turned) = sign_first(inner) {
                    return self.expr(&turned);
                }
                let value = self.expr(inner)?;
                if let Node::Interval(parts) = value.node {
                    let mut negated = Vec::with_capacity(3);
                    for part in *parts {
                        negated.push(self.operator("-", vec![part], span)?);
                    }
                    let parts = <[Expr; 3]>::try_from(negated).map_err(|_| self.broken(span))?;
                    return Ok(interval::of(parts));
                }
                self.operator("-", vec![value], span)
            }
            UnaryOperator::BitwiseNot => {
                let value = self.expr(inner)?;
                self.operator("~", vec![value], span)
            }
            other => Err(Refusal::unsupported(
                format!("there is no operator `{other}` here"),
                "compute it in the query that reads from the source",
                span,
            )),
        }
    }

    pub(super) fn binary(
        &mut self,
        left: &Ast,
        op: &BinaryOperator,
        right: &Ast,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            return self.logic(left, op, right);
        }
        if let Some(comparison) = comparison(op) {
            return self.compared(comparison, left, right, span);
        }
        let one = self.expr(left)?;
        let other = self.expr(right)?;
        self.arithmetic(&op.to_string(), one, other, span)
    }

    fn logic(&mut self, left: &Ast, op: &BinaryOperator, right: &Ast) -> Result<Expr, Refusal> {
        // Long chains lean to the left; they are walked, not climbed.
        let mut sides = vec![right];
        let mut rest = left;
        while let Ast::BinaryOp {
            left,
            op: inner,
            right,
        } = rest
            && inner == op
        {
            sides.push(right);
            rest = left;
        }
        sides.push(rest);
        let mut parts = Vec::with_capacity(sides.len());
        for side in sides.into_iter().rev() {
            parts.push(self.condition(side)?);
        }
        let is_and = *op == BinaryOperator::And;
        // One part that decides all is all, as in PostgreSQL.
        let decides = Value::Boolean(!is_and);
        if parts
            .iter()
            .any(|part| part.as_constant() == Some(&decides))
        {
            return Ok(Expr::truth(!is_and));
        }
        let node = if is_and {
            Node::And(parts)
        } else {
            Node::Or(parts)
        };
        Ok(Expr::new(SqlType::Boolean, node))
    }

    /// An operator between two values.
    pub(in crate::plan) fn arithmetic(
        &mut self,
        operator: &str,
        one: Expr,
        other: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        use SqlType as T;
        let is_moment = |kind: T| matches!(kind, T::Date | T::Timestamp);
        let (one, other) = if "+-*/%&|#".contains(operator) {
            // A text in quotes, or NULL, beside a number is such a number.
            match (one.kind, other.kind) {
                (T::Unknown, kind) if kind.is_number() => {
                    (conversion::coerced(one, kind, span)?, other)
                }
                (kind, T::Unknown) if kind.is_number() => {
                    let other = conversion::coerced(other, kind, span)?;
                    (one, other)
                }
                (T::Date, T::Unknown) if operator == "-" => {
                    let other = conversion::coerced(other, T::Date, span)?;
                    (one, other)
                }
                _ => (one, other),
            }
        } else {
            (one, other)
        };
        match (operator, one.kind, other.kind) {
            ("+", kind, T::Interval) if is_moment(kind) => self.shifted(one, other, false, span),
            ("+", T::Interval, kind) if is_moment(kind) => self.shifted(other, one, false, span),
            ("-", kind, T::Interval) if is_moment(kind) => self.shifted(one, other, true, span),
            ("-", a, b) if is_moment(a) && is_moment(b) && (a, b) != (T::Date, T::Date) => {
                self.between(one, other, span)
            }
            ("-", T::Timestamp, T::Unknown) | ("-", T::Unknown, T::Timestamp) => {
                self.between(one, other, span)
            }
            ("+" | "-", T::Time, T::Interval) => self.clock_moved(one, other, operator, span),
            ("+", T::Interval, T::Time) => self.clock_moved(other, one, operator, span),
            (_, T::Interval, _) | (_, _, T::Interval) => {
                self.interval_arithmetic(operator, one, other, span)
            }
            ("||", a, b) if a != T::Any && b != T::Any => self.joined(one, other, span),
            _ => self.operator(operator, vec![one, other], span),
        }
    }
}

/// `-a ^ b` is `(-a) ^ b` in PostgreSQL, and the parser reads `-(a ^ b)`.
fn sign_first(inner: &Ast) -> Option<Ast> {
    let Ast::BinaryOp { left, op, right } = inner else {
        return None;
    };
    if *op != BinaryOperator::PGExp {
        return None;
    }
    let left = sign_first(left).unwrap_or_else(|| Ast::UnaryOp {
        op: UnaryOperator::Minus,
        expr: left.clone(),
    });
    Some(Ast::BinaryOp {
        left: Box::new(left),
        op: op.clone(),
        right: right.clone(),
    })
}

/// The comparison an operator stands for.
pub(super) fn comparison(op: &BinaryOperator) -> Option<Comparison> {
    Some(match op {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::NotEqual,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::LessOrEqual,
        BinaryOperator::Gt => Comparison::Greater,
        BinaryOperator::GtEq => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
