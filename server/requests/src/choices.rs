//! Choices that come from a query: to offer them, and to check what was chosen.

mod answers;

use std::sync::Arc;
use std::time::{Duration, Instant};

use child::{ChoicesOrder, NoChoices};
use jiff::Timestamp;
use lang::{FailureClass, Lang, Reference};
use report::{FieldError, Input, Labels, Param, Report, Values, chosen};
use store::{Person, Store};
use tokio::sync::Semaphore;

use super::Requests;
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
pub type Pairs = Arc<Vec<(String, String)>>;

/// The options, or the reference under which the log says why there are none.
type Answer = Result<Pairs, Reference>;

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
#[derive(Debug)]
pub enum NoOptions {
    /// Fields they depend on are missing or wrong.
    Needs(Vec<FieldError>),
    /// The source did not answer, or not in time; the log says why under this reference.
    Failed(Reference),
}

impl Requests {
    /// The options of one parameter, given the other values at `now`.
    ///
    /// # Errors
    /// [`NoOptions`].
    pub async fn options(
        &self,
        report: &Report,
        param: &Param,
        input: &Input,
        person: &Person,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Pairs, NoOptions> {
        let names = report.choices_need(param);
        let values = report
            .resolve_some(&names, input, &person.attributes, now)
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
        let waiting = match self.choices.answers.ask(key, fresh) {
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
        let lost = || Err(Reference::of(rand::random()));
        answer.unwrap_or_else(lost).map_err(NoOptions::Failed)
    }

    fn question(&self, report: &Report, param: &Param, values: &Values, lang: Lang) -> Question {
        let stage_dir = self.settings.data_dir.join("stage");
        let reads = engine::choices_read(report, &param.name, &self.sources);
        let sources = self.settings.sources.iter();
        Question {
            store: self.store.clone(),
            at_work: Arc::clone(&self.choices.at_work),
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

/// A question to sources, on its way to a process of its own.
struct Question {
    store: Store,
    at_work: Arc<Semaphore>,
    order: ChoicesOrder,
}

impl Question {
    async fn answer(self) -> Answer {
        let (report, param) = (self.order.report.to_string(), self.order.param.clone());
        let reference = Reference::of(rand::random());
        let (class, chain) = match self.read().await {
            Ok(pairs) => return Ok(Arc::new(pairs)),
            Err(reason) => reason,
        };
        tracing::warn!(
            %reference, report.id = %report, param, %class, error = %chain,
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
            Err(error) => return Err((FailureClass::Internal, lang::chain_of(&error))),
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
        child::choices(self.order, left)
            .await
            .map_err(|reason| match reason {
                NoChoices::Failed(failure) => (failure.class, failure.chain),
                NoChoices::TooLong => too_long(),
                NoChoices::Lost(chain) => (FailureClass::WorkerLost, chain),
            })
    }
}
