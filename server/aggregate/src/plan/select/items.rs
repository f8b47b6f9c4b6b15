//! What stands behind SELECT: names, stars, and what ORDER BY and DISTINCT ON mean by them.

use sqlparser::ast::{
    Expr as Ast, Ident, ObjectName, OrderByExpr, SelectItem, SelectItemQualifiedWildcardKind,
    Spanned, Value as Literal, WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Span;

use super::Item;
use crate::expression::Expr;
use crate::plan::aggregates::ordered;
use crate::plan::expression::{Clause, Translator};
use crate::plan::scope::{Named, is_named, length_of_time};
use crate::plan::state::Ordered;
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;

impl Translator<'_, '_> {
    pub(super) fn items(
        &mut self,
        projection: &[SelectItem],
    ) -> Result<(Vec<Item>, bool), Refusal> {
        if projection.is_empty() {
            return Err(Refusal::new(
                Refused::Rule,
                "the query selects no column",
                Span::empty(),
            ));
        }
        let mut items = Vec::with_capacity(projection.len());
        let mut is_complete = true;
        for item in projection {
            match item {
                SelectItem::UnnamedExpr(ast) => {
                    let expr = self.item(ast)?;
                    let relation = match ast {
                        Ast::CompoundIdentifier(parts) if parts.len() == 2 => {
                            Some(parts[0].value.clone())
                        }
                        _ => None,
                    };
                    items.push(Item {
                        name: self.column_name(ast, &expr),
                        expr,
                        relation,
                        span: ast.span(),
                    });
                }
                SelectItem::ExprWithAlias { expr: ast, alias } => {
                    let expr = self.item(ast)?;
                    items.push(Item {
                        name: alias.value.clone(),
                        expr,
                        relation: None,
                        span: ast.span(),
                    });
                }
                SelectItem::Wildcard(options) => {
                    plain_star(options, item.span())?;
                    is_complete &= self.scope.relations.iter().all(|one| one.open.is_none());
                    if self.scope.relations.is_empty() {
                        return Err(Refusal::new(Refused::Rule, "`*` needs a FROM", item.span()));
                    }
                    for (relation, column) in self.scope.star() {
                        items.push(of_star(&column, relation, item.span())?);
                    }
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    plain_star(options, item.span())?;
                    is_complete &= self.all_of(name, item.span(), &mut items)?;
                }
                other => {
                    return Err(Refusal::unsupported(
                        format!("`{other}` is no column"),
                        "name each column",
                        other.span(),
                    ));
                }
            }
        }
        Ok((items, is_complete))
    }

    /// The columns of one table; false when they are not known.
    fn all_of(
        &mut self,
        name: &ObjectName,
        span: Span,
        items: &mut Vec<Item>,
    ) -> Result<bool, Refusal> {
        let table = match name.0.as_slice() {
            [part] => part.as_ident().cloned(),
            _ => None,
        };
        let relation = table.as_ref().and_then(|table| {
            self.scope.relations.iter().find(|relation| {
                relation
                    .name
                    .as_ref()
                    .is_some_and(|name| is_named(table, name))
            })
        });
        let Some(relation) = relation else {
            return Err(Refusal::new(
                Refused::Table,
                format!("`{name}` is no table of this FROM"),
                span,
            ));
        };
        for column in &relation.columns {
            items.push(of_star(column, relation.name.clone(), span)?);
        }
        Ok(relation.open.is_none())
    }

    fn item(&mut self, ast: &Ast) -> Result<Expr, Refusal> {
        self.within(Clause::Select).expr(ast)
    }

    pub(super) fn order(
        &mut self,
        written: &[OrderByExpr],
        items: &[Item],
    ) -> Result<Vec<Ordered>, Refusal> {
        let mut order = Vec::with_capacity(written.len());
        for item in written {
            let expr = match named_item(&item.expr, items)? {
                Some(place) => items[place].expr.clone(),
                None => self.within(Clause::OrderBy).expr(&item.expr)?,
            };
            order.push(ordered(item, expr)?);
        }
        Ok(order)
    }

    pub(super) fn distinct_on(
        &mut self,
        exprs: &[Ast],
        items: &[Item],
    ) -> Result<Vec<Expr>, Refusal> {
        exprs
            .iter()
            .map(|ast| match named_item(ast, items)? {
                Some(place) => Ok(items[place].expr.clone()),
                None => self.within(Clause::OrderBy).expr(ast),
            })
            .collect()
    }
}

/// The item a position or a name of the answer means.
pub(super) fn named_item(ast: &Ast, items: &[Item]) -> Result<Option<usize>, Refusal> {
    match ast {
        Ast::Value(value) => match &value.value {
            Literal::Number(number, _) => {
                let place = number
                    .to_string()
                    .parse::<usize>()
                    .ok()
                    .filter(|place| (1..=items.len()).contains(place));
                match place {
                    Some(place) => Ok(Some(place - 1)),
                    None => Err(Refusal::new(
                        Refused::Rule,
                        format!("there is no column at position {number}"),
                        value.span,
                    )),
                }
            }
            _ => Err(Refusal::new(
                Refused::Rule,
                "a constant is no column to sort or group by",
                value.span,
            )),
        },
        Ast::Identifier(name) => {
            let found: Vec<usize> = (0..items.len())
                .filter(|place| is_named(name, &items[*place].name))
                .collect();
            match found.as_slice() {
                [] => Ok(None),
                [first, rest @ ..] => {
                    if rest
                        .iter()
                        .any(|place| items[*place].expr != items[*first].expr)
                    {
                        return Err(Refusal::new(
                            Refused::Column,
                            format!(
                                "`{}` is ambiguous: several columns are called so",
                                name.value
                            ),
                            name.span,
                        ));
                    }
                    Ok(Some(*first))
                }
            }
        }
        _ => Ok(None),
    }
}

pub(super) fn by_name(name: &Ident, items: &[Item]) -> Option<usize> {
    items.iter().position(|item| is_named(name, &item.name))
}

/// One of the columns a star stands for.
fn of_star(column: &Named, relation: Option<String>, span: Span) -> Result<Item, Refusal> {
    if column.kind == SqlType::Interval {
        return Err(length_of_time(&column.name, span));
    }
    Ok(Item {
        name: column.name.clone(),
        expr: Expr::column(column.id, column.kind),
        relation,
        span,
    })
}

fn plain_star(options: &WildcardAdditionalOptions, span: Span) -> Result<(), Refusal> {
    if options.opt_ilike.is_some()
        || options.opt_exclude.is_some()
        || options.opt_except.is_some()
        || options.opt_replace.is_some()
        || options.opt_rename.is_some()
    {
        return Err(Refusal::unsupported(
            "`*` stands for all columns",
            "name the columns you want",
            span,
        ));
    }
    Ok(())
}
