//! Hashing for whoever asks from outside, a few at a time.
//!
//! A hash takes 19 MiB and a processor for a moment, and anybody may ask for one without having signed in. Threads of
//! their own compute them: what an allocator keeps for each thread that ever needed so much is then little, too.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::{Semaphore, oneshot};

/// Hashes that may be computed or waited for at once, about a second's worth. More are refused: whoever waits longer
/// has given up.
const MOST: usize = 32;

type Job = Box<dyn FnOnce() + Send>;

/// Too many ask at once; a moment later there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// Hashes passwords on a few threads. Clones share them.
#[derive(Clone, Debug)]
pub struct Hashing {
    jobs: Sender<Job>,
    free: Arc<Semaphore>,
}

impl Hashing {
    /// Leaves half of so many processors to pages and runs.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn beside(processors: usize) -> std::io::Result<Self> {
        let (jobs, asked) = channel();
        let asked = Arc::new(Mutex::new(asked));
        for _ in 0..(processors / 2).max(1) {
            let asked = Arc::clone(&asked);
            thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || work(&asked))?;
        }
        Ok(Self {
            jobs,
            free: Arc::new(Semaphore::new(MOST)),
        })
    }

    /// Whether a hash would be refused right now.
    pub fn is_busy(&self) -> bool {
        self.free.available_permits() == 0
    }

    /// See [`super::hash`].
    ///
    /// # Errors
    /// [`Busy`] when too many ask at once, and what [`super::hash`] says.
    pub async fn hash(
        &self,
        password: String,
    ) -> Result<Result<String, argon2::password_hash::Error>, Busy> {
        self.computed(move || super::hash(&password)).await
    }

    /// See [`super::verify`].
    ///
    /// # Errors
    /// [`Busy`] when too many ask at once.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Busy> {
        self.computed(move || super::verify(&password, hash.as_deref()))
            .await
    }

    async fn computed<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _place = self.free.try_acquire().map_err(|_| Busy)?;
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Nobody waits any more for what a closed connection asked.
            if !answer.is_closed() {
                let _ = answer.send(compute());
            }
        });
        self.jobs.send(job).map_err(|_| Busy)?;
        answered.await.map_err(|_| Busy)
    }
}

fn work(asked: &Mutex<Receiver<Job>>) {
    loop {
        let job = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            // Nobody can ask any more.
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_comes_when_too_many_wait_is_refused_and_later_is_not() {
        let hashing = Hashing::beside(2).unwrap();
        // The one thread waits until it is let go.
        let (go, gone) = channel::<()>();
        let first = hashing.computed(move || gone.recv().is_err());
        let others = (1..MOST).map(|number| hashing.computed(move || number > 0));
        let others = futures::future::join_all(others);
        let mut all = Box::pin(futures::future::join(first, others));
        // Asked once, so that all of them stand in the queue.
        assert!(futures::poll!(&mut all).is_pending());
        assert!(hashing.is_busy());
        assert_eq!(hashing.computed(|| ()).await, Err(Busy));
        drop(go);
        let (first, others) = all.await;
        assert_eq!(first, Ok(true));
        assert!(others.iter().all(|other| *other == Ok(true)));
        assert_eq!(hashing.computed(|| ()).await, Ok(()));
    }

    #[tokio::test]
    async fn hashes_are_those_of_the_password() {
        let hashing = Hashing::beside(1).unwrap();
        let hash = hashing.hash("correct horse".to_owned()).await.unwrap();
        let hash = Some(hash.unwrap());
        let verify = |password: &str| hashing.verify(password.to_owned(), hash.clone());
        assert_eq!(verify("correct horse").await, Ok(true));
        assert_eq!(verify("correct house").await, Ok(false));
    }
}
