//! Why an attempt did not work, as the tables hold it.

use lang::{FailureClass, Message, Parts, Told};

use super::{RunRow, RunSummary};

/// What people are told, as the column holds it.
pub(super) fn told_json(told: &Told) -> Result<String, sqlx::Error> {
    serde_json::to_string(told).map_err(|error| sqlx::Error::Encode(error.into()))
}

impl RunRow {
    /// The class of the last error, if there is one. A class of a later version is one of ours: something went wrong inside.
    pub fn failure_class(&self) -> Option<FailureClass> {
        let word = self.error_code.as_deref()?;
        Some(word.parse().unwrap_or(FailureClass::Internal))
    }
}

impl RunSummary {
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
