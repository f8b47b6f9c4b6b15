//! SIGKILL of the process that executes a run, at every point of its life, and a restart at once.
//!
//! The product has no points to stop at. What holds it is real: a silent network, a locked row at the
//! source, a stopped child, a lock in our own tables.

use sqlx::{AnyConnection, Connection};

use super::digger::{Digger, Place, children_of_run, files_below, signal, signal_if_there, until};
use super::gate::Way;
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, RunSeen, eventually, run as execute};
use super::visitor::Visitor;

super::own::on_both!(
    killed_after_the_claim,
    killed_after_connecting,
    killed_at_the_first_row,
    killed_in_the_middle_of_the_rows,
    killed_before_the_workbook_closes,
    killed_between_the_stored_file_and_the_finish,
    killed_inside_the_finish,
    killed_after_the_finish,
);

/// Nothing of the killed process may have been given up before it was killed.
const LONG_LEASE: &str = "60000";
const LEASE: &str = "3000";

/// A server with a run that has been brought to a point.
struct Scene {
    own: Own,
    held: Held,
    digger: Digger,
    run: String,
}

impl Scene {
    /// A run that waits at row `stop` of `rows`, or at none with 0.
    async fn new(db: Db, stop: u32, rows: u32) -> Self {
        Self::with(db, Way::Open, stop, rows).await
    }

    async fn with(db: Db, way: Way, stop: u32, rows: u32) -> Self {
        let mut own = Own::new(db).await;
        own.place.set("DIGGER_LEASE_MS", LONG_LEASE);
        let held = Held::new(&own.place, "").await;
        held.gate.become_way(way);
        let digger = own.place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        let run = held.start(&kim, stop, rows).await;
        own.until(&run, "running", |run| run.is_running()).await;
        Self {
            own,
            held,
            digger,
            run,
        }
    }

    /// The statement waits at its row, and its session is known.
    async fn waits(&self) {
        self.held.until_waiting(1).await;
        self.own
            .until(&self.run, "known by its session", RunSeen::has_session)
            .await;
    }

    /// Kills the server, lets everything go that held it, and starts it again: the run succeeds in the
    /// expected attempt, and nothing is stranded.
    async fn kill(mut self, attempts: i64, let_go: impl AsyncFnOnce(&Own)) {
        let run = &self.run;
        self.digger.kill();
        for child in children_of_run(run) {
            signal_if_there(child, rustix::process::Signal::CONT);
        }
        until("the child of the killed server has ended", || {
            children_of_run(run).is_empty().then_some(())
        });
        let_go(&self.own).await;
        self.held.release().await;
        self.held.gate.become_way(Way::Open);

        self.own.place.set("DIGGER_LEASE_MS", LEASE);
        let digger = self.own.place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        assert_eq!(
            kim.finished(run).await["state"],
            "succeeded",
            "{:#}",
            kim.run(run).await
        );
        let seen = self.own.run(run).await;
        assert_eq!(
            (seen.attempt, seen.crashes, seen.fails),
            (attempts, attempts - 1, 0)
        );
        let file = kim.run(run).await["result"]["files"][0].clone();
        let bytes = kim.get(file["href"].as_str().unwrap()).await;
        let bytes = bytes.bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, file["bytes"].as_u64().unwrap());
        invariants::check(&self.own).await;
        assert_eq!(invariants::stored(&self.own.place.data()).len(), 1);
        self.held.until_quiet().await;
    }
}

async fn killed_after_the_claim(db: Db) {
    let scene = Scene::with(db, Way::Silent, 0, 1_000).await;
    let seen = scene.own.run(&scene.run).await;
    assert_eq!(seen.step.as_deref(), Some("connecting"));
    assert_eq!(
        scene.held.active().await,
        0,
        "it has not reached its source"
    );
    scene.kill(2, async |_| ()).await;
}

async fn killed_after_connecting(db: Db) {
    let scene = Scene::new(db, 1, 1_000).await;
    scene.waits().await;
    scene.kill(2, async |_| ()).await;
}

async fn killed_at_the_first_row(db: Db) {
    let scene = Scene::new(db, 3, 1_000).await;
    scene.waits().await;
    scene
        .own
        .until(&scene.run, "at its first row", |run| run.rows_done == 1)
        .await;
    scene.kill(2, async |_| ()).await;
}

async fn killed_in_the_middle_of_the_rows(db: Db) {
    let scene = Scene::new(db, 30_000, 60_000).await;
    scene.waits().await;
    scene
        .own
        .until(&scene.run, "in the middle", |run| run.rows_done > 20_000)
        .await;
    scene.kill(2, async |_| ()).await;
}

async fn killed_before_the_workbook_closes(db: Db) {
    let scene = Scene::new(db, 0, 1_000_000).await;
    scene
        .own
        .until(&scene.run, "writing its workbook", |run| {
            run.step.as_deref() == Some("writing_workbook")
        })
        .await;
    let children = children_of_run(&scene.run);
    assert_eq!(children.len(), 1);
    signal(children[0], rustix::process::Signal::STOP);
    assert!(!has_workbook(&scene.own.place));
    scene.kill(2, async |_| ()).await;
}

/// Whether an attempt has a finished workbook in its folder.
fn has_workbook(place: &Place) -> bool {
    files_below(&place.data().join("attempts"))
        .iter()
        .any(|file| file.extension().is_some_and(|kind| kind == "xlsx"))
}

async fn killed_between_the_stored_file_and_the_finish(db: Db) {
    let mut scene = Scene::new(db, 1, 1_000).await;
    scene.waits().await;
    let locked = lock(&scene.own, &scene.run).await;
    scene.held.release().await;
    until_stored(&scene).await;
    assert!(scene.own.run(&scene.run).await.is_running());
    scene.kill(2, async |_| locked.close().await.unwrap()).await;
}

async fn killed_inside_the_finish(db: Db) {
    let mut scene = Scene::new(db, 1, 1_000).await;
    scene.waits().await;
    let mut held = match db {
        Db::Postgres => scene.own.hold_finish().await,
        // Whatever is written there keeps its writer busy for ever.
        Db::Sqlite => {
            let mut held = scene.own.tables().await;
            execute(
                &mut held,
                "CREATE VIEW for_ever AS WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step)
                 SELECT COUNT(*) AS steps FROM step;
                 CREATE TRIGGER hold AFTER INSERT ON run_outcomes BEGIN SELECT steps FROM for_ever; END",
            )
            .await;
            held
        }
    };
    scene.held.release().await;
    until_stored(&scene).await;
    match db {
        Db::Postgres => scene.own.until_finish_waits().await,
        Db::Sqlite => {
            // Heartbeats hold the writer for moments; only the finish holds it for fifty looks.
            execute(&mut held, "PRAGMA busy_timeout = 0").await;
            let mut refused = 0;
            eventually("the finish holds the writer", async || {
                match sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK")
                    .execute(&mut held)
                    .await
                {
                    Ok(_) => refused = 0,
                    Err(_) => refused += 1,
                }
                (refused >= 50).then_some(())
            })
            .await;
        }
    }
    let let_go = async |own: &Own| {
        held.close().await.unwrap();
        if !own.is_shared() {
            own.change("DROP TRIGGER hold; DROP VIEW for_ever").await;
        }
    };
    scene.kill(2, let_go).await;
}

async fn killed_after_the_finish(db: Db) {
    let scene = Scene::new(db, 0, 1_000).await;
    scene
        .own
        .until(&scene.run, "finished", |run| run.state == "succeeded")
        .await;
    scene.kill(1, async |_| ()).await;
}

/// Nobody else writes the run's row until this connection is closed.
async fn lock(own: &Own, run: &str) -> AnyConnection {
    let mut connection = own.tables().await;
    let sql = match own.is_shared() {
        true => format!("BEGIN; UPDATE runs SET title = title WHERE id = '{run}'"),
        false => "BEGIN IMMEDIATE".to_owned(),
    };
    execute(&mut connection, &sql).await;
    connection
}

async fn until_stored(scene: &Scene) {
    let data = scene.own.place.data();
    eventually("the file is stored", async || {
        (invariants::stored(&data).len() == 1).then_some(())
    })
    .await;
}
