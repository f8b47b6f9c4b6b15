//! What a run remembers of its columns is what the next check plans with.

use engine::{Seen, check};

use crate::harness::{Shop, report};

const TEXT: &str = r#"/*--- report
title = "Seen"
---*/

-- name: rows
-- source: shop
SELECT id, CASE WHEN id > 2 THEN amount END AS late, amount || '' AS words FROM t;

/*--- workbook
[[sheet]]
name = "Rows"
query = "rows"
---*/
"#;

/// The same with an aggregation of what nobody declares.
fn summed(aggregate: &str) -> String {
    let block =
        format!("-- name: total\n-- engine: polars\nSELECT {aggregate} AS n FROM rows;\n\n");
    TEXT.replace("/*--- workbook", &format!("{block}/*--- workbook"))
}

#[tokio::test]
async fn a_column_without_a_value_stays_a_guess_until_one_comes() {
    let shop = Shop::with("CREATE TABLE t (id INTEGER PRIMARY KEY, amount INTEGER); INSERT INTO t VALUES (1, 10), (2, 20);").await;
    let seen = Seen::below(&shop.stage());
    let codes = |aggregate: &str| {
        let report = report(&summed(aggregate));
        let problems = check(&report, &seen.columns(&report));
        problems
            .into_iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    shop.execute(TEXT, &[]).await.unwrap();
    let known = seen.columns(&report(TEXT));
    let guesses: Vec<bool> = known["rows"].iter().map(|column| column.is_guess).collect();
    assert_eq!(guesses, [false, true, false]);
    // It may be a number or a text next month; what has values is what they are.
    assert_eq!(codes("SUM(late)"), [] as [&str; 0]);
    assert_eq!(codes("UPPER(late)"), [] as [&str; 0]);
    assert_eq!(codes("SUM(words)"), ["report::unknown_function"]);

    shop.run("INSERT INTO t VALUES (3, 30)").await;
    shop.execute(TEXT, &[]).await.unwrap();
    let known = seen.columns(&report(TEXT));
    assert!(known["rows"].iter().all(|column| !column.is_guess));
    assert_eq!(codes("SUM(late)"), [] as [&str; 0]);
    assert_eq!(codes("UPPER(late)"), ["report::unknown_function"]);
}
