//! Options as HTML in one piece (see [`crate::markup`]): the server writes them first, an island writes those that
//! follow another field.

use super::choices::Control;
use crate::markup::push_escaped;
use crate::view::Choice;

/// The items of a list of check boxes or radio buttons. `first_id` goes to the first control.
pub(crate) fn list_html(
    control: Control,
    (name, first_id): (&str, &str),
    options: &[Choice],
    chosen: &[String],
    not_chosen: Option<&str>,
) -> String {
    let mut html = String::with_capacity(options.len() * 160);
    let mut is_first = true;
    let mut item = |value: &str, label: &str, is_checked: bool| {
        html.push_str("<li><label class=\"Check\"><input type=\"");
        html.push_str(if control == Control::Many {
            "checkbox"
        } else {
            "radio"
        });
        html.push_str("\" name=\"");
        push_escaped(&mut html, name);
        html.push_str("\" value=\"");
        push_escaped(&mut html, value);
        html.push('"');
        if std::mem::take(&mut is_first) {
            html.push_str(" id=\"");
            push_escaped(&mut html, first_id);
            html.push('"');
        }
        if is_checked {
            html.push_str(" checked");
        }
        html.push_str("><span>");
        push_escaped(&mut html, label);
        html.push_str("</span></label></li>");
    };
    if let Some(label) = not_chosen.filter(|_| control == Control::One) {
        item(
            "",
            label,
            !options.iter().any(|option| chosen.contains(&option.value)),
        );
    }
    for option in options {
        item(&option.value, &option.label, chosen.contains(&option.value));
    }
    html
}

/// The options of a select. A required one without a value starts with an empty option, so that nobody sends the first
/// one unseen.
pub(crate) fn select_html(
    options: &[Choice],
    chosen: &[String],
    not_chosen: Option<&str>,
) -> String {
    let mut html = String::new();
    if not_chosen.is_some() || !options.iter().any(|option| chosen.contains(&option.value)) {
        html.push_str("<option value=\"\">");
        push_escaped(&mut html, not_chosen.unwrap_or_default());
        html.push_str("</option>");
    }
    for option in options {
        html.push_str("<option value=\"");
        push_escaped(&mut html, &option.value);
        html.push_str(if chosen.contains(&option.value) {
            "\" selected>"
        } else {
            "\">"
        });
        push_escaped(&mut html, &option.label);
        html.push_str("</option>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(value: &str, label: &str) -> Choice {
        Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        }
    }

    #[test]
    fn the_first_option_carries_the_id_of_the_field() {
        let html = list_html(
            Control::Many,
            ("params[x]", "field-x"),
            &[choice("a", "A"), choice("b", "B")],
            &[String::from("b")],
            None,
        );
        assert_eq!(html.matches("id=\"field-x\"").count(), 1);
        assert!(html.contains("value=\"b\" checked"), "{html}");
    }

    #[test]
    fn an_optional_single_choice_can_be_left_empty() {
        let html = list_html(
            Control::One,
            ("params[x]", "field-x"),
            &[choice("a", "A")],
            &[],
            Some("선택 안 함"),
        );
        assert!(
            html.contains("value=\"\" id=\"field-x\" checked><span>선택 안 함"),
            "{html}"
        );
    }

    #[test]
    fn a_required_select_without_a_value_starts_empty() {
        let options = [choice("a", "A & B")];
        assert_eq!(
            select_html(&options, &[], None),
            "<option value=\"\"></option><option value=\"a\">A &amp; B</option>"
        );
        assert_eq!(
            select_html(&options, &[String::from("a")], None),
            "<option value=\"a\" selected>A &amp; B</option>"
        );
    }
}
