//! Real processes on real files: a second one, and ones that are killed while they write.
//!
//! The children are this very test program, told by an environment variable what to do.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use lang::FailureClass;
use store::{Ending, Store, StoreError};

use crate::invariants;
use crate::place::{Db, Home, NO_LIMITS, NOW, Place, failure, finish, ms, run, take_over};

crate::place::on_both!(
    [
        a_killed_writer_leaves_only_whole_transitions,
        nothing_acknowledged_is_lost_by_a_kill
    ],
    four_threads: []
);

const ROLE: &str = "STORE_TEST_ROLE";
const PLACE: &str = "STORE_TEST_PLACE";

fn child(role: &str, url: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kills::the_child_does_what_it_is_told",
            "--nocapture",
        ])
        .env(ROLE, role)
        .env(PLACE, url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Reads what the child says until it has said `word` this often.
fn hear(child: &mut Child, word: &str, times: usize) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let heard = lines
        .map(Result::unwrap)
        .filter(|line| line.ends_with(word))
        .take(times)
        .count();
    assert_eq!(heard, times, "the child ended early");
}

/// Not a test by itself: without a role it does nothing.
#[tokio::test]
async fn the_child_does_what_it_is_told() {
    let (Ok(role), Ok(url)) = (std::env::var(ROLE), std::env::var(PLACE)) else {
        return;
    };
    let place = store::Location::parse(&url).unwrap();
    let store = Store::connect(&place).await.unwrap();
    match role.as_str() {
        "hold" => {
            say("holding");
            // Until the parent closes the pipe or kills us.
            std::io::stdin().read_line(&mut String::new()).unwrap();
        }
        _ => write_for_ever(&store).await,
    }
}

fn say(word: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{word}").unwrap();
    out.flush().unwrap();
}

/// Every kind of transition, again and again.
async fn write_for_ever(store: &Store) {
    take_over(store).await;
    let born = uuid_like();
    for index in 0u64.. {
        let id = format!("{born}-{index}");
        store
            .enqueue(run(&id, &format!("user{}", index % 3), "shop"))
            .await
            .unwrap();
        let claimed = store
            .claim(&"w".into(), NO_LIMITS, NOW + ms(1_000_000))
            .await
            .unwrap()
            .unwrap();
        match index % 5 {
            0 | 1 => drop(store.finish(finish(&claimed, NOW)).await.unwrap()),
            2 => {
                let broken = failure(FailureClass::SourceDown, true);
                store
                    .end_attempt(
                        &claimed.lease,
                        &Ending::Failed {
                            failure: broken,
                            jitter: 0.5,
                        },
                        NOW,
                    )
                    .await
                    .unwrap();
            }
            3 => {
                store
                    .cancel(&claimed.lease.run, &"kim".into(), NOW)
                    .await
                    .unwrap();
                store
                    .end_attempt(
                        &claimed.lease,
                        &Ending::Cancelled {
                            source_confirmed: true,
                        },
                        NOW,
                    )
                    .await
                    .unwrap();
            }
            _ => drop(
                store
                    .end_attempt(&claimed.lease, &Ending::Interrupted, NOW)
                    .await
                    .unwrap(),
            ),
        }
        say("wrote");
    }
}

/// Different in every process.
fn uuid_like() -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    format!("{}-{}", std::process::id(), now.as_nanos())
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().display());
    let mut first = child("hold", &url);
    hear(&mut first, "holding", 1);
    let error = Store::open(folder.path()).await.unwrap_err();
    let StoreError::InUse { holder, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(holder.pid, first.id());
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", first.id())),
        "{error}"
    );
    first.kill().unwrap();
    first.wait().unwrap();
    Store::open(folder.path()).await.unwrap();
}

/// Killed in the middle of writing, again and again: the database stays whole, no transition is half
/// done, and nothing is stranded. A file is killed together with its only writer, so it is asked more
/// often than a server that lives on.
async fn a_killed_writer_leaves_only_whole_transitions(db: Db) {
    let home = Home::new(db);
    let rounds = match db {
        Db::Sqlite => 200,
        Db::Postgres => 40,
    };
    for round in 0..rounds {
        let mut writer = child("write", &home.url());
        hear(&mut writer, "wrote", 1 + round as usize % 7);
        writer.kill().unwrap();
        writer.wait().unwrap();
        invariants::check(&home).await;
    }
    let place = Place::at(home).await;
    take_over(&place.store).await;
    assert!(place.store.running().await.unwrap().is_empty());
    invariants::check(&place).await;
    let finished = "SELECT COUNT(*) FROM runs WHERE finished_ms IS NOT NULL";
    assert!(place.count(finished).await >= rounds);
}

/// What was acknowledged is there after a kill.
async fn nothing_acknowledged_is_lost_by_a_kill(db: Db) {
    let home = Home::new(db);
    let mut writer = child("write", &home.url());
    hear(&mut writer, "wrote", 25);
    writer.kill().unwrap();
    writer.wait().unwrap();
    let runs = home.count("SELECT COUNT(*) FROM runs").await;
    assert!(runs >= 25, "{runs}");
    let claims = "SELECT COUNT(*) FROM run_events WHERE kind = 'claimed'";
    assert!(home.count(claims).await >= 25);
}

#[tokio::test]
async fn a_lock_is_not_inherited_by_children() {
    let place = Place::new(Db::Sqlite).await;
    let elsewhere = tempfile::tempdir().unwrap();
    // Started while this process holds the lock, and outlives it.
    let mut other = child("hold", &format!("sqlite:{}", elsewhere.path().display()));
    hear(&mut other, "holding", 1);
    let place = place.restart().await;
    drop(place);
    other.kill().unwrap();
    other.wait().unwrap();
}
