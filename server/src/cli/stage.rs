//! `digger stage`: the rows kept between runs, for people who look after the disk.
//!
//! Every command is safe while a server runs on the same folder.

mod table;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use engine::{Inventory, KeptFile};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde_json::json;
use settings::Overrides;

use super::{DONE, FAILED, SettingsArgs, USAGE};

#[derive(Args, Clone, Debug)]
pub(super) struct StageArgs {
    #[command(subcommand)]
    command: StageCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum StageCommand {
    /// Print every kept file: report, query, partition, rows, size, age.
    List(StageFolder),
    /// Read every kept file and say what is damaged. Damaged files are never used; runs read them again.
    Verify(StageFolder),
    /// Remove kept files; runs read what they need again.
    Drop(DropArgs),
}

#[derive(Args, Clone, Debug)]
struct StageFolder {
    /// The stage [default: `stage` in the data folder].
    #[arg(long, value_name = "FOLDER")]
    stage: Option<PathBuf>,
    /// JSON instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Args, Clone, Debug)]
struct DropArgs {
    /// Of this report; may be repeated.
    #[arg(long, value_name = "ID")]
    report: Vec<String>,
    /// Of this source; may be repeated.
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Not used for so long, such as "30 days".
    #[arg(long, value_name = "TIME")]
    older_than: Option<String>,
    /// Everything.
    #[arg(long, conflicts_with_all = ["report", "source", "older_than"])]
    all: bool,
    #[command(flatten)]
    folder: StageFolder,
}

/// Lists, verifies or drops.
pub(super) fn stage(args: &StageArgs) -> Result<u8> {
    match &args.command {
        StageCommand::List(folder) => list(folder),
        StageCommand::Verify(folder) => verify(folder),
        StageCommand::Drop(args) => drop_files(args),
    }
}

fn list(args: &StageFolder) -> Result<u8> {
    let files = inventory(args)?.files()?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&files)?);
    } else {
        print!("{}", table::of(&files, Timestamp::now()));
        eprintln!("{}", table::summary(&files));
    }
    Ok(DONE)
}

fn verify(args: &StageFolder) -> Result<u8> {
    let inventory = inventory(args)?;
    let mut damaged = 0;
    let mut checked = Vec::new();
    let files = inventory.files()?;
    for file in &files {
        let problem = inventory.verify(file);
        damaged += usize::from(problem.is_some());
        if args.json {
            let mut value = json!(file);
            value["problem"] = json!(problem);
            checked.push(value);
        } else if let Some(problem) = problem {
            println!("{}: {problem}", table::name(file));
        }
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&checked)?);
    }
    eprintln!("{} files read, {damaged} damaged", files.len());
    if damaged > 0 {
        eprintln!("Damaged files are never used; the next run reads their rows again.");
        return Ok(FAILED);
    }
    Ok(DONE)
}

fn drop_files(args: &DropArgs) -> Result<u8> {
    let older_than = args.older_than.as_deref().map(length).transpose()?;
    let names_something = !args.report.is_empty() || !args.source.is_empty();
    if !args.all && !names_something && older_than.is_none() {
        eprintln!(
            "Say what to drop: --report ID, --source NAME, --older-than TIME (together they narrow it down), or --all."
        );
        return Ok(USAGE);
    }
    let inventory = inventory(&args.folder)?;
    let now = Timestamp::now();
    let mut dropped = Vec::new();
    for file in inventory.files()? {
        let is_old = older_than.is_none_or(|time| now.duration_since(file.used_at) > time);
        if is_old && (args.all || is_wanted(args, &file)) {
            inventory.drop(&file)?;
            dropped.push(file);
        }
    }
    if args.folder.json {
        println!("{}", serde_json::to_string_pretty(&dropped)?);
    }
    eprintln!("Dropped {}", table::summary(&dropped));
    Ok(DONE)
}

/// "30 days", "12 hours"; a day has 24 hours here.
fn length(text: &str) -> Result<SignedDuration> {
    text.parse::<Span>()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .ok()
        .filter(|time| time.is_positive())
        .with_context(|| {
            format!(
                "`{text}` is no length of time; write `--older-than \"30 days\"` or \"12 hours\""
            )
        })
}

/// Whether a file is of a named report and a named source. A file whose manifest cannot be read
/// belongs to nobody and goes only with what is old or all.
fn is_wanted(args: &DropArgs, file: &KeptFile) -> bool {
    let Some(manifest) = &file.manifest else {
        return args.report.is_empty() && args.source.is_empty();
    };
    let named = |wanted: &[String], name: &String| wanted.is_empty() || wanted.contains(name);
    named(&args.report, &manifest.report) && named(&args.source, &manifest.source)
}

fn inventory(args: &StageFolder) -> Result<Inventory> {
    let settings = args.settings.load(Overrides::default())?;
    let folder: PathBuf = args
        .stage
        .clone()
        .unwrap_or_else(|| settings.data_dir.join("stage"));
    Ok(Inventory::below(&folder))
}
