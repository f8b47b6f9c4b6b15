//! Takes settings out of a TOML table and the environment one by one and collects what is wrong.
//!
//! A key that nobody took is unknown; that is how misspelt keys are found without a second list of keys.

mod files;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo};
use source::SourceConfig;
use store::Location;
use toml::{Table, Value};

use super::{is_source_name, set_source};

/// Names that other parts of Digger read from the environment.
const READ_ELSEWHERE: [&str; 5] = [
    "DIGGER_DEMO_INTO",
    "DIGGER_LOG",
    "DIGGER_MOVE_FROM",
    "DIGGER_MOVE_TO",
    "DIGGER_SITE",
];

pub(super) struct Reader<'a> {
    file: &'a str,
    table: Table,
    environment: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &str, environment: &BTreeMap<String, String>) -> Self {
        let mut problems = Vec::new();
        let table = text.parse::<Table>().unwrap_or_else(|error| {
            // Only the message: the excerpt in the full text could show a password.
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            problems.push(format!("{file}, line {line}: {}", error.message()));
            Table::new()
        });
        Self {
            file,
            table,
            environment: environment.clone(),
            problems,
        }
    }

    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// A text by its key, or by its variable, which wins.
    pub(super) fn text(&mut self, key: &str, variable: &str) -> Option<String> {
        let from_file = self.table.remove(key);
        if let Some(value) = self.environment.remove(variable) {
            return Some(value);
        }
        match from_file? {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => {
                self.problems
                    .push(format!("{}: `{key}` must be a text", self.file));
                None
            }
        }
    }

    /// Where our own tables are: `database`, or `DIGGER_DATABASE_URL`, which wins.
    pub(super) fn database(&mut self, data_dir: &Path) -> Location {
        let url = self.text("database", "DIGGER_DATABASE_URL");
        let place = url.as_deref().map(Location::parse).transpose();
        let place = place.unwrap_or_else(|error| {
            self.problems
                .push(format!("{}: `database`: {error}", self.file));
            None
        });
        place.unwrap_or_else(|| Location::directory(data_dir))
    }

    /// A number of `[limits]`.
    pub(super) fn limit(&mut self, key: &str, default: u32, bounds: RangeInclusive<u32>) -> u32 {
        let value = match self.table.get_mut("limits") {
            Some(Value::Table(limits)) => limits.remove(key),
            _ => None,
        };
        self.whole(value, &format!("limits.{key}"), default, bounds)
    }

    /// A setting that is true or false, and false when it is not there.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        match self.table.remove(key) {
            Some(Value::Boolean(is_set)) => is_set,
            Some(_) => {
                self.problems
                    .push(format!("{}: `{key}` must be true or false", self.file));
                false
            }
            None => false,
        }
    }

    /// A hidden duration of the environment, milliseconds.
    pub(super) fn millis(&mut self, variable: &str, default: u64) -> Duration {
        let millis = match self
            .environment
            .remove(variable)
            .map(|value| value.parse::<u64>())
        {
            Some(Ok(millis)) if millis > 0 => millis,
            Some(_) => {
                self.problems.push(format!(
                    "{variable} must be a number of milliseconds above 0"
                ));
                default
            }
            None => default,
        };
        Duration::from_millis(millis)
    }

    /// Every `[sources.NAME]`, and `DIGGER_SOURCE_<NAME>_URL`, which wins over the file. Passwords
    /// may come from `DIGGER_SOURCE_<NAME>_PASSWORD`.
    pub(super) fn sources(&mut self) -> Vec<SourceConfig> {
        let mut sources = Vec::new();
        let urls = self.source_variables("_URL");
        let passwords = self.source_variables("_PASSWORD");
        match self.table.remove("sources") {
            Some(Value::Table(tables)) => {
                for (name, settings) in tables {
                    if let Some(source) = self.source(&name, settings, urls.contains_key(&name)) {
                        sources.push(source);
                    }
                }
            }
            Some(_) => self
                .problems
                .push(format!("{}: write sources as [sources.NAME]", self.file)),
            None => {}
        }
        for (name, url) in urls {
            set_source(&mut sources, &name, &url);
        }
        for (name, password) in passwords {
            match sources.iter_mut().find(|source| source.name == name) {
                Some(source) => source.password = Some(password),
                None => self.problems.push(format!(
                    "DIGGER_SOURCE_{}_PASSWORD belongs to no source; name the source `{name}` in {}, or unset the variable",
                    name.to_ascii_uppercase(),
                    self.file
                )),
            }
        }
        sources
    }

    /// What is wrong, with every key and variable that nobody took.
    pub(super) fn finish(mut self) -> Vec<String> {
        let mut unknown = Vec::new();
        for (key, value) in &self.table {
            match (key.as_str(), value) {
                ("limits", Value::Table(limits)) => {
                    unknown.extend(limits.keys().map(|key| format!("limits.{key}")));
                }
                _ => unknown.push(key.clone()),
            }
        }
        for key in unknown {
            self.problems
                .push(format!("{}: there is no setting `{key}`", self.file));
        }
        for variable in self.environment.keys() {
            if !READ_ELSEWHERE.contains(&variable.as_str()) {
                self.problems.push(format!(
                    "there is no setting {variable}; unset the variable"
                ));
            }
        }
        self.problems
    }

    /// The values of `DIGGER_SOURCE_<NAME><suffix>` by the name of the source.
    fn source_variables(&mut self, suffix: &str) -> BTreeMap<String, String> {
        let names: Vec<String> = self
            .environment
            .keys()
            .filter(|name| name.starts_with("DIGGER_SOURCE_") && name.ends_with(suffix))
            .cloned()
            .collect();
        let mut values = BTreeMap::new();
        for variable in names {
            let name = variable
                .strip_prefix("DIGGER_SOURCE_")
                .and_then(|rest| rest.strip_suffix(suffix))
                .unwrap_or_default()
                .to_ascii_lowercase();
            let value = self.environment.remove(&variable).unwrap_or_default();
            if is_source_name(&name) {
                values.insert(name, value);
            } else {
                self.problems.push(format!(
                    "{variable} does not name a source; use letters, digits and _"
                ));
            }
        }
        values
    }

    fn source(&mut self, name: &str, settings: Value, has_url: bool) -> Option<SourceConfig> {
        if !is_source_name(name) {
            self.problems.push(format!(
                "{}: a source is named in lower case, digits and _, which `{name}` is not",
                self.file
            ));
            return None;
        }
        let Value::Table(mut settings) = settings else {
            self.problems.push(format!(
                "{}: write the source as [sources.{name}]",
                self.file
            ));
            return None;
        };
        let mut source = SourceConfig::new(name, "");
        match settings.remove("url").map(endpoints) {
            Some(Some(urls)) => source.urls = urls,
            None if has_url => {}
            _ => self.problems.push(format!(
                "{}: the source `{name}` needs `url`, like \"sqlite:shop.sqlite\", or a list of them like [\"postgres://db1/shop\", \"postgres://db2/shop\"], or DIGGER_SOURCE_{}_URL",
                self.file,
                name.to_ascii_uppercase()
            )),
        }
        match settings.remove("ca_file") {
            Some(Value::String(path)) if !path.is_empty() => source.ca_file = Some(path.into()),
            Some(_) => self.problems.push(format!(
                "{}: `ca_file` of the source `{name}` must be the path of a PEM file",
                self.file
            )),
            None => {}
        }
        match settings.remove("zone") {
            Some(Value::String(zone)) => match TimeZone::get(&zone) {
                Ok(zone) => source.zone = zone,
                Err(_) => self.problems.push(format!(
                    "{}: `{zone}` of the source `{name}` is not a time zone; write one like Asia/Seoul",
                    self.file
                )),
            },
            Some(_) => self.problems.push(format!("{}: `zone` of the source `{name}` must be a text", self.file)),
            None => {}
        }
        let running = settings.remove("max_running");
        source.max_running = self.whole(
            running,
            &format!("sources.{name}.max_running"),
            2,
            1..=1_000,
        );
        let mut duration =
            |key: &str| self.duration(settings.remove(key), &format!("sources.{name}.{key}"));
        source.timeout = duration("timeout");
        if let Some(limit) = duration("connect_timeout") {
            source.connect_timeout = limit;
        }
        if let Some(limit) = duration("idle_timeout") {
            source.idle_timeout = limit;
        }
        for key in settings.keys() {
            self.problems.push(format!(
                "{}: there is no setting `sources.{name}.{key}`",
                self.file
            ));
        }
        Some(source)
    }

    fn whole(
        &mut self,
        value: Option<Value>,
        key: &str,
        default: u32,
        bounds: RangeInclusive<u32>,
    ) -> u32 {
        let number = match value {
            None => return default,
            Some(Value::Integer(number)) => u32::try_from(number).ok(),
            Some(_) => None,
        };
        number
            .filter(|number| bounds.contains(number))
            .unwrap_or_else(|| {
                let (least, most) = bounds.into_inner();
                self.problems.push(format!(
                    "{}: `{key}` must be a whole number from {least} to {most}",
                    self.file
                ));
                default
            })
    }

    fn duration(&mut self, value: Option<Value>, key: &str) -> Option<Duration> {
        let parsed = match value? {
            Value::String(text) => text
                .parse::<Span>()
                .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
                .ok()
                .and_then(|duration| Duration::try_from(duration).ok())
                .filter(|duration| !duration.is_zero()),
            _ => None,
        };
        if parsed.is_none() {
            self.problems.push(format!(
                "{}: `{key}` must be a duration like \"10 minutes\"",
                self.file
            ));
        }
        parsed
    }
}

/// One URL, or several in a list.
fn endpoints(value: Value) -> Option<Vec<String>> {
    let given = match value {
        Value::Array(given) => given,
        one => vec![one],
    };
    let urls: Vec<String> = given
        .into_iter()
        .map(|url| match url {
            Value::String(url) if !url.is_empty() => Some(url),
            _ => None,
        })
        .collect::<Option<_>>()?;
    (!urls.is_empty()).then_some(urls)
}
