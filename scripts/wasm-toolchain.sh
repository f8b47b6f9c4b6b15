#!/usr/bin/env bash
# Finds a way to compile for the browser and writes it to target/wasm-toolchain.env.
#
# 1. rustup has the target, or can add it: nothing special is needed.
# 2. Else Debian's rustc-web with its own library source: std is built along with the client.
# 3. Else it says what to install. Nothing outside the checkout is changed except by a package manager.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
mkdir -p target
env_file=target/wasm-toolchain.env
[ -s "$env_file" ] && exit 0

target=wasm32-unknown-unknown

has_target() {
  local libdir
  libdir=$(rustc --print target-libdir --target "$target" 2>/dev/null) && ls "$libdir"/libstd-*.rlib >/dev/null 2>&1
}

say "Looking for the $target target"
if has_target || { command -v rustup >/dev/null && timeout 300 rustup target add "$target" >target/rustup.log 2>&1 && has_target; }; then
  echo '# The installed toolchain carries the target.' >"$env_file"
  echo 'CLIENT_FLAGS=' >>"$env_file"
  exit 0
fi

debian_rustc() { [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/src/rust/library/std ]; }

if ! debian_rustc && can_apt; then
  say "rustup cannot reach its server; installing Debian's rustc-web and its library source"
  apt_install rustc-web rust-web-src libstd-rust-web-dev || true
fi
debian_rustc || give_up "The browser client needs the $target target, and it could not be added." \
  "With rustup:          rustup target add $target" \
  "On Debian, as root:   apt-get install rustc-web rust-web-src libstd-rust-web-dev" \
  "Then run the same command again. What rustup said is in target/rustup.log."

# Debian's rustc has no linker for WebAssembly; the rustup toolchain's own rust-lld does it.
lld=$(find "$(rustc --print sysroot)/lib/rustlib" -name rust-lld -type f 2>/dev/null | head -n 1)
[ -n "$lld" ] || lld=$(command -v rust-lld wasm-ld lld 2>/dev/null | head -n 1)
[ -n "$lld" ] || give_up "No linker for WebAssembly was found (rust-lld)." "On Debian, as root: apt-get install lld"

{
  echo '# Debian'"'"'s compiler with its own library source; std for the target is built with the client.'
  echo 'RUSTC=/usr/bin/rustc'
  echo 'RUSTC_BOOTSTRAP=1'
  echo "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$lld"
  echo 'CLIENT_FLAGS=-Zbuild-std=std,panic_abort'
} >"$env_file"
