//! A database and its logins, in PostgreSQL's words.
//!
//! Names are ours and need no quotes; passwords have no quotes and no backslashes.

use sqlx::AssertSqlSafe;
use url::Url;

use crate::database::{connect_postgres, run_postgres};

/// Makes what is missing of a database and its two logins.
pub(super) async fn make(
    server: &Url,
    inside: &Url,
    name: &str,
    (reader, reader_password): (&str, &str),
    (writer, writer_password): (&str, &str),
) -> Result<(), sqlx::Error> {
    let mut connection = connect_postgres(server).await?;
    let mut statements = Vec::new();
    for (login, password) in [(reader, reader_password), (writer, writer_password)] {
        let known: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
                .bind(login)
                .fetch_one(&mut connection)
                .await?;
        let verb = if known { "ALTER" } else { "CREATE" };
        statements.push(format!("{verb} ROLE {login} LOGIN PASSWORD '{password}'"));
    }
    let known: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await?;
    if !known {
        statements.push(format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ));
    }
    statements.push(format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"));
    statements.push(format!("GRANT CONNECT ON DATABASE {name} TO {reader}"));
    statements.push(format!("GRANT ALL ON DATABASE {name} TO {writer}"));
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    let mut grants = vec![
        // Before version 15 everybody may create tables there.
        "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("GRANT USAGE ON SCHEMA public TO {reader}"),
        format!("GRANT ALL ON SCHEMA public TO {writer}"),
        format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}"),
        format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {writer}"),
    ];
    // Tables made later, by the administrator or by the writer.
    for maker in ["CURRENT_USER", writer] {
        for (rights, login) in [("SELECT", reader), ("ALL", writer)] {
            grants.push(format!(
                "ALTER DEFAULT PRIVILEGES FOR ROLE {maker} GRANT {rights} ON TABLES TO {login}"
            ));
        }
    }
    run_postgres(inside, &grants).await
}

/// What takes a database and its logins away, whoever is still connected.
pub(super) fn removal(name: &str) -> Vec<String> {
    vec![
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("DROP ROLE IF EXISTS {name}_r"),
        format!("DROP ROLE IF EXISTS {name}_w"),
    ]
}
