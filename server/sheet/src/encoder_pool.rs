//! Encoders on threads of their own, and their pieces in order again.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use crate::cells::{Block, Layout};
use crate::deflate::Piece;
use crate::encoder::{Codec, Encoder};

/// Blocks on their way through one encoder: one being encoded, one waiting. More would only take memory.
const WAITING: usize = 2;

/// Rows that can be handed to another thread.
pub trait Rows: Send + 'static {
    /// What is written of them.
    fn block(&self) -> Block<'_>;
}

/// What can happen to encoders on threads.
#[derive(Debug, thiserror::Error)]
pub enum EncoderPoolError {
    /// No thread could be started.
    #[error("no thread could be started for writing rows")]
    Start(#[source] std::io::Error),
    /// An encoder ended before its rows did.
    #[error("a part of the program that writes rows has stopped")]
    Stopped,
}

/// Encoders that work side by side. Rows go in and pieces come out in the same order.
pub struct EncoderPool {
    threads: Vec<EncoderThread>,
    sent: usize,
    received: usize,
}

struct EncoderThread {
    /// `None` when no more rows will come.
    rows: Option<SyncSender<Box<dyn Rows>>>,
    pieces: Receiver<Piece>,
    thread: Option<JoinHandle<()>>,
}

impl EncoderPool {
    /// Starts `count` encoders, at least one.
    ///
    /// # Errors
    /// [`EncoderPoolError::Start`] when the system has no thread left.
    pub fn start(layout: &Layout, codec: Codec, count: usize) -> Result<Self, EncoderPoolError> {
        let threads = (0..count.max(1))
            .map(|_| EncoderThread::start(Encoder::new(layout, codec)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            threads,
            sent: 0,
            received: 0,
        })
    }

    /// Hands rows over, and gives back the pieces that had to be waited for to make room for them.
    ///
    /// # Errors
    /// [`EncoderPoolError::Stopped`] when an encoder has panicked.
    pub fn send(&mut self, rows: Box<dyn Rows>) -> Result<Option<Piece>, EncoderPoolError> {
        // With every thread full, the oldest piece is the next one to be finished.
        let ready = if self.sent - self.received >= self.threads.len() * WAITING {
            self.receive()?
        } else {
            None
        };
        let next = self.sent % self.threads.len();
        let sender = self.threads[next]
            .rows
            .as_ref()
            .ok_or(EncoderPoolError::Stopped)?;
        sender.send(rows).map_err(|_| EncoderPoolError::Stopped)?;
        self.sent += 1;
        Ok(ready)
    }

    /// The next piece in order, waited for; `None` when all have been received.
    ///
    /// # Errors
    /// [`EncoderPoolError::Stopped`] when an encoder has panicked.
    pub fn receive(&mut self) -> Result<Option<Piece>, EncoderPoolError> {
        if self.received == self.sent {
            return Ok(None);
        }
        let thread = &self.threads[self.received % self.threads.len()];
        let piece = thread
            .pieces
            .recv()
            .map_err(|_| EncoderPoolError::Stopped)?;
        self.received += 1;
        Ok(Some(piece))
    }
}

impl EncoderThread {
    fn start(mut encoder: Encoder) -> Result<Self, EncoderPoolError> {
        let (rows, work) = sync_channel::<Box<dyn Rows>>(WAITING);
        let (done, pieces) = sync_channel(WAITING);
        let thread = Builder::new()
            .name("sheet".to_owned())
            .spawn(move || {
                for rows in work {
                    // Nobody waits for pieces any more when the writing was stopped.
                    if done.send(encoder.encode(&rows.block())).is_err() {
                        return;
                    }
                }
            })
            .map_err(EncoderPoolError::Start)?;
        Ok(Self {
            rows: Some(rows),
            pieces,
            thread: Some(thread),
        })
    }
}

impl Drop for EncoderThread {
    fn drop(&mut self) {
        self.rows = None;
        // A thread that waits for room for a piece is let go.
        let (_, nothing) = sync_channel(0);
        self.pieces = nothing;
        if let Some(thread) = self.thread.take() {
            // Its panic was told by a missing piece.
            let _ = thread.join();
        }
    }
}
