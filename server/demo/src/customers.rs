//! Five thousand customers: who they are, when they came, how often they buy.

mod hostile;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{BAD_MONTH, MONTHS, Window};
use crate::names;
use crate::places::REGIONS;
use crate::rng::Rng;

/// A customer as the orders need it, with the row for the table.
pub(crate) struct Customer {
    /// Counted from one.
    pub id: i64,
    pub business: bool,
    pub region: usize,
    /// The day of the first order; before the window for the shop's old customers.
    pub joined: Date,
    /// How much the customer buys in a month in which it buys.
    pub weight: u64,
    /// Looked but never bought.
    pub never_buys: bool,
    pub row: CustomerRow,
}

/// The columns that only the table needs.
pub(crate) struct CustomerRow {
    pub name: String,
    pub name_en: Option<String>,
    pub grade: Option<&'static str>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub business_no: Option<String>,
    pub external_no: Option<String>,
    pub marketing_consent: Option<bool>,
    pub credit_limit: Option<i64>,
    pub memo: Option<String>,
    pub updated: (Date, i64),
}

/// How many customers a shop of this many orders has: 5,000 from 600,000 orders on.
pub(crate) fn count_for(orders: u64) -> usize {
    (orders / 120).clamp(300, 5_000) as usize
}

/// All customers, the oldest first.
pub(crate) fn make(window: &Window, count: usize) -> Vec<Customer> {
    let mut rng = Rng::new("customers");
    let mut days = joining_days(window, count, &mut rng);
    days.sort_unstable();
    let mut customers: Vec<Customer> = (1..)
        .zip(days)
        .map(|(id, joined)| customer(id, joined, window, &mut rng))
        .collect();
    hostile::disguise(&mut customers);
    customers
}

/// Three in ten are older than the data; the others come a little faster every month.
fn joining_days(window: &Window, count: usize, rng: &mut Rng) -> Vec<Date> {
    let old = count * 3 / 10;
    let weights: Vec<u64> = (0..MONTHS)
        .map(|month| {
            // Fewer people try a shop that cannot deliver.
            let bad = if month == BAD_MONTH { 55 } else { 100 };
            (60 + month as u64) * bad
        })
        .collect();
    (0..count)
        .map(|index| {
            if index < old {
                window.first.saturating_sub(rng.between(1, 1500).days())
            } else {
                let first = window.month(rng.weighted(&weights));
                first.saturating_add(rng.between(0, i64::from(first.days_in_month()) - 1).days())
            }
        })
        .collect()
}

fn customer(id: i64, joined: Date, window: &Window, rng: &mut Rng) -> Customer {
    let business = rng.chance(190);
    let weights = REGIONS.map(|region| region.weight);
    let region = rng.weighted(&weights);
    let (name, name_en) = if business {
        names::company(rng)
    } else {
        names::person(rng)
    };
    // A few large accounts, many small ones.
    let weight = if business {
        45 + rng.below(17).pow(2)
    } else {
        18 + rng.below(50)
    };
    let grade = match weight {
        150.. => Some("VIP"),
        80..150 => Some("우수"),
        // Nobody has graded the smallest ones yet.
        ..30 if rng.chance(400) => None,
        _ => Some("일반"),
    };
    let phone = if business {
        let middle = rng.digits(3);
        let last = rng.digits(4);
        Some(format!("{}-{middle}-{last}", REGIONS[region].dialling))
    } else if rng.chance(850) {
        Some(format!("+82 10-0{}-{}", rng.digits(3), rng.digits(4)))
    } else {
        None
    };
    let email = rng
        .chance(780)
        .then(|| format!("customer{id:05}@example.com"));
    let never_buys = rng.chance(20);
    let last_day = window.end.saturating_sub(1.day());
    let since = joined.max(window.first);
    let open_days = (last_day - since).get_days();
    let updated = since.saturating_add(rng.between(0, i64::from(open_days)).days());
    Customer {
        id,
        business,
        region,
        joined,
        weight,
        never_buys,
        row: CustomerRow {
            name,
            name_en: rng.chance(930).then_some(name_en),
            grade,
            phone,
            email,
            // A tax office number may begin with zeros, and the partner's number has twenty digits.
            business_no: business.then(|| format!("0{}", rng.digits(9))),
            external_no: (business && rng.chance(800))
                .then(|| format!("{}{}", rng.between(1, 9), rng.digits(19))),
            marketing_consent: match rng.below(10) {
                0..6 => Some(true),
                6..9 => Some(false),
                _ => None,
            },
            credit_limit: business.then(|| rng.between(10, 500) * 1_000_000),
            memo: None,
            updated: (updated, rng.between(9 * 3600, 19 * 3600)),
        },
    }
}

impl Customer {
    /// Whether the customer buys at all in a month of the window, by `rng`.
    pub(crate) fn buys_in(&self, month: usize, window: &Window, rng: &mut Rng) -> bool {
        if self.never_buys || self.joined >= window.month(month + 1) {
            return false;
        }
        let tenure = if self.joined < window.first {
            12 + month as u64
        } else {
            (month - window.month_of(self.joined)) as u64
        };
        let mut chance = match (tenure, self.business) {
            (0, _) => 1000,
            (tenure, true) => 820_u64.saturating_sub(7 * tenure).max(560),
            (1, false) => 450,
            (2, false) => 380,
            (tenure, false) => 350_u64.saturating_sub(9 * (tenure - 3)).max(170),
        };
        if tenure > 0 {
            // The loyalty programme keeps more of them; the bad month loses some.
            chance += if month >= 24 { 60 } else { 0 };
            chance -= if month == BAD_MONTH || month == BAD_MONTH + 1 {
                110
            } else {
                0
            };
            chance += match window.month(month).month() {
                11 | 12 => 70,
                _ => 0,
            };
        }
        rng.chance(chance.min(1000))
    }
}
