//! The page of the documentation that lists the functions, made from the table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sqlparser::ast::Query;

use crate::function::{Argument, Function};
use crate::functions::{TOPICS, Topic};
use crate::kernel::{format, numeric};
use crate::plan;
use crate::statements::{CHAPTERS, Chapter};
use crate::types::{Scale, SqlType};
use crate::value::Value;

/// A language of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Korean,
    English,
}

/// Words of the page in one language.
struct Words {
    title: &'static str,
    beginning: &'static str,
    heads: [&'static str; 5],
}

const KOREAN: Words = Words {
    title: "집계 블록의 함수",
    beginning: "\
집계 블록의 SQL에서 쓸 수 있는 함수와 연산자입니다. 모두 UTF-8 데이터베이스의 PostgreSQL 15와 같은 값을 줍니다.
텍스트는 바이트 순으로 비교하고, 글자는 C 라이브러리의 `C.UTF-8`을 따릅니다.

여기 없는 함수는 거부합니다. 그런 값은 소스에서 읽는 쿼리에서 계산하세요. `timestamp` 자리에는 날짜도,
`double precision` 자리에는 다른 수도 쓸 수 있습니다. 정규식, 단위, 서식은 따옴표 안에 그대로 적어야 합니다.",
    heads: ["쓰는 법", "결과", "예", "값", "뜻"],
};

const ENGLISH: Words = Words {
    title: "Functions of aggregation blocks",
    beginning: "\
Functions and operators of the SQL of aggregation blocks. All of them give what PostgreSQL 15 gives in a UTF-8 database:
texts are compared byte by byte, and letters are those of the C library's `C.UTF-8`.

What is not listed is refused; compute it in the query that reads from the source. A `timestamp` may be given as a date,
and `double precision` as any number. Regular expressions, units and templates must be written out in quotes.",
    heads: ["Written", "Result", "Example", "Gives", "Meaning"],
};

/// How a statement is read; `None` when it cannot be. Texts are nothing this crate knows.
type Read<'a> = &'a dyn Fn(&str) -> Option<Query>;

/// The whole page, as Markdown.
pub fn page(language: Language, read: Read<'_>) -> String {
    let (words, place) = match language {
        Language::Korean => (&KOREAN, 0),
        Language::English => (&ENGLISH, 1),
    };
    let mut page = format!("# {}\n\n{}\n", words.title, words.beginning);
    for topic in TOPICS {
        write_topic(topic, words, place, read, &mut page);
    }
    for chapter in CHAPTERS {
        write_chapter(chapter, words, place, read, &mut page);
    }
    page
}

fn write_topic(topic: &Topic, words: &Words, language: usize, read: Read<'_>, to: &mut String) {
    // Writing into a text cannot fail.
    let _ = write!(to, "\n## {}\n\n", topic.title[language]);
    let _ = writeln!(
        to,
        "| {} |\n| {} |",
        words.heads.join(" | "),
        ["---"; 5].join(" | ")
    );
    for function in topic.functions {
        let (kind, value) = computed(function, read).unwrap_or_default();
        let cells = [
            code(&written(function)),
            kind,
            code(function.example),
            code(&value),
            function.meaning[language].to_owned(),
        ];
        let _ = writeln!(
            to,
            "| {} |",
            cells.map(|cell| cell.replace('|', "\\|")).join(" | ")
        );
    }
}

fn write_chapter(
    chapter: &Chapter,
    words: &Words,
    language: usize,
    read: Read<'_>,
    to: &mut String,
) {
    let _ = write!(to, "\n## {}\n\n", chapter.title[language]);
    let _ = writeln!(
        to,
        "| {} |\n| {} |",
        words.heads.join(" | "),
        ["---"; 5].join(" | ")
    );
    for row in chapter.statements {
        let values = answered(row.example, read).unwrap_or_default();
        let cells = [
            code(row.written),
            row.result.to_owned(),
            code(row.example),
            code(&values.join(", ")),
            row.meaning[language].to_owned(),
        ];
        let _ = writeln!(
            to,
            "| {} |",
            cells.map(|cell| cell.replace('|', "\\|")).join(" | ")
        );
    }
}

/// The values of a statement of one column; `None` when it cannot be run, which the tests report.
fn answered(statement: &str, read: Read<'_>) -> Option<Vec<String>> {
    let plan = plan(&read(statement)?, &[]).ok()?;
    let answer = plan.run(&BTreeMap::new()).ok()?;
    let kind = plan.columns().first()?.kind;
    let column = answer.columns().first()?.as_materialized_series();
    (0..column.len())
        .map(|row| {
            let place = i64::try_from(row).ok()?;
            let value = Value::of(&column.slice(place, 1), kind).ok()?;
            Some(shown(&value, kind))
        })
        .collect()
}

/// An empty cell stays empty.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{text}`")
}

/// How a function is written, with types in the places of values.
fn written(function: &Function) -> String {
    let words: Vec<_> = function.arguments.iter().map(|one| one.word()).collect();
    match (function.name, words.as_slice()) {
        ("extract", [_, of]) => format!("EXTRACT(part FROM {of})"),
        ("position", [part, text]) => format!("POSITION({part} IN {text})"),
        ("like" | "ilike", [text, pattern]) => {
            format!("{text} {} {pattern}", function.name.to_uppercase())
        }
        ("like" | "ilike", [text, pattern, escape]) => {
            let name = function.name.to_uppercase();
            format!("{text} {name} {pattern} ESCAPE {escape}")
        }
        ("overlay", [text, other, rest @ ..]) => {
            let count = rest
                .get(1)
                .map_or(String::new(), |count| format!(" FOR {count}"));
            format!("OVERLAY({text} PLACING {other} FROM {}{count})", rest[0])
        }
        (name, [one]) if is_operator(name) => format!("{name}{one}"),
        (name, [one, other]) if is_operator(name) => format!("{one} {name} {other}"),
        (name, words) => {
            let more = function
                .more
                .map(|more| format!("{}…", Argument::word(more)));
            let all: Vec<_> = words
                .iter()
                .map(|word| (*word).to_owned())
                .chain(more)
                .collect();
            format!("{}({})", name.to_uppercase(), all.join(", "))
        }
    }
}

fn is_operator(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The type and the value of the example; `None` when it cannot be computed, which the tests report.
fn computed(function: &Function, read: Read<'_>) -> Option<(String, String)> {
    let query = read(&format!("SELECT {} AS answer", function.example))?;
    let plan = plan(&query, &[]).ok()?;
    let answer = plan.run(&BTreeMap::new()).ok()?;
    let kind = plan.columns().first()?.kind;
    let value = Value::of(answer.columns().first()?.as_materialized_series(), kind).ok()?;
    Some((kind.to_string(), shown(&value, kind)))
}

fn shown(value: &Value, kind: SqlType) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Boolean(value) => format::boolean_text(*value).to_owned(),
        Value::Whole(value) => value.to_string(),
        Value::Decimal(mantissa, scale) => {
            let text = numeric::text(*mantissa, *scale);
            if kind == SqlType::Numeric(Scale::Quotient) {
                return text.trim_end_matches('0').trim_end_matches('.').to_owned();
            }
            text
        }
        Value::Double(value) => format::double_text(*value),
        Value::Text(value) => value.clone(),
        Value::Date(days) => format::date_text(*days),
        Value::Timestamp(micros) => format::timestamp_text(*micros),
        Value::Time(micros) => format::time_text(*micros),
    }
}
