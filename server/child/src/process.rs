//! A child as the server sees it: starting it, telling it something, ending it.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use lang::{Failure, FailureClass, Message, Parts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::wire::{CANCEL, Task};

/// Bytes of a child's standard error that are kept for the administrator.
const LAST_WORDS: usize = 4_096;

/// Asks a child to stop. One that is gone already needs no asking.
pub(super) async fn ask_to_stop(input: &mut ChildStdin) {
    let _ = input.write_all(format!("{CANCEL}\n").as_bytes()).await;
    let _ = input.flush().await;
}

/// Waits for the end of a child, and kills it after `grace`.
pub(super) async fn end(child: &mut Child, grace: Duration) -> std::io::Result<ExitStatus> {
    match tokio::time::timeout(grace, child.wait()).await {
        Ok(status) => status,
        Err(_) => {
            let _ = child.start_kill();
            child.wait().await
        }
    }
}

/// Starts a child. Its name tells it apart in lists of processes.
pub(super) fn start(name: &str) -> std::io::Result<(Child, ChildStdin, ChildStdout, ChildStderr)> {
    // The running binary itself, even when an update has already replaced its file.
    #[cfg(target_os = "linux")]
    let program = std::path::PathBuf::from("/proc/self/exe");
    #[cfg(not(target_os = "linux"))]
    let program = std::env::current_exe()?;
    let mut command = Command::new(program);
    #[cfg(unix)]
    command.arg0("digger");
    // Addresses with passwords travel in the order, not in an environment others can list; what else the server was
    // given is none of a run's business.
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| is_passed_on(name)));
    let mut child = command
        .args(["exec", name])
        .env("DIGGER_LOG", "error")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
        (Some(input), Some(output), Some(errors)) => Ok((child, input, output, errors)),
        _ => Err(std::io::Error::other("the process has no pipes")),
    }
}

/// Variables a run needs to find its libraries, certificates, zones and temporary files. `RUST_BACKTRACE` is none of
/// them: a backtrace would push the words that say why a run ended out of those that are kept.
fn is_passed_on(name: &OsStr) -> bool {
    const NAMES: [&str; 10] = [
        "HOME",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "PATH",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TMPDIR",
        "TZ",
        "TZDIR",
    ];
    let name = name.to_string_lossy();
    NAMES.contains(&&*name) || name.starts_with("LC_")
}

pub(super) async fn send(input: &mut ChildStdin, task: &Task) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(task)?;
    line.push(b'\n');
    input.write_all(&line).await?;
    input.flush().await
}

pub(super) async fn keep_last_words(mut errors: ChildStderr) -> String {
    let mut kept: VecDeque<u8> = VecDeque::with_capacity(LAST_WORDS);
    let mut buffer = [0; 1_024];
    while let Ok(read @ 1..) = errors.read(&mut buffer).await {
        kept.extend(&buffer[..read]);
        let surplus = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..surplus);
    }
    String::from_utf8_lossy(kept.make_contiguous()).into_owned()
}

pub(super) fn cannot_start(error: &std::io::Error) -> Failure {
    Failure::new(
        FailureClass::Internal,
        Message::of(
            Parts::new(
                "실행을 시작할 수 없습니다.",
                "데이터에는 영향이 없습니다.",
                "관리자에게 알려 주세요.",
            ),
            Parts::new(
                "The run could not be started.",
                "No data was affected.",
                "Please tell an administrator.",
            ),
        ),
        format!("cannot start the run's process: {error}"),
        // Without descriptors or processes left; a moment later, or on another machine, there are some.
        true,
    )
}
