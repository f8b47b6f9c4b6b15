//! `digger sources`: tests the connection to every source.

use anyhow::Result;
use source::{Checked, SourceConfig, SourceError};

use super::{DONE, FAILED, SourcesArgs};
use crate::config::Overrides;

/// Prints one line for every source; ends with 1 when one of them cannot be read.
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
        is_broken |= tested.is_err();
        println!("{}", line(&config.name, &tested));
    }
    Ok(if is_broken { FAILED } else { DONE })
}

/// Tests every source of a server that has just started, and logs what an administrator should mend.
///
/// Nothing waits for this: a source that is down may be up again before anybody asks for it.
pub(super) async fn look_at(configs: Vec<SourceConfig>) {
    for config in &configs {
        let tested = test(config).await;
        if !matches!(
            tested,
            Ok(Checked {
                can_write: None,
                ..
            })
        ) {
            tracing::warn!(source.name = config.name, "{}", line(&config.name, &tested));
        }
    }
}

async fn test(config: &SourceConfig) -> Result<Checked, SourceError> {
    source::open(config)?.check().await
}

fn line(name: &str, tested: &Result<Checked, SourceError>) -> String {
    match tested {
        Ok(Checked {
            endpoint,
            version,
            can_write: None,
        }) => format!("{name}: {version} answers at {endpoint}, and cannot be written to"),
        Ok(Checked {
            endpoint,
            version,
            can_write: Some(what),
        }) => format!(
            "{name}: {version} answers at {endpoint}; warning: the sign-in could write ({what}). Digger never does, but give it one that can only read"
        ),
        Err(error) => format!("{name}: {error}"),
    }
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
