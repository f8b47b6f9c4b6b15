//! What is not read, and how it is said.

use std::error::Error;

use source::{DatabaseError, Extract, Param, SourceError};

use crate::shop::{Shop, column, extract_from};

const ORDERS: &str = "
CREATE TABLE orders (id INT PRIMARY KEY, note TEXT);
INSERT INTO orders VALUES (1, 'a'), (2, 'b');
CREATE TABLE old_orders (id INT) ENGINE = MyISAM;
CREATE FUNCTION spoil() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO orders VALUES (9, 'x'); RETURN 1; END;
CREATE FUNCTION spoil_old() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO old_orders VALUES (9); RETURN 1; END;
CREATE PROCEDURE spoil_all() BEGIN DELETE FROM orders; SELECT 1 AS one; END;
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_reading_is_accepted_even_from_an_administrator() {
    let shop = Shop::new(ORDERS).await;
    let administrator = shop.database.administrator.to_string();
    let source = shop.configured(|config| config.urls = vec![administrator]);
    let cases = [
        (
            "INSERT INTO orders VALUES (3, 'c')",
            "inserts into `orders`",
        ),
        (
            "INSERT INTO orders VALUES (3, 'c') RETURNING id",
            "inserts into `orders`",
        ),
        (
            "REPLACE INTO orders VALUES (1, 'c')",
            "inserts into `orders`",
        ),
        ("UPDATE orders SET note = ''", "updates `orders`"),
        ("DELETE FROM orders RETURNING id", "deletes from `orders`"),
        ("TRUNCATE orders", "deletes from `orders`"),
        ("DROP TABLE orders", "changes the tables of the database"),
        (
            "CREATE TABLE x (id INT)",
            "changes the tables of the database",
        ),
        (
            "CREATE TEMPORARY TABLE x (id INT)",
            "changes the tables of the database",
        ),
        (
            "ALTER TABLE orders RENAME TO x",
            "changes the tables of the database",
        ),
        (
            "OPTIMIZE TABLE old_orders",
            "changes the tables of the database",
        ),
        ("CALL spoil_all()", "runs a procedure"),
        ("EXECUTE IMMEDIATE 'DROP TABLE orders'", "runs a procedure"),
        ("SET GLOBAL max_connections = 7", "changes settings"),
        ("COMMIT", "begins or ends a transaction"),
        ("LOCK TABLES orders WRITE", "locks tables"),
        ("GRANT ALL ON *.* TO x", "changes permissions"),
        ("KILL 1", "does something else"),
        (
            "LOAD DATA INFILE 'x' INTO TABLE orders",
            "does something else",
        ),
        ("BEGIN NOT ATOMIC DELETE FROM orders; END", ""),
        (
            "SELECT id FROM orders INTO OUTFILE '/tmp/digger_test'",
            "returns no rows",
        ),
        ("SELECT id FROM orders LIMIT 1 INTO @x", "returns no rows"),
        ("SELECT id FROM orders FOR UPDATE", "changes or locks rows"),
        ("SELECT spoil() AS x", "changes or locks rows"),
        ("SELECT spoil_old() AS x", "changes or locks rows"),
        (
            "SELECT id, spoil() AS x FROM orders",
            "changes or locks rows",
        ),
        ("WITH x AS (SELECT 1) DELETE FROM orders", ""),
        ("/*!50000 DELETE FROM orders */", "deletes from `orders`"),
        ("EXPLAIN DELETE FROM nothing", ""),
    ];
    for (sql, what) in cases {
        let error = extract_from(&source, Extract::new(sql)).await.unwrap_err();
        assert_eq!(error.class(), lang::FailureClass::UserSql, "{sql}: {error}");
        if !what.is_empty() {
            assert_eq!(
                error.to_string(),
                format!(
                    "the source `shop` is only read, and the statement {what}; write a SELECT instead"
                ),
                "{sql}"
            );
        }
    }
    assert!(!std::path::Path::new("/tmp/digger_test").exists());
    assert_eq!(
        shop.printed("SELECT GROUP_CONCAT(id, note) FROM orders")
            .await,
        [Some("1a,2b".to_owned())]
    );
    assert_eq!(
        shop.printed("SELECT CAST(COUNT(*) AS CHAR) FROM old_orders")
            .await,
        [Some("0".to_owned())]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_said_is_the_cause_and_is_told_once() {
    let shop = Shop::new(ORDERS).await;
    let error = shop.error("SELECT nope FROM orders").await;
    let cause = error.source().unwrap();
    let said = cause.downcast_ref::<DatabaseError>().unwrap();
    assert_eq!(said.code.as_deref(), Some("42S22"));
    assert!(said.message.contains("Unknown column 'nope'"), "{said}");
    let chain = lang::chain_of(&error);
    assert_eq!(chain.matches(&said.message).count(), 1, "{chain}");

    let error = shop.error("SELECT CAST('0000-00-00' AS DATE) AS day").await;
    let value = error.source().unwrap().to_string();
    assert!(value.contains("0000-00-00"), "{value}");
    assert_eq!(lang::chain_of(&error).matches(&value).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_statement_is_read_and_a_second_is_shown() {
    let shop = Shop::new(ORDERS).await;
    let sql = "SELECT id FROM orders; -- done\n SELECT 1 AS x";
    let SourceError::Sql {
        message, offset, ..
    } = shop.error(sql).await
    else {
        panic!("another error")
    };
    assert_eq!(
        message,
        "a second statement begins here; keep one per block"
    );
    assert_eq!(sql[offset.unwrap()..], sql[32..]);
    for sql in [
        "SELECT id FROM orders;",
        "SELECT id FROM orders ; -- end\n /* really */ ;; \n",
        "SELECT id FROM orders # end",
    ] {
        assert!(shop.read(sql).await.is_ok(), "{sql}");
    }
    for sql in ["", "  -- only words\n", ";"] {
        let error = shop.error(sql).await.to_string();
        assert!(
            error.contains("there is no statement, only comments"),
            "{sql}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistake_is_shown_where_the_author_wrote_it() {
    let shop = Shop::new(ORDERS).await;
    // Others may not even know whether a function exists.
    let administrator = shop.database.administrator.to_string();
    let source = shop.configured(|config| config.urls = vec![administrator]);
    let cases = [
        (
            "SELECT id,\n  nope FROM orders",
            "nope FROM orders",
            "Unknown column 'nope'",
        ),
        (
            "SELECT 'nope' AS nope_, o.nope FROM orders AS o",
            "o.nope FROM",
            "Unknown column 'o.nope'",
        ),
        ("SELECT id FROM nowhere", "nowhere", "doesn't exist"),
        ("SELECT id, FROM orders", "FROM orders", "syntax"),
        ("SELECT id FROM orders WHERE", "", "syntax"),
        ("SELECT id\nFROM orders\nWHERE id = = 1", "= 1", "syntax"),
        (
            "SELECT id, nonsense(id) AS x FROM orders",
            "nonsense(id)",
            "does not exist",
        ),
        (
            "SELECT '가나다', note note note FROM orders",
            "note FROM orders",
            "syntax",
        ),
        (
            "SELECT id FROM orders AS a JOIN orders AS b ON TRUE",
            "id FROM",
            "ambiguous",
        ),
    ];
    for (sql, at, words) in cases {
        let extract = Extract {
            comment: "run 7, report sales/daily".to_owned(),
            ..Extract::new(sql)
        };
        let error = extract_from(&source, extract).await.unwrap_err();
        let SourceError::Sql {
            message, offset, ..
        } = &error
        else {
            panic!("{sql}: {error}")
        };
        assert!(message.contains(words), "{message}");
        assert!(sql[offset.unwrap()..].starts_with(at), "{sql}: {offset:?}");
        if at.is_empty() {
            assert_eq!(*offset, Some(sql.len()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_never_changes_the_statement() {
    let shop = Shop::new(ORDERS).await;
    let extract = Extract {
        comment: "*/ SELECT 'other' AS id; -- ? !50000\n".to_owned(),
        params: vec![Param::Integer(0)],
        ..Extract::new("SELECT id FROM orders WHERE id > ?")
    };
    assert_eq!(shop.extract(extract).await.unwrap().1[0].rows, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_login_may_not_read_is_a_matter_of_permission() {
    let shop = Shop::new(ORDERS).await;
    let error = shop.error("SELECT user FROM mysql.user").await;
    assert_eq!(error.class(), lang::FailureClass::Permission);
    let message = error.to_string();
    assert!(
        message.starts_with("the source `shop` does not permit this: SELECT command denied"),
        "{message}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_rows_than_allowed_end_the_reading() {
    let shop = Shop::new(ORDERS).await;
    let limited = |max_rows| Extract {
        max_rows: Some(max_rows),
        ..Extract::new("SELECT id FROM orders")
    };
    assert!(shop.extract(limited(2)).await.is_ok());
    let error = shop.extract(limited(1)).await.unwrap_err();
    assert!(
        matches!(error, SourceError::TooManyRows { limit: 1 }),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_leaves_out_is_an_error() {
    let shop = Shop::new(
        "CREATE TABLE t (id INT, note LONGTEXT);
         INSERT INTO t VALUES (1, REPEAT('x', 6000000)), (2, REPEAT('y', 6000000));",
    )
    .await;
    for (sql, words) in [
        (
            "SELECT LENGTH(GROUP_CONCAT(note)) AS x FROM t",
            "was cut by GROUP_CONCAT()",
        ),
        (
            "SELECT id, REPEAT(note, 1000) AS x FROM t",
            "larger than max_allowed_packet",
        ),
    ] {
        let error = shop.error(sql).await;
        assert_eq!(error.class(), lang::FailureClass::UserSql);
        assert!(
            error.to_string().contains("the server left something out"),
            "{error}"
        );
        assert!(error.to_string().contains(words), "{error}");
    }
    // Four times what MySQL joins by default.
    let long = "SELECT LENGTH(GROUP_CONCAT(note)) AS x FROM (SELECT LEFT(note, 2048) AS note FROM t) AS short";
    let (_, chunks) = shop.read(long).await.unwrap();
    assert_eq!(column(&chunks, 0), [Some("4097".to_owned())]);
    // MariaDB ends a recursion after 1,000 rounds with a warning, MySQL with an error.
    let recursive = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT COUNT(*) AS x FROM n";
    let error = shop.error(recursive).await;
    assert_eq!(error.class(), lang::FailureClass::UserSql, "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn modes_of_the_server_are_the_authors() {
    let shop = Shop::new(ORDERS).await;
    // As in the author's own client: `||` is OR unless the server says otherwise.
    let (_, chunks) = shop
        .read("SELECT 1 || 0 AS x, @@SESSION.sql_mode LIKE '%NO_ZERO%' AS zero FROM orders LIMIT 1")
        .await
        .unwrap();
    assert_eq!(column(&chunks, 0), [Some("1".to_owned())]);
    assert_eq!(column(&chunks, 1), [Some("0".to_owned())]);
}
