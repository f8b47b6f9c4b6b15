//! Numbers, sizes and durations as people read them.

use lang::Lang;

/// `812 B`, `41 KB`, `3.4 MB`: powers of 1,000 as file managers show them, one decimal below ten.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if value < 1_000 {
        return format!("{value} B");
    }
    let mut scaled = value as f64 / 1_000.0;
    let mut unit = 0;
    while scaled >= 999.5 && unit + 1 < UNITS.len() {
        scaled /= 1_000.0;
        unit += 1;
    }
    if scaled < 9.95 {
        format!("{scaled:.1} {}", UNITS[unit])
    } else {
        format!("{scaled:.0} {}", UNITS[unit])
    }
}

/// `0.4초`, `12초`, `1분 20초`, `2시간 5분`; `12 s`, `1 min 20 s`, `2 h 5 min` in English.
pub fn duration(lang: Lang, milliseconds: u64) -> String {
    let (hour, minute, second, gap) = match lang {
        Lang::Ko => ("시간", "분", "초", ""),
        Lang::En => ("h", "min", "s", "\u{a0}"),
    };
    let seconds = milliseconds / 1_000;
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large}{gap}{large_unit}"),
        _ => format!("{large}{gap}{large_unit} {small}{gap}{small_unit}"),
    };
    match seconds {
        0 => format!("0.{}{gap}{second}", milliseconds / 100),
        1..60 => format!("{seconds}{gap}{second}"),
        60..3_600 => two(seconds / 60, minute, seconds % 60, second),
        _ => two(seconds / 3_600, hour, seconds % 3_600 / 60, minute),
    }
}

/// A duration nobody should read too exactly: `12초`, `약 14분`.
pub fn rough_duration(lang: Lang, milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1_000).max(1);
    let rounded = match seconds {
        0..60 => seconds,
        60..600 => seconds.div_ceil(10) * 10,
        _ => seconds.div_ceil(60) * 60,
    };
    match lang {
        Lang::Ko => format!("약 {}", duration(lang, rounded * 1_000)),
        Lang::En => format!("about {}", duration(lang, rounded * 1_000)),
    }
}

/// Whole percent of a known denominator, never above 100.
pub fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        100
    } else {
        (u128::from(part) * 100 / u128::from(whole)).min(100) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_at_most_one_decimal() {
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(3_440_000), "3.4 MB");
        assert_eq!(bytes(41_200_000), "41 MB");
        assert_eq!(bytes(999_900), "1.0 MB");
    }

    #[test]
    fn durations_name_their_two_largest_units() {
        assert_eq!(duration(Lang::Ko, 420), "0.4초");
        assert_eq!(duration(Lang::Ko, 80_000), "1분 20초");
        assert_eq!(duration(Lang::En, 7_500_000), "2\u{a0}h 5\u{a0}min");
        assert_eq!(duration(Lang::Ko, 3_600_000), "1시간");
    }

    #[test]
    fn rough_durations_round_up() {
        assert_eq!(rough_duration(Lang::Ko, 61_000), "약 1분 10초");
        assert_eq!(rough_duration(Lang::En, 300), "about 1\u{a0}s");
    }

    #[test]
    fn a_percentage_never_passes_a_hundred() {
        assert_eq!(percent(5, 4), 100);
        assert_eq!(percent(1, 3), 33);
        assert_eq!(percent(0, 0), 100);
    }
}
