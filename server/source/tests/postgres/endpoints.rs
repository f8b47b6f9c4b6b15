//! Endpoints that are down, wrong sign-ins, and passwords nobody may see.

use std::time::Duration;

use source::{Extract, SourceConfig, SourceError};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::place::{Place, extract_from, seoul};
use crate::proxy::{Proxy, closed_port, silence};

fn url(place: &Place) -> Url {
    Url::parse(&place.database.reader).unwrap()
}

fn at_port(place: &Place, port: u16) -> String {
    let mut url = url(place);
    url.set_port(Some(port)).unwrap();
    url.to_string()
}

fn shown(place: &Place, port: Option<u16>) -> String {
    let url = url(place);
    let port = port.or(url.port()).unwrap_or(5432);
    format!("{}:{port}{}", url.host_str().unwrap(), url.path())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_endpoint_is_tried_and_the_reading_says_which_one_answered() {
    let place = Place::new("").await;
    let closed = closed_port().await;
    let silent = silence().await;
    let config = SourceConfig {
        urls: vec![
            at_port(&place, closed),
            at_port(&place, silent),
            place.database.reader.clone(),
        ],
        connect_timeout: Duration::from_millis(500),
        ..place.config()
    };
    let source = source::open(&config).unwrap();
    let extract = Extract::new("SELECT 1 AS one");
    let reading = source
        .read(extract, CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(reading.endpoint(), shown(&place, None));
    let session = reading.session().unwrap();
    assert!(session.ends_with(&shown(&place, None)), "{session}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_none_answers_each_says_why() {
    let place = Place::new("").await;
    let (closed, silent) = (closed_port().await, silence().await);
    let config = SourceConfig {
        urls: vec![at_port(&place, closed), at_port(&place, silent)],
        connect_timeout: Duration::from_millis(300),
        ..place.config()
    };
    let source = source::open(&config).unwrap();
    let error = extract_from(source.as_ref(), seoul("SELECT 1 AS one"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Down { .. }), "{error}");
    let text = error.to_string();
    let parts = [
        "none of its 2 endpoints answers".to_owned(),
        format!("{} does not answer (", shown(&place, Some(closed))),
        format!(
            "{} did not answer within 0.3 s",
            shown(&place, Some(silent))
        ),
    ];
    for part in parts {
        assert!(text.contains(&part), "`{part}` is missing in: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_nobody_knows_is_down() {
    let config = SourceConfig::new("shop", "postgres://me:hunter2@nowhere.invalid/shop");
    let source = source::open(&config).unwrap();
    let error = extract_from(source.as_ref(), seoul("SELECT 1 AS one"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Down { .. }), "{error}");
    assert!(
        error.to_string().contains("nowhere.invalid:5432/shop"),
        "{error}"
    );
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.is::<std::io::Error>(), "{cause:?}");
    let told = format!("{} {error:?}", lang::chain_of(&error));
    assert!(!told.contains("hunter2"), "{told}");
    assert_eq!(
        lang::chain_of(&error).matches(&cause.to_string()).count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_not_tried_elsewhere() {
    let place = Place::new("").await;
    let mut wrong = url(&place);
    wrong.set_password(Some("hunter2")).unwrap();
    let config = SourceConfig {
        urls: vec![wrong.to_string(), place.database.reader.clone()],
        ..place.config()
    };
    let source = source::open(&config).unwrap();
    let error = extract_from(source.as_ref(), seoul("SELECT 1 AS one"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    let chain = lang::chain_of(&error);
    assert_eq!(chain.matches("authentication failed").count(), 1, "{chain}");
    assert!(!format!("{chain} {error:?}").contains("hunter2"), "{chain}");
    assert_eq!(error.class(), lang::FailureClass::Permission);
    // The password from elsewhere wins over the one in the URL.
    let right = url(&place);
    let right = percent_encoding::percent_decode_str(right.password().unwrap())
        .decode_utf8()
        .unwrap()
        .into_owned();
    let config = SourceConfig {
        urls: vec![wrong.to_string()],
        password: Some(right),
        ..place.config()
    };
    let source = source::open(&config).unwrap();
    extract_from(source.as_ref(), seoul("SELECT 1 AS one"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_is_refused() {
    let place = Place::new("").await;
    let mut elsewhere = url(&place);
    elsewhere.set_path("nowhere");
    let source = source::open(&SourceConfig::new("shop", elsewhere)).unwrap();
    let error = extract_from(source.as_ref(), seoul("SELECT 1 AS one"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_is_ever_shown() {
    for url in [
        "postgres://me:hunter2@127.0.0.1:1/shop",
        "postgres://me:hunter2@[::1]:1/shop",
        "postgres://me:hunter2@127.0.0.1:port/shop",
        "postgres://me:hunter2@/shop",
        "postgres://me:hunter2@db/shop?pasword=hunter2",
        "postgres://me:hunter2@db/shop?sslmode=hunter2",
    ] {
        let mut config = SourceConfig::new("shop", url);
        config.password = Some("hunter2".to_owned());
        assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
        let message = match source::open(&config) {
            Err(error) => error.to_string(),
            Ok(source) => {
                assert!(!source.identity().contains("hunter2"));
                source.check().await.unwrap_err().to_string()
            }
        };
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_tells_databases_users_and_zones_apart() {
    let identity = |url: &str| {
        source::open(&SourceConfig::new("shop", url))
            .unwrap()
            .identity()
    };
    let shop = identity("postgres://me:a@db/shop");
    assert_eq!(shop, "postgres:me@db:5432/shop|Asia/Seoul");
    assert_eq!(
        identity("postgresql://me:b@db:5432/shop?sslmode=disable"),
        shop
    );
    assert_ne!(identity("postgres://you:a@db/shop"), shop);
    assert_ne!(identity("postgres://me:a@db/crm"), shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endpoints_are_of_one_kind() {
    let config = SourceConfig {
        urls: vec![
            "postgres://db/shop".to_owned(),
            "mysql://db/shop".to_owned(),
        ],
        ..SourceConfig::new("shop", "")
    };
    assert_eq!(
        source::open(&config).err().unwrap().to_string(),
        "the source `shop` cannot be used: its endpoints are of several kinds, postgres and mysql; make them two sources"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_cut_in_a_row_says_after_how_many() {
    let place = Place::new("").await;
    let url = url(&place);
    let server = (
        url.host_str().unwrap().to_owned(),
        url.port().unwrap_or(5432),
    );
    let proxy = Proxy::cutting_after(server, 2_000_000).await;
    let source = source::open(&SourceConfig::new("shop", at_port(&place, proxy.port))).unwrap();
    // About 100 bytes a row: the cut is inside of one, far behind the first chunk.
    let extract = seoul("SELECT i, repeat('x', 90) AS note FROM generate_series(1, 100000) AS i");
    let mut reading = source
        .read(extract, CancellationToken::new())
        .await
        .unwrap();
    let mut rows = 0;
    let error = loop {
        match reading.next().await.unwrap() {
            Ok(chunk) => rows += chunk.rows,
            Err(error) => break error,
        }
    };
    assert!(rows >= 2 * 2_048, "{rows}");
    let SourceError::Down { message, .. } = &error else {
        panic!("{error}")
    };
    let told: usize = message
        .split_once("was cut after ")
        .and_then(|(_, rest)| rest.split_once(" rows"))
        .and_then(|(rows, _)| rows.parse().ok())
        .unwrap_or_else(|| panic!("{message}"));
    assert!((rows..rows + 2_048).contains(&told), "{told} of {rows}");
    assert!(reading.next().await.is_none());
    // The statement has not been left behind.
    place.until_sessions("true", 0).await;
}
