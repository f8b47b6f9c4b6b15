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

/// The time of day, `10:14`; with its date when that is not the date of `now`.
pub(super) fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let zoned = at.to_zoned(zone.clone());
    if zoned.date() == now.to_zoned(zone.clone()).date() {
        return zoned.strftime("%H:%M").to_string();
    }
    of(at, zone, lang).text
}

/// From one time to a later one, in milliseconds; 0 when it is not later.
pub(super) fn ms_between(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(from).as_millis()).unwrap_or(0)
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
    use jiff::SignedDuration;

    use super::*;

    const AT: Timestamp = Timestamp::constant(1_788_412_020, 0);

    #[test]
    fn a_moment_is_wall_time_of_the_zone() {
        let moment = of(AT, &default_zone(), Lang::Ko);
        assert_eq!(moment.iso, "2026-09-03T14:07:00+09:00");
        assert_eq!(moment.text, "2026-09-03 (목) 14:07");
    }

    #[test]
    fn a_time_of_day_has_its_date_only_on_another_day() {
        let after = |hours| {
            let at = AT + SignedDuration::from_hours(hours);
            clock(at, AT, &default_zone(), Lang::En)
        };
        assert_eq!(after(1), "15:07");
        assert_eq!(after(10), "2026-09-04 (Fri) 00:07");
    }
}
