//! What a statement answers.

use std::fmt;

/// Rows as text, the way PostgreSQL writes them.
#[derive(Clone, Debug)]
pub struct Answer {
    pub names: Vec<String>,
    /// As PostgreSQL's protocol calls them.
    pub types: Vec<&'static str>,
    /// Columns whose decimals are kept to as many digits as a division needs.
    pub is_quotient: Vec<bool>,
    pub rows: Vec<Vec<Option<String>>>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads: Vec<String> = self
            .names
            .iter()
            .zip(&self.types)
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        write!(f, "    {}", heads.join(" | "))?;
        for row in self.rows.iter().take(12) {
            write!(f, "\n    {}", line(row))?;
        }
        if self.rows.len() > 12 {
            write!(f, "\n    and {} more", self.rows.len() - 12)?;
        }
        Ok(())
    }
}

/// A row as it is shown.
pub fn line(row: &[Option<String>]) -> String {
    let cells: Vec<&str> = row
        .iter()
        .map(|cell| cell.as_deref().unwrap_or("∅"))
        .collect();
    cells.join(" | ")
}
