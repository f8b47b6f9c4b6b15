use std::error::Error;

use source::{DatabaseError, Extract, SourceConfig, SourceError};

use crate::shop::Shop;

const ORDERS: &str = "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
                      INSERT INTO orders VALUES (1, 'a'), (2, 'b');";

#[tokio::test]
async fn nothing_but_reading_is_accepted() {
    let shop = Shop::new(ORDERS).await;
    let other = shop.folder().join("other.sqlite");
    let attach = format!("ATTACH '{}' AS other", other.display());
    let attach_uri = format!("ATTACH 'file:{}?mode=rwc' AS other", other.display());
    let vacuum = format!("VACUUM INTO '{}'", other.display());
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
        ("DELETE FROM orders", "deletes from `orders`"),
        (
            "WITH x AS (SELECT 1) DELETE FROM orders RETURNING id",
            "deletes from `orders`",
        ),
        ("DROP TABLE orders", "changes the tables of the database"),
        ("CREATE TABLE x (id)", "changes the tables of the database"),
        (
            "CREATE TEMP TABLE x (id)",
            "changes the tables of the database",
        ),
        (
            "ALTER TABLE orders RENAME TO x",
            "changes the tables of the database",
        ),
        ("PRAGMA query_only = OFF", "uses PRAGMA `query_only`"),
        ("PRAGMA user_version", "uses PRAGMA `user_version`"),
        ("BEGIN", "begins or ends a transaction"),
        (attach.as_str(), "attaches another file"),
        (attach_uri.as_str(), "attaches another file"),
        (vacuum.as_str(), ""),
        ("SELECT load_extension('x') AS x", ""),
    ];
    for (sql, what) in cases {
        let error = shop.read(sql).await.unwrap_err();
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
    assert!(!other.exists());
    assert_eq!(
        shop.printed("SELECT group_concat(note) FROM orders").await,
        [Some("a,b".to_owned())]
    );
}

#[tokio::test]
async fn one_statement_is_read_and_a_second_is_shown() {
    let shop = Shop::new(ORDERS).await;
    let sql = "SELECT id FROM orders; -- done\n SELECT 1 AS x";
    let error = shop.read(sql).await.unwrap_err();
    let SourceError::Sql {
        message, offset, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(
        message,
        "a second statement begins here; keep one per block"
    );
    assert_eq!(sql[offset.unwrap()..], sql[23..]);
    for sql in [
        "SELECT id FROM orders; DROP TABLE orders",
        "SELECT id FROM orders; nonsense",
    ] {
        assert!(
            shop.refusal(sql)
                .await
                .contains("a second statement begins here"),
            "{sql}"
        );
    }
    for sql in [
        "SELECT id FROM orders;",
        "SELECT id FROM orders ; -- end\n /* really */ ;; \n",
    ] {
        assert!(shop.read(sql).await.is_ok(), "{sql}");
    }
    for sql in ["", "  -- only words\n", ";"] {
        assert!(
            shop.refusal(sql)
                .await
                .contains("there is no statement, only comments"),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn a_mistake_is_shown_where_the_author_wrote_it() {
    let shop = Shop::new(ORDERS).await;
    let sql = "SELECT id,\n  nope FROM orders";
    let extract = Extract {
        comment: "run 7, report sales/daily".to_owned(),
        ..Extract::new(sql)
    };
    let error = shop.extract(extract).await.unwrap_err();
    let SourceError::Sql {
        message, offset, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(message, "no such column: nope");
    assert!(sql[offset.unwrap()..].starts_with("nope"));
}

#[tokio::test]
async fn what_was_said_is_the_cause_and_is_told_once() {
    let shop = Shop::new(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, day DATE);
         INSERT INTO orders VALUES (1, 'soon');",
    )
    .await;
    let error = shop.read("SELECT nope FROM orders").await.unwrap_err();
    let said = DatabaseError {
        code: Some("1".to_owned()),
        message: "no such column: nope".to_owned(),
    };
    let cause = error.source().unwrap();
    assert_eq!(cause.downcast_ref::<DatabaseError>(), Some(&said));
    assert_eq!(lang::chain_of(&error), error.to_string());
    assert_eq!(error.to_string().matches(&said.message).count(), 1);

    let error = shop.read("SELECT day FROM orders").await.unwrap_err();
    let value = error.source().unwrap().to_string();
    assert!(value.contains("the text 'soon'"), "{value}");
    assert_eq!(lang::chain_of(&error).matches(&value).count(), 1);

    // What the sentence leaves out comes behind it.
    std::fs::write(
        shop.path(),
        "no database at all, but long enough for a header",
    )
    .unwrap();
    let error = shop.source.check().await.unwrap_err();
    assert_eq!(
        lang::chain_of(&error),
        format!("{error}: file is not a database")
    );
    std::fs::remove_file(shop.path()).unwrap();
    let error = shop.source.check().await.unwrap_err();
    let cause = error.source().unwrap().downcast_ref::<std::io::Error>();
    assert_eq!(cause.unwrap().kind(), std::io::ErrorKind::NotFound);
}

#[tokio::test]
async fn a_comment_never_changes_the_statement() {
    let shop = Shop::new(ORDERS).await;
    let extract = Extract {
        comment: "*/ SELECT 'other' AS id; --\n".to_owned(),
        ..Extract::new("SELECT id FROM orders")
    };
    assert_eq!(shop.extract(extract).await.unwrap().1[0].rows, 2);
}

async fn down(url: String) -> String {
    let source = source::open(&SourceConfig::new("shop", url)).unwrap();
    let error = source
        .describe("SELECT 1 AS x FROM orders")
        .await
        .unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::SourceDown, "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();

    let missing = path("missing.sqlite");
    assert_eq!(
        down(format!("sqlite:{missing}")).await,
        format!(
            "the source `shop` cannot be reached: there is no file {missing}; check the path in its URL"
        )
    );
    assert!(!std::path::Path::new(&missing).exists());

    let here = folder.path().display().to_string();
    assert_eq!(
        down(format!("sqlite:{here}")).await,
        format!(
            "the source `shop` cannot be reached: {here} is a folder; name the database file itself"
        )
    );

    std::fs::write(path("letter.txt"), "Dear database, ".repeat(500)).unwrap();
    assert_eq!(
        down(format!("sqlite:{}", path("letter.txt"))).await,
        "the source `shop` cannot be reached: the file is not an SQLite database, or it is encrypted; check the path in its URL"
    );
}

#[tokio::test]
async fn a_file_somebody_else_holds_is_busy() {
    let shop = Shop::new(ORDERS).await;
    let mut writer = shop.writer().await;
    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut writer)
        .await
        .unwrap();
    let extract = Extract {
        timeout: Some(std::time::Duration::from_millis(50)),
        ..Extract::new("SELECT id FROM orders")
    };
    let error = shop.extract(extract.clone()).await.unwrap_err();
    assert!(matches!(error, SourceError::Busy { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the source `shop` is busy: another program is writing to the file (database is locked); try again when it has finished"
    );
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    assert!(shop.extract(extract).await.is_ok());
}

#[tokio::test]
async fn a_damaged_file_says_so() {
    let shop = Shop::new(ORDERS).await;
    let mut bytes = std::fs::read(shop.path()).unwrap();
    for byte in &mut bytes[4096..] {
        *byte = 0xa5;
    }
    std::fs::write(shop.path(), bytes).unwrap();
    let refusal = shop.refusal("SELECT id FROM orders").await;
    assert!(refusal.contains("the file is damaged"), "{refusal}");
}

#[test]
fn a_configuration_never_shows_its_url() {
    let config = SourceConfig::new("shop", "sqlite:/secret/place.sqlite");
    assert!(!format!("{config:?}").contains("secret"));
}

#[test]
fn urls_we_cannot_read_say_what_to_write() {
    let open = |url: &str| {
        source::open(&SourceConfig::new("shop", url))
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        open("sqlite:"),
        "the source `shop` cannot be used: its URL names no file; write `sqlite:PATH`"
    );
    assert_eq!(
        open("shop.sqlite"),
        "the source `shop` cannot be used: its URL names no kind of database; write `sqlite:PATH`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`"
    );
    let twice = SourceConfig {
        urls: vec!["sqlite:a.sqlite".to_owned(), "sqlite:b.sqlite".to_owned()],
        ..SourceConfig::new("shop", "")
    };
    assert_eq!(
        source::open(&twice).err().unwrap().to_string(),
        "the source `shop` cannot be used: a file has one URL, and there are several"
    );
}

#[test]
fn an_identity_tells_files_and_zones_apart() {
    let identity = |config: &SourceConfig| source::open(config).unwrap().identity();
    let shop = SourceConfig::new("shop", "sqlite:/data/shop.sqlite");
    assert_eq!(identity(&shop), "sqlite:/data/shop.sqlite|Asia/Seoul");
    let elsewhere = SourceConfig::new("shop", "sqlite:/data/other.sqlite");
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let other_zone = SourceConfig {
        zone,
        ..shop.clone()
    };
    assert_ne!(identity(&shop), identity(&elsewhere));
    assert_ne!(identity(&shop), identity(&other_zone));
    // The name is only what reports call it.
    let renamed = SourceConfig {
        name: "store".to_owned(),
        ..shop.clone()
    };
    assert_eq!(identity(&shop), identity(&renamed));
}

#[tokio::test]
async fn a_connection_test_opens_the_file_and_says_the_version() {
    let shop = Shop::new("CREATE TABLE t (id INTEGER)").await;
    let checked = shop.source.check().await.unwrap();
    assert_eq!(checked.endpoint, shop.path().display().to_string());
    let version = shop.printed("SELECT sqlite_version()").await;
    assert_eq!(
        checked.version,
        format!("SQLite {}", version[0].as_deref().unwrap())
    );
    assert_eq!(checked.can_write, None);
    std::fs::write(
        shop.path(),
        "no database at all, but long enough to have a header",
    )
    .unwrap();
    let error = shop.source.check().await.unwrap_err();
    assert!(matches!(error, SourceError::Down { .. }), "{error}");
}

#[tokio::test]
async fn a_row_over_ten_mebibytes_is_refused() {
    let shop = Shop::new(
        "CREATE TABLE t (id INTEGER, note TEXT);
         INSERT INTO t VALUES (1, 'short'), (2, hex(zeroblob(5300000)));",
    )
    .await;
    assert_eq!(
        shop.refusal("SELECT note FROM t ORDER BY id").await,
        "row 2 is larger than 10485760 bytes; leave out the large column, or shorten it with substr()"
    );
}
