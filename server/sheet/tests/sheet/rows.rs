//! Any rows read back as they were, and as strict readers want them.

mod reader;

use proptest::prelude::*;
use reader::{Found, read};
use sheet::deflate::{END, Piece};
use sheet::{
    Block, Cells, Codec, ColumnStyle, Encoder, EncoderPool, Layout, Odd, Rows, Special, TextId,
    Values,
};

/// One column of a test, owned.
#[derive(Clone, Debug)]
enum Data {
    Integer(Vec<Option<i64>>),
    Decimal(Vec<Option<i128>>, u8),
    Float(Vec<Option<f64>>),
    Boolean(Vec<Option<bool>>),
    Date(Vec<Option<i32>>),
    Datetime(Vec<Option<i64>>),
    Time(Vec<Option<i64>>),
    /// Text in the cell, or the number of a shared one; quoted or not.
    Text(Vec<Option<(Result<String, u32>, bool)>>),
    Odd(Vec<Odd>),
}

const ROWS: usize = 30;

fn letters() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        6 => any::<char>(),
        4 => proptest::char::range(' ', '~'),
        2 => proptest::char::range('\0', '\u{1F}'),
        3 => proptest::sample::select(vec!['_', 'x', '0', '4', '1', '&', '<', '>', '"', '가', '😀', '\u{FFFE}', ' ']),
    ];
    proptest::collection::vec(letter, 1..60).prop_map(|letters| letters.into_iter().collect())
}

fn column<T: std::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<Option<T>>> {
    proptest::collection::vec(proptest::option::weighted(0.8, value), ROWS)
}

fn any_column() -> impl Strategy<Value = Data> {
    const DAY: i64 = 86_400_000_000;
    let float = any::<f64>().prop_filter("finite", |number| number.is_finite());
    let odd = prop_oneof![
        Just(Odd::Empty),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Odd::Number),
        (-1e6..1e6f64).prop_map(Odd::PlainNumber),
        any::<bool>().prop_map(Odd::Boolean),
        (0..100u32, any::<bool>())
            .prop_map(|(index, is_quoted)| Odd::Shared(TextId::shared(index, is_quoted))),
        (letters(), any::<bool>()).prop_map(|(text, is_quoted)| Odd::Text {
            text: text.into(),
            is_quoted
        }),
    ];
    prop_oneof![
        column(any::<i64>()).prop_map(Data::Integer),
        column(0..20i64).prop_map(Data::Integer),
        (column(any::<i128>()), 0..=38u8).prop_map(|(values, scale)| Data::Decimal(values, scale)),
        (column(-100_000..100_000i128), 0..5u8)
            .prop_map(|(values, scale)| Data::Decimal(values, scale)),
        column(float).prop_map(Data::Float),
        column(any::<bool>()).prop_map(Data::Boolean),
        column(-25_567..2_932_896i32).prop_map(Data::Date),
        column(20_000 * DAY..20_002 * DAY).prop_map(Data::Datetime),
        column(0..DAY).prop_map(Data::Time),
        column((
            prop_oneof![letters().prop_map(Ok), (0..2_000u32).prop_map(Err)],
            any::<bool>()
        ))
        .prop_map(Data::Text),
        proptest::collection::vec(odd, ROWS).prop_map(Data::Odd),
    ]
}

/// The flat form of a column.
struct Flat {
    valid: Option<Vec<bool>>,
    integers: Vec<i64>,
    wide: Vec<i128>,
    floats: Vec<f64>,
    flags: Vec<bool>,
    days: Vec<i32>,
    ids: Vec<TextId>,
    bytes: Vec<u8>,
    offsets: Vec<usize>,
    special: Vec<Special>,
}

fn present<T: Clone + Default>(values: &[Option<T>]) -> (Option<Vec<bool>>, Vec<T>) {
    let valid = values.iter().map(Option::is_some).collect();
    (
        Some(valid),
        values
            .iter()
            .map(|value| value.clone().unwrap_or_default())
            .collect(),
    )
}

impl Flat {
    fn of(data: &Data) -> Self {
        let mut flat = Self {
            valid: None,
            integers: vec![],
            wide: vec![],
            floats: vec![],
            flags: vec![],
            days: vec![],
            ids: vec![],
            bytes: vec![],
            offsets: vec![0],
            special: vec![],
        };
        match data {
            Data::Integer(values) | Data::Datetime(values) | Data::Time(values) => {
                (flat.valid, flat.integers) = present(values);
            }
            Data::Decimal(values, _) => (flat.valid, flat.wide) = present(values),
            Data::Float(values) => (flat.valid, flat.floats) = present(values),
            Data::Boolean(values) => (flat.valid, flat.flags) = present(values),
            Data::Date(values) => (flat.valid, flat.days) = present(values),
            Data::Text(values) => {
                for value in values {
                    flat.ids.push(match value {
                        None => TextId::NONE,
                        Some((Err(index), is_quoted)) => TextId::shared(*index, *is_quoted),
                        Some((Ok(text), is_quoted)) => {
                            flat.bytes.extend_from_slice(text.as_bytes());
                            TextId::inline(*is_quoted)
                        }
                    });
                    flat.offsets.push(flat.bytes.len());
                }
            }
            Data::Odd(cells) => {
                let special = |(row, cell): (usize, &Odd)| Special {
                    row,
                    cell: cell.clone(),
                };
                flat.special = cells.iter().enumerate().map(special).collect();
            }
        }
        flat
    }

    fn cells(&self, data: &Data) -> Cells<'_> {
        let values = match data {
            Data::Integer(_) => Values::Integer(&self.integers),
            Data::Decimal(_, scale) => Values::Decimal(&self.wide, *scale),
            Data::Float(_) => Values::Float(&self.floats),
            Data::Boolean(_) => Values::Boolean(&self.flags),
            Data::Date(_) => Values::Date(&self.days),
            Data::Datetime(_) => Values::Datetime(&self.integers),
            Data::Time(_) => Values::Time(&self.integers),
            Data::Text(_) => Values::Text {
                ids: &self.ids,
                bytes: &self.bytes,
                offsets: &self.offsets,
            },
            Data::Odd(_) => Values::Nothing,
        };
        Cells {
            values,
            valid: self.valid.as_deref(),
            special: &self.special,
        }
    }
}

struct Table(Vec<(Data, Flat)>, u32);

impl Rows for Table {
    fn block(&self) -> Block<'_> {
        Block {
            first_row: self.1,
            rows: ROWS,
            columns: self.0.iter().map(|(data, flat)| flat.cells(data)).collect(),
        }
    }
}

/// What a reader should find in a row of a column, with its style.
fn expected(data: &Data, row: usize, styles: ColumnStyle) -> Option<(u32, Found)> {
    let serial = |days: i64| {
        let serial = days + 25_569;
        (serial - i64::from(serial <= 60)) as f64
    };
    // Excel's times are milliseconds; the rest is left out.
    let millis = |micros: i64| micros / 1_000;
    let quote = |is_quoted: bool| {
        if is_quoted {
            styles.quoted
        } else {
            styles.column
        }
    };
    let number = |number: f64| Some((styles.column, Found::Number(number)));
    match data {
        Data::Integer(values) => {
            values[row].and_then(|value| number(value.to_string().parse().unwrap()))
        }
        Data::Decimal(values, scale) => {
            values[row].and_then(|value| number(format!("{value}e-{scale}").parse().unwrap()))
        }
        Data::Float(values) => values[row].and_then(number),
        Data::Boolean(values) => values[row].map(|value| (styles.column, Found::Boolean(value))),
        Data::Date(values) => values[row].and_then(|days| number(serial(i64::from(days)))),
        Data::Datetime(values) => values[row].and_then(|micros| {
            number(
                serial(micros.div_euclid(86_400_000_000))
                    + millis(micros.rem_euclid(86_400_000_000)) as f64 / 86_400_000.0,
            )
        }),
        Data::Time(values) => {
            values[row].and_then(|micros| number(millis(micros) as f64 / 86_400_000.0))
        }
        Data::Text(values) => values[row].clone().map(|(text, is_quoted)| match text {
            Ok(text) => (quote(is_quoted), Found::Text(text)),
            Err(index) => (quote(is_quoted), Found::Shared(index)),
        }),
        Data::Odd(cells) => match cells[row].clone() {
            Odd::Empty => None,
            Odd::Number(value) => number(value),
            Odd::PlainNumber(value) => Some((styles.plain, Found::Number(value))),
            Odd::Boolean(value) => Some((styles.column, Found::Boolean(value))),
            Odd::Shared(id) => (0..100)
                .flat_map(|index| [(index, false), (index, true)])
                .find(|(index, is_quoted)| id == TextId::shared(*index, *is_quoted))
                .map(|(index, is_quoted)| (quote(is_quoted), Found::Shared(index))),
            Odd::Text { text, is_quoted } => Some((quote(is_quoted), Found::Text(text.into()))),
        },
    }
}

fn layout(columns: usize, has_references: bool) -> Layout {
    let columns = (0..columns as u32)
        .map(|column| ColumnStyle {
            column: column % 4,
            quoted: 50 + column,
            plain: 0,
        })
        .collect();
    Layout {
        columns,
        has_references,
    }
}

fn joined(pieces: &[Piece]) -> Vec<u8> {
    let mut stream: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| piece.bytes.clone())
        .collect();
    stream.extend_from_slice(&END);
    stream
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rows_read_back_as_they_were(
        columns in proptest::collection::vec(any_column(), 1..9),
        has_references: bool,
        codec in prop_oneof![3 => Just(Codec::Guided), 1 => (1..=9u32).prop_map(Codec::Searched)],
        first_row in prop_oneof![Just(2u32), 1..200u32, 99_980..100_000u32, Just(1_048_576 - 2 * ROWS as u32)],
    ) {
        let layout = layout(columns.len(), has_references);
        let flat = |first_row| {
            let columns = columns.iter().map(|data| (data.clone(), Flat::of(data))).collect();
            Table(columns, first_row)
        };
        // Two blocks in a row, each of which must stand for itself.
        let mut encoder = Encoder::new(&layout, codec);
        let pieces = [first_row, first_row + ROWS as u32].map(|row| encoder.encode(&flat(row).block()));
        for (block, piece) in pieces.iter().enumerate() {
            let rows = read(&joined(std::slice::from_ref(piece)), &piece.sum);
            prop_assert_eq!(rows.len(), ROWS);
            for (row, found) in rows.into_iter().enumerate() {
                let number = first_row + (block * ROWS + row) as u32;
                prop_assert_eq!(found.number, has_references.then_some(number));
                let cells: Vec<_> = columns
                    .iter()
                    .zip(&layout.columns)
                    .enumerate()
                    .filter_map(|(place, (data, styles))| {
                        // Without references an absent cell would move all cells behind it.
                        let blank = (!has_references).then_some((styles.column, Found::Blank));
                        let (style, cell) = expected(data, row, *styles).or(blank)?;
                        Some((has_references.then_some(place), style, cell))
                    })
                    .collect();
                if cells.is_empty() {
                    prop_assert_eq!(found.cells, vec![(has_references.then_some(0), layout.columns[0].column, Found::Blank)]);
                } else {
                    prop_assert_eq!(found.cells, cells);
                }
            }
        }
        // Threads change nothing.
        let mut pool = EncoderPool::start(&layout, codec, 2).unwrap();
        let mut by_threads = Vec::new();
        for turn in 0..9 {
            by_threads.extend(pool.send(Box::new(flat(first_row + turn % 2 * ROWS as u32))).unwrap());
        }
        while let Some(piece) = pool.receive().unwrap() {
            by_threads.push(piece);
        }
        prop_assert_eq!(by_threads.len(), 9);
        for (turn, piece) in by_threads.iter().enumerate() {
            prop_assert_eq!(&piece.bytes, &pieces[turn % 2].bytes);
        }
    }
}

/// 3,000 columns are more bytes a row than deflate can refer back to.
#[test]
fn rows_wider_than_the_window_are_written_too() {
    let data = Data::Integer((0..ROWS as i64).map(Some).collect());
    let columns: Vec<_> = (0..3_000)
        .map(|_| (data.clone(), Flat::of(&data)))
        .collect();
    let layout = layout(columns.len(), true);
    let piece = Encoder::new(&layout, Codec::Guided).encode(&Table(columns, 2).block());
    let rows = read(&joined(std::slice::from_ref(&piece)), &piece.sum);
    assert_eq!(rows.len(), ROWS);
    assert!(rows.iter().all(|row| row.cells.len() == 3_000));
    let per_cell = piece.bytes.len() as f64 / (3_000.0 * ROWS as f64);
    assert!(per_cell < 8.0, "{per_cell} bytes a cell are too many");
}

/// A stopped writing must not wait for rows nobody wants.
#[test]
fn lanes_that_are_dropped_stop() {
    let data = Data::Integer((0..ROWS as i64).map(Some).collect());
    let layout = layout(1, true);
    let mut pool = EncoderPool::start(&layout, Codec::Guided, 2).unwrap();
    for _ in 0..3 {
        let rows = Table(vec![(data.clone(), Flat::of(&data))], 2);
        assert!(pool.send(Box::new(rows)).unwrap().is_none());
    }
    drop(pool);
}
