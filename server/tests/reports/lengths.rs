//! Lengths of time, MySQL's `TIME` beyond a day and below zero, from MariaDB to the cells people add up.

use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use sqlx::{AssertSqlSafe, Connection};

use super::shop;

/// More cells than a sheet in memory has, so that the workbook has begun when the first length comes.
const ROWS: u32 = 60_000;

/// CSV in UTF-8, with what the cells show.
const AS_SHOWN: &str = "csv:Text - txt - csv (StarCalc):44,34,UTF8,1,,0,true,true";

fn report(order: &str) -> String {
    format!(
        "/*--- report\ntitle = \"Shifts\"\n---*/\n\n-- name: shifts\n-- source: crm\n\
         SELECT id, worked, exact, clock FROM shift ORDER BY {order};\n\n\
         /*--- workbook\n[[sheet]]\nname = \"Shifts\"\nquery = \"shifts\"\n\n[sheet.columns]\n\
         worked = {{ total = \"sum\" }}\nexact = {{ total = \"min\" }}\n---*/\n"
    )
}

fn run(report: &Path, workbook: &Path, url: &str) -> serde_json::Value {
    let output = shop::digger()
        .arg("run")
        .arg(report)
        .arg("-o")
        .arg(workbook)
        .args(["--lang", "ko", "--json"])
        .env("DIGGER_SOURCE_CRM_URL", url)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What LibreOffice shows in the cells of the first sheet.
fn shown(workbook: &Path, folder: &Path) -> Vec<Vec<String>> {
    let result = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            folder.join("profile").display()
        ))
        .args([
            "--headless",
            "--norestore",
            "--convert-to",
            AS_SHOWN,
            "--outdir",
        ])
        .arg(folder)
        .arg(workbook)
        .output()
        .expect("LibreOffice is needed for this test: install it so that `soffice` is on the PATH");
    let told = String::from_utf8_lossy(&result.stderr);
    let text = std::fs::read_to_string(workbook.with_extension("csv"))
        .unwrap_or_else(|error| panic!("{error}: {told}"));
    let lines = text.lines();
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[tokio::test]
async fn a_column_of_times_is_hours_that_add_up() {
    let mariadb = testbed::mariadb().database().unwrap();
    let mut writer = sqlx::MySqlConnection::connect(&mariadb.writer)
        .await
        .unwrap();
    let script = format!(
        "CREATE TABLE shift (id INT PRIMARY KEY, worked TIME, exact TIME(2), clock TIME);
         INSERT INTO shift SELECT seq, SEC_TO_TIME(seq % 80000), SEC_TO_TIME(seq % 900 + 0.25),
                                  SEC_TO_TIME(seq) FROM seq_1_to_{ROWS};
         UPDATE shift SET worked = '838:59:59' WHERE id = 55000;
         UPDATE shift SET worked = '-01:30:00', exact = '-00:00:00.50' WHERE id = 55001;
         UPDATE shift SET worked = NULL WHERE id = 55002;"
    );
    for statement in script.split_inclusive(';') {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut writer)
            .await
            .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shifts.sql");
    for order in ["id", "id DESC"] {
        std::fs::write(&file, report(order)).unwrap();
        let workbook = folder.path().join("out.xlsx");
        let outcome = run(&file, &workbook, &mariadb.reader);

        // Seconds as MariaDB counts them.
        let theirs: Vec<(Option<f64>, f64, f64)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT CAST(TIME_TO_SEC(worked) AS DOUBLE), CAST(TIME_TO_SEC(exact) AS DOUBLE),
                    CAST(TIME_TO_SEC(clock) AS DOUBLE) FROM shift ORDER BY {order}"
        )))
        .fetch_all(&mut writer)
        .await
        .unwrap();
        let mut book: Xlsx<_> = open_workbook(&workbook).unwrap();
        let range = book.worksheet_range("Shifts").unwrap();
        let seconds = |cell: &Data| match cell {
            Data::Empty => None,
            Data::DateTime(time) if time.is_duration() => Some(time.as_f64() * 86_400.0),
            other => panic!("{other:?} is no length of time"),
        };
        let is_near = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-6,
            (one, other) => one == other,
        };
        let ours: Vec<&[Data]> = range.rows().skip(1).collect();
        assert_eq!(ours.len(), theirs.len() + 1);
        // The listed columns come first.
        for (row, (worked, exact, clock)) in ours.iter().zip(&theirs) {
            assert!(
                is_near(seconds(&row[0]), *worked),
                "{row:?} is not {worked:?}"
            );
            assert!(
                is_near(seconds(&row[1]), Some(*exact)),
                "{row:?} is not {exact}"
            );
            assert!(
                is_near(seconds(&row[3]), Some(*clock)),
                "{row:?} is not {clock}"
            );
        }
        let sum: f64 = theirs.iter().filter_map(|row| row.0).sum();
        let total = ours[theirs.len()];
        assert!(
            is_near(seconds(&total[0]), Some(sum)),
            "{total:?} is not {sum}"
        );
        assert!(is_near(seconds(&total[1]), Some(-0.5)), "{total:?}");
        let kept: String = sqlx::query_scalar(
            "SELECT CONCAT(SUM(TIME_TO_SEC(worked)) DIV 3600, DATE_FORMAT(SEC_TO_TIME(SUM(TIME_TO_SEC(worked)) MOD 3600), ':%i:%s')) FROM shift",
        )
        .fetch_one(&mut writer)
        .await
        .unwrap();
        assert_eq!(outcome["totals"][0]["value"], kept);

        // What people see: hours as MariaDB prints them, and below zero days.
        let seen = shown(&workbook, folder.path());
        let printed: Vec<(i32, Option<String>)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT id, CAST(worked AS CHAR) FROM shift ORDER BY {order}"
        )))
        .fetch_all(&mut writer)
        .await
        .unwrap();
        for (row, (id, printed)) in seen[1..].iter().zip(&printed) {
            match id {
                55_001 => assert_eq!(row[..2], ["-0.06250일", "-0.0000058일"]),
                _ => {
                    let printed = printed.clone().unwrap_or_default();
                    let shown = row[0].trim_start_matches('0');
                    assert_eq!(shown, printed.trim_start_matches('0'), "{id}");
                }
            }
        }
        let warnings = outcome["warnings"].as_array().unwrap();
        let codes: Vec<_> = warnings.iter().map(|warning| &warning["code"]).collect();
        assert_eq!(codes, ["workbook::negative_duration"; 2], "{warnings:?}");
    }
    writer.close().await.unwrap();
}
