//! From values to places: round ticks, and numbers short enough for an axis.

use lang::Lang;

/// An axis from `low` to `high` with a tick every `step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

impl Axis {
    /// About `wanted` ticks at 1, 2, 2.5 or 5 times a power of ten. `from_zero` keeps the ground in sight.
    pub fn around(values: impl Iterator<Item = f64>, from_zero: bool, wanted: u32) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if from_zero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low == high {
            high = low + if low == 0.0 { 1.0 } else { low.abs() };
        }
        let raw = (high - low) / f64::from(wanted.max(1));
        let power = 10_f64.powf(raw.log10().floor());
        let factor = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .find(|factor| factor * power >= raw * 0.999)
            .unwrap_or(10.0);
        let step = factor * power;
        Axis {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
        }
    }

    /// Every tick from low to high.
    pub fn ticks(self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step)
            .round()
            .clamp(1.0, 50.0) as u32;
        (0..=count)
            .map(|tick| self.low + f64::from(tick) * self.step)
            .collect()
    }

    /// 0 at the low end, 1 at the high end.
    pub fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// A number for an axis: `1,200만`, `3억`; `12M`, `3.5K`; `12%` for percent formats.
pub fn axis_text(value: f64, step: f64, format: &str, lang: Lang) -> String {
    if is_percent(format) {
        return format!("{}%", decimal(value * 100.0, decimals_of(step * 100.0)));
    }
    let units: [(f64, &str); 3] = match lang {
        Lang::Ko => [(1e12, "조"), (1e8, "억"), (1e4, "만")],
        Lang::En => [(1e9, "B"), (1e6, "M"), (1e3, "K")],
    };
    let size = value.abs();
    match units.into_iter().find(|(unit, _)| size >= *unit) {
        Some((unit, word)) => format!("{}{word}", decimal(value / unit, decimals_of(step / unit))),
        None => decimal(value, decimals_of(step)),
    }
}

/// A number for a tip: exact, with thousands and the currency of the format.
pub fn value_text(value: f64, format: &str) -> String {
    match format {
        "krw" => format!("₩{}", decimal(value, 0)),
        "usd" => format!("${}", decimal(value, 2)),
        "eur" => format!("€{}", decimal(value, 2)),
        "int" => decimal(value, 0),
        "decimal2" => decimal(value, 2),
        _ if is_percent(format) => format!("{}%", decimal(value * 100.0, 1)),
        _ if value.fract() == 0.0 => decimal(value, 0),
        _ => decimal(value, 2),
    }
}

fn is_percent(format: &str) -> bool {
    format == "percent1" || format.ends_with('%')
}

/// Places needed so that neighbouring ticks differ, at most 3.
fn decimals_of(step: f64) -> usize {
    (0..3)
        .find(|places| (step * 10_f64.powi(*places)).fract().abs() < 1e-6)
        .unwrap_or(3) as usize
}

fn decimal(value: f64, places: usize) -> String {
    let text = format!("{:.*}", places, value.abs());
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole
        .parse::<u64>()
        .map_or_else(|_| whole.to_owned(), lang::grouped);
    let is_zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    rest.map_or_else(
        || format!("{sign}{whole}"),
        |rest| format!("{sign}{whole}.{rest}"),
    )
}

/// Width of a text in units of the drawing, with Hangul twice as wide; near enough to make room.
pub fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|letter| if letter.is_ascii() { 6.6 } else { 11.5 })
        .sum()
}

/// At most `most` letters, the last one an ellipsis.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short = text
        .chars()
        .take(most.saturating_sub(1))
        .collect::<String>();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let axis = Axis::around([3.0, 97.0].into_iter(), true, 5);
        assert_eq!(axis.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        let axis = Axis::around([-12.0, 30.0].into_iter(), true, 4);
        assert_eq!((axis.low, axis.high), (-20.0, 40.0));
        let flat = Axis::around([5.0, 5.0].into_iter(), false, 4);
        assert!(flat.high > flat.low);
    }

    #[test]
    fn large_numbers_are_short_on_an_axis() {
        assert_eq!(
            axis_text(12_000_000.0, 2_000_000.0, "krw", Lang::Ko),
            "1,200만"
        );
        assert_eq!(
            axis_text(250_000_000.0, 50_000_000.0, "krw", Lang::Ko),
            "2.5억"
        );
        assert_eq!(axis_text(12_000_000.0, 2_000_000.0, "krw", Lang::En), "12M");
        assert_eq!(axis_text(0.15, 0.05, "percent1", Lang::Ko), "15%");
    }

    #[test]
    fn tips_are_exact() {
        assert_eq!(value_text(1_234_567.0, "krw"), "₩1,234,567");
        assert_eq!(value_text(-0.031, "percent1"), "-3.1%");
        assert_eq!(value_text(12.5, ""), "12.50");
    }

    #[test]
    fn long_labels_are_shortened() {
        assert_eq!(shortened("아주 긴 상품 이름", 5), "아주 긴…");
        assert_eq!(shortened("짧다", 5), "짧다");
    }
}
