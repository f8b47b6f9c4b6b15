//! Messages to send, written with the run that causes them.
//!
//! `sending` is committed before the first byte leaves, `sent` after the other side has accepted.
//! A crash in between leaves `unsure`: shown to people, never silently repeated.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, FromRow};

use crate::values::{Millis, OptionalMillis, Word};
use crate::{RunId, Store, StoreError, WorkerName};

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id.
    pub id: String,
    /// What it is, such as `result`. Per run, kind and recipient there is one.
    pub kind: String,
    /// Who gets it.
    pub recipient: String,
    /// Its Message-ID, made from run, kind and recipient.
    pub message_id: String,
    /// What to send, as JSON.
    pub payload: String,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageState {
    /// Waiting.
    Queued,
    /// On its way.
    Sending,
    /// Accepted by the other side.
    Sent,
    /// Refused for good.
    Failed,
    /// Perhaps accepted, perhaps not.
    Unsure,
}

lang::words!(MessageState, 5, "state of a message",
    /// A word that is no state of a message.
    UnknownMessageState,
    {
        Queued => "queued",
        Sending => "sending",
        Sent => "sent",
        Failed => "failed",
        Unsure => "unsure",
    }
);

impl From<Word<MessageState>> for MessageState {
    fn from(word: Word<MessageState>) -> Self {
        word.0
    }
}

/// A message as the table has it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The run that caused it.
    pub run_id: RunId,
    /// What it is.
    pub kind: String,
    /// Who gets it.
    pub recipient: String,
    /// Its Message-ID.
    pub message_id: String,
    /// What to send.
    pub payload: String,
    /// Where it is.
    #[sqlx(try_from = "Word<MessageState>")]
    pub state: MessageState,
    /// Not sent before.
    #[sqlx(rename = "not_before_ms", try_from = "Millis")]
    pub not_before: Timestamp,
    /// How often it was tried.
    pub attempt: i64,
    /// The worker that is sending it.
    pub worker: Option<WorkerName>,
    /// When it was accepted.
    #[sqlx(rename = "sent_ms", try_from = "OptionalMillis")]
    pub sent_at: Option<Timestamp>,
    /// What the other side said.
    pub reply: Option<String>,
}

impl Store {
    /// Takes the next message to send and marks it as being sent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_message(
        &self,
        worker: &WorkerName,
        now: Timestamp,
    ) -> Result<Option<Message>, StoreError> {
        let failed = self.failed("take a message");
        let mut tx = self.begin().await?;
        // Another taker may be faster at the first one in line; then the next is tried.
        let message = loop {
            let next: Option<String> = sqlx::query_scalar(
                "SELECT id FROM outbox WHERE state = 'queued' AND not_before_ms <= $1
                  ORDER BY not_before_ms, id LIMIT 1",
            )
            .bind(Millis(now))
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
            let Some(next) = next else { break None };
            let taken = sqlx::query_as(
                "UPDATE outbox SET state = 'sending', worker = $2, attempt = attempt + 1
                  WHERE id = $1 AND state = 'queued' AND not_before_ms <= $3
                 RETURNING *",
            )
            .bind(next)
            .bind(worker)
            .bind(Millis(now))
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
            if taken.is_some() {
                break taken;
            }
        };
        tx.commit().await.map_err(failed)?;
        Ok(message)
    }

    /// Records what became of a message: `Sent`, `Failed`, `Unsure`, or `Queued` to try again at
    /// `at`. `false` when it is not this attempt's any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle_message(
        &self,
        message: &Message,
        state: MessageState,
        reply: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = self.failed("record a message");
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE outbox
                SET state = $4, worker = NULL, reply = $5, not_before_ms = $6,
                    sent_ms = CASE WHEN $4 = 'sent' THEN $6 ELSE NULL END
              WHERE id = $1 AND state = 'sending' AND worker = $2 AND attempt = $3",
        )
        .bind(&message.id)
        .bind(&message.worker)
        .bind(message.attempt)
        .bind(state.as_str())
        .bind(reply)
        .bind(Millis(at))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(done.rows_affected() == 1)
    }

    /// The messages that are being sent, by id. For watching: one that is still at the same attempt
    /// after a whole lease has lost its sender.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sending(&self) -> Result<Vec<Message>, StoreError> {
        sqlx::query_as("SELECT * FROM outbox WHERE state = 'sending' ORDER BY id")
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list the messages that are being sent"))
    }

    /// Marks messages whose sender is gone as `unsure` and says how many: perhaps they were
    /// accepted. One that was settled or taken again since it was observed is left alone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn give_up_messages(&self, observed: &[Message]) -> Result<usize, StoreError> {
        let mut given_up = 0;
        for message in observed {
            let unsure = MessageState::Unsure;
            let reply = "the sender stopped before the answer came";
            let at = message.not_before;
            given_up += usize::from(self.settle_message(message, unsure, reply, at).await?);
        }
        Ok(given_up)
    }

    /// The messages of a run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        sqlx::query_as("SELECT * FROM outbox WHERE run_id = $1 ORDER BY kind, recipient")
            .bind(run)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list a run's messages"))
    }
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    run: &RunId,
    message: &NewMessage,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO outbox (id, run_id, kind, recipient, message_id, payload, not_before_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (run_id, kind, recipient) DO NOTHING",
    )
    .bind(&message.id)
    .bind(run)
    .bind(&message.kind)
    .bind(&message.recipient)
    .bind(&message.message_id)
    .bind(&message.payload)
    .bind(Millis(now))
    .execute(connection)
    .await
    .map(|_| ())
}

pub(crate) async fn unsure_leftovers(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE outbox SET state = 'unsure', worker = NULL WHERE state = 'sending'")
        .execute(connection)
        .await
        .map(|_| ())
}
