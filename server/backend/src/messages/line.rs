//! Where a run stands in line, and when its turn comes.

use std::time::Duration;

use app::format::rough_duration;
use lang::Lang;

use crate::durations::ms;

/// Nobody plans by seconds.
const MINUTE: Duration = Duration::from_mins(1);

/// "2nd in line for the database shop, starts in about 6 min, done at about 10:14."
///
/// Without `starts_in` only the place is said: nobody knows more. `done_at` is wall time.
pub(crate) fn in_line(
    place: i64,
    source: &str,
    starts_in: Option<Duration>,
    done_at: Option<&str>,
    lang: Lang,
) -> String {
    let line = match lang {
        Lang::Ko => format!("데이터베이스 {source}에서 {place}번째"),
        Lang::En => format!("{} in line for the database {source}", ordinal(place)),
    };
    let Some(starts_in) = starts_in else {
        return match lang {
            Lang::Ko => format!("{line}로 기다립니다."),
            Lang::En => format!("{line}."),
        };
    };
    format!("{line}, {}", expected(starts_in, done_at, lang))
}

/// "starts in about 6 min, done at about 10:14."
pub(crate) fn expected(starts_in: Duration, done_at: Option<&str>, lang: Lang) -> String {
    let (wait_ms, minute_ms) = (ms(starts_in), ms(MINUTE));
    let minutes = wait_ms.div_ceil(minute_ms);
    let wait = rough_duration(lang, minutes * minute_ms);
    let start = match (lang, minutes) {
        (Lang::Ko, 0 | 1) => "1분 안에 시작".to_owned(),
        (Lang::Ko, _) => format!("{wait} 뒤 시작"),
        (Lang::En, 0 | 1) => "starts within a minute".to_owned(),
        (Lang::En, _) => format!("starts in {wait}"),
    };
    match (lang, done_at) {
        (Lang::Ko, None) => format!("{start}합니다."),
        (Lang::Ko, Some(at)) => format!("{start}해서 {at}쯤 끝납니다."),
        (Lang::En, None) => format!("{start}."),
        (Lang::En, Some(at)) => format!("{start}, done at about {at}."),
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
fn ordinal(number: i64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_end_as_people_say_them() {
        let numbers = [1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1_013];
        let said = numbers.map(ordinal);
        assert_eq!(
            said,
            [
                "1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "21st", "22nd", "23rd",
                "101st", "111th", "112th", "1013th"
            ]
        );
    }

    #[test]
    fn a_place_is_said_with_its_time_where_that_is_known() {
        let starts = |ms: Option<u64>| ms.map(Duration::from_millis);
        let en = |ms, done| in_line(2, "shop", starts(ms), done, Lang::En);
        assert_eq!(en(None, None), "2nd in line for the database shop.");
        assert_eq!(
            en(Some(330_000), Some("10:14")),
            "2nd in line for the database shop, starts in about 6\u{a0}min, done at about 10:14."
        );
        assert_eq!(
            en(Some(0), None),
            "2nd in line for the database shop, starts within a minute."
        );
        let ko = |ms, done| in_line(2, "shop", starts(ms), done, Lang::Ko);
        assert_eq!(ko(None, None), "데이터베이스 shop에서 2번째로 기다립니다.");
        assert_eq!(
            ko(Some(330_000), None),
            "데이터베이스 shop에서 2번째, 약 6분 뒤 시작합니다."
        );
        assert_eq!(
            ko(Some(4_000_000), Some("10:14")),
            "데이터베이스 shop에서 2번째, 약 1시간 7분 뒤 시작해서 10:14쯤 끝납니다."
        );
    }
}
