#!/usr/bin/env bash
# Builds the browser client and the style bundle into target/site/pkg, each also compressed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
scripts/wasm-toolchain.sh
scripts/wasm-bindgen.sh
set -a
. target/wasm-toolchain.env
set +a

wasm=target/wasm32-unknown-unknown/wasm-release/app.wasm
pkg=target/site/pkg
# shellcheck disable=SC2086 # CLIENT_FLAGS is a list of words.
[ -e "$wasm" ] || say "Building the browser client (two to four minutes the first time)"
cargo build --quiet -p app --lib --features hydrate --target wasm32-unknown-unknown --profile wasm-release $CLIENT_FLAGS
unset RUSTC RUSTC_BOOTSTRAP

if [ ! -e "$pkg/digger.js" ] || [ "$wasm" -nt "$pkg/digger.js" ]; then
  say "Binding the client to JavaScript"
  target/tools/bin/wasm-bindgen "$wasm" --target web --no-typescript --remove-name-section --remove-producers-section --out-dir "$pkg" --out-name digger
  touch "$pkg/digger.js"
fi
if [ ! -e "$pkg/.compressed" ] || [ -n "$(find style app/script "$pkg/digger.js" -newer "$pkg/.compressed" | head -n 1)" ]; then
  say "Bundling the styles and compressing the site"
  # Its time says what is in the bundle: what changes from here on is newer.
  touch "$pkg/.compressing"
  cp app/script/*.js "$pkg/"
  cargo run --quiet -p site -- style/digger.css "$pkg"
  mv "$pkg/.compressing" "$pkg/.compressed"
fi
