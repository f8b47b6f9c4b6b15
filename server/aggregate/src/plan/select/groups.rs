//! GROUP BY: keys and grouping sets.

use sqlparser::ast::{Expr as Ast, GroupByExpr, GroupByWithModifier, Spanned};

use super::items::{by_name, named_item};
use super::{Groups, Item};
use crate::expression::{Expr, Id};
use crate::plan::expression::{Clause, Translator};
use crate::plan::scope::Found;
use crate::refusal::{Refusal, Refused};
use crate::types::SqlType;

/// Sets that may be grouped by. Several CUBE together are all combinations of theirs.
const MOST: usize = 1_024;

impl Translator<'_, '_> {
    /// What rows are grouped by; `None` without GROUP BY.
    pub(super) fn groups(
        &mut self,
        group_by: &GroupByExpr,
        items: &[Item],
    ) -> Result<Option<Groups>, Refusal> {
        let GroupByExpr::Expressions(written, modifiers) = group_by else {
            return Err(Refusal::unsupported(
                "GROUP BY ALL is not known here",
                "name the columns",
                group_by.span(),
            ));
        };
        if written.is_empty() && modifiers.is_empty() {
            return Ok(None);
        }
        let mut keys = Vec::new();
        // The sets of all items together are every combination of theirs.
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for ast in written {
            let more: Vec<Vec<usize>> = match ast {
                Ast::Rollup(parts) => {
                    let parts = self.key_lists(parts, items, &mut keys)?;
                    (0..=parts.len())
                        .rev()
                        .map(|count| parts[..count].concat())
                        .collect()
                }
                Ast::Cube(parts) => {
                    let parts = self.key_lists(parts, items, &mut keys)?;
                    if parts.len() > 8 {
                        return Err(Refusal::unsupported(
                            "CUBE of so many columns",
                            "name the sets with GROUPING SETS",
                            ast.span(),
                        ));
                    }
                    (0..1_usize << parts.len())
                        .rev()
                        .map(|bits| {
                            (0..parts.len())
                                .filter(|place| bits >> (parts.len() - 1 - place) & 1 == 1)
                                .flat_map(|place| parts[place].clone())
                                .collect()
                        })
                        .collect()
                }
                Ast::GroupingSets(parts) => self.key_lists(parts, items, &mut keys)?,
                Ast::Tuple(parts) => {
                    vec![self.key_list(parts, items, &mut keys)?]
                }
                ast => vec![vec![self.key(ast, items, &mut keys)?]],
            };
            if sets.len() * more.len() > MOST {
                return Err(Refusal::unsupported(
                    "so many grouping sets",
                    "name those you need with GROUPING SETS",
                    ast.span(),
                ));
            }
            sets = sets
                .iter()
                .flat_map(|set| more.iter().map(|one| [set.as_slice(), one].concat()))
                .collect();
        }
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::GroupingSets(Ast::GroupingSets(parts))
                    if written.is_empty() =>
                {
                    sets = self.key_lists(parts, items, &mut keys)?;
                }
                _ => {
                    return Err(Refusal::unsupported(
                        "GROUP BY … WITH is not known here",
                        "write GROUP BY ROLLUP (…)",
                        group_by.span(),
                    ));
                }
            }
        }
        Ok(Some(Groups { keys, sets }))
    }

    fn key_lists(
        &mut self,
        parts: &[Vec<Ast>],
        items: &[Item],
        keys: &mut Vec<Expr>,
    ) -> Result<Vec<Vec<usize>>, Refusal> {
        parts
            .iter()
            .map(|part| self.key_list(part, items, keys))
            .collect()
    }

    fn key_list(
        &mut self,
        part: &[Ast],
        items: &[Item],
        keys: &mut Vec<Expr>,
    ) -> Result<Vec<usize>, Refusal> {
        let mut places = Vec::new();
        for ast in part {
            match ast {
                Ast::Tuple(inner) => places.extend(self.key_list(inner, items, keys)?),
                ast => places.push(self.key(ast, items, keys)?),
            }
        }
        Ok(places)
    }

    fn key(&mut self, ast: &Ast, items: &[Item], keys: &mut Vec<Expr>) -> Result<usize, Refusal> {
        let span = ast.span();
        let expr = match ast {
            Ast::Value(_) => match named_item(ast, items)? {
                Some(place) => items[place].expr.clone(),
                None => self.within(Clause::GroupBy).expr(ast)?,
            },
            // A column of the tables comes before a name of the answer.
            Ast::Identifier(name) => match self.within(Clause::GroupBy).expr(ast) {
                Ok(expr) => expr,
                // Nor does a name of the answer say which of several columns is meant.
                Err(refusal) if matches!(self.scope.find(None, name), Found::Several(_)) => {
                    return Err(refusal);
                }
                Err(refusal) => match by_name(name, items) {
                    Some(place) => items[place].expr.clone(),
                    None => return Err(refusal),
                },
            },
            Ast::UnaryOp { expr: inner, .. } if matches!(inner.as_ref(), Ast::Value(_)) => {
                return Err(Refusal::new(
                    Refused::Rule,
                    "a constant is no column to group by",
                    span,
                ));
            }
            Ast::Nested(inner) => return self.key(inner, items, keys),
            ast => self.within(Clause::GroupBy).expr(ast)?,
        };
        let aggregates: Vec<Id> = self.state.aggregates.iter().map(|one| one.id).collect();
        let windows: Vec<Id> = self.state.windows.iter().map(|one| one.id).collect();
        if expr
            .columns()
            .iter()
            .any(|id| aggregates.contains(id) || windows.contains(id))
        {
            return Err(Refusal::new(
                Refused::Rule,
                "rows cannot be grouped by an aggregate or a window function",
                span,
            )
            .help("compute it in a query of its own first"));
        }
        let expr = match expr.kind {
            SqlType::Unknown => Expr::new(SqlType::Text, expr.node),
            SqlType::Interval => {
                return Err(Refusal::unsupported(
                    "rows are not grouped by intervals here",
                    "group by EXTRACT(EPOCH FROM …)",
                    span,
                ));
            }
            _ => expr,
        };
        Ok(match keys.iter().position(|key| *key == expr) {
            Some(place) => place,
            None => {
                keys.push(expr);
                keys.len() - 1
            }
        })
    }
}
