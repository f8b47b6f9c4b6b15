//! The test of a connection: who answers, and whether the sign-in could change something.
//!
//! Two things are asked, because each of them alone can be wrong. A deletion of no rows is really
//! tried on a few tables, and rolled back: it needs the permission and nothing else, and leaves
//! nothing. And the list of grants is read, for tables that were not tried.

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::error::Location;
use super::{MysqlSource, connect};
use crate::{Checked, SourceError};

/// Tables on which a deletion is tried.
const TRIED: u32 = 20;

/// Grants that change something.
const WRITING: [&str; 16] = [
    "ALL PRIVILEGES",
    "INSERT",
    "UPDATE",
    "DELETE",
    "DELETE HISTORY",
    "CREATE",
    "DROP",
    "ALTER",
    "INDEX",
    "TRIGGER",
    "EVENT",
    "CREATE VIEW",
    "CREATE ROUTINE",
    "ALTER ROUTINE",
    "FILE",
    "SUPER",
];

/// Grants that reach beyond tables, on everything.
const FILES: [&str; 3] = ["ALL PRIVILEGES", "FILE", "SUPER"];

pub(super) async fn check(source: &MysqlSource) -> Result<Checked, SourceError> {
    let mut session = connect::bare(source).await?;
    let endpoint = session.endpoint.shown();
    let asked = async {
        let grants = grants(&mut session.connection).await?;
        let can_write = can_write(&mut session.connection, &grants).await?;
        let reading = grants
            .iter()
            .find_map(|line| granted(line, &FILES, Some("*.*")));
        Ok((can_write, reading))
    };
    let (can_write, can_read_files) = asked
        .await
        .map_err(|error| Location::new(&source.name, &endpoint).explain(error))?;
    // Nothing is left to be said; an error here would not change the answer.
    drop(session.connection.close().await);
    Ok(Checked {
        endpoint,
        version: session.version,
        can_write,
        can_read_files,
    })
}

async fn grants(connection: &mut MySqlConnection) -> Result<Vec<String>, sqlx::Error> {
    let rows = connection.fetch_all(sqlx::raw_sql("SHOW GRANTS")).await?;
    rows.iter().map(|row| row.try_get_unchecked(0)).collect()
}

/// What the sign-in could change, if anything.
async fn can_write(
    connection: &mut MySqlConnection,
    grants: &[String],
) -> Result<Option<String>, sqlx::Error> {
    if let Some(table) = deletable(connection).await? {
        return Ok(Some(format!("it may delete from {table}")));
    }
    let writing = |line: &String| granted(line, &WRITING, None);
    Ok(grants.iter().find_map(writing))
}

/// A table the sign-in may delete from, among the first of its database.
async fn deletable(connection: &mut MySqlConnection) -> Result<Option<String>, sqlx::Error> {
    // Tables that somebody is changing are not waited for. Only tables whose changes can be taken
    // back are tried, although nothing is changed.
    let set = "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1";
    connection.execute(sqlx::raw_sql(set)).await?;
    let sql = format!(
        "SELECT CONCAT('`', REPLACE(table_schema, '`', '``'), '`.`', REPLACE(table_name, '`', '``'), '`') AS place \
         FROM information_schema.tables \
         WHERE table_type = 'BASE TABLE' AND engine = 'InnoDB' \
           AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') \
         ORDER BY table_schema = DATABASE() DESC, table_schema, table_name LIMIT {TRIED}"
    );
    let tables = connection
        .fetch_all(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await?;
    for table in tables {
        let table: String = table.try_get_unchecked(0)?;
        connection
            .execute(sqlx::raw_sql("START TRANSACTION"))
            .await?;
        let delete = AssertSqlSafe(format!("DELETE FROM {table} WHERE FALSE"));
        let tried = connection.execute(sqlx::raw_sql(delete)).await;
        connection.execute(sqlx::raw_sql("ROLLBACK")).await?;
        match tried {
            Ok(_) => return Ok(Some(table)),
            // Refused, which is as it should be.
            Err(sqlx::Error::Database(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Which of these privileges a line of grants gives, anywhere or at one place. Never its end, where a hash of the
/// password may stand.
fn granted(line: &str, wanted: &[&str], at: Option<&str>) -> Option<String> {
    let (privileges, rest) = line.strip_prefix("GRANT ")?.split_once(" ON ")?;
    let (place, _) = rest.split_once(" TO ")?;
    if at.is_some_and(|at| at != place) {
        return None;
    }
    // Columns may follow in brackets, with commas of their own.
    let mut depth = 0;
    let names = privileges.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    let granted: Vec<&str> = names
        .map(|name| name.split('(').next().unwrap_or_default().trim())
        .filter(|name| wanted.contains(name))
        .collect();
    (!granted.is_empty()).then(|| format!("it is granted {} on {place}", granted.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_say_what_they_permit_and_never_a_hash() {
        let cases = [
            (
                "GRANT USAGE ON *.* TO `me`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'",
                None,
            ),
            ("GRANT SELECT, SHOW VIEW ON `shop`.* TO `me`@`%`", None),
            (
                "GRANT SELECT (id, note), UPDATE (note, id) ON `shop`.`orders` TO `me`@`%`",
                Some("it is granted UPDATE on `shop`.`orders`"),
            ),
            (
                "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED BY PASSWORD '*81F5' WITH GRANT OPTION",
                Some("it is granted ALL PRIVILEGES on *.*"),
            ),
            ("GRANT `reader` TO `me`@`%`", None),
            (
                "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
                None,
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(granted(line, &WRITING, None).as_deref(), expected, "{line}");
        }
        let files = |line: &str| granted(line, &FILES, Some("*.*"));
        assert_eq!(
            files("GRANT SELECT, FILE ON *.* TO `me`@`%`").as_deref(),
            Some("it is granted FILE on *.*")
        );
        assert_eq!(files("GRANT ALL PRIVILEGES ON `shop`.* TO `me`@`%`"), None);
    }
}
