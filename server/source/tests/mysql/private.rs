//! Servers of a test's own: encrypted ones, one with zones by name, and one that is restarted.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use source::{Backslash, Extract, Param, Source, SourceConfig, SourceError};
use testbed::{Mariadb, Options, Tls};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::server::Database;
use crate::shop::{NUMBERS, Shop, column, extract_from};

fn source(url: &Url, change: impl FnOnce(&mut SourceConfig)) -> Arc<dyn Source> {
    let mut config = SourceConfig::new("shop", url.as_str());
    change(&mut config);
    source::open(&config).unwrap()
}

/// The version of TLS that protects a session, empty without any.
async fn protection(source: &Arc<dyn Source>) -> Result<Option<String>, SourceError> {
    let status = Extract::new("SHOW STATUS LIKE 'Ssl_version'");
    let (_, chunks) = extract_from(source, status).await?;
    Ok(column(&chunks, 1).remove(0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_checked_as_the_url_and_the_ca_file_say() {
    // As `main` does: a build of the whole workspace has two providers, between which nobody chooses by itself.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let server = Mariadb::start(&Options {
        tls: Tls::Required,
        ..Options::default()
    })
    .unwrap();
    let database = Database::of(server.database().unwrap());
    let authority = server.authority().unwrap().to_owned();
    let url = |mode: &str| {
        let mut url = database.reader.clone();
        url.set_query(Some(mode).filter(|mode| !mode.is_empty()));
        url
    };
    let with_ca =
        |mode: &str, ca: Option<PathBuf>| source(&url(mode), |config| config.ca_file = ca);
    for (mode, ca) in [
        ("", None),
        ("ssl-mode=REQUIRED", None),
        ("", Some(authority.clone())),
        ("ssl-mode=VERIFY_CA", Some(authority.clone())),
        ("ssl-mode=VERIFY_IDENTITY", Some(authority.clone())),
    ] {
        let version = protection(&with_ca(mode, ca)).await.unwrap().unwrap();
        assert!(version.starts_with("TLSv1."), "{mode}: {version}");
    }
    // The authorities of the web have not signed this one.
    let error = protection(&with_ca("ssl-mode=VERIFY_CA", None))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");
    assert!(error.to_string().contains("check the CA file"), "{error}");
    let missing = authority.with_file_name("missing.pem");
    let error = protection(&with_ca("", Some(missing))).await.unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");
    assert!(error.to_string().contains("cannot be read"), "{error}");
    // The server wants TLS.
    let error = protection(&with_ca("ssl-mode=DISABLED", None))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn moved(wall: &str, from: &str, to: &str) -> Option<String> {
    let wall: DateTime = wall.parse().unwrap();
    let there = wall.to_zoned(zone(from)).unwrap().with_time_zone(zone(to));
    Some(there.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string())
}

/// The statements that teach a server the clocks of Berlin.
fn clocks_of_berlin() -> String {
    let printed = ["mariadb-tzinfo-to-sql", "mysql_tzinfo_to_sql"]
        .iter()
        .find_map(|program| {
            let arguments = ["/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"];
            Command::new(program).args(arguments).output().ok()
        })
        .expect("the server's package has the program");
    String::from_utf8(printed.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_the_server_knows_by_name_are_used() {
    let server = Mariadb::start(&Options::default()).unwrap();
    // The clocks of Berlin show 02:30 twice on the last of these days.
    let shop = Shop::on(
        Database::of(server.database().unwrap()),
        "SET time_zone = '+00:00';
         CREATE TABLE t (id INT PRIMARY KEY, at DATETIME, stamp TIMESTAMP NULL);
         INSERT INTO t VALUES (1, '2026-01-01 08:30:00', '2026-01-01 08:30:00'), (2, '2026-07-01 12:00:00', '2026-07-01 12:00:00'),
           (3, '2026-10-25 03:30:00', '2026-10-25 01:30:00');",
    )
    .await;
    let berlin = shop.configured(|config| config.zone = zone("Europe/Berlin"));
    let error = extract_from(&berlin, Extract::new("SELECT at FROM t"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");

    shop.run(&format!("USE mysql; {}", clocks_of_berlin()))
        .await;
    for report in ["Europe/Berlin", "Asia/Seoul"] {
        let extract = Extract {
            zone: zone(report),
            ..Extract::new("SELECT at, stamp FROM t WHERE id < 3 ORDER BY id")
        };
        let (_, chunks) = extract_from(&berlin, extract).await.unwrap();
        let walls = ["2026-01-01T08:30", "2026-07-01T12:00"];
        let expected = |from: &str| walls.map(|wall| moved(wall, from, report));
        assert_eq!(column(&chunks, 0), expected("Europe/Berlin"), "{report}");
        assert_eq!(column(&chunks, 1), expected("UTC"), "{report}");
    }
    // A bound moment in winter and one in summer.
    for (moment, id) in [("2026-01-01T08:30:00Z", "1"), ("2026-07-01T12:00:00Z", "2")] {
        let extract = Extract {
            params: vec![Param::Instant(moment.parse().unwrap())],
            ..Extract::new("SELECT id FROM t WHERE stamp = ?")
        };
        let (_, chunks) = extract_from(&berlin, extract).await.unwrap();
        assert_eq!(column(&chunks, 0), [Some(id.to_owned())]);
    }
    // Read in Berlin the hour is what it is; moved elsewhere it would be one of two.
    let there = |report| Extract {
        zone: zone(report),
        ..Extract::new("SELECT stamp FROM t WHERE id = 3")
    };
    let (_, chunks) = extract_from(&berlin, there("Europe/Berlin")).await.unwrap();
    assert_eq!(
        column(&chunks, 0),
        [Some("2026-10-25 02:30:00.000000".to_owned())]
    );
    let error = extract_from(&berlin, there("Asia/Seoul"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Type { row: 1, .. }), "{error}");
    assert!(
        error.to_string().contains("write UNIX_TIMESTAMP(…)"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_is_down_and_answers_again_when_it_is_back() {
    let mut server = Mariadb::start(&Options::default()).unwrap();
    let shop = Shop::on(Database::of(server.database().unwrap()), NUMBERS).await;
    let endless =
        "SELECT a.i AS a, b.i AS b, c.i AS c FROM numbers AS a, numbers AS b, numbers AS c";
    for is_killed in [false, true] {
        let mut reading = shop
            .source
            .read(Extract::new(endless), CancellationToken::new())
            .await
            .unwrap();
        assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
        let session = reading.session().unwrap().to_owned();
        if is_killed {
            server.kill().unwrap();
        } else {
            server.stop().unwrap();
        }
        let error = loop {
            match reading.next().await.expect("the answer is endless") {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.class(), lang::FailureClass::SourceDown, "{error}");
        let error = shop.source.stop(&session).await.unwrap_err();
        assert_eq!(error.class(), lang::FailureClass::SourceDown, "{error}");
        server.start_again().unwrap();
        // Numbers of sessions begin again at 1; the old name stops nobody.
        assert!(shop.source.stop(&session).await.unwrap());
        assert!(shop.read("SELECT i FROM numbers").await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backslash_means_what_the_server_says_or_the_statement_is_refused() {
    let server = Mariadb::start(&Options::default()).unwrap();
    let shop = Shop::on(Database::of(server.database().unwrap()), "SELECT 1").await;
    let usual = shop.printed("SELECT @@GLOBAL.sql_mode").await.remove(0);
    let usual = usual.unwrap();
    for (mode, meant, sql, refusal) in [
        ("", Backslash::Either, r"SELECT 'C:\\x' AS a, ? AS b", None),
        (
            "",
            Backslash::Escapes,
            r#"SELECT 'it\'s ?' AS a, ? AS b, "\"?" AS c"#,
            None,
        ),
        (
            "",
            Backslash::Plain,
            r"SELECT '\' AS a, ? AS b, '\' AS c",
            Some(r"`\'` as a quote"),
        ),
        (
            "NO_BACKSLASH_ESCAPES",
            Backslash::Either,
            r"SELECT 'C:\\x' AS a, ? AS b",
            None,
        ),
        (
            "NO_BACKSLASH_ESCAPES",
            Backslash::Plain,
            r"SELECT '\' AS a, ? AS b, '\' AS c",
            None,
        ),
        (
            "NO_BACKSLASH_ESCAPES",
            Backslash::Escapes,
            r"SELECT '\'' AS a, ? AS b, '\'' AS c",
            Some("NO_BACKSLASH_ESCAPES"),
        ),
        (
            "ANSI_QUOTES",
            Backslash::Escapes,
            r#"SELECT 'it\'s' AS "a", ? AS "b""#,
            None,
        ),
        (
            "ANSI_QUOTES",
            Backslash::Escapes,
            r#"SELECT "a\"" AS a, ? AS b, "\"" AS c"#,
            Some("ANSI_QUOTES"),
        ),
    ] {
        shop.run(&format!("SET GLOBAL sql_mode = '{usual},{mode}'"))
            .await;
        let extract = Extract {
            params: vec![Param::Integer(7)],
            backslash: meant,
            ..Extract::new(sql)
        };
        match (shop.extract(extract).await, refusal) {
            (Ok((_, chunks)), None) => {
                let number = sql.replace(", ?", ", 7");
                assert_eq!(column(&chunks, 0), shop.printed(&number).await, "{sql}");
                assert_eq!(column(&chunks, 1), [Some("7".to_owned())], "{sql}");
            }
            (Err(error), Some(refusal)) => {
                assert!(matches!(error, SourceError::Sql { .. }), "{error}");
                assert!(error.to_string().contains(refusal), "{error}");
            }
            (answer, _) => panic!("{mode}: {sql}: {answer:?}"),
        }
    }
}
