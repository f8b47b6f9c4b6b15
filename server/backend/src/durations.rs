//! How long reports usually take, remembered for a moment: lists ask for many at once.
//!
//! That a report never succeeded is not remembered: people look at its form right after its first run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::AppError;
use store::Usual;

use super::{BackendService, OrUnavailable};

/// Usual times move slowly; a minute old is new enough.
const FRESH: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<String, (Instant, Usual)>>);

impl BackendService {
    /// What is usual for a report; `None` before its first success.
    pub(super) async fn usual_of(&self, report: &str) -> Result<Option<Usual>, AppError> {
        Ok(self.usual_of_all(&[report]).await?.remove(report))
    }

    /// What is usual for each of these reports; those that never succeeded are left out.
    pub(super) async fn usual_of_all(
        &self,
        reports: &[&str],
    ) -> Result<HashMap<String, Usual>, AppError> {
        let mut known = HashMap::new();
        let mut wanted = Vec::new();
        {
            let entries = self.usual.entries();
            for report in reports {
                match entries.get(*report) {
                    Some((since, usual)) if since.elapsed() < FRESH => {
                        known.insert((*report).to_owned(), *usual);
                    }
                    _ => wanted.push(*report),
                }
            }
        }
        let read = self.store.usual(&wanted).await.or_unavailable()?;
        let now = Instant::now();
        for (report, usual) in read {
            let entry = (now, usual);
            self.usual.entries().insert(report.clone(), entry);
            known.insert(report, usual);
        }
        Ok(known)
    }
}

impl Cache {
    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Usual)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A duration as pages have it, in milliseconds.
pub(super) fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// For pages.
pub(super) fn view(usual: Usual) -> app::view::Usual {
    app::view::Usual {
        p10_ms: ms(usual.p10),
        p50_ms: ms(usual.p50),
        p90_ms: ms(usual.p90),
        runs: u32::try_from(usual.n).unwrap_or(u32::MAX),
        rows: None,
    }
}
