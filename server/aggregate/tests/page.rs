//! The pages of the documentation that are made from the table.

use std::path::Path;

use aggregate::{Language, page};

#[test]
fn the_pages_of_the_functions_are_of_this_table() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (name, language) in [
        ("functions.md", Language::English),
        ("functions.ko.md", Language::Korean),
    ] {
        let written = std::fs::read_to_string(docs.join(name)).unwrap_or_default();
        assert!(
            written == page(language, &|text| report::parse_query(text).ok()),
            "docs/{name} is of another table: write it anew with `cargo run -p aggregate --example functions`"
        );
    }
}
