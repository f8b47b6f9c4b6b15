//! What holds for every text.

use std::collections::BTreeMap;

use lang::Lang;
use proptest::prelude::*;
use report::{Bind, Bounds, Dialect, Input, parse};

/// Pieces of SQL in which a colon is no parameter.
fn inert() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^'\\\\]{0,12}".prop_map(|text| format!(" '{}' ", text.replace("-- name:", ""))),
        "[a-z :']{0,8}".prop_map(|text| format!(" '{}' ", text.replace('\'', "''"))),
        "[^\"]{0,12}".prop_map(|text| format!(" \"{}\" ", text.replace("-- name:", ""))),
        "[a-z :?;']{0,12}".prop_map(|text| format!(" -- {text}\n ")),
        "[a-z :?;'\"\n-]{0,12}".prop_map(|text| format!(" /* {text} */ ")),
        "[a-z :?;'\"\n]{0,12}".prop_map(|text| format!(" $q${text}$q$ ")),
        "[a-z:' ]{0,8}".prop_map(|text| format!(" E'{}' ", text.replace('\'', "\\'"))),
        Just(" a::int ".to_owned()),
        Just(" a [1:2] ".to_owned()),
        Just(" '1'::date ".to_owned()),
        Just(" b[1]::p ".to_owned()),
    ]
}

/// The same, and parameters: true where there is one.
fn sql() -> impl Strategy<Value = Vec<(String, bool)>> {
    let parameter = prop_oneof![
        Just(" :p "),
        Just("(:p)"),
        Just(",:p,"),
        Just("=:p "),
        Just(" :p::int "),
        Just("+:p\n")
    ];
    prop::collection::vec(
        prop_oneof![
            inert().prop_map(|text| (text, false)),
            parameter.prop_map(|text| (text.to_owned(), true))
        ],
        0..12,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scanning_finds_parameters_and_nothing_else(pieces in sql()) {
        let body: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let count = 1 + pieces.iter().filter(|(_, found)| *found).count();
        let text = format!("/*--- report\ntitle = \"x\"\n[params.p]\ntype = \"integer\"\n---*/\n-- name: a\n-- source: s\nSELECT :p {body}\n");
        let (report, problems) = parse("x".parse().unwrap(), &text);
        let report = report.unwrap_or_else(|| panic!("{problems:?}\n{text}"));
        let values = report.resolve(&Input::from([("p".to_owned(), vec!["1".to_owned()])]), &BTreeMap::new(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        let statement = report.blocks[0].bind(&report, Dialect::Postgres, &values, Bounds::default()).unwrap();
        prop_assert_eq!(statement.binds, vec![Bind::Integer(1); count]);
    }

    #[test]
    fn reading_never_panics_on_any_text(text in "\\PC{0,200}") {
        let _ = parse("x".parse().unwrap(), &text);
    }

    #[test]
    fn reading_never_panics_on_what_looks_like_a_report(parts in prop::collection::vec(fragment(), 0..30)) {
        let text = parts.concat();
        let (_, problems) = parse("x".parse().unwrap(), &text);
        for problem in &problems {
            let _ = problem.render("x.sql", &text);
        }
    }

    #[test]
    fn reading_never_panics_on_a_damaged_file(which in 0..GOOD.len(), at in any::<prop::sample::Index>(), length in 0..40usize, with in "\\PC{0,6}|['\"$;:*/\n{}\\[\\]]{1,3}") {
        let text = GOOD[which];
        let start = floor(text, at.index(text.len()));
        let end = floor(text, (start + length).min(text.len())).max(start);
        let damaged = format!("{}{with}{}", &text[..start], &text[end..]);
        let (report, problems) = parse("x".parse().unwrap(), &damaged);
        for problem in &problems {
            prop_assert!(problem.span.as_ref().is_none_or(|span| span.start <= span.end && span.end <= damaged.len()), "{:?}", problem);
            prop_assert!(!problem.render("x.sql", &damaged).is_empty());
        }
        if let Some(report) = report {
            let now = jiff::Timestamp::UNIX_EPOCH;
            let viewer = BTreeMap::from([("companies".to_owned(), vec!["1".to_owned()])]);
            if let Ok(values) = report.resolve(&report.default_input(), &viewer, now) {
                for block in &report.blocks {
                    let _ = block.bind(&report, Dialect::Mysql, &values, Bounds { since: Some(&Bind::Null), ..Bounds::default() });
                    let _ = block.polars_query(&report, &values);
                }
                prop_assert!(report.file_name(&values, Lang::Ko, now).ends_with(".xlsx"));
            }
        }
    }

    #[test]
    fn any_text_reaches_an_aggregation_unchanged(value in "\\PC{1,40}|['\\\\a]{1,12}") {
        let text = "/*--- report\ntitle = \"x\"\n[params.t]\ntype = \"text\"\n---*/\n-- name: a\n-- engine: polars\nSELECT :t AS t FROM (VALUES (1)) AS v (x)\n";
        let (report, _) = parse("x".parse().unwrap(), text);
        let report = report.unwrap();
        let input = Input::from([("t".to_owned(), vec![value])]);
        if let Ok(values) = report.resolve(&input, &BTreeMap::new(), jiff::Timestamp::UNIX_EPOCH) {
            let Some(report::Value::Text(kept)) = values.get("t") else { panic!("a text") };
            let query = report.blocks[0].polars_query(&report, &values).unwrap();
            let sqlparser::ast::SetExpr::Select(select) = query.body.as_ref() else { panic!("a SELECT") };
            let expected = sqlparser::ast::Value::SingleQuotedString(kept.clone());
            let found = match &select.projection[0] {
                sqlparser::ast::SelectItem::ExprWithAlias { expr: sqlparser::ast::Expr::Cast { expr, .. }, .. } => match expr.as_ref() {
                    sqlparser::ast::Expr::Value(value) => Some(&value.value),
                    _ => None,
                },
                _ => None,
            };
            prop_assert_eq!(found, Some(&expected));
        }
    }

    #[test]
    fn any_form_is_answered(fields in prop::collection::btree_map("period|period\\.from|period\\.last_day|day|moment|least|rate|region|cities|[a-z.]{1,8}", prop::collection::vec("\\PC{0,20}|[0-9.,-]{1,12}|20[0-9]{2}-[01][0-9]-[0-3][0-9]", 0..3), 0..8)) {
        let (report, _) = parse("x".parse().unwrap(), GOOD[0]);
        let report = report.unwrap();
        let _ = report.resolve(&fields, &BTreeMap::new(), jiff::Timestamp::UNIX_EPOCH);
    }
}

const GOOD: [&str; 4] = [
    include_str!("good/every_parameter.sql"),
    include_str!("good/daily_sales.sql"),
    include_str!("good/invoice_reconciliation.sql"),
    include_str!("good/pivot.sql"),
];

/// Lines and bits of real files, in any order.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/*--- report\n".to_owned()),
        Just("/*--- workbook\n".to_owned()),
        Just("---*/\n".to_owned()),
        Just("-- name: a\n".to_owned()),
        Just("-- source: s\n".to_owned()),
        Just("-- engine: polars\n".to_owned()),
        Just("-- partition: a by day over p\n".to_owned()),
        Just("title = \"x\"\n".to_owned()),
        Just("[params.p]\ntype = \"period\"\n".to_owned()),
        Just("[[sheet]]\nname = \"x\"\nquery = \"a\"\n".to_owned()),
        Just("SELECT 1 AS x FROM a WHERE b = :p.from\n".to_owned()),
        Just("/*if p*/ ".to_owned()),
        Just("/*end*/ ".to_owned()),
        Just("'".to_owned()),
        Just("$$".to_owned()),
        Just("= ANY(:p)".to_owned()),
        Just(";\n".to_owned()),
        Just("가".to_owned()),
        "\\PC{0,10}",
    ]
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[test]
fn deep_and_long_statements_are_told_and_not_suffered() {
    let statement = |body: &str| {
        format!(
            "/*--- report\ntitle = \"x\"\n---*/\n-- name: a\n-- engine: polars\nSELECT {body} AS x FROM (VALUES (1)) AS v (y)\n"
        )
    };
    for body in [
        "(".repeat(5_000) + "1" + &")".repeat(5_000),
        vec!["1"; 3_500].join(" + "),
        vec!["1"; 50_000].join(" + "),
        "NOT ".repeat(3_000) + "TRUE",
        "CASE WHEN TRUE THEN ".repeat(800) + "1" + &" END".repeat(800),
    ] {
        let (report, problems) = parse("x".parse().unwrap(), &statement(&body));
        assert!(
            report.is_none()
                && problems
                    .iter()
                    .any(|problem| problem.code == "report::bad_sql")
        );
    }
    let (report, _) = parse(
        "x".parse().unwrap(),
        &statement(&vec!["y"; 200].join(" + ")),
    );
    assert!(report.is_some());
}
