//! Choices of a form that come from a query: asked once, in turn, and never at the server's expense.

use reqwest::StatusCode;

use super::digger::{PATIENCE, Place};
use super::held::Held;
use super::shop::write_report;
use super::visitor::{JANUARY, Visitor};

/// The options wait for whoever holds the lock; each number is a question of its own.
const FORM: &str = r#"/*--- report
title = "Form"

[access]
run = ["sales"]

[params.number]
type    = "integer"
label   = "Number"
default = 1

[params.code]
type    = "choice"
label   = "Code"
options = { query = "codes", value = "code" }
---*/

-- name: codes
-- source: pg
SELECT 'code ' || CAST(:number AS int) AS code, wait_here() AS waited;

-- name: chosen
-- source: pg
SELECT CAST(:code AS text) AS code;
"#;

/// More rows than any memory holds.
const GREEDY: &str = r#"/*--- report
title = "Greedy"

[access]
run = ["sales"]

[params.code]
type    = "choice"
label   = "Code"
options = { query = "pairs", value = "code" }
---*/

-- name: numbers
-- source: shop
WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 4000)
SELECT n, hex(randomblob(500)) AS wide FROM step;

-- name: pairs
-- engine: polars
SELECT a.wide || b.wide || c.wide AS code FROM numbers AS a CROSS JOIN numbers AS b CROSS JOIN numbers AS c;

-- name: chosen
-- source: shop
SELECT :code AS code;
"#;

async fn held(place: &Place) -> Held {
    let held = Held::new(place, "").await;
    write_report(&place.path("queries"), "sales/form", FORM);
    held
}

/// Opens the form for so many numbers, several times each, and gives the pages.
async fn open(visitor: &Visitor, numbers: usize, times: usize) -> Vec<String> {
    let forms = (0..numbers * times).map(|form| {
        let visitor = visitor.clone();
        let path = format!("/reports/sales/form?params[number]={}", form % numbers);
        async move {
            let answer = visitor.get(&path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            answer.text().await.unwrap()
        }
    });
    futures::future::join_all(forms).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_forms_ask_once_and_never_more_than_the_source_allows() {
    let place = Place::new().await;
    let mut held = held(&place).await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for (numbers, most) in [(1, 1), (8, 3)] {
        let visitor = kim.clone();
        let opening = tokio::spawn(async move { open(&visitor, numbers, 5).await });
        held.until_waiting(most).await;
        for _ in 0..100 {
            assert!(held.waiting().await <= most);
        }
        held.release().await;
        let pages = opening.await.unwrap();
        let is_offered = |page: &String| page.contains("code ");
        assert_eq!(
            pages.iter().filter(|page| is_offered(page)).count(),
            numbers * 5
        );
        held.hold().await;
        // Asked a moment ago, and not again.
        let page = kim.get("/reports/sales/form?params[number]=0").await;
        assert!(page.text().await.unwrap().contains("code 0"));
        assert_eq!(held.waiting().await, 0);
    }
}

#[tokio::test]
async fn a_paused_source_is_not_asked() {
    let place = Place::new().await;
    let held = held(&place).await;
    let digger = place.serve();
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    let paused = admin
        .post("/admin/now", &[("action", "pause_source"), ("of", "pg")])
        .await;
    assert!(paused.status().is_success() || paused.status().is_redirection());
    let page = admin.get("/reports/sales/form").await.text().await.unwrap();
    assert!(page.contains("목록을 불러올 수 없습니다"), "{page}");
    assert!(!page.contains("code 1"), "{page}");
    assert_eq!(held.waiting().await, 0);
}

#[tokio::test]
async fn a_question_without_an_answer_is_stopped_at_its_source() {
    let place = Place::new().await;
    let held = held(&place).await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let opened = tokio::time::timeout(PATIENCE, open(&kim, 1, 3)).await;
    let pages = opened.expect("the form is shown without its options");
    assert!(pages.iter().all(|page| !page.contains("code 0")));
    held.until_quiet().await;
}

#[tokio::test]
async fn a_question_that_needs_too_much_ends_alone() {
    let place = Place::new().await;
    write_report(&place.path("queries"), "sales/greedy", GREEDY);
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let form = kim.get("/reports/sales/greedy").await;
    assert_eq!(form.status(), StatusCode::OK);
    // The same process goes on, and so does whatever runs in it.
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    assert_eq!(digger.terminate(), Some(0));
}
