# Makes sure that the programs the tests call are there.
#
# Sourced by run.sh and by tests that need more. As root the missing ones are installed through
# apt; otherwise, or when apt does not do it, one line says what to install and the run fails.
# Nothing is skipped: a test that does not run proves nothing.

# What `npm test` calls: a program, or a file that must be there, and the package it comes from.
# Go and its log library are a verifier that shares no code with ours.
clickday_test_programs='chromium-headless-shell:chromium-headless-shell
  redis-server:redis-server chronyd:chrony pdftotext:poppler-utils qpdf:qpdf openssl:openssl
  strace:strace faketime:faketime go:golang-go
  /usr/share/gocode/src/golang.org/x/mod:golang-golang-x-mod-dev'

# Packages of those `program:package` pairs whose program is not there.
clickday_missing_packages() {
  PATH="$PATH:/usr/sbin:/sbin"
  for pair in "$@"; do
    case $pair in
      /*) [ -e "${pair%%:*}" ] ;;
      *) command -v "${pair%%:*}" >/dev/null 2>&1 ;;
    esac || printf ' %s' "${pair##*:}"
  done
}

# clickday_system_packages [PROGRAM:PACKAGE…]: what `npm test` calls unless named.
clickday_system_packages() {
  # shellcheck disable=SC2086
  [ $# -gt 0 ] || set -- $clickday_test_programs
  missing=$(clickday_missing_packages "$@")
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "test: installing system packages:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } \
      </dev/null >&2 || true
    missing=$(clickday_missing_packages "$@")
    [ -z "$missing" ] && return 0
  fi
  echo "test: please install these packages first: apt-get install$missing" >&2
  exit 1
}
