//! The recount: broken files, missing rows, cancelled and failing writes.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use lang::Lang;
use report::{Format, Total};
use tokio_util::sync::CancellationToken;
use workbook::{WorkbookError, recount, write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::book::*;

fn finished() -> Finished {
    let mut spec = sheet("주문 & 반품", "orders");
    spec.columns
        .insert("n".into(), column("N", Some(Format::Int), Some(Total::Sum)));
    let numbers: Vec<i64> = (0..500).collect();
    finish(vec![
        input(spec, vec![("n", integers(&numbers))]),
        input(sheet("빈", "none"), vec![("n", integers(&[]))]),
    ])
}

/// A copy of the package with one part changed.
fn changed(finished: &Finished, part: &str, change: impl Fn(String) -> String) -> PathBuf {
    let mut archive = ZipArchive::new(File::open(&finished.path).unwrap()).unwrap();
    let path = finished.folder.path().join("changed.xlsx");
    let mut copy = ZipWriter::new(File::create(&path).unwrap());
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == part {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        copy.start_file(name, SimpleFileOptions::default()).unwrap();
        copy.write_all(&bytes).unwrap();
    }
    copy.finish().unwrap();
    path
}

fn refusal(path: &Path) -> String {
    chain(&recount(path).unwrap_err())
}

#[test]
fn a_whole_file_has_all_its_rows() {
    let finished = finished();
    let expected = [("주문 & 반품", 500), ("빈", 0), ("이 파일에 대하여", 0)];
    assert_eq!(
        recount(&finished.path).unwrap(),
        expected.map(|(name, rows)| (name.to_owned(), rows))
    );
}

#[test]
fn a_missing_row_is_found() {
    let finished = finished();
    let path = changed(&finished, "xl/worksheets/sheet1.xml", |text| {
        let start = text.find("<row r=\"77\"").unwrap();
        let end = start + text[start..].find("</row>").unwrap() + "</row>".len();
        format!("{}{}", &text[..start], &text[end..])
    });
    let refusal = refusal(&path);
    assert!(
        refusal.contains("spans 500 rows, but 499 are there"),
        "{refusal}"
    );
}

#[test]
fn a_row_missing_from_the_table_as_well_is_a_smaller_number() {
    let finished = finished();
    let without_last = |text: String| {
        let start = text.find("<row r=\"501\"").unwrap();
        let end = start + text[start..].find("</row>").unwrap() + "</row>".len();
        format!("{}{}", &text[..start], &text[end..])
    };
    let sheet = changed(&finished, "xl/worksheets/sheet1.xml", without_last);
    fs::rename(&sheet, &finished.path).unwrap();
    let both = changed(&finished, "xl/tables/table1.xml", |text| {
        text.replace("A1:A502", "A1:A501")
    });
    assert_eq!(recount(&both).unwrap()[0].1, 499);
}

#[test]
fn a_shortened_file_is_refused() {
    let finished = finished();
    let bytes = fs::read(&finished.path).unwrap();
    for keep in [0, 100, bytes.len() / 2, bytes.len() - 30] {
        fs::write(&finished.path, &bytes[..keep]).unwrap();
        assert!(
            recount(&finished.path).is_err(),
            "{keep} of {} bytes",
            bytes.len()
        );
    }
}

#[test]
fn a_flipped_bit_is_refused_wherever_it_is() {
    let finished = finished();
    let bytes = fs::read(&finished.path).unwrap();
    let mut archive = ZipArchive::new(File::open(&finished.path).unwrap()).unwrap();
    for index in 0..archive.len() {
        let file = archive.by_index(index).unwrap();
        let place =
            usize::try_from(file.data_start().unwrap() + file.compressed_size() / 2).unwrap();
        let mut broken = bytes.clone();
        broken[place] ^= 0x10;
        let path = finished.folder.path().join("broken.xlsx");
        fs::write(&path, broken).unwrap();
        assert!(
            recount(&path).is_err(),
            "{} is broken and nobody noticed",
            file.name().unwrap()
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_a_disk_error() {
    let error = recount(Path::new("nowhere/book.xlsx")).unwrap_err();
    assert!(matches!(error, WorkbookError::Disk { .. }), "{error:?}");
}

#[test]
fn a_cancelled_write_stops_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let numbers: Vec<i64> = (0..100).collect();
    let book = book(
        vec![input(sheet("S", "q"), vec![("n", integers(&numbers))])],
        Lang::Ko,
        folder.path(),
    );
    let cancel = CancellationToken::default();
    let flag = cancel.clone();
    let mut seen = Vec::new();
    let mut progress = |rows| {
        seen.push(rows);
        flag.cancel();
    };
    let error = write(book, &folder.path().join("x"), &mut progress, &cancel).unwrap_err();
    assert!(matches!(error, WorkbookError::Cancelled));
    assert_eq!(seen, [100]);
}

#[test]
fn an_error_of_the_rows_is_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = input(sheet("S", "q"), vec![("n", integers(&[1]))]);
    let first = broken.chunks.next().unwrap();
    let failing = Err(WorkbookError::Input("the stage is gone".into()));
    broken.chunks = Box::new([first, failing].into_iter());
    let book = book(vec![broken], Lang::Ko, folder.path());
    let error = write(
        book,
        &folder.path().join("x"),
        &mut |_| {},
        &CancellationToken::default(),
    )
    .unwrap_err();
    let WorkbookError::Input(cause) = error else {
        panic!("{error:?}")
    };
    assert_eq!(cause.to_string(), "the stage is gone");
}

#[test]
fn a_folder_that_is_not_there_is_a_disk_error() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let book = book(
        vec![input(sheet("S", "q"), vec![("n", integers(&[1]))])],
        Lang::Ko,
        &gone,
    );
    let error = write(
        book,
        &folder.path().join("x"),
        &mut |_| {},
        &CancellationToken::default(),
    )
    .unwrap_err();
    assert!(matches!(error, WorkbookError::Disk { .. }), "{error:?}");
}

#[test]
fn no_temporary_file_is_left_behind() {
    let finished = finished();
    let left: Vec<_> = fs::read_dir(finished.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["book.xlsx"]);
}
