//! Where the rows of a query come from, in words for the "About" sheet.

use jiff::tz::TimeZone;
use lang::Lang;
use rows::time_text;

use crate::BlockRows;

/// The source, where it answered if that may be shown, and what was kept; empty for a Polars query.
pub(super) fn of(rows: &BlockRows, shows_endpoints: bool, lang: Lang, zone: &TimeZone) -> String {
    let parts = [
        rows.source.clone(),
        rows.endpoint.clone().filter(|_| shows_endpoints),
        ranges(rows, lang),
        kept(rows, lang, zone),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Rows read in ranges are those of every range; that the source has no others, nobody counted.
fn ranges(rows: &BlockRows, lang: Lang) -> Option<String> {
    let ranges = rows.ranges;
    (ranges > 0).then(|| match lang {
        Lang::Ko => format!("키의 {ranges}개 구간으로 읽음(원본에서 한 번에 세어 비교하지 않음)"),
        Lang::En => {
            format!("read in {ranges} ranges of its key, not compared with one count at the source")
        }
    })
}

fn kept(rows: &BlockRows, lang: Lang, zone: &TimeZone) -> Option<String> {
    let since = time_text::show_zoned(rows.kept_since?, zone);
    let (kept, all) = (rows.partitions_kept, rows.partitions);
    Some(match (all, lang) {
        (0, Lang::Ko) => format!("보관된 행 포함({since}에 읽음)"),
        (0, Lang::En) => format!("with kept rows, read {since}"),
        (_, Lang::Ko) => {
            format!("{all}개 구간 중 {kept}개는 보관된 것(가장 오래된 것은 {since}에 읽음)")
        }
        (_, Lang::En) => {
            format!("{kept} of {all} partitions kept, the oldest read {since}")
        }
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn people_see_what_was_kept_and_since_when() {
        let rows = BlockRows {
            block: "orders".into(),
            source: Some("shop".into()),
            rows_read: 10,
            rows_staged: 10,
            rows_now: 1,
            from_stage: false,
            partitions: 36,
            partitions_kept: 33,
            ranges: 0,
            kept_since: Some(Timestamp::UNIX_EPOCH),
            endpoint: Some("db:5432/shop".into()),
            millis: 1,
        };
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let text = of(&rows, true, Lang::En, &zone);
        assert!(
            text.starts_with(
                "shop · db:5432/shop · 33 of 36 partitions kept, the oldest read 1970-01-01 09:00"
            ),
            "{text}"
        );
        let text = of(&rows, false, Lang::En, &zone);
        assert!(text.starts_with("shop · 33 of 36"), "{text}");
        assert!(of(&rows, true, Lang::Ko, &zone).contains("36개 구간 중 33개"));
        let new = BlockRows {
            partitions: 0,
            partitions_kept: 0,
            kept_since: None,
            endpoint: None,
            ..rows
        };
        assert_eq!(of(&new, true, Lang::En, &zone), "shop");
        let split = BlockRows {
            ranges: 4,
            ..new.clone()
        };
        assert_eq!(
            of(&split, true, Lang::En, &zone),
            "shop · read in 4 ranges of its key, not compared with one count at the source"
        );
        let polars = BlockRows {
            source: None,
            ..new
        };
        assert_eq!(of(&polars, true, Lang::En, &zone), "");
    }
}
