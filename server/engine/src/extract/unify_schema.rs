//! Gives the partitions of a block the same columns, or says which differ.
//!
//! A source may decide a type by the rows it sees. A partition without rows, or without a single
//! value in a column, therefore says nothing about the type; decimals may have more digits behind the
//! point in one partition than in another, whole numbers may be fractions elsewhere, and times of day
//! lengths of time. Everything else is a real difference.

use std::path::Path;

use rows::{Chunk, ColumnInfo, ColumnType};

use crate::EngineError;
use crate::stage::{Encoding, StageFile, StageWriter};

/// A column that is not the same in two files, which are given by their positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) column: String,
    pub(super) first: usize,
    pub(super) second: usize,
}

/// Whether whole numbers in one file and fractions in another are one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// They are: the source tells the type by the rows it sees.
    Alike,
    /// They are a real difference: the statement may mean something else than when one was read.
    Different,
}

/// The files with the same columns. Files that have to change are written again below `folder`.
///
/// # Errors
/// The inner error is a real difference; the outer one a failed disk.
pub(super) fn unify(
    files: Vec<StageFile>,
    folder: &Path,
    numbers: Numbers,
) -> Result<Result<Vec<StageFile>, Difference>, EngineError> {
    let is_alike = files
        .windows(2)
        .all(|pair| pair[0].columns == pair[1].columns);
    if is_alike {
        return Ok(Ok(files));
    }
    if let Some(difference) = other_names(&files) {
        return Ok(Err(difference));
    }
    let mut columns: Vec<ColumnInfo> = Vec::new();
    for column in 0..files[0].columns.len() {
        match decide(&files, column, numbers)? {
            Ok(info) => columns.push(info),
            Err(difference) => return Ok(Err(difference)),
        }
    }
    let mut alike = Vec::with_capacity(files.len());
    for (number, file) in files.into_iter().enumerate() {
        if is_written_as(&file.columns, &columns) {
            let columns = columns.clone();
            alike.push(StageFile { columns, ..file });
            continue;
        }
        let path = folder.join(format!("{number:06}-alike.parquet"));
        match written_again(&file, number, &columns, &path)? {
            Ok(again) => alike.push(StageFile {
                closed_partition: file.closed_partition,
                ..again
            }),
            Err(difference) => return Ok(Err(difference)),
        }
    }
    Ok(Ok(alike))
}

/// A column that is missing, has another name or stands elsewhere.
fn other_names(files: &[StageFile]) -> Option<Difference> {
    let first = &files[0].columns;
    files.iter().enumerate().skip(1).find_map(|(second, file)| {
        let others = &file.columns;
        let place = (0..first.len().max(others.len())).find(|place| {
            first.get(*place).map(|column| &column.name)
                != others.get(*place).map(|column| &column.name)
        })?;
        let column = first.get(place).or(others.get(place))?;
        Some(Difference {
            column: column.name.clone(),
            first: 0,
            second,
        })
    })
}

/// The type every file can have for a column.
fn decide(
    files: &[StageFile],
    column: usize,
    numbers: Numbers,
) -> Result<Result<ColumnInfo, Difference>, EngineError> {
    let kind_in = |file: &StageFile| file.columns[column].kind;
    let is_same = files
        .windows(2)
        .all(|pair| kind_in(&pair[0]) == kind_in(&pair[1]));
    let mut decided = kind_in(&files[0]);
    if !is_same {
        let mut first: Option<usize> = None;
        for (number, file) in files.iter().enumerate() {
            if !has_values(file, column)? {
                continue;
            }
            let kind = kind_in(file);
            match (first, decided, kind) {
                (None, ..) => (first, decided) = (Some(number), kind),
                (_, before, kind) if before == kind => {}
                (_, ColumnType::Decimal { scale: before }, ColumnType::Decimal { scale }) => {
                    decided = ColumnType::Decimal {
                        scale: scale.max(before),
                    };
                }
                (_, ColumnType::Integer, ColumnType::Float) if numbers == Numbers::Alike => {
                    decided = kind;
                }
                (_, ColumnType::Float, ColumnType::Integer) if numbers == Numbers::Alike => {}
                // One type at their source, MySQL's `TIME`, whatever else may have changed.
                (_, ColumnType::Time, ColumnType::Duration) => decided = kind,
                (_, ColumnType::Duration, ColumnType::Time) => {}
                (Some(first), ..) => {
                    return Ok(Err(Difference {
                        column: file.columns[column].name.clone(),
                        first,
                        second: number,
                    }));
                }
            }
        }
    }
    let own = || files.iter().map(|file| &file.columns[column]);
    Ok(Ok(ColumnInfo {
        name: files[0].columns[column].name.clone(),
        kind: decided,
        is_narrow: own().all(|one| one.is_narrow),
        is_mixed: own().any(|one| one.is_mixed || one.kind != decided),
        is_guess: own().all(|one| one.is_guess),
    }))
}

/// Whether columns are stored like others; what is a guess is only said of them.
fn is_written_as(columns: &[ColumnInfo], others: &[ColumnInfo]) -> bool {
    let settled = |column: &ColumnInfo| ColumnInfo {
        is_guess: false,
        ..column.clone()
    };
    let (columns, others) = (columns.iter().map(settled), others.iter().map(settled));
    columns.eq(others)
}

fn has_values(file: &StageFile, column: usize) -> Result<bool, EngineError> {
    for chunk in file.chunks()? {
        let chunk = chunk?;
        if rows::has_values(&chunk.columns[column], chunk.rows) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The file, which is the `number`th, with other types of columns.
///
/// # Errors
/// The inner error is the column whose values do not fit; the outer one a failed disk.
fn written_again(
    file: &StageFile,
    number: usize,
    columns: &[ColumnInfo],
    path: &Path,
) -> Result<Result<StageFile, Difference>, EngineError> {
    let mut writer = StageWriter::create(path, columns, Encoding::Plain)?;
    for chunk in file.chunks()? {
        let Chunk {
            rows,
            columns: data,
        } = chunk?;
        let mut changed = Vec::with_capacity(data.len());
        for (data, column) in data.into_iter().zip(columns) {
            match rows::widened(data, column.kind, rows) {
                Some(data) => changed.push(data),
                None => {
                    return Ok(Err(Difference {
                        column: column.name.clone(),
                        first: if number == 0 { 1 } else { 0 },
                        second: number,
                    }));
                }
            }
        }
        writer.push(Chunk {
            rows,
            columns: changed,
        })?;
    }
    writer.set_quotients(file.quotients.iter().cloned());
    writer.finish()?;
    StageFile::open(path, file.read_at).map(Ok)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rows::{Bytes, ColumnData, Values};

    use super::*;

    fn file(folder: &Path, name: &str, columns: Vec<(&str, ColumnData)>, rows: usize) -> StageFile {
        let kind = |data: &ColumnData| match data {
            ColumnData::Integer(_) => ColumnType::Integer,
            ColumnData::Text(_) => ColumnType::Text,
            ColumnData::Decimal { scale, .. } => ColumnType::Decimal { scale: *scale },
            ColumnData::Time(_) => ColumnType::Time,
            ColumnData::Duration(_) => ColumnType::Duration,
            other => panic!("{other:?}"),
        };
        let infos: Vec<_> = columns
            .iter()
            .map(|(name, data)| ColumnInfo {
                name: (*name).to_owned(),
                kind: kind(data),
                is_narrow: false,
                is_mixed: false,
                is_guess: false,
            })
            .collect();
        let path = folder.join(name);
        let mut writer = StageWriter::create(&path, &infos, Encoding::Compressed).unwrap();
        if rows > 0 {
            let columns = columns.into_iter().map(|(_, data)| data).collect();
            writer.push(Chunk { rows, columns }).unwrap();
        }
        writer.finish().unwrap();
        StageFile::open(&path, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn numbers(values: &[Option<i64>]) -> ColumnData {
        let mut data = Values::default();
        values.iter().for_each(|value| data.push(*value));
        ColumnData::Integer(data)
    }

    fn texts(values: &[Option<&str>]) -> ColumnData {
        let mut data = Bytes::default();
        values
            .iter()
            .for_each(|value| data.push(value.map(str::as_bytes)));
        ColumnData::Text(data)
    }

    fn decimals(values: &[i128], scale: u8) -> ColumnData {
        let mut mantissa = Values::default();
        values.iter().for_each(|value| mantissa.push(Some(*value)));
        ColumnData::Decimal { mantissa, scale }
    }

    fn rows(files: &[StageFile]) -> Vec<Vec<Option<String>>> {
        let answer = crate::stage::Answer::of_parts(files.to_vec(), Timestamp::UNIX_EPOCH);
        crate::first_rows::first_rows(&answer, 100).unwrap()
    }

    #[test]
    fn partitions_without_rows_or_values_take_the_type_of_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let files = vec![
            file(folder, "a", vec![("n", texts(&[]))], 0),
            file(folder, "b", vec![("n", numbers(&[Some(1), None]))], 2),
            file(folder, "c", vec![("n", texts(&[None]))], 1),
        ];
        let alike = unify(files, folder, Numbers::Alike).unwrap().unwrap();
        assert!(
            alike
                .iter()
                .all(|file| file.columns[0].kind == ColumnType::Integer)
        );
        assert_eq!(
            rows(&alike),
            [vec![Some("1".to_owned())], vec![None], vec![None]]
        );
        let answer = crate::stage::Answer::of_parts(alike, Timestamp::UNIX_EPOCH);
        assert_eq!(answer.scan().unwrap().collect().unwrap().height(), 3);
    }

    #[test]
    fn decimals_take_the_most_digits_and_stay_exact() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let files = vec![
            file(folder, "a", vec![("d", decimals(&[125], 1))], 1),
            file(folder, "b", vec![("d", decimals(&[-12345], 3))], 1),
        ];
        let alike = unify(files, folder, Numbers::Alike).unwrap().unwrap();
        assert_eq!(
            rows(&alike),
            [
                vec![Some("12.500".to_owned())],
                vec![Some("-12.345".to_owned())]
            ]
        );
        let large = vec![
            file(folder, "c", vec![("d", decimals(&[10_i128.pow(37)], 0))], 1),
            file(folder, "d", vec![("d", decimals(&[1], 3))], 1),
        ];
        let difference = unify(large, folder, Numbers::Alike).unwrap().unwrap_err();
        assert_eq!((difference.first, difference.second), (1, 0));
    }

    #[test]
    fn times_of_day_are_lengths_where_another_partition_has_lengths() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let micros = |value: i64| Values {
            data: vec![value],
            valid: None,
        };
        let noon = 12 * 3_600_000_000;
        for names in [["a", "b"], ["d", "c"]] {
            let mut files = vec![
                file(
                    folder,
                    names[0],
                    vec![("t", ColumnData::Time(micros(noon)))],
                    1,
                ),
                file(
                    folder,
                    names[1],
                    vec![("t", ColumnData::Duration(micros(-3 * noon)))],
                    1,
                ),
            ];
            files.sort_by(|one, other| one.path.cmp(&other.path));
            // Also between kept ones and new ones.
            let alike = unify(files, folder, Numbers::Different).unwrap().unwrap();
            assert!(
                alike
                    .iter()
                    .all(|file| file.columns[0].kind == ColumnType::Duration)
            );
            let mut shown: Vec<_> = rows(&alike).into_iter().flatten().flatten().collect();
            shown.sort();
            assert_eq!(shown, ["-36:00:00", "12:00:00"]);
        }
    }

    #[test]
    fn a_real_difference_names_the_column_and_both_files() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let files = vec![
            file(folder, "a", vec![("n", texts(&[None]))], 1),
            file(folder, "b", vec![("n", numbers(&[Some(1)]))], 1),
            file(folder, "c", vec![("n", texts(&[Some("x")]))], 1),
        ];
        let expected = Difference {
            column: "n".to_owned(),
            first: 1,
            second: 2,
        };
        assert_eq!(
            unify(files, folder, Numbers::Alike).unwrap().unwrap_err(),
            expected
        );
        let files = vec![
            file(folder, "d", vec![("n", numbers(&[Some(1)]))], 1),
            file(folder, "e", vec![("m", numbers(&[Some(1)]))], 1),
        ];
        assert_eq!(
            unify(files, folder, Numbers::Alike)
                .unwrap()
                .unwrap_err()
                .column,
            "n"
        );
    }
}
