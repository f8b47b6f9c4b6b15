//! Subqueries: for one value, IN and EXISTS, often tied to the row outside.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Scope};
use super::syntax::{Node, Part, Select, Sort};

/// Whether a value or a row is among those of a subquery.
const AMONG: &[&str] = &["IN", "NOT IN", "= ANY", "<> ALL"];
/// What is true of some or of all values of a subquery.
const ORDERED_AMONG: &[&str] = &[
    "> ANY", "<= SOME", "<> ANY", "< ALL", ">= ALL", "= ALL", "< ANY",
];

impl Generator<'_> {
    /// A subquery for one value: always an aggregate.
    pub fn scalar(&mut self, sort: Sort, outer: &Scope) -> Node {
        if self.nesting == 0 {
            return self.expression(sort, outer, 0);
        }
        self.nesting -= 1;
        let (mut sources, scope) = self.sources(&Scope::default());
        sources.truncate(1);
        let scope = Scope {
            columns: scope
                .columns
                .into_iter()
                .filter(|column| {
                    column
                        .to_string()
                        .starts_with(&format!("{}.", sources[0].alias))
                })
                .collect(),
        };
        let value = self.expression(sort, &scope, 1);
        let templates: &[&str] = match sort {
            Sort::Truth => &["BOOL_OR({})", "BOOL_AND({})"],
            // Where there are no rows some are 0 and the others NULL.
            Sort::BigInt => &[
                "COUNT({})",
                "COUNT(DISTINCT {})",
                "REGR_COUNT({}, 1)",
                "COUNT(*) + MIN({})",
                "COALESCE(MAX({}), 7)",
            ],
            _ => &["MIN({})", "MAX({})"],
        };
        let template = templates.choose(&mut self.dice).unwrap();
        let node = Node::of(sort, template, vec![value]);
        let item = self.item(node);
        let filter = self.correlated(&scope, outer);
        self.nesting += 1;
        let select = Select {
            sources,
            items: vec![item],
            filter,
            ..Select::default()
        };
        with_select(sort, "", vec![], select, "")
    }

    /// `x IN (SELECT …)`, also of rows of several values, and the same with ANY and ALL.
    pub fn contained(&mut self, outer: &Scope, depth: u32) -> Node {
        if self.nesting == 0 {
            return self.expression(Sort::Truth, outer, 0);
        }
        let is_row = self.dice.random_bool(0.3);
        let count = if is_row {
            self.dice.random_range(2..=3)
        } else {
            1
        };
        let sorts: Vec<Sort> = (0..count).map(|_| self.sort_in(outer)).collect();
        let values = sorts
            .iter()
            .map(|sort| self.expression(*sort, outer, depth - 1))
            .collect();
        self.nesting -= 1;
        let inner = if self.dice.random_bool(0.2) {
            outer.clone()
        } else {
            Scope::default()
        };
        let mut select = self.plain(&inner, Some(&sorts));
        select.is_distinct = false;
        self.nesting += 1;
        let how = if !is_row && self.dice.random_bool(0.3) {
            ORDERED_AMONG.choose(&mut self.dice).unwrap()
        } else {
            AMONG.choose(&mut self.dice).unwrap()
        };
        let template = format!("({} {how} ", row(count));
        with_select(Sort::Truth, &template, values, select, ")")
    }

    /// A row of values beside other rows, which may hold NULLs.
    pub fn rows_compared(&mut self, scope: &Scope, depth: u32) -> Node {
        let count = self.dice.random_range(2..=3);
        let sorts: Vec<Sort> = (0..count).map(|_| self.sort_in(scope)).collect();
        let (how, rows) = match self.dice.random_range(0..4) {
            0 => ("=", 1),
            1 => ("<>", 1),
            2 => ("IN", self.dice.random_range(1..=3)),
            _ => ("NOT IN", self.dice.random_range(1..=3)),
        };
        let mut nodes: Vec<Node> = Vec::new();
        for place in 0..=rows {
            for sort in &sorts {
                let depth = if place == 0 { depth - 1 } else { 0 };
                nodes.push(self.expression(*sort, scope, depth));
            }
        }
        let right = vec![row(count); rows].join(", ");
        let right = if how.ends_with("IN") {
            format!("({right})")
        } else {
            right
        };
        Node::of(
            Sort::Truth,
            &format!("({} {how} {right})", row(count)),
            nodes,
        )
    }

    /// `EXISTS (SELECT …)`.
    pub fn exists(&mut self, outer: &Scope) -> Node {
        if self.nesting == 0 {
            return self.expression(Sort::Truth, outer, 0);
        }
        self.nesting -= 1;
        let (sources, scope) = self.sources(&Scope::default());
        let filter = self.correlated(&scope, outer);
        self.nesting += 1;
        let item = self.item(Node::text(Sort::Integer, "1"));
        let select = Select {
            sources,
            items: vec![item],
            filter,
            ..Select::default()
        };
        let before = if self.dice.random() {
            "(EXISTS "
        } else {
            "(NOT EXISTS "
        };
        with_select(Sort::Truth, before, vec![], select, ")")
    }

    /// A condition that ties a subquery to the row outside, mostly by a key.
    fn correlated(&mut self, inner: &Scope, outer: &Scope) -> Option<Node> {
        if outer.columns.is_empty() || self.dice.random_bool(0.3) {
            return self.dice.random_bool(0.5).then(|| self.condition(inner, 1));
        }
        let leaves: Vec<Node> = outer
            .columns
            .iter()
            .filter(|column| column.is_leaf())
            .cloned()
            .collect();
        let key = self.on(" FULL JOIN", &leaves, &inner.columns, inner);
        if self.dice.random_bool(0.4) {
            let other = self.condition(inner, 1);
            return Some(Node::of(Sort::Truth, "{} AND {}", vec![key, other]));
        }
        Some(key)
    }
}

/// A place, or a row of places.
fn row(count: usize) -> String {
    match count {
        1 => "{}".to_owned(),
        _ => format!("({})", vec!["{}"; count].join(", ")),
    }
}

/// A scalar subquery, EXISTS or IN as a node.
fn with_select(sort: Sort, before: &str, nodes: Vec<Node>, select: Select, after: &str) -> Node {
    let mut node = Node::of(sort, before, nodes);
    node.parts.push(Part::Select(Box::new(select)));
    if !after.is_empty() {
        node.parts.push(Part::Text(after.to_owned()));
    }
    node
}
