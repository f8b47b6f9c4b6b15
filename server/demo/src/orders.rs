//! Orders, their lines and their refunds, one month at a time.

mod basket;
mod refunds;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

pub(crate) use basket::Line;
pub(crate) use refunds::Refund;

use crate::calendar::{self, BAD_MONTH, MONTHS, Window};
use crate::customers::Customer;
use crate::people::{self, Assignment, Salesperson};
use crate::places::{self, AREAS, CHANNELS, ONLINE, PARTNER, PHONE, STORE};
use crate::rng::{Rng, Wheel};
use basket::Shelves;

/// An order without its lines. Amounts are won; a discount is in hundredths.
pub(crate) struct Order {
    pub id: i64,
    pub ordered_at: DateTime,
    pub customer: i64,
    pub salesperson: Option<usize>,
    pub region: usize,
    pub channel: usize,
    pub status: &'static str,
    pub goods: i64,
    pub discount: i64,
    pub shipping: i64,
    pub total: i64,
    pub coupon: Option<&'static str>,
    pub gift: bool,
    pub paid_at: Option<DateTime>,
    pub memo: Option<String>,
    /// How many of the month's lines are this order's.
    pub lines: usize,
}

/// Everything that happened in a month.
pub(crate) struct Month {
    pub orders: Vec<Order>,
    /// The lines of all orders, in the orders' order.
    pub lines: Vec<Line>,
    /// By the time of the refund, of this and of earlier months' orders.
    pub refunds: Vec<Refund>,
}

/// Makes the months one after the other, so that five million orders need no more memory than one month.
pub(crate) struct Months<'a> {
    window: &'a Window,
    customers: &'a [Customer],
    assignment: Assignment,
    /// Orders per day, the window's first day first.
    plan: Vec<Vec<(Date, u64)>>,
    rng: Rng,
    refund_rng: Rng,
    regions: Wheel,
    next_id: i64,
    /// Refunds that have been decided but not yet paid, by their day.
    pending: BTreeMap<Date, Vec<Refund>>,
    /// Revenue in won per person and month.
    pub sold: Vec<[i64; MONTHS]>,
}

impl<'a> Months<'a> {
    pub(crate) fn new(
        window: &'a Window,
        customers: &'a [Customer],
        people: &[Salesperson],
        orders: u64,
    ) -> Months<'a> {
        let mut rng = Rng::new("orders");
        Months {
            plan: plan(window, orders, &mut rng),
            assignment: Assignment::new(window, people),
            window,
            customers,
            rng,
            refund_rng: Rng::new("refunds"),
            regions: people::region_wheel(),
            next_id: 1,
            pending: BTreeMap::new(),
            sold: vec![[0; MONTHS]; people.len()],
        }
    }

    /// The next month; `index` counts from zero.
    pub(crate) fn month(&mut self, index: usize) -> Month {
        let active: Vec<&Customer> = self
            .customers
            .iter()
            .filter(|customer| customer.buys_in(index, self.window, &mut self.rng))
            .collect();
        let wheel = Wheel::new(active.iter().map(|customer| customer.weight));
        let days = self.plan[index].clone();
        let mut month = Month {
            orders: Vec::new(),
            lines: Vec::new(),
            refunds: Vec::new(),
        };
        let last = days.len() - 1;
        for (position, (date, count)) in days.into_iter().enumerate() {
            let shelves = Shelves::new(index, date);
            let newcomers: Vec<&Customer> = active
                .iter()
                .copied()
                .filter(|customer| customer.joined == date)
                .collect();
            let mut moments = self.moments(date, count);
            // The first and the last second of a month belong to it: whoever gets a bound wrong is found out.
            if let (0, Some(first)) = (position, moments.first_mut()) {
                *first = 0;
            }
            if position == last
                && let Some(end) = moments.last_mut()
            {
                *end = 86_399;
            }
            for (slot, second) in moments.into_iter().enumerate() {
                let customer = match newcomers.get(slot) {
                    Some(newcomer) => Some(*newcomer),
                    None => self.regular(&active, &wheel, date),
                };
                if let Some(customer) = customer {
                    self.order(index, date, second, customer, &shelves, &mut month);
                }
            }
        }
        let end = self.window.month(index + 1);
        let later = self.pending.split_off(&end);
        for (_, mut refunds) in std::mem::replace(&mut self.pending, later) {
            refunds.sort_by_key(|refund| (refund.refunded_at, refund.order));
            month.refunds.append(&mut refunds);
        }
        month
    }

    /// A customer who had already joined on `date`.
    fn regular(
        &mut self,
        active: &[&'a Customer],
        wheel: &Wheel,
        date: Date,
    ) -> Option<&'a Customer> {
        // A few throws find one even early in a month; else anybody who has joined will do.
        for _ in 0..64 {
            let customer = active[wheel.spin(&mut self.rng)?];
            if customer.joined <= date {
                return Some(customer);
            }
        }
        active
            .iter()
            .copied()
            .find(|customer| customer.joined <= date)
    }

    /// Seconds of the day at which the orders come in, sorted.
    fn moments(&mut self, date: Date, count: u64) -> Vec<i64> {
        let hours = if calendar::is_weekend(date) {
            &WEEKEND_HOURS
        } else {
            &WORKDAY_HOURS
        };
        let wheel = Wheel::new(hours.iter().copied());
        let mut moments: Vec<i64> = (0..count)
            .map(|_| {
                let hour = wheel.spin(&mut self.rng).unwrap_or(12) as i64;
                hour * 3600 + self.rng.between(0, 3599)
            })
            .collect();
        moments.sort_unstable();
        moments
    }

    fn order(
        &mut self,
        index: usize,
        date: Date,
        second: i64,
        customer: &Customer,
        shelves: &Shelves,
        month: &mut Month,
    ) {
        let channel = self.channel(index, date, customer.business);
        // One in twelve is sent to somebody elsewhere.
        let elsewhere = self.rng.chance(80);
        let region = match self.regions.spin(&mut self.rng) {
            Some(other) if elsewhere => other,
            _ => customer.region,
        };
        let basket = basket::fill(index, date, customer.business, shelves, &mut self.rng);
        let goods: i64 = basket
            .iter()
            .map(|line| line.quantity * line.unit_price)
            .sum();
        let discount: i64 = basket.iter().map(|line| line.discount).sum();
        let delivered = channel != STORE;
        let shipping = if delivered && !customer.business && goods < 50_000 {
            3_000
        } else {
            0
        };
        let total = (goods * 100 - discount) / 100 + shipping;
        let ordered_at = at(date, second);
        // Nobody cancels on the day of their first order, so that joining means having bought.
        let status = self.status(index, date, customer.joined == date);
        let assisted = channel == STORE || channel == PARTNER || channel == PHONE;
        let salesperson = (assisted || customer.business).then(|| {
            let area = AREAS
                .iter()
                .position(|area| area.code == places::area_of(customer.region))
                .unwrap_or(0);
            self.assignment.of(index, area, customer.id)
        });
        if let Some(person) = salesperson
            && status != "cancelled"
        {
            self.sold[person][index] += total;
        }
        let order = Order {
            id: self.next_id,
            ordered_at,
            customer: customer.id,
            salesperson,
            region,
            channel,
            status,
            goods,
            discount,
            shipping,
            total,
            coupon: if discount > 0 && self.rng.chance(300) {
                Some(*self.rng.pick(&COUPONS))
            } else {
                None
            },
            gift: elsewhere && region != customer.region,
            paid_at: match status {
                "cancelled" | "pending" => None,
                _ => Some(self.paid_at(ordered_at, customer.business)),
            },
            memo: self.memo(),
            lines: basket.len(),
        };
        self.next_id += 1;
        if let Some(refund) = refunds::decide(
            &order,
            &basket,
            index,
            self.window.end,
            &mut self.refund_rng,
        ) {
            self.pending
                .entry(refund.refunded_at.date())
                .or_default()
                .push(refund);
        }
        month.orders.push(order);
        month.lines.extend(basket);
    }

    fn channel(&mut self, month: usize, date: Date, business: bool) -> usize {
        let weekend = calendar::is_weekend(date);
        let mut weights = [0_u64; CHANNELS.len()];
        for (weight, channel) in weights.iter_mut().zip(&CHANNELS) {
            if month < channel.opens {
                continue;
            }
            let (from, to) = channel.share;
            let progress = (month - channel.opens) as i64;
            let length = (MONTHS - 1 - channel.opens) as i64;
            let share = from + (to - from) * progress / length;
            *weight = (share * if weekend { channel.weekend } else { 100 }) as u64;
        }
        if business {
            // Companies order by phone and through partners, seldom from a live stream.
            weights[PARTNER] *= 2;
            weights[PHONE] *= 2;
            weights[4] /= 8;
            weights[ONLINE] = weights[ONLINE] * 8 / 10;
        }
        self.rng.weighted(&weights)
    }

    fn status(&mut self, month: usize, date: Date, is_first: bool) -> &'static str {
        let cancelled = match month {
            _ if is_first => 0,
            BAD_MONTH => 85,
            _ => 28,
        };
        let age = (self.window.end - date).get_days();
        let throw = self.rng.below(1000);
        match age {
            _ if throw < cancelled => "cancelled",
            ..=2 if throw < 400 => "pending",
            ..=2 => "paid",
            3..=5 if throw < 700 => "shipped",
            _ if throw < cancelled + 2 => "pending",
            _ => "delivered",
        }
    }

    /// Persons pay at once, companies within the month.
    fn paid_at(&mut self, ordered_at: DateTime, business: bool) -> DateTime {
        let wait = if business && self.rng.chance(600) {
            self.rng.between(1, 30) * 86_400 + self.rng.between(0, 20_000)
        } else {
            self.rng.between(5, 900)
        };
        ordered_at.saturating_add(wait.seconds())
    }

    fn memo(&mut self) -> Option<String> {
        if !self.rng.chance(70) {
            return None;
        }
        let memo = if self.rng.below(6000) == 0 {
            "문 앞에 두고 문자 주세요. ".repeat(220)
        } else {
            (*self.rng.pick(&MEMOS)).to_owned()
        };
        Some(memo)
    }
}

/// Orders per day of each month; together exactly `orders`.
fn plan(window: &Window, orders: u64, rng: &mut Rng) -> Vec<Vec<(Date, u64)>> {
    let mut months: Vec<Vec<(Date, u64)>> = (0..MONTHS).map(|month| window.days(month)).collect();
    let days = || months.iter().flatten();
    // Weather, football and whatever else moves a day by a few percent.
    let moods: Vec<u64> = days().map(|_| 930 + rng.below(141)).collect();
    let total: u128 = days()
        .zip(&moods)
        .map(|((_, weight), mood)| u128::from(weight * mood))
        .sum();
    let (mut weighed, mut planned) = (0_u128, 0_u64);
    for ((_, weight), mood) in months.iter_mut().flatten().zip(moods) {
        weighed += u128::from(*weight * mood);
        let until = (u128::from(orders) * weighed / total) as u64;
        *weight = until - planned;
        planned = until;
    }
    months
}

fn at(date: Date, second: i64) -> DateTime {
    date.at(
        (second / 3600) as i8,
        (second / 60 % 60) as i8,
        (second % 60) as i8,
        0,
    )
}

/// Orders per hour of a working day: a peak before lunch and one in the evening.
const WORKDAY_HOURS: [u64; 24] = [
    14, 8, 5, 3, 3, 5, 11, 24, 46, 78, 92, 84, 58, 70, 82, 80, 74, 66, 50, 48, 58, 64, 52, 28,
];
const WEEKEND_HOURS: [u64; 24] = [
    22, 14, 8, 5, 4, 4, 8, 14, 26, 44, 58, 62, 58, 60, 66, 68, 66, 62, 60, 66, 80, 88, 72, 40,
];

const COUPONS: [&str; 6] = ["WELCOME10", "0010", "THANKS5", "=SALE", "추석2", "VIP-007"];

const MEMOS: [&str; 16] = [
    "문 앞에 두세요",
    "경비실에 맡겨 주세요",
    "배송 전 연락 바랍니다.",
    "세금계산서 발행 부탁드려요",
    "선물 포장, 영수증 빼고 부탁합니다",
    "부재 시\n옆집(302호)에 맡겨 주세요",
    "빠른 배송 🙏🙏",
    "\"급함\" – 내일까지!",
    "=현관 비밀번호 확인",
    "-",
    "+1 추가 요청",
    "@담당자 확인",
    "0012",
    "  앞에 공백",
    "Please ring the bell, thank you.",
    "없음",
];
