//! Pivots are ordinary cells with totals.

use calamine::Data;
use lang::Text;
use report::{Chart, ChartKind, Format, Pivot};
use rows::{Bytes, ColumnData};
use workbook::recount;

use crate::book::*;

fn spec(has_total: bool) -> report::Sheet {
    let mut spec = sheet("피벗", "by_month");
    spec.columns
        .insert("region".into(), column("지역", None, None));
    spec.columns
        .insert("month".into(), column("월", Some(Format::Month), None));
    spec.columns
        .insert("revenue".into(), column("매출", Some(Format::Krw), None));
    spec.pivot = Some(Pivot {
        rows: vec!["region".into()],
        columns: "month".into(),
        values: "revenue".into(),
        total: has_total,
    });
    spec
}

fn table() -> Table {
    vec![
        ("region", words(&["서울", "부산", "서울", "제주"])),
        ("month", dates(&[20_697, 20_666, 20_666, 20_697])),
        ("revenue", cents(&[1_000, 250, 500, 25])),
        ("ignored", words(&["a", "b", "c", "d"])),
    ]
}

#[test]
fn values_stand_in_ordered_columns_with_totals_at_both_ends() {
    for limits in every_storage() {
        let finished = finish_within(vec![input(spec(true), table())], lang::Lang::Ko, limits);
        let row = |row: u32| -> Vec<Data> {
            (0..4)
                .map(|column| finished.cell("피벗", row, column))
                .collect()
        };
        assert_eq!(row(0), ["지역", "2026-08", "2026-09", "합계"].map(string));
        assert_eq!(
            row(1),
            [
                string("서울"),
                Data::Float(5.0),
                Data::Float(10.0),
                Data::Float(15.0)
            ]
        );
        assert_eq!(
            row(2),
            [
                string("부산"),
                Data::Float(2.5),
                Data::Empty,
                Data::Float(2.5)
            ]
        );
        assert_eq!(
            row(3),
            [
                string("제주"),
                Data::Empty,
                Data::Float(0.25),
                Data::Float(0.25)
            ]
        );
        assert_eq!(
            row(4),
            [
                string("합계"),
                Data::Float(7.5),
                Data::Float(10.25),
                Data::Float(17.75)
            ]
        );
        let formulas = finished.formulas("피벗");
        assert_eq!(
            formulas.get_value((4, 3)).unwrap(),
            "SUBTOTAL(109,data_by_month[합계])"
        );
        let sheet = &finished.written.sheets[0];
        assert_eq!((sheet.rows, sheet.read), (3, 4));
        assert_eq!(sheet.view.preview[0][3].as_deref(), Some("₩15"));
        let totals: Vec<_> = finished
            .written
            .totals
            .iter()
            .map(|total| total.value.as_str())
            .collect();
        assert_eq!(
            totals,
            ["17.75"],
            "only what can be compared with another month"
        );
        assert_eq!(recount(&finished.path).unwrap()[0], ("피벗".to_owned(), 3));
    }
}

#[test]
fn without_totals_there_are_only_the_values() {
    let finished = finish(vec![input(spec(false), table())]);
    assert_eq!(finished.range("피벗").get_size(), (4, 3));
    assert!(finished.written.totals.is_empty());
}

#[test]
fn a_chart_of_a_pivot_is_drawn_from_the_rows_behind_it() {
    let mut spec = spec(true);
    spec.charts = vec![Chart {
        kind: ChartKind::Column,
        title: Some(Text::same("월별")),
        x: "month".into(),
        y: vec!["revenue".into()],
        series: Some("region".into()),
        rows: None,
        at: None,
    }];
    let finished = finish(vec![input(spec, table())]);
    assert_eq!(
        finished.sheets(),
        ["피벗", "차트 데이터", "이 파일에 대하여"]
    );
    let view = &finished.written.sheets[0].view.charts[0];
    assert_eq!(view.x, ["2026-08", "2026-09"]);
    assert_eq!(view.series[0].values, [Some(5.0), Some(10.0)]);
}

#[test]
fn a_pivot_without_rows_is_an_empty_sheet() {
    let empty = vec![
        ("region", words(&[])),
        ("month", dates(&[])),
        ("revenue", cents(&[])),
    ];
    let finished = finish(vec![input(spec(true), empty)]);
    assert_eq!(finished.written.sheets[0].rows, 0);
    assert_eq!(finished.cell("피벗", 0, 0), string("지역"));
}

#[test]
fn days_shown_as_months_are_one_month() {
    let table = vec![
        ("region", words(&["서울", "서울", "서울"])),
        ("month", dates(&[20_696, 20_698, 20_699])),
        ("revenue", cents(&[100, 200, 400])),
    ];
    let finished = finish(vec![input(spec(false), table)]);
    let header: Vec<Data> = (0..3)
        .map(|column| finished.cell("피벗", 0, column))
        .collect();
    assert_eq!(header, ["지역", "2026-08", "2026-09"].map(string));
    assert_eq!(finished.cell("피벗", 1, 2), Data::Float(6.0));
}

/// As wide as a sheet can be: quadratic steps took most of a minute here.
#[test]
fn the_widest_pivot_has_every_column_and_its_totals() {
    let wide = 16_382_u32;
    let names: Vec<String> = (0..wide).map(|number| format!("열 {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<i128> = (0..i128::from(wide)).collect();
    for limits in every_storage() {
        let mut spec = sheet("P", "q");
        spec.pivot = Some(Pivot {
            rows: vec!["r".into()],
            columns: "c".into(),
            values: "v".into(),
            total: true,
        });
        let table = vec![
            ("r", words(&vec!["x"; wide as usize])),
            ("c", words(&names)),
            ("v", cents(&values)),
        ];
        let finished = finish_within(vec![input(spec, table)], lang::Lang::Ko, limits);
        let range = finished.range("P");
        assert_eq!(range.width(), wide as usize + 2);
        let total = f64::from(wide) * f64::from(wide - 1) / 2.0 / 100.0;
        for row in [1, 2] {
            let cell = |column: u32| range.get_value((row, column));
            assert_eq!(cell(wide), Some(&Data::Float(f64::from(wide - 1) / 100.0)));
            assert_eq!(cell(wide + 1), Some(&Data::Float(total)));
        }
        let counted = recount(&finished.path).unwrap();
        assert_eq!(counted[0], ("P".to_owned(), 1));
        let part = finished.part("xl/tables/table1.xml");
        assert_eq!(
            part.matches("totalsRowFunction=\"sum\"").count(),
            wide as usize + 1
        );
    }
}

/// A pivot of `values` over rows `r` and columns `c`.
fn pivot_of(keys: ColumnData, values: ColumnData, has_total: bool) -> Finished {
    let mut spec = sheet("P", "q");
    spec.pivot = Some(Pivot {
        rows: vec!["r".into()],
        columns: "c".into(),
        values: "v".into(),
        total: has_total,
    });
    let table = vec![("r", words(&["x", "x", "y"])), ("c", keys), ("v", values)];
    finish_within(vec![input(spec, table)], lang::Lang::En, Default::default())
}

fn two_keys() -> ColumnData {
    words(&["a", "b", "a"])
}

#[test]
fn values_that_are_no_numbers_are_shown_as_they_are() {
    let hour = 3_600_000_000;
    let mut bytes = Bytes::default();
    for value in [&[0xAB][..], &[0xCD], &[0xEF]] {
        bytes.push(Some(value));
    }
    type Check = fn(&Data, &Data, &Data) -> bool;
    let cases: Vec<(&str, ColumnData, Check)> = vec![
        ("texts", words(&["one", "two", "=1"]), |a, b, c| {
            [a, b, c] == [&string("one"), &string("two"), &string("=1")]
        }),
        (
            "truth values",
            ColumnData::Boolean(flat(&[Some(true), Some(false), None])),
            |a, b, c| [a, b, c] == [&Data::Bool(true), &Data::Bool(false), &Data::Empty],
        ),
        ("days", dates(&[20_699, 0, 1]), |a, b, c| {
            [a, b, c].map(moment)
                == ["2026-09-03", "1970-01-01", "1970-01-02"].map(|day| format!("{day} 00:00:00"))
        }),
        (
            "moments",
            ColumnData::Datetime(flat(&[Some(hour), Some(2 * hour), Some(3 * hour)])),
            |a, b, c| {
                [a, b, c].map(moment)
                    == ["01", "02", "03"].map(|hour| format!("1970-01-01 {hour}:00:00"))
            },
        ),
        (
            "times",
            ColumnData::Time(flat(&[Some(6 * hour), Some(12 * hour), Some(18 * hour)])),
            |a, b, c| {
                let hours = |cell: &Data| match cell {
                    Data::DateTime(time) if time.is_duration() => time.as_f64() * 24.0,
                    other => panic!("{other:?} is no time"),
                };
                [a, b, c].map(hours) == [6.0, 12.0, 18.0]
            },
        ),
        ("bytes", ColumnData::Binary(bytes), |a, b, c| {
            [a, b, c] == [&string("ab"), &string("cd"), &string("ef")]
        }),
    ];
    for (what, values, is_right) in cases {
        let finished = pivot_of(two_keys(), values.clone(), false);
        let cell = |row, column| finished.cell("P", row, column);
        assert!(is_right(&cell(1, 1), &cell(1, 2), &cell(2, 1)), "{what}");
        assert_eq!(cell(2, 2), Data::Empty, "{what}");
        assert_eq!(finished.warnings(), Vec::<&str>::new(), "{what}");

        // There is no sum of them, which is said.
        let finished = pivot_of(two_keys(), values, true);
        assert_eq!(finished.range("P").width(), 3, "{what}");
        assert_eq!(finished.warnings(), ["workbook::no_total"], "{what}");
    }
}

#[test]
fn a_cell_that_has_to_choose_says_so() {
    let finished = pivot_of(
        words(&["a", "a", "a"]),
        words(&["one", "two", "one"]),
        false,
    );
    assert_eq!(finished.cell("P", 1, 1), string("one"));
    assert_eq!(finished.cell("P", 2, 1), string("one"));
    let warning = &finished.written.remarks[0];
    assert_eq!(warning.code, "workbook::one_of_several");
    assert!(
        warning
            .message
            .get(lang::Lang::En)
            .starts_with("1 cell of “v”")
            && warning.message.get(lang::Lang::En).ends_with("'P'!B2"),
        "{}",
        warning.message.get(lang::Lang::En)
    );
    // The same value twice is no choice.
    let finished = pivot_of(
        words(&["a", "a", "a"]),
        words(&["one", "one", "one"]),
        false,
    );
    assert_eq!(finished.warnings(), Vec::<&str>::new());
}

#[test]
fn what_is_no_number_is_left_out_of_sums_and_told() {
    let values = ColumnData::Float(flat(&[Some(1.5), Some(f64::NAN), Some(2.0)]));
    let finished = pivot_of(words(&["a", "a", "b"]), values, true);
    assert_eq!(finished.cell("P", 1, 1), Data::Float(1.5));
    assert_eq!(finished.warnings(), ["workbook::left_out_of_pivot"]);
    let place = finished.written.remarks[0].message.get(lang::Lang::En);
    assert!(place.ends_with("'P'!B2"), "{place}");
}

#[test]
fn keys_of_every_type_are_headings_that_can_be_told_apart() {
    let second = 1_000_000;
    let mut bytes = Bytes::default();
    for value in [&[0xAB][..], &[0xCD], &[0xEF]] {
        bytes.push(Some(value));
    }
    for (keys, headings) in [
        (
            ColumnData::Boolean(flat(&[Some(true), None, Some(false)])),
            ["FALSE", "TRUE", "(none)"],
        ),
        (
            ColumnData::Time(flat(&[Some(second), Some(0), Some(second + 1)])),
            ["00:00:00", "00:00:01", "00:00:01.000001"],
        ),
        (
            ColumnData::Datetime(flat(&[Some(second), Some(0), Some(60 * second)])),
            [
                "1970-01-01 00:00:00",
                "1970-01-01 00:00:01",
                "1970-01-01 00:01",
            ],
        ),
        (
            ColumnData::Float(flat(&[Some(0.123_451), Some(0.123_452), Some(0.123_453)])),
            ["0.123451", "0.123452", "0.123453"],
        ),
        (ColumnData::Binary(bytes), ["ab", "cd", "ef"]),
    ] {
        let finished = pivot_of(keys, integers(&[1, 2, 3]), false);
        let found: Vec<String> = (1..4)
            .map(|column| finished.cell("P", 0, column).to_string())
            .collect();
        if headings[2] == "(none)" {
            assert_eq!(found[..2], headings[..2]);
        } else {
            assert_eq!(found, headings);
        }
    }
}

#[test]
fn lengths_of_time_are_summed() {
    let hour = 3_600_000_000;
    let values = ColumnData::Duration(flat(&[Some(20 * hour), Some(25 * hour), Some(-hour)]));
    let finished = pivot_of(words(&["a", "a", "b"]), values, true);
    let hours = |row, column| match finished.cell("P", row, column) {
        Data::DateTime(time) if time.is_duration() => (time.as_f64() * 24.0).round(),
        other => panic!("{other:?} is no length of time"),
    };
    let all: Vec<_> = finished.range("P").rows().map(<[Data]>::to_vec).collect();
    assert_eq!(hours(1, 1), 45.0, "{all:?}");
    assert_eq!(hours(2, 2), -1.0, "{all:?}");
    assert_eq!(hours(3, 3), 44.0, "{all:?}");
    assert_eq!(finished.warnings(), ["workbook::negative_duration"; 2]);
}
