//! Made-up reports and a form with every kind of field.

use app::view::*;
use lang::Lang;

use super::sample_runs::moment;

pub fn reports(lang: Lang) -> Vec<ReportCard> {
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
            owner: Some(String::from("sales-ops@example.com")),
            last_run: (index == 0).then(|| moment(7, 12)),
            usual_ms: Some(4_000 * (index as u64 + 1)),
            can_run: true,
            is_broken: index == 4,
        });
    cards.collect()
}

pub fn regions() -> Vec<Choice> {
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
pub fn staged() -> StagedView {
    StagedView {
        unit: PartitionWord::Month,
        all: 36,
        kept: 33,
        rows: Some(39_821),
    }
}

/// One field of every kind.
pub fn form(lang: Lang, posted: Option<PostedForm>, prefill: Prefill) -> FormView {
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
    let offer = posted.as_ref().and_then(|posted| posted.offer.clone());
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
        last_run: Some(super::sample_runs::card("ready", RunState::Succeeded)),
        sample: vec![(
            String::from("월별 매출"),
            ["월", "지역", "주문 수", "매출", "객단가"]
                .map(String::from)
                .to_vec(),
        )],
        prefilled_from: prefill.from_run.map(|_| moment(7, 12)),
        can_run: true,
        offer,
        ..FormView::default()
    }
}
