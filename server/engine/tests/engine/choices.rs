//! Choices of a form that come from a query.

use engine::EngineError;
use lang::Lang;
use report::{Value, Values};

use crate::harness::{Shop, choices, report};

const FORM: &str = r#"/*--- report
title = "Form"

[params.region]
label = "Region"
type = "choice"
options = { query = "regions", value = "code", label = "name" }

[params.order]
label = "Order"
type = "choice"
options = { query = "orders_of_region", value = "id", label = "note" }

[params.fixed]
label = "Fixed"
type = "choice"
options = ["a", "b"]
default = "a"
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region ORDER BY code;

-- name: orders_of_region
-- source: shop
SELECT id, note FROM orders WHERE region_code = :region ORDER BY id;

-- name: chosen
-- source: shop
SELECT id FROM orders WHERE region_code = :region AND id = :order AND note <> :fixed;
"#;

#[tokio::test]
async fn choices_come_in_the_order_of_the_query() {
    let shop = Shop::usual().await;
    let found = choices(
        &report(FORM),
        "region",
        &Values::default(),
        &shop.sources(),
        Lang::En,
    )
    .await
    .unwrap();
    let expected =
        [("11", "서울"), ("26", "부산"), ("50", "제주")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_choice_may_depend_on_another_and_an_absent_label_is_the_value() {
    let shop = Shop::usual().await;
    let values = Values(
        [("region".to_owned(), Value::Choice("11".to_owned()))]
            .into_iter()
            .collect(),
    );
    let found = choices(&report(FORM), "order", &values, &shop.sources(), Lang::En)
        .await
        .unwrap();
    let expected =
        [("1", "=1+1"), ("2", "2"), ("6", "@home")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn choices_written_in_the_report_need_no_query() {
    let shop = Shop::usual().await;
    assert_eq!(
        choices(
            &report(FORM),
            "fixed",
            &Values::default(),
            &shop.sources(),
            Lang::En
        )
        .await
        .unwrap(),
        []
    );
}

#[tokio::test]
async fn five_thousand_choices_are_offered_and_more_are_refused() {
    let shop = Shop::with(
        "CREATE TABLE region (code TEXT, name TEXT);
         CREATE TABLE orders (id INTEGER, region_code TEXT, note TEXT);
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)
         INSERT INTO region SELECT n, 'region ' || n FROM c;",
    )
    .await;
    let report = report(FORM);
    let found = choices(
        &report,
        "region",
        &Values::default(),
        &shop.sources(),
        Lang::En,
    )
    .await
    .unwrap();
    assert_eq!(found.len(), 5_000);
    shop.run("INSERT INTO region VALUES ('last', 'straw')")
        .await;
    let error = choices(
        &report,
        "region",
        &Values::default(),
        &shop.sources(),
        Lang::En,
    )
    .await
    .unwrap_err();
    assert!(
        matches!(error, EngineError::TooManyChoices { limit: 5_000, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_missing_label_column_is_named() {
    let shop = Shop::usual().await;
    let text = FORM.replace("label = \"name\" }", "label = \"title\" }");
    let error = choices(
        &report(&text),
        "region",
        &Values::default(),
        &shop.sources(),
        Lang::En,
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, EngineError::ChoiceColumn { column, .. } if column == "title"),
        "{error:?}"
    );
}

#[tokio::test]
async fn truth_values_are_compared_as_digits_and_read_as_words() {
    let shop = Shop::with(
        "CREATE TABLE item (id INTEGER, active BOOLEAN);
         INSERT INTO item VALUES (1, 1), (2, 0), (3, NULL), (4, 1);",
    )
    .await;
    let form = |options: &str| {
        report(&format!(
            "/*--- report\ntitle = \"Form\"\n[params.active]\ntype = \"choice\"\noptions = {options}\n---*/\n\n\
             -- name: states\n-- source: shop\nSELECT DISTINCT active, 'x' AS name FROM item ORDER BY active DESC;\n\n\
             -- name: again\n-- engine: polars\nSELECT active FROM states ORDER BY active;\n\n\
             -- name: items\n-- source: shop\nSELECT id FROM item WHERE active = :active;\n"
        ))
    };
    for (options, lang, expected) in [
        (
            "{ query = \"states\", value = \"active\" }",
            Lang::Ko,
            [("1", "예"), ("0", "아니요")],
        ),
        (
            "{ query = \"states\", value = \"active\" }",
            Lang::En,
            [("1", "Yes"), ("0", "No")],
        ),
        (
            "{ query = \"states\", value = \"active\", label = \"name\" }",
            Lang::En,
            [("1", "x"), ("0", "x")],
        ),
        (
            "{ query = \"again\", value = \"active\" }",
            Lang::En,
            [("0", "No"), ("1", "Yes")],
        ),
    ] {
        let found = choices(
            &form(options),
            "active",
            &Values::default(),
            &shop.sources(),
            lang,
        )
        .await
        .unwrap();
        let expected = expected.map(|(value, label)| (value.to_owned(), label.to_owned()));
        assert_eq!(found, expected, "{options}");
    }
}
