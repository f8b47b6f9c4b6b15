//! Every use of a parameter, checked against what the report declares.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::header::Header;
use crate::block::{Block, BlockKind, ReadingError};
use crate::condition::{ParamUse, Piece, Shape, visit_uses};
use crate::nearest::nearest;
use crate::param::{Param, ParamKind};
use crate::period::is_before;
use crate::problem::Problem;

/// What may stand behind the dot of a period.
pub(crate) const PERIOD_FIELDS: [&str; 4] = ["from", "until", "first_day", "last_day"];

/// Checks all blocks and fills in which parameters each uses.
pub(super) fn check(
    text: &str,
    header: &Header,
    blocks: &mut [Block],
    problems: &mut Vec<Problem>,
) {
    let mut used: BTreeSet<String> = header.named.iter().cloned().collect();
    for block in blocks.iter_mut() {
        drop_misread(header, text, block);
        let checker = Checker {
            header,
            block,
            problems: &mut *problems,
            params: BTreeSet::new(),
        };
        let mut params = checker.run();
        other_readings(header, block, &mut params);
        used.extend(params.iter().cloned());
        block.params = params;
    }
    if !header.complete {
        return;
    }
    for param in header
        .params
        .values()
        .filter(|param| !used.contains(&param.name))
    {
        let help = format!(
            "use `:{}{}` or remove it",
            param.name,
            if param.kind == ParamKind::Period {
                ".from"
            } else {
                ""
            }
        );
        let problem = if param.is_visible() {
            Problem::warning(
                "report::unused_parameter",
                format!("no query uses `{}`", param.name),
            )
        } else {
            // A forgotten filter shows everybody everything.
            Problem::error(
                "report::unused_parameter",
                format!(
                    "no query uses `{}`, which comes from the session",
                    param.name
                ),
            )
        };
        problems.push(
            problem
                .at(param.span.clone())
                .label("never used")
                .help(help),
        );
    }
}

/// Gives up readings in which text of a string looks like a parameter, where another has none.
fn drop_misread(header: &Header, text: &str, block: &mut Block) {
    let unknown = |pieces: &[Piece]| -> Option<String> {
        let known =
            |name: &str| header.params.contains_key(name) || super::RESERVED.contains(&name);
        uses(pieces).into_keys().find(|name| !known(name))
    };
    let unknown: Vec<Option<String>> = block
        .readings
        .iter()
        .map(|(_, read)| unknown(&read.as_ref().ok()?.pieces))
        .collect();
    let good = (block.readings.iter().zip(&unknown))
        .find_map(|((_, read), unknown)| read.as_ref().ok().filter(|_| unknown.is_none()));
    let Some(good) = good.cloned() else { return };
    for ((_, read), unknown) in block.readings.iter_mut().zip(unknown) {
        if let Some(name) = unknown {
            let is_first = read.as_ref().is_ok_and(|read| read.pieces == block.pieces);
            if is_first {
                block.sql = text[good.span.clone()].to_owned();
                block.span = good.span.clone();
                block.pieces = good.pieces.clone();
            }
            *read = Err(ReadingError::UnknownParam(name));
        }
    }
}

/// Adds the parameters only some databases read, and refuses to let any of them lose one: a filter
/// that ends up in a comment shows everybody everything.
fn other_readings(header: &Header, block: &mut Block, params: &mut BTreeSet<String>) {
    let wanted = uses(&block.pieces);
    for (rules, read) in &mut block.readings {
        let Ok(reading) = read else { continue };
        let found = uses(&reading.pieces);
        let is_lost = |name: &&String| {
            let is_visible = header.params.get(*name).is_some_and(Param::is_visible);
            match (found.get(*name), wanted.get(*name)) {
                (None, _) => true,
                (found, wanted) => !is_visible && found < wanted,
            }
        };
        if let Some(lost) = wanted.keys().find(is_lost) {
            *read = Err(ReadingError::LostParam {
                name: lost.clone(),
                rules: *rules,
            });
            continue;
        }
        let known = |name: &String| header.params.contains_key(name.as_str());
        params.extend(found.into_keys().filter(known));
    }
}

/// How often a statement uses each parameter, in itself and as a condition.
fn uses(pieces: &[Piece]) -> BTreeMap<String, usize> {
    let mut uses = BTreeMap::new();
    visit_uses(pieces, &mut |found, _| {
        *uses.entry(found.name.clone()).or_default() += 1;
    });
    for piece in pieces {
        if let Piece::If { name, .. } = piece {
            *uses.entry(name.clone()).or_default() += 1;
        }
    }
    uses
}

struct Checker<'a> {
    header: &'a Header,
    block: &'a Block,
    problems: &'a mut Vec<Problem>,
    params: BTreeSet<String>,
}

impl Checker<'_> {
    fn run(mut self) -> BTreeSet<String> {
        let mut fields: BTreeSet<(String, String)> = BTreeSet::new();
        let block = self.block;
        visit_uses(&block.pieces, &mut |found, inside| {
            fields.insert((found.name.clone(), found.field.clone().unwrap_or_default()));
            self.one(found, inside);
        });
        self.conditions();
        let has = |name: &str, field: &str| fields.contains(&(name.to_owned(), field.to_owned()));
        if let BlockKind::Extract {
            partition,
            incremental,
            split,
            ..
        } = &block.kind
        {
            if let Some(split) = split {
                for (field, op) in [("from", ">="), ("until", "<")] {
                    if !has("split", field) {
                        self.problems.push(
                            Problem::error(
                                "report::partition_not_used",
                                format!(
                                    "`{}` is split but never uses `:split.{field}`",
                                    block.name
                                ),
                            )
                            .at(block.name_span.clone())
                            .help(format!("add `AND {} {op} :split.{field}`", split.column)),
                        );
                    }
                }
            }
            if let Some(partition) = partition {
                self.partition_over(&partition.over);
                for (field, op) in [("from", ">="), ("until", "<")] {
                    if !has("partition", field) {
                        let column = &partition.column;
                        let unit = partition.unit.as_str();
                        self.problems.push(
                            Problem::error(
                                "report::partition_not_used",
                                format!("`{}` is partitioned by {unit} but never uses `:partition.{field}`", block.name),
                            )
                            .at(block.name_span.clone())
                            .help(format!("add `AND {column} {op} :partition.{field}`")),
                        );
                    }
                }
            }
            if let Some(incremental) = incremental
                && !has("incremental", "since")
            {
                self.problems.push(
                    Problem::error(
                        "report::partition_not_used",
                        format!(
                            "`{}` is incremental but never uses `:incremental.since`",
                            block.name
                        ),
                    )
                    .at(block.name_span.clone())
                    .help(format!(
                        "add `WHERE {} >= :incremental.since`",
                        incremental.column
                    )),
                );
            }
        }
        self.params
    }

    fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.block.span.start + range.start..self.block.span.start + range.end
    }

    fn one(&mut self, found: &ParamUse, inside: Option<&str>) {
        let at = self.place(&found.at);
        match found.name.as_str() {
            "partition" | "incremental" | "split" => return self.own(found, at),
            _ => {}
        }
        let Some(param) = self.header.params.get(&found.name) else {
            return self.unknown(&found.name, at);
        };
        self.params.insert(param.name.clone());
        self.field(param, found, at.clone());
        if inside != Some(param.name.as_str()) && is_optional(param) {
            self.problems.push(
                Problem::error(
                    "report::optional_outside_if",
                    format!(
                        "`{0}` is optional but used outside `/*if {0}*/`",
                        param.name
                    ),
                )
                .at(at.clone())
                .label("may have no value")
                .help(format!(
                    "wrap the condition: `/*if {0}*/ … /*end*/`, or set `required = true`",
                    param.name
                )),
            );
        }
        let list = param.kind == ParamKind::Choices;
        if list && found.shape == Shape::Single {
            self.problems.push(
                Problem::error(
                    "report::list_use",
                    format!("`{}` is a list and cannot stand here", param.name),
                )
                .at(at)
                .label("a list")
                .help(format!("write `= ANY(:{0})` or `IN (:{0})`", param.name)),
            );
        } else if !list && matches!(found.shape, Shape::Any | Shape::None) {
            let op = if found.shape == Shape::Any { "=" } else { "<>" };
            let field = found
                .field
                .as_ref()
                .map_or(String::new(), |field| format!(".{field}"));
            self.problems.push(
                Problem::error(
                    "report::list_use",
                    format!("`{}` is a single value, not a list", param.name),
                )
                .at(at)
                .label("a single value")
                .help(format!("write `{op} :{}{field}`", param.name)),
            );
        }
    }

    /// `:partition.*`, `:incremental.*` and `:split.*`.
    fn own(&mut self, found: &ParamUse, at: Range<usize>) {
        let (declared, fields): (bool, &[&str]) = match (&self.block.kind, found.name.as_str()) {
            (BlockKind::Extract { partition, .. }, "partition") => {
                (partition.is_some(), &["from", "until"])
            }
            (BlockKind::Extract { split, .. }, "split") => (split.is_some(), &["from", "until"]),
            (BlockKind::Extract { incremental, .. }, _) => (incremental.is_some(), &["since"]),
            (BlockKind::Polars, "partition" | "split") => (false, &["from", "until"]),
            (BlockKind::Polars, _) => (false, &["since"]),
        };
        let written = found.field.as_deref().unwrap_or_default();
        if !declared {
            let help = match (&self.block.kind, found.name.as_str()) {
                (BlockKind::Polars, _) => "only queries with `-- source:` have it".to_owned(),
                (_, "partition") => {
                    "add a line `-- partition: column by day over parameter`".to_owned()
                }
                (_, "split") => "add a line `-- split: column of table into 4`".to_owned(),
                _ => "add a line `-- incremental: column key column`".to_owned(),
            };
            self.problems.push(
                Problem::error(
                    "report::unknown_parameter",
                    format!(
                        "query `{}` uses `:{}`, which it does not declare",
                        self.block.name,
                        dotted(found)
                    ),
                )
                .at(at)
                .label("not declared")
                .help(help),
            );
        } else if !fields.contains(&written) {
            self.unknown_field(found, fields, at);
        }
    }

    fn unknown(&mut self, name: &str, at: Range<usize>) {
        if !self.header.complete {
            return;
        }
        let declared: Vec<&str> = self.header.params.keys().map(String::as_str).collect();
        let list = if declared.is_empty() {
            "The report declares none.".to_owned()
        } else {
            format!("Declared: {}.", declared.join(", "))
        };
        let help = match nearest(name, declared.iter().copied()) {
            Some(close) => format!("did you mean `:{close}`? {list}"),
            None => format!("add `[params.{name}]` to the report section. {list}"),
        };
        self.problems.push(
            Problem::error(
                "report::unknown_parameter",
                format!(
                    "query `{}` uses `:{name}`, which the report does not declare",
                    self.block.name
                ),
            )
            .at(at)
            .label("not a parameter")
            .help(help),
        );
    }

    fn field(&mut self, param: &Param, found: &ParamUse, at: Range<usize>) {
        match (param.kind, &found.field) {
            (ParamKind::Period, Some(field)) if PERIOD_FIELDS.contains(&field.as_str()) || is_before(field) => {}
            (ParamKind::Period, Some(_)) => self.unknown_field(found, &PERIOD_FIELDS, at),
            (ParamKind::Period, None) => self.problems.push(
                Problem::error("report::unknown_field", format!("`{}` is a period and needs a field", param.name))
                    .at(at)
                    .label("which day?")
                    .help(format!("write `>= :{0}.from` and `< :{0}.until`, or `BETWEEN :{0}.first_day AND :{0}.last_day`", param.name)),
            ),
            (_, Some(_)) => self.problems.push(
                Problem::error(
                    "report::unknown_field",
                    format!("`{}` is of type {} and has no fields", param.name, param.kind.as_str()),
                )
                .at(at)
                .help(format!("write `:{}`", param.name)),
            ),
            (_, None) => {}
        }
    }

    fn unknown_field(&mut self, found: &ParamUse, fields: &[&str], at: Range<usize>) {
        let written = found.field.as_deref().unwrap_or_default();
        let help = match nearest(written, fields.iter().copied()) {
            Some(close) => format!("did you mean `:{}.{close}`?", found.name),
            None => format!("its fields are {}", fields.join(", ")),
        };
        self.problems.push(
            Problem::error(
                "report::unknown_field",
                format!("`:{}` is no field of `{}`", dotted(found), found.name),
            )
            .at(at)
            .label("unknown field")
            .help(help),
        );
    }

    fn conditions(&mut self) {
        for piece in &self.block.pieces {
            let Piece::If {
                name, name_range, ..
            } = piece
            else {
                continue;
            };
            let at = self.place(name_range);
            match self.header.params.get(name) {
                None => self.unknown(name, at),
                Some(param) => {
                    self.params.insert(param.name.clone());
                    if !param.is_visible() {
                        self.problems.push(
                            Problem::error(
                                "report::viewer_condition",
                                format!("`{name}` comes from the session and may not be optional"),
                            )
                            .at(at)
                            .label("would drop the row filter")
                            .help(format!("remove the `/*if {name}*/`")),
                        );
                    }
                }
            }
        }
    }

    fn partition_over(&mut self, over: &str) {
        match self.header.params.get(over) {
            Some(param) if param.kind == ParamKind::Period && !is_optional(param) => {
                self.params.insert(over.to_owned());
            }
            Some(param) => {
                self.params.insert(over.to_owned());
                let what = if param.kind == ParamKind::Period {
                    "is optional"
                } else {
                    "is not a period"
                };
                self.problems.push(
                    Problem::error(
                        "report::bad_key_value",
                        format!(
                            "`{}` is partitioned over `{over}`, which {what}",
                            self.block.name
                        ),
                    )
                    .at(self.block.name_span.clone())
                    .help("partition over a required parameter of type `period`"),
                );
            }
            None => {
                let at = self.block.name_span.clone();
                self.unknown(over, at);
            }
        }
    }
}

/// True when the parameter may have no value. Booleans always have one.
fn is_optional(param: &Param) -> bool {
    !param.required && param.kind != ParamKind::Boolean
}

fn dotted(found: &ParamUse) -> String {
    match &found.field {
        Some(field) => format!("{}.{field}", found.name),
        None => found.name.clone(),
    }
}
