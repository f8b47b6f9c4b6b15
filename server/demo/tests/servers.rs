//! The demo shop in database servers: the same rows as in the file, and nobody else's tables touched.

use std::path::Path;

use demo::{DemoError, Loaded, Options, Summary};
use jiff::civil::{Date, date};
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

const TODAY: Date = date(2026, 11, 20);
const SMALL: Options = Options { orders: 4_000 };

async fn load(url: &str, options: Options, replace: bool) -> Result<Loaded, DemoError> {
    demo::load(url, TODAY, options, replace, |_, _| {}).await
}

async fn load_new(url: &str) -> Summary {
    match load(url, SMALL, false).await.unwrap() {
        Loaded::Made(summary) => summary,
        Loaded::WasThere(summary) => panic!("{summary:?} was there already"),
    }
}

async fn file(folder: &Path) -> (Summary, SqliteConnection) {
    let path = folder.join("shop.sqlite");
    let made = demo::make(&path, TODAY, SMALL, |_, _| {}).await.unwrap();
    let open = SqliteConnectOptions::new().filename(path).read_only(true);
    (made, open.connect().await.unwrap())
}

/// A table, its columns with the types SQLite declares, and how many of the first columns are its key.
struct Table {
    name: String,
    columns: Vec<(String, String)>,
}

async fn tables(shop: &mut SqliteConnection) -> Vec<Table> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .fetch_all(&mut *shop)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for name in names {
        let columns = sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY cid")
            .bind(&name)
            .fetch_all(&mut *shop)
            .await
            .unwrap();
        tables.push(Table { name, columns });
    }
    tables
}

/// One text per row: every column as its database prints it, parted by a character no text has.
///
/// The first two columns are a key in every table, or hold one.
fn rows_sql(
    table: &Table,
    quote: &str,
    print: impl Fn(&str, &str) -> String,
    join: &str,
) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|(name, kind)| {
            let name = format!("{quote}{name}{quote}");
            format!("COALESCE({}, '<NULL>')", print(&name, kind))
        })
        .collect();
    let texts = match join {
        "||" => columns.join(" || '\u{241e}' || "),
        _ => format!("CONCAT({})", columns.join(", '\u{241e}', ")),
    };
    let (first, second) = (&table.columns[0].0, &table.columns[1].0);
    format!(
        "SELECT {texts} FROM {} ORDER BY {quote}{first}{quote}, {quote}{second}{quote}",
        table.name
    )
}

fn same(table: &str, database: &str, found: &[String], expected: &[String]) {
    assert_eq!(found.len(), expected.len(), "rows of {table} in {database}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{table} in {database}");
    }
}

fn in_sqlite(name: &str, kind: &str) -> String {
    match kind {
        kind if kind.starts_with("DECIMAL") => {
            // printf would print NULL as 0.00.
            format!("CASE WHEN {name} IS NOT NULL THEN printf('%.2f', {name}) END")
        }
        "BOOLEAN" => format!("CASE {name} WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END"),
        _ => format!("CAST({name} AS TEXT)"),
    }
}

fn in_postgres(name: &str, kind: &str) -> String {
    match kind {
        "BOOLEAN" => format!("CASE WHEN {name} THEN 'yes' WHEN NOT {name} THEN 'no' END"),
        _ => format!("{name}::text"),
    }
}

fn in_mysql(name: &str, kind: &str) -> String {
    match kind {
        "BOOLEAN" => format!("CASE WHEN {name} THEN 'yes' WHEN NOT {name} THEN 'no' END"),
        _ => format!("CAST({name} AS CHAR)"),
    }
}

#[tokio::test]
async fn every_row_is_the_same_in_all_three_databases() {
    let folder = tempfile::tempdir().unwrap();
    let (made, mut sqlite) = file(folder.path()).await;
    let (in_pg, in_my) = (
        testbed::postgres().database().unwrap(),
        testbed::mariadb().database().unwrap(),
    );
    for url in [&in_pg.writer, &in_my.writer] {
        let loaded = load_new(url).await;
        assert!(loaded.bytes > 0);
        let bytes = made.bytes;
        assert_eq!(Summary { bytes, ..loaded }, made);
    }
    // As somebody who may only read.
    let mut postgres = PgConnection::connect(&in_pg.reader).await.unwrap();
    let mut mysql = MySqlConnection::connect(&in_my.reader).await.unwrap();
    let tables = tables(&mut sqlite).await;
    assert_eq!(tables.len(), 14);
    for table in &tables {
        let sql = rows_sql(table, "\"", in_sqlite, "||");
        let expected: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
        assert!(!expected.is_empty(), "{}", table.name);
        let sql = rows_sql(table, "\"", in_postgres, "||");
        let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut postgres)
            .await
            .unwrap();
        same(&table.name, "PostgreSQL", &found, &expected);
        let sql = rows_sql(table, "`", in_mysql, "CONCAT");
        let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut mysql)
            .await
            .unwrap();
        same(&table.name, "MariaDB", &found, &expected);
    }
}

#[tokio::test]
async fn columns_have_the_types_their_database_has_for_them() {
    let in_pg = testbed::postgres().database().unwrap();
    load_new(&in_pg.writer).await;
    let mut postgres = PgConnection::connect(&in_pg.reader).await.unwrap();
    let kinds: Vec<String> = sqlx::query_scalar(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute
         WHERE attrelid = 'orders'::regclass AND attnum > 0 ORDER BY attnum",
    )
    .fetch_all(&mut postgres)
    .await
    .unwrap();
    assert_eq!(
        kinds,
        [
            "bigint",
            "character varying(20)",
            "timestamp(0) without time zone",
            "bigint",
            "integer",
            "character varying(10)",
            "character varying(20)",
            "character varying(10)",
            "numeric(14,2)",
            "numeric(12,2)",
            "numeric(10,2)",
            "numeric(14,2)",
            "character varying(20)",
            "boolean",
            "timestamp(0) without time zone",
            "text"
        ]
    );
    let keys: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_constraint 
         WHERE contype IN ('p', 'f') AND connamespace = 'public'::regnamespace",
    )
    .fetch_one(&mut postgres)
    .await
    .unwrap();
    assert_eq!(keys, 13 + 15);
    let analysed: i64 =
        sqlx::query_scalar("SELECT reltuples::bigint FROM pg_class WHERE relname = 'orders'")
            .fetch_one(&mut postgres)
            .await
            .unwrap();
    assert_eq!(analysed, 4_000);

    let in_my = testbed::mariadb().database().unwrap();
    load_new(&in_my.writer).await;
    // The reader sees no constraints.
    let mut mysql = MySqlConnection::connect(&in_my.writer).await.unwrap();
    let kinds: Vec<String> = sqlx::query_scalar(
        "SELECT CAST(CONCAT(data_type, '(', numeric_precision, ',', numeric_scale, ')') AS CHAR)
         FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = 'order_line' ORDER BY ordinal_position",
    )
    .fetch_all(&mut mysql)
    .await
    .unwrap();
    assert_eq!(
        kinds,
        [
            "bigint(19,0)",
            "int(10,0)",
            "int(10,0)",
            "int(10,0)",
            "decimal(12,2)",
            "decimal(5,2)",
            "decimal(12,2)",
            "decimal(14,2)"
        ]
    );
    let keys: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM information_schema.table_constraints
         WHERE table_schema = DATABASE() AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')",
    )
    .fetch_one(&mut mysql)
    .await
    .unwrap();
    assert_eq!(keys, 13 + 15);
}

#[tokio::test]
async fn the_same_shop_stays_and_another_one_makes_room_only_when_told() {
    let in_pg = testbed::postgres().database().unwrap();
    let in_my = testbed::mariadb().database().unwrap();
    for url in [&in_pg.writer, &in_my.writer] {
        let made = load_new(url).await;
        for replace in [false, true] {
            let again = load(url, SMALL, replace).await.unwrap();
            let Loaded::WasThere(was) = again else {
                panic!("{again:?} was made anew")
            };
            assert_eq!(
                Summary { bytes: 0, ..was },
                Summary {
                    bytes: 0,
                    ..made.clone()
                }
            );
        }
        let larger = Options { orders: 5_000 };
        let refused = load(url, larger, false).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the database already holds another demo shop; add --replace to make a new one in its place"
        );
        let replaced = load(url, larger, true).await.unwrap();
        assert!(matches!(replaced, Loaded::Made(summary) if summary.orders == 5_000));
    }
}

#[tokio::test]
async fn tables_that_are_no_shop_are_never_touched() {
    let in_pg = testbed::postgres().database().unwrap();
    let in_my = testbed::mariadb().database().unwrap();
    let theirs = "CREATE TABLE orders (id integer)";
    let mut postgres = PgConnection::connect(&in_pg.writer).await.unwrap();
    postgres.execute(theirs).await.unwrap();
    let mut mysql = MySqlConnection::connect(&in_my.writer).await.unwrap();
    mysql.execute(theirs).await.unwrap();
    for url in [&in_pg.writer, &in_my.writer] {
        let refused = load(url, SMALL, true).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the database has a table `orders` that belongs to no demo shop; name another database, or another schema"
        );
    }
    postgres.execute("SELECT id FROM orders").await.unwrap();
    mysql.execute("SELECT id FROM orders").await.unwrap();
}

#[tokio::test]
async fn a_refusal_never_repeats_the_url() {
    for url in [
        "sqlite:shop.sqlite",
        "shop.sqlite",
        "oracle://scott:tiger-secret@db/shop",
        "postgres://me:tiger-secret@127.0.0.1:1/shop",
        "mysql://me:tiger-secret@127.0.0.1:1/shop",
    ] {
        let error = load(url, SMALL, false).await.unwrap_err();
        let chain = format!("{error}: {error:?}");
        assert!(!chain.contains("tiger-secret"), "{chain}");
        let wanted = if url.ends_with("1:1/shop") {
            "cannot reach the demo shop in the database server"
        } else {
            "a demo shop is loaded into a URL that begins with postgres:// or mysql://"
        };
        assert_eq!(error.to_string(), wanted);
    }
    let in_pg = testbed::postgres().database().unwrap();
    let error = load(&in_pg.reader, SMALL, false).await.unwrap_err();
    assert!(
        matches!(
            error,
            DemoError::Server {
                action: "write",
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn postgres_keeps_the_old_shop_when_it_is_killed_under_the_new_one() {
    let mut server = testbed::Postgres::start(&testbed::Options::default()).unwrap();
    let database = server.database().unwrap();
    load_new(&database.writer).await;
    let larger = Options { orders: 6_000 };
    let ended = demo::load(&database.writer, TODAY, larger, true, |step, _| {
        if step == "indexes" {
            server.kill().unwrap();
        }
    })
    .await;
    assert!(
        matches!(
            ended,
            Err(DemoError::Server {
                action: "write",
                ..
            })
        ),
        "{ended:?}"
    );
    server.start_again().unwrap();
    let again = load(&database.writer, SMALL, false).await.unwrap();
    assert!(matches!(again, Loaded::WasThere(summary) if summary.orders == 4_000));
}

#[tokio::test]
async fn mariadb_knows_a_shop_that_was_not_finished() {
    let mut server = testbed::Mariadb::start(&testbed::Options::default()).unwrap();
    let database = server.database().unwrap();
    let ended = demo::load(&database.writer, TODAY, SMALL, false, |step, _| {
        if step == "indexes" {
            server.kill().unwrap();
        }
    })
    .await;
    assert!(
        matches!(
            ended,
            Err(DemoError::Server {
                action: "write",
                ..
            })
        ),
        "{ended:?}"
    );
    server.start_again().unwrap();
    let refused = load(&database.writer, SMALL, false).await.unwrap_err();
    assert!(matches!(refused, DemoError::Taken), "{refused:?}");
    let replaced = load(&database.writer, SMALL, true).await.unwrap();
    assert!(matches!(replaced, Loaded::Made(summary) if summary.orders == 4_000));
}
