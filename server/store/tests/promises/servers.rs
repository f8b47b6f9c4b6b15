//! What a PostgreSQL server can do to us, and what we say about it.

use sqlx::migrate::Migrate;
use store::{Location as Where, RunId, Store, StoreError};
use testbed::{Options, Postgres, Tls};

use crate::invariants;
use crate::place::{Db, Home, NOW, Place, connect_to, finish, lease, run};

/// Why a URL cannot be opened, checked to hold no password.
async fn refusal(url: &str, password: &str) -> StoreError {
    let error = Store::connect(&Where::parse(url).unwrap())
        .await
        .unwrap_err();
    let mut told = format!("{error:?} {error}");
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(reason) = cause {
        told += &format!(" {reason}");
        cause = reason.source();
    }
    assert!(!told.contains(password), "{told}");
    error
}

/// The parts of a URL `postgres://user:password@host:port/database`.
fn parts(url: &str) -> (String, String, String) {
    let rest = url.strip_prefix("postgres://").unwrap();
    let (login, server) = rest.rsplit_once('@').unwrap();
    let (user, password) = login.split_once(':').unwrap();
    (user.to_owned(), password.to_owned(), server.to_owned())
}

#[tokio::test]
async fn a_wrong_password_an_unknown_login_and_database_are_told_apart() {
    let home = Home::new(Db::Postgres);
    let (user, password, server) = parts(&home.url());
    let (host, database) = server.split_once('/').unwrap();
    let wrong = refusal(&format!("postgres://{user}:hunter2@{server}"), "hunter2").await;
    assert!(matches!(wrong, StoreError::Login { .. }), "{wrong}");
    assert_eq!(
        wrong.to_string(),
        format!(
            "postgres://{user}@{server} refuses this login; check user and password in the URL and the server's pg_hba.conf"
        )
    );
    let nobody = refusal(&format!("postgres://nobody:hunter2@{server}"), "hunter2").await;
    assert!(matches!(nobody, StoreError::Login { .. }), "{nobody}");
    assert!(!nobody.is_transient());
    let url = format!("postgres://{user}:{password}@{host}/{database}_x");
    let missing = refusal(&url, &password).await;
    assert!(
        matches!(missing, StoreError::NoDatabase { .. }),
        "{missing}"
    );
    assert!(
        missing
            .to_string()
            .contains("create it with CREATE DATABASE")
    );
}

#[tokio::test]
async fn an_unknown_host_and_a_closed_port_cannot_be_reached() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for server in [
        "nowhere.invalid:5432".to_owned(),
        format!("127.0.0.1:{port}"),
    ] {
        let url = format!("postgres://kim:hunter2@{server}/digger");
        let error = refusal(&url, "hunter2").await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        assert!(error.is_transient());
        let message = error.to_string();
        assert!(message.contains(&format!("postgres://kim@{server}/digger cannot be reached")));
        assert!(message.contains("check that the server runs"), "{message}");
    }
}

#[tokio::test]
async fn a_login_that_may_not_write_is_told_what_it_needs() {
    let home = Home::new(Db::Postgres);
    let Home::Database(database) = &home else {
        unreachable!()
    };
    let (_, password, _) = parts(&database.reader);
    let error = refusal(&database.reader, &password).await;
    assert!(matches!(error, StoreError::Permission { .. }), "{error}");
    assert!(error.to_string().contains("grant it CREATE on the schema"));
    // With tables it can open, and still not write.
    let place = Place::at(home).await;
    let Home::Database(database) = &*place else {
        unreachable!()
    };
    let reader = Store::connect(&Where::parse(&database.reader).unwrap())
        .await
        .unwrap();
    assert_eq!(reader.people_count().await.unwrap(), 0);
    let error = reader.enqueue(run("a", "kim", "shop")).await.unwrap_err();
    assert!(matches!(error, StoreError::Permission { .. }), "{error}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_told_apart() {
    let place = Place::new(Db::Postgres).await;
    let Home::Database(database) = &*place else {
        unreachable!()
    };
    let name = &database.name;
    place
        .change(&format!(
            "ALTER ROLE {name}_w IN DATABASE {name} SET default_transaction_read_only = on"
        ))
        .await;
    let store = place.open().await;
    let error = store.enqueue(run("a", "kim", "shop")).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert!(
        error.to_string().ends_with("name the primary server"),
        "{error}"
    );
}

/// Stopped as an administrator does, and killed, in the middle of everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_is_unreachable_and_then_there_again() {
    let mut server = Postgres::start(&Options::default()).unwrap();
    let place = Place::at(Home::database(&server)).await;
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    for (round, is_killed) in [false, true].into_iter().enumerate() {
        let id = format!("r{round}");
        place.queue(run(&id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        assert!(
            heartbeats
                .beat(&lease(&id, "w", 1), Default::default())
                .await
                .unwrap()
                .is_some()
        );
        if is_killed {
            server.kill().unwrap();
        } else {
            server.stop().unwrap();
        }
        let errors = [
            place.store.finish(finish(&claimed, NOW)).await.unwrap_err(),
            place.store.run(&id.as_str().into()).await.unwrap_err(),
            heartbeats
                .beat(&lease(&id, "w", 1), Default::default())
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
            assert!(error.is_transient());
        }
        server.start_again().unwrap();
        // The same handles, without opening again.
        assert!(
            heartbeats
                .beat(&lease(&id, "w", 1), Default::default())
                .await
                .unwrap()
                .is_some()
        );
        let done = place.store.finish(finish(&claimed, NOW)).await.unwrap();
        assert_eq!(done, store::Finished::Done);
        assert_eq!(place.story(&id).await, ["queued", "claimed", "succeeded"]);
    }
    invariants::check(&place).await;
}

/// An administrator ends all our sessions: what is under way fails, the next call works.
#[tokio::test]
async fn terminated_sessions_are_replaced() {
    let place = Place::new(Db::Postgres).await;
    let Home::Database(database) = &*place else {
        unreachable!()
    };
    let mut administrator = connect_to(&database.administrator).await;
    for round in 0..10 {
        place.queue(run(&format!("r{round}"), "kim", "shop")).await;
        let ended: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM (
               SELECT pg_terminate_backend(pid, 10000) AS is_gone FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'digger') AS ended
              WHERE is_gone",
        )
        .fetch_one(&mut administrator)
        .await
        .unwrap();
        assert!(ended >= 1);
    }
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, 10);
    invariants::check(&place).await;
}

#[tokio::test]
async fn sessions_say_who_they_are_and_do_not_wait_for_ever() {
    let place = Place::new(Db::Postgres).await;
    let named = "SELECT COUNT(*) FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = 'digger'";
    assert!(place.count(named).await >= 1);
    // Somebody holds the row that claims pass.
    let mut holder = place.connect().await;
    sqlx::raw_sql("BEGIN; UPDATE claim_gate SET n = n + 1")
        .execute(&mut holder)
        .await
        .unwrap();
    let error = place.store.check_writing().await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(error.is_transient());
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut holder)
        .await
        .unwrap();
    place.store.check_writing().await.unwrap();
}

#[tokio::test]
async fn an_encrypted_connection_is_asked_for_by_url() {
    let server = Postgres::start(&Options {
        tls: Tls::Required,
        ..Options::default()
    })
    .unwrap();
    let home = Home::database(&server);
    let (_, password, _) = parts(&home.url());
    let plain = refusal(&format!("{}?sslmode=disable", home.url()), &password).await;
    assert!(matches!(plain, StoreError::Login { .. }), "{plain}");
    let authority = server.authority().unwrap().display();
    let url = format!("{}?sslmode=verify-full&sslrootcert={authority}", home.url());
    let store = Store::connect(&Where::parse(&url).unwrap()).await.unwrap();
    store.check_writing().await.unwrap();
}

#[tokio::test]
async fn several_processes_that_start_at_once_make_the_tables_once() {
    let home = Home::new(Db::Postgres);
    let starting = (0..6).map(|_| {
        let place = home.place();
        tokio::spawn(async move { Store::connect(&place).await.unwrap() })
    });
    for started in starting.collect::<Vec<_>>() {
        started.await.unwrap().check_writing().await.unwrap();
    }
    assert_eq!(home.count("SELECT n FROM claim_gate").await, 6);
}

/// A start that finds another one half way waits for it instead of calling the tables old.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_waits_for_whoever_is_making_the_tables() {
    let place = Place::new(Db::Postgres).await;
    let mut maker = place.connect().await;
    maker.lock().await.unwrap();
    place
        .change("UPDATE _sqlx_migrations SET success = FALSE WHERE version >= 2")
        .await;
    let starting = tokio::spawn({
        let there = place.place();
        async move { Store::connect(&there).await }
    });
    let waiting = "SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE d.datname = CURRENT_DATABASE() AND l.locktype = 'advisory' AND NOT l.granted";
    while place.count(waiting).await == 0 {
        assert!(!starting.is_finished(), "it did not wait");
    }
    place
        .change("UPDATE _sqlx_migrations SET success = TRUE WHERE version >= 2")
        .await;
    maker.unlock().await.unwrap();
    starting.await.unwrap().unwrap();
}

#[tokio::test]
async fn every_text_compares_by_its_bytes() {
    let place = Place::new(Db::Postgres).await;
    let texts = |more: &str| {
        format!(
            "SELECT COUNT(*) FROM information_schema.columns
              WHERE table_schema = CURRENT_SCHEMA AND data_type = 'text'
                AND table_name <> '_sqlx_migrations' {more}"
        )
    };
    assert!(place.count(&texts("")).await > 50);
    // Whatever the language of the database is: a migration that forgets it would make the order of
    // names, and the checksums of a move, depend on the server.
    let others = texts("AND collation_name IS DISTINCT FROM 'C'");
    assert_eq!(place.count(&others).await, 0);
}

#[tokio::test]
async fn older_tables_are_left_alone_until_somebody_migrates() {
    let place = Place::new(Db::Postgres).await;
    let known = place.store.schema_version().await.unwrap();
    let there = place.place();
    assert_eq!(there.schema().await.unwrap().pending, []);
    // As if the newest migrations had not been made yet.
    place.undo_renames().await;
    place
        .change(
            "DROP TABLE installation;
             DROP INDEX runs_running_of_user;
             DROP INDEX runs_of_values;
             ALTER TABLE schedules DROP COLUMN last_fire_by;
             DROP TABLE workers;
             ALTER TABLE runs DROP COLUMN worker;
             DROP TABLE run_owners;
             DROP INDEX runs_same_result;
             CREATE INDEX runs_of_user ON runs (user_id, created_ms, id);
             DELETE FROM _sqlx_migrations WHERE version >= 3",
        )
        .await;
    let error = Store::connect(&there).await.unwrap_err();
    let StoreError::Older {
        found,
        known: needed,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((*found, *needed), (2, known));
    assert!(
        error.to_string().contains("run `digger migrate`"),
        "{error}"
    );
    let schema = there.schema().await.unwrap();
    assert_eq!((schema.current, schema.known), (2, known));
    assert_eq!(schema.pending[0], (3, "add workers".to_owned()));
    let migrating = (0..4).map(|_| {
        let there = there.clone();
        tokio::spawn(async move { there.migrate().await.unwrap() })
    });
    for migrated in migrating.collect::<Vec<_>>() {
        migrated.await.unwrap();
    }
    Store::connect(&there)
        .await
        .unwrap()
        .check_writing()
        .await
        .unwrap();
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let place = Place::new(Db::Postgres).await;
    place
        .change(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', TRUE, 'x', 1)",
        )
        .await;
    for error in [
        Store::connect(&place.place()).await.unwrap_err(),
        place.place().migrate().await.unwrap_err(),
    ] {
        assert!(
            matches!(error, StoreError::Newer { found: 9999, .. }),
            "{error}"
        );
    }
    assert_eq!(place.place().schema().await.unwrap().current, 9999);
}

/// Texts sort and compare by their bytes, whatever language the database was made for.
#[tokio::test]
async fn the_order_does_not_depend_on_the_servers_language() {
    let server = testbed::postgres();
    let mut administrator = connect_to(server.administrator()).await;
    let database = server.database().unwrap();
    let name = format!("{}_icu", database.name);
    for statement in [format!(
        "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' OWNER {}_w",
        database.name
    )] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut administrator)
            .await
            .unwrap();
    }
    let url = database
        .writer
        .replace(&database.name, &name)
        .replace(&format!("{name}_w"), &format!("{}_w", database.name));
    let store = Store::connect(&Where::parse(&url).unwrap()).await.unwrap();
    for id in ["B", "a", "가", "Z-1", "z"] {
        store.enqueue(run(id, "kim", "shop")).await.unwrap();
    }
    let ids: Vec<RunId> = store
        .running_for(&"kim".into())
        .await
        .unwrap()
        .into_iter()
        .map(|run| run.id)
        .collect();
    assert_eq!(ids, ["가", "z", "a", "Z-1", "B"]);
    store.close().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "DROP DATABASE {name} WITH (FORCE)"
    )))
    .execute(&mut administrator)
    .await
    .unwrap();
}
