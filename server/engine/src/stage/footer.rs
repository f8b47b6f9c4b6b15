//! What a staged file says of its columns beyond their types.
//!
//! A decimal may be a quotient: its last digits are what the division gave up at, and nobody's data.
//! A whole number may be a narrow one: sums and quotients of it are others than of `bigint`. A file
//! says so in its own footer, so that whoever opens it knows, also when it is a kept one.

use polars::prelude::ArrowSchema;
use polars_parquet::write::{KeyValue, schema_to_metadata_key};
use source::ColumnInfo;

/// The values are JSON lists of column names.
const QUOTIENTS: &str = "digger.quotients";
const NARROW: &str = "digger.narrow";

/// What a footer says besides its row groups: the schema as ever, and the names.
pub(super) fn of(
    schema: &ArrowSchema,
    columns: &[ColumnInfo],
    quotients: &[String],
) -> Vec<KeyValue> {
    let narrow: Vec<String> = columns
        .iter()
        .filter(|column| column.is_narrow)
        .map(|column| column.name.clone())
        .collect();
    let mut pairs = vec![schema_to_metadata_key(schema)];
    for (key, names) in [(QUOTIENTS, quotients), (NARROW, narrow.as_slice())] {
        if !names.is_empty() {
            pairs.push(KeyValue {
                key: key.to_owned(),
                value: Some(serde_json::Value::from(names).to_string()),
            });
        }
    }
    pairs
}

/// The names of quotients a footer tells; none when it says nothing that can be read.
pub(super) fn quotients(pairs: Option<&[KeyValue]>) -> Vec<String> {
    names(pairs, QUOTIENTS)
}

/// The names of narrow whole numbers a footer tells.
pub(super) fn narrow(pairs: Option<&[KeyValue]>) -> Vec<String> {
    names(pairs, NARROW)
}

fn names(pairs: Option<&[KeyValue]>, key: &str) -> Vec<String> {
    let pair = pairs
        .unwrap_or_default()
        .iter()
        .find(|pair| pair.key == key);
    pair.and_then(|pair| serde_json::from_str(pair.value.as_deref()?).ok())
        .unwrap_or_default()
}
