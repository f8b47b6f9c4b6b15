//! Reports, read and checked in a process of their own.
//!
//! A text nobody has read yet may turn out to need any time and memory to read: that must cost the server no more than
//! a moment, and every other report nothing.

use std::time::Duration;

use report::Problem;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::exit::{Ending, judge};
use super::process::{end, keep_last_words, send, start};
use super::wire::{CheckOrder, Said, Task};

/// How the process is called in lists.
const NAME: &str = "check";
/// From the last answer to the end of the process.
const GRACE: Duration = Duration::from_secs(1);

/// Why it is not known what is wrong with a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotChecked {
    /// It took longer than this.
    TooLong(Duration),
    /// It needed more than this many MiB of memory.
    TooLarge(u32),
    /// The process disappeared; words for the administrator.
    Lost(String),
    /// No process could be started; a moment later one may.
    NotStarted(String),
}

/// Checks every report of the order, each within `patience`: an answer for each, in the same order.
pub async fn check(
    mut order: CheckOrder,
    patience: Duration,
) -> Vec<Result<Vec<Problem>, NotChecked>> {
    let mut answers = Vec::with_capacity(order.reports.len());
    while !order.reports.is_empty() {
        let before = answers.len();
        let mut failed = check_until_one_fails(&order, patience, &mut answers).await;
        let done = answers.len() - before;
        // Memory is taken by all of an order: who is to blame for a loss is known of one report alone.
        if matches!(failed, Some(NotChecked::TooLarge(_) | NotChecked::Lost(_)))
            && order.reports.len() > 1
            && let Some(report) = order.reports.get(done)
        {
            let alone = CheckOrder {
                reports: vec![report.clone()],
                ..order.clone()
            };
            failed = check_until_one_fails(&alone, patience, &mut answers).await;
        }
        answers.extend(failed.map(Err));
        // Those behind one that failed begin anew, without it.
        let done = (answers.len() - before).min(order.reports.len());
        order.reports.drain(..done);
    }
    answers
}

/// Why the report behind those that were answered could not be checked, if there is one.
async fn check_until_one_fails(
    order: &CheckOrder,
    patience: Duration,
    answers: &mut Vec<Result<Vec<Problem>, NotChecked>>,
) -> Option<NotChecked> {
    let (mut child, mut input, output, errors) = match start(NAME) {
        Ok(started) => started,
        Err(error) => return Some(NotChecked::NotStarted(error.to_string())),
    };
    let last_words = tokio::spawn(keep_last_words(errors));
    let mut lines = BufReader::new(output).lines();
    // A child that cannot be told anything is gone, which its output shows.
    let _ = send(&mut input, &Task::Check(order.clone())).await;
    let mut open = order.reports.len();
    let mut failed = None;
    while open > 0 && failed.is_none() {
        match tokio::time::timeout(patience, lines.next_line()).await {
            Err(_) => failed = Some(NotChecked::TooLong(patience)),
            Ok(Ok(Some(line))) => match serde_json::from_str(&line) {
                Ok(Said::Checked { problems }) => {
                    answers.push(Ok(problems));
                    open -= 1;
                }
                Ok(Said::Failed { failure }) => failed = Some(NotChecked::Lost(failure.chain)),
                _ => {}
            },
            Ok(_) => break,
        }
    }
    if failed.is_some() {
        let _ = child.start_kill();
    }
    drop(input);
    let status = end(&mut child, GRACE).await;
    if open > 0 && failed.is_none() {
        let words = last_words.await.unwrap_or_default();
        failed = Some(match judge(status, &words, order.memory_mb) {
            Ending::Memory(_) => NotChecked::TooLarge(order.memory_mb),
            Ending::Lost { chain } => NotChecked::Lost(chain),
        });
    }
    failed
}
