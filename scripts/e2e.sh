#!/usr/bin/env bash
# Runs the journeys of end2end against the real binary in a real browser.
set -euo pipefail
cd "$(dirname "$0")/../end2end"
exec npx playwright test "$@"
