//! The report section: everything above the first query.

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::{MOST_PARTS, param, template, too_many};
use crate::document::Section;
use crate::graph::OptionsUse;
use crate::id::ReportId;
use crate::param::Param;
use crate::problem::Problem;
use crate::report::{Access, Limits};
use crate::section::{self, Table};
use lang::Text;

/// What the report section says.
pub(crate) struct Header {
    pub title: Text,
    pub description: Option<Text>,
    pub owner: Option<String>,
    pub timezone: TimeZone,
    pub file_name: Option<Text>,
    pub formerly: Vec<ReportId>,
    pub access: Access,
    pub limits: Limits,
    pub params: IndexMap<String, Param>,
    /// Parameters the file name uses.
    pub named: Vec<String>,
    /// Where parameters take their choices from.
    pub options: Vec<OptionsUse>,
    /// False when parameters may be missing only because the section has mistakes.
    pub complete: bool,
}

/// The zone of reports that name none: where Digger is at home.
const DEFAULT_ZONE: &str = "Asia/Seoul";

/// Reads the section. What is missing or wrong is a problem and has its default.
pub(crate) fn read(text: &str, section: Option<&Section>, problems: &mut Vec<Problem>) -> Header {
    let mut header = Header {
        title: Text::default(),
        description: None,
        owner: None,
        timezone: TimeZone::get(DEFAULT_ZONE).unwrap_or(TimeZone::UTC),
        file_name: None,
        formerly: Vec::new(),
        access: Access::default(),
        limits: Limits::default(),
        params: IndexMap::new(),
        named: Vec::new(),
        options: Vec::new(),
        complete: false,
    };
    let Some(section) = section else {
        return header;
    };
    let (toml, clean) = section::parse(text, &section.body, problems);
    header.complete = clean;
    let mut table = Table::new(
        "the report section",
        toml.get_ref(),
        section.fence.clone(),
        section.body.start,
    );
    match table.text("title", problems) {
        Some(title) => header.title = title.value,
        None if clean && !table.entries().iter().any(|entry| entry.key == "title") => {
            table.missing(
                "title",
                "write `title = \"…\"` below `/*--- report`",
                problems,
            );
        }
        None => {}
    }
    header.description = table.text("description", problems).map(|text| text.value);
    header.owner = table.string("owner", problems).map(|text| text.value);
    if let Some(zone) = table.string("timezone", problems) {
        match TimeZone::get(&zone.value) {
            Ok(found) => header.timezone = found,
            Err(_) => problems.push(
                Problem::error(
                    "report::unknown_timezone",
                    format!("there is no time zone `{}`", zone.value),
                )
                .at(zone.span)
                .help("use a name of the time zone database, for example `Asia/Seoul` or `UTC`"),
            ),
        }
    }
    let file_name = table.text("file_name", problems);
    for old in table.strings("formerly", problems).unwrap_or_default() {
        match old.value.parse() {
            Ok(id) => header.formerly.push(id),
            Err(error) => {
                problems.push(Problem::error("report::bad_id", error.to_string()).at(old.span))
            }
        }
    }
    if let Some(mut access) = table.table("access", "[access]", problems) {
        header.access.view = groups(&mut access, "view", problems);
        header.access.run = groups(&mut access, "run", problems);
        access.finish(problems);
    }
    if let Some(mut limits) = table.table("limits", "[limits]", problems) {
        header.limits.rows = limits
            .whole("rows", 1, i64::MAX, problems)
            .and_then(|rows| u64::try_from(rows.value).ok());
        header.limits.runtime = limits.string("runtime", problems).and_then(|text| {
            let found = duration(&text.value);
            if found.is_none() {
                problems.push(bad_duration(&text.value, text.span));
            }
            found
        });
        limits.finish(problems);
    }
    if let Some(params) = table.table("params", "[params]", problems) {
        let entries = params.entries();
        if entries.len() > MOST_PARTS {
            problems.push(too_many("parameters", entries.len()).at(section.fence.clone()));
            return header;
        }
        for entry in entries {
            let path = format!("[params.{}]", entry.key);
            if let Some(inner) = params.as_table(&entry, &path, problems)
                && let Some(found) = param::read(
                    entry.key,
                    &entry.key_span,
                    inner,
                    &mut header.options,
                    problems,
                )
            {
                header.params.insert(found.name.clone(), found);
            } else {
                header.complete = false;
            }
        }
    }
    table.finish(problems);
    if let Some(file_name) = file_name {
        template::check(
            &file_name,
            &header.params,
            header.complete,
            &mut header.named,
            problems,
        );
        header.file_name = Some(file_name.value);
    }
    header
}

fn groups(table: &mut Table<'_>, key: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut groups = Vec::new();
    let named = table.strings(key, problems).unwrap_or_default();
    if named.len() > MOST_PARTS {
        problems.push(too_many("groups", named.len()).at(named[0].span.clone()));
        return groups;
    }
    for group in named {
        if group.value.trim().is_empty() {
            problems.push(
                Problem::error(
                    "report::empty_text",
                    format!("`{key}` in [access] names an empty group"),
                )
                .at(group.span)
                .help("an empty list means administrators only; there is no public"),
            );
        } else if !groups.contains(&group.value) {
            groups.push(group.value);
        }
    }
    groups
}

/// `30 minutes`, `1 hour`, `1h 30m`: at least one second, at most 366 days.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    // Days and weeks have 24 hours here: this is how long to wait, not a date.
    let duration = span
        .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
        .ok()?;
    let seconds = u64::try_from(duration.as_secs()).ok()?;
    (1..=366 * 86_400)
        .contains(&seconds)
        .then(|| Duration::from_secs(seconds))
}

pub(crate) fn bad_duration(text: &str, span: Range<usize>) -> Problem {
    Problem::error(
        "report::bad_duration",
        format!("`{text}` is not a length of time"),
    )
    .at(span)
    .help("write for example `30 seconds`, `10 minutes` or `1 hour`")
}
