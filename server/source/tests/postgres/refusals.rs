//! What is not read, and how people hear about it.

use std::error::Error;

use source::{DatabaseError, Extract, Param, SourceError};

use crate::place::{Place, seoul};

const SHOP: &str = "
CREATE TABLE orders (id serial, note text);
INSERT INTO orders (note) VALUES ('one'), ('two');
GRANT ALL ON orders TO PUBLIC; GRANT ALL ON SEQUENCE orders_id_seq TO PUBLIC;
CREATE TABLE secret (id int);
REVOKE ALL ON secret FROM PUBLIC;
CREATE FUNCTION tidy() RETURNS int LANGUAGE plpgsql AS
  $$ BEGIN DELETE FROM orders; RETURN 1; END $$;";

#[tokio::test]
async fn whatever_writes_is_refused_and_leaves_everything_as_it_was() {
    let place = Place::new(SHOP).await;
    let statements = [
        ("INSERT INTO orders (note) VALUES ('x')", "executes INSERT"),
        (
            "INSERT INTO orders (note) VALUES ('x') RETURNING id",
            "executes INSERT",
        ),
        ("DELETE FROM orders", "executes DELETE"),
        (
            "-- tidy\nUPDATE orders SET note = 'x' RETURNING *",
            "executes UPDATE",
        ),
        (
            "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone",
            "changes rows",
        ),
        (
            "WITH gone AS (DELETE FROM orders RETURNING *) SELECT id, ARRAY[note] AS tags FROM gone",
            "changes rows",
        ),
        ("SELECT tidy() AS done", "executes DELETE"),
        (
            "SELECT id FROM orders FOR UPDATE",
            "executes SELECT FOR UPDATE",
        ),
        (
            "SELECT nextval('orders_id_seq') AS id",
            "executes nextval()",
        ),
        (
            "CREATE TABLE t (id int)",
            "executes CREATE, which is not reading",
        ),
        (
            "CREATE TEMP TABLE t (id int)",
            "executes CREATE, which is not reading",
        ),
        ("DROP TABLE orders", "executes DROP, which is not reading"),
        ("COMMIT", "executes COMMIT, which is not reading"),
        (
            "SET TRANSACTION READ WRITE",
            "executes SET, which is not reading",
        ),
        ("COPY orders TO STDOUT", "executes COPY"),
        ("TRUNCATE orders", "executes TRUNCATE"),
    ];
    for (sql, what) in statements {
        let error = place.error(sql).await;
        assert_eq!(
            error.to_string(),
            format!(
                "the source `shop` is only read, and the statement {what}; write a SELECT instead"
            ),
            "{sql}"
        );
        assert_eq!(error.class(), lang::FailureClass::UserSql);
    }
    let left = place.printed("SELECT count(*)::text FROM orders").await;
    assert_eq!(left[0].as_deref(), Some("2"));
}

#[tokio::test]
async fn a_transaction_can_not_be_made_to_write() {
    let place = Place::new(SHOP).await;
    let error = place
        .error("SELECT set_config('transaction_read_only', 'off', false) AS x")
        .await;
    assert!(matches!(error, SourceError::Sql { .. }), "{error}");
}

#[tokio::test]
async fn what_the_server_said_is_the_cause_and_is_told_once() {
    let place = Place::new(SHOP).await;
    let error = place.error("SELECT nope FROM orders").await;
    let said = DatabaseError {
        code: Some("42703".to_owned()),
        message: "column \"nope\" does not exist".to_owned(),
    };
    let cause = error.source().unwrap();
    assert_eq!(cause.downcast_ref::<DatabaseError>(), Some(&said));
    let chain = lang::chain_of(&error);
    assert_eq!(chain.matches(&said.message).count(), 1, "{chain}");

    // What the sentence leaves out comes behind it.
    let error = place.error("SELECT id FROM orders FOR UPDATE").await;
    assert!(matches!(error, SourceError::Writes { .. }), "{error}");
    let chain = lang::chain_of(&error);
    let words = "cannot execute SELECT FOR UPDATE in a read-only transaction";
    assert!(chain.ends_with(words), "{chain}");
    assert_eq!(chain.matches(words).count(), 1, "{chain}");

    let error = place.error("SELECT 'infinity'::date AS day").await;
    let value = error.source().unwrap().to_string();
    assert!(value.contains("infinity"), "{value}");
    assert_eq!(lang::chain_of(&error).matches(&value).count(), 1);
}

/// The server names them in the details and the context of its answer.
#[tokio::test]
async fn values_that_were_bound_stay_out_of_the_error() {
    let place = Place::new(SHOP).await;
    let extract = Extract {
        params: vec![Param::Text("{\"pin\": hunter2}".to_owned())],
        ..seoul("SELECT CAST(CAST($1 AS text) AS json) AS told")
    };
    let error = place.extract(extract).await.unwrap_err();
    let told = format!("{} {error:?}", lang::chain_of(&error));
    assert!(
        told.contains("invalid input syntax for type json"),
        "{told}"
    );
    assert!(!told.contains("hunter2"), "{told}");
}

#[tokio::test]
async fn several_statements_are_refused() {
    let place = Place::new(SHOP).await;
    let error = place.error("SELECT 1 AS a; DELETE FROM orders").await;
    assert!(matches!(error, SourceError::Sql { .. }), "{error}");
    let left = place.printed("SELECT count(*)::text FROM orders").await;
    assert_eq!(left[0].as_deref(), Some("2"));
    // A semicolon at the end begins no second statement.
    place.read("SELECT 1 AS a; ").await.unwrap();
}

#[tokio::test]
async fn a_mistake_is_shown_where_it_stands_in_the_authors_text() {
    let place = Place::new(SHOP).await;
    let check = async |sql: &str, wrong: &str, comment: &str| {
        let extract = Extract {
            comment: comment.to_owned(),
            ..seoul(sql)
        };
        let error = place.extract(extract).await.unwrap_err();
        let SourceError::Sql { offset, .. } = &error else {
            panic!("{sql}: {error}")
        };
        assert_eq!(*offset, sql.find(wrong), "{sql}: {error}");
    };
    for comment in ["", "digger 실행 17 · 김"] {
        check("SELECT nope FROM orders", "nope", comment).await;
        check(
            "SELECT '가나다' AS x, nope AS y FROM orders",
            "nope",
            comment,
        )
        .await;
        check("SELECT id FROM nowhere", "nowhere", comment).await;
        check("SELEC 1", "SELEC", comment).await;
        check(
            "SELECT '가' AS x FROM orders WHERE id = 'abc'",
            "'abc'",
            comment,
        )
        .await;
    }
    assert_eq!(
        place.refusal("SELECT nope FROM orders").await,
        "the source `shop` does not accept the statement: column \"nope\" does not exist (Perhaps you meant to reference the column \"orders.note\".)"
    );
}

#[tokio::test]
async fn a_value_the_server_can_not_compute_is_the_authors_to_mend() {
    let place = Place::new(SHOP).await;
    let error = place
        .error("SELECT 1 / (i - 2500) AS x FROM generate_series(1, 3000) AS i")
        .await;
    assert!(matches!(error, SourceError::Sql { .. }), "{error}");
    assert!(error.to_string().contains("division by zero"), "{error}");
}

#[tokio::test]
async fn a_table_one_may_not_read_is_named() {
    let place = Place::new(SHOP).await;
    place.run("REVOKE ALL ON secret FROM PUBLIC; DO $$ BEGIN EXECUTE format('REVOKE ALL ON secret FROM %I', current_database() || '_r'); END $$").await;
    let error = place.error("SELECT id FROM secret").await;
    assert!(matches!(error, SourceError::Permission { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the source `shop` does not permit this: permission denied for table secret"
    );
    assert_eq!(error.class(), lang::FailureClass::Permission);
}

#[tokio::test]
async fn an_endless_answer_ends_at_its_limit() {
    let place = Place::new("").await;
    let limited = |limit| Extract {
        max_rows: Some(limit),
        ..seoul("SELECT generate_series(1, 100000000) AS i")
    };
    for limit in [1, 2_048, 5_000] {
        let error = place.extract(limited(limit)).await.unwrap_err();
        assert!(
            matches!(error, SourceError::TooManyRows { limit: found } if found == limit),
            "{error}"
        );
    }
    place.until_sessions("true", 0).await;
    let exactly = Extract {
        max_rows: Some(3_000),
        ..seoul("SELECT i FROM generate_series(1, 3000) AS i")
    };
    let (_, chunks) = place.extract(exactly).await.unwrap();
    assert_eq!(chunks.iter().map(|chunk| chunk.rows).sum::<usize>(), 3_000);
}

#[tokio::test]
async fn a_row_over_ten_mebibytes_is_refused() {
    let place = Place::new("").await;
    let sql = "SELECT repeat('x', CASE i WHEN 3 THEN 10485761 ELSE 10 END) AS note
               FROM generate_series(1, 5) AS i";
    assert_eq!(
        place.refusal(sql).await,
        "row 3 is larger than 10485760 bytes; leave out the large column, or shorten it with substr()"
    );
    // The largest that is read; a chunk ends early so that few of them wait.
    let sql = "SELECT repeat('x', 10485760) AS note FROM generate_series(1, 5) AS i";
    let (_, chunks) = place.read(sql).await.unwrap();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert!(sizes.iter().all(|rows| *rows <= 2), "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), 5);
}

#[tokio::test]
async fn a_nul_in_the_statement_is_shown() {
    let place = Place::new("").await;
    let error = place.error("SELECT '\0' AS x").await;
    assert!(
        matches!(
            error,
            SourceError::Sql {
                offset: Some(8),
                ..
            }
        ),
        "{error}"
    );
}
