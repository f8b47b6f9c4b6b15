//! Options of choices that come from a query: for the form, and to check what was posted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::AppError;
use app::error::Thing;
use app::view::{Choice, ChoicesView, FormInput, Viewer};
use engine::EngineError;
use jiff::Timestamp;
use report::{FieldError, Input, Lang, Param, Report, Values};
use store::Person;

use super::{Desk, start};
use crate::chosen::{chosen, needs};
use crate::frozen::Labels;

/// How long an answer is used again. People change a field, look, and post within this time.
const FRESH: Duration = Duration::from_secs(60);
/// How long a form waits for its options before it is shown without them.
const PATIENCE: Duration = Duration::from_secs(20);
/// Answers kept at most; each holds at most 5,000 options.
const MOST: usize = 200;

/// Value and label, in the query's order.
pub(super) type Pairs = Arc<Vec<(String, String)>>;

/// Recent answers by revision, parameter, language and every value the query saw, those of the viewer included.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<Key, (Instant, Pairs)>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    revision: String,
    param: String,
    lang: Lang,
    values: String,
}

/// Why there are no options.
pub(super) enum NoOptions {
    /// Fields they depend on are missing or wrong.
    Needs(Vec<FieldError>),
    /// The source did not answer, or not in time.
    Failed(String),
}

impl Desk {
    /// Options after another field changed.
    pub(super) async fn choices_view(
        &self,
        viewer: &Viewer,
        report: &str,
        param: &str,
        input: &FormInput,
    ) -> Result<ChoicesView, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        let Some(param) = report.params.get(param).filter(|param| param.is_visible()) else {
            return Err(AppError::NotFound {
                thing: Thing::Report,
            });
        };
        let lang = start::report_lang(viewer.lang);
        let pairs = match self.options(&report, param, input, &person, lang).await {
            Ok(pairs) => pairs,
            Err(NoOptions::Needs(errors)) => {
                return Err(AppError::Invalid {
                    fields: start::messages(&report, errors, viewer.lang),
                });
            }
            Err(NoOptions::Failed(reference)) => return Err(AppError::Unavailable { reference }),
        };
        Ok(ChoicesView {
            options: as_choices(&pairs, lang),
        })
    }

    /// The options of one parameter, given the other values of the form.
    pub(super) async fn options(
        &self,
        report: &Report,
        param: &Param,
        input: &Input,
        person: &Person,
        lang: Lang,
    ) -> Result<Pairs, NoOptions> {
        let names = needs(report, param);
        let values = report
            .resolve_some(&names, input, &person.attributes, Timestamp::now())
            .map_err(NoOptions::Needs)?;
        self.options_with(report, param, &values, lang).await
    }

    async fn options_with(
        &self,
        report: &Report,
        param: &Param,
        values: &Values,
        lang: Lang,
    ) -> Result<Pairs, NoOptions> {
        let key = Key {
            revision: report.hash.clone(),
            param: param.name.clone(),
            lang,
            values: serde_json::to_string(values).unwrap_or_default(),
        };
        if let Some(pairs) = self.options.fresh(&key) {
            return Ok(pairs);
        }
        let query = engine::choices(report, &param.name, values, &self.sources, lang);
        let answer = match tokio::time::timeout(PATIENCE, query).await {
            Ok(Ok(pairs)) => Arc::new(pairs),
            Ok(Err(error)) => return Err(NoOptions::Failed(failed(report, param, &error))),
            Err(_) => {
                let error = EngineError::Runtime { limit: PATIENCE };
                return Err(NoOptions::Failed(failed(report, param, &error)));
            }
        };
        self.options.keep(key, Arc::clone(&answer));
        Ok(answer)
    }

    /// Checks every chosen value against its query's answer and returns the labels people read.
    ///
    /// # Errors
    /// [`NoOptions::Needs`] names every value that is not offered.
    pub(super) async fn check_choices(
        &self,
        report: &Report,
        values: &Values,
        lang: Lang,
    ) -> Result<Labels, NoOptions> {
        let mut labels = Labels::new();
        let mut errors = Vec::new();
        for chosen in chosen(report, values) {
            let pairs = self
                .options_with(report, chosen.param, &chosen.needed, lang)
                .await?;
            match chosen.labels(&pairs) {
                Ok(named) => {
                    labels.insert(chosen.param.name.clone(), named);
                }
                Err(unknown) => errors.extend(unknown),
            }
        }
        if errors.is_empty() {
            Ok(labels)
        } else {
            Err(NoOptions::Needs(errors))
        }
    }
}

/// Options as the page wants them: none is posted as an empty text, which means that nothing is
/// chosen, and each can be seen.
pub(super) fn as_choices(pairs: &[(String, String)], lang: Lang) -> Vec<Choice> {
    let label = |label: &str| match label.trim() {
        "" => report::blank(lang).to_owned(),
        _ => label.to_owned(),
    };
    pairs
        .iter()
        .map(|(value, words)| Choice {
            value: report::to_field(value).into_owned(),
            label: label(words),
        })
        .collect()
}

/// Logs why options are missing and returns the reference people quote.
fn failed(report: &Report, param: &Param, error: &EngineError) -> String {
    let reference = uuid::Uuid::now_v7().simple().to_string()[20..].to_owned();
    tracing::warn!(
        reference, report.id = %report.id, param = %param.name, class = error.class(), error = %error.chain(),
        "Could not load the options of a field ({reference})"
    );
    reference
}

impl Cache {
    fn fresh(&self, key: &Key) -> Option<Pairs> {
        let entries = self.entries();
        entries
            .get(key)
            .filter(|(since, _)| since.elapsed() < FRESH)
            .map(|(_, pairs)| Arc::clone(pairs))
    }

    fn keep(&self, key: Key, pairs: Pairs) {
        let mut entries = self.entries();
        if entries.len() >= MOST {
            entries.retain(|_, (since, _)| since.elapsed() < FRESH);
        }
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(key, (Instant::now(), pairs));
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, (Instant, Pairs)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
