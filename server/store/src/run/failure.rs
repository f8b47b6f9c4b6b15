//! Why an attempt did not work, as the tables hold it.

use lang::{FailureClass, Message, Parts};
use serde::{Deserialize, Serialize};

use super::RunRow;

/// Why an attempt did not work, as the child says it and the tables hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its class, see docs/run-lifecycle.md: `runs.error_code`.
    pub class: FailureClass,
    /// What people are told: `runs.error_text`.
    pub told: Told,
    /// The whole chain, for administrators: `runs.error_chain`.
    pub chain: String,
    /// Whether trying again later may work. What took too long is tried again once only.
    pub is_transient: bool,
}

impl Failure {
    /// One that Digger itself noticed, outside the engine: its code is `run::` and the class.
    pub fn new(class: FailureClass, message: Message, chain: String, is_transient: bool) -> Self {
        Self {
            class,
            told: Told::of(class, message),
            chain,
            is_transient,
        }
    }
}

/// What people are told of a failure; JSON in `runs.error_text`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Finer than the class, such as `run::check_failed`.
    #[serde(default)]
    pub code: String,
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// Of a failed check: the column titles, then its first rows.
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
}

impl Told {
    /// Of a failure with no code but its class.
    fn of(class: FailureClass, message: Message) -> Self {
        Self {
            code: format!("run::{class}"),
            message,
            rows: Vec::new(),
        }
    }

    /// As the column holds it.
    pub(super) fn json(&self) -> Result<String, sqlx::Error> {
        serde_json::to_string(self).map_err(|error| sqlx::Error::Encode(error.into()))
    }
}

impl RunRow {
    /// The class of the last error, if there is one. A class of a later version is one of ours: something went wrong inside.
    pub fn failure_class(&self) -> Option<FailureClass> {
        let word = self.error_code.as_deref()?;
        Some(word.parse().unwrap_or(FailureClass::Internal))
    }

    /// What people are told of the last error; `None` when there is none, or when nobody can read it any more.
    pub fn told(&self) -> Option<Told> {
        serde_json::from_str(self.error_text.as_deref()?).ok()
    }
}

/// Its turn did not come in time.
pub(super) fn expired() -> Told {
    Told::of(
        FailureClass::Expired,
        Message::of(
            Parts::new(
                "정해진 시간 안에 차례가 오지 않아 실행하지 않았습니다.",
                "데이터에는 영향이 없습니다.",
                "다시 실행해 주세요.",
            ),
            Parts::new(
                "Its turn did not come in time, so it was not run.",
                "No data is affected.",
                "Run it again.",
            ),
        ),
    )
}

/// Its worker stopped again and again.
pub(super) fn worker_lost() -> Told {
    Told::of(
        FailureClass::WorkerLost,
        Message::of(
            Parts::new(
                "이 실행을 처리하던 프로세스가 거듭 중단되어 실행을 멈췄습니다.",
                "이미 저장된 결과는 그대로입니다.",
                "기간을 줄여 다시 실행하거나 관리자에게 실행 번호를 알려 주세요.",
            ),
            Parts::new(
                "The process that worked on this run stopped again and again, so the run was given up.",
                "Results already saved are not affected.",
                "Run it again for a shorter period, or give your administrator the run's number.",
            ),
        ),
    )
}
