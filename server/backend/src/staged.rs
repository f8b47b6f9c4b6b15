//! What of a run's data is in the stage already, for the line before Run.

use app::AppError;
use app::view::{FormInput, PartitionWord, StagedView, Viewer};
use engine::Cost;
use jiff::Timestamp;
use report::{PartitionUnit, Report};
use store::Person;

use super::BackendService;

impl BackendService {
    /// For the values a form holds now.
    pub(super) async fn staged_view(
        &self,
        viewer: &Viewer,
        report: &str,
        input: &FormInput,
        now: Timestamp,
    ) -> Result<Option<StagedView>, AppError> {
        let person = self.person(viewer).await?;
        let report = self.visible_report(&person, report)?;
        Ok(self.staged_of(&report, input, &person, now).await)
    }

    /// `None` when the report keeps no partitions; no numbers when its values are not complete.
    pub(super) async fn staged_of(
        &self,
        report: &Report,
        input: &FormInput,
        person: &Person,
        now: Timestamp,
    ) -> Option<StagedView> {
        let needs = engine::cost_needs(report);
        if needs.is_empty() {
            return None;
        }
        let Ok(values) = report.resolve_some(&needs, input, &person.attributes, now) else {
            return Some(StagedView::default());
        };
        let (report, sources) = (report.clone(), self.sources.clone());
        let stage_dir = self.settings.data_dir.join("stage");
        // Looks at a file per partition, which for two years of hours takes a while.
        let looked = tokio::task::spawn_blocking(move || {
            engine::cost(&report, &values, &sources, &stage_dir, now)
        });
        Some(looked.await.ok().flatten().map(view).unwrap_or_default())
    }
}

fn view(cost: Cost) -> StagedView {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    StagedView {
        unit: match cost.unit {
            Some(PartitionUnit::Hour) => PartitionWord::Hour,
            Some(PartitionUnit::Day) => PartitionWord::Day,
            Some(PartitionUnit::Week) => PartitionWord::Week,
            Some(PartitionUnit::Month) => PartitionWord::Month,
            None => PartitionWord::Part,
        },
        all: count(cost.partitions),
        kept: count(cost.kept),
        rows: cost.rows,
    }
}
