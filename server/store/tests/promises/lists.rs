use std::collections::HashMap;
use std::time::Duration;

use jiff::SignedDuration;
use store::{Change, NewRun, Page, RunFilter, RunId, RunState, Usual};

use crate::place::{Db, NOW, Place, finish, ms, run};

crate::place::on_both!(
    [files_of_a_page_of_runs_come_at_once,
     a_time_is_kept_to_the_millisecond_and_an_impossible_one_is_an_error,
     a_word_nobody_knows_is_an_error_that_names_row_and_word,
     pages_show_every_run_once_newest_first,
     a_damaged_cursor_begins_at_the_newest,
     filters_narrow_by_state_and_report,
     a_person_sees_each_report_they_ran_once,
     what_is_usual_is_learnt_from_successes,
     earlier_totals_are_found_by_their_values,
     a_place_in_line_counts_those_who_share_the_source,
     changes_are_announced],
    four_threads: []
);

async fn pages_show_every_run_once_newest_first(db: Db) {
    let place = Place::new(db).await;
    for index in 0..25 {
        // Five at the same moment: the id decides.
        let now = NOW + ms(index / 5);
        place
            .queue(NewRun {
                now,
                ..run(&format!("r{index:02}"), "kim", "shop")
            })
            .await;
    }
    place.queue(run("other", "lee", "shop")).await;
    let filter = RunFilter {
        user_id: Some("kim".into()),
        ..RunFilter::default()
    };
    let mut page = Page {
        before: None,
        limit: 10,
    };
    let mut seen = Vec::new();
    loop {
        let (rows, next) = place.store.runs(&filter, &page).await.unwrap();
        seen.extend(rows.into_iter().map(|row| row.id));
        match next {
            Some(next) => page.before = Some(next),
            None => break,
        }
    }
    let expected: Vec<String> = (0..25).rev().map(|index| format!("r{index:02}")).collect();
    assert_eq!(seen, expected);
}

async fn a_damaged_cursor_begins_at_the_newest(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    for cursor in ["", "x", "1'; --.a", "99999999999999999999.a"] {
        let page = Page {
            before: Some(cursor.to_owned()),
            limit: 0,
        };
        let (rows, next) = place
            .store
            .runs(&RunFilter::default(), &page)
            .await
            .unwrap();
        assert_eq!((rows.len(), next), (1, None), "{cursor}");
    }
}

async fn filters_narrow_by_state_and_report(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    place.store.finish(finish(&claimed, NOW)).await.unwrap();
    place
        .queue(NewRun {
            report_id: "other".to_owned(),
            ..run("b", "kim", "shop")
        })
        .await;
    let list = async |filter: RunFilter| {
        let (rows, _) = place.store.runs(&filter, &Page::default()).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let states = vec![RunState::Succeeded, RunState::Failed];
    assert_eq!(
        list(RunFilter {
            states,
            ..RunFilter::default()
        })
        .await,
        ["a"]
    );
    let report_id = Some("other".to_owned());
    assert_eq!(
        list(RunFilter {
            report_id,
            ..RunFilter::default()
        })
        .await,
        ["b"]
    );
    let running: Vec<RunId> = place
        .store
        .running_for(&"kim".into())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(running, ["b"]);
}

async fn a_person_sees_each_report_they_ran_once(db: Db) {
    let place = Place::new(db).await;
    for (id, report, at) in [("a", "x", 1), ("b", "y", 2), ("c", "x", 3)] {
        let report_id = report.to_owned();
        let title = format!("{report}{at}");
        place
            .queue(NewRun {
                report_id,
                title,
                now: NOW + ms(at),
                ..run(id, "kim", "shop")
            })
            .await;
    }
    let reports = place.store.reports_run_by(&"kim".into()).await.unwrap();
    assert_eq!(
        reports,
        [
            ("x".to_owned(), "x3".to_owned(), NOW + ms(3)),
            ("y".to_owned(), "y2".to_owned(), NOW + ms(2))
        ]
    );
    assert!(
        place
            .store
            .reports_run_by(&"lee".into())
            .await
            .unwrap()
            .is_empty()
    );
}

/// Asked about more reports than one statement takes, of which one may have succeeded.
async fn usual(place: &Place) -> HashMap<String, Usual> {
    let mut names: Vec<String> = (0..250).map(|n| format!("never/{n}")).collect();
    names.insert(200, "sales/daily".to_owned());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    place.store.usual(&names).await.unwrap()
}

async fn what_is_usual_is_learnt_from_successes(db: Db) {
    let place = Place::new(db).await;
    assert!(usual(&place).await.is_empty());
    for took in 1..=11 {
        place
            .queue(NewRun {
                now: NOW + ms(took),
                ..run(&format!("r{took}"), "kim", "shop")
            })
            .await;
        let claimed = place.claim("w", NOW + ms(100)).await.unwrap();
        place
            .store
            .finish(finish(&claimed, NOW + ms(100 + took * 1_000)))
            .await
            .unwrap();
    }
    let mut found = usual(&place).await;
    let usual = found.remove("sales/daily").unwrap();
    assert!(found.is_empty());
    assert_eq!(
        (usual.p10, usual.p50, usual.p90, usual.n),
        (
            Duration::from_secs(2),
            Duration::from_secs(6),
            Duration::from_secs(10),
            11
        )
    );
}

async fn earlier_totals_are_found_by_their_values(db: Db) {
    let place = Place::new(db).await;
    let values_json = "{\"month\":\"2026-08\"}".to_owned();
    place
        .queue(NewRun {
            values_json: values_json.clone(),
            ..run("a", "kim", "shop")
        })
        .await;
    let claimed = place.claim("w", NOW).await.unwrap();
    assert!(
        place
            .store
            .previous_totals("sales/daily", &values_json)
            .await
            .unwrap()
            .is_none()
    );
    place.store.finish(finish(&claimed, NOW)).await.unwrap();
    assert_eq!(
        place
            .store
            .previous_totals("sales/daily", &values_json)
            .await
            .unwrap(),
        Some(("a".into(), "[\"1\"]".to_owned()))
    );
}

async fn a_place_in_line_counts_those_who_share_the_source(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 1), ("crm".to_owned(), 1)])
        .await
        .unwrap();
    for (index, (id, user, source)) in [
        ("a", "kim", "shop"),
        ("b", "lee", "shop"),
        ("c", "park", "crm"),
        ("d", "choi", "shop"),
    ]
    .into_iter()
    .enumerate()
    {
        place
            .queue(NewRun {
                now: NOW + ms(index as i64),
                ..run(id, user, source)
            })
            .await;
    }
    place.claim("w", NOW + ms(10)).await.unwrap();
    let stands = async |id: &str| place.store.queue_place(&id.into()).await.unwrap();
    assert_eq!(stands("a").await, None);
    assert_eq!(stands("b").await.unwrap().place, 1);
    assert_eq!(stands("c").await.unwrap().place, 1);
    let last = stands("d").await.unwrap();
    assert_eq!(
        (last.place, last.source_running, last.source_limit),
        (2, 1, 1)
    );
    assert_eq!(last.source_id, "shop");
}

async fn changes_are_announced(db: Db) {
    let place = Place::new(db).await;
    let mut changes = place.store.changes();
    if place.is_shared() {
        // From now on it hears the others.
        assert_eq!(changes.recv().await.unwrap(), Change::Queued);
    }
    place.queue(run("a", "kim", "shop")).await;
    assert_eq!(changes.recv().await.unwrap(), Change::Run("a".into()));
    assert_eq!(changes.recv().await.unwrap(), Change::Queued);
}

/// Read as something else, or as nothing, it would mislead whoever looks.
async fn a_word_nobody_knows_is_an_error_that_names_row_and_word(db: Db) {
    let place = Place::new(db).await;
    for id in ["a", "b"] {
        place.queue(run(id, "kim", "shop")).await;
    }
    place
        .change("UPDATE runs SET step = 'dancing' WHERE id = 'b'")
        .await;
    assert_eq!(place.run("a").await.step, None);
    let (filter, page) = (RunFilter::default(), Page::default());
    for error in [
        place.store.run(&"b".into()).await.unwrap_err(),
        place.store.runs(&filter, &page).await.unwrap_err(),
    ] {
        let mut said = error.to_string();
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
        while let Some(source) = cause {
            said = format!("{said}: {source}");
            cause = source.source();
        }
        assert!(said.contains("cannot read the row `b`"), "{said}");
        assert!(said.contains("`dancing` is no step of a run"), "{said}");
    }
}

async fn a_time_is_kept_to_the_millisecond_and_an_impossible_one_is_an_error(db: Db) {
    let place = Place::new(db).await;
    place
        .queue(NewRun {
            now: NOW + SignedDuration::from_micros(1_999),
            expires_at: Some(NOW + SignedDuration::from_micros(2_001)),
            ..run("a", "kim", "shop")
        })
        .await;
    let row = place.run("a").await;
    assert_eq!(
        (row.created_at, row.expires_at, row.finished_at),
        (NOW + ms(1), Some(NOW + ms(2)), None)
    );
    let late = i64::MAX;
    place
        .change(&format!("UPDATE runs SET expires_ms = {late}"))
        .await;
    let error = place.store.run(&"a".into()).await.unwrap_err();
    let said = lang::chain_of(&error);
    assert!(said.contains("cannot read the row `a`"), "{said}");
}

async fn files_of_a_page_of_runs_come_at_once(db: Db) {
    let place = Place::new(db).await;
    for id in ["a", "b", "c"] {
        place.queue(run(id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        place.store.finish(finish(&claimed, NOW)).await.unwrap();
    }
    let (a, c, none) = ("a".into(), "c".into(), "none".into());
    let files = place.store.artifacts_of(&[&c, &none, &a]).await.unwrap();
    let keys: Vec<&str> = files.iter().map(|file| file.storage_key.as_str()).collect();
    assert_eq!(keys, ["results/a/1/result.xlsx", "results/c/1/result.xlsx"]);
    assert_eq!(place.store.artifacts_of(&[]).await.unwrap(), []);
}
