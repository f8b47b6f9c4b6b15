//! The fields of a file name template, checked when the file is read.

use indexmap::IndexMap;

use crate::file_name::{Part, parts};
use crate::nearest::suggestion;
use crate::param::{Param, ParamKind};
use crate::problem::Problem;
use crate::section::Placed;
use lang::Text;

/// Fields that are no parameters.
pub(crate) const FIELDS: [&str; 3] = ["title", "started", "date"];

/// Checks every `{field}` and notes the parameters used.
pub(crate) fn check(
    template: &Placed<Text>,
    params: &IndexMap<String, Param>,
    complete: bool,
    named: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    let mut told: Vec<String> = Vec::new();
    for text in [&template.value.ko, &template.value.en]
        .into_iter()
        .flatten()
    {
        for part in parts(text) {
            let Part::Field(written) = part else { continue };
            let (name, field) = written
                .split_once('.')
                .map_or((written, None), |(name, field)| (name, Some(field)));
            let known = match params.get(name) {
                Some(param) if param.is_visible() => {
                    named.push(name.to_owned());
                    match field {
                        None => true,
                        Some(field) => {
                            param.kind == ParamKind::Period
                                && crate::parse::uses::PERIOD_FIELDS.contains(&field)
                        }
                    }
                }
                Some(_) => false,
                None => (field.is_none() && FIELDS.contains(&name)) || !complete,
            };
            if !known && !told.iter().any(|old| old == written) {
                told.push(written.to_owned());
                let fields: Vec<&str> = params
                    .values()
                    .filter(|param| param.is_visible())
                    .map(|param| param.name.as_str())
                    .chain(FIELDS)
                    .collect();
                let help = match params.get(name) {
                    Some(param) if !param.is_visible() => Some(format!(
                        "`{name}` comes from the session and stays out of file names"
                    )),
                    Some(_) => Some(format!(
                        "periods have {}",
                        crate::parse::uses::PERIOD_FIELDS.join(", ")
                    )),
                    None => suggestion(name, fields.iter().copied(), "its fields are"),
                };
                problems.push(
                    Problem::error(
                        "report::unknown_parameter",
                        format!("the file name has no field `{{{written}}}`"),
                    )
                    .at(template.span.clone())
                    .maybe_help(help),
                );
            }
        }
    }
}
