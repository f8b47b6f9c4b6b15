//! Servers stop, are killed, come back, and never outlive whoever started them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testbed::{Mariadb, Options, Postgres};

use super::{listens, mariadb, postgres, until};

#[tokio::test]
async fn postgres_comes_back_with_its_data_after_a_stop_and_after_a_kill() {
    let mut server = Postgres::start(&Options::default()).unwrap();
    let database = server.database().unwrap();
    let mut open = postgres(&database.writer).await.unwrap();
    sqlx::raw_sql("CREATE TABLE t AS SELECT 17 AS x")
        .execute(&mut open)
        .await
        .unwrap();
    server.kill().unwrap();
    assert!(sqlx::raw_sql("SELECT 1").execute(&mut open).await.is_err());
    server.start_again().unwrap();
    let mut again = postgres(&database.reader).await.unwrap();
    let x: i32 = sqlx::query_scalar("SELECT x FROM t")
        .fetch_one(&mut again)
        .await
        .unwrap();
    assert_eq!(x, 17);
    server.stop().unwrap();
    assert!(!listens(&database.reader));
    server.start_again().unwrap();
    postgres(&database.reader).await.unwrap();
}

#[tokio::test]
async fn mariadb_comes_back_with_its_data_after_a_stop_and_after_a_kill() {
    let mut server = Mariadb::start(&Options::default()).unwrap();
    let database = server.database().unwrap();
    let mut open = mariadb(&database.writer).await.unwrap();
    sqlx::raw_sql("CREATE TABLE t AS SELECT 17 AS x")
        .execute(&mut open)
        .await
        .unwrap();
    server.kill().unwrap();
    assert!(sqlx::raw_sql("SELECT 1").execute(&mut open).await.is_err());
    server.start_again().unwrap();
    let mut again = mariadb(&database.reader).await.unwrap();
    let x: i64 = sqlx::query_scalar("SELECT x FROM t")
        .fetch_one(&mut again)
        .await
        .unwrap();
    assert_eq!(x, 17);
    server.stop().unwrap();
    assert!(!listens(&database.reader));
    server.start_again().unwrap();
    mariadb(&database.reader).await.unwrap();
}

/// `testbed` with both servers and a command that waits for standard input to end, and what that command
/// was told.
fn around_a_waiting_command(temporary: &Path) -> (std::process::Child, Vec<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_testbed"))
        .args(["--postgres", "--mariadb", "--", "sh", "-c"])
        .arg("echo $TESTBED_POSTGRES_READER; echo $TESTBED_MARIADB_READER; cat")
        .env("TMPDIR", temporary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let urls = lines.take(2).map(Result::unwrap).collect();
    (child, urls)
}

/// A folder of temporary files that the servers' accounts may use too.
fn temporary() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o1777)).unwrap();
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn nothing_is_left_of_a_process_that_was_killed() {
    let temporary = temporary();
    let (mut child, urls) = around_a_waiting_command(temporary.path());
    assert!(urls.iter().all(|url| listens(url)));
    assert_eq!(files(temporary.path()).len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
    for url in &urls {
        until("the server has ended", || !listens(url));
    }
    until("the folders are gone", || {
        files(temporary.path()).is_empty()
    });
}

#[test]
fn a_command_has_its_servers_until_it_ends() {
    let temporary = temporary();
    let (mut child, urls) = around_a_waiting_command(temporary.path());
    assert!(urls.iter().all(|url| listens(url)));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    // No waiting: they had stopped before it ended.
    assert!(urls.iter().all(|url| !listens(url)));
    assert_eq!(files(temporary.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn kept_data_is_there_at_the_next_start() {
    let temporary = temporary();
    let options = Options {
        keep: Some(temporary.path().join("kept")),
        ..Options::default()
    };
    let server = Postgres::start(&options).unwrap();
    let database = server.kept_database("shop").unwrap();
    let mut writer = postgres(&database.writer).await.unwrap();
    sqlx::raw_sql("CREATE TABLE t AS SELECT 17 AS x")
        .execute(&mut writer)
        .await
        .unwrap();
    drop((database, server));
    let server = Postgres::start(&options).unwrap();
    let database = server.kept_database("shop").unwrap();
    let mut reader = postgres(&database.reader).await.unwrap();
    let x: i32 = sqlx::query_scalar("SELECT x FROM t")
        .fetch_one(&mut reader)
        .await
        .unwrap();
    assert_eq!(x, 17);
}
