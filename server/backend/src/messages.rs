//! Sentences of runs and forms, in both languages.

pub(super) mod line;
pub(super) mod shared;

use lang::{Lang, Message, Parts, Told};
use report::Total;
use settings::Limits;
use store::{QueuePlace, RunSummary};

/// What is told of the last failure of a run.
pub(super) fn told(row: &RunSummary) -> Told {
    row.told().unwrap_or_else(|| Told {
        message: Message::of(
            Parts::new(
                "알 수 없는 이유로 실패했습니다.",
                "",
                "관리자에게 실행 번호를 알려 주세요.",
            ),
            Parts::new(
                "The run failed for an unknown reason.",
                "",
                "Please tell an administrator its id.",
            ),
        ),
        ..Told::default()
    })
}

/// What happened, in one sentence.
pub(super) fn error_sentence(row: &RunSummary, lang: Lang) -> String {
    told(row).message.what.get(lang).to_owned()
}

pub(super) fn prefill_unusable(lang: Lang) -> String {
    pick(
        lang,
        "이전 실행의 값을 불러올 수 없어 기본값을 채웠습니다.",
        "The values of the earlier run cannot be used; the defaults are filled in instead.",
    )
}

pub(super) fn no_options(lang: lang::Lang, reference: &str) -> String {
    match lang {
        lang::Lang::Ko => format!(
            "지금은 목록을 불러올 수 없습니다. 잠시 뒤 새로 고치거나 값을 직접 입력하세요. (문의 번호 {reference})"
        ),
        lang::Lang::En => format!(
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

/// What of a column a total is.
pub(super) fn total_kind(kind: Total, lang: Lang) -> String {
    let (ko, en) = match kind {
        Total::Sum => ("합계", "Total"),
        Total::Average => ("평균", "Average"),
        Total::Count => ("개수", "Count"),
        Total::Min => ("최소", "Minimum"),
        Total::Max => ("최대", "Maximum"),
    };
    pick(lang, ko, en)
}

fn pick(lang: Lang, ko: &str, en: &str) -> String {
    match lang {
        Lang::Ko => ko.to_owned(),
        Lang::En => en.to_owned(),
    }
}
