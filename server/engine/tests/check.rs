//! Every file in `tests/check/bad` shows its message; what the messages are about is known to be wrong
//! before anything runs.

use std::fs;
use std::path::PathBuf;

use engine::{Columns, check};
use report::{Problem, Severity, parse};
use rows::{ColumnInfo, ColumnType};

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

#[test]
fn lengths_of_time_add_up_in_sheets_and_are_refused_in_aggregations() {
    let known = Columns::from([(
        "a".to_owned(),
        vec![
            ColumnInfo::new("id", ColumnType::Integer),
            ColumnInfo::new("worked", ColumnType::Duration),
        ],
    )]);
    let report = |query: &str, sheet: &str| {
        format!(
            "/*--- report\ntitle = \"x\"\n---*/\n-- name: a\n-- source: shop\nSELECT id, worked FROM t\n\
             -- name: b\n-- engine: polars\n{query}\n/*--- workbook\n[[sheet]]\nname = \"A\"\nquery = \"a\"\n{sheet}---*/\n"
        )
    };
    let fine = "[sheet.columns]\nworked = { total = \"average\" }\n\
                [[sheet.rule]]\ncolumn = \"worked\"\nwhen = \"> 1.5\"\nstyle = \"bad\"\n\
                [[sheet.chart]]\ntype = \"bar\"\nx = \"id\"\ny = [\"worked\"]\n";
    assert_eq!(
        problems(
            "x",
            &report("SELECT COUNT(*) AS n, MAX(id) AS last FROM a", fine),
            &known
        ),
        []
    );
    let text = "[[sheet.rule]]\ncolumn = \"worked\"\nwhen = \"> '30:00'\"\nstyle = \"bad\"\n";
    let found = problems("x", &report("SELECT id FROM a", text), &known);
    assert_eq!(found[0].code, "report::column_kind", "{found:?}");
    for query in [
        "SELECT worked FROM a",
        "SELECT * FROM a",
        "SELECT q.* FROM a AS q",
        "SELECT COUNT(worked) AS n FROM a",
        "SELECT id FROM a ORDER BY worked",
        "SELECT id FROM a AS q JOIN a AS r USING (id, worked)",
        "SELECT MAX(id) AS n FROM a GROUP BY worked",
    ] {
        let found = problems("x", &report(query, ""), &known);
        let codes: Vec<_> = found.iter().map(|one| &*one.code).collect();
        assert_eq!(codes, ["report::sql_unsupported"], "{query}: {found:?}");
        let said = &found[0];
        assert!(
            said.message.contains("`worked` holds lengths of time"),
            "{said:?}"
        );
        assert!(
            said.help
                .as_ref()
                .is_some_and(|help| help.contains("TIME_TO_SEC")),
            "{said:?}"
        );
    }
}

#[test]
fn a_message_about_a_sheet_stands_where_the_sheet_names_the_column() {
    let text = "/*--- report\ntitle = \"x\"\n[params.name]\ntype = \"text\"\n---*/\n\
                -- name: a\n-- source: shop\nSELECT 1 AS x, 'a' AS name FROM t WHERE name = :name\n\
                /*--- workbook\n[[sheet]]\nname = \"name\"\nquery = \"a\"\n[sheet.columns]\nname = { title = \"name\" }\n\
                [[sheet]]\nname = \"Second\"\nquery = \"a\"\nempty = \"no name\"\n\
                [[sheet.chart]]\ntype = \"bar\"\ntitle = \"by name\"\nx = \"x\"\ny = [\"name\"]\n\
                [[sheet]]\nname = \"Third\"\nquery = \"a\"\n[sheet.columns]\nx = { title = \"name\" }\n\"name\" = { total = \"sum\" }\n---*/\n";
    let found = problems("x", text, &known());
    let marked: Vec<&str> = found
        .iter()
        .filter_map(|one| text.get(one.span.clone()?))
        .collect();
    assert_eq!(marked, ["name", "name"], "{found:?}");
    let lines: Vec<_> = found.iter().map(|one| one.line).collect();
    let line = |part: &str| text[..text.find(part).unwrap()].lines().count() + 1;
    assert_eq!(lines, [line("y = [\"name\"]"), line("\"name\" = {")]);
}
