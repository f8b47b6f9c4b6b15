//! The table of the benchmarks: eleven columns as sales data has them, the same in every database.
//!
//! Three years of orders from 2023 on, four texts in Korean and English of which three repeat, an integer, two exact
//! decimals, a boolean, and a note that is often missing.

use anyhow::{Context, Result, bail};
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::shop;

const POSTGRES: &str = "
DROP TABLE IF EXISTS bench_orders;
CREATE TABLE bench_orders (
  id bigint PRIMARY KEY, ordered_at timestamp NOT NULL, customer text NOT NULL, region text NOT NULL,
  channel text NOT NULL, product text NOT NULL, quantity integer NOT NULL, amount numeric(12,2) NOT NULL,
  discount numeric(6,4) NOT NULL, is_gift boolean NOT NULL, note text);
-- rows
INSERT INTO bench_orders
SELECT i, timestamp '2023-01-01' + (i * 94608000.0 / ROWS) * interval '1 second', '고객 ' || (i * 7919 % 5000),
       (ARRAY['서울','부산','대구','인천','광주','대전','울산'])[1 + i % 7],
       (ARRAY['online','store','phone','partner','live'])[1 + i % 5], 'Product ' || (i % 40),
       1 + i % 9, (i * 104729 % 100000000) / 100.0, (i % 3000) / 10000.0, i % 7 = 0,
       CASE WHEN i % 5 = 0 THEN '선물 포장 note ' || i END
  FROM generate_series(0, ROWS - 1::bigint) AS i;
-- rest
CREATE INDEX ON bench_orders (ordered_at);
ANALYZE bench_orders;
GRANT SELECT ON bench_orders TO PUBLIC;";

const MARIADB: &str = "
DROP TABLE IF EXISTS bench_orders;
CREATE TABLE bench_orders (
  id bigint PRIMARY KEY, ordered_at datetime(6) NOT NULL, customer varchar(40) NOT NULL, region varchar(40) NOT NULL,
  channel varchar(40) NOT NULL, product varchar(40) NOT NULL, quantity integer NOT NULL, amount decimal(12,2) NOT NULL,
  discount decimal(6,4) NOT NULL, is_gift boolean NOT NULL, note text, KEY (ordered_at)) CHARACTER SET utf8mb4;
-- rows
INSERT INTO bench_orders
SELECT seq, timestampadd(SECOND, seq * 94608000 DIV ROWS, '2023-01-01'), CONCAT('고객 ', seq * 7919 % 5000),
       ELT(1 + seq % 7, '서울','부산','대구','인천','광주','대전','울산'),
       ELT(1 + seq % 5, 'online','store','phone','partner','live'), CONCAT('Product ', seq % 40),
       1 + seq % 9, (seq * 104729 % 100000000) / 100, (seq % 3000) / 10000, seq % 7 = 0,
       CASE WHEN seq % 5 = 0 THEN CONCAT('선물 포장 note ', seq) END
  FROM seq_0_to_LAST;
-- rest
ANALYZE TABLE bench_orders;";

const SQLITE: &str = "
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
DROP TABLE IF EXISTS bench_orders;
CREATE TABLE bench_orders (
  id INTEGER PRIMARY KEY, ordered_at DATETIME NOT NULL, customer TEXT NOT NULL, region TEXT NOT NULL,
  channel TEXT NOT NULL, product TEXT NOT NULL, quantity INTEGER NOT NULL, amount DECIMAL(12,2) NOT NULL,
  discount DECIMAL(6,4) NOT NULL, is_gift BOOLEAN NOT NULL, note TEXT);
-- rows
WITH RECURSIVE series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i < LAST),
  region(n, name) AS (VALUES (0,'서울'),(1,'부산'),(2,'대구'),(3,'인천'),(4,'광주'),(5,'대전'),(6,'울산')),
  channel(n, name) AS (VALUES (0,'online'),(1,'store'),(2,'phone'),(3,'partner'),(4,'live'))
INSERT INTO bench_orders
SELECT i, datetime('2023-01-01', (i * 94608000 / ROWS) || ' seconds'), '고객 ' || (i * 7919 % 5000),
       region.name, channel.name, 'Product ' || (i % 40),
       1 + i % 9, (i * 104729 % 100000000) / 100.0, (i % 3000) / 10000.0, i % 7 = 0,
       CASE WHEN i % 5 = 0 THEN '선물 포장 note ' || i END
  FROM series JOIN region ON region.n = i % 7 JOIN channel ON channel.n = i % 5;
-- rest
CREATE INDEX bench_orders_ordered_at ON bench_orders (ordered_at);
ANALYZE;";

/// Rows of one statement.
const AT_ONCE: u32 = 2_000;

/// Which rows the table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What repeats does so in a cycle; the database makes them.
    Cycle,
    /// As shops have them ([`shop`]).
    Shop,
}

/// Makes the table with so many rows and returns their number.
pub(crate) async fn fill(url: &str, rows: u32, kind: Kind) -> Result<u64> {
    if rows == 0 {
        bail!("a table without rows measures nothing; write at least 1");
    }
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("postgres" | "postgresql") => {
            let mut database = PgConnection::connect(url).await?;
            for sql in statements(POSTGRES, rows, kind) {
                sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut database)
                    .await?;
            }
        }
        Some("mysql" | "mariadb") => {
            let mut database =
                MySqlConnection::connect(&url.replacen("mariadb:", "mysql:", 1)).await?;
            for sql in statements(MARIADB, rows, kind) {
                sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut database)
                    .await?;
            }
        }
        Some("sqlite") => {
            let path = url.strip_prefix("sqlite:").context("a path")?;
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true);
            let mut database = SqliteConnection::connect_with(&options).await?;
            for sql in statements(SQLITE, rows, kind) {
                sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut database)
                    .await?;
            }
            database.close().await?;
        }
        _ => bail!("the URL names no kind of database; write postgres://, mysql:// or sqlite:PATH"),
    }
    Ok(u64::from(rows))
}

/// What makes the table: one statement after the other.
fn statements(script: &str, rows: u32, kind: Kind) -> Box<dyn Iterator<Item = String> + Send> {
    let sql = |text: &str| {
        text.replace("ROWS", &rows.to_string())
            .replace("LAST", &(rows - 1).to_string())
    };
    if kind == Kind::Cycle {
        return Box::new(std::iter::once(sql(script)));
    }
    let (table, rest) = script.split_once("-- rows").unwrap_or((script, ""));
    let (_, rest) = rest.split_once("-- rest").unwrap_or(("", ""));
    let (table, rest) = (format!("{table}\nBEGIN;"), format!("COMMIT;\n{rest}"));
    let mut orders = shop::Orders::of(rows);
    let inserts = std::iter::from_fn(move || orders.insert(AT_ONCE));
    Box::new(
        std::iter::once(table)
            .chain(inserts)
            .chain(std::iter::once(rest)),
    )
}
