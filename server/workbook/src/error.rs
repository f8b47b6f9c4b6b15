//! Why a workbook cannot be written or counted again.

use std::any::Any;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::XlsxError;

/// Why there is no finished workbook. What was written of the file until then is worth nothing.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The token was cancelled.
    #[error("the writing was cancelled")]
    Cancelled,

    /// The rows, or what comes behind the first sheets, could not be had. This is whatever the caller's
    /// own iterator or function failed with; whoever made the error takes it back by downcasting.
    #[error("what belongs into the workbook cannot be had")]
    Input(#[source] Box<dyn Error + Send + Sync>),

    /// A sheet formats, draws or pivots columns its query does not return.
    #[error("sheet \"{}\" uses {}; query `{}` returns {}", .0.sheet, .0.names(), .0.block, .0.returned.join(", "))]
    Columns(Box<MissingColumns>),

    /// A pivot would have more columns or cells than a sheet can show.
    #[error("the pivot of sheet \"{sheet}\" has more than {limit} {what}")]
    PivotTooLarge {
        /// The sheet.
        sheet: String,
        /// `columns` or `cells`.
        what: &'static str,
        /// The most there may be.
        limit: usize,
    },

    /// A disk is full, a folder may not be written, or a disk fails.
    #[error("cannot {action} {}", path.display())]
    Disk {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },

    /// The package cannot be made or read, for a reason that is neither a disk's nor the report's.
    #[error("cannot {action} the workbook")]
    Package {
        /// What was tried, as a verb.
        action: &'static str,
        /// What failed.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// What a sheet asks of a query that does not return it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumns {
    /// The sheet.
    pub sheet: String,
    /// Its query.
    pub block: String,
    /// Each missing column with the nearest one returned, if one is near.
    pub missing: Vec<(String, Option<String>)>,
    /// What the query returns.
    pub returned: Vec<String>,
}

impl MissingColumns {
    /// The missing columns in a row, each in backquotes.
    pub fn names(&self) -> String {
        let names: Vec<_> = self
            .missing
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        names.join(", ")
    }
}

impl WorkbookError {
    /// The error for a failed file operation.
    pub(crate) fn disk(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Self {
        Self::Disk {
            action,
            path: path.as_ref().to_owned(),
            source,
        }
    }

    pub(crate) fn package(
        action: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Package {
            action,
            source: source.into(),
        }
    }
}

/// The error of the writer as ours; a failed file operation keeps its cause.
pub(crate) fn excel<T>(result: Result<T, XlsxError>) -> Result<T, WorkbookError> {
    result.map_err(|error| match error {
        XlsxError::IoError(source) => WorkbookError::disk("write", "the workbook", source),
        XlsxError::TempFileError(path, source) => {
            WorkbookError::disk("create a file in", path, source)
        }
        XlsxError::ZipError(zip::result::ZipError::Io(source)) => {
            WorkbookError::disk("write", "the workbook", source)
        }
        other => WorkbookError::package("write", other),
    })
}

/// What the writer panicked with as an error: it panics when a temporary file cannot be written.
pub(crate) fn panicked(payload: &(dyn Any + Send), temp_dir: &Path) -> WorkbookError {
    let text = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_default();
    match os_error(&text) {
        Some(source) => WorkbookError::disk("write a temporary file in", temp_dir, source),
        None => WorkbookError::package("write", text),
    }
}

/// The operating system's error inside a text such as `Os { code: 28, kind: StorageFull, … }`.
fn os_error(text: &str) -> Option<io::Error> {
    let (_, rest) = text.split_once("Os { code: ")?;
    let (code, _) = rest.split_once(',')?;
    Some(io::Error::from_raw_os_error(code.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_a_full_disk() {
        let text =
            "Couldn't write to xml file: Os { code: 28, kind: StorageFull, message: \"No space\" }";
        let error = panicked(&text.to_owned(), Path::new("scratch"));
        let WorkbookError::Disk { source, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
        let other = panicked(&"index out of bounds", Path::new("scratch"));
        assert!(matches!(other, WorkbookError::Package { .. }), "{other:?}");
    }
}
