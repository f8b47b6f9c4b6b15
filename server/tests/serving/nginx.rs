//! Three processes behind a real nginx with the configuration we ship, restarted one by one under load.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::StatusCode;

use super::digger::{Digger, PATIENCE, Place, until};
use super::visitor::{Visitor, is_over};

const CONFIGURATION: &str = include_str!("../../../docs/examples/nginx.conf");

/// A port nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// nginx in the foreground. Dropped: gone.
struct Nginx(Child);

impl Nginx {
    /// The shipped configuration with these addresses, and what a whole configuration needs around it.
    fn start(folder: &Path, port: u16, upstreams: &[u16]) -> Self {
        let servers: String = upstreams
            .iter()
            .map(|port| format!("    server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n"))
            .collect();
        let shipped: Vec<&str> = CONFIGURATION
            .lines()
            .filter(|line| line.trim_start().starts_with("server 127.0.0.1:"))
            .collect();
        assert_eq!(shipped.len(), 2, "the shipped file names two processes");
        let ours = CONFIGURATION
            .replace(&format!("{}\n", shipped[0]), &servers)
            .replace(&format!("{}\n", shipped[1]), "")
            .replace("listen 80;", &format!("listen 127.0.0.1:{port};"));
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|what| format!("    {what}_temp_path {what};\n"))
            .collect();
        let whole = format!(
            "daemon off;\npid nginx.pid;\nerror_log stderr warn;\nevents {{}}\nhttp {{\n    log_format upstream '$upstream_addr $status';\n    access_log upstream.log upstream;\n{temporary}{ours}}}\n"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, whole).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let child = Command::new("nginx")
            .env(
                "PATH",
                format!("{path}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"),
            )
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed by scripts/test-tools.sh");
        until("nginx listens", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Self(child)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked, so that its workers go with it.
        super::digger::signal(self.0.id(), rustix::process::Signal::TERM);
        let _ = self.0.wait();
    }
}

/// Whether a line of nginx's log behind those that are known says that this process answered. Before
/// it stand those that did not.
fn is_asked(log: &Path, known: usize, port: u16) -> bool {
    let text = std::fs::read_to_string(log).unwrap();
    text.lines().skip(known).any(|line| {
        let (upstreams, status) = line.rsplit_once(' ').unwrap_or_default();
        upstreams.ends_with(&format!(":{port}")) && status.starts_with(['2', '3'])
    })
}

/// What the visitors saw.
#[derive(Default)]
struct Seen {
    answers: AtomicU64,
    runs: Mutex<Vec<String>>,
    wrong: Mutex<Vec<String>>,
}

impl Seen {
    fn wrong(&self, what: String) {
        self.wrong.lock().unwrap().push(what);
    }

    /// Asks for a page, or posts a form; what did not go as it should is kept.
    async fn ask(&self, request: reqwest::RequestBuilder, expected: StatusCode) -> Option<String> {
        let what = format!("{request:?}");
        match request.send().await {
            Ok(answer) if answer.status() == expected => {
                self.answers.fetch_add(1, Ordering::Relaxed);
                let location = answer.headers().get("location");
                let location = location.map(|to| to.to_str().unwrap().to_owned());
                match answer.bytes().await {
                    Ok(_) => return location,
                    Err(error) => self.wrong(format!("{what}: {error:?}")),
                }
            }
            Ok(answer) => self.wrong(format!("{what}: {}", answer.status())),
            Err(error) => self.wrong(format!("{what}: {error:?}")),
        }
        None
    }
}

/// Looks at pages and starts runs until told to end, and follows every run to its end.
async fn use_it(visitor: Visitor, seen: Arc<Seen>, ends: Arc<AtomicBool>, number: usize) {
    let mut round = 0;
    while !ends.load(Ordering::Relaxed) {
        round += 1;
        for path in ["/", "/runs", "/reports/sales/by_region"] {
            let request = visitor.http.get(visitor.url(path));
            seen.ask(request, StatusCode::OK).await;
        }
        // No two forms are alike, so that every one is a run.
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("params[period]", "2026-01-01 .. 2026-02-01")
            .append_pair("params[minimum]", &format!("{}", number * 100_000 + round))
            .finish();
        let request = visitor
            .http
            .post(visitor.url("/reports/sales/by_region"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let Some(location) = seen.ask(request, StatusCode::SEE_OTHER).await else {
            continue;
        };
        let run = location.strip_prefix("/runs/").unwrap().to_owned();
        seen.runs.lock().unwrap().push(run.clone());
        visitor.follow(&run, "over", is_over).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_are_restarted_one_by_one_and_nobody_notices() {
    let database = testbed::postgres().database().unwrap();
    let mut place = Place::new().await;
    place.set("DIGGER_DATABASE_URL", &database.writer);
    let ports = [free_port(), free_port(), free_port()];
    let start = |port: u16| {
        let mut command = place.quick(&["serve", "--demo", "--listen"]);
        command.arg(format!("127.0.0.1:{port}"));
        Digger::start(command).unwrap_or_else(|said| panic!("digger did not start:\n{said}"))
    };
    let mut processes: Vec<Digger> = ports.iter().map(|port| start(*port)).collect();
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let _nginx = Nginx::start(folder.path(), port, &ports);

    let address = format!("http://127.0.0.1:{port}");
    let seen = Arc::new(Seen::default());
    let ends = Arc::new(AtomicBool::new(false));
    let mut visitors = Vec::new();
    for (number, login) in ["kim", "kim", "admin"].into_iter().enumerate() {
        let visitor = Visitor::signed_in(&address, login).await;
        let (seen, ends) = (Arc::clone(&seen), Arc::clone(&ends));
        visitors.push(tokio::spawn(use_it(visitor, seen, ends, number)));
    }
    for (place, port) in ports.iter().enumerate() {
        let before = seen.answers.load(Ordering::Relaxed);
        let old = processes.remove(place);
        let ended = tokio::task::spawn_blocking(move || old.terminate());
        assert_eq!(ended.await.unwrap(), Some(0));
        processes.insert(place, start(*port));
        // As docs/processes.md says: the next one goes when the last one is asked again.
        let log = folder.path().join("upstream.log");
        let known = std::fs::read_to_string(&log).unwrap().lines().count();
        let asked = async {
            while !is_asked(&log, known, *port) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .expect("the new process is asked");
        assert!(seen.answers.load(Ordering::Relaxed) > before);
    }
    ends.store(true, Ordering::Relaxed);
    for visitor in visitors {
        visitor.await.unwrap();
    }
    let wrong = seen.wrong.lock().unwrap().clone();
    assert!(
        wrong.is_empty(),
        "{} of {}: {wrong:#?}",
        wrong.len(),
        seen.answers.load(Ordering::Relaxed)
    );
    let runs = seen.runs.lock().unwrap().clone();
    assert!(runs.len() >= 3, "{runs:?}");
    let admin = Visitor::signed_in(&address, "admin").await;
    for run in &runs {
        let run = admin.live(run).await;
        assert_eq!(run["state"], "succeeded", "{run:#}");
    }
}

#[tokio::test]
async fn the_limit_on_sign_ins_counts_the_real_client() {
    let place = Place::new().await;
    let digger = place.serve();
    let port = free_port();
    let upstream = digger.address.rsplit(':').next().unwrap().parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let _nginx = Nginx::start(folder.path(), port, &[upstream]);
    // A client that lies about its address is still the one nginx sees.
    let visitor = Visitor::new(&format!("http://127.0.0.1:{port}"));
    let body = "login=kim&password=wrong&next=%2F";
    let mut last = StatusCode::OK;
    for number in 0..=100 {
        let answer = visitor
            .http
            .post(visitor.url("/signin"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", format!("203.0.113.{number}"))
            .body(body.replace("kim", &format!("nobody{number}")))
            .send()
            .await
            .unwrap();
        last = answer.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
