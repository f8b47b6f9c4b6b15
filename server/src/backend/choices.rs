//! Options of choices that come from a query: for the form, and to check what was posted.

mod answers;

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::AppError;
use app::error::Thing;
use app::view::{Choice, ChoicesView, FormInput, Viewer};
use lang::{FailureClass, Lang};
use report::{FieldError, Input, Param, Report, Values};
use store::{Person, Store};
use tokio::sync::Semaphore;

use super::{BackendService, start};
use crate::choice_check::chosen;
use crate::clock;
use crate::snapshot::Labels;
use crate::worker::{ChoicesOrder, NoChoices, read_choices};
use answers::{Answers, Asked};

/// How long an answer is used again. People change a field, look, and post within this time.
const FRESH: Duration = Duration::from_secs(60);
/// How long it is believed that there is none: everybody who opens the form in the meantime would ask in vain.
const FAILED: Duration = Duration::from_secs(5);
/// How long a form waits for its options before it is shown without them.
const PATIENCE: Duration = Duration::from_secs(20);
/// Memory for the queries behind one parameter, MiB.
const MEMORY_MB: u32 = 512;
/// Processes that read options at the same time.
const AT_ONCE: usize = 4;

/// Value and label, in the query's order.
pub(super) type Pairs = Arc<Vec<(String, String)>>;

/// The options, or the reference under which the log says why there are none.
type Answer = Result<Pairs, String>;

/// Options by revision, parameter, language and every value the query saw, those of the viewer included.
#[derive(Debug)]
pub(super) struct Cache {
    answers: Answers<Key, Answer>,
    at_work: Arc<Semaphore>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            answers: Answers::default(),
            at_work: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

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

impl BackendService {
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
        let lang = viewer.lang;
        let pairs = match self.options(&report, param, input, &person, lang).await {
            Ok(pairs) => pairs,
            Err(NoOptions::Needs(errors)) => {
                return Err(AppError::Invalid {
                    fields: start::messages(errors, viewer.lang),
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
        let names = report.choices_need(param);
        let values = report
            .resolve_some(&names, input, &person.attributes, clock::now())
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
        let fresh = |answer: &Answer| match answer {
            Ok(_) => FRESH,
            Err(_) => FAILED,
        };
        let waiting = match self.options.answers.ask(key, fresh) {
            Asked::Known(answer) => return answer.map_err(NoOptions::Failed),
            Asked::OnItsWay(waiting) => waiting,
            Asked::New(asking, waiting) => {
                let question = self.question(report, param, values, lang);
                // Others may wait for it when whoever asked has gone away.
                tokio::spawn(async move { asking.tell(question.answer().await) });
                waiting
            }
        };
        let answer = waiting.answer().await;
        let lost = || Err(reference());
        answer.unwrap_or_else(lost).map_err(NoOptions::Failed)
    }

    fn question(&self, report: &Report, param: &Param, values: &Values, lang: Lang) -> Question {
        let stage_dir = self.settings.data_dir.join("stage");
        let reads = engine::choices_read(report, &param.name, &self.sources);
        let sources = self.settings.sources.iter();
        Question {
            store: self.store.clone(),
            at_work: Arc::clone(&self.options.at_work),
            order: ChoicesOrder {
                report: report.id.clone(),
                text: report.text.clone(),
                param: param.name.clone(),
                values: values.clone(),
                lang,
                sources: sources
                    .filter(|source| reads.contains(source.name.as_str()))
                    .cloned()
                    .collect(),
                // The child works there whatever its own working directory is.
                stage_dir: std::path::absolute(&stage_dir).unwrap_or(stage_dir),
                memory_mb: MEMORY_MB,
            },
        }
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

/// A question to sources, on its way to a process of its own.
struct Question {
    store: Store,
    at_work: Arc<Semaphore>,
    order: ChoicesOrder,
}

impl Question {
    async fn answer(self) -> Answer {
        let (report, param) = (self.order.report.to_string(), self.order.param.clone());
        let reference = reference();
        let (class, chain) = match self.read().await {
            Ok(pairs) => return Ok(Arc::new(pairs)),
            Err(reason) => reason,
        };
        tracing::warn!(
            reference, report.id = %report, param, %class, error = %chain,
            "Could not load the options of a field ({reference})"
        );
        Err(reference)
    }

    /// The options, or class and words of the failure.
    async fn read(self) -> Result<Vec<(String, String)>, (FailureClass, String)> {
        let names = self.order.sources.iter().map(|source| source.name.as_str());
        let paused = self.store.paused_of(names.collect()).await;
        match paused {
            Ok(None) => {}
            Ok(Some(source)) => {
                return Err((
                    FailureClass::SourceDown,
                    format!("the source {source} is paused"),
                ));
            }
            Err(error) => return Err((FailureClass::Internal, crate::chain_of(&error))),
        }
        let too_long = || {
            let words = format!("no answer within {} s", PATIENCE.as_secs());
            (FailureClass::SourceTimeout, words)
        };
        let since = Instant::now();
        let turn = tokio::time::timeout(PATIENCE, self.at_work.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(too_long());
        };
        let left = PATIENCE.saturating_sub(since.elapsed());
        read_choices(self.order, left)
            .await
            .map_err(|reason| match reason {
                NoChoices::Failed(failure) => (failure.class, failure.chain),
                NoChoices::TooLong => too_long(),
                NoChoices::Lost(chain) => (FailureClass::WorkerLost, chain),
            })
    }
}

/// What people quote and the log holds.
fn reference() -> String {
    uuid::Uuid::now_v7().simple().to_string()[20..].to_owned()
}
