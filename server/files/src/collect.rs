//! Objects without a row, and rows without an object.
//!
//! An attempt stores its file first and commits the row that names it afterwards, so a file without a row may be
//! on its way: only one older than a day is garbage. Ages are measured with the clock of the store alone.

use std::collections::HashMap;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;

use crate::{Files, FilesError, Key, Object, Unfinished, health};

/// Deletions at the same time.
const AT_ONCE: usize = 4;

/// Fewer garbage objects than this are never suspicious.
const FEW: usize = 20;

/// A row of our own tables that names an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key it names. One that is no [`Key`] names an object that cannot be there.
    pub key: String,
    /// The size it records.
    pub bytes: u64,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Objects nobody names, old enough to be garbage.
    pub garbage: Vec<Object>,
    /// Rows whose object is not there.
    pub missing: Vec<Row>,
    /// Rows whose object has another size, with that size.
    pub changed: Vec<(Row, u64)>,
    /// Most objects have no row: our tables and the store do not belong together. Nothing may be deleted then.
    pub is_suspicious: bool,
}

/// Compares what is stored with what is recorded.
///
/// `now` is the store's clock. Objects younger than `grace` are nobody's garbage yet.
pub fn compare(
    objects: &[Object],
    rows: impl IntoIterator<Item = Row>,
    now: Timestamp,
    grace: Duration,
) -> Findings {
    let mut unnamed: HashMap<&str, &Object> = objects
        .iter()
        .map(|object| (object.key.as_str(), object))
        .collect();
    let mut findings = Findings::default();
    for row in rows {
        match unnamed.remove(row.key.as_str()) {
            None => findings.missing.push(row),
            Some(object) if object.bytes != row.bytes => {
                findings.changed.push((row, object.bytes));
            }
            Some(_) => {}
        }
    }
    let is_old = |object: &Object| {
        Duration::try_from(now.duration_since(object.modified)).is_ok_and(|age| age >= grace)
    };
    findings.garbage = unnamed
        .into_values()
        .filter(|object| is_old(object))
        .cloned()
        .collect();
    findings
        .garbage
        .sort_by(|one, other| one.key.cmp(&other.key));
    let garbage = findings.garbage.len();
    findings.is_suspicious = garbage >= FEW && garbage * 2 > objects.len();
    findings
}

/// Everything that was stored at a moment. Take it before reading the rows: then every object in it that has no
/// row has none yet or none any more.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// The moment, by the clock of the store.
    pub now: Timestamp,
    /// The objects.
    pub objects: Vec<Object>,
}

/// What a collection did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Objects that had no row and are gone now; none when that was suspicious.
    pub deleted: Vec<Object>,
    /// Rows whose object is not there, asked again one by one.
    pub missing: Vec<Row>,
    /// Rows whose object has another size, with that size.
    pub changed: Vec<(Row, u64)>,
    /// Nothing was deleted, because most objects have no row: this store may belong to another installation.
    pub is_suspicious: bool,
    /// Temporary files and uploads in parts.
    pub unfinished: Unfinished,
}

impl Inventory {
    /// Lists all objects below a folder such as `results`.
    ///
    /// # Errors
    /// When the store cannot be written and listed.
    pub async fn take(files: &Files, folder: &Key) -> Result<Self, FilesError> {
        let now = files.check().await?.now;
        let objects = files.list(folder).try_collect().await?;
        Ok(Self { now, objects })
    }

    /// Deletes the garbage and reports the rest. Several processes may do so at the same time.
    ///
    /// `rows` are all rows that name an object of the folder, read after [`take`](Self::take). `grace` is a day in
    /// earnest, and much longer than an attempt needs from storing its file to committing its row.
    ///
    /// # Errors
    /// When the store cannot be asked. What was deleted before stays deleted.
    pub async fn settle(
        self,
        files: &Files,
        rows: Vec<Row>,
        grace: Duration,
    ) -> Result<Collected, FilesError> {
        let findings = compare(&self.objects, rows, self.now, grace);
        let mut collected = Collected {
            changed: findings.changed,
            is_suspicious: findings.is_suspicious,
            ..Collected::default()
        };
        for row in findings.missing {
            // It may have been stored after the inventory was taken.
            let found = match Key::new(row.key.as_str()) {
                Ok(key) => files.head(&key).await?,
                Err(_) => None,
            };
            match found {
                None => collected.missing.push(row),
                Some(object) if object.bytes != row.bytes => {
                    collected.changed.push((row, object.bytes));
                }
                Some(_) => {}
            }
        }
        if !findings.is_suspicious {
            collected.deleted = delete_all(files, findings.garbage).await?;
        }
        let before = self.now - grace;
        let proofs: Vec<Object> = match Key::new(health::FOLDER) {
            Ok(folder) => files.list(&folder).try_collect().await?,
            Err(_) => Vec::new(),
        };
        let old = proofs.into_iter().filter(|proof| proof.modified < before);
        delete_all(files, old.collect()).await?;
        collected.unfinished = files.remove_unfinished(before).await?;
        Ok(collected)
    }
}

async fn delete_all(files: &Files, objects: Vec<Object>) -> Result<Vec<Object>, FilesError> {
    futures::stream::iter(objects)
        .map(|object| async move { files.delete(&object.key).await.map(|()| object) })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn object(name: &str, bytes: u64, modified: &str) -> Object {
        Object {
            key: Key::of_result("run_1", 1, name).unwrap(),
            bytes,
            modified: modified.parse().unwrap(),
        }
    }

    fn row(name: &str, bytes: u64) -> Row {
        Row {
            key: format!("results/run_1/1/{name}"),
            bytes,
        }
    }

    #[test]
    fn each_side_is_compared_with_the_other() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let old = object("old", 1, "2026-03-01T12:00:00Z");
        let objects = [
            object("kept", 5, "2026-01-01T00:00:00Z"),
            object("short", 4, "2026-01-01T00:00:00Z"),
            old.clone(),
            object("young", 1, "2026-03-01T12:00:00.001Z"),
            object("ahead", 1, "2026-03-09T12:00:00Z"),
        ];
        let rows = [row("kept", 5), row("short", 5), row("gone", 7)];
        assert_eq!(
            compare(&objects, rows, now, DAY),
            Findings {
                garbage: vec![old],
                missing: vec![row("gone", 7)],
                changed: vec![(row("short", 5), 4)],
                is_suspicious: false,
            }
        );
    }

    #[test]
    fn a_store_of_somebody_else_is_recognised() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let objects: Vec<Object> = (0..FEW)
            .map(|n| object(&n.to_string(), 1, "2026-01-01T00:00:00Z"))
            .collect();
        assert!(compare(&objects, [], now, DAY).is_suspicious);
        assert!(!compare(&objects[1..], [], now, DAY).is_suspicious);
        let rows = (0..FEW / 2).map(|n| row(&n.to_string(), 1));
        assert!(!compare(&objects, rows, now, DAY).is_suspicious);
    }
}
