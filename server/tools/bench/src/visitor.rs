//! Somebody with a browser: a session, plain forms, live events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::{Value, json};

use crate::feed::{Cutter, Watched};

/// Longest wait for one answer. A page that takes longer is no answer.
const ANSWER: Duration = Duration::from_secs(60);
/// A live stream says something every 15 s, if only that it is there.
const SILENCE: Duration = Duration::from_secs(40);
/// Before a stream that ended too early is opened again; browsers wait longer.
const AGAIN: Duration = Duration::from_millis(200);

/// Answers nobody should get, counted over all visitors.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// With a status from 500 on.
    pub(crate) server_errors: AtomicU64,
    /// Requests without an answer: refused, cut, or too late.
    pub(crate) unanswered: AtomicU64,
}

/// Somebody who has signed in. Clones share the session.
#[derive(Clone)]
pub(crate) struct Visitor {
    http: Client,
    base: String,
    answers: Arc<Answers>,
}

impl Visitor {
    /// Signs in. Every number is an address of its own, as the server counts sign-ins by address.
    ///
    /// # Errors
    /// When the server does not let them in.
    pub(crate) async fn sign_in(
        base: &str,
        (login, password): (&str, &str),
        number: usize,
        answers: &Arc<Answers>,
    ) -> Result<Self> {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(SILENCE)
            .build()?;
        let visitor = Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            answers: Arc::clone(answers),
        };
        let fields = [("login", login), ("password", password), ("next", "/")];
        let address = format!("10.9.{}.{}", number / 250, 1 + number % 250);
        let request = visitor
            .form("/signin", &fields)
            .header("x-forwarded-for", address);
        let answer = visitor.send(request.timeout(ANSWER)).await?;
        ensure!(
            answer.status() == StatusCode::SEE_OTHER,
            "{login} could not sign in: {}",
            answer.status()
        );
        Ok(visitor)
    }

    /// Tries a password nobody has, as somebody else from somewhere else for every number, and returns the status of
    /// the answer; 0 without one.
    pub(crate) async fn guess(&self, number: u64) -> u16 {
        let login = format!("nobody-{number}");
        let fields = [("login", login.as_str()), ("password", "a guess")];
        let [.., a, b, c, d] = number.to_be_bytes().map(u16::from);
        let address = format!("2001:db8:{:x}:{:x}::1", a << 8 | b, c << 8 | d);
        let request = self
            .form("/signin", &fields)
            .header("x-forwarded-for", address);
        let answer = request.timeout(ANSWER).send().await;
        answer.map_or(0, |answer| answer.status().as_u16())
    }

    /// Opens a page and returns how long it took to its last byte.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) async fn page(&self, path: &str) -> Result<Duration> {
        let asked = Instant::now();
        let request = self.http.get(self.url(path)).timeout(ANSWER);
        let answer = self.send(request).await?;
        let status = answer.status();
        ensure!(status == StatusCode::OK, "{path} answered {status}");
        self.counted(answer.bytes().await)?;
        Ok(asked.elapsed())
    }

    /// Posts a report's form and returns the run it leads to, and how long that took. A result of today
    /// is not what is measured: whoever is offered one wants the run all the same.
    ///
    /// # Errors
    /// When the form comes back instead.
    pub(crate) async fn start(&self, wanted: &Wanted) -> Result<(String, Duration)> {
        let fields: Vec<(&str, &str)> = wanted
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain([("again", "1")])
            .collect();
        let asked = Instant::now();
        let path = format!("/reports/{}", wanted.report);
        let answer = self.send(self.form(&path, &fields).timeout(ANSWER)).await?;
        let took = asked.elapsed();
        let location = answer.headers().get("location");
        let run = location
            .and_then(|address| address.to_str().ok()?.strip_prefix("/runs/"))
            .with_context(|| format!("{path} answered {} without a run", answer.status()))?;
        Ok((run.to_owned(), took))
    }

    /// Where a run stands: its state, and the number of its newest stored event.
    ///
    /// # Errors
    /// When the server does not say.
    pub(crate) async fn live(&self, run: &str) -> Result<(String, u64)> {
        let request = self
            .http
            .post(self.url("/api/run/live"))
            .header("content-type", "application/json")
            .body(json!({ "id": run }).to_string());
        let answer = self.send(request.timeout(ANSWER)).await?;
        let status = answer.status();
        ensure!(status == StatusCode::OK, "run {run} answered {status}");
        let live: Value = serde_json::from_str(&self.counted(answer.text().await)?)?;
        match (live["state"].as_str(), live["seq"].as_u64()) {
            (Some(state), Some(seq)) => Ok((state.to_owned(), seq)),
            _ => bail!("run {run} has no state"),
        }
    }

    /// Asks a run to stop.
    ///
    /// # Errors
    /// When that is refused.
    pub(crate) async fn cancel(&self, run: &str) -> Result<()> {
        let request = self.form(&format!("/runs/{run}/cancel"), &[]);
        let status = self.send(request.timeout(ANSWER)).await?.status();
        ensure!(status == StatusCode::SEE_OTHER, "cancel answered {status}");
        Ok(())
    }

    /// Follows a run to its end, as a browser does: with the last id at every connection.
    ///
    /// With `is_cut` the connection is cut after the first event and opened again. `on_event` hears
    /// the state each event tells.
    ///
    /// # Errors
    /// When the stream is no stream of events.
    pub(crate) async fn watch(
        &self,
        run: &str,
        is_cut: bool,
        mut on_event: impl FnMut(&str),
    ) -> Result<Watched> {
        let mut watched = Watched::default();
        let mut cut = is_cut;
        loop {
            let mut request = self.http.get(self.url(&format!("/events/runs/{run}")));
            if let Some(last) = watched.last {
                request = request.header("last-event-id", last.to_string());
            }
            let answer = self.send(request).await?;
            let status = answer.status();
            ensure!(
                status == StatusCode::OK,
                "events of {run} answered {status}"
            );
            let mut stream = answer.bytes_stream();
            let mut cutter = Cutter::default();
            let mut was_cut = false;
            'connected: while let Some(Ok(piece)) = stream.next().await {
                for event in cutter.push(&piece)? {
                    on_event(&event.state);
                    if watched.note(event) {
                        return Ok(watched);
                    }
                    was_cut = std::mem::take(&mut cut);
                    if was_cut {
                        break 'connected;
                    }
                }
            }
            if !was_cut {
                watched.broken += 1;
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.http
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let answer = self.counted(request.send().await)?;
        if answer.status().is_server_error() {
            self.answers.server_errors.fetch_add(1, Ordering::Relaxed);
        }
        Ok(answer)
    }

    fn counted<T>(&self, answered: reqwest::Result<T>) -> Result<T> {
        if answered.is_err() {
            self.answers.unanswered.fetch_add(1, Ordering::Relaxed);
        }
        Ok(answered?)
    }
}

/// A report and what is typed into its form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// Its id, such as `sales/daily_sales`.
    pub(crate) report: String,
    /// Fields as browsers post them, such as `params[period]`.
    pub(crate) fields: Vec<(String, String)>,
}

impl Wanted {
    /// Reads `REPORT` or `REPORT?NAME=VALUE&NAME=VALUE`, where the names are those of parameters.
    pub(crate) fn parse(text: &str) -> Self {
        let (report, values) = text.split_once('?').unwrap_or((text, ""));
        let fields = form_urlencoded::parse(values.as_bytes())
            .map(|(name, value)| (format!("params[{name}]"), value.into_owned()))
            .collect();
        Self {
            report: report.to_owned(),
            fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_written_with_its_values_as_in_an_address() {
        let wanted = Wanted::parse("sales/daily?period=2026-01-01+..+2026-02-01&limit=%3D1");
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(wanted.report, "sales/daily");
        assert_eq!(
            wanted.fields,
            [
                field("params[period]", "2026-01-01 .. 2026-02-01"),
                field("params[limit]", "=1")
            ]
        );
        assert_eq!(Wanted::parse("bench/small").fields, []);
    }
}
