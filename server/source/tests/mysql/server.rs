//! The server the tests run on, and a database of its own for each of them.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use url::Url;

/// A server whose login may do everything, such as `mysql://root@127.0.0.1:3306/test`.
const VARIABLE: &str = "DIGGER_TEST_MYSQL_URL";

/// A database of a test's own. Dropped: it and its logins are gone.
pub struct Database {
    /// Its name, and the beginning of the names of its logins.
    pub name: String,
    /// May do everything.
    pub administrator: Url,
    /// May read this database and change nothing.
    pub reader: Url,
}

impl Database {
    pub async fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(1);
        let server = std::env::var(VARIABLE).unwrap_or_else(|_| {
            panic!("name a MySQL or MariaDB server in {VARIABLE}, such as mysql://root@127.0.0.1:3306/test")
        });
        let mut administrator = Url::parse(&server).unwrap();
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("digger_test_{}_{number}", std::process::id());
        let mut connection = connect(&administrator).await;
        for sql in [
            format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4"),
            format!("CREATE USER '{name}_r'@'%' IDENTIFIED BY 'p%40ss/{number}'"),
            format!("GRANT SELECT ON `{name}`.* TO '{name}_r'@'%'"),
        ] {
            connection
                .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
                .await
                .unwrap();
        }
        administrator.set_path(&name);
        let mut reader = administrator.clone();
        reader.set_username(&format!("{name}_r")).unwrap();
        // Special characters are what passwords break on.
        reader
            .set_password(Some(&format!("p%2540ss%2F{number}")))
            .unwrap();
        Self {
            name,
            administrator,
            reader,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (name, administrator) = (self.name.clone(), self.administrator.clone());
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut connection = connect(&administrator).await;
                for sql in [
                    format!("DROP DATABASE `{name}`"),
                    format!("DROP USER '{name}_r'@'%'"),
                ] {
                    let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
                    done.unwrap();
                }
            });
        });
        // A failed test must not be hidden by a second panic.
        drop(cleaned.join());
    }
}

/// An ordinary connection of the driver.
pub async fn connect(url: &Url) -> MySqlConnection {
    MySqlConnectOptions::from_url(url)
        .unwrap()
        .timezone(None)
        .connect()
        .await
        .unwrap()
}
