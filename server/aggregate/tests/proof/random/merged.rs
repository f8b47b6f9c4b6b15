//! Joins whose columns become one: USING and NATURAL.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Readable, Scope};
use super::syntax::{Link, Node, Relation, Select, Sort, Source};

const JOINS: &[&str] = &[" JOIN", " LEFT JOIN", " RIGHT JOIN", " FULL JOIN"];
/// Columns every table has.
const SHARED: &[&[&str]] = &[&["id"], &["name"], &["id", "name"]];

impl Generator<'_> {
    /// Tables joined by the same columns, and what can be read of them.
    pub fn merged(&mut self, count: usize) -> (Vec<Source>, Scope) {
        let is_natural = self.dice.random_bool(0.4);
        let names = *SHARED.choose(&mut self.dice).unwrap();
        let mut scope = Scope::default();
        let mut sources = Vec::new();
        for place in 0..count {
            let table = self.table();
            let alias = self.name("t");
            let (relation, columns) = if is_natural {
                self.narrowed(table, names)
            } else {
                (Relation::Named(table.name), table.columns)
            };
            scope.columns.extend(
                columns
                    .iter()
                    .map(|(name, sort)| Node::text(*sort, format!("{alias}.{name}"))),
            );
            let (join, link) = match place {
                0 => ("", Link::None),
                _ if is_natural => (*JOINS.choose(&mut self.dice).unwrap(), Link::Natural),
                _ => (*JOINS.choose(&mut self.dice).unwrap(), Link::Using(names)),
            };
            sources.push(Source {
                join,
                relation,
                alias,
                link,
            });
        }
        scope
            .columns
            .extend(names.iter().map(|name| Node::text(sort_of(name), *name)));
        (sources, scope)
    }

    fn table(&mut self) -> Readable {
        let tables: Vec<&Readable> = self
            .readable
            .iter()
            .filter(|one| one.name.starts_with('r'))
            .collect();
        (*tables.choose(&mut self.dice).unwrap()).clone()
    }

    /// The shared columns of a table and one of its own, whose name no other table has.
    fn narrowed(
        &mut self,
        table: Readable,
        names: &'static [&'static str],
    ) -> (Relation, Vec<(String, Sort)>) {
        let alias = self.name("t");
        let mut items = Vec::new();
        for name in names {
            let mut item = self.item(Node::text(sort_of(name), format!("{alias}.{name}")));
            item.name = (*name).to_owned();
            items.push(item);
        }
        let (name, sort) = table.columns.choose(&mut self.dice).unwrap().clone();
        let own = self.item(Node::text(sort, format!("{alias}.{name}")));
        items.push(own);
        let columns = items
            .iter()
            .map(|item| (item.name.clone(), item.node.sort))
            .collect();
        let select = Select {
            items,
            sources: vec![Source {
                join: "",
                relation: Relation::Named(table.name),
                alias,
                link: Link::None,
            }],
            ..Select::default()
        };
        (Relation::Select(Box::new(select)), columns)
    }
}

fn sort_of(name: &str) -> Sort {
    match name {
        "id" => Sort::Integer,
        _ => Sort::Text,
    }
}
