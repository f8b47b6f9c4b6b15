//! Splits the values of a column: those its type and format show as they are, and the exceptions that need a cell of
//! their own.

use std::borrow::Cow;
use std::ops::Range;

use jiff::tz::TimeZone;
use lang::Lang;
use rows::{Bytes, ColumnData, ColumnType, EXCEL_DIGITS, Values};
use sheet::{Odd, Special, TextId};

use super::Noted;
use super::rows::{Classified, Kept};
use super::texts::{ColumnTexts, Texts};
use crate::cell::{Cell, cell, is_mistakable};
use crate::columns::{Planned, refine};
use crate::excel_time;
use crate::format::CellFormat;
use crate::notes::Note;
use crate::totals::Totaller;
use crate::value::Value;

/// Numbers below this have no more digits than Excel keeps.
const SHORT: u128 = 10u128.pow(EXCEL_DIGITS);

/// Judges the values of one column.
pub(super) struct Classifier {
    way: Way,
    texts: ColumnTexts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Values of a type that the column's format shows as they are.
    Flat,
    /// Texts that stay texts.
    Text,
    /// Every value is made a cell of: the format wants something else than the type.
    OneByOne,
}

/// What is shared while the columns of a chunk are classified: what it needs, and the notes it makes.
pub(super) struct Scene<'a> {
    pub texts: &'a mut Texts,
    pub zone: &'a TimeZone,
    pub lang: Lang,
    pub notes: Vec<Noted>,
}

/// One column of one chunk while its rows are classified.
struct ColumnPass<'a, 'b> {
    place: usize,
    column: &'a Planned,
    rows: Range<usize>,
    texts: &'a mut ColumnTexts,
    scene: &'a mut Scene<'b>,
    special: Vec<Special>,
    /// Where this column's notes begin.
    notes_from: usize,
}

impl Classifier {
    pub(super) fn new(column: &Planned) -> Self {
        let format = &column.format;
        let is_text = *format == CellFormat::Text;
        let is_own = match column.kind {
            ColumnType::Boolean => true,
            ColumnType::Integer | ColumnType::Decimal { .. } | ColumnType::Float => {
                !is_text && !format.is_moment()
            }
            ColumnType::Date | ColumnType::Datetime | ColumnType::Time => !is_text,
            // Few columns hold lengths of time, and nothing is won by writing them faster.
            ColumnType::Duration | ColumnType::Text | ColumnType::Binary => false,
        };
        let way = match column.kind {
            _ if is_own => Way::Flat,
            ColumnType::Text if !format.is_moment() && !format.is_number() => Way::Text,
            _ => Way::OneByOne,
        };
        Self {
            way,
            texts: ColumnTexts::new(),
        }
    }

    /// Decides about rows of a chunk and adds their values to the total.
    pub(super) fn classify(
        &mut self,
        place: usize,
        column: &Planned,
        data: &ColumnData,
        rows: Range<usize>,
        total: Option<&mut Totaller>,
        scene: &mut Scene<'_>,
    ) -> Classified {
        let notes_from = scene.notes.len();
        let mut hearing = ColumnPass {
            place,
            column,
            rows: rows.clone(),
            texts: &mut self.texts,
            scene,
            special: Vec::new(),
            notes_from,
        };
        let kept = match (self.way, data) {
            (Way::Flat, data) => {
                hearing.flat(data);
                Kept::Flat
            }
            (Way::Text, ColumnData::Text(texts)) => Kept::Texts(hearing.texts(texts)),
            (_, data) => {
                hearing.one_by_one(data, total);
                return Classified {
                    source: column.source,
                    kept: Kept::Nothing,
                    special: hearing.special,
                };
            }
        };
        let special = hearing.special;
        if let Some(total) = total {
            total.add_column(data, rows);
        }
        Classified {
            source: column.source,
            kept,
            special,
        }
    }
}

impl ColumnPass<'_, '_> {
    /// Looks for values that Excel cannot hold as they are.
    fn flat(&mut self, data: &ColumnData) {
        match data {
            ColumnData::Boolean(_) => {}
            ColumnData::Integer(values) => {
                self.odd_ones(data, values, |number| {
                    u128::from(number.unsigned_abs()) >= SHORT
                });
            }
            ColumnData::Decimal { mantissa, .. } => {
                self.odd_ones(data, mantissa, |number| number.unsigned_abs() >= SHORT);
            }
            ColumnData::Float(values) => self.odd_ones(data, values, |number| !number.is_finite()),
            ColumnData::Date(values) => {
                self.odd_ones(data, values, |days| {
                    !excel_time::DAYS.contains(&i64::from(days))
                });
            }
            ColumnData::Datetime(values) => {
                self.odd_ones(data, values, |micros| !excel_time::MICROS.contains(&micros));
            }
            ColumnData::Time(values) => self.odd_ones(data, values, |micros| micros < 0),
            ColumnData::Duration(_) | ColumnData::Text(_) | ColumnData::Binary(_) => {
                unreachable!("these are never written as they are")
            }
        }
    }

    fn odd_ones<T: Copy>(
        &mut self,
        data: &ColumnData,
        values: &Values<T>,
        is_odd: impl Fn(T) -> bool,
    ) {
        let from = self.rows.start;
        for (row, value) in values.data[self.rows.clone()].iter().enumerate() {
            // What absent values hold means nothing.
            let is_there = |valid: &Vec<bool>| valid[from + row];
            if is_odd(*value) && values.valid.as_ref().is_none_or(is_there) {
                self.one(data, row);
            }
        }
    }

    /// A value that may have to be changed.
    #[cold]
    fn one(&mut self, data: &ColumnData, row: usize) {
        let value = Value::at(data, self.rows.start + row);
        let (cell, note) = cell(value, self.column, self.scene.lang);
        self.note(row, note);
        // Long numbers with zeros at their end fit all the same.
        if note.is_some() || !matches!(cell, Cell::Number(_)) {
            self.special(row, cell);
        }
    }

    fn one_by_one(&mut self, data: &ColumnData, mut total: Option<&mut Totaller>) {
        for row in 0..self.rows.len() {
            let value = Value::at(data, self.rows.start + row);
            let value = refine(value, &self.column.format, self.scene.zone);
            let (cell, note) = cell(value, self.column, self.scene.lang);
            self.note(row, note);
            if let Some(total) = total.as_deref_mut() {
                total.add(&value, &cell);
            }
            if cell != Cell::Empty {
                self.special(row, cell);
            }
        }
        self.texts.end_chunk(self.scene.texts);
    }

    fn texts(&mut self, data: &Bytes) -> Vec<TextId> {
        let mut ids = Vec::with_capacity(self.rows.len());
        // Rows are often sorted by a text, and then to compare is faster than to look up.
        let (is_sorted, mut repeated) = (self.texts.is_sorted(), 0);
        let (mut last, mut last_id) = (&[][..], TextId::NONE);
        for row in 0..self.rows.len() {
            let text = data.at(self.rows.start + row).unwrap_or_default();
            let id = if is_sorted && text == last && last_id.index().is_some() {
                self.scene.texts.count_cell();
                last_id
            } else {
                last = text;
                self.text(row, text)
            };
            repeated += usize::from(id == last_id);
            last_id = id;
            ids.push(id);
        }
        self.texts.note_sorted(repeated * 2 > self.rows.len());
        self.texts.end_chunk(self.scene.texts);
        ids
    }

    /// Where a text stands.
    fn text(&mut self, row: usize, bytes: &[u8]) -> TextId {
        if bytes.is_empty() {
            return TextId::NONE;
        }
        if let Some(id) = self.texts.find(self.scene.texts, bytes) {
            return id;
        }
        let text = simdutf8::basic::from_utf8(bytes).expect("text columns hold UTF-8");
        let (cell, note) = cell(Value::Text(text), self.column, self.scene.lang);
        self.note(row, note);
        let is_quoted = match cell {
            Cell::Text(Cow::Borrowed(_)) => false,
            Cell::QuotedText(Cow::Borrowed(_)) => true,
            changed => {
                self.special(row, changed);
                return TextId::NONE;
            }
        };
        self.texts
            .add(self.scene.texts, text, is_quoted)
            .unwrap_or_else(|| TextId::inline(is_quoted))
    }

    fn special(&mut self, row: usize, cell: Cell<'_>) {
        let mut text = |text: Cow<'_, str>, is_quoted| {
            let known = self.texts.find(self.scene.texts, text.as_bytes());
            let known = known.or_else(|| {
                let is_mistakable = is_mistakable(&text);
                self.texts.add(self.scene.texts, &text, is_mistakable)
            });
            match known.and_then(TextId::index) {
                // The same text is quoted here and not there: a number with all its digits, or a code.
                Some(index) => Odd::Shared(TextId::shared(index, is_quoted)),
                None => Odd::Text {
                    text: text.into(),
                    is_quoted,
                },
            }
        };
        let cell = match cell {
            Cell::Empty => Odd::Empty,
            Cell::Number(number) => Odd::Number(number),
            Cell::PlainNumber(number) => Odd::PlainNumber(number),
            Cell::Boolean(value) => Odd::Boolean(value),
            Cell::Text(of) => text(of, false),
            Cell::QuotedText(of) => text(of, true),
        };
        self.special.push(Special { row, cell });
    }

    fn note(&mut self, row: usize, note: Option<Note>) {
        let Some(note) = note else { return };
        let notes = &mut self.scene.notes[self.notes_from..];
        match notes.iter_mut().find(|noted| noted.note == note) {
            Some(noted) => noted.count += 1,
            None => self.scene.notes.push(Noted {
                row,
                place: self.place,
                note,
                count: 1,
            }),
        }
    }
}
