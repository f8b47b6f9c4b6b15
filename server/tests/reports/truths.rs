//! A choice of truth values finds its rows in every database.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use lang::Lang;
use report::Values;
use source::SourceConfig;
use sqlx::{AssertSqlSafe, Connection};
use tokio_util::sync::CancellationToken;

use super::shop;

const REPORT: &str = r#"/*--- report
title = "Items"

[params.active]
type = "choice"
options = { query = "states", value = "active" }

[params.several]
type = "choices"
options = { query = "states", value = "active" }
---*/

-- name: states
-- source: s
SELECT DISTINCT active FROM item WHERE active IS NOT NULL ORDER BY active DESC;

-- name: all_items
-- source: s
SELECT id, active FROM item;

-- name: one
-- source: s
SELECT id FROM item WHERE active = :active ORDER BY id;

-- name: computed
-- source: s
SELECT id FROM item WHERE (id > 2) = :active ORDER BY id;

-- name: listed
-- source: s
SELECT id FROM item WHERE TRUE /*if several*/ AND active IN (:several) /*end*/ ORDER BY id;

-- name: aggregated
-- engine: polars
SELECT id FROM all_items WHERE active = :active ORDER BY id;

/*--- workbook
[[sheet]]
name = "one"
query = "one"
[[sheet]]
name = "computed"
query = "computed"
[[sheet]]
name = "listed"
query = "listed"
[[sheet]]
name = "aggregated"
query = "aggregated"
---*/
"#;

fn run(report: &Path, url: &str, value: &str) -> BTreeMap<String, Vec<i64>> {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("out.xlsx");
    let output = shop::digger()
        .arg("run")
        .arg(report)
        .arg("-o")
        .arg(&workbook)
        .args(["--param", &format!("active={value}")])
        .args(["--param", &format!("several={value}")])
        .env("DIGGER_SOURCE_S_URL", url)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{url}: {said}");
    let mut book: Xlsx<_> = open_workbook(&workbook).unwrap();
    let names = ["one", "computed", "listed", "aggregated"];
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(name).unwrap();
            let ids = range.rows().skip(1).map(|row| match &row[0] {
                Data::Float(id) => *id as i64,
                other => panic!("{url}: {name} has {other:?}"),
            });
            (name.to_owned(), ids.collect())
        })
        .collect()
}

#[tokio::test]
async fn yes_and_no_find_their_rows() {
    sqlx::any::install_default_drivers();
    let (postgres, mariadb) = (
        testbed::postgres().database().unwrap(),
        testbed::mariadb().database().unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("items.sql");
    std::fs::write(&file, REPORT).unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("items.sqlite").display());
    for (writer, reader, values) in [
        (format!("{sqlite}?mode=rwc"), sqlite.clone(), ["1", "0"]),
        (
            postgres.writer.clone(),
            postgres.reader.clone(),
            ["true", "false"],
        ),
        (mariadb.writer.clone(), mariadb.reader.clone(), ["1", "0"]),
    ] {
        let mut connection = sqlx::AnyConnection::connect(&writer).await.unwrap();
        for statement in [
            "CREATE TABLE item (id INT PRIMARY KEY, active BOOLEAN)",
            "INSERT INTO item VALUES (1, TRUE), (2, FALSE), (3, NULL), (4, TRUE), (5, FALSE)",
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        let (report, problems) = report::parse("items".parse().unwrap(), REPORT);
        assert!(problems.is_empty(), "{problems:?}");
        let source = source::open(&SourceConfig::new("s", &reader)).unwrap();
        let stage = tempfile::tempdir().unwrap();
        let asked = engine::Choices {
            report: &report.unwrap(),
            param: "active",
            values: &Values::default(),
            sources: &BTreeMap::from([("s".to_owned(), source)]),
            lang: Lang::Ko,
            stage_dir: stage.path(),
            at_once: &BTreeMap::new(),
        };
        let offered = engine::choices(asked, CancellationToken::new())
            .await
            .unwrap();
        let expected = [(values[0], "예"), (values[1], "아니요")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()));
        assert_eq!(offered, expected, "{reader}");
        for (value, is_active) in [(values[0], "active"), (values[1], "NOT active")] {
            let found = run(&file, &reader, value);
            for (sheet, condition) in [
                ("one", is_active.to_owned()),
                ("listed", is_active.to_owned()),
                ("aggregated", is_active.to_owned()),
                ("computed", is_active.replace("active", "(id > 2)")),
            ] {
                let asked = format!("SELECT id FROM item WHERE {condition} ORDER BY id");
                let theirs: Vec<i32> = sqlx::query_scalar(AssertSqlSafe(asked))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                let theirs: Vec<i64> = theirs.into_iter().map(i64::from).collect();
                assert!(!theirs.is_empty());
                assert_eq!(found[sheet], theirs, "{sheet} of {reader} with {value}");
            }
        }
        connection.close().await.unwrap();
    }
}
