//! Queuing runs, for whoever clicks.

use app::AppError;
use app::view::{FieldMessage, FormInput, Started, Viewer};
use lang::Lang;
use report::{FieldError, Report, Values};
use requests::RequestError;
use runtime::clock;
use store::{Enqueued, NewRun, StoreError};

use super::{BackendService, unavailable};

impl BackendService {
    /// Checks the input and queues a run.
    pub(super) async fn start(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        retry_of: Option<String>,
    ) -> Result<Started, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        let requested = self
            .requests
            .request(&person, &report, input, viewer.lang, clock::now())
            .await
            .map_err(|error| refused(error, &report, viewer.lang))?;
        let run = NewRun {
            retry_of,
            ..requested
        };
        let enqueued = self.store.enqueue(run).await.map_err(|error| match error {
            StoreError::TooManyOpen { .. } => AppError::TooMany,
            error => unavailable(&error),
        })?;
        let is_shared = matches!(enqueued, Enqueued::Already(_));
        let run_id = enqueued.id().to_owned();
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
        self.start(viewer, report.id.as_str(), input, Some(row.id))
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
