//! What is larger than any report is refused before it is read on, with one sentence.

use report::{Severity, parse};

fn problems(head: &str, blocks: &str, workbook: &str) -> Vec<(String, String)> {
    let text = format!(
        "/*--- report\ntitle = \"x\"\n{head}---*/\n-- name: a\n-- source: s\nSELECT 1 AS n\n{blocks}{workbook}"
    );
    let (report, problems) = parse("x".parse().unwrap(), &text);
    assert_eq!(
        report.is_none(),
        problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    );
    let told = problems.into_iter();
    told.map(|problem| (problem.code.into_owned(), problem.message))
        .collect()
}

#[test]
fn more_parts_than_any_report_has_are_refused() {
    let params: String = (0..501)
        .map(|n| format!("[params.p{n}]\ntype = \"text\"\n"))
        .collect();
    let groups: Vec<String> = (0..501).map(|n| format!("\"g{n}\"")).collect();
    let access = format!("[access]\nrun = [{}]\n", groups.join(", "));
    let blocks: String = (0..500)
        .map(|n| format!("\n-- name: b{n}\n-- source: s\nSELECT 1 AS n\n"))
        .collect();
    let sheets: String = (0..501)
        .map(|n| format!("[[sheet]]\nname = \"s{n}\"\nquery = \"a\"\n"))
        .collect();
    let workbook = format!("\n/*--- workbook\n{sheets}---*/\n");
    for (head, blocks, workbook, what) in [
        (params.as_str(), "", "", "501 parameters"),
        (&access, "", "", "501 groups"),
        ("", &blocks, "", "501 queries"),
        ("", "", &workbook, "501 sheets"),
    ] {
        let told = problems(head, blocks, workbook);
        let (code, message) = &told[0];
        assert_eq!(code, "report::too_large", "{told:?}");
        assert!(message.contains(what), "{message}");
    }
}

/// Matching takes as many steps as a pattern has parts for every letter that somebody types.
#[test]
fn a_pattern_that_would_take_minutes_is_refused() {
    for pattern in [
        "(?:(?:a|aa|aaa){1,400}){1,90}b",
        "(?:(?:a?){1000}){30}b",
        "(?:(?:[a-z]{0,9}a){1,200}){1,30}b",
    ] {
        let head = format!("[params.p]\ntype = \"text\"\npattern = \"{pattern}\"\n");
        let told = problems(&head, "", "");
        let refused = told.iter().find(|(code, _)| code == "report::bad_pattern");
        let (_, message) = refused.unwrap_or_else(|| panic!("{told:?}"));
        assert_eq!(message, "the pattern of `p` would take too long to compare");
    }
    let head =
        "[params.p]\ntype = \"text\"\npattern = \"[A-Z]{2}-[0-9]{4,12}(?:/[\\\\w가-힣]{1,20})?\"\n";
    let told = problems(head, "-- :p\n", "");
    assert!(
        told.iter().all(|(code, _)| code != "report::bad_pattern"),
        "{told:?}"
    );
}

#[test]
fn of_many_problems_the_first_are_told_and_the_others_counted() {
    let unknown: String = (0..2_000).map(|n| format!("k{n} = 1\n")).collect();
    let told = problems(&unknown, "", "");
    assert_eq!(told.len(), 101);
    let (code, message) = told.last().unwrap();
    assert_eq!(code, "report::more");
    assert_eq!(message, "there are 1900 more problems than these");
}
