//! What a page says.

/// The fields of a form that are marked as wrong and described by what is wrong with them; by name.
pub fn invalid_fields(page: &str) -> Vec<String> {
    let mut fields: Vec<String> = page
        .split("id=\"error-")
        .skip(1)
        .filter_map(|rest| rest.split_once("\" class=\"Field-error\""))
        .map(|(field, _)| field.to_owned())
        .collect();
    for field in &fields {
        let described = format!("aria-describedby=\"error-{field}");
        assert!(page.contains(&described), "nothing is described by {field}");
    }
    fields.sort();
    fields
}
