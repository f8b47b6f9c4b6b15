//! Sentences of runs and forms, in both languages.

pub(super) mod line;
pub(super) mod shared;

use app::view::Lang;
use serde::Deserialize;
use store::{QueuePlace, RunRow};

use crate::config::Limits;
use crate::frozen::read_json;

/// An error as it is stored with a run.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct StoredError {
    #[serde(default)]
    ko: String,
    #[serde(default)]
    en: String,
    /// Titles and first rows of a failed check.
    #[serde(default)]
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) fn stored_error(row: &RunRow) -> StoredError {
    row.error_text
        .as_deref()
        .and_then(|text| read_json(text).ok())
        .unwrap_or_default()
}

/// A stored error in the parts a page shows: what happened, whether data is affected, what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ErrorParts {
    pub(super) what: String,
    pub(super) affected: String,
    pub(super) advice: String,
}

/// Errors are stored as three sentences or more in this order; anything shorter is all "what".
pub(super) fn error_parts(row: &RunRow, lang: Lang) -> ErrorParts {
    split(&error_text(row, lang))
}

fn split(text: &str) -> ErrorParts {
    let sentences: Vec<&str> = text.splitn(3, ". ").collect();
    match sentences[..] {
        [what, affected, advice] => ErrorParts {
            what: format!("{what}."),
            affected: format!("{affected}."),
            advice: advice.to_owned(),
        },
        _ => ErrorParts {
            what: text.to_owned(),
            affected: String::new(),
            advice: String::new(),
        },
    }
}

/// What happened, in one sentence.
pub(super) fn error_sentence(row: &RunRow, lang: Lang) -> String {
    error_parts(row, lang).what
}

fn error_text(row: &RunRow, lang: Lang) -> String {
    let stored = stored_error(row);
    let sentence = match lang {
        Lang::Ko => stored.ko,
        Lang::En => stored.en,
    };
    if !sentence.is_empty() {
        return sentence;
    }
    pick(
        lang,
        "알 수 없는 이유로 실패했습니다. 관리자에게 실행 번호를 알려 주세요.",
        "The run failed for an unknown reason. Please tell an administrator its id.",
    )
}

pub(super) fn prefill_unusable(lang: Lang) -> String {
    pick(
        lang,
        "이전 실행의 값을 불러올 수 없어 기본값을 채웠습니다.",
        "The values of the earlier run cannot be used; the defaults are filled in instead.",
    )
}

pub(super) fn no_options(lang: report::Lang, reference: &str) -> String {
    match lang {
        report::Lang::Ko => format!(
            "지금은 목록을 불러올 수 없습니다. 잠시 뒤 새로 고치거나 값을 직접 입력하세요. (문의 번호 {reference})"
        ),
        report::Lang::En => format!(
            "The list cannot be loaded right now. Reload in a moment or type the value. (reference {reference})"
        ),
    }
}

/// Why a run waits; `None` when nothing but its turn keeps it.
pub(super) fn queue_reason(place: &QueuePlace, limits: &Limits, lang: Lang) -> Option<String> {
    let source = &place.source_id;
    if place.source_paused {
        return Some(match lang {
            Lang::Ko => format!("관리자가 데이터베이스 {source}의 실행을 잠시 멈추었습니다."),
            Lang::En => format!("An administrator has paused runs on the database {source}."),
        });
    }
    if place.source_running >= place.source_limit {
        let limit = place.source_limit;
        return Some(match lang {
            Lang::Ko => format!("데이터베이스 {source}에서는 한 번에 {limit}건씩 실행됩니다."),
            Lang::En => format!("The database {source} runs {limit} at a time."),
        });
    }
    let most = limits.runs_per_user;
    (place.user_running >= i64::from(most)).then(|| match lang {
        Lang::Ko => format!("한 사람이 동시에 {most}건까지 실행할 수 있습니다."),
        Lang::En => format!("One person can have {most} runs at a time."),
    })
}

/// Why a run waits although it has failed before.
pub(super) fn tried_again(at: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("실패하여 {at}에 다시 시도합니다."),
        Lang::En => format!("It failed and is tried again at {at}."),
    }
}

/// Why nothing moves although nothing else keeps it.
pub(super) fn no_worker(lang: Lang) -> String {
    pick(
        lang,
        "새 실행을 받는 프로세스가 없습니다.",
        "No worker takes runs.",
    )
}

/// Which process on which host.
pub(super) fn executed_by(host: &str, pid: i64, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("{host} · 프로세스 {pid}"),
        Lang::En => format!("{host} · process {pid}"),
    }
}

/// `sum` and its kin.
pub(super) fn total_kind(kind: &str, lang: Lang) -> String {
    let (ko, en) = match kind {
        "sum" => ("합계", "Total"),
        "average" => ("평균", "Average"),
        "count" => ("개수", "Count"),
        "min" => ("최소", "Minimum"),
        "max" => ("최대", "Maximum"),
        other => (other, other),
    };
    pick(lang, ko, en)
}

fn pick(lang: Lang, ko: &str, en: &str) -> String {
    match lang {
        Lang::Ko => ko.to_owned(),
        Lang::En => en.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_error_is_shown_in_its_three_parts() {
        let parts =
            split("멈췄습니다. 데이터는 그대로입니다. 기간을 줄이세요. 계속되면 알려 주세요.");
        assert_eq!(parts.what, "멈췄습니다.");
        assert_eq!(parts.affected, "데이터는 그대로입니다.");
        assert_eq!(parts.advice, "기간을 줄이세요. 계속되면 알려 주세요.");
        assert_eq!(split("It failed. Try again.").what, "It failed. Try again.");
    }
}
