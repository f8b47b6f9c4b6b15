#!/usr/bin/env bash
# Puts wasm-bindgen, in exactly the version of Cargo.lock, into target/tools.
# The generated JavaScript and the compiled client share a schema that changes with every version.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
root=target/tools
if [ -x "$root/bin/wasm-bindgen" ] && [ "$("$root/bin/wasm-bindgen" --version)" = "wasm-bindgen $version" ]; then exit 0; fi

say "Installing wasm-bindgen-cli $version into $root (about four minutes, once)"
# The tool runs for a second per build: compiling it fast matters more than its speed.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
export CARGO_TARGET_DIR=target/tools/build
install() { cargo install wasm-bindgen-cli --version "=$version" --root "$root" --force "$@" 2>target/wasm-bindgen.log; }
# A registry mirror may lag behind the published lock file; any fitting dependency will do.
install --locked || install || give_up "wasm-bindgen-cli $version could not be installed." \
  "$(tail -n 3 target/wasm-bindgen.log)" "The whole output is in target/wasm-bindgen.log."
rm -rf target/tools/build
