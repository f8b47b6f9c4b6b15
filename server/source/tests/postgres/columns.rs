//! Names of columns, and statements with columns that can only be read as text.

use rows::{ColumnData, ColumnType};

use crate::place::Place;

#[tokio::test]
async fn columns_need_names_of_their_own() {
    let place = Place::new("CREATE TABLE t (id int, \"Id\" int)").await;
    for (sql, message) in [
        (
            "SELECT 1, 2 AS b",
            "column 1 (`?column?`) has no name; write `… AS name`",
        ),
        (
            "SELECT 1 AS a, 2 AS b, 3 AS a",
            "columns 1 and 3 are both `a`; give each its own name with `… AS name`",
        ),
        (
            "SELECT * FROM t",
            "columns 1 and 2 are both `Id`; give each its own name with `… AS name`",
        ),
        (
            "SELECT sum(id), sum(id) FROM t",
            "columns 1 and 2 are both `sum`; give each its own name with `… AS name`",
        ),
        ("SELECT", "it returns no columns; write a SELECT"),
    ] {
        let error = place.error(sql).await;
        assert_eq!(
            error.to_string(),
            format!(
                "the statement for the source `shop` returns columns that cannot be told apart: {message}"
            ),
            "{sql}"
        );
        assert_eq!(
            place.source.describe(sql).await.unwrap_err().to_string(),
            error.to_string()
        );
    }
}

#[tokio::test]
async fn columns_that_are_read_as_text_change_nothing_else() {
    let place = Place::new(
        "CREATE TABLE t (id int, tags text[], \"odd \"\" name\" interval, price numeric(9,3));
         INSERT INTO t SELECT i, ARRAY['a', i::text], make_interval(days => i), i / 8.0
         FROM generate_series(1, 5000) AS i;",
    )
    .await;
    // Sorted, limited, with a comment and a semicolon at the end.
    let sql = "SELECT id, tags, \"odd \"\" name\", price FROM t ORDER BY md5(id::text) LIMIT 4000; -- the end";
    let error = place.refusal(sql).await;
    assert!(
        error.contains("`tags`, `odd \" name` can only be read as text"),
        "{error}"
    );
    let sql = "SELECT id, tags, \"odd \"\" name\", price FROM t ORDER BY md5(id::text) LIMIT 4000 -- the end";
    let (columns, chunks) = place.read(sql).await.unwrap();
    let kinds: Vec<_> = columns.iter().map(|column| column.kind).collect();
    let text = ColumnType::Text;
    assert_eq!(
        kinds,
        [
            ColumnType::Integer,
            text,
            text,
            ColumnType::Decimal { scale: 3 }
        ]
    );
    assert_eq!(columns[2].name, "odd \" name");
    let printed = place
        .printed("SELECT id || ' ' || tags::text || ' ' || \"odd \"\" name\"::text FROM t ORDER BY md5(id::text) LIMIT 4000")
        .await;
    let mut expected = printed.iter();
    for chunk in &chunks {
        let [
            ColumnData::Integer(ids),
            ColumnData::Text(tags),
            ColumnData::Text(spans),
            _,
        ] = chunk.columns.as_slice()
        else {
            panic!("other types")
        };
        for row in 0..chunk.rows {
            let ours = format!(
                "{} {} {}",
                ids.at(row).unwrap(),
                tags.text(row).unwrap(),
                spans.text(row).unwrap()
            );
            assert_eq!(expected.next().unwrap().as_deref(), Some(ours.as_str()));
        }
    }
    assert!(expected.next().is_none());
}

#[tokio::test]
async fn no_rows_are_columns_and_nothing_else() {
    let place = Place::new("").await;
    let (columns, chunks) = place
        .read("SELECT 1 AS id, 'x' AS name, now() AS at WHERE false")
        .await
        .unwrap();
    let kinds: Vec<_> = columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [ColumnType::Integer, ColumnType::Text, ColumnType::Datetime]
    );
    assert!(chunks.is_empty());
}

#[tokio::test]
async fn statements_of_the_server_that_only_read_are_read() {
    let place = Place::new("CREATE TABLE t (id int)").await;
    for sql in [
        "SHOW server_version",
        "EXPLAIN SELECT * FROM t",
        "VALUES (1, 'a')",
        "TABLE t",
        "WITH a AS (SELECT 1 AS id) SELECT id FROM a",
        "(SELECT 1 AS id) UNION ALL (SELECT 2)",
    ] {
        if let Err(error) = place.read(sql).await {
            panic!("{sql}: {error}");
        }
    }
}
