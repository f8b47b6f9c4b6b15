//! A private S3-compatible server for tests, with faults on demand. Nothing here is part of the product.
//!
//! It is `s3s-fs`, which checks signatures, honours `If-None-Match` and knows uploads in parts, on a free port of
//! 127.0.0.1. Between it and the network stands what every test of storage needs: an answer that is refused, late,
//! lost, or cut.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use bucket::{Bucket, Fault};
//!
//! let bucket = Bucket::start().await?;
//! bucket.fail(Fault::Answer(503), 2, "PUT", "results/");
//! println!("{} for {}", bucket.endpoint(), bucket.access_key_id());
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod faults;
mod store;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use faults::Faults;
use store::Store;

pub use faults::Fault;

const NAME: &str = "digger-files";
const ACCESS_KEY_ID: &str = "AKIATESTBUCKET";
const SECRET_ACCESS_KEY: &str = "secret-of-the-test-bucket";

/// How the store behaves. Default: as S3 does.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Whether unfinished uploads can be listed. Default: `true`.
    pub lists_uploads: bool,
    /// Whether `If-None-Match` is honoured. Default: `true`.
    pub honours_conditions: bool,
    /// Whether an object's own metadata is kept. Default: `true`.
    pub keeps_metadata: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            lists_uploads: true,
            honours_conditions: true,
            keeps_metadata: true,
        }
    }
}

/// A running server with one bucket. It ends when it is dropped.
#[derive(Debug)]
pub struct Bucket {
    address: SocketAddr,
    root: TempDir,
    faults: Arc<Faults>,
    serving: JoinHandle<()>,
}

impl Bucket {
    /// Starts a server that behaves as S3 does.
    ///
    /// # Errors
    /// When there is no port, or no temporary folder.
    pub async fn start() -> io::Result<Self> {
        Self::with(Manners::default()).await
    }

    /// Starts a server that behaves as told.
    ///
    /// # Errors
    /// When there is no port, or no temporary folder.
    pub async fn with(manners: Manners) -> io::Result<Self> {
        let root = tempfile::tempdir()?;
        std::fs::create_dir(root.path().join(NAME))?;
        let store = Store::new(root.path(), manners)
            .map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut builder = S3ServiceBuilder::new(store);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let faults = Arc::new(Faults::default());
        let serving = tokio::spawn(serve(listener, builder.build(), Arc::clone(&faults)));
        Ok(Self {
            address,
            root,
            faults,
            serving,
        })
    }

    /// Makes the next requests fail: `times` of those with this method whose path and query contain `part`.
    pub fn fail(&self, fault: Fault, times: usize, method: &'static str, part: &'static str) {
        self.faults.add(fault, times, method, part);
    }

    /// Forgets faults that no request has met yet.
    pub fn heal(&self) {
        self.faults.clear();
    }

    /// Every request so far, as method, path and query.
    pub fn requests(&self) -> Vec<String> {
        self.faults.requests()
    }

    /// Faults that no request has met. A test is honest when none are left.
    pub fn faults_left(&self) -> usize {
        self.faults.left()
    }

    /// Where an object's bytes are on the disk of the server, to look at or to damage.
    pub fn path(&self, key: &str) -> PathBuf {
        self.root.path().join(NAME).join(key)
    }

    /// The folder of everything the server keeps.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Where it listens, such as `http://127.0.0.1:40001`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The name of the bucket.
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// The public half of the credentials.
    pub fn access_key_id(&self) -> &'static str {
        ACCESS_KEY_ID
    }

    /// The secret half.
    pub fn secret_access_key(&self) -> &'static str {
        SECRET_ACCESS_KEY
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, service: S3Service, faults: Arc<Faults>) {
    // Connections end with the server.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let (service, faults) = (service.clone(), Arc::clone(&faults));
        let answer =
            service_fn(move |request| Arc::clone(&faults).answer(service.clone(), request));
        connections.spawn(async move {
            // A connection that a fault has cut ends in an error, as it should.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(socket), answer)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}
