//! A network that fails, between the crate and the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use source::{Extract, SourceError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::shop::{NUMBERS, Shop};

/// Hands bytes on between clients and the server, and cuts every connection once it has handed on
/// as many from the server as it may.
struct Proxy {
    port: u16,
    most: Arc<AtomicU64>,
    cut: Arc<Notify>,
}

impl Proxy {
    async fn to(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let most = Arc::new(AtomicU64::new(u64::MAX));
        let place = format!(
            "{}:{}",
            server.host_str().unwrap(),
            server.port().unwrap_or(3306)
        );
        let cut = Arc::new(Notify::new());
        let (shared, notified) = (most.clone(), cut.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&place).await.unwrap();
                let (most, cut) = (shared.clone(), notified.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = hand_on(client, server, most) => {}
                        () = cut.notified() => {}
                    }
                });
            }
        });
        Self { port, most, cut }
    }

    fn url(&self, server: &Url) -> String {
        let mut url = server.clone();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.to_string()
    }
}

async fn hand_on(client: TcpStream, server: TcpStream, most: Arc<AtomicU64>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answering = async {
        let (mut buffer, mut handed) = (vec![0; 4096], 0);
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            let left = most.load(Ordering::Relaxed).saturating_sub(handed);
            let allowed = usize::try_from(left).unwrap_or(usize::MAX).min(read);
            if to_client.write_all(&buffer[..allowed]).await.is_err() || allowed < read {
                break;
            }
            handed += read as u64;
        }
    };
    tokio::select! {
        () = answering => {}
        _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_mid_row_says_after_how_many_rows() {
    let shop = Shop::new(NUMBERS).await;
    let proxy = Proxy::to(&shop.database.reader).await;
    let url = proxy.url(&shop.database.reader);
    let source = shop.configured(|config| config.urls = vec![url]);
    let sql = "SELECT i, REPEAT('x', 100) AS note FROM numbers";
    let mut reading = source
        .read(Extract::new(sql), CancellationToken::new())
        .await
        .unwrap();
    proxy.most.store(500_000, Ordering::Relaxed);
    let mut rows = 0;
    let error = loop {
        match reading.next().await.expect("the answer is longer") {
            Ok(chunk) => rows += chunk.rows,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, SourceError::Down { .. }), "{error}");
    let message = error.to_string();
    let said: usize = message
        .split_once("was lost after ")
        .and_then(|(_, rest)| rest.split_once(" rows"))
        .map(|(rows, _)| rows.parse().unwrap())
        .unwrap_or_else(|| panic!("{message}"));
    // Whole chunks were handed out, and the rows of the last one were not.
    assert_eq!(rows, said / 2048 * 2048);
    assert!((4_000..6_000).contains(&said), "{message}");
    assert!(reading.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_whose_connection_is_cut_is_stopped_all_the_same() {
    let shop = Shop::new(NUMBERS).await;
    let proxy = Proxy::to(&shop.database.reader).await;
    let url = proxy.url(&shop.database.reader);
    let source = shop.configured(|config| config.urls = vec![url]);
    // The server would compute for minutes before it notices that nobody listens.
    let silent = "SELECT MAX(a.i * b.i * c.i) AS x FROM numbers AS a, numbers AS b, numbers AS c";
    let mut reading = source
        .read(Extract::new(silent), CancellationToken::new())
        .await
        .unwrap();
    let begun = Instant::now();
    while shop.running().await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never ran");
    }
    proxy.cut.notify_waiters();
    let error = reading.next().await.unwrap().unwrap_err();
    assert!(matches!(error, SourceError::Down { .. }), "{error}");
    assert!(
        error.to_string().contains("was lost before the first row"),
        "{error}"
    );
    assert_eq!(shop.running().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_at_any_byte_is_never_a_shorter_answer() {
    let shop = Shop::new(NUMBERS).await;
    let proxy = Proxy::to(&shop.database.reader).await;
    let url = proxy.url(&shop.database.reader);
    let source = shop.configured(|config| config.urls = vec![url]);
    let sql = "SELECT i, i / 3 AS x FROM numbers WHERE i <= 20";
    for most in (0..3_000).step_by(61) {
        proxy.most.store(most, Ordering::Relaxed);
        match crate::shop::extract_from(&source, Extract::new(sql)).await {
            Ok((_, chunks)) => assert_eq!(chunks[0].rows, 20, "{most}"),
            Err(error) => assert_eq!(
                error.class(),
                lang::FailureClass::SourceDown,
                "{most}: {error}"
            ),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_is_given_up_in_time() {
    let shop = Shop::new("DO 0").await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let source = shop.configured(|config| {
        config.urls = vec![format!("mysql://me:hunter2@127.0.0.1:{port}/shop")];
        config.connect_timeout = Duration::from_millis(300);
    });
    let error = source.describe("SELECT 1 AS x").await.unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::SourceDown);
    let message = error.to_string();
    assert!(message.contains("did not answer within 0.3 s"), "{message}");
    assert!(!message.contains("hunter2"));
}
