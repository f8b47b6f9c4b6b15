//! `digger sources`: tests the connection to every source.

use std::io::IsTerminal;

use anyhow::Result;
use settings::Overrides;
use source::{Checked, SourceConfig, SourceError};

use super::{DONE, FAILED, SourcesArgs};

/// Prints one line for every source; ends with 1 when one of them cannot be read, or may read files of its server
/// although the settings forbid it.
pub(super) fn sources(args: &SourcesArgs) -> Result<u8> {
    let settings = args.settings.load(Overrides {
        sources: args.source.clone(),
        ..Overrides::default()
    })?;
    if settings.sources.is_empty() {
        println!(
            "There are no sources; name one in digger.toml as [sources.NAME], or with --source"
        );
        return Ok(DONE);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut is_broken = false;
    for config in &settings.sources {
        let tested = runtime.block_on(test(config));
        let reads_files = tested
            .as_ref()
            .is_ok_and(|checked| checked.can_read_files.is_some());
        is_broken |= tested.is_err() || (reads_files && settings.forbid_file_access);
        let line = line(&config.name, &tested);
        // Red, for people.
        match reads_files && std::io::stdout().is_terminal() {
            true => println!("\x1b[31m{line}\x1b[0m"),
            false => println!("{line}"),
        }
    }
    Ok(if is_broken { FAILED } else { DONE })
}

/// Tests every source of a server that has just started, and logs what an administrator should mend.
///
/// Nothing waits for this: a source that is down may be up again before anybody asks for it.
pub(super) async fn look_at(configs: Vec<SourceConfig>) {
    for config in &configs {
        let tested = test(config).await;
        let line = line(&config.name, &tested);
        match tested {
            Ok(Checked {
                can_write: None,
                can_read_files: None,
                ..
            }) => {}
            Ok(Checked {
                can_read_files: Some(_),
                ..
            }) => tracing::error!(source.name = config.name, "{line}"),
            _ => tracing::warn!(source.name = config.name, "{line}"),
        }
    }
}

async fn test(config: &SourceConfig) -> Result<Checked, SourceError> {
    source::open(config)?.check().await
}

fn line(name: &str, tested: &Result<Checked, SourceError>) -> String {
    let Checked {
        endpoint,
        version,
        can_write,
        can_read_files,
    } = match tested {
        Ok(checked) => checked,
        Err(error) => return format!("{name}: {}", lang::chain_of(error)),
    };
    let mut line = format!("{name}: {version} answers at {endpoint}");
    match can_write {
        None => line.push_str(", and cannot be written to"),
        Some(what) => line.push_str(&format!(
            "; warning: the sign-in could write ({what}). Digger never does, but give it one that can only read"
        )),
    }
    if let Some(what) = can_read_files {
        line.push_str(&format!(
            "; DANGER: the sign-in may read files of that server ({what}), and so may everybody who writes reports. Give it one that can only read tables; docs/sources.md has the statements"
        ));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_that_could_write_is_warned_of() {
        let checked = |can_write: Option<&str>| {
            Ok(Checked {
                endpoint: "db:5432/shop".to_owned(),
                version: "PostgreSQL 15.4".to_owned(),
                can_write: can_write.map(str::to_owned),
                can_read_files: None,
            })
        };
        assert_eq!(
            line("shop", &checked(None)),
            "shop: PostgreSQL 15.4 answers at db:5432/shop, and cannot be written to"
        );
        let warned = line("shop", &checked(Some("it may update orders")));
        assert!(warned.contains("warning: the sign-in could write (it may update orders)"));
    }
}
