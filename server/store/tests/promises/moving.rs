//! An installation carried from one database to another.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lang::FailureClass;
use store::{Ending, NewPerson, NewRun, NewSchedule, NewWorker, Purpose, StoreError};

use crate::invariants;
use crate::place::{Db, MINUTE, NOW, Place, failure, finish, ms, run};

/// Something in every table, in every state that may be moved.
async fn fill(place: &Place) {
    let store = &place.store;
    let person = NewPerson {
        login: "Kim@Example.com".to_owned(),
        name: "김민수 \u{1f600} 'quoted' \"twice\" \\".to_owned(),
        is_admin: true,
        groups: vec!["sales".to_owned(), "Ångström".to_owned()],
        attributes: BTreeMap::from([("areas".to_owned(), vec!["수도권".to_owned()])]),
        now: NOW,
        ..NewPerson::default()
    };
    let kim = store.create_person(person).await.unwrap();
    store.claim_purpose(Purpose::Work).await.unwrap();
    store
        .create_invite("hash", &kim, NOW + ms(10))
        .await
        .unwrap();
    store
        .save_session("s", "{\"a\":null}", NOW + ms(20))
        .await
        .unwrap();
    store.hit("signin:kim", MINUTE, NOW).await.unwrap();
    store
        .keep_revision("sales/daily", "h", "SELECT\n\t1", Timestamp::MAX)
        .await
        .unwrap();
    store
        .sync_sources(&[("shop".to_owned(), 1_000)])
        .await
        .unwrap();
    store.pause_source("shop", true).await.unwrap();
    store.pause_source("shop", false).await.unwrap();
    let schedule = NewSchedule {
        id: "monthly".to_owned(),
        report_id: "sales/daily".to_owned(),
        owner_id: kim.clone(),
        spec: "{}".to_owned(),
        zone: "Asia/Seoul".to_owned(),
        next_fire_at: Some(NOW),
    };
    store.create_schedule(&schedule).await.unwrap();
    store
        .fire(
            "monthly",
            NOW,
            None,
            run("fired", "kim", "crm"),
            &"w".into(),
        )
        .await
        .unwrap();
    let worker = NewWorker {
        name: "w".into(),
        host: "reports-1".to_owned(),
        pid: 1,
        version: "0.1.0".to_owned(),
        memory_mb: 1_000,
    };
    store.register_worker(&worker, NOW).await.unwrap();
    // More than one batch.
    for index in 0..250 {
        let id = format!("r{index:03}");
        place
            .queue(NewRun {
                more_sources: vec!["crm".to_owned()],
                ..run(&id, "kim", "shop")
            })
            .await;
        let claimed = place.claim("w", NOW).await.unwrap();
        match index % 4 {
            0 => drop(store.finish(finish(&claimed, NOW)).await.unwrap()),
            1 => {
                let broken = failure(FailureClass::UserSql, false);
                store
                    .end_attempt(
                        &claimed.lease,
                        &Ending::Failed {
                            failure: broken,
                            jitter: 0.0,
                        },
                        NOW,
                    )
                    .await
                    .unwrap();
            }
            2 => {
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
                    .end_attempt(&claimed.lease, &Ending::Interrupted, NOW + ms(1_000))
                    .await
                    .unwrap(),
            ),
        }
    }
    store.audit("kim", "move", "all", "{}", NOW).await.unwrap();
    store.audit("kim", "move", "all", "{}", NOW).await.unwrap();
}

/// Everything comes along, in either direction and back again, and works there.
#[tokio::test]
async fn an_installation_moves_to_the_other_database_and_back() {
    let here = Place::new(Db::Sqlite).await;
    here.store
        .sync_sources(&[("crm".to_owned(), 1_000)])
        .await
        .unwrap();
    fill(&here).await;
    let there = Place::new(Db::Postgres).await;
    let moved = here.store.move_to(&there.store).await.unwrap();
    invariants::check(&there).await;
    for table in &moved {
        let count = format!("SELECT COUNT(*) FROM {}", table.table);
        assert_eq!(there.count(&count).await, table.rows as i64, "{table:?}");
        assert!(table.rows > 0, "nothing tests the table {}", table.table);
        assert_eq!(table.sha256.len(), 64);
    }
    let back = Place::new(Db::Sqlite).await;
    assert_eq!(there.store.move_to(&back.store).await.unwrap(), moved);
    invariants::check(&back).await;
    for place in [&there, &back] {
        let kim = "kim@example.com";
        assert_eq!(
            place.store.person_by_login(kim).await.unwrap(),
            here.store.person_by_login(kim).await.unwrap()
        );
        for id in ["r000", "r001", "r002", "r003", "fired"] {
            assert_eq!(place.run(id).await, here.run(id).await);
            assert_eq!(
                place.store.events(&id.into(), 0).await.unwrap(),
                here.store.events(&id.into(), 0).await.unwrap()
            );
        }
        // Work goes on.
        let claimed = place.claim("x", NOW + ms(5_000)).await.unwrap();
        place
            .store
            .finish(finish(&claimed, NOW + ms(5_000)))
            .await
            .unwrap();
        invariants::check(place).await;
    }
}

#[tokio::test]
async fn a_target_that_holds_rows_is_refused() {
    for (from, to) in [(Db::Sqlite, Db::Postgres), (Db::Postgres, Db::Sqlite)] {
        let (from, to) = (Place::new(from).await, Place::new(to).await);
        from.queue(run("a", "kim", "shop")).await;
        to.queue(run("b", "lee", "shop")).await;
        let error = from.store.move_to(&to.store).await.unwrap_err();
        assert!(matches!(error, StoreError::Move { .. }), "{error}");
        assert!(
            error.to_string().contains("the target is not empty"),
            "{error}"
        );
        assert_eq!(to.count("SELECT COUNT(*) FROM runs").await, 1);
    }
}

#[tokio::test]
async fn an_installation_at_work_is_not_moved() {
    for (from, to) in [(Db::Sqlite, Db::Postgres), (Db::Postgres, Db::Sqlite)] {
        let (from, to) = (Place::new(from).await, Place::new(to).await);
        from.queue(run("a", "kim", "shop")).await;
        from.claim("w", NOW).await.unwrap();
        let error = from.store.move_to(&to.store).await.unwrap_err();
        assert!(
            error.to_string().contains("stop every Digger process"),
            "{error}"
        );
        assert_eq!(to.count("SELECT COUNT(*) FROM runs").await, 0);
    }
}

/// SQLite takes a NUL in a text, PostgreSQL does not: said, and nothing is half there.
#[tokio::test]
async fn what_the_target_cannot_hold_is_named() {
    let here = Place::new(Db::Sqlite).await;
    here.queue(NewRun {
        title: "a\0b".to_owned(),
        ..run("a", "kim", "shop")
    })
    .await;
    let there = Place::new(Db::Postgres).await;
    let error = here.store.move_to(&there.store).await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("table `runs`") && message.contains("NUL"),
        "{message}"
    );
    assert_eq!(there.count("SELECT COUNT(*) FROM sources").await, 0);
    let plain = Place::new(Db::Sqlite).await;
    here.store.move_to(&plain.store).await.unwrap();
    assert_eq!(plain.run("a").await.title, "a\0b");
}
