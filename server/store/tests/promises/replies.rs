//! Replies that are lost: the server has committed, and the connection is cut before it can say so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::{Finished, Location as Where, Store, StoreError};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

use crate::invariants;
use crate::place::{Db, NO_LIMITS, NOW, Place, finish, run};

/// What the driver sends to commit.
const COMMIT: &[u8] = b"COMMIT\0";

/// A way to the server that loses the replies to as many commits as it is told.
struct Proxy {
    port: u16,
    lost: Arc<AtomicI64>,
}

impl Proxy {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let lost = Arc::new(AtomicI64::new(0));
        let losing = lost.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, losing.clone()));
            }
        });
        Self { port, lost }
    }

    /// Loses the replies to the next commits.
    fn lose(&self, commits: i64) {
        self.lost.store(commits, Ordering::SeqCst);
    }
}

async fn pass(client: TcpStream, server: TcpStream, lost: Arc<AtomicI64>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move {
        copy(&mut from_server, &mut to_client).await.ok();
        from_server
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        let sent = &buffer[..length];
        let is_commit = sent.windows(COMMIT.len()).any(|part| part == COMMIT);
        if is_commit && lost.fetch_sub(1, Ordering::SeqCst) > 0 {
            // Nothing comes back any more, but the server gets to read it, and then the end.
            back.abort();
            to_server.write_all(sent).await.ok();
            to_server.shutdown().await.ok();
            return;
        }
        if to_server.write_all(sent).await.is_err() {
            return;
        }
    }
}

async fn through(place: &Place) -> (Proxy, Store) {
    let url = place.url();
    let (login, server) = url.rsplit_once('@').unwrap();
    let (host, database) = server.split_once('/').unwrap();
    let proxy = Proxy::to(host.to_owned()).await;
    let url = format!("{login}@127.0.0.1:{}/{database}", proxy.port);
    let store = Store::connect(&Where::parse(&url).unwrap()).await.unwrap();
    (proxy, store)
}

/// C2: the finish was committed and its reply lost; it is read back, and done once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finish_whose_reply_is_lost_is_read_back() {
    let place = Place::new(Db::Postgres).await;
    let (proxy, store) = through(&place).await;
    for index in 0..20 {
        let id = format!("r{index}");
        place.queue(run(&id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        proxy.lose(1);
        assert_eq!(
            store.finish(finish(&claimed, NOW)).await.unwrap(),
            Finished::Done
        );
        assert!(proxy.lost.load(Ordering::SeqCst) <= 0, "nothing was lost");
        proxy.lose(0);
        assert_eq!(place.story(&id).await, ["queued", "claimed", "succeeded"]);
    }
    assert_eq!(place.count("SELECT COUNT(*) FROM outbox").await, 20);
    invariants::check(&place).await;
}

/// A worker that never learns of its claim: the run stands still and is taken over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_whose_reply_is_lost_is_taken_over() {
    let place = Place::new(Db::Postgres).await;
    let (proxy, store) = through(&place).await;
    place.queue(run("a", "kim", "shop")).await;
    proxy.lose(1);
    let error = store.claim(&"w".into(), NO_LIMITS, NOW).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    proxy.lose(0);
    // The server commits on its own time; a lock on the row waits for it.
    place.change("UPDATE runs SET title = title").await;
    let swept = crate::place::take_over(&place.store).await;
    assert_eq!(swept.len(), 1);
    let claimed = store
        .claim(&"w".into(), NO_LIMITS, NOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed.lease.attempt, 2);
    assert_eq!(
        store.finish(finish(&claimed, NOW)).await.unwrap(),
        Finished::Done
    );
    invariants::check(&place).await;
}
