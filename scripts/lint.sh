#!/usr/bin/env bash
# Formatting, clippy with warnings denied, and cargo-deny where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
mkdir -p target/site/pkg
say "Formatting"
cargo fmt --all --check
say "Clippy"
cargo clippy --workspace --all-targets --quiet -- -D warnings
if command -v cargo-deny >/dev/null; then
  say "Licences, advisories and import rules"
  cargo deny --log-level error check
fi
