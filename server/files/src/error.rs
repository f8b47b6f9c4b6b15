//! What failed, for which file, what to do, and whether trying again can help.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::Path;

use object_store::client::{HttpError, HttpErrorKind};

use crate::Key;
use crate::bucket::Answered;

/// Why something could not be done with a finished file.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {subject}: {}", .kind.advice())]
pub struct FilesError {
    kind: Kind,
    action: &'static str,
    subject: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The classes of failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no room left.
    Full,
    /// The store knows us and says no: credentials, permissions, bucket or region.
    Refused,
    /// The store cannot be reached, or the connection broke.
    Unreachable,
    /// The store did not answer in time.
    Timeout,
    /// The store asks to come back later, or has a fault of its own.
    Busy,
    /// There is no such object.
    Missing,
    /// Other bytes have this key already.
    Taken,
    /// The file is not what it was said to be, or became something else while it was read.
    Changed,
    /// The store cannot do what we need.
    Unsupported,
    /// The settings, each problem a sentence.
    Settings(Vec<String>),
    /// Anything else.
    Unexpected,
}

impl Kind {
    /// Whether the same call may succeed when it is made again later, with nothing changed by people.
    pub fn can_pass(&self) -> bool {
        matches!(self, Self::Unreachable | Self::Timeout | Self::Busy)
    }

    fn advice(&self) -> String {
        let text = match self {
            Self::Full => "no space is left; free some, or make the store of files larger",
            Self::Refused => {
                "the store of files refused; check its access key, secret, bucket, region and permissions"
            }
            Self::Unreachable => {
                "the store of files cannot be reached; check its endpoint and the network"
            }
            Self::Timeout => {
                "the store of files did not answer in time; check its load and the network"
            }
            Self::Busy => "the store of files is busy or has a fault; try again later",
            Self::Missing => "there is no such file in the store",
            Self::Taken => {
                "another file has this name already, and stored files are never replaced"
            }
            Self::Changed => "the file is not what it was when it was proven; run the report again",
            Self::Unsupported => {
                "the store of files does not honour If-None-Match; use one with conditional writes, such as S3 since 2024 or a current MinIO"
            }
            Self::Settings(problems) => return problems.join("; "),
            Self::Unexpected => "the store of files answered in an unexpected way",
        };
        text.to_owned()
    }
}

impl FilesError {
    /// The class.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    pub(crate) fn new(kind: Kind, action: &'static str, subject: &str) -> Self {
        Self {
            kind,
            action,
            subject: subject.to_owned(),
            source: None,
        }
    }

    pub(crate) fn settings(problems: &[String]) -> Self {
        let kind = Kind::Settings(problems.to_vec());
        Self::new(kind, "use", "the settings of the store of files")
    }

    pub(crate) fn of_disk(action: &'static str, subject: &str, error: io::Error) -> Self {
        Self {
            kind: of_io(&error),
            source: Some(Box::new(error)),
            ..Self::new(Kind::Unexpected, action, subject)
        }
    }

    /// The file that was to be stored cannot be read. Without it, the store would seem to lack a file.
    pub(crate) fn of_finished(key: &Key, file: &Path, error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::new(Kind::Changed, "store", key.as_str()).because(error),
            _ => Self::of_disk("read", &file.display().to_string(), error),
        }
    }

    /// What the store said, or what became of the request, without the noise around it.
    pub(crate) fn of_store(
        action: &'static str,
        subject: &str,
        error: object_store::Error,
    ) -> Self {
        let mut failed = Self::new(of_store(&error), action, subject);
        failed.source = Some(match find::<Answered>(&error) {
            Some(answered) => Box::new(answered.clone()),
            None => Box::new(error),
        });
        failed
    }

    pub(crate) fn of_http(action: &'static str, subject: &str, error: HttpError) -> Self {
        Self {
            kind: of_http(&error),
            source: Some(match find::<Answered>(&error) {
                Some(answered) => Box::new(answered.clone()),
                None => Box::new(error),
            }),
            ..Self::new(Kind::Unexpected, action, subject)
        }
    }

    pub(crate) fn because(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

fn of_store(error: &object_store::Error) -> Kind {
    match error {
        object_store::Error::NotFound { .. } => Kind::Missing,
        object_store::Error::AlreadyExists { .. } => Kind::Taken,
        object_store::Error::NotImplemented { .. } | object_store::Error::NotSupported { .. } => {
            Kind::Unsupported
        }
        _ => match (find::<HttpError>(error), find::<io::Error>(error)) {
            (Some(http), _) => of_http(http),
            (None, Some(io)) => of_io(io),
            (None, None) => Kind::Unexpected,
        },
    }
}

fn of_http(error: &HttpError) -> Kind {
    if let Some(answered) = find::<Answered>(error) {
        return answered.kind();
    }
    match error.kind() {
        HttpErrorKind::Timeout => Kind::Timeout,
        HttpErrorKind::Decode => Kind::Unexpected,
        _ => Kind::Unreachable,
    }
}

fn of_io(error: &io::Error) -> Kind {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Kind::Full,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Kind::Refused,
        ErrorKind::NotFound => Kind::Missing,
        ErrorKind::TimedOut => Kind::Timeout,
        ErrorKind::StaleNetworkFileHandle | ErrorKind::HostUnreachable => Kind::Unreachable,
        _ => Kind::Unexpected,
    }
}

/// The first error of a type in a chain.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_by_itself_is_worth_another_try() {
        for kind in [Kind::Unreachable, Kind::Timeout, Kind::Busy] {
            assert!(kind.can_pass(), "{kind:?}");
        }
        for kind in [Kind::Full, Kind::Refused, Kind::Taken, Kind::Changed] {
            assert!(!kind.can_pass(), "{kind:?}");
        }
    }

    #[test]
    fn a_message_says_what_failed_for_which_file_and_what_to_do() {
        let error = FilesError::of_disk(
            "store",
            "results/run_1/1/a.xlsx",
            io::Error::from(ErrorKind::StorageFull),
        );
        assert_eq!(*error.kind(), Kind::Full);
        assert_eq!(
            error.to_string(),
            "cannot store results/run_1/1/a.xlsx: no space is left; free some, or make the store of files larger"
        );
    }
}
