//! What comes back, when, and why.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::{Line, Order};
use crate::calendar::BAD_MONTH;
use crate::catalogue::{CATEGORIES, PRODUCTS};
use crate::places::{LATE, REASONS};
use crate::rng::Rng;

/// Money given back for an order.
pub(crate) struct Refund {
    pub order: i64,
    pub refunded_at: DateTime,
    /// Position in the list of reasons.
    pub reason: Option<usize>,
    /// Won.
    pub amount: i64,
    /// Position in the list of sales people.
    pub handled_by: Option<usize>,
    pub note: Option<&'static str>,
}

/// Whether anything of the order comes back before `end`.
pub(super) fn decide(
    order: &Order,
    basket: &[Line],
    month: usize,
    end: Date,
    rng: &mut Rng,
) -> Option<Refund> {
    if order.status != "delivered" {
        return None;
    }
    let bad = month == BAD_MONTH;
    let line = rng.pick(basket);
    let category = &CATEGORIES[PRODUCTS[line.product].category];
    let base = if bad { 62 } else { 27 };
    if rng.below(100_000) >= base * category.returns {
        return None;
    }
    let refunded_at = order
        .ordered_at
        .saturating_add(rng.between(1, 21).days())
        .saturating_add(rng.between(0, 6 * 3600).seconds());
    if refunded_at.date() >= end {
        return None;
    }
    let mut weights = REASONS.map(|reason| reason.weight);
    if bad {
        weights[LATE] *= 14;
    }
    // Everything, or the one product; the shipping fee stays with us.
    let whole = order.total - order.shipping;
    let amount = if rng.chance(550) {
        whole
    } else {
        (line.amount() / 100).min(whole)
    };
    Some(Refund {
        order: order.id,
        refunded_at,
        reason: (!rng.chance(35)).then(|| rng.weighted(&weights)),
        amount,
        handled_by: if rng.chance(800) {
            order.salesperson
        } else {
            None
        },
        note: rng.chance(180).then(|| *rng.pick(&NOTES)),
    })
}

const NOTES: [&str; 8] = [
    "사진 확인함",
    "재발송 대신 환불 요청",
    "고객 통화 완료, \"다음에 다시 주문\"",
    "=재고 확인 필요",
    "-2개 파손",
    "박스 훼손\n내용물 이상 없음",
    "택배사 보상 접수 #00081",
    "😡 강한 불만",
];
