//! A random statement as a tree, so that it can be written and made smaller.

use std::fmt;

/// What an expression is, as far as the generator needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Truth,
    Integer,
    BigInt,
    Decimal,
    Double,
    Text,
    Date,
    Timestamp,
    Time,
}

pub const SORTS: &[Sort] = &[
    Sort::Truth,
    Sort::Integer,
    Sort::BigInt,
    Sort::Decimal,
    Sort::Double,
    Sort::Text,
    Sort::Date,
    Sort::Timestamp,
    Sort::Time,
];

/// An expression: texts with expressions between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub sort: Sort,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    Node(Node),
    Select(Box<Select>),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Select {
    /// Common table expressions: name and select.
    pub with: Vec<(String, Select)>,
    pub is_distinct: bool,
    /// `DISTINCT ON` the first item.
    pub is_distinct_on: bool,
    pub items: Vec<Item>,
    pub sources: Vec<Source>,
    pub filter: Option<Node>,
    pub groups: Vec<Node>,
    /// Written around the groups: nothing, `ROLLUP` or `CUBE`.
    pub grouping: &'static str,
    pub having: Option<Node>,
    /// Windows with names, each behind those it is made of.
    pub windows: Vec<(String, Node)>,
    /// A set operation with another select.
    pub more: Option<(&'static str, Box<Select>)>,
    /// Whether the rows are ordered by all items, each in its direction.
    pub is_ordered: bool,
    pub limit: Option<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub node: Node,
    pub name: String,
    pub direction: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// How it is joined to what stands before: `JOIN`, `LEFT JOIN` or a comma.
    pub join: &'static str,
    pub relation: Relation,
    pub alias: String,
    pub link: Link,
}

/// By what a source is joined to what stands before.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// By nothing: the first source, a comma, CROSS JOIN.
    None,
    On(Node),
    /// By columns of these names, which become one.
    Using(&'static [&'static str]),
    /// By all columns both sides have, which become one.
    Natural,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    Named(String),
    Select(Box<Select>),
    /// Rows of constants, whose columns are `v1`, `v2` …
    Values(Vec<Vec<Node>>),
}

impl Node {
    pub fn text(sort: Sort, text: impl Into<String>) -> Self {
        Self {
            sort,
            parts: vec![Part::Text(text.into())],
        }
    }

    /// A template: every `{}` is the next of the nodes.
    pub fn of(sort: Sort, template: &str, nodes: Vec<Self>) -> Self {
        let mut parts = Vec::new();
        let mut nodes = nodes.into_iter();
        for (place, text) in template.split("{}").enumerate() {
            if place > 0 {
                parts.push(Part::Node(nodes.next().expect("a node for every place")));
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
        }
        assert!(nodes.next().is_none(), "{template}");
        Self { sort, parts }
    }

    /// Whether it reads a column, and has no subquery.
    pub fn reads_columns(&self) -> bool {
        let is_column = |text: &str| {
            ["id", "name"].contains(&text)
                || text
                    .strip_prefix('t')
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let mut reads = false;
        for part in &self.parts {
            match part {
                Part::Text(text) => reads |= is_column(text),
                Part::Node(node) => reads |= node.reads_columns(),
                Part::Select(_) => return false,
            }
        }
        reads
    }

    /// Whether it is written out, without anything inside.
    pub fn is_leaf(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Node(node) => write!(f, "{node}")?,
                Part::Select(select) => write!(f, "({select})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, select)) in self.with.iter().enumerate() {
            write!(
                f,
                "{}{name} AS ({select})",
                if place == 0 { "WITH " } else { ", " }
            )?;
        }
        if !self.with.is_empty() {
            f.write_str(" ")?;
        }
        f.write_str("SELECT ")?;
        match self.items.first() {
            Some(first) if self.is_distinct_on => write!(f, "DISTINCT ON ({}) ", first.node)?,
            _ if self.is_distinct => f.write_str("DISTINCT ")?,
            _ => {}
        }
        list(f, &self.items, |f, item| {
            write!(f, "{} AS {}", item.node, item.name)
        })?;
        for (place, source) in self.sources.iter().enumerate() {
            if place == 0 {
                f.write_str(" FROM ")?;
            } else if source.link == Link::Natural {
                write!(f, " NATURAL{} ", source.join)?;
            } else {
                write!(f, "{} ", source.join)?;
            }
            match &source.relation {
                Relation::Named(name) => write!(f, "{name}")?,
                Relation::Select(select) => write!(f, "({select})")?,
                Relation::Values(rows) => {
                    f.write_str("(VALUES ")?;
                    list(f, rows, |f, row| {
                        f.write_str("(")?;
                        list(f, row, |f, node| write!(f, "{node}"))?;
                        f.write_str(")")
                    })?;
                    f.write_str(")")?;
                }
            }
            write!(f, " AS {}", source.alias)?;
            if let Relation::Values(rows) = &source.relation {
                let names: Vec<String> = (1..=rows[0].len()).map(|n| format!("v{n}")).collect();
                write!(f, " ({})", names.join(", "))?;
            }
            match &source.link {
                Link::On(on) if place > 0 => write!(f, " ON {on}")?,
                Link::Using(names) if place > 0 => write!(f, " USING ({})", names.join(", "))?,
                _ => {}
            }
        }
        if let Some(filter) = &self.filter {
            write!(f, " WHERE {filter}")?;
        }
        if !self.groups.is_empty() {
            write!(f, " GROUP BY {}", self.grouping)?;
            f.write_str(if self.grouping.is_empty() { "" } else { "(" })?;
            list(f, &self.groups, |f, group| write!(f, "{group}"))?;
            f.write_str(if self.grouping.is_empty() { "" } else { ")" })?;
        }
        if let Some(having) = &self.having {
            write!(f, " HAVING {having}")?;
        }
        if !self.windows.is_empty() {
            f.write_str(" WINDOW ")?;
            list(f, &self.windows, |f, (name, window)| {
                write!(f, "{name} AS ({window})")
            })?;
        }
        if let Some((operation, select)) = &self.more {
            write!(f, " {operation} {select}")?;
        }
        if self.is_ordered {
            f.write_str(" ORDER BY ")?;
            let mut place = 0;
            list(f, &self.items, |f, item| {
                place += 1;
                write!(f, "{place}{}", item.direction)
            })?;
        }
        if let Some((limit, offset)) = self.limit {
            write!(f, " LIMIT {limit}")?;
            if offset > 0 {
                write!(f, " OFFSET {offset}")?;
            }
        }
        Ok(())
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    all: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (place, one) in all.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write(f, one)?;
    }
    Ok(())
}
