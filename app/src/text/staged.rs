//! What of a run's data is here already, in one sentence.

use super::Texts;
use crate::view::{PartitionWord, StagedView};
use lang::Lang;
use lang::grouped;

impl Texts {
    /// "33 of 36 months are already here; about 40,000 rows to read"; `None` while the values on
    /// the form are not complete.
    pub fn staged(&self, view: StagedView) -> Option<String> {
        if view.all == 0 {
            return None;
        }
        let rows = view.rows.filter(|rows| *rows > 0).map(rounded);
        Some(match self.lang {
            Lang::Ko => korean(view, rows),
            Lang::En => english(view, rows),
        })
    }
}

fn korean(view: StagedView, rows: Option<u64>) -> String {
    let count = |count: u32| {
        let count = grouped(count.into());
        match view.unit {
            PartitionWord::Hour => format!("{count}시간"),
            PartitionWord::Day => format!("{count}일"),
            PartitionWord::Week => format!("{count}주"),
            PartitionWord::Month => format!("{count}개월"),
            PartitionWord::Part => format!("{count}개 구간"),
        }
    };
    let (all, kept) = (count(view.all), count(view.kept));
    if view.kept == view.all {
        return format!("{all} 데이터가 모두 이미 있어 새로 읽지 않습니다");
    }
    let here = match view.kept {
        0 => format!("{all} 데이터를 모두 새로 읽습니다"),
        _ => format!("{all} 중 {kept}은 이미 있습니다"),
    };
    match rows {
        Some(rows) => format!("{here} · 읽을 행은 약 {}개", grouped(rows)),
        None => here,
    }
}

fn english(view: StagedView, rows: Option<u64>) -> String {
    let (one, many) = match view.unit {
        PartitionWord::Hour => ("hour", "hours"),
        PartitionWord::Day => ("day", "days"),
        PartitionWord::Week => ("week", "weeks"),
        PartitionWord::Month => ("month", "months"),
        PartitionWord::Part => ("part", "parts"),
    };
    let word = if view.all == 1 { one } else { many };
    let (all, kept) = (grouped(view.all.into()), grouped(view.kept.into()));
    if view.kept == view.all {
        return match view.all {
            1 => format!("The {one} is already here; nothing to read"),
            _ => format!("All {all} {word} are already here; nothing to read"),
        };
    }
    let here = match view.kept {
        0 => format!("{all} {word} to read"),
        1 => format!("1 of {all} {word} is already here"),
        _ => format!("{kept} of {all} {word} are already here"),
    };
    match (rows, view.kept) {
        (Some(rows), 0) => format!("{here}, about {} rows", grouped(rows)),
        (Some(rows), _) => format!("{here}; about {} rows to read", grouped(rows)),
        (None, _) => here,
    }
}

/// Two digits count; the rest is an estimate.
fn rounded(rows: u64) -> u64 {
    let mut unit = 1;
    while rows / unit >= 100 {
        unit *= 10;
    }
    (rows + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::super::texts_of;
    use super::*;

    fn say(lang: Lang, kept: u32, all: u32, rows: Option<u64>) -> String {
        let view = StagedView {
            unit: PartitionWord::Month,
            all,
            kept,
            rows,
        };
        texts_of(lang).staged(view).unwrap_or_default()
    }

    #[test]
    fn what_is_here_is_one_sentence() {
        let en = |kept, all, rows| say(Lang::En, kept, all, rows);
        assert_eq!(
            en(33, 36, Some(39_821)),
            "33 of 36 months are already here; about 40,000 rows to read"
        );
        assert_eq!(
            en(36, 36, Some(0)),
            "All 36 months are already here; nothing to read"
        );
        assert_eq!(en(0, 36, None), "36 months to read");
        assert_eq!(
            en(1, 2, Some(7)),
            "1 of 2 months is already here; about 7 rows to read"
        );
        assert_eq!(en(0, 0, None), "");
        let ko = |kept, all, rows| say(Lang::Ko, kept, all, rows);
        assert_eq!(
            ko(33, 36, Some(39_821)),
            "36개월 중 33개월은 이미 있습니다 · 읽을 행은 약 40,000개"
        );
        assert_eq!(
            ko(36, 36, Some(0)),
            "36개월 데이터가 모두 이미 있어 새로 읽지 않습니다"
        );
    }

    #[test]
    fn an_estimate_has_two_digits() {
        assert_eq!(rounded(7), 7);
        assert_eq!(rounded(99), 99);
        assert_eq!(rounded(149), 150);
        assert_eq!(rounded(1_234_567), 1_200_000);
    }
}
