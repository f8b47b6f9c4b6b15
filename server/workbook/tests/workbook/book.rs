//! Small books for the tests, and the file read back.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use jiff::tz::TimeZone;
use lang::{Lang, Text};
use report::{Column, Format, Sheet, Total};
use rows::{Bytes, CHUNK_ROWS, Chunk, ColumnData, ColumnInfo, ColumnType, Values};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use workbook::{
    About, BlockNote, Book, Codec, Limits, SheetInput, WorkbookError, Written, write_within,
};

/// An error with all its causes.
pub fn chain(error: &WorkbookError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// A sheet that shows every column of `block` as it comes.
pub fn sheet(name: &str, block: &str) -> Sheet {
    Sheet {
        name: Text::same(name),
        query: block.to_owned(),
        freeze: None,
        columns: Default::default(),
        others: true,
        empty: None,
        rules: Vec::new(),
        charts: Vec::new(),
        pivot: None,
    }
}

/// A described column.
pub fn column(title: &str, format: Option<Format>, total: Option<Total>) -> Column {
    Column {
        title: Some(Text::same(title)),
        format,
        width: None,
        total,
    }
}

/// Columns with their values.
pub type Table = Vec<(&'static str, ColumnData)>;

pub fn texts(values: &[Option<&str>]) -> ColumnData {
    let mut bytes = Bytes::default();
    for value in values {
        bytes.push(value.map(str::as_bytes));
    }
    ColumnData::Text(bytes)
}

pub fn words(values: &[&str]) -> ColumnData {
    texts(&values.iter().map(|value| Some(*value)).collect::<Vec<_>>())
}

pub fn flat<T: Copy + Default>(values: &[Option<T>]) -> Values<T> {
    let mut flat = Values::default();
    for value in values {
        flat.push(*value);
    }
    flat
}

pub fn integers(values: &[i64]) -> ColumnData {
    ColumnData::Integer(Values {
        data: values.to_vec(),
        valid: None,
    })
}

pub fn cents(values: &[i128]) -> ColumnData {
    ColumnData::Decimal {
        mantissa: Values {
            data: values.to_vec(),
            valid: None,
        },
        scale: 2,
    }
}

/// Days since 1970.
pub fn dates(values: &[i32]) -> ColumnData {
    ColumnData::Date(Values {
        data: values.to_vec(),
        valid: None,
    })
}

fn kind(data: &ColumnData) -> ColumnType {
    match data {
        ColumnData::Boolean(_) => ColumnType::Boolean,
        ColumnData::Integer(_) => ColumnType::Integer,
        ColumnData::Float(_) => ColumnType::Float,
        ColumnData::Decimal { scale, .. } => ColumnType::Decimal { scale: *scale },
        ColumnData::Text(_) => ColumnType::Text,
        ColumnData::Date(_) => ColumnType::Date,
        ColumnData::Datetime(_) => ColumnType::Datetime,
        ColumnData::Time(_) => ColumnType::Time,
        ColumnData::Duration(_) => ColumnType::Duration,
        ColumnData::Binary(_) => ColumnType::Binary,
    }
}

fn rows(data: &ColumnData) -> usize {
    match data {
        ColumnData::Boolean(values) => values.data.len(),
        ColumnData::Integer(values)
        | ColumnData::Datetime(values)
        | ColumnData::Time(values)
        | ColumnData::Duration(values) => values.data.len(),
        ColumnData::Float(values) => values.data.len(),
        ColumnData::Decimal { mantissa, .. } => mantissa.data.len(),
        ColumnData::Text(values) | ColumnData::Binary(values) => values.offsets.len() - 1,
        ColumnData::Date(values) => values.data.len(),
    }
}

/// A sheet's input of one chunk.
pub fn input(spec: Sheet, table: Table) -> SheetInput {
    let columns = table
        .iter()
        .map(|(name, data)| ColumnInfo {
            name: (*name).to_owned(),
            kind: kind(data),
            is_narrow: false,
            is_mixed: false,
            is_guess: false,
        })
        .collect();
    let rows = table.first().map_or(0, |(_, data)| rows(data));
    let chunk = Chunk {
        rows,
        columns: table.into_iter().map(|(_, data)| data).collect(),
    };
    let chunks = (rows > 0).then(|| Ok(Arc::new(chunk)));
    let block = spec.query.clone();
    SheetInput {
        spec,
        block,
        columns,
        quotients: Vec::new(),
        numbers: None,
        rows: rows as u64,
        chunks: Box::new(chunks.into_iter()),
    }
}

/// A sheet's input of `rows` rows made chunk by chunk.
pub fn generated(
    spec: Sheet,
    columns: Vec<ColumnInfo>,
    rows: u64,
    make: impl Fn(std::ops::Range<u64>) -> Vec<ColumnData> + Send + 'static,
) -> SheetInput {
    let starts = (0..rows).step_by(CHUNK_ROWS);
    let chunks = starts.map(move |start| {
        let end = (start + CHUNK_ROWS as u64).min(rows);
        Ok(Arc::new(Chunk {
            rows: usize::try_from(end - start).unwrap(),
            columns: make(start..end),
        }))
    });
    let block = spec.query.clone();
    SheetInput {
        spec,
        block,
        columns,
        quotients: Vec::new(),
        numbers: None,
        rows,
        chunks: Box::new(chunks),
    }
}

pub fn about() -> About {
    About {
        title: "월별 매출 & 목표".into(),
        report_id: "sales/monthly".into(),
        description: Some("한 행은 하루와 지역입니다.".into()),
        person: "김민지".into(),
        run_id: "0197-run".into(),
        link: Some("https://digger.example.com/runs/0197-run".into()),
        values: vec![("기간".into(), "2026-08-01 ~ 2026-08-31".into())],
        started: "2026-09-02T22:12:05Z".parse().unwrap(),
        data_time: "2026-09-02T22:10:00Z".parse().unwrap(),
        blocks: vec![BlockNote {
            block: "orders".into(),
            origin: "shop".into(),
            rows: 184_000,
        }],
        hash: "5f1c".repeat(16),
        warnings: vec![],
    }
}

/// A written file and what was said about it.
pub struct Finished {
    pub folder: TempDir,
    pub path: PathBuf,
    pub written: Written,
}

pub fn book(sheets: Vec<SheetInput>, lang: Lang, folder: &Path) -> Book {
    let zone = TimeZone::get("Asia/Seoul").unwrap();
    Book {
        sheets,
        about: about(),
        lang,
        zone,
        temp_dir: folder.to_owned(),
    }
}

pub fn finish_within(sheets: Vec<SheetInput>, lang: Lang, limits: Limits) -> Finished {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    let book = book(sheets, lang, folder.path());
    let written = write_within(
        book,
        &path,
        &mut |_| {},
        &CancellationToken::default(),
        limits,
    )
    .unwrap();
    Finished {
        folder,
        path,
        written,
    }
}

pub fn finish(sheets: Vec<SheetInput>) -> Finished {
    finish_within(sheets, Lang::Ko, Limits::default())
}

/// The same sheet kept in memory, and written by our own encoder: with shared texts, with inline texts,
/// without references, and deflated by search.
pub fn every_storage() -> [Limits; 5] {
    let large = Limits {
        memory_cells: 0,
        ..Limits::default()
    };
    [
        Limits::default(),
        large,
        Limits {
            text_bytes: 0,
            ..large
        },
        Limits {
            has_references: false,
            ..large
        },
        Limits {
            codec: Codec::Searched(1),
            ..large
        },
    ]
}

impl Finished {
    pub fn range(&self, sheet: &str) -> Range<Data> {
        let mut workbook: Xlsx<BufReader<File>> = open_workbook(&self.path).unwrap();
        workbook.worksheet_range(sheet).unwrap()
    }

    pub fn formulas(&self, sheet: &str) -> Range<String> {
        let mut workbook: Xlsx<BufReader<File>> = open_workbook(&self.path).unwrap();
        workbook.worksheet_formula(sheet).unwrap()
    }

    pub fn sheets(&self) -> Vec<String> {
        let workbook: Xlsx<BufReader<File>> = open_workbook(&self.path).unwrap();
        workbook.sheet_names()
    }

    /// The cell of a row and column counted from zero, [`Data::Empty`] outside of the sheet's range.
    pub fn cell(&self, sheet: &str, row: u32, column: u32) -> Data {
        self.range(sheet)
            .get_value((row, column))
            .cloned()
            .unwrap_or(Data::Empty)
    }

    /// Every part of the package with its text; binary parts are skipped.
    pub fn parts(&self) -> HashMap<String, String> {
        let mut archive = zip::ZipArchive::new(File::open(&self.path).unwrap()).unwrap();
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            if file.read_to_string(&mut text).is_ok() {
                parts.insert(file.name().unwrap().into_owned(), text);
            }
        }
        parts
    }

    pub fn part(&self, name: &str) -> String {
        self.parts()
            .remove(name)
            .unwrap_or_else(|| panic!("no part {name}"))
    }

    /// Excel's format code of a cell such as `D4`, found in the styles by its own path.
    pub fn code(&self, part: &str, cell: &str) -> String {
        let sheet = self.part(part);
        let at = sheet.find(&format!("<c r=\"{cell}\"")).unwrap();
        let style: usize = attribute(&sheet[at..], "s").parse().unwrap();
        let styles = self.part("xl/styles.xml");
        let cells = &styles[styles.find("<cellXfs").unwrap()..];
        let number = attribute(cells.split("<xf ").nth(style + 1).unwrap(), "numFmtId");
        let format = styles
            .find(&format!("<numFmt numFmtId=\"{number}\""))
            .unwrap();
        attribute(&styles[format..], "formatCode")
    }

    /// Codes of the warnings.
    pub fn warnings(&self) -> Vec<&str> {
        self.written
            .remarks
            .iter()
            .map(|warning| warning.code.as_str())
            .collect()
    }
}

/// The first attribute of that name in the text.
fn attribute(text: &str, name: &str) -> String {
    let begin = format!("{name}=\"");
    let from = text.find(&begin).unwrap() + begin.len();
    let until = text[from..].find('"').unwrap();
    text[from..from + until].to_owned()
}

pub fn string(text: &str) -> Data {
    Data::String(text.to_owned())
}

/// A cell that must be a date or datetime, as `2026-09-03 14:05:09`.
pub fn moment(cell: &Data) -> String {
    let Data::DateTime(moment) = cell else {
        panic!("{cell:?} is no date")
    };
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
