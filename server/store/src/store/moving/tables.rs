//! What our tables look like: columns, keys, and who refers to whom.
//!
//! Nobody has to keep a list. The migrations make the tables in a database in memory, and that one
//! is asked; both kinds of database have the same tables by the same text.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, ConnectOptions};

use crate::store::schema;

/// Not carried over: what the database keeps for itself.
const OWN: [&str; 2] = ["_sqlx_migrations", "claim_gate"];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Boolean,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Columns that order its rows: its key, or all of them.
    order: Vec<String>,
    parents: BTreeSet<String>,
}

impl Table {
    pub(super) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    pub(super) fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.quoted())
    }

    /// All rows, in an order that is the same on both databases: by their bytes.
    pub(super) fn select(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Boolean => format!(
                    "CASE WHEN {name} THEN 1 WHEN NOT {name} THEN 0 END",
                    name = quoted(&column.name)
                ),
                Kind::Integer | Kind::Text => quoted(&column.name),
            })
            .collect();
        let order: Vec<String> = self
            .order
            .iter()
            .map(|name| format!("{} NULLS FIRST", quoted(name)))
            .collect();
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            columns.join(", "),
            self.quoted(),
            order.join(", ")
        )
    }

    pub(super) fn insert(&self, rows: usize) -> String {
        let names: Vec<String> = self
            .columns
            .iter()
            .map(|column| quoted(&column.name))
            .collect();
        let width = names.len();
        let rows: Vec<String> = (0..rows)
            .map(|row| {
                let values: Vec<String> = (1..=width)
                    .map(|column| format!("${}", row * width + column))
                    .collect();
                format!("({})", values.join(", "))
            })
            .collect();
        format!(
            "INSERT INTO {} ({}) VALUES {}",
            self.quoted(),
            names.join(", "),
            rows.join(", ")
        )
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Every table that is carried over, each after those it refers to.
pub(super) async fn all() -> Result<Vec<Table>, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let options: sqlx::any::AnyConnectOptions = "sqlite::memory:".parse()?;
    let mut connection = options.connect().await?;
    schema::make(&mut connection).await?;
    let mut left = unordered(&mut connection).await?;
    let mut ordered: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let done: BTreeSet<String> = ordered.iter().map(|table| table.name.clone()).collect();
        let (ready, waiting): (Vec<Table>, Vec<Table>) = left
            .into_iter()
            .partition(|table| table.parents.is_subset(&done));
        // Tables that refer to each other could not be filled one after the other.
        if ready.is_empty() {
            return Err(sqlx::Error::Protocol("tables refer in a circle".to_owned()));
        }
        ordered.extend(ready);
        left = waiting;
    }
    Ok(ordered)
}

async fn unordered(connection: &mut AnyConnection) -> Result<Vec<Table>, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
          ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = Vec::new();
    for name in names {
        if OWN.contains(&name.as_str()) {
            continue;
        }
        let described: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut *connection)
                .await?;
        let parents: Vec<String> =
            sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list($1)")
                .bind(&name)
                .fetch_all(&mut *connection)
                .await?;
        let mut key: Vec<(i64, String)> = described
            .iter()
            .filter(|(_, _, place)| *place > 0)
            .map(|(column, _, place)| (*place, column.clone()))
            .collect();
        key.sort();
        let order = match key.is_empty() {
            true => described
                .iter()
                .map(|(column, ..)| column.clone())
                .collect(),
            false => key.into_iter().map(|(_, column)| column).collect(),
        };
        let columns = described
            .into_iter()
            .map(|(column, kind, _)| Column {
                name: column,
                kind: match kind.as_str() {
                    "BIGINT" => Kind::Integer,
                    "BOOLEAN" => Kind::Boolean,
                    _ => Kind::Text,
                },
            })
            .collect();
        let parents = parents.into_iter().filter(|parent| *parent != name);
        tables.push(Table {
            parents: parents.collect(),
            name,
            columns,
            order,
        });
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_comes_after_those_it_refers_to() {
        let tables = all().await.unwrap();
        let place = |name: &str| tables.iter().position(|table| table.name == name).unwrap();
        assert!(place("people") < place("person_groups"));
        assert!(place("groups") < place("person_groups"));
        assert!(place("sources") < place("runs") && place("runs") < place("run_sources"));
        assert!(place("runs") < place("run_owners"));
        assert!(place("runs") < place("outbox"));
        assert!(
            tables
                .iter()
                .all(|table| !OWN.contains(&table.name.as_str()))
        );
    }

    /// The three types that `sqlx::Any` and this module know how to carry.
    #[tokio::test]
    async fn columns_hold_integers_texts_and_truth_values() {
        sqlx::any::install_default_drivers();
        let options: sqlx::any::AnyConnectOptions = "sqlite::memory:".parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        schema::make(&mut connection).await.unwrap();
        let types: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
              WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' ORDER BY c.type",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        assert_eq!(types, ["BIGINT", "BOOLEAN", "TEXT"]);
    }
}
