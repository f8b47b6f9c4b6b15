//! The archive, read by the zip crate.

use std::io::{Cursor, Read};

use sheet::deflate::Piece;
use sheet::{Archive, ArchiveError, Entry};
use zip::ZipArchive;

fn read(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// Without the blanks that fill rooms.
fn bare(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap().replace(' ', "")
}

#[test]
fn heads_and_tails_are_filled_in_after_the_rows() {
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    let mut first = archive.open("[Content_Types].xml", 1_000).unwrap();
    archive.leave(&mut first, 0).unwrap();
    let mut parts = Vec::new();
    for name in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let mut part = archive.open(name, 100_000).unwrap();
        for row in 0..3 {
            let row = format!("<row r=\"{row}\">{name}</row>");
            archive
                .add(&mut part, &Piece::of(row.as_bytes(), 1))
                .unwrap();
        }
        archive.leave(&mut part, 70_000).unwrap();
        parts.push(part);
    }
    archive.put("xl/styles.xml", b"<styles/>").unwrap();
    archive.close(first, b"<Types/>", b"").unwrap();
    for part in parts.into_iter().rev() {
        archive.close(part, b"<head>", &[b'x'; 70_000]).unwrap();
    }
    let file = archive.finish().unwrap();
    let mut read_back = ZipArchive::new(file).unwrap();
    assert_eq!(read_back.len(), 4);
    assert_eq!(
        bare(&read(&mut read_back, "[Content_Types].xml")),
        "<Types/>"
    );
    assert_eq!(read(&mut read_back, "xl/styles.xml"), b"<styles/>");
    for name in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let text = bare(&read(&mut read_back, name));
        let rows: String = (0..3)
            .map(|row| format!("<rowr=\"{row}\">{name}</row>"))
            .collect();
        assert_eq!(text, format!("<head>{rows}{}", "x".repeat(70_000)));
    }
}

#[test]
fn parts_are_taken_over_as_they_are() {
    let mut source = Archive::new(Cursor::new(Vec::new()));
    source.put("a", &[7; 5_000]).unwrap();
    let source = source.finish().unwrap().into_inner();
    let mut from = ZipArchive::new(Cursor::new(source.clone())).unwrap();
    let entry = {
        let file = from.by_index_raw(0).unwrap();
        Entry {
            name: "b".to_owned(),
            method: 8,
            checksum: file.crc32(),
            length: file.size(),
            packed: file.compressed_size(),
        }
    };
    let start = usize::try_from(from.by_index_raw(0).unwrap().data_start().unwrap()).unwrap();
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    archive.copy(entry.clone(), &mut &source[start..]).unwrap();
    let too_short = Archive::new(Cursor::new(Vec::new())).copy(entry, &mut &source[..3]);
    assert!(matches!(too_short, Err(ArchiveError::Io(_))));
    let mut copied = ZipArchive::new(archive.finish().unwrap()).unwrap();
    assert_eq!(read(&mut copied, "b"), [7; 5_000]);
}

#[test]
fn a_head_longer_than_its_room_is_refused() {
    let mut archive = Archive::new(Cursor::new(Vec::new()));
    let mut part = archive.open("sheet.xml", 10).unwrap();
    archive.leave(&mut part, 10).unwrap();
    let noise: Vec<u8> = (0..10_000u32)
        .map(|at| (at.wrapping_mul(2_654_435_769) >> 24) as u8)
        .collect();
    let error = archive.close(part, &noise, b"").unwrap_err();
    assert!(error.to_string().contains("`sheet.xml`"), "{error}");
}

/// Every length of a head must be filled exactly, also where a whole stored block would leave no room
/// for another.
#[test]
fn rooms_of_any_size_are_filled_exactly() {
    for bytes in (0..40).chain(65_500..65_560).chain(131_000..131_100) {
        let mut archive = Archive::new(Cursor::new(Vec::new()));
        let mut part = archive.open("a", bytes).unwrap();
        archive.leave(&mut part, bytes / 2).unwrap();
        archive.close(part, b"", b"").unwrap();
        let mut read_back = ZipArchive::new(archive.finish().unwrap()).unwrap();
        assert_eq!(bare(&read(&mut read_back, "a")), "");
    }
}
