use super::*;

const MINUTE: Duration = Duration::from_mins(1);
const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

fn names(sources: &[&str]) -> Vec<String> {
    sources.iter().map(|source| (*source).to_owned()).collect()
}

fn running_run(user: &str, sources: &[&str], rest_min: Option<u32>) -> RunningRun {
    RunningRun {
        user: user.to_owned(),
        sources: names(sources),
        rest: rest_min.map(|minutes| minutes * MINUTE),
    }
}

fn waiting(id: &str, user: &str, sources: &[&str], lasts_min: Option<u32>) -> Waiting {
    Waiting {
        id: id.to_owned(),
        user: user.to_owned(),
        sources: names(sources),
        created_at: NOW - MINUTE,
        lasts: lasts_min.map(|minutes| minutes * MINUTE),
        ..Waiting::default()
    }
}

fn queue(lanes: &[(&str, usize)], running: Vec<RunningRun>, waiting: Vec<Waiting>) -> Queue {
    let lane = |(name, max_running): &(&str, usize)| {
        let limit = SourceLimit {
            max_running: *max_running,
            is_paused: false,
        };
        ((*name).to_owned(), limit)
    };
    Queue {
        now: NOW,
        per_user: 2,
        slots: 4,
        lanes: lanes.iter().map(lane).collect(),
        running,
        waiting,
    }
}

/// Minutes until each run starts, in the order of the queue; `None` where nobody can know.
fn minutes(queue: &Queue) -> Vec<Option<i64>> {
    let starts = queue.starts();
    let ids = queue.waiting.iter().map(|run| &run.id);
    ids.map(|id| starts.get(id).map(|at| at.duration_since(NOW).as_mins()))
        .collect()
}

#[test]
fn a_free_lane_is_taken_at_once_and_a_full_one_when_the_run_on_it_ends() {
    let one = |running| {
        queue(
            &[("shop", 1)],
            running,
            vec![waiting("a", "kim", &["shop"], Some(5))],
        )
    };
    assert_eq!(minutes(&one(vec![])), [Some(0)]);
    assert_eq!(
        minutes(&one(vec![running_run("lee", &["shop"], Some(6))])),
        [Some(6)]
    );
}

#[test]
fn those_ahead_take_their_time_on_the_lane_that_is_free_first() {
    let three = |lanes| {
        queue(
            &[("shop", lanes)],
            vec![
                running_run("a", &["shop"], Some(4)),
                running_run("b", &["shop"], Some(10)),
            ],
            ["1", "2", "3"]
                .map(|id| waiting(id, id, &["shop"], Some(3)))
                .to_vec(),
        )
    };
    // One lane frees at 4, then every three minutes; the other at 10.
    assert_eq!(minutes(&three(2)), [Some(4), Some(7), Some(10)]);
    assert_eq!(minutes(&three(3)), [Some(0), Some(3), Some(4)]);
}

#[test]
fn a_run_over_two_sources_waits_for_both_and_lets_others_pass() {
    let mixed = queue(
        &[("shop", 1), ("erp", 1)],
        vec![
            running_run("a", &["shop"], Some(2)),
            running_run("b", &["erp"], Some(7)),
        ],
        vec![
            waiting("both", "kim", &["shop", "erp"], Some(1)),
            waiting("shop", "lee", &["shop"], Some(3)),
        ],
    );
    assert_eq!(minutes(&mixed), [Some(7), Some(2)]);
}

#[test]
fn a_person_has_no_more_runs_than_allowed_and_the_least_loaded_goes_first() {
    let busy = queue(
        &[("shop", 3)],
        vec![
            running_run("kim", &["shop"], Some(5)),
            running_run("kim", &["shop"], Some(9)),
        ],
        vec![
            waiting("mine", "kim", &["shop"], Some(1)),
            Waiting {
                created_at: NOW,
                ..waiting("other", "lee", &["shop"], Some(20))
            },
        ],
    );
    assert_eq!(minutes(&busy), [Some(5), Some(0)]);
    // Between equals: higher priority, then who was served longest ago, then age.
    let equals = queue(
        &[("shop", 1)],
        vec![running_run("a", &["shop"], Some(1))],
        vec![
            waiting("old", "kim", &["shop"], Some(1)),
            Waiting {
                served_at: NOW - Duration::from_millis(1),
                ..waiting("served", "lee", &["shop"], Some(1))
            },
            Waiting {
                priority: 5,
                ..waiting("urgent", "park", &["shop"], Some(1))
            },
        ],
    );
    assert_eq!(minutes(&equals), [Some(2), Some(3), Some(1)]);
}

#[test]
fn a_duration_nobody_knows_leaves_only_those_without_a_time_who_depend_on_it() {
    let unknown = queue(
        &[("shop", 1), ("erp", 1)],
        vec![
            running_run("a", &["shop"], None),
            running_run("b", &["erp"], Some(3)),
        ],
        vec![
            waiting("behind", "kim", &["shop"], Some(1)),
            Waiting {
                created_at: NOW - 2 * MINUTE,
                ..waiting("elsewhere", "lee", &["erp"], None)
            },
            waiting("after", "park", &["erp"], Some(1)),
        ],
    );
    assert_eq!(minutes(&unknown), [None, Some(3), None]);
}

#[test]
fn a_paused_source_and_missing_workers_have_no_time() {
    let mut paused = queue(
        &[("shop", 1), ("erp", 1)],
        vec![],
        vec![
            waiting("a", "kim", &["shop"], Some(1)),
            waiting("b", "lee", &["erp"], Some(1)),
        ],
    );
    paused.lanes.get_mut("shop").unwrap().is_paused = true;
    assert_eq!(minutes(&paused), [None, Some(0)]);
    paused.slots = 0;
    assert_eq!(minutes(&paused), [None, None]);
}

#[test]
fn all_workers_together_have_only_so_much_room() {
    let mut full = queue(
        &[("shop", 9)],
        vec![running_run("a", &["shop"], Some(2))],
        ["1", "2"]
            .map(|id| waiting(id, id, &["shop"], Some(3)))
            .to_vec(),
    );
    full.slots = 1;
    assert_eq!(minutes(&full), [Some(2), Some(5)]);
}

#[test]
fn a_run_that_is_put_off_waits_for_its_time_and_is_passed_until_then() {
    let late = queue(
        &[("shop", 1)],
        vec![],
        vec![
            Waiting {
                not_before: NOW + 4 * MINUTE,
                ..waiting("late", "kim", &["shop"], Some(1))
            },
            waiting("now", "lee", &["shop"], Some(6)),
        ],
    );
    assert_eq!(minutes(&late), [Some(6), Some(0)]);
}

#[test]
fn what_is_left_of_a_run_grows_less_until_it_is_late() {
    let usual = Usual {
        p10: Duration::from_secs(40),
        p50: Duration::from_secs(60),
        p90: Duration::from_secs(100),
        n: 20,
    };
    let rest_ms = |ms, usual| rest(Duration::from_millis(ms), usual).as_millis();
    // Before any past run was over: until half of them are.
    assert_eq!(rest_ms(0, usual), 60_000);
    assert_eq!(rest_ms(30_000, usual), 30_000);
    // At the median: until a quarter is left, which is 85 s after the start.
    assert_eq!(rest_ms(60_000, usual), 25_000);
    // Later than nine in ten, and later still.
    assert_eq!(rest_ms(120_000, usual), 30_000);
    assert_eq!(rest_ms(400_000, usual), 100_000);
    // Always alike, and over any moment now.
    let exact = Usual {
        p10: Duration::from_millis(500),
        p50: Duration::from_millis(500),
        p90: Duration::from_millis(500),
        n: 3,
    };
    assert_eq!(rest_ms(499, exact), 1_000);
}
