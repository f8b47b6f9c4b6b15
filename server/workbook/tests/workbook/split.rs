//! More rows than a worksheet holds.

use calamine::Data;
use lang::Lang;
use report::{Format, Total};
use rows::{ColumnInfo, ColumnType};
use workbook::{Limits, recount};

use crate::book::*;

fn columns() -> Vec<ColumnInfo> {
    vec![ColumnInfo {
        name: "n".into(),
        kind: ColumnType::Integer,
        is_narrow: false,
        is_mixed: false,
        is_guess: false,
    }]
}

fn numbers(name: &str, rows: u64) -> workbook::SheetInput {
    let mut spec = sheet(name, "numbers");
    spec.columns
        .insert("n".into(), column("N", Some(Format::Int), Some(Total::Sum)));
    generated(spec, columns(), rows, |range| {
        vec![integers(
            &range
                .map(|row| i64::try_from(row).unwrap())
                .collect::<Vec<_>>(),
        )]
    })
}

#[test]
fn rows_continue_on_numbered_sheets_with_the_header_repeated() {
    for memory_cells in [0, 150_000] {
        let limits = Limits {
            sheet_rows: 1_002,
            memory_cells,
            ..Limits::default()
        };
        // 1,002 rows leave room for 1,000 beside header and totals.
        let sheets = vec![numbers("주문", 2_500), numbers("주문 (2)", 1)];
        let finished = finish_within(sheets, Lang::Ko, limits);
        assert_eq!(
            finished.sheets(),
            [
                "주문",
                "주문 (3)",
                "주문 (4)",
                "주문 (2)",
                "이 파일에 대하여"
            ],
            "a name the author gave is never taken"
        );
        for (sheet, first, rows) in [
            ("주문", 0.0, 1_000),
            ("주문 (3)", 1_000.0, 1_000),
            ("주문 (4)", 2_000.0, 500),
        ] {
            assert_eq!(finished.cell(sheet, 0, 0), string("N"));
            assert_eq!(finished.cell(sheet, 1, 0), Data::Float(first));
            let sum: u32 = (first as u32..first as u32 + rows).sum();
            assert_eq!(
                finished.cell(sheet, rows + 1, 0),
                Data::Float(f64::from(sum))
            );
        }
        let parts = &finished.written.sheets[0].parts;
        assert_eq!(
            parts.iter().map(|(_, rows)| *rows).collect::<Vec<_>>(),
            [1_000, 1_000, 500]
        );
        let counted = recount(&finished.path).unwrap();
        assert_eq!(counted[..3], parts[..]);
        assert_eq!(
            finished.written.totals[0].value,
            (0..2_500).sum::<u32>().to_string()
        );
        assert_eq!(finished.written.sheets[0].view.rows, 2_500);
        let about = finished.range("이 파일에 대하여");
        let told = about
            .used_cells()
            .filter(|(_, _, cell)| cell.to_string().contains("다음 시트로 이어집니다"));
        assert_eq!(told.count(), 2);
    }
}

#[test]
fn a_part_that_is_exactly_full_has_no_empty_follower() {
    let limits = Limits {
        sheet_rows: 1_002,
        memory_cells: 0,
        ..Limits::default()
    };
    let finished = finish_within(vec![numbers("S", 2_000)], Lang::En, limits);
    assert_eq!(finished.sheets(), ["S", "S (2)", "About"]);
    assert_eq!(
        recount(&finished.path).unwrap()[1],
        ("S (2)".to_owned(), 1_000)
    );
}

#[test]
fn excels_own_limit_is_kept() {
    let spec = sheet("S", "numbers");
    let input = generated(spec, columns(), 1_048_577, |range| {
        vec![integers(
            &range
                .map(|row| i64::try_from(row).unwrap())
                .collect::<Vec<_>>(),
        )]
    });
    let finished = finish(vec![input]);
    let counted = recount(&finished.path).unwrap();
    let expected = [
        ("S".to_owned(), 1_048_575),
        ("S (2)".to_owned(), 2),
        ("이 파일에 대하여".to_owned(), 0),
    ];
    assert_eq!(counted, expected);
    assert_eq!(finished.cell("S (2)", 2, 0), Data::Float(1_048_576.0));
}

#[test]
fn rows_that_were_not_counted_before_continue_all_the_same() {
    let limits = Limits {
        sheet_rows: 1_002,
        memory_cells: 0,
        ..Limits::default()
    };
    let label = |rows_known: u64| {
        let sheet = workbook::SheetInput {
            rows: rows_known,
            ..numbers("주문", 1_500)
        };
        let finished = finish_within(vec![sheet], Lang::En, limits);
        (
            finished.sheets(),
            finished.cell("주문", 1_001, 0),
            finished.cell("주문 (2)", 501, 0),
        )
    };
    assert_eq!(label(10), label(1_500));
}
