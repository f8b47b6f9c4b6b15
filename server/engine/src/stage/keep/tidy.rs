//! Keeps the folder within its budget: what expired, what nobody names, and what was used longest
//! ago goes.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::manifest::{KeptAs, Key, Manifest};
use super::{Kept, PART};

/// A file without a manifest may be about to get one; older ones are left-overs.
const UNNAMED_MAY_LIVE: Duration = Duration::from_secs(60 * 60);

/// A manifest on disk, without looking inside.
struct Listed {
    key: Key,
    used: SystemTime,
}

/// A Parquet file on disk.
struct Rows {
    name: String,
    bytes: u64,
    written: SystemTime,
}

impl Kept {
    /// Removes answers nobody may use any more and left-overs, then whatever was used longest ago
    /// until the rest fits the budget. Errors only leave more than there should be.
    ///
    /// What a run uses at this moment stays with it: it has linked its files.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let mut listed: Vec<Listed> = Vec::new();
        let mut rows: BTreeMap<String, Vec<Rows>> = BTreeMap::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if let Some(key) = Key::of_file_name(&name) {
                listed.push(Listed {
                    key,
                    used: modified,
                });
            } else if let Some((fingerprint, _)) =
                name.split_once('-').filter(|_| !name.starts_with(PART))
            {
                rows.entry(fingerprint.to_owned()).or_default().push(Rows {
                    name: name.clone(),
                    bytes: metadata.len(),
                    written: modified,
                });
            } else if is_old(modified) {
                let _ = fs::remove_file(entry.path());
            }
        }
        self.remove_unnamed(&listed, &mut rows);
        listed.retain(|manifest| !self.remove_expired(&manifest.key, now));
        self.evict(listed, &rows);
    }

    /// Files no manifest names. A manifest is read only where there is more than one file.
    fn remove_unnamed(&self, listed: &[Listed], rows: &mut BTreeMap<String, Vec<Rows>>) {
        let keys: BTreeMap<&str, &Key> = listed
            .iter()
            .map(|manifest| (manifest.key.fingerprint.as_str(), &manifest.key))
            .collect();
        for (fingerprint, files) in rows {
            let key = keys.get(fingerprint.as_str());
            if key.is_some() && files.len() == 1 {
                continue;
            }
            let named = key
                .and_then(|key| Manifest::read(&self.manifest_path(key)))
                .map(|manifest| manifest.file);
            files.retain(|file| {
                let is_left_over = named.as_ref() != Some(&file.name) && is_old(file.written);
                if is_left_over {
                    let _ = fs::remove_file(self.folder.join(&file.name));
                }
                !is_left_over
            });
        }
    }

    fn remove_expired(&self, key: &Key, now: Timestamp) -> bool {
        if key.kept_as != KeptAs::Cache {
            return false;
        }
        let Some(manifest) = Manifest::read(&self.manifest_path(key)) else {
            let _ = fs::remove_file(self.manifest_path(key));
            return true;
        };
        let is_over = manifest.expires.is_none_or(|expires| expires < now);
        if is_over {
            self.forget(key, &manifest);
        }
        is_over
    }

    fn evict(&self, mut listed: Vec<Listed>, rows: &BTreeMap<String, Vec<Rows>>) {
        let size = |key: &Key| -> u64 {
            rows.get(&key.fingerprint)
                .into_iter()
                .flatten()
                .map(|file| file.bytes)
                .sum()
        };
        let mut total: u64 = listed.iter().map(|manifest| size(&manifest.key)).sum();
        listed.sort_by_key(|manifest| manifest.used);
        for Listed { key, .. } in listed {
            if total <= self.budget_bytes {
                return;
            }
            total -= size(&key);
            // The manifest first: what nobody finds, nobody misses.
            let _ = fs::remove_file(self.manifest_path(&key));
            for file in rows.get(&key.fingerprint).into_iter().flatten() {
                let _ = fs::remove_file(self.folder.join(&file.name));
            }
            tracing::info!(
                fingerprint = key.fingerprint,
                "Removed a kept file to stay within limits.stage_mb"
            );
        }
    }
}

fn is_old(written: SystemTime) -> bool {
    SystemTime::now()
        .duration_since(written)
        .is_ok_and(|age| age > UNNAMED_MAY_LIVE)
}
