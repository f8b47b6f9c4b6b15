//! Makes a statement and its rows smaller while they still differ in the same way.

use crate::compare::{Outcome, judge};
use crate::ours::Prepared;
use crate::postgres::Server;
use crate::random::kind;
use crate::random::syntax::{Item, Link, Node, Part, Relation, Select, Sort, Source};
use crate::tables::Table;

/// Smaller statements that are tried for one difference.
const TRIES: usize = 1_500;

/// The smallest statement that was found, with its tables and what differs.
pub fn shrink(server: &mut Server, tables: &[Table], select: Select, said: &str) -> String {
    let wanted = kind(said);
    let mut tries = 0;
    let (mut select, mut said) = (select, said.to_owned());
    let prepared = Prepared::new(tables);
    'smaller: loop {
        for smaller in selects(&select) {
            tries += 1;
            if tries > TRIES {
                break 'smaller;
            }
            if let Some(what) = still_differs(server, &prepared, &smaller, &wanted) {
                (select, said) = (smaller, what);
                continue 'smaller;
            }
        }
        break;
    }
    let tables = fewer_rows(server, tables, &select, &wanted, &mut said);
    let text = select.to_string();
    let mut written = format!("{said}\n  {text};");
    for table in tables
        .iter()
        .filter(|table| text.contains(&format!("{} ", table.written)))
    {
        written.push_str(&format!(
            "\n  {};",
            table.create(crate::tables::Dialect::Postgres)
        ));
        if let Some(insert) = table.insert(crate::tables::Dialect::Postgres) {
            written.push_str(&format!("\n  {insert};"));
        }
    }
    written
}

fn still_differs(
    server: &mut Server,
    prepared: &Prepared,
    select: &Select,
    wanted: &str,
) -> Option<String> {
    let text = select.to_string();
    let ours = prepared.run(&text);
    if matches!(ours, crate::ours::Ours::Refused(_)) {
        return None;
    }
    match judge(&server.ask(&text), &ours, &text, select.is_ordered) {
        Outcome::Different(said) if kind(&said) == wanted => Some(said),
        _ => None,
    }
}

fn fewer_rows(
    server: &mut Server,
    tables: &[Table],
    select: &Select,
    wanted: &str,
    said: &mut String,
) -> Vec<Table> {
    let mut tables = tables.to_vec();
    for place in 0..tables.len() {
        let mut step = tables[place].rows.len();
        while step > 0 {
            let mut from = 0;
            while from < tables[place].rows.len() {
                let mut fewer = tables.clone();
                let until = (from + step).min(fewer[place].rows.len());
                fewer[place].rows.drain(from..until);
                server.load(&fewer).unwrap();
                match still_differs(server, &Prepared::new(&fewer), select, wanted) {
                    Some(what) => {
                        *said = what;
                        tables = fewer;
                    }
                    None => from += step,
                }
            }
            step /= 2;
        }
    }
    tables
}

/// Selects that are a little smaller.
fn selects(select: &Select) -> Vec<Select> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Select)| {
        let mut smaller = select.clone();
        change(&mut smaller);
        if smaller != *select {
            all.push(smaller);
        }
    };
    if let Some((_, other)) = &select.more {
        let other = Select {
            with: select.with.clone(),
            ..(**other).clone()
        };
        with(&|select| select.more = None);
        with(&|select| *select = other.clone());
    }
    with(&|select| select.with.clear());
    with(&|select| select.filter = None);
    with(&|select| select.having = None);
    with(&|select| select.limit = None);
    with(&|select| {
        select.is_ordered = false;
        select.limit = None;
    });
    with(&|select| select.is_distinct = false);
    with(&|select| select.is_distinct_on = false);
    with(&|select| select.grouping = "");
    for place in (0..select.items.len()).rev() {
        if select.items.len() > 1 {
            with(&|select| {
                select.items.remove(place);
                if let Some((_, other)) = &mut select.more {
                    other.items.remove(place);
                }
            });
        }
    }
    for place in (0..select.windows.len()).rev() {
        with(&|select| {
            select.windows.remove(place);
        });
    }
    for place in (0..select.groups.len()).rev() {
        with(&|select| {
            select.groups.remove(place);
        });
    }
    for place in (0..select.sources.len()).rev() {
        if select.sources.len() > 1 {
            with(&|select| {
                select.sources.remove(place);
            });
        }
        with(&|select| {
            if let Link::On(on) = &mut select.sources[place].link {
                *on = Node::text(Sort::Truth, "TRUE");
            }
        });
    }
    all.extend(inside(select));
    all
}

/// The same select with one smaller expression or select in it.
fn inside(select: &Select) -> Vec<Select> {
    let mut all = Vec::new();
    let mut replace = |put: &dyn Fn(&mut Select, Node), node: &Node| {
        for smaller in nodes(node) {
            let mut changed = select.clone();
            put(&mut changed, smaller);
            all.push(changed);
        }
    };
    if let Some(filter) = &select.filter {
        replace(&|select, node| select.filter = Some(node), filter);
    }
    if let Some(having) = &select.having {
        replace(&|select, node| select.having = Some(node), having);
    }
    for (place, Item { node, .. }) in select.items.iter().enumerate() {
        replace(&|select, node| select.items[place].node = node, node);
    }
    for (place, (_, window)) in select.windows.iter().enumerate() {
        replace(&|select, node| select.windows[place].1 = node, window);
    }
    for (place, group) in select.groups.iter().enumerate() {
        // What is grouped by is selected, too.
        replace(
            &|select, node| {
                if !node.reads_columns() {
                    return;
                }
                for item in &mut select.items {
                    if item.node == *group {
                        item.node = node.clone();
                    }
                }
                select.groups[place] = node;
            },
            group,
        );
    }
    for (place, source) in select.sources.iter().enumerate() {
        if let Link::On(on) = &source.link {
            let put = |select: &mut Select, node| select.sources[place].link = Link::On(node);
            replace(&put, on);
        }
    }
    for (place, source) in select.sources.iter().enumerate() {
        if let Relation::Select(inner) = &source.relation {
            for smaller in selects(inner) {
                let mut changed = select.clone();
                let Source { relation, .. } = &mut changed.sources[place];
                *relation = Relation::Select(Box::new(smaller));
                all.push(changed);
            }
        }
    }
    for (place, (_, inner)) in select.with.iter().enumerate() {
        for smaller in selects(inner) {
            let mut changed = select.clone();
            changed.with[place].1 = smaller;
            all.push(changed);
        }
    }
    if let Some((_, other)) = &select.more {
        for smaller in selects(other)
            .into_iter()
            .filter(|smaller| smaller.items.len() == other.items.len())
        {
            let mut changed = select.clone();
            if let Some((_, place)) = &mut changed.more {
                **place = smaller;
            }
            all.push(changed);
        }
    }
    all
}

/// Expressions that are smaller and of the same sort.
fn nodes(node: &Node) -> Vec<Node> {
    let mut all = Vec::new();
    if node.is_leaf() {
        return all;
    }
    for part in &node.parts {
        if let Part::Node(inner) = part
            && inner.sort == node.sort
        {
            all.push(inner.clone());
        }
    }
    all.push(Node::text(node.sort, plain(node.sort)));
    for (place, part) in node.parts.iter().enumerate() {
        match part {
            Part::Text(_) => {}
            Part::Node(inner) => {
                for smaller in nodes(inner) {
                    let mut changed = node.clone();
                    changed.parts[place] = Part::Node(smaller);
                    all.push(changed);
                }
            }
            Part::Select(inner) => {
                for smaller in selects(inner)
                    .into_iter()
                    .filter(|smaller| smaller.items.len() == inner.items.len())
                {
                    let mut changed = node.clone();
                    changed.parts[place] = Part::Select(Box::new(smaller));
                    all.push(changed);
                }
            }
        }
    }
    all
}

fn plain(sort: Sort) -> &'static str {
    match sort {
        Sort::Truth => "TRUE",
        Sort::Integer => "1",
        Sort::BigInt => "CAST(1 AS BIGINT)",
        Sort::Decimal => "1.5",
        Sort::Double => "CAST(1 AS DOUBLE PRECISION)",
        Sort::Text => "'a'",
        Sort::Date => "DATE '2024-02-29'",
        Sort::Timestamp => "TIMESTAMP '2024-02-29 12:00:00'",
        Sort::Time => "TIME '12:00:00'",
    }
}
