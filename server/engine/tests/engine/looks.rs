//! How numbers look is chosen from all values of a column, not from the first.

use crate::harness::{Shop, sheet};

/// A report of one query and of a Polars query over it.
fn report(columns: &str) -> String {
    format!(
        "/*--- report\ntitle = \"T\"\n---*/\n\n-- name: q\n-- source: shop\nSELECT {columns} FROM t ORDER BY n;\n\n\
         -- name: p\n-- engine: polars\nSELECT * FROM q;\n\n\
         /*--- workbook\n[[sheet]]\nname = \"Q\"\nquery = \"q\"\n\n[[sheet]]\nname = \"P\"\nquery = \"p\"\n---*/\n"
    )
}

const COLUMNS: &str =
    "month, day, order_year, whole_then_not, small, tiny, amount, amount_paid, order_id, rate";

async fn shop(rows: u32) -> Shop {
    Shop::with(&format!(
        "CREATE TABLE t (n INTEGER, month INTEGER, day INTEGER, order_year INTEGER, whole_then_not REAL, small DECIMAL(20, 8),
                         tiny REAL, amount INTEGER, amount_paid INTEGER, order_id INTEGER, rate DECIMAL(20, 8));
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows})
         INSERT INTO t SELECT n, 202600 + n % 12 + 1, 20260100 + n % 28 + 1, 2000 + n % 30,
                n + CASE WHEN n = {rows} THEN 0.25 ELSE 0.0 END, '0.00001' || (n % 9 + 1), n * 1e-7,
                300000 + n, 1000 + n, n, '1.' || (n % 4) FROM c;"
    ))
    .await
}

fn looks(outcome: &engine::Outcome, place: usize) -> Vec<&str> {
    let columns = &outcome.sheets[place].columns;
    columns
        .iter()
        .map(|column| column.format.as_str())
        .collect()
}

#[tokio::test]
async fn a_look_suits_the_first_row_and_the_last() {
    // One row, and more than a chunk has; with still more the sheet would be written ahead.
    for rows in [1, 37_000] {
        let shop = shop(rows).await;
        for columns in [
            "month, day, order_year",
            "whole_then_not, small",
            "tiny, amount",
            "amount_paid, order_id",
            "rate",
        ] {
            let outcome = shop
                .execute(&report(&format!("{columns}, n")), &[])
                .await
                .unwrap();
            let names = columns.split(", ");
            for place in [0, 1] {
                let looks = looks(&outcome, place);
                for (name, look) in names.clone().zip(looks) {
                    let expected = match name {
                        "month" | "day" | "order_year" | "order_id" => "0",
                        "whole_then_not" => "decimal2",
                        "small" => "#,##0.000000",
                        "tiny" => "#,##0.00000000",
                        "amount" | "amount_paid" => "int",
                        "rate" => "decimal2",
                        other => panic!("{other}"),
                    };
                    assert_eq!(look, expected, "{name} of {rows} rows on sheet {place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_sheet_written_while_its_rows_arrive_hides_no_digit() {
    let rows = 20_000;
    let shop = shop(rows).await;
    let outcome = shop.execute(&report(COLUMNS), &[]).await.unwrap();
    assert_eq!(
        looks(&outcome, 0),
        [
            "0", "0", "0", "general", "general", "general", "int", "int", "0", "general"
        ]
    );
    // The second sheet knows all its rows.
    assert_eq!(
        looks(&outcome, 1),
        [
            "0",
            "0",
            "0",
            "decimal2",
            "#,##0.000000",
            "#,##0.00000000",
            "int",
            "int",
            "0",
            "decimal2"
        ]
    );
    assert_eq!(sheet(&outcome, "Q"), sheet(&outcome, "P"));
}
