#!/usr/bin/env bash
# Serves the demo with live reload where cargo-leptos is installed; else rebuilds once and serves.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
scripts/setup.sh run
if command -v cargo-leptos >/dev/null; then
  set -a
  . target/wasm-toolchain.env
  set +a
  exec cargo leptos watch -- serve --demo
fi
say "cargo-leptos is not installed (cargo install cargo-leptos), so changes need another 'make dev'"
exec target/debug/digger serve --demo
