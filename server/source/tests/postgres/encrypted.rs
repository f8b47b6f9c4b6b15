//! Encrypted connections: who wants them, who proves what, and what people read when it fails.

use std::path::PathBuf;

use source::{Checked, SourceConfig, SourceError};
use testbed::{Options, Postgres, Tls};
use url::Url;

use crate::proxy::Proxy;

fn server(tls: Tls) -> Postgres {
    // As `main` does: a build of the whole workspace has two providers, between which nobody chooses by itself.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Postgres::start(&Options {
        tls,
        ..Options::default()
    })
    .unwrap()
}

async fn check(url: &str, query: &str, ca_file: Option<PathBuf>) -> Result<Checked, SourceError> {
    let mut url = Url::parse(url).unwrap();
    url.set_query((!query.is_empty()).then_some(query));
    let config = SourceConfig {
        ca_file,
        ..SourceConfig::new("shop", url)
    };
    source::open(&config)?.check().await
}

#[tokio::test]
async fn a_server_that_wants_encryption_gets_it_from_those_it_can_prove_itself_to() {
    let server = server(Tls::Required);
    let database = server.database().unwrap();
    let authority = server.authority().unwrap().to_owned();
    for (query, ca_file) in [
        ("", None),
        ("sslmode=require", None),
        ("", Some(authority.clone())),
        ("sslmode=verify-ca", Some(authority.clone())),
        ("sslmode=verify-full", Some(authority.clone())),
    ] {
        let checked = check(&database.reader, query, ca_file.clone()).await;
        assert!(checked.is_ok(), "{query} {ca_file:?}: {checked:?}");
    }
    let refusal = async |query: &str, ca_file| {
        let error = check(&database.reader, query, ca_file).await.unwrap_err();
        assert!(
            matches!(error, SourceError::Refused { .. }),
            "{query}: {error}"
        );
        error.to_string()
    };
    let unencrypted = refusal("sslmode=disable", None).await;
    assert!(
        unencrypted.contains("add sslmode=require to the URL"),
        "{unencrypted}"
    );
    // Nobody the web knows signed this certificate.
    let unknown = refusal("sslmode=verify-full", None).await;
    assert!(
        unknown.contains("name the authority that signs its certificate in `ca_file`"),
        "{unknown}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ipv6_address_is_reached_and_checked_like_any_other() {
    let server = server(Tls::Required);
    let database = server.database().unwrap();
    let authority = server.authority().unwrap().to_owned();
    let mut url = Url::parse(&database.reader).unwrap();
    let behind = (url.host_str().unwrap().to_owned(), url.port().unwrap());
    let proxy = Proxy::over_ipv6(behind).await;
    url.set_host(Some("[::1]")).unwrap();
    url.set_port(Some(proxy.port)).unwrap();
    let shown = format!("[::1]:{}{}", proxy.port, url.path());
    for (query, ca_file) in [
        ("", None),
        ("sslmode=require", None),
        ("sslmode=verify-ca", Some(authority.clone())),
    ] {
        let checked = check(url.as_str(), query, ca_file).await.unwrap();
        assert_eq!(checked.endpoint, shown, "{query}");
    }
    // Its certificate is not for this address, and the message says for which it was checked.
    let error = check(url.as_str(), "sslmode=verify-full", Some(authority))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    assert!(error.to_string().contains(&shown), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(!error.to_string().contains("invalid dns name"), "{error}");
}

#[tokio::test]
async fn a_server_without_a_certificate_says_so_when_encryption_is_wanted() {
    let server = server(Tls::Off);
    let database = server.database().unwrap();
    check(&database.reader, "", None).await.unwrap();
    let error = check(&database.reader, "sslmode=require", None)
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    assert!(
        error.to_string().contains("does not support TLS"),
        "{error}"
    );
}

#[tokio::test]
async fn a_ca_file_that_is_not_there_is_a_mistake_in_the_settings() {
    let missing = PathBuf::from("/nowhere/ca.pem");
    let error = check("postgres://me@127.0.0.1:1/shop", "", Some(missing))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
}
