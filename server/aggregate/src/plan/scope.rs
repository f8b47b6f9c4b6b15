//! Which names mean which columns.

use sqlparser::ast::Ident;
use sqlparser::tokenizer::Span;

use super::planner::Planner;
use crate::SqlType;
use crate::expression::{Expr, Id};
use crate::refusal::{Refusal, Refused};

/// The tables of a FROM clause and their columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) relations: Vec<Relation>,
    /// What `*` stands for and names without a table mean: two columns that USING made one are only there
    /// as that one.
    visible: Vec<Visible>,
}

/// A column that is found without its table.
#[derive(Clone, Debug)]
struct Visible {
    column: Named,
    /// The table before whose columns it stands; of several that were made one, the first.
    table: Option<String>,
    is_merged: bool,
}

/// One table of a FROM clause.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<Named>,
    /// Names the columns of a table that are not known before the report runs.
    pub(crate) open: Option<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) id: Id,
    pub(crate) kind: SqlType,
}

/// A column of a join with USING.
pub(crate) struct Merged {
    pub(crate) column: Named,
    /// The columns it stands for.
    pub(crate) hides: [Id; 2],
}

/// Names in quotes are taken as they are, others whatever their case.
pub(super) fn is_named(ident: &Ident, name: &str) -> bool {
    if ident.quote_style.is_some() {
        return ident.value == name;
    }
    ident.value == name || ident.value.to_lowercase() == name.to_lowercase()
}

impl Scope {
    /// The columns of one table.
    pub(crate) fn of(relation: Relation) -> Self {
        let visible = relation.columns.iter().map(|column| Visible {
            column: column.clone(),
            table: relation.name.clone(),
            is_merged: false,
        });
        Self {
            visible: visible.collect(),
            relations: vec![relation],
        }
    }

    /// The columns `*` stands for, with the tables they come from.
    pub(crate) fn star(&self) -> Vec<(Option<String>, Named)> {
        let shown = self.visible.iter().map(|one| {
            let table = (!one.is_merged).then(|| one.table.clone()).flatten();
            (table, one.column.clone())
        });
        shown.collect()
    }

    /// Every column that is known.
    pub(crate) fn ids(&self) -> std::collections::BTreeSet<Id> {
        self.relations
            .iter()
            .flat_map(|relation| relation.columns.iter().map(|column| column.id))
            .chain(self.visible.iter().map(|one| one.column.id))
            .collect()
    }

    /// Everything one table or both have.
    pub(crate) fn joined(mut self, other: Self) -> Self {
        self.relations.extend(other.relations);
        self.visible.extend(other.visible);
        self
    }

    /// Joins two scopes by USING or NATURAL: the merged columns become one each and stand before all others.
    pub(crate) fn merged(self, other: Self, merged: Vec<Merged>) -> Self {
        let mut both = self.joined(other);
        let (hidden, rest): (Vec<Visible>, Vec<Visible>) =
            both.visible.into_iter().partition(|one| {
                merged
                    .iter()
                    .any(|merged| merged.hides.contains(&one.column.id))
            });
        let first = merged.into_iter().map(|Merged { column, hides }| {
            let one = hidden.iter().find(|one| hides.contains(&one.column.id));
            Visible {
                column,
                table: one.and_then(|one| one.table.clone()),
                is_merged: true,
            }
        });
        both.visible = first.chain(rest).collect();
        both
    }

    /// The names a message may suggest.
    fn names(&self) -> Vec<String> {
        self.relations
            .iter()
            .flat_map(|relation| relation.columns.iter().map(|column| column.name.clone()))
            .collect()
    }
}

/// What was found under a name.
pub(super) enum Found {
    One(Id),
    Several(Vec<String>),
    /// One table's columns are not known, and it may have it.
    Open(Id),
    None,
}

/// Columns of a name, with their tables.
fn best<'a>(
    ident: &Ident,
    columns: impl Iterator<Item = (&'a Named, Option<&'a String>)>,
) -> Vec<(Id, String)> {
    let found: Vec<_> = columns
        .filter(|(column, _)| is_named(ident, &column.name))
        .collect();
    // The same letters come before the same word.
    let exact: Vec<_> = found
        .iter()
        .filter(|(column, _)| column.name == ident.value)
        .collect();
    let chosen = if exact.is_empty() {
        found.iter().collect()
    } else {
        exact
    };
    chosen
        .into_iter()
        .map(|(column, table)| (column.id, table.cloned().unwrap_or_default()))
        .collect()
}

impl Scope {
    pub(super) fn find(&self, table: Option<&Ident>, column: &Ident) -> Found {
        let relations = self.relations.iter().filter(|relation| {
            table.is_none_or(|table| {
                let name = relation.name.as_ref();
                name.is_some_and(|name| is_named(table, name))
            })
        });
        let found = if table.is_none() {
            let visible = self.visible.iter();
            best(column, visible.map(|one| (&one.column, one.table.as_ref())))
        } else {
            let all = relations.clone().flat_map(|relation| {
                let columns = relation.columns.iter();
                columns.map(|column| (column, relation.name.as_ref()))
            });
            best(column, all)
        };
        match found.as_slice() {
            [(id, _)] => Found::One(*id),
            [] => match relations.clone().find_map(|relation| relation.open) {
                Some(open) => Found::Open(open),
                None => Found::None,
            },
            several => Found::Several(several.iter().map(|(_, table)| table.clone()).collect()),
        }
    }

    pub(super) fn has_table(&self, table: &Ident) -> bool {
        self.relations.iter().any(|relation| {
            relation
                .name
                .as_ref()
                .is_some_and(|name| is_named(table, name))
        })
    }
}

impl Planner<'_> {
    /// The column of that name, here or around here.
    pub(super) fn resolve(
        &mut self,
        scope: &Scope,
        table: Option<&Ident>,
        column: &Ident,
    ) -> Result<Expr, Refusal> {
        let scopes: Vec<Scope> = std::iter::once(scope.clone())
            .chain(self.outer.iter().rev().cloned())
            .collect();
        for scope in &scopes {
            if let Some(table) = table
                && !scope.has_table(table)
            {
                continue;
            }
            match scope.find(table, column) {
                Found::One(id) => {
                    let found = self.column(id);
                    return match found.kind {
                        SqlType::Interval => Err(length_of_time(&column.value, column.span)),
                        _ => Ok(found),
                    };
                }
                Found::Several(tables) => {
                    return Err(Refusal::new(
                        Refused::Column,
                        format!(
                            "`{}` is ambiguous: it may be a column of {}",
                            column.value,
                            tables.join(" or ")
                        ),
                        column.span,
                    )
                    .help(format!("write `{}.{}`", tables[0], column.value)));
                }
                Found::Open(open) => {
                    let key = (open, column.value.to_lowercase());
                    let id = match self.asked.get(&key) {
                        Some(id) => *id,
                        None => {
                            let id = self.id(SqlType::Any);
                            self.asked.insert(key, id);
                            id
                        }
                    };
                    return Ok(self.column(id));
                }
                Found::None => {}
            }
            if table.is_some() {
                break;
            }
        }
        let Some(table) = table else {
            let names = scope.names();
            let refusal = Refusal::new(
                Refused::Column,
                format!("there is no column `{}`", column.value),
                column.span,
            );
            return Err(suggest(refusal, &column.value, names));
        };
        let holders: Vec<&Relation> = scopes
            .iter()
            .flat_map(|scope| &scope.relations)
            .filter(|relation| {
                relation
                    .name
                    .as_ref()
                    .is_some_and(|name| is_named(table, name))
            })
            .collect();
        if holders.is_empty() {
            let names = scopes
                .iter()
                .flat_map(|scope| &scope.relations)
                .filter_map(|relation| relation.name.clone())
                .collect();
            let refusal = Refusal::new(
                Refused::Table,
                format!("`{}` is no table of this FROM", table.value),
                table.span,
            );
            return Err(suggest(refusal, &table.value, names));
        }
        let names = holders
            .iter()
            .flat_map(|relation| relation.columns.iter().map(|column| column.name.clone()))
            .collect();
        let refusal = Refusal::new(
            Refused::Column,
            format!("`{}` has no column `{}`", table.value, column.value),
            column.span,
        );
        Err(suggest(refusal, &column.value, names))
    }
}

/// A column of lengths of time, as MySQL's `TIME` may hold them: PostgreSQL's intervals follow rules of
/// their own, and no column here does.
pub(super) fn length_of_time(name: &str, span: Span) -> Refusal {
    Refusal::unsupported(
        format!("`{name}` holds lengths of time, which no block computes with"),
        "name the other columns; for this one write TIME_TO_SEC(…) in the query of its source, and show seconds / 86400.0 with format = { excel = \"[h]:mm:ss\" }",
        span,
    )
}

/// Adds the name that comes nearest, or all there are.
pub(super) fn suggest(refusal: Refusal, written: &str, names: Vec<String>) -> Refusal {
    let lower = written.to_lowercase();
    let nearest = names
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&name.to_lowercase(), &lower),
                name,
            )
        })
        .min()
        .filter(|(distance, _)| *distance * 3 <= lower.chars().count().max(3));
    match nearest {
        Some((_, name)) => refusal.help(format!("did you mean `{name}`?")),
        None if names.is_empty() => refusal,
        None => {
            let mut shown: Vec<String> = Vec::new();
            for name in names {
                if !shown.contains(&name) {
                    shown.push(name);
                }
            }
            shown.truncate(30);
            refusal.help(format!("there are: {}", shown.join(", ")))
        }
    }
}
