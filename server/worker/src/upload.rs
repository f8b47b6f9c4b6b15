//! Puts what an attempt made into the store of files, and takes it out again when the attempt does not count.

use std::time::Duration;

use child::Ended;
use engine::Outcome;
use files::{Content, Files, FilesError, Key, Kind, Put};
use futures::TryStreamExt;
use lang::{Failure, FailureClass, Message, Parts};
use store::{Claimed, Swept};
use tokio::task::JoinHandle;

use super::heartbeat::RunningAttempt;

/// How long storing may go on for an attempt that was stopped. What takes longer is given up, and
/// collected later if it came through all the same.
const LAST_MOMENT: Duration = Duration::from_secs(10);

/// Stores the proven file of an attempt under `results/<run>/<attempt>/<name>`, and returns that key.
///
/// # Errors
/// How the attempt ended instead: stopped meanwhile, or failed. Nothing is left in the store then, or
/// it is collected later.
pub(super) async fn keep(
    files: &Files,
    claimed: &Claimed,
    running: &RunningAttempt,
    outcome: &Outcome,
) -> Result<Key, Ended> {
    let path = &outcome.file.path;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let key = Key::of_result(&claimed.lease.run, claimed.lease.attempt, &name)
        .map_err(|error| Ended::Failed(unstorable(error.to_string())))?;
    let content = Content {
        bytes: outcome.file.bytes,
        sha256: outcome.file.sha256.clone(),
    };
    let mut putting = tokio::spawn({
        let (files, key, path) = (files.clone(), key.clone(), path.clone());
        async move { files.put(&key, &path, &content).await }
    });
    let put = tokio::select! {
        put = &mut putting => put,
        () = until_stopped(running) => {
            // Whoever asked to stop does not wait for a store that may be out of reach.
            let (files, key) = (files.clone(), key.clone());
            tokio::spawn(async move { abandon(&files, &key, putting).await });
            return Err(Ended::Stopped);
        }
    };
    let put = put.map_err(|panic| Ended::Failed(unstorable(panic.to_string())))?;
    match put {
        Ok(_) => Ok(key),
        Err(error) => {
            // Its reply may have been lost; but what was there before is not ours.
            if *error.kind() != Kind::Taken {
                forget(files, &key).await;
            }
            Err(Ended::Failed(failure(&error)))
        }
    }
}

/// Removes a file that may be about to get its name: first that is over, one way or the other, so
/// that nothing comes after the removal.
async fn abandon(files: &Files, key: &Key, mut putting: JoinHandle<Result<Put, FilesError>>) {
    if tokio::time::timeout(LAST_MOMENT, &mut putting)
        .await
        .is_err()
    {
        putting.abort();
    }
    forget(files, key).await;
}

async fn until_stopped(running: &RunningAttempt) {
    let mut stopping = running.stopping();
    if stopping.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Removes a file that does not count. What cannot be removed now has no row and is collected later.
pub(super) async fn forget(files: &Files, key: &Key) {
    if let Err(error) = files.delete(key).await {
        tracing::warn!(error = %lang::chain_of(&error), "Could not remove {key}; it is collected later");
    }
}

/// Removes what abandoned attempts stored. They lost their lease, so no row will ever name it.
pub(super) async fn forget_attempts(files: &Files, swept: &[Swept]) {
    for run in swept {
        let Ok(folder) = Key::new(format!("results/{}/{}", run.id, run.attempt)) else {
            continue;
        };
        let listed: Result<Vec<_>, FilesError> = files.list(&folder).try_collect().await;
        match listed {
            Ok(objects) => {
                for object in objects {
                    forget(files, &object.key).await;
                }
            }
            Err(error) => {
                tracing::warn!(error = %lang::chain_of(&error), "Could not look for files of run {}; they are collected later", run.id);
            }
        }
    }
}

fn failure(error: &FilesError) -> Failure {
    let chain = lang::chain_of(error);
    match error.kind() {
        Kind::Full => Failure::new(
            FailureClass::Disk,
            Message::of(
                Parts::new(
                    "파일 저장소에 남은 공간이 없어 중단했습니다.",
                    "데이터에는 영향이 없습니다.",
                    "관리자에게 저장 공간을 확인해 달라고 하세요.",
                ),
                Parts::new(
                    "The run stopped because the store of files has no space left.",
                    "No data was affected.",
                    "Ask an administrator to check its space.",
                ),
            ),
            chain,
            false,
        ),
        kind if kind.can_pass() => Failure::new(
            FailureClass::Storage,
            Message::of(
                Parts::new(
                    "파일 저장소에 연결할 수 없어 완성된 파일을 보관하지 못했습니다.",
                    "데이터에는 영향이 없습니다.",
                    "잠시 후 다시 실행하거나 관리자에게 알려 주세요.",
                ),
                Parts::new(
                    "The finished file could not be stored because the store of files cannot be reached.",
                    "No data was affected.",
                    "Run it again later or tell an administrator.",
                ),
            ),
            chain,
            true,
        ),
        _ => unstorable(chain),
    }
}

fn unstorable(chain: String) -> Failure {
    Failure::new(
        FailureClass::Storage,
        Message::of(
            Parts::new(
                "파일 저장소가 완성된 파일을 받지 않았습니다.",
                "데이터에는 영향이 없습니다.",
                "관리자에게 파일 저장소 설정을 확인해 달라고 하세요.",
            ),
            Parts::new(
                "The store of files did not accept the finished file.",
                "No data was affected.",
                "Ask an administrator to check the settings of the store of files.",
            ),
        ),
        chain,
        false,
    )
}
