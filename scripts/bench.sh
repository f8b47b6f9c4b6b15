#!/usr/bin/env bash
# Builds the release binary and measures it; the result goes to docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
command -v python3 >/dev/null || give_up "Python 3 is missing; the benchmarks are driven by it." "Install python3 from your distribution."
say "Building the release binary (about a quarter of an hour on two cores, once)"
cargo build --release --quiet -p server --features embed
say "Measuring (about ten minutes)"
exec python3 scripts/bench/bench.py target/release/digger "$@"
