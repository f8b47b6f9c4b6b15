//! The first rows of a staged answer as plain text, for checks.

use rows::Chunk;

use crate::EngineError;
use crate::stage::Answer;

/// The first rows of a staged answer, as text. `None` is an absent value.
///
/// # Errors
/// When a file of it cannot be read.
pub(crate) fn first_rows(
    answer: &Answer,
    limit: usize,
) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let mut rows = Vec::new();
    for chunk in answer.chunks()? {
        let chunk = chunk?;
        for row in 0..chunk.rows {
            if rows.len() == limit {
                return Ok(rows);
            }
            rows.push(texts(&chunk, row));
        }
    }
    Ok(rows)
}

fn texts(chunk: &Chunk, row: usize) -> Vec<Option<String>> {
    chunk
        .columns
        .iter()
        .map(|column| rows::text(column, row))
        .collect()
}
