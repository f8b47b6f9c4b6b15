//! Large files, in parts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::FuturesUnordered;
use object_store::{MultipartUpload, ObjectStore, PutMultipartOptions};

use super::{Bucket, PART, Settled, attributes, taken, unless_taken};
use crate::content::Sum;
use crate::{Content, FilesError, Key, Kind, Put};

/// Parts on their way at the same time, each of them in memory.
const AT_ONCE: usize = 3;

/// S3 takes ten thousand; one is left for rounding.
const MOST_PARTS: u64 = 9_999;

pub(super) async fn put(
    bucket: &Bucket,
    key: &Key,
    file: &Path,
    content: &Content,
) -> Result<Put, FilesError> {
    // Not to send a gigabyte for nothing.
    match bucket.settle(key, content).await? {
        Settled::Ours => return Ok(Put::AlreadyThere),
        Settled::Theirs => return Err(taken(key)),
        Settled::Absent => {}
    }
    let failed = |error| FilesError::of_store("store", key.as_str(), error);
    let options = PutMultipartOptions {
        attributes: attributes(content),
        ..PutMultipartOptions::default()
    };
    let location = key.location(bucket.prefix());
    let mut upload = bucket
        .s3
        .put_multipart_opts(&location, options)
        .await
        .map_err(failed)?;
    if let Err(error) = send(upload.as_mut(), key, file, content).await {
        give_up(upload.as_mut()).await;
        return Err(error);
    }
    let Err(error) = upload.complete().await else {
        return Ok(Put::Stored);
    };
    let error = failed(error);
    match bucket.settle(key, content).await {
        Ok(Settled::Ours) => Ok(Put::AlreadyThere),
        Ok(Settled::Theirs) => {
            give_up(upload.as_mut()).await;
            Err(taken(key))
        }
        Ok(Settled::Absent) => {
            give_up(upload.as_mut()).await;
            // An upload that is not known any more was given up by somebody; a new one may succeed.
            Err(match error.kind() {
                Kind::Missing => FilesError::new(Kind::Busy, "store", key.as_str()).because(error),
                _ => unless_taken(error, key),
            })
        }
        // It may be complete: a later try or the collection finds out.
        Err(_) => Err(error),
    }
}

/// Sends every part, and sees that they are what was to be sent.
async fn send(
    upload: &mut dyn MultipartUpload,
    key: &Key,
    file: &Path,
    content: &Content,
) -> Result<(), FilesError> {
    let size = PART.max(content.bytes.div_ceil(MOST_PARTS));
    let unreadable = |error| FilesError::of_finished(key, file, error);
    let mut reader = Some(Reader {
        file: File::open(file).map_err(unreadable)?,
        sum: Sum::default(),
    });
    let mut found = None;
    let mut sending = FuturesUnordered::new();
    loop {
        while sending.len() < AT_ONCE
            && let Some(open) = reader.take()
        {
            let (open, part) = tokio::task::spawn_blocking(move || open.part(size))
                .await
                .map_err(io::Error::other)
                .flatten()
                .map_err(unreadable)?;
            if part.is_empty() {
                found = Some(open.sum.finish());
            } else {
                sending.push(upload.put_part(part.into()));
                reader = Some(open);
            }
        }
        let sent = sending.try_next().await;
        if sent
            .map_err(|error| FilesError::of_store("store", key.as_str(), error))?
            .is_none()
        {
            break;
        }
    }
    if found.as_ref() == Some(content) {
        Ok(())
    } else {
        Err(FilesError::new(Kind::Changed, "store", key.as_str()))
    }
}

/// What cannot be given up now is collected later.
async fn give_up(upload: &mut dyn MultipartUpload) {
    if let Err(error) = upload.abort().await {
        tracing::debug!(error = %error, "Could not give up an upload in parts; it is collected later");
    }
}

struct Reader {
    file: File,
    sum: Sum,
}

impl Reader {
    /// The next part, empty at the end.
    fn part(mut self, size: u64) -> io::Result<(Self, Bytes)> {
        let mut part = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        (&mut self.file).take(size).read_to_end(&mut part)?;
        self.sum.add(&part);
        Ok((self, part.into()))
    }
}
