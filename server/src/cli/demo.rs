//! `digger demo`: the demo shop as a file.

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
    runtime.block_on(make_shop(&args.out, options))?;
    Ok(DONE)
}

/// Makes the demo shop at `path`, with its progress on standard error.
///
/// # Errors
/// When the file cannot be written; a half-made shop is not left behind.
pub(super) async fn make_shop(path: &Path, options: demo::Options) -> Result<demo::Summary> {
    let started = Instant::now();
    let bar = progress_bar(1_000);
    bar.set_message("Making the demo shop");
    let today = jiff::Zoned::now().date();
    let made = demo::make(path, today, options, |step, done| {
        bar.set_message(step.to_owned());
        // Only for a bar: a share between 0 and 1.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        bar.set_position((done * 1_000.0) as u64);
    })
    .await;
    bar.finish_and_clear();
    let shop = made.with_context(|| format!("cannot make the demo shop {}", path.display()))?;
    eprintln!(
        "Made {} in {:.1} s: {} orders with {} lines of {} customers, {} to {}",
        path.display(),
        started.elapsed().as_secs_f64(),
        shop.orders,
        shop.lines,
        shop.customers,
        shop.from,
        shop.until
    );
    Ok(shop)
}

/// A bar on a terminal; nothing elsewhere.
pub(super) fn progress_bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}
