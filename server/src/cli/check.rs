//! `digger check`: every problem of every file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalogue::folder::{self, Unreadable};
use engine::{Columns, Seen};
use report::{IdError, Problem, Report, ReportId, Severity};
use serde_json::json;
use settings::Overrides;

use super::{CheckArgs, DONE, FAILED};

mod online;

struct Checked {
    /// As shown to people.
    path: PathBuf,
    id: Option<ReportId>,
    text: String,
    report: Option<Report>,
    problems: Vec<Problem>,
    /// What the sources said of the columns of extractions.
    columns: Columns,
}

/// Prints every problem; ends with 1 when one of them is an error.
pub(super) fn check(args: &CheckArgs) -> Result<u8> {
    let settings = args.settings.load(Overrides {
        sources: args.source.clone(),
        ..Overrides::default()
    })?;
    let mut files = read(&args.paths)?;
    let names: Vec<&str> = settings
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    for file in &mut files {
        // Without any configured source there is nothing to compare names with.
        if let Some(report) = file.report.as_ref().filter(|_| !names.is_empty()) {
            file.problems.extend(report.check_sources(&names));
        }
    }
    mark_taken_ids(&mut files);
    if args.online {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            for file in &mut files {
                if let Some(report) = &file.report {
                    let (problems, columns) = online::check(report, &settings.sources).await;
                    file.problems.extend(problems);
                    file.columns = columns;
                }
            }
        });
    }
    let seen = Seen::below(&settings.data_dir.join("stage"));
    let mut are_assumed = false;
    for file in &mut files {
        if let Some(report) = &file.report {
            // What a source says now comes before what it said last time.
            let mut columns = seen.columns(report);
            columns.append(&mut file.columns);
            are_assumed |= report
                .blocks
                .iter()
                .any(|block| !block.is_polars() && !columns.contains_key(&block.name));
            file.problems.extend(engine::check(report, &columns));
            file.problems.dedup();
        }
    }
    for file in &mut files {
        file.problems
            .sort_by_key(|problem| (problem.line, problem.column));
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&files))?);
    } else {
        print(&files, names.is_empty());
        if are_assumed {
            eprintln!(
                "The types of some columns are not known yet, so what is computed with them was checked as far as any type allows; --online asks the sources."
            );
        }
    }
    let is_broken = files
        .iter()
        .flat_map(|file| &file.problems)
        .any(|problem| problem.severity == Severity::Error);
    Ok(if is_broken { FAILED } else { DONE })
}

fn read(paths: &[PathBuf]) -> Result<Vec<Checked>> {
    let mut files = Vec::new();
    for path in paths {
        let kind =
            std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if kind.is_dir() {
            for file in folder::scan(path, &std::collections::HashMap::new()) {
                let text = file.text.unwrap_or_else(|| Ok(String::new()));
                files.push(parse(
                    path.join(&file.path),
                    folder::id_of(&file.path),
                    text,
                ));
            }
        } else {
            files.push(parse(path.clone(), id_of_file(path), folder::read(path)));
        }
    }
    Ok(files)
}

/// The id of a single file: the longest end of its path that can be one, so that
/// `queries/sales/daily.sql` and `/srv/queries/sales/daily.sql` are both `sales/daily`.
pub(super) fn id_of_file(path: &Path) -> Result<ReportId, IdError> {
    let parts: Vec<_> = path.iter().collect();
    let below = parts
        .iter()
        .rposition(|part| *part == "queries")
        .map_or(parts.len().saturating_sub(1), |at| at + 1);
    folder::id_of(&parts[below..].iter().collect::<PathBuf>())
}

fn parse(
    path: PathBuf,
    id: Result<ReportId, IdError>,
    text: Result<String, Unreadable>,
) -> Checked {
    let mut checked = Checked {
        path,
        id: None,
        text: String::new(),
        report: None,
        problems: Vec::new(),
        columns: Columns::new(),
    };
    match (id, text) {
        (Err(error), _) => checked
            .problems
            .push(folder::problem("report::bad_id", error)),
        (Ok(_), Err(error)) => checked
            .problems
            .push(folder::problem("report::unreadable", error)),
        (Ok(id), Ok(text)) => {
            (checked.report, checked.problems) = report::parse(id.clone(), &text);
            checked.id = Some(id);
            checked.text = text;
        }
    }
    checked
}

fn mark_taken_ids(files: &mut [Checked]) {
    let reports: Vec<&Report> = files
        .iter()
        .filter_map(|file| file.report.as_ref())
        .collect();
    let taken = report::check_ids(&reports);
    for file in files {
        let mine = taken.iter().filter(|(id, _)| Some(id) == file.id.as_ref());
        file.problems
            .extend(mine.map(|(_, problem)| problem.clone()));
    }
}

fn as_json(files: &[Checked]) -> Vec<serde_json::Value> {
    files
        .iter()
        .flat_map(|file| {
            file.problems.iter().map(move |problem| {
                let mut value = json!(problem);
                value["path"] = json!(file.path);
                value["report"] = json!(file.id);
                value
            })
        })
        .collect()
}

fn print(files: &[Checked], without_sources: bool) {
    let mut errors = 0;
    let mut warnings = 0;
    for file in files {
        for problem in &file.problems {
            println!(
                "{}",
                problem.render(&file.path.display().to_string(), &file.text)
            );
            match problem.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
        }
    }
    if without_sources {
        eprintln!(
            "No source is configured, so the names of sources were not checked (digger.toml or --source)."
        );
    }
    eprintln!(
        "{} files: {errors} errors, {warnings} warnings",
        files.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_file_begins_below_the_queries_folder() {
        let id = |path: &str| id_of_file(Path::new(path)).map(|id| id.to_string());
        assert_eq!(id("queries/sales/daily.sql").as_deref(), Ok("sales/daily"));
        assert_eq!(
            id("/srv/queries/sales/kr/daily.sql").as_deref(),
            Ok("sales/kr/daily")
        );
        assert_eq!(id("/tmp/daily.sql").as_deref(), Ok("daily"));
        assert!(id("queries/Sales/daily.sql").is_err());
    }
}
