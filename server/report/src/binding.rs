//! A statement with placeholders and the values for them, per dialect.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::block::{Block, Bounds, Reading, ReadingError};
use crate::condition::{Beside, ParamUse, Piece, Shape};
use crate::origin::Origins;
use crate::period::{before, is_before};
use crate::report::Report;
use crate::scan::{Kind, Rules, scan};
use crate::value::{Value, Values};

/// What a database expects in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite: `?`, no arrays.
    Sqlite,
    /// PostgreSQL: `$1`, arrays.
    Postgres,
    /// MySQL and MariaDB: `?`, no arrays.
    Mysql,
}

/// A value for one placeholder.
#[derive(Clone, Debug, PartialEq)]
pub enum Bind {
    /// No value; only for `:incremental.since` of a first run.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Timestamp),
    /// Several values in one placeholder; only for `= ANY(…)` on PostgreSQL.
    List(Vec<Bind>),
}

/// What a backslash in a string has to mean to the server, for a statement to mean what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backslash {
    /// Strings end in the same places either way.
    #[default]
    Either,
    /// It takes the next character's meaning, as in MySQL and MariaDB.
    Escapes,
    /// It is a character like any other, as in the mode `NO_BACKSLASH_ESCAPES`.
    Plain,
}

/// A statement as it is sent, and the values of its placeholders in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// Without comments, except optimiser hints.
    pub sql: String,
    /// One per placeholder.
    pub binds: Vec<Bind>,
    /// What a backslash has to mean. Only [`Dialect::Mysql`] leaves it to a setting of the server.
    pub backslash: Backslash,
    origins: Origins,
}

impl Statement {
    /// A statement that stands in no report.
    pub fn new(sql: impl Into<String>, binds: Vec<Bind>) -> Self {
        Self {
            sql: sql.into(),
            binds,
            backslash: Backslash::default(),
            origins: Origins::default(),
        }
    }

    /// The byte of the report's text behind a byte of [`sql`](Self::sql), for
    /// [`Report::place`]; `None` for a statement that stands in no report.
    pub fn written_at(&self, byte: usize) -> Option<usize> {
        self.origins.written_at(byte)
    }
}

/// Why a statement cannot be made from values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A parameter has no value; resolved values of the same report always have one.
    #[error("query `{block}` needs a value for `:{name}`")]
    Missing {
        /// The block.
        block: String,
        /// The parameter, with its field.
        name: String,
    },
    /// A partitioned block was bound without a partition, or a stored value has another type.
    #[error("`:{name}` in query `{block}` cannot take the value it was given")]
    Kind {
        /// The block.
        block: String,
        /// The parameter, with its field.
        name: String,
    },
    /// SQLite would compare a choice with a number or with a text, and nobody can tell with which.
    #[error(
        "`:{name}` in query `{block}` is a number here, and beside an expression SQLite takes it for a text and finds nothing; write `CAST(:{name} AS INTEGER)`, or `CAST(:{name} AS TEXT)` where texts are meant"
    )]
    Untyped {
        /// The block.
        block: String,
        /// The parameter.
        name: String,
    },
    /// The statement means something else in this dialect than the report file says.
    #[error("query `{block}`: {message}")]
    Dialect {
        /// The block.
        block: String,
        /// What to write instead.
        message: String,
    },
    /// A Polars query cannot be read with these values.
    #[error("query `{block}` cannot be read: {message}")]
    Parse {
        /// The block.
        block: String,
        /// What the SQL parser says.
        message: String,
    },
    /// An aggregation was to be sent to a database, or the other way round.
    #[error("query `{block}` does not run there")]
    Engine {
        /// The block.
        block: String,
    },
}

impl Block {
    /// The statement for a database of that dialect: comments removed, conditions applied, a
    /// placeholder for every value.
    ///
    /// Bounds of a period are moments: midnight in the report's zone, also `.before_24_months` and its
    /// like. `.first_day` and `.last_day` are days. `bounds` has what the block's own keys declare.
    ///
    /// # Errors
    /// [`BindError::Missing`] and [`BindError::Kind`] for values that are not of this report,
    /// [`BindError::Dialect`] when the statement cannot be sent to such a database,
    /// [`BindError::Engine`] for an aggregation.
    pub fn bind(
        &self,
        report: &Report,
        dialect: Dialect,
        values: &Values,
        bounds: Bounds<'_>,
    ) -> Result<Statement, BindError> {
        if self.is_polars() {
            return Err(BindError::Engine {
                block: self.name.clone(),
            });
        }
        let (rules, backslash) = self.rules(dialect)?;
        let (span, pieces) = match self.reading(rules) {
            Ok(Some(reading)) => (&reading.span, &reading.pieces),
            Ok(None) => (&self.span, &self.pieces),
            Err(error) => return Err(self.unreadable(rules, error)),
        };
        let mut binder = Binder {
            block: self,
            text: report.text.get(span.clone()).unwrap_or(&self.sql),
            start: span.start,
            rules,
            zone: &report.timezone,
            dialect,
            values,
            bounds,
            statement: Statement::new(String::with_capacity(span.len()), Vec::new()),
        };
        binder.statement.backslash = backslash;
        binder.check_dialect()?;
        binder.pieces(pieces)?;
        binder
            .statement
            .sql
            .truncate(binder.statement.sql.trim_end().len());
        Ok(binder.statement)
    }

    /// The rules by which a database reads this block. MySQL has two, by a setting of the server.
    fn rules(&self, dialect: Dialect) -> Result<(Rules, Backslash), BindError> {
        if dialect != Dialect::Mysql {
            return Ok((Rules::Standard, Backslash::Either));
        }
        Ok(
            match (self.reading(Rules::Backslash), self.reading(Rules::Plain)) {
                (Ok(escapes), Ok(plain)) if escapes == plain => {
                    (Rules::Backslash, Backslash::Either)
                }
                (Ok(_), _) => (Rules::Backslash, Backslash::Escapes),
                (Err(_), Ok(_)) => (Rules::Plain, Backslash::Plain),
                (Err(error), Err(_)) => return Err(self.unreadable(Rules::Backslash, error)),
            },
        )
    }

    /// What is read by these rules; `None` for what all databases read.
    fn reading(&self, rules: Rules) -> Result<Option<&Reading>, &ReadingError> {
        let found = self.readings.iter().find(|(of, _)| *of == rules);
        match found {
            None => Ok(None),
            Some((_, Ok(reading))) => Ok(Some(reading)),
            Some((_, Err(error))) => Err(error),
        }
    }

    fn unreadable(&self, rules: Rules, error: &ReadingError) -> BindError {
        BindError::Dialect {
            block: self.name.clone(),
            message: format!("{} cannot read this: {error}", rules.owners()),
        }
    }
}

/// True when the body of `/*if name*/` is kept: there is a value, and a boolean is true.
pub(crate) fn is_kept(values: &Values, name: &str) -> bool {
    match values.get(name) {
        Some(Value::Boolean(value)) => *value,
        Some(value) => value.is_present(),
        None => false,
    }
}

struct Binder<'a> {
    block: &'a Block,
    /// The statement as this dialect reads it, and where it stands in the report's text.
    text: &'a str,
    start: usize,
    rules: Rules,
    zone: &'a TimeZone,
    dialect: Dialect,
    values: &'a Values,
    bounds: Bounds<'a>,
    statement: Statement,
}

impl Binder<'_> {
    fn pieces(&mut self, pieces: &[Piece]) -> Result<(), BindError> {
        for piece in pieces {
            match piece {
                Piece::Sql(range) => self.as_written(range.clone()),
                Piece::Gap(range) => self.gap(&self.text[range.clone()]),
                Piece::Use(found) => self.parameter(found)?,
                Piece::If {
                    name, body, range, ..
                } => {
                    self.gap(" ");
                    if is_kept(self.values, name) {
                        self.pieces(body)?;
                    } else if self.text[range.clone()].contains('\n') {
                        self.gap("\n");
                    }
                    self.gap(" ");
                }
            }
        }
        Ok(())
    }

    fn as_written(&mut self, range: Range<usize>) {
        let written = &self.text[range.clone()];
        // What is a difference in MySQL must not become a comment when a blank follows it.
        if written.starts_with('-') && self.statement.sql.ends_with('-') {
            self.statement.sql.push(' ');
        }
        self.note(range.start, range.len());
        self.statement.sql.push_str(written);
    }

    /// Notes where in the report's text stands what is sent next.
    fn note(&mut self, at: usize, same: usize) {
        let sent = self.statement.sql.len();
        let written = self.start + at;
        self.statement.origins.note(sent, written, same);
    }

    /// Blanks and comments become one blank, or one line end. Never two in a row.
    fn gap(&mut self, written: &str) {
        let line = written.starts_with(|c: char| c.is_whitespace()) && written.contains('\n');
        let sql = &mut self.statement.sql;
        if sql.is_empty() || sql.ends_with('\n') {
            return;
        }
        if line {
            sql.truncate(sql.trim_end_matches(' ').len());
            if !sql.ends_with('\n') {
                sql.push('\n');
            }
        } else if !sql.ends_with(' ') {
            sql.push(' ');
        }
    }

    fn parameter(&mut self, found: &ParamUse) -> Result<(), BindError> {
        let before = &self.text[found.range.start..found.at.start];
        let after = &self.text[found.at.end..found.range.end];
        let bind = self.value(found)?;
        self.note(found.at.start, 0);
        let Bind::List(items) = bind else {
            // PostgreSQL takes a value for the type of the column beside it, which may be a shorter one
            // than the ends of all keys need.
            let longer = match (&bind, found.name.as_str()) {
                (Bind::Decimal(_), "split") => "::numeric",
                (Bind::Integer(i64::MIN), "incremental") => "::bigint",
                _ => "",
            };
            self.statement.sql.push_str(before);
            self.single(found, bind)?;
            if self.dialect == Dialect::Postgres {
                self.statement.sql.push_str(longer);
            }
            self.statement.sql.push_str(after);
            return Ok(());
        };
        let items = match self.dialect {
            Dialect::Sqlite => items
                .into_iter()
                .flat_map(|item| forms(item, &found.beside))
                .collect(),
            Dialect::Postgres | Dialect::Mysql => items,
        };
        let array = self.dialect == Dialect::Postgres;
        match found.shape {
            Shape::Any | Shape::None if array => {
                self.statement.sql.push_str(before);
                self.placeholder(Bind::List(items));
                self.statement.sql.push_str(after);
            }
            Shape::Any | Shape::None => {
                self.statement.sql.push_str(if found.shape == Shape::Any {
                    "IN ("
                } else {
                    "NOT IN ("
                });
                self.list(items);
                self.statement.sql.push(')');
            }
            Shape::Argument if array => self.placeholder(Bind::List(items)),
            Shape::In | Shape::Argument | Shape::Single => self.list(items),
        }
        Ok(())
    }

    /// One value. SQLite compares numbers with texts as unequal wherever it knows no type, so there it
    /// gets both forms.
    fn single(&mut self, found: &ParamUse, bind: Bind) -> Result<(), BindError> {
        if self.dialect != Dialect::Sqlite {
            self.placeholder(bind);
            return Ok(());
        }
        self.has_a_type(found, &bind)?;
        let forms = forms(bind.clone(), &found.beside);
        if forms.len() < 2 {
            self.placeholder(bind);
            return Ok(());
        }
        if let Beside::Order { left } = &found.beside {
            let left = self.text[left.clone()].to_owned();
            let [text, number] = <[Bind; 2]>::try_from(forms).unwrap_or([bind.clone(), bind]);
            self.statement.sql.push_str("CASE typeof(");
            self.statement.sql.push_str(&left);
            self.statement.sql.push_str(") WHEN 'text' THEN ");
            self.placeholder(text);
            self.statement.sql.push_str(" ELSE ");
            self.placeholder(number);
            self.statement.sql.push_str(" END");
            return Ok(());
        }
        if found.shape == Shape::In {
            self.list(forms);
            return Ok(());
        }
        let sql = &mut self.statement.sql;
        sql.truncate(sql.trim_end().len());
        let operator = ["==", "<>", "!=", "="]
            .into_iter()
            .find(|operator| sql.ends_with(operator));
        let Some(operator) = operator else {
            sql.push(' ');
            self.placeholder(bind);
            return Ok(());
        };
        sql.truncate(sql.len() - operator.len());
        sql.push_str(match operator {
            "<>" | "!=" => "NOT IN (",
            _ => "IN (",
        });
        self.list(forms);
        self.statement.sql.push(')');
        Ok(())
    }

    /// Refuses a choice that is a number where SQLite would compare its text with one.
    fn has_a_type(&self, found: &ParamUse, bind: &Bind) -> Result<(), BindError> {
        let is_choice = matches!(
            self.values.get(&found.name),
            Some(Value::Choice(_) | Value::Choices(_))
        );
        match bind {
            Bind::Text(text)
                if is_choice && found.beside == Beside::Other && number(text).is_some() =>
            {
                Err(BindError::Untyped {
                    block: self.block.name.clone(),
                    name: found.name.clone(),
                })
            }
            _ => Ok(()),
        }
    }

    fn list(&mut self, items: Vec<Bind>) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.statement.sql.push_str(", ");
            }
            self.placeholder(item);
        }
    }

    fn placeholder(&mut self, bind: Bind) {
        self.statement.binds.push(bind);
        match self.dialect {
            // Every use has its own number: PostgreSQL would else demand one type for all of them.
            Dialect::Postgres => {
                self.statement.sql.push('$');
                self.statement
                    .sql
                    .push_str(&self.statement.binds.len().to_string());
            }
            Dialect::Sqlite | Dialect::Mysql => self.statement.sql.push('?'),
        }
    }

    /// An end of a range of keys: a whole number, or a decimal where 64 bits do not hold it.
    fn edge(&self, at: i128) -> Bind {
        match i64::try_from(at) {
            Ok(edge) => Bind::Integer(edge),
            // SQLite has no smaller whole number, and would compare the digits as a text.
            Err(_) if self.dialect == Dialect::Sqlite && at < 0 => Bind::Integer(i64::MIN),
            Err(_) => Bind::Decimal(Decimal::from_i128_with_scale(at, 0)),
        }
    }

    fn value(&self, found: &ParamUse) -> Result<Bind, BindError> {
        let written = || match &found.field {
            Some(field) => format!("{}.{field}", found.name),
            None => found.name.clone(),
        };
        let missing = || BindError::Missing {
            block: self.block.name.clone(),
            name: written(),
        };
        match (found.name.as_str(), found.field.as_deref()) {
            ("partition", Some("from")) => self
                .bounds
                .partition
                .map(|bounds| Bind::Instant(bounds.from))
                .ok_or_else(missing),
            ("partition", Some("until")) => self
                .bounds
                .partition
                .map(|bounds| Bind::Instant(bounds.until))
                .ok_or_else(missing),
            ("incremental", Some("since")) => self.bounds.since.cloned().ok_or_else(missing),
            ("split", Some("from")) => self
                .bounds
                .range
                .map(|range| self.edge(range.from))
                .ok_or_else(missing),
            ("split", Some("until")) => self
                .bounds
                .range
                .map(|range| self.edge(range.until))
                .ok_or_else(missing),
            (name, field) => {
                let value = self
                    .values
                    .get(name)
                    .filter(|value| value.is_present())
                    .ok_or_else(missing)?;
                bind_value(value, field, self.zone).ok_or_else(|| BindError::Kind {
                    block: self.block.name.clone(),
                    name: written(),
                })
            }
        }
    }

    /// Refuses what this dialect reads differently than the scanner did: a value must never end up
    /// inside a string, nor a string become SQL.
    fn check_dialect(&self) -> Result<(), BindError> {
        let refuse = |message: &str| {
            Err(BindError::Dialect {
                block: self.block.name.clone(),
                message: message.to_owned(),
            })
        };
        for token in scan(self.text, 0..self.text.len(), self.rules).tokens {
            let text = &self.text[token.range.clone()];
            match (self.dialect, token.kind) {
                (Dialect::Mysql | Dialect::Sqlite, Kind::Dollar) => {
                    return refuse(
                        "only PostgreSQL has dollar quotes; write the text in single quotes",
                    );
                }
                (Dialect::Mysql | Dialect::Sqlite, Kind::Other) if text == "?" => {
                    return refuse("`?` is a placeholder; use a parameter `:name`");
                }
                (Dialect::Postgres, Kind::Word) if is_numbered(text) => {
                    return refuse("`$1` is a placeholder; use a parameter `:name`");
                }
                (Dialect::Sqlite, Kind::Word) if text.starts_with('$') => {
                    return refuse("`$name` is a placeholder; use a parameter `:name`");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A value in every form a column without a type may hold it in, for SQLite; for [`Beside::Order`] the
/// text, then the number.
fn forms(bind: Bind, beside: &Beside) -> Vec<Bind> {
    match beside {
        Beside::Nothing | Beside::Other => vec![bind],
        Beside::Order { .. } => match &bind {
            Bind::Integer(value) => vec![Bind::Text(value.to_string()), bind],
            Bind::Decimal(value) => vec![Bind::Text(value.to_string()), bind],
            Bind::Text(text) => match number(text) {
                Some(number) => vec![bind, number],
                None => vec![bind],
            },
            _ => vec![bind],
        },
        Beside::Equal { is_declared } => match &bind {
            Bind::Integer(value) => vec![Bind::Text(value.to_string()), bind],
            Bind::Decimal(value) => vec![Bind::Text(value.to_string()), bind],
            Bind::Boolean(value) => vec![Bind::Text(value.to_string()), bind],
            Bind::Date(day) => vec![
                Bind::Text(format!("{day} 00:00:00")),
                Bind::Text(format!("{day}T00:00:00")),
                bind,
            ],
            Bind::Text(text) => match (text.as_str(), number(text)) {
                ("true", _) => vec![bind, Bind::Boolean(true)],
                ("false", _) => vec![bind, Bind::Boolean(false)],
                // A column of texts turns the number into one, which must be the same text.
                (text, Some(number)) if !is_declared || shown(&number) == text => {
                    vec![bind, number]
                }
                _ => vec![bind],
            },
            _ => vec![bind],
        },
    }
}

/// The number a text is, of digits that a double keeps. `007` is none: zeros at the beginning say that
/// it is a code.
fn number(text: &str) -> Option<Bind> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = whole.len() > 1 && whole.starts_with('0');
    if !is_digits(whole) || !is_digits(fraction) || is_code {
        return None;
    }
    match text.parse::<i64>() {
        Ok(value) => Some(Bind::Integer(value)),
        Err(_) if whole.len() + fraction.len() <= 15 => {
            Some(Bind::Decimal(text.parse::<Decimal>().ok()?))
        }
        Err(_) => None,
    }
}

/// The number as SQLite prints it.
fn shown(number: &Bind) -> String {
    match number {
        Bind::Integer(value) => value.to_string(),
        Bind::Decimal(value) if value.fract().is_zero() => format!("{}.0", value.normalize()),
        Bind::Decimal(value) => value.normalize().to_string(),
        _ => String::new(),
    }
}

fn is_numbered(word: &str) -> bool {
    word.strip_prefix('$')
        .is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}

/// A value, or one field of it, as it is bound. `None` when the field is not of its kind.
fn bind_value(value: &Value, field: Option<&str>, zone: &TimeZone) -> Option<Bind> {
    Some(match (value, field) {
        (Value::Text(value) | Value::Choice(value), None) => Bind::Text(value.clone()),
        (Value::Choices(values), None) => {
            Bind::List(values.iter().cloned().map(Bind::Text).collect())
        }
        (Value::Integer(value), None) => Bind::Integer(*value),
        (Value::Decimal(value), None) => Bind::Decimal(*value),
        (Value::Boolean(value), None) => Bind::Boolean(*value),
        (Value::Date(value), None) => Bind::Date(*value),
        (Value::Datetime(value), None) => Bind::Instant(*value),
        (Value::Period { from, .. }, Some("from")) => Bind::Instant(midnight(*from, zone)?),
        (Value::Period { until, .. }, Some("until")) => Bind::Instant(midnight(*until, zone)?),
        (Value::Period { from, .. }, Some("first_day")) => Bind::Date(*from),
        (Value::Period { from, .. }, Some(field)) if is_before(field) => {
            Bind::Instant(midnight(before(*from, field)?, zone)?)
        }
        (Value::Period { until, .. }, Some("last_day")) => Bind::Date(until.yesterday().ok()?),
        _ => return None,
    })
}

/// The first moment of a day in a zone; where the clock skips midnight, the moment after the gap.
pub(crate) fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned(zone.clone())
        .ok()
        .map(|midnight| midnight.timestamp())
}
