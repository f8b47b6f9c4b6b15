//! Many people who watch one run, for as long as somebody wants to look at the server meanwhile.

use std::sync::Arc;

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use crate::visitor::{Answers, Visitor, Wanted};

/// Opens so many live streams of one long run, says so on standard output, and keeps them open
/// until a line comes on standard input. Then the run is cancelled and every stream has to say so.
///
/// # Errors
/// When a stream breaks or misses something.
pub(crate) async fn hold(
    base: &str,
    who: (&str, &str),
    wanted: &Wanted,
    streams: usize,
) -> Result<Value> {
    let answers = Arc::new(Answers::default());
    let visitor = Visitor::sign_in(base, who, 0, &answers).await?;
    let (run, _) = visitor.start(wanted).await?;
    let (opened, mut opening) = mpsc::unbounded_channel();
    let watching: Vec<_> = (0..streams)
        .map(|_| {
            let (visitor, run, opened) = (visitor.clone(), run.clone(), opened.clone());
            tokio::spawn(async move {
                let mut opened = Some(opened);
                visitor
                    .watch(&run, false, |_| {
                        if let Some(opened) = opened.take() {
                            let _ = opened.send(());
                        }
                    })
                    .await
            })
        })
        .collect();
    drop(opened);
    let mut open = 0;
    while open < streams && opening.recv().await.is_some() {
        open += 1;
    }
    ensure!(open == streams, "only {open} of {streams} streams opened");
    println!("{}", json!({ "open": open }));
    let mut line = String::new();
    BufReader::new(tokio::io::stdin())
        .read_line(&mut line)
        .await?;
    visitor.cancel(&run).await?;
    let watched = try_join_all(watching).await?;
    let (_, stored) = visitor.live(&run).await?;
    let (mut events, mut lost, mut broken) = (0, 0, 0);
    for watched in watched {
        let watched = watched?;
        events += watched.events;
        lost += watched.lost(stored);
        broken += watched.broken;
    }
    Ok(json!({ "streams": open, "events": events, "lost": lost, "broken": broken }))
}
