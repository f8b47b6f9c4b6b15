//! A small shop, a job over it, and the finished file as texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use calamine::{Data, Reader, Xlsx, open_workbook};
use engine::{EngineError, Job, Outcome, Progress, RunInfo, execute};
use jiff::{Timestamp, ToSpan};
use lang::Lang;
use report::{Input, Report, Values};
use source::{Source, SourceConfig};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A SQLite database in a folder of its own, with a stage and a folder for results.
pub struct Shop {
    folder: TempDir,
}

impl Shop {
    /// A database made by these statements.
    pub async fn with(sql: &str) -> Self {
        let shop = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        shop.run(sql).await;
        shop
    }

    /// Regions, and orders with every kind of value: absent ones, Korean, hostile texts, decimals.
    pub async fn usual() -> Self {
        Self::with(
            "CREATE TABLE region (code TEXT PRIMARY KEY, name TEXT NOT NULL);
             INSERT INTO region VALUES ('11', '서울'), ('26', '부산'), ('50', '제주');
             CREATE TABLE orders (
                 id INTEGER PRIMARY KEY, region_code TEXT NOT NULL, ordered_at DATETIME NOT NULL,
                 due DATE, total_cents INTEGER NOT NULL, price DECIMAL(12, 2), weight REAL,
                 is_paid BOOLEAN NOT NULL, note TEXT);
             INSERT INTO orders VALUES
                 (1, '11', '2026-01-05 09:30:00', '2026-01-20', 1250, '12.50', 1.5, 1, '=1+1'),
                 (2, '11', '2026-01-31 23:59:59', NULL, 99, '0.99', NULL, 0, NULL),
                 (3, '26', '2026-02-01 00:00:00', '2026-02-15', 100000, '1000.00', 0.25, 1, '한글 😀'),
                 (4, '26', '2026-02-14 12:00:00', '2026-03-01', 333, '3.33', 2.0, 0, '00123'),
                 (5, '50', '2026-02-28 18:45:10', '2026-03-10', 1, '0.01', 10.125, 1, ' spaced '),
                 (6, '11', '2026-03-01 08:00:00', NULL, 777, NULL, 3.0, 1, '@home');",
        )
        .await
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub fn stage(&self) -> PathBuf {
        self.folder.path().join("stage")
    }

    pub fn results(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    /// Changes the database behind the engine's back.
    pub async fn run(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// Waits until a statement reads the database: nobody else can have it alone then.
    pub async fn until_read(&self) {
        let mut connection = self.connect().await;
        let mut execute =
            async |sql: &'static str| sqlx::raw_sql(sql).execute(&mut connection).await;
        execute("PRAGMA busy_timeout = 0").await.unwrap();
        while execute("BEGIN EXCLUSIVE; COMMIT").await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// The database's own answer; every column must be a text.
    pub async fn answer(&self, sql: &str) -> Vec<Vec<String>> {
        let mut connection = self.connect().await;
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let texts = |row: &sqlx::sqlite::SqliteRow| {
            (0..row.len())
                .map(|column| row.get::<Option<String>, _>(column).unwrap_or_default())
                .collect()
        };
        rows.iter().map(texts).collect()
    }

    async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(self.database())
            .create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    pub fn sources(&self) -> BTreeMap<String, Arc<dyn Source>> {
        let config = SourceConfig::new("shop", format!("sqlite:{}", self.database().display()));
        BTreeMap::from([("shop".to_owned(), source::open(&config).unwrap())])
    }

    /// A job for this report with these form fields.
    pub fn job(&self, report: &Arc<Report>, fields: &[(&str, &str)]) -> Job {
        self.job_as(report, fields, &BTreeMap::new())
    }

    /// The same for somebody with values of their own.
    pub fn job_as(
        &self,
        report: &Arc<Report>,
        fields: &[(&str, &str)],
        viewer: &BTreeMap<String, Vec<String>>,
    ) -> Job {
        let started: Timestamp = "2026-04-01T00:00:00Z".parse().unwrap();
        let mut input = report.default_input();
        for (name, value) in fields {
            input.insert(
                (*name).to_owned(),
                value.split(',').map(str::to_owned).collect(),
            );
        }
        let values = report.resolve(&input, viewer, started).unwrap();
        Job {
            report: Arc::clone(report),
            values,
            input: Input::new(),
            lang: Lang::En,
            labels: BTreeMap::new(),
            run: RunInfo {
                id: "run1".to_owned(),
                person: "Kim".to_owned(),
                queued: started,
                started: Timestamp::now(),
                link: None,
            },
            sources: self.sources(),
            stage_dir: self.stage(),
            stage_bytes: u64::MAX,
            at_once: BTreeMap::from([("shop".to_owned(), 2)]),
            shows_endpoints: true,
            output_dir: self.results(),
        }
    }

    /// Runs a report written here from its first to its last step.
    pub async fn execute(
        &self,
        text: &str,
        fields: &[(&str, &str)],
    ) -> Result<Outcome, EngineError> {
        execute(
            self.job(&report(text), fields),
            &|_| (),
            CancellationToken::new(),
        )
        .await
    }

    /// The same, as if it ran at this moment.
    pub async fn execute_at(
        &self,
        started: &str,
        text: &str,
        fields: &[(&str, &str)],
    ) -> Result<Outcome, EngineError> {
        let mut job = self.job(&report(text), fields);
        job.run.started = started.parse().unwrap();
        execute(job, &|_| (), CancellationToken::new()).await
    }

    /// The same, two hours later.
    pub async fn execute_later(
        &self,
        text: &str,
        fields: &[(&str, &str)],
    ) -> Result<Outcome, EngineError> {
        let mut job = self.job(&report(text), fields);
        job.run.started = Timestamp::now() + 2.hours();
        execute(job, &|_| (), CancellationToken::new()).await
    }

    /// Nothing of a job may be left once it ended: no folder, no half file.
    pub fn assert_clean(&self) {
        let entries = |path: &Path| match fs::read_dir(path) {
            Ok(entries) => entries.map(|entry| entry.unwrap().file_name()).collect(),
            Err(_) => Vec::new(),
        };
        assert_eq!(
            entries(&self.stage().join("runs")),
            Vec::<std::ffi::OsString>::new()
        );
        assert_eq!(entries(&self.results()), Vec::<std::ffi::OsString>::new());
    }
}

/// Everything a job said on its way.
#[derive(Default)]
pub struct Said(pub Mutex<Vec<Progress>>);

impl Said {
    pub fn hear(&self, progress: Progress) {
        self.0.lock().unwrap().push(progress);
    }

    pub fn all(&self) -> Vec<Progress> {
        self.0.lock().unwrap().clone()
    }
}

/// A report without mistakes.
pub fn report(text: &str) -> Arc<Report> {
    let (report, problems) = report::parse("test/report".parse().unwrap(), text);
    let problems: Vec<_> = problems
        .iter()
        .map(|problem| problem.render("report.sql", text))
        .collect();
    Arc::new(report.unwrap_or_else(|| panic!("{}", problems.join("\n"))))
}

/// A sheet of the finished file: its heading and all rows below, as texts.
pub fn sheet(outcome: &Outcome, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut book: Xlsx<_> = open_workbook(&outcome.file.path).unwrap();
    let range = book.worksheet_range(name).unwrap();
    let mut rows = range.rows().map(|row| row.iter().map(text).collect());
    (rows.next().unwrap_or_default(), rows.collect())
}

/// A cell as the tests compare it: numbers in full, moments as seconds since 1899-12-30.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(moment) => format!("{:.0}", moment.as_f64() * 86_400.0),
        Data::Bool(value) => u8::from(*value).to_string(),
        other => other.to_string(),
    }
}

/// SQLite's expression for a moment as [`sheet`] gives it.
pub fn seconds(column: &str) -> String {
    format!("printf('%.0f', (julianday({column}) - 2415018.5) * 86400)")
}

/// The choices of a parameter, with nobody else at the sources.
pub async fn choices(
    report: &Report,
    param: &str,
    values: &Values,
    sources: &BTreeMap<String, Arc<dyn Source>>,
    lang: Lang,
) -> Result<Vec<(String, String)>, EngineError> {
    let stage = tempfile::tempdir().unwrap();
    let asked = engine::Choices {
        report,
        param,
        values,
        sources,
        lang,
        stage_dir: stage.path(),
        at_once: &BTreeMap::new(),
    };
    engine::choices(asked, CancellationToken::new()).await
}
