//! `digger serve`: everything in one process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use files::Files;
use jiff::Timestamp;
use source::Source;
use store::Store;
use tokio::net::TcpListener;

use super::{DONE, ServeArgs};
use crate::backend::Desk;
use crate::catalogue::Catalogue;
use crate::config::{ConfigError, Overrides, Settings};
use crate::signals::{Phase, Signals};
use crate::web::{Web, router};
use crate::worker::{Heart, Worker, collect_files};
use crate::{people, shutdown};

/// Open connections get this long to end after everything else has ended.
const CLOSING: Duration = Duration::from_secs(5);
/// Between two clean-ups of sessions and counters.
const CLEANING: Duration = Duration::from_secs(60 * 60);
/// Counters whose window began longer ago than this are forgotten: a day, milliseconds.
const OLD_COUNTER_MS: i64 = 24 * 60 * 60 * 1_000;

/// Serves until SIGTERM or Ctrl-C.
pub(super) fn serve(args: ServeArgs) -> Result<u8> {
    let mut settings = args.settings.load(Overrides {
        listen: args.listen,
        ..Overrides::default()
    })?;
    let shop = if args.demo {
        settings.add_demo_shop()
    } else {
        None
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve_until_stopped(settings, args.demo, shop.as_deref()));
    runtime.shutdown_timeout(CLOSING);
    served.map(|()| DONE)
}

async fn serve_until_stopped(settings: Settings, is_demo: bool, shop: Option<&Path>) -> Result<()> {
    // First of all: a second process on the same directory must not touch anything.
    let store = Store::open(&settings.data_dir).await?;
    if let Some(path) = shop {
        ensure_shop(path).await?;
    }
    let listener = TcpListener::bind(&settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let files = Files::open(&settings.files.store)?;
    let sources = open_sources(&settings)?;
    let limits: Vec<(String, u32)> = settings
        .sources
        .iter()
        .map(|source| (source.name.clone(), source.max_running))
        .collect();
    store.sync_sources(&limits).await?;
    if is_demo {
        people::ensure_demo(&store).await?;
    }
    let names = settings
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect();
    let catalogue = Catalogue::load(settings.queries_dir.clone(), names, &store).await?;
    let settings = Arc::new(settings);
    let signals = Arc::new(Signals::default());
    let heart = Heart::default();
    let worker = Worker::start(
        store.clone(),
        files.clone(),
        Arc::clone(&settings),
        Arc::clone(&signals),
        heart.clone(),
        Arc::new(sources.clone()),
    )
    .await?;
    let working = tokio::spawn(worker.run());
    tokio::spawn(catalogue.clone().watch(store.clone(), Arc::clone(&signals)));
    tokio::spawn(clean(store.clone()));
    tokio::spawn({
        let (files, store) = (files.clone(), store.clone());
        let (settings, signals) = (Arc::clone(&settings), Arc::clone(&signals));
        async move { collect_files(files, store, &settings, &signals).await }
    });
    tokio::spawn(super::sources::look_at(settings.sources.clone()));
    let desk = Desk::new(
        store.clone(),
        Arc::clone(&settings),
        catalogue.clone(),
        sources,
        heart,
        is_demo,
    );
    let web = Web::new(
        Arc::new(desk),
        store.clone(),
        files,
        Arc::clone(&settings),
        Arc::clone(&signals),
    );
    let routes = router(&web);
    let draining = Arc::clone(&signals);
    let serving = tokio::spawn(async move {
        axum::serve(
            listener,
            routes.into_make_service_with_connect_info::<SocketAddr>(),
        )
        .with_graceful_shutdown(async move { draining.until_gone().await })
        .await
    });
    greet(
        &address,
        is_demo,
        &catalogue,
        people::first_invite(&store, &settings, &address).await?,
    );
    shutdown::requested().await;
    tracing::info!(
        "Going away: runs may finish for {} s",
        settings.timing.drain.as_secs()
    );
    signals.enter(Phase::Draining);
    working.await?;
    signals.enter(Phase::Gone);
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

fn open_sources(settings: &Settings) -> Result<BTreeMap<String, Arc<dyn Source>>> {
    let mut sources = BTreeMap::new();
    let mut problems = Vec::new();
    for config in &settings.sources {
        match source::open(config) {
            Ok(source) => {
                sources.insert(config.name.clone(), source);
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(ConfigError { problems }.into())
    }
}

/// What a person at the terminal needs to go on. The one-time link is printed here and nowhere else.
fn greet(address: &str, is_demo: bool, catalogue: &Catalogue, invite: Option<String>) {
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
    if is_demo {
        println!("Demo sign-ins, password {}:", people::DEMO_PASSWORD);
        for person in people::demo_people(app::view::Lang::Ko) {
            println!("  {:<6} {} ({})", person.login, person.name, person.role);
        }
    } else if let Some(link) = invite {
        println!("Choose the administrator's password within 24 hours (works once): {link}");
    }
}

async fn clean(store: Store) {
    loop {
        let now = Timestamp::now().as_millisecond();
        let cleaned = async {
            store.delete_expired_sessions(now).await?;
            store.clear_old_counters(now - OLD_COUNTER_MS).await
        };
        if let Err(error) = cleaned.await {
            tracing::warn!(error = %crate::chain_of(&error), "Could not forget old sessions and counters");
        }
        tokio::time::sleep(CLEANING).await;
    }
}
