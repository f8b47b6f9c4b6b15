//! Many people at once, and processes that are asked to go.

use futures::StreamExt;
use futures::future::join_all;
use reqwest::StatusCode;
use tokio::sync::Barrier;

use super::held::Held;
use super::invariants;
use super::own::{Db, Own};
use super::visitor::{Event, Visitor, is_over};

super::own::on_both!(
    twenty_people_at_once_miss_nothing,
    a_process_that_goes_lets_its_run_finish,
    a_process_that_is_asked_to_go_as_soon_as_it_listens_goes_in_order,
    a_process_goes_on_beside_a_newer_schema,
);

/// Reads the events of a run until one is as wanted or the stream ends.
async fn events(visitor: &Visitor, run: &str, is_enough: impl Fn(&Event) -> bool) -> Vec<Event> {
    let url = visitor.url(&format!("/events/runs/{run}"));
    let answer = visitor.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let (mut stream, mut text, mut events) = (answer.bytes_stream(), String::new(), Vec::new());
    while let Some(Ok(piece)) = stream.next().await {
        text.push_str(&String::from_utf8_lossy(&piece));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let parsed = Event::parse(event);
            text = rest.to_owned();
            let Some(event) = parsed else { continue };
            let done = is_enough(&event);
            events.push(event);
            if done {
                return events;
            }
        }
    }
    events
}

/// Looks around, clicks twice, and follows the run over a broken connection to its end. `clicked` is
/// where everybody waits for the last click.
async fn visit(visitor: Visitor, number: usize, clicked: &Barrier) -> String {
    for path in ["/", "/runs", "/reports/sales/by_region"] {
        assert_eq!(visitor.get(path).await.status(), StatusCode::OK, "{path}");
    }
    let minimum = number.to_string();
    let fields = [
        ("params[period]", "2026-01-01 .. 2026-02-01"),
        ("params[minimum]", &*minimum),
    ];
    let (run, same) = tokio::join!(
        visitor.start("sales/by_region", &fields),
        visitor.start("sales/by_region", &fields)
    );
    assert_eq!(run, same, "two clicks are one run");
    clicked.wait().await;
    let mut seen = events(&visitor, &run, |_| true).await;
    seen.extend(events(&visitor, &run, |event| is_over(&event.data)).await);
    assert!(seen.is_sorted_by_key(|event| event.id), "{seen:#?}");
    assert_eq!(seen.last().unwrap().data["state"], "succeeded");
    assert_eq!(
        visitor.get(&format!("/runs/{run}")).await.status(),
        StatusCode::OK
    );
    run
}

async fn twenty_people_at_once_miss_nothing(db: Db) {
    let own = Own::new(db).await;
    let processes: Vec<_> = match db {
        Db::Sqlite => vec![own.place.serve()],
        Db::Postgres => vec![own.place.serve(), own.place.serve()],
    };
    let mut people = Vec::new();
    for login in ["kim", "park", "lee", "admin"] {
        people.push(Visitor::signed_in(&processes[0].address, login).await);
    }
    // Two heavy ones keep the machine busy meanwhile. Nothing else begins before all have clicked.
    let mut heavy = Vec::new();
    for visitor in &people[..2] {
        let rows = [("params[rows]", "150000")];
        let run = visitor.start("sales/large", &rows).await;
        own.until(&run, "running", |run| run.is_running()).await;
        heavy.push((visitor, run));
    }
    own.change("UPDATE sources SET paused = TRUE").await;
    let clicked = Barrier::new(21);
    let visits = (0..20).map(|number| {
        let mut visitor = people[number % people.len()].clone();
        visitor.base = processes[number % processes.len()].address.clone();
        // Two people of one name who want the same are two clicks as well.
        visit(visitor, number % 12, &clicked)
    });
    let go = async {
        clicked.wait().await;
        own.change("UPDATE sources SET paused = FALSE").await;
    };
    let (runs, ()) = tokio::join!(join_all(visits), go);
    let runs: std::collections::BTreeSet<String> = runs.into_iter().collect();
    assert_eq!(runs.len(), 12);
    for (visitor, run) in heavy {
        assert_eq!(visitor.finished(&run).await["state"], "succeeded");
    }
    for run in &runs {
        let seen = own.run(run).await;
        assert_eq!((seen.attempt, seen.crashes, seen.fails), (1, 0, 0));
    }
    invariants::check(&own).await;
}

/// Whoever starts it may change their mind at once.
async fn a_process_that_is_asked_to_go_as_soon_as_it_listens_goes_in_order(db: Db) {
    let own = Own::new(db).await;
    for _ in 0..5 {
        assert_eq!(own.place.serve().terminate(), Some(0));
    }
    let left = "SELECT COUNT(*) FROM workers WHERE ended_ms IS NULL OR lost_ms IS NOT NULL";
    assert_eq!(own.count(left).await, 0);
}

/// The deadline is met: the run that was running is the run that succeeds.
async fn a_process_that_goes_lets_its_run_finish(db: Db) {
    let mut own = Own::new(db).await;
    own.place.set("DIGGER_DRAIN_MS", "60000");
    let mut held = Held::new(&own.place, "").await;
    let mut digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    let waiting = kim.start("sales/long", &[("params[steps]", "10")]).await;
    assert_eq!(kim.finished(&waiting).await["state"], "succeeded");
    super::digger::signal(digger.pid(), rustix::process::Signal::TERM);
    assert!(digger.line_with("Going away").is_some());
    let ready = kim.get("/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    // Pages go on for whoever is here; what is queued now is for the next process.
    let later = kim.start("sales/long", &[("params[steps]", "11")]).await;
    held.release().await;
    assert_eq!(digger.terminate(), Some(0));
    let seen = own.run(&run).await;
    assert_eq!(
        (seen.state.as_str(), seen.attempt, seen.crashes),
        ("succeeded", 1, 0)
    );
    assert_eq!(own.run(&later).await.attempt, 0);
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    assert_eq!(kim.finished(&later).await["state"], "succeeded");
    invariants::check(&own).await;
}

/// A newer Digger has expanded the tables: processes of this version work on until they are
/// replaced, and no new one of this version starts.
async fn a_process_goes_on_beside_a_newer_schema(db: Db) {
    let own = Own::new(db).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let checksum = match db {
        Db::Sqlite => "x'00'",
        Db::Postgres => "'x'",
    };
    own.change(&format!(
        "ALTER TABLE runs ADD COLUMN from_the_future TEXT;
         ALTER TABLE run_events ADD COLUMN from_the_future TEXT;
         ALTER TABLE artifacts ADD COLUMN from_the_future TEXT;
         CREATE TABLE from_the_future (id TEXT PRIMARY KEY);
         INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, {checksum}, 1)"
    ))
    .await;
    let run = visit(kim.clone(), 0, &Barrier::new(1)).await;
    let file = kim.run(&run).await["result"]["files"][0]["href"].clone();
    assert_eq!(
        kim.get(file.as_str().unwrap()).await.status(),
        StatusCode::OK
    );
    assert_eq!(digger.terminate(), Some(0));
    let refused = super::digger::Digger::start(own.place.command(&["--demo"]));
    let said = refused.err().expect("an older version does not start");
    assert!(said.contains("was written by a newer Digger"), "{said}");
    invariants::check(&own).await;
}
