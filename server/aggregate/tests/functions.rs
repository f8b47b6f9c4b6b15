//! The example of every row of the table, computed here and by PostgreSQL.

use std::collections::BTreeMap;

use aggregate::{Function, Scale, SqlType, functions, statements};
use polars::prelude::DataType;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The type and the text of what the example gives.
fn ours(example: &str) -> Result<(SqlType, Option<String>), String> {
    let (kind, value) = run(&format!("SELECT {example} AS answer"))?;
    if kind == SqlType::Numeric(Scale::Quotient) {
        // Blocks do not write quotients as texts: every row has another number of digits.
        return Ok((kind, value));
    }
    let (_, text) = run(&format!("SELECT CAST(({example}) AS TEXT) AS answer"))?;
    Ok((kind, text))
}

fn run(statement: &str) -> Result<(SqlType, Option<String>), String> {
    let query = report::parse_query(statement).map_err(|error| error.to_string())?;
    let plan = aggregate::plan(&query, &[]).map_err(|refusal| format!("{refusal:?}"))?;
    let answer = plan
        .run(&BTreeMap::new())
        .map_err(|fault| format!("{fault:?}"))?;
    assert_eq!((answer.height(), answer.width()), (1, 1), "{statement}");
    let column = answer.columns()[0].cast(&DataType::String);
    let column = column.map_err(|error| error.to_string())?;
    let text = column.str().ok().and_then(|texts| texts.get(0));
    Ok((plan.columns()[0].kind, text.map(str::to_owned)))
}

async fn theirs(
    connection: &mut PgConnection,
    expression: &str,
) -> Result<(String, Option<String>), String> {
    let statement =
        format!("SELECT CAST(pg_typeof({expression}) AS text), CAST(({expression}) AS text)");
    sqlx::query_as(AssertSqlSafe(statement))
        .fetch_one(connection)
        .await
        .map_err(|error| error.to_string())
}

/// The name PostgreSQL has for the type.
fn name(kind: SqlType) -> String {
    match kind {
        SqlType::Timestamp => "timestamp without time zone".to_owned(),
        SqlType::Time => "time without time zone".to_owned(),
        kind => kind.to_string(),
    }
}

/// A quotient has more zeros at its end here.
fn plain(kind: SqlType, text: Option<String>) -> Option<String> {
    let text = text?;
    if kind != SqlType::Numeric(Scale::Quotient) || !text.contains('.') {
        return Some(text);
    }
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

async fn difference(function: &Function, connection: &mut PgConnection) -> Option<String> {
    let expression = function.postgres.unwrap_or(function.example);
    let theirs = theirs(connection, expression).await;
    let ours = ours(function.example);
    let is_same = match (&ours, &theirs) {
        (Ok((kind, text)), Ok((their_name, their_text))) => {
            name(*kind) == *their_name
                && plain(*kind, text.clone()) == plain(*kind, their_text.clone())
        }
        _ => false,
    };
    (!is_same).then(|| {
        format!(
            "{}: ours {ours:?}, PostgreSQL's {theirs:?}",
            function.example
        )
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_gives_what_postgresql_gives() {
    let database = testbed::postgres().database().expect("a database");
    let mut connection = PgConnection::connect(&database.reader)
        .await
        .expect("a connection");
    let mut differences = Vec::new();
    for function in functions::all() {
        differences.extend(difference(function, &mut connection).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_row_says_what_it_means_in_both_languages() {
    for function in functions::all() {
        let [korean, english] = function.meaning;
        assert!(!korean.is_empty(), "{}", function.name);
        assert!(english.ends_with('.'), "{}: {english}", function.name);
        assert_eq!(function.name, function.name.to_lowercase());
    }
}

/// Texts, numbers, dates and times, absent ones among them.
const ROWS: &str = "(VALUES
    ('서울 1호점', '호', 2, DATE '2024-02-29', TIMESTAMP '2024-12-30 23:59:59.5', TIME '10:20:30.25'),
    ('abcABC', 'b', -1, DATE '1900-03-01', TIMESTAMP '1969-12-31 00:00:00', TIME '00:00:00'),
    ('', '', 0, DATE '0001-02-01', TIMESTAMP '2026-08-19 12:00:00', TIME '23:59:59.999999'),
    (' a,b,,c ', ',', 3, DATE '9999-12-01', TIMESTAMP '2000-01-01 00:00:00.000001', NULL),
    (NULL, 'x', 1, NULL, NULL, TIME '12:00:00'),
    ('straße', NULL, NULL, DATE '2026-01-01', TIMESTAMP '2026-01-04 01:02:03', NULL)
) AS one (a, b, n, d, t, c)";

const OVER_ROWS: &[&str] = &[
    "a || b",
    "CONCAT(a, b, a)",
    "CONCAT_WS(b, a, 'x', a)",
    "LENGTH(a)",
    "OCTET_LENGTH(a)",
    "LOWER(a)",
    "UPPER(a)",
    "LEFT(a, n)",
    "RIGHT(a, n)",
    "LPAD(a, n, b)",
    "RPAD(a, 8)",
    "TRIM(a)",
    "LTRIM(a, b)",
    "REPLACE(a, b, '<>')",
    "REPLACE(a, b, a)",
    "TRANSLATE(a, 'abc', b)",
    "REVERSE(a)",
    "REPEAT(a, n)",
    "SUBSTRING(a FROM n)",
    "SUBSTRING(a FROM n FOR 2)",
    "SPLIT_PART(a, b, 2)",
    "STRPOS(a, b)",
    "POSITION(b IN a)",
    "STARTS_WITH(a, b)",
    "ASCII(a)",
    "a LIKE '%b%'",
    "a LIKE b || '%'",
    "a NOT LIKE '_b%'",
    "a ILIKE 'ABC%'",
    "a LIKE b ESCAPE ''",
    "a ~ '^[a-z]+'",
    "a !~* 'B'",
    "REGEXP_REPLACE(a, '[a-c]+', '<\\&>', 'gi')",
    "REGEXP_SUBSTR(a, '[0-9]')",
    "REGEXP_COUNT(a, '[abc]')",
    "d + n",
    "n + d",
    "d - n - 1",
    "d - DATE '2020-01-01'",
    "d + c",
    "DATE_TRUNC('week', t)",
    "DATE_TRUNC('minute', t)",
    "CAST(DATE_TRUNC('quarter', d) AS DATE)",
    "EXTRACT(EPOCH FROM t)",
    "EXTRACT(SECOND FROM t)",
    "EXTRACT(MILLISECONDS FROM c)",
    "EXTRACT(ISOYEAR FROM d)",
    "DATE_PART('hour', d)",
    "DATE_PART('second', t)",
    "DATE_PART('epoch', c)",
    "TO_CHAR(t, 'FMDay DDD IYYY-IW HH12:MI:SS.US AM')",
    "TO_CHAR(d, 'YYYY\"년\" FMMM\"월\"')",
];

#[tokio::test(flavor = "multi_thread")]
async fn columns_give_what_postgresql_gives_row_by_row() {
    let database = testbed::postgres().database().expect("a database");
    let mut connection = PgConnection::connect(&database.reader)
        .await
        .expect("a connection");
    let mut differences = Vec::new();
    for expression in OVER_ROWS {
        // All rows, and one alone, which is computed as constants are.
        for place in ["1 = 1", "a = 'abcABC'", "a IS NULL"] {
            let statement = format!(
                "SELECT CAST(({expression}) AS TEXT) AS answer FROM {ROWS} WHERE {place} ORDER BY a"
            );
            let theirs: Result<Vec<Option<String>>, _> =
                sqlx::query_scalar(AssertSqlSafe(statement.as_str()))
                    .fetch_all(&mut connection)
                    .await;
            let ours = texts(&statement);
            match (ours, theirs) {
                (Ok(ours), Ok(theirs)) if ours == theirs => {}
                (ours, theirs) => {
                    differences.push(format!("{expression}: {ours:?} and {theirs:?}"))
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn texts(statement: &str) -> Result<Vec<Option<String>>, String> {
    let query = report::parse_query(statement).map_err(|error| error.to_string())?;
    let plan = aggregate::plan(&query, &[]).map_err(|refusal| format!("{refusal:?}"))?;
    let answer = plan
        .run(&BTreeMap::new())
        .map_err(|fault| format!("{fault:?}"))?;
    let texts = answer.columns()[0]
        .str()
        .map_err(|error| error.to_string())?;
    Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
}

/// The values of a statement of one column, sorted.
fn answers(statement: &str) -> Result<(SqlType, Vec<Option<String>>), String> {
    let query = report::parse_query(statement).map_err(|error| error.to_string())?;
    let plan = aggregate::plan(&query, &[]).map_err(|refusal| format!("{refusal:?}"))?;
    let kind = plan.columns()[0].kind;
    if kind != SqlType::Numeric(Scale::Quotient) {
        let shown =
            format!("SELECT CAST(answer AS TEXT) AS answer FROM ({statement}) AS one (answer)");
        return Ok((kind, texts(&shown)?));
    }
    let answer = plan
        .run(&BTreeMap::new())
        .map_err(|fault| format!("{fault:?}"))?;
    let column = answer.columns()[0].cast(&DataType::String);
    let column = column.map_err(|error| error.to_string())?;
    let values = column.str().map_err(|error| error.to_string())?;
    Ok((
        kind,
        values.iter().map(|text| text.map(str::to_owned)).collect(),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_of_the_table_gives_what_postgresql_gives() {
    let database = testbed::postgres().database().expect("a database");
    let mut connection = PgConnection::connect(&database.reader)
        .await
        .expect("a connection");
    let mut differences = Vec::new();
    for row in statements::all() {
        let asked = row.postgres.unwrap_or(row.example);
        let shown = format!("SELECT CAST(answer AS TEXT) FROM ({asked}) AS one (answer)");
        let theirs: Result<Vec<Option<String>>, _> = sqlx::query_scalar(AssertSqlSafe(shown))
            .fetch_all(&mut connection)
            .await;
        let is_same = match (answers(row.example), &theirs) {
            (Ok((kind, ours)), Ok(theirs)) => {
                let sorted = |values: &[Option<String>]| {
                    let mut values: Vec<_> = values
                        .iter()
                        .map(|value| plain(kind, value.clone()))
                        .collect();
                    values.sort();
                    values
                };
                sorted(&ours) == sorted(theirs)
            }
            _ => false,
        };
        if !is_same {
            let ours = answers(row.example);
            differences.push(format!("{}: {ours:?} and {theirs:?}", row.example));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_statement_says_what_it_means_in_both_languages() {
    for row in statements::all() {
        let [korean, english] = row.meaning;
        assert!(!korean.is_empty(), "{}", row.name);
        assert!(english.ends_with('.'), "{}: {english}", row.name);
    }
}
