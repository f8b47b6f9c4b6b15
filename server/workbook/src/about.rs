//! The last sheet: where every number of the file comes from.

use jiff::Timestamp;
use rows::{Exact, time_text};
use rust_xlsxwriter::{Url, Worksheet};

use super::WrittenSheet;
use super::cell::without_control_letters;
use super::format::CellFormat;
use super::markup::{hidden, write_text};
use super::messages::{Messages, messages, total};
use super::names;
use super::session::Session;
use super::style::Style;
use crate::WorkbookError;
use crate::error::excel;
use crate::view::ControlTotal;

/// What the "About" sheet tells besides the sheets themselves.
#[derive(Clone, Debug)]
pub struct About {
    /// The report's title.
    pub title: String,
    /// The report's id.
    pub report_id: String,
    /// What the report answers.
    pub description: Option<String>,
    /// Who ran it.
    pub person: String,
    /// The run's id.
    pub run_id: String,
    /// Address of the run's page.
    pub link: Option<String>,
    /// Labels and values people chose.
    pub values: Vec<(String, String)>,
    /// When the run began.
    pub started: Timestamp,
    /// When the oldest rows were read at their source.
    pub data_time: Timestamp,
    /// Rows of each query.
    pub blocks: Vec<BlockNote>,
    /// Hash of the report's text.
    pub hash: String,
    /// Sentences about the run in its language.
    pub warnings: Vec<String>,
}

/// A query with its rows and where they come from.
#[derive(Clone, Debug, Default)]
pub struct BlockNote {
    /// The query.
    pub block: String,
    /// The source and what of the rows was kept, in words; empty for a Polars query.
    pub origin: String,
    /// Its rows.
    pub rows: u64,
}

/// Widths of the four columns.
const WIDTHS: [f64; 4] = [22.0, 32.0, 14.0, 24.0];

/// Writes the sheet.
pub(crate) fn write(
    session: &mut Session,
    about: &About,
    sheets: &[WrittenSheet],
    totals: &[(ControlTotal, CellFormat)],
) -> Result<(), WorkbookError> {
    let words = messages(session.lang);
    let name = session.names.give(words.about);
    let mut warnings = about.warnings.clone();
    warnings.extend(
        session
            .notes
            .remarks()
            .iter()
            .map(|remark| remark.message.get(session.lang).to_owned()),
    );
    let index = session.add_worksheet(&name)?;
    let (style, zone, lang) = (session.style.clone(), session.zone.clone(), session.lang);
    let sheet = excel(session.workbook.worksheet_from_index(index))?;
    let mut page = Page {
        sheet,
        style,
        row: 0,
    };
    page.title(about)?;
    page.pair(words.report, &about.report_id)?;
    page.pair(words.person, &about.person)?;
    page.pair(words.started, &time_text::show_zoned(about.started, &zone))?;
    page.pair(
        words.data_time,
        &time_text::show_zoned(about.data_time, &zone),
    )?;
    page.pair(words.run, &about.run_id)?;
    page.link(words, about.link.as_deref())?;
    page.pair(words.revision, &about.hash)?;
    page.section(words.values, &[])?;
    if about.values.is_empty() {
        page.sentence(words.no_values)?;
    }
    for (label, value) in &about.values {
        page.pair(label, value)?;
    }
    page.section(words.sheets, &["", words.rows])?;
    for (part, rows, is_continued) in sheets.iter().flat_map(parts) {
        page.count(part, rows)?;
        if is_continued {
            page.note(words.split)?;
        }
    }
    if !about.blocks.is_empty() {
        page.section(words.queries, &["", words.rows])?;
        for note in &about.blocks {
            page.origin(&note.origin)?;
            page.count(&note.block, note.rows)?;
        }
    }
    if !totals.is_empty() {
        page.section(words.totals, &[words.column, words.kind, words.value])?;
        for (control, format) in totals {
            page.total(control, total(control.kind, lang), format)?;
        }
    }
    page.section(words.warnings, &[])?;
    if warnings.is_empty() {
        page.sentence(words.no_warnings)?;
    }
    for warning in &warnings {
        page.warning(warning)?;
    }
    page.finish()?;
    let sheet = excel(session.workbook.worksheet_from_index(index))?;
    super::print::set_up(sheet, &session.title, WIDTHS.iter().sum(), lang);
    Ok(())
}

/// Parts of a sheet with their rows, and whether another part follows.
fn parts(sheet: &WrittenSheet) -> impl Iterator<Item = (&str, u64, bool)> {
    let last = sheet.parts.len() - 1;
    sheet
        .parts
        .iter()
        .enumerate()
        .map(move |(place, (name, rows))| (name.as_str(), *rows, place < last))
}

/// The sheet, written from top to bottom.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    style: Style,
    row: u32,
}

impl Page<'_> {
    fn title(&mut self, about: &About) -> Result<(), WorkbookError> {
        let format = self.style.title();
        excel(self.sheet.set_row_height_pixels(0, 36))?;
        write_text(self.sheet, (0, 0), &clean(&about.title), &format)?;
        self.row = 1;
        if let Some(description) = &about.description {
            let description = description.trim();
            let format = self.style.text();
            let lines = lines(description, WIDTHS.iter().sum());
            excel(
                self.sheet
                    .merge_range(1, 0, 1, 3, &hidden(&clean(description)), &format),
            )?;
            self.height(1, lines)?;
            self.row = 2;
        }
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, label: &str, value: &str) -> Result<(), WorkbookError> {
        let value = clean(value);
        let text = self.style.text();
        self.label(label)?;
        excel(
            self.sheet
                .merge_range(self.row, 1, self.row, 3, &hidden(&value), &text),
        )?;
        self.height(self.row, lines(&value, WIDTHS[1..].iter().sum()))?;
        self.row += 1;
        Ok(())
    }

    fn link(&mut self, words: &Messages, link: Option<&str>) -> Result<(), WorkbookError> {
        let Some(link) = link else { return Ok(()) };
        // Excel refuses longer links, and other schemes have no place here.
        let is_web = link.starts_with("https://") || link.starts_with("http://");
        if !is_web || link.len() > 2_000 {
            return self.pair(words.link, link);
        }
        let format = self.style.link();
        self.label(words.link)?;
        let url = Url::new(link)
            .set_text(words.open_run)
            .set_tip(link.chars().take(200).collect::<String>());
        excel(self.sheet.write_url_with_format(self.row, 1, url, &format))?;
        self.row += 1;
        Ok(())
    }

    fn section(&mut self, heading: &str, columns: &[&str]) -> Result<(), WorkbookError> {
        self.row += 1;
        let (left, right) = (self.style.section(), self.style.section_of_numbers());
        write_text(self.sheet, (self.row, 0), heading, &left)?;
        let last = columns.len();
        for place in 1..4u16 {
            let at = usize::from(place);
            let column = columns.get(at - 1).copied().unwrap_or_default();
            // The last column of each list holds its numbers.
            let format = if at == last { &right } else { &left };
            write_text(self.sheet, (self.row, place), column, format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A text beside the name of the line that is written next.
    fn origin(&mut self, origin: &str) -> Result<(), WorkbookError> {
        let format = self.style.text();
        write_text(self.sheet, (self.row, 1), &clean(origin), &format)?;
        self.height(self.row, lines(origin, WIDTHS[1]))
    }

    fn count(&mut self, name: &str, rows: u64) -> Result<(), WorkbookError> {
        let format = self.style.number("#,##0");
        self.label(name)?;
        excel(
            self.sheet
                .write_number_with_format(self.row, 2, rows as f64, &format),
        )?;
        self.row += 1;
        Ok(())
    }

    /// The cell holds the whole value and looks like its column, as the totals row does.
    fn total(
        &mut self,
        control: &ControlTotal,
        kind: &str,
        format: &CellFormat,
    ) -> Result<(), WorkbookError> {
        let text = self.style.text();
        self.label(&control.sheet)?;
        write_text(self.sheet, (self.row, 1), &clean(&control.title), &text)?;
        write_text(self.sheet, (self.row, 2), kind, &text)?;
        let exact = Exact::parse(&control.value).filter(|value| value.fits_excel());
        match exact.map(Exact::to_f64).or(double(&control.value)) {
            Some(value) => {
                let format = self.style.number(&format.code());
                excel(
                    self.sheet
                        .write_number_with_format(self.row, 3, value, &format),
                )?;
            }
            // Longer numbers keep every digit as a text.
            None => {
                let shown = lang::grouped_digits(&control.value);
                let shown = if Exact::parse(&control.value).is_some() {
                    &shown
                } else {
                    &control.value
                };
                let format = self.style.number("@");
                write_text(self.sheet, (self.row, 3), shown, &format)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    fn note(&mut self, sentence: &str) -> Result<(), WorkbookError> {
        let format = self.style.sentence();
        write_text(self.sheet, (self.row, 0), sentence, &format)?;
        self.row += 1;
        Ok(())
    }

    fn sentence(&mut self, sentence: &str) -> Result<(), WorkbookError> {
        self.note(sentence)
    }

    fn warning(&mut self, warning: &str) -> Result<(), WorkbookError> {
        let format = self.style.text();
        let text = clean(warning);
        excel(
            self.sheet
                .merge_range(self.row, 0, self.row, 3, &hidden(&text), &format),
        )?;
        self.height(self.row, lines(&text, WIDTHS.iter().sum()))?;
        self.row += 1;
        Ok(())
    }

    fn label(&mut self, label: &str) -> Result<(), WorkbookError> {
        let format = self.style.label();
        write_text(self.sheet, (self.row, 0), &clean(label), &format)?;
        Ok(())
    }

    /// Merged cells do not grow with their text, so the height is ours to set.
    fn height(&mut self, row: u32, lines: u32) -> Result<(), WorkbookError> {
        if lines > 1 {
            let height = (self.style.row_height * lines).min(500);
            excel(self.sheet.set_row_height_pixels(row, height))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WorkbookError> {
        for (place, width) in (0u16..).zip(WIDTHS) {
            excel(self.sheet.set_column_width(place, width))?;
        }
        self.sheet.set_screen_gridlines(false);
        self.sheet.set_tab_color(0x1F3A5F);
        Ok(())
    }
}

/// The double whose own digits these are: the cell then holds the very same number.
fn double(digits: &str) -> Option<f64> {
    let number: f64 = digits.parse().ok()?;
    (digits.contains('.') && number.to_string() == digits).then_some(number)
}

fn clean(text: &str) -> String {
    names::cut(&without_control_letters(text).0, 32_767).to_owned()
}

/// Lines a text takes at a width.
fn lines(text: &str, width: f64) -> u32 {
    let count: f64 = text
        .lines()
        .map(|line| {
            (super::width::of_text(line) / (width * 0.92))
                .ceil()
                .max(1.0)
        })
        .sum();
    count.max(1.0) as u32
}
