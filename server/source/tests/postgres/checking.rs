//! The connection test.

use source::{Checked, SourceConfig};

use crate::place::Place;

async fn check(url: &str) -> Checked {
    let source = source::open(&SourceConfig::new("shop", url)).unwrap();
    source.check().await.unwrap()
}

async fn tables(place: &Place) -> Vec<Option<String>> {
    place
        .printed("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1")
        .await
}

#[tokio::test]
async fn a_login_that_only_reads_is_as_it_should_be() {
    let place = Place::new("CREATE TABLE orders (id int)").await;
    let checked = check(&place.database.reader).await;
    assert_eq!(checked.can_write, None);
    let version = place.printed("SHOW server_version").await;
    assert_eq!(
        checked.version,
        format!("PostgreSQL {}", version[0].as_deref().unwrap())
    );
    assert!(!checked.endpoint.contains('@'), "{}", checked.endpoint);
}

#[tokio::test]
async fn a_login_that_may_write_is_told_of_and_writes_nothing() {
    let place =
        Place::new("CREATE TABLE orders (id int NOT NULL); INSERT INTO orders VALUES (1)").await;
    let before = tables(&place).await;
    for url in [&place.database.writer, &place.database.administrator] {
        let checked = check(url).await;
        assert_eq!(
            checked.can_write.as_deref(),
            Some("it may create tables in public")
        );
    }
    assert_eq!(tables(&place).await, before);
}

#[tokio::test]
async fn one_right_on_one_table_is_found() {
    let place = Place::new("CREATE TABLE orders (id int NOT NULL, note text NOT NULL); INSERT INTO orders VALUES (1, 'x')").await;
    let login = |right: &str| {
        format!("DO $$ BEGIN EXECUTE format('{right} TO %I', current_database() || '_r'); END $$")
    };
    for (right, told) in [
        ("GRANT INSERT ON orders", "it may insert into orders"),
        ("GRANT UPDATE (note) ON orders", "it may update orders"),
        ("GRANT DELETE ON orders", "it may delete from orders"),
    ] {
        place.run(&login(right)).await;
        let checked = check(&place.database.reader).await;
        assert_eq!(checked.can_write.as_deref(), Some(told), "{right}");
    }
    let left = place.printed("SELECT note FROM orders").await;
    assert_eq!(left, [Some("x".to_owned())]);
}

#[tokio::test]
async fn a_login_that_may_read_files_of_the_server_is_told_of() {
    let place = Place::new("CREATE TABLE orders (id int)").await;
    assert_eq!(check(&place.database.reader).await.can_read_files, None);
    for (right, told) in [
        (
            "GRANT EXECUTE ON FUNCTION pg_read_file(text)",
            "it may call pg_read_file",
        ),
        (
            "GRANT pg_read_server_files",
            "it is a member of pg_read_server_files",
        ),
    ] {
        place
            .run(&format!(
                "DO $$ BEGIN EXECUTE format('{right} TO %I', current_database() || '_r'); END $$"
            ))
            .await;
        let checked = check(&place.database.reader).await;
        assert_eq!(checked.can_read_files.as_deref(), Some(told), "{right}");
    }
    let checked = check(&place.database.administrator).await;
    assert_eq!(checked.can_read_files.as_deref(), Some("it is a superuser"));
}
