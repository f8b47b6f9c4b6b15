//! What numbers a column holds, gathered while its rows go by: enough to choose how they look.
//!
//! A look is chosen from all values of a column. The first ones mislead: a column of rates may begin
//! with 1, and one of small amounts with a large one.

use serde::{Deserialize, Serialize};

use crate::{Chunk, ColumnData, Values};

/// What is known of the numbers of one column; absent values and what is no number do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Magnitudes that occur, one bit each: bit 64 for 1 to 9, bit 63 for 0.1 to 0.9.
    magnitudes: u128,
    /// Digits behind the point that at least one decimal has, or a length of time behind its seconds; of
    /// floats only whether there are any.
    pub decimals: u8,
    /// Whether every number can be read as a month `yyyymm`, or as a day `yyyymmdd`.
    months: bool,
    days: bool,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            magnitudes: 0,
            decimals: 0,
            months: true,
            days: true,
        }
    }
}

/// Magnitude 0, that of 1 to 9.
const ONES: i32 = 64;

/// Twelve digits below the largest number there is only what floats lose.
const NOISE: i32 = 12;

impl Numbers {
    /// What the numbers of each column of a chunk are, in the order of the columns.
    pub fn see_all(all: &mut [Self], chunk: &Chunk) {
        for (numbers, column) in all.iter_mut().zip(&chunk.columns) {
            numbers.see(column);
        }
    }

    /// Adds the numbers of a column.
    pub fn see(&mut self, column: &ColumnData) {
        match column {
            ColumnData::Integer(values) => self.see_integers(values),
            // Decimals of few digits look as their type says; nobody asks what they hold.
            ColumnData::Decimal { scale: 1..=4, .. } => self.is_no_date(),
            ColumnData::Decimal { mantissa, scale } => {
                let unit = 10i128.pow(u32::from(*scale).min(38));
                present(mantissa).for_each(|mantissa| self.see_decimal(mantissa, *scale, unit));
            }
            ColumnData::Float(values) => {
                present(values)
                    .filter(|number| number.is_finite())
                    .for_each(|number| self.see_float(number));
            }
            ColumnData::Duration(values) => {
                present(values).for_each(|micros| self.see_length(micros));
            }
            _ => {}
        }
    }

    fn see_length(&mut self, micros: i64) {
        let mut fraction = micros.unsigned_abs() % 1_000_000;
        if fraction != 0 {
            let mut decimals = 6;
            while fraction.is_multiple_of(10) {
                fraction /= 10;
                decimals -= 1;
            }
            self.decimals = self.decimals.max(decimals);
        }
    }

    /// Whole numbers have no decimals to choose. Once they are known to be no dates there is nothing left
    /// to learn, which for most columns is after the first row.
    fn see_integers(&mut self, values: &Values<i64>) {
        for number in present(values) {
            if self.has_any() && !self.months && !self.days {
                return;
            }
            self.see_date(number);
            if number != 0 {
                self.see_magnitude(0);
            }
        }
    }

    /// What both columns hold together.
    pub fn merge(&mut self, other: &Self) {
        self.magnitudes |= other.magnitudes;
        self.decimals = self.decimals.max(other.decimals);
        self.months &= other.months;
        self.days &= other.days;
    }

    fn see_whole(&mut self, number: i128) {
        if let Some(log) = number.unsigned_abs().checked_ilog10() {
            self.see_magnitude(i32::try_from(log).unwrap_or(i32::MAX));
        }
        match i64::try_from(number) {
            Ok(number) => self.see_date(number),
            Err(_) => self.is_no_date(),
        }
    }

    fn see_date(&mut self, number: i64) {
        // Nobody's months are older; birthdays are.
        self.months &= is_month(number) && number >= 195_001;
        self.days &= is_month(number / 100) && (1..=31).contains(&(number % 100));
    }

    fn see_decimal(&mut self, mantissa: i128, scale: u8, unit: i128) {
        // Whether more digits are needed than known so far is one division for most.
        let hidden = 10i128.pow(u32::from(scale.saturating_sub(self.decimals)).min(38));
        if mantissa % hidden != 0 {
            let mut decimals = scale;
            let mut rest = mantissa;
            while rest % 10 == 0 {
                rest /= 10;
                decimals -= 1;
            }
            self.decimals = decimals;
        }
        if mantissa % unit == 0 {
            return self.see_whole(mantissa / unit);
        }
        self.is_no_date();
        if let Some(log) = mantissa.unsigned_abs().checked_ilog10() {
            let log = i32::try_from(log).unwrap_or(i32::MAX);
            self.see_magnitude(log - i32::from(scale));
        }
    }

    fn see_float(&mut self, number: f64) {
        if number.fract() == 0.0 && number.abs() < 1e15 {
            return self.see_whole(number as i128);
        }
        self.is_no_date();
        if number.fract() != 0.0 {
            self.decimals = self.decimals.max(1);
        }
        self.see_magnitude(number.abs().log10().floor() as i32);
    }

    fn is_no_date(&mut self) {
        (self.months, self.days) = (false, false);
    }

    fn see_magnitude(&mut self, magnitude: i32) {
        self.magnitudes |= 1 << (magnitude + ONES).clamp(0, 127);
    }

    /// Whether there is a number besides 0.
    pub fn has_any(&self) -> bool {
        self.magnitudes != 0
    }

    /// The magnitude of the largest number: 0 for 1 to 9, -1 for 0.1 to 0.9. 0 without any.
    pub fn greatest(&self) -> i32 {
        match self.magnitudes.checked_ilog2() {
            Some(bit) => bit as i32 - ONES,
            None => 0,
        }
    }

    /// That of the smallest number besides 0 and besides what is lost beside the largest.
    pub fn least(&self) -> i32 {
        let noise = (self.greatest() - NOISE + ONES).clamp(0, 127);
        let counted = self.magnitudes >> noise << noise;
        match counted {
            0 => 0,
            counted => counted.trailing_zeros() as i32 - ONES,
        }
    }

    /// Whether every number reads as a month, or every number as a day, and there is one.
    ///
    /// Years alone would be too many counts of two thousand.
    pub fn are_dates(&self) -> bool {
        self.has_any() && (self.months || self.days)
    }
}

fn is_month(number: i64) -> bool {
    (1900..=2099).contains(&(number / 100)) && (1..=12).contains(&(number % 100))
}

fn present<T: Copy>(values: &Values<T>) -> impl Iterator<Item = T> {
    let valid = values.valid.as_ref();
    let data = values.data.iter().copied().enumerate();
    data.filter_map(move |(row, value)| valid.is_none_or(|valid| valid[row]).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(column: ColumnData) -> Numbers {
        let mut numbers = Numbers::default();
        numbers.see(&column);
        numbers
    }

    fn floats(data: &[f64]) -> Numbers {
        of(ColumnData::Float(Values {
            data: data.to_vec(),
            valid: None,
        }))
    }

    fn integers(data: &[i64]) -> Numbers {
        of(ColumnData::Integer(Values {
            data: data.to_vec(),
            valid: None,
        }))
    }

    #[test]
    fn magnitudes_reach_from_the_least_to_the_greatest() {
        let numbers = floats(&[1_234.5, 0.0, -0.000_012, f64::NAN]);
        assert_eq!((numbers.greatest(), numbers.least()), (3, -5));
        assert_eq!(numbers.decimals, 1);
        // What a sum of floats is off by is no number of its own.
        assert_eq!(floats(&[12.5, 0.1 + 0.2 - 0.3]).least(), 1);
        assert!(!floats(&[0.0]).has_any());
        let decimals = of(ColumnData::Decimal {
            mantissa: Values {
                data: vec![1_500_000, 12_000_000, 1],
                valid: Some(vec![true, true, false]),
            },
            scale: 6,
        });
        assert_eq!((decimals.decimals, decimals.greatest()), (1, 1));
    }

    #[test]
    fn months_and_days_are_told_from_amounts() {
        for dates in [&[202_601, 199_912][..], &[20_260_131, 19_000_101]] {
            assert!(integers(dates).are_dates(), "{dates:?}");
        }
        for amounts in [
            &[202_613][..],
            &[202_601, 1],
            &[20_260_132],
            &[0],
            &[],
            &[2026],
            &[-202_601],
        ] {
            assert!(!integers(amounts).are_dates(), "{amounts:?}");
        }
        assert!(floats(&[202_601.0]).are_dates());
        assert!(!floats(&[202_601.5]).are_dates());
    }

    #[test]
    fn lengths_of_time_have_the_digits_behind_their_seconds() {
        let lengths = |data: &[i64]| {
            of(ColumnData::Duration(Values {
                data: data.to_vec(),
                valid: None,
            }))
            .decimals
        };
        assert_eq!(lengths(&[]), 0);
        assert_eq!(lengths(&[90_000_000_000, 0]), 0);
        assert_eq!(lengths(&[-500_000, 90_000_000_000]), 1);
        assert_eq!(lengths(&[1_250_000, 1]), 6);
    }

    #[test]
    fn parts_together_are_the_whole() {
        let (mut left, right) = (floats(&[1.0, 2.0]), floats(&[0.25]));
        left.merge(&right);
        assert_eq!(left, floats(&[1.0, 2.0, 0.25]));
        let (mut left, right) = (integers(&[202_601]), integers(&[7]));
        left.merge(&right);
        assert!(!left.are_dates());
    }
}
