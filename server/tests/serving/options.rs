//! Options are compared as they are: with blanks around them, empty, of several lines.

use std::io::Cursor;
use std::path::Path;

use calamine::{Reader, Xlsx};
use reqwest::StatusCode;

use super::digger::{Place, binary};
use super::shop;
use super::visitor::Visitor;

/// A report whose options are the codes of a table; `kind` is `choice` or `choices`.
fn report(kind: &str) -> String {
    format!(
        r#"/*--- report
title = "Codes"

[access]
view = ["sales"]
run  = ["sales"]

[params.c]
type = "{kind}"
label = "Code"
required = false
options = {{ query = "codes", value = "code" }}
---*/

-- name: codes
-- source: shop
SELECT DISTINCT code FROM coded ORDER BY code;

-- name: rows
-- source: shop
SELECT id FROM coded WHERE 1 = 1 /*if c*/ AND code IN (:c) /*end*/ ORDER BY id;
"#
    )
}

/// Codes with their rows, as the database tells.
async fn codes(place: &Place) -> Vec<(String, String)> {
    let mut database = shop::open(&place.path("shop.sqlite")).await;
    sqlx::query_as("SELECT code, CAST(id AS TEXT) FROM coded ORDER BY id")
        .fetch_all(&mut database)
        .await
        .unwrap()
}

async fn place(kind: &str) -> Place {
    let place = Place::new().await;
    let mut database = shop::open(&place.path("shop.sqlite")).await;
    sqlx::raw_sql(
        "CREATE TABLE coded (id INTEGER, code TEXT);
         INSERT INTO coded VALUES (1, '  A1'), (2, ''), (3, 'B'), (4, 'A1'), (5, ' '), (6, 'two' || char(10) || 'lines'),
           (7, '∅'), (8, 'a\"b<c>&'), (9, 'é'), (10, 'e' || char(769));",
    )
    .execute(&mut database)
    .await
    .unwrap();
    shop::write_report(&place.path("queries"), "sales/codes", &report(kind));
    place
}

fn ids(workbook: impl std::io::Read + std::io::Seek) -> Vec<String> {
    let mut book = Xlsx::new(workbook).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().skip(1).map(|row| row[0].to_string()).collect()
}

fn ids_in(path: &Path) -> Vec<String> {
    ids(std::fs::File::open(path).unwrap())
}

#[tokio::test]
async fn the_command_line_takes_every_option_as_it_is() {
    for kind in ["choice", "choices"] {
        let place = place(kind).await;
        let run = |values: &[&str]| {
            let mut command = binary();
            command.current_dir(place.folder.path()).args([
                "run",
                "sales/codes",
                "-o",
                "out.xlsx",
                "--lang",
                "en",
            ]);
            for value in values {
                command.args(["--param", &format!("c={value}")]);
            }
            let _ = std::fs::remove_file(place.path("out.xlsx"));
            command.output().unwrap()
        };
        let all = codes(&place).await;
        for (code, id) in &all {
            let output = run(&[code]);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{kind} {code:?}: {said}");
            assert_eq!(ids_in(&place.path("out.xlsx")), [id.as_str()], "{code:?}");
        }
        assert_eq!(run(&[]).status.code(), Some(0));
        assert_eq!(ids_in(&place.path("out.xlsx")).len(), all.len());

        // What is no option is refused, however little is different.
        for other in ["  B", "B ", "  ", "two lines"] {
            let output = run(&[other]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{other:?}: {said}");
            assert!(
                said.contains(&format!("c: \"{other}\" is not offered")),
                "{said}"
            );
        }
        if kind == "choices" {
            assert_eq!(run(&["", "B"]).status.code(), Some(0));
            assert_eq!(ids_in(&place.path("out.xlsx")), ["2", "3"]);
        }

        // Without an empty option, an empty value is nothing chosen.
        let mut database = shop::open(&place.path("shop.sqlite")).await;
        sqlx::raw_sql("DELETE FROM coded WHERE code = ''")
            .execute(&mut database)
            .await
            .unwrap();
        assert_eq!(run(&[""]).status.code(), Some(0));
        assert_eq!(ids_in(&place.path("out.xlsx")).len(), all.len() - 1);
    }
}

/// What the controls of the field post, in their order, as a browser reads the page.
fn posted_values(page: &str) -> Vec<String> {
    let select = page
        .split_once("<select")
        .map(|(_, rest)| rest.split_once("</select>"));
    let list = page
        .split_once("OptionList-list")
        .map(|(_, rest)| rest.split_once("</ul>"));
    let (field, _) = select.or(list).flatten().expect("the field has a list");
    field
        .split(" value=\"")
        .skip(1)
        .map(|rest| {
            let value = rest.split('"').next().unwrap();
            value
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
        })
        .collect()
}

#[tokio::test]
async fn a_form_posts_every_option_and_nothing_chosen() {
    for kind in ["choice", "choices"] {
        let place = place(kind).await;
        let digger = place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        let page = kim.get("/reports/sales/codes").await.text().await.unwrap();
        let mut posted = posted_values(&page);
        let mut all = codes(&place).await;
        all.sort_by(|left, right| left.0.as_bytes().cmp(right.0.as_bytes()));
        if kind == "choice" {
            assert_eq!(posted.remove(0), "", "nothing is chosen");
        }
        assert_eq!(posted.len(), all.len(), "{posted:?}");
        assert!(posted.iter().all(|value| !value.is_empty()), "{posted:?}");
        assert!(page.contains("(빈 값)"), "the empty option can be seen");
        let mut expected: Vec<(Vec<&str>, Vec<&str>)> = posted
            .iter()
            .zip(&all)
            .map(|(value, (_, id))| (vec![value.as_str()], vec![id.as_str()]))
            .collect();
        let by_id: Vec<String> = (1..=all.len()).map(|id| id.to_string()).collect();
        let everything: Vec<&str> = by_id.iter().map(String::as_str).collect();
        expected.push((vec![""], everything));
        for (values, wanted) in expected {
            // A browser writes line ends its own way.
            let values: Vec<String> = values
                .iter()
                .map(|value| value.replace('\n', "\r\n"))
                .collect();
            let fields: Vec<(&str, &str)> = values
                .iter()
                .map(|value| ("params[c]", value.as_str()))
                .collect();
            let run = kim.start("sales/codes", &fields).await;
            kim.follow(&run, "succeeded", |live| live["state"] == "succeeded")
                .await;
            let seen = kim.run(&run).await;
            let href = seen["result"]["files"][0]["href"].as_str().unwrap();
            let bytes = kim.get(href).await.bytes().await.unwrap();
            assert_eq!(ids(Cursor::new(bytes)), wanted, "{kind} {values:?}");
            // The form of that run has the same chosen again.
            let again = kim
                .get(&format!("/reports/sales/codes?from={run}"))
                .await
                .text()
                .await
                .unwrap();
            let marked = again.matches(" selected>").count() + again.matches(" checked>").count();
            assert_eq!(
                marked,
                usize::from(!values[0].is_empty()),
                "{kind} {values:?}"
            );
        }
        let answer = kim
            .post("/reports/sales/codes", &[("params[c]", " B")])
            .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains("‘ B’"), "the refused option is named");
    }
}
