//! `digger work`: executes runs and serves no pages.

use anyhow::{Result, bail};
use runtime::{Phase, keep_private, signals};
use settings::{Overrides, Settings};
use store::Store;

use super::process::Process;
use super::{DONE, WorkArgs};

/// Works until SIGTERM or Ctrl-C.
pub(super) fn work(args: &WorkArgs) -> Result<u8> {
    let settings = args.settings.load(Overrides::default())?;
    if !settings.database.is_shared() {
        bail!(
            "a process that only works shares its tables with one that serves, and SQLite belongs to one process; name a PostgreSQL database as `database` in digger.toml, or use `digger serve`"
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work_until_stopped(settings))?;
    Ok(DONE)
}

async fn work_until_stopped(settings: Settings) -> Result<()> {
    let asked = signals::listen();
    keep_private(&settings.data_dir);
    let store = Store::connect(&settings.database).await?;
    let process = Process::open(store.clone(), settings).await?;
    let working = process.work().await?;
    process.look_after();
    println!("Digger works for {}", store.place());
    process.until_asked_to_go(asked).await;
    working.await?;
    process.lifecycle.enter(Phase::Gone);
    store.close().await;
    Ok(())
}
