//! The finished file: large sheets as they are encoded, then everything rust_xlsxwriter wrote.
//!
//! rust_xlsxwriter makes a package with all parts, in which the large sheets have only what stands before
//! and behind their rows; it remembers every cell of a table to find overlaps, so tables are declared over
//! one row as well. This module puts the rows between, gives tables their real range, and copies all
//! other parts as they are, compressed.

mod check;
mod patch;
mod texts;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use sheet::deflate::Piece;
use sheet::{Archive, ArchiveError, Entry, OpenPart, SharedTexts};
use tokio_util::sync::CancellationToken;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::markup;
use super::table::TableSpec;
use crate::WorkbookError;
pub(crate) use check::Styles;
use patch::Frame;

const BUFFER: usize = 256 * 1024;
/// The parts that stand first, with the kinds of their length. Programs that tell kinds of files apart by
/// their beginning, as `file` does, look for these.
const FIRST: [(&str, First); 3] = [
    ("[Content_Types].xml", First::List),
    ("_rels/.rels", First::Short),
    ("xl/_rels/workbook.xml.rels", First::List),
];

/// How long a part is that stands first.
enum First {
    /// It lists the other parts.
    List,
    /// It lists the five that every workbook has.
    Short,
}

/// Bytes of a short list; twice what it needs.
const SHORT_LIST: u64 = 1_536;
/// What the parts of worksheets begin with; their number follows.
const SHEETS: &str = "xl/worksheets/sheet";
const CHARTS: &str = "xl/charts/chart";

/// The file being written.
pub(crate) struct Package {
    archive: Archive<BufWriter<Stoppable<File>>>,
    path: PathBuf,
    cancel: CancellationToken,
    list_bytes: u64,
    /// Parts that stand first and are known last.
    first: Vec<OpenPart>,
    bodies: Vec<FinishedBody>,
}

/// A large sheet whose rows are in the file.
pub(crate) struct FinishedBody {
    /// The worksheet's part.
    pub part: OpenPart,
    /// What the workbook must agree with.
    pub styles: Styles,
    /// The cells it spans, such as `A1:K1000002`.
    pub range: String,
}

/// Where in the file inflating a part can begin, by the part's name.
pub type Breaks = HashMap<String, Vec<u64>>;

/// What the finished file needs to know besides the package.
pub(crate) struct Extras<'a> {
    pub tables: &'a [TableSpec],
    /// The shared texts of large sheets, and how many cells show one.
    pub texts: (SharedTexts, u64),
}

/// Why the package could not be finished.
#[derive(Debug, thiserror::Error)]
enum PackageError {
    #[error("the workbook's parts cannot be read")]
    Read(#[source] ZipError),
    #[error("part `{part}` of the workbook is not as expected: {what}")]
    Part { part: String, what: String },
    #[error(transparent)]
    Write(#[from] ArchiveError),
}

impl Package {
    /// Creates the file. `list_bytes` is what a list of all parts takes at most.
    pub(crate) fn create(
        path: &Path,
        list_bytes: u64,
        cancel: &CancellationToken,
    ) -> Result<Self, WorkbookError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
            .map_err(|error| WorkbookError::disk("create", path, error))?;
        let file = Stoppable {
            inner: file,
            cancel: cancel.clone(),
        };
        Ok(Self {
            archive: Archive::new(BufWriter::with_capacity(BUFFER, file)),
            path: path.to_owned(),
            cancel: cancel.clone(),
            list_bytes,
            first: Vec::new(),
            bodies: Vec::new(),
        })
    }

    /// Begins the worksheet at a place of the workbook, whose head has at most so many bytes.
    pub(crate) fn open(
        &mut self,
        index: usize,
        head_bytes: u64,
    ) -> Result<OpenPart, WorkbookError> {
        if self.first.is_empty() {
            self.reserve().map_err(|error| self.failed(error.into()))?;
        }
        let name = format!("{SHEETS}{}.xml", index + 1);
        let part = self.archive.open(&name, head_bytes);
        part.map_err(|error| self.failed(error.into()))
    }

    fn reserve(&mut self) -> Result<(), ArchiveError> {
        for (name, length) in FIRST {
            let bytes = match length {
                First::List => self.list_bytes,
                First::Short => SHORT_LIST,
            };
            let mut part = self.archive.open(name, bytes)?;
            self.archive.leave(&mut part, 0)?;
            self.first.push(part);
        }
        Ok(())
    }

    /// Adds rows to the worksheet begun last.
    pub(crate) fn add(&mut self, part: &mut OpenPart, piece: &Piece) -> Result<(), WorkbookError> {
        let added = self.archive.add(part, piece);
        added.map_err(|error| self.failed(error.into()))
    }

    /// Ends the worksheet begun last, whose tail has at most so many bytes.
    pub(crate) fn leave(
        &mut self,
        mut body: FinishedBody,
        tail_bytes: u64,
    ) -> Result<(), WorkbookError> {
        let left = self.archive.leave(&mut body.part, tail_bytes);
        left.map_err(|error| self.failed(error.into()))?;
        self.bodies.push(body);
        Ok(())
    }

    /// Finishes the file with the parts of rust_xlsxwriter's package.
    pub(crate) fn finish(
        mut self,
        package: File,
        extras: Extras<'_>,
    ) -> Result<Breaks, WorkbookError> {
        let parts = self.bodies.iter().map(|body| &body.part);
        let breaks = parts
            .map(|part| (part.name().to_owned(), part.pieces().to_vec()))
            .collect();
        let finished = self.assemble(BufReader::with_capacity(BUFFER, package), extras);
        let finished = finished.map_err(|error| self.failed(error));
        finished?;
        let Self {
            archive,
            path,
            cancel,
            ..
        } = self;
        archive
            .finish()
            .map_err(|error| failed(&path, &cancel, error.into()))?;
        Ok(breaks)
    }

    fn assemble(
        &mut self,
        package: impl Read + Seek,
        extras: Extras<'_>,
    ) -> Result<(), PackageError> {
        let mut package = ZipArchive::new(package).map_err(PackageError::Read)?;
        let (texts, cells) = extras.texts;
        let list = if texts.is_empty() {
            None
        } else {
            let list = text_of(&mut package, texts::PART)?;
            let list = markup::shown_in_list(&list);
            Some(texts::Frame::of(&list, &texts, cells)?)
        };
        // The table that finds them is not needed any more, and takes the most memory.
        let texts = list
            .as_ref()
            .map(|list| texts.finish(&list.head, &list.tail));
        if !self.bodies.is_empty() {
            let styles = text_of(&mut package, "xl/styles.xml")?;
            for body in &self.bodies {
                body.styles.check_workbook(&styles)?;
            }
        }
        for index in 0..package.len() {
            let name = {
                let part = package.by_index_raw(index).map_err(PackageError::Read)?;
                part.name().map_err(PackageError::Read)?.into_owned()
            };
            let body = self.bodies.iter().position(|body| body.part.name() == name);
            if let Some(body) = body {
                let body = self.bodies.swap_remove(body);
                let text = sheet_of(&mut package, &name, list.as_ref())?;
                let frame = Frame::of(&name, &text, &body.range)?;
                body.styles.check_sheet(&name, &frame.head)?;
                let (head, tail) = (frame.head.as_bytes(), frame.tail.as_bytes());
                self.archive.close(body.part, head, tail)?;
            } else if let Some(first) = self.first.iter().position(|part| part.name() == name) {
                let part = self.first.swap_remove(first);
                let text = text_of(&mut package, &name)?;
                self.archive.close(part, text.as_bytes(), b"")?;
            } else if let Some(table) =
                table_number(&name).and_then(|number| extras.tables.get(number - 1))
            {
                let text = text_of(&mut package, &name)?;
                let text = table.patched(&markup::shown_in_attributes(&text));
                self.archive.put(&name, text.as_bytes())?;
            } else if name == texts::PART {
                match &texts {
                    Some(pieces) => self.archive.put_pieces(&name, pieces)?,
                    None => {
                        let text = text_of(&mut package, &name)?;
                        let text = markup::shown_in_list(&text);
                        self.archive.put(&name, text.as_bytes())?;
                    }
                }
            } else if list.is_some() && name.starts_with(SHEETS) {
                let text = sheet_of(&mut package, &name, list.as_ref())?;
                self.archive.put(&name, text.as_bytes())?;
            } else if name.starts_with(CHARTS) {
                let text = text_of(&mut package, &name)?;
                let text = markup::shown_in_chart(&text);
                self.archive.put(&name, text.as_bytes())?;
            } else {
                self.copy(&mut package, index, name)?;
            }
        }
        let bodies = self.bodies.iter().map(|body| &body.part);
        match bodies.chain(&self.first).next() {
            None => Ok(()),
            Some(part) => Err(PackageError::Part {
                part: part.name().to_owned(),
                what: "it is missing".to_owned(),
            }),
        }
    }

    fn copy<R: Read + Seek>(
        &mut self,
        package: &mut ZipArchive<R>,
        index: usize,
        name: String,
    ) -> Result<(), PackageError> {
        let mut part = package.by_index_raw(index).map_err(PackageError::Read)?;
        let method = match part.compression() {
            CompressionMethod::Stored => 0,
            CompressionMethod::Deflated => 8,
            other => {
                return Err(PackageError::Part {
                    part: name,
                    what: format!("it is compressed by {other}"),
                });
            }
        };
        let entry = Entry {
            name,
            method,
            checksum: part.crc32(),
            length: part.size(),
            packed: part.compressed_size(),
        };
        Ok(self.archive.copy(entry, &mut part)?)
    }

    fn failed(&self, error: PackageError) -> WorkbookError {
        failed(&self.path, &self.cancel, error)
    }
}

fn failed(path: &Path, cancel: &CancellationToken, error: PackageError) -> WorkbookError {
    if cancel.is_cancelled() {
        return WorkbookError::Cancelled;
    }
    match error {
        PackageError::Write(ArchiveError::Io(source))
        | PackageError::Read(ZipError::Io(source)) => WorkbookError::disk("write", path, source),
        other => WorkbookError::Package {
            action: "finish",
            source: Box::new(other),
        },
    }
}

fn text_of<R: Read + Seek>(
    package: &mut ZipArchive<R>,
    name: &str,
) -> Result<String, PackageError> {
    let mut part = package.by_name(name).map_err(PackageError::Read)?;
    let mut text = String::new();
    part.read_to_string(&mut text)
        .map_err(|error| PackageError::Read(error.into()))?;
    Ok(text)
}

/// A worksheet, whose texts have their numbers in the list.
fn sheet_of<R: Read + Seek>(
    package: &mut ZipArchive<R>,
    name: &str,
    list: Option<&texts::Frame>,
) -> Result<String, PackageError> {
    let text = text_of(package, name)?;
    match list {
        Some(list) => list.renumbered(name, &text),
        None => Ok(text),
    }
}

fn table_number(part: &str) -> Option<usize> {
    part.strip_prefix("xl/tables/table")?
        .strip_suffix(".xml")?
        .parse()
        .ok()
}

/// Asks before every piece whether somebody wants the writing to stop.
#[derive(Debug)]
pub(crate) struct Stoppable<W> {
    pub inner: W,
    pub cancel: CancellationToken,
}

impl<W: Write> Write for Stoppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Seek> Seek for Stoppable<W> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
