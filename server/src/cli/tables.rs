//! `digger migrate` and `digger move`: our own tables, for people who look after the database.

use anyhow::{Context, Result};
use settings::Overrides;
use store::{Location, Schema, Store};

use super::{DONE, FAILED, MigrateArgs, MoveArgs};

/// Brings the tables up to date, or says what that would do.
pub(super) fn migrate(args: &MigrateArgs) -> Result<u8> {
    let place = args.settings.load(Overrides::default())?.database;
    runtime()?.block_on(async {
        let before = if args.check {
            place.schema().await?
        } else {
            place.migrate().await?
        };
        print!("{}", told(&place, &before, args.check));
        let is_ready = before.pending.is_empty() && before.current <= before.known;
        Ok(if args.check && !is_ready {
            FAILED
        } else {
            DONE
        })
    })
}

fn told(place: &Location, before: &Schema, is_check: bool) -> String {
    let Schema {
        current,
        known,
        pending,
    } = before;
    if current > known {
        return format!(
            "{place}: schema {current}, which is newer than this Digger knows ({known}); use the version that wrote it\n"
        );
    }
    if pending.is_empty() {
        return format!("{place}: schema {current}, nothing to do\n");
    }
    let done = if is_check { "missing" } else { "applied" };
    let mut text = format!("{place}: schema {current}, this Digger needs {known}\n");
    for (version, name) in pending {
        text.push_str(&format!("  {done}: {version:04} {name}\n"));
    }
    text
}

/// Carries an installation over from one database to another.
pub(super) fn move_tables(args: &MoveArgs) -> Result<u8> {
    let from = Location::parse(&args.from).context("--from")?;
    let to = Location::parse(&args.to).context("--to")?;
    runtime()?.block_on(async {
        let source = Store::connect(&from).await?;
        let target = Store::connect(&to).await?;
        let moved = source.move_to(&target).await?;
        println!("{from} was copied to {to}; both have");
        for table in &moved {
            println!("  {:<18} {:>9} rows  {}", table.table, table.rows, table.sha256);
        }
        println!(
            "Finished files stay where they are. Name the new database as `database` in digger.toml; {from} was not changed."
        );
        source.close().await;
        target.close().await;
        Ok(DONE)
    })
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
