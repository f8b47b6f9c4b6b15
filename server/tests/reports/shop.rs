//! A small demo shop, made once for all tests, and Digger running on it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};
use tempfile::TempDir;

/// Enough for every sales area, channel and refund reason to turn up.
const ORDERS: u64 = 30_000;

/// Every area of the demo shop, as an administrator has them.
pub const AREAS: [&str; 5] = [
    "capital",
    "chungcheong",
    "honam",
    "yeongnam",
    "gangwon_jeju",
];

struct Shop {
    folder: TempDir,
    from: jiff::civil::Date,
    until: jiff::civil::Date,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    // On a thread of its own: a test may already be inside a runtime.
    let made = std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(demo::make(
                &path,
                demo::today(jiff::Timestamp::now()),
                demo::Options { orders: ORDERS },
                |_, _| {},
            ))
            .unwrap()
    });
    let made = made.join().unwrap();
    Shop {
        folder,
        from: made.from,
        until: made.until,
    }
});

/// Makes the same shop in a database server.
pub async fn load(url: &str) {
    let today = demo::today(jiff::Timestamp::now());
    let options = demo::Options { orders: ORDERS };
    demo::load(url, today, options, false, |_, _| {})
        .await
        .unwrap();
}

pub fn path() -> PathBuf {
    SHOP.folder.path().join("shop.sqlite")
}

/// `--source` for the shop.
pub fn source() -> String {
    format!("shop=sqlite:{}", path().display())
}

/// First day of the last month with data, and the day after it.
pub fn last_month() -> (String, String) {
    let until = SHOP.until;
    (
        until.yesterday().unwrap().first_of_month().to_string(),
        until.to_string(),
    )
}

/// First day of the shop, and the day after its last.
pub fn everything() -> (String, String) {
    (SHOP.from.to_string(), SHOP.until.to_string())
}

/// The program, with nothing of this process's settings.
pub fn digger() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digger"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DIGGER_")) {
        command.env_remove(name);
    }
    command.current_dir(SHOP.folder.path());
    command
}

/// What a run said and made.
pub struct Ran {
    /// The outcome as `--json` prints it.
    pub outcome: serde_json::Value,
    pub workbook: PathBuf,
    _folder: TempDir,
}

impl Ran {
    /// The control total of a column, as printed.
    pub fn total(&self, sheet: &str, column: &str) -> String {
        let totals = self.outcome["totals"].as_array().unwrap();
        let found = totals
            .iter()
            .find(|total| total["sheet"] == sheet && total["column"] == column);
        found.unwrap_or_else(|| panic!("no total of {column} on {sheet}: {totals:?}"))["value"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A control total of whole won, whatever decimals it is printed with.
    pub fn won(&self, sheet: &str, column: &str) -> i64 {
        self.total(sheet, column).parse::<f64>().unwrap().round() as i64
    }

    pub fn sheet(&self, name: &str) -> &serde_json::Value {
        let sheets = self.outcome["sheets"].as_array().unwrap();
        sheets
            .iter()
            .find(|sheet| sheet["name"] == name)
            .unwrap_or_else(|| panic!("no sheet {name}"))
    }

    /// Data rows of a sheet.
    pub fn rows(&self, sheet: &str) -> i64 {
        self.sheet(sheet)["rows"].as_i64().unwrap()
    }
}

/// Runs a report in Korean; `values` are `name=value`.
pub fn run(report: &str, values: &[&str]) -> Ran {
    run_as(report, values, &AREAS, "ko")
}

/// Runs a report for somebody with these areas.
///
/// # Panics
/// With what the program said when it does not end well.
pub fn run_as(report: &str, values: &[&str], areas: &[&str], lang: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("out.xlsx");
    let output = output(report, values, areas, lang, &workbook);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{report} {values:?}: {said}");
    let outcome = serde_json::from_slice(&output.stdout).unwrap();
    Ran {
        outcome,
        workbook,
        _folder: folder,
    }
}

/// Runs a report whose values must be refused, and returns what is said about them.
pub fn refused_as(report: &str, values: &[&str], areas: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("out.xlsx");
    let output = output(report, values, areas, "ko", &workbook);
    assert_eq!(output.status.code(), Some(2));
    assert!(!workbook.exists());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn output(
    report: &str,
    values: &[&str],
    areas: &[&str],
    lang: &str,
    workbook: &Path,
) -> std::process::Output {
    let mut command = digger();
    command.args([
        "run",
        report,
        "--lang",
        lang,
        "--json",
        "--source",
        &source(),
    ]);
    command
        .arg("--queries")
        .arg(super::queries())
        .arg("-o")
        .arg(workbook);
    for value in values {
        command.args(["--param", value]);
    }
    for area in areas {
        command.args(["--viewer", &format!("areas={area}")]);
    }
    command.output().unwrap()
}

/// A connection for questions of the test's own.
pub async fn open() -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path())
        .read_only(true)
        .connect()
        .await
        .unwrap()
}

/// One number, rounded.
pub async fn number(shop: &mut SqliteConnection, sql: &str) -> i64 {
    let sql = format!("SELECT CAST(ROUND(({sql})) AS INTEGER)");
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(shop)
        .await
        .unwrap()
}

/// One text.
pub async fn text(shop: &mut SqliteConnection, sql: &str) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_one(shop)
        .await
        .unwrap()
}
