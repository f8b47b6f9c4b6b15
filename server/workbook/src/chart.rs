//! Native charts, drawn from cells and editable in Excel.

mod block;

use report::ChartKind;
use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartDataLabel, ChartDataLabelPosition, ChartFont,
    ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartSeries,
    ChartSolidFill, ChartType, Color, ObjectMovement,
};

use super::format::CellFormat;
use super::markup::name;

pub(crate) use block::{BLOCK_HEAD, Block, BlockFormats, block_width, write_block};

/// Size of a chart in pixels: readable beside the rows, two to a printed page.
pub(crate) const WIDTH: u32 = 760;
pub(crate) const HEIGHT: u32 = 380;

/// Colours that stay apart for people who see few colours and in grey print.
const COLOURS: [u32; 10] = [
    0x1F4E8C, 0xE07B00, 0x1B8A6B, 0xB4373F, 0x7A5BA6, 0x4FA3D1, 0xA07A1F, 0xD277A8, 0x5C6670,
    0x7FB069,
];
const INK: u32 = 0x333B45;
const PALE: u32 = 0xE3E7EC;
const LINE: u32 = 0xB8C0CA;

/// Where a chart's numbers stand.
pub(crate) struct Drawn {
    /// The sheet with the cells.
    pub sheet: String,
    /// First and last row of the numbers, counted from zero.
    pub rows: (u32, u32),
    /// Column of the x axis.
    pub x: u16,
    /// Row and column of each series' name, which is also the column of its numbers.
    pub series: Vec<(u32, u16)>,
}

/// How a chart looks.
pub(crate) struct Look<'a> {
    pub kind: ChartKind,
    pub title: &'a str,
    /// The font of the workbook.
    pub font: &'a str,
    pub x_title: &'a str,
    pub x_format: &'a CellFormat,
    pub y_format: &'a CellFormat,
    /// Whether the x axis is made of days.
    pub has_dates: bool,
    /// How many points a series has.
    pub points: usize,
}

/// The chart over the cells.
pub(crate) fn build(drawn: &Drawn, look: &Look<'_>) -> Chart {
    let mut chart = Chart::new(chart_type(look.kind));
    for (number, (row, column)) in drawn.series.iter().enumerate() {
        let series = series(drawn, look, *row, *column, number);
        chart.push_series(&series);
    }
    chart.set_width(WIDTH).set_height(HEIGHT);
    // A chart that shrinks with filtered rows is unreadable.
    chart.set_object_movement(ObjectMovement::DontMoveOrSizeWithCells);
    if look.title.is_empty() {
        chart.title().set_hidden();
    } else {
        chart
            .title()
            .set_name(&*name(look.title))
            .set_font(font(look, 13.0).set_bold())
            .set_overlay(false);
        chart.set_alt_text(look.title);
    }
    legend(&mut chart, drawn, look);
    if look.kind != ChartKind::Pie {
        axes(&mut chart, look);
    }
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_border(ChartLine::new().set_color(PALE)));
    chart
}

fn chart_type(kind: ChartKind) -> ChartType {
    match kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Area => ChartType::AreaStacked,
        ChartKind::Pie => ChartType::Pie,
        ChartKind::Scatter => ChartType::Scatter,
    }
}

fn series(drawn: &Drawn, look: &Look<'_>, row: u32, column: u16, number: usize) -> ChartSeries {
    let sheet = drawn.sheet.as_str();
    let (first, last) = drawn.rows;
    let colour = COLOURS[number % COLOURS.len()];
    let mut series = ChartSeries::new();
    series
        .set_name((sheet, row, column))
        .set_categories((sheet, first, drawn.x, last, drawn.x))
        .set_values((sheet, first, column, last, column));
    match look.kind {
        ChartKind::Line => {
            series.set_format(
                ChartFormat::new().set_line(ChartLine::new().set_color(colour).set_width(2.25)),
            );
            // Few points are easier to read with marks, many are not.
            let mut marker = ChartMarker::new();
            if look.points <= 24 {
                marker
                    .set_type(ChartMarkerType::Circle)
                    .set_size(5)
                    .set_format(&mut fill(colour));
            } else {
                marker.set_none();
            }
            series.set_marker(&marker);
        }
        ChartKind::Scatter => {
            let mut marker = ChartMarker::new();
            marker
                .set_type(ChartMarkerType::Circle)
                .set_size(7)
                .set_format(&mut fill(colour));
            series.set_marker(&marker);
        }
        ChartKind::Column | ChartKind::Bar => {
            series.set_format(&mut fill(colour)).set_gap(60);
        }
        ChartKind::Area => {
            series.set_format(&mut fill(colour));
        }
        ChartKind::Pie => {
            let colours: Vec<Color> = COLOURS.iter().map(|colour| Color::RGB(*colour)).collect();
            let colours: Vec<Color> = colours
                .into_iter()
                .cycle()
                .take(look.points.min(200))
                .collect();
            series.set_point_colors(&colours);
            let mut label = ChartDataLabel::new();
            label
                .show_percentage()
                .show_leader_lines()
                .set_position(ChartDataLabelPosition::OutsideEnd)
                .set_num_format("0.0%")
                .set_font(&font(look, 9.0));
            series.set_data_label(&label);
        }
    }
    series
}

fn fill(colour: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format
        .set_solid_fill(ChartSolidFill::new().set_color(colour))
        .set_no_border();
    format
}

fn legend(chart: &mut Chart, drawn: &Drawn, look: &Look<'_>) {
    let font = font(look, 9.0);
    let legend = chart.legend();
    match look.kind {
        ChartKind::Pie => {
            legend
                .set_position(ChartLegendPosition::Right)
                .set_font(&font);
        }
        _ if drawn.series.len() <= 1 => {
            legend.set_hidden();
        }
        _ => {
            legend
                .set_position(ChartLegendPosition::Bottom)
                .set_font(&font);
        }
    }
}

fn axes(chart: &mut Chart, look: &Look<'_>) {
    let small = font(look, 9.0);
    let grid = ChartLine::new().set_color(PALE).clone();
    let labels = label_axis(chart, look.kind);
    labels
        .set_font(&small)
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(LINE)))
        .set_major_gridlines(false);
    if *look.x_format != CellFormat::General {
        labels.set_num_format(look.x_format.code());
    }
    match look.kind {
        ChartKind::Line | ChartKind::Area if look.has_dates => {
            labels.set_date_axis(true);
        }
        ChartKind::Scatter => {
            labels
                .set_name(&*name(look.x_title))
                .set_name_font(&small)
                .set_major_gridlines(true)
                .set_major_gridlines_line(&grid);
        }
        ChartKind::Bar => {
            // The first row stands on top, as in the sheet, and the numbers stay below.
            labels.set_reverse().set_crossing(ChartAxisCrossing::Max);
        }
        _ => {
            labels.set_text_axis(true);
        }
    }
    value_axis(chart, look.kind)
        .set_font(&small)
        .set_num_format(look.y_format.code())
        .set_major_gridlines(true)
        .set_major_gridlines_line(&grid)
        .set_format(ChartFormat::new().set_no_line());
}

/// rust_xlsxwriter names the axes of lying bars by where they are: x is below.
fn label_axis(chart: &mut Chart, kind: ChartKind) -> &mut ChartAxis {
    if kind == ChartKind::Bar {
        chart.y_axis()
    } else {
        chart.x_axis()
    }
}

fn value_axis(chart: &mut Chart, kind: ChartKind) -> &mut ChartAxis {
    if kind == ChartKind::Bar {
        chart.x_axis()
    } else {
        chart.y_axis()
    }
}

fn font(look: &Look<'_>, size: f64) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(look.font).set_size(size).set_color(INK);
    font
}
