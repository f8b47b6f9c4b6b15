//! Rows staged = rows written = rows counted in the finished file.

use report::Sheet;
use workbook::WrittenSheet;

use crate::EngineError;
use crate::pipeline::Staged;

/// Compares the counts of every sheet, each taken independently of the others.
///
/// A pivot turns many rows into few: what it took in is compared with the stage, and what it put
/// out with the finished file.
///
/// # Errors
/// [`EngineError::Proof`] for the first sheet whose counts differ.
pub(super) fn rows_agree(
    sheets: &[Sheet],
    staged: &Staged,
    written: &[WrittenSheet],
    counted: &[(String, u64)],
) -> Result<(), EngineError> {
    same(
        "the workbook's sheets",
        sheets.len() as u64,
        written.len() as u64,
        "in the list of written sheets",
    )?;
    for (sheet, written) in sheets.iter().zip(written) {
        let name = &written.name;
        let rows = staged.get(&sheet.query).map_or(0, |answer| answer.rows);
        same(
            name,
            rows,
            written.read,
            "among the rows taken for the sheet",
        )?;
        if sheet.pivot.is_none() {
            same(name, rows, written.rows, "among the rows written")?;
        }
        let parts: u64 = written.parts.iter().map(|(_, rows)| rows).sum();
        same(name, written.rows, parts, "in the parts of the sheet")?;
        for (part, rows) in &written.parts {
            let found = counted
                .iter()
                .find(|(name, _)| name == part)
                .map_or(0, |(_, rows)| *rows);
            same(part, *rows, found, "in the finished file")?;
        }
    }
    let expected: u64 = written.iter().map(|sheet| sheet.rows).sum();
    let found: u64 = counted.iter().map(|(_, rows)| rows).sum();
    same(
        "the whole workbook",
        expected,
        found,
        "in the finished file",
    )
}

fn same(what: &str, expected: u64, found: u64, place: &'static str) -> Result<(), EngineError> {
    if expected == found {
        Ok(())
    } else {
        Err(EngineError::Proof {
            what: what.to_owned(),
            expected,
            found,
            place,
        })
    }
}

#[cfg(test)]
mod tests {
    use lang::Lang;

    use super::*;
    use crate::SheetView;
    use crate::stage::Answer;

    const TEXT: &str = r#"/*--- report
title = "Orders"
---*/

-- name: orders
-- source: shop
SELECT id FROM orders;
"#;

    fn proof(
        staged: u64,
        read: u64,
        written: u64,
        parts: &[(&str, u64)],
        counted: &[(&str, u64)],
    ) -> Result<(), EngineError> {
        let (report, _) = report::parse("a/b".parse().unwrap(), TEXT);
        let sheets = report.unwrap().workbook.sheets;
        let answer = Answer::of_rows(staged);
        let owned = |pairs: &[(&str, u64)]| {
            pairs
                .iter()
                .map(|(name, rows)| ((*name).to_owned(), *rows))
                .collect()
        };
        let view = SheetView {
            name: "orders".into(),
            rows: written,
            columns: Vec::new(),
            preview: Vec::new(),
            totals: None,
            empty: None,
            charts: Vec::new(),
        };
        let written = WrittenSheet {
            name: "orders".into(),
            rows: written,
            read,
            parts: owned(parts),
            view,
        };
        let counted: Vec<_> = owned(counted);
        rows_agree(
            &sheets,
            &Staged::from([("orders".to_owned(), answer)]),
            &[written],
            &counted,
        )
    }

    #[test]
    fn equal_counts_prove_the_file() {
        proof(
            5,
            5,
            5,
            &[("orders", 3), ("orders (2)", 2)],
            &[("orders", 3), ("orders (2)", 2), ("About", 0)],
        )
        .unwrap();
    }

    #[test]
    fn a_single_row_too_few_or_too_many_anywhere_withholds_the_file() {
        for wrong in [
            proof(5, 4, 5, &[("orders", 5)], &[("orders", 5)]),
            proof(5, 5, 4, &[("orders", 4)], &[("orders", 4)]),
            proof(5, 5, 5, &[("orders", 4)], &[("orders", 4)]),
            proof(5, 5, 5, &[("orders", 5)], &[("orders", 4)]),
            proof(5, 5, 5, &[("orders", 5)], &[("orders", 6)]),
            proof(5, 5, 5, &[("orders", 5)], &[]),
            proof(
                5,
                5,
                5,
                &[("orders", 3), ("orders (2)", 2)],
                &[("orders", 2), ("orders (2)", 3)],
            ),
            proof(
                5,
                5,
                5,
                &[("orders", 5)],
                &[("orders", 5), ("orders (2)", 1)],
            ),
        ] {
            let error = wrong.unwrap_err();
            assert_eq!(error.code(), "run::proof");
            assert!(error.message().get(Lang::En).contains("withheld"));
            assert!(
                error
                    .message()
                    .get(Lang::Ko)
                    .contains("내보내지 않았습니다")
            );
        }
    }
}
