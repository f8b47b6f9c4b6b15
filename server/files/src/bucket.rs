//! Files in a bucket of an S3-compatible store.
//!
//! Nothing is ever replaced: every upload, in one request or in parts, is completed under the condition that its
//! key is free. After any error the object is looked at, because a request may have succeeded although its reply
//! was lost; size and SHA-256, which every object carries, then decide.

mod answer;
mod parts;
mod unfinished;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut};
use object_store::client::{HttpClient, HttpConnector, ReqwestConnector};
use object_store::{
    Attribute, AttributeValue, Attributes, BackoffConfig, Certificate, ClientOptions, GetOptions,
    ObjectStore, ObjectStoreExt, PutMode, PutOptions, RetryConfig,
};

use crate::content::Sum;
use crate::settings::{BucketSettings, Timeouts};
use crate::{Content, FilesError, Key, Kind, Put, reading};

pub(crate) use answer::Answered;

/// Files up to this size go in one request; larger ones in parts of at least this size. S3 wants at least 5 MiB.
const PART: u64 = 8 * 1024 * 1024;

/// The name of the SHA-256 among an object's metadata.
const SHA256: &str = "sha256";

/// The form in a bucket.
pub(crate) struct Bucket {
    s3: AmazonS3,
    client: HttpClient,
    region: String,
    prefix: Option<Key>,
    place: String,
    timeouts: Timeouts,
}

/// Without the client, which knows the credentials.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// One client for the library's requests and for ours.
#[derive(Debug)]
struct Shared(HttpClient);

impl HttpConnector for Shared {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(self.0.clone())
    }
}

/// What an object turned out to be after an upload whose end is unknown.
enum Settled {
    Ours,
    Theirs,
    Absent,
}

impl Bucket {
    pub(crate) fn open(settings: &BucketSettings) -> Result<Self, FilesError> {
        let place = match &settings.endpoint {
            Some(endpoint) => format!("bucket {} at {endpoint}", settings.bucket),
            None => format!("bucket {} in {}", settings.bucket, settings.region),
        };
        let failed = |error| FilesError::of_store("use", &place, error);
        let options = options(settings).map_err(failed)?;
        let client = ReqwestConnector::default()
            .connect(&options)
            .map_err(failed)?;
        let client = answer::patient(client, settings.timeouts.answer);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(settings.access_key_id.reveal())
            .with_secret_access_key(settings.secret_access_key.reveal())
            .with_virtual_hosted_style_request(!settings.is_path_style())
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_retry(retry(&settings.timeouts))
            .with_client_options(options)
            .with_http_connector(Shared(client.clone()));
        if let Some(token) = &settings.session_token {
            builder = builder.with_token(token.reveal());
        }
        if let Some(url) = settings.url() {
            builder = builder.with_endpoint(url.as_str().trim_end_matches('/'));
        }
        let prefix = settings
            .prefix
            .as_ref()
            .and_then(|prefix| Key::new(prefix.trim_end_matches('/')).ok());
        Ok(Self {
            s3: builder.build().map_err(failed)?,
            client,
            region: settings.region.clone(),
            prefix,
            place,
            timeouts: settings.timeouts.clone(),
        })
    }

    pub(crate) fn store(&self) -> &dyn ObjectStore {
        &self.s3
    }

    pub(crate) fn prefix(&self) -> Option<&Key> {
        self.prefix.as_ref()
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    pub(crate) async fn put(
        &self,
        key: &Key,
        file: &Path,
        content: &Content,
    ) -> Result<Put, FilesError> {
        if content.bytes > PART {
            return parts::put(self, key, file, content).await;
        }
        let bytes = tokio::fs::read(file)
            .await
            .map_err(|error| FilesError::of_finished(key, file, error))?;
        if Content::of_bytes(&bytes) != *content {
            return Err(FilesError::new(Kind::Changed, "store", key.as_str()));
        }
        self.put_whole(key, bytes.into(), content).await
    }

    pub(crate) async fn put_bytes(&self, key: &Key, bytes: Vec<u8>) -> Result<Put, FilesError> {
        let content = Content::of_bytes(&bytes);
        self.put_whole(key, bytes.into(), &content).await
    }

    pub(crate) async fn delete(&self, key: &Key) -> Result<(), FilesError> {
        match self.s3.delete(&key.location(self.prefix())).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(FilesError::of_store("delete", key.as_str(), error)),
        }
    }

    /// The library tries again what surely did not arrive. What may have arrived is settled here first.
    async fn put_whole(
        &self,
        key: &Key,
        bytes: Bytes,
        content: &Content,
    ) -> Result<Put, FilesError> {
        let mut wait = self.timeouts.first_wait;
        let mut tries = 1;
        loop {
            let options = PutOptions {
                mode: PutMode::Create,
                attributes: attributes(content),
                ..PutOptions::default()
            };
            let location = key.location(self.prefix());
            let put = self
                .s3
                .put_opts(&location, bytes.clone().into(), options)
                .await;
            let Err(error) = put else {
                return Ok(Put::Stored);
            };
            let error = FilesError::of_store("store", key.as_str(), error);
            let error = match self.settle(key, content).await {
                Ok(Settled::Ours) => return Ok(Put::AlreadyThere),
                Ok(Settled::Theirs) => return Err(taken(key)),
                Ok(Settled::Absent) => unless_taken(error, key),
                Err(_) => return Err(error),
            };
            if !error.kind().can_pass() || tries >= self.timeouts.tries {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(self.timeouts.longest_wait);
            tries += 1;
        }
    }

    /// What has this key by now.
    async fn settle(&self, key: &Key, content: &Content) -> Result<Settled, FilesError> {
        let location = key.location(self.prefix());
        let options = GetOptions::default().with_head(true);
        let found = match self.s3.get_opts(&location, options).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(Settled::Absent),
            Err(error) => return Err(FilesError::of_store("look at", key.as_str(), error)),
        };
        if found.meta.size != content.bytes {
            return Ok(Settled::Theirs);
        }
        let sha256 = match found.attributes.get(&Attribute::Metadata(SHA256.into())) {
            Some(sha256) => sha256.as_ref().to_owned(),
            // Somebody's store lost the metadata: the bytes still tell.
            None => {
                let reading = reading::open(&self.s3, &location, key, 0..content.bytes).await?;
                let sum = reading
                    .pieces
                    .try_fold(Sum::default(), |mut sum, piece| async move {
                        sum.add(&piece);
                        Ok(sum)
                    });
                sum.await?.finish().sha256
            }
        };
        Ok(if sha256 == content.sha256 {
            Settled::Ours
        } else {
            Settled::Theirs
        })
    }
}

fn attributes(content: &Content) -> Attributes {
    let mut attributes = Attributes::new();
    let sha256 = AttributeValue::from(content.sha256.clone());
    attributes.insert(Attribute::Metadata(SHA256.into()), sha256);
    attributes
}

fn taken(key: &Key) -> FilesError {
    FilesError::new(Kind::Taken, "store", key.as_str())
}

/// Two uploads met, or the object was deleted again: the key is free, whatever the store said.
fn unless_taken(error: FilesError, key: &Key) -> FilesError {
    match error.kind() {
        Kind::Taken => FilesError::new(Kind::Busy, "store", key.as_str()).because(error),
        _ => error,
    }
}

fn options(settings: &BucketSettings) -> object_store::Result<ClientOptions> {
    // Without a limit for a whole request: a download takes as long as its reader.
    let mut options = ClientOptions::new()
        .with_allow_http(true)
        .with_connect_timeout(settings.timeouts.connect)
        .with_timeout_disabled();
    for certificate in match &settings.ca_pem {
        Some(pem) => Certificate::from_pem_bundle(pem.as_bytes())?,
        None => Vec::new(),
    } {
        options = options.with_root_certificate(certificate);
    }
    Ok(options)
}

fn retry(timeouts: &Timeouts) -> RetryConfig {
    let tries = u32::try_from(timeouts.tries).unwrap_or(u32::MAX);
    let longest: Duration = timeouts.answer.saturating_add(timeouts.longest_wait);
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: timeouts.first_wait,
            max_backoff: timeouts.longest_wait,
            base: 2.0,
        },
        max_retries: timeouts.tries.saturating_sub(1),
        retry_timeout: longest.saturating_mul(tries),
    }
}
