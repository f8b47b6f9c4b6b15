//! The names PostgreSQL gives columns without one.

use sqlparser::ast::{Expr as Ast, SelectItem};

use crate::expression::Expr;
use crate::plan::expression::Translator;
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// The name PostgreSQL gives a column without one.
    pub(super) fn column_name(&self, ast: &Ast, expr: &Expr) -> String {
        named(ast).map_or_else(
            || match (ast, expr.kind) {
                (Ast::Cast { .. } | Ast::TypedString(_), kind) => type_name(kind).to_owned(),
                _ => "?column?".to_owned(),
            },
            |(name, _)| name,
        )
    }
}

/// The name of an expression, and whether it is a strong one (`FigureColname`).
fn named(ast: &Ast) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match ast {
        Ast::Identifier(column) => strong(&column.value),
        Ast::CompoundIdentifier(parts) => strong(&parts.last()?.value),
        Ast::Nested(inner) => named(inner),
        Ast::Collate { expr, .. } => named(expr),
        Ast::Function(function) => strong(&function.name.to_string().to_lowercase()),
        Ast::Cast { expr, .. } => named(expr).filter(|(_, is_strong)| *is_strong),
        Ast::Extract { .. } => strong("extract"),
        Ast::Substring { .. } => strong("substring"),
        Ast::Position { .. } => strong("position"),
        Ast::Overlay { .. } => strong("overlay"),
        Ast::Trim { trim_where, .. } => strong(match trim_where {
            Some(sqlparser::ast::TrimWhereField::Leading) => "ltrim",
            Some(sqlparser::ast::TrimWhereField::Trailing) => "rtrim",
            _ => "btrim",
        }),
        Ast::Ceil { .. } => strong("ceil"),
        Ast::Floor { .. } => strong("floor"),
        Ast::Exists { .. } => strong("exists"),
        Ast::Case { else_result, .. } => else_result
            .as_ref()
            .and_then(|inner| named(inner))
            .filter(|(_, is_strong)| *is_strong)
            .or(Some(("case".to_owned(), false))),
        Ast::Subquery(query) => match query.body.as_ref() {
            sqlparser::ast::SetExpr::Select(select) => match select.projection.first()? {
                SelectItem::ExprWithAlias { alias, .. } => strong(&alias.value),
                SelectItem::UnnamedExpr(expr) => named(expr),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn type_name(kind: SqlType) -> &'static str {
    match kind {
        SqlType::Boolean => "bool",
        SqlType::Integer => "int4",
        SqlType::BigInt => "int8",
        SqlType::Numeric(_) => "numeric",
        SqlType::Double => "float8",
        SqlType::Date => "date",
        SqlType::Timestamp => "timestamp",
        SqlType::Time => "time",
        SqlType::Interval => "interval",
        _ => "text",
    }
}
