//! What is in an order: products by season and life, quantities, prices of the day, discounts.

use jiff::civil::Date;

use crate::calendar;
use crate::catalogue::{CATEGORIES, GIFTS, PRODUCTS};
use crate::rng::{Rng, Wheel};

/// A line of an order.
pub(crate) struct Line {
    /// Position in the catalogue; the product's id is one more.
    pub product: usize,
    pub quantity: i64,
    /// Won.
    pub unit_price: i64,
    /// Hundredths of a percent.
    pub rate: i64,
    /// Hundredths of a won, by the rate.
    pub discount: i64,
}

impl Line {
    /// What is left to pay, in hundredths of a won.
    pub(crate) fn amount(&self) -> i64 {
        self.quantity * self.unit_price * 100 - self.discount
    }
}

/// What people and companies are likely to take on a day.
pub(crate) struct Shelves {
    person: Wheel,
    business: Wheel,
}

impl Shelves {
    pub(crate) fn new(month: usize, date: Date) -> Shelves {
        let season = date.month() as usize - 1;
        let wheel = |business: bool| {
            Wheel::new(PRODUCTS.iter().map(|product| {
                let category = &CATEGORIES[product.category];
                let demand = if business {
                    category.demand.1
                } else {
                    category.demand.0
                };
                let feast = if product.category == GIFTS {
                    calendar::gift_demand(date)
                } else {
                    100
                };
                product.weight
                    * product.life.strength(month)
                    * demand
                    * category.season[season]
                    * feast
                    / 10_000
            }))
        };
        Shelves {
            person: wheel(false),
            business: wheel(true),
        }
    }
}

/// Won for one piece in a month: the list price, three percent less for every year before the last.
fn price(product: usize, month: usize) -> i64 {
    let percent = match month {
        0..12 => 94,
        12..24 => 97,
        _ => 100,
    };
    PRODUCTS[product].price * percent / 100 / 100 * 100
}

/// One to five different products.
pub(super) fn fill(
    month: usize,
    date: Date,
    business: bool,
    shelves: &Shelves,
    rng: &mut Rng,
) -> Vec<Line> {
    let wheel = if business {
        &shelves.business
    } else {
        &shelves.person
    };
    let wanted = 1 + rng.weighted(&[52, 27, 13, 6, 2]);
    let campaign = matches!(date.month(), 11 | 12);
    let mut lines: Vec<Line> = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        let Some(product) = wheel.spin(rng) else {
            break;
        };
        if lines.iter().any(|line| line.product == product) {
            continue;
        }
        let quantity = if business {
            1 + rng.below(4) * rng.below(5)
        } else {
            1 + rng.weighted(&[74, 18, 8]) as u64
        } as i64;
        let rate = rate(business, quantity, campaign, rng);
        let unit_price = price(product, month);
        lines.push(Line {
            product,
            quantity,
            unit_price,
            rate,
            // Won × hundredths of a percent / 100 is hundredths of a won, rounded half up.
            discount: (quantity * unit_price * rate + 50) / 100,
        });
    }
    lines
}

fn rate(business: bool, quantity: i64, campaign: bool, rng: &mut Rng) -> i64 {
    let volume = if business && quantity >= 6 { 1 } else { 0 };
    let weights = match (campaign, volume) {
        (true, 0) => [44, 14, 14, 10, 10, 5, 3],
        (true, _) => [18, 10, 16, 20, 20, 10, 6],
        (false, 0) => [70, 11, 9, 5, 3, 1, 1],
        (false, _) => [30, 16, 20, 16, 12, 4, 2],
    };
    [0, 300, 500, 725, 1000, 1333, 2000][rng.weighted(&weights)]
}
