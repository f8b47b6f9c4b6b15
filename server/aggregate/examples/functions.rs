//! Writes docs/functions.md and docs/functions.ko.md: `cargo run -p aggregate --example functions`.

use std::path::Path;

use aggregate::{Language, page};

fn main() -> std::io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let read = |text: &str| report::parse_query(text).ok();
    std::fs::write(docs.join("functions.md"), page(Language::English, &read))?;
    std::fs::write(docs.join("functions.ko.md"), page(Language::Korean, &read))
}
