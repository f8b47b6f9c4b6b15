//! A block that is one question: its whole answer, new or within the time of its `cache`.

use std::path::Path;

use report::Bounds;

use super::block_reader::{BlockReader, Read};
use super::key;
use crate::EngineError;
use crate::pipeline::Done;
use crate::stage::keep::KeptAs;
use crate::stage::{Encoding, Entry};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(block_reader: &BlockReader<'_>, path: &Path) -> Result<Done, EngineError> {
    let report = block_reader.pipeline.report;
    let statement = block_reader.bind(Bounds::default())?;
    let place = block_reader.place();
    let Some(not_before) = block_reader
        .cached_since()
        .filter(|_| block_reader.kept().is_some())
    else {
        let read = block_reader.read_all(statement, path, Encoding::Plain);
        let Read { file, endpoint } = block_reader
            .pipeline
            .meter
            .report(place, &block_reader.counter, read)
            .await?;
        return Ok(Done {
            endpoint,
            ..Done::of(file.into())
        });
    };
    let key = key(
        KeptAs::Cache,
        report,
        block_reader.source,
        &statement,
        None,
        None,
    );
    if let Some(file) = block_reader.find(&key, Some(not_before), path).await? {
        block_reader.count(&file)?;
        return Ok(Done::kept(file.into()));
    }
    let read = block_reader.read_all(statement, path, Encoding::Compressed);
    let Read { file, endpoint } = block_reader
        .pipeline
        .meter
        .report(place, &block_reader.counter, read)
        .await?;
    let entry = Entry {
        expires: block_reader.expires(file.read_at),
        ..block_reader.entry(key)
    };
    block_reader.keep(entry, &file).await;
    block_reader.tidy().await;
    Ok(Done {
        endpoint,
        ..Done::of(file.into())
    })
}
