//! Queuing runs, for whoever clicks.

use app::AppError;
use app::view::{Decision, FieldMessage, FormInput, Intent, Started, Viewer};
use jiff::Timestamp;
use lang::Lang;
use report::{FieldError, Report, Values};
use requests::{Asked, RequestError, ask};
use store::{Enqueued, NewRun, Person, RunId, StoreError};

use super::{BackendService, unavailable};

impl BackendService {
    /// Checks a posted form once, and does what is wanted.
    pub(super) async fn decide(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        intent: Intent,
        now: Timestamp,
    ) -> Result<Decision, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        let asked = ask(&person, &report, input, viewer.lang, now)
            .map_err(|error| refused(error, &report, viewer.lang))?;
        match intent {
            Intent::UseResult(run) => {
                let is_shared = self.share_result(&person, &asked, &run, now).await?;
                return Ok(match is_shared {
                    true => Decision::Go(Started { run_id: run }),
                    false => Decision::Gone,
                });
            }
            Intent::OfferResult => {
                let offer = self.result_of_today(viewer, &person, &report, &asked, now);
                if let Some(offer) = offer.await? {
                    return Ok(Decision::Offer(offer));
                }
            }
            Intent::Anew => {}
        }
        let started = self.queue(&person, &report, asked, None, now).await?;
        Ok(Decision::Go(started))
    }

    /// Queues what was asked for.
    async fn queue(
        &self,
        person: &Person,
        report: &Report,
        asked: Asked,
        retry_of: Option<RunId>,
        now: Timestamp,
    ) -> Result<Started, AppError> {
        let lang = asked.lang;
        let requested = self
            .requests
            .request(person, report, asked, now)
            .await
            .map_err(|error| refused(error, report, lang))?;
        let run = NewRun {
            retry_of,
            ..requested
        };
        let enqueued = self.store.enqueue(run).await.map_err(|error| match error {
            StoreError::TooManyOpen { .. } => AppError::TooMany,
            error => unavailable(&error),
        })?;
        let is_shared = matches!(enqueued, Enqueued::Already(_));
        let run_id = enqueued.id().to_string();
        let did = if is_shared { "Shared" } else { "Queued" };
        tracing::info!(run.id = %run_id, report.id = %report.id, person.id = %person.id, "{did} run {run_id}");
        Ok(Started { run_id })
    }

    /// Queues the values of an earlier run again, periods moved.
    pub(super) async fn start_again(
        &self,
        viewer: &Viewer,
        run: &str,
        shift: i32,
        now: Timestamp,
    ) -> Result<Started, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let report = self.visible_report(&person, &row.report_id)?;
        let values: Values = serde_json::from_str(&row.values_json)
            .map_err(|error| AppError::internal("read the values of a run", &error))?;
        let values = match shift {
            0 => values,
            shift => report
                .shift(&values, shift)
                .ok_or_else(|| no_period(viewer.lang))?,
        };
        let input = report.to_input(&values);
        let asked = ask(&person, &report, input, viewer.lang, now)
            .map_err(|error| refused(error, &report, viewer.lang))?;
        self.queue(&person, &report, asked, Some(row.summary.id), now)
            .await
    }
}

/// Why there is no run, as the page shows it.
pub(super) fn refused(error: RequestError, report: &Report, lang: Lang) -> AppError {
    match error {
        RequestError::Forbidden => AppError::Forbidden {
            owner: report.owner.clone(),
        },
        RequestError::Invalid(errors) => AppError::Invalid {
            fields: messages(errors, lang),
        },
        RequestError::Unchecked { reference } => AppError::Unavailable { reference },
        RequestError::Frozen(error) => AppError::internal("freeze the values of a run", &error),
    }
}

/// Field errors in the reader's language.
pub(super) fn messages(errors: Vec<FieldError>, lang: Lang) -> Vec<FieldMessage> {
    errors
        .into_iter()
        .map(|error| FieldMessage {
            code: error.code.to_owned(),
            message: error.message.get(lang).to_owned(),
            field: error.field,
        })
        .collect()
}

fn no_period(lang: Lang) -> AppError {
    let message = match lang {
        Lang::Ko => "이 보고서에는 옮길 기간이 없습니다.",
        Lang::En => "This report has no period to move.",
    };
    let field = FieldMessage {
        field: String::new(),
        code: "run::invalid_value".to_owned(),
        message: message.to_owned(),
    };
    AppError::Invalid {
        fields: vec![field],
    }
}
