//! A file cut into sections, queries, and what stands outside both.
//!
//! Which database a query is for is known only when it is sent, so a query is scanned by the rules
//! of each of them wherever they disagree. A query ends where the next begins. Only what stands
//! there in a comment or string does not count, such as a query that was put aside with `/* … */`.

use std::ops::Range;

use crate::scan::{Rules, Scan, scan, scan_fence, scan_over};

/// A stretch of the file.
pub(super) enum Part {
    /// A section with its fences.
    Section(Scan),
    /// A query, from its line `-- name:` on.
    Query(Scans),
    /// Text that belongs to neither.
    Outside(Scan),
}

/// A query as each family of databases reads it: one scan where all agree, else one for each.
pub(super) type Scans = Vec<(Rules, Scan)>;

/// Cuts everything from `start` on.
pub(super) fn parts(text: &str, start: usize) -> Vec<Part> {
    let begins = beginnings(text, start);
    let mut parts = Vec::new();
    let mut at = start;
    // One missing quote turns the rest of a file inside out. Nothing sensible spans the beginning of
    // a query then.
    let mut may_span = true;
    while at < text.len() {
        let next = begins[begins.partition_point(|begin| *begin <= at)..].first();
        let end = next.map_or(text.len(), |next| *next);
        if begins.binary_search(&at).is_err() {
            let scan = scan(text, at..end, Rules::Standard);
            parts.push(Part::Outside(scan));
        } else if text[at..].starts_with("/*") {
            let scan = scan_fence(text, at);
            at = scan.tokens.last().map_or(end, |token| token.range.end);
            parts.push(Part::Section(scan));
            continue;
        } else {
            let mut scans = scans(text, at..end);
            if scans.iter().all(|(_, scan)| !scan.unclosed.is_empty()) && may_span {
                match Rules::ALL
                    .iter()
                    .find_map(|rules| scan_over(text, at, &begins, *rules))
                {
                    Some(end) => {
                        scans = self::scans(text, at..end);
                        at = end;
                        parts.push(Part::Query(scans));
                        continue;
                    }
                    None => may_span = false,
                }
            }
            parts.push(Part::Query(scans));
        }
        at = end;
    }
    parts
}

fn scans(text: &str, stretch: Range<usize>) -> Scans {
    let standard = scan(text, stretch.clone(), Rules::Standard);
    if !Rules::matter(&text[stretch.clone()]) {
        return vec![(Rules::Standard, standard)];
    }
    let others = [Rules::Backslash, Rules::Plain];
    let others = others.map(|rules| (rules, scan(text, stretch.clone(), rules)));
    if others.iter().all(|(_, scan)| *scan == standard) {
        return vec![(Rules::Standard, standard)];
    }
    let [backslash, plain] = others;
    vec![(Rules::Standard, standard), backslash, plain]
}

/// Where lines begin a query or open a section.
fn beginnings(text: &str, start: usize) -> Vec<usize> {
    let mut begins = Vec::new();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let indented = line.trim_start();
        if line.starts_with("-- name:") {
            begins.push(at);
        } else if indented.starts_with("/*---") {
            begins.push(at + line.len() - indented.len());
        }
        at += line.len();
    }
    begins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queries(text: &str) -> Vec<&str> {
        let parts = parts(text, 0).into_iter();
        parts
            .filter_map(|part| match part {
                Part::Query(scans) => {
                    let tokens = &scans[0].1.tokens;
                    Some(&text[tokens[0].range.start..tokens[tokens.len() - 1].range.end])
                }
                Part::Section(_) | Part::Outside(_) => None,
            })
            .collect()
    }

    #[test]
    fn an_open_string_does_not_swallow_the_next_query() {
        let text = "-- name: a\nSELECT 'a\n-- name: b\nSELECT 'c', :d";
        assert_eq!(
            queries(text),
            ["-- name: a\nSELECT 'a\n", "-- name: b\nSELECT 'c', :d"]
        );
    }

    #[test]
    fn a_string_of_another_database_does_not_either() {
        let text = "-- name: a\nSELECT '\\''\n-- name: b\nSELECT '\\''\n";
        let found = queries(text);
        assert_eq!(found, [&text[..23], &text[23..]]);
    }

    #[test]
    fn a_query_that_was_put_aside_is_a_comment() {
        let text = "-- name: a\nSELECT 1 /*\n-- name: b\nSELECT 2 */\n-- name: c\nSELECT 3\n";
        assert_eq!(queries(text).len(), 2);
    }

    #[test]
    fn every_byte_belongs_to_one_part() {
        let text = "x\n/*--- report\n-- name: no\n---*/ y\n-- name: a\n--b\n1--1 '\\''\n  /*--- workbook\n";
        let mut at = 0;
        for part in parts(text, 0) {
            let scan = match part {
                Part::Section(scan) | Part::Outside(scan) => scan,
                Part::Query(mut scans) => scans.remove(0).1,
            };
            for token in scan.tokens {
                assert_eq!(token.range.start, at);
                at = token.range.end;
            }
        }
        assert_eq!(at, text.len());
    }
}
