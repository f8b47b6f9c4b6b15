//! What a whole statement shares while it is planned.

use std::collections::HashMap;

use super::Table;
use super::scope::Scope;
use crate::SqlType;
use crate::expression::{Expr, Id};
use crate::relation::Rel;

/// Numbers columns and knows the tables.
pub(crate) struct Planner<'t> {
    pub(super) tables: &'t [Table],
    pub(super) kinds: Vec<SqlType>,
    /// Common table expressions that may be read at the moment, the nearest last.
    pub(super) named: Vec<(String, Planned)>,
    /// Scopes around the query that is being planned, the nearest last.
    pub(super) outer: Vec<Scope>,
    /// Columns asked of tables whose columns are not known.
    pub(super) asked: HashMap<(Id, String), Id>,
    /// How deeply queries stand in each other.
    pub(super) depth: usize,
    /// How many queries were planned.
    pub(super) planned: usize,
    /// How many set operations stand in each other.
    pub(super) chained: usize,
}

/// A planned query: its rows and the columns of its answer.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) rel: Rel,
    pub(crate) columns: Vec<Output>,
    /// False when a `*` hides columns that are not known yet.
    pub(crate) is_complete: bool,
}

/// A column of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) id: Id,
    pub(crate) kind: SqlType,
    /// The table it comes from as it is; tells columns of one name apart.
    pub(crate) relation: Option<String>,
}

impl<'t> Planner<'t> {
    pub(super) fn new(tables: &'t [Table]) -> Self {
        Self {
            tables,
            kinds: Vec::new(),
            named: Vec::new(),
            outer: Vec::new(),
            asked: HashMap::new(),
            depth: 0,
            planned: 0,
            chained: 0,
        }
    }

    /// A new column.
    pub(super) fn id(&mut self, kind: SqlType) -> Id {
        self.kinds.push(kind);
        Id::try_from(self.kinds.len() - 1).unwrap_or(Id::MAX)
    }

    /// A column as an expression.
    pub(super) fn column(&self, id: Id) -> Expr {
        Expr::column(id, self.kinds[id as usize])
    }

    /// The column an expression is, or a new one that is to be computed.
    pub(super) fn id_of(&mut self, expr: &Expr, items: &mut Vec<(Id, Expr)>) -> Id {
        if let crate::expression::Node::Column(id) = expr.node
            && self.kinds[id as usize] == expr.kind
        {
            return id;
        }
        if let Some((id, _)) = items.iter().find(|(_, item)| item == expr) {
            return *id;
        }
        let id = self.id(expr.kind);
        items.push((id, expr.clone()));
        id
    }
}
