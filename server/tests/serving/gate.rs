//! A way to a server that can be silenced and cut.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the way does with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Passes them on.
    Open,
    /// Takes connections and bytes, and passes nothing on: a network that swallows packets.
    Silent,
    /// Cuts connections, also new ones.
    Cut,
}

/// A way to a server. Dropped: cut.
pub struct Gate {
    address: SocketAddr,
    way: watch::Sender<Way>,
    serving: JoinHandle<()>,
}

impl Gate {
    /// An open way to `host:port`.
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let way = watch::Sender::new(Way::Open);
        let (ways, server) = (way.clone(), server.to_owned());
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (ways, server) = (ways.clone(), server.clone());
                tokio::spawn(async move {
                    let mut cut = ways.subscribe();
                    tokio::select! {
                        () = pass(client, server, &ways) => {}
                        _ = cut.wait_for(|way| *way == Way::Cut) => {}
                    }
                });
            }
        });
        Self {
            address,
            way,
            serving,
        }
    }

    /// The same URL, `scheme://login@host:port/…`, through a way of its own.
    pub async fn before(url: &str) -> (Self, String) {
        let (login, rest) = url.rsplit_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let gate = Self::to(server).await;
        let through = format!("{login}@{}/{database}", gate.address);
        (gate, through)
    }

    pub fn become_way(&self, way: Way) {
        self.way.send_replace(way);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.way.send_replace(Way::Cut);
        self.serving.abort();
    }
}

async fn pass(client: TcpStream, server: String, ways: &watch::Sender<Way>) {
    // Whoever comes while it is silent waits for the server, too.
    until_open(&mut ways.subscribe()).await;
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pump(from_client, to_server, ways.subscribe()) => {}
        () = pump(from_server, to_client, ways.subscribe()) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        until_open(&mut way).await;
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
    // The end of one direction is news like any other.
    until_open(&mut way).await;
}

async fn until_open(way: &mut watch::Receiver<Way>) {
    let _ = way.wait_for(|way| *way == Way::Open).await;
}
