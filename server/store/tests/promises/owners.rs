//! One run with several owners: who asks for the same shares it, who cancels only leaves it.

use store::{
    CancelOutcome, Enqueued, Finished, NewPerson, NewRun, Page, RunFilter, RunId, RunState, Store,
};

use crate::invariants;
use crate::place::{Db, NOW, Place, finish, ms, run};

crate::place::on_both!(
    [whoever_asks_for_the_same_shares_the_run,
     with_one_of_several_gone_the_run_goes_on_and_the_last_one_stops_it,
     whoever_left_may_come_back,
     a_run_that_was_asked_to_stop_is_shared_with_nobody,
     a_cancel_for_everybody_stops_a_shared_run,
     a_finished_result_is_found_by_its_key_and_shared,
     runs_of_older_tables_belong_to_whoever_asked],
    four_threads:
    [two_who_leave_at_once_leave_no_run_that_nobody_wants,
     a_run_that_is_left_and_joined_at_once_is_wanted_or_made_anew]
);

/// The same thing, asked for by this user.
fn same(id: &str, user: &str) -> NewRun {
    NewRun {
        dedup_key: Some("k".to_owned()),
        ..run(id, user, "shop")
    }
}

/// A second handle, as another process has where there may be one.
async fn other(place: &Place) -> Store {
    match place.is_shared() {
        true => place.open().await,
        false => place.store.clone(),
    }
}

async fn listed(place: &Place, user: &str, without_left: bool) -> Vec<RunId> {
    let filter = RunFilter {
        user_id: Some(user.into()),
        without_left,
        ..RunFilter::default()
    };
    let (rows, _) = place.store.runs(&filter, &Page::default()).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

async fn open_for(place: &Place, user: &str) -> Vec<RunId> {
    let rows = place.store.running_for(&user.into()).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// Everybody who wants the run, and whether they have left.
async fn owners(place: &Place, run: &str) -> Vec<(String, bool)> {
    let rows = place.store.owners(&run.into()).await.unwrap();
    rows.into_iter()
        .map(|row| (row.name, row.left_at.is_some()))
        .collect()
}

fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names
        .iter()
        .map(|(name, has_left)| ((*name).to_owned(), *has_left))
        .collect()
}

async fn whoever_asks_for_the_same_shares_the_run(db: Db) {
    let place = Place::new(db).await;
    let person = NewPerson {
        login: "lee".to_owned(),
        name: "이준호".to_owned(),
        ..NewPerson::default()
    };
    let lee = place.store.create_person(person).await.unwrap();
    let asked = |id: &str| NewRun {
        now: NOW + ms(5),
        ..same(id, &lee)
    };
    place.queue(same("a", "kim")).await;
    let already = Enqueued::Already("a".into());
    assert_eq!(place.store.enqueue(asked("b")).await.unwrap(), already);
    // A double click changes nothing more, nor does it once the run is under way.
    assert_eq!(place.store.enqueue(asked("c")).await.unwrap(), already);
    place.claim("w", NOW + ms(6)).await.unwrap();
    assert_eq!(place.store.enqueue(asked("d")).await.unwrap(), already);
    assert_eq!(
        place.store.enqueue(same("e", "kim")).await.unwrap(),
        already
    );
    assert_eq!(place.story("a").await, ["queued", "shared", "claimed"]);
    assert_eq!(
        owners(&place, "a").await,
        named(&[("kim", false), ("이준호", false)])
    );
    for user in ["kim", &lee] {
        assert_eq!(listed(&place, user, true).await, ["a"]);
        assert_eq!(open_for(&place, user).await, ["a"]);
        assert_eq!(
            place
                .store
                .reports_run_by(&user.into())
                .await
                .unwrap()
                .len(),
            1
        );
        assert!(
            place
                .store
                .is_owner(&"a".into(), &user.into())
                .await
                .unwrap()
        );
    }
    assert!(listed(&place, "park", false).await.is_empty());
    assert!(
        !place
            .store
            .is_owner(&"a".into(), &"park".into())
            .await
            .unwrap()
    );
    // Limits count it once, for whoever asked first.
    assert_eq!(place.run("a").await.user_id, "kim");
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, 1);
    invariants::check(&place).await;
}

async fn with_one_of_several_gone_the_run_goes_on_and_the_last_one_stops_it(db: Db) {
    let place = Place::new(db).await;
    place.queue(same("a", "kim")).await;
    for user in ["lee", "park"] {
        place.store.enqueue(same("b", user)).await.unwrap();
    }
    let leave = async |user: &str, now| {
        place
            .store
            .leave(&"a".into(), &user.into(), now)
            .await
            .unwrap()
    };
    assert_eq!(leave("kim", NOW + ms(1)).await, CancelOutcome::Left);
    assert_eq!(leave("kim", NOW + ms(2)).await, CancelOutcome::Left);
    let claimed = place.claim("w", NOW + ms(3)).await.unwrap();
    assert_eq!(leave("lee", NOW + ms(4)).await, CancelOutcome::Left);
    let row = place.run("a").await;
    assert_eq!((row.state, row.cancel_at), (RunState::Running, None));
    assert!(open_for(&place, "kim").await.is_empty());
    assert!(listed(&place, "kim", true).await.is_empty());
    // Whoever left still finds it in the history.
    assert_eq!(listed(&place, "kim", false).await, ["a"]);
    assert_eq!(open_for(&place, "park").await, ["a"]);
    invariants::check(&place).await;

    assert_eq!(leave("park", NOW + ms(5)).await, CancelOutcome::Asked);
    assert_eq!(
        place.run("a").await.cancel_by.as_deref(),
        Some("park"),
        "with the last one it is cancelled"
    );
    let done = place
        .store
        .finish(finish(&claimed, NOW + ms(6)))
        .await
        .unwrap();
    assert_eq!(done, Finished::Cancelled);
    assert_eq!(
        place.story("a").await,
        [
            "queued",
            "shared",
            "shared",
            "left",
            "claimed",
            "left",
            "cancel_asked",
            "cancelled"
        ]
    );
    assert_eq!(
        leave("park", NOW + ms(7)).await,
        CancelOutcome::AlreadyFinished(RunState::Cancelled)
    );
    assert_eq!(
        place
            .store
            .leave(&"nope".into(), &"kim".into(), NOW)
            .await
            .unwrap(),
        CancelOutcome::Unknown
    );
    // The cancelled one stands in the list of whoever cancelled it.
    assert_eq!(listed(&place, "park", true).await, ["a"]);
    invariants::check(&place).await;
}

async fn whoever_left_may_come_back(db: Db) {
    let place = Place::new(db).await;
    place.queue(same("a", "kim")).await;
    place.store.enqueue(same("b", "lee")).await.unwrap();
    place
        .store
        .leave(&"a".into(), &"kim".into(), NOW + ms(1))
        .await
        .unwrap();
    let again = NewRun {
        now: NOW + ms(2),
        ..same("c", "kim")
    };
    assert_eq!(
        place.store.enqueue(again).await.unwrap(),
        Enqueued::Already("a".into())
    );
    assert_eq!(
        owners(&place, "a").await,
        named(&[("lee", false), ("kim", false)])
    );
    assert_eq!(
        place.story("a").await,
        ["queued", "shared", "left", "shared"]
    );
    assert_eq!(open_for(&place, "kim").await, ["a"]);
    invariants::check(&place).await;
}

async fn a_run_that_was_asked_to_stop_is_shared_with_nobody(db: Db) {
    let place = Place::new(db).await;
    place.queue(same("a", "kim")).await;
    let stopping = place.claim("w", NOW).await.unwrap();
    assert_eq!(
        place
            .store
            .leave(&"a".into(), &"kim".into(), NOW + ms(1))
            .await
            .unwrap(),
        CancelOutcome::Asked
    );
    assert_eq!(
        place.store.enqueue(same("b", "lee")).await.unwrap(),
        Enqueued::New("b".into())
    );
    assert_eq!(owners(&place, "a").await, named(&[("kim", false)]));
    // Both run beside each other until the first one has stopped, and the new one is shared.
    place.claim("w", NOW + ms(2)).await.unwrap();
    assert_eq!(
        place.store.enqueue(same("c", "kim")).await.unwrap(),
        Enqueued::Already("b".into())
    );
    invariants::check(&place).await;
    let done = place
        .store
        .finish(finish(&stopping, NOW + ms(3)))
        .await
        .unwrap();
    assert_eq!(done, Finished::Cancelled);
    invariants::check(&place).await;
}

async fn a_cancel_for_everybody_stops_a_shared_run(db: Db) {
    let place = Place::new(db).await;
    place.queue(same("a", "kim")).await;
    place.store.enqueue(same("b", "lee")).await.unwrap();
    assert_eq!(
        place
            .store
            .cancel(&"a".into(), &"admin".into(), NOW + ms(1))
            .await
            .unwrap(),
        CancelOutcome::AtOnce
    );
    for user in ["kim", "lee"] {
        assert!(open_for(&place, user).await.is_empty());
        assert_eq!(listed(&place, user, true).await, ["a"]);
    }
    invariants::check(&place).await;
}

async fn a_finished_result_is_found_by_its_key_and_shared(db: Db) {
    let place = Place::new(db).await;
    let result = async |key: &str, since| {
        let found = place
            .store
            .same_result(key, since, NOW + ms(50))
            .await
            .unwrap();
        found.map(|row| row.summary.id)
    };
    place.queue(same("a", "kim")).await;
    assert_eq!(result("k", NOW).await, None);
    let claimed = place.claim("w", NOW).await.unwrap();
    assert_eq!(result("k", NOW).await, None);
    place
        .store
        .finish(finish(&claimed, NOW + ms(10)))
        .await
        .unwrap();
    assert_eq!(result("k", NOW).await.as_deref(), Some("a"));
    assert_eq!(result("k", NOW + ms(10)).await.as_deref(), Some("a"));
    assert_eq!(
        result("k", NOW + ms(11)).await,
        None,
        "it is of an earlier day"
    );
    assert_eq!(result("other", NOW).await, None);

    // The result is used by somebody else, who sees it from then on.
    let share = async |key: &str| {
        let store = &place.store;
        store
            .share_result(&"a".into(), key, &"lee".into(), NOW + ms(20))
            .await
            .unwrap()
    };
    assert!(!share("other").await, "the key is what proves the right");
    assert!(
        !place
            .store
            .is_owner(&"a".into(), &"lee".into())
            .await
            .unwrap()
    );
    assert!(share("k").await);
    assert!(share("k").await);
    assert_eq!(listed(&place, "lee", true).await, ["a"]);
    assert_eq!(place.story("a").await, ["queued", "claimed", "succeeded"]);

    // The newest one counts, and none while a new one is under way.
    place.queue(same("b", "kim")).await;
    assert_eq!(result("k", NOW).await, None);
    assert!(
        !place
            .store
            .share_result(&"b".into(), "k", &"lee".into(), NOW)
            .await
            .unwrap(),
        "only a succeeded run has a result"
    );
    let claimed = place.claim("w", NOW + ms(30)).await.unwrap();
    place
        .store
        .finish(finish(&claimed, NOW + ms(40)))
        .await
        .unwrap();
    assert_eq!(result("k", NOW).await.as_deref(), Some("b"));
    place
        .change(&format!(
            "UPDATE artifacts SET expires_ms = {} WHERE run_id = 'b'",
            (NOW + ms(50)).as_millisecond()
        ))
        .await;
    assert_eq!(
        result("k", NOW).await.as_deref(),
        Some("a"),
        "what is no longer kept is not offered"
    );
    invariants::check(&place).await;
}

async fn runs_of_older_tables_belong_to_whoever_asked(db: Db) {
    let place = Place::new(db).await;
    place.queue(same("a", "kim")).await;
    place.queue(run("b", "lee", "shop")).await;
    // As if the newest migrations had not been made yet.
    place.undo_renames().await;
    place
        .change(
            "DROP TABLE installation;
             DROP TABLE run_owners;
             DROP INDEX runs_same_result;
             DROP INDEX runs_running_of_user;
             DROP INDEX runs_of_values;
             ALTER TABLE schedules DROP COLUMN last_fire_by;
             CREATE INDEX runs_of_user ON runs (user_id, created_ms, id);
             DELETE FROM _sqlx_migrations WHERE version >= 5",
        )
        .await;
    if place.is_shared() {
        place.place().migrate().await.unwrap();
    }
    let place = place.restart().await;
    assert_eq!(owners(&place, "a").await, named(&[("kim", false)]));
    assert_eq!(open_for(&place, "lee").await, ["b"]);
    assert_eq!(
        place.store.enqueue(same("c", "park")).await.unwrap(),
        Enqueued::Already("a".into())
    );
    invariants::check(&place).await;
}

async fn two_who_leave_at_once_leave_no_run_that_nobody_wants(db: Db) {
    let place = Place::new(db).await;
    let there = other(&place).await;
    let sources = [("shop".to_owned(), 1_000)];
    place.store.sync_sources(&sources).await.unwrap();
    for index in 0..100 {
        let id = format!("r{index:03}");
        place.queue(same(&id, "kim")).await;
        place.store.enqueue(same("x", "lee")).await.unwrap();
        let is_running = index % 2 == 0;
        if is_running {
            place.claim("w", NOW).await.unwrap();
        }
        let left = RunId::from(id.as_str());
        let (kim, lee) = ("kim".into(), "lee".into());
        let (one, two) = tokio::join!(
            place.store.leave(&left, &kim, NOW + ms(1)),
            there.leave(&left, &lee, NOW + ms(1))
        );
        let stopped = match is_running {
            true => CancelOutcome::Asked,
            false => CancelOutcome::AtOnce,
        };
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(
            [
                (CancelOutcome::Left, stopped),
                (stopped, CancelOutcome::Left)
            ]
            .contains(&(one, two)),
            "{id}: {one:?}, {two:?}"
        );
        assert_eq!(place.run(&id).await.cancel_at, Some(NOW + ms(1)));
    }
    invariants::check(&place).await;
}

async fn a_run_that_is_left_and_joined_at_once_is_wanted_or_made_anew(db: Db) {
    let place = Place::new(db).await;
    let there = other(&place).await;
    let (mut joined, mut anew) = (0, 0);
    for index in 0..100 {
        let (id, next) = (format!("r{index:03}"), format!("s{index:03}"));
        place.queue(same(&id, "kim")).await;
        let (leaving, kim) = (id.as_str().into(), "kim".into());
        let (left, asked) = tokio::join!(
            place.store.leave(&leaving, &kim, NOW + ms(1)),
            there.enqueue(same(&next, "lee"))
        );
        let wanted = match (left.unwrap(), asked.unwrap()) {
            (CancelOutcome::Left, Enqueued::Already(same)) if same == id => {
                joined += 1;
                id
            }
            (CancelOutcome::AtOnce, Enqueued::New(new)) if new == next => {
                anew += 1;
                next
            }
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!(open_for(&place, "lee").await, [wanted.as_str()]);
        assert_eq!(place.run(&wanted).await.cancel_at, None);
        place
            .store
            .cancel(&wanted.as_str().into(), &"lee".into(), NOW + ms(2))
            .await
            .unwrap();
    }
    assert_eq!(joined + anew, 100);
    invariants::check(&place).await;
}
