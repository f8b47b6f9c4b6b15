//! Lines, areas and points.

use super::frame::{Frame, HEIGHT, WIDTH};
use super::scale::{Axis, axis_text};
use super::{ChartData, ChartKind, Drawing, Series, colour, legend_of, tip};

/// More points than this are drawn without a dot and a tip each: the page would grow by a megabyte.
const DOTS_SHOWN: usize = 400;

pub fn draw(data: &ChartData) -> Drawing {
    let frame = Frame::around(data, data.kind != ChartKind::Scatter);
    let numbers = (data.kind == ChartKind::Scatter)
        .then(|| numbers_of(&data.x))
        .flatten();
    let places = Places::new(&frame, data, numbers);
    let count = data
        .series
        .iter()
        .map(|series| series.values.len())
        .sum::<usize>();
    let mut body = frame.ground(data);
    body.push_str(&places.labels(&frame, data));
    for (index, series) in data.series.iter().enumerate() {
        body.push_str(&format!(r#"<g style="{}">"#, colour(index)));
        if data.kind != ChartKind::Scatter {
            for stretch in stretches(series) {
                push_stretch(
                    &mut body,
                    &frame,
                    &places,
                    &stretch,
                    data.kind == ChartKind::Area,
                );
            }
        }
        if data.kind == ChartKind::Scatter || count <= DOTS_SHOWN {
            push_dots(&mut body, &frame, &places, data, index);
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

/// Where along the ground each value stands: side by side, or at its number for scatter charts.
enum Places {
    Slots(Vec<f64>),
    Numbers { at: Vec<f64>, axis: Axis },
}

impl Places {
    fn new(frame: &Frame, data: &ChartData, numbers: Option<Vec<f64>>) -> Self {
        match numbers {
            None => Places::Slots(
                (0..data.x.len())
                    .map(|place| frame.slot_middle(place, data.x.len()))
                    .collect(),
            ),
            Some(numbers) => {
                let axis = Axis::around(numbers.iter().copied(), false, 6);
                let at = numbers
                    .into_iter()
                    .map(|number| frame.left + frame.inner_width * axis.share(number))
                    .collect();
                Places::Numbers { at, axis }
            }
        }
    }

    fn x(&self, place: usize) -> f64 {
        let (Places::Slots(at) | Places::Numbers { at, .. }) = self;
        at.get(place).copied().unwrap_or_default()
    }

    fn labels(&self, frame: &Frame, data: &ChartData) -> String {
        let Places::Numbers { axis, .. } = self else {
            return frame.labels(&data.x);
        };
        let ticks = axis.ticks().into_iter().map(|tick| {
            let x = frame.left + frame.inner_width * axis.share(tick);
            let text = axis_text(tick, axis.step, "", data.lang);
            format!(
                r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
                HEIGHT - 14.0
            )
        });
        format!(
            r#"<g class="ChartLabels">{}</g>"#,
            ticks.collect::<String>()
        )
    }
}

fn numbers_of(labels: &[String]) -> Option<Vec<f64>> {
    labels
        .iter()
        .map(|label| {
            label
                .replace([',', '₩', '$', '€', '%'], "")
                .trim()
                .parse()
                .ok()
        })
        .collect()
}

/// Runs of values without a gap, as (place, value).
fn stretches(series: &Series) -> Vec<Vec<(usize, f64)>> {
    let mut stretches = vec![Vec::new()];
    for (place, value) in series.values.iter().enumerate() {
        match (value, stretches.last_mut()) {
            (Some(value), Some(open)) => open.push((place, *value)),
            (None, Some(open)) if !open.is_empty() => stretches.push(Vec::new()),
            _ => {}
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

fn push_stretch(
    body: &mut String,
    frame: &Frame,
    places: &Places,
    stretch: &[(usize, f64)],
    is_area: bool,
) {
    let mut path = String::new();
    for (index, (place, value)) in stretch.iter().enumerate() {
        path.push_str(&format!(
            "{}{:.1} {:.1}",
            if index == 0 { 'M' } else { 'L' },
            places.x(*place),
            frame.y(*value)
        ));
    }
    if let (true, Some((first, _)), Some((last, _))) = (is_area, stretch.first(), stretch.last()) {
        let ground = frame.y(0.0_f64.clamp(frame.axis.low, frame.axis.high));
        let (right, left) = (places.x(*last), places.x(*first));
        body.push_str(&format!(
            r#"<path class="ChartArea" d="{path}L{right:.1} {ground:.1}L{left:.1} {ground:.1}Z"/>"#
        ));
    }
    body.push_str(&format!(r#"<path class="ChartLine" d="{path}"/>"#));
}

fn push_dots(body: &mut String, frame: &Frame, places: &Places, data: &ChartData, index: usize) {
    for (place, value) in data.series[index].values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = (places.x(place), frame.y(*value));
            let tip = tip(data, index, place, *value);
            body.push_str(&format!(r#"<circle class="ChartDot" cx="{x:.1}" cy="{y:.1}" r="3"><title>{tip}</title></circle>"#));
        }
    }
}
