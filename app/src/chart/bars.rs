//! Upright columns and lying bars.

use super::frame::{Frame, HEIGHT, WIDTH};
use super::scale::{Axis, axis_text, shortened, text_width, value_text};
use super::{ChartData, Drawing, colour, legend_of, tip};
use crate::markup::escape;

/// Bars of one label share this much of its place.
const FILLED: f64 = 0.72;

/// Height of one lying bar with the air around it.
const BAR: f64 = 22.0;

pub fn draw_columns(data: &ChartData) -> Drawing {
    let frame = Frame::around(data, true);
    let mut body = frame.ground(data);
    body.push_str(&frame.labels(&data.x));
    let place_width = frame.inner_width / data.x.len() as f64;
    let width = (place_width * FILLED / data.series.len() as f64).min(48.0);
    for (index, series) in data.series.iter().enumerate() {
        body.push_str(&format!(
            r#"<g class="ChartBars" style="{}">"#,
            colour(index)
        ));
        for (place, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let middle = frame.slot_middle(place, data.x.len());
            let x = middle + width * (index as f64 - data.series.len() as f64 / 2.0);
            let (top, bottom) = (frame.y(value.max(0.0)), frame.y(value.min(0.0)));
            let tip = tip(data, index, place, *value);
            body.push_str(&format!(
                r#"<rect x="{x:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" rx="2"><title>{tip}</title></rect>"#,
                (width - 1.0).max(0.6),
                (bottom - top).max(0.6),
            ));
        }
        body.push_str("</g>");
    }
    Drawing {
        width: WIDTH as u32,
        height: HEIGHT as u32,
        body,
        legend: legend_of(data),
    }
}

/// Labels left, values at the end of each bar; as high as it needs to be.
pub fn draw_bars(data: &ChartData) -> Drawing {
    let values = data
        .series
        .iter()
        .flat_map(|series| series.values.iter().copied().flatten());
    let axis = Axis::around(values, true, 5);
    let labels = data
        .x
        .iter()
        .map(|label| shortened(label, 18))
        .collect::<Vec<_>>();
    let left = labels
        .iter()
        .map(|label| text_width(label))
        .fold(0.0, f64::max)
        + 14.0;
    // Room for the longest value behind the longest bar.
    let right = data
        .series
        .iter()
        .flat_map(|series| series.values.iter().copied().flatten());
    let right = right
        .map(|value| text_width(&value_text(value, &data.format)))
        .fold(0.0, f64::max)
        + 14.0;
    let inner = (WIDTH - left - right).max(120.0);
    let x = |value: f64| left + inner * axis.share(value);
    let place = BAR * data.series.len() as f64 + 6.0;
    let height = place * data.x.len() as f64 + 30.0;
    let mut body = String::from(r#"<g class="ChartGround">"#);
    for tick in axis.ticks() {
        let class = if tick.abs() < axis.step * 1e-6 {
            "zero"
        } else {
            "tick"
        };
        let text = axis_text(tick, axis.step, &data.format, data.lang);
        body.push_str(&format!(
            r#"<path class="{class}" d="M{:.1} 4V{:.1}"/>"#,
            x(tick),
            height - 24.0
        ));
        body.push_str(&format!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
            x(tick),
            height - 8.0
        ));
    }
    body.push_str("</g>");
    body.push_str(r#"<g class="ChartLabels">"#);
    for (row, label) in labels.iter().enumerate() {
        let y = 6.0 + place * (row as f64 + 0.5) + 1.0;
        body.push_str(&format!(
            r#"<text x="{:.1}" y="{y:.1}" text-anchor="end">{}</text>"#,
            left - 8.0,
            escape(label)
        ));
    }
    body.push_str("</g>");
    for (index, series) in data.series.iter().enumerate() {
        body.push_str(&format!(
            r#"<g class="ChartBars" style="{}">"#,
            colour(index)
        ));
        for (row, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let y = 4.0 + place * row as f64 + BAR * index as f64;
            let (from, until) = (x(value.min(0.0)), x(value.max(0.0)));
            let tip = tip(data, index, row, *value);
            body.push_str(&format!(
                r#"<rect x="{from:.1}" y="{y:.1}" width="{:.1}" height="{:.1}" rx="2"><title>{tip}</title></rect>"#,
                (until - from).max(0.6),
                BAR - 5.0,
            ));
            body.push_str(&format!(
                r#"<text class="ChartValue" x="{:.1}" y="{:.1}">{}</text>"#,
                until + 5.0,
                y + BAR / 2.0 + 1.5,
                escape(&value_text(*value, &data.format)),
            ));
        }
        body.push_str("</g>");
    }
    Drawing {
        width: WIDTH as u32,
        height: height.ceil() as u32,
        body,
        legend: legend_of(data),
    }
}
