//! Builds again when a migration is added; the compiler only sees the files it already knows.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
