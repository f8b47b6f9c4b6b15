//! Values reach the statement as what they are compared with.

use jiff::Timestamp;
use jiff::civil::date;
use rows::ColumnData;
use source::{Extract, Param};

use crate::place::{Place, extract_from, seoul};

const EVENTS: &str = "
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE e (id int, small int2, big int8, price numeric(12,2), weight float8, light float4,
                name text, code varchar(9), fixed char(5), nick citext, mood mood, flag bool,
                day date, at timestamp, moment timestamptz, hour time, key uuid, doc jsonb, address inet);
INSERT INTO e VALUES
 (1, 1, 1, 19.99, 0.5, 0.5, '가나', 'a', 'x', 'Kim', 'good', true, '2026-01-31', '2026-01-31 23:59:59',
  '2026-01-31 14:59:59Z', '09:30', '00112233-4455-6677-8899-aabbccddeeff', '{\"a\": 1}', '10.0.0.1'),
 (2, 2, 9223372036854775807, 20, 1.5, 1.5, 'na', 'b', 'y', 'lee', 'bad', false, '2026-02-01', '2026-02-01 00:00:00',
  '2026-01-31 15:00:00Z', '10:00', '00000000-0000-0000-0000-000000000000', '[]', '10.0.0.2'),
 (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01', '2026-03-01 00:00:00',
  '2026-02-28 15:00:00Z', NULL, NULL, NULL, NULL);";

fn ids_of(chunks: &[rows::Chunk]) -> Vec<i64> {
    chunks
        .iter()
        .flat_map(|chunk| {
            let ColumnData::Integer(values) = &chunk.columns[0] else {
                panic!("not integers")
            };
            values.data.clone()
        })
        .collect()
}

fn extract(condition: &str, params: Vec<Param>) -> Extract {
    Extract {
        params,
        ..seoul(&format!("SELECT id FROM e WHERE {condition} ORDER BY id"))
    }
}

fn text(text: &str) -> Param {
    Param::Text(text.to_owned())
}

fn moment(text: &str) -> Param {
    Param::Instant(text.parse::<Timestamp>().unwrap())
}

#[tokio::test]
async fn values_find_the_rows_they_should() {
    let place = Place::new(EVENTS).await;
    let price = |mantissa, scale| Param::Decimal { mantissa, scale };
    let february = || {
        vec![
            moment("2026-01-31T15:00:00Z"),
            moment("2026-02-28T15:00:00Z"),
        ]
    };
    let list = |values| vec![Param::List(values)];
    let cases: Vec<(&str, Vec<Param>, &[i64])> = vec![
        ("id = $1", vec![Param::Integer(2)], &[2]),
        ("small = $1", vec![Param::Integer(2)], &[2]),
        (
            "small >= $1::bigint",
            vec![Param::Integer(i64::MIN)],
            &[1, 2],
        ),
        ("big = $1", vec![Param::Integer(i64::MAX)], &[2]),
        ("id = $1", vec![price(200, 2)], &[2]),
        ("price = $1", vec![price(1999, 2)], &[1]),
        ("price = $1", vec![price(200_000, 4)], &[2]),
        ("price * 2 > $1", vec![price(399_999, 4)], &[2]),
        ("price < $1", vec![Param::Integer(20)], &[1]),
        ("weight = $1", vec![Param::Float(1.5)], &[2]),
        ("weight = $1", vec![price(15, 1)], &[2]),
        ("light = $1", vec![Param::Float(0.5)], &[1]),
        ("name = $1", vec![text("가나")], &[1]),
        ("code = $1", vec![text("b")], &[2]),
        ("fixed = $1", vec![text("x")], &[1]),
        ("nick = $1", vec![text("KIM")], &[1]),
        ("mood = $1", vec![text("bad")], &[2]),
        ("name LIKE '%' || $1 || '%'", vec![text("n")], &[2]),
        ("flag = $1", vec![Param::Boolean(true)], &[1]),
        (
            "key = $1",
            vec![text("00112233-4455-6677-8899-AABBCCDDEEFF")],
            &[1],
        ),
        ("doc @> $1", vec![text("{\"a\": 1}")], &[1]),
        ("hour = $1", vec![text("09:30")], &[1]),
        (
            "address = ANY(CAST($1 AS text[])::inet[])",
            list(vec![text("10.0.0.2"), text("10.0.0.9")]),
            &[2],
        ),
        (
            "address = CAST($1 AS text)::inet",
            vec![text("10.0.0.2")],
            &[2],
        ),
        // A number is text to a text: `$1` is what it stands beside.
        ("name || $1 = '가나7'", vec![Param::Integer(7)], &[1]),
        ("day = $1", vec![Param::Date(date(2026, 2, 1))], &[2]),
        ("at >= $1", vec![Param::Date(date(2026, 2, 1))], &[2, 3]),
        ("moment >= $1", vec![Param::Date(date(2026, 2, 1))], &[2, 3]),
        ("day >= $1 AND day < $2", february(), &[2]),
        ("at >= $1 AND at < $2", february(), &[2]),
        ("moment >= $1 AND moment < $2", february(), &[2]),
        // A day that has begun is before the moment.
        ("day >= $1", vec![moment("2026-01-31T15:00:01Z")], &[3]),
        (
            "id = ANY($1)",
            list(vec![Param::Integer(1), Param::Integer(3)]),
            &[1, 3],
        ),
        ("name = ANY($1)", list(vec![text("na"), Param::Null]), &[2]),
        ("mood = ANY($1)", list(vec![text("good")]), &[1]),
        ("price = ANY($1)", list(vec![price(1999, 2)]), &[1]),
        (
            "day = ANY($1)",
            list(vec![Param::Date(date(2026, 3, 1))]),
            &[3],
        ),
        ("id = ANY($1)", list(vec![]), &[]),
        (
            "$1::text IS NULL OR name = $1",
            vec![Param::Null],
            &[1, 2, 3],
        ),
        ("name = $1", vec![text("' OR '1'='1")], &[]),
    ];
    for (condition, params, expected) in cases {
        let shown = format!("{condition} with {params:?}");
        match place.extract(extract(condition, params)).await {
            Ok((_, chunks)) => assert_eq!(ids_of(&chunks), expected, "{shown}"),
            Err(error) => panic!("{shown}: {error}"),
        }
    }
}

/// What a form offers is a text, whatever the column holds.
#[tokio::test]
async fn a_choice_finds_the_rows_it_was_read_from() {
    let place = Place::new(EVENTS).await;
    for column in [
        "id", "small", "big", "price", "weight", "light", "name", "code", "fixed", "nick", "mood",
        "flag", "day", "at", "moment", "hour", "key",
    ] {
        // As a sheet shows it: without the zone.
        let shown = match column {
            "moment" => "to_char(moment, 'YYYY-MM-DD HH24:MI:SS')".to_owned(),
            column => format!("{column}::text"),
        };
        let asked = format!("SELECT {shown} FROM e WHERE {column} IS NOT NULL ORDER BY id");
        let offered: Vec<Param> = (place.printed(&asked).await.iter())
            .map(|printed| text(printed.as_deref().unwrap()))
            .collect();
        let ids = format!("SELECT id::text FROM e WHERE {column} IS NOT NULL ORDER BY id");
        let ids: Vec<i64> = (place.printed(&ids).await.iter())
            .map(|id| id.as_deref().unwrap().parse().unwrap())
            .collect();
        let placeholders: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let placeholders = placeholders.join(", ");
        for (condition, params) in [
            (
                format!("{column} = ANY($1)"),
                vec![Param::List(offered.clone())],
            ),
            (format!("{column} IN ({placeholders})"), offered.clone()),
        ] {
            let read = place.extract(extract(&condition, params)).await;
            let (_, chunks) = read.unwrap_or_else(|error| panic!("{condition}: {error}"));
            assert_eq!(ids_of(&chunks), ids, "{condition}");
        }
        for (id, offered) in ids.iter().zip(offered) {
            for param in [offered.clone(), Param::List(vec![offered.clone()])] {
                let condition = match param {
                    Param::List(_) => format!("{column} = ANY($1)"),
                    _ => format!("{column} = $1"),
                };
                let (_, chunks) = place
                    .extract(extract(&condition, vec![param]))
                    .await
                    .unwrap();
                assert_eq!(ids_of(&chunks), [*id], "{condition}: {offered:?}");
            }
        }
    }
}

#[tokio::test]
async fn bounds_are_converted_to_the_zone_of_zone_less_columns() {
    let place = Place::new(EVENTS).await;
    let mut config = place.config();
    config.zone = jiff::tz::TimeZone::UTC;
    let source = source::open(&config).unwrap();
    let bounds = || {
        vec![
            moment("2026-01-31T15:00:00Z"),
            moment("2026-02-28T15:00:00Z"),
        ]
    };
    // The zone-less column now holds UTC, so the month of Seoul begins nine hours earlier in it.
    let zoneless = extract("at >= $1 AND at < $2", bounds());
    let (_, chunks) = extract_from(source.as_ref(), zoneless).await.unwrap();
    assert_eq!(ids_of(&chunks), [1, 2]);
    let zoned = extract("moment >= $1 AND moment < $2", bounds());
    let (_, chunks) = extract_from(source.as_ref(), zoned).await.unwrap();
    assert_eq!(ids_of(&chunks), [2]);
}

#[tokio::test]
async fn exact_decimals_go_there_and_come_back() {
    let place = Place::new("").await;
    for (mantissa, scale) in [
        (0, 0),
        (1, 0),
        (-1, 38),
        (10_000, 0),
        (10_000, 4),
        (123_456_789, 5),
        (99_999_999_999_999_999_999_999_999_999_999_999_999, 0),
        (-99_999_999_999_999_999_999_999_999_999_999_999_999, 19),
    ] {
        let extract = Extract {
            params: vec![Param::Decimal { mantissa, scale }],
            ..Extract::new("SELECT ($1::numeric)::text AS x")
        };
        let (_, chunks) = place.extract(extract).await.unwrap();
        let ColumnData::Text(values) = &chunks[0].columns[0] else {
            panic!("not text")
        };
        let digits = format!("{mantissa}e-{scale}");
        let printed = place
            .printed(&format!("SELECT CAST('{digits}' AS numeric)::text"))
            .await;
        assert_eq!(values.text(0), printed[0].as_deref(), "{digits}");
    }
}

#[tokio::test]
async fn a_value_without_an_exact_form_says_what_to_write() {
    let place = Place::new(EVENTS).await;
    for (condition, param, message) in [
        (
            "address = $1",
            text("10.0.0.1"),
            "value 1 is a text, and the statement wants inet there; write CAST(:name AS text), and ::TYPE behind it where needed",
        ),
        (
            "id = $1",
            Param::Decimal {
                mantissa: 25,
                scale: 1,
            },
            "value 1 is a number, and the statement wants int4 there; write CAST(:name AS numeric), and ::TYPE behind it where needed",
        ),
        (
            "id = $1",
            Param::Integer(3_000_000_000),
            "value 1 is a whole number, and the statement wants int4 there; write CAST(:name AS numeric), and ::TYPE behind it where needed",
        ),
        (
            "id = $1",
            Param::List(vec![Param::Integer(1)]),
            "value 1 is a list, and the statement wants int4 there; write column = ANY(:name)",
        ),
        (
            "address = ANY($1)",
            Param::List(vec![text("10.0.0.1")]),
            "value 1 is a list, and the statement wants inet[] there; write = ANY(CAST(:name AS text[])::TYPE[])",
        ),
        (
            "flag = $1",
            text("perhaps"),
            "value 1 is a text, and the statement wants bool there; write CAST(:name AS text), and ::TYPE behind it where needed",
        ),
        (
            "at = $1",
            text("hunter2"),
            "value 1 is a text, and the statement wants timestamp there; write CAST(:name AS text), and ::TYPE behind it where needed",
        ),
    ] {
        let error = place
            .extract(extract(condition, vec![param]))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the source `shop` does not accept the statement: {message}"),
            "{condition}"
        );
        assert_eq!(error.class(), lang::FailureClass::UserSql);
    }
    let error = place.extract(extract("id = $1", vec![])).await.unwrap_err();
    assert!(
        error.to_string().contains("1 placeholders and 0 values"),
        "{error}"
    );
}
