//! The binary `digger`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
