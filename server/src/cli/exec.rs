//! `digger exec RUN`: the child of a running server.

use anyhow::Result;

use super::DONE;

/// Executes the run that stands on standard input. `run` only names the process in lists.
pub(super) fn exec(_run: &str) -> Result<u8> {
    crate::worker::execute_order()?;
    Ok(DONE)
}
