use store::{Fired, NewSchedule};

use crate::invariants;
use crate::place::{Db, NOW, Place, ms, run};

crate::place::on_both!(
    [a_fire_that_cannot_queue_its_run_has_not_happened,
     a_fire_time_has_one_run_even_if_the_schedule_is_set_back],
    four_threads: [racing_schedulers_fire_each_time_once]
);

async fn schedule(place: &Place, id: &str) {
    let schedule = NewSchedule {
        id: id.to_owned(),
        report_id: "sales/daily".to_owned(),
        owner_id: "kim".into(),
        spec: "{}".to_owned(),
        zone: "Asia/Seoul".to_owned(),
        next_fire_at: Some(NOW),
    };
    place.store.create_schedule(&schedule).await.unwrap();
}

/// C9: eight schedulers race over fifty fires.
async fn racing_schedulers_fire_each_time_once(db: Db) {
    let place = Place::new(db).await;
    schedule(&place, "monthly").await;
    let schedulers = (0..8).map(|scheduler| {
        let store = place.store.clone();
        tokio::spawn(async move {
            let mut fired = 0;
            for fire in 0..50 {
                let at = NOW + ms(fire * 1_000);
                let id = format!("r{fire}-{scheduler}");
                let outcome = store
                    .fire(
                        "monthly",
                        at,
                        Some(at + ms(1_000)),
                        run(&id, "kim", "shop"),
                        &"w".into(),
                    )
                    .await
                    .unwrap();
                fired += i64::from(outcome == Fired::Queued);
            }
            fired
        })
    });
    let mut fired = 0;
    for scheduler in schedulers.collect::<Vec<_>>() {
        fired += scheduler.await.unwrap();
    }
    // A scheduler that is ahead finds its time not come yet, one behind finds it gone.
    assert_eq!(fired, place.count("SELECT COUNT(*) FROM runs").await);
    assert_eq!(
        fired,
        place
            .count("SELECT COUNT(DISTINCT fire_ms) FROM runs")
            .await
    );
    assert_eq!(fired, place.count("SELECT revision FROM schedules").await);
    assert!(fired >= 1);
    invariants::check(&place).await;
}

async fn a_fire_that_cannot_queue_its_run_has_not_happened(db: Db) {
    let place = Place::new(db).await;
    schedule(&place, "monthly").await;
    place.queue(run("taken", "kim", "shop")).await;
    assert!(
        place
            .store
            .fire(
                "monthly",
                NOW,
                None,
                run("taken", "kim", "shop"),
                &"w".into()
            )
            .await
            .is_err()
    );
    let outcome = place
        .store
        .fire(
            "monthly",
            NOW,
            None,
            run("fresh", "kim", "shop"),
            &"w".into(),
        )
        .await
        .unwrap();
    assert_eq!(outcome, Fired::Queued);
    let row = place.run("fresh").await;
    assert_eq!(
        (row.schedule_id.as_deref(), row.fire_at),
        (Some("monthly"), Some(NOW))
    );
}

async fn a_fire_time_has_one_run_even_if_the_schedule_is_set_back(db: Db) {
    let place = Place::new(db).await;
    schedule(&place, "monthly").await;
    let fire = async |id: &str| {
        place
            .store
            .fire(
                "monthly",
                NOW,
                Some(NOW + ms(1)),
                run(id, "kim", "shop"),
                &"w".into(),
            )
            .await
            .unwrap()
    };
    assert_eq!(fire("a").await, Fired::Queued);
    assert_eq!(fire("b").await, Fired::NotOurs);
    sqlx::query("UPDATE schedules SET next_fire_ms = $1")
        .bind(NOW.as_millisecond())
        .execute(&mut place.connect().await)
        .await
        .unwrap();
    assert_eq!(fire("c").await, Fired::NotOurs);
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, 1);
}
