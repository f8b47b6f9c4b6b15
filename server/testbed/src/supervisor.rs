//! A server process that never outlives the process that wanted it.
//!
//! Destructors do not run when a test is killed, statics are never dropped, and a parent-death signal
//! follows the thread, not the process. What always happens is that the kernel closes our files. So a
//! small shell holds the server, reads its standard input from us, and stops the server when that ends.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::account::Account;

/// How a server ends when nobody wants it any more.
pub(crate) struct Ending {
    /// Signal that stops the server, as `kill -s` knows it.
    pub stop: &'static str,
    /// Whether the folder goes too.
    pub removes: bool,
}

/// The shell that holds one server. Dropped: the server has stopped, and its folder is gone.
#[derive(Debug)]
pub(crate) struct Supervisor {
    shell: Child,
    wishes: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Supervisor {
    /// A supervisor without a server yet; both run as `account`.
    pub(crate) fn new(
        folder: &Path,
        ending: &Ending,
        account: Option<Account>,
    ) -> io::Result<Self> {
        let script = folder.join("supervisor.sh");
        std::fs::write(&script, include_str!("supervisor.sh"))?;
        let mut command = Command::new("sh");
        command
            .arg(script)
            .arg(folder)
            .arg(if ending.removes { "yes" } else { "no" })
            .arg(ending.stop)
            .current_dir(folder)
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C at the terminal is for us; the server stops when we have ended.
            .process_group(0);
        if let Some(account) = account {
            account.run_as(&mut command);
        }
        let mut shell = command.spawn()?;
        let wishes = shell.stdin.take();
        let answers = shell.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            shell,
            wishes,
            answers: BufReader::new(answers),
        })
    }

    /// Starts the server.
    pub(crate) fn start(&mut self, command: &[String]) -> io::Result<()> {
        self.wish("start", &command.join("\t"))
    }

    /// Sends the server a signal, such as `KILL`.
    pub(crate) fn signal(&mut self, name: &str) -> io::Result<()> {
        self.wish("signal", name)
    }

    /// Whether the server runs. Takes about 20 ms, so it can be asked again and again.
    pub(crate) fn is_alive(&mut self) -> io::Result<bool> {
        self.wish("alive", "")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim_end() == "yes")
    }

    fn wish(&mut self, wish: &str, words: &str) -> io::Result<()> {
        let wishes = self.wishes.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(wishes, "{wish}\t{words}")
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.wishes = None;
        // Nothing can be done about a shell that is gone already.
        let _ = self.shell.wait();
    }
}
