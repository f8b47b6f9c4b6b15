//! What a chart draws, gathered while the rows go by.
//!
//! Rows are long-form: one row per day and region. A chart with a `series` column needs one column per
//! region, so such charts are drawn from a small block of cells on a sheet of their own. The block does
//! not stand beside the rows, because filtering the table hides whole rows of the sheet and with them
//! points of every chart whose block stands there.

use std::collections::HashMap;

use indexmap::IndexMap;
use report::{Chart, ChartKind};
use rows::Chunk;

use super::columns::{Planned, grouped, refine};
use super::format::CellFormat;
use super::value::{Key, Value};
use crate::view::{ChartView, Series};

/// The most points of a series in a block.
const MAX_POINTS: usize = 5_000;
/// The most series anybody can tell apart.
const MAX_SERIES: usize = 50;
/// The most points a page draws.
const VIEW_POINTS: usize = 400;

/// Gathers the points of one chart.
pub(crate) struct Plot {
    kind: ChartKind,
    x: Planned,
    y: Vec<Planned>,
    series: Option<Planned>,
    /// Rows, or values of x with series, after which the author wants no more.
    limit: usize,
    is_limited_by_author: bool,
    labels: Vec<Key>,
    /// Place of each value of x; only with series, where rows with one x belong together.
    places: HashMap<Key, usize>,
    /// Per series, the value at each place.
    lines: IndexMap<(Key, usize), Vec<Option<f64>>>,
    is_cut: bool,
}

/// A finished chart's data.
pub(crate) struct Plotted {
    pub x_title: String,
    pub x_format: CellFormat,
    pub y_format: CellFormat,
    pub labels: Vec<Key>,
    pub lines: Vec<Line>,
    /// Whether points or series were left out although the author set no limit.
    pub is_cut: bool,
}

/// One series.
pub(crate) struct Line {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

impl Plot {
    /// `None` when the query lacks one of the columns; the second part names them.
    pub(crate) fn new(chart: &Chart, columns: &[Planned]) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let mut find = |name: &String| {
            let found = columns.iter().find(|column| column.name == *name).cloned();
            if found.is_none() {
                missing.push(name.clone());
            }
            found
        };
        let x = find(&chart.x);
        let y: Vec<Planned> = chart.y.iter().filter_map(&mut find).collect();
        let series = chart.series.as_ref().and_then(&mut find);
        let (Some(x), true) = (x, missing.is_empty()) else {
            return Err(missing);
        };
        let author = chart.rows.map(|rows| rows as usize);
        let mut plot = Self {
            kind: chart.kind,
            x,
            y,
            series,
            limit: author.unwrap_or(MAX_POINTS).min(MAX_POINTS),
            is_limited_by_author: author.is_some_and(|rows| rows <= MAX_POINTS),
            labels: Vec::new(),
            places: HashMap::new(),
            lines: IndexMap::new(),
            is_cut: false,
        };
        if plot.series.is_none() {
            plot.lines = (0..plot.y.len())
                .map(|y| ((Key::Null, y), Vec::new()))
                .collect();
        }
        Ok(plot)
    }

    /// Looks at the rows of a chunk.
    pub(crate) fn see(&mut self, chunk: &Chunk, zone: &jiff::tz::TimeZone) {
        if self.series.is_none() && self.labels.len() >= self.limit {
            self.is_cut |= chunk.rows > 0;
            return;
        }
        for row in 0..chunk.rows {
            let value = |column: &Planned| {
                refine(
                    Value::at(&chunk.columns[column.source], row),
                    &column.format,
                    zone,
                )
            };
            let label = match self.series {
                Some(_) => Key::of(&grouped(value(&self.x), &self.x.format)),
                None => Key::of(&value(&self.x)),
            };
            let numbers: Vec<Option<f64>> = self.y.iter().map(|y| value(y).number()).collect();
            let group = |series: &Planned| Key::of(&grouped(value(series), &series.format));
            let series = self.series.as_ref().map(group);
            let Some(place) = self.place(label, series.is_some()) else {
                continue;
            };
            for (y, number) in numbers.into_iter().enumerate() {
                self.put(place, (series.clone().unwrap_or(Key::Null), y), number);
            }
        }
    }

    fn place(&mut self, label: Key, is_grouped: bool) -> Option<usize> {
        if is_grouped && let Some(place) = self.places.get(&label) {
            return Some(*place);
        }
        if self.labels.len() >= self.limit {
            self.is_cut = true;
            return None;
        }
        let place = self.labels.len();
        self.labels.push(label.clone());
        if is_grouped {
            self.places.insert(label, place);
        }
        Some(place)
    }

    fn put(&mut self, place: usize, line: (Key, usize), number: Option<f64>) {
        if !self.lines.contains_key(&line) && self.lines.len() >= MAX_SERIES * self.y.len() {
            self.is_cut = true;
            return;
        }
        let values = self.lines.entry(line).or_default();
        if values.len() <= place {
            values.resize(place + 1, None);
        }
        if let Some(number) = number {
            values[place] = Some(values[place].unwrap_or(0.0) + number);
        }
    }

    /// The chart's data, in order.
    pub(crate) fn finish(mut self) -> Plotted {
        let order = self.order();
        let labels = order
            .iter()
            .map(|place| self.labels[*place].clone())
            .collect();
        let is_cut = self.is_cut
            && (!self.is_limited_by_author || self.lines.len() >= MAX_SERIES * self.y.len());
        let lines = std::mem::take(&mut self.lines);
        let lines = lines
            .into_iter()
            .map(|((key, y), values)| Line {
                name: self.line_name(&key, y),
                values: order
                    .iter()
                    .map(|place| values.get(*place).copied().flatten())
                    .collect(),
            })
            .collect();
        Plotted {
            x_title: self.x.title,
            x_format: self.x.format,
            y_format: self
                .y
                .first()
                .map_or(CellFormat::General, |y| y.format.clone()),
            labels,
            lines,
            is_cut,
        }
    }

    /// Days and numbers go from left to right even when the first series lacks some.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.labels.len()).collect();
        let is_ordered = self
            .labels
            .iter()
            .all(|label| label.is_ordered() || *label == Key::Null);
        let runs_left_to_right = matches!(
            self.kind,
            ChartKind::Line | ChartKind::Area | ChartKind::Column
        );
        if self.series.is_some() && is_ordered && runs_left_to_right {
            order.sort_by(|left, right| self.labels[*left].cmp(&self.labels[*right]));
        }
        order
    }

    fn line_name(&self, key: &Key, y: usize) -> String {
        let title = &self.y[y].title;
        let Some(series) = &self.series else {
            return title.clone();
        };
        let name = series
            .format
            .show(&key.value())
            .unwrap_or_else(|| "–".to_owned());
        if self.y.len() == 1 {
            name
        } else {
            format!("{name} · {title}")
        }
    }
}

impl Plotted {
    /// The labels of the x axis for people.
    pub(crate) fn shown_labels(&self) -> Vec<String> {
        self.labels
            .iter()
            .map(|label| self.x_format.show(&label.value()).unwrap_or_default())
            .collect()
    }

    /// The chart as a page draws it, thinned evenly to a few hundred points.
    pub(crate) fn view(&self, kind: ChartKind, title: &str) -> ChartView {
        let points = self.labels.len();
        let chosen: Vec<usize> = if points <= VIEW_POINTS {
            (0..points).collect()
        } else {
            (0..VIEW_POINTS)
                .map(|point| point * (points - 1) / (VIEW_POINTS - 1))
                .collect()
        };
        let labels = self.shown_labels();
        ChartView {
            kind: kind.as_str().to_owned(),
            title: title.to_owned(),
            x: chosen.iter().map(|point| labels[*point].clone()).collect(),
            series: self
                .lines
                .iter()
                .map(|line| Series {
                    name: line.name.clone(),
                    values: chosen.iter().map(|point| line.values[*point]).collect(),
                })
                .collect(),
            format: self.y_format.word(),
        }
    }
}
