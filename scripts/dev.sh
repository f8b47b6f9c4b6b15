#!/usr/bin/env bash
# Serves the demo, and again after every change where cargo-watch is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
serve="scripts/setup.sh run && exec target/debug/digger serve --demo"
if command -v cargo-watch >/dev/null; then
  exec cargo watch --why --watch app --watch server --watch style --shell "$serve"
fi
say "cargo-watch is not installed (cargo install cargo-watch), so changes need another 'make dev'"
exec bash -c "$serve"
