//! Made-up runs in every state, one of them with a result.

use app::chart::{ChartData, ChartKind, Series, draw};
use app::view::*;
use lang::Lang;

pub fn moment(hour: u8, minute: u8) -> Moment {
    Moment::new(
        format!("2026-09-03T{hour:02}:{minute:02}:00+09:00"),
        Lang::Ko,
        (2026, 9, 3),
        (hour, minute),
    )
}

pub fn state_of(run: &str) -> Option<RunState> {
    match run {
        "running" | "shared" | "left" => Some(RunState::Running),
        "queued" => Some(RunState::Queued),
        "ready" => Some(RunState::Succeeded),
        "broken" => Some(RunState::Failed),
        "stopped" => Some(RunState::Cancelled),
        _ => None,
    }
}

pub fn chips() -> Vec<Chip> {
    let chip = |label: &str, value: &str| Chip {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    vec![
        chip("기간", "2026-08-01 ~ 2026-08-31"),
        chip("지역", "서울, 부산 외 3개"),
    ]
}

pub fn file() -> FileView {
    FileView {
        name: String::from("월별매출_2026-08_전체_20260903-0712.xlsx"),
        href: String::from("/runs/ready/files/%EC%9B%94%EB%B3%84.xlsx"),
        bytes: 1_840_211,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        rows: 412,
    }
}

pub fn card(id: &str, state: RunState) -> RunCard {
    RunCard {
        id: id.to_owned(),
        report_id: String::from("sales/monthly_sales"),
        title: String::from("월별 지역 매출"),
        state,
        chips: chips(),
        person: String::from("김민지"),
        created: moment(7, 12),
        elapsed_ms: (state != RunState::Queued).then_some(42_000),
        usual_ms: Some(60_000),
        step: (state == RunState::Running).then_some(Step::FetchingRows),
        rows: matches!(state, RunState::Running | RunState::Succeeded).then_some(412),
        file: (state == RunState::Succeeded).then(file),
        error: (state == RunState::Failed)
            .then(|| String::from("판매 데이터베이스가 응답하지 않았습니다.")),
        note: (state == RunState::Queued).then(in_line),
        can_run_again: true,
    }
}

fn in_line() -> String {
    String::from("데이터베이스 shop에서 3번째, 약 6분 뒤 시작해서 07:20쯤 끝납니다.")
}

pub fn run_view(id: &str, state: RunState, viewer: &Viewer) -> RunView {
    let mut steps = match state {
        RunState::Queued => StepView::list(Some(Step::Waiting), false),
        RunState::Running => StepView::list(Some(Step::FetchingRows), false),
        RunState::Succeeded => StepView::list(None, true),
        RunState::Failed | RunState::Cancelled => StepView::list(Some(Step::DatabaseWorking), true),
    };
    if state == RunState::Running {
        for (line, ms) in steps.iter_mut().zip([300, 1_200, 21_000, 19_500]) {
            line.ms = Some(ms);
        }
        (steps[3].rows, steps[3].bytes) = (Some(184_000), Some(41_200_000));
    }
    RunView {
        stop_confirmed: (state == RunState::Cancelled).then_some(true),
        id: id.to_owned(),
        report_id: String::from("sales/monthly_sales"),
        title: String::from("월별 지역 매출"),
        person: viewer.name.clone(),
        is_mine: true,
        chips: chips(),
        created: moment(7, 12),
        started: Some(moment(7, 12)),
        finished: state.is_finished().then(|| moment(7, 13)),
        live: RunLive {
            seq: 7,
            state,
            steps,
            elapsed_ms: 42_000,
            queue_place: (state == RunState::Queued).then_some(3),
            queue_line: (state == RunState::Queued).then(in_line),
            queue_reason: (state == RunState::Queued)
                .then(|| String::from("쇼핑몰 DB는 한 번에 2건씩 실행됩니다.")),
            rows: 184_000,
            bytes: 41_200_000,
            is_stopping: false,
            can_cancel: !state.is_finished() && id != "left",
            can_leave: id == "shared",
            shared: match id {
                "shared" => Some(String::from(
                    "Kim started the same report at 07:12; you share the run.",
                )),
                "left" => Some(String::from(
                    "You no longer follow this run; it goes on for Kim.",
                )),
                "ready" => Some(String::from("Shared with Lee.")),
                _ => None,
            },
            retry: None,
        },
        usual: Some(Usual {
            p10_ms: 42_000,
            p50_ms: 60_000,
            p90_ms: 95_000,
            runs: 12,
            rows: Some(412),
        }),
        can_run_again: true,
        shift: Some(ShiftView {
            previous: String::from("2026-07-01 ~ 2026-07-31"),
            next: Some(String::from("2026-09-01 ~ 2026-09-30")),
        }),
        revision: String::from("9f86d081884c7d659a2feaa0c55ad015"),
        executed_by: (state != RunState::Queued)
            .then(|| String::from("reports-1 · reports-1-4711-9f86d0")),
        error: (state == RunState::Failed).then(|| RunError {
            class: lang::FailureClass::SourceDown,
            what: String::from("판매 데이터베이스가 09:14에 다시 시작되어 연결이 끊겼습니다."),
            reference: id.to_owned(),
            chain: viewer
                .is_admin
                .then(|| String::from("SourceError::Down\n  caused by: connection reset (08006)")),
            ..RunError::default()
        }),
        result: (state == RunState::Succeeded).then(result),
    }
}

pub fn result() -> ResultView {
    let total =
        |title: &str, value: &str, previous: &str, delta: &str, direction: Direction| TotalView {
            sheet: String::from("월별 매출"),
            title: title.to_owned(),
            kind: String::from("합계"),
            value: value.to_owned(),
            previous: Some(previous.to_owned()),
            delta: Some(delta.to_owned()),
            direction,
        };
    let months = (1..=8)
        .map(|month| format!("2026-{month:02}"))
        .collect::<Vec<_>>();
    let names = ["수도권", "영남", "호남"];
    let value = |series: usize, month: usize| {
        ((month as f64 * 0.9 + series as f64).sin() + 2.2) * 1.2e8 / (series as f64 + 1.0)
    };
    let series = names.iter().enumerate().map(|(index, name)| Series {
        name: (*name).to_owned(),
        values: (0..months.len())
            .map(|month| Some(value(index, month)))
            .collect(),
    });
    let series = series.collect::<Vec<_>>();
    let chart = |kind: ChartKind, title: &str, count: usize| {
        let data = ChartData {
            kind,
            title: title.to_owned(),
            x: months.clone(),
            series: series[..count].to_vec(),
            format: String::from("krw"),
            lang: Lang::Ko,
        };
        ChartView {
            title: title.to_owned(),
            svg: draw(&data, &format!("chart-{title}").replace(' ', "-")),
        }
    };
    let column = |title: &str, is_right: bool| ColumnView {
        title: title.to_owned(),
        is_right,
    };
    let row = |index: usize| {
        let cells = [
            months[index % 8].clone(),
            names[index % 3].to_owned(),
            (1_200 + index * 37).to_string(),
            format!("₩{},000", 120_000 + index),
        ];
        cells.map(Some).to_vec()
    };
    ResultView {
        files: vec![file()],
        rows: 412,
        duration_ms: 58_300,
        data_time: Some(moment(7, 12)),
        totals: vec![
            total(
                "매출",
                "₩1,284,512,300",
                "₩1,244,102,900",
                "+3.2%",
                Direction::Up,
            ),
            total("주문 수", "48,211", "49,020", "-1.7%", Direction::Down),
        ],
        compared_with: Some((String::from("stopped"), chips())),
        warnings: vec![String::from("32,767자를 넘는 메모 3개를 줄였습니다.")],
        sheets: vec![
            SheetView {
                name: String::from("월별 매출"),
                rows: 412,
                columns: vec![
                    column("월", false),
                    column("지역", false),
                    column("주문 수", true),
                    column("매출", true),
                ],
                preview: (0..200).map(row).collect(),
                totals: Some(vec![
                    Some(String::from("합계")),
                    None,
                    Some(String::from("48,211")),
                    Some(String::from("₩1,284,512,300")),
                ]),
                empty: None,
                charts: vec![
                    chart(ChartKind::Line, "권역별 매출 추이", 3),
                    chart(ChartKind::Column, "월별 매출", 2),
                    chart(ChartKind::Pie, "월 비중", 1),
                    chart(ChartKind::Bar, "월 순위", 1),
                ],
            },
            SheetView {
                name: String::from("환불"),
                columns: vec![column("주문", false)],
                empty: Some(String::from("이 기간에는 환불이 없습니다.")),
                ..SheetView::default()
            },
        ],
        blocks: vec![
            BlockView {
                name: String::from("orders"),
                source: Some(String::from("shop")),
                rows: 184_000,
                ms: 21_000,
                is_from_stage: false,
                partitions: Some((33, 36)),
                endpoint: Some(String::from("db:5432/shop")),
            },
            BlockView {
                name: String::from("by_month"),
                source: None,
                rows: 412,
                ms: 320,
                ..BlockView::default()
            },
        ],
    }
}
