//! What is known about a kept file.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptAs {
    /// The answer of a block with `cache`; used for so long.
    Cache,
    /// A closed partition; read once.
    Partition,
    /// The rows of an `incremental` block; each run adds to them.
    Increment,
    /// What a closed partition contributes to a query that only adds up.
    Sums,
}

impl KeptAs {
    const ALL: [Self; 4] = [Self::Cache, Self::Partition, Self::Increment, Self::Sums];

    /// The word in names of files and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Partition => "partition",
            Self::Increment => "increment",
            Self::Sums => "sums",
        }
    }
}

/// What a kept file is the answer to. Manifests are named after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kept_as: KeptAs,
    /// SHA-256 over everything that decides the answer.
    pub(crate) fingerprint: String,
}

impl Key {
    /// The name of the manifest.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}.json", self.kept_as.as_str(), self.fingerprint)
    }

    /// The key a manifest of this name belongs to.
    pub(super) fn of_file_name(name: &str) -> Option<Self> {
        let (word, fingerprint) = name.strip_suffix(".json")?.split_once('-')?;
        let kept_as = KeptAs::ALL.into_iter().find(|kind| kind.as_str() == word)?;
        Some(Self {
            kept_as,
            fingerprint: fingerprint.to_owned(),
        })
    }
}

/// What is known about one kept file. It holds no values: those are only in the fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The report that had it read.
    pub report: String,
    /// The query of that report.
    pub block: String,
    /// The source.
    pub source: String,
    /// The bounds, for a partition of a period.
    pub partition: Option<KeptPartition>,
    /// The file's name, in the folder of the manifest.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// The moment before its rows were read.
    pub read_at: Timestamp,
    /// When nobody may use it any more, for a cached answer.
    pub expires: Option<Timestamp>,
}

/// The partition of a period a kept file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPartition {
    /// What people call it: `2026-01`, `2026-01-05`.
    pub name: String,
    /// Included.
    pub from: Timestamp,
    /// Excluded.
    pub until: Timestamp,
}

impl Manifest {
    /// The manifest in a file; `None` when there is none that can be read.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        // A name with a path in it was not written by us.
        let is_a_name = Path::new(&manifest.file).file_name()? == manifest.file.as_str();
        is_a_name.then_some(manifest)
    }

    /// Whether its file is there with its length, without looking inside.
    pub(super) fn has_file(&self, folder: &Path) -> bool {
        fs::metadata(folder.join(&self.file)).is_ok_and(|found| found.len() == self.bytes)
    }
}
