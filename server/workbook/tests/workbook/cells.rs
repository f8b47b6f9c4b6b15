//! Every type of value, compared cell by cell.

use calamine::Data;
use jiff::civil::date;
use lang::Lang;
use report::{Format, Total};
use rows::{Bytes, ColumnData};
use workbook::Limits;

use crate::book::*;

const HOSTILE: [&str; 21] = [
    "=1+1",
    "+1",
    "-5",
    "@home",
    "=HYPERLINK(\"http://evil\",\"x\")",
    "'quoted",
    "00123",
    "12345678901234567890",
    "1e5",
    "TRUE",
    "2026-09-03",
    "https://example.com/?a=1&b=<2>",
    "a<b>&\"c'",
    "😀 이모지 👩‍👩‍👧",
    " leading and trailing ",
    "두 줄\n둘째 줄\t탭",
    "#N/A",
    "_x0041_ escaped",
    "]]>",
    "<r>&</r>",
    "ﾊﾝｶｸ \u{200B}zero width",
];

fn day(year: i16, month: i8, day: i8) -> i32 {
    date(year, month, day)
        .since((jiff::Unit::Day, date(1970, 1, 1)))
        .unwrap()
        .get_days()
}

#[test]
fn hostile_texts_come_back_letter_by_letter_and_are_never_formulas() {
    for limits in every_storage() {
        let table = vec![("value", words(&HOSTILE))];
        let finished = finish_within(
            vec![input(sheet("텍스트", "texts"), table)],
            Lang::Ko,
            limits,
        );
        for (row, text) in (1u32..).zip(HOSTILE) {
            assert_eq!(finished.cell("텍스트", row, 0), string(text), "{limits:?}");
        }
        let sheet = finished.part("xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "a text became a formula");
        assert!(!sheet.contains("<hyperlink "), "a text became a link");
        assert!(
            sheet.contains("numberStoredAsText=\"1\""),
            "green triangles are not suppressed"
        );
        assert!(finished.part("xl/styles.xml").contains("quotePrefix=\"1\""));
        assert_eq!(finished.warnings(), Vec::<&str>::new());
    }
}

#[test]
fn every_type_reads_back_as_what_it_is() {
    let afternoon =
        i64::from(day(2026, 9, 3)) * 86_400_000_000 + (14 * 3_600 + 5 * 60 + 9) * 1_000_000;
    let mut binary = Bytes::default();
    binary.push(Some(&[0xDE, 0xAD, 0x00]));
    let table = vec![
        ("flag", ColumnData::Boolean(flat(&[Some(true)]))),
        ("count", integers(&[-1_234_567])),
        ("amount", cents(&[123_456_789_012_345])),
        ("ratio", ColumnData::Float(flat(&[Some(0.1 + 0.2)]))),
        ("name", words(&["서울"])),
        ("day", dates(&[day(2026, 9, 3)])),
        ("moment", ColumnData::Datetime(flat(&[Some(afternoon)]))),
        ("time", ColumnData::Time(flat(&[Some(6 * 3_600_000_000)]))),
        ("raw", ColumnData::Binary(binary)),
    ];
    for limits in every_storage() {
        let finished = finish_within(
            vec![input(sheet("S", "types"), table.clone())],
            Lang::En,
            limits,
        );
        let cell = |column| finished.cell("S", 1, column);
        assert_eq!(cell(0), Data::Bool(true));
        assert_eq!(cell(1), Data::Float(-1_234_567.0));
        assert_eq!(cell(2), Data::Float(1_234_567_890_123.45));
        assert_eq!(cell(3), Data::Float(0.1 + 0.2));
        assert_eq!(cell(4), string("서울"));
        assert_eq!(moment(&cell(5)), "2026-09-03 00:00:00");
        assert_eq!(moment(&cell(6)), "2026-09-03 14:05:09");
        assert!(
            matches!(cell(7), Data::DateTime(time) if time.is_duration() && time.as_f64() == 0.25)
        );
        assert_eq!(cell(8), string("dead00"));
        let view = &finished.written.sheets[0].view;
        let shown: Vec<_> = view.preview[0]
            .iter()
            .map(|cell| cell.as_deref().unwrap())
            .collect();
        assert_eq!(
            shown,
            [
                "TRUE",
                "-1,234,567",
                "1,234,567,890,123.45",
                "0.3000",
                "서울",
                "2026-09-03",
                "2026-09-03 14:05",
                "06:00:00",
                "dead00"
            ]
        );
        let aligned: Vec<_> = view
            .columns
            .iter()
            .map(|column| column.align.as_str())
            .collect();
        assert_eq!(
            aligned,
            [
                "left", "right", "right", "right", "left", "right", "right", "right", "left"
            ]
        );
    }
}

#[test]
fn null_is_an_empty_cell_in_every_column() {
    let mut bytes = Bytes::default();
    bytes.push(None);
    let table = || {
        vec![
            ("flag", ColumnData::Boolean(flat(&[None]))),
            ("count", ColumnData::Integer(flat(&[None]))),
            (
                "amount",
                ColumnData::Decimal {
                    mantissa: flat(&[None]),
                    scale: 2,
                },
            ),
            ("ratio", ColumnData::Float(flat(&[None]))),
            ("name", texts(&[None])),
            ("day", ColumnData::Date(flat(&[None]))),
            ("moment", ColumnData::Datetime(flat(&[None]))),
            ("time", ColumnData::Time(flat(&[None]))),
            ("raw", ColumnData::Binary(bytes.clone())),
        ]
    };
    for limits in every_storage() {
        let finished = finish_within(vec![input(sheet("S", "nulls"), table())], Lang::En, limits);
        for column in 0..9 {
            assert_eq!(
                finished.cell("S", 1, column),
                Data::Empty,
                "column {column}"
            );
        }
        assert_eq!(
            workbook::recount(&finished.path).unwrap()[0],
            ("S".to_owned(), 1)
        );
        assert_eq!(finished.written.sheets[0].view.preview, [vec![None; 9]]);
    }
}

#[test]
fn long_numbers_keep_every_digit_as_text() {
    let table = vec![
        (
            "account",
            integers(&[
                123_456_789_012_345,
                1_234_567_890_123_456,
                -9_223_372_036_854_775_808,
            ]),
        ),
        (
            "exact",
            ColumnData::Decimal {
                mantissa: flat(&[Some(12_345_678_901_234_567_890_i128), Some(5), None]),
                scale: 10,
            },
        ),
    ];
    let finished = finish(vec![input(sheet("S", "long"), table)]);
    assert_eq!(finished.cell("S", 1, 0), Data::Float(123_456_789_012_345.0));
    assert_eq!(finished.cell("S", 2, 0), string("1234567890123456"));
    assert_eq!(finished.cell("S", 3, 0), string("-9223372036854775808"));
    assert_eq!(finished.cell("S", 1, 1), string("1234567890.1234567890"));
    assert_eq!(finished.cell("S", 2, 1), Data::Float(0.000_000_000_5));
    assert_eq!(finished.warnings(), ["workbook::number_as_text"; 2]);
    let told: Vec<String> = finished
        .written
        .remarks
        .iter()
        .map(|remark| remark.message.get(lang::Lang::En))
        .collect();
    assert!(
        told[1].starts_with("2 cells of “account”") && told[1].ends_with("First: 'S'!A3"),
        "{told:?}"
    );
}

#[test]
fn a_total_over_long_numbers_says_what_excel_leaves_out() {
    let mut spec = sheet("S", "long");
    spec.columns.insert(
        "amount".into(),
        column("Amount", Some(Format::Int), Some(Total::Sum)),
    );
    let amount = ColumnData::Decimal {
        mantissa: flat(&[Some(10_i128.pow(20)), Some(5)]),
        scale: 0,
    };
    let finished = finish(vec![input(spec, vec![("amount", amount)])]);
    assert_eq!(finished.warnings(), ["workbook::left_out_of_total"]);
    assert_eq!(finished.written.totals[0].value, "100000000000000000005");
}

#[test]
fn values_no_cell_can_hold_are_told_with_count_and_place() {
    let long = "가".repeat(40_000);
    let table = vec![
        ("note", words(&["a\u{1}b\u{0}c", "fine", &long])),
        (
            "ratio",
            ColumnData::Float(flat(&[Some(f64::NAN), Some(f64::INFINITY), Some(1.5)])),
        ),
        ("day", dates(&[-40_000, 0, 10_000_000])),
    ];
    for limits in every_storage() {
        let finished = finish_within(
            vec![input(sheet("S", "odd"), table.clone())],
            Lang::Ko,
            limits,
        );
        assert_eq!(finished.cell("S", 1, 0), string("a\u{FFFD}b\u{FFFD}c"));
        let Data::String(cut) = finished.cell("S", 3, 0) else {
            panic!("not a text")
        };
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with("…[잘림: 원래 40,000자]"));
        assert_eq!(finished.cell("S", 1, 1), Data::Empty);
        assert_eq!(finished.cell("S", 2, 1), Data::Empty);
        assert_eq!(finished.cell("S", 1, 2), string("1860-06-26"));
        assert!(matches!(finished.cell("S", 3, 2), Data::String(_)));
        let mut codes = finished.warnings();
        codes.sort_unstable();
        assert_eq!(
            codes,
            [
                "workbook::control_letters",
                "workbook::date_out_of_range",
                "workbook::not_finite",
                "workbook::text_cut"
            ]
        );
        let finite = finished
            .written
            .remarks
            .iter()
            .find(|w| w.code == "workbook::not_finite")
            .unwrap();
        assert!(
            finite.message.get(lang::Lang::Ko).contains("셀 2개")
                && finite.message.get(lang::Lang::Ko).contains("'S'!B2"),
            "{finite:?}"
        );
    }
}

#[test]
fn texts_become_dates_and_numbers_where_the_author_says_so() {
    let mut spec = sheet("S", "texts");
    spec.columns.insert(
        "day".into(),
        column("Day", Some(Format::Date), Some(Total::Max)),
    );
    spec.columns.insert(
        "moment".into(),
        column("Moment", Some(Format::Datetime), None),
    );
    spec.columns
        .insert("month".into(), column("Month", Some(Format::Month), None));
    spec.columns.insert(
        "amount".into(),
        column("Amount", Some(Format::Krw), Some(Total::Sum)),
    );
    let table = vec![
        ("day", words(&["2026-09-03", "2026-09-01 08:00", "someday"])),
        (
            "moment",
            words(&["2026-09-02T22:12:05Z", "2026-09-03 07:12", "2026-09-03"]),
        ),
        ("month", words(&["2026-09", "202608", "2026-07-15"])),
        ("amount", words(&["1250.50", "007", "-3"])),
    ];
    let finished = finish(vec![input(spec, table)]);
    let moment = |row, column| moment(&finished.cell("S", row, column));
    assert_eq!(moment(1, 0), "2026-09-03 00:00:00");
    assert_eq!(moment(2, 0), "2026-09-01 08:00:00");
    assert_eq!(finished.cell("S", 3, 0), string("someday"));
    assert_eq!(
        moment(1, 1),
        "2026-09-03 07:12:05",
        "an offset is converted to the report's zone"
    );
    assert_eq!(moment(2, 1), "2026-09-03 07:12:00");
    assert_eq!(moment(1, 2), "2026-09-01 00:00:00");
    assert_eq!(moment(2, 2), "2026-08-01 00:00:00");
    assert_eq!(finished.cell("S", 1, 3), Data::Float(1250.5));
    assert_eq!(
        finished.cell("S", 2, 3),
        string("007"),
        "leading zeros are no number"
    );
    assert_eq!(finished.written.totals[0].value, "2026-09-03");
    assert_eq!(finished.written.totals[1].value, "1247.50");
    assert_eq!(
        finished.warnings(),
        ["workbook::not_a_number", "workbook::not_a_date"]
    );
    assert_eq!(
        finished.written.sheets[0].view.preview[1][2].as_deref(),
        Some("2026-08")
    );
}

#[test]
fn numbers_formatted_as_text_are_texts() {
    let mut spec = sheet("S", "codes");
    spec.columns
        .insert("code".into(), column("Code", Some(Format::Text), None));
    let finished = finish(vec![input(spec, vec![("code", integers(&[42]))])]);
    assert_eq!(finished.cell("S", 1, 0), string("42"));
}

#[test]
fn line_ends_become_the_one_excel_uses() {
    let finished = finish(vec![input(
        sheet("S", "notes"),
        vec![("note", words(&["a\r\nb\rc"]))],
    )]);
    assert_eq!(finished.cell("S", 1, 0), string("a\nb\nc"));
    assert_eq!(finished.warnings(), Vec::<&str>::new());
}

#[test]
fn quotients_are_numbers_and_other_long_decimals_keep_their_digits() {
    let sixteen = |mantissas: &[i128]| ColumnData::Decimal {
        mantissa: flat(
            &mantissas
                .iter()
                .map(|mantissa| Some(*mantissa))
                .collect::<Vec<_>>(),
        ),
        scale: 16,
    };
    let thirds = [
        33_333_333_333_333_333,
        5_000_000_000_000_000,
        -66_666_666_666_666_667,
    ];
    let table = vec![("share", sixteen(&thirds)), ("exact", sixteen(&thirds))];
    for limits in every_storage() {
        let mut of = input(sheet("S", "rows"), table.clone());
        of.quotients = vec!["share".to_owned()];
        of.spec.columns.insert(
            "share".into(),
            column(
                "share",
                Some(Format::Excel("0.0#################".into())),
                None,
            ),
        );
        let finished = finish_within(vec![of], Lang::En, limits);
        assert_eq!(finished.cell("S", 1, 0), Data::Float(10.0 / 3.0));
        assert_eq!(finished.cell("S", 2, 0), Data::Float(0.5));
        assert_eq!(finished.cell("S", 3, 0), Data::Float(-20.0 / 3.0));
        assert_eq!(finished.cell("S", 1, 1), string("3.3333333333333333"));
        // Only the column that is no quotient is spoken of.
        assert_eq!(finished.warnings(), ["workbook::number_as_text"]);
        let message = finished.written.remarks[0].message.get(lang::Lang::En);
        assert!(message.starts_with("2 cells of “exact”"), "{message}");
    }
}

#[test]
fn a_page_shows_quotients_to_fifteen_digits() {
    let quotient = ColumnData::Decimal {
        mantissa: flat(&[Some(66_666_666_666_666_667)]),
        scale: 17,
    };
    let mut of = input(sheet("S", "rows"), vec![("share", quotient)]);
    of.quotients = vec!["share".to_owned()];
    of.spec.columns.insert(
        "share".into(),
        column("share", Some(Format::Excel("General".into())), None),
    );
    let finished = finish_within(vec![of], Lang::En, Limits::default());
    let shown = finished.written.sheets[0].view.preview[0][0].as_deref();
    assert_eq!(shown, Some("0.666666666666667"));
}

#[test]
fn the_last_microsecond_of_a_day_is_shown_on_its_day() {
    let second = 1_000_000;
    let at = |days: i32, micros: i64| i64::from(days) * 86_400 * second + micros;
    let last = 86_400 * second - 1;
    let moments = [
        at(day(2026, 12, 31), last),
        at(day(9999, 12, 31), last),
        at(day(1969, 12, 31), last),
        at(day(2026, 12, 31), 59 * second - 1),
    ];
    let shown = [
        "2026-12-31 23:59:59.999",
        "9999-12-31 23:59:59.999",
        "1969-12-31 23:59:59.999",
        "2026-12-31 00:00:58.999",
    ];
    let formats = [
        Some(Format::Date),
        Some(Format::Datetime),
        Some(Format::Excel("yyyy-mm-dd hh:mm:ss".into())),
        Some(Format::Excel("yyyy-mm-dd hh:mm:ss.000".into())),
        None,
    ];
    for limits in every_storage() {
        for format in &formats {
            let moments = moments.map(Some);
            let table = vec![
                ("at", ColumnData::Datetime(flat(&moments))),
                ("clock", ColumnData::Time(flat(&[Some(last); 4]))),
            ];
            let mut spec = sheet("S", "rows");
            spec.columns
                .insert("at".into(), column("at", format.clone(), Some(Total::Max)));
            let finished = finish_within(vec![input(spec, table)], Lang::En, limits);
            for (row, shown) in (1..).zip(shown) {
                let Data::DateTime(moment) = finished.cell("S", row, 0) else {
                    panic!("no moment")
                };
                let (year, month, day, hour, minute, second, millis) = moment.to_ymd_hms_milli();
                assert_eq!(
                    format!(
                        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{millis:03}"
                    ),
                    shown,
                    "{format:?} {limits:?}"
                );
                assert!(moment.as_f64() < 2_958_466.0);
                let Data::DateTime(clock) = finished.cell("S", row, 1) else {
                    panic!("no time")
                };
                assert_eq!((clock.as_f64() * 86_400_000.0).round(), 86_399_999.0);
            }
            assert_eq!(finished.warnings(), Vec::<&str>::new());
            let view = &finished.written.sheets[0].view;
            assert!(
                view.preview[0][0]
                    .as_deref()
                    .unwrap()
                    .starts_with("2026-12-31")
            );
        }
    }
}

#[test]
fn days_beyond_excels_calendar_are_texts_as_postgresql_prints_them() {
    // Days and microseconds since 1970 as PostgreSQL counts them.
    let table = || {
        vec![
            (
                "day",
                dates(&[2_932_897, 2_145_042_905, -735_160, i32::MAX, i32::MIN]),
            ),
            (
                "at",
                ColumnData::Datetime(flat(&[
                    Some(253_402_300_800_000_000),
                    Some(253_402_300_800_250_000),
                    Some(-735_160 * 86_400_000_000 + 43_200_000_000),
                    Some(i64::MAX),
                    Some(i64::MIN),
                ])),
            ),
        ]
    };
    let mut described = sheet("S", "rows");
    for name in ["day", "at"] {
        let of = column(name, Some(Format::Month), Some(Total::Max));
        described.columns.insert(name.into(), of);
    }
    let with_text = {
        let mut spec = sheet("S", "rows");
        for name in ["day", "at"] {
            spec.columns
                .insert(name.into(), column(name, Some(Format::Text), None));
        }
        spec
    };
    for limits in every_storage() {
        for spec in [sheet("S", "rows"), described.clone(), with_text.clone()] {
            let finished = finish_within(vec![input(spec, table())], Lang::En, limits);
            let cell = |row, column| finished.cell("S", row, column);
            assert_eq!(cell(1, 0), string("10000-01-01"));
            assert_eq!(cell(2, 0), string("5874897-12-31"));
            assert_eq!(cell(3, 0), string("0044-03-15 BC"));
            assert_eq!(cell(1, 1), string("10000-01-01 00:00:00"));
            assert_eq!(cell(2, 1), string("10000-01-01 00:00:00.25"));
            assert_eq!(cell(3, 1), string("0044-03-15 12:00:00 BC"));
            assert_eq!(
                finished.warnings(),
                ["workbook::date_out_of_range", "workbook::date_out_of_range"]
            );
        }
    }
}

#[test]
fn pages_and_about_show_days_beyond_excels_calendar() {
    let mut spec = sheet("S", "rows");
    spec.columns
        .insert("day".into(), column("day", None, Some(Total::Max)));
    spec.columns.insert(
        "at".into(),
        column("at", Some(Format::Month), Some(Total::Min)),
    );
    let table = vec![
        ("day", dates(&[2_145_042_905])),
        (
            "at",
            ColumnData::Datetime(flat(&[Some(253_402_300_800_000_000)])),
        ),
    ];
    let finished = finish(vec![input(spec, table)]);
    let view = &finished.written.sheets[0].view;
    let shown: Vec<_> = view.preview[0].iter().map(Option::as_deref).collect();
    assert_eq!(shown, [Some("5874897-12-31"), Some("10000-01")]);
    let totals = &finished.written.totals;
    assert_eq!(totals[0].value, "5874897-12-31");
    assert_eq!(totals[1].value, "10000-01-01 00:00:00");
}

#[test]
fn numbers_look_as_all_of_them_need() {
    let decimals = |scale: u8, mantissas: &[i128]| ColumnData::Decimal {
        mantissa: flat(
            &mantissas
                .iter()
                .map(|mantissa| Some(*mantissa))
                .collect::<Vec<_>>(),
        ),
        scale,
    };
    let floats = |numbers: &[f64]| {
        ColumnData::Float(flat(
            &numbers
                .iter()
                .map(|number| Some(*number))
                .collect::<Vec<_>>(),
        ))
    };
    let cases = [
        (
            "small",
            decimals(8, &[1_200, 0]),
            "#,##0.000000",
            "0.000012",
        ),
        ("amount", decimals(2, &[1_200, 0]), "#,##0.00", "12.00"),
        (
            "few",
            decimals(8, &[150_000_000, 25_000_000]),
            "#,##0.00",
            "1.50",
        ),
        (
            "third",
            decimals(16, &[33_333_333_333_333, 10_000_000_000_000_000]),
            "#,##0.0000",
            "0.0033",
        ),
        ("big", decimals(0, &[202_601, 202_512]), "0", "202601"),
        ("count", decimals(0, &[202_601, 7]), "#,##0", "202,601"),
        ("rate", floats(&[1.0, 0.25]), "#,##0.00", "1.00"),
        ("share", floats(&[0.5, 0.001_25]), "#,##0.0000", "0.5000"),
        (
            "tiny",
            floats(&[0.000_012, 3.0]),
            "#,##0.000000",
            "0.000012",
        ),
        ("noise", floats(&[12.5, 5.6e-17]), "#,##0.00", "12.50"),
        (
            "atoms",
            floats(&[1.2e-20, 3e-20]),
            "General",
            "0.000000000000000000012",
        ),
        ("whole", floats(&[5.0, -1_200.0]), "#,##0", "5"),
        ("month", integers(&[202_601, 202_512]), "0", "202601"),
        ("day", integers(&[20_260_131, 19_991_231]), "0", "20260131"),
        ("sold", integers(&[202_601, 202_513]), "#,##0", "202,601"),
    ];
    for limits in every_storage() {
        for (name, data, code, shown) in cases.clone() {
            let finished = finish_within(
                vec![input(sheet("S", "q"), vec![(name, data)])],
                Lang::En,
                limits,
            );
            let column = &finished.written.sheets[0].view.columns[0];
            let word = match code {
                "#,##0" => "int",
                "#,##0.00" => "decimal2",
                "General" => "general",
                code => code,
            };
            assert_eq!(column.format, word, "{name}");
            let preview = &finished.written.sheets[0].view.preview[0][0];
            assert_eq!(preview.as_deref(), Some(shown), "{name}");
        }
    }
}

#[test]
fn lengths_of_time_are_days_that_add_up() {
    let hour = 3_600_000_000;
    let table = || {
        vec![
            (
                "worked",
                ColumnData::Duration(flat(&[
                    Some(30 * hour + 61_000_000),
                    None,
                    Some(-hour / 2),
                    Some(1_250_000),
                ])),
            ),
            ("whole", ColumnData::Duration(flat(&[Some(hour); 4]))),
            ("micros", ColumnData::Duration(flat(&[Some(1); 4]))),
        ]
    };
    for limits in every_storage() {
        let spec = || {
            let mut spec = sheet("S", "shifts");
            for name in ["worked", "whole", "micros"] {
                spec.columns
                    .insert(name.into(), column(name, None, Some(Total::Sum)));
            }
            spec
        };
        let finished = finish_within(vec![input(spec(), table())], Lang::En, limits);
        let days = |row, column| match finished.cell("S", row, column) {
            Data::DateTime(time) if time.is_duration() => time.as_f64(),
            Data::Empty => f64::NAN,
            other => panic!("{other:?} is no length of time"),
        };
        assert_eq!(days(1, 0), (30.0 * 3_600.0 + 61.0) / 86_400.0);
        assert!(days(2, 0).is_nan());
        assert_eq!(days(3, 0), -0.5 / 24.0);
        assert_eq!(days(4, 0), 1.25 / 86_400.0);
        assert_eq!(days(1, 2), 1e-6 / 86_400.0);
        let sum = days(1, 0) + days(3, 0) + days(4, 0);
        assert!((days(5, 0) - sum).abs() < 1e-12, "{}", days(5, 0));
        let code = |cell| finished.code("xl/worksheets/sheet1.xml", cell);
        assert_eq!(
            [code("A6"), code("B6"), code("C6")],
            [
                "[h]:mm:ss.00;\\-0.0000000&quot; d&quot;",
                "[h]:mm:ss;\\-0.00000&quot; d&quot;",
                "[h]:mm:ss.000;\\-0.00000000&quot; d&quot;",
            ]
        );
        let view = &finished.written.sheets[0].view;
        let shown: Vec<_> = view.preview.iter().map(|row| row[0].as_deref()).collect();
        assert_eq!(
            shown,
            [
                Some("30:01:01"),
                None,
                Some("-00:30:00"),
                Some("00:00:01.25")
            ]
        );
        assert!(view.columns.iter().all(|column| column.align == "right"));
        let totals: Vec<_> = finished
            .written
            .totals
            .iter()
            .map(|total| total.value.as_str())
            .collect();
        assert_eq!(totals, ["29:31:02.25", "04:00:00", "00:00:00.000004"]);
        assert_eq!(finished.warnings(), ["workbook::negative_duration"]);
        let said = finished.written.remarks[0].message.get(lang::Lang::En);
        assert!(
            said.starts_with("1 cell of “worked”") && said.ends_with("'S'!A4"),
            "{said}"
        );

        // As texts they are what a page shows, and no total adds them up.
        let mut texts = spec();
        texts.columns.insert(
            "worked".into(),
            column("worked", Some(Format::Text), Some(Total::Sum)),
        );
        let finished = finish_within(vec![input(texts, table())], Lang::Ko, limits);
        assert_eq!(finished.cell("S", 3, 0), string("-00:30:00"));
        assert_eq!(finished.warnings(), ["workbook::no_total"]);
    }
}
