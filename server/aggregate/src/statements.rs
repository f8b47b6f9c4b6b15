//! The table of what is no plain function: aggregates, window functions and forms of SQL.
//!
//! A row is shown by a whole statement, which the tests compare with PostgreSQL's answer.

mod aggregates;
mod forms;
mod windows;

/// Every row, by chapter.
pub static CHAPTERS: &[Chapter] = &[forms::CHAPTER, aggregates::CHAPTER, windows::CHAPTER];

/// Rows that belong together.
pub struct Chapter {
    /// In Korean and in English.
    pub title: [&'static str; 2],
    /// The rows.
    pub statements: &'static [Statement],
}

/// One row of the table.
pub struct Statement {
    /// Lower case.
    pub name: &'static str,
    /// How it is written, with types in the places of values.
    pub written: &'static str,
    /// The type of what it gives.
    pub result: &'static str,
    /// One sentence in Korean and in English.
    pub meaning: [&'static str; 2],
    /// A statement of one column.
    pub example: &'static str,
    /// The same for PostgreSQL, where it writes it in another way.
    pub postgres: Option<&'static str>,
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Statement> {
    CHAPTERS.iter().flat_map(|chapter| chapter.statements)
}

#[cfg(test)]
mod tests {
    use crate::plan::own_names;

    #[test]
    fn everything_that_is_planned_by_name_has_a_row() {
        for name in own_names() {
            assert!(super::all().any(|row| row.name == name), "{name}");
        }
    }
}
