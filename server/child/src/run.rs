//! The server's side of a run: its child is started, listened to and stopped.

use std::time::Duration;

use engine::{Outcome, Progress};
use lang::Failure;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::watch;

use super::exit::{Ending, judge};
use super::process::{ask_to_stop, cannot_start, end, keep_last_words, send, start};
use super::wire::{Order, Said, Task};

/// How a child ended, as far as the run is concerned.
#[derive(Debug)]
pub enum Ended {
    /// The workbook is in its place.
    Done(Box<Outcome>),
    /// The run failed with a reason.
    Failed(Failure),
    /// It stopped because it was asked to, or was killed after it did not stop in time.
    Stopped,
    /// It disappeared without a last word.
    Lost {
        /// Words for the administrator.
        chain: String,
    },
}

/// Runs one child to its end.
///
/// When `stop` becomes true the child is asked to stop and killed after `grace`.
pub async fn run(
    order: Order,
    mut stop: watch::Receiver<bool>,
    grace: Duration,
    on_progress: impl Fn(Progress),
) -> Ended {
    let (mut child, mut input, output, errors) = match start(&order.run) {
        Ok(started) => started,
        Err(error) => return Ended::Failed(cannot_start(&error)),
    };
    let (run, memory_mb) = (order.run.clone(), order.memory_mb);
    let last_words = tokio::spawn(keep_last_words(errors));
    let asked = send(&mut input, &Task::Run(Box::new(order))).await;
    let mut last = None;
    if asked.is_ok() {
        let mut lines = BufReader::new(output).lines();
        let listening = async {
            while let Ok(Some(line)) = lines.next_line().await {
                match serde_json::from_str(&line) {
                    Ok(Said::Progress { progress }) => on_progress(progress),
                    Ok(word) => return Some(word),
                    // Libraries may print; only the count of such lines would matter, and to nobody.
                    Err(_) => {
                        tracing::debug!(run.id = %run, "A run's process printed a line that is not ours")
                    }
                }
            }
            None
        };
        tokio::pin!(listening);
        tokio::select! {
            word = &mut listening => last = word,
            () = wait_for(&mut stop) => {
                ask_to_stop(&mut input).await;
                // What a stopping child still says does not matter, except that it may be done already.
                last = tokio::time::timeout(grace, &mut listening).await.ok().flatten();
            }
        }
    }
    drop(input);
    let was_stopped = *stop.borrow();
    let status = end(&mut child, grace).await;
    match last {
        Some(Said::Done { outcome }) => Ended::Done(outcome),
        Some(Said::Failed { failure }) if !was_stopped => Ended::Failed(failure),
        _ if was_stopped => Ended::Stopped,
        Some(Said::Cancelled) => Ended::Lost {
            chain: "the run's process stopped although nobody asked it to".to_owned(),
        },
        _ => {
            let words = last_words.await.unwrap_or_default();
            match judge(status, &words, memory_mb) {
                Ending::Memory(failure) => Ended::Failed(failure),
                Ending::Lost { chain } => Ended::Lost { chain },
            }
        }
    }
}

async fn wait_for(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone can no longer ask for a stop.
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
