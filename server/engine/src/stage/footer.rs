//! What the columns of a staged file mean beyond their types: key-value metadata `digger.*` in the footer of the Parquet
//! file, so that whoever opens it knows, also when it is a kept one.
//!
//! Quotients are decimals that were rounded where they were divided: their last digits are what the
//! division gave up at, and nobody's data. Narrow columns are whole numbers of at most 32 bits at their
//! source, whose sums and quotients are others than those of longer ones. Mixed columns are decimals that
//! would show different numbers of digits as texts. Guesses are columns without a single value whose type
//! their source does not declare: the type they have here says nothing. The numbers decide how a column looks.

use polars::prelude::ArrowSchema;
use polars_parquet::write::{KeyValue, schema_to_metadata_key};
use rows::Numbers;
use serde::de::DeserializeOwned;

/// A JSON list of column names.
const QUOTIENTS: &str = "digger.quotients";

/// A JSON list of column names.
const NARROW: &str = "digger.narrow";

/// A JSON list of column names.
const MIXED: &str = "digger.mixed";

/// A JSON list of column names.
const GUESSES: &str = "digger.guesses";

/// A JSON list with one entry per column.
const NUMBERS: &str = "digger.numbers";

/// What is said besides the schema.
pub(super) struct Footer {
    pub(super) quotients: Vec<String>,
    pub(super) narrow: Vec<String>,
    pub(super) mixed: Vec<String>,
    pub(super) guesses: Vec<String>,
    pub(super) numbers: Option<Vec<Numbers>>,
}

impl Footer {
    /// What a footer tells; nothing of what it does not say or cannot be read.
    pub(super) fn read(pairs: Option<&[KeyValue]>) -> Self {
        Self {
            quotients: value(pairs, QUOTIENTS).unwrap_or_default(),
            narrow: value(pairs, NARROW).unwrap_or_default(),
            mixed: value(pairs, MIXED).unwrap_or_default(),
            guesses: value(pairs, GUESSES).unwrap_or_default(),
            numbers: value(pairs, NUMBERS),
        }
    }

    /// Everything that stands in a footer besides its row groups: the schema as ever, and this.
    pub(super) fn pairs(&self, schema: &ArrowSchema) -> Vec<KeyValue> {
        let mut pairs = vec![schema_to_metadata_key(schema)];
        let mut add = |key: &str, value: serde_json::Result<String>| {
            // Text of our own, which is always written.
            if let Ok(value) = value {
                pairs.push(KeyValue {
                    key: key.to_owned(),
                    value: Some(value),
                });
            }
        };
        if !self.quotients.is_empty() {
            add(QUOTIENTS, serde_json::to_string(&self.quotients));
        }
        for (key, names) in [
            (NARROW, &self.narrow),
            (MIXED, &self.mixed),
            (GUESSES, &self.guesses),
        ] {
            if !names.is_empty() {
                add(key, serde_json::to_string(names));
            }
        }
        add(NUMBERS, serde_json::to_string(&self.numbers));
        pairs
    }
}

fn value<T: DeserializeOwned>(pairs: Option<&[KeyValue]>, key: &str) -> Option<T> {
    let pair = pairs?.iter().find(|pair| pair.key == key)?;
    serde_json::from_str(pair.value.as_deref()?).ok()
}
