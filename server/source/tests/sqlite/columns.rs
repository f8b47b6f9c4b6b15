use rows::{ColumnData, ColumnType};
use source::Extract;

use crate::shop::Shop;

const NUMBERS: &str = "
CREATE TABLE n (i INTEGER PRIMARY KEY, price DECIMAL(10,2), day DATE, name TEXT);
WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000)
INSERT INTO n SELECT i, i / 4.0, date('2026-01-01', i || ' days'), 'n' || i FROM c;
";

async fn kind(shop: &Shop, expression: &str) -> ColumnType {
    let (columns, _) = shop
        .read(&format!("SELECT {expression} AS x FROM n ORDER BY i"))
        .await
        .unwrap();
    columns[0].kind
}

#[tokio::test]
async fn expressions_take_the_type_of_their_first_rows() {
    let shop = Shop::new(NUMBERS).await;
    assert_eq!(kind(&shop, "i + 1").await, ColumnType::Integer);
    assert_eq!(kind(&shop, "i * 1.5").await, ColumnType::Float);
    assert_eq!(
        kind(&shop, "CASE WHEN i = 7 THEN 0.5 ELSE i END").await,
        ColumnType::Float
    );
    assert_eq!(kind(&shop, "name || '!'").await, ColumnType::Text);
    assert_eq!(kind(&shop, "NULL").await, ColumnType::Text);
    assert_eq!(
        kind(&shop, "CASE WHEN i > 100 THEN i END").await,
        ColumnType::Integer
    );
    assert_eq!(kind(&shop, "CAST(name AS BLOB)").await, ColumnType::Binary);
    // Days out of an expression are text; nobody declared them.
    assert_eq!(kind(&shop, "date(day, '+1 day')").await, ColumnType::Text);
    // A view or subquery hands declarations on.
    assert_eq!(kind(&shop, "(SELECT 1)").await, ColumnType::Integer);
    let (columns, _) = shop
        .read("SELECT p FROM (SELECT price AS p FROM n)")
        .await
        .unwrap();
    assert_eq!(columns[0].kind, ColumnType::Decimal { scale: 2 });
}

#[tokio::test]
async fn whole_numbers_among_floats_stay_exact() {
    let shop = Shop::new(NUMBERS).await;
    let (_, chunks) = shop
        .read("SELECT CASE WHEN i = 2 THEN 0.5 ELSE i END AS x FROM n ORDER BY i")
        .await
        .unwrap();
    let ColumnData::Float(values) = &chunks[0].columns[0] else {
        panic!("not floats")
    };
    assert_eq!(values.data[..3], [1.0, 0.5, 3.0]);
}

#[tokio::test]
async fn a_later_value_that_does_not_fit_names_column_row_and_what_to_write() {
    let shop = Shop::new(NUMBERS).await;
    let refusal = |expression: &str| format!("SELECT {expression} AS total FROM n ORDER BY i");
    assert_eq!(
        shop.refusal(&refusal("CASE WHEN i = 2500 THEN 'n/a' ELSE i END"))
            .await,
        "column `total`, row 2500: found the text 'n/a', where the column holds a whole number; write CAST(… AS TEXT)"
    );
    assert_eq!(
        shop.refusal(&refusal("CASE WHEN i = 10 THEN 'n/a' ELSE i END"))
            .await,
        "column `total`, row 10: found the text 'n/a', where the column holds numbers so far; write CAST(… AS TEXT)"
    );
}

/// The values of the only column over all chunks as SQLite would compare them.
fn values(chunks: &[rows::Chunk]) -> Vec<Option<f64>> {
    let of = |data: &ColumnData, row: usize| match data {
        ColumnData::Integer(values) => values.at(row).map(|value| value as f64),
        ColumnData::Float(values) => values.at(row),
        ColumnData::Decimal { mantissa, scale } => mantissa
            .at(row)
            .map(|value| format!("{value}e-{scale}").parse().unwrap()),
        data => {
            assert!(!rows::has_values(data, row + 1), "{data:?}");
            None
        }
    };
    chunks
        .iter()
        .flat_map(|chunk| (0..chunk.rows).map(|row| of(&chunk.columns[0], row)))
        .collect()
}

#[tokio::test]
async fn a_type_grows_wherever_the_value_stands_that_asks_for_it() {
    let shop = Shop::new(
        "CREATE TABLE t (i INTEGER PRIMARY KEY, loose DECIMAL, tight DECIMAL(9,2), whole INTEGER);
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 6000)
         INSERT INTO t SELECT i, i / 4.0, i / 4.0, i FROM c;
         UPDATE t SET loose = 0.1234567, tight = 0.0625, whole = 0.5 WHERE i = 5001;",
    )
    .await;
    let (integer, float) = (ColumnType::Integer, ColumnType::Float);
    for (expression, kind) in [
        ("CASE WHEN i > 5000 THEN 0.15 ELSE 0 END", float),
        ("CASE WHEN i = 2500 THEN 0.5 ELSE i END", float),
        ("CASE WHEN i = 2048 THEN 0.5 ELSE i END", float),
        ("CASE WHEN i = 2049 THEN 0.5 ELSE i END", float),
        ("CASE WHEN i > 2500 THEN i END", integer),
        (
            "CASE WHEN i > 5999 THEN i WHEN i = 2500 THEN 0.5 END",
            float,
        ),
        ("loose", ColumnType::Decimal { scale: 7 }),
        ("tight", ColumnType::Decimal { scale: 4 }),
        ("whole", float),
    ] {
        for order in ["i", "i DESC"] {
            let sql = format!("SELECT {expression} AS x FROM t ORDER BY {order}");
            let (_, chunks) = shop.read(&sql).await.unwrap();
            let last = &chunks[chunks.len() - 1].columns[0];
            // Turned round the wide value may come first; the type is the same in the end.
            let same = rows::widened(last.clone(), kind, chunks[chunks.len() - 1].rows);
            assert_eq!(same.as_ref(), Some(last), "{sql}");
            let printed = format!("SELECT CAST({expression} AS TEXT) FROM t ORDER BY {order}");
            let printed: Vec<Option<f64>> = (shop.printed(&printed).await.iter())
                .map(|printed| printed.as_deref().map(|printed| printed.parse().unwrap()))
                .collect();
            assert_eq!(values(&chunks), printed, "{sql}");
        }
    }
    // Text after nothing but absent values.
    let (_, chunks) = shop
        .read("SELECT CASE WHEN i > 5999 THEN 'x' END AS x FROM t ORDER BY i")
        .await
        .unwrap();
    let last = &chunks[chunks.len() - 1];
    let ColumnData::Text(texts) = &last.columns[0] else {
        panic!("not texts")
    };
    assert_eq!(texts.text(last.rows - 1), Some("x"));
    // Numbers among texts have no type in common, in whatever order they come.
    for order in ["i", "i DESC"] {
        for at in [1, 3_000, 6_000] {
            let sql = format!(
                "SELECT CASE WHEN i = {at} THEN 'n/a' ELSE i END AS x FROM t ORDER BY {order}"
            );
            let refusal = shop.refusal(&sql).await;
            assert!(refusal.starts_with("column `x`, row "), "{refusal}");
            assert!(refusal.ends_with("write CAST(… AS TEXT)"), "{refusal}");
        }
    }
    // A number no double holds, and a fraction far behind it.
    let refusal = shop
        .refusal("SELECT CASE WHEN i = 3 THEN 9007199254740993 WHEN i = 5000 THEN 0.5 ELSE i END AS x FROM t ORDER BY i")
        .await;
    assert_eq!(
        refusal,
        "column `x`, row 5000: found the number 0.5, where the column holds a whole number; write CAST(… AS TEXT); row 3 holds a whole number that would lose its last digits among such numbers"
    );
}

#[tokio::test]
async fn a_declared_column_with_something_else_in_it_is_refused() {
    let shop = Shop::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, price DECIMAL(8,2), day DATE, at DATETIME, ok BOOLEAN, name TEXT);
         INSERT INTO t VALUES (1, 'abc', 'x', '0000-00-00', 1700000000, 2, CAST(x'eab9' AS TEXT));",
    )
    .await;
    let cases = [
        (
            "n",
            "found the text 'abc', where the column holds a whole number; write CAST(… AS TEXT)",
        ),
        (
            "price",
            "found the text 'x', where the column holds a number; write CAST(… AS TEXT)",
        ),
        (
            "day",
            "found the text '0000-00-00', where the column holds a date like 2026-01-31; write NULLIF(…, '') or CAST(… AS TEXT)",
        ),
        (
            "at",
            "found the whole number 1700000000, where the column holds a date and time; write datetime(…, 'unixepoch')",
        ),
        (
            "ok",
            "found the whole number 2, where the column holds true or false; write … + 0 or CAST(… AS TEXT)",
        ),
        (
            "name",
            "the text is not valid UTF-8 and cannot be shown; repair the row, or write hex(…)",
        ),
    ];
    for (column, message) in cases {
        assert_eq!(
            shop.refusal(&format!("SELECT {column} FROM t")).await,
            format!("column `{column}`, row 1: {message}")
        );
    }
    // What the messages say to write works.
    let (columns, _) = shop
        .read("SELECT CAST(n AS TEXT) AS n, CAST(price AS TEXT) AS price, datetime(at, 'unixepoch') AS at, ok + 0 AS ok, hex(name) AS name FROM t")
        .await
        .unwrap();
    assert_eq!(columns.len(), 5);
}

#[tokio::test]
async fn long_numbers_stay_exact() {
    let shop = Shop::new(
        "CREATE TABLE t (code TEXT, amount DECIMAL(30,4), wide INTEGER);
         INSERT INTO t VALUES ('00012345678901234567', '12345678901234567890.5', 9007199254740993);",
    )
    .await;
    let (_, chunks) = shop.read("SELECT * FROM t").await.unwrap();
    let [
        ColumnData::Text(code),
        ColumnData::Decimal { .. },
        ColumnData::Integer(wide),
    ] = chunks[0].columns.as_slice()
    else {
        panic!("other types")
    };
    assert_eq!(code.text(0), Some("00012345678901234567"));
    assert_eq!(wide.at(0), Some(9_007_199_254_740_993));
    // As a float this would lose its last digit, so it is refused among floats.
    let refusal = shop
        .refusal("SELECT wide AS x FROM t UNION ALL SELECT 0.5")
        .await;
    assert!(
        refusal.starts_with("column `x`, row 2: found the number 0.5"),
        "{refusal}"
    );
    let refusal = shop
        .refusal("SELECT 0.5 AS x UNION ALL SELECT wide FROM t")
        .await;
    assert!(refusal.contains("9007199254740993"), "{refusal}");
}

#[tokio::test]
async fn unnamed_columns_are_refused_by_their_place() {
    let shop = Shop::new(NUMBERS).await;
    assert_eq!(
        shop.refusal("SELECT i, count(*), price * 2 FROM n").await,
        "the statement for the source `shop` returns columns that cannot be told apart: \
         column 2 (`count(*)`), column 3 (`price * 2`) has no name; write `… AS name`"
    );
    for sql in [
        "SELECT 1",
        "SELECT NULL",
        "SELECT 'x'",
        "SELECT * FROM (SELECT max(i) FROM n)",
    ] {
        assert!(shop.refusal(sql).await.contains("has no name"), "{sql}");
    }
}

#[tokio::test]
async fn chosen_names_may_look_like_anything() {
    let shop = Shop::new(NUMBERS).await;
    let (columns, _) = shop
        .read(
            "SELECT count(*) AS \"Orders (n)\", sum(i) AS 매출, max(i) AS [최대 값], min(i) AS `a-b`, \
             count(*) AS \"count(*)\", sum(i) AS \"say \"\"hi\"\"\" FROM n",
        )
        .await
        .unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Orders (n)",
            "매출",
            "최대 값",
            "a-b",
            "count(*)",
            "say \"hi\""
        ]
    );
}

#[tokio::test]
async fn columns_with_the_same_name_are_refused() {
    let shop = Shop::new(NUMBERS).await;
    assert_eq!(
        shop.refusal("SELECT a.i, b.I, a.name FROM n AS a JOIN n AS b USING (i)")
            .await,
        "the statement for the source `shop` returns columns that cannot be told apart: \
         columns 1 and 2 are both `i`; give each its own name with `… AS name`"
    );
}

#[tokio::test]
async fn describing_tells_the_columns_without_running() {
    let shop = Shop::new(NUMBERS).await;
    let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) \
                   SELECT i, price, day, sum(x) AS total FROM n, c GROUP BY i, price, day";
    let columns = shop.source.describe(endless).await.unwrap();
    let kinds: Vec<_> = columns
        .iter()
        .map(|column| (column.name.as_str(), column.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("i", ColumnType::Integer),
            ("price", ColumnType::Decimal { scale: 2 }),
            ("day", ColumnType::Date),
            ("total", ColumnType::Text),
        ]
    );
    let error = shop.source.describe("SELECT nam FROM n").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the source `shop` does not accept the statement: no such column: nam"
    );
}

#[tokio::test]
async fn rows_beyond_the_limit_end_the_reading() {
    let shop = Shop::new(NUMBERS).await;
    let limited = |limit| Extract {
        max_rows: Some(limit),
        ..Extract::new("SELECT i FROM n")
    };
    assert!(shop.extract(limited(3000)).await.is_ok());
    let error = shop.extract(limited(2999)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer has more than 2999 rows; narrow the period, or raise `limits.rows`"
    );
    assert_eq!(error.class(), lang::FailureClass::TooBig);
}
