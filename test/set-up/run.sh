#!/bin/sh
# npm test: everything a fresh machine with Node, npm and git needs, then every check and test.
#
# Arguments are handed to vitest (npm test -- test/unit/gate-turn.test.ts) and then only those
# tests run. Ends with "N passed, N failed" and exits 0 only if something ran and nothing failed.
set -eu
cd "$(dirname "$0")/../.."
. engine/install.sh
. test/set-up/system-packages.sh

clickday_install
clickday_system_packages
exec "$PWD/node_modules/.bin/node" --disable-warning=ExperimentalWarning test/set-up/main.ts "$@"
