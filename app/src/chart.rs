//! Charts as SVG text, drawn on the server so that the browser needs no chart library.
//!
//! Colours are CSS variables, sizes are fixed units of a viewBox; small screens scroll sideways instead of shrinking text.

mod bars;
mod frame;
mod lines;
mod pie;
mod scale;

use crate::markup::{escape, push_escaped};
use lang::Lang;

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartData {
    /// How to draw it.
    pub kind: ChartKind,
    /// Also the accessible name.
    pub title: String,
    /// One label per value; for scatter, numbers as text.
    pub x: Vec<String>,
    /// At least one, each with as many values as `x`; `None` is a gap.
    pub series: Vec<Series>,
    /// The report's format word (`krw`, `percent1`, …) or a raw code, for the axis and the tips.
    pub format: String,
    /// Language of the description and of large numbers (만, 억 or K, M).
    pub lang: Lang,
}

/// The kinds of `report-files.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Points joined by lines.
    Line,
    /// Upright bars side by side.
    Column,
    /// Lying bars.
    Bar,
    /// Lines with the ground filled.
    Area,
    /// Shares of a whole, first series only.
    Pie,
    /// Points only.
    Scatter,
}

impl ChartKind {
    /// Reads the word of a report file; anything unknown is drawn as columns.
    pub fn from_word(word: &str) -> Self {
        match word {
            "line" => ChartKind::Line,
            "bar" => ChartKind::Bar,
            "area" => ChartKind::Area,
            "pie" => ChartKind::Pie,
            "scatter" => ChartKind::Scatter,
            _ => ChartKind::Column,
        }
    }
}

/// One line, or one colour of bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Shown in the legend when there are several.
    pub name: String,
    /// One per label of `x`.
    pub values: Vec<Option<f64>>,
}

/// Colours in the style sheet (`--chart-1` …); more series repeat them with dashes.
const COLOURS: usize = 8;

/// Draws the chart. `id` must be unique on the page; it names the title and the description.
///
/// Without any value the answer is an empty string: there is nothing to see.
pub fn draw(data: &ChartData, id: &str) -> String {
    let has_values = data
        .series
        .iter()
        .any(|series| series.values.iter().any(Option::is_some));
    if data.x.is_empty() || !has_values {
        return String::new();
    }
    let drawing = match data.kind {
        ChartKind::Line | ChartKind::Area | ChartKind::Scatter => lines::draw(data),
        ChartKind::Column => bars::draw_columns(data),
        ChartKind::Bar => bars::draw_bars(data),
        ChartKind::Pie => pie::draw(data),
    };
    let mut svg = format!(
        r#"<svg class="ChartSvg" role="img" viewBox="0 0 {} {}" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">"#,
        drawing.width,
        drawing.height,
        id = escape(id),
    );
    push_escaped(&mut svg, &data.title);
    svg.push_str(&format!(r#"</title><desc id="{}-desc">"#, escape(id)));
    push_escaped(&mut svg, &describe(data));
    svg.push_str("</desc>");
    svg.push_str(&drawing.body);
    svg.push_str("</svg>");
    if let Some(legend) = drawing.legend {
        svg.push_str(&legend);
    }
    svg
}

/// A finished picture without its frame.
struct Drawing {
    width: u32,
    height: u32,
    body: String,
    legend: Option<String>,
}

/// The legend as a list below the picture, where it can wrap. Absent for a single series.
fn legend_of(data: &ChartData) -> Option<String> {
    (data.series.len() > 1).then(|| legend(data.series.iter().map(|series| series.name.clone())))
}

fn legend(names: impl Iterator<Item = String>) -> String {
    let mut html = String::from(r#"<ul class="ChartLegend">"#);
    for (index, name) in names.enumerate() {
        html.push_str(&format!(r#"<li style="{}"><span></span>"#, colour(index)));
        push_escaped(&mut html, &name);
        html.push_str("</li>");
    }
    html.push_str("</ul>");
    html
}

/// The colour variable of a series, and a dash from the ninth on.
fn colour(index: usize) -> String {
    let dash = match index / COLOURS {
        0 => "",
        1 => ";--dash:6 3",
        _ => ";--dash:2 3",
    };
    format!("--series:var(--chart-{}){dash}", index % COLOURS + 1)
}

/// A tip for one value: `서울 · 2026-08: 1,234만`.
fn tip(data: &ChartData, series: usize, place: usize, value: f64) -> String {
    let value = scale::value_text(value, &data.format);
    let label = data.x.get(place).map_or("", String::as_str);
    match data.series.get(series).filter(|_| data.series.len() > 1) {
        Some(series) => escape(&format!("{} · {label}: {value}", series.name)),
        None => escape(&format!("{label}: {value}")),
    }
}

/// What a person hears instead of seeing: kind, extent, highest and lowest value.
fn describe(data: &ChartData) -> String {
    let kind = match (data.lang, data.kind) {
        (Lang::Ko, ChartKind::Line) => "선 그래프",
        (Lang::Ko, ChartKind::Column) => "세로 막대 그래프",
        (Lang::Ko, ChartKind::Bar) => "가로 막대 그래프",
        (Lang::Ko, ChartKind::Area) => "영역 그래프",
        (Lang::Ko, ChartKind::Pie) => "원 그래프",
        (Lang::Ko, ChartKind::Scatter) => "점 그래프",
        (Lang::En, ChartKind::Line) => "Line chart",
        (Lang::En, ChartKind::Column) => "Column chart",
        (Lang::En, ChartKind::Bar) => "Bar chart",
        (Lang::En, ChartKind::Area) => "Area chart",
        (Lang::En, ChartKind::Pie) => "Pie chart",
        (Lang::En, ChartKind::Scatter) => "Scatter chart",
    };
    let values = data.series.iter().flat_map(|series| {
        series
            .values
            .iter()
            .enumerate()
            .filter_map(|(place, value)| Some((place, (*value)?)))
    });
    let mut highest: Option<(usize, f64)> = None;
    let mut lowest: Option<(usize, f64)> = None;
    for (place, value) in values {
        if highest.is_none_or(|(_, known)| value > known) {
            highest = Some((place, value));
        }
        if lowest.is_none_or(|(_, known)| value < known) {
            lowest = Some((place, value));
        }
    }
    let at = |found: Option<(usize, f64)>| {
        let (place, value) = found.unwrap_or_default();
        format!(
            "{} ({})",
            scale::value_text(value, &data.format),
            data.x.get(place).map_or("", String::as_str)
        )
    };
    let (first, last) = (
        data.x.first().map_or("", String::as_str),
        data.x.last().map_or("", String::as_str),
    );
    let names = data
        .series
        .iter()
        .map(|series| series.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    match data.lang {
        Lang::Ko => format!(
            "{kind}. {first} ~ {last}. {names}. 최대 {}, 최소 {}.",
            at(highest),
            at(lowest)
        ),
        Lang::En => format!(
            "{kind}. {first} to {last}. {names}. Highest {}, lowest {}.",
            at(highest),
            at(lowest)
        ),
    }
}

#[cfg(test)]
mod tests;
