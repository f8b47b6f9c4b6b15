//! Functions of texts.

use super::Topic;
use super::matching::{
    certain, constant, counted, counts, found, matches, matching, matching_any_case,
    matching_by_flags, replacing, substituted,
};
use crate::SqlType;
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::like::{self, Like};
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
            name: "left",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| slice_by(call, |text, count| Ok(text::left(text, count))),
            can_fail: false,
            meaning: [
                "앞의 글자들. 음수면 뒤에서 그만큼을 뺍니다.",
                "The first characters; all but the last ones for a negative number.",
            ],
            example: "LEFT('2026-08-19', 7)",
            postgres: None,
        },
        Function {
            name: "right",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| slice_by(call, |text, count| Ok(text::right(text, count))),
            can_fail: false,
            meaning: [
                "뒤의 글자들. 음수면 앞에서 그만큼을 뺍니다.",
                "The last characters; all but the first ones for a negative number.",
            ],
            example: "RIGHT('2026-08-19', -5)",
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
            name: "substring",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: |call| slice_by(call, |text, from| text::part(text, from, None)),
            can_fail: false,
            meaning: [
                "그 자리부터의 글자들. 자리는 1부터 셉니다.",
                "The characters from a place on, counted from 1.",
            ],
            example: "SUBSTRING('2026-08-19', 6)",
            postgres: None,
        },
        Function {
            name: "substring",
            arguments: &[Argument::Text, Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: part,
            can_fail: true,
            meaning: [
                "그 자리부터 그만큼의 글자들",
                "So many characters from a place on, counted from 1.",
            ],
            example: "SUBSTRING('2026-08-19', 6, 2)",
            postgres: None,
        },
        Function {
            name: "substr",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: |call| slice_by(call, |text, from| text::part(text, from, None)),
            can_fail: false,
            meaning: ["`SUBSTRING`과 같습니다.", "The same as `SUBSTRING`."],
            example: "SUBSTR('2026-08-19', 6)",
            postgres: None,
        },
        Function {
            name: "substr",
            arguments: &[Argument::Text, Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: part,
            can_fail: true,
            meaning: ["`SUBSTRING`과 같습니다.", "The same as `SUBSTRING`."],
            example: "SUBSTR('2026-08-19', 6, 2)",
            postgres: None,
        },
        Function {
            name: "overlay",
            arguments: &[Argument::Text, Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(overlaid_type),
            apply: overlaid,
            can_fail: true,
            meaning: [
                "그 자리부터의 글자를 다른 텍스트로 덮어씁니다.",
                "The text with another one written over it from that place on.",
            ],
            example: "OVERLAY('2026-08-19' PLACING '**' FROM 9)",
            postgres: None,
        },
        Function {
            name: "overlay",
            arguments: &[
                Argument::Text,
                Argument::Text,
                Argument::Whole,
                Argument::Whole,
            ],
            more: None,
            result: Gives::By(overlaid_type),
            apply: overlaid,
            can_fail: true,
            meaning: [
                "그 자리부터 그만큼의 글자를 다른 텍스트로 바꿉니다.",
                "The text with another one in place of so many characters from that place on.",
            ],
            example: "OVERLAY('서울특별시' PLACING '-' FROM 3 FOR 2)",
            postgres: None,
        },
        Function {
            name: "split_part",
            arguments: &[Argument::Text, Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: field,
            can_fail: true,
            meaning: [
                "둘째 텍스트로 나눈 것 중 그 번째. 음수면 뒤에서 셉니다.",
                "The part with that number between separators, counted from the end for a negative number.",
            ],
            example: "SPLIT_PART('a,b,c', ',', -1)",
            postgres: None,
        },
        Function {
            name: "strpos",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole2(call, text::place),
            can_fail: false,
            meaning: [
                "둘째 텍스트가 처음 나오는 자리. 1부터 세고 없으면 0",
                "The first place of the second text, counted from 1; 0 if there is none.",
            ],
            example: "STRPOS('매출-원가', '-')",
            postgres: None,
        },
        Function {
            name: "position",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole2(call, |part, text| text::place(text, part)),
            can_fail: false,
            meaning: [
                "`POSITION(a IN b)`: b에서 a가 처음 나오는 자리",
                "`POSITION(a IN b)`: the first place of a in b, counted from 1; 0 if there is none.",
            ],
            example: "POSITION('-' IN '매출-원가')",
            postgres: None,
        },
        Function {
            name: "starts_with",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| truth2(call, |text, part| Ok(text.starts_with(part))),
            can_fail: false,
            meaning: [
                "둘째 텍스트로 시작하는지",
                "Whether the text begins with the second one.",
            ],
            example: "STARTS_WITH('SKU-1', 'SKU')",
            postgres: None,
        },
        Function {
            name: "ends_with",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| truth2(call, |text, part| Ok(text.ends_with(part))),
            can_fail: false,
            meaning: [
                "둘째 텍스트로 끝나는지",
                "Whether the text ends with the second one.",
            ],
            example: "ENDS_WITH('report.csv', '.csv')",
            postgres: Some("RIGHT('report.csv', LENGTH('.csv')) = '.csv'"),
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
        Function {
            name: "like",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| like(call, false),
            can_fail: true,
            meaning: [
                "패턴에 맞는지. `%`는 아무 글자들, `_`는 한 글자",
                "Whether the text is of a pattern: `%` stands for any characters, `_` for one.",
            ],
            example: "'SKU-1' LIKE 'SKU-_'",
            postgres: None,
        },
        Function {
            name: "like",
            arguments: &[Argument::Text, Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| like(call, false),
            can_fail: true,
            meaning: [
                "`LIKE … ESCAPE`: 셋째 글자 뒤의 글자는 그대로 읽습니다.",
                "`LIKE … ESCAPE`: what stands behind the third argument stands for itself.",
            ],
            example: "'10%' LIKE '%!%' ESCAPE '!'",
            postgres: None,
        },
        Function {
            name: "ilike",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| like(call, true),
            can_fail: true,
            meaning: [
                "대소문자를 가리지 않는 `LIKE`",
                "`LIKE` for small and capital letters alike.",
            ],
            example: "'sku-1' ILIKE 'SKU%'",
            postgres: None,
        },
        Function {
            name: "ilike",
            arguments: &[Argument::Text, Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| like(call, true),
            can_fail: true,
            meaning: [
                "대소문자를 가리지 않는 `LIKE … ESCAPE`",
                "`LIKE … ESCAPE` for small and capital letters alike.",
            ],
            example: "'sku_1' ILIKE 'SKU!_%' ESCAPE '!'",
            postgres: None,
        },
        Function {
            name: "~",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(matching),
            apply: |call| matches(call, false, true),
            can_fail: false,
            meaning: [
                "정규식에 맞는 부분이 있는지",
                "Whether a part matches a regular expression.",
            ],
            example: "'SKU-1024' ~ '^SKU-[0-9]{4}$'",
            postgres: None,
        },
        Function {
            name: "~*",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(matching_any_case),
            apply: |call| matches(call, true, true),
            can_fail: false,
            meaning: [
                "대소문자를 가리지 않는 `~`",
                "`~` for small and capital letters alike.",
            ],
            example: "'sku-1024' ~* '^SKU'",
            postgres: None,
        },
        Function {
            name: "!~",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(matching),
            apply: |call| matches(call, false, false),
            can_fail: false,
            meaning: [
                "정규식에 맞는 부분이 없는지",
                "Whether no part matches a regular expression.",
            ],
            example: "'SKU-1024' !~ '[a-z]'",
            postgres: None,
        },
        Function {
            name: "!~*",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(matching_any_case),
            apply: |call| matches(call, true, false),
            can_fail: false,
            meaning: [
                "대소문자를 가리지 않는 `!~`",
                "`!~` for small and capital letters alike.",
            ],
            example: "'SKU-1024' !~* 'sku'",
            postgres: None,
        },
        Function {
            name: "regexp_like",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(matching),
            apply: |call| matches(call, false, true),
            can_fail: false,
            meaning: ["`~`와 같습니다.", "The same as `~`."],
            example: "REGEXP_LIKE('SKU-1024', '[0-9]+')",
            postgres: None,
        },
        Function {
            name: "regexp_like",
            arguments: &[
                Argument::Text,
                Argument::ConstantText,
                Argument::ConstantText,
            ],
            more: None,
            result: Gives::By(matching_by_flags),
            apply: |call| matches(call, constant(call, 2)? == "i", true),
            can_fail: false,
            meaning: [
                "`i`를 주면 `~*`와 같습니다.",
                "The same as `~*` with the flag `i`.",
            ],
            example: "REGEXP_LIKE('sku-1024', 'SKU', 'i')",
            postgres: None,
        },
        Function {
            name: "regexp_count",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(counted),
            apply: counts,
            can_fail: false,
            meaning: [
                "정규식에 맞는 부분의 수",
                "How many parts match a regular expression.",
            ],
            example: "REGEXP_COUNT('a1b22', '[0-9]+')",
            postgres: None,
        },
        Function {
            name: "regexp_substr",
            arguments: &[Argument::Text, Argument::ConstantText],
            more: None,
            result: Gives::By(certain),
            apply: found,
            can_fail: false,
            meaning: [
                "정규식에 맞는 첫 부분",
                "The first part that matches a regular expression.",
            ],
            example: "REGEXP_SUBSTR('주문 1024번', '[0-9]+')",
            postgres: None,
        },
        Function {
            name: "regexp_replace",
            arguments: &[
                Argument::Text,
                Argument::ConstantText,
                Argument::ConstantText,
            ],
            more: None,
            result: Gives::By(replacing),
            apply: substituted,
            can_fail: false,
            meaning: [
                "정규식에 맞는 첫 부분을 바꿉니다. `\\1`은 첫 괄호의 것",
                "With another text for the first part that matches a regular expression; `\\1` is what its first parentheses hold.",
            ],
            example: "REGEXP_REPLACE('010-1234', '[0-9]{4}', '****')",
            postgres: None,
        },
        Function {
            name: "regexp_replace",
            arguments: &[
                Argument::Text,
                Argument::ConstantText,
                Argument::ConstantText,
                Argument::ConstantText,
            ],
            more: None,
            result: Gives::By(replacing),
            apply: substituted,
            can_fail: false,
            meaning: [
                "`g`를 주면 모두, `i`를 주면 대소문자를 가리지 않고 바꿉니다.",
                "With the flag `g` for every such part, with `i` for small and capital letters alike.",
            ],
            example: "REGEXP_REPLACE('a  b   c', ' +', ' ', 'g')",
            postgres: None,
        },
    ],
};

/// A place is a number: PostgreSQL reads a text in quotes as a regular expression, and `SUBSTR` is
/// planned as `SUBSTRING`.
fn placed(arguments: &[Shape<'_>]) -> Option<SqlType> {
    (arguments.get(1)?.kind != SqlType::Unknown).then_some(SqlType::Text)
}

/// Places and counts are of type `integer`.
fn overlaid_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let places = arguments.get(2..)?;
    let is_integer = places.iter().all(|place| place.kind == SqlType::Integer);
    is_integer.then_some(SqlType::Text)
}

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

fn whole2(call: &Call<'_>, compute: fn(&str, &str) -> i64) -> Answer {
    let (one, other) = (call.texts(0)?, call.texts(1)?);
    call.to_whole(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => Ok(Some(compute(one, other))),
        _ => Ok(None),
    })
}

fn truth2(call: &Call<'_>, compute: fn(&str, &str) -> Result<bool, Fault>) -> Answer {
    let (one, other) = (call.texts(0)?, call.texts(1)?);
    call.to_truths(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => compute(one, other).map(Some),
        _ => Ok(None),
    })
}

/// A part of the text that a number decides.
fn slice_by(
    call: &Call<'_>,
    compute: for<'t> fn(&'t str, i64) -> Result<&'t str, Fault>,
) -> Answer {
    let (texts, numbers) = (call.texts(0)?, call.whole(1)?);
    call.to_texts(|row| match (texts.at(row), numbers.at(row)) {
        (Some(text), Some(number)) => compute(text, number).map(Some),
        _ => Ok(None),
    })
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

fn part(call: &Call<'_>) -> Answer {
    let (texts, from, counts) = (call.texts(0)?, call.whole(1)?, call.whole(2)?);
    call.to_texts(|row| match (texts.at(row), from.at(row), counts.at(row)) {
        (Some(text), Some(from), Some(count)) => text::part(text, from, Some(count)).map(Some),
        _ => Ok(None),
    })
}

fn overlaid(call: &Call<'_>) -> Answer {
    let (texts, others, from) = (call.texts(0)?, call.texts(1)?, call.whole(2)?);
    let counts = match call.columns.len() {
        3 => None,
        _ => Some(call.whole(3)?),
    };
    call.to_texts(|row| {
        let (Some(text), Some(other), Some(from)) = (texts.at(row), others.at(row), from.at(row))
        else {
            return Ok(None);
        };
        let count = match &counts {
            None => text::length(other),
            Some(counts) => match counts.at(row) {
                Some(count) => count,
                None => return Ok(None),
            },
        };
        text::overlaid(text, other, from, count).map(Some)
    })
}

fn field(call: &Call<'_>) -> Answer {
    let (texts, separators, numbers) = (call.texts(0)?, call.texts(1)?, call.whole(2)?);
    call.to_texts(
        |row| match (texts.at(row), separators.at(row), numbers.at(row)) {
            (Some(text), Some(separator), Some(number)) => {
                text::field(text, separator, number).map(Some)
            }
            _ => Ok(None),
        },
    )
}

fn character(call: &Call<'_>) -> Answer {
    let codes = call.whole(0)?;
    call.to_texts(|row| codes.at(row).map(text::character).transpose())
}

fn like(call: &Call<'_>, ignores_case: bool) -> Answer {
    let (texts, patterns) = (call.texts(0)?, call.texts(1)?);
    let escapes = match call.columns.len() {
        2 => None,
        _ => Some(call.texts(2)?),
    };
    let prepare = |pattern: &str, escape: &str| {
        let pattern = like::escaped(pattern, escape)?;
        Ok::<_, Fault>(if ignores_case {
            Like::new(&like::folded(&pattern))
        } else {
            Like::new(&pattern)
        })
    };
    // Most patterns are written out; they are prepared once.
    let mut prepared: Option<(String, String, Like)> = None;
    call.to_truths(|row| {
        let escape = escapes
            .as_ref()
            .map_or(Some("\\"), |escapes| escapes.at(row));
        let (Some(text), Some(pattern), Some(escape)) = (texts.at(row), patterns.at(row), escape)
        else {
            return Ok(None);
        };
        let is_same =
            matches!(&prepared, Some((one, other, _)) if one == pattern && other == escape);
        if !is_same {
            let like = prepare(pattern, escape)?;
            prepared = Some((pattern.to_owned(), escape.to_owned(), like));
        }
        let Some((_, _, like)) = &prepared else {
            return Ok(None);
        };
        if ignores_case {
            like.matches(&like::folded(text)).map(Some)
        } else {
            like.matches(text).map(Some)
        }
    })
}
