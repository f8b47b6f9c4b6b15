//! What selects read: tables, other selects, and joins of all kinds.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Scope, columns_of};
use super::syntax::{Link, Node, Relation, SORTS, Sort, Source};

const JOINS: &[&str] = &[
    " JOIN",
    " LEFT JOIN",
    " LEFT JOIN",
    " RIGHT JOIN",
    " FULL JOIN",
    " CROSS JOIN",
    ",",
];

impl Generator<'_> {
    /// What a select reads, and the columns that gives; sometimes with one of the select around it.
    pub fn sources(&mut self, outer: &Scope) -> (Vec<Source>, Scope) {
        let mut scope = Scope::default();
        let mut sources = Vec::new();
        let count = *[1, 1, 1, 2, 2, 3].choose(&mut self.dice).unwrap();
        if count > 1 && self.dice.random_bool(0.2) {
            return self.merged(count);
        }
        for place in 0..count {
            let join = if place == 0 {
                ""
            } else {
                JOINS.choose(&mut self.dice).unwrap()
            };
            let alias = self.name("t");
            let (relation, columns) = self.relation();
            let before = scope.clone();
            let own: Vec<Node> = columns
                .iter()
                .map(|(name, sort)| Node::text(*sort, format!("{alias}.{name}")))
                .collect();
            scope.columns.extend(own.iter().cloned());
            let has_on = place > 0 && !matches!(join, " CROSS JOIN" | ",");
            // Subqueries in ON are refused.
            let nesting = std::mem::take(&mut self.nesting);
            let on = has_on.then(|| self.on(join, &before.columns, &own, &scope));
            self.nesting = nesting;
            // A comma binds less than JOIN, so that its neighbours would not see each other.
            let join = if join == "," && count > 2 {
                " CROSS JOIN"
            } else {
                join
            };
            sources.push(Source {
                join,
                relation,
                alias,
                link: on.map_or(Link::None, Link::On),
            });
        }
        if self.dice.random_bool(0.5) {
            let leaves: Vec<&Node> = outer
                .columns
                .iter()
                .filter(|column| column.is_leaf())
                .collect();
            scope.columns.extend(
                leaves
                    .choose(&mut self.dice)
                    .map(|column| (*column).clone()),
            );
        }
        (sources, scope)
    }

    /// What joins two sides: mostly a key, often with something else.
    pub fn on(&mut self, join: &str, before: &[Node], own: &[Node], scope: &Scope) -> Node {
        let pairs: Vec<(&Node, &Node)> = before
            .iter()
            .flat_map(|one| own.iter().map(move |other| (one, other)))
            .filter(|(one, other)| one.sort == other.sort)
            .collect();
        let key = pairs.choose(&mut self.dice).map(|(one, other)| {
            Node::of(
                Sort::Truth,
                "{} = {}",
                vec![(*one).clone(), (*other).clone()],
            )
        });
        // PostgreSQL merges or hashes full joins and refuses other conditions.
        let extra = self.dice.random_bool(0.35) && join != " FULL JOIN";
        match key {
            Some(key) if extra => {
                let other = self.condition(scope, 1);
                let template = if self.dice.random_bool(0.8) {
                    "{} AND {}"
                } else {
                    "({} OR {})"
                };
                Node::of(Sort::Truth, template, vec![key, other])
            }
            Some(key) if join == " FULL JOIN" || self.dice.random_bool(0.8) => key,
            _ if join == " FULL JOIN" => Node::text(Sort::Truth, "TRUE"),
            _ => self.condition(scope, 1),
        }
    }

    fn relation(&mut self) -> (Relation, Vec<(String, Sort)>) {
        if self.nesting > 0 && self.dice.random_bool(0.12) {
            let select = self.nested(&Scope::default());
            let columns = columns_of(&select);
            return (Relation::Select(Box::new(select)), columns);
        }
        if self.dice.random_bool(0.04) {
            let sorts: Vec<Sort> = (0..self.dice.random_range(1..=3))
                .map(|_| *SORTS.choose(&mut self.dice).unwrap())
                .collect();
            let rows = (0..self.dice.random_range(1..=3))
                .map(|_| sorts.iter().map(|sort| self.literal(*sort)).collect())
                .collect();
            let names = (1..).map(|number| format!("v{number}"));
            return (Relation::Values(rows), names.zip(sorts).collect());
        }
        let table = self.readable.choose(&mut self.dice).unwrap().clone();
        (Relation::Named(table.name), table.columns)
    }
}
