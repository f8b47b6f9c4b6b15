//! A running `digger serve`, and waiting for things to become true.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longest wait for anything in these tests; two cores may be shared with a compiler.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The binary under test.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digger"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DIGGER_") {
            command.env_remove(name);
        }
    }
    command
}

/// A folder with a shop, reports and room for data, and at most one server on it.
pub struct Place {
    pub folder: TempDir,
    pub environment: Vec<(&'static str, String)>,
}

impl Place {
    /// A place with the small shop and every report of these tests.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        super::shop::make(&folder.path().join("shop.sqlite")).await;
        super::shop::write_reports(&folder.path().join("queries"));
        let place = Self {
            folder,
            environment: Vec::new(),
        };
        place.configure("");
        place
    }

    /// Writes the settings: the shop as a source, and whatever else is given.
    pub fn configure(&self, more: &str) {
        let shop = self.folder.path().join("shop.sqlite");
        let text = format!(
            "{more}\n[sources.shop]\nurl = \"sqlite:{}\"\n",
            shop.display()
        );
        std::fs::write(self.folder.path().join("digger.toml"), text).unwrap();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Environment of servers started from now on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    /// A server with demo sign-ins, short leases and a free port.
    pub fn serve(&self) -> Digger {
        self.serve_with(&["--demo"])
    }

    pub fn serve_with(&self, arguments: &[&str]) -> Digger {
        Digger::start(self.command(arguments))
            .unwrap_or_else(|output| panic!("digger did not start:\n{output}"))
    }

    /// A process that only works.
    pub fn work(&self) -> Digger {
        Digger::start_until(self.quick(&["work"]), "Digger works for ")
            .unwrap_or_else(|output| panic!("digger did not start:\n{output}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.quick(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(arguments);
        command
    }

    /// Any command here, with short leases.
    pub fn quick(&self, arguments: &[&str]) -> Command {
        let mut command = binary();
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env("DIGGER_HEARTBEAT_MS", "200")
            .env("DIGGER_LEASE_MS", "4000")
            .env("DIGGER_POLL_MS", "100")
            .env("DIGGER_GRACE_MS", "2000")
            .env("DIGGER_DRAIN_MS", "500");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }
}

/// A server. Dropped: killed, and whatever it warned of has to be expected.
pub struct Digger {
    pub child: Child,
    pub address: String,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Digger {
    /// Starts a server and waits until it listens; `Err` has what it said when it ended instead.
    pub fn start(command: Command) -> Result<Self, String> {
        Self::start_until(command, "Digger listens on ")
    }

    /// Starts a process and waits until it says a line that begins so and ends with its address.
    pub fn start_until(mut command: Command, ready: &str) -> Result<Self, String> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        read_lines(child.stdout.take().unwrap(), sender.clone());
        read_lines(child.stderr.take().unwrap(), sender);
        let mut digger = Self {
            child,
            address: String::new(),
            lines,
            said: Vec::new(),
        };
        match digger.line_with(ready) {
            Some(line) => {
                digger.address = line.rsplit(' ').next().unwrap().to_owned();
                Ok(digger)
            }
            None => Err(digger.said.join("\n")),
        }
    }

    /// Waits for a line with this text; `None` when the process ended without it.
    pub fn line_with(&mut self, text: &str) -> Option<String> {
        if let Some(line) = self.said.iter().find(|line| line.contains(text)) {
            return Some(line.clone());
        }
        let deadline = Instant::now() + PATIENCE;
        while let Ok(line) = self
            .lines
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            self.said.push(line.clone());
            if line.contains(text) {
                return Some(line);
            }
        }
        None
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, to this process only.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        signal(self.pid(), rustix::process::Signal::TERM);
        until("the server has ended", || self.child.try_wait().unwrap()).code()
    }
}

impl Drop for Digger {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            return;
        }
        // Its lines end with it.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.said.push(line);
        }
        let thread = std::thread::current();
        let test = thread.name().unwrap_or_default();
        let unexpected = super::warnings::unexpected(test, &self.said);
        assert!(unexpected.is_empty(), "{test}: {unexpected:#?}");
    }
}

fn read_lines(stream: impl std::io::Read + Send + 'static, lines: std::sync::mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}

pub fn signal(pid: u32, signal: rustix::process::Signal) {
    assert!(signal_if_there(pid, signal), "there is no process {pid}");
}

/// Signals a process that may have ended meanwhile; `false` when it has.
pub fn signal_if_there(pid: u32, signal: rustix::process::Signal) -> bool {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).is_ok()
}

/// Waits for a condition.
pub fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "timed out waiting until {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Process ids of the children that execute this run, from the process list.
pub fn children_of_run(run: &str) -> Vec<u32> {
    let mut pids = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = words.split(|byte| *byte == 0).collect();
        if words.len() >= 3 && words[1] == b"exec" && words[2] == run.as_bytes() {
            pids.push(pid);
        }
    }
    pids
}

/// Every file below a folder, by its path inside.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path)
            } else {
                files.push(path.strip_prefix(folder).unwrap().to_owned())
            }
        }
    }
    files.sort();
    files
}
