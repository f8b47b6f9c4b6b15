//! Letters of PostgreSQL: what `lower`, `upper` and `\w` make of a character in a UTF-8 database.
//!
//! They are those of the C library (locale `C.UTF-8`), which knows one character for one and Unicode 15.
//! Rust knows more; what it knows differently is listed here, and a test walks all characters.

use std::sync::LazyLock;

/// Letters of Unicode 16 and 17 that the C library has no other case of yet.
fn is_newer(letter: char) -> bool {
    matches!(
        letter,
        '\u{19B}'
            | '\u{264}'
            | '\u{1C89}'..='\u{1C8A}'
            | '\u{A7CB}'..='\u{A7CF}'
            | '\u{A7D2}'..='\u{A7D5}'
            | '\u{A7DA}'..='\u{A7DC}'
            | '\u{10D50}'..='\u{10D85}'
            | '\u{16EA0}'..='\u{16ED3}'
    )
}

/// The only character of a mapping; the letter itself where there are several.
fn single(letter: char, mut mapping: impl Iterator<Item = char>) -> char {
    match (mapping.next(), mapping.next()) {
        (Some(mapped), None) if !is_newer(letter) => mapped,
        _ => letter,
    }
}

/// `towlower`.
pub(crate) fn lower(letter: char) -> char {
    match letter {
        letter if letter.is_ascii() => letter.to_ascii_lowercase(),
        'İ' => 'i',
        letter => single(letter, letter.to_lowercase()),
    }
}

/// `towupper`.
pub(crate) fn upper(letter: char) -> char {
    match letter {
        letter if letter.is_ascii() => letter.to_ascii_uppercase(),
        // Small Greek letters with an iota below become one letter here and two in Rust.
        'ᾀ'..='ᾇ' | 'ᾐ'..='ᾗ' | 'ᾠ'..='ᾧ' => {
            char::from_u32(u32::from(letter) + 8).unwrap_or(letter)
        }
        'ᾳ' => 'ᾼ',
        'ῃ' => 'ῌ',
        'ῳ' => 'ῼ',
        letter => single(letter, letter.to_uppercase()),
    }
}

/// `iswalnum`: letters and digits.
pub(crate) fn is_letter_or_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    if !character.is_alphanumeric() {
        return false;
    }
    let code = u32::from(character);
    let next = NEITHER.partition_point(|(first, _)| *first <= code);
    next == 0 || NEITHER[next - 1].1 < code
}

/// `iswspace`.
pub(crate) fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r'
            | ' '
            | '\u{1680}'
            | '\u{2000}'..='\u{2006}'
            | '\u{2008}'..='\u{200A}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{205F}'
            | '\u{3000}'
    )
}

/// Ranges of the characters of which something is true, in order.
pub(crate) fn ranges(is_one: impl Fn(char) -> bool) -> Vec<(char, char)> {
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut is_inside = false;
    for character in '\0'..=char::MAX {
        let was_inside = std::mem::replace(&mut is_inside, is_one(character));
        match ranges.last_mut() {
            Some((_, last)) if is_inside && was_inside => *last = character,
            _ if is_inside => ranges.push((character, character)),
            _ => {}
        }
    }
    ranges
}

/// Letters and digits.
pub(crate) static LETTERS_AND_DIGITS: LazyLock<Vec<(char, char)>> =
    LazyLock::new(|| ranges(is_letter_or_digit));

/// Blanks.
pub(crate) static SPACES: LazyLock<Vec<(char, char)>> = LazyLock::new(|| ranges(is_space));

/// What Rust calls a letter or a digit and the C library does not: numbers that are no digits, such as
/// `²`, letters that stand above others, and scripts of Unicode 16 and 17.
#[rustfmt::skip]
const NEITHER: &[(u32, u32)] = &[
    (0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE), (0x363, 0x36F), (0x88F, 0x88F), (0x897, 0x897),
    (0x9F4, 0x9F9), (0xB72, 0xB77), (0xBF0, 0xBF2), (0xC04, 0xC04), (0xC5C, 0xC5C), (0xC78,
    0xC7E), (0xCDC, 0xCDC), (0xCF3, 0xCF3), (0xD58, 0xD5E), (0xD70, 0xD78), (0xF2A, 0xF33),
    (0xF82, 0xF83), (0x1369, 0x137C), (0x17F0, 0x17F9), (0x19DA, 0x19DA), (0x1C89, 0x1C8A),
    (0x1DD3, 0x1DE6), (0x2070, 0x2070), (0x2074, 0x2079), (0x2080, 0x2089), (0x2150, 0x215F),
    (0x2189, 0x2189), (0x2460, 0x249B), (0x24EA, 0x24FF), (0x2776, 0x2793), (0x2CFD, 0x2CFD),
    (0x3192, 0x3195), (0x3220, 0x3229), (0x3248, 0x324F), (0x3251, 0x325F), (0x3280, 0x3289),
    (0x32B1, 0x32BF), (0xA7CB, 0xA7CF), (0xA7D2, 0xA7D2), (0xA7D4, 0xA7D4), (0xA7DA, 0xA7DC),
    (0xA7F1, 0xA7F1), (0xA830, 0xA835), (0x10107, 0x10133), (0x10175, 0x10178), (0x1018A,
    0x1018B), (0x102E1, 0x102FB), (0x10320, 0x10323), (0x105C0, 0x105F3), (0x10858, 0x1085F),
    (0x10879, 0x1087F), (0x108A7, 0x108AF), (0x108FB, 0x108FF), (0x10916, 0x1091B), (0x10940,
    0x10959), (0x109BC, 0x109BD), (0x109C0, 0x109CF), (0x109D2, 0x109FF), (0x10A40, 0x10A48),
    (0x10A7D, 0x10A7E), (0x10A9D, 0x10A9F), (0x10AEB, 0x10AEF), (0x10B58, 0x10B5F), (0x10B78,
    0x10B7F), (0x10BA9, 0x10BAF), (0x10CFA, 0x10CFF), (0x10D40, 0x10D65), (0x10D69, 0x10D69),
    (0x10D6F, 0x10D85), (0x10E60, 0x10E7E), (0x10EC2, 0x10EC7), (0x10EFA, 0x10EFC), (0x10F1D,
    0x10F26), (0x10F51, 0x10F54), (0x10FC5, 0x10FCB), (0x11052, 0x11065), (0x11080, 0x11081),
    (0x111E1, 0x111F4), (0x1123F, 0x11241), (0x11380, 0x11389), (0x1138B, 0x1138B), (0x1138E,
    0x1138E), (0x11390, 0x113B5), (0x113B7, 0x113C0), (0x113C2, 0x113C2), (0x113C5, 0x113C5),
    (0x113C7, 0x113CA), (0x113CC, 0x113CD), (0x113D1, 0x113D1), (0x113D3, 0x113D3), (0x116D0,
    0x116E3), (0x1173A, 0x1173B), (0x118EA, 0x118F2), (0x11B60, 0x11B67), (0x11BC0, 0x11BE0),
    (0x11BF0, 0x11BF9), (0x11C5A, 0x11C6C), (0x11DB0, 0x11DDB), (0x11DE0, 0x11DE9), (0x11F00,
    0x11F10), (0x11F12, 0x11F3A), (0x11F3E, 0x11F40), (0x11F50, 0x11F59), (0x11FC0, 0x11FD4),
    (0x1342F, 0x1342F), (0x13441, 0x13446), (0x13460, 0x143FA), (0x16100, 0x1612E), (0x16130,
    0x16139), (0x16B5B, 0x16B61), (0x16D40, 0x16D6C), (0x16D70, 0x16D79), (0x16E80, 0x16E96),
    (0x16EA0, 0x16EB8), (0x16EBB, 0x16ED3), (0x16FF2, 0x16FF6), (0x187F8, 0x187FF), (0x18CFF,
    0x18CFF), (0x18D09, 0x18D1E), (0x18D80, 0x18DF2), (0x1B132, 0x1B132), (0x1B155, 0x1B155),
    (0x1CCF0, 0x1CCF9), (0x1D2C0, 0x1D2D3), (0x1D2E0, 0x1D2F3), (0x1D360, 0x1D378), (0x1DF25,
    0x1DF2A), (0x1E030, 0x1E06D), (0x1E08F, 0x1E08F), (0x1E4D0, 0x1E4EB), (0x1E4F0, 0x1E4F9),
    (0x1E5D0, 0x1E5ED), (0x1E5F0, 0x1E5FA), (0x1E6C0, 0x1E6DE), (0x1E6E0, 0x1E6F5), (0x1E6FE,
    0x1E6FF), (0x1E8C7, 0x1E8CF), (0x1EC71, 0x1ECAB), (0x1ECAD, 0x1ECAF), (0x1ECB1, 0x1ECB4),
    (0x1ED01, 0x1ED2D), (0x1ED2F, 0x1ED3D), (0x1F100, 0x1F10C), (0x2B739, 0x2B73F), (0x2CEA2,
    0x2CEAD), (0x2EBF0, 0x2EE5D), (0x31350, 0x33479),
];

#[cfg(test)]
mod tests {
    use super::super::oracle::{Oracle, input};
    use super::*;

    /// Every character but NUL, which no text holds; 1,000 in an input.
    fn all() -> Vec<[String; 3]> {
        let characters: Vec<char> = ('\u{1}'..=char::MAX).collect();
        characters
            .chunks(1_000)
            .map(|some| input(some.iter().collect::<String>(), "", ""))
            .collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_character_has_the_cases_postgresql_gives_it() {
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("lower($1)", &all(), |i| {
                Ok(i[0].chars().map(lower).collect())
            })
            .await;
        oracle
            .agrees("upper($1)", &all(), |i| {
                Ok(i[0].chars().map(upper).collect())
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_character_is_a_letter_or_a_blank_where_postgresql_says_so() {
        let mut oracle = Oracle::new().await;
        for (class, is_one) in [
            ("[^[:alnum:]]", is_letter_or_digit as fn(char) -> bool),
            ("\\W", |one| one == '_' || is_letter_or_digit(one)),
            ("[^[:alpha:]]", |one| {
                is_letter_or_digit(one) && !one.is_ascii_digit()
            }),
            ("\\D", |one| one.is_ascii_digit()),
            ("\\S", is_space),
        ] {
            let expression = format!("regexp_replace($1, '{class}', '', 'g')");
            oracle
                .agrees(&expression, &all(), |i| {
                    Ok(i[0].chars().filter(|one| is_one(*one)).collect())
                })
                .await;
        }
    }
}
