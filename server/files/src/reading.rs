//! Files in pieces, as their reader takes them.

use std::io::SeekFrom;
use std::ops::Range;

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::{FilesError, Key, Kind};

/// Bytes read from a disk at once: large enough for full speed, small enough for many downloads.
const PIECE: u64 = 64 * 1024;

/// Pieces of a file, in order.
pub type Pieces = BoxStream<'static, Result<Bytes, FilesError>>;

/// An object that is being read.
pub struct Reading {
    /// The size of the whole object. Compare it with what is recorded before sending anything.
    pub bytes: u64,
    /// The bytes that come, the wish cut to the object.
    pub range: Range<u64>,
    /// The bytes. A stream that ends early ends with an error.
    pub pieces: Pieces,
}

pub(crate) async fn open(
    store: &dyn ObjectStore,
    location: &Path,
    key: &Key,
    wish: Range<u64>,
) -> Result<Reading, FilesError> {
    let named = key.as_str().to_owned();
    let failed = move |error| FilesError::of_store("read", &named, error);
    // The size first: a range beyond the end is an error to some stores and an empty answer to others.
    let options = GetOptions::default().with_head(true);
    let bytes = store
        .get_opts(location, options)
        .await
        .map_err(&failed)?
        .meta
        .size;
    let range = wish.start.min(bytes)..wish.end.min(bytes).max(wish.start.min(bytes));
    if range.is_empty() {
        let pieces = stream::empty().boxed();
        return Ok(Reading {
            bytes,
            range,
            pieces,
        });
    }
    let options = GetOptions::default().with_range(Some(GetRange::Bounded(range.clone())));
    let found = store.get_opts(location, options).await.map_err(&failed)?;
    if found.meta.size != bytes || found.range != range {
        return Err(FilesError::new(Kind::Changed, "read", key.as_str()));
    }
    let pieces = match found.payload {
        GetResultPayload::File(file, _) => of_disk(File::from_std(file), key, range.clone()),
        GetResultPayload::Stream(pieces) => pieces.map_err(failed).boxed(),
    };
    let pieces = whole(pieces, key, range.end - range.start);
    Ok(Reading {
        bytes,
        range,
        pieces,
    })
}

fn of_disk(file: File, key: &Key, range: Range<u64>) -> Pieces {
    let named = key.as_str().to_owned();
    let pieces = stream::try_unfold(
        (file, range, true),
        |(mut file, range, is_first)| async move {
            if range.is_empty() {
                return Ok(None);
            }
            if is_first {
                file.seek(SeekFrom::Start(range.start)).await?;
            }
            let wanted = PIECE.min(range.end - range.start);
            let mut piece = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
            let read = (&mut file).take(wanted).read_buf(&mut piece).await?;
            if read == 0 {
                return Ok(None);
            }
            let rest = range.start + read as u64..range.end;
            Ok(Some((Bytes::from(piece), (file, rest, false))))
        },
    );
    pieces
        .map_err(move |error| FilesError::of_disk("read", &named, error))
        .boxed()
}

/// Ends with an error where bytes are missing. Breaking the connection is then how the reader learns of it.
fn whole(pieces: Pieces, key: &Key, wanted: u64) -> Pieces {
    let key = key.clone();
    stream::try_unfold((pieces, wanted), move |(mut pieces, wanted)| {
        let key = key.clone();
        async move {
            match pieces.try_next().await? {
                Some(piece) if piece.len() as u64 <= wanted => {
                    let rest = wanted - piece.len() as u64;
                    Ok(Some((piece, (pieces, rest))))
                }
                None if wanted == 0 => Ok(None),
                _ => Err(FilesError::new(Kind::Changed, "read", key.as_str())),
            }
        }
    })
    .boxed()
}
