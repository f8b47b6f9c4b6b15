//! The choices of a parameter, read in a process of its own.
//!
//! Opening a form must not cost the server more than a moment: what a query turns out to need, and a mistake in it,
//! ends with its own process.

use std::time::Duration;

use lang::Failure;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::exit::{Ending, judge};
use super::process::{ask_to_stop, cannot_start, end, keep_last_words, send, start};
use super::wire::{ChoicesOrder, Said, Task};

/// How the process is called in lists.
const NAME: &str = "choices";
/// From asking it to stop until it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// Why there are none.
#[derive(Debug)]
pub enum NoChoices {
    /// The process said why, or ran out of its memory.
    Failed(Failure),
    /// They did not come in time; the statement was stopped.
    TooLong,
    /// The process disappeared; words for the administrator.
    Lost(String),
}

/// Reads the choices: value and label, in the query's order.
///
/// # Errors
/// [`NoChoices`].
pub async fn choices(
    order: ChoicesOrder,
    patience: Duration,
) -> Result<Vec<(String, String)>, NoChoices> {
    let memory_mb = order.memory_mb;
    let (mut child, mut input, output, errors) =
        start(NAME).map_err(|error| NoChoices::Failed(cannot_start(&error)))?;
    let last_words = tokio::spawn(keep_last_words(errors));
    let mut lines = BufReader::new(output).lines();
    let talking = async {
        send(&mut input, &Task::Choices(Box::new(order)))
            .await
            .ok()?;
        while let Ok(Some(line)) = lines.next_line().await {
            match serde_json::from_str(&line) {
                // Nobody watches a form being opened.
                Ok(Said::Progress { .. }) | Err(_) => {}
                Ok(last) => return Some(last),
            }
        }
        None
    };
    let last = tokio::time::timeout(patience, talking).await;
    if last.is_err() {
        ask_to_stop(&mut input).await;
    }
    let status = end(&mut child, GRACE).await;
    match last {
        Err(_) => Err(NoChoices::TooLong),
        Ok(Some(Said::Choices { pairs })) => Ok(pairs),
        Ok(Some(Said::Failed { failure })) => Err(NoChoices::Failed(failure)),
        Ok(_) => {
            let words = last_words.await.unwrap_or_default();
            Err(match judge(status, &words, memory_mb) {
                Ending::Memory(failure) => NoChoices::Failed(failure),
                Ending::Lost { chain } => NoChoices::Lost(chain),
            })
        }
    }
}
