//! Aggregations against PostgreSQL: the same statements over the same rows give the same cells.
//!
//! Every report runs with its default values and a sheet for each of its aggregations. What its
//! extractions read is loaded into a PostgreSQL of the test's own, one table per block, and there each
//! aggregation becomes a table by its own text, with parameters as literals.

mod cells;
mod corpus;
mod rows;
mod theirs;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use engine::{Job, Outcome, RunInfo};
use jiff::Timestamp;
use lang::Lang;
use report::{Block, Report, Values};
use source::{Source, SourceConfig};
use tokio_util::sync::CancellationToken;

use self::cells::Answer;
use self::theirs::Theirs;
use super::databases::Shops;
use super::shop::AREAS;

#[tokio::test]
async fn every_aggregation_has_the_cells_postgresql_gives_for_its_statement() {
    let shops = Shops::new().await;
    let mut differences = Vec::new();
    let mut aggregations = 0;
    for (database, url) in shops.urls() {
        let source = source::open(&SourceConfig::new("shop", &url)).unwrap();
        for report in super::reports() {
            let Some(report) = with_every_aggregation(&report) else {
                continue;
            };
            let compared = Compared::new(report, &source);
            aggregations += compared.aggregations().count();
            for difference in compared.differences().await {
                differences.push(format!("{database}, {difference}"));
            }
        }
    }
    assert!(aggregations > 100, "only {aggregations} aggregations");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The report with a sheet for each of its aggregations; `None` when it has none.
fn with_every_aggregation(report: &Report) -> Option<Arc<Report>> {
    let mut aggregations = report
        .blocks
        .iter()
        .filter(|block| block.is_polars())
        .peekable();
    aggregations.peek()?;
    let end = report.text.find("/*--- workbook");
    let mut text = report.text[..end.unwrap_or(report.text.len())].to_owned();
    text += "\n/*--- workbook\n";
    for block in aggregations {
        let name = &block.name;
        text += &format!("[[sheet]]\nname = \"{name}\"\nquery = \"{name}\"\n");
    }
    text += "---*/\n";
    let (report, problems) = report::parse(report.id.clone(), &text);
    assert!(problems.is_empty(), "{problems:?}");
    report.map(Arc::new)
}

/// One report over one source, with its default values.
struct Compared<'s> {
    report: Arc<Report>,
    values: Values,
    now: Timestamp,
    source: &'s Arc<dyn Source>,
}

impl<'s> Compared<'s> {
    fn new(report: Arc<Report>, source: &'s Arc<dyn Source>) -> Self {
        let now = Timestamp::now();
        let areas = AREAS.map(str::to_owned).to_vec();
        let viewer = BTreeMap::from([("areas".to_owned(), areas)]);
        let values = report
            .resolve(&report.default_input(), &viewer, now)
            .unwrap();
        Self {
            report,
            values,
            now,
            source,
        }
    }

    fn aggregations(&self) -> impl Iterator<Item = &Block> {
        self.report.blocks.iter().filter(|block| block.is_polars())
    }

    async fn differences(&self) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let outcome = self.run(folder.path()).await;
        let mut theirs = Theirs::new().await;
        let mut differences = Vec::new();
        for block in &self.report.blocks {
            let place = format!("{}, {}", self.report.id, block.name);
            if !block.is_polars() {
                theirs.load(self, block).await;
                continue;
            }
            let query = block.polars_query(&self.report, &self.values).unwrap();
            match theirs.answer(&block.name, &query.to_string()).await {
                Ok(answer) => {
                    let ours = ours(&outcome, &block.name);
                    let difference = answer.difference(&ours, query.order_by.is_some());
                    differences.extend(difference.map(|what| format!("{place}: {what}")));
                }
                Err(error) => {
                    differences.push(format!("{place}: {error}\n  {query}"));
                    // What reads this block cannot be compared.
                    break;
                }
            }
        }
        differences
    }

    async fn run(&self, folder: &Path) -> Outcome {
        let job = Job {
            report: Arc::clone(&self.report),
            values: self.values.clone(),
            input: self.report.default_input(),
            lang: Lang::En,
            labels: BTreeMap::new(),
            run: RunInfo {
                id: "run1".to_owned(),
                person: "Kim".to_owned(),
                queued: self.now,
                started: self.now,
                link: None,
            },
            sources: BTreeMap::from([("shop".to_owned(), Arc::clone(self.source))]),
            stage_dir: folder.join("stage"),
            stage_bytes: u64::MAX,
            at_once: BTreeMap::from([("shop".to_owned(), 2)]),
            shows_endpoints: true,
            output_dir: folder.join("results"),
        };
        engine::execute(job, &|_| (), CancellationToken::new())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.report.id))
    }
}

/// What our aggregation answered, from the finished file.
fn ours(outcome: &Outcome, block: &str) -> Answer<calamine::Data> {
    let view = outcome.sheets.iter().find(|sheet| sheet.name == block);
    let rows = view.unwrap_or_else(|| panic!("no sheet {block}")).rows;
    cells::read(&outcome.file.path, block, usize::try_from(rows).unwrap())
}
