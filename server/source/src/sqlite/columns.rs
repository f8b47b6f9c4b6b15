//! The columns of one result: their names, their types, and the rows of the current chunk.

use jiff::tz::TimeZone;
use rows::{Chunk, ColumnData, ColumnInfo, ColumnType, Exact};

use super::SqliteSource;
use super::decode::Decoder;
use super::statement::{Cell, Statement};
use super::types::{Declared, declared, is_narrow};
use super::value_error::{Misfit, ValueError, misfit};
use crate::{Cause, SourceError, names};

/// Fewest digits behind the point for a decimal that was declared without saying: prices come.
const USUAL_SCALE: u32 = 2;

/// A column before any row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    name: String,
    declared: Declared,
    is_narrow: bool,
}

impl Column {
    /// The column as far as it is known without rows.
    pub(super) fn described(self) -> ColumnInfo {
        let kind = match self.declared {
            Declared::Fixed(kind) => kind,
            Declared::Decimal => ColumnType::Decimal {
                scale: USUAL_SCALE as u8,
            },
            Declared::Open => ColumnType::Text,
        };
        ColumnInfo {
            name: self.name,
            kind,
            is_narrow: self.is_narrow,
            is_mixed: self.declared == Declared::Decimal,
            is_guess: !matches!(self.declared, Declared::Fixed(_)),
        }
    }
}

/// The columns of a prepared statement. Every one must have a name of its own.
pub(super) fn of(
    source: &str,
    statement: &Statement<'_>,
    sql: &str,
) -> Result<Vec<Column>, SourceError> {
    let names: Vec<String> = (0..statement.columns())
        .map(|i| statement.name(i))
        .collect();
    let given: Vec<&str> = names.iter().map(String::as_str).collect();
    names::check(source, &given, |index| {
        !statement.is_of_a_table(index) && names::is_expression(&names[index], sql)
    })?;
    Ok(names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let declaration = statement.declared_type(index);
            Column {
                name,
                declared: declared(declaration.as_deref()),
                is_narrow: is_narrow(declaration.as_deref()),
            }
        })
        .collect())
}

/// The rows of the current chunk, and the types once they are decided.
pub(super) struct Columns {
    source: String,
    source_zone: TimeZone,
    report_zone: TimeZone,
    columns: Vec<Rows>,
    rows: usize,
    rows_before: u64,
}

/// One column of the current chunk.
enum Rows {
    Typed {
        name: String,
        decoder: Decoder,
        data: ColumnData,
        seen: Seen,
        is_narrow: bool,
        /// Whether the declaration says how many digits a decimal has behind the point.
        is_mixed: bool,
    },
    /// The first chunk of a column whose type its values decide.
    Undecided {
        name: String,
        declared: Declared,
        is_narrow: bool,
        cells: Vec<Held>,
    },
}

/// What the chunks that have left say about a wider type.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// No value has come yet, so the first decides the type.
    is_empty: bool,
    /// The first row with a whole number no double holds.
    too_long: Option<u64>,
    /// Most digits before the point of a decimal.
    whole_digits: u32,
}

/// A cell that is kept until the type is decided.
enum Held {
    Null,
    Integer(i64),
    Real(f64),
    Text(Box<[u8]>),
    Blob(Box<[u8]>),
}

impl Columns {
    pub(super) fn new(source: &SqliteSource, columns: Vec<Column>, report_zone: &TimeZone) -> Self {
        let columns = columns
            .into_iter()
            .map(
                |Column {
                     name,
                     declared,
                     is_narrow,
                 }| match declared {
                    Declared::Fixed(kind) => Rows::Typed {
                        name,
                        is_narrow,
                        is_mixed: false,
                        decoder: Decoder::new(kind, &source.zone, report_zone),
                        data: ColumnData::new(kind),
                        seen: Seen::default(),
                    },
                    declared => Rows::Undecided {
                        name,
                        declared,
                        is_narrow,
                        cells: Vec::new(),
                    },
                },
            )
            .collect();
        Self {
            source: source.name.clone(),
            source_zone: source.zone.clone(),
            report_zone: report_zone.clone(),
            columns,
            rows: 0,
            rows_before: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Adds a cell of the current row.
    #[inline]
    pub(super) fn push(
        &mut self,
        column: usize,
        cell: Cell<'_>,
        row: u64,
    ) -> Result<(), SourceError> {
        match &mut self.columns[column] {
            Rows::Typed {
                decoder,
                data,
                seen,
                ..
            } => {
                if seen.is_empty && cell != Cell::Null {
                    return self.widen(column, cell, row);
                }
                match decoder.push(cell, data) {
                    Ok(()) => Ok(()),
                    Err(_) => self.widen(column, cell, row),
                }
            }
            Rows::Undecided { cells, .. } => {
                cells.push(Held::of(cell));
                Ok(())
            }
        }
    }

    /// Adds a cell to a column in a wider type, where there is one that keeps every value: of its
    /// first value after rows without any, doubles for whole numbers, more digits for decimals.
    #[cold]
    fn widen(&mut self, column: usize, cell: Cell<'_>, row: u64) -> Result<(), SourceError> {
        let Rows::Typed {
            name,
            decoder,
            data,
            seen,
            ..
        } = &mut self.columns[column]
        else {
            return Ok(());
        };
        let refuse = |error| refused(&self.source, name, row, error);
        seen.note(data, self.rows_before);
        let Some(kind) = wider(decoder.kind, *seen, cell).map_err(refuse)? else {
            return decoder.push(cell, data).map_err(refuse);
        };
        let before = std::mem::replace(data, ColumnData::new(kind));
        rows::widened(before, kind, self.rows)
            .map(|widened| *data = widened)
            .ok_or_else(|| refuse(too_many_digits(cell)))?;
        seen.is_empty = false;
        *decoder = Decoder::new(kind, &self.source_zone, &self.report_zone);
        decoder.push(cell, data).map_err(refuse)
    }

    pub(super) fn end_row(&mut self) {
        self.rows += 1;
    }

    /// The rows so far as a chunk. The first call decides all types.
    pub(super) fn take(&mut self) -> Result<Chunk, SourceError> {
        let first_row = self.rows_before + 1;
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            if let Rows::Undecided {
                name,
                declared,
                is_narrow,
                cells,
            } = column
            {
                let refuse =
                    |(row, error)| refused(&self.source, name, first_row + row as u64, error);
                let kind = decide(*declared, cells).map_err(refuse)?;
                let mut decoder = Decoder::new(kind, &self.source_zone, &self.report_zone);
                let mut data = ColumnData::new(kind);
                for (row, cell) in cells.iter().enumerate() {
                    decoder
                        .push(cell.cell(), &mut data)
                        .map_err(|error| refuse((row, error)))?;
                }
                let is_empty = cells.iter().all(|cell| matches!(cell, Held::Null));
                *column = Rows::Typed {
                    name: std::mem::take(name),
                    is_narrow: *is_narrow,
                    is_mixed: true,
                    decoder,
                    data,
                    seen: Seen {
                        is_empty,
                        ..Seen::default()
                    },
                };
            }
            if let Rows::Typed {
                decoder,
                data,
                seen,
                ..
            } = column
            {
                seen.note(data, self.rows_before);
                columns.push(std::mem::replace(data, ColumnData::new(decoder.kind)));
            }
        }
        let chunk = Chunk {
            rows: self.rows,
            columns,
        };
        self.rows_before += self.rows as u64;
        self.rows = 0;
        Ok(chunk)
    }

    /// Names and types; complete after the first `take`.
    pub(super) fn infos(&self) -> Vec<ColumnInfo> {
        self.columns
            .iter()
            .map(|column| match column {
                Rows::Typed {
                    name,
                    decoder,
                    is_narrow,
                    is_mixed,
                    seen,
                    ..
                } => ColumnInfo {
                    name: name.clone(),
                    kind: decoder.kind,
                    is_narrow: *is_narrow && decoder.kind == ColumnType::Integer,
                    is_mixed: *is_mixed,
                    is_guess: seen.is_empty,
                },
                Rows::Undecided {
                    name,
                    declared,
                    is_narrow,
                    ..
                } => Column {
                    name: name.clone(),
                    declared: *declared,
                    is_narrow: *is_narrow,
                }
                .described(),
            })
            .collect()
    }
}

impl Seen {
    /// Looks at the rows of the current chunk, the first of which follows `rows_before` others.
    fn note(&mut self, data: &ColumnData, rows_before: u64) {
        match data {
            ColumnData::Integer(values) if self.too_long.is_none() => {
                let row = values.data.iter().position(|value| !is_double(*value));
                self.too_long = row.map(|row| rows_before + row as u64 + 1);
            }
            ColumnData::Decimal { mantissa, scale } => {
                let most = mantissa.data.iter().map(|value| value.unsigned_abs()).max();
                let digits = most
                    .and_then(u128::checked_ilog10)
                    .map_or(0, |power| power + 1);
                let whole = digits.saturating_sub(u32::from(*scale));
                self.whole_digits = self.whole_digits.max(whole);
            }
            _ => {}
        }
    }
}

/// A value that does not fit its column.
fn refused(source: &str, column: &str, row: u64, error: ValueError) -> SourceError {
    SourceError::value(source, column, row, Cause::from(error))
}

/// Whether a double holds the number for certain.
fn is_double(value: i64) -> bool {
    value.unsigned_abs() <= 1 << 53
}

/// The wider type in which a column keeps its values and takes this one; `None` when there is none.
fn wider(kind: ColumnType, seen: Seen, cell: Cell<'_>) -> Result<Option<ColumnType>, ValueError> {
    let (exact, kind) = match (kind, cell) {
        (ColumnType::Decimal { .. }, Cell::Integer(value)) => (Some(Exact::from(value)), kind),
        (ColumnType::Decimal { .. }, Cell::Real(value)) => (Exact::from_double(value), kind),
        (ColumnType::Decimal { .. }, Cell::Text(bytes)) => (Exact::from_text(bytes), kind),
        (_, Cell::Integer(_)) if seen.is_empty => return Ok(Some(ColumnType::Integer)),
        (_, Cell::Real(_)) if seen.is_empty => return Ok(Some(ColumnType::Float)),
        (_, Cell::Text(_)) if seen.is_empty => return Ok(Some(ColumnType::Text)),
        (_, Cell::Blob(_)) if seen.is_empty => return Ok(Some(ColumnType::Binary)),
        (ColumnType::Integer, Cell::Real(_)) => {
            return match seen.too_long {
                None => Ok(Some(ColumnType::Float)),
                Some(row) => Err(ValueError::AmongLongNumbers {
                    misfit: Misfit::new(cell, "a whole number", "CAST(… AS TEXT)"),
                    row,
                }),
            };
        }
        _ => (None, kind),
    };
    let (Some(exact), ColumnType::Decimal { scale }) = (exact, kind) else {
        return Ok(None);
    };
    let digits = exact.mantissa.unsigned_abs().checked_ilog10();
    let whole = digits
        .map_or(0, |power| power + 1)
        .saturating_sub(exact.scale);
    let wanted = exact.scale.max(u32::from(scale));
    if whole.max(seen.whole_digits) + wanted > 38 {
        return Err(too_many_digits(cell));
    }
    Ok(Some(ColumnType::Decimal {
        scale: wanted as u8,
    }))
}

fn too_many_digits(cell: Cell<'_>) -> ValueError {
    misfit(
        cell,
        "numbers with 38 digits in all at most",
        "CAST(… AS TEXT)",
    )
}

impl Held {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Integer(value) => Self::Integer(value),
            Cell::Real(value) => Self::Real(value),
            Cell::Text(bytes) => Self::Text(bytes.into()),
            Cell::Blob(bytes) => Self::Blob(bytes.into()),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Integer(value) => Cell::Integer(*value),
            Self::Real(value) => Cell::Real(*value),
            Self::Text(bytes) => Cell::Text(bytes),
            Self::Blob(bytes) => Cell::Blob(bytes),
        }
    }
}

/// The type the first rows ask for, or the row that contradicts the rows before it.
fn decide(declared: Declared, cells: &[Held]) -> Result<ColumnType, (usize, ValueError)> {
    if declared == Declared::Decimal {
        return Ok(ColumnType::Decimal {
            scale: scale(cells),
        });
    }
    let mut decided = None;
    for (row, cell) in cells.iter().enumerate() {
        let kind = match cell {
            Held::Null => continue,
            Held::Integer(_) => ColumnType::Integer,
            Held::Real(_) => ColumnType::Float,
            Held::Text(_) => ColumnType::Text,
            Held::Blob(_) => ColumnType::Binary,
        };
        decided = Some(match (decided, kind) {
            (None, kind) => kind,
            (Some(before), kind) if before == kind => kind,
            (
                Some(ColumnType::Integer | ColumnType::Float),
                ColumnType::Integer | ColumnType::Float,
            ) => ColumnType::Float,
            (Some(before), _) => {
                let held = match before {
                    ColumnType::Integer | ColumnType::Float => "numbers so far",
                    ColumnType::Text => "text so far",
                    _ => "bytes so far",
                };
                return Err((row, misfit(cell.cell(), held, "CAST(… AS TEXT)")));
            }
        });
    }
    Ok(decided.unwrap_or(ColumnType::Text))
}

fn scale(cells: &[Held]) -> u8 {
    let digits = cells.iter().filter_map(|cell| {
        let exact = match cell {
            Held::Real(value) => Exact::from_double(*value),
            Held::Text(bytes) => Exact::from_text(bytes),
            _ => None,
        };
        exact.map(|exact| exact.scale)
    });
    digits.fold(USUAL_SCALE, u32::max).min(38) as u8
}
