//! From a report's words to a source's. The two crates know nothing of each other.

use report::Bind;
use source::Param;

/// The dialect to bind for.
pub(super) fn dialect(dialect: source::Dialect) -> report::Dialect {
    match dialect {
        source::Dialect::Sqlite => report::Dialect::Sqlite,
        source::Dialect::Postgres => report::Dialect::Postgres,
        source::Dialect::Mysql => report::Dialect::Mysql,
    }
}

/// What a backslash has to mean.
pub(super) fn backslash(backslash: report::Backslash) -> source::Backslash {
    match backslash {
        report::Backslash::Either => source::Backslash::Either,
        report::Backslash::Escapes => source::Backslash::Escapes,
        report::Backslash::Plain => source::Backslash::Plain,
    }
}

/// A value as the source binds it.
pub(super) fn param(bind: Bind) -> Param {
    match bind {
        Bind::Null => Param::Null,
        Bind::Boolean(value) => Param::Boolean(value),
        Bind::Integer(value) => Param::Integer(value),
        Bind::Decimal(value) => {
            // A decimal has at most 28 digits behind its point.
            let scale = u8::try_from(value.scale()).unwrap_or(u8::MAX);
            Param::Decimal {
                mantissa: value.mantissa(),
                scale,
            }
        }
        Bind::Text(value) => Param::Text(value),
        Bind::Date(value) => Param::Date(value),
        Bind::Instant(value) => Param::Instant(value),
        Bind::List(values) => Param::List(values.into_iter().map(param).collect()),
    }
}
