//! Texts compared with patterns: LIKE and regular expressions.

use super::Topic;
use super::matching::{
    certain, constant, counted, counts, found, matches, matching, matching_any_case,
    matching_by_flags, replacing, substituted,
};
use crate::SqlType;
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::function::{Argument, Function, Gives};
use crate::kernel::like::{self, Like};

pub(super) const TOPIC: Topic = Topic {
    title: ["패턴", "Patterns"],
    functions: &[
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
