//! The tables of a FROM, and their names.

use sqlparser::ast::{Ident, ObjectName, Spanned, TableAlias, TableFactor};
use sqlparser::tokenizer::Span;

use super::Parts;
use crate::plan::planner::Planner;
use crate::plan::scope::{Named, Relation, Scope, is_named, suggest};
use crate::refusal::{Refusal, Refused};
use crate::relation::Rel;
use crate::types::SqlType;

impl Planner<'_> {
    pub(super) fn factor(&mut self, factor: &TableFactor) -> Result<(Parts, Scope), Refusal> {
        let span = factor.span();
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_hints,
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
                self.table(name, alias.as_ref())
            }
            TableFactor::Table {
                name,
                args: Some(_),
                ..
            } => Err(Refusal::new(
                Refused::Table,
                format!("a query may not read `{name}(…)`"),
                name.span(),
            )
            .help("blocks read the blocks of this report and nothing else")),
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias,
                sample: None,
            } => {
                let planned = self.subplan(subquery)?;
                let planned = self.apart(planned);
                let scope = self.renamed(
                    alias.as_ref().map(|alias| alias.name.value.clone()),
                    planned.columns.iter().map(|column| Named {
                        name: column.name.clone(),
                        id: column.id,
                        kind: column.kind,
                    }),
                    alias.as_ref(),
                )?;
                Ok((Parts::of(planned.rel), scope))
            }
            TableFactor::Derived { lateral: true, .. } => Err(Refusal::unsupported(
                "LATERAL is not known here",
                "write a window function or a join",
                span,
            )),
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => self.joined(table_with_joins),
            _ => Err(Refusal::new(
                Refused::Table,
                format!("a query may not read `{factor}`"),
                span,
            )
            .help("blocks read the blocks of this report and nothing else")),
        }
    }

    fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> Result<(Parts, Scope), Refusal> {
        let span = name.span();
        let ident = single(name, span).map_err(|_| {
            Refusal::new(
                Refused::Table,
                format!("`{name}` is no block of this report"),
                span,
            )
            .help("blocks read the blocks of this report and nothing else")
        })?;
        let shown = alias.map_or_else(|| ident.value.clone(), |alias| alias.name.value.clone());
        if let Some((_, planned)) = self
            .named
            .iter()
            .rev()
            .find(|(name, _)| is_named(&ident, name))
        {
            let planned = planned.clone();
            let copied = self.copied(planned);
            let scope = self.renamed(
                Some(shown),
                copied.columns.iter().map(|column| Named {
                    name: column.name.clone(),
                    id: column.id,
                    kind: column.kind,
                }),
                alias,
            )?;
            return Ok((Parts::of(copied.rel), scope));
        }
        let tables = self.tables;
        let Some(table) = tables
            .iter()
            .position(|table| is_named(&ident, &table.name))
        else {
            let names = tables.iter().map(|table| table.name.clone()).collect();
            let refusal = Refusal::new(
                Refused::Table,
                format!("`{}` is no block of this report", ident.value),
                span,
            );
            return Err(suggest(refusal, &ident.value, names));
        };
        let Some(columns) = &tables[table].columns else {
            let open = self.id(SqlType::Any);
            let scope = Scope::of(Relation {
                name: Some(shown),
                columns: Vec::new(),
                open: Some(open),
            });
            let rel = Rel::Scan {
                table,
                columns: Vec::new(),
            };
            return Ok((Parts::of(rel), scope));
        };
        let columns: Vec<Named> = columns
            .iter()
            .map(|column| Named {
                name: column.name.clone(),
                id: self.id(column.kind),
                kind: column.kind,
            })
            .collect();
        let rel = Rel::Scan {
            table,
            columns: columns.iter().map(|column| column.id).enumerate().collect(),
        };
        let scope = self.renamed(Some(shown), columns.into_iter(), alias)?;
        Ok((Parts::of(rel), scope))
    }

    /// The columns under the names an alias gives them.
    fn renamed(
        &mut self,
        name: Option<String>,
        columns: impl Iterator<Item = Named>,
        alias: Option<&TableAlias>,
    ) -> Result<Scope, Refusal> {
        let mut columns: Vec<Named> = columns.collect();
        if let Some(alias) = alias {
            if alias.columns.len() > columns.len() {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("`{}` names more columns than there are", alias.name.value),
                    alias.name.span,
                ));
            }
            for (column, named) in columns.iter_mut().zip(&alias.columns) {
                column.name = named.name.value.clone();
            }
        }
        Ok(Scope::of(Relation {
            name,
            columns,
            open: None,
        }))
    }
}

/// A table's name without anything before it.
pub(super) fn single(name: &ObjectName, span: Span) -> Result<Ident, Refusal> {
    match name.0.as_slice() {
        [part] => part.as_ident().cloned(),
        _ => None,
    }
    .ok_or_else(|| Refusal::new(Refused::Rule, format!("`{name}` is no plain name"), span))
}
