#!/usr/bin/env bash
# Everything that has to pass: set-up, lints, unit and integration tests, browser tests.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
scripts/setup.sh test
scripts/lint.sh
say "Unit and integration tests"
cargo test --workspace --quiet
say "Browser tests"
scripts/e2e.sh
say "All tests passed in $((SECONDS / 60)) minutes"
