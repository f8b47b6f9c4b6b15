//! Which tables a query names, its own common table expressions aside, and which columns it returns.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, ObjectName, Query, SelectItem, SetExpr, TableFactor, Visit, Visitor};

/// A table a query names.
pub(super) struct Named {
    pub name: String,
    /// Line and column, from 1.
    pub place: Option<(u64, u64)>,
    /// In bytes.
    pub length: usize,
}

/// Every table the query reads, in the order they are named.
pub(super) fn tables(query: &Query) -> Vec<Named> {
    let mut finder = Finder {
        frames: Vec::new(),
        found: Vec::new(),
        is_function: false,
    };
    let _ = query.visit(&mut finder);
    finder.found
}

/// The common table expressions of one query; the first `visible` may be read at the moment.
struct Frame {
    names: Vec<String>,
    visible: usize,
}

struct Finder {
    frames: Vec<Frame>,
    found: Vec<Named>,
    /// The next name is a table function, which is refused elsewhere.
    is_function: bool,
}

impl Visitor for Finder {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let names = query.with.as_ref().map_or_else(Vec::new, |with| {
            with.cte_tables
                .iter()
                .map(|cte| cte.alias.name.value.clone())
                .collect()
        });
        // A recursive one reads itself; that it may not is said when it is planned.
        let is_recursive = query.with.as_ref().is_some_and(|with| with.recursive);
        let visible = if is_recursive { names.len() } else { 0 };
        self.frames.push(Frame { names, visible });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.frames.pop();
        // Until all are seen, the queries directly below are the common table expressions themselves.
        if let Some(outer) = self.frames.last_mut()
            && outer.visible < outer.names.len()
        {
            outer.visible += 1;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        self.is_function = matches!(table, TableFactor::Table { args: Some(_), .. });
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        if std::mem::take(&mut self.is_function) {
            return ControlFlow::Continue(());
        }
        let own = match relation.0.as_slice() {
            [part] => part.as_ident().is_some_and(|ident| {
                self.frames
                    .iter()
                    .any(|frame| frame.names[..frame.visible].contains(&ident.value))
            }),
            _ => false,
        };
        if !own {
            let first = relation.0.first().and_then(|part| part.as_ident());
            let parts: Vec<String> = relation
                .0
                .iter()
                .map(|part| {
                    part.as_ident()
                        .map_or_else(|| part.to_string(), |ident| ident.value.clone())
                })
                .collect();
            self.found.push(Named {
                name: parts.join("."),
                place: first.map(|ident| (ident.span.start.line, ident.span.start.column)),
                length: relation.to_string().len(),
            });
        }
        ControlFlow::Continue(())
    }
}

/// The names of the result's columns. `None` when a `*` or an expression without a name is among them.
pub(super) fn columns(query: &Query) -> Option<Vec<String>> {
    let mut body = query.body.as_ref();
    loop {
        match body {
            SetExpr::Select(select) => return select.projection.iter().map(name).collect(),
            SetExpr::Query(inner) => body = inner.body.as_ref(),
            SetExpr::SetOperation { left, .. } => body = left.as_ref(),
            _ => return None,
        }
    }
}

fn name(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(column)) => Some(column.value.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
            parts.last().map(|part| part.value.clone())
        }
        _ => None,
    }
}
