//! Subqueries: for one value, IN and EXISTS, often tied to the row outside.

use rand::Rng;

use super::selects::{Generator, Scope};
use super::syntax::{Node, Part, Select, Sort};

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
        let template = match sort {
            Sort::Truth => "BOOL_OR({})",
            _ if self.dice.random() => "MIN({})",
            _ => "MAX({})",
        };
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

    /// `x IN (SELECT …)`.
    pub fn contained(&mut self, outer: &Scope, depth: u32) -> Node {
        if self.nesting == 0 {
            return self.expression(Sort::Truth, outer, 0);
        }
        let sort = self.sort_in(outer);
        let value = self.expression(sort, outer, depth - 1);
        self.nesting -= 1;
        let inner = if self.dice.random_bool(0.2) {
            outer.clone()
        } else {
            Scope::default()
        };
        let mut select = self.plain(&inner, Some(&[sort]));
        select.is_distinct = false;
        self.nesting += 1;
        let template = if self.dice.random() {
            "{} IN "
        } else {
            "{} NOT IN "
        };
        let mut node = with_select(Sort::Truth, template, vec![value], select, ")");
        node.parts.insert(0, Part::Text("(".to_owned()));
        node
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

/// A scalar subquery, EXISTS or IN as a node.
fn with_select(sort: Sort, before: &str, nodes: Vec<Node>, select: Select, after: &str) -> Node {
    let mut node = Node::of(sort, before, nodes);
    node.parts.push(Part::Select(Box::new(select)));
    if !after.is_empty() {
        node.parts.push(Part::Text(after.to_owned()));
    }
    node
}
