//! Connections: how many there may be, and how long the head of a request may take.
//!
//! Whoever opens connections and says nothing, or does not read what they asked for, must not keep others out, and
//! never takes the descriptors this process needs for its own tables and for the processes of runs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use runtime::Lifecycle;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::host::CameTo;

/// How long the head of a request may take, and how long a connection may wait for its next one. Browsers send a head
/// at once, and open another connection when one is gone.
const HEAD: Duration = Duration::from_secs(15);
/// How long an answer may wait for whoever does not read it. A download that was paused so long goes on with the rest.
const UNREAD: Duration = Duration::from_secs(60);
/// Descriptors kept for ourselves: own tables, files, sources, three for each run.
const OWN: u64 = 256;
/// More connections than people have.
const MOST: u64 = 4_096;
/// Without a free descriptor accepting fails at once, again and again.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until the process is gone, and returns when the last one has ended.
pub async fn serve(listener: TcpListener, routes: Router, lifecycle: Arc<Lifecycle>) {
    let most = connections();
    let free = Arc::new(Semaphore::new(most));
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&free).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = lifecycle.until_gone() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (routes, lifecycle) = (routes.clone(), Arc::clone(&lifecycle));
                tokio::spawn(async move {
                    answer(stream, peer, routes, &lifecycle).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "Could not accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    // All places are free when nobody is there any more.
    let _ = free
        .acquire_many(u32::try_from(most).unwrap_or(u32::MAX))
        .await;
}

async fn answer(stream: TcpStream, peer: SocketAddr, routes: Router, lifecycle: &Lifecycle) {
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD));
    // Without an address of ours nobody is there any more.
    let Ok(came_to) = stream.local_addr() else {
        return;
    };
    let routes = routes.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(CameTo(came_to));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    tokio::pin!(connection);
    tokio::select! {
        // What goes wrong on a connection is its visitor's affair; handlers log what is ours.
        _ = connection.as_mut() => {}
        () = lifecycle.until_gone() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// How many connections there may be at once, after this process was given all the descriptors it may have.
fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => most,
        Err(_) => limit.current.unwrap_or(u64::MAX),
    };
    usize::try_from(beside_ours(files)).unwrap_or(usize::MAX)
}

/// What is left for visitors of so many descriptors.
fn beside_ours(files: u64) -> u64 {
    files.saturating_sub(OWN).max(files / 4).clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_left_for_ourselves() {
        assert_eq!(beside_ours(u64::MAX), MOST);
        assert_eq!(beside_ours(1_024), 768);
        assert_eq!(beside_ours(256), 64);
        assert_eq!(beside_ours(1), 1);
    }
}
