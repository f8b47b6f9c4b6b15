#!/usr/bin/env bash
# Sets up what a target needs, saying what it does and how far it is.
#
# setup.sh client|run|e2e|test
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
goal=${1:-run}
mkdir -p target/site/pkg
started=$SECONDS

command -v cargo >/dev/null || give_up "Rust is missing." "Install it from https://rustup.rs and run the same command again."
command -v cc >/dev/null || give_up "A C compiler is missing (SQLite is built from source)." \
  "On Debian or Ubuntu: apt-get install build-essential" "On macOS: xcode-select --install"

case $goal in
  client) steps=1 ;;
  run) steps=2 ;;
  *) steps=3 ;;
esac

step=0
next() {
  step=$((step + 1))
  say "[$step/$steps] $1"
}

next "Browser client and styles"
scripts/client.sh
[ "$goal" = client ] && exit 0

next "Server"
if [ ! -x target/debug/digger ]; then
  say "Compiling every dependency and the server: about ten minutes on two cores, once"
  cargo build -p server
else
  cargo build --quiet -p server
fi

case $goal in
  e2e | test)
    next "Chromium, Playwright, LibreOffice and the databases"
    scripts/test-tools.sh
    ;;
esac
[ $((SECONDS - started)) -lt 5 ] || say "Set-up took $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
