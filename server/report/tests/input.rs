//! What people type, what it means, and what they are told.

use std::collections::BTreeMap;

use lang::Lang;
use report::{FieldError, Input, Report, Value, Values, parse};

/// Thursday, 3 September 2026, 09:30 in Seoul; still the 2nd in New York.
const NOW: &str = "2026-09-03T00:30:00Z";

fn read(params: &str) -> Report {
    let mut names: Vec<&str> = params
        .lines()
        .filter_map(|line| line.strip_prefix("[params.")?.strip_suffix(']'))
        .collect();
    names.retain(|name| !name.contains('.'));
    let uses: String = names
        .iter()
        .map(|name| format!(" /*if {name}*/ AND x IN (:{name}) /*end*/"))
        .collect();
    let text = format!(
        "/*--- report\ntitle = {{ ko = \"월별 매출\", en = \"Monthly sales\" }}\n{params}---*/\n-- name: a\n-- source: shop\nSELECT 1 WHERE 1 = 1{uses}\n"
    );
    // Periods and session values may not stand in such a condition: they are used plainly.
    let text = names.iter().fold(text, |text, name| {
        let section = params
            .split(&format!("[params.{name}]"))
            .nth(1)
            .unwrap_or_default();
        let own = section.split("[params.").next().unwrap_or_default();
        let part = format!(" /*if {name}*/ AND x IN (:{name}) /*end*/");
        if own.contains("viewer.") {
            text.replace(&part, &format!(" AND x IN (:{name})"))
        } else if own.contains("\"period\"") {
            text.replace(
                &part,
                &format!(" /*if {name}*/ AND x >= :{name}.from /*end*/"),
            )
        } else {
            text
        }
    });
    let (report, problems) = parse("sales/x".parse().unwrap(), &text);
    report.unwrap_or_else(|| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|p| p.render("x.sql", &text))
                .collect::<String>()
        )
    })
}

fn input(fields: &[(&str, &str)]) -> Input {
    let mut input = Input::new();
    for (name, value) in fields {
        input
            .entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    input
}

fn resolve(report: &Report, fields: &[(&str, &str)]) -> Result<Values, Vec<FieldError>> {
    report.resolve(&input(fields), &BTreeMap::new(), NOW.parse().unwrap())
}

fn value(report: &Report, fields: &[(&str, &str)]) -> Value {
    resolve(report, fields)
        .unwrap()
        .0
        .into_values()
        .next()
        .unwrap()
}

fn told(report: &Report, fields: &[(&str, &str)]) -> (String, String) {
    let errors = resolve(report, fields).expect_err("the input is wrong");
    assert_eq!(errors.len(), 1, "{errors:?}");
    (errors[0].told(Lang::En), errors[0].told(Lang::Ko))
}

fn period(from: &str, until: &str) -> Value {
    Value::Period {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
    }
}

const DAYS: &str = "[params.period]\nlabel = { ko = \"기간\", en = \"Days\" }\ntype = \"period\"\nmax = \"2 years\"\n";

#[test]
fn a_period_is_an_expression_or_two_days() {
    let report = read(DAYS);
    assert_eq!(
        value(&report, &[("period", "previous month")]),
        period("2026-08-01", "2026-09-01")
    );
    assert_eq!(
        value(&report, &[("period", "2026-08")]),
        period("2026-08-01", "2026-09-01")
    );
    let custom = [
        ("period", "custom"),
        ("period.from", "2026-01-05"),
        ("period.last_day", "2026-01-31"),
    ];
    assert_eq!(value(&report, &custom), period("2026-01-05", "2026-02-01"));
    assert_eq!(
        value(&report, &custom[1..]),
        period("2026-01-05", "2026-02-01")
    );
    // The ends are only looked at when they are asked for.
    let both = [
        ("period", "last 7 days"),
        ("period.from", "nonsense"),
        ("period.last_day", ""),
    ];
    assert_eq!(value(&report, &both), period("2026-08-27", "2026-09-03"));
}

#[test]
fn relative_days_are_those_of_the_reports_zone() {
    let seoul = read(DAYS);
    let new_york = read(&format!("timezone = \"America/New_York\"\n{DAYS}"));
    assert_eq!(
        value(&seoul, &[("period", "last 1 day")]),
        period("2026-09-02", "2026-09-03")
    );
    assert_eq!(
        value(&new_york, &[("period", "last 1 day")]),
        period("2026-09-01", "2026-09-02")
    );
}

#[test]
fn a_period_too_long_says_how_long_it_is() {
    let report = read(DAYS);
    assert_eq!(
        told(&report, &[("period", "2021-01-01 .. 2026-01-01")]),
        (
            "Days: choose at most 2 years (you chose 5)".to_owned(),
            "기간: 최대 2년까지 선택할 수 있습니다 (5년을 선택했습니다)".to_owned()
        )
    );
    assert_eq!(
        told(&report, &[("period", "2023-01-01 .. 2025-03-04")]).0,
        "Days: choose at most 2 years (you chose 2 years 2 months 3 days)"
    );
    assert!(resolve(&report, &[("period", "2024-02-29 .. 2026-02-28")]).is_ok());
    let weeks = read(&DAYS.replace("2 years", "3 weeks"));
    assert_eq!(
        told(&weeks, &[("period", "last 28 days")]).1,
        "기간: 최대 3주까지 선택할 수 있습니다 (4주를 선택했습니다)"
    );
}

#[test]
fn a_grain_wants_whole_units() {
    let report = read(&format!("{DAYS}grain = \"month\"\n"));
    assert!(resolve(&report, &[("period", "previous quarter")]).is_ok());
    assert_eq!(
        told(&report, &[("period", "last 7 days")]).0,
        "Days: choose whole months"
    );
}

#[test]
fn the_ends_of_a_period_are_told_apart() {
    let report = read(DAYS);
    let errors = resolve(
        &report,
        &[("period", "custom"), ("period.from", "05.01.2026")],
    )
    .unwrap_err();
    let fields: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error.field.as_str(), error.code))
        .collect();
    assert_eq!(
        fields,
        [
            ("period.from", "run::invalid_value"),
            ("period.last_day", "run::missing_value")
        ]
    );
    let (en, ko) = told(
        &report,
        &[
            ("period.from", "2026-02-01"),
            ("period.last_day", "2026-01-31"),
        ],
    );
    assert_eq!(
        en,
        "Days: the last day (2026-01-31) is before the first (2026-02-01)"
    );
    assert_eq!(
        ko,
        "기간: 종료일(2026-01-31)이 시작일(2026-02-01)보다 빠릅니다"
    );
}

#[test]
fn numbers_may_be_pasted_from_a_sheet() {
    let report =
        read("[params.n]\nlabel = \"Amount\"\ntype = \"integer\"\nmin = 1\nmax = 1_000_000\n");
    assert_eq!(value(&report, &[("n", " 1,000 ")]), Value::Integer(1000));
    for bad in [
        "1,00",
        "1.5",
        "ten",
        "1,0000",
        ",100",
        "9223372036854775808",
        "1e3",
    ] {
        assert!(
            told(&report, &[("n", bad)])
                .0
                .starts_with("Amount: write a whole number (you wrote "),
            "{bad}"
        );
    }
    assert_eq!(
        told(&report, &[("n", "0")]).0,
        "Amount: write 1 or more (you wrote 0)"
    );
    assert_eq!(
        told(&report, &[("n", "2000000")]).1,
        "Amount: 1,000,000 이하의 값을 입력하세요 (입력한 값: 2,000,000)"
    );
    let report = read("[params.n]\ntype = \"decimal\"\nmin = 0.01\n");
    assert_eq!(
        value(&report, &[("n", "1,234.50")]),
        Value::Decimal("1234.50".parse().unwrap())
    );
    assert_eq!(
        told(&report, &[("n", "0.001")]).0,
        "n: write 0.01 or more (you wrote 0.001)"
    );
}

#[test]
fn texts_are_composed_and_bounded() {
    let report = read("[params.t]\ntype = \"text\"\nrequired = false\npattern = \"[가-힣]{2}\"\n");
    // 한글 as another system sends it: six letters that look like two.
    assert_eq!(
        value(
            &report,
            &[("t", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}")]
        ),
        Value::Text("한글".to_owned())
    );
    assert_eq!(
        told(&report, &[("t", "한글날")]).0,
        "t: this is not in the expected form"
    );
    assert_eq!(
        told(&report, &[("t", "a\0b")]).0,
        "t: remove the invisible control characters"
    );
    let long = "가".repeat(10_001);
    assert_eq!(
        resolve(&report, &[("t", &long)]).unwrap_err()[0].code,
        "run::too_long"
    );
    assert!(resolve(&report, &[("t", "  ")]).unwrap().0.is_empty());
}

#[test]
fn choices_are_those_the_file_lists() {
    let report = read(
        "[params.c]\ntype = \"choices\"\noptions = { a = { ko = \"가\", en = \"A\" }, b = \"B\" }\nmax = 1\n",
    );
    assert_eq!(
        value(&report, &[("c", "b"), ("c", "b")]),
        Value::Choices(vec!["b".to_owned()])
    );
    assert_eq!(
        told(&report, &[("c", "x")]).0,
        "c: x is not among the choices; choose again"
    );
    assert_eq!(
        told(&report, &[("c", "a"), ("c", "b")]).0,
        "c: choose at most 1 (you chose 2)"
    );
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("c", "a"), 5_001).collect();
    assert_eq!(told(&report, &many).0, "c: choose at most 5,000");
}

#[test]
fn a_tampered_form_is_refused() {
    let report = read(
        "[params.region]\ntype = \"text\"\n[params.companies]\ntype = \"choices\"\nfrom = \"viewer.companies\"\n",
    );
    let viewer = BTreeMap::from([("companies".to_owned(), vec!["1".to_owned()])]);
    let now = NOW.parse().unwrap();
    let fields = input(&[
        ("region", "11"),
        ("companies", "2"),
        ("regin", "x"),
        ("region.from", "y"),
    ]);
    let errors = report.resolve(&fields, &viewer, now).unwrap_err();
    assert!(
        errors
            .iter()
            .all(|error| error.code == "run::unknown_parameter")
    );
    assert_eq!(
        errors
            .iter()
            .map(|error| error.field.as_str())
            .collect::<Vec<_>>(),
        ["companies", "regin", "region.from"]
    );
    assert_eq!(
        errors[1].message.get(Lang::En),
        "This report has no field `regin`; did you mean `region`?"
    );

    let values = report
        .resolve(&input(&[("region", "11")]), &viewer, now)
        .unwrap();
    assert_eq!(
        values.get("companies"),
        Some(&Value::Choices(vec!["1".to_owned()]))
    );
    assert!(!report.to_input(&values).contains_key("companies"));
    assert_eq!(
        report.describe(&values, Lang::En, &BTreeMap::new()),
        [("region".to_owned(), "11".to_owned())]
    );

    let errors = report
        .resolve(&input(&[("region", "11")]), &BTreeMap::new(), now)
        .unwrap_err();
    assert_eq!(
        (errors[0].field.as_str(), errors[0].code),
        ("companies", "run::no_session_value")
    );
}

#[test]
fn every_field_is_told_at_once() {
    let report = read(
        "[params.a]\ntype = \"text\"\n[params.b]\ntype = \"date\"\n[params.c]\ntype = \"choice\"\noptions = [\"x\"]\n",
    );
    let errors = resolve(&report, &[("b", "31.12.2026")]).unwrap_err();
    let told: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", error.code, error.told(Lang::En)))
        .collect();
    assert_eq!(
        told,
        [
            "run::missing_value a: fill this in",
            "run::invalid_value b: write the day like 2026-01-31 (you wrote 31.12.2026)",
            "run::missing_value c: choose one",
        ]
    );
}

#[test]
fn some_fields_can_be_resolved_while_others_are_empty() {
    let report = read("[params.a]\ntype = \"text\"\n[params.b]\ntype = \"date\"\n");
    let names = std::collections::BTreeSet::from(["b".to_owned(), "other".to_owned()]);
    let values = report
        .resolve_some(
            &names,
            &input(&[("b", "today")]),
            &BTreeMap::new(),
            NOW.parse().unwrap(),
        )
        .unwrap();
    assert_eq!(values.0.keys().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn dates_keep_their_bounds() {
    let report = read("[params.d]\ntype = \"date\"\nmin = \"today - 7 days\"\nmax = \"today\"\n");
    assert!(resolve(&report, &[("d", "2026-08-27")]).is_ok());
    assert_eq!(
        told(&report, &[("d", "2026-09-04")]).0,
        "d: choose today or earlier"
    );
    let (min, max) = report.bound_dates("d", NOW.parse().unwrap());
    assert_eq!(
        (min.unwrap().to_string(), max.unwrap().to_string()),
        ("2026-08-27".to_owned(), "2026-09-03".to_owned())
    );
}

#[test]
fn moments_are_wall_time_of_the_reports_zone() {
    let report = read("timezone = \"Europe/Berlin\"\n[params.m]\ntype = \"datetime\"\n");
    for (typed, expected) in [
        ("2026-09-03T10:00", "2026-09-03T08:00:00Z"),
        ("2026-09-03 10:00:30", "2026-09-03T08:00:30Z"),
        ("2026-01-03 10:00", "2026-01-03T09:00:00Z"),
        ("2026-09-03T10:00:00+09:00", "2026-09-03T01:00:00Z"),
        ("now", NOW),
        ("today", "2026-09-02T22:00:00Z"),
        // Two in the morning happens twice on 25 October and never on 29 March.
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
    ] {
        let resolved = resolve(&report, &[("m", typed)]).unwrap();
        assert_eq!(
            resolved.get("m"),
            Some(&Value::Datetime(expected.parse().unwrap())),
            "{typed}"
        );
        // What is shown again means the same moment, also in the hour that happens twice.
        let again = report
            .resolve(
                &report.to_input(&resolved),
                &BTreeMap::new(),
                NOW.parse().unwrap(),
            )
            .unwrap();
        assert_eq!(again, resolved, "{typed}");
    }
    for bad in [
        "10:00",
        "2026-09-03T25:00",
        "2026-09-03T10:00[Asia/Seoul]",
        "soon",
    ] {
        assert!(resolve(&report, &[("m", bad)]).is_err(), "{bad}");
    }
}

#[test]
fn values_survive_storage_and_the_form() {
    let report = read(&format!(
        "{DAYS}[params.t]\ntype = \"text\"\n[params.n]\ntype = \"decimal\"\n[params.b]\ntype = \"boolean\"\n\
         [params.d]\ntype = \"date\"\n[params.c]\ntype = \"choices\"\noptions = [\"x\", \"y\"]\n[params.z]\ntype = \"boolean\"\n"
    ));
    let fields = [
        ("period", "last 30 days"),
        ("t", "가 나"),
        ("n", "0.10"),
        ("b", "on"),
        ("d", "yesterday"),
        ("c", "y"),
        ("c", "x"),
    ];
    let values = resolve(&report, &fields).unwrap();
    let stored = serde_json::to_string(&values).unwrap();
    assert_eq!(
        stored,
        "{\"period\":{\"type\":\"period\",\"value\":{\"from\":\"2026-08-04\",\"until\":\"2026-09-03\"}},\
         \"t\":{\"type\":\"text\",\"value\":\"가 나\"},\"n\":{\"type\":\"decimal\",\"value\":\"0.10\"},\
         \"b\":{\"type\":\"boolean\",\"value\":true},\"d\":{\"type\":\"date\",\"value\":\"2026-09-02\"},\
         \"c\":{\"type\":\"choices\",\"value\":[\"y\",\"x\"]},\"z\":{\"type\":\"boolean\",\"value\":false}}"
    );
    assert_eq!(serde_json::from_str::<Values>(&stored).unwrap(), values);
    let later = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        report
            .resolve(&report.to_input(&values), &BTreeMap::new(), later)
            .unwrap(),
        values
    );
}

#[test]
fn shifting_moves_every_period() {
    let report = read(DAYS);
    let values = resolve(&report, &[("period", "previous month")]).unwrap();
    let next = report.shift(&values, 1).unwrap();
    assert_eq!(
        next.get("period"),
        Some(&period("2026-09-01", "2026-10-01"))
    );
    assert_eq!(
        report.shift(&report.shift(&values, -7).unwrap(), 7),
        Some(values)
    );
    assert_eq!(report.shift(&Values::default(), 1), None);
}

#[test]
fn chips_read_like_the_form() {
    let report = read(&format!(
        "{DAYS}[params.c]\nlabel = {{ ko = \"지역\", en = \"Region\" }}\ntype = \"choices\"\noptions = {{ a = {{ ko = \"서울\", en = \"Seoul\" }}, b = \"B\" }}\n\
         [params.n]\nlabel = \"N\"\ntype = \"integer\"\n[params.b]\nlabel = \"Open\"\ntype = \"boolean\"\n"
    ));
    let values = resolve(
        &report,
        &[
            ("period", "previous month"),
            ("c", "a"),
            ("c", "b"),
            ("n", "1234567"),
        ],
    )
    .unwrap();
    let labels = BTreeMap::from([(
        "c".to_owned(),
        BTreeMap::from([("b".to_owned(), "부산".to_owned())]),
    )]);
    let chip = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    assert_eq!(
        report.describe(&values, Lang::Ko, &labels),
        [
            chip("기간", "2026-08-01 ~ 2026-08-31"),
            chip("지역", "서울, 부산"),
            chip("N", "1,234,567"),
            chip("Open", "아니요")
        ]
    );
    assert_eq!(
        report.describe(&values, Lang::En, &BTreeMap::new())[1],
        chip("Region", "Seoul, B")
    );
}

#[test]
fn presets_begin_with_the_default_and_keep_the_rules() {
    let report = read(&format!(
        "{DAYS}grain = \"month\"\ndefault = \"last 2 months\"\n"
    ));
    let presets = report.period_presets("period", NOW.parse().unwrap());
    let labels: Vec<(&str, String)> = presets
        .iter()
        .map(|preset| {
            (
                preset.label.get(Lang::En),
                format!("{} {}", preset.from, preset.last_day),
            )
        })
        .collect();
    assert_eq!(
        labels[0],
        ("Last 2 months", "2026-07-01 2026-08-31".to_owned())
    );
    assert!(labels.iter().any(|(label, _)| *label == "Last month"));
    assert!(
        !labels
            .iter()
            .any(|(label, _)| label.contains("days") || label.contains("week"))
    );
    let short = read(&DAYS.replace("2 years", "31 days"));
    assert!(
        short
            .period_presets("period", NOW.parse().unwrap())
            .iter()
            .all(|preset| !preset.expression.contains("year"))
    );
    assert!(
        short
            .period_presets("other", NOW.parse().unwrap())
            .is_empty()
    );
}

#[test]
fn the_default_form_is_what_the_author_wrote() {
    let report = read(&format!(
        "{DAYS}default = \"last 30 days\"\n[params.c]\ntype = \"choices\"\noptions = [\"x\", \"y\"]\ndefault = [\"x\", \"y\"]\n"
    ));
    assert_eq!(
        report.default_input(),
        input(&[("period", "last 30 days"), ("c", "x"), ("c", "y")])
    );
}

/// A report with one parameter whose options come from a query.
fn of_query(kind: &str) -> Report {
    let text = format!(
        "/*--- report\ntitle = \"T\"\n[params.c]\ntype = \"{kind}\"\nrequired = false\n\
         options = {{ query = \"o\", value = \"v\" }}\n---*/\n-- name: o\n-- source: shop\nSELECT v FROM o\n\n\
         -- name: a\n-- source: shop\nSELECT 1 WHERE 1 = 1 /*if c*/ AND x IN (:c) /*end*/\n"
    );
    parse("sales/x".parse().unwrap(), &text).0.unwrap()
}

#[test]
fn an_option_is_what_it_is() {
    let now = NOW.parse().unwrap();
    let nobody = BTreeMap::new();
    for value in [
        "",
        " ",
        "  A1",
        "A1 ",
        "a\nb",
        "a\tb",
        "∅",
        "한",
        "\u{1112}\u{1161}\u{11ab}",
    ] {
        let field = report::to_field(value);
        for kind in ["choice", "choices"] {
            let report = of_query(kind);
            let values = report
                .resolve(&input(&[("c", &field)]), &nobody, now)
                .unwrap();
            let expected = match kind {
                "choice" => Value::Choice(value.to_owned()),
                _ => Value::Choices(vec![value.to_owned()]),
            };
            assert_eq!(values.get("c"), Some(&expected));
            assert!(expected.is_present());
            assert_eq!(report.to_input(&values)["c"], [field.as_ref()]);
            let shown = report.describe(&values, Lang::En, &BTreeMap::new());
            assert!(!shown[0].1.trim().is_empty(), "{shown:?}");
            let nothing = report.resolve(&input(&[("c", "")]), &nobody, now);
            assert_eq!(nothing.unwrap().get("c"), None);
        }
    }
}
