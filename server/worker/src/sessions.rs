//! The sessions at sources that worked for a run, stopped when nobody else can.
//!
//! A child stops its own statements. One that was killed, that crashed or that does not listen
//! cannot; a database would work on until it tries to send the next row. So the names of the
//! sessions travel to the server, and whoever ends an attempt stops what is left of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::RunningSession;
use futures::future::join_all;
use source::Source;

/// The sources of this process, by the name reports use.
pub type Sources = BTreeMap<String, Arc<dyn Source>>;

/// How long a source may take to stop a session; a cancel must not wait for a dead database.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sessions as they are stored with a run.
pub(super) fn to_text(running: &[RunningSession]) -> String {
    serde_json::to_string(running).unwrap_or_default()
}

/// Stops the sessions named last. Returns whether every source confirms that nothing runs any
/// more; without sessions there was nothing to stop.
pub(super) async fn stop(sources: &Sources, run: &str, text: Option<&str>) -> bool {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return true;
    };
    let Ok(running) = serde_json::from_str::<Vec<RunningSession>>(text) else {
        tracing::warn!(run.id = %run, "The sessions of run {run} cannot be read");
        return false;
    };
    let stopped = join_all(running.iter().map(|left| stop_one(sources, run, left))).await;
    stopped.into_iter().all(|is_confirmed| is_confirmed)
}

async fn stop_one(sources: &Sources, run: &str, left: &RunningSession) -> bool {
    let name = &left.source;
    let Some(source) = sources.get(name) else {
        tracing::warn!(run.id = %run, source = %name, "The source of a left-over session is not configured any more");
        return false;
    };
    match tokio::time::timeout(PATIENCE, source.stop(&left.session)).await {
        Ok(Ok(is_confirmed)) => {
            tracing::info!(run.id = %run, source = %name, is_confirmed, "Stopped what run {run} left at {name}");
            is_confirmed
        }
        Ok(Err(error)) => {
            tracing::warn!(run.id = %run, source = %name, error = %lang::chain_of(&error), "Could not stop what run {run} left at {name}");
            false
        }
        Err(_) => {
            tracing::warn!(run.id = %run, source = %name, "{name} did not confirm in time that run {run} has stopped");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_to_stop_is_confirmed_and_an_unknown_source_is_not() {
        let sources = Sources::new();
        assert!(stop(&sources, "r", None).await);
        assert!(stop(&sources, "r", Some("")).await);
        assert!(stop(&sources, "r", Some(&to_text(&[]))).await);
        let left = to_text(&[RunningSession {
            source: "gone".to_owned(),
            session: "1@2".to_owned(),
        }]);
        assert!(!stop(&sources, "r", Some(&left)).await);
        assert!(!stop(&sources, "r", Some("not ours")).await);
    }

    #[tokio::test]
    async fn a_source_that_confirms_makes_it_true() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("shop.sqlite").display());
        let config = source::SourceConfig::new("shop", url);
        let sources = Sources::from([("shop".to_owned(), source::open(&config).unwrap())]);
        let left = to_text(&[RunningSession {
            source: "shop".to_owned(),
            session: "any".to_owned(),
        }]);
        assert!(stop(&sources, "r", Some(&left)).await);
    }
}
