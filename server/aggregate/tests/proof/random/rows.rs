//! Random tables: all types, many NULLs and duplicates, some extremes, some empty.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::tables::{Column, Kind, Table};

const KINDS: &[Kind] = &[
    Kind::Boolean,
    Kind::Integer,
    Kind::BigInt,
    Kind::Numeric(12, 2),
    Kind::Numeric(8, 4),
    Kind::Numeric(20, 0),
    Kind::Double,
    Kind::Text,
    Kind::Date,
    Kind::Timestamp,
    Kind::Time,
];

/// Two to four tables.
pub fn tables(dice: &mut StdRng) -> Vec<Table> {
    (0..dice.random_range(2..=4))
        .map(|place| table(dice, place))
        .collect()
}

fn table(dice: &mut StdRng, place: usize) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    let mut kinds = vec![Kind::Integer, Kind::Text];
    for _ in 0..dice.random_range(2..=7) {
        kinds.push(*KINDS.choose(dice).unwrap());
    }
    for (number, kind) in kinds.into_iter().enumerate() {
        // The first columns have the same names in all tables.
        let written = match number {
            0 => "id".to_owned(),
            1 => "name".to_owned(),
            number => format!("c{number}"),
        };
        columns.push(Column { written, kind });
    }
    let height = match dice.random_range(0..10) {
        0 => 0,
        1 => 1,
        2..=6 => dice.random_range(2..=10),
        _ => dice.random_range(10..=30),
    };
    let nulls = *[0.0, 0.1, 0.3, 0.6].choose(dice).unwrap();
    let is_extreme = dice.random_bool(0.15);
    let rows = (0..height)
        .map(|_| {
            columns
                .iter()
                .map(|column| {
                    (!dice.random_bool(nulls)).then(|| cell(dice, column.kind, is_extreme))
                })
                .collect()
        })
        .collect();
    Table {
        written: format!("r{place}"),
        columns,
        rows,
    }
}

fn cell(dice: &mut StdRng, kind: Kind, is_extreme: bool) -> String {
    if is_extreme && dice.random_bool(0.2) {
        return extreme(dice, kind).to_owned();
    }
    match kind {
        Kind::Boolean => if dice.random() { "t" } else { "f" }.to_owned(),
        Kind::Integer | Kind::BigInt => dice.random_range(-3..=9).to_string(),
        Kind::Numeric(_, 2) => choice(
            dice,
            &[
                "0.00", "0.01", "1.00", "1.10", "2.50", "-2.50", "10.01", "99.99", "-0.05", "7.00",
            ],
        ),
        Kind::Numeric(_, 4) => choice(
            dice,
            &[
                "0.0000", "0.0333", "0.1000", "1.0000", "2.5000", "-0.0005", "9.9999",
            ],
        ),
        Kind::Numeric(..) => choice(
            dice,
            &[
                "0",
                "1",
                "2",
                "3",
                "18446744073709551615",
                "18446744073709551614",
            ],
        ),
        Kind::Double => choice(
            dice,
            &["0", "0.5", "-0.5", "1.25", "2", "-7.75", "100", "1024.5"],
        ),
        Kind::Text => choice(
            dice,
            &[
                "", " ", "a", "A", "b", "ab", "Ab ", "b%", "a_b", "가", "가나", "x\\y", "7",
                "it's", "é", "😀",
            ],
        ),
        Kind::Date => choice(
            dice,
            &[
                "2024-02-29",
                "2024-12-31",
                "2025-01-01",
                "2025-01-31",
                "2024-12-30",
                "2023-03-01",
            ],
        ),
        Kind::Timestamp => choice(
            dice,
            &[
                "2024-02-29 00:00:00",
                "2024-02-29 23:59:59.999999",
                "2024-12-31 12:30:00",
                "2025-01-01 00:00:00",
                "2025-01-31 01:02:03.5",
            ],
        ),
        Kind::Time => choice(
            dice,
            &["00:00:00", "12:00:00", "23:59:59.999999", "08:15:30.25"],
        ),
    }
}

fn extreme(dice: &mut StdRng, kind: Kind) -> &'static str {
    let all: &[&str] = match kind {
        Kind::Boolean => &["t", "f"],
        Kind::Integer => &["2147483647", "-2147483648", "0"],
        Kind::BigInt => &[
            "9223372036854775807",
            "-9223372036854775808",
            "9007199254740993",
        ],
        Kind::Numeric(_, 2) => &["9999999999.99", "-9999999999.99"],
        Kind::Numeric(_, 4) => &["9999.9999", "-9999.9999"],
        Kind::Numeric(..) => &["99999999999999999999", "0"],
        Kind::Double => &["NaN", "1e60", "1e-60"],
        Kind::Text => &[
            "two\nlines",
            "%",
            "_",
            "\\",
            "日本語 text of some length",
            "'",
        ],
        Kind::Date => &["0001-01-01", "9999-12-31", "1900-02-28", "2000-02-29"],
        Kind::Timestamp => &[
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.999999",
            "1969-12-31 23:59:59.999999",
        ],
        Kind::Time => &["00:00:00.000001", "23:59:59.999999"],
    };
    all.choose(dice).unwrap()
}

fn choice(dice: &mut StdRng, all: &[&str]) -> String {
    (*all.choose(dice).unwrap()).to_owned()
}
