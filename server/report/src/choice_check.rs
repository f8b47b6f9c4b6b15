//! Chosen values of parameters whose options come from a query: whether they are offered, and what
//! people read for them.
//!
//! The pages and `digger run` check and name choices alike; how the query is asked is their affair.

use std::collections::BTreeMap;

use crate::{FieldError, Options, Param, Report, Value, Values};
use lang::Text;

/// Values somebody chose for one parameter.
pub struct Chosen<'a> {
    /// The parameter.
    pub param: &'a Param,
    values: Vec<&'a String>,
    /// Values the query behind its options needs.
    pub needed: Values,
}

/// Every visible parameter with a chosen value and options from a query.
pub fn chosen<'a>(report: &'a Report, values: &'a Values) -> Vec<Chosen<'a>> {
    let mut all = Vec::new();
    for param in report.params.values() {
        let of_query = matches!(param.options, Some(Options::Query { .. }));
        let values_of: Vec<&String> = match values.get(&param.name) {
            Some(Value::Choice(value)) => vec![value],
            Some(Value::Choices(values)) => values.iter().collect(),
            _ => continue,
        };
        if !of_query || !param.is_visible() || values_of.is_empty() {
            continue;
        }
        let names = report.choices_need(param);
        let needed = values.0.iter().filter(|(name, _)| names.contains(*name));
        all.push(Chosen {
            param,
            values: values_of,
            needed: Values(
                needed
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            ),
        });
    }
    all
}

impl Chosen<'_> {
    /// Whether the empty option is chosen although there is none. On the command line an empty value
    /// also takes a default away.
    pub fn is_empty_in_vain(&self, offered: &[(String, String)]) -> bool {
        self.values.iter().any(|value| value.is_empty())
            && !offered.iter().any(|(value, _)| value.is_empty())
    }

    /// The label of each chosen value, given the query's answer.
    ///
    /// # Errors
    /// One error for every value that is not offered.
    pub fn labels(
        &self,
        offered: &[(String, String)],
    ) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
        let known: BTreeMap<&str, &str> = offered
            .iter()
            .map(|(value, label)| (value.as_str(), label.as_str()))
            .collect();
        let mut labels = BTreeMap::new();
        let mut errors = Vec::new();
        for value in &self.values {
            match known.get(value.as_str()) {
                Some(label) => {
                    labels.insert((*value).clone(), (*label).to_owned());
                }
                None => errors.push(unknown_choice(self.param, value)),
            }
        }
        if errors.is_empty() {
            Ok(labels)
        } else {
            Err(errors)
        }
    }
}

fn unknown_choice(param: &Param, value: &str) -> FieldError {
    let shown: String = value.chars().take(60).collect();
    FieldError {
        field: param.name.clone(),
        label: Some(Box::new(param.label.clone())),
        code: "run::unknown_choice",
        message: Text::both(
            format!("‘{shown}’은(는) 선택할 수 없는 값입니다. 목록에서 다시 고르세요."),
            format!("\"{shown}\" is not offered. Choose again from the list."),
        ),
    }
}
