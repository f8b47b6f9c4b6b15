//! Templates of `to_char`, `to_date` and `to_timestamp`: PostgreSQL's words for the parts of a moment.

mod read;
mod written;

pub(crate) use read::Reader;
pub(crate) use written::Template;

/// One letter of a template, or a word that stands for a part of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Letter {
        letter: char,
        is_quoted: bool,
    },
    Word {
        word: &'static str,
        /// `FM`: without zeros and blanks that fill.
        is_short: bool,
    },
}

/// All words of PostgreSQL's templates in capital letters, in the order they are looked for; words that
/// are not supported end in `!`.
const WORDS: &[&str] = &[
    "A.D.!", "A.M.", "AD!", "AM", "B.C.!", "BC!", "CC!", "DAY", "DDD", "DD", "DY", "Day", "Dy",
    "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FX!", "HH24", "HH12", "HH", "IDDD!", "ID",
    "IW", "IYYY", "IYY!", "IY!", "I!", "J!", "MI", "MM", "MONTH", "MON", "MS", "Month", "Mon",
    "OF!", "P.M.", "PM", "Q", "RM!", "SSSSS!", "SSSS!", "SS", "TZH!", "TZM!", "TZ!", "US", "WW",
    "W", "Y,YYY!", "YYYY", "YYY!", "YY", "Y!", "a.d.!", "a.m.", "ad!", "am", "b.c.!", "bc!", "cc!",
    "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "fx!", "hh24", "hh12",
    "hh", "iddd!", "id", "iw", "iyyy", "iyy!", "iy!", "i!", "j!", "mi", "mm", "month", "mon", "ms",
    "of!", "p.m.", "pm", "q", "rm!", "sssss!", "ssss!", "ss", "tzh!", "tzm!", "tz!", "us", "ww",
    "w", "y,yyy!", "yyyy", "yyy!", "yy", "y!",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The first three letters.
fn short(name: &str) -> &str {
    &name[..3]
}

/// What a template consists of; `None` for an empty one and for words that are not supported.
fn tokens(template: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = template;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix('"') {
            rest = quoted(behind, &mut tokens)?;
            continue;
        }
        if first == '\\' {
            return None;
        }
        if !first.is_ascii_alphabetic() {
            tokens.push(Token::Letter {
                letter: first,
                is_quoted: false,
            });
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let shortened = rest.strip_prefix("FM").or(rest.strip_prefix("fm"));
        let is_short = shortened.is_some();
        rest = shortened.unwrap_or(rest);
        let word = WORDS
            .iter()
            .find(|word| rest.starts_with(word.trim_end_matches('!')))?;
        if word.ends_with('!') {
            return None;
        }
        rest = &rest[word.len()..];
        // `TH` and `SP` behind a word change it.
        let has_suffix = ["TH", "th", "SP"]
            .iter()
            .any(|suffix| rest.starts_with(suffix));
        if has_suffix {
            return None;
        }
        tokens.push(Token::Word { word, is_short });
    }
    (!tokens.is_empty()).then_some(tokens)
}

/// Behind a `"`; gives what follows the closing one. A `\` keeps the next character.
fn quoted<'a>(rest: &'a str, tokens: &mut Vec<Token>) -> Option<&'a str> {
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        let letter = match character {
            '"' => return Some(characters.as_str()),
            '\\' => characters.next()?,
            character => character,
        };
        tokens.push(Token::Letter {
            letter,
            is_quoted: true,
        });
    }
    None
}
