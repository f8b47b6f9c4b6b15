//! Whether anybody still waits for a statement, and until when.

use std::time::{Duration, Instant};

use crate::{CancelFlag, SourceError};

/// Between two looks at the flags while a database computes. Well below what people notice.
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// Why a statement has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody asked to, or nobody reads the rows any more.
    Unwanted,
    /// It took longer than this.
    TimedOut(Duration),
}

impl Why {
    /// The error the reading ends in.
    pub(crate) fn error(self, source_name: &str) -> SourceError {
        match self {
            Self::Unwanted => SourceError::Cancelled,
            Self::TimedOut(limit) => SourceError::Timeout {
                source_name: source_name.to_owned(),
                limit,
            },
        }
    }
}

/// The flags and the deadline of one statement. The clock starts when it is made.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    cancel: CancelFlag,
    dropped: CancelFlag,
    deadline: Option<(Instant, Duration)>,
}

impl Watch {
    pub(crate) fn new(cancel: CancelFlag, dropped: CancelFlag, limit: Option<Duration>) -> Self {
        let deadline = limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        Self {
            cancel,
            dropped,
            deadline,
        }
    }

    /// Whether somebody raised a flag. Cheap enough for every row.
    #[inline]
    pub(crate) fn is_unwanted(&self) -> bool {
        self.cancel.is_cancelled() || self.dropped.is_cancelled()
    }

    /// Why the statement has to stop now, if it has to. Looks at the clock.
    pub(crate) fn look(&self) -> Option<Why> {
        if self.is_unwanted() {
            return Some(Why::Unwanted);
        }
        let (deadline, limit) = self.deadline?;
        (Instant::now() >= deadline).then_some(Why::TimedOut(limit))
    }

    /// Waits until the statement has to stop, for ever if nobody wants it to.
    pub(crate) async fn until_stop(&self) -> Why {
        loop {
            if let Some(why) = self.look() {
                return why;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}
