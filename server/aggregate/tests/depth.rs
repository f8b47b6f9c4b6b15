//! Deep statements are planned and run, and deeper ones are refused: neither ends the process.

use std::collections::BTreeMap;

use aggregate::{Refused, plan};
use report::parse_query;

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
        let plan = plan(&parse_query(&text).unwrap(), &[]).unwrap();
        assert_eq!(plan.run(&BTreeMap::new()).unwrap().height(), rows, "{text}");
    }
}

#[test]
fn what_nests_more_deeply_is_refused() {
    for text in [nested(20), chained(200)] {
        let refused = match parse_query(&text) {
            // The parser has a limit of its own.
            Err(error) => error.message,
            Ok(query) => {
                let refused = plan(&query, &[]).unwrap_err();
                assert!(
                    matches!(refused.kind, Refused::Unsupported | Refused::Rule),
                    "{refused:?}"
                );
                refused.what
            }
        };
        assert!(
            ["deep", "together", "recursion"]
                .iter()
                .any(|word| refused.contains(word)),
            "{refused}"
        );
    }
}
