//! Somebody with a browser: cookies, forms, live events.

use std::time::Duration;

use futures::StreamExt;
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::{Value, json};

use super::digger::PATIENCE;

/// Known to everybody who starts a demo.
pub const PASSWORD: &str = "digger-demo";

/// What a browser posts for `sales/by_region` in January 2026.
pub const JANUARY: [(&str, &str); 2] = [
    ("params[period]", "2026-01-01 .. 2026-02-01"),
    ("params[minimum]", "0"),
];

/// What a browser posts for `sales/long`: far more than a test waits for.
pub const LONG: [(&str, &str); 1] = [("params[steps]", "2000000000")];
/// What a browser posts for `sales/large`.
pub const LARGE: [(&str, &str); 1] = [("params[rows]", "300000")];

#[derive(Clone)]
pub struct Visitor {
    pub http: Client,
    pub base: String,
}

impl Visitor {
    /// Somebody who has not signed in.
    pub fn new(base: &str) -> Self {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
        }
    }

    /// Somebody of the demo.
    pub async fn signed_in(base: &str, login: &str) -> Self {
        let visitor = Self::new(base);
        let answer = visitor
            .post(
                "/signin",
                &[("login", login), ("password", PASSWORD), ("next", "/")],
            )
            .await;
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "{login} could not sign in"
        );
        visitor
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.http
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Asks what islands and programs ask.
    pub async fn call(&self, endpoint: &str, arguments: Value) -> Response {
        self.http
            .post(self.url(&format!("/api/{endpoint}")))
            .header("content-type", "application/json")
            .body(arguments.to_string())
            .send()
            .await
            .unwrap()
    }

    /// Queues a run and returns its id, also when there is a result of today already.
    pub async fn start(&self, report: &str, fields: &[(&str, &str)]) -> String {
        let fields = [fields, &[("again", "1")]].concat();
        let answer = self.post(&format!("/reports/{report}"), &fields).await;
        let status = answer.status();
        let location = answer
            .headers()
            .get("location")
            .map(|address| address.to_str().unwrap().to_owned());
        let Some(run) = location
            .as_deref()
            .and_then(|address| address.strip_prefix("/runs/"))
        else {
            let page = answer.text().await.unwrap();
            let problems: Vec<&str> = page
                .split("class=\"Field-error\"")
                .skip(1)
                .map(|rest| rest.split("</p>").next().unwrap())
                .collect();
            panic!("{report} answered {status}: {problems:?}");
        };
        run.to_owned()
    }

    /// Where a run stands.
    pub async fn live(&self, run: &str) -> Value {
        let answer = self.call("run/live", json!({ "id": run })).await;
        assert_eq!(answer.status(), StatusCode::OK);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// A run with everything its page shows.
    pub async fn run(&self, run: &str) -> Value {
        let answer = self.call("run", json!({ "id": run })).await;
        assert_eq!(answer.status(), StatusCode::OK);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Follows the live events of a run until one of them is as wanted.
    pub async fn follow(
        &self,
        run: &str,
        what: &str,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Vec<Event> {
        let following = async {
            let mut events = Vec::new();
            loop {
                let answer = self.get(&format!("/events/runs/{run}")).await;
                assert_eq!(answer.status(), StatusCode::OK);
                let mut stream = answer.bytes_stream();
                let mut text = String::new();
                while let Some(Ok(piece)) = stream.next().await {
                    text.push_str(&String::from_utf8_lossy(&piece));
                    while let Some((event, rest)) = text.split_once("\n\n") {
                        let parsed = Event::parse(event);
                        text = rest.to_owned();
                        let Some(event) = parsed else { continue };
                        let done = is_wanted(&event.data);
                        events.push(event);
                        if done {
                            return events;
                        }
                    }
                }
                assert!(
                    !events
                        .last()
                        .is_some_and(|event: &Event| is_over(&event.data)),
                    "run {run} is over without having been {what}: {events:#?}"
                );
            }
        };
        tokio::time::timeout(PATIENCE, following)
            .await
            .unwrap_or_else(|_| panic!("timed out waiting until run {run} is {what}"))
    }

    /// Follows a run to its end and returns its last state.
    pub async fn finished(&self, run: &str) -> Value {
        let events = self.follow(run, "over", is_over).await;
        events.last().unwrap().data.clone()
    }
}

pub fn is_over(live: &Value) -> bool {
    matches!(
        live["state"].as_str(),
        Some("succeeded" | "failed" | "cancelled")
    )
}

/// One server-sent event.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: u64,
    pub name: String,
    pub data: Value,
}

impl Event {
    /// `None` for comments that keep the connection open.
    pub fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .map(str::trim_start)
        };
        Some(Self {
            id: field("id")?.parse().ok()?,
            name: field("event")?.to_owned(),
            data: serde_json::from_str(field("data")?).ok()?,
        })
    }
}
