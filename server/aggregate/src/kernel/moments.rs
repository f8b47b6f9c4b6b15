//! Covariance, correlation and regression of pairs of doubles.

use crate::relation::Regression;

/// Sums over pairs, added up one by one as PostgreSQL's `float8_regr_accum` does: the difference of
/// equal values is exactly 0.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    sum_one: f64,
    sum_other: f64,
    squares_one: f64,
    squares_other: f64,
    products: f64,
}

impl Moments {
    fn of(pairs: &[(f64, f64)]) -> Self {
        let mut all = Self::default();
        pairs.iter().for_each(|(one, other)| all.add(*one, *other));
        all
    }

    fn add(&mut self, one: f64, other: f64) {
        let before = self.count;
        self.count += 1.0;
        self.sum_one += one;
        self.sum_other += other;
        if before > 0.0 {
            let one = one * self.count - self.sum_one;
            let other = other * self.count - self.sum_other;
            let scale = 1.0 / (self.count * before);
            self.squares_one += one * one * scale;
            self.squares_other += other * other * scale;
            self.products += one * other * scale;
        } else {
            // The distance of what is not finite from itself is no number.
            if !one.is_finite() {
                (self.squares_one, self.products) = (f64::NAN, f64::NAN);
            }
            if !other.is_finite() {
                (self.squares_other, self.products) = (f64::NAN, f64::NAN);
            }
        }
    }
}

/// The covariance of pairs; of the sample it needs two of them.
pub(crate) fn covariance(pairs: &[(f64, f64)], is_sample: bool) -> Option<f64> {
    let all = Moments::of(pairs);
    let freedom = all.count - f64::from(u8::from(is_sample));
    (freedom > 0.0).then(|| all.products / freedom)
}

/// The correlation of pairs; none where one side does not vary.
pub(crate) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let all = Moments::of(pairs);
    if pairs.is_empty() || all.squares_one == 0.0 || all.squares_other == 0.0 {
        return None;
    }
    Some(all.products / (all.squares_one * all.squares_other).sqrt())
}

/// What the straight line through points has; a point is its height and its place.
pub(crate) fn regression(points: &[(f64, f64)], what: Regression) -> Option<f64> {
    let all = Moments::of(points);
    if points.is_empty() {
        return None;
    }
    let (squares_y, squares_x) = (all.squares_one, all.squares_other);
    match what {
        Regression::Count => Some(all.count),
        Regression::AverageX => Some(all.sum_other / all.count),
        Regression::AverageY => Some(all.sum_one / all.count),
        Regression::SquaresX => Some(squares_x),
        Regression::SquaresY => Some(squares_y),
        Regression::Products => Some(all.products),
        // All points stand above each other.
        _ if squares_x == 0.0 => None,
        Regression::Slope => Some(all.products / squares_x),
        Regression::Intercept => {
            Some((all.sum_one - all.sum_other * all.products / squares_x) / all.count)
        }
        Regression::Determination if squares_y == 0.0 => Some(1.0),
        Regression::Determination => Some(all.products * all.products / (squares_x * squares_y)),
    }
}

/// The variance or its root of doubles.
pub(crate) fn spread(values: &[f64], is_sample: bool, is_root: bool) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = values.iter().map(|value| (*value, *value)).collect();
    let variance = covariance(&pairs, is_sample)?;
    Some(if is_root { variance.sqrt() } else { variance })
}
