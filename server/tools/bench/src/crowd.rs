//! People who use Digger at the same time: they look at lists, fill in a form, click twice, and
//! watch their run. Beside them, if wanted, heavy runs that keep every processor busy.

mod heavy;
mod person;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::join_all;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::figures::summary;
use crate::people;
use crate::visitor::{Answers, Visitor, Wanted};
use heavy::Heavy;
use person::{Habits, Seen};

/// Sign-ins side by side; each costs the server a tenth of a second of one processor on purpose.
const SIGN_INS: usize = 4;
/// How often this process looks whether it is late itself.
const LOOK: Duration = Duration::from_millis(20);
/// Problems that are told word by word.
const MOST_PROBLEMS: usize = 5;

/// Who comes, and what they do.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    /// The server.
    pub(crate) base: String,
    /// Everybody's password.
    pub(crate) password: String,
    /// How many of those that [`people::make`] made.
    pub(crate) people: usize,
    /// How long they open pages.
    pub(crate) lasts: Duration,
    /// What they run, in turn; each runs one once. Same values are shared work, as always.
    pub(crate) wanted: Vec<Wanted>,
    /// Who runs what beside them, again and again. Nobody: nothing runs beside.
    pub(crate) heavy: Vec<(String, Wanted)>,
}

/// Lets them all in, lets them work, and waits until the last run is over.
///
/// # Errors
/// When somebody cannot sign in or a heavy run does not start. What goes wrong later is counted.
pub(crate) async fn load(crowd: Crowd) -> Result<Value> {
    let answers = Arc::new(Answers::default());
    let sign_in = async |login: String, number| {
        Visitor::sign_in(&crowd.base, (&login, &crowd.password), number, &answers).await
    };
    let visitors: Vec<Visitor> = stream::iter(1..=crowd.people)
        .map(|number| sign_in(people::login(number), number))
        .buffered(SIGN_INS)
        .try_collect()
        .await?;
    let mut heavy = Vec::new();
    for (number, (login, wanted)) in crowd.heavy.into_iter().enumerate() {
        let visitor = sign_in(login, crowd.people + 1 + number).await?;
        heavy.push(Heavy::begin(visitor, wanted).await?);
    }
    let started = Instant::now();
    let (leave, left) = oneshot::channel();
    let late = tokio::spawn(lateness(left));
    let habits = Arc::new(Habits::new(
        started,
        crowd.lasts,
        crowd.people,
        crowd.wanted,
    ));
    let coming = visitors
        .into_iter()
        .enumerate()
        .map(|(number, visitor)| tokio::spawn(person::come(visitor, number, Arc::clone(&habits))));
    let mut seen = Vec::new();
    for person in join_all(coming).await {
        seen.push(person?);
    }
    let took = started.elapsed();
    let _ = leave.send(());
    let mut heavy_done = 0;
    for run in heavy {
        heavy_done += run.end().await?;
    }
    let mut told = tell(&seen);
    told.insert("seconds".to_owned(), json!(took.as_secs_f64()));
    told.insert("heavy_finished".to_owned(), json!(heavy_done));
    let count = |counter: &std::sync::atomic::AtomicU64| json!(counter.load(Ordering::Relaxed));
    // Above a few milliseconds the figures are this process's own.
    told.insert("late".to_owned(), summary(late.await?));
    told.insert("server_errors".to_owned(), count(&answers.server_errors));
    told.insert("unanswered".to_owned(), count(&answers.unanswered));
    Ok(Value::Object(told))
}

/// How late this process wakes up until somebody says that it is enough.
async fn lateness(mut enough: oneshot::Receiver<()>) -> Vec<Duration> {
    let mut late = Vec::new();
    loop {
        let due = Instant::now() + LOOK;
        tokio::select! {
            _ = &mut enough => return late,
            () = tokio::time::sleep_until(due.into()) => late.push(due.elapsed()),
        }
    }
}

/// What all of them saw together.
fn tell(seen: &[Seen]) -> Map<String, Value> {
    let pages = || seen.iter().flat_map(|seen| &seen.pages);
    let kinds: Map<String, Value> = person::KINDS
        .into_iter()
        .map(|kind| {
            let of_kind = pages().filter(|(page, _)| *page == kind);
            (kind.to_owned(), summary(of_kind.map(|(_, took)| *took)))
        })
        .collect();
    let mut ends: Map<String, Value> = Map::new();
    let (mut events, mut lost, mut broken) = (0, 0, 0);
    for seen in seen {
        let end = seen.watched.end.as_deref().unwrap_or("never ended");
        let known = ends.get(end).and_then(Value::as_u64).unwrap_or(0);
        ends.insert(end.to_owned(), json!(known + 1));
        events += seen.watched.events;
        lost += seen.watched.lost(seen.stored);
        broken += seen.watched.broken;
    }
    let told = json!({
        "people": seen.len(),
        "pages": summary(pages().map(|(_, took)| *took)),
        "kinds": kinds,
        "clicks": summary(seen.iter().flat_map(|seen| seen.clicks.iter().copied())),
        "doubled": seen.iter().filter(|seen| seen.is_doubled).count(),
        "waited": summary(seen.iter().filter_map(|seen| seen.waited)),
        "ends": ends,
        "events": events,
        "lost": lost,
        "broken": broken,
        "problems": seen.iter().flat_map(|seen| &seen.problems).take(MOST_PROBLEMS).collect::<Vec<_>>(),
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Watched;

    fn seen(pages: &[(&'static str, u64)], last: u64, end: &str, stored: u64) -> Seen {
        let watched = Watched {
            events: 3,
            last: Some(last),
            end: Some(end.to_owned()),
            ..Watched::default()
        };
        Seen {
            pages: pages
                .iter()
                .map(|(kind, ms)| (*kind, Duration::from_millis(*ms)))
                .collect(),
            watched,
            stored,
            ..Seen::default()
        }
    }

    #[test]
    fn what_everybody_saw_is_told_together() {
        let mut twice = seen(&[("home", 10), ("form", 40)], 7, "succeeded", 7);
        twice.is_doubled = true;
        let missed = seen(&[("home", 20)], 5, "succeeded", 7);
        let told = tell(&[twice, missed, Seen::default()]);
        assert_eq!(told["pages"]["count"], 3);
        assert_eq!(told["pages"]["p50_ms"], 20.0);
        assert_eq!(told["kinds"]["home"]["count"], 2);
        assert_eq!(told["kinds"]["run"], Value::Null);
        assert_eq!(told["doubled"], 1);
        assert_eq!(told["ends"], json!({ "succeeded": 2, "never ended": 1 }));
        // Two events after the fifth, and an end that never came.
        assert_eq!((&told["lost"], &told["events"]), (&json!(3), &json!(6)));
    }
}
