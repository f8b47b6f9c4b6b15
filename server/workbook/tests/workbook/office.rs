//! The file in LibreOffice: it opens, calculates, and comes to our totals.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use lang::{Lang, Text};
use report::{Chart, ChartKind, Format, Total};
use rows::{ColumnData, Values};
use workbook::Limits;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::book::*;

/// LibreOffice takes the values stored in a file for granted unless told to calculate.
const ALWAYS_CALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

/// Opens the file in LibreOffice and saves what it calculated.
fn recalculated(path: &Path, folder: &Path) -> Xlsx<std::io::BufReader<File>> {
    let profile = folder.join("profile");
    fs::create_dir_all(profile.join("user")).unwrap();
    fs::write(
        profile.join("user/registrymodifications.xcu"),
        ALWAYS_CALCULATE,
    )
    .unwrap();
    let out = folder.join("out");
    let result = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args([
            "--headless",
            "--norestore",
            "--convert-to",
            "xlsx",
            "--outdir",
        ])
        .arg(&out)
        .arg(path)
        .output()
        .expect("LibreOffice is needed for this test: install it so that `soffice` is on the PATH");
    let told = String::from_utf8_lossy(&result.stderr).into_owned();
    let file = out.join(path.file_name().unwrap());
    assert!(
        result.status.success() && file.exists(),
        "LibreOffice could not open the file: {told}"
    );
    open_workbook(file).unwrap()
}

/// Puts zeros where our totals were, so that only a calculation can bring them back.
fn forget_totals(finished: &Finished) {
    let mut archive = ZipArchive::new(File::open(&finished.path).unwrap()).unwrap();
    let path = finished.folder.path().join("forgetful.xlsx");
    let mut copy = ZipWriter::new(File::create(&path).unwrap());
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if file.name().unwrap().starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(bytes).unwrap();
            let mut pieces = text.split("</f><v>");
            let mut forgotten = pieces.next().unwrap().to_owned();
            for piece in pieces {
                forgotten.push_str("</f><v>0");
                forgotten.push_str(&piece[piece.find("</v>").unwrap()..]);
            }
            bytes = forgotten.into_bytes();
        }
        copy.start_file(
            file.name().unwrap().into_owned(),
            SimpleFileOptions::default(),
        )
        .unwrap();
        copy.write_all(&bytes).unwrap();
    }
    copy.finish().unwrap();
    fs::rename(path, &finished.path).unwrap();
}

#[test]
fn libreoffice_calculates_the_same_totals() {
    calculates_the_same_totals(Limits::default());
}

#[test]
fn libreoffice_reads_large_sheets_with_and_without_references() {
    for has_references in [true, false] {
        calculates_the_same_totals(Limits {
            memory_cells: 0,
            has_references,
            ..Limits::default()
        });
    }
}

fn calculates_the_same_totals(limits: Limits) {
    let mut spec = sheet("일별 매출", "by_day");
    let kinds = [
        ("sum", "매출 [원] #1", Total::Sum),
        ("average", "Ben's @verage", Total::Average),
        ("count", "건수 (필터)", Total::Count),
        ("min", "최소, 값", Total::Min),
        ("max", "최대: 값", Total::Max),
    ];
    spec.columns
        .insert("name".into(), column("이름", None, None));
    for (name, title, total) in kinds {
        spec.columns.insert(
            name.into(),
            column(title, Some(Format::Decimal2), Some(total)),
        );
    }
    spec.columns.insert(
        "day".into(),
        column("날짜", Some(Format::Date), Some(Total::Max)),
    );
    spec.charts = vec![Chart {
        kind: ChartKind::Line,
        title: Some(Text::same("추이")),
        x: "day".into(),
        y: vec!["sum".into()],
        series: Some("name".into()),
        rows: None,
        at: None,
    }];
    let rows = 700_i128;
    let amounts = || {
        cents(
            &(0..rows)
                .map(|row| (row * 7_919) % 1_000_003 - 250_000)
                .collect::<Vec<_>>(),
        )
    };
    let names: Vec<&str> = (0..rows)
        .map(|row| if row % 2 == 0 { "=1+1" } else { "서울" })
        .collect();
    let mut table: Table = vec![("name", words(&names))];
    table.extend(kinds.map(|(name, _, _)| (name, amounts())));
    table.push((
        "day",
        dates(&(0..700).map(|row| 20_000 + row % 31).collect::<Vec<_>>()),
    ));
    // Hours of months together, some of them negative.
    let lengths: Vec<i64> = (0..700)
        .map(|row| (row * 7_919_000_003) % 3_000_000_000_000 - 60_000_000_000)
        .collect();
    spec.columns
        .insert("worked".into(), column("근무", None, Some(Total::Sum)));
    table.push((
        "worked",
        ColumnData::Duration(Values {
            data: lengths,
            valid: None,
        }),
    ));
    let finished = finish_within(vec![input(spec, table)], Lang::Ko, limits);
    let ours: Vec<f64> = (1..8)
        .map(|column| match finished.cell("일별 매출", 701, column) {
            Data::Float(number) => number,
            Data::DateTime(moment) => moment.as_f64(),
            other => panic!("column {column} has the total {other:?}"),
        })
        .collect();
    forget_totals(&finished);
    assert_eq!(finished.cell("일별 매출", 701, 1), Data::Float(0.0));

    let mut office = recalculated(&finished.path, finished.folder.path());
    assert_eq!(office.sheet_names(), finished.sheets());
    let range = office.worksheet_range("일별 매출").unwrap();
    for (column, ours) in (1u32..).zip(ours) {
        let theirs = match range.get_value((701, column)).unwrap() {
            Data::Float(number) => *number,
            Data::DateTime(moment) => moment.as_f64(),
            other => panic!("LibreOffice has {other:?} in column {column}"),
        };
        assert!(
            (theirs - ours).abs() <= ours.abs() * 1e-12,
            "column {column}: {theirs} is not {ours}"
        );
    }
    for row in 1..=700u32 {
        let expected = string(names[row as usize - 1]);
        assert_eq!(
            range.get_value((row, 0)),
            Some(&expected),
            "a text changed in row {row}"
        );
    }
}
