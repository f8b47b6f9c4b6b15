//! What PostgreSQL and the way to it say, sorted by what to do about it.

use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::text::Sent;
use crate::deadline::StopReason;
use crate::endpoint::Endpoint;
use crate::{SourceError, cause};

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

/// Turns a failure into words, and keeps it as their cause.
pub(super) fn explain(source: &str, error: Error, moment: Moment<'_>) -> SourceError {
    in_words(source, &error, moment).caused_by(cause::of_driver(error))
}

fn in_words(source: &str, error: &Error, moment: Moment<'_>) -> SourceError {
    let down = |message: String| SourceError::down(source, message);
    match (error, moment) {
        (Error::Database(error), moment) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => said(source, error, moment),
            None => SourceError::internal(source, error.message()),
        },
        (Error::Tls(error), Moment::Connecting(endpoint)) => tls(source, endpoint, error),
        (Error::Io(error), Moment::Connecting(endpoint))
            if error.kind() == std::io::ErrorKind::InvalidData =>
        {
            tls(source, endpoint, error)
        }
        (Error::Io(error), Moment::Connecting(endpoint)) => down(format!(
            "{} does not answer ({error}); check host, port and whether the server runs",
            endpoint.shown()
        )),
        (Error::Protocol(message), Moment::Connecting(endpoint)) => down(format!(
            "what answers at {} does not speak like PostgreSQL ({message}); check host and port",
            endpoint.shown()
        )),
        (Error::Configuration(error), _) => SourceError::config(source, error.to_string()),
        (Error::Io(error), Moment::Reading { endpoint, rows, .. }) => down(format!(
            "the connection to {endpoint} was cut after {rows} rows ({error}); run it again"
        )),
        (Error::Protocol(message), Moment::Reading { endpoint, rows, .. }) => down(format!(
            "the connection to {endpoint} broke after {rows} rows ({message}); run it again"
        )),
        (error, _) => SourceError::internal(source, cause::words(error)),
    }
}

fn tls(source: &str, endpoint: &Endpoint, error: &dyn std::fmt::Display) -> SourceError {
    SourceError::refused(
        source,
        format!(
            "the encrypted connection to {} failed ({error}); name the authority that signs its certificate in `ca_file`, or choose another `sslmode` in the URL",
            endpoint.shown()
        ),
    )
}

/// Sorts by SQLSTATE: the texts are translated on some servers, the codes never are.
fn said(source: &str, error: &PgDatabaseError, moment: Moment<'_>) -> SourceError {
    let message = || {
        let hint = error
            .hint()
            .map_or_else(String::new, |hint| format!(" ({hint})"));
        format!("{}{hint}", error.message())
    };
    let code = error.code();
    match (code, code.get(..2).unwrap_or_default()) {
        ("28000", _) if wants_tls(error.message()) => SourceError::refused(
            source,
            format!(
                "{}; if it takes encrypted connections only, add sslmode=require to the URL",
                error.message()
            ),
        ),
        (_, "28") | ("3D000", _) => SourceError::refused(
            source,
            format!("{}; check user, password and database", error.message()),
        ),
        ("42501", _) => SourceError::permission(source, message()),
        ("25006", _) => SourceError::writes(source, what(error.message())),
        ("57014", _) => match moment {
            Moment::Reading {
                stop: Some(reason), ..
            } => reason.error(source),
            _ => SourceError::ended(
                source,
                format!(
                    "somebody cancelled it at the database ({})",
                    error.message()
                ),
            ),
        },
        ("25P03" | "57P05", _) => SourceError::ended(
            source,
            format!(
                "it waited for us longer than `idle_timeout` ({})",
                error.message()
            ),
        ),
        ("53300", _) | ("55P03" | "40P01" | "40001", _) => {
            SourceError::busy(source, format!("{}; try again later", error.message()))
        }
        (_, "08") | ("57P01" | "57P02" | "57P03" | "57P04", _) => SourceError::down(
            source,
            match moment {
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
        ),
        (_, "53" | "58" | "XX") => {
            SourceError::ended(source, format!("{} (SQLSTATE {code})", message()))
        }
        _ => SourceError::sql(source, message(), offset(error, moment)),
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
