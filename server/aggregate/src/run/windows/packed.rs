//! Rows sorted by keys that fit into one number.

use std::collections::HashMap;
use std::thread;

use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;

/// Bits of the first pass: rows are spread by them before each part is sorted.
const SPREAD_BITS: u32 = 12;
/// More different texts are sorted as they are.
const MANY_TEXTS: usize = 1 << 16;
/// Fewer rows are not worth threads.
const FEW_ROWS: usize = 1 << 15;

/// A key of a window.
pub(super) struct SortedBy {
    pub(super) column: Column,
    pub(super) is_descending: bool,
    pub(super) nulls_first: bool,
}

/// Sorted keys with the number of the row in the lower 32 bits.
pub(super) struct Packed {
    pub(super) keys: Vec<u128>,
    /// Bits of all keys but the first ones.
    pub(super) order_bits: u32,
}

/// Sorts by the keys, then by the row; the first `partition` keys say what belongs together. `None`
/// when the keys do not fit into 64 bits.
pub(super) fn sorted(keys: &[SortedBy], partition: usize, height: usize) -> Option<Packed> {
    let mut packed = vec![0_u64; height];
    let (mut bits, mut order_bits) = (0, 0);
    for (place, key) in keys.iter().enumerate() {
        let own = pack(key, &mut packed, bits)?;
        bits += own;
        if place >= partition {
            order_bits += own;
        }
    }
    Some(Packed {
        keys: in_order(packed, bits),
        order_bits,
    })
}

/// Adds the key's values to the packed keys, behind what is there; answers how many bits they have.
fn pack(key: &SortedBy, packed: &mut [u64], bits: u32) -> Option<u32> {
    let column = key.column.as_materialized_series().to_physical_repr();
    match column.dtype() {
        DataType::Int64 => {
            let values = column.i64().ok()?.rechunk();
            pack_values(values.downcast_as_array(), i128::from, key, packed, bits)
        }
        DataType::Int32 => {
            let values = column.i32().ok()?.rechunk();
            pack_values(values.downcast_as_array(), i128::from, key, packed, bits)
        }
        DataType::Int128 => {
            let values = column.i128().ok()?.rechunk();
            pack_values(values.downcast_as_array(), |value| value, key, packed, bits)
        }
        DataType::Boolean => {
            let values = column.cast(&DataType::Int64).ok()?;
            let values = values.i64().ok()?.rechunk();
            pack_values(values.downcast_as_array(), i128::from, key, packed, bits)
        }
        DataType::String => {
            let ranks = ranks(column.str().ok()?)?;
            pack_values(ranks.downcast_as_array(), i128::from, key, packed, bits)
        }
        _ => None,
    }
}

/// The place of every text among all that differ; `None` when there are many.
fn ranks(texts: &StringChunked) -> Option<Int64Chunked> {
    let mut numbers: HashMap<&str, usize, foldhash::fast::RandomState> = HashMap::default();
    let mut of_rows = Vec::with_capacity(texts.len());
    for text in texts.iter() {
        let next = numbers.len();
        of_rows.push(text.map(|text| *numbers.entry(text).or_insert(next)));
        if numbers.len() > MANY_TEXTS {
            return None;
        }
    }
    let mut sorted: Vec<(&str, usize)> = numbers.into_iter().collect();
    sorted.sort_unstable();
    let mut ranks = vec![0_i64; sorted.len()];
    for (rank, (_, number)) in (0..).zip(&sorted) {
        ranks[*number] = rank;
    }
    let ranks = of_rows
        .into_iter()
        .map(|number| number.map(|number| ranks[number]));
    Some(
        Int64Chunked::from_iter_options(PlSmallStr::EMPTY, ranks)
            .rechunk()
            .into_owned(),
    )
}

fn pack_values<T: polars_arrow::types::NativeType + Ord>(
    values: &PrimitiveArray<T>,
    wide: impl Fn(T) -> i128,
    key: &SortedBy,
    packed: &mut [u64],
    bits: u32,
) -> Option<u32> {
    let valid = values.validity().filter(|valid| valid.unset_bits() > 0);
    let all = values.values().as_slice();
    let (least, greatest) = match valid {
        None => (all.iter().min().copied(), all.iter().max().copied()),
        Some(valid) => {
            let there = || all.iter().zip(valid.iter()).filter(|(_, there)| *there);
            (
                there().map(|(value, _)| *value).min(),
                there().map(|(value, _)| *value).max(),
            )
        }
    };
    let (least, greatest) = match (least, greatest) {
        (Some(least), Some(greatest)) => (wide(least), wide(greatest)),
        _ => (0, 0),
    };
    // One more place for NULL, at the end it belongs to.
    let places = u64::try_from(greatest.checked_sub(least)?)
        .ok()?
        .checked_add(1)?;
    let own = u64::BITS - places.leading_zeros();
    if bits + own > u64::BITS {
        return None;
    }
    let shift = |before: u64| if own == u64::BITS { 0 } else { before << own };
    let first = u64::from(key.nulls_first);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the distance fits into 64 bits"
    )]
    let code = |value: T| {
        let distance = if key.is_descending {
            greatest - wide(value)
        } else {
            wide(value) - least
        };
        distance as u64 + first
    };
    match valid {
        None => {
            for (packed, value) in packed.iter_mut().zip(all) {
                *packed = shift(*packed) | code(*value);
            }
        }
        Some(valid) => {
            let absent = if key.nulls_first { 0 } else { places };
            for ((packed, value), is_there) in packed.iter_mut().zip(all).zip(valid.iter()) {
                *packed = shift(*packed) | if is_there { code(*value) } else { absent };
            }
        }
    }
    Some(own)
}

/// The keys in order, each with its row.
fn in_order(packed: Vec<u64>, bits: u32) -> Vec<u128> {
    let with_row = |row: usize, key: u64| u128::from(key) << 32 | row as u128;
    if packed.len() < FEW_ROWS {
        let mut keys: Vec<u128> = packed
            .into_iter()
            .enumerate()
            .map(|(row, key)| with_row(row, key))
            .collect();
        keys.sort_unstable();
        return keys;
    }
    let below = bits.saturating_sub(SPREAD_BITS);
    let part = |key: u64| (key >> below) as usize;
    let mut ends = vec![0_usize; (1 << SPREAD_BITS) + 1];
    for key in &packed {
        ends[part(*key) + 1] += 1;
    }
    for place in 1..ends.len() {
        ends[place] += ends[place - 1];
    }
    let mut keys = vec![0_u128; packed.len()];
    let mut next = ends.clone();
    for (row, key) in packed.iter().enumerate() {
        let place = &mut next[part(*key)];
        keys[*place] = with_row(row, *key);
        *place += 1;
    }
    drop(packed);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = keys.len().div_ceil(threads);
    thread::scope(|scope| {
        let mut rest = keys.as_mut_slice();
        let mut parts: Vec<&mut [u128]> = Vec::new();
        let mut held = 0;
        for place in 1..ends.len() {
            let (part, behind) =
                std::mem::take(&mut rest).split_at_mut(ends[place] - ends[place - 1]);
            rest = behind;
            held += part.len();
            if part.len() > 1 {
                parts.push(part);
            }
            if held >= share || place + 1 == ends.len() {
                held = 0;
                let parts = std::mem::take(&mut parts);
                scope.spawn(move || parts.into_iter().for_each(<[u128]>::sort_unstable));
            }
        }
    });
    keys
}
