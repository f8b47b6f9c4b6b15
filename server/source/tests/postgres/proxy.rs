//! A way to the server that can be cut.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// Passes bytes on, and cuts every connection after so many from the server.
pub struct Proxy {
    pub port: u16,
}

impl Proxy {
    pub async fn cutting_after(server: (String, u16), bytes: u64) -> Self {
        Self::at("127.0.0.1:0", server, bytes).await
    }

    /// A way over IPv6 that is never cut.
    pub async fn over_ipv6(server: (String, u16)) -> Self {
        Self::at("[::1]:0", server, u64::MAX).await
    }

    async fn at(address: &str, server: (String, u16), bytes: u64) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect((server.0.as_str(), server.1))
                    .await
                    .unwrap();
                tokio::spawn(async move {
                    let (mut from_client, mut to_client) = client.into_split();
                    let (from_server, mut to_server) = server.into_split();
                    let there = tokio::spawn(async move {
                        copy(&mut from_client, &mut to_server).await.ok();
                    });
                    copy(&mut from_server.take(bytes), &mut to_client)
                        .await
                        .ok();
                    to_client.shutdown().await.ok();
                    there.abort();
                });
            }
        });
        Self { port }
    }
}

/// Somebody who takes connections and says nothing.
pub async fn silence() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((client, _)) = listener.accept().await {
            held.push(client);
        }
    });
    port
}

/// A port nobody listens at.
pub async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}
