//! How far this process is from its end, for everybody who has to stop in order.

use tokio::sync::watch;

/// How far this process is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Serving.
    Serving,
    /// Going away: claims nothing new, `/readyz` is red, live streams end, runs are handed back.
    Draining,
    /// Nothing runs any more; the heartbeats may stop.
    Gone,
}

/// The phase of this process.
#[derive(Debug)]
pub struct Lifecycle {
    phase: watch::Sender<Phase>,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            phase: watch::Sender::new(Phase::Serving),
        }
    }
}

impl Lifecycle {
    /// Moves on; phases never go back.
    pub fn enter(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let is_later = phase > *now;
            if is_later {
                *now = phase;
            }
            is_later
        });
    }

    /// The present phase.
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Waits until the process goes away.
    pub async fn until_draining(&self) {
        self.until(Phase::Draining).await;
    }

    /// Waits until nothing runs any more.
    pub async fn until_gone(&self) {
        self.until(Phase::Gone).await;
    }

    async fn until(&self, phase: Phase) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.phase.subscribe().wait_for(|now| *now >= phase).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn phases_only_move_forward() {
        let lifecycle = Lifecycle::default();
        lifecycle.enter(Phase::Gone);
        lifecycle.enter(Phase::Draining);
        assert_eq!(lifecycle.phase(), Phase::Gone);
        lifecycle.until_draining().await;
    }
}
