//! Functions of texts as a whole.

use super::Topic;
use crate::SqlType;
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::function::{Argument, Function, Gives};
use crate::kernel::text::{self, Side};

pub(super) const TOPIC: Topic = Topic {
    title: ["텍스트", "Texts"],
    functions: &[
        Function {
            name: "||",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned2(call, |one, other| Ok([one, other].concat())),
            can_fail: false,
            meaning: [
                "두 텍스트를 이어 붙입니다.",
                "Both texts, one behind the other; absent if one of them is.",
            ],
            example: "'서울' || ' 1호점'",
            postgres: None,
        },
        Function {
            name: "concat",
            arguments: &[Argument::Text],
            more: Some(Argument::Text),
            result: Gives::Is(SqlType::Text),
            apply: concat,
            can_fail: false,
            meaning: [
                "모두 이어 붙입니다. 없는 값은 건너뜁니다.",
                "All texts, one behind the other; absent ones are skipped.",
            ],
            example: "CONCAT('a', NULL, 'b')",
            postgres: None,
        },
        Function {
            name: "concat_ws",
            arguments: &[Argument::Text, Argument::Text],
            more: Some(Argument::Text),
            result: Gives::Is(SqlType::Text),
            apply: concat_with,
            can_fail: false,
            meaning: [
                "첫 텍스트를 사이에 넣어 이어 붙입니다. 없는 값은 건너뜁니다.",
                "The texts with the first one between them; absent ones are skipped.",
            ],
            example: "CONCAT_WS('-', 'a', NULL, 'b')",
            postgres: None,
        },
        Function {
            name: "length",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, text::length),
            can_fail: false,
            meaning: ["글자 수", "The number of characters."],
            example: "LENGTH('매출 100')",
            postgres: None,
        },
        Function {
            name: "char_length",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, text::length),
            can_fail: false,
            meaning: ["`LENGTH`와 같습니다.", "The same as `LENGTH`."],
            example: "CHAR_LENGTH('매출 100')",
            postgres: None,
        },
        Function {
            name: "character_length",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, text::length),
            can_fail: false,
            meaning: ["`LENGTH`와 같습니다.", "The same as `LENGTH`."],
            example: "CHARACTER_LENGTH('매출 100')",
            postgres: None,
        },
        Function {
            name: "octet_length",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, |text| text::size(text.len())),
            can_fail: false,
            meaning: ["UTF-8 바이트 수", "The number of bytes in UTF-8."],
            example: "OCTET_LENGTH('매출')",
            postgres: None,
        },
        Function {
            name: "bit_length",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, |text| text::size(text.len() * 8)),
            can_fail: false,
            meaning: ["UTF-8 비트 수", "The number of bits in UTF-8."],
            example: "BIT_LENGTH('매출')",
            postgres: None,
        },
        Function {
            name: "lower",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned1(call, text::lower),
            can_fail: false,
            meaning: ["소문자로 바꿉니다.", "Small letters, one for one."],
            example: "LOWER('SKU-A1')",
            postgres: None,
        },
        Function {
            name: "upper",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned1(call, text::upper),
            can_fail: false,
            meaning: [
                "대문자로 바꿉니다.",
                "Capital letters, one for one: `ß` stays.",
            ],
            example: "UPPER('straße')",
            postgres: None,
        },
        Function {
            name: "initcap",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned1(call, text::capitalized),
            can_fail: false,
            meaning: [
                "단어마다 첫 글자만 대문자로 바꿉니다.",
                "A capital letter at the beginning of every word, small ones behind it.",
            ],
            example: "INITCAP('new YORK-city')",
            postgres: None,
        },
        Function {
            name: "lpad",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| padded(call, Side::Left),
            can_fail: true,
            meaning: [
                "글자 수가 될 때까지 앞에 빈칸을 채우고, 길면 자릅니다.",
                "Filled with blanks on the left to that many characters, or cut to them.",
            ],
            example: "LPAD('7', 3)",
            postgres: None,
        },
        Function {
            name: "lpad",
            arguments: &[Argument::Text, Argument::Whole, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| padded(call, Side::Left),
            can_fail: true,
            meaning: [
                "글자 수가 될 때까지 앞에 텍스트를 채우고, 길면 자릅니다.",
                "Filled with a text on the left to that many characters, or cut to them.",
            ],
            example: "LPAD('7', 3, '0')",
            postgres: None,
        },
        Function {
            name: "rpad",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| padded(call, Side::Right),
            can_fail: true,
            meaning: [
                "글자 수가 될 때까지 뒤에 빈칸을 채우고, 길면 자릅니다.",
                "Filled with blanks on the right to that many characters, or cut to them.",
            ],
            example: "RPAD('7', 3)",
            postgres: None,
        },
        Function {
            name: "rpad",
            arguments: &[Argument::Text, Argument::Whole, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| padded(call, Side::Right),
            can_fail: true,
            meaning: [
                "글자 수가 될 때까지 뒤에 텍스트를 채우고, 길면 자릅니다.",
                "Filled with a text on the right to that many characters, or cut to them.",
            ],
            example: "RPAD('7', 3, '0')",
            postgres: None,
        },
        Function {
            name: "trim",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Both),
            can_fail: false,
            meaning: ["양쪽의 빈칸을 뺍니다.", "Without the blanks on both sides."],
            example: "TRIM('  a b ')",
            postgres: None,
        },
        Function {
            name: "trim",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Both),
            can_fail: false,
            meaning: [
                "양쪽에서 둘째 텍스트에 있는 글자들을 뺍니다.",
                "Without the characters of the second text on both sides.",
            ],
            example: "TRIM('xyaxy', 'yx')",
            postgres: None,
        },
        Function {
            name: "btrim",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Both),
            can_fail: false,
            meaning: ["양쪽의 빈칸을 뺍니다.", "Without the blanks on both sides."],
            example: "BTRIM('  a b ')",
            postgres: None,
        },
        Function {
            name: "btrim",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Both),
            can_fail: false,
            meaning: [
                "양쪽에서 둘째 텍스트에 있는 글자들을 뺍니다.",
                "Without the characters of the second text on both sides.",
            ],
            example: "BTRIM('xyaxy', 'yx')",
            postgres: None,
        },
        Function {
            name: "ltrim",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Left),
            can_fail: false,
            meaning: ["앞의 빈칸을 뺍니다.", "Without the blanks on the left."],
            example: "LTRIM('  a b ')",
            postgres: None,
        },
        Function {
            name: "ltrim",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Left),
            can_fail: false,
            meaning: [
                "앞에서 둘째 텍스트에 있는 글자들을 뺍니다.",
                "Without the characters of the second text on the left.",
            ],
            example: "LTRIM('xyaxy', 'yx')",
            postgres: None,
        },
        Function {
            name: "rtrim",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Right),
            can_fail: false,
            meaning: ["뒤의 빈칸을 뺍니다.", "Without the blanks on the right."],
            example: "RTRIM('  a b ')",
            postgres: None,
        },
        Function {
            name: "rtrim",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| trimmed(call, Side::Right),
            can_fail: false,
            meaning: [
                "뒤에서 둘째 텍스트에 있는 글자들을 뺍니다.",
                "Without the characters of the second text on the right.",
            ],
            example: "RTRIM('xyaxy', 'yx')",
            postgres: None,
        },
        Function {
            name: "md5",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned1(call, text::md5),
            can_fail: false,
            meaning: [
                "UTF-8 바이트의 MD5 값, 소문자 16진수 32자리",
                "The MD5 digest of the bytes in UTF-8, as 32 small hexadecimal digits.",
            ],
            example: "MD5('매출')",
            postgres: None,
        },
        Function {
            name: "replace",
            arguments: &[Argument::Text, Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: replaced,
            can_fail: true,
            meaning: [
                "둘째 텍스트를 모두 셋째 텍스트로 바꿉니다.",
                "With the third text for every place of the second one.",
            ],
            example: "REPLACE('1,234,567', ',', '')",
            postgres: None,
        },
        Function {
            name: "translate",
            arguments: &[Argument::Text, Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: translated,
            can_fail: false,
            meaning: [
                "둘째 텍스트의 글자를 셋째 텍스트의 같은 자리 글자로 바꾸고, 짝이 없으면 뺍니다.",
                "With the characters of the third text for those of the second one; those without a partner are left out.",
            ],
            example: "TRANSLATE('(02) 123-4567', '() -', '')",
            postgres: None,
        },
        Function {
            name: "reverse",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| owned1(call, text::reversed),
            can_fail: false,
            meaning: [
                "글자의 순서를 뒤집습니다.",
                "The characters from the last to the first.",
            ],
            example: "REVERSE('다나가')",
            postgres: None,
        },
        Function {
            name: "repeat",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: repeated,
            can_fail: true,
            meaning: ["텍스트를 그만큼 되풀이합니다.", "The text so many times."],
            example: "REPEAT('ab', 3)",
            postgres: None,
        },
        Function {
            name: "ascii",
            arguments: &[Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole1(call, text::code),
            can_fail: false,
            meaning: [
                "첫 글자의 코드",
                "The code of the first character; 0 for an empty text.",
            ],
            example: "ASCII('가')",
            postgres: None,
        },
        Function {
            name: "chr",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: character,
            can_fail: true,
            meaning: ["그 코드의 글자", "The character of a code."],
            example: "CHR(44032)",
            postgres: None,
        },
    ],
};

fn owned1(call: &Call<'_>, compute: fn(&str) -> String) -> Answer {
    let texts = call.texts(0)?;
    call.to_texts(|row| Ok(texts.at(row).map(compute)))
}

fn owned2(call: &Call<'_>, compute: fn(&str, &str) -> Result<String, Fault>) -> Answer {
    let (one, other) = (call.texts(0)?, call.texts(1)?);
    call.to_texts(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => compute(one, other).map(Some),
        _ => Ok(None),
    })
}

fn whole1(call: &Call<'_>, compute: fn(&str) -> i64) -> Answer {
    let texts = call.texts(0)?;
    call.to_whole(|row| Ok(texts.at(row).map(compute)))
}

fn concat(call: &Call<'_>) -> Answer {
    let columns = (0..call.columns.len())
        .map(|place| call.texts(place))
        .collect::<Result<Vec<_>, _>>()?;
    call.to_texts(|row| {
        let texts = columns.iter().filter_map(|column| column.at(row));
        Ok(Some(texts.collect::<String>()))
    })
}

fn concat_with(call: &Call<'_>) -> Answer {
    let columns = (0..call.columns.len())
        .map(|place| call.texts(place))
        .collect::<Result<Vec<_>, _>>()?;
    call.to_texts(|row| {
        let Some(between) = columns[0].at(row) else {
            return Ok(None);
        };
        let texts: Vec<&str> = columns[1..]
            .iter()
            .filter_map(|column| column.at(row))
            .collect();
        Ok(Some(texts.join(between)))
    })
}

fn padded(call: &Call<'_>, side: Side) -> Answer {
    let (texts, counts) = (call.texts(0)?, call.whole(1)?);
    let fills = match call.columns.len() {
        2 => None,
        _ => Some(call.texts(2)?),
    };
    call.to_texts(|row| {
        let fill = fills.as_ref().map_or(Some(" "), |fills| fills.at(row));
        match (texts.at(row), counts.at(row), fill) {
            (Some(text), Some(count), Some(fill)) => {
                text::padded(text, count, fill, side).map(Some)
            }
            _ => Ok(None),
        }
    })
}

fn trimmed(call: &Call<'_>, side: Side) -> Answer {
    let texts = call.texts(0)?;
    let sets = match call.columns.len() {
        1 => None,
        _ => Some(call.texts(1)?),
    };
    call.to_texts(|row| {
        let set = sets.as_ref().map_or(Some(" "), |sets| sets.at(row));
        Ok(match (texts.at(row), set) {
            (Some(text), Some(set)) => Some(text::trimmed(text, set, side)),
            _ => None,
        })
    })
}

fn replaced(call: &Call<'_>) -> Answer {
    let (texts, from, to) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    call.to_texts(|row| match (texts.at(row), from.at(row), to.at(row)) {
        (Some(text), Some(from), Some(to)) => text::replaced(text, from, to).map(Some),
        _ => Ok(None),
    })
}

fn translated(call: &Call<'_>) -> Answer {
    let (texts, from, to) = (call.texts(0)?, call.texts(1)?, call.texts(2)?);
    call.to_texts(|row| {
        Ok(match (texts.at(row), from.at(row), to.at(row)) {
            (Some(text), Some(from), Some(to)) => Some(text::translated(text, from, to)),
            _ => None,
        })
    })
}

fn repeated(call: &Call<'_>) -> Answer {
    let (texts, times) = (call.texts(0)?, call.whole(1)?);
    call.to_texts(|row| match (texts.at(row), times.at(row)) {
        (Some(text), Some(times)) => text::repeated(text, times).map(Some),
        _ => Ok(None),
    })
}

fn character(call: &Call<'_>) -> Answer {
    let codes = call.whole(0)?;
    call.to_texts(|row| codes.at(row).map(text::character).transpose())
}
