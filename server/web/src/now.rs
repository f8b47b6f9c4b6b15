//! The page "Now" and its buttons.

use app::error::Thing;
use app::view::{NowAction, NowDone, NowView, Viewer};
use app::{AppError, Page};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;

use super::body::read;
use super::forms::field;
use super::visitor::see_other;
use super::{Web, pages};

const ADDRESS: &str = "/admin/now";

/// `GET /admin/now?done=…&of=…`; the two say what a button has just done.
pub async fn page(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    let done = done(parts.uri.query());
    let view = web.backend.now(&viewer).await;
    let page = view.map(|view| {
        let done = done.filter(|done| is_so(done, &view));
        Page::Now { view, done }
    });
    pages::answer(&web, &parts, page)
}

/// `POST /admin/now {action, of}`.
pub async fn act(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
    body: Body,
) -> Response {
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let action = field(&bytes, "action").and_then(|word| NowAction::from_word(&word));
    let (Some(action), Some(of)) = (action, field(&bytes, "of")) else {
        let thing = Thing::Page;
        return pages::refuse(&web, &parts, AppError::NotFound { thing });
    };
    let backend = &web.backend;
    let acted = match action {
        NowAction::PauseSource => backend.pause_source(&viewer, &of, true).await,
        NowAction::ResumeSource => backend.pause_source(&viewer, &of, false).await,
        NowAction::DrainWorker => backend.drain_worker(&viewer, &of, true).await,
        NowAction::ResumeWorker => backend.drain_worker(&viewer, &of, false).await,
        NowAction::CancelRun => backend.cancel_for_all(&viewer, &of).await.map(|_| ()),
    };
    match acted {
        Ok(()) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("done", action.as_str())
                .append_pair("of", &of)
                .finish();
            see_other(&format!("{ADDRESS}?{query}"))
        }
        Err(error) => pages::refuse(&web, &parts, error),
    }
}

/// Whether what an address says was done can be seen: anybody may have written the address.
fn is_so(done: &NowDone, view: &NowView) -> bool {
    let is_paused = |paused: bool| {
        let mut sources = view.sources.iter();
        sources.any(|source| source.name == done.of && source.is_paused == paused)
    };
    match done.action {
        NowAction::PauseSource => is_paused(true),
        NowAction::ResumeSource => is_paused(false),
        NowAction::DrainWorker | NowAction::ResumeWorker => {
            let mut workers = view.workers.iter();
            workers.any(|known| known.worker.name == done.of)
        }
        // A run that has ended is not on the page any more.
        NowAction::CancelRun => {
            done.of.len() == 32 && done.of.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
    }
}

fn done(query: Option<&str>) -> Option<NowDone> {
    let query = query?.as_bytes();
    Some(NowDone {
        action: NowAction::from_word(&field(query, "done")?)?,
        of: field(query, "of")?,
    })
}

#[cfg(test)]
mod tests {
    use app::view::Lane;

    use super::*;

    #[test]
    fn only_known_words_say_what_was_done() {
        let drained = done(Some("done=drain_worker&of=a-1%2Bb")).unwrap();
        assert_eq!(drained.action, NowAction::DrainWorker);
        assert_eq!(drained.of, "a-1+b");
        assert_eq!(done(Some("done=explode&of=shop")), None);
        assert_eq!(done(Some("done=pause_source")), None);
        assert_eq!(done(None), None);
    }

    #[test]
    fn what_cannot_be_seen_was_not_done() {
        let view = NowView {
            sources: vec![Lane {
                name: "shop".to_owned(),
                is_paused: true,
                ..Lane::default()
            }],
            ..NowView::default()
        };
        let says = |action, of: &str| {
            let of = of.to_owned();
            is_so(&NowDone { action, of }, &view)
        };
        assert!(says(NowAction::PauseSource, "shop"));
        assert!(!says(NowAction::ResumeSource, "shop"));
        assert!(!says(NowAction::PauseSource, "call 555-0100"));
        assert!(!says(NowAction::DrainWorker, "shop"));
        assert!(!says(NowAction::CancelRun, "call 555-0100"));
    }
}
