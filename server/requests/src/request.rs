//! A request: the right is checked, values are made absolute and frozen.

use std::time::Duration;

use identity::rights::may_run;
use jiff::Timestamp;
use lang::{Lang, Reference};
use report::{FieldError, Input, Report, Summary, Values};
use sha2::{Digest, Sha256};
use store::{NewRun, Person};

use super::{NoOptions, Requests};

/// Waiting and running runs of one person. More is a mistake or a script; both should use schedules.
const MOST_OPEN: i64 = 50;
/// A run nobody started within a day answers a question nobody asks any more.
const EXPIRES: Duration = Duration::from_hours(24);

/// What somebody asks for, made absolute.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The values, relative dates resolved.
    pub values: Values,
    /// The language of sheets, texts and messages.
    pub lang: Lang,
    input: Input,
    values_json: String,
    /// The same for whoever asks for the same.
    pub key: String,
}

/// Why there is no run.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The person may not run this report.
    #[error("this person may not run the report")]
    Forbidden,
    /// Values that need attention, all of them.
    #[error("{} values need attention", .0.len())]
    Invalid(Vec<FieldError>),
    /// Without the answer of a choice's query nobody knows whether its value is allowed.
    #[error("choices could not be compared with their query ({reference})")]
    Unchecked {
        /// Found in the log.
        reference: Reference,
    },
    /// The values cannot be kept.
    #[error("the values cannot be kept")]
    Frozen(#[from] serde_json::Error),
}

impl From<NoOptions> for RequestError {
    fn from(reason: NoOptions) -> Self {
        match reason {
            NoOptions::Needs(errors) => Self::Invalid(errors),
            NoOptions::Failed(reference) => Self::Unchecked { reference },
        }
    }
}

/// Checks the right and the input, and makes it absolute at `now`. Choices that come from queries are not checked yet.
///
/// # Errors
/// [`RequestError::Forbidden`], [`RequestError::Invalid`].
pub fn ask(
    person: &Person,
    report: &Report,
    input: Input,
    lang: Lang,
    now: Timestamp,
) -> Result<Asked, RequestError> {
    if !may_run(person, report) {
        return Err(RequestError::Forbidden);
    }
    let values = report
        .resolve(&input, &person.attributes, now)
        .map_err(RequestError::Invalid)?;
    let values_json = serde_json::to_string(&values)?;
    Ok(Asked {
        key: dedup_key(report, &values_json, lang),
        values,
        lang,
        input: known(report, input),
        values_json,
    })
}

impl Requests {
    /// The run of what was asked for, with its choices compared with what their queries offer; ready for the queue.
    ///
    /// # Errors
    /// [`RequestError::Invalid`] names every choice that is not offered; [`RequestError::Unchecked`].
    pub async fn request(
        &self,
        person: &Person,
        report: &Report,
        asked: Asked,
        now: Timestamp,
    ) -> Result<NewRun, RequestError> {
        let lang = asked.lang;
        let labels = self.check_choices(report, &asked.values, lang).await?;
        let summary = Summary::of(report, &asked.values, lang, labels);
        let mut sources = report.sources_of_run().into_iter().map(str::to_owned);
        Ok(NewRun {
            id: uuid::Uuid::now_v7().simple().to_string().into(),
            report_id: report.id.to_string(),
            report_revision: report.hash.clone(),
            source_id: sources.next().unwrap_or_default(),
            more_sources: sources.collect(),
            user_id: person.id.clone(),
            title: report.title.get(lang).to_owned(),
            lang: lang.as_str().to_owned(),
            dedup_key: Some(asked.key),
            values_json: asked.values_json,
            input_json: serde_json::to_string(&asked.input)?,
            chips_json: serde_json::to_string(&summary)?,
            memory_mb: i64::from(self.settings.limits.memory_per_run_mb),
            expires_at: Some(now + EXPIRES),
            most_open: Some(MOST_OPEN),
            now,
            ..NewRun::default()
        })
    }
}

/// What would make the same file has the same key, whoever asks: the same text, values and language.
/// What a report takes from the person stands among its values.
fn dedup_key(report: &Report, values_json: &str, lang: Lang) -> String {
    let mut hash = Sha256::new();
    for part in [report.id.as_str(), &report.hash, values_json, lang.as_str()] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// Only fields of the report are kept; whatever else was posted is not ours to store.
fn known(report: &Report, input: Input) -> Input {
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
