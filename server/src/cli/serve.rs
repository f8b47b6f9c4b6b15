//! `digger serve`: pages and runs in one process, or pages alone.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use backend::BackendService;
use catalogue::Catalogue;
use identity::{Identity, people};
use runtime::{Phase, clock, keep_private, signals};
use settings::{Overrides, Settings};
use store::Store;
use tokio::net::TcpListener;
use web::{self, Web, router};

use super::process::Process;
use super::{DONE, ServeArgs};

/// Open connections get this long to end after everything else has ended.
const CLOSING: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or Ctrl-C.
pub(super) fn serve(args: ServeArgs) -> Result<u8> {
    let mut settings = args.settings.load(Overrides {
        listen: args.listen,
        ..Overrides::default()
    })?;
    if args.no_work && !settings.database.is_shared() {
        bail!(
            "with --no-work other processes execute the runs, and SQLite belongs to one process; name a PostgreSQL database as `database` in digger.toml"
        );
    }
    let shop = if args.demo {
        settings.add_demo_shop()
    } else {
        None
    };
    let how = How {
        is_demo: args.demo,
        works: !args.no_work,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve_until_stopped(settings, how, shop.as_deref()));
    runtime.shutdown_timeout(CLOSING);
    served.map(|()| DONE)
}

/// What this process does besides serving pages.
#[derive(Clone, Copy)]
struct How {
    is_demo: bool,
    /// Whether it executes runs, too.
    works: bool,
}

async fn serve_until_stopped(settings: Settings, how: How, shop: Option<&Path>) -> Result<()> {
    let asked = signals::listen();
    keep_private(&settings.data_dir);
    // First of all: a second process on the same directory must not touch anything.
    let store = Store::connect(&settings.database).await?;
    people::keep_to_purpose(&store, how.is_demo).await?;
    if let Some(path) = shop {
        ensure_shop(path).await?;
    }
    let listener = TcpListener::bind(&settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let process = Process::open(store.clone(), settings).await?;
    let settings = &process.settings;
    if how.is_demo {
        people::ensure_demo(&store, clock::now()).await?;
    }
    let names = settings
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect();
    let stage_dir = settings.data_dir.join("stage");
    // Checks work there whatever their own working directory is.
    let stage_dir = std::path::absolute(&stage_dir).unwrap_or(stage_dir);
    let catalogue = Catalogue::load(settings.queries_dir.clone(), names, stage_dir, &store).await?;
    let working = match how.works {
        true => Some(process.work().await?),
        false => None,
    };
    let lifecycle = Arc::clone(&process.lifecycle);
    tokio::spawn(
        catalogue
            .clone()
            .watch(store.clone(), Arc::clone(&lifecycle)),
    );
    process.look_after();
    let identity = Identity::new(store.clone(), how.is_demo)?;
    let service = BackendService::new(
        store.clone(),
        process.files.clone(),
        Arc::clone(settings),
        catalogue.clone(),
        process.sources.as_ref().clone(),
        process.heartbeat.clone(),
        identity.clone(),
    );
    let pages = Web::new(
        Arc::new(service),
        identity,
        store.clone(),
        process.files.clone(),
        Arc::clone(settings),
        Arc::clone(&lifecycle),
    );
    let serving = tokio::spawn(web::serve(listener, router(&pages), Arc::clone(&lifecycle)));
    let invite = people::first_invite(&store, settings, &address, clock::now()).await?;
    greet(&address, how, &catalogue, invite);
    process.until_asked_to_go(asked).await;
    if let Some(working) = working {
        working.await?;
    }
    lifecycle.enter(Phase::Gone);
    if tokio::time::timeout(CLOSING, serving).await.is_err() {
        tracing::warn!("Some connections did not end in time and were cut");
    }
    store.close().await;
    Ok(())
}

/// Makes the demo shop on the first start, and again in a new month so that its data ends last month.
async fn ensure_shop(path: &Path) -> Result<()> {
    let until = jiff::Zoned::now().date().first_of_month();
    let known = demo::summary(path).await.ok().flatten();
    if known.is_none_or(|shop| shop.until != until) {
        super::demo::make_shop(path, demo::Options::default()).await?;
    }
    Ok(())
}

/// What a person at the terminal needs to go on. The one-time link is printed here and nowhere else.
fn greet(address: &str, how: How, catalogue: &Catalogue, invite: Option<String>) {
    println!("Digger listens on {address}");
    let broken = catalogue
        .entries()
        .iter()
        .filter(|entry| entry.is_broken())
        .count();
    println!(
        "{} reports, {broken} files with mistakes",
        catalogue.reports().len()
    );
    if !how.works {
        println!("Runs are executed by other processes");
    }
    if how.is_demo {
        println!("Demo sign-ins, password {}:", people::DEMO_PASSWORD);
        for person in people::demo_people() {
            let [name, role] = [&person.name, &person.role].map(|text| text.get(lang::Lang::Ko));
            println!("  {:<6} {name} ({role})", person.login);
        }
    } else if let Some(link) = invite {
        println!("Choose the administrator's password within 24 hours (works once): {link}");
    }
}
