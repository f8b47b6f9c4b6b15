use store::{Enqueued, NewRun, RunState};

use crate::invariants;
use crate::place::{Db, NOW, Place, finish, ms, run};

crate::place::on_both!(
    [a_queued_run_survives_a_restart_with_everything_in_it,
     the_same_key_is_one_run_while_it_is_not_finished,
     a_double_click_is_one_run,
     an_id_is_used_once],
    four_threads: []
);

async fn a_queued_run_survives_a_restart_with_everything_in_it(db: Db) {
    let place = Place::new(db).await;
    let asked = NewRun {
        values_json: "{\"region\":\"서울\"}".to_owned(),
        input_json: "{\"region\":[\"서울\"]}".to_owned(),
        chips_json: "[[\"지역\",\"서울\"]]".to_owned(),
        retry_of: Some("old".into()),
        expires_at: Some(NOW + ms(5)),
        ..run("a", "kim", "shop")
    };
    place.queue(asked.clone()).await;
    let place = place.restart().await;
    let row = place.run("a").await;
    assert_eq!(row.state, RunState::Queued);
    assert_eq!(row.values_json, asked.values_json);
    assert_eq!(row.input_json, asked.input_json);
    assert_eq!(row.chips_json, asked.chips_json);
    assert_eq!((row.title.as_str(), row.lang.as_str()), ("일별 매출", "ko"));
    assert_eq!(
        (row.created_at, row.not_before, row.expires_at),
        (NOW, NOW, Some(NOW + ms(5)))
    );
    assert_eq!(row.retry_of.as_deref(), Some("old"));
    assert_eq!(place.story("a").await, ["queued"]);
    invariants::check(&place).await;
}

async fn the_same_key_is_one_run_while_it_is_not_finished(db: Db) {
    let place = Place::new(db).await;
    let asked = |id: &str| NewRun {
        dedup_key: Some("k".to_owned()),
        ..run(id, "kim", "shop")
    };
    assert_eq!(
        place.store.enqueue(asked("a")).await.unwrap(),
        Enqueued::New("a".into())
    );
    assert_eq!(
        place.store.enqueue(asked("b")).await.unwrap(),
        Enqueued::Already("a".into())
    );
    let claimed = place.claim("w", NOW).await.unwrap();
    assert_eq!(
        place.store.enqueue(asked("c")).await.unwrap(),
        Enqueued::Already("a".into())
    );
    place
        .store
        .finish(finish(&claimed, NOW + ms(1)))
        .await
        .unwrap();
    assert_eq!(
        place.store.enqueue(asked("d")).await.unwrap(),
        Enqueued::New("d".into())
    );
    invariants::check(&place).await;
}

async fn a_double_click_is_one_run(db: Db) {
    let place = Place::new(db).await;
    let clicks = (0..20).map(|click| {
        let store = place.store.clone();
        let asked = NewRun {
            dedup_key: Some("k".to_owned()),
            ..run(&format!("r{click}"), "kim", "shop")
        };
        tokio::spawn(async move { store.enqueue(asked).await.unwrap() })
    });
    let mut ids = Vec::new();
    for click in clicks.collect::<Vec<_>>() {
        ids.push(click.await.unwrap().id().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, 1);
}

async fn an_id_is_used_once(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    assert!(place.store.enqueue(run("a", "lee", "shop")).await.is_err());
    assert_eq!(place.run("a").await.user_id, "kim");
    assert_eq!(place.story("a").await, ["queued"]);
}
