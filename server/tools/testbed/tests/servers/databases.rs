//! A test's own database.

use sqlx::Error;
use testbed::{Mariadb, Options, Postgres};

use super::{mariadb, postgres};

/// The code a database gives its refusal.
fn code(error: &Error) -> String {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .unwrap_or_else(|| panic!("{error} comes from no database"))
        .into_owned()
}

#[tokio::test]
async fn postgres_reader_reads_and_writer_writes() {
    let database = testbed::postgres().database().unwrap();
    let mut writer = postgres(&database.writer).await.unwrap();
    sqlx::raw_sql("CREATE TABLE fruit (name text); INSERT INTO fruit VALUES ('딸기')")
        .execute(&mut writer)
        .await
        .unwrap();
    let mut administrator = postgres(&database.administrator).await.unwrap();
    sqlx::raw_sql("CREATE TABLE nut AS SELECT name FROM fruit")
        .execute(&mut administrator)
        .await
        .unwrap();
    let mut reader = postgres(&database.reader).await.unwrap();
    for table in ["SELECT name FROM fruit", "SELECT name FROM nut"] {
        let name: String = sqlx::query_scalar(table)
            .fetch_one(&mut reader)
            .await
            .unwrap();
        assert_eq!(name, "딸기");
    }
    for refused in [
        "INSERT INTO fruit VALUES ('x')",
        "UPDATE nut SET name = 'x'",
        "DELETE FROM fruit",
        "CREATE TABLE mine (x integer)",
        "CREATE TEMPORARY TABLE mine (x integer)",
    ] {
        let error = sqlx::query(refused).execute(&mut reader).await.unwrap_err();
        assert_eq!(code(&error), "42501", "{refused}: {error}");
    }
}

#[tokio::test]
async fn mariadb_reader_reads_and_writer_writes() {
    let database = testbed::mariadb().database().unwrap();
    let mut writer = mariadb(&database.writer).await.unwrap();
    sqlx::raw_sql("CREATE TABLE fruit (name TEXT); INSERT INTO fruit VALUES ('딸기')")
        .execute(&mut writer)
        .await
        .unwrap();
    let mut reader = mariadb(&database.reader).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT name FROM fruit")
        .fetch_one(&mut reader)
        .await
        .unwrap();
    assert_eq!(name, "딸기");
    for refused in [
        "INSERT INTO fruit VALUES ('x')",
        "DELETE FROM fruit",
        "CREATE TABLE mine (x INTEGER)",
        "CREATE TEMPORARY TABLE mine (x INTEGER)",
    ] {
        let error = sqlx::query(refused).execute(&mut reader).await.unwrap_err();
        assert_eq!(code(&error), "42000", "{refused}: {error}");
    }
}

#[tokio::test]
async fn a_database_takes_its_logins_along() {
    let server = testbed::postgres();
    let (first, second) = (server.database().unwrap(), server.database().unwrap());
    assert_ne!(first.name, second.name);
    // Somebody is still connected.
    let _open = postgres(&first.reader).await.unwrap();
    let name = first.name.clone();
    drop(first);
    let mut administrator = postgres(server.administrator()).await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM pg_database WHERE datname = $1)
              + (SELECT count(*) FROM pg_roles WHERE rolname IN ($1 || '_r', $1 || '_w'))",
    )
    .bind(&name)
    .fetch_one(&mut administrator)
    .await
    .unwrap();
    assert_eq!(left, 0);
    postgres(&second.reader).await.unwrap();

    let server = testbed::mariadb();
    let made = server.database().unwrap();
    let name = made.name.clone();
    drop(made);
    let mut administrator = mariadb(server.administrator()).await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?)
              + (SELECT count(*) FROM mysql.user WHERE user LIKE CONCAT(?, '\\__'))",
    )
    .bind(&name)
    .bind(&name)
    .fetch_one(&mut administrator)
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    // Servers of somebody else may trust everybody on this machine.
    let server = Postgres::start(&Options::default()).unwrap();
    let database = server.database().unwrap();
    let wrong = database.reader.replacen("_r:", "_r:0", 1);
    assert_eq!(code(&postgres(&wrong).await.unwrap_err()), "28P01");
    let server = Mariadb::start(&Options::default()).unwrap();
    let database = server.database().unwrap();
    let wrong = database.reader.replacen("_r:", "_r:0", 1);
    assert_eq!(code(&mariadb(&wrong).await.unwrap_err()), "28000");
}
