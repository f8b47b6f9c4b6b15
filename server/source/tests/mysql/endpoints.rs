//! Reaching a server: endpoints, passwords, and what a check finds.

use std::time::Duration;

use source::{Extract, Source, SourceConfig, SourceError};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::shop::{Shop, column, extract_from};

/// A port nobody listens on.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_endpoint_answers_when_the_first_is_down() {
    let shop = Shop::new("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);").await;
    let down = format!("mysql://me@127.0.0.1:{}/shop", closed_port().await);
    let up = shop.database.reader.to_string();
    let source = shop.configured(|config| config.urls = vec![down.clone(), up]);
    let reading = source
        .read(Extract::new("SELECT id FROM t"), CancellationToken::new())
        .await
        .unwrap();
    let reader = &shop.database.reader;
    let expected = format!(
        "{}:{}/{}",
        reader.host_str().unwrap(),
        reader.port().unwrap_or(3306),
        shop.database.name
    );
    assert_eq!(reading.endpoint(), expected);
    assert!(reading.session().unwrap().ends_with(&expected));
    let password = reader.password().unwrap();
    assert!(!reading.session().unwrap().contains(password));

    let source = shop.configured(|config| {
        config.urls = vec![down.clone(), down];
        config.connect_timeout = Duration::from_secs(2);
    });
    let error = source.describe("SELECT 1 AS x").await.unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::SourceDown);
    assert!(
        error
            .to_string()
            .contains("none of its 2 endpoints answers"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ipv6_address_is_reached() {
    let shop = Shop::new("CREATE TABLE t (id INT); INSERT INTO t VALUES (7);").await;
    let mut url = shop.database.reader.clone();
    let server = (
        url.host_str().unwrap().to_owned(),
        url.port().unwrap_or(3306),
    );
    let listener = TcpListener::bind("[::1]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (host, port) = &server;
            let mut server = TcpStream::connect((host.as_str(), *port)).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await.ok() });
        }
    });
    url.set_host(Some("[::1]")).unwrap();
    url.set_port(Some(port)).unwrap();
    let source = shop.configured(|config| config.urls = vec![url.to_string()]);
    let (_, chunks) = extract_from(&source, Extract::new("SELECT id FROM t"))
        .await
        .unwrap();
    assert_eq!(column(&chunks, 0), [Some("7".to_owned())]);
    let shown = format!("[::1]:{port}/{}", shop.database.name);
    assert_eq!(source.check().await.unwrap().endpoint, shown);
    // Nobody listens at the other address.
    let down = format!("mysql://me@[::1]:{}/shop", closed_port().await);
    let source = shop.configured(|config| config.urls = vec![down]);
    let error = source.check().await.unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::SourceDown);
    assert!(error.to_string().contains("refused"), "{error}");
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.is::<std::io::Error>(), "{cause:?}");
    let chain = lang::chain_of(&error);
    assert_eq!(chain.matches(&cause.to_string()).count(), 1, "{chain}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_refused_and_not_tried_elsewhere() {
    let shop = Shop::new("DO 0").await;
    let mut wrong = shop.database.reader.clone();
    wrong.set_password(Some("hunter2")).unwrap();
    let right = shop.database.reader.to_string();
    let source = shop.configured(|config| config.urls = vec![wrong.to_string(), right]);
    let error = source.describe("SELECT 1 AS x").await.unwrap_err();
    assert!(matches!(error, SourceError::Refused { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("check user and password"), "{message}");
    let chain = lang::chain_of(&error);
    assert_eq!(chain.matches("Access denied").count(), 1, "{chain}");
    assert!(!format!("{chain} {error:?}").contains("hunter2"), "{chain}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_may_stand_outside_the_url_and_hold_anything() {
    let shop = Shop::new("CREATE TABLE t (id INT); INSERT INTO t VALUES (1);").await;
    let name = &shop.database.name;
    let password = "p%40ss:/@#? \\ 비밀";
    let login = format!("'{name}_r'@'%'");
    shop.run(&format!(
        r"ALTER USER {login} IDENTIFIED BY 'p%40ss:/@#? \\ 비밀'"
    ))
    .await;
    let mut without = shop.database.reader.clone();
    without.set_password(None).unwrap();
    let outside = shop.configured(|config| {
        config.urls = vec![without.to_string()];
        config.password = Some(password.to_owned());
    });
    let mut within = without.clone();
    let escaped: String = password
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    within.set_password(Some(&escaped)).unwrap();
    let within = shop.configured(|config| config.urls = vec![within.to_string()]);
    for source in [outside, within] {
        let (_, chunks) = extract_from(&source, Extract::new("SELECT id FROM t"))
            .await
            .unwrap();
        assert_eq!(column(&chunks, 0), [Some("1".to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_reached_says_why() {
    let shop = Shop::new("DO 0").await;
    let reader = shop.database.reader.clone();
    let error = |url: String| {
        let source = shop.configured(|config| config.urls = vec![url]);
        async move { source.describe("SELECT 1 AS x").await.unwrap_err() }
    };
    let mut elsewhere = reader.clone();
    elsewhere.set_host(Some("no-such-host.invalid")).unwrap();
    let unknown = error(elsewhere.to_string()).await;
    assert_eq!(unknown.class(), lang::FailureClass::SourceDown, "{unknown}");
    let mut nowhere = reader.clone();
    nowhere.set_path("mysql");
    let refused = error(nowhere.to_string()).await;
    assert!(matches!(refused, SourceError::Refused { .. }), "{refused}");
    // An administrator sees that there is no such database; others are only refused.
    let mut missing = shop.database.administrator.clone();
    missing.set_path("no_such_database");
    let missing = error(missing.to_string()).await;
    assert!(matches!(missing, SourceError::Config { .. }), "{missing}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_not_spoken_to_when_tls_is_wanted() {
    let shop = Shop::new("DO 0").await;
    if shop.printed("SELECT @@have_ssl").await != [Some("DISABLED".to_owned())] {
        return;
    }
    let mut url = shop.database.reader.clone();
    url.set_query(Some("ssl-mode=REQUIRED"));
    let source = shop.configured(|config| config.urls = vec![url.to_string()]);
    let error = source.describe("SELECT 1 AS x").await.unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");
    assert!(error.to_string().contains("check `ssl-mode`"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_tells_who_answers_and_whether_the_login_can_write() {
    let shop = Shop::new(
        "CREATE TABLE `or``ders` (id INT); CREATE TABLE a_view_not (id INT) ENGINE = MyISAM;",
    )
    .await;
    let checked = shop.source.check().await.unwrap();
    let version = shop.printed("SELECT VERSION()").await.remove(0).unwrap();
    let (product, number) = match version.split_once("-MariaDB") {
        Some((number, _)) => ("MariaDB", number.to_owned()),
        None => ("MySQL", version.clone()),
    };
    assert_eq!(checked.version, format!("{product} {number}"));
    assert_eq!(checked.can_write, None);
    assert_eq!(checked.can_read_files, None);

    let administrator = shop.database.administrator.to_string();
    let source = shop.configured(|config| config.urls = vec![administrator]);
    let name = &shop.database.name;
    assert_eq!(
        source.check().await.unwrap().can_write,
        Some(format!("it may delete from `{name}`.`or``ders`"))
    );

    let reading = source.check().await.unwrap().can_read_files.unwrap();
    assert!(
        reading.starts_with("it is granted ") && reading.ends_with(" on *.*"),
        "{reading}"
    );

    // A permission that no deletion notices.
    shop.run(&format!(
        "GRANT UPDATE (id) ON `{name}`.`or``ders` TO '{name}_r'@'%'"
    ))
    .await;
    let found = shop.source.check().await.unwrap().can_write.unwrap();
    assert!(found.starts_with("it is granted UPDATE on "), "{found}");
}

#[test]
fn urls_we_cannot_read_say_what_to_write() {
    let open = |url: &str| {
        source::open(&SourceConfig::new("shop", url))
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        open("mysql://127.0.0.1/shop"),
        "the source `shop` cannot be used: its URL names no user; write `mysql://USER@HOST/DATABASE`"
    );
    for url in [
        "mysql://me:hunter2@/shop",
        "mysql://me:hunter2@db/shop?nonsense=1",
    ] {
        assert!(!open(url).contains("hunter2"), "{url}");
    }
}

#[test]
fn an_identity_tells_places_and_zones_apart() {
    let identity = |source: std::sync::Arc<dyn Source>| source.identity();
    let config = SourceConfig::new("shop", "mysql://me:hunter2@db:3307/shop");
    let shop = identity(source::open(&config).unwrap());
    assert_eq!(shop, "mysql:db:3307/shop|Asia/Seoul");
    let other = SourceConfig {
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        ..config
    };
    assert_ne!(identity(source::open(&other).unwrap()), shop);
}
