#!/usr/bin/env bash
# Builds the release binaries and measures; the result goes to docs/benchmarks.md.
# Words are sections of scripts/bench/bench.py; with some, only these are measured.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
command -v python3 >/dev/null || give_up "Python 3 is missing; the benchmarks are driven by it." "Install python3 from your distribution."
scripts/databases.sh
say "Building the release binaries (about a quarter of an hour on two cores, once)"
cargo build --release --quiet -p server -p bench -p testbed --features server/embed
cargo build --release --quiet -p aggregate --example speed
say "Measuring (everything takes about a quarter of an hour)"
exec target/release/testbed --postgres --mariadb --database bench -- python3 scripts/bench/bench.py target/release/digger target/release/bench "$@"
