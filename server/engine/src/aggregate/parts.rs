//! Plans that only add up, partition by partition: what a closed partition contributes is kept, so
//! that next month's run adds up one new month and a few rows for each of the others.

use std::collections::BTreeMap;

use aggregate::{Additive, PARTS};
use jiff::Timestamp;
use polars::prelude::*;
use tokio_util::sync::CancellationToken;

use super::{Query, guarded, types, unexpected};
use crate::meter::check;
use crate::stage::keep::KeptAs;
use crate::stage::{Answer, ClosedPartition, Encoding, Entry, Key, StageFile, StageWriter};
use crate::{EngineError, columns, fingerprint};

/// Sums of a part are kept when they have at most so many rows, or a quarter of the part's: more
/// would take the room of the rows they stand for.
const FEW_ROWS: usize = 1_024;

/// The answer of a plan that only adds up the rows of a partitioned block. `None` for any other plan,
/// which has to look at all rows at once.
///
/// # Errors
/// [`EngineError::Cancelled`], or a failed disk. What cannot be computed is left to the plan itself.
pub(super) fn answer(
    query: &Query,
    stop: &CancellationToken,
) -> Result<Option<DataFrame>, EngineError> {
    let [(table, rows)] = query.tables.as_slice() else {
        return Ok(None);
    };
    if !rows
        .parts()
        .iter()
        .any(|part| part.closed_partition.is_some())
    {
        return Ok(None);
    }
    let Some(additive) = query
        .plan
        .additive()
        .filter(|additive| additive.table == *table)
    else {
        return Ok(None);
    };
    let mut sums: Vec<DataFrame> = Vec::with_capacity(rows.parts().len());
    let mut is_new = false;
    for (number, part) in rows.parts().iter().enumerate() {
        check(stop)?;
        match query.sums_of(&additive, (number, part), &mut is_new, stop)? {
            Some(frame) => sums.push(frame),
            None => return Ok(None),
        }
    }
    if let Some(kept) = query.kept.as_ref().filter(|_| is_new) {
        kept.tidy(Timestamp::now());
    }
    let whole = guarded(|| {
        let mut sums = sums.into_iter();
        let mut all = sums.next().unwrap_or_default();
        for more in sums {
            all.vstack_mut(&more).map_err(|error| unexpected(&error))?;
        }
        let parts = BTreeMap::from([(PARTS.to_owned(), all.lazy())]);
        additive.whole.run(&parts)
    });
    match whole {
        Ok(frame) => Ok(Some(frame)),
        Err(error) => {
            // All rows at once answer it, or say better what is wrong.
            let fault = error.fault.to_string();
            tracing::warn!(
                block = query.block,
                fault,
                "Sums of partitions cannot be added up"
            );
            Ok(None)
        }
    }
}

impl Query {
    /// What one part contributes, kept or computed; `is_new` when something is kept from now on.
    /// `None` when it cannot be computed, or when the rows form so many groups that there is nothing to
    /// gain.
    fn sums_of(
        &self,
        additive: &Additive,
        (number, part): (usize, &StageFile),
        is_new: &mut bool,
        stop: &CancellationToken,
    ) -> Result<Option<DataFrame>, EngineError> {
        let path = self
            .folder
            .join(format!("{}-sums-{number:06}.parquet", self.block));
        let keep = self.kept.as_ref().zip(part.closed_partition.as_deref());
        let key = keep.map(|(_, closed)| Key {
            kept_as: KeptAs::Sums,
            fingerprint: fingerprint::of_sums(
                &closed.sha256,
                &part.columns,
                &additive.part.fingerprint(),
            ),
        });
        if let Some(((kept, _), key)) = keep.zip(key.as_ref())
            && let Some(file) = kept.find(key, None, &path)
        {
            return Ok(whole(&file));
        }
        let rows = Answer::from(part.clone());
        let computed = guarded(|| {
            let table = rows.table().map_err(|error| unexpected(&error))?;
            additive
                .part
                .run_until(&BTreeMap::from([(additive.table.clone(), table)]), &|| {
                    stop.is_cancelled()
                })
        });
        let Ok(frame) = computed else {
            return Ok(None);
        };
        let columns = types::staged(&additive.part, &frame, &self.block)?;
        let is_small = frame.height() <= FEW_ROWS || frame.height() as u64 <= part.rows / 4;
        if !is_small {
            return Ok(None);
        }
        if let Some(((kept, closed), key)) = keep.zip(key) {
            let mut writer = StageWriter::create(&path, &columns, Encoding::Compressed)?;
            writer.push_frame(&frame)?;
            writer.finish()?;
            let file = StageFile::open(&path, part.read_at)?;
            if let Err(error) = kept.add(self.entry(key, closed), &file) {
                tracing::warn!(chain = %error.chain(), "Cannot keep the sums of a partition");
            }
            *is_new = true;
        }
        Ok(Some(frame))
    }

    fn entry(&self, key: Key, closed: &ClosedPartition) -> Entry {
        Entry {
            key,
            report: self.report.clone(),
            block: self.block.clone(),
            source: closed.source.clone(),
            partition: closed.partition.clone(),
            expires: None,
        }
    }
}

/// All rows of a small file.
fn whole(file: &StageFile) -> Option<DataFrame> {
    let mut all = DataFrame::empty_with_schema(&columns::schema(&file.columns));
    for frame in file.frames().ok()? {
        all.vstack_mut(&frame.ok()?).ok()?;
    }
    Some(all)
}
