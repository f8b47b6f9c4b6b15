//! Rows sorted by keys that fit into one number.

use std::collections::HashMap;
use std::thread;

use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;

/// Bits of the first pass: rows are spread by them before each part is sorted. More than the least only
/// where what is left of the keys fits into 64 bits that way.
const LEAST_SPREAD: u32 = 12;
const MOST_SPREAD: u32 = 18;
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

/// Sorted keys, each with its row.
pub(super) struct Packed {
    entries: Entries,
    /// Where the entries of each part end. The number of a part is the upper bits of its keys.
    ends: Vec<usize>,
    /// Bits of a key that are not in the number of its part.
    low_bits: u32,
    row_bits: u32,
    /// Bits of all keys but the first ones.
    pub(super) order_bits: u32,
}

/// The lower bits of each key, and its row behind them.
enum Entries {
    Narrow(Vec<u64>),
    Wide(Vec<u128>),
}

trait Entry: Copy + Default + Ord + Send {
    fn of(low: u64, row: usize, row_bits: u32) -> Self;

    /// The key's lower bits, and the row.
    fn parts(self, row_bits: u32) -> (u64, IdxSize);
}

macro_rules! entry {
    ($type:ty) => {
        impl Entry for $type {
            #[inline]
            fn of(low: u64, row: usize, row_bits: u32) -> Self {
                Self::from(low) << row_bits | row as $type
            }

            #[inline]
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the row and the lower bits were of these types"
            )]
            fn parts(self, row_bits: u32) -> (u64, IdxSize) {
                let row = self & ((1 << row_bits) - 1);
                ((self >> row_bits) as u64, row as IdxSize)
            }
        }
    };
}

entry!(u64);
entry!(u128);

impl Packed {
    pub(super) fn len(&self) -> usize {
        match &self.entries {
            Entries::Narrow(entries) => entries.len(),
            Entries::Wide(entries) => entries.len(),
        }
    }

    /// Visits the keys in order, each with its row.
    pub(super) fn each(self, mut visit: impl FnMut(u64, IdxSize)) {
        match &self.entries {
            Entries::Narrow(entries) => self.each_of(entries, &mut visit),
            Entries::Wide(entries) => self.each_of(entries, &mut visit),
        }
    }

    fn each_of<E: Entry>(&self, entries: &[E], visit: &mut impl FnMut(u64, IdxSize)) {
        let mut start = 0;
        for (part, end) in (0_u64..).zip(&self.ends) {
            let upper = part.checked_shl(self.low_bits).unwrap_or(0);
            for entry in &entries[start..*end] {
                let (low, row) = entry.parts(self.row_bits);
                visit(upper | low, row);
            }
            start = *end;
        }
    }
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
    let row_bits = usize::BITS - height.leading_zeros();
    let fitting = (bits + row_bits).saturating_sub(u64::BITS);
    let spread = match fitting {
        _ if height < FEW_ROWS => 0,
        LEAST_SPREAD..=MOST_SPREAD => fitting,
        _ => LEAST_SPREAD,
    };
    let low_bits = bits.saturating_sub(spread);
    let (entries, ends) = if low_bits + row_bits <= u64::BITS {
        let (entries, ends) = in_order(packed, low_bits, row_bits);
        (Entries::Narrow(entries), ends)
    } else {
        let (entries, ends) = in_order(packed, low_bits, row_bits);
        (Entries::Wide(entries), ends)
    };
    Some(Packed {
        entries,
        ends,
        low_bits,
        row_bits,
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

/// The entries of the keys in order, and where those of each part end.
fn in_order<E: Entry>(packed: Vec<u64>, low_bits: u32, row_bits: u32) -> (Vec<E>, Vec<usize>) {
    let part = |key: u64| key.checked_shr(low_bits).unwrap_or(0) as usize;
    let mask = 1_u64.checked_shl(low_bits).map_or(u64::MAX, |bit| bit - 1);
    let parts = packed.iter().copied().map(part).max().unwrap_or(0) + 1;
    let mut ends = vec![0_usize; parts + 1];
    for key in &packed {
        ends[part(*key) + 1] += 1;
    }
    for place in 1..ends.len() {
        ends[place] += ends[place - 1];
    }
    let mut entries = vec![E::default(); packed.len()];
    // Where the next entry of each part goes; behind the last one it is where the part ends.
    for (row, key) in packed.iter().enumerate() {
        let place = &mut ends[part(*key)];
        entries[*place] = E::of(*key & mask, row, row_bits);
        *place += 1;
    }
    drop(packed);
    ends.pop();
    sort_parts(&mut entries, &ends);
    (entries, ends)
}

/// Sorts each part by itself, on several threads where there is enough to do.
fn sort_parts<E: Entry>(entries: &mut [E], ends: &[usize]) {
    if entries.len() < FEW_ROWS {
        let mut start = 0;
        for end in ends {
            entries[start..*end].sort_unstable();
            start = *end;
        }
        return;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = entries.len().div_ceil(threads);
    thread::scope(|scope| {
        let mut rest = entries;
        let mut parts: Vec<&mut [E]> = Vec::new();
        let (mut start, mut held) = (0, 0);
        for (place, end) in ends.iter().enumerate() {
            let (part, behind) = std::mem::take(&mut rest).split_at_mut(end - start);
            (rest, start) = (behind, *end);
            held += part.len();
            if part.len() > 1 {
                parts.push(part);
            }
            if held >= share || place + 1 == ends.len() {
                held = 0;
                let parts = std::mem::take(&mut parts);
                scope.spawn(move || parts.into_iter().for_each(<[E]>::sort_unstable));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    /// The rows of columns of whole numbers, as they are sorted packed and as the standard library sorts
    /// them; and whether entries have 64 bits.
    fn check(columns: &[Vec<i64>]) -> bool {
        let height = columns[0].len();
        let keys: Vec<SortedBy> = columns
            .iter()
            .map(|values| SortedBy {
                column: Int64Chunked::from_slice("key".into(), values).into_column(),
                is_descending: false,
                nulls_first: false,
            })
            .collect();
        let packed = sorted(&keys, 1, height).unwrap();
        let is_narrow = matches!(packed.entries, Entries::Narrow(_));
        let order_bits = packed.order_bits;
        let mut rows = Vec::new();
        let mut last = None;
        packed.each(|key, row| {
            let row = row as usize;
            if let Some((last_key, last_row)) = last {
                let is_same = |column: &Vec<i64>| column[last_row] == column[row];
                assert_eq!(last_key == key, columns.iter().all(is_same));
                let partition = |key: u64| key.checked_shr(order_bits).unwrap_or(0);
                assert_eq!(partition(last_key) == partition(key), is_same(&columns[0]));
            }
            last = Some((key, row));
            rows.push(row);
        });
        let mut expected: Vec<usize> = (0..height).collect();
        expected.sort_by_key(|row| {
            columns
                .iter()
                .map(|column| column[*row])
                .collect::<Vec<_>>()
        });
        assert_eq!(rows, expected);
        is_narrow
    }

    #[test]
    fn keys_of_any_size_come_in_their_order() {
        let mut random = StdRng::seed_from_u64(5);
        let mut column = |height: usize, least: i64, greatest: i64| -> Vec<i64> {
            (0..height)
                .map(|_| random.random_range(least..=greatest))
                .collect()
        };
        for height in [0, 1, 7, 3_000, FEW_ROWS + 7] {
            // One value, keys that fit beside the row, keys whose upper bits number a part, wide ones.
            assert!(check(&[column(height, 5, 5)]), "{height}");
            assert!(
                check(&[column(height, -3, 3), column(height, 0, 1_000)]),
                "{height}"
            );
            check(&[column(height, 0, 500), column(height, 0, 1 << 45)]);
            let large = [column(height, 0, 3), column(height, -(1 << 60), 1 << 60)];
            let is_narrow = check(&large);
            assert!(height != 3_000 || !is_narrow);
        }
        assert!(check(&[
            column(FEW_ROWS, 0, 500),
            column(FEW_ROWS, 0, 1 << 45)
        ]));
    }
}
