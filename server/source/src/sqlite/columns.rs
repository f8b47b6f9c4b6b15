//! The columns of one result: their names, their types, and the rows of the current chunk.

use jiff::tz::TimeZone;

use super::SqliteSource;
use super::decode::{Decoder, misfit};
use super::statement::{Cell, Statement};
use super::types::{Declared, declared};
use crate::{Chunk, ColumnData, ColumnInfo, ColumnType, SourceError, decimal, names};

/// Fewest digits behind the point for a decimal that was declared without saying: prices come.
const USUAL_SCALE: u32 = 2;

/// A column before any row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    name: String,
    declared: Declared,
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
    let declared = |index| declared(statement.declared_type(index).as_deref());
    Ok(names
        .into_iter()
        .enumerate()
        .map(|(index, name)| Column {
            name,
            declared: declared(index),
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
    },
    /// The first chunk of a column whose type its values decide.
    Undecided {
        name: String,
        declared: Declared,
        cells: Vec<Held>,
    },
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
            .map(|Column { name, declared }| match declared {
                Declared::Fixed(kind) => Rows::Typed {
                    name,
                    decoder: Decoder::new(kind, &source.zone, report_zone),
                    data: ColumnData::new(kind),
                },
                declared => Rows::Undecided {
                    name,
                    declared,
                    cells: Vec::new(),
                },
            })
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
                name,
                decoder,
                data,
            } => decoder
                .push(cell, data)
                .map_err(|message| SourceError::Type {
                    source_name: self.source.clone(),
                    column: name.clone(),
                    row,
                    message,
                }),
            Rows::Undecided { cells, .. } => {
                cells.push(Held::of(cell));
                Ok(())
            }
        }
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
                cells,
            } = column
            {
                let refuse = |(row, message)| SourceError::Type {
                    source_name: self.source.clone(),
                    column: name.clone(),
                    row: first_row + row as u64,
                    message,
                };
                let kind = decide(*declared, cells).map_err(refuse)?;
                let mut decoder = Decoder::new(kind, &self.source_zone, &self.report_zone);
                let mut data = ColumnData::new(kind);
                for (row, cell) in cells.iter().enumerate() {
                    decoder
                        .push(cell.cell(), &mut data)
                        .map_err(|message| refuse((row, message)))?;
                }
                *column = Rows::Typed {
                    name: std::mem::take(name),
                    decoder,
                    data,
                };
            }
            if let Rows::Typed { decoder, data, .. } = column {
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
                Rows::Typed { name, decoder, .. } => ColumnInfo {
                    name: name.clone(),
                    kind: decoder.kind,
                },
                Rows::Undecided { name, declared, .. } => Column {
                    name: name.clone(),
                    declared: *declared,
                }
                .described(),
            })
            .collect()
    }
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
fn decide(declared: Declared, cells: &[Held]) -> Result<ColumnType, (usize, String)> {
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
            Held::Real(value) => decimal::from_real(*value),
            Held::Text(bytes) => decimal::from_text(bytes),
            _ => None,
        };
        exact.map(|exact| exact.scale)
    });
    digits.fold(USUAL_SCALE, u32::max).min(38) as u8
}
