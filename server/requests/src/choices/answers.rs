//! Recent answers, and those that are on their way: whoever asks for the same waits for the one that was asked first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Answers kept at most.
const MOST: usize = 200;

/// When it came, and what it is.
type Came<A> = Option<(Instant, A)>;

/// Answers by what was asked.
#[derive(Debug)]
pub(super) struct Answers<K, A>(Mutex<HashMap<K, watch::Receiver<Came<A>>>>);

/// Whether an answer is known, asked for by somebody else at this moment, or has to be asked for by the caller.
pub(super) enum Asked<A> {
    /// It is there already.
    Known(A),
    /// Somebody else asks.
    OnItsWay(Waiting<A>),
    /// Whoever is told this has to ask.
    New(Answering<A>, Waiting<A>),
}

/// Somebody who waits for an answer.
pub(super) struct Waiting<A>(watch::Receiver<Came<A>>);

/// Whoever asks. Dropped without an answer, others may ask anew.
pub(super) struct Answering<A>(watch::Sender<Came<A>>);

impl<K, A> Default for Answers<K, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, A: Clone> Answers<K, A> {
    /// The answer to `key`, as long as it is not older than `fresh` says.
    pub(super) fn ask(&self, key: K, fresh: impl Fn(&A) -> Duration) -> Asked<A> {
        let is_old = |came: &Came<A>| match came {
            Some((since, answer)) => since.elapsed() >= fresh(answer),
            None => false,
        };
        let is_gone = |known: &watch::Receiver<Came<A>>| {
            let came = known.borrow();
            is_old(&came) || (came.is_none() && known.has_changed().is_err())
        };
        let mut all = self.all();
        if let Some(known) = all.get(&key).filter(|known| !is_gone(known)) {
            let known = known.clone();
            let came = known.borrow().clone();
            return match came {
                Some((_, answer)) => Asked::Known(answer),
                None => Asked::OnItsWay(Waiting(known)),
            };
        }
        if all.len() >= MOST {
            all.retain(|_, known| !is_gone(known));
        }
        if all.len() >= MOST {
            all.retain(|_, known| known.borrow().is_none());
        }
        let (sender, receiver) = watch::channel(None);
        all.insert(key, receiver.clone());
        Asked::New(Answering(sender), Waiting(receiver))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<K, watch::Receiver<Came<A>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> Answering<A> {
    /// Tells everybody.
    pub(super) fn tell(self, answer: A) {
        self.0.send_replace(Some((Instant::now(), answer)));
    }
}

impl<A: Clone> Waiting<A> {
    /// The answer; `None` when whoever asked is gone.
    pub(super) async fn answer(mut self) -> Option<A> {
        let came = self.0.wait_for(Option::is_some).await.ok()?;
        came.as_ref().map(|(_, answer)| answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn whoever_asks_for_the_same_waits_for_one_answer() {
        let answers = Answers::<&str, i32>::default();
        let ask = |key| answers.ask(key, |_| LONG);
        let Asked::New(asking, first) = ask("a") else {
            panic!("nobody asked before")
        };
        let Asked::OnItsWay(second) = ask("a") else {
            panic!("it is on its way")
        };
        assert!(matches!(ask("b"), Asked::New(..)), "something else");
        asking.tell(7);
        assert_eq!(
            (first.answer().await, second.answer().await),
            (Some(7), Some(7))
        );
        assert!(matches!(ask("a"), Asked::Known(7)));
        assert!(
            matches!(answers.ask("a", |_| Duration::ZERO), Asked::New(..)),
            "too old"
        );
    }

    #[tokio::test]
    async fn an_answer_that_never_comes_is_asked_for_again() {
        let answers = Answers::<&str, i32>::default();
        let Asked::New(asking, waiting) = answers.ask("a", |_| LONG) else {
            panic!("nobody asked before")
        };
        drop(asking);
        assert_eq!(waiting.answer().await, None);
        assert!(matches!(answers.ask("a", |_| LONG), Asked::New(..)));
    }
}
