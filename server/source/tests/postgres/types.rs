//! Every type, compared with what PostgreSQL prints for the same values.

use jiff::civil::date;
use jiff::{SignedDuration, ToSpan};
use rows::{ColumnData, ColumnType};
use source::{Extract, Param, SourceConfig, SourceError};

use crate::place::{Place, extract_from, seoul};

const EXTENSIONS: &str = "
CREATE EXTENSION citext; CREATE EXTENSION hstore;
CREATE TYPE mood AS ENUM ('좋음', 'so so', 'bad');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN price AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE DOMAIN code AS text;
CREATE TYPE span AS RANGE (subtype = int4);
";

/// How a value of ours is written the way PostgreSQL prints it.
fn written(data: &ColumnData, row: usize) -> Option<String> {
    match data {
        ColumnData::Boolean(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Integer(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Float(values) => values.at(row).map(|value| match value {
            value if value.is_infinite() => {
                format!("{}Infinity", if value < 0.0 { "-" } else { "" })
            }
            value => value.to_string(),
        }),
        ColumnData::Decimal { mantissa, scale } => mantissa.at(row).map(|value| {
            let scale = usize::from(*scale);
            let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            let sign = if value < 0 { "-" } else { "" };
            plain(&format!("{sign}{whole}.{fraction}"))
        }),
        ColumnData::Text(values) => values.text(row).map(str::to_owned),
        ColumnData::Date(values) => values
            .at(row)
            .map(|days| (date(1970, 1, 1) + i64::from(days).days()).to_string()),
        ColumnData::Datetime(values) => values.at(row).map(|micros| {
            let at = date(1970, 1, 1).at(0, 0, 0, 0) + SignedDuration::from_micros(micros);
            at.to_string().replace('T', " ")
        }),
        ColumnData::Time(values) => values.at(row).map(|micros| {
            (jiff::civil::Time::midnight() + SignedDuration::from_micros(micros)).to_string()
        }),
        ColumnData::Duration(_) => panic!("intervals are texts"),
        ColumnData::Binary(values) => values.at(row).map(|bytes| {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("\\x{digits}")
        }),
    }
}

/// A number without zeros at its end.
fn plain(number: &str) -> String {
    match number.split_once('.') {
        Some(_) => number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        None => number.to_owned(),
    }
}

/// What PostgreSQL prints, in the one form that does not depend on how digits are shown.
fn theirs(kind: ColumnType, printed: &str) -> String {
    match kind {
        ColumnType::Decimal { .. } => plain(printed.trim_start_matches('$')),
        ColumnType::Float => match printed {
            "NaN" | "Infinity" | "-Infinity" => printed.to_owned(),
            number => number.parse::<f64>().unwrap().to_string(),
        },
        // Without the offset of Seoul, which is the report's zone; it had summers.
        ColumnType::Datetime => printed
            .split_once('+')
            .map_or(printed, |(wall, _)| wall)
            .to_owned(),
        _ => printed.to_owned(),
    }
}

#[tokio::test]
async fn every_type_has_a_column_type_and_the_values_postgresql_prints() {
    let place = Place::new(EXTENSIONS).await;
    let (integer, text) = (ColumnType::Integer, ColumnType::Text);
    let decimal = |scale| ColumnType::Decimal { scale };
    let cases: &[(&str, ColumnType, &[&str])] = &[
        ("int2", integer, &["0", "-32768", "32767"]),
        ("int4", integer, &["0", "-2147483648", "2147483647"]),
        (
            "int8",
            integer,
            &["0", "-9223372036854775808", "9223372036854775807"],
        ),
        ("oid", integer, &["0", "4294967295"]),
        ("xid", integer, &["3", "4294967295"]),
        (
            "float8",
            ColumnType::Float,
            &[
                "0",
                "0.1",
                "-1e300",
                "5e-324",
                "NaN",
                "Infinity",
                "-Infinity",
            ],
        ),
        (
            "float4",
            ColumnType::Float,
            &[
                "0",
                "0.1",
                "16777216",
                "1e-45",
                "3.4e38",
                "NaN",
                "-Infinity",
            ],
        ),
        (
            "numeric",
            decimal(4),
            &[
                "0",
                "0.0000",
                "1",
                "-1",
                "10000",
                "12345678.9",
                "0.0001",
                "-99999999.99",
                "100000000000000000000",
            ],
        ),
        (
            "numeric(12,2)",
            decimal(2),
            &["0", "19.99", "-0.01", "9999999999.99", "1500000"],
        ),
        (
            "numeric(38,38)",
            decimal(38),
            &[
                "0.00000000000000000000000000000000000001",
                "0.99999999999999999999999999999999999999",
            ],
        ),
        (
            "numeric(38,0)",
            decimal(2),
            &["99999999999999999999999999999999999", "0"],
        ),
        (
            "numeric(60,20)",
            text,
            &[
                "1234567890123456789012345678901234567890.12345678901234567890",
                "-0.00000000000000000001",
                "0",
            ],
        ),
        (
            "money",
            decimal(2),
            &["0", "12.34", "-92233720368547758.08"],
        ),
        ("price", decimal(2), &["0", "19.99"]),
        ("bool", ColumnType::Boolean, &["true", "false"]),
        ("bit(1)", text, &["1", "0"]),
        ("bit(5)", text, &["10101"]),
        ("varbit", text, &["", "101"]),
        (
            "text",
            text,
            &["", "가나다", "a\tb\nc", " lead", "trail ", "🍣", "'quoted'"],
        ),
        ("varchar(20)", text, &["", "한글 varchar"]),
        ("char(6)", text, &["abc", "", "여섯글자임다"]),
        ("\"char\"", text, &["x"]),
        ("name", text, &["pg_class"]),
        ("citext", text, &["MiXeD"]),
        ("code", text, &["A-1"]),
        ("mood", text, &["좋음", "so so"]),
        (
            "uuid",
            text,
            &[
                "00112233-4455-6677-8899-aabbccddeeff",
                "00000000-0000-0000-0000-000000000000",
            ],
        ),
        ("json", text, &["{\"a\" :  [1, null]}", "\"가\""]),
        (
            "jsonb",
            text,
            &["{\"b\": 1, \"a\": [1.50, true, null]}", "null"],
        ),
        ("xml", text, &["<a>가</a>"]),
        ("bytea", ColumnType::Binary, &["", "\\x00ff10"]),
        (
            "date",
            ColumnType::Date,
            &[
                "2026-02-28",
                "0001-01-01",
                "9999-12-31",
                "1969-12-31",
                "2000-01-01",
            ],
        ),
        (
            "time",
            ColumnType::Time,
            &["00:00:00", "23:59:59.999999", "01:02:03.5"],
        ),
        ("timetz", text, &["01:02:03.5+09", "23:59:59-11:30"]),
        (
            "timestamp",
            ColumnType::Datetime,
            &[
                "2026-02-28 09:30:00",
                "1969-12-31 23:59:59.999999",
                "0001-01-01 00:00:00",
                "2000-01-01 00:00:00.000001",
            ],
        ),
        (
            "timestamptz",
            ColumnType::Datetime,
            &[
                "2026-02-28 00:30:00+00",
                "1988-07-01 12:00:00+09",
                "1999-12-31 15:00:00Z",
            ],
        ),
        (
            "interval",
            text,
            &["1 year 2 mons 3 days 04:05:06.789", "-1 days", "00:00:00"],
        ),
        ("inet", text, &["192.168.0.1/24", "::1"]),
        ("cidr", text, &["10.0.0.0/8"]),
        ("macaddr", text, &["08:00:2b:01:02:03"]),
        ("macaddr8", text, &["08:00:2b:01:02:03:04:05"]),
        ("int4[]", text, &["{1,NULL,3}", "{}", "{{1,2},{3,4}}"]),
        ("text[]", text, &["{a,\"b c\",\"d\\\"e\",NULL,\"\"}"]),
        ("timestamptz[]", text, &["{2026-01-01 00:00:00+00}"]),
        ("mood[]", text, &["{좋음,bad}"]),
        ("int4range", text, &["[1,5)", "empty", "(,)"]),
        ("tstzrange", text, &["[2026-01-01 00:00:00+00,)"]),
        ("span", text, &["[1,3)"]),
        ("pair", text, &["(1,\"a b\")", "(,)"]),
        ("hstore", text, &["\"a\"=>\"1\", \"b\"=>NULL"]),
        ("tsvector", text, &["'fat':2 'cat':3"]),
        ("tsquery", text, &["'fat' & 'cat'"]),
        ("point", text, &["(1.5,-2)"]),
        ("polygon", text, &["((0,0),(1,1),(1,0))"]),
        ("pg_lsn", text, &["16/B374D848"]),
        ("xid8", text, &["18446744073709551615"]),
        ("regclass", text, &["pg_class"]),
    ];
    for (kind, expected, values) in cases {
        let mut rows: Vec<String> = values
            .iter()
            .map(|value| format!("(CAST('{}' AS {kind}))", value.replace('\'', "''")))
            .collect();
        rows.push("(NULL)".to_owned());
        let from = format!("FROM (VALUES {}) AS t(v)", rows.join(", "));
        let (columns, chunks) = place.read(&format!("SELECT v AS x {from}")).await.unwrap();
        assert_eq!(columns[0].kind, *expected, "{kind}");
        let cast = match *kind {
            "money" => "v::numeric::text",
            _ => "v::text",
        };
        let printed = place.printed(&format!("SELECT {cast} {from}")).await;
        assert_eq!(chunks[0].rows, printed.len(), "{kind}");
        for (row, printed) in printed.iter().enumerate() {
            assert_eq!(
                written(&chunks[0].columns[0], row),
                printed.as_ref().map(|printed| theirs(*expected, printed)),
                "{kind}, row {row}"
            );
        }
        // Nothing but NULL has the same type, where no value has to decide it.
        let nothing = format!("SELECT CAST(NULL AS {kind}) AS x");
        let (columns, chunks) = place.read(&nothing).await.unwrap();
        if !matches!(expected, ColumnType::Decimal { .. }) && *kind != "numeric(60,20)" {
            assert_eq!(columns[0].kind, *expected, "{kind}");
        }
        assert_eq!(written(&chunks[0].columns[0], 0), None, "{kind}");
    }
}

#[tokio::test]
async fn columns_of_tables_keep_their_declared_scale() {
    let script = format!(
        "{EXTENSIONS}
         CREATE TABLE t (a numeric(12,3), b price, c numeric, d numeric(60,2), e numeric(3,-2));
         INSERT INTO t VALUES (1.5, 2.25, 3.125, 4.5, 12345);
         CREATE VIEW v AS SELECT a, b FROM t;"
    );
    let place = Place::new(&script).await;
    let scales = |columns: Vec<rows::ColumnInfo>| -> Vec<ColumnType> {
        columns.into_iter().map(|column| column.kind).collect()
    };
    let decimal = |scale| ColumnType::Decimal { scale };
    let (columns, _) = place.read("SELECT * FROM t").await.unwrap();
    let all = [decimal(3), decimal(2), decimal(3), decimal(2), decimal(0)];
    assert_eq!(scales(columns), all);
    // A year without rows has the same columns as one with.
    let (columns, chunks) = place.read("SELECT a, b FROM v WHERE false").await.unwrap();
    assert_eq!(scales(columns), [decimal(3), decimal(2)]);
    assert!(chunks.is_empty());
    let described = place
        .source
        .describe("SELECT a, b, c FROM t")
        .await
        .unwrap();
    assert_eq!(scales(described), [decimal(3), decimal(2), decimal(2)]);
}

#[tokio::test]
async fn date_times_without_a_zone_are_in_the_sources() {
    let place = Place::new("").await;
    let mut config = place.config();
    config.zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let source = source::open(&config).unwrap();
    // 02:30 was skipped that night, so it is 03:30 in summer time.
    let sql = "SELECT v AS x FROM (VALUES
        (timestamp '2026-07-01 02:00:00'), ('2026-01-01 02:00:00'), ('2026-03-29 02:30:00')) AS t(v)";
    let (_, chunks) = extract_from(source.as_ref(), seoul(sql)).await.unwrap();
    let ours: Vec<_> = (0..3)
        .map(|row| written(&chunks[0].columns[0], row))
        .collect();
    let theirs = place
        .printed(
            "SELECT (v AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'Asia/Seoul')::text FROM (VALUES
             (timestamp '2026-07-01 02:00:00'), ('2026-01-01 02:00:00'), ('2026-03-29 02:30:00')) AS t(v)",
        )
        .await;
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn days_in_the_statement_are_days_of_the_report() {
    let place = Place::new("").await;
    let sql = "SELECT (timestamptz '2026-01-31 20:00:00Z')::date AS day";
    let (_, chunks) = place.read(sql).await.unwrap();
    assert_eq!(
        written(&chunks[0].columns[0], 0).as_deref(),
        Some("2026-02-01")
    );
    let utc = Extract::new(sql);
    let (_, chunks) = place.extract(utc).await.unwrap();
    assert_eq!(
        written(&chunks[0].columns[0], 0).as_deref(),
        Some("2026-01-31")
    );
}

#[tokio::test]
async fn what_no_column_holds_is_refused_by_name_and_row() {
    let place = Place::new("").await;
    for (sql, message) in [
        (
            "SELECT v AS price FROM (VALUES (1.5), ('NaN'::numeric)) AS t(v)",
            "column `price`, row 2: found `NaN`, where the column holds exact numbers; write NULLIF(…, 'NaN') or …::text",
        ),
        (
            "SELECT 'infinity'::date AS ends",
            "column `ends`, row 1: found `infinity`, where the column holds a date; write NULLIF(…, 'infinity') or …::text",
        ),
        (
            "SELECT '-infinity'::timestamptz AS begins",
            "column `begins`, row 1: found `-infinity`, where the column holds a date and time; write NULLIF(…, '-infinity') or …::text",
        ),
        (
            "SELECT 'infinity'::timestamp AS ends",
            "column `ends`, row 1: found `infinity`, where the column holds a date and time; write NULLIF(…, 'infinity') or …::text",
        ),
        (
            "SELECT time '24:00:00' AS closes",
            "column `closes`, row 1: found the time 24:00:00, which is no time of a day; write …::text",
        ),
        (
            "SELECT CASE WHEN i = 2500 THEN 1e-20 WHEN i = 2700 THEN 1e20 ELSE 1.5 END AS rate FROM generate_series(1, 3000) AS i",
            "column `rate`, row 2700: found the number 100000000000000000000; with the rows before it this column has 21 digits before the point and 20 behind it, and a number has at most 38; write …::text",
        ),
    ] {
        assert_eq!(place.refusal(sql).await, message, "{sql}");
    }
    // And what to write then works.
    let (columns, _) = place
        .read("SELECT 'infinity'::date::text AS a, 'NaN'::numeric::text AS b")
        .await
        .unwrap();
    assert_eq!(columns[0].kind, ColumnType::Text);
    assert_eq!(columns[1].kind, ColumnType::Text);
}

#[tokio::test]
async fn a_scale_grows_wherever_its_longest_number_stands() {
    let place = Place::new("CREATE TABLE rates (id int, rate numeric)").await;
    for (at, longest) in [
        (1, "0.1234567"),
        (2_048, "0.1234567"),
        (2_049, "0.1234567"),
        (5_000, "0.1234567"),
        (6_000, "-0.0000000000000000000000000000000001"),
        (2_500, "123456789012345678901234567890.125"),
    ] {
        place
            .run(&format!(
                "TRUNCATE rates; INSERT INTO rates SELECT i, CASE WHEN i = {at} THEN {longest} WHEN i > 100 THEN i / 4.0 END FROM generate_series(1, 6000) AS i"
            ))
            .await;
        for order in ["id", "id DESC"] {
            let sql = format!("SELECT rate FROM rates ORDER BY {order}");
            let (_, chunks) = place.read(&sql).await.unwrap();
            let mut kind = chunks[0].columns[0].clone();
            let mut rows = Vec::new();
            for chunk in &chunks {
                // Once wider, a column stays so; what came before turns into it.
                let ColumnData::Decimal { scale, .. } = chunk.columns[0] else {
                    panic!("not decimals")
                };
                let wider = rows::widened(kind, ColumnType::Decimal { scale }, 0);
                kind = chunk.columns[0].clone();
                assert!(wider.is_some(), "{at} {order}");
                rows.extend((0..chunk.rows).map(|row| written(&chunk.columns[0], row)));
            }
            let asked = format!("SELECT rate::text FROM rates ORDER BY {order}");
            let printed: Vec<_> = (place.printed(&asked).await.iter())
                .map(|printed| printed.as_deref().map(plain))
                .collect();
            assert_eq!(rows, printed, "{at} {order}");
        }
    }
}

#[tokio::test]
async fn averages_have_room_for_smaller_ones() {
    let place = Place::new("").await;
    // From row 2049 on the averages are below one and show more digits.
    let sql = "SELECT i, avg(v) AS average FROM (
                   SELECT i, (CASE WHEN i <= 2048 THEN 1000 ELSE 0.001 END * w)::numeric AS v
                   FROM generate_series(1, 4000) AS i, generate_series(1, 3) AS w) AS t
               GROUP BY i ORDER BY i";
    let (columns, chunks) = place.read(sql).await.unwrap();
    assert!(matches!(
        columns[1].kind,
        ColumnType::Decimal { scale: 20.. }
    ));
    let printed = place
        .printed(&format!("SELECT average::text FROM ({sql}) AS q"))
        .await;
    let mut rows = printed.iter();
    for chunk in &chunks {
        for row in 0..chunk.rows {
            let printed = rows.next().unwrap().as_deref().map(plain);
            assert_eq!(written(&chunk.columns[1], row), printed);
        }
    }
    assert!(rows.next().is_none());
}

#[tokio::test]
async fn text_that_is_not_utf8_is_refused() {
    let place = Place::new("").await;
    // A database that does not look at its texts sends whatever it has.
    let name = format!(
        "{}_ascii",
        place.database.administrator.rsplit('/').next().unwrap()
    );
    place
        .run(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"))
        .await;
    let (server, _) = place.database.administrator.rsplit_once('/').unwrap();
    let config = SourceConfig::new("old", format!("{server}/{name}"));
    let source = source::open(&config).unwrap();
    let extract = seoul("SELECT convert_from('\\xb0a1'::bytea, 'SQL_ASCII') AS note");
    let error = extract_from(source.as_ref(), extract).await.unwrap_err();
    place
        .run(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await;
    assert!(
        error.to_string().contains("invalid byte sequence"),
        "{error}"
    );
    assert_eq!(error.class(), lang::FailureClass::UserSql);
}

#[tokio::test]
async fn types_the_driver_does_not_know_are_texts_as_postgresql_prints_them() {
    let place = Place::new(
        "CREATE DOMAIN visits AS int4multirange;
         CREATE DOMAIN positive AS int CHECK (VALUE > 0);
         CREATE TYPE mood AS ENUM ('good', 'so so');
         CREATE TYPE stay AS (room text, days datemultirange);
         CREATE TYPE shelf AS (mood mood, price numeric);
         CREATE TYPE span AS RANGE (subtype = float8);
         CREATE TYPE odd; CREATE FUNCTION odd_in(cstring) RETURNS odd LANGUAGE internal IMMUTABLE STRICT AS 'textin';
         CREATE FUNCTION odd_out(odd) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
         CREATE TYPE odd (INPUT = odd_in, OUTPUT = odd_out, LIKE = text, CATEGORY = 'q');
         CREATE TABLE t AS SELECT '{[1,3),[5,8)}'::int4multirange AS mr, 7::numeric AS n, 'x'::text AS x;",
    )
    .await;
    for value in [
        "'{[1,3),[5,8)}'::int4multirange",
        "'{}'::int8multirange",
        "'{[2026-01-01,2026-02-01)}'::datemultirange",
        "'{[2026-01-01 09:00+09,)}'::tstzmultirange",
        "'{[0.5,1.5]}'::span_multirange",
        "ARRAY['{[1,2)}'::int4multirange, NULL]",
        "'{[1,3)}'::visits",
        "ARRAY['{[1,3)}'::visits]",
        "ROW('a b', '{[2026-01-01,2026-02-01)}')::stay",
        "ARRAY[ROW('a', NULL)::stay]",
        "'[1,3)'::int4range",
        "ARRAY['[1,3)'::int4range, 'empty']",
        "'[0.5,1)'::span",
        "ARRAY['[0.5,1)'::span]",
        "3::positive",
        "ARRAY[3, 4]::positive[]",
        "'so so'::mood",
        "ARRAY['so so', 'good']::mood[]",
        "ROW('good', 1.50)::shelf",
        "ARRAY[ROW('good', 1.50)::shelf]",
        "'strange'::odd",
        "ARRAY['strange'::odd]",
        "NULL::int4multirange",
    ] {
        let sql = format!("SELECT {value} AS v, 1.5::numeric(4, 2) AS n, NULL::int AS i -- end");
        let (columns, chunks) = extract_from(place.source.as_ref(), seoul(&sql))
            .await
            .unwrap_or_else(|error| panic!("{value}: {error}"));
        let printed = place.printed(&format!("SELECT ({value})::text")).await;
        assert_eq!(written(&chunks[0].columns[0], 0), printed[0], "{value}");
        assert_eq!(
            written(&chunks[0].columns[1], 0).as_deref(),
            Some("1.5"),
            "{value}"
        );
        assert_eq!(columns[2].kind, ColumnType::Integer, "{value}");
        let described = place.source.describe(&sql).await.unwrap();
        assert_eq!(described[0].kind, columns[0].kind, "{value}");
    }
    // Values, order and places in the statement are as always.
    let extract = |sql: &str| Extract {
        params: vec![Param::Text("x".to_owned()), Param::Integer(7)],
        ..seoul(sql)
    };
    let sql = "SELECT x, mr, n FROM t WHERE x = $1 AND n = $2 ORDER BY 1;";
    let (columns, chunks) = extract_from(place.source.as_ref(), extract(sql))
        .await
        .unwrap();
    assert_eq!(columns.len(), 3);
    let shown = written(&chunks[0].columns[1], 0);
    assert_eq!(shown, place.printed("SELECT mr::text FROM t").await[0]);
    let beside = Extract {
        params: vec![Param::Text("{[1,3),[5,8)}".to_owned())],
        ..seoul("SELECT x FROM t WHERE mr = $1")
    };
    let error = extract_from(place.source.as_ref(), beside)
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Sql { .. }), "{error}");
    assert!(error.to_string().contains("CAST(:name AS text)"), "{error}");
    let beside = Extract {
        params: vec![Param::Text("{[1,3),[5,8)}".to_owned())],
        ..seoul("SELECT x, mr FROM t WHERE mr = CAST($1 AS text)::int4multirange")
    };
    let (_, chunks) = extract_from(place.source.as_ref(), beside).await.unwrap();
    assert_eq!(chunks[0].rows, 1);
    let error = extract_from(
        place.source.as_ref(),
        seoul("SELECT mr, 1 AS one, lower(mr) FROM nowhere"),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(
            error,
            SourceError::Sql {
                offset: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
}
