//! Points in time as people read them.

use app::view::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lang::Lang;

/// Where most readers are; used where no report names a zone.
pub(super) fn default_zone() -> TimeZone {
    // The zone database is part of the binary.
    TimeZone::get("Asia/Seoul").unwrap_or(TimeZone::UTC)
}

/// Milliseconds since 1970 as wall time of a zone.
pub(super) fn of_ms(ms: i64, zone: &TimeZone, lang: Lang) -> Moment {
    of(
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH),
        zone,
        lang,
    )
}

/// The time of day, `10:14`; with its date when that is not the date of `now_ms`.
pub(super) fn clock(ms: i64, now_ms: i64, zone: &TimeZone, lang: Lang) -> String {
    let zoned = |ms| {
        let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(zone.clone())
    };
    let at = zoned(ms);
    if at.date() == zoned(now_ms).date() {
        return at.strftime("%H:%M").to_string();
    }
    of_ms(ms, zone, lang).text
}

/// A timestamp as wall time of a zone.
pub(super) fn of(at: Timestamp, zone: &TimeZone, lang: Lang) -> Moment {
    let zoned = at.to_zoned(zone.clone());
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    Moment::new(
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        lang,
        (zoned.year(), part(zoned.month()), part(zoned.day())),
        (part(zoned.hour()), part(zoned.minute())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_wall_time_of_the_zone() {
        let moment = of_ms(1_788_412_020_000, &default_zone(), Lang::Ko);
        assert_eq!(moment.iso, "2026-09-03T14:07:00+09:00");
        assert_eq!(moment.text, "2026-09-03 (목) 14:07");
    }

    #[test]
    fn a_time_of_day_has_its_date_only_on_another_day() {
        let (ms, hour) = (1_788_412_020_000, 3_600_000);
        let clock = |ms| clock(ms, 1_788_412_020_000, &default_zone(), Lang::En);
        assert_eq!(clock(ms + hour), "15:07");
        assert_eq!(clock(ms + 10 * hour), "2026-09-04 (Fri) 00:07");
    }
}
