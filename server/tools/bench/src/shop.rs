//! The table of the benchmarks with rows as shops have them: what repeats does not repeat in a cycle.
//!
//! A thousand products and a hundred thousand customers, a few of them often and most of them rarely; any time of
//! three years to the microsecond, any amount, and a note in three of ten rows. Made by seed, so every database gets
//! the same rows.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const SEED: u64 = 2023;
const PRODUCTS: usize = 1_000;
const CUSTOMERS: usize = 100_000;
/// Microseconds of three years.
const YEARS: i64 = 3 * 365 * 86_400_000_000;
const REGIONS: [&str; 7] = ["서울", "부산", "대구", "인천", "광주", "대전", "울산"];
const CHANNELS: [&str; 5] = ["online", "store", "phone", "partner", "live"];
const WORDS: [&str; 8] = [
    "선물 포장",
    "부재 시 경비실",
    "call before",
    "leave at door",
    "영수증",
    "fragile",
    "다시 주문",
    "rush",
];

/// Draws the first places often and the last ones rarely: a place's weight is one over its number.
struct Uneven {
    /// The weights up to each place.
    sums: Vec<f64>,
}

impl Uneven {
    fn of(places: usize) -> Self {
        let mut sum = 0.0;
        let weights = (1..=places).map(|number| {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let weight = 1.0 / number as f64;
            sum += weight;
            sum
        });
        Self {
            sums: weights.collect(),
        }
    }

    fn draw(&self, random: &mut StdRng) -> usize {
        let all = self.sums.last().copied().unwrap_or(1.0);
        let drawn = random.random_range(0.0..all);
        self.sums.partition_point(|sum| *sum <= drawn)
    }
}

/// Rows one after the other, as `INSERT` takes them in every database.
pub(crate) struct Orders {
    random: StdRng,
    products: Uneven,
    customers: Uneven,
    regions: Uneven,
    channels: Uneven,
    start: DateTime,
    next: u32,
    count: u32,
}

impl Orders {
    pub(crate) fn of(count: u32) -> Self {
        Self {
            random: StdRng::seed_from_u64(SEED),
            products: Uneven::of(PRODUCTS),
            customers: Uneven::of(CUSTOMERS),
            regions: Uneven::of(REGIONS.len()),
            channels: Uneven::of(CHANNELS.len()),
            start: date(2023, 1, 1).at(0, 0, 0, 0),
            next: 0,
            count,
        }
    }

    /// An `INSERT` of at most so many rows; `None` when all were made.
    pub(crate) fn insert(&mut self, most: u32) -> Option<String> {
        let count = most.min(self.count - self.next);
        if count == 0 {
            return None;
        }
        let mut sql = "INSERT INTO bench_orders VALUES ".to_owned();
        for place in 0..count {
            if place > 0 {
                sql.push(',');
            }
            self.row(&mut sql);
        }
        Some(sql)
    }

    fn row(&mut self, sql: &mut String) {
        let random = &mut self.random;
        let micros = random.random_range(0..YEARS);
        let at = self.start.saturating_add(micros.microseconds());
        let customer = self.customers.draw(random);
        let region = REGIONS[self.regions.draw(random)];
        let channel = CHANNELS[self.channels.draw(random)];
        let product = self.products.draw(random);
        let quantity = random.random_range(1..10);
        // Small amounts are more frequent than large ones.
        let most = 10_u32.pow(random.random_range(3..9));
        let cents = random.random_range(100..=most);
        let discount = random.random_range(0..3_000);
        let is_gift = if random.random_bool(0.15) {
            "TRUE"
        } else {
            "FALSE"
        };
        let note = random.random_bool(0.3).then(|| {
            let words = random.random_range(1..6);
            (0..words)
                .map(|_| WORDS[random.random_range(0..WORDS.len())])
                .collect::<Vec<_>>()
                .join(", ")
        });
        let note = note.map_or("NULL".to_owned(), |note| format!("'{note} {}'", self.next));
        // Writing to a text never fails.
        let _ = write!(
            sql,
            "({},'{}','고객 {customer}','{region}','{channel}','Product {product}',{quantity},{}.{:02},0.{discount:04},{is_gift},{note})",
            self.next,
            at.strftime("%Y-%m-%d %H:%M:%S.%6f"),
            cents / 100,
            cents % 100,
        );
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_come_every_time_and_few_products_are_most_of_them() {
        let all = |most| {
            let mut orders = Orders::of(2_000);
            let mut rows = Vec::new();
            while let Some(sql) = orders.insert(most) {
                let values = sql
                    .strip_prefix("INSERT INTO bench_orders VALUES ")
                    .unwrap();
                rows.extend(
                    values
                        .split("),(")
                        .map(|row| row.trim_matches(['(', ')']).to_owned()),
                );
            }
            rows
        };
        let rows = all(300);
        assert_eq!(rows, all(2_000));
        assert_eq!(rows.len(), 2_000);
        let of_first = rows
            .iter()
            .filter(|row| row.contains("'Product 0'"))
            .count();
        assert!((200..350).contains(&of_first), "{of_first}");
        let with_note = rows.iter().filter(|row| !row.ends_with("NULL")).count();
        assert!((500..700).contains(&with_note), "{with_note}");
    }
}
