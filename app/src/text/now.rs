//! The words of the page "Now". Apart from the other texts, because the browser client never needs them.

use lang::grouped;

use crate::format::bytes;
use crate::view::WorkerState;
use lang::Lang;

/// The texts of the page in one language.
pub struct NowTexts {
    // The page.
    pub title: &'static str,
    pub lead: &'static str,
    pub refresh: &'static str,
    pub stop_updates: &'static str,
    pub start_updates: &'static str,
    pub not_reachable: &'static str,
    pub signed_out: &'static str,
    pub read_at: &'static str,

    // Sections, and what they say when they are empty.
    pub running: &'static str,
    pub nothing_runs: &'static str,
    pub queue: &'static str,
    pub nothing_waits: &'static str,
    pub sources: &'static str,
    pub no_sources: &'static str,
    pub workers: &'static str,
    pub no_workers: &'static str,
    pub fires: &'static str,
    pub no_fires: &'static str,

    // Columns.
    pub report: &'static str,
    pub progress: &'static str,
    pub source: &'static str,
    pub worker: &'static str,
    pub place: &'static str,
    pub reason: &'static str,
    pub waited: &'static str,
    pub runs_on_it: &'static str,
    pub waiting_for_it: &'static str,
    pub state: &'static str,
    pub since: &'static str,
    pub heartbeat: &'static str,
    pub memory: &'static str,
    pub runs: &'static str,
    pub at: &'static str,
    pub zone: &'static str,
    pub fired_by: &'static str,
    pub owner: &'static str,
    pub actions: &'static str,

    // Cells.
    pub its_turn: &'static str,
    pub stopping: &'static str,
    pub unknown_worker: &'static str,
    pub source_open: &'static str,
    pub source_paused: &'static str,
    pub no_runs: &'static str,
    pub count: fn(u32) -> String,
    pub first_of: fn(u64, u32) -> String,
    pub place_of: fn(u32) -> String,
    pub running_of: fn(u32, u32) -> String,
    pub ago: fn(&str) -> String,
    pub process: fn(u32, &str) -> String,
    pub attempt: fn(u32) -> String,

    // Buttons.
    pub pause_source: &'static str,
    pub resume_source: &'static str,
    pub drain_worker: &'static str,
    pub resume_worker: &'static str,
    pub cancel_run: &'static str,
    pub confirm_cancel: &'static str,

    // What a button has done.
    pub source_was_paused: fn(&str) -> String,
    pub source_goes_on: fn(&str) -> String,
    pub worker_drains: fn(&str) -> String,
    pub worker_goes_on: fn(&str) -> String,
    pub run_stops: &'static str,

    working: &'static str,
    draining: &'static str,
    drained: &'static str,
    lost: &'static str,
}

impl NowTexts {
    /// What a worker does, in a word.
    pub fn worker_state(&self, state: WorkerState) -> &'static str {
        match state {
            WorkerState::Working => self.working,
            WorkerState::Draining => self.draining,
            WorkerState::Drained => self.drained,
            WorkerState::Lost => self.lost,
        }
    }

    /// `614 MB / 8.6 GB`: given away, and all there is. MiB in, as people read sizes out.
    pub fn memory_of(&self, used_mb: u32, all_mb: u32) -> String {
        let size = |mb: u32| bytes(u64::from(mb) * 1024 * 1024);
        format!("{} / {}", size(used_mb), size(all_mb))
    }
}

/// The texts of `lang`.
pub fn now_texts_of(lang: Lang) -> &'static NowTexts {
    match lang {
        Lang::Ko => &KOREAN,
        Lang::En => &ENGLISH,
    }
}

const KOREAN: NowTexts = NowTexts {
    title: "운영 현황",
    lead: "지금 실행 중인 것과 기다리는 것, 그리고 그 이유입니다.",
    refresh: "새로 고침",
    stop_updates: "자동 갱신 멈추기",
    start_updates: "자동 갱신 시작",
    not_reachable: "서버에 연결할 수 없어 다시 시도하고 있습니다. 아래는 마지막으로 받은 내용입니다.",
    signed_out: "로그인이 끝났습니다. 페이지를 새로 고쳐 다시 로그인하세요.",
    read_at: "기준 시각",
    running: "실행 중",
    nothing_runs: "지금 실행 중인 보고서가 없습니다.",
    queue: "대기열",
    nothing_waits: "기다리는 실행이 없습니다.",
    sources: "데이터베이스",
    no_sources: "설정된 데이터베이스가 없습니다. digger.toml의 [sources]에 추가하세요.",
    workers: "작업 프로세스",
    no_workers: "보고서를 실행할 프로세스가 없습니다. 대기열의 실행은 프로세스가 시작되면 진행됩니다.",
    fires: "24시간 안의 예약 실행",
    no_fires: "24시간 안에 예약된 실행이 없습니다.",
    report: "보고서",
    progress: "진행",
    source: "데이터베이스",
    worker: "실행하는 곳",
    place: "순서",
    reason: "기다리는 이유",
    waited: "기다린 시간",
    runs_on_it: "실행 중",
    waiting_for_it: "대기",
    state: "상태",
    since: "시작",
    heartbeat: "마지막 신호",
    memory: "배정한 메모리",
    runs: "맡은 실행",
    at: "실행 시각",
    zone: "시간대",
    fired_by: "지난번에 시작한 곳",
    owner: "담당",
    actions: "동작",
    its_turn: "차례를 기다립니다.",
    stopping: "취소하는 중",
    unknown_worker: "알 수 없음",
    source_open: "사용 중",
    source_paused: "일시 중지",
    no_runs: "없음",
    count: |count| format!("{}건", grouped(count.into())),
    first_of: |shown, all| {
        format!(
            "{}건 중 앞의 {}건입니다.",
            grouped(all.into()),
            grouped(shown)
        )
    },
    place_of: |place| format!("{place}번째"),
    running_of: |running, most| format!("{most}건 중 {running}건"),
    ago: |time| format!("{time} 전"),
    process: |pid, version| format!("프로세스 {pid} · 버전 {version}"),
    attempt: |attempt| format!("{attempt}번째 시도"),
    pause_source: "일시 중지",
    resume_source: "다시 시작",
    drain_worker: "새 실행 받지 않기",
    resume_worker: "다시 실행 받기",
    cancel_run: "취소",
    confirm_cancel: "2분 넘게 실행되었습니다. 정말 취소할까요?",
    source_was_paused: |name| {
        format!("데이터베이스 {name}: 일시 중지했습니다. 실행 중인 것은 끝까지 실행됩니다.")
    },
    source_goes_on: |name| format!("데이터베이스 {name}: 다시 시작했습니다."),
    worker_drains: |name| format!("{name}: 새 실행을 받지 않습니다. 맡은 실행은 끝까지 마칩니다."),
    worker_goes_on: |name| format!("{name}: 다시 실행을 받습니다."),
    run_stops: "실행을 취소했습니다. 실행 중이었다면 데이터베이스의 조회도 멈춥니다.",
    working: "작동 중",
    draining: "마무리 중",
    drained: "쉬는 중",
    lost: "응답 없음",
};

const ENGLISH: NowTexts = NowTexts {
    title: "Now",
    lead: "What runs, what waits, and why.",
    refresh: "Refresh",
    stop_updates: "Stop updating",
    start_updates: "Update by itself",
    not_reachable: "The server cannot be reached; trying again. Below is what was last received.",
    signed_out: "Your session ran out. Reload the page to sign in again.",
    read_at: "As of",
    running: "Running",
    nothing_runs: "Nothing runs now.",
    queue: "Queue",
    nothing_waits: "Nothing waits.",
    sources: "Sources",
    no_sources: "No source is configured. Add one to [sources] in digger.toml.",
    workers: "Workers",
    no_workers: "No process executes runs. What waits begins when one is started.",
    fires: "Schedules in the next 24 hours",
    no_fires: "No schedule fires within the next 24 hours.",
    report: "Report",
    progress: "Progress",
    source: "Source",
    worker: "Executed by",
    place: "Place",
    reason: "Why it waits",
    waited: "Waiting for",
    runs_on_it: "Running",
    waiting_for_it: "Waiting",
    state: "State",
    since: "Since",
    heartbeat: "Heartbeat",
    memory: "Memory given",
    runs: "Works on",
    at: "At",
    zone: "Time zone",
    fired_by: "Last fired by",
    owner: "Owner",
    actions: "Actions",
    its_turn: "Waiting for its turn.",
    stopping: "Stopping",
    unknown_worker: "unknown",
    source_open: "Open",
    source_paused: "Paused",
    no_runs: "nothing",
    count: |count| match count {
        1 => String::from("1 run"),
        _ => format!("{} runs", grouped(count.into())),
    },
    first_of: |shown, all| format!("The first {} of {}.", grouped(shown), grouped(all.into())),
    place_of: |place| format!("No. {place}"),
    running_of: |running, most| format!("{running} of {most}"),
    ago: |time| format!("{time} ago"),
    process: |pid, version| format!("process {pid} · version {version}"),
    attempt: |attempt| format!("attempt {attempt}"),
    pause_source: "Pause",
    resume_source: "Let go on",
    drain_worker: "Drain",
    resume_worker: "Let work again",
    cancel_run: "Cancel",
    confirm_cancel: "This has been running for more than two minutes. Cancel it?",
    source_was_paused: |name| format!("The source {name} is paused. What runs on it is finished."),
    source_goes_on: |name| format!("The source {name} goes on."),
    worker_drains: |name| format!("{name} takes no more runs. What it works on is finished."),
    worker_goes_on: |name| format!("{name} takes runs again."),
    run_stops: "The run was cancelled. If it was running, its statement at the database is stopped too.",
    working: "Working",
    draining: "Draining",
    drained: "Drained",
    lost: "No heartbeat",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_sizes() {
        let texts = now_texts_of(Lang::En);
        assert_eq!(texts.memory_of(2048, 8192), "2.1 GB / 8.6 GB");
        assert_eq!(texts.memory_of(0, 256), "0 B / 268 MB");
    }
}
