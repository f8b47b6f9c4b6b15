//! How a column's values look: Excel's format code, alignment, and the same look for a page.

use lang::Lang;
use report::Format;
use rows::time_text::{self, Detail};
use rows::{ColumnType, Exact, Numbers, calendar};

use super::value::Value;

/// Decimals that most columns need no more than; see also [`Numbers::see`].
const USUAL_DECIMALS: u8 = 4;

/// More decimals than this cannot be read; Excel's own look then writes a power of ten.
const MOST_DECIMALS: u8 = 10;

/// Excel's times are shown to the millisecond.
const MOST_TIME_DECIMALS: u8 = 3;

/// How values are written. The author's word, or a default by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CellFormat {
    /// As it is.
    General,
    /// A number that names something: no separators.
    Plain,
    Int,
    /// Thousands separators and so many decimals.
    Decimal(u8),
    Percent1,
    Krw,
    Usd,
    Eur,
    Date,
    Datetime,
    Month,
    Time,
    /// A length of time as hours, with so many digits behind the seconds. Excel shows no negative
    /// times; those are days, in the words of the language.
    Duration {
        decimals: u8,
        lang: Lang,
    },
    Text,
    /// An Excel format code of the author's own.
    Excel(String),
}

impl CellFormat {
    /// What the author asked for.
    pub(crate) fn of(format: &Format) -> Self {
        match format {
            Format::Int => Self::Int,
            Format::Decimal2 => Self::Decimal(2),
            Format::Percent1 => Self::Percent1,
            Format::Krw => Self::Krw,
            Format::Usd => Self::Usd,
            Format::Eur => Self::Eur,
            Format::Date => Self::Date,
            Format::Datetime => Self::Datetime,
            Format::Month => Self::Month,
            Format::Text => Self::Text,
            Format::Excel(code) => Self::Excel(code.clone()),
        }
    }

    /// Whether Excel would open a file with the code. A code it cannot read makes it offer a repair
    /// that throws away all formats.
    pub(crate) fn is_readable(&self) -> bool {
        let Self::Excel(code) = self else { return true };
        let (mut bare, mut letters) = (String::new(), code.chars());
        while let Some(letter) = letters.next() {
            let is_closed = match letter {
                '"' => letters.any(|letter| letter == '"'),
                '[' => letters.any(|letter| letter == ']'),
                '\\' | '_' | '*' => letters.next().is_some(),
                other => {
                    bare.push(other);
                    true
                }
            };
            if !is_closed {
                return false;
            }
        }
        let sections = bare.split(';').count();
        // Of bare letters only those of dates, exponents and "General" mean something.
        let bare = bare
            .replace("General", "")
            .replace("AM/PM", "")
            .replace("A/P", "");
        let is_known =
            |letter: char| !letter.is_ascii_alphabetic() || "yYmMdDhHsSeEgGbB".contains(letter);
        let is_short = (1..=255).contains(&code.encode_utf16().count());
        is_short && sections <= 4 && bare.chars().all(is_known) && !code.contains(char::is_control)
    }

    /// What suits a column nobody described, by the numbers it holds; `is_all` says whether these are
    /// all of them.
    pub(crate) fn by_type(
        kind: ColumnType,
        name: &str,
        numbers: &Numbers,
        is_all: bool,
        lang: Lang,
    ) -> Self {
        match kind {
            ColumnType::Integer | ColumnType::Decimal { scale: 0 } => Self::whole(name, numbers),
            ColumnType::Decimal {
                scale: scale @ 1..=USUAL_DECIMALS,
            } => Self::Decimal(scale),
            // Who knows what comes: a look that hides no digit of any number.
            ColumnType::Decimal { .. } | ColumnType::Float if !is_all => Self::General,
            ColumnType::Decimal { .. } => Self::fraction(numbers, numbers.decimals.max(2)),
            ColumnType::Float if numbers.has_any() && numbers.decimals == 0 => {
                Self::whole(name, numbers)
            }
            ColumnType::Float => Self::fraction(numbers, u8::MAX),
            ColumnType::Date => Self::Date,
            ColumnType::Datetime => Self::Datetime,
            ColumnType::Time => Self::Time,
            ColumnType::Duration => Self::Duration {
                decimals: match is_all {
                    true => numbers.decimals.min(MOST_TIME_DECIMALS),
                    false => MOST_TIME_DECIMALS,
                },
                lang,
            },
            ColumnType::Boolean | ColumnType::Text | ColumnType::Binary => Self::General,
        }
    }

    fn whole(name: &str, numbers: &Numbers) -> Self {
        if is_identifier(name) || numbers.are_dates() {
            Self::Plain
        } else {
            Self::Int
        }
    }

    /// Two decimals for amounts and four for rates, and more where the smallest number needs them; never
    /// more than `most`, which is what any has. The cell holds all of them.
    fn fraction(numbers: &Numbers, most: u8) -> Self {
        let usual = match numbers.greatest() {
            _ if !numbers.has_any() => 2,
            // Decimals of many digits are mostly rates and quotients.
            _ if most < u8::MAX => USUAL_DECIMALS.min(most),
            0.. => 2,
            _ => USUAL_DECIMALS,
        };
        // Two digits of the smallest number.
        let needed = u8::try_from(1 - numbers.least()).unwrap_or(0);
        match usual.max(needed.min(most)) {
            decimals if decimals > MOST_DECIMALS => Self::General,
            decimals => Self::Decimal(decimals),
        }
    }

    /// Excel's format code.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::General => "General".into(),
            Self::Plain => "0".into(),
            Self::Int | Self::Decimal(0) => "#,##0".into(),
            Self::Decimal(decimals) => format!("#,##0.{}", "0".repeat(usize::from(*decimals))),
            Self::Percent1 => "0.0%".into(),
            Self::Krw => "[$₩-412]#,##0".into(),
            Self::Usd => "[$$-409]#,##0.00".into(),
            Self::Eur => "[$€-2]#,##0.00".into(),
            Self::Date => "yyyy\\-mm\\-dd".into(),
            Self::Datetime => "yyyy\\-mm\\-dd\\ hh:mm".into(),
            Self::Month => "yyyy\\-mm".into(),
            Self::Time => "[hh]:mm:ss".into(),
            Self::Duration { decimals, lang } => {
                let point = if *decimals > 0 { "." } else { "" };
                let fraction = "0".repeat(usize::from(*decimals));
                // Five digits of a day tell seconds apart.
                let days = "0".repeat(5 + usize::from(*decimals));
                let unit = match lang {
                    Lang::Ko => "일",
                    Lang::En => " d",
                };
                format!("[h]:mm:ss{point}{fraction};\\-0.{days}\"{unit}\"")
            }
            Self::Text => "@".into(),
            Self::Excel(code) => code.clone(),
        }
    }

    /// The format word a page knows it by, else Excel's code.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::General => "general".into(),
            Self::Int => "int".into(),
            Self::Decimal(2) => "decimal2".into(),
            Self::Percent1 => "percent1".into(),
            Self::Krw => "krw".into(),
            Self::Usd => "usd".into(),
            Self::Eur => "eur".into(),
            Self::Date => "date".into(),
            Self::Datetime => "datetime".into(),
            Self::Month => "month".into(),
            Self::Text => "text".into(),
            Self::Plain
            | Self::Decimal(_)
            | Self::Time
            | Self::Duration { .. }
            | Self::Excel(_) => self.code(),
        }
    }

    /// Whether texts that are dates become dates in the column.
    pub(crate) fn is_moment(&self) -> bool {
        matches!(self, Self::Date | Self::Datetime | Self::Month)
    }

    /// Whether the column is made for calculating.
    pub(crate) fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Int | Self::Decimal(_) | Self::Percent1 | Self::Krw | Self::Usd | Self::Eur
        )
    }

    /// The value for people; `None` for an empty cell.
    pub(crate) fn show(&self, value: &Value<'_>) -> Option<String> {
        let shown = match *value {
            Value::Null => return None,
            Value::Text("") => return None,
            Value::Text(text) => text.to_owned(),
            Value::Boolean(value) => if value { "TRUE" } else { "FALSE" }.to_owned(),
            Value::Float(number) if !number.is_finite() => return None,
            Value::Float(number) => self.show_float(number),
            Value::Number(number) => self.show_number(number),
            Value::Date(days) => self.show_date(i64::from(days)),
            Value::Datetime(micros) => self.show_datetime(micros),
            Value::Time(micros) => time_text::show_time(micros, Detail::Seconds),
            Value::Duration(micros) => time_text::show_time(micros, self.detail()),
            Value::Binary(bytes) => hex(bytes),
        };
        Some(shown)
    }

    /// How much of a length of time the cells show.
    fn detail(&self) -> Detail {
        match self {
            Self::Duration { decimals: 0, .. } => Detail::Seconds,
            _ => Detail::All,
        }
    }

    fn show_date(&self, days: i64) -> String {
        match self {
            Self::Month => time_text::show_month(days),
            Self::Datetime => match days.checked_mul(calendar::DAY) {
                Some(micros) => time_text::show_datetime(micros, Detail::Minutes),
                None => time_text::show_date(days),
            },
            _ => time_text::show_date(days),
        }
    }

    fn show_datetime(&self, micros: i64) -> String {
        let days = micros.div_euclid(calendar::DAY);
        match self {
            Self::Month => time_text::show_month(days),
            Self::Date => time_text::show_date(days),
            _ => time_text::show_datetime(micros, Detail::Minutes),
        }
    }

    fn show_float(&self, number: f64) -> String {
        // Rust writes the shortest digits that give the same float, and never an exponent.
        match Exact::parse(&number.to_string()) {
            Some(exact) => self.show_number(exact),
            None => number.to_string(),
        }
    }

    fn show_number(&self, number: Exact) -> String {
        let look = self.look();
        let number = if look.is_percent {
            number.hundredfold().unwrap_or(number)
        } else {
            number
        };
        let number = look
            .decimals
            .map_or_else(|| number.normal(), |decimals| number.round(decimals.into()));
        let plain = number.plain();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", plain.as_str()),
        };
        let digits = if look.has_separators {
            lang::grouped_digits(digits)
        } else {
            digits.to_owned()
        };
        let percent = if look.is_percent { "%" } else { "" };
        format!("{sign}{}{digits}{percent}", look.prefix)
    }

    fn look(&self) -> Look {
        let number = |prefix, decimals| Look {
            prefix,
            decimals: Some(decimals),
            has_separators: true,
            is_percent: false,
        };
        match self {
            Self::Int => number("", 0),
            Self::Decimal(decimals) => number("", *decimals),
            Self::Krw => number("₩", 0),
            Self::Usd => number("$", 2),
            Self::Eur => number("€", 2),
            Self::Percent1 => Look {
                prefix: "",
                decimals: Some(1),
                has_separators: false,
                is_percent: true,
            },
            Self::Excel(code) => Look::of_code(code),
            _ => Look {
                prefix: "",
                decimals: None,
                has_separators: false,
                is_percent: false,
            },
        }
    }
}

/// What of a number format a page imitates.
struct Look {
    prefix: &'static str,
    /// `None` shows the digits the number has.
    decimals: Option<u8>,
    has_separators: bool,
    is_percent: bool,
}

impl Look {
    /// Reads the first section of a code well enough for common ones; others show plain digits.
    fn of_code(code: &str) -> Self {
        let section = code.split(';').next().unwrap_or_default();
        let is_simple = section.chars().all(|letter| "#0,.%₩$€ _-".contains(letter));
        if !is_simple || !section.contains('0') {
            return Self {
                prefix: "",
                decimals: None,
                has_separators: false,
                is_percent: false,
            };
        }
        let fraction = section.split_once('.').map_or("", |(_, fraction)| fraction);
        let decimals = fraction.chars().filter(|letter| *letter == '0').count();
        let prefix = ["₩", "$", "€"]
            .into_iter()
            .find(|sign| section.starts_with(sign))
            .unwrap_or("");
        Self {
            prefix,
            decimals: u8::try_from(decimals).ok(),
            has_separators: section.contains("#,#"),
            is_percent: section.contains('%'),
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Whether numbers of such a column name things, like orders or years, and are never added.
fn is_identifier(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "no", "nr", "key", "yr", "fy", "ym", "ymd", "yyyy", "yyyymm", "yyyymmdd", "barcode",
    ];
    const ENDS: [&str; 13] = [
        "id",
        "number",
        "code",
        "year",
        "zip",
        "번호",
        "코드",
        "년도",
        "연도",
        "년월",
        "연월",
        "아이디",
        "바코드",
    ];
    // They end like an id.
    const OTHERS: [&str; 10] = [
        "paid", "bid", "valid", "void", "grid", "liquid", "fluid", "solid", "mid", "aid",
    ];
    let is_end_of_word = |(place, letter): (usize, char)| {
        let before = name[..place].chars().next_back();
        !letter.is_alphanumeric()
            || (letter.is_uppercase() && before.is_some_and(char::is_lowercase))
    };
    let last = name
        .char_indices()
        .rfind(|at| is_end_of_word(*at))
        .map_or(name, |(place, letter)| match letter.is_alphanumeric() {
            true => &name[place..],
            false => &name[place + letter.len_utf8()..],
        })
        .to_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| last.ends_with(end));
    WORDS.contains(&last.as_str()) || (ends(&ENDS) && !ends(&OTHERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(format: &CellFormat, digits: &str) -> String {
        format
            .show(&Value::Number(Exact::parse(digits).unwrap()))
            .unwrap()
    }

    #[test]
    fn numbers_look_as_in_excel() {
        assert_eq!(show(&CellFormat::Krw, "1234567.5"), "₩1,234,568");
        assert_eq!(show(&CellFormat::Krw, "-1234"), "-₩1,234");
        assert_eq!(show(&CellFormat::Usd, "0.5"), "$0.50");
        assert_eq!(show(&CellFormat::Percent1, "0.12345"), "12.3%");
        assert_eq!(show(&CellFormat::Percent1, "1"), "100.0%");
        assert_eq!(show(&CellFormat::Plain, "2026"), "2026");
        assert_eq!(show(&CellFormat::Int, "999"), "999");
        assert_eq!(
            show(&CellFormat::Excel("#,##0.0".into()), "1234.56"),
            "1,234.6"
        );
        assert_eq!(
            show(&CellFormat::Excel("0.00E+00".into()), "1234.56"),
            "1234.56"
        );
        assert_eq!(
            CellFormat::Decimal(2)
                .show(&Value::Float(0.1 + 0.2))
                .unwrap(),
            "0.30"
        );
        assert_eq!(CellFormat::Int.show(&Value::Float(f64::NAN)), None);
    }

    #[test]
    fn dates_follow_the_format() {
        assert_eq!(
            CellFormat::Month.show(&Value::Date(20_699)).unwrap(),
            "2026-09"
        );
        assert_eq!(
            CellFormat::Date
                .show(&Value::Datetime(calendar::DAY + 1))
                .unwrap(),
            "1970-01-02"
        );
        assert_eq!(
            CellFormat::General.show(&Value::Datetime(0)).unwrap(),
            "1970-01-01 00:00"
        );
    }

    #[test]
    fn numbers_that_name_things_have_no_separators() {
        for kind in [ColumnType::Integer, ColumnType::Decimal { scale: 0 }] {
            let numbers = Numbers::default();
            let look = |name| CellFormat::by_type(kind, name, &numbers, true, Lang::En);
            for name in [
                "order_id",
                "orderid",
                "id",
                "ID",
                "orderId",
                "주문번호",
                "year",
                "invoice_no",
                "no",
                "key",
                "기준연월",
            ] {
                assert_eq!(look(name), CellFormat::Plain, "{name}");
            }
            for name in [
                "orders",
                "paid",
                "amount_paid",
                "bid",
                "casino",
                "monkey",
                "금액",
            ] {
                assert_eq!(look(name), CellFormat::Int, "{name}");
            }
        }
    }

    #[test]
    fn codes_that_break_a_file_are_recognised() {
        let is_readable = |code: &str| CellFormat::Excel(code.into()).is_readable();
        for code in [
            "0.00E+00",
            "#,##0\"원\"",
            "yyyy\"년\" m\"월\"",
            "[$₩-412]#,##0",
            "[Red]-0;0;\"-\";@",
            "h:mm AM/PM",
            "General",
            "\\a0",
        ] {
            assert!(is_readable(code), "{code}");
        }
        for code in ["", "abc\"", "0;0;0;0;0", "[Red", "krw", "0\n", "\\"] {
            assert!(!is_readable(code), "{code}");
        }
    }
}
