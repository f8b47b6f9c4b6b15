//! What the database or the system said, kept behind an error.

use std::error::Error;

/// What lies behind a [`SourceError`](crate::SourceError): what the database answered, what the
/// system said, or which value does not fit. Never holds a URL or a password, and no values of
/// parameters or rows but those the message for people names, too.
pub type Cause = Box<dyn Error + Send + Sync>;

/// What a database answered when it refused something.
///
/// Its code and its sentence, which the message for people quotes, and nothing else: the details
/// and the context that PostgreSQL adds hold values of rows and of parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseError {
    /// The SQLSTATE of a server, the extended result code of SQLite.
    pub code: Option<String>,
    /// The database's own words.
    pub message: String,
}

/// What a driver's error leaves behind. `None` for a value that could not be encoded or decoded,
/// because what is said about it may quote it.
pub(crate) fn of_driver(error: sqlx::Error) -> Option<Cause> {
    Some(match error {
        sqlx::Error::Database(said) => Box::new(DatabaseError {
            code: said.code().map(std::borrow::Cow::into_owned),
            message: said.message().to_owned(),
        }),
        sqlx::Error::Encode(_) | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
            return None;
        }
        sqlx::Error::Io(error) => Box::new(error),
        sqlx::Error::Tls(error) | sqlx::Error::Configuration(error) => error,
        // Without the words the driver puts before it.
        sqlx::Error::Protocol(words) => words.into(),
        error => Box::new(error),
    })
}

/// The driver's words for what is no answer of the database. Without the value that could not be
/// encoded or decoded.
pub(crate) fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Encode(_) => ENCODING.to_owned(),
        sqlx::Error::Decode(_) => "the driver could not decode a value".to_owned(),
        sqlx::Error::ColumnDecode { index, .. } => {
            format!("the driver could not decode a value of column {index}")
        }
        error => error.to_string(),
    }
}

/// What is said about a value that could not be encoded.
pub(crate) const ENCODING: &str = "the driver could not encode a value";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_gets_into_a_cause() {
        let quoted = || Cause::from("cannot take hunter2");
        for error in [
            sqlx::Error::Encode(quoted()),
            sqlx::Error::Decode(quoted()),
            sqlx::Error::ColumnDecode {
                index: "\"price\"".to_owned(),
                source: quoted(),
            },
        ] {
            assert!(!words(&error).contains("hunter2"), "{error}");
            assert!(of_driver(error).is_none());
        }
    }

    #[test]
    fn what_the_system_said_is_kept_as_it_is() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let cause = of_driver(sqlx::Error::Io(refused)).unwrap();
        let kind = cause.downcast_ref::<std::io::Error>().unwrap().kind();
        assert_eq!(kind, std::io::ErrorKind::ConnectionRefused);
        let cause = of_driver(sqlx::Error::Protocol("no greeting".to_owned())).unwrap();
        assert_eq!(cause.to_string(), "no greeting");
    }
}
