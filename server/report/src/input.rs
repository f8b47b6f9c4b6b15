//! What a person typed, checked field by field and made absolute.

mod message;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::option::to_field;
use crate::param::{Bound, Grain, Options, Param, ParamKind};
use crate::period::{is_whole, shifted};
use crate::report::Report;
use crate::value::{FieldError, Input, Value, Values};

pub(crate) use read::{Clock, LONGEST_TEXT, read_value};

/// More chosen values than this are a mistake; the longest list a form offers is as long.
pub(crate) const MOST_CHOICES: usize = 5_000;

impl Report {
    /// The form as it is first shown: every default, as the author wrote it.
    pub fn default_input(&self) -> Input {
        self.params
            .values()
            .filter(|param| param.is_visible() && !param.default.is_empty())
            .map(|param| (param.name.clone(), param.default.clone()))
            .collect()
    }

    /// Checks every field and makes it absolute: relative dates are those of `now` in the report's
    /// zone. `viewer` holds the session's attributes; only they fill parameters with `from`.
    ///
    /// Choices that come from queries are checked for length only: their values are not known here.
    ///
    /// # Errors
    /// Every field that needs attention, not only the first, in the report's order.
    pub fn resolve(
        &self,
        input: &Input,
        viewer: &BTreeMap<String, Vec<String>>,
        now: Timestamp,
    ) -> Result<Values, Vec<FieldError>> {
        let (values, mut errors) = self.checked(self.params.values(), input, viewer, now);
        for field in input.keys().filter(|field| !self.has_field(field)) {
            errors.push(message::unknown(field, self.params.values()));
        }
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(errors)
        }
    }

    /// Like [`Report::resolve`] for some parameters only: choices are filled while other fields are
    /// still empty or wrong. Names the report does not have are passed over.
    ///
    /// # Errors
    /// Every one of these fields that needs attention.
    pub fn resolve_some(
        &self,
        names: &BTreeSet<String>,
        input: &Input,
        viewer: &BTreeMap<String, Vec<String>>,
        now: Timestamp,
    ) -> Result<Values, Vec<FieldError>> {
        let params = self
            .params
            .values()
            .filter(|param| names.contains(&param.name));
        let (values, errors) = self.checked(params, input, viewer, now);
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(errors)
        }
    }

    fn checked<'a>(
        &'a self,
        params: impl Iterator<Item = &'a Param>,
        input: &Input,
        viewer: &BTreeMap<String, Vec<String>>,
        now: Timestamp,
    ) -> (Values, Vec<FieldError>) {
        let clock = Clock {
            zone: &self.timezone,
            now,
        };
        let mut values = IndexMap::new();
        let mut errors = Vec::new();
        for param in params {
            let typed = match &param.viewer {
                Some(attribute) => {
                    let values = viewer.get(attribute).map_or(&[][..], Vec::as_slice);
                    let read = values.iter().map(|value| read::attribute(value));
                    match read.collect::<Option<Vec<_>>>() {
                        Some(read) => read.into_iter().filter(|value| !value.is_empty()).collect(),
                        None => {
                            errors.push(message::not_a(param, values));
                            continue;
                        }
                    }
                }
                None => match read::typed(param, input, &clock) {
                    Ok(typed) => typed,
                    Err(mut found) => {
                        errors.append(&mut found);
                        continue;
                    }
                },
            };
            match one(param, typed, &clock) {
                Ok(Some(value)) => {
                    values.insert(param.name.clone(), value);
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        (Values(values), errors)
    }

    /// True for a visible parameter, and for the ends of a visible period.
    fn has_field(&self, field: &str) -> bool {
        let (name, end) = field
            .split_once('.')
            .map_or((field, None), |(name, end)| (name, Some(end)));
        self.params.get(name).is_some_and(|param| {
            param.is_visible()
                && match end {
                    None => true,
                    Some(end) => {
                        param.kind == ParamKind::Period && matches!(end, "from" | "last_day")
                    }
                }
        })
    }

    /// The values as a form would send them, with absolute dates. Session values stay out.
    pub fn to_input(&self, values: &Values) -> Input {
        let mut input = Input::new();
        for (name, value) in &values.0 {
            if !self.params.get(name).is_some_and(Param::is_visible) {
                continue;
            }
            let typed = match value {
                Value::Text(value) => vec![value.clone()],
                Value::Choice(value) => vec![to_field(value).into_owned()],
                Value::Choices(values) => values
                    .iter()
                    .map(|value| to_field(value).into_owned())
                    .collect(),
                Value::Integer(value) => vec![value.to_string()],
                Value::Decimal(value) => vec![value.to_string()],
                Value::Boolean(true) => vec!["true".to_owned()],
                Value::Boolean(false) => continue,
                Value::Date(value) => vec![value.to_string()],
                Value::Datetime(value) => vec![read::wall_time(*value, &self.timezone)],
                Value::Period { from, until } => vec![format!("{from} .. {until}")],
            };
            input.insert(name.clone(), typed);
        }
        input
    }

    /// The values with every period moved by `by` times its own length; months stay months.
    ///
    /// `None` when there is no period, or it would leave the calendar.
    pub fn shift(&self, values: &Values, by: i32) -> Option<Values> {
        let mut moved = values.clone();
        let mut any = false;
        for value in moved.0.values_mut() {
            if let Value::Period { from, until } = value {
                (*from, *until) = shifted(*from, *until, by)?;
                any = true;
            }
        }
        any.then_some(moved)
    }

    /// Least and greatest day of a date, datetime field, as seen at `now`; for `min` and `max` of the form.
    pub fn bound_dates(&self, param: &str, now: Timestamp) -> (Option<Date>, Option<Date>) {
        let today = Clock {
            zone: &self.timezone,
            now,
        }
        .today();
        let day = |bound: &Option<Bound>| match bound {
            Some(Bound::Day(when)) => when.resolve(today),
            _ => None,
        };
        self.params
            .get(param)
            .map_or((None, None), |param| (day(&param.min), day(&param.max)))
    }
}

/// The value of one parameter; `None` when it is optional and absent.
fn one(param: &Param, typed: Vec<String>, clock: &Clock<'_>) -> Result<Option<Value>, FieldError> {
    // An option is what it is, blanks and all; what was chosen is known already.
    let is_option = matches!(param.kind, ParamKind::Choice | ParamKind::Choices);
    let typed: Vec<String> = typed
        .into_iter()
        .filter(|value| is_option || !value.trim().is_empty())
        .collect();
    if typed.is_empty() {
        return match (param.kind, param.required) {
            (ParamKind::Boolean, _) => Ok(Some(Value::Boolean(false))),
            (_, true) => Err(message::missing(param)),
            (_, false) => Ok(None),
        };
    }
    if typed.len() > MOST_CHOICES
        || (typed.len() > 1 && param.kind != ParamKind::Choices && param.kind != ParamKind::Boolean)
    {
        return Err(message::too_many(param));
    }
    if typed
        .iter()
        .any(|value| value.chars().count() > LONGEST_TEXT)
    {
        return Err(message::too_long(param));
    }
    let value =
        read_value(param.kind, &typed, clock).ok_or_else(|| message::not_a(param, &typed))?;
    match breach(param, &value, clock) {
        None => Ok(Some(value)),
        Some(found) => Err(message::breached(param, &value, &found)),
    }
}

/// What a value breaks, with the bound as people read it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Breach {
    /// Less than `min`.
    Below(Bound),
    /// More than `max`.
    Above(Bound),
    /// Not what the pattern describes.
    Pattern,
    /// Not whole units.
    Grain(Grain),
    /// Not one of the choices.
    Option(String),
}

/// The first rule of the parameter the value breaks.
pub(crate) fn breach(param: &Param, value: &Value, clock: &Clock<'_>) -> Option<Breach> {
    if let Value::Text(text) = value
        && param
            .regex
            .as_ref()
            .is_some_and(|regex| !regex.is_match(text))
    {
        return Some(Breach::Pattern);
    }
    if let Value::Period { from, until } = value
        && let Some(grain) = param.grain
        && !is_whole(*from, *until, grain)
    {
        return Some(Breach::Grain(grain));
    }
    if let Some(Options::List(list)) = &param.options {
        let known: BTreeSet<&str> = list.iter().map(|choice| choice.value.as_str()).collect();
        let chosen: &[String] = match value {
            Value::Choices(values) => values,
            Value::Choice(value) => std::slice::from_ref(value),
            _ => &[],
        };
        if let Some(unknown) = chosen.iter().find(|value| !known.contains(value.as_str())) {
            return Some(Breach::Option(unknown.clone()));
        }
    }
    if let Some(bound) = &param.min
        && compare(value, bound, clock).is_some_and(std::cmp::Ordering::is_lt)
    {
        return Some(Breach::Below(bound.clone()));
    }
    if let Some(bound) = &param.max
        && compare(value, bound, clock).is_some_and(std::cmp::Ordering::is_gt)
    {
        return Some(Breach::Above(bound.clone()));
    }
    None
}

/// How a value stands to a bound. `None` when they cannot be compared.
fn compare(value: &Value, bound: &Bound, clock: &Clock<'_>) -> Option<std::cmp::Ordering> {
    Some(match (value, bound) {
        (Value::Integer(value), Bound::Integer(bound)) => value.cmp(bound),
        (Value::Decimal(value), Bound::Decimal(bound)) => value.cmp(bound),
        (Value::Text(value), Bound::Count(bound)) => (value.chars().count() as u64).cmp(bound),
        (Value::Choices(values), Bound::Count(bound)) => (values.len() as u64).cmp(bound),
        (Value::Date(value), Bound::Day(bound)) => value.cmp(&bound.resolve(clock.today())?),
        (Value::Datetime(value), Bound::Day(bound)) => value
            .to_zoned(clock.zone.clone())
            .date()
            .cmp(&bound.resolve(clock.today())?),
        (Value::Period { from, until }, Bound::Length(bound)) => {
            until.cmp(&from.checked_add(bound.span).ok()?)
        }
        _ => return None,
    })
}

/// Whether a period keeps the parameter's least and greatest length.
pub(crate) fn keeps_length(param: &Param, from: Date, until: Date) -> bool {
    let reaches = |bound: &Option<Bound>| match bound {
        Some(Bound::Length(length)) => from.checked_add(length.span).ok(),
        _ => None,
    };
    reaches(&param.min).is_none_or(|least| until >= least)
        && reaches(&param.max).is_none_or(|most| until <= most)
}
