//! Which blocks run, and in what order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use report::{Block, Report};
use source::Source;

use crate::EngineError;

/// The sources a job may read, by the name reports use.
pub(crate) type Sources = BTreeMap<String, Arc<dyn Source>>;

/// The blocks a run needs: those behind sheets, those that check, and whatever these read, in an
/// order in which each only reads earlier ones. A block that only fills choices does not run.
///
/// # Errors
/// As [`needed_for`].
pub(crate) fn of_run<'r>(
    report: &'r Report,
    sources: &Sources,
) -> Result<Vec<&'r Block>, EngineError> {
    let sheets = report
        .workbook
        .sheets
        .iter()
        .map(|sheet| sheet.query.as_str());
    let checks = report
        .blocks
        .iter()
        .filter(|block| block.check.is_some())
        .map(|block| block.name.as_str());
    needed_for(sheets.chain(checks), report, sources)
}

/// The named blocks and whatever they read, in running order.
///
/// # Errors
/// [`EngineError::UnknownBlock`] and [`EngineError::UnknownSource`], before anything runs.
pub(crate) fn needed_for<'r>(
    names: impl Iterator<Item = &'r str>,
    report: &'r Report,
    sources: &Sources,
) -> Result<Vec<&'r Block>, EngineError> {
    let mut waiting: Vec<&str> = names.collect();
    let mut needed = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if !needed.insert(name) {
            continue;
        }
        let block = report
            .block(name)
            .ok_or_else(|| EngineError::UnknownBlock {
                block: name.to_owned(),
            })?;
        if let Some(source) = block.source()
            && !sources.contains_key(source)
        {
            return Err(EngineError::UnknownSource {
                block: name.to_owned(),
                source_name: source.to_owned(),
            });
        }
        waiting.extend(block.reads.iter().map(String::as_str));
    }
    Ok(report
        .blocks
        .iter()
        .filter(|block| needed.contains(block.name.as_str()))
        .collect())
}
