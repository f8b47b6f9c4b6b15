#!/usr/bin/env bash
# What the tests drive: Chromium through Playwright, LibreOffice as an independent reader of workbooks, and the programs
# of the database servers, of nginx and of PgBouncer that the tests start for themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

# Not named after what they look for: a function would find itself.
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

packages=()
if [ ! -e target/playwright-browser ] && ! has_chromium >/dev/null; then packages+=(chromium); fi
command -v soffice >/dev/null || packages+=(libreoffice-calc)
# Korean text in screenshots needs a font that has it.
if command -v fc-list >/dev/null && [ -z "$(fc-list :lang=ko | head -n 1)" ]; then packages+=(fonts-noto-cjk); fi
command -v npm >/dev/null || packages+=(nodejs npm)
if [ ${#packages[@]} -gt 0 ] && can_apt; then
  say "Installing ${packages[*]}"
  apt_install "${packages[@]}" || true
fi

# A system's path for programs is not always a user's.
has_nginx() { PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin command -v nginx; }
if ! has_nginx >/dev/null && can_apt; then
  say "Installing nginx-light"
  without_services apt_install nginx-light || true
fi
has_nginx >/dev/null || give_up "nginx is missing; one test puts several processes behind it." \
  "On Debian or Ubuntu: apt-get install nginx-light" "On macOS: brew install nginx"

has_pgbouncer() { PATH=$PATH:/usr/sbin command -v pgbouncer; }
if ! has_pgbouncer >/dev/null && can_apt; then
  say "Installing pgbouncer"
  without_services apt_install pgbouncer || true
fi
has_pgbouncer >/dev/null || give_up "PgBouncer is missing; one test reads through it." \
  "On Debian or Ubuntu: apt-get install pgbouncer" "On macOS: brew install pgbouncer"

scripts/databases.sh postgres mariadb

command -v npm >/dev/null || give_up "Node.js with npm is missing; the browser tests need it." \
  "Install Node.js 20 or newer from your distribution or https://nodejs.org."
command -v soffice >/dev/null || [ -x /Applications/LibreOffice.app/Contents/MacOS/soffice ] ||
  give_up "LibreOffice is missing; one test lets it recalculate a workbook." \
    "On Debian or Ubuntu: apt-get install libreoffice-calc" "On macOS: brew install --cask libreoffice"

if [ ! -e end2end/node_modules/.ready ] || [ end2end/package-lock.json -nt end2end/node_modules/.ready ]; then
  say "Installing the browser test packages"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent)
  touch end2end/node_modules/.ready
fi
if ! has_chromium >/dev/null && [ ! -e target/playwright-browser ]; then
  say "No Chromium on this system; asking Playwright for its own"
  (cd end2end && npx playwright install chromium) && touch target/playwright-browser ||
    give_up "The browser tests need Chromium, and none could be installed." \
      "On Debian or Ubuntu: apt-get install chromium" "Elsewhere: cd end2end && npx playwright install chromium"
fi
