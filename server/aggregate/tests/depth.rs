//! Deep statements are planned and run, and deeper ones are refused: neither ends the process. What stands in many places
//! is not computed in each of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use aggregate::{Refused, plan};
use polars::prelude::DataFrame;
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
fn correlated_queries_that_nest_are_planned_or_refused_at_once() {
    let nested = |levels: usize| {
        let inner = (1..levels).rev().fold("TRUE".to_owned(), |inner, level| {
            let outer = level - 1;
            format!("EXISTS (SELECT 1 FROM (VALUES (1)) AS q{level}(n) WHERE q{level}.n = q{outer}.n AND {inner})")
        });
        format!("SELECT COUNT(*) AS n FROM (VALUES (1)) AS q0(n) WHERE {inner}")
    };
    for levels in 2..16 {
        if let Err(refused) = plan(&parse_query(&nested(levels)).unwrap(), &[]) {
            assert_eq!(refused.kind, Refused::Unsupported, "{levels}: {refused:?}");
        }
    }
}

#[test]
fn short_texts_never_become_plans_without_end() {
    let refused = |text: String| plan(&parse_query(&text).unwrap(), &[]).unwrap_err();
    let from = "FROM (VALUES (1, 2)) AS q(n, m)";
    let nested = (0..16).fold("n".to_owned(), |inner, _| {
        format!("CASE {inner} WHEN 1 THEN n WHEN 2 THEN m END")
    });
    let cube = "CUBE (n, m, n + 1, m + 1, n + 2, m + 2, n + 3, m + 3)";
    for text in [
        format!("SELECT {nested} AS n {from}"),
        format!("SELECT COUNT(*) AS n {from} GROUP BY {cube}, {cube}, {cube}"),
    ] {
        let refused = refused(text);
        assert_eq!(refused.kind, Refused::Unsupported, "{refused:?}");
    }
    // Twelve months are no reason to refuse.
    let months: Vec<String> = (1..=12).map(|month| format!("m{month}")).collect();
    let (names, numbers) = (months.join(", "), "7, 3, 12, 5, 1, 9, 2, 8, 11, 4, 10, 6");
    let rows = answer(&format!(
        "SELECT GREATEST({names}) AS g, LEAST({names}) AS l FROM (VALUES ({numbers})) AS q({names})"
    ));
    assert_eq!((whole(&rows, 0), whole(&rows, 1)), (12, 1));
}

/// Each part was computed again for every part behind it: 2^40 times.
#[test]
fn what_may_stop_is_computed_once_however_much_follows() {
    let from = "FROM (VALUES (1, 2), (0, 3)) AS q(n, m)";
    let many = |text: &str, between: &str| {
        let parts: Vec<String> = (1..=40)
            .map(|k| text.replace('#', &k.to_string()))
            .collect();
        parts.join(between)
    };
    let nullif = (0..40).fold("n".to_owned(), |inner, _| format!("NULLIF({inner}, m)"));
    let rows = answer(&format!(
        "SELECT SUM(CASE WHEN n = 0 THEN 5 {} ELSE m / n END) AS a, SUM(COALESCE({})) AS b, \
         COUNT(CASE WHEN {} THEN 1 END) AS c, SUM(GREATEST({})) AS d, SUM({nullif}) AS e {from}",
        many("WHEN m / n > # + 40 THEN #", " "),
        many("NULLIF(n + #, n + #)", ", ") + ", m + 1",
        many("m + # > n", " AND "),
        many("m - #", ", "),
    ));
    let all: Vec<i64> = (0..5).map(|column| whole(&rows, column)).collect();
    assert_eq!(all, [7, 7, 2, 3, 1]);
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

/// Parts a plan may be computed in: far more than the statements below have, and far fewer than their places.
const PARTS: usize = 2_000;

/// What a statement answers, as long as it is computed in few parts.
fn answer(text: &str) -> DataFrame {
    let asked = AtomicUsize::new(0);
    let plan = plan(&parse_query(text).unwrap(), &[]).unwrap();
    plan.run_until(&BTreeMap::new(), &|| {
        asked.fetch_add(1, Ordering::Relaxed) > PARTS
    })
    .unwrap_or_else(|fault| panic!("{fault:?}: {text}"))
}

fn whole(rows: &DataFrame, column: usize) -> i64 {
    rows.columns()[column].get(0).unwrap().extract().unwrap()
}

#[test]
fn queries_read_twice_again_and_again_are_computed_once() {
    let doubled = |levels: usize| {
        let queries: String = (1..=levels)
            .map(|level| {
                let before = level - 1;
                format!(", q{level} AS (SELECT a.n + b.n AS n FROM q{before} AS a JOIN q{before} AS b ON a.n = b.n)")
            })
            .collect();
        format!("WITH q0 AS (SELECT 1 AS n){queries} SELECT n FROM q{levels}")
    };
    assert_eq!(whole(&answer(&doubled(20)), 0), 1 << 20);
}

#[test]
fn rows_looked_for_in_many_subqueries_are_computed_once() {
    // (n, n + k) among (1, 1), (2, 2) and (NULL, 9).
    let counts: Vec<String> = (0..12)
        .map(|k| format!("COUNT(*) FILTER (WHERE (r.n, r.n + {k}) NOT IN (SELECT s.a, s.b FROM (VALUES (1, 1), (2, 2), (NULL, 9)) AS s(a, b)))"))
        .collect();
    let text = format!(
        "SELECT {} FROM (VALUES (1), (2), (3)) AS r(n)",
        counts.join(", ")
    );
    let rows = answer(&text);
    for k in 0..12 {
        let is_certainly_absent = |n: i64| n + k != 9 && !(k == 0 && n < 3);
        let expected = (1..=3).filter(|n| is_certainly_absent(*n)).count();
        assert_eq!(whole(&rows, k as usize), expected as i64, "{k}");
    }
}

#[test]
fn sets_of_sets_are_computed_once() {
    let text = (0..10).fold("SELECT 7 AS n".to_owned(), |inner, level| {
        format!(
            "SELECT MAX(n) AS n FROM ({inner}) AS q{level} GROUP BY GROUPING SETS ((), (), (), ())"
        )
    });
    let rows = answer(&text);
    assert_eq!((rows.height(), whole(&rows, 0)), (4, 7));
}
