//! Names an answer by everything that decides it.
//!
//! Two statements share an answer only when source, statement, every bound value (values from the
//! session included), partition and zone are the same, so one viewer's rows never serve another.

use jiff::tz::TimeZone;
use report::{Bind, Incremental, PartitionBounds, Statement};
use rows::ColumnInfo;
use sha2::{Digest, Sha256};

use crate::stage::keep::KeptAs;

/// Raised whenever staged files change their shape, so that older ones are not found any more.
const STAGE_VERSION: u32 = 3;

/// Everything that decides an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ingredients<'a> {
    /// Why the answer is kept: the same statement may be kept for different reasons.
    pub(crate) kept_as: KeptAs,
    /// The source's name in reports.
    pub(crate) source: &'a str,
    /// Which database it is and how it is read; changes with the source's configuration.
    pub(crate) identity: &'a str,
    /// The statement as sent, with its values.
    pub(crate) statement: &'a Statement,
    /// The partition of a period it covers.
    pub(crate) partition: Option<&'a PartitionBounds>,
    /// How the rows of several runs are put together; without the lookback, which changes only how
    /// much is read again.
    pub(crate) increment: Option<&'a Incremental>,
    /// The zone date-times are staged in.
    pub(crate) zone: &'a TimeZone,
}

impl Ingredients<'_> {
    /// SHA-256 in lower-case hex; a file name of 64 characters.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Hash(Sha256::new());
        hash.number(u64::from(STAGE_VERSION));
        hash.text(self.kept_as.as_str());
        hash.text(self.source);
        hash.text(self.identity);
        hash.text(&normalised(&self.statement.sql));
        hash.binds(&self.statement.binds);
        match self.partition {
            None => hash.tag(0),
            Some(bounds) => {
                hash.tag(1);
                hash.text(&bounds.from.to_string());
                hash.text(&bounds.until.to_string());
            }
        }
        match self.increment {
            None => hash.tag(0),
            Some(increment) => {
                hash.tag(1);
                hash.text(&increment.column);
                hash.number(increment.keys.len() as u64);
                increment.keys.iter().for_each(|key| hash.text(key));
            }
        }
        // A zone without a name is a fixed offset, which `Debug` spells out.
        match self.zone.iana_name() {
            Some(name) => hash.text(name),
            None => hash.text(&format!("{:?}", self.zone)),
        }
        hex::encode(hash.0.finalize())
    }
}

/// Raised whenever the same SQL over the same rows may answer something else.
const SUMS_VERSION: u32 = 2;

/// What the sums of a kept file are known by: its very bytes, its columns as the query sees them,
/// and the plan.
pub(crate) fn of_sums(sha256: &str, columns: &[ColumnInfo], plan: &str) -> String {
    let mut hash = Hash(Sha256::new());
    hash.number(u64::from(STAGE_VERSION));
    hash.number(u64::from(SUMS_VERSION));
    hash.text(KeptAs::Sums.as_str());
    hash.text(sha256);
    hash.number(columns.len() as u64);
    for column in columns {
        hash.text(&column.name);
        hash.text(&format!(
            "{:?} {} {}",
            column.kind, column.is_narrow, column.is_mixed
        ));
    }
    hash.text(plan);
    hex::encode(hash.0.finalize())
}

/// The statement without indentation and line ends that change nothing. A statement with quotes
/// stays as it is: spaces inside a text count.
fn normalised(sql: &str) -> String {
    if sql.contains(['\'', '"', '`', '$']) {
        return sql.trim().to_owned();
    }
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every part is hashed with its kind or length, so that parts cannot flow into each other.
struct Hash(Sha256);

impl Hash {
    fn tag(&mut self, tag: u8) {
        self.0.update([tag]);
    }

    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn binds(&mut self, binds: &[Bind]) {
        self.number(binds.len() as u64);
        for bind in binds {
            match bind {
                Bind::Null => self.tag(0),
                Bind::Boolean(value) => {
                    self.tag(1);
                    self.tag(u8::from(*value));
                }
                Bind::Integer(value) => {
                    self.tag(2);
                    self.0.update(value.to_le_bytes());
                }
                Bind::Decimal(value) => {
                    self.tag(3);
                    // 1.0 and 1.00 may be different texts at the source.
                    self.text(&value.to_string());
                }
                Bind::Text(value) => {
                    self.tag(4);
                    self.text(value);
                }
                Bind::Date(value) => {
                    self.tag(5);
                    self.text(&value.to_string());
                }
                Bind::Instant(value) => {
                    self.tag(6);
                    self.text(&value.to_string());
                }
                Bind::List(values) => {
                    self.tag(7);
                    self.binds(values);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn statement(sql: &str, binds: Vec<Bind>) -> Statement {
        Statement::new(sql, binds)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn every_ingredient_changes_it() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let base = statement(
            "SELECT ?, ?",
            vec![Bind::Text("a".into()), Bind::Text("b".into())],
        );
        let statements = [
            base.clone(),
            statement(
                "SELECT ?, ? ",
                vec![Bind::Text("a".into()), Bind::Text("c".into())],
            ),
            statement(
                "SELECT ?,  ?",
                vec![Bind::Text("ab".into()), Bind::Text(String::new())],
            ),
            statement(
                "SELECT ?, ?",
                vec![Bind::Text(String::new()), Bind::Text("ab".into())],
            ),
            statement("SELECT ?", vec![Bind::Text("a".into())]),
            statement("SELECT ?", vec![Bind::Null]),
            statement("SELECT ?", vec![Bind::Boolean(true)]),
            statement("SELECT ?", vec![Bind::Boolean(false)]),
            statement("SELECT ?", vec![Bind::Integer(1)]),
            statement("SELECT ?", vec![Bind::Integer(2)]),
            statement("SELECT ?", vec![Bind::Decimal("1.0".parse().unwrap())]),
            statement("SELECT ?", vec![Bind::Decimal("1.00".parse().unwrap())]),
            statement("SELECT ?", vec![Bind::Text("1".into())]),
            statement("SELECT ?", vec![Bind::Date(date(2026, 1, 1))]),
            statement("SELECT ?", vec![Bind::Text("2026-01-01".into())]),
            statement("SELECT ?", vec![Bind::Instant(at(0))]),
            statement("SELECT ?", vec![Bind::Instant(at(1))]),
            statement(
                "SELECT ?",
                vec![Bind::List(vec![Bind::Integer(1), Bind::Integer(2)])],
            ),
            statement(
                "SELECT ?",
                vec![Bind::List(vec![Bind::Integer(1)]), Bind::Integer(2)],
            ),
            statement("SELECT 'a  b'", vec![]),
            statement("SELECT 'a b'", vec![]),
        ];
        let bounds = PartitionBounds {
            from: at(0),
            until: at(60),
        };
        let longer = PartitionBounds {
            from: at(0),
            until: at(61),
        };
        let later = PartitionBounds {
            from: at(1),
            until: at(60),
        };
        let increment = |column: &str, keys: &[&str]| Incremental {
            column: column.into(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            lookback: None,
        };
        let increments = [
            increment("a", &["b"]),
            increment("b", &["a"]),
            increment("a", &["b", "c"]),
            increment("a", &["bc"]),
        ];
        let one = Ingredients {
            kept_as: KeptAs::Cache,
            increment: None,
            source: "shop",
            identity: "sqlite:a",
            statement: &base,
            partition: None,
            zone: &seoul,
        };
        let mut all: Vec<_> = statements
            .iter()
            .map(|statement| Ingredients { statement, ..one }.fingerprint())
            .collect();
        all.extend(increments.iter().map(|increment| {
            Ingredients {
                increment: Some(increment),
                ..one
            }
            .fingerprint()
        }));
        all.extend([
            Ingredients {
                kept_as: KeptAs::Partition,
                ..one
            }
            .fingerprint(),
            Ingredients {
                source: "crm",
                ..one
            }
            .fingerprint(),
            Ingredients {
                identity: "sqlite:b",
                ..one
            }
            .fingerprint(),
            Ingredients {
                source: "shops",
                identity: "qlite:a",
                ..one
            }
            .fingerprint(),
            Ingredients {
                partition: Some(&bounds),
                ..one
            }
            .fingerprint(),
            Ingredients {
                partition: Some(&longer),
                ..one
            }
            .fingerprint(),
            Ingredients {
                partition: Some(&later),
                ..one
            }
            .fingerprint(),
            Ingredients {
                zone: &tokyo,
                ..one
            }
            .fingerprint(),
        ]);
        let different: BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn indentation_does_not_change_it() {
        let zone = TimeZone::UTC;
        let print = |sql| {
            let statement = statement(sql, vec![]);
            Ingredients {
                kept_as: KeptAs::Cache,
                increment: None,
                source: "s",
                identity: "i",
                statement: &statement,
                partition: None,
                zone: &zone,
            }
            .fingerprint()
        };
        assert_eq!(print("SELECT a\nFROM t"), print("  SELECT a\n    FROM t\n"));
        assert_ne!(print("SELECT 'a\nb'"), print("SELECT 'a b'"));
    }
}
