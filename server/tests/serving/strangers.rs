//! What somebody may try who has not signed in.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HOST;

use super::digger::{Digger, PATIENCE, Place, until};
use super::visitor::{JANUARY, PASSWORD, Visitor};

/// A sign-in by way of a proxy on this machine, from an address.
async fn sign_in_from(digger: &Digger, address: &str, login: &str, password: &str) -> StatusCode {
    let visitor = Visitor::new(&digger.address);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("login", login), ("password", password)])
        .finish();
    visitor
        .http
        .post(visitor.url("/signin"))
        .header("x-forwarded-for", address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap()
        .status()
}

#[tokio::test]
async fn guessing_from_one_place_locks_nobody_out_elsewhere() {
    let place = Place::new().await;
    let digger = place.serve();
    for _ in 0..10 {
        let status = sign_in_from(&digger, "203.0.113.7", "kim", "guess").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    for (address, expected) in [
        ("203.0.113.7", StatusCode::TOO_MANY_REQUESTS),
        ("203.0.113.8", StatusCode::SEE_OTHER),
    ] {
        let status = sign_in_from(&digger, address, "kim", PASSWORD).await;
        assert_eq!(status, expected, "{address}");
    }
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_counted_together() {
    let place = Place::new().await;
    let digger = place.serve();
    for host in 0..10 {
        let address = format!("2001:db8:1:2::{host}");
        let status = sign_in_from(&digger, &address, "kim", "guess").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    for (address, expected) in [
        ("2001:db8:1:2:ffff::1", StatusCode::TOO_MANY_REQUESTS),
        ("2001:db8:1:3::1", StatusCode::SEE_OTHER),
    ] {
        let status = sign_in_from(&digger, address, "kim", PASSWORD).await;
        assert_eq!(status, expected, "{address}");
    }
}

#[tokio::test]
async fn an_office_that_signs_in_is_never_locked_out() {
    let place = Place::new().await;
    let digger = place.serve();
    for _ in 0..110 {
        let status = sign_in_from(&digger, "203.0.113.7", "kim", PASSWORD).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_away_before_the_answer_has_not_failed() {
    let place = Place::new().await;
    let digger = place.serve();
    let address = digger.address.strip_prefix("http://").unwrap();
    let body = format!("login=kim&password={PASSWORD}");
    let request = format!(
        "POST /signin HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..12 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        drop(stream);
        // The next one comes behind it, so that they do not all wait at once.
        Visitor::new(&digger.address).get("/signin").await;
    }
    until("all of them are over", || {
        let status = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(sign_in_from(
                &digger,
                "203.0.113.9",
                "kim",
                PASSWORD,
            ))
        });
        (status == StatusCode::SEE_OTHER).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_that_never_end_have_little_room() {
    let place = Place::new().await;
    let digger = place.serve();
    let before = peak(digger.pid());
    let address = digger.address.strip_prefix("http://").unwrap();
    let beginning = "POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048576\r\n\r\n";
    let most = vec![b'x'; 1_000_000];
    let mut open = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_write_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        // Refused ones may be closed while they are written.
        let _ = stream.write_all(beginning.as_bytes());
        let _ = stream.write_all(&most);
        open.push(stream);
    }
    Visitor::signed_in(&digger.address, "kim").await;
    let grown = peak(digger.pid()) - before;
    assert!(grown < 150 * 1024 * 1024, "{grown} bytes");
    drop(open);
}

/// The most memory a process ever had, bytes.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_cost_little_memory_and_get_an_answer() {
    let place = Place::new().await;
    let digger = place.serve();
    let before = peak(digger.pid());
    let visitor = Visitor::new(&digger.address);
    let asked = (0..150).map(|number| {
        let visitor = visitor.clone();
        async move {
            let link = format!("/welcome/made-up-{number}");
            let fields = [("name", "X"), ("password", "long enough 1")];
            let linked = visitor.post(&link, &fields).await.status();
            let login = format!("nobody{number}");
            let fields = [("login", login.as_str()), ("password", "guess")];
            (linked, visitor.post("/signin", &fields).await.status())
        }
    });
    for (linked, signed_in) in futures::future::join_all(asked).await {
        assert_eq!(linked, StatusCode::NOT_FOUND);
        assert!(
            [
                StatusCode::UNAUTHORIZED,
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::SERVICE_UNAVAILABLE
            ]
            .contains(&signed_in),
            "{signed_in}"
        );
    }
    // A hash alone is 19 MiB; all at once would be six gigabytes.
    let grown = peak(digger.pid()) - before;
    assert!(grown < 200 * 1024 * 1024, "{grown} bytes");
    Visitor::signed_in(&digger.address, "kim").await;
}

/// Sends a beginning and waits for whatever comes, until the other side closes.
fn half_sent(address: &str, beginning: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(beginning.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn half_a_request_is_ended() {
    let place = Place::new().await;
    let digger = place.serve();
    let body = "POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nlogin=kim";
    let address = digger.address.strip_prefix("http://").unwrap();
    std::thread::scope(|scope| {
        let head = scope.spawn(|| half_sent(address, "GET / HTTP/1.1\r\nHost: local"));
        let silent = scope.spawn(|| half_sent(address, ""));
        let body = scope.spawn(|| half_sent(address, body));
        let answer = body.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        let head = head.join().unwrap();
        assert!(
            head.is_empty() || head.starts_with("HTTP/1.1 408 "),
            "{head}"
        );
        assert_eq!(silent.join().unwrap(), "");
    });
}

#[tokio::test]
async fn connections_never_take_the_descriptors_of_a_run() {
    let place = Place::new().await;
    let plain = place.command(&["--demo"]);
    // A server that may have 320 descriptors, as `ulimit` in a unit file would set.
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n 320 && exec \"$0\" \"$@\""])
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(place.folder.path());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let digger = Digger::start(command).unwrap();
    let address = digger.address.strip_prefix("http://").unwrap();
    // More than may be open at once: those that are too many wait outside, and so does kim until some are ended.
    let silent: Vec<TcpStream> = (0..120)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    let ended = kim.finished(&run).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    drop(silent);
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_answer() {
    let place = Place::new().await;
    place.configure("public_url = \"https://digger.example/\"");
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let port = digger.address.rsplit(':').next().unwrap();
    for (host, expected) in [
        ("evil.example".to_owned(), StatusCode::MISDIRECTED_REQUEST),
        (
            format!("evil.example:{port}"),
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (format!("10.1.2.3:{port}"), StatusCode::MISDIRECTED_REQUEST),
        ("digger.example".to_owned(), StatusCode::OK),
        (format!("127.0.0.1:{port}"), StatusCode::OK),
        (format!("localhost:{port}"), StatusCode::OK),
    ] {
        for path in ["/signin", "/livez"] {
            let asked = visitor.http.get(visitor.url(path)).header(HOST, &host);
            let status = asked
                .timeout(Duration::from_secs(60))
                .send()
                .await
                .unwrap()
                .status();
            assert_eq!(status, expected, "{path} of {host}");
        }
    }
}
