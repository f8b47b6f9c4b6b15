//! The ground of upright charts: value axis left, labels below, lines across.

use super::ChartData;
use super::scale::{Axis, axis_text, shortened, text_width};
use crate::markup::escape;

pub const WIDTH: f64 = 560.0;
pub const HEIGHT: f64 = 280.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
const RIGHT: f64 = 14.0;

/// Where values and labels fall.
pub struct Frame {
    pub axis: Axis,
    pub left: f64,
    pub inner_width: f64,
    pub inner_height: f64,
}

impl Frame {
    /// A frame for every value of the chart.
    pub fn around(data: &ChartData, from_zero: bool) -> Self {
        let values = data
            .series
            .iter()
            .flat_map(|series| series.values.iter().copied().flatten());
        let axis = Axis::around(values, from_zero, 5);
        let widest = axis
            .ticks()
            .into_iter()
            .map(|tick| text_width(&axis_text(tick, axis.step, &data.format, data.lang)));
        let left = widest.fold(0.0, f64::max) + 12.0;
        Frame {
            axis,
            left,
            inner_width: WIDTH - left - RIGHT,
            inner_height: HEIGHT - TOP - BOTTOM,
        }
    }

    /// The height of a value on the page.
    pub fn y(&self, value: f64) -> f64 {
        TOP + self.inner_height * (1.0 - self.axis.share(value))
    }

    /// The middle of the place of a label when places stand side by side.
    pub fn slot_middle(&self, place: usize, count: usize) -> f64 {
        self.left + self.inner_width * (place as f64 + 0.5) / count.max(1) as f64
    }

    /// Lines across with their numbers, and a stronger line at zero.
    pub fn ground(&self, data: &ChartData) -> String {
        let mut svg = String::from(r#"<g class="ChartGround">"#);
        for tick in self.axis.ticks() {
            let y = self.y(tick);
            let class = if tick.abs() < self.axis.step * 1e-6 {
                "zero"
            } else {
                "tick"
            };
            svg.push_str(&format!(
                r#"<path class="{class}" d="M{:.1} {y:.1}H{:.1}"/>"#,
                self.left,
                WIDTH - RIGHT
            ));
            let text = axis_text(tick, self.axis.step, &data.format, data.lang);
            svg.push_str(&format!(
                r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{text}</text>"#,
                self.left - 7.0,
                y + 4.0
            ));
        }
        svg.push_str("</g>");
        svg
    }

    /// Labels below, as many as fit.
    pub fn labels(&self, labels: &[String]) -> String {
        let room = self.inner_width / labels.len().max(1) as f64;
        let widest = labels
            .iter()
            .map(|label| text_width(&shortened(label, 14)))
            .fold(0.0, f64::max)
            + 12.0;
        let every = (widest / room).ceil().max(1.0) as usize;
        let mut svg = String::from(r#"<g class="ChartLabels">"#);
        for (place, label) in labels.iter().enumerate().step_by(every) {
            let x = self.slot_middle(place, labels.len());
            svg.push_str(&format!(
                r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                HEIGHT - BOTTOM + 20.0,
                escape(&shortened(label, 14))
            ));
        }
        svg.push_str("</g>");
        svg
    }
}
