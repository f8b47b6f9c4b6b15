//! A block that is one question: its whole answer, new or within the time of its `cache`.

use std::path::Path;

use report::Bounds;

use super::ask::{Ask, Read};
use super::{bind, key};
use crate::EngineError;
use crate::pipeline::Done;
use crate::stage::keep::KeptAs;
use crate::stage::{Entry, Packing};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(ask: &Ask<'_>, path: &Path) -> Result<Done, EngineError> {
    let (report, values) = (ask.pipeline.report, ask.pipeline.values);
    let statement = bind(report, values, ask.block, ask.source, Bounds::default())?;
    let place = ask.place();
    let Some(not_before) = ask.cached_since().filter(|_| ask.kept().is_some()) else {
        let read = ask.read_all(statement, path, Packing::Loose);
        let Read { file, endpoint } = ask.pipeline.meter.report(place, &ask.counter, read).await?;
        return Ok(Done {
            endpoint,
            ..Done::of(file.into())
        });
    };
    let key = key(KeptAs::Cache, report, ask.source, &statement, None, None);
    if let Some(file) = ask.find(&key, Some(not_before), path).await? {
        ask.count(&file)?;
        return Ok(Done::kept(file.into()));
    }
    let read = ask.read_all(statement, path, Packing::Tight);
    let Read { file, endpoint } = ask.pipeline.meter.report(place, &ask.counter, read).await?;
    let entry = Entry {
        expires: ask.expires(file.read_at),
        ..ask.entry(key)
    };
    ask.keep(entry, &file).await;
    ask.tidy().await;
    Ok(Done {
        endpoint,
        ..Done::of(file.into())
    })
}
