//! The time that decides: that of our own tables.
//!
//! Several hosts share the tables, and the clock of one may be days off. By its time queued runs would have expired and
//! everybody would be signed out, for all. So every host asks the tables how far its clock is ahead of theirs, and
//! reckons with it. On SQLite there is one host, and its clock counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use store::{Store, StoreError};

use crate::Lifecycle;

/// Between two comparisons.
const COMPARE: Duration = Duration::from_secs(60);
/// Clocks that are kept in step differ by less; milliseconds. Smaller differences are left alone, so that time does not
/// go back and forth with every comparison.
const IN_STEP: i64 = 2_000;
/// Further apart, something is wrong with a clock; milliseconds.
const FAR: i64 = 60_000;

/// How far the clock of this host is ahead of that of our own tables, milliseconds.
static AHEAD: AtomicI64 = AtomicI64::new(0);
/// What tests add to the clock of this host, milliseconds.
static SHIFTED: AtomicI64 = AtomicI64::new(0);

/// Now, to the millisecond, as our own tables keep times. Read where something begins, such as a request or a turn of a
/// loop, and passed down from there.
pub fn now() -> Timestamp {
    Timestamp::from_millisecond(host_ms() - ahead_ms()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// How far the clock of this host is ahead of [`now`], milliseconds.
fn ahead_ms() -> i64 {
    AHEAD.load(Ordering::Relaxed)
}

/// Whether the clock of this host is so far off that it had better leave others alone.
pub fn is_far_off() -> bool {
    ahead_ms().abs() > FAR
}

/// Compares the clocks for the first time, and every minute from now on.
///
/// # Errors
/// When our own tables cannot be read.
pub async fn follow(
    store: &Store,
    shifted: Duration,
    lifecycle: Arc<Lifecycle>,
) -> Result<(), StoreError> {
    SHIFTED.store(
        i64::try_from(shifted.as_millis()).unwrap_or(0),
        Ordering::Relaxed,
    );
    compare(store).await?;
    let store = store.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(COMPARE) => {}
                () = lifecycle.until_draining() => return,
            }
            if let Err(error) = compare(&store).await {
                tracing::warn!(error = %lang::chain_of(&error), "Could not compare the clocks");
            }
        }
    });
    Ok(())
}

async fn compare(store: &Store) -> Result<(), StoreError> {
    let before = host_ms();
    let Some(theirs) = store.clock().await? else {
        return Ok(());
    };
    let took = host_ms() - before;
    // An answer that was long on its way tells little.
    if took > IN_STEP {
        return Ok(());
    }
    let ahead = before + took / 2 - theirs.as_millisecond();
    let ahead = if ahead.abs() < IN_STEP { 0 } else { ahead };
    let was_far_off = is_far_off();
    AHEAD.store(ahead, Ordering::Relaxed);
    if is_far_off() && !was_far_off {
        tracing::error!(
            ahead_s = ahead / 1_000,
            "The clock of this host is {} s ahead of that of our own tables. Their time counts, and this process leaves \
             what others left behind to others until the clock is set right (NTP)",
            ahead / 1_000
        );
    } else if was_far_off && !is_far_off() {
        tracing::info!("The clock of this host is right again");
    }
    Ok(())
}

fn host_ms() -> i64 {
    Timestamp::now().as_millisecond() + SHIFTED.load(Ordering::Relaxed)
}
