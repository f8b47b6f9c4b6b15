//! What reads in another way than PostgreSQL, or differs from run to run.

use sqlparser::ast::{BinaryOperator, Expr as Ast, Spanned};
use sqlparser::tokenizer::Span;

use crate::refusal::{Refusal, Refused};

/// Where the parser groups operators in another way than PostgreSQL, parentheses say what is meant.
pub(super) fn refuse_ambiguous(ast: &Ast) -> Result<(), Refusal> {
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
            // PostgreSQL reads `~ a + b` as `~ (a + b)`, the parser as `(~ a) + b`.
            if matches!(op, BinaryOperator::Plus | BinaryOperator::Minus) && shows_turned(left) {
                return Err(Refusal::new(
                    Refused::Rule,
                    "`~` before a sum stands for all of it",
                    ast.span(),
                )
                .help("put what it stands for in parentheses"));
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
