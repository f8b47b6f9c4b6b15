//! A database and its logins, in MariaDB's words.
//!
//! Names are ours and need no quotes; passwords have no quotes and no backslashes.

/// What makes what is missing of a database and its two logins.
pub(super) fn make(
    name: &str,
    (reader, reader_password): (&str, &str),
    (writer, writer_password): (&str, &str),
) -> Vec<String> {
    let mut statements = vec![format!(
        "CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    )];
    for (login, password, rights) in [
        (reader, reader_password, "SELECT"),
        (writer, writer_password, "ALL"),
    ] {
        statements.push(format!("CREATE USER IF NOT EXISTS '{login}'@'%'"));
        statements.push(format!(
            "ALTER USER '{login}'@'%' IDENTIFIED BY '{password}'"
        ));
        statements.push(format!("GRANT {rights} ON {name}.* TO '{login}'@'%'"));
    }
    statements
}

/// What takes a database and its logins away.
pub(super) fn removal(name: &str) -> Vec<String> {
    vec![
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("DROP USER IF EXISTS '{name}_r'@'%'"),
        format!("DROP USER IF EXISTS '{name}_w'@'%'"),
    ]
}

/// The file a server reads when it starts: one statement a line.
pub(super) fn begin(administrator: &str, password: &str) -> String {
    format!(
        "CREATE USER IF NOT EXISTS '{administrator}'@'%' IDENTIFIED BY '{password}';\n\
         GRANT ALL ON *.* TO '{administrator}'@'%' WITH GRANT OPTION;\n\
         DELETE FROM mysql.global_priv WHERE User IN ('', 'root');\n\
         FLUSH PRIVILEGES;\n"
    )
}
