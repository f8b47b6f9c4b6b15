//! A made-up busy moment: two runs, a queue, a paused source, a draining and a vanished worker.

use app::view::*;

use super::sample_runs::moment;

pub fn now_view() -> NowView {
    let one = WorkerName {
        name: String::from("reports-1-4711-9f86d0"),
        host: String::from("reports-1"),
    };
    let two = WorkerName {
        name: String::from("reports-2-812-1a2b3c"),
        host: String::from("reports-2"),
    };
    let gone = WorkerName {
        name: String::from("reports-3-77-00ff00"),
        host: String::from("reports-3"),
    };
    let usual = Usual {
        p10_ms: 42_000,
        p50_ms: 60_000,
        p90_ms: 95_000,
        runs: 12,
        rows: None,
    };
    let queued = |id: &str, title: &str, place: u32, reason: Option<&str>| QueuedRun {
        id: id.to_owned(),
        title: title.to_owned(),
        person: String::from("이준호, 최은영"),
        sources: vec![String::from("shop")],
        place,
        reason: reason.map(str::to_owned),
        expected: (place == 1).then(|| String::from("약 6분 뒤 시작해서 09:25쯤 끝납니다.")),
        waited_ms: 95_000,
    };
    NowView {
        at: moment(9, 14),
        running: vec![
            ActiveRun {
                id: String::from("slow"),
                title: String::from("연간 고객 분석"),
                person: String::from("박서준"),
                sources: vec![String::from("shop"), String::from("erp")],
                step: Some(Step::DatabaseWorking),
                elapsed_ms: 300_000,
                usual: Some(usual),
                attempt: 2,
                worker: Some(two.clone()),
                is_stopping: true,
                ..ActiveRun::default()
            },
            ActiveRun {
                id: String::from("running"),
                title: String::from("월별 지역 매출"),
                person: String::from("김민지"),
                sources: vec![String::from("shop")],
                step: Some(Step::FetchingRows),
                rows: 184_000,
                total: Some(400_000),
                elapsed_ms: 42_000,
                usual: Some(usual),
                attempt: 1,
                worker: Some(one.clone()),
                ..ActiveRun::default()
            },
        ],
        queue: vec![
            queued(
                "queued",
                "일별 매출",
                1,
                Some("데이터베이스 shop은(는) 한 번에 2건씩 실행됩니다."),
            ),
            queued("behind", "<b>재고</b>", 2, None),
        ],
        queued: 3,
        sources: vec![
            Lane {
                name: String::from("erp"),
                running: 1,
                max_running: 1,
                queued: 0,
                is_paused: true,
            },
            Lane {
                name: String::from("shop"),
                running: 2,
                max_running: 2,
                queued: 3,
                is_paused: false,
            },
        ],
        workers: vec![
            WorkerView {
                worker: one,
                pid: 4711,
                version: String::from("0.1.0"),
                since: moment(7, 1),
                beat_age_ms: 3_000,
                memory_used_mb: 2_048,
                memory_mb: 8_192,
                runs: vec![(String::from("running"), String::from("월별 지역 매출"))],
                state: WorkerState::Working,
            },
            WorkerView {
                worker: two,
                pid: 812,
                version: String::from("0.1.0"),
                since: moment(7, 2),
                beat_age_ms: 1_000,
                memory_used_mb: 2_048,
                memory_mb: 8_192,
                runs: vec![(String::from("slow"), String::from("연간 고객 분석"))],
                state: WorkerState::Draining,
            },
            WorkerView {
                worker: gone,
                pid: 77,
                version: String::from("0.1.0"),
                since: moment(6, 2),
                beat_age_ms: 840_000,
                memory_mb: 8_192,
                state: WorkerState::Lost,
                ..WorkerView::default()
            },
        ],
        fires: vec![FireView {
            report_id: String::from("sales/monthly_sales"),
            title: String::from("월별 지역 매출"),
            owner: String::from("김민지"),
            at: moment(7, 0),
            zone: String::from("Asia/Seoul"),
            fired_by: Some(String::from("worker-one · process 4711")),
        }],
    }
}
