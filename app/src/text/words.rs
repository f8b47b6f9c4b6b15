//! Words for states, steps, errors and folders: one exhaustive `match` each, both languages side by side.

use super::Texts;
use crate::error::{AppError, Thing};
use crate::format::{duration, rough_duration};
use crate::view::{RunState, Step, Usual};
use lang::Lang;

/// An error as a page says it.
pub struct ErrorWords {
    /// Heading.
    pub title: &'static str,
    /// What happened.
    pub what: String,
    /// Whether data is affected.
    pub affected: &'static str,
    /// What the reader can do.
    pub advice: String,
}

impl Texts {
    fn pick<T>(&self, ko: T, en: T) -> T {
        match self.lang {
            Lang::Ko => ko,
            Lang::En => en,
        }
    }

    /// The state of a run as a badge says it.
    pub fn state(&self, state: RunState) -> &'static str {
        match state {
            RunState::Queued => self.pick("대기 중", "Waiting"),
            RunState::Running => self.pick("실행 중", "Running"),
            RunState::Succeeded => self.pick("완료", "Finished"),
            RunState::Failed => self.pick("실패", "Failed"),
            RunState::Cancelled => self.pick("취소됨", "Cancelled"),
        }
    }

    /// Heading of the live part of a run.
    pub fn live_title(&self, state: RunState) -> &'static str {
        match state {
            RunState::Queued => self.pick("차례를 기다리고 있습니다", "Waiting for its turn"),
            RunState::Running => self.pick("보고서를 만들고 있습니다", "Making your report"),
            RunState::Succeeded => self.pick("파일이 준비되었습니다", "The file is ready"),
            RunState::Failed => self.pick("실행하지 못했습니다", "The run failed"),
            RunState::Cancelled => self.pick("취소되었습니다", "Cancelled"),
        }
    }

    /// A step of a run.
    pub fn step(&self, step: Step) -> &'static str {
        match step {
            Step::Waiting => self.pick("차례 대기", "Waiting"),
            Step::Connecting => self.pick("데이터베이스 연결", "Connecting"),
            Step::DatabaseWorking => self.pick("데이터베이스 조회", "Database working"),
            Step::FetchingRows => self.pick("데이터 가져오기", "Fetching rows"),
            Step::Summarising => self.pick("집계", "Summarising"),
            Step::WritingWorkbook => self.pick("Excel 파일 작성", "Writing the workbook"),
            Step::CheckingCounts => self.pick("행 수 확인", "Checking counts"),
            Step::Storing => self.pick("파일 저장", "Storing the file"),
        }
    }

    /// That a run was cancelled, and what the database said about it.
    pub fn cancelled(&self, stop_confirmed: Option<bool>) -> String {
        let note = self.cancelled_note;
        match stop_confirmed {
            Some(true) => format!("{note} {}", self.stop_confirmed),
            Some(false) => format!("{note} {}", self.stop_unconfirmed),
            None => note.to_owned(),
        }
    }

    /// How long past runs took: one number when they hardly differ.
    pub fn usual_range(&self, lang: Lang, usual: Usual) -> String {
        let same = |one: &str| self.pick(format!("보통 {one}"), format!("usually {one}"));
        let (fast, slow) = (
            rough_duration(lang, usual.p10_ms),
            rough_duration(lang, usual.p90_ms),
        );
        if fast == slow {
            return same(&fast);
        }
        let fast = duration(lang, usual.p10_ms.max(1_000));
        let slow = duration(lang, usual.p90_ms.max(1_000));
        if fast == slow {
            return same(&fast);
        }
        self.pick(
            format!("보통 {fast} ~ {slow}"),
            format!("usually {fast} to {slow}"),
        )
    }

    /// Folders people know by another name than the one on disk.
    pub fn folder(&self, name: &str) -> String {
        let known = match name {
            "sales" => self.pick("영업", "Sales"),
            "finance" => self.pick("재무", "Finance"),
            "customers" => self.pick("고객", "Customers"),
            "team" => self.pick("영업팀", "Sales team"),
            "examples" => self.pick("예제", "Examples"),
            other => return other.to_owned(),
        };
        known.to_owned()
    }

    /// The four parts of an error; the reference stands beside them.
    pub fn error(&self, error: &AppError) -> ErrorWords {
        let nothing = self.pick("바뀐 데이터는 없습니다.", "No data was changed.");
        let words = |title: &'static str, what: String, advice: String| ErrorWords {
            title,
            what,
            affected: nothing,
            advice,
        };
        match error {
            AppError::SignedOut => words(
                self.pick("다시 로그인하세요", "Sign in again"),
                self.pick(
                    "로그인하지 않았거나 로그인 시간이 지났습니다.",
                    "You are not signed in, or your session ran out.",
                )
                .into(),
                self.pick(
                    "로그인하면 이 페이지로 돌아옵니다. 실행 중인 보고서는 계속됩니다.",
                    "Sign in to come back here. Running reports go on.",
                )
                .into(),
            ),
            AppError::NotFound { thing } => self.not_found(*thing),
            AppError::Forbidden { owner } => words(
                self.pick("권한이 없습니다", "No access"),
                self.pick(
                    "이 내용을 보거나 실행할 권한이 없습니다.",
                    "You may not see or do this.",
                )
                .into(),
                self.ask(
                    owner.as_deref(),
                    self.pick("권한을 요청하세요", "for access"),
                ),
            ),
            AppError::Invalid { fields } => words(
                self.pick("값을 확인하세요", "Check the values"),
                fields
                    .iter()
                    .map(|field| field.message.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
                self.pick(
                    "보고서 화면에서 값을 고쳐 다시 실행하세요.",
                    "Change the values on the report’s page and run it again.",
                )
                .into(),
            ),
            AppError::BrokenReport { owner } => words(
                self.pick(
                    "지금은 실행할 수 없는 보고서입니다",
                    "This report cannot run now",
                ),
                self.pick(
                    "보고서 파일에 오류가 있고 정상이던 버전도 없습니다.",
                    "Its file has errors and no version was ever good.",
                )
                .into(),
                self.ask(
                    owner.as_deref(),
                    self.pick("수정을 요청하세요", "to repair it"),
                ),
            ),
            AppError::TooMany => words(
                self.pick("요청이 너무 많습니다", "Too much at once"),
                self.pick(
                    "한 번에 받을 수 있는 요청을 넘었습니다.",
                    "More was asked than can be taken at once.",
                )
                .into(),
                self.pick("잠시 뒤에 다시 시도하세요.", "Try again in a moment.")
                    .into(),
            ),
            AppError::Unavailable { .. } => words(
                self.pick("잠시 응답할 수 없습니다", "Not available for a moment"),
                self.pick(
                    "Digger의 저장소가 응답하지 않습니다.",
                    "Digger’s own storage does not answer.",
                )
                .into(),
                self.pick(
                    "잠시 뒤에 다시 시도하세요. 계속되면 문의 번호를 관리자에게 알려 주세요.",
                    "Try again in a moment. If it stays, tell your administrator the reference.",
                )
                .into(),
            ),
            AppError::Internal { .. } => words(
                self.pick("문제가 생겼습니다", "Something went wrong"),
                self.pick(
                    "Digger의 잘못으로 요청을 처리하지 못했습니다.",
                    "A mistake of Digger kept this from working.",
                )
                .into(),
                self.pick(
                    "문의 번호를 관리자에게 알려 주세요.",
                    "Tell your administrator the reference.",
                )
                .into(),
            ),
        }
    }

    fn ask(&self, owner: Option<&str>, for_what: &str) -> String {
        match (self.lang, owner) {
            (Lang::Ko, Some(owner)) => format!("담당자({owner})에게 {for_what}."),
            (Lang::Ko, None) => format!("관리자에게 {for_what}."),
            (Lang::En, Some(owner)) => format!("Ask {owner} {for_what}."),
            (Lang::En, None) => format!("Ask your administrator {for_what}."),
        }
    }

    fn not_found(&self, thing: Thing) -> ErrorWords {
        let (what, advice) = match thing {
            Thing::Page => (
                self.pick(
                    "이 주소에는 페이지가 없습니다.",
                    "There is no page at this address.",
                ),
                self.pick(
                    "주소를 확인하거나 보고서 목록에서 시작하세요.",
                    "Check the address, or start from your reports.",
                ),
            ),
            Thing::Report => (
                self.pick(
                    "이런 보고서가 없거나 볼 권한이 없습니다.",
                    "There is no such report, or you have no access to it.",
                ),
                self.pick(
                    "이름이 바뀌었을 수 있습니다. 보고서 목록에서 찾아보세요.",
                    "It may have been renamed. Look for it among your reports.",
                ),
            ),
            Thing::Run => (
                self.pick(
                    "이런 실행이 없거나 볼 권한이 없습니다.",
                    "There is no such run, or you have no access to it.",
                ),
                self.pick("‘내 실행’에서 찾아보세요.", "Look for it under “My runs”."),
            ),
            Thing::File => (
                self.pick(
                    "이 파일은 더 이상 보관하지 않습니다.",
                    "This file is no longer kept.",
                ),
                self.pick(
                    "같은 값으로 다시 실행하면 새로 만들어집니다.",
                    "Run the report again with the same values.",
                ),
            ),
            Thing::Source | Thing::Worker => (
                match thing {
                    Thing::Source => {
                        self.pick("이런 데이터베이스가 없습니다.", "There is no such source.")
                    }
                    _ => self.pick(
                        "이런 작업 프로세스가 없거나 이미 끝났습니다.",
                        "There is no such worker, or it has ended.",
                    ),
                },
                self.pick(
                    "‘운영 현황’을 새로 고쳐 확인하세요.",
                    "Refresh the page “Now”.",
                ),
            ),
            Thing::Invite => (
                self.pick(
                    "이미 사용했거나 기간이 지난 초대 링크입니다.",
                    "This invitation was used or has expired.",
                ),
                self.pick(
                    "관리자에게 새 링크를 요청하세요.",
                    "Ask your administrator for a new one.",
                ),
            ),
        };
        let title = self.pick("찾을 수 없습니다", "Not found");
        let affected = self.pick("바뀐 데이터는 없습니다.", "No data was changed.");
        ErrorWords {
            title,
            what: what.to_owned(),
            affected,
            advice: advice.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::texts_of;

    #[test]
    fn the_usual_time_is_one_number_when_runs_hardly_differ() {
        let usual = Usual {
            p10_ms: 2_000,
            p50_ms: 2_000,
            p90_ms: 2_000,
            runs: 3,
            rows: None,
        };
        assert_eq!(
            texts_of(Lang::Ko).usual_range(Lang::Ko, usual),
            "보통 약 2초"
        );
        let usual = Usual {
            p90_ms: 200_000,
            ..usual
        };
        assert_eq!(
            texts_of(Lang::Ko).usual_range(Lang::Ko, usual),
            "보통 2초 ~ 3분 20초"
        );
    }

    #[test]
    fn every_error_says_what_to_do() {
        let errors = [
            AppError::SignedOut,
            AppError::NotFound {
                thing: Thing::Invite,
            },
            AppError::Forbidden { owner: None },
            AppError::BrokenReport {
                owner: Some(String::from("sales-ops")),
            },
            AppError::TooMany,
            AppError::Unavailable {
                reference: Default::default(),
            },
            AppError::Internal {
                reference: Default::default(),
            },
        ];
        for (lang, error) in [Lang::Ko, Lang::En]
            .into_iter()
            .flat_map(|lang| errors.iter().map(move |error| (lang, error)))
        {
            let words = texts_of(lang).error(error);
            assert!(
                !words.title.is_empty() && !words.what.is_empty() && !words.advice.is_empty(),
                "{error:?}"
            );
        }
    }
}
