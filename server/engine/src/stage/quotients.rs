//! Which decimal columns of a staged file are quotients: rounded where they were divided.
//!
//! Their last digits are what the division gave up at, and nobody's data. A file says so in its own
//! footer, so that whoever opens it knows, also when it is a kept one.

use polars::prelude::ArrowSchema;
use polars_parquet::write::{KeyValue, schema_to_metadata_key};

/// The key in the footer; the value is a JSON list of column names.
const KEY: &str = "digger.quotients";

/// What a footer says besides its row groups: the schema as ever, and the names.
pub(super) fn footer(schema: &ArrowSchema, names: &[String]) -> Vec<KeyValue> {
    let mut pairs = vec![schema_to_metadata_key(schema)];
    if !names.is_empty() {
        pairs.push(KeyValue {
            key: KEY.to_owned(),
            value: Some(serde_json::Value::from(names).to_string()),
        });
    }
    pairs
}

/// The names a footer tells; none when it says nothing that can be read.
pub(super) fn of_footer(pairs: Option<&[KeyValue]>) -> Vec<String> {
    let pair = pairs
        .unwrap_or_default()
        .iter()
        .find(|pair| pair.key == KEY);
    pair.and_then(|pair| serde_json::from_str(pair.value.as_deref()?).ok())
        .unwrap_or_default()
}
