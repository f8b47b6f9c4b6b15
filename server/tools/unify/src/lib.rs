//! Empty on purpose: only the features named in `Cargo.toml` matter.
