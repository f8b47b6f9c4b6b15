//! Which queries only add up, and what they are rewritten to.

use report::{Additive, FoldBy};

fn of(sql: &str) -> Additive {
    Additive::of(sql).unwrap_or_else(|| panic!("{sql}"))
}

#[test]
fn sums_by_month_are_summed_again() {
    let two = of(
        "SELECT DATE_TRUNC('month', o.day) AS month, region, COUNT(*) AS orders, SUM(o.amount) AS revenue
         FROM orders AS o WHERE amount > 0 GROUP BY DATE_TRUNC('month', day), o.region ORDER BY month, revenue DESC LIMIT 10",
    );
    assert_eq!(two.table, "orders");
    assert_eq!(
        two.part,
        "SELECT DATE_TRUNC('month', \"day\") AS part_key_0, \"region\" AS part_key_1, \
         COUNT(*) AS part_fold_0, SUM(\"amount\") AS part_fold_1 FROM \"orders\" WHERE \"amount\" > 0 \
         GROUP BY DATE_TRUNC('month', \"day\"), \"region\""
    );
    assert_eq!(
        two.whole,
        "SELECT part_key_0 AS \"month\", part_key_1 AS \"region\", CAST(SUM(part_fold_0) AS INT UNSIGNED) AS \"orders\", \
         SUM(part_fold_1) AS \"revenue\" FROM parts GROUP BY part_key_0, part_key_1 \
         ORDER BY \"month\", \"revenue\" DESC LIMIT 10"
    );
    let folds: Vec<FoldBy> = two.folds.iter().map(|fold| fold.by).collect();
    assert_eq!(folds, [FoldBy::Count, FoldBy::Sum]);
    assert_eq!(two.keys, ["part_key_0", "part_key_1"]);
    // `month` is the alias unless the table has such a column.
    assert_eq!(two.no_columns, ["month", "revenue"]);
}

#[test]
fn groups_may_be_named_by_alias_or_place() {
    for group in ["1", "m", "YEAR(day)"] {
        let two = of(&format!(
            "SELECT YEAR(day) AS m, MAX(day) AS last FROM orders GROUP BY {group}"
        ));
        assert_eq!(
            two.whole,
            "SELECT part_key_0 AS \"m\", MAX(part_fold_0) AS \"last\" FROM parts GROUP BY part_key_0"
        );
        assert_eq!(two.no_columns.is_empty(), group != "m", "{group}");
    }
}

#[test]
fn expressions_of_sums_are_computed_after_them_and_equal_sums_once() {
    let two = of(
        "SELECT region, SUM(a) - SUM(b) AS rest, CASE WHEN SUM(a) > 10 THEN 'x' ELSE 'y' END AS size
         FROM orders GROUP BY region HAVING MIN(a) >= 1 AND region <> 'none'",
    );
    assert_eq!(two.folds.len(), 3);
    assert_eq!(
        two.whole,
        "SELECT part_key_0 AS \"region\", SUM(part_fold_0) - SUM(part_fold_1) AS \"rest\", \
         CASE WHEN SUM(part_fold_0) > 10 THEN 'x' ELSE 'y' END AS \"size\" FROM parts \
         GROUP BY part_key_0 HAVING MIN(part_fold_2) >= 1 AND part_key_0 <> 'none'"
    );
}

#[test]
fn a_total_without_groups_is_one_row() {
    let two = of("SELECT COUNT(note) AS notes FROM orders");
    assert_eq!(
        (two.part.as_str(), two.whole.as_str()),
        (
            "SELECT COUNT(\"note\") AS part_fold_0 FROM \"orders\"",
            "SELECT CAST(SUM(part_fold_0) AS INT UNSIGNED) AS \"notes\" FROM parts"
        )
    );
    assert!(two.keys.is_empty());
}

#[test]
fn a_text_that_looks_like_sql_stays_a_text() {
    let two = of(
        "SELECT \"지역\", SUM(a) AS \"합 계\" FROM \"주문\" WHERE note = 'it''s \"part_\" -- x' GROUP BY \"지역\"",
    );
    assert!(
        two.part
            .ends_with("FROM \"주문\" WHERE \"note\" = 'it''s \"part_\" -- x' GROUP BY \"지역\"")
    );
    assert!(
        two.whole
            .starts_with("SELECT part_key_0 AS \"지역\", SUM(part_fold_0) AS \"합 계\"")
    );
}

#[test]
fn whatever_does_more_than_adding_up_is_left_as_it_is() {
    for sql in [
        "SELECT region, AVG(a) AS x FROM orders GROUP BY region",
        "SELECT region, COUNT(DISTINCT a) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(a) AS x, MEDIAN(a) AS y FROM orders GROUP BY region",
        "SELECT region, SUM(a) FILTER (WHERE a > 1) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(a) OVER (PARTITION BY region) AS x FROM orders",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY region QUALIFY ROW_NUMBER() OVER (ORDER BY region) = 1",
        "SELECT DISTINCT region, SUM(a) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY ALL",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY ROLLUP (region)",
        "SELECT region, SUM(a) AS x FROM orders, others GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders JOIN others USING (id) GROUP BY region",
        "SELECT region, SUM(a) AS x FROM (SELECT * FROM orders) AS o GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY region UNION ALL SELECT 'x', 1",
        "WITH o AS (SELECT * FROM orders) SELECT region, SUM(a) AS x FROM o GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders WHERE id IN (SELECT id FROM others) GROUP BY region",
        "SELECT region, SUM(a) FROM orders GROUP BY region",
        "SELECT *, SUM(a) AS x FROM orders GROUP BY region",
        "SELECT region, other, SUM(a) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY region ORDER BY other",
        "SELECT region, SUM(a) AS x FROM orders GROUP BY region ORDER BY SUM(b)",
        "SELECT region, SUM(a + (SELECT 1)) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(FIRST_VALUE(a)) AS x FROM orders GROUP BY region",
        "SELECT region, SUM(ROW_NUMBER() OVER (ORDER BY a)) AS x FROM orders GROUP BY region",
        "SELECT part_key_0, SUM(a) AS x FROM orders GROUP BY part_key_0",
        "SELECT region, SUM(a) AS part_fold_0 FROM orders GROUP BY region",
        "SELECT region, SUM(a) AS x FROM orders AS o GROUP BY others.region",
        "SELECT region, SUM(1) AS x FROM orders GROUP BY region",
        "SELECT region FROM orders GROUP BY region",
        "SELECT region, a AS x FROM orders",
        "INSERT INTO orders VALUES (1)",
    ] {
        assert_eq!(Additive::of(sql), None, "{sql}");
    }
}
