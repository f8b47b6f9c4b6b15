//! Finding by typing: every word must occur, and Hangul initials are enough (`ㅁㅊ` finds 매출).

/// Whether every word of `query` occurs in `text`, ignoring case. An empty query finds everything.
pub fn matches(query: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    let mut initials: Option<String> = None;
    query.to_lowercase().split_whitespace().all(|word| {
        text.contains(word)
            || (word.chars().all(is_initial)
                && initials
                    .get_or_insert_with(|| initials_of(&text))
                    .contains(word))
    })
}

/// The 19 initial consonants in the order of the syllable block.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

fn is_initial(letter: char) -> bool {
    INITIALS.contains(&letter)
}

fn initials_of(text: &str) -> String {
    text.chars().map(initial_of).collect()
}

/// A syllable is 가 + 588 · initial + 28 · vowel + final.
fn initial_of(letter: char) -> char {
    match letter {
        '가'..='힣' => INITIALS[((letter as u32 - '가' as u32) / 588) as usize],
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_occur() {
        assert!(matches("매출 지역", "지역별 월 매출"));
        assert!(!matches("매출 고객", "지역별 월 매출"));
        assert!(matches("", "anything"));
        assert!(matches("SALES", "Daily sales by region"));
    }

    #[test]
    fn initial_consonants_are_enough() {
        assert!(matches("ㅁㅊ", "지역별 월 매출"));
        assert!(matches("ㅈㅇㅂ", "지역별 월 매출"));
        assert!(!matches("ㅋㅋ", "지역별 월 매출"));
    }
}
