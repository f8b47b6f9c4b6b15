//! Random aggregates.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::selects::{Generator, Scope};
use super::syntax::{Node, Sort};

use Sort::{
    BigInt as B, Date as D, Decimal as N, Double as F, Integer as I, Text as T, Truth as L,
};

type Aggregate = (Sort, &'static str, Sort);

/// What they give, how they are written, what they take. Quotients are rounded: PostgreSQL's digits are its own.
pub const AGGREGATES: &[Aggregate] = &[
    (B, "COUNT({})", I),
    (B, "COUNT({})", T),
    (B, "COUNT({})", D),
    (B, "SUM({})", I),
    (N, "SUM({})", B),
    (N, "SUM({})", N),
    (F, "SUM({})", F),
    (N, "ROUND(AVG({}), 3)", I),
    (N, "ROUND(AVG({}), 3)", N),
    (F, "AVG({})", F),
    (I, "MIN({})", I),
    (N, "MAX({})", N),
    (T, "MIN({})", T),
    (T, "MAX({})", T),
    (D, "MAX({})", D),
    (F, "MIN({})", F),
    (L, "BOOL_AND({})", L),
    (L, "BOOL_OR({})", L),
    (N, "ROUND(STDDEV({}), 6)", I),
    (N, "ROUND(VAR_POP({}), 6)", N),
];
/// The same for those that are no windows.
const WHOLE: &[Aggregate] = &[
    (B, "COUNT(DISTINCT {})", T),
    (B, "COUNT(DISTINCT {})", N),
    (B, "SUM(DISTINCT {})", I),
    (T, "STRING_AGG(DISTINCT {}, ',')", T),
    (F, "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {})", F),
    (F, "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY {})", I),
    (N, "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY {})", N),
    (T, "MODE() WITHIN GROUP (ORDER BY {})", T),
    (B, "COUNT(DISTINCT {})", D),
    (N, "ROUND(AVG(DISTINCT {}), 3)", N),
    (D, "PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY {})", D),
    (I, "MODE() WITHIN GROUP (ORDER BY {})", I),
    (L, "EVERY({})", L),
    (N, "ROUND(STDDEV_POP({}), 6)", N),
    (N, "ROUND(VARIANCE({}), 6)", B),
    (F, "STDDEV({})", F),
    (B, "REGR_COUNT({}, 1)", I),
    (I, "BIT_OR({})", I),
    (B, "BIT_XOR({})", B),
];
impl Generator<'_> {
    /// An aggregate over the columns in reach.
    pub fn aggregate(&mut self, scope: &Scope) -> Node {
        if self.dice.random_bool(0.15) {
            return Node::text(B, "COUNT(*)");
        }
        let table = if self.dice.random_bool(0.25) {
            WHOLE
        } else {
            AGGREGATES
        };
        let (sort, template, over) = *table.choose(&mut self.dice).unwrap();
        let node = self.expression(over, scope, 1);
        if self.dice.random_bool(0.15) && !template.starts_with("ROUND") {
            let filter = self.condition(scope, 1);
            return Node::of(
                sort,
                &format!("{template} FILTER (WHERE {{}})"),
                vec![node, filter],
            );
        }
        if over == T && template == "MIN({})" && self.dice.random() {
            return Node::of(
                T,
                "STRING_AGG({}, '|' ORDER BY {})",
                vec![node.clone(), node],
            );
        }
        Node::of(sort, template, vec![node])
    }
}
