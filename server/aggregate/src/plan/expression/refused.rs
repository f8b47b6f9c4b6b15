//! What reads in another way than PostgreSQL, or differs from run to run.

use sqlparser::ast::{BinaryOperator, Expr as Ast, Spanned};
use sqlparser::tokenizer::Span;

use crate::refusal::{Refusal, Refused};

/// Where the parser groups operators in another way than PostgreSQL, or reads what PostgreSQL does not, parentheses
/// say what is meant.
pub(super) fn refuse_ambiguous(ast: &Ast) -> Result<(), Refusal> {
    let operands = operands(ast);
    let refused =
        |what: &str, help: &str| Err(Refusal::new(Refused::Rule, what, ast.span()).help(help));
    if let Some(family) = Family::of(ast)
        && operands
            .iter()
            .any(|operand| Family::of(operand) == Some(family))
    {
        return match family {
            Family::Comparison => refused(
                "comparisons cannot stand in a row",
                "join them by AND, or put one of them in parentheses",
            ),
            Family::Is => refused("IS cannot stand in a row", "put one of them in parentheses"),
            Family::Pattern => refused(
                "LIKE, IN and BETWEEN cannot stand in a row",
                "join them by AND, or put one of them in parentheses",
            ),
        };
    }
    // PostgreSQL reads `~ a + b` as `~ (a + b)`, the parser as `(~ a) + b`.
    if let Ast::BinaryOp {
        left,
        op: BinaryOperator::Plus | BinaryOperator::Minus,
        ..
    } = ast
        && shows_turned(left)
    {
        return refused(
            "`~` before a sum stands for all of it",
            "put what it stands for in parentheses",
        );
    }
    let is_joined = matches!(
        ast,
        Ast::BinaryOp {
            op: BinaryOperator::And | BinaryOperator::Or,
            ..
        }
    );
    let is_negated = |operand: &&Ast| matches!(operand, Ast::Exists { negated: true, .. });
    if !is_joined && operands.iter().any(is_negated) {
        return refused(
            "NOT before EXISTS stands for all that follows",
            "put NOT EXISTS (…) in parentheses",
        );
    }
    Ok(())
}

/// Operators of one precedence of which PostgreSQL reads no two in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Comparison,
    Is,
    Pattern,
}

impl Family {
    fn of(ast: &Ast) -> Option<Self> {
        use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
        match ast {
            Ast::BinaryOp {
                op: Eq | NotEq | Lt | LtEq | Gt | GtEq,
                ..
            }
            | Ast::AnyOp { .. }
            | Ast::AllOp { .. } => Some(Self::Comparison),
            Ast::IsDistinctFrom(..)
            | Ast::IsNotDistinctFrom(..)
            | Ast::IsNull(_)
            | Ast::IsNotNull(_)
            | Ast::IsTrue(_)
            | Ast::IsNotTrue(_)
            | Ast::IsFalse(_)
            | Ast::IsNotFalse(_)
            | Ast::IsUnknown(_)
            | Ast::IsNotUnknown(_) => Some(Self::Is),
            Ast::InList { .. }
            | Ast::InSubquery { .. }
            | Ast::Between { .. }
            | Ast::Like { .. }
            | Ast::ILike { .. }
            | Ast::SimilarTo { .. } => Some(Self::Pattern),
            _ => None,
        }
    }
}

/// What an operator stands between, or behind.
fn operands(ast: &Ast) -> Vec<&Ast> {
    match ast {
        Ast::BinaryOp { left, right, .. } => vec![left, right],
        // Their right side is in parentheses.
        Ast::AnyOp { left, .. } | Ast::AllOp { left, .. } => vec![left],
        Ast::IsDistinctFrom(one, other) | Ast::IsNotDistinctFrom(one, other) => vec![one, other],
        Ast::IsNull(one)
        | Ast::IsNotNull(one)
        | Ast::IsTrue(one)
        | Ast::IsNotTrue(one)
        | Ast::IsFalse(one)
        | Ast::IsNotFalse(one)
        | Ast::IsUnknown(one)
        | Ast::IsNotUnknown(one) => vec![one],
        Ast::InList { expr, .. } | Ast::InSubquery { expr, .. } => vec![expr],
        Ast::Between {
            expr, low, high, ..
        } => vec![expr, low, high],
        Ast::Like { expr, pattern, .. }
        | Ast::ILike { expr, pattern, .. }
        | Ast::SimilarTo { expr, pattern, .. } => vec![expr, pattern],
        _ => Vec::new(),
    }
}

pub(super) fn array(ast: &Ast, span: Span) -> Refusal {
    Refusal::unsupported(
        format!("`{ast}` is a list, and columns hold single values"),
        "write IN (…), or a row for each value",
        span,
    )
}

/// Words that PostgreSQL computes and a repeatable report must not.
pub(super) fn keyword(ident: &sqlparser::ast::Ident) -> Option<Refusal> {
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

/// Whether a `~` stands outside parentheses.
fn shows_turned(ast: &Ast) -> bool {
    match ast {
        Ast::UnaryOp {
            op: sqlparser::ast::UnaryOperator::BitwiseNot,
            ..
        } => true,
        Ast::BinaryOp { left, right, .. } => shows_turned(left) || shows_turned(right),
        _ => false,
    }
}
