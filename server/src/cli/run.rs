//! `digger run`: one report without a server, for scripts and cron.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use catalogue::folder;
use engine::{Choices, EngineError, Job, Outcome, Progress, RunInfo, Step};
use indicatif::ProgressBar;
use jiff::Timestamp;
use lang::Lang;
use report::{FieldError, Input, Labels, Options, Report, chosen, to_field};
use settings::{Overrides, Settings};
use source::Source;
use tokio_util::sync::CancellationToken;

use super::{DONE, FAILED, RunArgs, STOPPED, USAGE};

/// Runs the report and keeps its workbook where `--output` says.
pub(super) fn run(args: &RunArgs) -> Result<u8> {
    let mut settings = args.settings.load(Overrides {
        sources: args.source.clone(),
        ..Overrides::default()
    })?;
    // The demo's shop is there when a demo has been served from here.
    if settings.data_dir.join("shop.sqlite").exists() {
        settings.add_demo_shop();
    }
    let lang: Lang = args.lang.parse()?;
    let Some(report) = find(&args.report, &settings)? else {
        return Ok(FAILED);
    };
    let viewer = pairs(&args.viewer, "--viewer")?;
    let mut input = report.default_input();
    input.extend(as_posted(&report, pairs(&args.param, "--param")?));
    let now = Timestamp::now();
    if let Err(errors) = report.resolve(&input, &viewer, now) {
        return Ok(refuse(&errors, lang));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(execute(
        args,
        &settings,
        Arc::new(report),
        (input, &viewer, now),
        lang,
    ));
    runtime.shutdown_background();
    ended
}

fn find(wanted: &str, settings: &Settings) -> Result<Option<Report>> {
    let is_path = Path::new(wanted)
        .extension()
        .is_some_and(|extension| extension == "sql");
    let (path, id) = if is_path {
        let path = PathBuf::from(wanted);
        let id = super::check::id_of_file(&path)?;
        (path, id)
    } else {
        let id: report::ReportId = wanted.parse()?;
        (settings.queries_dir.join(format!("{id}.sql")), id)
    };
    if !path.exists() {
        bail!(
            "there is no report `{wanted}`: {} does not exist",
            path.display()
        );
    }
    let text = folder::read(&path).with_context(|| path.display().to_string())?;
    let (report, problems) = report::parse(id, &text);
    for problem in &problems {
        eprintln!("{}", problem.render(&path.display().to_string(), &text));
    }
    Ok(report)
}

fn pairs(given: &[String], word: &str) -> Result<Input> {
    let mut input = Input::new();
    for pair in given {
        let (name, value) = pair
            .split_once('=')
            .with_context(|| format!("{word} must read NAME=VALUE, which `{pair}` does not"))?;
        input
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }
    Ok(input)
}

/// Values of choices from queries as a form posts them: whoever writes an empty one means the empty
/// option. Other choices have none.
fn as_posted(report: &Report, given: Input) -> Input {
    let is_of_query = |name: &String| {
        let options = report.params.get(name).map(|param| &param.options);
        matches!(options, Some(Some(Options::Query { .. })))
    };
    given
        .into_iter()
        .map(|(name, values)| match is_of_query(&name) {
            true => {
                let posted = values.iter().map(|value| to_field(value).into_owned());
                let posted = posted.collect();
                (name, posted)
            }
            false => (name, values),
        })
        .collect()
}

async fn execute(
    args: &RunArgs,
    settings: &Settings,
    report: Arc<Report>,
    (mut input, viewer, now): (Input, &BTreeMap<String, Vec<String>>, Timestamp),
    lang: Lang,
) -> Result<u8> {
    let mut sources: BTreeMap<String, Arc<dyn Source>> = BTreeMap::new();
    for name in report.sources() {
        let config = settings.sources.iter().find(|config| config.name == name).with_context(|| {
            format!("the report reads the source `{name}`, which is not configured; add --source {name}=sqlite:FILE or name it in digger.toml")
        })?;
        sources.insert(name.to_owned(), source::open(config)?);
    }
    let target = target(&args.output);
    let work = tempfile::Builder::new()
        .prefix(".digger-run-")
        .tempdir_in(&target.folder)
        .with_context(|| format!("cannot write into {}", target.folder.display()))?;
    let stage_dir = match &args.stage {
        Some(stage) => stage.clone(),
        None => work.path().join("stage"),
    };
    std::fs::create_dir_all(&stage_dir)?;
    let at_once: BTreeMap<String, u32> = settings
        .sources
        .iter()
        .map(|source| (source.name.clone(), source.max_running))
        .collect();
    let cancel = CancellationToken::new();
    let asked = cancel.clone();
    tokio::spawn(async move {
        runtime::signals::listen().await;
        asked.cancel();
    });
    let (values, labels) = 'settled: loop {
        let values = match report.resolve(&input, viewer, now) {
            Ok(values) => values,
            Err(errors) => return Ok(refuse(&errors, lang)),
        };
        let mut labels = Labels::new();
        for chosen in chosen(&report, &values) {
            let name = &chosen.param.name;
            let choices = Choices {
                report: &report,
                param: name,
                values: &chosen.needed,
                sources: &sources,
                lang,
                stage_dir: &stage_dir,
                at_once: &at_once,
            };
            let offered = match engine::choices(choices, cancel.clone()).await {
                Ok(offered) => offered,
                Err(error) => return Ok(fail(&error, lang)),
            };
            if chosen.is_empty_in_vain(&offered) {
                let nothing = to_field("");
                if let Some(given) = input.get_mut(name) {
                    given.retain(|value| *value != nothing);
                }
                continue 'settled;
            }
            match chosen.labels(&offered) {
                Ok(named) => labels.insert(name.clone(), named),
                Err(errors) => return Ok(refuse(&errors, lang)),
            };
        }
        break (values, labels);
    };
    let job = Job {
        report,
        values,
        input,
        lang,
        labels,
        run: RunInfo {
            id: uuid::Uuid::now_v7().to_string(),
            person: std::env::var("USER").unwrap_or_else(|_| "digger run".to_owned()),
            queued: now,
            started: now,
            link: None,
        },
        sources,
        stage_dir,
        stage_bytes: settings.limits.stage_bytes(),
        at_once,
        // Whoever runs this has the settings.
        shows_endpoints: true,
        output_dir: work.path().join("output"),
    };
    std::fs::create_dir_all(&job.output_dir)?;
    let shown = Shown::new(lang);
    let result = engine::execute(job, &|progress| shown.show(&progress), cancel).await;
    shown.end();
    match result {
        Ok(outcome) => {
            let path = target
                .file
                .unwrap_or_else(|| target.folder.join(&outcome.file.name));
            // The working folder lies beside the target, so this never copies and never shows half a file.
            std::fs::rename(&outcome.file.path, &path)
                .with_context(|| format!("cannot write {}", path.display()))?;
            if args.json {
                let moved = engine::FileInfo {
                    path: path.clone(),
                    ..outcome.file.clone()
                };
                println!(
                    "{}",
                    serde_json::to_string(&Outcome {
                        file: moved,
                        ..outcome.clone()
                    })?
                );
            }
            say_done(&outcome, &path, lang);
            Ok(DONE)
        }
        Err(EngineError::Cancelled) => Ok(STOPPED),
        Err(error) => Ok(fail(&error, lang)),
    }
}

/// Says which values need attention.
fn refuse(errors: &[FieldError], lang: Lang) -> u8 {
    for error in errors {
        eprintln!("{}: {}", error.field, error.message.get(lang));
    }
    USAGE
}

/// Says why there is no workbook, with the whole chain.
fn fail(error: &EngineError, lang: Lang) -> u8 {
    eprintln!("{}", error.message().get(lang));
    eprintln!("[{}] {}", error.class(), error.chain());
    FAILED
}

struct Target {
    folder: PathBuf,
    /// Set when a file was named; else the report names it.
    file: Option<PathBuf>,
}

fn target(output: &Path) -> Target {
    if output.is_dir() {
        return Target {
            folder: output.to_owned(),
            file: None,
        };
    }
    let folder = match output.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    Target {
        folder,
        file: Some(output.to_owned()),
    }
}

fn say_done(outcome: &Outcome, path: &Path, lang: Lang) {
    for warning in &outcome.warnings {
        eprintln!("! {}", warning.message.get(lang));
    }
    for total in &outcome.totals {
        eprintln!("  {} · {}: {}", total.sheet, total.title, total.value);
    }
    eprintln!(
        "{}: {} rows, {} bytes, sha256 {}",
        path.display(),
        outcome.file.rows,
        outcome.file.bytes,
        outcome.file.sha256
    );
}

/// Progress as a bar on a terminal, and as one line per step elsewhere.
struct Shown {
    lang: Lang,
    bar: Option<ProgressBar>,
    step: Mutex<Option<Step>>,
}

impl Shown {
    fn new(lang: Lang) -> Self {
        let bar = std::io::stderr()
            .is_terminal()
            .then(|| super::demo::progress_bar(0));
        Self {
            lang,
            bar,
            step: Mutex::new(None),
        }
    }

    fn show(&self, progress: &Progress) {
        match progress {
            Progress::Step { step } => {
                let before = self
                    .step
                    .lock()
                    .ok()
                    .and_then(|mut shown| shown.replace(*step));
                if before == Some(*step) {
                    return;
                }
                match &self.bar {
                    Some(bar) => bar.set_message(step_name(*step, self.lang)),
                    None => eprintln!("{}", step_name(*step, self.lang)),
                }
            }
            Progress::Rows {
                step, rows, total, ..
            } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(total.unwrap_or(0));
                    bar.set_position(*rows);
                    bar.set_message(format!("{} · {rows}", step_name(*step, self.lang)));
                }
            }
            // Warnings are in the outcome too, where they are printed once.
            Progress::Warning { .. } | Progress::Sessions { .. } => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn step_name(step: Step, lang: Lang) -> &'static str {
    match (step, lang) {
        (Step::Waiting, Lang::Ko) => "대기 중",
        (Step::Waiting, Lang::En) => "waiting",
        (Step::Connecting, Lang::Ko) => "연결 중",
        (Step::Connecting, Lang::En) => "connecting",
        (Step::DatabaseWorking, Lang::Ko) => "데이터베이스 처리 중",
        (Step::DatabaseWorking, Lang::En) => "database working",
        (Step::FetchingRows, Lang::Ko) => "행을 받는 중",
        (Step::FetchingRows, Lang::En) => "fetching rows",
        (Step::Summarising, Lang::Ko) => "집계 중",
        (Step::Summarising, Lang::En) => "summarising",
        (Step::WritingWorkbook, Lang::Ko) => "엑셀 파일 작성 중",
        (Step::WritingWorkbook, Lang::En) => "writing the workbook",
        (Step::CheckingCounts, Lang::Ko) => "행 수 확인 중",
        (Step::CheckingCounts, Lang::En) => "checking counts",
        (Step::Storing, Lang::Ko) => "저장 중",
        (Step::Storing, Lang::En) => "storing",
    }
}
