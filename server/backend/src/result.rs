//! What a succeeded run shows: files, control totals against the period before, sheets and charts.

use app::AppError;
use app::chart::{ChartData, ChartKind, Series};
use app::view::{
    BlockView, ChartView, Chip, ColumnView, Direction, ResultView, SheetView, TotalView, Viewer,
};
use engine::{ControlTotal, Outcome};
use jiff::Timestamp;
use report::{Report, Values};
use store::{Person, RunRow};

use super::list::elapsed_ms;
use super::{BackendService, OrUnavailable, local_time, messages};

/// An earlier run to compare with, and its totals.
struct Earlier {
    run: String,
    chips: Vec<Chip>,
    totals: Vec<ControlTotal>,
}

impl BackendService {
    pub(super) async fn result_view(
        &self,
        viewer: &Viewer,
        person: &Person,
        row: &RunRow,
        report: Option<&Report>,
        now: Timestamp,
    ) -> Result<ResultView, AppError> {
        let outcome = self.store.outcome(&row.id).await.or_unavailable()?;
        let text = outcome
            .map(|outcome| outcome.outcome_json)
            .unwrap_or_default();
        let outcome: Outcome = serde_json::from_str(&text)
            .map_err(|error| AppError::internal("read the outcome of a run", &error))?;
        let earlier = match report {
            Some(report) => self.earlier(viewer, person, row, report).await?,
            None => None,
        };
        let zone = report.map_or_else(local_time::default_zone, |report| report.timezone.clone());
        let totals = outcome
            .totals
            .iter()
            .map(|total| total_view(total, earlier.as_ref(), viewer))
            .collect();
        Ok(ResultView {
            files: self.files(&row.id).await?,
            rows: outcome.file.rows,
            duration_ms: elapsed_ms(row, now).unwrap_or(0),
            data_time: Some(local_time::of(outcome.data_time, &zone, viewer.lang)),
            totals,
            compared_with: earlier.map(|earlier| (earlier.run, earlier.chips)),
            warnings: outcome
                .warnings
                .iter()
                .map(|warning| warning.message.get(viewer.lang).to_owned())
                .collect(),
            sheets: outcome
                .sheets
                .iter()
                .enumerate()
                .map(|(place, sheet)| sheet_view(sheet, place, viewer))
                .collect(),
            blocks: outcome
                .blocks
                .iter()
                .map(|block| BlockView {
                    name: block.block.clone(),
                    source: block.source.clone(),
                    rows: block.rows_read,
                    ms: block.millis,
                    is_from_stage: block.from_stage,
                    partitions: (block.partitions > 0)
                        .then_some((block.partitions_kept, block.partitions)),
                    endpoint: block
                        .endpoint
                        .clone()
                        .filter(|_| self.shows_endpoints(person)),
                })
                .collect(),
        })
    }

    /// The newest run of the period before with otherwise the same values, if the viewer may see it.
    async fn earlier(
        &self,
        viewer: &Viewer,
        person: &Person,
        row: &RunRow,
        report: &Report,
    ) -> Result<Option<Earlier>, AppError> {
        let Some(before) = serde_json::from_str::<Values>(&row.values_json)
            .ok()
            .and_then(|values| report.shift(&values, -1))
        else {
            return Ok(None);
        };
        let values_json = serde_json::to_string(&before).unwrap_or_default();
        let found = self
            .store
            .previous_totals(&row.report_id, &values_json)
            .await
            .or_unavailable()?;
        let Some((run, totals_json)) = found else {
            return Ok(None);
        };
        let Ok(earlier) = self.visible_run(person, &run).await else {
            return Ok(None);
        };
        Ok(serde_json::from_str(&totals_json)
            .ok()
            .map(|totals| Earlier {
                chips: self.chips(&earlier, viewer.lang),
                run: run.to_string(),
                totals,
            }))
    }
}

fn total_view(total: &ControlTotal, earlier: Option<&Earlier>, viewer: &Viewer) -> TotalView {
    let previous = earlier.and_then(|earlier| {
        earlier.totals.iter().find(|other| {
            other.sheet == total.sheet && other.column == total.column && other.kind == total.kind
        })
    });
    let numbers =
        previous.map(|previous| (total.value.parse::<f64>(), previous.value.parse::<f64>()));
    let direction = match numbers {
        Some((Ok(now), Ok(before))) if now > before => Direction::Up,
        Some((Ok(now), Ok(before))) if now < before => Direction::Down,
        _ => Direction::Same,
    };
    TotalView {
        sheet: total.sheet.clone(),
        title: total.title.clone(),
        kind: messages::total_kind(total.kind, viewer.lang),
        value: shown(total),
        previous: previous.map(shown),
        delta: previous.and_then(|previous| change(&total.value, &previous.value)),
        direction,
    }
}

/// As the file shows it; of files made by earlier versions, its digits.
fn shown(total: &ControlTotal) -> String {
    total.shown.clone().unwrap_or_else(|| total.value.clone())
}

/// How much larger or smaller, such as `+3.2%`; `None` when the earlier value is zero or unreadable.
fn change(now: &str, before: &str) -> Option<String> {
    let (now, before) = (now.parse::<f64>().ok()?, before.parse::<f64>().ok()?);
    // A share of the earlier value, shown with one decimal: doubles are exact enough.
    (before != 0.0 && now.is_finite())
        .then(|| format!("{:+.1}%", (now - before) / before.abs() * 100.0))
}

fn sheet_view(sheet: &engine::SheetView, place: usize, viewer: &Viewer) -> SheetView {
    SheetView {
        name: sheet.name.clone(),
        rows: sheet.rows,
        columns: sheet
            .columns
            .iter()
            .map(|column| ColumnView {
                title: column.title.clone(),
                is_right: column.align == "right",
            })
            .collect(),
        preview: sheet.preview.clone(),
        totals: sheet.totals.clone(),
        empty: sheet.empty.clone(),
        charts: sheet
            .charts
            .iter()
            .enumerate()
            .map(|(number, chart)| chart_view(chart, &format!("chart-{place}-{number}"), viewer))
            .collect(),
    }
}

fn chart_view(chart: &engine::ChartView, id: &str, viewer: &Viewer) -> ChartView {
    let data = ChartData {
        kind: ChartKind::from_word(&chart.kind),
        title: chart.title.clone(),
        x: chart.x.clone(),
        series: chart
            .series
            .iter()
            .map(|series| Series {
                name: series.name.clone(),
                values: series.values.clone(),
            })
            .collect(),
        format: chart.format.clone(),
        lang: viewer.lang,
    };
    ChartView {
        title: chart.title.clone(),
        svg: app::chart::draw(&data, id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_needs_something_to_compare_with() {
        assert_eq!(change("103.2", "100").as_deref(), Some("+3.2%"));
        assert_eq!(change("-50", "-100").as_deref(), Some("+50.0%"));
        assert_eq!(change("1", "0"), None);
        assert_eq!(change("2026-09-03", "1"), None);
    }
}
