//! Queries that only add up: what a month contributes can be kept and added to the other months.
//!
//! Such a query is rewritten as two. The first is run over each part of the rows and returns one
//! row per group; the second adds those rows up. Together they answer what the query itself would,
//! whatever the rows are cut into, as long as no number in it is a rounded one: the caller looks at
//! the types, which only it knows.

mod fold;
mod row_by_row;

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, LimitClause, OrderByKind, Query, Select, SelectItem, SetExpr,
    TableFactor, Value, VisitMut, VisitorMut,
};

use fold::Folding;
use row_by_row::{has_column, is_row_by_row};

/// How our own columns begin. A query that uses such a name itself is left as it is.
const OURS: &str = "part_";

/// The table the second query reads.
pub const PARTS: &str = "parts";

/// A query that only adds up, as two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Additive {
    /// The one query it reads.
    pub table: String,
    /// The query over a part of that table's rows.
    pub part: String,
    /// The query over the answers of all parts, which it reads as [`PARTS`].
    pub whole: String,
    /// Columns of a part its rows are grouped by.
    pub keys: Vec<String>,
    /// Columns of a part that are added up.
    pub folds: Vec<Fold>,
    /// Names of the result that mean something else when the table has a column of that name.
    pub no_columns: Vec<String>,
}

/// A column of a part that is added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Its name.
    pub column: String,
    /// How.
    pub by: FoldBy,
    /// What the first query computes; equal ones share a column.
    written: String,
}

/// How columns of parts become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldBy {
    /// Sums of sums.
    Sum,
    /// Sums of counts.
    Count,
    /// The least of the least.
    Min,
    /// The greatest of the greatest.
    Max,
}

impl FoldBy {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sum" => Self::Sum,
            "count" => Self::Count,
            "min" => Self::Min,
            "max" => Self::Max,
            _ => return None,
        })
    }

    /// The function that puts parts together.
    fn function(self) -> &'static str {
        match self {
            Self::Sum | Self::Count => "SUM",
            Self::Min => "MIN",
            Self::Max => "MAX",
        }
    }
}

impl Additive {
    /// Rewrites a statement of [`Block::polars_sql`](crate::Block::polars_sql). `None` for queries
    /// that do anything but filter, group and add up the rows of one table with `SUM`, `COUNT`,
    /// `MIN` and `MAX`.
    pub fn of(sql: &str) -> Option<Self> {
        let mut query = super::parse(sql).ok()?;
        let table = table(query.body.as_select()?)?;
        let canonical = VisitMut::visit(&mut query, &mut Canonical { table: &table });
        if canonical.is_break() {
            return None;
        }
        let table = table.name;
        let SetExpr::Select(select) = query.body.as_ref() else {
            return None;
        };
        if !is_plain(&query, select) {
            return None;
        }
        let mut no_columns = Vec::new();
        let keys = keys(select, &mut no_columns)?;
        let mut folding = Folding {
            keys: &keys,
            folds: Vec::new(),
        };
        let items: Vec<(Expr, Ident)> = select
            .projection
            .iter()
            .map(|item| {
                let (expr, name) = named(item)?;
                Some((folding.rewritten(expr)?, name))
            })
            .collect::<Option<_>>()?;
        let having = match &select.having {
            None => None,
            Some(condition) => Some(folding.rewritten(condition)?),
        };
        let order = order(&query, select, &mut no_columns)?;
        let folds = folding.folds;
        if items.is_empty() || folds.is_empty() {
            return None;
        }

        let part_items = keys
            .iter()
            .enumerate()
            .map(|(place, key)| format!("{key} AS {}", key_name(place)))
            .chain(
                folds
                    .iter()
                    .map(|fold| format!("{} AS {}", fold.written, fold.column)),
            );
        let mut part = format!("SELECT {} FROM {}", list(part_items), quoted(&table));
        if let Some(condition) = &select.selection {
            part.push_str(&format!(" WHERE {condition}"));
        }
        let whole_items = items
            .iter()
            .map(|(expr, name)| format!("{expr} AS {}", quoted(&name.value)));
        let mut whole = format!("SELECT {} FROM {PARTS}", list(whole_items));
        let names: Vec<String> = (0..keys.len()).map(key_name).collect();
        if !keys.is_empty() {
            part.push_str(&format!(" GROUP BY {}", keys.join(", ")));
            whole.push_str(&format!(" GROUP BY {}", names.join(", ")));
        }
        if let Some(condition) = having {
            whole.push_str(&format!(" HAVING {condition}"));
        }
        whole.push_str(&order);
        Some(Self {
            table,
            part,
            whole,
            keys: names,
            folds,
            no_columns,
        })
    }
}

/// The only table of a statement.
struct Table {
    name: String,
    alias: Option<String>,
}

fn table(select: &Select) -> Option<Table> {
    let [from] = select.from.as_slice() else {
        return None;
    };
    let TableFactor::Table { name, alias, .. } = &from.relation else {
        return None;
    };
    let [part] = name.0.as_slice() else {
        return None;
    };
    let name = part.as_ident()?;
    // Whatever else may stand beside a table would be printed, too.
    let written = match alias {
        None => name.to_string(),
        Some(alias) => format!("{name} AS {}", alias.name),
    };
    let is_all = from.to_string() == written || from.to_string() == written.replace(" AS ", " ");
    is_all.then(|| Table {
        name: name.value.clone(),
        alias: alias.as_ref().map(|alias| alias.name.value.clone()),
    })
}

/// Columns without their table and always in quotes, so that what means the same is written the
/// same. Stops at names that begin like ours and at columns of anything else.
struct Canonical<'a> {
    table: &'a Table,
}

impl VisitorMut for Canonical<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let column = match expr {
            Expr::Identifier(column) => column,
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column]
                    if Some(&table.value) == self.table.alias.as_ref()
                        || table.value == self.table.name =>
                {
                    column
                }
                _ => return ControlFlow::Break(()),
            },
            _ => return ControlFlow::Continue(()),
        };
        if column.value.starts_with(OURS) {
            return ControlFlow::Break(());
        }
        *expr = Expr::Identifier(quoted(&column.value));
        ControlFlow::Continue(())
    }
}

/// Whether the statement has no clause but those that are rewritten: without them nothing may be left.
fn is_plain(query: &Query, select: &Select) -> bool {
    let mut rest = select.clone();
    rest.projection = Vec::new();
    rest.from = Vec::new();
    rest.selection = None;
    rest.having = None;
    match &mut rest.group_by {
        GroupByExpr::Expressions(keys, _) => keys.clear(),
        GroupByExpr::All(_) => return false,
    }
    let mut outer = query.clone();
    outer.order_by = None;
    outer.limit_clause = None;
    *outer.body = SetExpr::Select(Box::new(rest));
    outer.to_string().trim() == "SELECT" && select.selection.as_ref().is_none_or(is_row_by_row)
}

/// What the rows are grouped by, each as it is written.
fn keys(select: &Select, no_columns: &mut Vec<String>) -> Option<Vec<String>> {
    let GroupByExpr::Expressions(written, _) = &select.group_by else {
        return None;
    };
    let mut keys: Vec<String> = Vec::new();
    for expr in written {
        let key = match expr {
            Expr::Value(value) => {
                let Value::Number(place, _) = &value.value else {
                    return None;
                };
                let place: usize = place.to_string().parse().ok()?;
                named(select.projection.get(place.checked_sub(1)?)?)?.0
            }
            Expr::Identifier(name) => {
                let mut items = select.projection.iter().filter_map(named);
                match items.find(|(_, alias)| alias.value == name.value) {
                    Some((meant, _)) if meant.to_string() != expr.to_string() => {
                        no_columns.push(name.value.clone());
                        meant
                    }
                    _ => expr,
                }
            }
            other => other,
        };
        // A constant is no reason to group, and Polars may read it as a place.
        if !is_row_by_row(key) || !has_column(key) {
            return None;
        }
        let key = key.to_string();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Some(keys)
}

/// The rest of the second query. Rows are ordered by columns of the result only.
fn order(query: &Query, select: &Select, no_columns: &mut Vec<String>) -> Option<String> {
    let mut text = String::new();
    if let Some(order) = &query.order_by {
        let OrderByKind::Expressions(written) = &order.kind else {
            return None;
        };
        if order.interpolate.is_some() {
            return None;
        }
        let mut by = Vec::new();
        for item in written {
            let mut item = item.clone();
            let written = item.expr.to_string();
            let found = select
                .projection
                .iter()
                .filter_map(named)
                .find_map(|(expr, name)| {
                    let is_name = quoted(&name.value).to_string() == written;
                    (is_name || expr.to_string() == written)
                        .then(|| (name.value.clone(), is_name && expr.to_string() != written))
                });
            match (&item.expr, found) {
                (Expr::Value(_), None) => {}
                (_, Some((name, is_other))) => {
                    if is_other {
                        no_columns.push(name.clone());
                    }
                    item.expr = Expr::Identifier(quoted(&name));
                }
                _ => return None,
            }
            by.push(item.to_string());
        }
        text.push_str(&format!(" ORDER BY {}", by.join(", ")));
    }
    if let Some(limit) = &query.limit_clause {
        let LimitClause::LimitOffset {
            limit: most,
            offset,
            limit_by,
        } = limit
        else {
            return None;
        };
        let is_number = |expr: &Expr| matches!(expr, Expr::Value(_));
        if !most.as_ref().is_none_or(is_number)
            || !offset
                .as_ref()
                .is_none_or(|offset| is_number(&offset.value))
            || !limit_by.is_empty()
        {
            return None;
        }
        text.push_str(&limit.to_string());
    }
    Some(text)
}

/// A column of the result that has a name.
fn named(item: &SelectItem) -> Option<(&Expr, Ident)> {
    let (expr, name) = match item {
        SelectItem::ExprWithAlias { expr, alias } => (expr, alias.clone()),
        SelectItem::UnnamedExpr(expr @ Expr::Identifier(column)) => (expr, column.clone()),
        _ => return None,
    };
    (!name.value.starts_with(OURS)).then_some((expr, name))
}

fn key_name(place: usize) -> String {
    format!("{OURS}key_{place}")
}

fn quoted(name: &str) -> Ident {
    Ident::with_quote('"', name)
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
