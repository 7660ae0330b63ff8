# Installs the packages of the lock file when they are not there yet.
#
# Sourced by launch.sh and by the tests' set-up, with the repository's root as working directory.
# Promises: after clickday_install, node_modules holds exactly what package-lock.json names, its
# Node (node_modules/.bin/node) included; two at once install once. The stamp is the lock file's
# checksum, written last, so an interrupted installation is repeated. Nothing goes to standard
# output, which belongs to the program. Plain `node` is never called here: before the
# installation it is the host's, whatever version that is.

clickday_stamp=node_modules/.clickday-lock
clickday_lock=.cache/install.lock

clickday_installed() {
  [ -x node_modules/.bin/node ] && [ -f "$clickday_stamp" ] &&
    [ "$(cat "$clickday_stamp")" = "$(cksum <package-lock.json)" ]
}

# Waits for the lock; a lock whose holder is gone is taken over.
clickday_take_lock() {
  mkdir -p .cache
  until mkdir "$clickday_lock" 2>/dev/null; do
    holder=$(cat "$clickday_lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$clickday_lock"
    else
      sleep 1
    fi
  done
  echo $$ >"$clickday_lock/pid"
}

clickday_install() {
  clickday_installed && return 0
  clickday_take_lock
  trap 'rm -rf "$clickday_lock"' EXIT
  trap 'exit 130' INT TERM
  if ! clickday_installed; then
    echo 'clickday: installing the packages of package-lock.json (once, about a minute)…' >&2
    npm ci --include=dev --include=optional --loglevel=error </dev/null >&2
    cksum <package-lock.json >"$clickday_stamp"
  fi
  rm -rf "$clickday_lock"
  trap - EXIT INT TERM
  if ! node_modules/.bin/node --version >/dev/null 2>&1; then
    echo 'clickday: there is no pinned Node for this machine (Linux or macOS, x64 or arm64)' >&2
    exit 1
  fi
}
