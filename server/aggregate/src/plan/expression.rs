//! Expressions of a statement, typed.

use sqlparser::ast::{BinaryOperator, Expr as Ast, Spanned, UnaryOperator};
use sqlparser::tokenizer::Span;

use super::planner::Planner;
use super::scope::Scope;
use super::state::State;
use super::{conversion, fold, interval, literal};
use crate::expression::{Comparison, Expr, Node};
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;
use crate::value::Value;

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
    On,
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
            Self::On => "ON",
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

    fn is_truth(&mut self, inner: &Ast, truth: bool, is_negated: bool) -> Result<Expr, Refusal> {
        let value = self.condition(inner)?;
        let value = if truth { value } else { value.not() };
        let known = Expr::new(
            SqlType::Boolean,
            Node::Coalesce(vec![value, Expr::truth(false)]),
        );
        Ok(if is_negated { known.not() } else { known })
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Ast, span: Span) -> Result<Expr, Refusal> {
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
            other => Err(Refusal::unsupported(
                format!("there is no operator `{other}` here"),
                "compute it in the query that reads from the source",
                span,
            )),
        }
    }

    fn binary(
        &mut self,
        left: &Ast,
        op: &BinaryOperator,
        right: &Ast,
        span: Span,
    ) -> Result<Expr, Refusal> {
        use BinaryOperator as Op;
        let comparison = match op {
            Op::And | Op::Or => return self.logic(left, op, right),
            Op::Eq => Some(Comparison::Equal),
            Op::NotEq => Some(Comparison::NotEqual),
            Op::Lt => Some(Comparison::Less),
            Op::LtEq => Some(Comparison::LessOrEqual),
            Op::Gt => Some(Comparison::Greater),
            Op::GtEq => Some(Comparison::GreaterOrEqual),
            _ => None,
        };
        if let Some(comparison) = comparison {
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
    pub(super) fn arithmetic(
        &mut self,
        operator: &str,
        one: Expr,
        other: Expr,
        span: Span,
    ) -> Result<Expr, Refusal> {
        use SqlType as T;
        let is_moment = |kind: T| matches!(kind, T::Date | T::Timestamp);
        let (one, other) = if "+-*/%".contains(operator) {
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

/// Where the parser groups operators in another way than PostgreSQL, parentheses say what is meant.
fn refuse_ambiguous(ast: &Ast) -> Result<(), Refusal> {
    let is_comparison = |op: &BinaryOperator| {
        matches!(
            op,
            BinaryOperator::Eq
                | BinaryOperator::NotEq
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq
        )
    };
    let operands: Vec<&Ast> = match ast {
        Ast::BinaryOp {
            op: BinaryOperator::And | BinaryOperator::Or,
            ..
        } => return Ok(()),
        Ast::BinaryOp { left, op, right } => {
            if is_comparison(op)
                && let Ast::BinaryOp { op: inner, .. } = left.as_ref()
                && is_comparison(inner)
            {
                return Err(Refusal::new(
                    Refused::Rule,
                    "comparisons cannot stand in a row",
                    ast.span(),
                )
                .help("join them by AND, or put one of them in parentheses"));
            }
            vec![left, right]
        }
        Ast::IsDistinctFrom(one, other) | Ast::IsNotDistinctFrom(one, other) => vec![one, other],
        Ast::IsNull(one)
        | Ast::IsNotNull(one)
        | Ast::IsTrue(one)
        | Ast::IsNotTrue(one)
        | Ast::IsFalse(one)
        | Ast::IsNotFalse(one)
        | Ast::IsUnknown(one)
        | Ast::IsNotUnknown(one) => vec![one],
        Ast::InList { expr, .. } | Ast::InSubquery { expr, .. } | Ast::Between { expr, .. } => {
            vec![expr]
        }
        _ => return Ok(()),
    };
    for operand in operands {
        if let Ast::Exists { negated: true, .. } = operand {
            return Err(Refusal::new(
                Refused::Rule,
                "NOT before EXISTS stands for all that follows",
                ast.span(),
            )
            .help("put NOT EXISTS (…) in parentheses"));
        }
    }
    Ok(())
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

fn array(ast: &Ast, span: Span) -> Refusal {
    Refusal::unsupported(
        format!("`{ast}` is a list, and columns hold single values"),
        "write IN (…), or a row for each value",
        span,
    )
}

/// Words that PostgreSQL computes and a repeatable report must not.
fn keyword(ident: &sqlparser::ast::Ident) -> Option<Refusal> {
    if ident.quote_style.is_some() {
        return None;
    }
    let help = match ident.value.to_lowercase().as_str() {
        "current_date" => {
            "use a parameter of type `date` with the default `today`, so that a run can be repeated"
        }
        "current_timestamp" | "localtimestamp" | "current_time" | "localtime" => {
            "use a parameter of type `datetime` with the default `now`, so that a run can be repeated"
        }
        "current_user" | "session_user" | "user" => "use a parameter with `from = \"viewer.…\"`",
        _ => return None,
    };
    Some(Refusal::unsupported(
        format!("`{}` differs from run to run", ident.value.to_uppercase()),
        help,
        ident.span,
    ))
}
