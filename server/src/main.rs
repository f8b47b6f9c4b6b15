//! The binary `digger`: the command line, which puts everything else together.
//!
//! Data flows one way: HTTP comes in through `web`, pages ask `backend`, a run is written to the store, `worker` claims
//! it and executes it in a `child`. This crate puts the others together.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Everything that speaks TLS in this process uses this provider. Two crates that each bring
    // their own could not choose a default; installing one first settles it.
    let is_first = rustls::crypto::aws_lc_rs::default_provider().install_default();
    debug_assert!(is_first.is_ok(), "nothing ran before `main`");
    cli::main()
}
