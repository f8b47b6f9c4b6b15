//! What an installation was made for, who may read its files, and who is told where things are.

use std::os::unix::fs::PermissionsExt;

use calamine::{Reader, Xlsx};
use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;
use sqlx::Row;

use super::digger::{Digger, Place, children_of_run, until};
use super::visitor::{LONG, PASSWORD, Visitor};

fn refused(place: &Place, arguments: &[&str]) -> String {
    match Digger::start(place.command(arguments)) {
        Ok(digger) => panic!("it serves at {}", digger.address),
        Err(said) => said,
    }
}

#[tokio::test]
async fn the_demo_has_a_place_of_its_own() {
    let demo = Place::new().await;
    assert_eq!(demo.serve().terminate(), Some(0));
    let said = refused(&demo, &[]);
    assert!(said.contains("was made for the demo"), "{said}");
    assert_eq!(demo.serve().terminate(), Some(0));

    let work = Place::new().await;
    assert_eq!(work.serve_with(&[]).terminate(), Some(0));
    let said = refused(&work, &["--demo"]);
    assert!(said.contains("was not made for the demo"), "{said}");
    let people = super::shop::open(&work.data().join("digger.sqlite")).await;
    assert_eq!(logins(people).await, ["admin"]);
}

async fn logins(mut connection: sqlx::SqliteConnection) -> Vec<String> {
    sqlx::query_scalar("SELECT login FROM people ORDER BY login")
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_demos_password_opens_nothing_elsewhere() {
    let place = Place::new().await;
    assert_eq!(place.serve().terminate(), Some(0));
    // As an earlier version left it, which did not write down what an installation is for.
    let mut tables = super::shop::open(&place.data().join("digger.sqlite")).await;
    sqlx::query("DELETE FROM installation")
        .execute(&mut tables)
        .await
        .unwrap();
    drop(tables);
    let mut digger = place.serve_with(&[]);
    for login in ["admin", "kim"] {
        let answer = Visitor::new(&digger.address)
            .post("/signin", &[("login", login), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{login}");
    }
    // The administrator comes in again, with another password.
    let line = digger.line_with("/welcome/").expect("the link is printed");
    let path = line.split(&digger.address).nth(1).unwrap().to_owned();
    let boss = Visitor::new(&digger.address);
    let same = boss
        .post(&path, &[("name", "Boss"), ("password", PASSWORD)])
        .await;
    assert_eq!(same.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let other = boss
        .post(&path, &[("name", "Boss"), ("password", "long enough 1")])
        .await;
    assert_eq!(other.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_else_on_the_machine_reads_what_digger_keeps() {
    let place = Place::new().await;
    std::fs::create_dir_all(place.data()).unwrap();
    std::fs::set_permissions(place.data(), PermissionsExt::from_mode(0o755)).unwrap();
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let answer = visitor
        .post("/signin", &[("login", "kim"), ("password", PASSWORD)])
        .await;
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    let id = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let mut open = vec![place.data()];
    while let Some(path) = open.pop() {
        let metadata = std::fs::metadata(&path).unwrap();
        let mode = metadata.permissions().mode() & 0o777;
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
        if metadata.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    let mut tables = super::shop::open(&place.data().join("digger.sqlite")).await;
    let sessions = sqlx::query("SELECT id, data FROM sessions")
        .fetch_all(&mut tables)
        .await
        .unwrap();
    assert!(!sessions.is_empty());
    for session in sessions {
        let kept: (String, String) = (session.get(0), session.get(1));
        assert!(!kept.0.contains(&id) && !kept.1.contains(&id), "{kept:?}");
    }
}

#[tokio::test]
async fn a_run_knows_nothing_of_the_servers_environment() {
    let mut place = Place::new().await;
    place.set("SECRET_OF_ANOTHER_PROGRAM", "hunter2");
    place.set("TZ", "Asia/Seoul");
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    let child = until("the run has a process", || {
        children_of_run(&run).first().copied()
    });
    let environment = until("its environment is there", || {
        let words = std::fs::read(format!("/proc/{child}/environ")).ok()?;
        (!words.is_empty()).then(|| String::from_utf8_lossy(&words).into_owned())
    });
    assert!(!environment.contains("hunter2"), "{environment}");
    assert!(environment.contains("TZ=Asia/Seoul"), "{environment}");
}

#[tokio::test]
async fn where_sources_are_is_for_administrators_unless_settings_say_otherwise() {
    const REPORT: &str = "/*--- report\ntitle = \"Where\"\n[access]\nrun = [\"sales\"]\n---*/\n\n-- name: rows\n-- source: pg\nSELECT 1 AS one\n";
    let database = testbed::postgres().database().unwrap();
    let host = database.reader.rsplit_once('@').unwrap().1.to_owned();
    for shows in [false, true] {
        let place = Place::new().await;
        place.configure(&format!(
            "show_endpoints = {shows}\n[sources.pg]\nurl = \"{}\"\n",
            database.reader
        ));
        super::shop::write_report(&place.path("queries"), "sales/where", REPORT);
        let digger = place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        let run = kim.start("sales/where", &[]).await;
        assert_eq!(kim.finished(&run).await["state"], "succeeded");
        let admin = Visitor::signed_in(&digger.address, "admin").await;
        for (visitor, may_know) in [(&kim, shows), (&admin, true)] {
            let page = visitor
                .get(&format!("/runs/{run}"))
                .await
                .text()
                .await
                .unwrap();
            assert_eq!(page.contains(&host), may_know, "{host}: {page}");
            let seen = visitor.run(&run).await;
            assert_eq!(seen["executed_by"].is_string(), may_know, "{seen}");
        }
        let href = kim.run(&run).await["result"]["files"][0]["href"].clone();
        let answer = kim.get(href.as_str().unwrap()).await;
        let file = std::io::Cursor::new(answer.bytes().await.unwrap());
        let mut book = Xlsx::new(file).unwrap();
        let names = book.sheet_names();
        let about = book.worksheet_range(names.last().unwrap()).unwrap();
        let says = about
            .rows()
            .flatten()
            .any(|cell| cell.to_string().contains(&host));
        assert_eq!(says, shows, "the file goes to whoever it is given to");
    }
}
