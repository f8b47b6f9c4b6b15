//! People who start, watch, cancel and download, and do not care about the weather.

use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::Dice;
use crate::visitor::{PASSWORD, Visitor};

/// Nobody waits longer for an answer. A process may be frozen.
const PATIENCE: Duration = Duration::from_secs(20);

const LOGINS: [&str; 4] = ["kim", "park", "lee", "admin"];

/// Somebody, with the runs that were promised to them.
pub struct Person {
    visitor: Visitor,
    dice: Dice,
    /// New in every form, so that none is a double click.
    number: usize,
    is_signed_in: bool,
    pub runs: Vec<String>,
    /// What should not have happened.
    pub wrong: Vec<String>,
}

impl Person {
    pub fn new(number: usize, dice: Dice) -> Self {
        Self {
            visitor: Visitor::new(""),
            dice,
            number: number * 100_000,
            is_signed_in: false,
            runs: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// Uses processes at random until the time is over.
    pub async fn use_it(mut self, addresses: super::monkey::Addresses, ends: Instant) -> Self {
        while Instant::now() < ends {
            let process = self.dice.below(addresses.count());
            self.visitor.base = addresses.get(process);
            if !self.is_signed_in {
                self.sign_in().await;
                continue;
            }
            // People read before they go on.
            let pause = Duration::from_millis(self.dice.below(600) as u64);
            tokio::time::sleep(pause).await;
            match self.dice.below(12) {
                0..=4 => self.start().await,
                5 => self.click_twice().await,
                6 => self.cancel().await,
                7..=8 => self.look().await,
                9..=10 => self.download().await,
                _ => {
                    self.ask(self.visitor.http.get(self.visitor.url("/runs")))
                        .await;
                }
            }
        }
        self
    }

    async fn sign_in(&mut self) {
        let login = LOGINS[self.number / 100_000 % LOGINS.len()];
        let fields = [("login", login), ("password", PASSWORD), ("next", "/")];
        let answer = self.ask(self.form("/signin", &fields)).await;
        self.is_signed_in = answer.is_some_and(|answer| answer.status() == StatusCode::SEE_OTHER);
    }

    async fn start(&mut self) {
        self.number += 1;
        let number = self.number.to_string();
        let rows = (1_000 + self.dice.below(30_000)).to_string();
        let few = (1 + self.dice.below(400)).to_string();
        let steps = (1_000_000 + self.number).to_string();
        let (report, fields): (&str, Vec<(&str, &str)>) = match self.dice.below(5) {
            0 | 1 => (
                "sales/by_region",
                vec![
                    ("params[period]", "2026-01-01 .. 2026-02-01"),
                    ("params[minimum]", &number),
                ],
            ),
            2 => ("sales/large", vec![("params[rows]", &rows)]),
            3 => ("sales/long", vec![("params[steps]", &steps)]),
            _ => ("sales/slow", vec![("params[rows]", &few)]),
        };
        let request = self.form(&format!("/reports/{report}"), &fields);
        if let Some(run) = self.started(request).await {
            self.runs.push(run);
        }
    }

    /// Two clicks are one run as long as it is not over, and this one does not end by itself.
    async fn click_twice(&mut self) {
        self.number += 1;
        let steps = (2_000_000_000 - self.number).to_string();
        let fields = [("params[steps]", &*steps)];
        let click = || self.form("/reports/sales/long", &fields);
        let (one, other) = (click(), click());
        let (one, other) = tokio::join!(send(one), send(other));
        let mut runs = Vec::new();
        for answer in [one, other] {
            let answer = self.judged(answer);
            runs.extend(answer.and_then(|answer| run_of(&answer)));
        }
        if let [one, other] = &runs[..]
            && one != other
        {
            self.wrong
                .push(format!("two clicks made two runs: {one}, {other}"));
        }
        for run in runs {
            self.ask(self.form(&format!("/runs/{run}/cancel"), &[]))
                .await;
            self.runs.push(run);
        }
    }

    async fn cancel(&mut self) {
        if let Some(run) = self.one_of_mine() {
            self.ask(self.form(&format!("/runs/{run}/cancel"), &[]))
                .await;
        }
    }

    async fn look(&mut self) {
        if let Some(run) = self.one_of_mine() {
            self.ask(
                self.visitor
                    .http
                    .get(self.visitor.url(&format!("/runs/{run}"))),
            )
            .await;
        }
    }

    /// The newest file of mine, as long as the page says.
    async fn download(&mut self) {
        let Some(run) = self.one_of_mine() else {
            return;
        };
        let request = self
            .visitor
            .http
            .post(self.visitor.url("/api/run"))
            .header("content-type", "application/json")
            .body(json!({ "id": run }).to_string());
        let Some(answer) = self.ask(request).await else {
            return;
        };
        let Ok(text) = answer.text().await else {
            return;
        };
        let seen: Value = serde_json::from_str(&text).unwrap_or_default();
        let file = &seen["result"]["files"][0];
        let Some(href) = file["href"].as_str() else {
            return;
        };
        let Some(answer) = self
            .ask(self.visitor.http.get(self.visitor.url(href)))
            .await
        else {
            return;
        };
        // A process may go away in the middle; what comes whole is right.
        if answer.status() == StatusCode::OK
            && let Ok(bytes) = answer.bytes().await
            && bytes.len() as u64 != file["bytes"].as_u64().unwrap_or_default()
        {
            self.wrong
                .push(format!("{href} has {} bytes: {file}", bytes.len()));
        }
    }

    fn one_of_mine(&mut self) -> Option<String> {
        let count = self.runs.len();
        // Rather a new one than one of an hour ago.
        let newest = count.min(10);
        (count > 0).then(|| self.runs[count - 1 - self.dice.below(newest)].clone())
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.visitor
            .http
            .post(self.visitor.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    async fn started(&mut self, request: reqwest::RequestBuilder) -> Option<String> {
        let answer = self.ask(request).await?;
        run_of(&answer)
    }

    async fn ask(&mut self, request: reqwest::RequestBuilder) -> Option<Response> {
        let answer = send(request).await;
        self.judged(answer)
    }

    /// A process that is gone or frozen gives no answer. One that answers says what people can use:
    /// the page, that it passes, or that they have enough runs waiting.
    fn judged(&mut self, answer: Option<Response>) -> Option<Response> {
        let answer = answer?;
        let status = answer.status();
        let is_fine = status.is_success()
            || status.is_redirection()
            || status == StatusCode::SERVICE_UNAVAILABLE
            || status == StatusCode::TOO_MANY_REQUESTS;
        if !is_fine {
            self.wrong.push(format!("{status} from {}", answer.url()));
        }
        if status == StatusCode::FOUND {
            self.wrong.push(format!("signed out at {}", answer.url()));
            self.is_signed_in = false;
        }
        Some(answer)
    }
}

async fn send(request: reqwest::RequestBuilder) -> Option<Response> {
    request.timeout(PATIENCE).send().await.ok()
}

fn run_of(answer: &Response) -> Option<String> {
    let location = answer.headers().get("location")?.to_str().ok()?;
    location.strip_prefix("/runs/").map(str::to_owned)
}
