//! Ranges of a key hold every row, whatever the type of the key.

use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use sqlx::Connection;
use testbed::Database;

use super::shop;

fn report(into: u32) -> String {
    format!(
        "/*--- report\ntitle = \"T\"\n---*/\n\n-- name: q\n-- source: s\n-- split: id of keyed into {into}\n\
         SELECT id, amount FROM keyed WHERE id >= :split.from AND id < :split.until ORDER BY id;\n\n\
         /*--- workbook\n[[sheet]]\nname = \"S\"\nquery = \"q\"\n\n\
         [sheet.columns]\nid = {{ format = \"int\" }}\namount = {{ total = \"sum\" }}\n---*/\n"
    )
}

/// Runs the report and returns its keys as texts, or what was said.
fn keys(report: &Path, url: &str) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("out.xlsx");
    let output = shop::digger()
        .arg("run")
        .arg(report)
        .arg("-o")
        .arg(&workbook)
        .args(["--lang", "en"])
        .env("DIGGER_SOURCE_S_URL", url)
        .output()
        .unwrap();
    if output.status.code() != Some(0) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut book: Xlsx<_> = open_workbook(&workbook).unwrap();
    let range = book.worksheet_range("S").unwrap();
    let key = |row: &[Data]| match &row[0] {
        Data::Float(number) => format!("{number:.0}"),
        // Beyond 15 digits a text, with the decimals of the column.
        other => other.to_string().trim_end_matches(".00").to_owned(),
    };
    let mut keys: Vec<String> = range.rows().skip(1).map(key).collect();
    // The last row is the total.
    keys.pop();
    Ok(keys)
}

async fn load(database: &Database, kind: &str, keys: &[&str]) -> Vec<String> {
    let rows: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(number, key)| format!("({key}, {number})"))
        .collect();
    let script = format!(
        "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (id {kind} PRIMARY KEY, amount INT); INSERT INTO keyed VALUES {}",
        rows.join(", ")
    );
    let mut connection = sqlx::AnyConnection::connect(&database.writer)
        .await
        .unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(script))
        .execute(&mut connection)
        .await
        .unwrap();
    let sql = match database.writer.starts_with("postgres") {
        true => "SELECT id::text FROM keyed ORDER BY keyed.id",
        false => "SELECT CAST(id AS CHAR) FROM keyed ORDER BY keyed.id",
    };
    let found: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    found
}

#[tokio::test]
async fn every_key_of_every_whole_type_is_read_once() {
    sqlx::any::install_default_drivers();
    let (postgres, mariadb) = (
        testbed::postgres().database().unwrap(),
        testbed::mariadb().database().unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("splits.sql");
    let big = [
        "-9223372036854775808",
        "-1",
        "0",
        "1",
        "9223372036854775807",
    ];
    let unsigned = [
        "0",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
    ];
    let cases: &[(&Database, &str, &[&str])] = &[
        (&postgres, "smallint", &["-32768", "-1", "32767"]),
        (&postgres, "int", &["-2147483648", "7", "2147483647"]),
        (&postgres, "bigint", &big),
        (
            &postgres,
            "numeric(20, 0)",
            &["-99999999999999999999", "3", "18446744073709551615"],
        ),
        (
            &postgres,
            "numeric",
            &["-5", "3", "4", "12345678901234567890123"],
        ),
        (&mariadb, "TINYINT UNSIGNED", &["0", "7", "255"]),
        (&mariadb, "INT", &["-2147483648", "7", "2147483647"]),
        (&mariadb, "INT UNSIGNED", &["0", "4294967295"]),
        (&mariadb, "BIGINT", &big),
        (&mariadb, "BIGINT UNSIGNED", &unsigned),
        (&mariadb, "BIGINT UNSIGNED", &["1", "2", "3"]),
        (
            &mariadb,
            "DECIMAL(20, 0)",
            &["-99999999999999999999", "3", "18446744073709551615"],
        ),
    ];
    for (database, kind, rows) in cases {
        let theirs = load(database, kind, rows).await;
        for into in [2, 3, 16] {
            std::fs::write(&path, report(into)).unwrap();
            let ours =
                keys(&path, &database.reader).unwrap_or_else(|said| panic!("{kind}: {said}"));
            assert_eq!(ours, theirs, "{kind} into {into}");
        }
    }
    load(&postgres, "double precision", &["0.5", "1.5"]).await;
    let said = keys(&path, &postgres.reader).unwrap_err();
    assert!(
        said.contains("its column “id”, which holds no whole numbers"),
        "{said}"
    );
}
