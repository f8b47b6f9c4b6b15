//! Changes of other processes, heard through PostgreSQL's LISTEN and NOTIFY.
//!
//! A notification is part of the transaction it tells of: it leaves with the commit or not at all.
//! It is a hint. Whoever listens polls as well, so a missed one costs time and nothing else.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{AnyConnection, ConnectOptions};
use tokio::sync::broadcast;
use tokio::task::AbortHandle;
use url::Url;

use super::{Change, Store};

const CHANNEL: &str = "digger_changes";

/// PostgreSQL takes payloads shorter than 8,000 bytes.
const LONGEST: usize = 7_900;

/// Between two tries to reach a server that is gone. Polling goes on meanwhile.
const TRY_AGAIN: Duration = Duration::from_secs(2);

const QUEUED: &str = "queued";
const RUN: &str = "run ";

impl Store {
    /// Tells other processes, when this transaction is committed.
    pub(super) async fn notify(
        &self,
        connection: &mut AnyConnection,
        news: &[Change],
    ) -> Result<(), sqlx::Error> {
        if news.is_empty() || !self.place().is_shared() {
            return Ok(());
        }
        // The first line says who tells, because a listener hears itself, too.
        let mut payload = self.inner.id.clone();
        for change in news {
            let line = match change {
                Change::Queued => QUEUED.to_owned(),
                Change::Run(id) => format!("{RUN}{id}"),
            };
            if payload.len() + 1 + line.len() <= LONGEST {
                payload.push('\n');
                payload.push_str(&line);
            }
        }
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(payload)
            .execute(connection)
            .await
            .map(|_| ())
    }

    /// Listens from now on, as long as the store lives. Asked for again, it already does.
    pub(super) fn listen(&self) {
        let Some(url) = self.place().server_url().cloned() else {
            return;
        };
        self.inner.listening.get_or_init(|| {
            let (id, changes) = (self.inner.id.clone(), self.inner.changes.clone());
            Listening(tokio::spawn(listen(url, id, changes)).abort_handle())
        });
    }
}

/// The task that listens; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Listening(AbortHandle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn listen(url: Url, id: String, changes: broadcast::Sender<Change>) {
    loop {
        if let Err(error) = hear(&url, &id, &changes).await {
            tracing::warn!(%error, "Changes of other processes are not heard at the moment");
        }
        // What happened meanwhile was missed: whoever waits should look.
        let _ = changes.send(Change::Queued);
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

/// Passes notifications on until the connection is lost.
async fn hear(url: &Url, id: &str, changes: &broadcast::Sender<Change>) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(PgConnectOptions::from_url(url)?)
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    // What was committed before this moment was not heard.
    let _ = changes.send(Change::Queued);
    while let Some(notification) = listener.try_recv().await? {
        let mut lines = notification.payload().lines();
        if lines.next() == Some(id) {
            continue;
        }
        for line in lines {
            let change = match line.strip_prefix(RUN) {
                Some(run) => Change::Run(run.into()),
                None => Change::Queued,
            };
            // Nobody listens: fine, it is a hint.
            let _ = changes.send(change);
        }
    }
    Ok(())
}
