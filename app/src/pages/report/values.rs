//! What a form is filled with: the values that were posted, or those of an address.

use crate::view::{FormInput, Prefill};

/// What the query of an address fills the form with: `from=RUN&shift=1&params[region]=seoul`.
pub fn prefill_of(query: &str) -> Prefill {
    let word = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    Prefill {
        from_run: word("from"),
        shift: word("shift")
            .and_then(|shift| shift.parse().ok())
            .unwrap_or(0),
        input: form_input_of(query.as_bytes()),
    }
}

/// The `params[NAME]` fields of a posted form or an address, without the wrapping.
pub fn form_input_of(encoded: &[u8]) -> FormInput {
    let mut input = FormInput::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        let field = name
            .strip_prefix("params[")
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(field) = field {
            let values = input.entry(field.to_owned()).or_default();
            values.push(value.into_owned());
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn params_lose_their_wrapping_and_repeat() {
        let input = form_input_of(
            b"params%5Bregions%5D=11&params[regions]=26&params[period.from]=2026-01-01&next=%2F",
        );
        assert_eq!(input["regions"], ["11", "26"]);
        assert_eq!(input["period.from"], ["2026-01-01"]);
        assert_eq!(input.len(), 2);
    }

    #[test]
    fn an_address_names_an_earlier_run_and_how_far_to_move_it() {
        let prefill = prefill_of("from=run-1&shift=-1&params[top]=5&shift=7");
        assert_eq!(prefill.from_run.as_deref(), Some("run-1"));
        assert_eq!(prefill.shift, -1);
        assert_eq!(prefill.input["top"], ["5"]);
        assert_eq!(prefill_of("shift=far"), Prefill::default());
    }
}
