//! The run form and the buttons of a run: plain HTML posts that work without JavaScript.

use app::view::{Decision, Intent, PostedForm, Viewer};
use app::{AppError, Page, form_input_of, prefill_of};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};

use super::body::read;
use super::visitor::see_other;
use super::{Web, pages};

/// `POST /reports/{*id}`: queues a run, or shows the form again with what was typed.
///
/// When the same values have a result of today, the form comes back with an offer first. `again` says
/// that a new run is wanted all the same, `use` names the result that will do.
pub async fn start(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let input = form_input_of(&bytes);
    let intent = match (field(&bytes, "use"), field(&bytes, "again")) {
        (Some(run), _) => Intent::UseResult(run),
        (None, Some(_)) => Intent::Anew,
        (None, None) => Intent::OfferResult,
    };
    let started = web.backend.start_run(&viewer, &id, input.clone(), intent);
    let (status, posted) = match started.await {
        Ok(Decision::Go(started)) => return see_other(&format!("/runs/{}", started.run_id)),
        Ok(Decision::Offer(offer)) => {
            let posted = PostedForm {
                offer: Some(offer),
                ..PostedForm::default()
            };
            (StatusCode::OK, posted)
        }
        Ok(Decision::Gone) => {
            let posted = with_problem(super::messages::result_gone(viewer.lang));
            (StatusCode::CONFLICT, posted)
        }
        Err(AppError::Invalid { fields }) => {
            let posted = PostedForm {
                errors: fields,
                ..PostedForm::default()
            };
            (StatusCode::UNPROCESSABLE_ENTITY, posted)
        }
        Err(error @ (AppError::TooMany | AppError::Unavailable { .. })) => {
            let posted = with_problem(super::messages::problem(&error, viewer.lang));
            let status = StatusCode::from_u16(error.status());
            (status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE), posted)
        }
        Err(error) => return pages::refuse(&web, &parts, error),
    };
    let posted = PostedForm { input, ..posted };
    let prefill = prefill_of(pages::query(&parts));
    match web.backend.form(&viewer, &id, Some(posted), prefill).await {
        Ok(view) => pages::show(&web, &parts, status, Page::Report(Box::new(view))),
        Err(error) => pages::refuse(&web, &parts, error),
    }
}

fn with_problem(problem: String) -> PostedForm {
    PostedForm {
        problem: Some(problem),
        ..PostedForm::default()
    }
}

/// `POST /runs/{id}/cancel`.
pub async fn cancel(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    match web.backend.cancel_run(&viewer, &id).await {
        Ok(_) => see_other(&format!("/runs/{id}")),
        Err(error) => pages::refuse(&web, &parts, error),
    }
}

/// `POST /runs/{id}/again`: the same values, or those of the period before or after.
pub async fn again(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    parts: Parts,
    body: Body,
) -> Response {
    let shift = match read(body).await {
        Ok(bytes) => field(&bytes, "shift")
            .and_then(|shift| shift.parse().ok())
            .unwrap_or(0),
        Err(answer) => return answer,
    };
    // One period at a time; a larger step is a mistake or somebody playing.
    let shift: i32 = i32::clamp(shift, -1, 1);
    match web.backend.again(&viewer, &id, shift).await {
        Ok(started) => see_other(&format!("/runs/{}", started.run_id)),
        // The report changed since: the form shows which values no longer fit.
        Err(AppError::Invalid { .. }) => match web.backend.run(&viewer, &id).await {
            Ok(run) => see_other(&format!(
                "/reports/{}?from={id}&shift={shift}",
                run.report_id
            )),
            Err(error) => pages::refuse(&web, &parts, error),
        },
        Err(error) => pages::refuse(&web, &parts, error),
    }
}

/// The address of the form with everything in `request` that was typed into it.
///
/// A form too long for an address is opened without its values.
pub async fn as_address(request: Request) -> String {
    let path = request.uri().path().to_owned();
    if *request.method() != Method::POST {
        return path;
    }
    let Ok(bytes) = read(request.into_body()).await else {
        return path;
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(&bytes).filter(|(name, _)| is_param(name)) {
        query.append_pair(&name, &value);
    }
    let address = format!("{path}?{}", query.finish());
    // Browsers and proxies take about 8,000 characters; `next` is encoded once more.
    if address.len() <= 2_500 {
        address
    } else {
        path
    }
}

/// One field of a posted form.
pub fn field(bytes: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(bytes)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn is_param(name: &str) -> bool {
    name.starts_with("params[") && name.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_form_becomes_the_address_that_fills_it_again() {
        let request = Request::post("/reports/sales/daily")
            .body(Body::from("params[a]=1+2&params[b]=%EA%B0%80&csrf=x"))
            .unwrap();
        assert_eq!(
            as_address(request).await,
            "/reports/sales/daily?params%5Ba%5D=1+2&params%5Bb%5D=%EA%B0%80"
        );
    }
}
