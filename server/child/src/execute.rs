//! The child's side: one run, the choices of one parameter, or reports to be checked, alone in a process of its own.
//!
//! The child knows nothing of Digger's own tables. It reads a [`Task`], says what happens, and
//! stops when it is told to or when its server is gone.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{Choices, EngineError, Job, Outcome, RunInfo};
use futures::FutureExt;
use lang::{Failure, FailureClass, Message, Parts};
use report::{Problem, Report, ReportId};
use source::{Source, SourceConfig};
use tokio_util::sync::CancellationToken;

use super::memory;
use super::wire::{CANCEL, CheckOrder, ChoicesOrder, Order, Said, Task, Unchecked, failure_of};

/// How long a child may tidy up after its server vanished, before it ends itself.
const TIDY: Duration = Duration::from_secs(3);

/// Does the task on standard input and says what happens on standard output.
///
/// # Errors
/// When there is no readable order, which only happens when a person starts this by hand.
pub fn execute_order() -> anyhow::Result<()> {
    let mut first = String::new();
    std::io::stdin().lock().read_line(&mut first)?;
    let task: Task = serde_json::from_str(&first)
        .map_err(|_| anyhow::anyhow!("`digger exec` is started by `digger serve` only"))?;
    // Threads of the runtime and of Polars are few: a run shares the machine with pages and other runs.
    memory::limit(task.memory_mb());
    let cancel = CancellationToken::new();
    let ended = watch_input(cancel.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let work = async {
        match task {
            Task::Run(order) => run(*order, cancel).await,
            Task::Choices(order) => choices(*order, cancel).await,
            Task::Check(order) => check(&order, &cancel),
        }
    };
    let last = match runtime.block_on(AssertUnwindSafe(work).catch_unwind()) {
        Ok(last) => last,
        Err(panic) => Said::Failed {
            failure: of_panic(panic.as_ref()),
        },
    };
    say(&last);
    drop(ended);
    // A statement that cannot be interrupted must not keep the process alive.
    runtime.shutdown_background();
    Ok(())
}

async fn run(order: Order, cancel: CancellationToken) -> Said {
    match prepare(order) {
        Ok(job) => last_word(engine::execute(job, &report_progress, cancel).await),
        Err(failure) => Said::Failed { failure: *failure },
    }
}

async fn choices(order: ChoicesOrder, cancel: CancellationToken) -> Said {
    let prepared =
        parse(order.report, &order.text).and_then(|report| Ok((report, open(&order.sources)?)));
    let (report, sources) = match prepared {
        Ok(prepared) => prepared,
        Err(failure) => return Said::Failed { failure: *failure },
    };
    let asked = Choices {
        report: &report,
        param: &order.param,
        values: &order.values,
        sources: &sources,
        lang: order.lang,
        stage_dir: &order.stage_dir,
        at_once: &at_once(&order.sources),
    };
    match engine::choices(asked, cancel).await {
        Ok(pairs) => Said::Choices { pairs },
        Err(EngineError::Cancelled) => Said::Cancelled,
        Err(error) => Said::Failed {
            failure: failure_of(&error),
        },
    }
}

/// Says what is wrong with each report, one after the other.
fn check(order: &CheckOrder, cancel: &CancellationToken) -> Said {
    let sources: Vec<&str> = order.sources.iter().map(String::as_str).collect();
    let seen = engine::Seen::below(&order.stage_dir);
    let checked = |unchecked| Said::Checked {
        problems: problems(unchecked, &sources, &seen),
    };
    let Some((last, reports)) = order.reports.split_last() else {
        return Said::Cancelled;
    };
    for report in reports {
        say(&checked(report));
        if cancel.is_cancelled() {
            return Said::Cancelled;
        }
    }
    checked(last)
}

fn problems(unchecked: &Unchecked, sources: &[&str], seen: &engine::Seen) -> Vec<Problem> {
    let (report, mut problems) = report::parse(unchecked.report.clone(), &unchecked.text);
    if let Some(report) = &report {
        problems.extend(report.check_sources(sources));
        problems.extend(engine::check(report, &seen.columns(report)));
    }
    report::bounded(problems)
}

fn parse(id: ReportId, text: &str) -> Result<Report, Box<Failure>> {
    let (report, problems) = report::parse(id, text);
    report.ok_or_else(|| {
        let chain = problems
            .iter()
            .map(|problem| problem.message.clone())
            .collect::<Vec<_>>()
            .join("; ");
        Box::new(Failure::new(
            FailureClass::UserSql,
            Message::of(
                Parts::new(
                    "이 보고서를 더 이상 읽을 수 없습니다.",
                    "데이터에는 영향이 없습니다.",
                    "관리자에게 알려 주세요.",
                ),
                Parts::new(
                    "This report can no longer be read.",
                    "No data was affected.",
                    "Please tell an administrator.",
                ),
            ),
            chain,
            false,
        ))
    })
}

fn open(configs: &[SourceConfig]) -> Result<BTreeMap<String, Arc<dyn Source>>, Box<Failure>> {
    let open = |config: &SourceConfig| {
        let source =
            source::open(config).map_err(|error| Box::new(of_source(&config.name, &error)))?;
        Ok((config.name.clone(), source))
    };
    configs.iter().map(open).collect()
}

/// Statements each source allows at the same time.
fn at_once(configs: &[SourceConfig]) -> BTreeMap<String, u32> {
    let limit = |config: &SourceConfig| (config.name.clone(), config.max_running);
    configs.iter().map(limit).collect()
}

fn prepare(order: Order) -> Result<Job, Box<Failure>> {
    let report = parse(order.report.clone(), &order.text)?;
    let sources = open(&order.sources)?;
    Ok(Job {
        report: Arc::new(report),
        values: order.values,
        input: order.input,
        lang: order.lang,
        labels: order.labels,
        run: RunInfo {
            id: order.run,
            person: order.person,
            queued: order.queued,
            started: order.started,
            link: order.link,
        },
        sources,
        stage_dir: order.stage_dir,
        stage_bytes: order.stage_bytes,
        at_once: at_once(&order.sources),
        shows_endpoints: order.shows_endpoints,
        output_dir: order.output_dir,
    })
}

fn of_source(name: &str, error: &source::SourceError) -> Failure {
    Failure::new(
        error.class(),
        Message::of(
            Parts::new(
                format!("데이터베이스 {name}을(를) 열 수 없습니다."),
                "데이터에는 영향이 없습니다.",
                "잠시 뒤 다시 실행하거나 관리자에게 알려 주세요.",
            ),
            Parts::new(
                format!("The database {name} cannot be opened."),
                "No data was affected.",
                "Try again later or tell an administrator.",
            ),
        ),
        lang::chain_of(error),
        error.class() == FailureClass::SourceDown,
    )
}

fn last_word(result: Result<Outcome, EngineError>) -> Said {
    match result {
        Ok(outcome) => Said::Done {
            outcome: Box::new(outcome),
        },
        Err(EngineError::Cancelled) => Said::Cancelled,
        Err(error) => Said::Failed {
            failure: failure_of(&error),
        },
    }
}

fn of_panic(panic: &(dyn std::any::Any + Send)) -> Failure {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Failure::new(
        FailureClass::Internal,
        Message::of(
            Parts::new(
                "예상하지 못한 오류로 중단했습니다.",
                "데이터에는 영향이 없습니다.",
                "실행 번호와 함께 관리자에게 알려 주세요.",
            ),
            Parts::new(
                "The run stopped because of an unexpected error.",
                "No data was affected.",
                "Please tell an administrator the run's id.",
            ),
        ),
        format!("panic: {words}"),
        false,
    )
}

fn report_progress(progress: engine::Progress) {
    say(&Said::Progress { progress });
}

/// Writes one line. A reader that is gone is noticed by [`watch_input`], not here.
fn say(said: &Said) {
    static LINES: Mutex<()> = Mutex::new(());
    let _line = LINES.lock();
    if let Ok(mut line) = serde_json::to_vec(said) {
        line.push(b'\n');
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(&line).and_then(|()| out.flush());
    }
}

/// Cancels the token at the line `cancel` or at the end of input, and ends the process when the work
/// does not stop in time after the server is gone. Dropping the returned guard calls this off.
fn watch_input(cancel: CancellationToken) -> impl Drop {
    struct Finished(std::sync::mpsc::Sender<()>);
    impl Drop for Finished {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (finished, until) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            match line {
                Ok(line) if line == CANCEL => cancel.cancel(),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        cancel.cancel();
        end_unless(&until);
    });
    Finished(finished)
}

fn end_unless(finished: &Receiver<()>) {
    if finished.recv_timeout(TIDY) == Err(RecvTimeoutError::Timeout) {
        // The server is gone and the work does not listen: nobody will ever read an answer.
        std::process::exit(1);
    }
}
