//! Every file in `tests/check/bad` shows its message; what the messages are about is known to be wrong
//! before anything runs.

use std::fs;
use std::path::PathBuf;

use engine::{Columns, check};
use report::{Problem, Severity, parse};
use source::{ColumnInfo, ColumnType};

/// What the sources say of the columns the files read.
fn known() -> Columns {
    let columns = vec![
        ColumnInfo {
            is_narrow: true,
            ..ColumnInfo::new("x", ColumnType::Integer)
        },
        ColumnInfo::new("day", ColumnType::Date),
        ColumnInfo::new("name", ColumnType::Text),
    ];
    Columns::from([("a".to_owned(), columns.clone()), ("b".to_owned(), columns)])
}

fn problems(name: &str, text: &str, known: &Columns) -> Vec<Problem> {
    let (report, problems) = parse(name.parse().unwrap(), text);
    assert!(problems.is_empty(), "{problems:?}");
    check(&report.unwrap(), known)
}

#[test]
fn bad_files_say_what_is_wrong_and_what_to_write() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/check/bad");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let found = problems(&name, &text, &known());
        assert!(!found.is_empty(), "{name}");
        assert!(
            found.iter().all(|one| one.severity == Severity::Error),
            "{name}"
        );
        let rendered: Vec<String> = found
            .iter()
            .map(|problem| problem.render(&format!("queries/{name}.sql"), &text))
            .collect();
        insta::assert_snapshot!(name, rendered.join("\n"));
    }
}

#[test]
fn what_is_not_known_may_be_anything() {
    let text = "/*--- report\ntitle = \"x\"\n---*/\n-- name: a\n-- source: shop\nSELECT 1 AS x\n\
                -- name: b\n-- engine: polars\nSELECT UPPER(x) AS u, SUM(y) AS s, z > DATE '2026-01-31' AS late FROM a GROUP BY UPPER(x), z\n";
    assert_eq!(problems("x", text, &Columns::new()), []);
    // As soon as the columns are known, the same text is wrong.
    let found = problems("x", text, &known());
    assert_eq!(found[0].code, "report::unknown_function", "{found:?}");
}

#[test]
fn a_condition_is_planned_in_every_form() {
    let text = "/*--- report\ntitle = \"x\"\n[params.p]\ntype = \"integer\"\nrequired = false\n[params.q]\ntype = \"integer\"\nrequired = false\n---*/\n\
                -- name: a\n-- source: shop\nSELECT 1 AS x\n-- name: b\n-- engine: polars\n\
                SELECT x FROM a WHERE TRUE /*if p*/ AND x = :p /*end*/ /*if q*/ AND nam = :q /*end*/\n";
    let found = problems("x", text, &known());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, "report::unknown_column");
    assert!(found[0].message.contains("`nam`"), "{found:?}");
}
