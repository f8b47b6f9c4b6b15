//! The workbook's file name.

use std::collections::BTreeMap;

use lang::Lang;
use report::{Input, Problem, Report, ReportId, Severity, check_ids, parse};

fn read(head: &str, used: &str) -> Report {
    let text = format!("/*--- report\n{head}---*/\n-- name: a\n-- source: shop\nSELECT 1 {used}\n");
    let (report, problems) = parse("sales/monthly".parse().unwrap(), &text);
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

fn named(report: &Report, fields: &[(&str, &str)], lang: Lang) -> String {
    let started = "2026-09-02T22:12:00Z".parse().unwrap();
    let mut input = Input::new();
    for (name, value) in fields {
        input
            .entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    let values = report.resolve(&input, &BTreeMap::new(), started).unwrap();
    report.file_name(&values, lang, started)
}

const MONTHLY: &str = "title = { ko = \"월별 매출\", en = \"Monthly sales\" }\n[params.period]\ntype = \"period\"\n\
                       [params.region]\ntype = \"choices\"\noptions = { a = { ko = \"서울\", en = \"Seoul\" }, b = \"B\" }\n";
const USED: &str = "WHERE d >= :period.from /*if region*/ AND r IN (:region) /*end*/";

#[test]
fn the_default_name_is_readable_and_sortable() {
    let report = read(MONTHLY, USED);
    let month = [("period", "previous month")];
    assert_eq!(
        named(&report, &month, Lang::Ko),
        "월별매출_2026-08_전체_20260903-0712.xlsx"
    );
    assert_eq!(
        named(&report, &month, Lang::En),
        "Monthly-sales_2026-08_all_20260903-0712.xlsx"
    );
    let days = [("period", "2026-08-03 .. 2026-08-10"), ("region", "a")];
    assert_eq!(
        named(&report, &days, Lang::Ko),
        "월별매출_2026-08-03~2026-08-09_서울_20260903-0712.xlsx"
    );
    let both = [("period", "2026-Q2"), ("region", "a"), ("region", "b")];
    assert_eq!(
        named(&report, &both, Lang::En),
        "Monthly-sales_2026-Q2_Seoul-B_20260903-0712.xlsx"
    );
}

#[test]
fn a_template_is_filled() {
    let head = MONTHLY.replacen('\n', "\nfile_name = { ko = \"매출 {period} {region}.xlsx\", en = \"s_{period.from}_{period.last_day}_{started}\" }\n", 1);
    let report = read(&head, USED);
    let month = [("period", "previous month")];
    assert_eq!(named(&report, &month, Lang::Ko), "매출 2026-08 전체.xlsx");
    assert_eq!(
        named(&report, &month, Lang::En),
        "s_2026-08-01_2026-08-31_20260903-0712.xlsx"
    );
}

#[test]
fn a_name_is_safe_on_every_file_system() {
    let text = "[params.t]\ntype = \"text\"\n";
    let report = read(
        &format!("title = \"x\"\nfile_name = \"{{t}}.xlsx\"\n{text}"),
        "WHERE t = :t",
    );
    for (typed, expected) in [
        ("../../etc/passwd", "etcpasswd.xlsx"),
        ("a<b>c:d\"e/f\\g|h?i*j", "abcdefghij.xlsx"),
        ("con", "_con.xlsx"),
        ("NUL.tar", "_NUL.tar.xlsx"),
        ("...", "monthly.xlsx"),
        ("end. . ", "end.xlsx"),
        ("a\u{202e}fdp", "afdp.xlsx"),
        ("\u{1112}\u{1161}\u{11ab}", "한.xlsx"),
    ] {
        assert_eq!(
            named(&report, &[("t", typed)], Lang::En),
            expected,
            "{typed}"
        );
    }
}

#[test]
fn a_long_title_never_costs_period_and_time() {
    let head = MONTHLY.replace("월별 매출", &"아주 긴 제목 ".repeat(40));
    let name = named(
        &read(&head, USED),
        &[("period", "previous month")],
        Lang::Ko,
    );
    assert!(name.ends_with("_2026-08_전체_20260903-0712.xlsx"), "{name}");
    assert!(name.len() <= 240 && name.chars().count() <= 155, "{name}");
}

#[test]
fn a_report_in_use_keeps_its_id_and_a_former_one_is_claimed_once() {
    let one = read("title = \"x\"\nformerly = [\"finance/old\"]\n", "");
    let (two, _) = parse("finance/new".parse().unwrap(), &one.text);
    let (three, _) = parse(
        "finance/old".parse().unwrap(),
        "/*--- report\ntitle = \"y\"\n---*/\n-- name: a\n-- source: s\nSELECT 1\n",
    );
    let (two, three) = (two.unwrap(), three.unwrap());
    let problems = check_ids(&[&one, &two, &three]);
    let told = |problems: &[(ReportId, Problem)]| -> Vec<(String, String, Severity)> {
        problems
            .iter()
            .map(|(id, problem)| (id.to_string(), problem.code.to_string(), problem.severity))
            .collect()
    };
    let by = |id: &str, severity| (id.to_owned(), "report::id_taken".to_owned(), severity);
    assert_eq!(
        told(&problems),
        [
            by("sales/monthly", Severity::Error),
            by("finance/new", Severity::Error)
        ]
    );
    let both = check_ids(&[&one, &two]);
    assert_eq!(
        told(&both),
        [
            by("sales/monthly", Severity::Warning),
            by("finance/new", Severity::Warning)
        ]
    );
    insta::assert_snapshot!(both[0].1.render("queries/sales/monthly.sql", &one.text));
    assert!(check_ids(&[&one]).is_empty());
}

#[test]
fn choices_from_queries_are_named_by_their_labels() {
    let head = "title = \"매출\"\n[params.region]\ntype = \"choice\"\noptions = { query = \"a\", value = \"c\" }\n";
    let text = format!(
        "/*--- report\n{head}---*/\n-- name: a\n-- source: shop\nSELECT c\n-- name: b\n-- source: shop\nSELECT 1 WHERE r = :region\n"
    );
    let report = parse("x".parse().unwrap(), &text).0.unwrap();
    let started = "2026-09-02T22:12:00Z".parse().unwrap();
    let input = Input::from([("region".to_owned(), vec!["11".to_owned()])]);
    let values = report.resolve(&input, &BTreeMap::new(), started).unwrap();
    let labels = BTreeMap::from([(
        "region".to_owned(),
        BTreeMap::from([("11".to_owned(), "서울".to_owned())]),
    )]);
    let named = |labels| report.file_name_with(&values, Lang::Ko, started, labels);
    assert_eq!(named(&labels), "매출_서울_20260903-0712.xlsx");
    assert_eq!(named(&BTreeMap::new()), "매출_11_20260903-0712.xlsx");
}
