//! A backend with made-up answers, for the page tests and the gallery.

use app::AppError;
use app::backend::Backend;
use app::chart::{ChartData, ChartKind, Series, draw};
use app::error::Thing;
use app::view::*;
use async_trait::async_trait;

/// Knows one person's reports and runs; every id it does not know is not found.
pub struct Fake;

#[async_trait]
impl Backend for Fake {
    async fn home(&self, viewer: &Viewer) -> Result<HomeView, AppError> {
        let mut recent = vec![
            card("ready", RunState::Succeeded),
            card("broken", RunState::Failed),
        ];
        recent.push(card("stopped", RunState::Cancelled));
        Ok(HomeView {
            running: vec![
                card("running", RunState::Running),
                card("queued", RunState::Queued),
            ],
            recent,
            folders: vec![
                Folder {
                    name: String::from("sales"),
                    reports: reports(viewer.lang),
                },
                Folder {
                    name: String::from("finance"),
                    reports: reports(viewer.lang).split_off(3),
                },
            ],
            broken_reports: u32::from(viewer.is_admin) * 2,
        })
    }

    async fn form(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
    ) -> Result<FormView, AppError> {
        match report {
            "sales/monthly_sales" => Ok(form(viewer.lang, posted, prefill)),
            "sales/secret" => Err(AppError::Forbidden {
                owner: Some(String::from("sales-ops@example.com")),
            }),
            _ => Err(AppError::NotFound {
                thing: Thing::Report,
            }),
        }
    }

    async fn choices(
        &self,
        _: &Viewer,
        _: &str,
        _: &str,
        input: FormInput,
    ) -> Result<ChoicesView, AppError> {
        let area = input
            .get("area")
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_default();
        let options = regions()
            .into_iter()
            .filter(|region| area.is_empty() || region.value.starts_with(&area));
        Ok(ChoicesView {
            options: options.collect(),
        })
    }

    async fn staged(
        &self,
        _: &Viewer,
        _: &str,
        _: FormInput,
    ) -> Result<Option<StagedView>, AppError> {
        Ok(Some(staged()))
    }

    async fn start_run(&self, _: &Viewer, _: &str, _: FormInput) -> Result<Started, AppError> {
        Ok(Started {
            run_id: String::from("running"),
            is_shared: false,
        })
    }

    async fn again(&self, _: &Viewer, _: &str, _: i32) -> Result<Started, AppError> {
        Ok(Started {
            run_id: String::from("running"),
            is_shared: false,
        })
    }

    async fn run(&self, viewer: &Viewer, run: &str) -> Result<RunView, AppError> {
        let state = state_of(run).ok_or(AppError::NotFound { thing: Thing::Run })?;
        Ok(run_view(run, state, viewer))
    }

    async fn run_live(&self, viewer: &Viewer, run: &str) -> Result<RunLive, AppError> {
        self.run(viewer, run).await.map(|run| RunLive {
            seq: run.live.seq + 1,
            rows: 190_400,
            ..run.live
        })
    }

    async fn runs(&self, _: &Viewer, filter: RunsFilter) -> Result<RunsView, AppError> {
        let ids = ["running", "queued", "ready", "broken", "stopped"];
        let runs = ids
            .into_iter()
            .filter_map(|id| Some(card(id, state_of(id)?)));
        Ok(RunsView {
            runs: runs
                .filter(|run| filter.state.is_none_or(|state| run.state == state))
                .collect(),
            older: filter
                .before
                .is_none()
                .then(|| String::from("older-cursor")),
            reports: vec![(
                String::from("sales/monthly_sales"),
                String::from("월별 지역 매출"),
            )],
        })
    }

    async fn cancel_run(&self, _: &Viewer, _: &str) -> Result<CancelView, AppError> {
        Ok(CancelView::Asked)
    }

    async fn admin_reports(&self, viewer: &Viewer) -> Result<AdminReportsView, AppError> {
        if !viewer.is_admin {
            return Err(AppError::Forbidden { owner: None });
        }
        let report = |id: &str, state: AdminReportState, errors: u32, rendered: &str| AdminReport {
            id: id.to_owned(),
            title: (state != AdminReportState::Broken).then(|| String::from("월별 지역 매출")),
            path: format!("{id}.sql"),
            state,
            errors,
            warnings: 0,
            rendered: rendered.to_owned(),
            run_groups: vec![String::from("sales")],
        };
        let problem = "report::unknown_parameter\n\n  × query `orders` uses `:region`, which the report does not declare\n    ╭─[sales/daily.sql:42:42]\n 42 │   /*if regions*/ AND o.region_code = ANY(:region)\n    ·                                          ───┬───\n    ·                                             ╰── not a parameter\n    ╰────\n  help: did you mean `:regions`?\n";
        Ok(AdminReportsView {
            folder: String::from("queries"),
            read_at: Some(moment(9, 14)),
            reports: vec![
                report("sales/daily", AdminReportState::Broken, 1, problem),
                report(
                    "sales/weekly",
                    AdminReportState::LastGood {
                        since: moment(8, 2),
                    },
                    1,
                    problem,
                ),
                report("sales/monthly_sales", AdminReportState::InUse, 0, ""),
            ],
        })
    }

    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson> {
        let person = |login: &str, name: &str, role: &str| DemoPerson {
            login: login.to_owned(),
            password: String::from("digger"),
            name: name.to_owned(),
            role: role.to_owned(),
        };
        match lang {
            Lang::Ko => vec![
                person("minji", "김민지", "영업 담당자 · 수도권"),
                person("admin", "박서준", "관리자"),
            ],
            Lang::En => vec![
                person("minji", "Minji Kim", "Sales · capital area"),
                person("admin", "Seojun Park", "Administrator"),
            ],
        }
    }

    async fn welcome(&self, token: &str, _: Lang) -> Result<WelcomeView, AppError> {
        match token {
            "good" => Ok(WelcomeView {
                token: token.to_owned(),
                login: String::from("admin"),
                name: String::new(),
                first_administrator: true,
                password_min: 10,
                posted: None,
            }),
            _ => Err(AppError::NotFound {
                thing: Thing::Invite,
            }),
        }
    }
}

/// Somebody from sales, or an administrator.
pub fn viewer(lang: Lang, is_admin: bool) -> Viewer {
    Viewer {
        id: String::from("p1"),
        name: String::from("김민지"),
        is_admin,
        lang,
    }
}

fn moment(hour: u8, minute: u8) -> Moment {
    Moment::new(
        format!("2026-09-03T{hour:02}:{minute:02}:00+09:00"),
        Lang::Ko,
        (2026, 9, 3),
        (hour, minute),
    )
}

fn state_of(run: &str) -> Option<RunState> {
    match run {
        "running" => Some(RunState::Running),
        "queued" => Some(RunState::Queued),
        "ready" => Some(RunState::Succeeded),
        "broken" => Some(RunState::Failed),
        "stopped" => Some(RunState::Cancelled),
        _ => None,
    }
}

fn chips() -> Vec<Chip> {
    let chip = |label: &str, value: &str| Chip {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    vec![
        chip("기간", "2026-08-01 ~ 2026-08-31"),
        chip("지역", "서울, 부산 외 3개"),
    ]
}

fn file() -> FileView {
    FileView {
        name: String::from("월별매출_2026-08_전체_20260903-0712.xlsx"),
        href: String::from("/runs/ready/files/%EC%9B%94%EB%B3%84.xlsx"),
        bytes: 1_840_211,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        rows: 412,
    }
}

fn card(id: &str, state: RunState) -> RunCard {
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
        can_run_again: true,
    }
}

fn reports(lang: Lang) -> Vec<ReportCard> {
    let titles = match lang {
        Lang::Ko => [
            "월별 지역 매출",
            "일별 매출",
            "주문 상세",
            "상품 순위",
            "환불 내역",
            "영업 담당자 목표 대비",
        ],
        Lang::En => [
            "Monthly sales by area",
            "Daily sales",
            "Order detail",
            "Product ranking",
            "Refunds",
            "Sales people against target",
        ],
    };
    let ids = [
        "monthly_sales",
        "daily_sales",
        "order_detail",
        "product_ranking",
        "refunds",
        "sales_vs_target",
    ];
    let cards = titles
        .into_iter()
        .zip(ids)
        .enumerate()
        .map(|(index, (title, id))| ReportCard {
            id: format!("sales/{id}"),
            title: title.to_owned(),
            description: Some(match lang {
                Lang::Ko => String::from(
                    "지역과 월별 주문 수, 매출, 객단가를 추이 차트와 함께 보여 줍니다.",
                ),
                Lang::En => String::from(
                    "Orders, revenue and average basket per area and month, with a trend chart.",
                ),
            }),
            row_means: Some(match lang {
                Lang::Ko => String::from("한 행 = 지역 한 곳의 한 달"),
                Lang::En => String::from("one area in one month"),
            }),
            owner: Some(String::from("sales-ops@example.com")),
            last_run: (index == 0).then(|| moment(7, 12)),
            usual_ms: Some(4_000 * (index as u64 + 1)),
            can_run: true,
            is_broken: index == 4,
        });
    cards.collect()
}

fn regions() -> Vec<Choice> {
    let names = [
        ("1-11", "서울특별시"),
        ("1-28", "인천광역시"),
        ("1-41", "경기도"),
        ("2-30", "대전광역시"),
        ("2-36", "세종특별자치시"),
        ("2-43", "충청북도"),
        ("2-44", "충청남도"),
        ("3-29", "광주광역시"),
        ("3-45", "전북특별자치도"),
        ("3-46", "전라남도"),
        ("4-26", "부산광역시"),
        ("4-27", "대구광역시"),
        ("4-31", "울산광역시"),
        ("4-47", "경상북도"),
        ("4-48", "경상남도"),
        ("5-42", "강원특별자치도"),
        ("5-50", "제주특별자치도"),
    ];
    names
        .into_iter()
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        })
        .collect()
}

/// A year of which most is here.
fn staged() -> StagedView {
    StagedView {
        unit: PartitionWord::Month,
        all: 36,
        kept: 33,
        rows: Some(39_821),
    }
}

/// One field of every kind.
fn form(lang: Lang, posted: Option<PostedForm>, prefill: Prefill) -> FormView {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
    };
    let preset = |expression: &str, label: &str, from: &str, last_day: &str| PeriodPreset {
        expression: expression.to_owned(),
        label: label.to_owned(),
        from: from.to_owned(),
        last_day: last_day.to_owned(),
    };
    let field = |name: &str, label: &str, kind: FieldKind| FieldView {
        name: name.to_owned(),
        label: label.to_owned(),
        kind,
        ..FieldView::default()
    };
    let mut fields = vec![
        FieldView {
            options: vec![
                choice("1", "수도권"),
                choice("2", "충청"),
                choice("3", "호남"),
                choice("4", "영남"),
                choice("5", "강원·제주"),
            ],
            ..field("area", "영업 권역", FieldKind::Choice)
        },
        FieldView {
            options: regions(),
            depends_on: vec![String::from("area")],
            help: Some(String::from("비워 두면 모든 지역을 봅니다.")),
            values: vec![String::from("1-11"), String::from("4-26")],
            ..field("regions", "지역", FieldKind::Choices)
        },
        FieldView {
            required: true,
            grain: Grain::Month,
            values: vec![String::from("previous month")],
            from: String::from("2026-08-01"),
            last_day: String::from("2026-08-31"),
            presets: vec![
                preset("previous month", "지난달", "2026-08-01", "2026-08-31"),
                preset("this month", "이번 달", "2026-09-01", "2026-09-30"),
                preset("previous quarter", "지난 분기", "2026-04-01", "2026-06-30"),
                preset("this year", "올해", "2026-01-01", "2026-12-31"),
            ],
            ..field("period", "기간", FieldKind::Period)
        },
        FieldView {
            options: regions(),
            ..field("warehouse", "출고지", FieldKind::Choice)
        },
        FieldView {
            required: true,
            min: Some(String::from("1")),
            max: Some(String::from("100")),
            values: vec![String::from("10")],
            ..field("top", "상위 몇 개", FieldKind::Integer)
        },
        FieldView {
            help: Some(String::from("원 단위입니다.")),
            ..field("least", "최소 금액", FieldKind::Decimal)
        },
        FieldView {
            ..field("customer", "고객 이름", FieldKind::Text)
        },
        FieldView {
            values: vec![String::from("2026-09-03")],
            ..field("as_of", "기준일", FieldKind::Date)
        },
        FieldView {
            ..field("until", "마감 시각", FieldKind::Datetime)
        },
        FieldView {
            values: vec![String::from("true")],
            ..field("with_refunds", "환불 포함", FieldKind::Boolean)
        },
    ];
    let (input, errors) = posted.map_or((prefill.input, Vec::new()), |posted| {
        (posted.input, posted.errors)
    });
    for field in &mut fields {
        if let Some(values) = input.get(&field.name) {
            field.values.clone_from(values);
        }
        field.error = errors
            .iter()
            .find(|error| error.field == field.name)
            .map(|error| error.message.clone());
    }
    let card = reports(lang).swap_remove(0);
    FormView {
        report_id: card.id,
        title: card.title,
        description: card.description,
        row_means: card.row_means,
        owner: card.owner,
        zone: String::from("Asia/Seoul"),
        fields,
        usual: Some(Usual {
            p10_ms: 42_000,
            p50_ms: 60_000,
            p90_ms: 95_000,
            runs: 12,
            rows: Some(412),
        }),
        queue_ahead: 2,
        staged: Some(staged()),
        last_run: Some(self::card("ready", RunState::Succeeded)),
        sample: vec![(
            String::from("월별 매출"),
            ["월", "지역", "주문 수", "매출", "객단가"]
                .map(String::from)
                .to_vec(),
        )],
        prefilled_from: prefill.from_run.map(|_| moment(7, 12)),
        can_run: true,
        ..FormView::default()
    }
}

fn run_view(id: &str, state: RunState, viewer: &Viewer) -> RunView {
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
            queue_reason: (state == RunState::Queued)
                .then(|| String::from("쇼핑몰 DB는 한 번에 2건씩 실행됩니다.")),
            rows: 184_000,
            bytes: 41_200_000,
            is_stopping: false,
            retry: None,
        },
        usual: Some(Usual {
            p10_ms: 42_000,
            p50_ms: 60_000,
            p90_ms: 95_000,
            runs: 12,
            rows: Some(412),
        }),
        can_cancel: !state.is_finished(),
        can_run_again: true,
        shift: Some(ShiftView {
            previous: String::from("2026-07-01 ~ 2026-07-31"),
            next: Some(String::from("2026-09-01 ~ 2026-09-30")),
        }),
        revision: String::from("9f86d081884c7d659a2feaa0c55ad015"),
        error: (state == RunState::Failed).then(|| RunError {
            class: String::from("source_down"),
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

fn result() -> ResultView {
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
