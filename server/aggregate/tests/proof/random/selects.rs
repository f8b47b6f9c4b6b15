//! Random selects: joins of all kinds, groups, windows, set operations, subqueries.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::syntax::{Item, Node, SORTS, Select, Sort};
use crate::tables::{Kind, Table};

/// The columns an expression may use.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub columns: Vec<Node>,
}

/// Something a select may read: its name and its columns.
#[derive(Clone)]
pub struct Readable {
    pub name: String,
    pub columns: Vec<(String, Sort)>,
}

pub struct Generator<'a> {
    pub dice: StdRng,
    tables: &'a [Table],
    pub readable: Vec<Readable>,
    /// Names are never used twice in a statement.
    last: usize,
    /// How many selects may still be nested.
    pub nesting: u32,
    /// Windows with names of the select that is being made.
    pub windows: Vec<(String, Node)>,
}

/// How one item is ordered.
pub fn direction(dice: &mut StdRng) -> &'static str {
    [" DESC", "", "", " NULLS FIRST", " DESC NULLS LAST"]
        .choose(dice)
        .unwrap()
}

impl<'a> Generator<'a> {
    pub fn new(seed: u64, tables: &'a [Table]) -> Self {
        let mut made = Self {
            dice: StdRng::seed_from_u64(seed),
            tables,
            readable: Vec::new(),
            last: 0,
            nesting: 0,
            windows: Vec::new(),
        };
        made.forget();
        made
    }

    fn forget(&mut self) {
        self.readable = self
            .tables
            .iter()
            .map(|table| Readable {
                name: table.written.clone(),
                columns: table
                    .columns
                    .iter()
                    .map(|column| (column.written.clone(), sort_of(column.kind)))
                    .collect(),
            })
            .collect();
        self.last = 0;
        self.nesting = 2;
    }

    /// A whole statement.
    pub fn statement(&mut self) -> Select {
        self.forget();
        let mut with = Vec::new();
        if self.dice.random_bool(0.12) {
            let name = self.name("w");
            let select = self.nested(&Scope::default());
            self.readable.push(Readable {
                name: name.clone(),
                columns: columns_of(&select),
            });
            with.push((name, select));
        }
        let mut select = self.select(&Scope::default(), None);
        select.with = with;
        if self.dice.random_bool(0.12) {
            let sorts: Vec<Sort> = select.items.iter().map(|item| item.node.sort).collect();
            let operation = *[
                " UNION ALL",
                " UNION",
                " INTERSECT",
                " EXCEPT",
                " EXCEPT ALL",
                " INTERSECT ALL",
            ]
            .choose(&mut self.dice)
            .unwrap();
            let mut other = self.plain(&Scope::default(), Some(&sorts));
            other.is_ordered = false;
            select.more = Some((operation.trim(), Box::new(other)));
        }
        // PostgreSQL 15 leaves out of ORDER BY what a join made equal, also where grouping sets make NULL of it.
        select.is_ordered = select.grouping.is_empty() && self.dice.random_bool(0.5);
        let has_column = select.items[0].node.reads_columns();
        if select.is_ordered && has_column && select.more.is_none() && self.dice.random_bool(0.1) {
            select.is_distinct = false;
            select.is_distinct_on = true;
        }
        if select.is_ordered && self.dice.random_bool(0.3) {
            select.limit = Some((self.dice.random_range(0..8), self.dice.random_range(0..4)));
        }
        select
    }

    fn select(&mut self, outer: &Scope, sorts: Option<&[Sort]>) -> Select {
        let around = std::mem::take(&mut self.windows);
        let mut select = if sorts.is_none() && self.dice.random_bool(0.4) {
            self.grouped(outer)
        } else {
            self.plain(outer, sorts)
        };
        select.windows = std::mem::replace(&mut self.windows, around);
        select
    }

    /// A select without groups: of these sorts, or of any.
    pub fn plain(&mut self, outer: &Scope, sorts: Option<&[Sort]>) -> Select {
        let (sources, scope) = self.sources(outer);
        let mut select = Select {
            sources,
            ..Select::default()
        };
        if self.dice.random_bool(0.5) {
            select.filter = Some(self.condition(&scope, 2));
        }
        let is_free = sorts.is_none();
        let sorts: Vec<Sort> = match sorts {
            Some(sorts) => sorts.to_vec(),
            None => (0..self.dice.random_range(1..=4))
                .map(|_| *SORTS.choose(&mut self.dice).unwrap())
                .collect(),
        };
        for sort in sorts {
            let node = self.expression(sort, &scope, 2);
            let item = self.item(node);
            select.items.push(item);
        }
        if is_free && outer.columns.is_empty() && self.dice.random_bool(0.3) {
            let node = self.any_window(&scope);
            let item = self.item(node);
            select.items.push(item);
        }
        select.is_distinct = self.dice.random_bool(0.15);
        if is_free && outer.columns.is_empty() && !select.is_distinct && self.dice.random_bool(0.1)
        {
            let of = self.expression(Sort::Decimal, &scope, 1);
            let by = self.expression(Sort::Integer, &scope, 1);
            let quotient = Node::of(Sort::Decimal, "{} / NULLIF({}, 0)", vec![of, by]);
            let item = self.item(quotient);
            select.items.push(item);
        }
        select
    }

    fn grouped(&mut self, outer: &Scope) -> Select {
        let (sources, scope) = self.sources(outer);
        let mut select = Select {
            sources,
            ..Select::default()
        };
        if self.dice.random_bool(0.4) {
            select.filter = Some(self.condition(&scope, 2));
        }
        // PostgreSQL 15 computes expressions of grouping sets too early when it can fold them.
        let is_set = self.dice.random_bool(0.15);
        let count = if is_set {
            2
        } else {
            self.dice.random_range(0..=2)
        };
        for _ in 0..count {
            let sort = self.sort_in(&scope);
            let depth = u32::from(!is_set && self.dice.random_bool(0.4));
            let group = self.expression(sort, &scope, depth);
            // A constant in GROUP BY is a position.
            if group.reads_columns() {
                select.groups.push(group);
            }
        }
        for group in select.groups.clone() {
            let item = self.item(group);
            select.items.push(item);
        }
        let count = self.dice.random_range(1..=3);
        let aggregates: Vec<Node> = (0..count).map(|_| self.aggregate(&scope)).collect();
        let mut over = Scope {
            columns: select.groups.clone(),
        };
        over.columns.extend(aggregates.iter().cloned());
        for node in aggregates {
            let item = self.item(node);
            select.items.push(item);
        }
        if is_set && !select.groups.is_empty() {
            select.grouping = if self.dice.random() {
                "ROLLUP "
            } else {
                "CUBE "
            };
            let grouping = Node::of(
                Sort::Integer,
                "GROUPING({})",
                vec![select.groups[0].clone()],
            );
            let item = self.item(grouping);
            select.items.push(item);
        } else if self.dice.random_bool(0.2) {
            let node = self.any_window(&over);
            let item = self.item(node);
            select.items.push(item);
        } else if self.dice.random_bool(0.3) {
            let sort = self.sort_in(&over);
            let node = self.expression(sort, &over, 1);
            let item = self.item(node);
            select.items.push(item);
        }
        if self.dice.random_bool(0.25) {
            select.having = Some(self.condition(&over, 1));
        }
        select
    }

    /// A select inside another one.
    pub fn nested(&mut self, outer: &Scope) -> Select {
        self.nesting -= 1;
        let mut select = self.select(outer, None);
        self.nesting += 1;
        if select.grouping.is_empty() && self.dice.random_bool(0.15) {
            select.is_ordered = true;
            select.limit = Some((self.dice.random_range(0..6), 0));
        }
        select
    }

    pub fn item(&mut self, node: Node) -> Item {
        Item {
            node,
            name: self.name("x"),
            direction: direction(&mut self.dice),
        }
    }

    pub fn name(&mut self, letter: &str) -> String {
        self.last += 1;
        format!("{letter}{}", self.last)
    }
}

pub fn columns_of(select: &Select) -> Vec<(String, Sort)> {
    select
        .items
        .iter()
        .map(|item| (item.name.clone(), item.node.sort))
        .collect()
}

fn sort_of(kind: Kind) -> Sort {
    match kind {
        Kind::Boolean => Sort::Truth,
        Kind::Integer => Sort::Integer,
        Kind::BigInt => Sort::BigInt,
        Kind::Numeric(..) => Sort::Decimal,
        Kind::Double => Sort::Double,
        Kind::Text => Sort::Text,
        Kind::Date => Sort::Date,
        Kind::Timestamp => Sort::Timestamp,
        Kind::Time => Sort::Time,
    }
}
