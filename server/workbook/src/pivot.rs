//! A pivot: the values of one column become columns, and numbers are summed into cells.
//!
//! The result is an ordinary sheet's rows again, so that it gets its table, totals and formats like any
//! other. Sums are exact, those of lengths of time as well. Texts, moments and truth values cannot be summed: a cell shows theirs, and
//! people are told when it had to choose.

use std::collections::HashMap;

use indexmap::IndexSet;
use lang::Lang;
use report::{Pivot, Total};
use rows::time_text::{self, Detail};
use rows::{CHUNK_ROWS, Chunk, ColumnData, ColumnType, Exact};

use super::columns::{MAX_COLUMNS, Planned, grouped, refine};
use super::messages::messages;
use super::names;
use super::notes::Note;
use super::totals::Sum;
use super::value::{Key, Value};
use crate::WorkbookError;

/// The most filled cells held in memory, about 100 MB at worst.
const MAX_CELLS: usize = 1_000_000;

/// Gathers the rows of a pivot.
pub(crate) struct Pivoting {
    sheet: String,
    rows: Vec<Planned>,
    column: Planned,
    values: Planned,
    has_total: bool,
    found_rows: IndexSet<Vec<Key>>,
    found_columns: IndexSet<Key>,
    cells: HashMap<(usize, usize), Gathered>,
    /// What became of values, how often, and in which cell first.
    notes: Vec<(Note, u64, (usize, usize))>,
}

/// What a cell of the pivot has so far.
enum Gathered {
    Sum(Sum),
    /// The first value, where values are no numbers.
    One(Key),
}

/// A finished pivot: columns and rows of a sheet.
pub(crate) struct Pivoted {
    pub columns: Vec<Planned>,
    pub chunks: Vec<Chunk>,
    pub rows: u64,
    /// What became of values, how often, and the row and column of the first, from zero.
    pub notes: Vec<(Note, u64, (u32, u16))>,
    /// Whether totals were asked of values that have none.
    pub is_total_in_vain: bool,
}

impl Pivoting {
    /// The names of columns the query lacks, if any.
    pub(crate) fn new(
        sheet: &str,
        pivot: &Pivot,
        columns: &[Planned],
    ) -> Result<Self, Vec<String>> {
        let find = |name: &String| columns.iter().find(|column| column.name == *name).cloned();
        let asked: Vec<&String> = pivot
            .rows
            .iter()
            .chain([&pivot.columns, &pivot.values])
            .collect();
        let missing: Vec<String> = asked
            .iter()
            .filter(|name| find(name).is_none())
            .map(|name| (*name).clone())
            .collect();
        let (Some(column), Some(values), true) = (
            find(&pivot.columns),
            find(&pivot.values),
            missing.is_empty(),
        ) else {
            return Err(missing);
        };
        Ok(Self {
            sheet: sheet.to_owned(),
            rows: pivot.rows.iter().filter_map(find).collect(),
            column,
            values,
            has_total: pivot.total,
            found_rows: IndexSet::new(),
            found_columns: IndexSet::new(),
            cells: HashMap::new(),
            notes: Vec::new(),
        })
    }

    /// Whether the values are numbers, which are summed.
    fn is_summed(&self) -> bool {
        let format = &self.values.format;
        let kind = self.values.kind;
        let is_summed = kind.is_numeric() || kind == ColumnType::Duration;
        format.is_number() || (is_summed && !format.is_moment())
    }

    /// Adds the rows of a chunk.
    ///
    /// # Errors
    /// [`WorkbookError::PivotTooLarge`] when no sheet could show the result.
    pub(crate) fn see(
        &mut self,
        chunk: &Chunk,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(), WorkbookError> {
        for row in 0..chunk.rows {
            let value = |column: &Planned| {
                refine(
                    Value::at(&chunk.columns[column.source], row),
                    &column.format,
                    zone,
                )
            };
            let group = |column: &Planned| Key::of(&grouped(value(column), &column.format));
            let key: Vec<Key> = self.rows.iter().map(group).collect();
            let (place, _) = self.found_rows.insert_full(key);
            let (column, _) = self.found_columns.insert_full(group(&self.column));
            let value = value(&self.values);
            self.gather((place, column), &value);
        }
        let width = self.rows.len() + self.found_columns.len() + usize::from(self.has_total);
        let too_large = |what, limit| WorkbookError::PivotTooLarge {
            sheet: self.sheet.clone(),
            what,
            limit,
        };
        if width > MAX_COLUMNS {
            return Err(too_large("columns", MAX_COLUMNS));
        }
        if self.cells.len() > MAX_CELLS || self.found_rows.len() > MAX_CELLS {
            return Err(too_large("cells", MAX_CELLS));
        }
        Ok(())
    }

    fn gather(&mut self, at: (usize, usize), value: &Value<'_>) {
        if matches!(value, Value::Null | Value::Text("")) {
            return;
        }
        let note = if self.is_summed() {
            let is_number = match value {
                Value::Number(_) | Value::Duration(_) => true,
                Value::Float(number) => number.is_finite(),
                _ => false,
            };
            if is_number {
                let cell = self.cells.entry(at);
                if let Gathered::Sum(sum) = cell.or_insert_with(|| Gathered::Sum(Sum::default())) {
                    sum.add(value);
                }
            }
            (!is_number).then_some(Note::LeftOutOfPivot)
        } else {
            let key = Key::of(value);
            let first = self
                .cells
                .entry(at)
                .or_insert_with(|| Gathered::One(key.clone()));
            matches!(first, Gathered::One(first) if *first != key).then_some(Note::OneOfSeveral)
        };
        if let Some(note) = note {
            match self.notes.iter_mut().find(|(known, ..)| *known == note) {
                Some((_, count, _)) => *count += 1,
                None => self.notes.push((note, 1, at)),
            }
        }
    }

    /// The rows in the order they came, the columns by value.
    pub(crate) fn finish(mut self, lang: Lang) -> Pivoted {
        let is_summed = self.is_summed();
        let is_total_in_vain = self.has_total && !is_summed;
        self.has_total &= is_summed;
        let mut order: Vec<usize> = (0..self.found_columns.len()).collect();
        order.sort_by(|left, right| self.found_columns[*left].cmp(&self.found_columns[*right]));
        let total = self.has_total.then_some(Total::Sum);
        let kind = self.value_kind();
        let mut columns: Vec<Planned> = Vec::new();
        for (place, column) in self.rows.iter().enumerate() {
            let kind = unified(self.found_rows.iter().map(|row| &row[place]), column.kind);
            columns.push(Planned {
                kind,
                total: None,
                is_calculated: false,
                ..column.clone()
            });
        }
        let value_column = |title: String| Planned {
            kind,
            title,
            total,
            is_calculated: is_summed,
            ..self.values.clone()
        };
        for title in self.headings(&order, lang) {
            columns.push(value_column(title));
        }
        if self.has_total {
            columns.push(value_column(messages(lang).total.to_owned()));
        }
        let titles = names::titles(columns.iter().map(|column| column.title.as_str()));
        for (source, (column, title)) in columns.iter_mut().zip(titles).enumerate() {
            column.title = title;
            column.source = source;
        }
        let chunks = self.chunks(&columns, &order);
        let place = |(row, column): (usize, usize)| {
            let column = order.iter().position(|found| *found == column);
            let column = self.rows.len() + column.unwrap_or_default();
            // Below the heading.
            let row = u32::try_from(row + 1).unwrap_or(u32::MAX);
            (row, u16::try_from(column).unwrap_or(u16::MAX))
        };
        let notes = self.notes.iter();
        Pivoted {
            columns,
            chunks,
            rows: self.found_rows.len() as u64,
            notes: notes
                .map(|(note, count, at)| (*note, *count, place(*at)))
                .collect(),
            is_total_in_vain,
        }
    }

    /// The headings of the columns, as their format shows them; two that would look the same are
    /// written in full.
    fn headings(&self, order: &[usize], lang: Lang) -> Vec<String> {
        let keys: Vec<&Key> = order
            .iter()
            .map(|column| &self.found_columns[*column])
            .collect();
        let shown = |key: &Key| match key.value() {
            Value::Float(number) if !number.is_finite() => number.to_string(),
            value => self
                .column
                .format
                .show(&value)
                .unwrap_or_else(|| messages(lang).nothing.to_owned()),
        };
        let mut headings: Vec<String> = keys.iter().map(|key| shown(key)).collect();
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for heading in &headings {
            *seen.entry(heading).or_default() += 1;
        }
        let is_shared: Vec<bool> = headings
            .iter()
            .map(|heading| seen[heading.as_str()] > 1)
            .collect();
        for ((heading, key), is_shared) in headings.iter_mut().zip(&keys).zip(is_shared) {
            if is_shared && let Some(whole) = in_full(key) {
                *heading = whole;
            }
        }
        headings
    }

    fn chunks(&self, columns: &[Planned], order: &[usize]) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let places: Vec<usize> = (0..self.found_rows.len()).collect();
        for places in places.chunks(CHUNK_ROWS) {
            let mut data: Vec<ColumnData> = columns
                .iter()
                .map(|column| ColumnData::new(column.kind))
                .collect();
            for place in places {
                for (dimension, key) in self.found_rows[*place].iter().enumerate() {
                    push(key, &mut data[dimension], &self.rows[dimension]);
                }
                let mut row_sum = Sum::default();
                for (offset, column) in order.iter().enumerate() {
                    let into = &mut data[self.rows.len() + offset];
                    match self.cells.get(&(*place, *column)) {
                        Some(Gathered::Sum(sum)) => {
                            Key::of(&sum.value()).push_to(into);
                            row_sum.merge(sum);
                        }
                        Some(Gathered::One(key)) => push(key, into, &self.values),
                        None => into.push_null(),
                    }
                }
                if self.has_total
                    && let Some(into) = data.last_mut()
                {
                    Key::of(&row_sum.value()).push_to(into);
                }
            }
            chunks.push(Chunk {
                rows: places.len(),
                columns: data,
            });
        }
        chunks
    }

    /// The type of the values: that of what is shown, or of the sums. Floats stay floats; other sums
    /// are decimals with the most decimals any has, where 38 digits hold them all.
    fn value_kind(&self) -> ColumnType {
        if !self.is_summed() {
            let shown = self.cells.values().filter_map(|cell| match cell {
                Gathered::One(key) => Some(key),
                Gathered::Sum(_) => None,
            });
            return unified(shown, self.values.kind);
        }
        let mut whole = Exact::new(0, 0);
        let mut scale = 0;
        for cell in self.cells.values() {
            let Gathered::Sum(sum) = cell else { continue };
            let number = match sum.value() {
                Value::Number(number) => number,
                Value::Duration(micros) => Exact::new(micros, 0),
                _ => return ColumnType::Float,
            };
            scale = scale.max(number.scale);
            // No total of a row is larger.
            match whole.checked_add(number.abs()) {
                Some(sum) => whole = sum,
                None => return ColumnType::Float,
            }
        }
        match self.values.kind {
            // Longer ones are days as a float.
            ColumnType::Duration if i64::try_from(whole.mantissa).is_err() => ColumnType::Float,
            ColumnType::Duration => ColumnType::Duration,
            _ => decimal_kind(scale),
        }
    }
}

/// The type of a column of decimals; no column has more than 38 digits behind the point.
fn decimal_kind(scale: u32) -> ColumnType {
    u8::try_from(scale).map_or(ColumnType::Float, |scale| ColumnType::Decimal { scale })
}

/// A key with everything that tells it from others; `None` where its format hides nothing.
fn in_full(key: &Key) -> Option<String> {
    Some(match key {
        Key::Number(number) => number.normal().plain(),
        Key::Float(bits) => f64::from_bits(*bits).to_string(),
        Key::Datetime(micros) => time_text::show_datetime(*micros, Detail::All),
        Key::Time(micros) => time_text::show_time(*micros, Detail::All),
        Key::Duration(micros) => time_text::show_time(*micros, Detail::All),
        _ => return None,
    })
}

/// The type that holds every key: the column's own, a date type where texts were dates, else text.
fn unified<'a>(keys: impl Iterator<Item = &'a Key>, own: ColumnType) -> ColumnType {
    let mut largest = 0u128;
    let mut found: Option<ColumnType> = None;
    for key in keys {
        let kind = match key {
            Key::Null => continue,
            Key::Boolean(_) => ColumnType::Boolean,
            Key::Float(_) => ColumnType::Float,
            Key::Number(number) => {
                let whole = number.round(0).mantissa.unsigned_abs();
                largest = largest.max(whole);
                decimal_kind(number.scale)
            }
            Key::Text(_) => ColumnType::Text,
            Key::Date(_) => ColumnType::Date,
            Key::Datetime(_) => ColumnType::Datetime,
            Key::Time(_) => ColumnType::Time,
            Key::Duration(_) => ColumnType::Duration,
            Key::Binary(_) => ColumnType::Binary,
        };
        found = Some(match (found, kind) {
            (None, kind) => kind,
            (Some(ColumnType::Decimal { scale }), ColumnType::Decimal { scale: other }) => {
                ColumnType::Decimal {
                    scale: scale.max(other),
                }
            }
            (Some(before), kind) if before == kind => kind,
            _ => return ColumnType::Text,
        });
    }
    match found {
        // One key has so many digits before the point, and another so many behind it.
        Some(ColumnType::Decimal { scale })
            if largest.checked_ilog10().unwrap_or(0) + u32::from(scale) >= MOST_DIGITS =>
        {
            ColumnType::Text
        }
        found => found.unwrap_or(own),
    }
}

/// Digits every 128-bit decimal can have.
const MOST_DIGITS: u32 = 37;

fn push(key: &Key, into: &mut ColumnData, column: &Planned) {
    match (key, into) {
        (Key::Null, into) => into.push_null(),
        (key, ColumnData::Text(texts)) if !matches!(key, Key::Text(_)) => {
            texts.push(
                column
                    .format
                    .show(&key.value())
                    .as_deref()
                    .map(str::as_bytes),
            );
        }
        (key, into) => key.push_to(into),
    }
}

#[cfg(test)]
mod tests {
    use rows::Values;

    use super::super::format::CellFormat;
    use super::*;

    fn column(source: usize, name: &str, kind: ColumnType) -> Planned {
        let numbers = rows::Numbers::default();
        let format = CellFormat::by_type(kind, name, &numbers, true, Lang::En);
        Planned {
            source,
            name: name.into(),
            title: name.into(),
            kind,
            format,
            total: None,
            width: None,
            is_calculated: false,
            is_quotient: false,
        }
    }

    fn texts(values: &[&str]) -> ColumnData {
        let mut bytes = rows::Bytes::default();
        for value in values {
            bytes.push(Some(value.as_bytes()));
        }
        ColumnData::Text(bytes)
    }

    #[test]
    fn sums_land_in_ordered_columns_with_totals() {
        let columns = [
            column(0, "region", ColumnType::Text),
            column(1, "month", ColumnType::Text),
            column(2, "revenue", ColumnType::Decimal { scale: 2 }),
        ];
        let pivot = Pivot {
            rows: vec!["region".into()],
            columns: "month".into(),
            values: "revenue".into(),
            total: true,
        };
        let mut pivoting =
            Pivoting::new("Sheet", &pivot, &columns).unwrap_or_else(|_| panic!("columns"));
        let revenue = Values {
            data: vec![110, 220, 330, 1],
            valid: None,
        };
        let chunk = Chunk {
            rows: 4,
            columns: vec![
                texts(&["서울", "부산", "서울", "서울"]),
                texts(&["10월", "2월", "2월", "2월"]),
                ColumnData::Decimal {
                    mantissa: revenue,
                    scale: 2,
                },
            ],
        };
        pivoting.see(&chunk, &jiff::tz::TimeZone::UTC).unwrap();
        let pivoted = pivoting.finish(Lang::Ko);
        let titles: Vec<_> = pivoted
            .columns
            .iter()
            .map(|column| column.title.as_str())
            .collect();
        assert_eq!(titles, ["region", "2월", "10월", "합계"]);
        let cells = |place: usize| match &pivoted.chunks[0].columns[place] {
            ColumnData::Decimal { mantissa, .. } => [mantissa.at(0), mantissa.at(1)],
            other => panic!("{other:?}"),
        };
        assert_eq!(cells(1), [Some(331), Some(220)]);
        assert_eq!(cells(2), [Some(110), None]);
        assert_eq!(cells(3), [Some(441), Some(220)]);
    }

    #[test]
    fn missing_columns_are_named() {
        let pivot = Pivot {
            rows: vec!["a".into()],
            columns: "b".into(),
            values: "c".into(),
            total: false,
        };
        let missing = Pivoting::new("Sheet", &pivot, &[column(0, "b", ColumnType::Text)]).err();
        assert_eq!(missing, Some(vec!["a".to_owned(), "c".to_owned()]));
    }
}
