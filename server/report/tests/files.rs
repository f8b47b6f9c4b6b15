//! Every file in `tests/good` is read without an error; every file in `tests/bad` shows its message.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use report::{Problem, Report, Severity, parse};

/// Sources the files may name, as a server would have them.
const SOURCES: [&str; 3] = ["billing", "crm", "shop"];

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let name = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            (
                name,
                fs::read_to_string(path).expect("the file can be read"),
            )
        })
        .collect();
    files.sort();
    files
}

/// Everything wrong with a file, as `digger check` would say it.
fn check(name: &str, text: &str) -> (Option<Report>, Vec<Problem>) {
    let (report, mut problems) = parse(
        name.parse().expect("the file has the name of a report"),
        text,
    );
    if let Some(report) = &report {
        problems.extend(report.check_sources(&SOURCES));
    }
    (report, problems)
}

fn rendered(name: &str, text: &str, problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| problem.render(&format!("queries/{name}.sql"), text))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn good_files_have_nothing_wrong() {
    for (name, text) in files("good") {
        let (report, problems) = check(&name, &text);
        assert!(problems.is_empty(), "{}", rendered(&name, &text, &problems));
        let report = report.expect("a file without errors is a report");
        assert_eq!(report.text, text);
    }
}

#[test]
fn good_files_are_read_as_they_were_meant() {
    for (name, text) in files("good") {
        let (report, _) = check(&name, &text);
        let report = report.expect("a good file is a report");
        let shape = format!(
            "{:#?}\n{:#?}\n{:#?}",
            report.params,
            outline(&report),
            report.workbook
        );
        insta::assert_snapshot!(format!("good_{name}"), shape);
    }
}

fn outline(report: &Report) -> Vec<String> {
    report
        .blocks
        .iter()
        .map(|block| {
            format!(
                "{} {:?} reads {:?} uses {:?}: {:?}",
                block.name, block.kind, block.reads, block.params, block.description
            )
        })
        .collect()
}

#[test]
fn bad_files_show_their_messages() {
    for (name, text) in files("bad") {
        let (_, problems) = check(&name, &text);
        insta::assert_snapshot!(format!("bad_{name}"), rendered(&name, &text, &problems));
    }
}

#[test]
fn a_bad_file_is_a_report_only_when_it_has_no_error() {
    for (name, text) in files("bad") {
        let (report, problems) = parse(name.parse().expect("an id"), &text);
        let failed = problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        assert_eq!(report.is_none(), failed, "{name}");
    }
}

#[test]
fn problems_stand_in_file_order_and_inside_the_file() {
    for (name, text) in files("bad") {
        let (_, problems) = parse(name.parse().expect("an id"), &text);
        assert!(
            problems.iter().all(|problem| problem
                .span
                .as_ref()
                .is_none_or(|span| span.end <= text.len())),
            "{name}"
        );
        let places: Vec<(usize, usize)> = problems
            .iter()
            .map(|problem| (problem.line, problem.column))
            .collect();
        assert!(places.is_sorted(), "{name}: {places:?}");
    }
}

#[test]
fn every_message_of_the_documentation_has_a_file() {
    let documented = [
        "missing_section",
        "bad_toml",
        "unknown_key",
        "unused_parameter",
        "unknown_query_key",
        "bad_default",
        "default_out_of_range",
        "duplicate_query",
        "source_or_engine",
        "unknown_source",
        "unknown_table",
        "cycle",
        "optional_outside_if",
        "viewer_condition",
        "partition_not_used",
        "two_statements",
        "empty_query",
        "unknown_column",
        "sheet_name",
        "unknown_parameter",
    ];
    let found: BTreeSet<String> = files("bad")
        .iter()
        .flat_map(|(name, text)| check(name, text).1)
        .map(|problem| problem.code.trim_start_matches("report::").to_owned())
        .collect();
    for code in documented {
        assert!(found.contains(code), "{code}");
    }
}
