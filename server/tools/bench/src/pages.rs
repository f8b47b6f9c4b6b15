//! How long pages take when there is much to show.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Map, Value};

use crate::figures::summary;
use crate::visitor::{Answers, Visitor};

/// Pages opened before anything is counted: the first of each kind fills caches and prepares statements.
const BEFORE: usize = 5;
/// How long the last page may take to be there: a folder of reports is read in the background.
const THERE: Duration = Duration::from_secs(600);
/// Between two looks whether it is.
const LOOK: Duration = Duration::from_millis(500);

/// Opens every page so many times, one after the other, once the last of them is there.
///
/// # Errors
/// When nobody can sign in, or a page does not come.
pub(crate) async fn measure(
    base: &str,
    who: (&str, &str),
    paths: &[String],
    rounds: usize,
) -> Result<Value> {
    let visitor = Visitor::sign_in(base, who, 0, &Arc::new(Answers::default())).await?;
    let since = Instant::now();
    if let Some(last) = paths.last() {
        while visitor.page(last).await.is_err() {
            ensure!(since.elapsed() < THERE, "{last} is not there");
            tokio::time::sleep(LOOK).await;
        }
    }
    let mut figures = Map::new();
    for path in paths {
        let mut times = Vec::with_capacity(rounds);
        for round in 0..BEFORE + rounds {
            let took = visitor.page(path).await?;
            if round >= BEFORE {
                times.push(took);
            }
        }
        figures.insert(path.clone(), summary(times));
    }
    Ok(Value::Object(figures))
}
