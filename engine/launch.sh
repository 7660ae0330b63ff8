#!/bin/sh
# Starts one of the project's programs on the pinned Node: launch.sh [--file FILE] ARGUMENTS
#
# FILE is engine/main.ts unless named. Installs the packages first when they are missing or the
# lock file changed, then becomes the program (exec), so that its process id and the signals sent
# to it are the program's own.
set -eu
cd "$(dirname "$0")/.."
. engine/install.sh

program=engine/main.ts
if [ "${1:-}" = --file ]; then
  program=$2
  shift 2
fi
clickday_install
exec "$PWD/node_modules/.bin/node" --disable-warning=ExperimentalWarning "$program" "$@"
