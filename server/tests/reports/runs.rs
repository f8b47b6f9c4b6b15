//! Every report runs: with the values its form begins with, in both languages, and when there is nothing.

use calamine::{Reader, Xlsx, open_workbook};
use lang::Lang;
use report::{ParamKind, Report};

use super::shop::{AREAS, run, run_as};

/// Long before anybody bought anything.
const NOTHING: [(&str, &str); 3] = [
    ("week", "2019-04-01 .. 2019-04-08"),
    ("year", "2019-01-01 .. 2020-01-01"),
    ("", "2019-04-01 .. 2019-07-01"),
];

fn is_example(report: &Report) -> bool {
    report.id.folder() == "examples"
}

#[test]
fn every_report_runs_with_the_values_its_form_begins_with() {
    for report in super::reports() {
        let ran = run(report.id.as_str(), &[]);
        let mut book: Xlsx<_> = open_workbook(&ran.workbook).unwrap();
        let names = book.sheet_names();
        for sheet in &report.workbook.sheets {
            let name = sheet.name.get(Lang::Ko).to_owned();
            assert!(
                names.contains(&name),
                "{}: {name} is not among {names:?}",
                report.id
            );
            let range = book.worksheet_range(&name).unwrap();
            // A header at least, and rows where the report promises some.
            assert!(range.height() >= 1, "{}: {name} is blank", report.id);
            if !is_example(&report) {
                assert!(ran.rows(&name) > 0, "{}: {name} has no rows", report.id);
            }
            let charts = ran.sheet(&name)["charts"].as_array().unwrap().len();
            assert_eq!(
                charts,
                sheet.charts.len(),
                "{}: charts on {name}",
                report.id
            );
        }
    }
}

#[test]
fn every_report_of_a_department_speaks_english_too() {
    for report in super::reports().iter().filter(|report| !is_example(report)) {
        let ran = run_as(report.id.as_str(), &[], &AREAS, "en");
        for sheet in &report.workbook.sheets {
            let name = sheet.name.get(Lang::En);
            let view = ran.sheet(name);
            for column in view["columns"].as_array().unwrap() {
                let title = column["title"].as_str().unwrap();
                // The columns of a pivot are values of the shop, and those are Korean.
                let is_ours = sheet.pivot.is_none();
                assert!(
                    !is_ours || title.is_ascii(),
                    "{}: column {title} on {name}",
                    report.id
                );
            }
            for chart in view["charts"].as_array().unwrap() {
                assert!(
                    chart["title"].as_str().unwrap().is_ascii(),
                    "{}: chart on {name}",
                    report.id
                );
            }
        }
        let file = ran.outcome["file"]["name"].as_str().unwrap();
        assert!(
            file.is_ascii() && file.ends_with(".xlsx"),
            "{}: {file}",
            report.id
        );
    }
}

#[test]
fn no_rows_are_an_answer_and_not_an_error() {
    for report in super::reports() {
        let mut values: Vec<String> = Vec::new();
        for param in report
            .params
            .values()
            .filter(|param| param.kind == ParamKind::Period)
        {
            let grain = param.grain.map_or("", |grain| grain.as_str());
            let wanted = if param
                .max
                .as_ref()
                .is_some_and(|max| max.to_string() == "1 month")
            {
                "2019-04-01 .. 2019-05-01"
            } else {
                NOTHING
                    .iter()
                    .find(|(of, _)| *of == grain || of.is_empty())
                    .unwrap()
                    .1
            };
            values.push(format!("{}={wanted}", param.name));
        }
        if report.id.as_str() == "finance/receivables" {
            values.push("as_of=2020-01-31".to_owned());
        }
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        if values.is_empty() {
            continue;
        }
        let ran = run(report.id.as_str(), &values);
        for sheet in report
            .workbook
            .sheets
            .iter()
            .filter(|_| !is_example(&report))
        {
            let name = sheet.name.get(Lang::Ko);
            assert_eq!(ran.rows(name), 0, "{}: {name}", report.id);
            if let Some(empty) = &sheet.empty {
                assert_eq!(
                    ran.sheet(name)["empty"],
                    empty.get(Lang::Ko),
                    "{}: {name}",
                    report.id
                );
            }
        }
    }
}

#[test]
fn every_choice_of_every_list_can_be_chosen() {
    for report in super::reports().iter().filter(|report| !is_example(report)) {
        for param in report.params.values() {
            let Some(report::Options::List(choices)) = &param.options else {
                continue;
            };
            for choice in choices {
                run(
                    report.id.as_str(),
                    &[&format!("{}={}", param.name, choice.value)],
                );
            }
        }
    }
}

#[test]
fn order_detail_takes_all_its_conditions_at_once() {
    let ran = run(
        "sales/order_detail",
        &[
            "areas=capital",
            "areas=yeongnam",
            "regions=11",
            "channels=online",
            "channels=store",
            "category=coffee",
            "customer=' OR 1=1 --",
            "order_no=20261031000000000001",
            "minimum_amount=0.01",
            "minimum_quantity=1",
            "ordered_after=2020-01-01 00:00",
            "gifts_only=true",
            "with_cancelled=true",
        ],
    );
    assert_eq!(ran.rows("주문 상세"), 0);
}
