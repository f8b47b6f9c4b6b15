//! What PostgreSQL and the way to it say, sorted by what to do about it.

use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::text::Sent;
use crate::SourceError;
use crate::deadline::StopReason;
use crate::endpoint::Endpoint;

/// What was being done when it went wrong.
#[derive(Clone, Copy)]
pub(super) enum Moment<'m> {
    /// Signing in, or asking on our own behalf.
    Connecting(&'m Endpoint),
    /// Preparing or running the author's statement.
    Reading {
        endpoint: &'m str,
        sent: &'m Sent,
        /// Rows that had arrived.
        rows: u64,
        /// Why the statement should have stopped by now, if it should.
        stop: Option<StopReason>,
    },
}

/// Turns a failure into words.
pub(super) fn explain(source: &str, error: Error, moment: Moment<'_>) -> SourceError {
    let source_name = source.to_owned();
    let down = |message: String| SourceError::Down {
        source_name: source.to_owned(),
        message,
    };
    match (error, moment) {
        (Error::Database(error), moment) => match error.try_downcast::<PgDatabaseError>() {
            Ok(error) => said(source_name, &error, moment),
            Err(error) => SourceError::Internal {
                source_name,
                message: error.to_string(),
            },
        },
        (Error::Tls(error), Moment::Connecting(endpoint)) => tls(source_name, endpoint, &error),
        (Error::Io(error), Moment::Connecting(endpoint))
            if error.kind() == std::io::ErrorKind::InvalidData =>
        {
            tls(source_name, endpoint, &error)
        }
        (Error::Io(error), Moment::Connecting(endpoint)) => down(format!(
            "{} does not answer ({error}); check host, port and whether the server runs",
            endpoint.shown()
        )),
        (Error::Protocol(message), Moment::Connecting(endpoint)) => down(format!(
            "what answers at {} does not speak like PostgreSQL ({message}); check host and port",
            endpoint.shown()
        )),
        (Error::Configuration(error), _) => SourceError::Config {
            source_name,
            message: error.to_string(),
        },
        (Error::Io(error), Moment::Reading { endpoint, rows, .. }) => down(format!(
            "the connection to {endpoint} was cut after {rows} rows ({error}); run it again"
        )),
        (Error::Protocol(message), Moment::Reading { endpoint, rows, .. }) => down(format!(
            "the connection to {endpoint} broke after {rows} rows ({message}); run it again"
        )),
        (error, _) => SourceError::Internal {
            source_name,
            message: error.to_string(),
        },
    }
}

fn tls(source_name: String, endpoint: &Endpoint, error: &dyn std::fmt::Display) -> SourceError {
    SourceError::Refused {
        source_name,
        message: format!(
            "the encrypted connection to {} failed ({error}); name the authority that signs its certificate in `ca_file`, or choose another `sslmode` in the URL",
            endpoint.shown()
        ),
    }
}

/// Sorts by SQLSTATE: the texts are translated on some servers, the codes never are.
fn said(source_name: String, error: &PgDatabaseError, moment: Moment<'_>) -> SourceError {
    let message = || {
        let hint = error
            .hint()
            .map_or_else(String::new, |hint| format!(" ({hint})"));
        format!("{}{hint}", error.message())
    };
    let code = error.code();
    match (code, code.get(..2).unwrap_or_default()) {
        ("28000", _) if wants_tls(error.message()) => SourceError::Refused {
            source_name,
            message: format!(
                "{}; if it takes encrypted connections only, add sslmode=require to the URL",
                error.message()
            ),
        },
        (_, "28") | ("3D000", _) => SourceError::Refused {
            source_name,
            message: format!("{}; check user, password and database", error.message()),
        },
        ("42501", _) => SourceError::Permission {
            source_name,
            message: message(),
        },
        ("25006", _) => SourceError::Writes {
            source_name,
            what: what(error.message()),
        },
        ("57014", _) => match moment {
            Moment::Reading {
                stop: Some(reason), ..
            } => reason.error(&source_name),
            _ => SourceError::Ended {
                source_name,
                message: format!(
                    "somebody cancelled it at the database ({})",
                    error.message()
                ),
            },
        },
        ("25P03" | "57P05", _) => SourceError::Ended {
            source_name,
            message: format!(
                "it waited for us longer than `idle_timeout` ({})",
                error.message()
            ),
        },
        ("53300", _) | ("55P03" | "40P01" | "40001", _) => SourceError::Busy {
            source_name,
            message: format!("{}; try again later", error.message()),
        },
        (_, "08") | ("57P01" | "57P02" | "57P03" | "57P04", _) => SourceError::Down {
            source_name,
            message: match moment {
                Moment::Connecting(endpoint) => {
                    format!(
                        "{} does not let us in ({})",
                        endpoint.shown(),
                        error.message()
                    )
                }
                Moment::Reading { endpoint, rows, .. } => format!(
                    "{endpoint} ended the connection after {rows} rows ({}); run it again",
                    error.message()
                ),
            },
        },
        (_, "53" | "58" | "XX") => SourceError::Ended {
            source_name,
            message: format!("{} (SQLSTATE {code})", message()),
        },
        _ => SourceError::Sql {
            source_name,
            message: message(),
            offset: offset(error, moment),
        },
    }
}

/// Whether the server has no rule for an unencrypted connection from here.
fn wants_tls(message: &str) -> bool {
    message.contains("no encryption") || message.contains("SSL off")
}

/// "cannot execute INSERT in a read-only transaction" as what the statement does.
fn what(message: &str) -> String {
    let command = message
        .strip_prefix("cannot execute ")
        .and_then(|rest| rest.split_once(" in "))
        .map(|(command, _)| command);
    match command {
        // What PostgreSQL says of an INSERT, UPDATE or DELETE in a WITH.
        Some("SELECT") => "changes rows".to_owned(),
        Some(command) => format!("executes {command}"),
        None => format!("would change the database ({message})"),
    }
}

/// Byte position in the author's text. PostgreSQL counts characters from 1, over all that was sent.
fn offset(error: &PgDatabaseError, moment: Moment<'_>) -> Option<usize> {
    match (error.position()?, moment) {
        (PgErrorPosition::Original(position), Moment::Reading { sent, .. }) => {
            sent.author_offset(position)
        }
        _ => None,
    }
}
