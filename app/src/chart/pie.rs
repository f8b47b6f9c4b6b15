//! Shares of a whole, as a ring with its legend.

use std::f64::consts::TAU;

use super::scale::value_text;
use super::{COLOURS, ChartData, Drawing, colour, legend};
use crate::markup::escape;
use lang::Lang;

const SIZE: f64 = 260.0;
const OUTER: f64 = 116.0;
const INNER: f64 = 66.0;

/// Negative values have no share and are left out of the ring but not out of the legend.
pub fn draw(data: &ChartData) -> Drawing {
    let slices = slices(data);
    let whole = slices.iter().map(|(_, value)| value.max(0.0)).sum::<f64>();
    let mut body = String::from(r#"<g class="ChartPie">"#);
    let mut from = 0.0;
    for (index, (name, value)) in slices.iter().enumerate() {
        let share = if whole > 0.0 {
            value.max(0.0) / whole
        } else {
            0.0
        };
        if share > 0.0 {
            let tip = escape(&slice_text(name, *value, share, &data.format));
            body.push_str(&format!(
                r#"<path style="{}" d="{}"><title>{tip}</title></path>"#,
                colour(index),
                ring(from, from + share)
            ));
        }
        from += share;
    }
    body.push_str("</g>");
    let names = slices.iter().map(|(name, value)| {
        let share = if whole > 0.0 {
            value.max(0.0) / whole
        } else {
            0.0
        };
        slice_text(name, *value, share, &data.format)
    });
    Drawing {
        width: SIZE as u32,
        height: SIZE as u32,
        body,
        legend: Some(legend(names)),
    }
}

fn slice_text(name: &str, value: f64, share: f64, format: &str) -> String {
    format!(
        "{name} · {} ({:.1}%)",
        value_text(value, format),
        share * 100.0
    )
}

/// One slice per label while there are colours; the rest together, saying how many.
fn slices(data: &ChartData) -> Vec<(String, f64)> {
    let values = data
        .series
        .first()
        .map(|series| series.values.as_slice())
        .unwrap_or_default();
    let mut slices = data
        .x
        .iter()
        .zip(values)
        .filter_map(|(label, value)| Some((label.clone(), (*value)?)))
        .collect::<Vec<_>>();
    if slices.len() > COLOURS {
        let rest = slices.split_off(COLOURS - 1);
        let name = match data.lang {
            Lang::Ko => format!("그 밖의 {}개", rest.len()),
            Lang::En => format!("{} others", rest.len()),
        };
        slices.push((name, rest.iter().map(|(_, value)| value).sum()));
    }
    slices
}

/// A piece of the ring between two shares of the whole turn, beginning at the top.
fn ring(from: f64, until: f64) -> String {
    // A full turn would begin and end at the same point and be nothing.
    let until = until.min(from + 0.9999);
    let point = |share: f64, radius: f64| {
        let angle = TAU * (share - 0.25);
        format!(
            "{:.2} {:.2}",
            SIZE / 2.0 + radius * angle.cos(),
            SIZE / 2.0 + radius * angle.sin()
        )
    };
    let is_large = u8::from(until - from > 0.5);
    format!(
        "M{}A{OUTER} {OUTER} 0 {is_large} 1 {}L{}A{INNER} {INNER} 0 {is_large} 0 {}Z",
        point(from, OUTER),
        point(until, OUTER),
        point(until, INNER),
        point(from, INNER),
    )
}
