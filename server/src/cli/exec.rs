//! `digger exec RUN`: the child of a running server.

use anyhow::Result;

use super::DONE;

/// How much a run steps back behind the server, which shares its processors: a run may want them
/// all for minutes, a page wants one for milliseconds.
const STEPS_BACK: i32 = 10;

/// Executes the run that stands on standard input. `run` only names the process in lists.
pub(super) fn exec(_run: &str) -> Result<u8> {
    if let Err(error) = rustix::process::nice(STEPS_BACK) {
        tracing::debug!(%error, "A run has the server's own priority");
    }
    child::execute_order()?;
    Ok(DONE)
}
