//! The saved reports of `queries/`: every one parses, finds its columns, and runs on a small demo shop, from every
//! kind of database with the same result; what they compute is what PostgreSQL computes.
//!
//! Figures are compared with SQL of the test's own, run by SQLite without anything of Digger between.

mod coverage;
mod databases;
mod figures;
mod lengths;
mod meaning;
mod runs;
mod same;
mod shop;
mod splits;
mod truths;

use std::path::{Path, PathBuf};

use report::{Report, ReportId};

/// The folder of the saved reports.
fn queries() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../queries")
        .canonicalize()
        .unwrap()
}

/// Every file with its id and text, by id.
fn files() -> Vec<(ReportId, PathBuf, String)> {
    let root = queries();
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") {
                let id = path.strip_prefix(&root).unwrap().with_extension("");
                let text = std::fs::read_to_string(&path).unwrap();
                let id: ReportId = id.to_str().unwrap().parse().unwrap();
                files.push((id, path, text));
            }
        }
    }
    files.sort_by_key(|(id, ..)| id.to_string());
    files
}

/// Every report, parsed.
fn reports() -> Vec<Report> {
    files()
        .into_iter()
        .map(|(id, path, text)| {
            let (report, problems) = report::parse(id, &text);
            let problems: String = problems
                .iter()
                .map(|problem| problem.render(&path.display().to_string(), &text))
                .collect();
            assert!(problems.is_empty(), "{problems}");
            report.unwrap()
        })
        .collect()
}

#[test]
fn every_file_is_a_report_without_a_problem() {
    let reports = reports();
    assert!(reports.len() >= 30, "only {} reports", reports.len());
    for report in &reports {
        let problems = report.check_sources(&["shop"]);
        assert!(problems.is_empty(), "{}: {problems:?}", report.id);
    }
    let taken = report::check_ids(&reports.iter().collect::<Vec<_>>());
    assert!(taken.is_empty(), "{taken:?}");
}

#[test]
fn every_statement_prepares_and_every_sheet_finds_its_columns() {
    let output = shop::digger()
        .args(["check", "--online", "--source", &shop::source()])
        .arg(queries())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
}
