//! What can be typed after `digger`.
//!
//! Each command lives in its own module below; this one reads the words, starts the log and turns
//! the end of a command into an exit code.

mod check;
mod demo;
mod exec;
mod process;
mod run;
mod serve;
mod sources;
mod stage;
mod tables;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use settings::{ConfigError, Overrides, Settings};
use tracing_subscriber::EnvFilter;

/// The command did what it was asked.
pub const DONE: u8 = 0;
/// A report has problems, or a run failed.
pub const FAILED: u8 = 1;
/// The words after `digger`, the settings or the values of a run are wrong. clap uses the same number.
pub const USAGE: u8 = 2;
/// The run was stopped by Ctrl-C or SIGTERM.
pub const STOPPED: u8 = 130;

/// Saved SQL reports as Excel files that need no touching up.
#[derive(Parser)]
#[command(name = "digger", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 a report has problems or a run failed · 2 wrong words, settings or values · 130 stopped.\n\
Settings come from digger.toml, then the environment (DIGGER_LISTEN, DIGGER_DATA_DIR, DIGGER_QUERIES, DIGGER_PUBLIC_URL, DIGGER_DATABASE_URL, DIGGER_FILES_<KEY>, DIGGER_SOURCE_<NAME>_URL, DIGGER_SOURCE_<NAME>_PASSWORD), then the words above.";

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and execute the runs.
    Serve(ServeArgs),
    /// Execute runs without serving pages; any number of such processes share the work.
    Work(WorkArgs),
    /// Bring Digger's own tables up to date.
    Migrate(MigrateArgs),
    /// Carry Digger's own tables over to another database, and compare both.
    Move(MoveArgs),
    /// Make the demo shop, as a SQLite file or in a database server.
    Demo(DemoArgs),
    /// Print every problem of every report.
    Check(CheckArgs),
    /// Test the connection to every source, and whether its sign-in could write.
    Sources(SourcesArgs),
    /// Run one report without a server and keep its workbook.
    Run(RunArgs),
    /// List, verify or drop the rows kept between runs.
    Stage(stage::StageArgs),
    /// Execute one run that the server hands over on standard input.
    #[command(hide = true)]
    Exec(ExecArgs),
}

/// Where settings come from; the same for every command.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SettingsArgs {
    /// Settings file [default: digger.toml, if there is one].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the saved reports [default: queries].
    #[arg(long, value_name = "FOLDER")]
    queries: Option<PathBuf>,
    /// Folder of Digger's own tables, the stage and the results [default: data].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

impl SettingsArgs {
    /// The settings with these words, and with what else the command line says.
    fn load(&self, more: Overrides) -> Result<Settings, ConfigError> {
        let overrides = Overrides {
            queries_dir: self.queries.clone(),
            data_dir: self.data_dir.clone(),
            ..more
        };
        settings::load(self.config.as_deref(), overrides)
    }
}

#[derive(Args, Clone, Debug)]
struct ServeArgs {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:3000].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Make the demo shop on the first start and offer demo sign-ins.
    #[arg(long)]
    demo: bool,
    /// Execute no runs; other processes on the same PostgreSQL database do.
    #[arg(long)]
    no_work: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct WorkArgs {
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct MigrateArgs {
    /// Change nothing; end with 1 when something is to do.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone)]
struct MoveArgs {
    /// Where the tables are: `sqlite:` and the data directory, or `postgres://…`. No process may work there.
    #[arg(
        long,
        value_name = "URL",
        env = "DIGGER_MOVE_FROM",
        hide_env_values = true
    )]
    from: String,
    /// An empty database, or a data directory without one. In a variable its password does not stand in the process list.
    #[arg(
        long,
        value_name = "URL",
        env = "DIGGER_MOVE_TO",
        hide_env_values = true
    )]
    to: String,
}

#[derive(Args, Clone)]
struct DemoArgs {
    /// The database to write; an existing file is replaced.
    #[arg(long, value_name = "FILE", default_value = "shop.sqlite")]
    out: PathBuf,
    /// Make it in this PostgreSQL or MySQL database instead, `postgres://…` or `mysql://…`; `-` reads the URL from
    /// standard input, so that no password stands in the process list.
    #[arg(
        long,
        value_name = "URL",
        env = "DIGGER_DEMO_INTO",
        hide_env_values = true,
        conflicts_with = "out"
    )]
    into: Option<String>,
    /// With --into: take away another demo shop that is there. Tables that are no demo shop's are never touched.
    #[arg(long, requires = "into")]
    replace: bool,
    /// Orders in all 36 months.
    #[arg(long, value_name = "NUMBER", default_value_t = ::demo::Options::default().orders)]
    orders: u64,
}

#[derive(Args, Clone, Debug)]
struct CheckArgs {
    /// Report files and folders of reports.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Also prepare every statement at its source and compare columns with the sheets.
    #[arg(long)]
    online: bool,
    /// One JSON array instead of text.
    #[arg(long)]
    json: bool,
    /// A source by name, as `shop=sqlite:shop.sqlite`; may be repeated.
    #[arg(long, value_name = "NAME=URL")]
    source: Vec<String>,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct SourcesArgs {
    /// A source by name, as `shop=sqlite:shop.sqlite`; may be repeated.
    #[arg(long, value_name = "NAME=URL")]
    source: Vec<String>,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct RunArgs {
    /// Id of the report (`sales/daily_sales`) or path of its file.
    report: String,
    /// A value by parameter name, as typed into the form; may be repeated.
    #[arg(short, long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// A session value for parameters with `from = "viewer.NAME"`; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    viewer: Vec<String>,
    /// The workbook to write; a folder takes the report's own file name.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Folder of staged rows kept between runs, such as `data/stage`, which a server may use at the
    /// same time [default: nothing is kept].
    #[arg(long, value_name = "FOLDER")]
    stage: Option<PathBuf>,
    /// Language of sheets, texts and messages.
    #[arg(long, default_value = "ko", value_parser = ["ko", "en"])]
    lang: String,
    /// Print everything known about the workbook as one JSON object on standard output.
    #[arg(long)]
    json: bool,
    /// A source by name, as `shop=sqlite:shop.sqlite`; may be repeated.
    #[arg(long, value_name = "NAME=URL")]
    source: Vec<String>,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct ExecArgs {
    /// Id of the run, for the process list.
    run: String,
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log();
    let ended = match cli.command {
        Command::Serve(args) => serve::serve(args),
        Command::Work(args) => work::work(&args),
        Command::Migrate(args) => tables::migrate(&args),
        Command::Move(args) => tables::move_tables(&args),
        Command::Demo(args) => demo::demo(&args),
        Command::Check(args) => check::check(&args),
        Command::Sources(args) => sources::sources(&args),
        Command::Run(args) => run::run(&args),
        Command::Stage(args) => stage::stage(&args),
        Command::Exec(args) => exec::exec(&args.run),
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // `{:#}` prints the chain on one line, which a log collector keeps together.
            eprintln!("digger: {error:#}");
            ExitCode::from(if error.is::<ConfigError>() {
                USAGE
            } else {
                FAILED
            })
        }
    }
}

/// Logs go to standard error, so that standard output stays for answers.
fn start_log() {
    // sqlx reports statements at `info` when they are slow; values of parameters must never reach a log.
    let filter = EnvFilter::try_from_env("DIGGER_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=error,tower_sessions=warn,hyper=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
