//! `digger demo`: the demo shop as a file, or in a database server.

use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::{DONE, DemoArgs};

/// Makes the demo shop and says what is in it.
pub(super) fn demo(args: &DemoArgs) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let options = demo::Options {
        orders: args.orders,
    };
    runtime.block_on(async {
        match &args.into {
            Some(url) => load_shop(&given(url)?, options, args.replace).await,
            None => make_shop(&args.out, options).await.map(drop),
        }
    })?;
    Ok(DONE)
}

/// The URL, or the first line of standard input for `-`.
fn given(url: &str) -> Result<String> {
    if url != "-" {
        return Ok(url.to_owned());
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read the URL from standard input")?;
    Ok(line.trim().to_owned())
}

/// Makes the demo shop in a database server, with its progress on standard error.
async fn load_shop(url: &str, options: demo::Options, replace: bool) -> Result<()> {
    let started = Instant::now();
    let bar = progress_bar(1_000);
    let today = demo::today(jiff::Timestamp::now());
    let loaded = demo::load(url, today, options, replace, |step, done| {
        show(&bar, step, done);
    })
    .await;
    bar.finish_and_clear();
    match loaded? {
        demo::Loaded::Made(shop) => say("Made the demo shop", started, &shop),
        demo::Loaded::WasThere(shop) => say("The demo shop was there, looked at", started, &shop),
    }
    Ok(())
}

/// Makes the demo shop at `path`, with its progress on standard error.
///
/// # Errors
/// When the file cannot be written; a half-made shop is not left behind.
pub(super) async fn make_shop(path: &Path, options: demo::Options) -> Result<demo::Summary> {
    let started = Instant::now();
    let bar = progress_bar(1_000);
    bar.set_message("Making the demo shop");
    let today = demo::today(jiff::Timestamp::now());
    let made = demo::make(path, today, options, |step, done| show(&bar, step, done)).await;
    bar.finish_and_clear();
    let shop = made.with_context(|| format!("cannot make the demo shop {}", path.display()))?;
    say(&format!("Made {}", path.display()), started, &shop);
    Ok(shop)
}

fn show(bar: &ProgressBar, step: &str, done: f64) {
    bar.set_message(step.to_owned());
    // Only for a bar: a share between 0 and 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    bar.set_position((done * 1_000.0) as u64);
}

fn say(what: &str, started: Instant, shop: &demo::Summary) {
    eprintln!(
        "{what} in {:.1} s: {} orders with {} lines of {} customers, {} to {}",
        started.elapsed().as_secs_f64(),
        shop.orders,
        shop.lines,
        shop.customers,
        shop.from,
        shop.until
    );
}

/// A bar on a terminal; nothing elsewhere.
pub(super) fn progress_bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}
