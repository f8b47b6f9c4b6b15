//! The clock of a session: it runs in the source's zone.
//!
//! The server compares a bound moment with a zone-less column as it is written, and with a column
//! of type `TIMESTAMP` by the session's zone, and it tells nobody which of the two it compares
//! with. Both come out right only when the session's zone is the one that zone-less columns are
//! in. `NOW()` and `DATE(…)` then mean what the author of a report means, too. The price: columns
//! of type `TIMESTAMP` arrive as wall time of that zone. See docs/decisions.
//!
//! A zone that has had one offset since 1990 is set as that offset, which every server knows.
//! Others are set by name, or as the server's own zone, and believed only after the server has
//! answered where their clocks stood, twice a year from 1990 to 2037.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Executor, Row};

use super::error::{self, Failed};
use crate::SourceError;

/// The first and the last year whose clocks are compared. `TIMESTAMP` ends in January 2038.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2037;

/// The zone of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// Always this far east of UTC.
    Fixed {
        /// Seconds east of UTC.
        seconds: i32,
    },
    /// The clocks of the source's zone, by the name the server has for it.
    Named(String),
}

impl Clock {
    /// What `time_zone` is set to.
    fn setting(&self) -> String {
        match self {
            Self::Fixed { seconds } => {
                let (sign, minutes) = (if *seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Self::Named(name) => name.clone(),
        }
    }
}

/// Sets the session's zone to the source's.
///
/// # Errors
/// [`SourceError::Config`] when the server does not know the clocks of the zone.
pub(super) async fn set(
    connection: &mut MySqlConnection,
    source: &str,
    zone: &TimeZone,
) -> Result<Clock, Failed> {
    if let Some(clock) = steady(zone) {
        if try_set(connection, &clock).await? {
            return Ok(clock);
        }
    } else {
        let names = [zone.iana_name(), Some("SYSTEM")];
        for name in names.into_iter().flatten() {
            let clock = Clock::Named(name.to_owned());
            if try_set(connection, &clock).await? && agrees(connection, zone).await? {
                return Ok(clock);
            }
        }
    }
    let name = zone.iana_name().unwrap_or("of the configuration");
    Err(Failed::Known(SourceError::config(
        source,
        format!(
            "its server does not know the clocks of the zone `{name}`; load them there with `mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql mysql`, or give the source a `zone` without summer time"
        ),
    )))
}

/// The only offset a zone has had, if it is one.
fn steady(zone: &TimeZone) -> Option<Clock> {
    let mut offsets = samples().map(|sample| zone.to_offset(sample).seconds());
    let seconds = offsets.next()?;
    offsets
        .all(|other| other == seconds)
        .then_some(Clock::Fixed { seconds })
}

/// Noon of two days of every year, one in each half of it.
fn samples() -> impl Iterator<Item = Timestamp> {
    YEARS
        .flat_map(|year| [date(year, 1, 15), date(year, 7, 15)])
        .filter_map(|day| {
            let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
            Some(noon.timestamp())
        })
}

/// Whether the server knows the zone.
async fn try_set(connection: &mut MySqlConnection, clock: &Clock) -> Result<bool, sqlx::Error> {
    /// `ER_UNKNOWN_TIME_ZONE`
    const UNKNOWN: u16 = 1298;
    // A name of the zone database holds no quote, but it came from a configuration.
    let setting = clock.setting().replace(['\'', '\\'], "");
    let set = AssertSqlSafe(format!("SET SESSION time_zone = '{setting}'"));
    match connection.execute(sqlx::raw_sql(set)).await {
        Ok(_) => Ok(true),
        Err(error) if error::number(&error) == Some(UNKNOWN) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the clocks of the session are those of the zone.
async fn agrees(connection: &mut MySqlConnection, zone: &TimeZone) -> Result<bool, sqlx::Error> {
    let asked: Vec<String> = samples()
        .map(|sample| zone.to_datetime(sample))
        .map(|wall| {
            format!(
                "CAST(UNIX_TIMESTAMP('{}') AS SIGNED)",
                wall.strftime("%F %T")
            )
        })
        .collect();
    let sql = format!("SELECT CONCAT_WS(',', {}) AS seconds", asked.join(", "));
    let row = connection
        .fetch_one(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await?;
    let answered: String = row.try_get_unchecked(0)?;
    let expected: Vec<String> = samples()
        .map(|sample| sample.as_second().to_string())
        .collect();
    Ok(answered == expected.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(zone: &str) -> Option<String> {
        steady(&TimeZone::get(zone).unwrap()).map(|clock| clock.setting())
    }

    #[test]
    fn zones_without_summer_time_are_an_offset() {
        assert_eq!(clock("Asia/Seoul").as_deref(), Some("+09:00"));
        assert_eq!(clock("Asia/Kolkata").as_deref(), Some("+05:30"));
        assert_eq!(clock("America/Phoenix").as_deref(), Some("-07:00"));
        assert_eq!(clock("UTC").as_deref(), Some("+00:00"));
        assert_eq!(clock("Europe/Berlin"), None);
        // It moved its clocks for good in 2015.
        assert_eq!(clock("Asia/Pyongyang"), None);
    }
}
