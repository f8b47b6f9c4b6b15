//! One attempt at one run, from its claim to the statement that ends it.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use child::{Ended, Order};
use engine::Outcome;
use files::Key;
use jiff::Timestamp;
use lang::{Failure, FailureClass, Lang, Message, Parts};
use report::ReportId;
use report::Summary;
use runtime::clock;
use store::{Claimed, Ending, Finish, Finished, Lease, NewArtifact, RunRow, StoreError};

use super::heartbeat::{RunningAttempt, Why};
use super::progress::Tracker;
use super::sessions;
use super::upload;
use super::{TRY_AGAIN, Worker, answered};

/// How long a child may take to stop its own statements: half of the time a cancel has.
const HEAD_START: Duration = Duration::from_secs(1);

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Executes a claimed run and ends it.
pub(super) async fn execute(worker: &Worker, claimed: Claimed) {
    let started = Instant::now();
    let beating = worker.heartbeat.begin(&claimed.lease);
    let running = &beating.running;
    let folder = worker.work_dir.of(&claimed);
    tracing::info!(run.id = %claimed.lease.run, report.id = %claimed.run.report_id, attempt = claimed.lease.attempt, "Started run {}", claimed.lease.run);
    let ended = match prepare(worker, &claimed.run, &folder).await {
        Ok(order) => work(worker, running, order).await,
        Err(failure) => Ended::Failed(*failure),
    };
    let has_file = settle(worker, &claimed, running, ended).await;
    // What counts is in the store of files by now.
    remove_work_dir(&folder);
    tracing::info!(
        run.id = %claimed.lease.run,
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        has_file,
        "Ended {}", claimed.lease
    );
}

async fn work(worker: &Worker, running: &RunningAttempt, order: Order) -> Ended {
    let run = order.run.clone();
    let tracker = Mutex::new(Tracker::default());
    let note = |progress| {
        running.moved(|beat| {
            if let Ok(mut tracker) = tracker.lock() {
                tracker.note(progress, clock::now(), beat);
            }
        });
    };
    let child = child::run(
        order,
        running.stopping(),
        worker.settings.timing.grace,
        note,
    );
    let helping = help_to_stop(worker, running, &run);
    tokio::pin!(child);
    tokio::select! {
        ended = &mut child => ended,
        () = helping => child.await,
    }
}

/// A child that was asked to stop gets a head start; then its statements are stopped from here,
/// whether it listens or not.
async fn help_to_stop(worker: &Worker, running: &RunningAttempt, run: &str) {
    let mut stopping = running.stopping();
    if stopping.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(HEAD_START).await;
    sessions::stop(&worker.sources, run, running.sessions().as_deref()).await;
}

async fn prepare(worker: &Worker, run: &RunRow, folder: &Path) -> Result<Order, Box<Failure>> {
    let store = &worker.store;
    let revision = until_read(worker, || store.revision(&run.report_revision))
        .await?
        .ok_or_else(|| internal("the report's text is missing".to_owned()))?;
    let id: ReportId = run
        .report_id
        .parse()
        .map_err(|error| internal(format!("{error}")))?;
    let (own, text) = (id.clone(), revision.text.clone());
    let reading = tokio::task::spawn_blocking(move || report::parse(own, &text).0);
    let report = reading
        .await
        .ok()
        .flatten()
        .ok_or_else(|| internal("the report's text cannot be read any more".to_owned()))?;
    let person = until_read(worker, || store.person(&run.user_id)).await?;
    let stage_dir = worker.settings.data_dir.join("stage");
    for folder in [folder, &stage_dir] {
        std::fs::create_dir_all(folder).map_err(|error| disk(folder, &error))?;
    }
    // The child works in these folders whatever its own working directory is.
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let needed = report.sources();
    Ok(Order {
        run: run.id.to_string(),
        report: id,
        text: revision.text,
        values: serde_json::from_str(&run.values_json)
            .map_err(|error| internal(format!("stored values: {error}")))?,
        input: serde_json::from_str(&run.input_json)
            .map_err(|error| internal(format!("stored input: {error}")))?,
        lang: run.lang.parse().unwrap_or(Lang::Ko),
        labels: serde_json::from_str::<Summary>(&run.chips_json)
            .unwrap_or_default()
            .labels,
        person: person.map_or_else(|| run.user_id.to_string(), |person| person.name),
        queued: run.created_at,
        started: run.claimed_at.unwrap_or(run.created_at),
        link: worker
            .settings
            .public_url
            .as_ref()
            .map(|url| format!("{url}/runs/{}", run.id)),
        sources: worker
            .settings
            .sources
            .iter()
            .filter(|source| needed.contains(&source.name.as_str()))
            .cloned()
            .collect(),
        stage_dir: absolute(&stage_dir),
        stage_bytes: worker.settings.limits.stage_bytes(),
        shows_endpoints: worker.settings.show_endpoints,
        output_dir: absolute(folder),
        memory_mb: worker.settings.limits.memory_per_run_mb,
    })
}

/// Writes how the attempt ended. Returns whether its file is now the run's.
async fn settle(
    worker: &Worker,
    claimed: &Claimed,
    running: &RunningAttempt,
    ended: Ended,
) -> bool {
    let lease = &claimed.lease;
    let id = &lease.run;
    let (ended, key) = match ended {
        Ended::Done(outcome) => match upload::keep(&worker.files, claimed, running, &outcome).await
        {
            Ok(key) => (Ended::Done(outcome), Some(key)),
            Err(ended) => (ended, None),
        },
        ended => (ended, None),
    };
    let why = running.why();
    let is_stopped = match &ended {
        Ended::Done(_) => true,
        // Idempotent: a session that has ended by itself is confirmed as well.
        _ => sessions::stop(&worker.sources, id, running.sessions().as_deref()).await,
    };
    let now = clock::now();
    if why == Some(Why::LeaseLost) {
        tracing::warn!(run.id = %id, "Lost the lease of run {id}; what it made is deleted");
        if let Some(key) = &key {
            upload::forget(&worker.files, key).await;
        }
        return false;
    }
    let store = &worker.store;
    let ending = match ended {
        Ended::Done(outcome) => {
            let finish = match finish(claimed, &outcome, key.as_ref(), now) {
                Ok(finish) => finish,
                Err(failure) => {
                    if let Some(key) = &key {
                        upload::forget(&worker.files, key).await;
                    }
                    return fail(worker, claimed, *failure, now).await;
                }
            };
            let finished = until_written(worker, || store.finish(finish.clone())).await;
            // Without an answer the row may be there and name the file: then it stays.
            if let (Some(Finished::LeaseLost | Finished::Cancelled), Some(key)) = (finished, &key) {
                upload::forget(&worker.files, key).await;
            }
            return matches!(finished, Some(Finished::Done));
        }
        Ended::Failed(failure) => return fail(worker, claimed, failure, now).await,
        Ended::Stopped if why == Some(Why::Draining) => Ending::Interrupted,
        Ended::Stopped => Ending::Cancelled {
            source_confirmed: is_stopped,
        },
        Ended::Lost { chain } => {
            tracing::error!(run.id = %id, %chain, "The process of run {id} disappeared");
            let failure = lost(chain);
            Ending::Crashed { failure }
        }
    };
    end(worker, lease, || ending.clone(), now).await;
    false
}

async fn fail(worker: &Worker, claimed: &Claimed, failure: Failure, now: Timestamp) -> bool {
    let id = &claimed.lease.run;
    tracing::warn!(run.id = %id, class = %failure.class, "Run {id} failed ({})", failure.class);
    let ending = || Ending::Failed {
        failure: failure.clone(),
        jitter: rand::random(),
    };
    end(worker, &claimed.lease, ending, now).await;
    false
}

async fn end(worker: &Worker, lease: &Lease, ending: impl Fn() -> Ending, now: Timestamp) {
    let written = until_written(worker, || async {
        worker.store.end_attempt(lease, &ending(), now).await
    });
    if written.await.is_none() {
        let id = &lease.run;
        tracing::error!(run.id = %id, "The end of run {id} could not be written; the sweeper will take it");
    }
}

/// Asks our own tables until they answer, at most as long as the lease: a restart of theirs costs no
/// run, as at its end.
async fn until_read<T, R>(worker: &Worker, read: impl Fn() -> R) -> Result<T, Box<Failure>>
where
    R: Future<Output = Result<T, StoreError>>,
{
    let deadline = Instant::now() + worker.settings.timing.lease;
    loop {
        let is_over = Instant::now() >= deadline;
        match answered(read()).await {
            Some(Ok(answer)) => return Ok(answer),
            Some(Err(error)) if is_over || !error.is_transient() => return Err(unreadable(&error)),
            None if is_over => return Err(internal("our own tables do not answer".to_owned())),
            Some(Err(_)) | None => tokio::time::sleep(TRY_AGAIN).await,
        }
    }
}

/// Tries a write until it is done, at most as long as the lease: our own disk may be full for a
/// moment, and the heartbeat goes on meanwhile.
async fn until_written<T, W>(worker: &Worker, write: impl Fn() -> W) -> Option<T>
where
    W: Future<Output = Result<T, StoreError>>,
{
    let deadline = Instant::now() + worker.settings.timing.lease;
    loop {
        match answered(write()).await {
            Some(Ok(done)) => return Some(done),
            Some(Err(error)) => {
                tracing::error!(error = %lang::chain_of(&error), "Could not write the end of a run");
            }
            None => {}
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

fn finish(
    claimed: &Claimed,
    outcome: &Outcome,
    key: Option<&Key>,
    now: Timestamp,
) -> Result<Finish, Box<Failure>> {
    let key = key.ok_or_else(|| internal("the workbook was not stored".to_owned()))?;
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let to_json =
        |value: serde_json::Result<String>| value.map_err(|error| internal(error.to_string()));
    Ok(Finish {
        lease: claimed.lease.clone(),
        now,
        rows: count(outcome.file.rows),
        artifacts: vec![NewArtifact {
            name: outcome.file.name.clone(),
            kind: "workbook".to_owned(),
            content_type: XLSX.to_owned(),
            storage_key: key.to_string(),
            bytes: count(outcome.file.bytes),
            sha256: outcome.file.sha256.clone(),
            rows: Some(count(outcome.file.rows)),
        }],
        outcome_json: to_json(serde_json::to_string(outcome))?,
        totals_json: to_json(serde_json::to_string(&outcome.totals))?,
        outbox: Vec::new(),
    })
}

fn remove_work_dir(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(error = %error, "Could not remove {}; the next start will", folder.display());
    }
    // The run's folder goes too, unless another attempt is in it.
    if let Some(run) = folder.parent() {
        let _ = std::fs::remove_dir(run);
    }
}

fn lost(chain: String) -> Failure {
    Failure::new(
        FailureClass::WorkerLost,
        Message::of(
            Parts::new(
                "실행 프로세스가 예기치 않게 종료되었습니다.",
                "데이터에는 영향이 없습니다.",
                "기간을 줄여 다시 실행하거나 관리자에게 알려 주세요.",
            ),
            Parts::new(
                "The run's process ended unexpectedly.",
                "No data was affected.",
                "Run it again for a shorter period or tell an administrator.",
            ),
        ),
        chain,
        true,
    )
}

fn internal(chain: String) -> Box<Failure> {
    Box::new(Failure::new(
        FailureClass::Internal,
        Message::of(
            Parts::new(
                "내부 오류로 중단했습니다.",
                "데이터에는 영향이 없습니다.",
                "실행 번호와 함께 관리자에게 알려 주세요.",
            ),
            Parts::new(
                "The run stopped because of an internal error.",
                "No data was affected.",
                "Please tell an administrator the run's id.",
            ),
        ),
        chain,
        false,
    ))
}

fn unreadable(error: &StoreError) -> Box<Failure> {
    internal(lang::chain_of(error))
}

fn disk(path: &Path, error: &std::io::Error) -> Box<Failure> {
    Box::new(Failure::new(
        FailureClass::Disk,
        Message::of(
            Parts::new(
                "디스크에 쓸 수 없어 중단했습니다.",
                "데이터에는 영향이 없습니다.",
                "관리자에게 디스크 공간을 확인해 달라고 하세요.",
            ),
            Parts::new(
                "The run stopped because its files could not be written.",
                "No data was affected.",
                "Ask an administrator to check the disk space.",
            ),
        ),
        format!("{}: {error}", path.display()),
        false,
    ))
}
