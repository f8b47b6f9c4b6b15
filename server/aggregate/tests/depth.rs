//! Deep statements are planned and run, and deeper ones are refused: neither ends the process.

use std::collections::BTreeMap;

use aggregate::{Refused, parse, plan};

/// Queries in queries, each with an expression around the inner one.
fn nested(levels: usize) -> String {
    (1..levels).fold("SELECT 1 AS n".to_owned(), |inner, level| {
        format!("SELECT COALESCE((SELECT MAX(n) FROM ({inner}) AS q{level}), 0) + 1 AS n")
    })
}

fn chained(queries: usize) -> String {
    vec!["SELECT 1 AS n"; queries].join(" UNION ALL ")
}

#[test]
fn what_nests_as_deeply_as_it_may_runs() {
    for (text, rows) in [(nested(6), 1), (chained(100), 100)] {
        let plan = plan(&parse(&text).unwrap(), &[]).unwrap();
        assert_eq!(plan.run(&BTreeMap::new()).unwrap().height(), rows, "{text}");
    }
}

#[test]
fn what_nests_more_deeply_is_refused() {
    for text in [nested(20), chained(200)] {
        let refused = match parse(&text) {
            // The parser has a limit of its own.
            Err(refusal) => refusal,
            Ok(query) => plan(&query, &[]).unwrap_err(),
        };
        assert!(
            matches!(refused.kind, Refused::Unsupported | Refused::Rule)
                && (refused.what.contains("deep")
                    || refused.what.contains("together")
                    || refused.what.contains("recursion")),
            "{refused:?}"
        );
    }
}
