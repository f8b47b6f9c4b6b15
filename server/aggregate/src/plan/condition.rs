//! Comparisons, lists, ranges and patterns.

use sqlparser::ast::{Expr as Ast, Spanned, ValueWithSpan};
use sqlparser::tokenizer::Span;

use super::conversion::{alike, cast_to, coerced, unified};
use super::expression::{Translator, bounded};
use super::fold::folded;
use crate::expression::{Comparison, Expr, Node};
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;
use crate::value::Value;

/// Lists up to this length are compared value by value.
const SHORT_LIST: usize = 8;

impl Translator<'_, '_> {
    pub(super) fn compared(
        &mut self,
        how: Comparison,
        left: &Ast,
        right: &Ast,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if let (Some(left), Some(right)) = (row(left), row(right)) {
            return self.rows_compared(how, left, right, span);
        }
        let one = self.expr(left)?;
        let other = self.expr(right)?;
        self.comparison(how, one, other, span)
    }

    /// `(a, b) = (c, d)`.
    fn rows_compared(
        &mut self,
        how: Comparison,
        left: &[Ast],
        right: &[Ast],
        span: Span,
    ) -> Result<Expr, Refusal> {
        let is_negated = match how {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => {
                return Err(Refusal::unsupported(
                    "rows of several values are only compared with = and <>",
                    "compare each column",
                    span,
                ));
            }
        };
        if left.len() != right.len() {
            return Err(Refusal::new(
                Refused::Type,
                "the two rows have different numbers of values",
                span,
            ));
        }
        let mut parts = Vec::with_capacity(left.len());
        for (one, other) in left.iter().zip(right) {
            parts.push(self.compared(Comparison::Equal, one, other, span)?);
        }
        let equal = Expr::all(parts);
        Ok(if is_negated { equal.not() } else { equal })
    }

    /// A comparison of two values, brought to types that can be compared.
    pub(super) fn comparison(
        &mut self,
        how: Comparison,
        one: Expr,
        other: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if one.kind == SqlType::Interval || other.kind == SqlType::Interval {
            let one = coerced(one, SqlType::Interval, span)?;
            let other = coerced(other, SqlType::Interval, span)?;
            let one = self.comparable(one, span)?;
            let other = self.comparable(other, span)?;
            return Ok(folded(Expr::compare(how, one, other)));
        }
        let Some(kind) = unified([one.kind, other.kind]) else {
            return Err(Refusal::new(
                Refused::Type,
                format!("{} cannot be compared with {}", one.kind, other.kind),
                span,
            )
            .help("bring both to one type with CAST"));
        };
        let (one, other) = match kind {
            // Decimals are compared whatever their scales.
            SqlType::Numeric(_) => {
                let exact = |expr: Expr| match expr.kind.scale() {
                    Some(_) => Ok(expr),
                    None => coerced(expr, kind, span),
                };
                (exact(one)?, exact(other)?)
            }
            _ => (coerced(one, kind, span)?, coerced(other, kind, span)?),
        };
        Ok(folded(Expr::compare(how, one, other)))
    }

    pub(super) fn in_list(
        &mut self,
        expr: &Ast,
        list: &[Ast],
        is_negated: bool,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let found = if let Some(left) = row(expr) {
            let mut any = Vec::with_capacity(list.len());
            for item in list {
                let Some(right) = row(item) else {
                    return Err(Refusal::new(
                        Refused::Type,
                        "the list must hold rows of as many values",
                        span,
                    ));
                };
                any.push(self.rows_compared(Comparison::Equal, left, right, span)?);
            }
            Expr::new(SqlType::Boolean, Node::Or(any))
        } else {
            let value = self.expr(expr)?;
            let mut all = vec![value];
            for item in list {
                all.push(self.expr(item)?);
            }
            self.one_of(all, span)?
        };
        Ok(if is_negated { found.not() } else { found })
    }

    /// Whether the first is equal to one of the others.
    fn one_of(&mut self, all: Vec<Expr>, span: Span) -> Result<Expr, Refusal> {
        let (kind, mut all) = alike(all, "the list", span)?;
        let value = all.remove(0);
        let value = bounded(value, all.len(), span)?;
        let constants: Option<Vec<Value>> =
            all.iter().map(|item| item.as_constant().cloned()).collect();
        if let Some(constants) = constants
            && constants.len() > SHORT_LIST
            && kind != SqlType::Interval
        {
            let has_null = constants.contains(&Value::Null);
            let known = constants
                .into_iter()
                .filter(|one| *one != Value::Null)
                .collect();
            let found = Expr::new(SqlType::Boolean, Node::In(Box::new(value), known));
            return Ok(if has_null {
                Expr::new(
                    SqlType::Boolean,
                    Node::Or(vec![found, Expr::null(SqlType::Boolean)]),
                )
            } else {
                found
            });
        }
        let mut any = Vec::with_capacity(all.len());
        for item in all {
            any.push(self.comparison(Comparison::Equal, value.clone(), item, span)?);
        }
        Ok(match any.len() {
            1 => any.remove(0),
            _ => Expr::new(SqlType::Boolean, Node::Or(any)),
        })
    }

    pub(super) fn in_range(
        &mut self,
        expr: &Ast,
        low: &Ast,
        high: &Ast,
        is_negated: bool,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let above = self.compared(Comparison::GreaterOrEqual, expr, low, span)?;
        let below = self.compared(Comparison::LessOrEqual, expr, high, span)?;
        let inside = Expr::all(vec![above, below]);
        Ok(if is_negated { inside.not() } else { inside })
    }

    pub(super) fn like(
        &mut self,
        name: &'static str,
        expr: &Ast,
        pattern: &Ast,
        escape: Option<&ValueWithSpan>,
        is_negated: bool,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let value = self.expr(expr)?;
        if value.kind != SqlType::Text && !value.kind.is_open() {
            return Err(Refusal::new(
                Refused::Type,
                format!("only texts are like a pattern, and this is {}", value.kind),
                expr.span(),
            )
            .help("write CAST(… AS TEXT)"));
        }
        let mut arguments = vec![value, self.expr(pattern)?];
        if let Some(escape) = escape {
            arguments.push(super::literal::constant(escape)?);
        }
        let found = self.operator(name, arguments, span)?;
        Ok(if is_negated { found.not() } else { found })
    }

    /// `a || b`: what is no text becomes one.
    pub(super) fn joined(&mut self, one: Expr, other: Expr, span: Span) -> Result<Expr, Refusal> {
        let is_text = |expr: &Expr| matches!(expr.kind, SqlType::Text | SqlType::Unknown);
        if !is_text(&one) && !is_text(&other) {
            return Err(Refusal::new(
                Refused::Function,
                format!("there is no {} || {}", one.kind, other.kind),
                span,
            )
            .help("write CAST(… AS TEXT) on one side"));
        }
        let one = self.as_text(one, span)?;
        let other = self.as_text(other, span)?;
        self.operator("||", vec![one, other], span)
    }

    /// The text PostgreSQL makes of a value.
    pub(super) fn as_text(&mut self, expr: Expr, span: Span) -> Result<Expr, Refusal> {
        match expr.kind {
            SqlType::Unknown | SqlType::Text | SqlType::Any => coerced(expr, SqlType::Text, span),
            SqlType::Numeric(crate::Scale::UpTo(_)) => Err(Refusal::unsupported(
                "these decimals have different numbers of digits, and as a text all of them would show",
                "ROUND them to the digits you want to see",
                span,
            )),
            SqlType::QUOTIENT => Err(Refusal::unsupported(
                "a quotient has a different number of digits in every row, and as a text all of them would show",
                "ROUND it to the digits you want to see",
                span,
            )),
            SqlType::Interval | SqlType::Bytea => Err(Refusal::unsupported(
                format!("{} cannot be written as text here", expr.kind),
                "compute it in the query that reads from the source",
                span,
            )),
            _ => Ok(cast_to(expr, SqlType::Text, Default::default(), span)),
        }
    }
}

/// The values of `(a, b)`.
pub(super) fn row(ast: &Ast) -> Option<&[Ast]> {
    match ast {
        Ast::Tuple(values) => Some(values),
        _ => None,
    }
}
