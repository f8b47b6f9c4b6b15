//! Servers with a certificate.

use testbed::{Mariadb, Options, Postgres, Tls};

use super::{mariadb, postgres};

fn required() -> Options {
    Options {
        tls: Tls::Required,
        ..Options::default()
    }
}

#[tokio::test]
async fn postgres_takes_only_encrypted_connections_when_told_so() {
    let server = Postgres::start(&required()).unwrap();
    let database = server.database().unwrap();
    let authority = server.authority().unwrap().display();
    let checked = format!(
        "{}?sslmode=verify-full&sslrootcert={authority}",
        database.reader
    );
    let mut connection = postgres(&checked).await.unwrap();
    let encrypted: bool =
        sqlx::query_scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert!(encrypted);
    // Nobody this machine trusts has signed it.
    let unchecked = format!("{}?sslmode=verify-full", database.reader);
    assert!(postgres(&unchecked).await.is_err());
    let plain = format!("{}?sslmode=disable", database.reader);
    let error = postgres(&plain).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "28000");
}

#[tokio::test]
async fn mariadb_takes_only_encrypted_connections_when_told_so() {
    let server = Mariadb::start(&required()).unwrap();
    let database = server.database().unwrap();
    let authority = server.authority().unwrap().display();
    let checked = format!(
        "{}?ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}",
        database.reader
    );
    let mut connection = mariadb(&checked).await.unwrap();
    let (_, cipher): (String, String) = sqlx::query_as("SHOW STATUS LIKE 'Ssl_cipher'")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(!cipher.is_empty());
    let unchecked = format!("{}?ssl-mode=VERIFY_IDENTITY", database.reader);
    assert!(mariadb(&unchecked).await.is_err());
    let plain = format!("{}?ssl-mode=DISABLED", database.reader);
    assert!(mariadb(&plain).await.is_err());
}

#[tokio::test]
async fn a_server_that_offers_encryption_takes_plain_connections_too() {
    let options = Options {
        tls: Tls::Offered,
        ..Options::default()
    };
    let server = Postgres::start(&options).unwrap();
    let database = server.database().unwrap();
    for mode in ["disable", "require"] {
        postgres(&format!("{}?sslmode={mode}", database.reader))
            .await
            .unwrap();
    }
}
