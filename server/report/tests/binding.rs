//! What a database and Polars are given for a statement and values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use report::{
    Backslash, Bind, BindError, Bounds, Dialect, Input, KeyRange, PartitionBounds, Report, Value,
    Values, parse,
};

const NOW: &str = "2026-09-03T00:30:00Z";

fn read(params: &str, key: &str, sql: &str) -> Report {
    let text =
        format!("/*--- report\ntitle = \"x\"\n{params}---*/\n\n-- name: rows\n-- {key}\n{sql}\n");
    let (report, problems) = parse("x".parse().unwrap(), &text);
    report.unwrap_or_else(|| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|p| p.render("x.sql", &text))
                .collect::<String>()
        )
    })
}

fn resolve(report: &Report, input: &[(&str, &[&str])]) -> Values {
    let input: Input = input
        .iter()
        .map(|(name, values)| {
            (
                (*name).to_owned(),
                values.iter().map(|v| (*v).to_owned()).collect(),
            )
        })
        .collect();
    report
        .resolve(&input, &BTreeMap::new(), NOW.parse().unwrap())
        .unwrap()
}

fn bind(report: &Report, dialect: Dialect, values: &Values) -> (String, Vec<Bind>) {
    let statement = report.blocks[0]
        .bind(report, dialect, values, Bounds::default())
        .unwrap();
    (statement.sql, statement.binds)
}

fn text(value: &str) -> Bind {
    Bind::Text(value.to_owned())
}

fn instant(value: &str) -> Bind {
    Bind::Instant(value.parse().unwrap())
}

const REGIONS: &str = "[params.regions]\ntype = \"choices\"\noptions = [\"11\", \"26\", \"41\"]\n";

#[test]
fn a_list_becomes_an_array_only_where_there_are_arrays() {
    let report = read(
        REGIONS,
        "source: shop",
        "SELECT * FROM o WHERE 1 = 1 /*if regions*/ AND r = ANY(:regions) /*end*/ ORDER BY r",
    );
    let values = resolve(&report, &[("regions", &["11", "26"])]);
    let list = vec![text("11"), text("26")];
    assert_eq!(
        bind(&report, Dialect::Postgres, &values),
        (
            "SELECT * FROM o WHERE 1 = 1 AND r = ANY($1) ORDER BY r".to_owned(),
            vec![Bind::List(list.clone())]
        )
    );
    assert_eq!(
        bind(&report, Dialect::Mysql, &values),
        (
            "SELECT * FROM o WHERE 1 = 1 AND r IN (?, ?) ORDER BY r".to_owned(),
            list
        )
    );
    // SQLite never takes a number for a text where it knows no type.
    assert_eq!(
        bind(&report, Dialect::Sqlite, &values),
        (
            "SELECT * FROM o WHERE 1 = 1 AND r IN (?, ?, ?, ?) ORDER BY r".to_owned(),
            vec![text("11"), Bind::Integer(11), text("26"), Bind::Integer(26)]
        )
    );
}

#[test]
fn sqlite_gets_numbers_in_both_forms_where_they_are_compared() {
    let params = "[params.k]\ntype = \"choice\"\noptions = [\"1\", \"1.50\", \"007\", \"x\", \"true\"]\n[params.n]\ntype = \"integer\"\n";
    for (sql, k, sent, binds) in [
        ("id % 10 = :k", "1", "id % 10 IN (?, ?)", 2),
        ("id % 10 <> :k", "1", "id % 10 NOT IN (?, ?)", 2),
        ("id % 10 == :k", "1", "id % 10 IN (?, ?)", 2),
        ("id % 10 != :k", "1", "id % 10 NOT IN (?, ?)", 2),
        (
            "COALESCE(p, 0) IN (:k)",
            "1.50",
            "COALESCE(p, 0) IN (?, ?)",
            2,
        ),
        // A column of texts must not take 1.5 for 1.50.
        ("p = :k", "1.50", "p = ?", 1),
        ("CAST(p AS TEXT) = :k", "1.50", "CAST(p AS TEXT) = ?", 1),
        ("(t.p) = :k", "1.50", "(t.p) = ?", 1),
        ("p * 1 = :k", "1.50", "p * 1 IN (?, ?)", 2),
        ("t.p = :k", "1", "t.p IN (?, ?)", 2),
        ("id % 10 = :k", "007", "id % 10 = ?", 1),
        ("id % 10 = :k", "x", "id % 10 = ?", 1),
        ("ok = :k", "true", "ok IN (?, ?)", 2),
        ("id % 10 = :k + 0", "1", "id % 10 = ? + 0", 1),
        ("lower(a) LIKE :k", "1", "lower(a) LIKE ?", 1),
        ("a > :k", "1", "a > ?", 1),
        (
            "id = 1 AND id % 10 >= :k OR a",
            "1",
            "id = 1 AND id % 10 >= CASE typeof(id % 10) WHEN 'text' THEN ? ELSE ? END OR a",
            2,
        ),
        (
            "NOT id + 1 NOT BETWEEN :k AND :n",
            "1",
            "NOT id + 1 NOT BETWEEN CASE typeof(id + 1) WHEN 'text' THEN ? ELSE ? END AND CASE typeof(id + 1) WHEN 'text' THEN ? ELSE ? END",
            4,
        ),
        (
            "CASE WHEN a THEN id ELSE 2 END < :n",
            "1",
            "CASE WHEN a THEN id ELSE 2 END < CASE typeof(CASE WHEN a THEN id ELSE 2 END) WHEN 'text' THEN ? ELSE ? END",
            2,
        ),
        (
            "(SELECT max(id) FROM t) < :n",
            "1",
            "(SELECT max(id) FROM t) < ?",
            1,
        ),
    ] {
        let text = format!(
            "/*--- report\ntitle = \"x\"\n{params}---*/\n-- name: rows\n-- source: s\nSELECT 1 AS a FROM t WHERE {sql}\n\n-- name: other\n-- source: s\nSELECT :k AS k, :n AS n\n"
        );
        let (report, problems) = parse("x".parse().unwrap(), &text);
        let report = report.unwrap_or_else(|| panic!("{sql}: {problems:?}"));
        let values = resolve(&report, &[("k", &[k]), ("n", &["7"])]);
        let (bound, values) = bind(&report, Dialect::Sqlite, &values);
        assert_eq!(bound, format!("SELECT 1 AS a FROM t WHERE {sent}"), "{sql}");
        assert_eq!(values.len(), binds, "{sql}");
    }
}

#[test]
fn a_choice_that_is_a_number_is_refused_where_sqlite_might_find_nothing() {
    let bound = |sql: &str, k: &str| {
        let params = "[params.k]\ntype = \"choice\"\noptions = [\"2\", \"north\"]\n[params.n]\ntype = \"integer\"\n";
        let text = format!(
            "/*--- report\ntitle = \"x\"\n{params}---*/\n-- name: rows\n-- source: s\nSELECT 1 AS a FROM t WHERE {sql}\n\n-- name: other\n-- source: s\nSELECT :k AS k, :n AS n\n"
        );
        let (report, problems) = parse("x".parse().unwrap(), &text);
        let report = report.unwrap_or_else(|| panic!("{sql}: {problems:?}"));
        let values = resolve(&report, &[("k", &[k]), ("n", &["7"])]);
        report.blocks[0].bind(&report, Dialect::Sqlite, &values, Bounds::default())
    };
    for sql in [
        ":k = id % 10",
        "id % 10 = (:k)",
        "(id % 10, 1) = (:k, 1)",
        "NULLIF(id % 10, :k) IS NULL",
        "CASE id % 10 WHEN :k THEN 1 ELSE 0 END = 1",
        "COALESCE(:k, 1) = id % 10",
        "id % 10 IS NOT DISTINCT FROM :k",
        "id % 10 IN (SELECT :k)",
        ":k <> id + 1",
        ":k IS NOT DISTINCT FROM id % 10",
        ":k IS NOT id % 10",
    ] {
        let refused = bound(sql, "2").unwrap_err();
        assert_eq!(
            refused,
            BindError::Untyped {
                block: "rows".to_owned(),
                name: "k".to_owned()
            },
            "{sql}"
        );
        // A text that is no number is equal to none elsewhere, either.
        assert!(bound(sql, "north").is_ok(), "{sql}");
    }
    for sql in [
        ":k IS NULL OR id % 10 = :k",
        ":k IS NOT NULL AND id % 10 = :k",
        ":k = 'all' OR id % 10 = :k",
        ":k = region",
        "t.\"region\" < :k AND :k <> (t.region)",
        "id % 10 = CAST(:k AS INTEGER)",
        "id % 10 = :k + 0",
        "name LIKE '%' || :k || '%'",
        "name LIKE :k",
        "id IN (SELECT id FROM (SELECT 1 AS id, :k AS k))",
        "id IN (SELECT id FROM t LIMIT :k)",
    ] {
        assert!(bound(sql, "2").is_ok(), "{sql}");
    }
}

#[test]
fn a_condition_without_a_value_disappears() {
    let report = read(
        REGIONS,
        "source: shop",
        "SELECT * FROM o\nWHERE 1 = 1\n  /*if regions*/ AND r IN (:regions) /*end*/\nORDER BY r;",
    );
    let (sql, binds) = bind(&report, Dialect::Postgres, &resolve(&report, &[]));
    assert_eq!(sql, "SELECT * FROM o\nWHERE 1 = 1\nORDER BY r");
    assert!(binds.is_empty());
    let (sql, _) = bind(
        &report,
        Dialect::Postgres,
        &resolve(&report, &[("regions", &["11", "41"])]),
    );
    assert_eq!(
        sql,
        "SELECT * FROM o\nWHERE 1 = 1\nAND r IN ($1, $2)\nORDER BY r"
    );
}

#[test]
fn a_list_can_be_excluded() {
    let report = read(
        REGIONS,
        "source: shop",
        "SELECT 1 WHERE TRUE /*if regions*/ AND r <> ALL (:regions) AND s != all(:regions) /*end*/",
    );
    let values = resolve(&report, &[("regions", &["11"])]);
    assert_eq!(
        bind(&report, Dialect::Postgres, &values).0,
        "SELECT 1 WHERE TRUE AND r <> ALL ($1) AND s != all($2)"
    );
    assert_eq!(
        bind(&report, Dialect::Mysql, &values).0,
        "SELECT 1 WHERE TRUE AND r NOT IN (?) AND s NOT IN (?)"
    );
}

#[test]
fn a_function_of_a_list_gets_an_array_on_postgres() {
    let report = read(
        REGIONS,
        "source: shop",
        "SELECT 1 /*if regions*/ FROM unnest(:regions) AS r /*end*/",
    );
    let values = resolve(&report, &[("regions", &["11", "26"])]);
    assert_eq!(
        bind(&report, Dialect::Postgres, &values).1,
        [Bind::List(vec![text("11"), text("26")])]
    );
    assert_eq!(bind(&report, Dialect::Mysql, &values).1.len(), 2);
}

#[test]
fn a_boolean_condition_is_kept_when_it_is_true() {
    let report = read(
        "[params.open]\ntype = \"boolean\"\n",
        "source: shop",
        "SELECT :open /*if open*/ , 1 /*end*/",
    );
    assert_eq!(
        bind(&report, Dialect::Sqlite, &resolve(&report, &[])).0,
        "SELECT ?"
    );
    assert_eq!(
        bind(
            &report,
            Dialect::Sqlite,
            &resolve(&report, &[("open", &["on"])])
        )
        .0,
        "SELECT ? , 1"
    );
}

#[test]
fn every_use_of_a_parameter_has_its_own_placeholder() {
    let report = read(
        "[params.n]\ntype = \"integer\"\n",
        "source: shop",
        "SELECT :n, :n::text, ':n', a[1:2] -- :n\n, /* :n */ 2",
    );
    let values = resolve(&report, &[("n", &["7"])]);
    assert_eq!(
        bind(&report, Dialect::Postgres, &values),
        (
            "SELECT $1, $2::text, ':n', a[1:2]\n, 2".to_owned(),
            vec![Bind::Integer(7), Bind::Integer(7)]
        )
    );
}

#[test]
fn comments_go_and_hints_stay() {
    let report = read(
        "",
        "source: shop",
        "SELECT /*+ NO_INDEX(o) */ '--' /* why */ , $a$ /* kept */ $a$ -- end\nFROM o",
    );
    assert_eq!(
        bind(&report, Dialect::Postgres, &Values::default()).0,
        "SELECT /*+ NO_INDEX(o) */ '--' , $a$ /* kept */ $a$\nFROM o"
    );
}

const PERIOD: &str = "[params.period]\ntype = \"period\"\n";

#[test]
fn a_period_binds_midnights_of_the_reports_zone_and_days() {
    let sql = "SELECT :period.from, :period.until, :period.first_day, :period.last_day";
    let report = read(PERIOD, "source: shop", sql);
    let values = resolve(&report, &[("period", &["previous month"])]);
    assert_eq!(
        bind(&report, Dialect::Postgres, &values).1,
        [
            instant("2026-07-31T15:00:00Z"),
            instant("2026-08-31T15:00:00Z"),
            Bind::Date("2026-08-01".parse().unwrap()),
            Bind::Date("2026-08-31".parse().unwrap()),
        ]
    );
}

#[test]
fn a_period_goes_back_by_whole_units() {
    let sql = "SELECT :period.before_1_month, :period.before_24_months, :period.before_10_days, :period.before_1_year";
    let report = read(PERIOD, "source: shop", sql);
    let values = resolve(&report, &[("period", &["2024-03-31 .. 2024-04-01"])]);
    assert_eq!(
        bind(&report, Dialect::Postgres, &values).1,
        [
            // There is no thirty-first of February.
            instant("2024-02-28T15:00:00Z"),
            instant("2022-03-30T15:00:00Z"),
            instant("2024-03-20T15:00:00Z"),
            instant("2023-03-30T15:00:00Z"),
        ]
    );
}

#[test]
fn a_way_back_that_is_none_is_an_unknown_field() {
    for field in [
        "before_months",
        "before_0_months",
        "before_024_months",
        "before_1000_months",
        "before_2_fortnights",
        "before_-1_months",
    ] {
        let text = format!(
            "/*--- report\ntitle = \"x\"\n{PERIOD}---*/\n-- name: a\n-- source: shop\nSELECT 1 AS x FROM t WHERE d >= :period.{field}\n"
        );
        let (_, problems) = report::parse("x".parse().unwrap(), &text);
        assert!(
            problems
                .iter()
                .any(|problem| problem.code == "report::unknown_field"),
            "{field}: {problems:?}"
        );
    }
}

#[test]
fn midnight_follows_the_clocks_of_the_zone() {
    let zone = "timezone = \"Europe/Berlin\"\n";
    let report = read(
        &format!("{zone}{PERIOD}"),
        "source: shop",
        "SELECT :period.from, :period.until",
    );
    // Summer time begins on 29 March 2026 and ends on 25 October.
    for (period, from, until) in [
        (
            "2026-03-29 .. 2026-03-30",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        ),
        (
            "2026-10-25 .. 2026-10-26",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        ),
    ] {
        let values = resolve(&report, &[("period", &[period])]);
        assert_eq!(
            bind(&report, Dialect::Sqlite, &values).1,
            [instant(from), instant(until)]
        );
    }
    // Clocks in Chile skip midnight itself: the day begins at one.
    let report = read(
        &format!("timezone = \"America/Santiago\"\n{PERIOD}"),
        "source: shop",
        "SELECT :period.from",
    );
    let values = resolve(&report, &[("period", &["2026-09-06 .. 2026-09-07"])]);
    assert_eq!(
        bind(&report, Dialect::Sqlite, &values).1,
        [instant("2026-09-06T04:00:00Z")]
    );
}

#[test]
fn partitions_and_increments_bind_what_they_are_given() {
    let sql = "SELECT 1 FROM o WHERE at >= :partition.from AND at < :partition.until AND :period.last_day > 0";
    let report = read(
        PERIOD,
        "source: shop\n-- partition: at by day over period",
        sql,
    );
    let values = resolve(&report, &[("period", &["this month"])]);
    let block = &report.blocks[0];
    assert!(matches!(
        block.bind(&report, Dialect::Sqlite, &values, Bounds::default()),
        Err(BindError::Missing { .. })
    ));
    let bounds = PartitionBounds {
        from: Timestamp::UNIX_EPOCH,
        until: NOW.parse().unwrap(),
    };
    let statement = block
        .bind(
            &report,
            Dialect::Sqlite,
            &values,
            Bounds {
                partition: Some(&bounds),
                ..Bounds::default()
            },
        )
        .unwrap();
    assert_eq!(
        statement.binds[..2],
        [Bind::Instant(bounds.from), Bind::Instant(bounds.until)]
    );

    let report = read(
        "",
        "source: shop\n-- incremental: at key id",
        "SELECT at, id FROM o WHERE at >= :incremental.since",
    );
    let statement = report.blocks[0]
        .bind(
            &report,
            Dialect::Mysql,
            &Values::default(),
            Bounds {
                since: Some(&Bind::Null),
                ..Bounds::default()
            },
        )
        .unwrap();
    assert_eq!(
        (statement.sql.as_str(), &statement.binds[..]),
        ("SELECT at, id FROM o WHERE at >= ?", &[Bind::Null][..])
    );

    let report = read(
        "",
        "source: shop\n-- split: id of sales.orders into 4",
        "SELECT id FROM sales.orders WHERE id >= :split.from AND id < :split.until",
    );
    let range = Some(KeyRange { from: 5, until: 9 });
    let bounds = Bounds {
        range,
        ..Bounds::default()
    };
    let statement = report.blocks[0]
        .bind(&report, Dialect::Postgres, &Values::default(), bounds)
        .unwrap();
    assert!(
        statement.sql.ends_with("id >= $1 AND id < $2"),
        "{}",
        statement.sql
    );
    assert_eq!(statement.binds, [Bind::Integer(5), Bind::Integer(9)]);
}

#[test]
fn the_ends_of_all_keys_are_longer_than_any_column() {
    let split = read(
        "",
        "source: shop\n-- split: id of o into 4",
        "SELECT id FROM o WHERE id >= :split.from AND id < :split.until",
    );
    let increment = read(
        "",
        "source: shop\n-- incremental: n key id",
        "SELECT n, id FROM o WHERE n >= :incremental.since",
    );
    let sent = |dialect| {
        let range = Some(KeyRange {
            from: KeyRange::BEFORE_ALL,
            until: KeyRange::BEHIND_ALL,
        });
        let since = Some(&Bind::Integer(i64::MIN));
        let bounds = Bounds {
            range,
            since,
            ..Bounds::default()
        };
        [&split, &increment].map(|report| {
            report.blocks[0]
                .bind(report, dialect, &Values::default(), bounds)
                .unwrap()
        })
    };
    let [ranges, since] = sent(Dialect::Postgres);
    assert!(
        ranges
            .sql
            .ends_with("id >= $1::numeric AND id < $2::numeric"),
        "{}",
        ranges.sql
    );
    assert!(since.sql.ends_with("n >= $1::bigint"), "{}", since.sql);
    let [ranges, since] = sent(Dialect::Mysql);
    assert!(ranges.sql.ends_with("id >= ? AND id < ?"), "{}", ranges.sql);
    assert!(since.sql.ends_with("n >= ?"), "{}", since.sql);
    assert!(matches!(
        ranges.binds[..],
        [Bind::Decimal(_), Bind::Decimal(_)]
    ));
    // A text of digits would be greater than every number of an expression.
    let [ranges, _] = sent(Dialect::Sqlite);
    assert_eq!(ranges.binds[0], Bind::Integer(i64::MIN));
}

#[test]
fn statements_a_dialect_reads_differently_are_refused() {
    for (dialect, sql) in [
        (Dialect::Mysql, "SELECT $$ ' $$"),
        (Dialect::Sqlite, "SELECT ?"),
        (Dialect::Sqlite, "SELECT $name"),
        (Dialect::Postgres, "SELECT $1"),
    ] {
        let report = read("", "source: shop", sql);
        let bound = report.blocks[0].bind(&report, dialect, &Values::default(), Bounds::default());
        assert!(matches!(bound, Err(BindError::Dialect { .. })), "{sql}");
    }
    let report = read(
        "",
        "source: shop",
        r"SELECT a ? 'b', '%\' FROM t WHERE a LIKE '%' ESCAPE '\'",
    );
    assert!(
        report.blocks[0]
            .bind(
                &report,
                Dialect::Postgres,
                &Values::default(),
                Bounds::default()
            )
            .is_ok()
    );
}

#[test]
fn what_mysql_reads_differently_is_sent_as_mysql_reads_it() {
    for (sql, sent, binds) in [
        ("SELECT a--1\nFROM t", "SELECT a- -1\nFROM t", 0),
        ("SELECT a--:n FROM t", "SELECT a- -? FROM t", 1),
        (
            "SELECT a--/* one */1 -- two\nFROM t",
            "SELECT a- - 1\nFROM t",
            0,
        ),
        (
            "SELECT a--/*if n*/:n/*end*/ FROM t",
            "SELECT a- - ? FROM t",
            1,
        ),
        (
            "SELECT a # it's\n, b # end\nFROM t",
            "SELECT a\n, b\nFROM t",
            0,
        ),
        ("SELECT a---1", "SELECT a- - -1", 0),
        ("SELECT a--\u{3000}1", "SELECT a- - 1", 0),
        (r"SELECT '\\' , :n", r"SELECT '\\' , ?", 1),
        (r"SELECT '\'' , :n, '\''", r"SELECT '\'' , ?, '\''", 1),
        (r"SELECT 'it\'s; :n', :n;", r"SELECT 'it\'s; :n', ?", 1),
        (r#"SELECT "a\":n\"" , :n"#, r#"SELECT "a\":n\"" , ?"#, 1),
        (
            r"SELECT 'it\'s (:no, that\'s'",
            r"SELECT 'it\'s (:no, that\'s'",
            0,
        ),
        (
            r"SELECT 'a\\', 'b' FROM t WHERE c = :n",
            r"SELECT 'a\\', 'b' FROM t WHERE c = ?",
            1,
        ),
    ] {
        // Used outside, so that no case has an unused parameter.
        let text = format!(
            "/*--- report\ntitle = \"x\"\n[params.n]\ntype = \"integer\"\n---*/\n-- name: rows\n-- source: shop\n{sql}\n\n-- name: other\n-- source: shop\nSELECT :n AS n\n"
        );
        let (report, problems) = parse("x".parse().unwrap(), &text);
        let report = report.unwrap_or_else(|| panic!("{sql}: {problems:?}"));
        let values = resolve(&report, &[("n", &["7"])]);
        assert_eq!(
            bind(&report, Dialect::Mysql, &values),
            (sent.to_owned(), vec![Bind::Integer(7); binds]),
            "{sql}"
        );
    }
}

#[test]
fn strings_say_what_a_backslash_has_to_mean() {
    for (sql, expected) in [
        (r"SELECT '\\', 'a\tb'", Backslash::Either),
        (r"SELECT '\''", Backslash::Escapes),
        (r"SELECT '\' , ':x'", Backslash::Plain),
        (r"SELECT REPLACE(p, '\', '/')", Backslash::Plain),
    ] {
        let report = read("", "source: shop", sql);
        let bind = |dialect| {
            report.blocks[0].bind(&report, dialect, &Values::default(), Bounds::default())
        };
        let statement = bind(Dialect::Mysql).unwrap();
        assert_eq!(statement.sql, sql);
        assert_eq!(statement.backslash, expected, "{sql}");
        match bind(Dialect::Postgres) {
            Ok(statement) => assert_eq!(statement.backslash, Backslash::Either),
            Err(error) => {
                assert_eq!(expected, Backslash::Escapes, "{sql}");
                insta::assert_snapshot!(error.to_string(), @"query `rows`: PostgreSQL and SQLite cannot read this: this string is never closed; end it with `'`; a quote inside a string is written `''`");
            }
        }
    }
}

#[test]
fn a_filter_never_ends_up_in_a_string_or_comment() {
    for sql in ["SELECT 1 # AND company = :n", r"SELECT '\' , :n, '\'"] {
        let report = read("[params.n]\ntype = \"integer\"\n", "source: shop", sql);
        let values = resolve(&report, &[("n", &["7"])]);
        let bound = report.blocks[0].bind(&report, Dialect::Mysql, &values, Bounds::default());
        match bound {
            Err(BindError::Dialect { .. }) => {}
            // A server in the other mode reads the value; any other refuses the statement.
            Ok(statement) => assert_eq!(statement.backslash, Backslash::Plain, "{sql}"),
            Err(error) => panic!("{sql}: {error}"),
        }
    }
}

#[test]
fn comments_that_servers_execute_are_refused_wherever_they_are_sent() {
    for comment in [
        "/*! , 2 AS b */",
        "/*!50000 , 2 AS b */",
        "/*M! , 2 AS b */",
        "/*M!100100 , 2 AS b */",
    ] {
        let text = format!(
            "/*--- report\ntitle = \"x\"\n---*/\n-- name: rows\n-- source: shop\nSELECT 1 AS a {comment}\n"
        );
        let (report, problems) = parse("x".parse().unwrap(), &text);
        assert!(report.is_none(), "{comment}");
        assert_eq!(problems[0].code, "report::bad_comment", "{comment}");
        assert!(problems[0].help.as_deref().unwrap().contains("/*M!"));
    }
}

#[test]
fn aggregations_get_typed_literals() {
    let params = format!(
        "{PERIOD}{REGIONS}[params.n]\ntype = \"integer\"\n[params.d]\ntype = \"decimal\"\n[params.t]\ntype = \"text\"\n\
         [params.b]\ntype = \"boolean\"\n[params.m]\ntype = \"datetime\"\n[params.day]\ntype = \"date\"\n"
    );
    let sql = "SELECT 5 - :n AS n, :d AS d, :t AS t, :b AS b FROM (VALUES (1)) AS v (x)\n\
               WHERE at >= :period.from AND at < :period.until AND on_day <= :period.last_day AND m < :m AND day = :day\n\
               /*if regions*/ AND r = ANY(:regions) AND s <> ALL(:regions) AND q IN ('x', :regions) /*end*/ -- :t\nLIMIT :n";
    let report = read(&params, "engine: polars", sql);
    let values = resolve(
        &report,
        &[
            ("period", &["previous month"]),
            ("regions", &["11", "26"]),
            ("n", &["3"]),
            ("d", &["-0.50"]),
            ("t", &["it's"]),
            ("b", &["true"]),
            ("m", &["2026-09-01 09:30"]),
            ("day", &["today"]),
        ],
    );
    assert_eq!(
        report.blocks[0]
            .polars_query(&report, &values)
            .unwrap()
            .to_string(),
        "SELECT 5 - 3 AS n, (-0.5) AS d, CAST('it''s' AS TEXT) AS t, true AS b FROM (VALUES (1)) AS v (x) \
         WHERE at >= CAST('2026-08-01' AS DATE) AND at < CAST('2026-09-01' AS DATE) AND on_day <= CAST('2026-08-31' AS DATE) \
         AND m < TIMESTAMP '2026-09-01 09:30:00' AND day = CAST('2026-09-03' AS DATE) \
         AND r IN ('11', '26') AND s NOT IN ('11', '26') AND q IN ('x', '11', '26') LIMIT 3"
    );
    let without = resolve(
        &report,
        &[
            ("period", &["2026-08"]),
            ("n", &["-3"]),
            ("d", &["5"]),
            ("t", &["x"]),
            ("m", &["now"]),
            ("day", &["today"]),
        ],
    );
    let sql = report.blocks[0]
        .polars_query(&report, &without)
        .unwrap()
        .to_string();
    assert!(
        sql.starts_with("SELECT 5 - (-3) AS n, 5 AS d, CAST('x' AS TEXT) AS t, false AS b")
            && !sql.contains("r IN"),
        "{sql}"
    );
}

/// Every text in quotes of a statement, as it is meant.
fn texts(query: &sqlparser::ast::Query) -> Vec<String> {
    use std::ops::ControlFlow;

    use sqlparser::ast::{Value as Literal, ValueWithSpan, Visit, Visitor};

    struct Texts(Vec<String>);
    impl Visitor for Texts {
        type Break = ();

        fn pre_visit_value(&mut self, value: &ValueWithSpan) -> ControlFlow<()> {
            if let Literal::SingleQuotedString(text) = &value.value {
                self.0.push(text.clone());
            }
            ControlFlow::Continue(())
        }
    }
    let mut found = Texts(Vec::new());
    let _ = query.visit(&mut found);
    found.0
}

#[test]
fn a_text_never_becomes_sql() {
    let report = read(
        "[params.t]\ntype = \"text\"\n",
        "engine: polars",
        "SELECT :t AS t, 'a''''b' AS u FROM (VALUES (1)) AS v (x)",
    );
    for value in [
        r"\' UNION SELECT 1 --",
        "''",
        "'",
        r"\''",
        r"a\",
        "'''; DROP TABLE x; --",
        "$t",
        ":t",
        "{x}",
    ] {
        let values = resolve(&report, &[("t", &[value])]);
        let query = report.blocks[0].polars_query(&report, &values).unwrap();
        assert_eq!(texts(&query), [value, "a''b"]);
    }
}

#[test]
fn values_of_another_report_are_refused() {
    let report = read(
        "[params.n]\ntype = \"integer\"\n",
        "source: shop",
        "SELECT :n",
    );
    let missing = report.blocks[0].bind(
        &report,
        Dialect::Sqlite,
        &Values::default(),
        Bounds::default(),
    );
    assert_eq!(
        missing.unwrap_err().to_string(),
        "query `rows` needs a value for `:n`"
    );
    let mut values = Values::default();
    let (from, until) = ("2026-01-01".parse().unwrap(), "2026-02-01".parse().unwrap());
    values
        .0
        .insert("n".to_owned(), Value::Period { from, until });
    assert!(matches!(
        report.blocks[0].bind(&report, Dialect::Sqlite, &values, Bounds::default()),
        Err(BindError::Kind { .. })
    ));
    assert!(matches!(
        report.blocks[0].polars_query(&report, &values),
        Err(BindError::Engine { .. })
    ));
}

#[test]
fn a_place_in_what_is_sent_is_a_place_in_the_file() {
    let report = read(
        &format!("{REGIONS}[params.n]\ntype = \"integer\"\n"),
        "source: shop",
        "SELECT a, -- 첫째\n  b /* two */ FROM t\nWHERE n = :n /*if regions*/ AND r = ANY(:regions) /*end*/\n  AND 한글 = wrong",
    );
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for regions in [&["11", "26"][..], &[]] {
            let values = resolve(&report, &[("n", &["7"]), ("regions", regions)]);
            let statement = report.blocks[0]
                .bind(&report, dialect, &values, Bounds::default())
                .unwrap();
            for word in ["SELECT", "a", "b", "FROM", "WHERE", "한글", "wrong"] {
                let sent = statement.sql.find(word).unwrap();
                let place = report.place(statement.written_at(sent).unwrap());
                let found: String = place.text.chars().skip(place.column - 1).collect();
                assert!(found.starts_with(word), "{word}: {place:?}");
            }
            let end = report.place(statement.written_at(statement.sql.len()).unwrap());
            assert_eq!(end.text.chars().count() + 1, end.column);
        }
    }
    let values = resolve(&report, &[("n", &["7"])]);
    let statement = report.blocks[0]
        .bind(&report, Dialect::Sqlite, &values, Bounds::default())
        .unwrap();
    let place = report.place(
        statement
            .written_at(statement.sql.find('?').unwrap())
            .unwrap(),
    );
    assert_eq!((place.line, place.column), (14, 11), "{place:?}");
}
