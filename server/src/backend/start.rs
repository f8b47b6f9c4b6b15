//! Queuing runs: values are checked, made absolute and frozen here.

use std::sync::Arc;

use app::AppError;
use app::view::{FieldMessage, FormInput, Started, Viewer};
use jiff::Timestamp;
use lang::Lang;
use report::{FieldError, Report, Values};
use sha2::{Digest, Sha256};
use store::{Enqueued, NewRun, Person, StoreError};

use super::access::may_run;
use super::choices::NoOptions;
use super::{BackendService, store_error};
use crate::clock;
use crate::snapshot::{Summary, read_json};
use crate::web::internal_error;

/// Waiting and running runs of one person. More is a mistake or a script; both should use schedules.
const MOST_OPEN: i64 = 50;
/// A run nobody started within a day answers a question nobody asks any more.
const EXPIRES_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a form asks for, made absolute.
pub(super) struct Asked {
    pub(super) report: Arc<Report>,
    pub(super) values: Values,
    values_json: String,
    /// The same for whoever asks for the same.
    pub(super) key: String,
}

impl BackendService {
    /// Checks the right and the input, and makes it absolute. Choices that come from queries are not
    /// checked yet.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] and what [`BackendService::visible_report`] says; [`AppError::Invalid`].
    pub(super) fn asked(
        &self,
        viewer: &Viewer,
        person: &Person,
        report: &str,
        input: &FormInput,
        now: Timestamp,
    ) -> Result<Asked, AppError> {
        let report = self.visible_report(person, report)?;
        if !may_run(person, &report) {
            return Err(AppError::Forbidden {
                owner: report.owner.clone(),
            });
        }
        let values = report
            .resolve(input, &person.attributes, now)
            .map_err(|errors| AppError::Invalid {
                fields: messages(errors, viewer.lang),
            })?;
        let values_json = frozen(serde_json::to_string(&values))?;
        Ok(Asked {
            key: dedup_key(&report, &values_json, viewer.lang),
            report,
            values,
            values_json,
        })
    }

    /// Checks the input and queues a run.
    pub(super) async fn start(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        retry_of: Option<String>,
    ) -> Result<Started, AppError> {
        let person = self.person(viewer).await?;
        let now = clock::now();
        let Asked {
            report,
            values,
            values_json,
            key,
        } = self.asked(viewer, &person, report, &input, now)?;
        let lang = viewer.lang;
        let labels = match self.check_choices(&report, &values, lang).await {
            Ok(labels) => labels,
            Err(NoOptions::Needs(errors)) => {
                return Err(AppError::Invalid {
                    fields: messages(errors, viewer.lang),
                });
            }
            // Without the query's answer nobody knows whether the values are allowed.
            Err(NoOptions::Failed(reference)) => return Err(AppError::Unavailable { reference }),
        };
        let chips = Summary::of(&report, &values, lang, labels);
        let mut sources = report.sources_of_run().into_iter().map(str::to_owned);
        let run = NewRun {
            id: uuid::Uuid::now_v7().simple().to_string(),
            report_id: report.id.to_string(),
            report_revision: report.hash.clone(),
            source_id: sources.next().unwrap_or_default(),
            more_sources: sources.collect(),
            user_id: person.id.clone(),
            title: report.title.get(lang).to_owned(),
            lang: lang.as_str().to_owned(),
            dedup_key: Some(key),
            values_json,
            input_json: frozen(serde_json::to_string(&known(&report, input)))?,
            chips_json: frozen(serde_json::to_string(&chips))?,
            retry_of,
            memory_mb: i64::from(self.settings.limits.memory_per_run_mb),
            expires_ms: Some(now.as_millisecond() + EXPIRES_MS),
            most_open: Some(MOST_OPEN),
            now: now.as_millisecond(),
            ..NewRun::default()
        };
        let enqueued = self.store.enqueue(run).await.map_err(|error| match error {
            StoreError::TooManyOpen { .. } => AppError::TooMany,
            error => store_error(&error),
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
        let values: Values = read_json(&row.values_json)
            .map_err(|error| internal_error("read the values of a run", &error))?;
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

/// What would make the same file has the same key, whoever asks: the same text, values and language.
/// What a report takes from the person stands among its values.
fn dedup_key(report: &Report, values_json: &str, lang: lang::Lang) -> String {
    let mut hash = Sha256::new();
    for part in [report.id.as_str(), &report.hash, values_json, lang.as_str()] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

fn frozen(json: serde_json::Result<String>) -> Result<String, AppError> {
    json.map_err(|error| internal_error("freeze the values of a run", &error))
}

/// Only fields of the report are kept; whatever else was posted is not ours to store.
fn known(report: &Report, input: FormInput) -> FormInput {
    let is_known = |field: &str| {
        let name = field.split_once('.').map_or(field, |(name, _)| name);
        report
            .params
            .get(name)
            .is_some_and(report::Param::is_visible)
    };
    input
        .into_iter()
        .filter(|(field, _)| is_known(field))
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
