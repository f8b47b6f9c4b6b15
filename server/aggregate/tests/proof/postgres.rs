//! A private PostgreSQL that is given tables and asked statements.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Executor, Row, SqlSafeStr, Statement, TypeInfo,
};
use tokio::runtime::Runtime;

use super::answer::Answer;
use super::tables::{Dialect, Table};

/// One session in a database of its own, whose texts are compared byte by byte.
pub struct Server {
    runtime: Runtime,
    connection: PgConnection,
    administrator: PgConnection,
    name: String,
    _place: testbed::Database,
}

impl Server {
    pub fn start() -> Self {
        let place = testbed::postgres().database().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // Upper and lower case of letters beyond ASCII need a character type of UTF-8.
        let name = format!("{}_u", place.name);
        let (administrator, connection) = runtime.block_on(async {
            let url = place.administrator.parse().unwrap();
            let options = PgConnectOptions::from_url(&url).unwrap();
            let mut administrator = options.clone().connect().await.unwrap();
            run(
                &mut administrator,
                &format!(
                    "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
                ),
            )
            .await
            .unwrap();
            let mut connection = options.database(&name).connect().await.unwrap();
            run(&mut connection, "SET statement_timeout = '5s'; SET TimeZone = 'UTC'; SET jit = off")
                .await
                .unwrap();
            (administrator, connection)
        });
        Self {
            runtime,
            connection,
            administrator,
            name,
            _place: place,
        }
    }

    /// Makes the tables the only ones.
    pub fn load(&mut self, tables: &[Table]) -> Result<(), String> {
        let mut script = vec!["DROP SCHEMA public CASCADE; CREATE SCHEMA public".to_owned()];
        for table in tables {
            script.push(table.create(Dialect::Postgres));
            script.extend(table.insert(Dialect::Postgres));
        }
        let script = script.join(";\n");
        self.runtime
            .block_on(run(&mut self.connection, &script))
            .map_err(|error| error.to_string())
    }

    /// Rows as PostgreSQL writes them, or what it says instead.
    pub fn ask(&mut self, text: &str) -> Result<Answer, String> {
        let connection = &mut self.connection;
        self.runtime
            .block_on(async {
                let rows = sqlx::raw_sql(AssertSqlSafe(text.to_owned()))
                    .fetch_all(&mut *connection)
                    .await?;
                let described;
                let columns = match rows.first() {
                    Some(row) => row.columns(),
                    None => {
                        described = connection
                            .prepare(AssertSqlSafe(text.to_owned()).into_sql_str())
                            .await?;
                        described.columns()
                    }
                };
                Ok(Answer {
                    names: columns
                        .iter()
                        .map(|column| column.name().to_owned())
                        .collect(),
                    types: columns
                        .iter()
                        .map(|column| type_name(column.type_info().name()))
                        .collect(),
                    is_quotient: vec![false; columns.len()],
                    rows: rows
                        .iter()
                        .map(|row| {
                            (0..row.len())
                                .map(|place| {
                                    let value = row.try_get_raw(place).unwrap();
                                    value.as_str().ok().map(str::to_owned)
                                })
                                .collect()
                        })
                        .collect(),
                })
            })
            .map_err(|error: sqlx::Error| match error {
                sqlx::Error::Database(said) => said.message().to_owned(),
                other => other.to_string(),
            })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A second panic would hide what a test says.
        let _: Result<(), sqlx::Error> = self
            .runtime
            .block_on(run(&mut self.administrator, &statement));
    }
}

async fn run(connection: &mut PgConnection, script: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Names of types that are one type here.
fn type_name(name: &str) -> &'static str {
    match name {
        "BOOL" => "BOOL",
        "INT2" => "INT2",
        "INT4" => "INT4",
        "INT8" => "INT8",
        "NUMERIC" => "NUMERIC",
        "FLOAT4" => "FLOAT4",
        "FLOAT8" => "FLOAT8",
        "TEXT" | "VARCHAR" | "CHAR" | "UNKNOWN" => "TEXT",
        "DATE" => "DATE",
        "TIMESTAMP" => "TIMESTAMP",
        "TIMESTAMPTZ" => "TIMESTAMPTZ",
        "TIME" => "TIME",
        "INTERVAL" => "INTERVAL",
        _ => "other",
    }
}
