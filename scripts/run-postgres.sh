#!/usr/bin/env bash
# Serves the demo with its shop in a private PostgreSQL, which keeps its data in data/postgres.
#
# run-postgres.sh ADDRESS    starts PostgreSQL and, inside, this script again with `inside ADDRESS`
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

if [ "${1:-}" != inside ]; then
  scripts/databases.sh postgres
  cargo build --quiet -p testbed
  say "Starting PostgreSQL in data/postgres"
  exec target/debug/testbed --postgres --keep data -- scripts/run-postgres.sh inside "${1:-127.0.0.1:3000}"
fi

# Only another demo shop is ever replaced: once a month, when the shop has a new month.
say "Loading the demo shop, unless it is there (about a minute)"
printf '%s\n' "$TESTBED_POSTGRES_WRITER" | target/debug/digger demo --into - --replace
export DIGGER_SOURCE_SHOP_URL=$TESTBED_POSTGRES_READER
exec target/debug/digger serve --demo --listen "$2"
