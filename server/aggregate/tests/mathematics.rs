//! Functions of numbers over thousands of values, computed here and by PostgreSQL.

use std::collections::BTreeMap;

use aggregate::{Column, SqlType, Table};
use polars::prelude::{IntoLazy, df};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const ROWS: usize = 4_000;

/// Functions of all doubles `a` and `b`, which are never infinite.
const OF_DOUBLES: &[&str] = &[
    "SIN(a)",
    "COS(a)",
    "TAN(a)",
    "COT(a)",
    "ATAN(a)",
    "ATAN2(a, b)",
    "SIND(a)",
    "COSD(a)",
    "TAND(a)",
    "COTD(a)",
    "ATAND(a)",
    "ATAN2D(a, b)",
    "CASE WHEN ABS(a) <= 1 THEN ASIN(a) END",
    "CASE WHEN ABS(a) <= 1 THEN ACOS(a) END",
    "CASE WHEN ABS(a) <= 1 THEN ASIND(a) END",
    "CASE WHEN ABS(a) <= 1 THEN ACOSD(a) END",
    "CASE WHEN ABS(a) BETWEEN 1E-30 AND 1E30 THEN DEGREES(a) END",
    "CASE WHEN ABS(a) BETWEEN 1E-30 AND 1E30 THEN RADIANS(a) END",
    "CASE WHEN ABS(a) < 700 THEN EXP(a) END",
    "CASE WHEN a > 0 THEN LN(a) END",
    "CASE WHEN a > 0 THEN LOG(a) END",
    "CASE WHEN a >= 0 THEN SQRT(a) END",
    "CASE WHEN ABS(a) BETWEEN 1E-3 AND 1E3 AND ABS(b) BETWEEN 1E-3 AND 50 THEN POWER(ABS(a), b) END",
    "CAST(CASE WHEN a <> b THEN WIDTH_BUCKET(CAST(1.25 AS DOUBLE PRECISION), a, b, 17) END AS DOUBLE PRECISION)",
    "CAST(CASE WHEN b <> 0 THEN WIDTH_BUCKET(a, -b, b, 1000) END AS DOUBLE PRECISION)",
];

/// Functions of whole numbers `n` of 64 bits and `m` of 32.
const OF_WHOLE: &[&str] = &[
    "GCD(n, m)",
    "CASE WHEN ABS(n) < 1000000000 THEN LCM(n, m) END",
    "CAST(LCM(n * 0.0001, m * 0.01) * 10000 AS NUMERIC(38, 0))",
    "CAST(GCD(n * 0.0001, m * 0.01) * 10000 AS NUMERIC(38, 0))",
    "n & m",
    "n | m",
    "n # m",
    "~n",
    "n << 3",
    "n << m",
    "n >> m",
    "m << 7",
    "m >> m",
    "m << m & 255 | 3 # n",
    "CAST(WIDTH_BUCKET(m * 0.01, -1000, n * 1.000 + 0.5, 12345) AS BIGINT)",
];

fn double(random: &mut StdRng) -> f64 {
    match random.random_range(0..6) {
        0 => f64::from(random.random_range(-24_i32..=24)) * 15.0,
        1 => random.random_range(-1.0..=1.0),
        2 => random.random_range(-800.0..800.0),
        3 => *[0.0, 0.5, -0.5, 1.0, -1.0, 1e-8, 90.0, 1e15]
            .get(random.random_range(0..8_usize))
            .unwrap_or(&0.0),
        4 => {
            let size: f64 = random.random_range(-300.0..300.0);
            10_f64.powf(size) * if random.random() { 1.0 } else { -1.0 }
        }
        _ => random.random_range(-1e6..1e6),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn doubles_are_those_of_postgresql_to_the_last_bit() {
    let mut random = StdRng::seed_from_u64(11);
    let pairs: Vec<(f64, f64)> = (0..ROWS)
        .map(|_| (double(&mut random), double(&mut random)))
        .collect();
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let frame = df!("a" => &a, "b" => &b).expect("a frame").lazy();
    let tables = BTreeMap::from([("rows".to_owned(), frame)]);
    let (_database, mut connection) = connection().await;
    let mut differences = Vec::new();
    for expression in OF_DOUBLES {
        let answer = ours(expression, SqlType::Double, ["a", "b"], &tables);
        let ours: Vec<Option<f64>> = answer.f64().expect("doubles").iter().collect();
        let statement = format!(
            "SELECT {expression} FROM UNNEST($1::FLOAT8[], $2::FLOAT8[])
             WITH ORDINALITY AS rows (a, b, place) ORDER BY place"
        );
        let theirs: Vec<Option<f64>> = sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(&a)
            .bind(&b)
            .fetch_all(&mut connection)
            .await
            .expect("PostgreSQL's answer");
        let is_same = |one: Option<f64>, other: Option<f64>| {
            one.map(f64::to_bits) == other.map(f64::to_bits)
                || one
                    .zip(other)
                    .is_some_and(|(a, b)| a.is_nan() && b.is_nan())
        };
        let different: Vec<_> = (0..ROWS)
            .filter(|row| !is_same(ours[*row], theirs[*row]))
            .collect();
        if let Some(row) = different.first() {
            differences.push(format!(
                "{expression}: {} rows, first a = {:?}, b = {:?}: {:?}, PostgreSQL's {:?}",
                different.len(),
                a[*row],
                b[*row],
                ours[*row],
                theirs[*row]
            ));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_numbers_are_those_of_postgresql() {
    let mut random = StdRng::seed_from_u64(12);
    let n: Vec<i64> = (0..ROWS)
        .map(|_| match random.random_range(0..4) {
            0 => random.random_range(-50..50),
            1 => random.random_range(-1_000_000..1_000_000),
            _ => random.random_range(-4_000_000_000_000_000..4_000_000_000_000_000),
        })
        .collect();
    let m: Vec<i32> = (0..ROWS)
        .map(|_| match random.random_range(0..3) {
            0 => random.random(),
            1 => random.random_range(0..70),
            _ => random.random_range(-200..200),
        })
        .collect();
    let wide: Vec<i64> = m.iter().copied().map(i64::from).collect();
    let frame = df!("n" => &n, "m" => &wide).expect("a frame").lazy();
    let tables = BTreeMap::from([("rows".to_owned(), frame)]);
    let (_database, mut connection) = connection().await;
    let mut differences = Vec::new();
    for expression in OF_WHOLE {
        let shown = format!("CAST({expression} AS TEXT)");
        let answer = ours(&shown, SqlType::BigInt, ["n", "m"], &tables);
        let answer = answer.str().expect("texts").clone();
        let statement = format!(
            "SELECT {shown} FROM UNNEST($1::INT8[], $2::INT4[])
             WITH ORDINALITY AS rows (n, m, place) ORDER BY place"
        );
        let theirs: Vec<Option<String>> = sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(&n)
            .bind(&m)
            .fetch_all(&mut connection)
            .await
            .expect("PostgreSQL's answer");
        for (row, theirs) in theirs.iter().enumerate() {
            if answer.get(row) != theirs.as_deref() {
                differences.push(format!(
                    "{expression}: n = {}, m = {}: {:?}, PostgreSQL's {theirs:?}",
                    n[row],
                    m[row],
                    answer.get(row)
                ));
                break;
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The database is there as long as it is held.
async fn connection() -> (testbed::Database, PgConnection) {
    let database = testbed::postgres().database().expect("a database");
    let connection = PgConnection::connect(&database.reader)
        .await
        .expect("a connection");
    (database, connection)
}

/// The column an expression is over the rows.
fn ours(
    expression: &str,
    kind: SqlType,
    names: [&str; 2],
    tables: &BTreeMap<String, polars::prelude::LazyFrame>,
) -> polars::prelude::Series {
    let kinds = [
        kind,
        match kind {
            SqlType::BigInt => SqlType::Integer,
            kind => kind,
        },
    ];
    let table = Table {
        name: "rows".to_owned(),
        columns: Some(
            names
                .iter()
                .zip(kinds)
                .map(|(name, kind)| Column {
                    name: (*name).to_owned(),
                    kind,
                })
                .collect(),
        ),
    };
    let statement = format!("SELECT {expression} AS answer FROM rows");
    let query = report::parse_query(&statement).expect("a statement");
    let plan = aggregate::plan(&query, &[table]).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let answer = plan
        .run(tables)
        .unwrap_or_else(|fault| panic!("{expression}: {fault:?}"));
    answer.columns()[0].as_materialized_series().clone()
}
