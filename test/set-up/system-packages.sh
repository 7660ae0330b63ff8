# Makes sure that the programs the tests call are there.
#
# Sourced by run.sh. As root the missing ones are installed through apt; otherwise, or when apt
# does not do it, one line says what to install and the run fails. Nothing is skipped: a test
# that does not run proves nothing.

clickday_missing_packages() {
  PATH="$PATH:/usr/sbin:/sbin"
  for pair in chromium:chromium redis-server:redis-server chronyd:chrony \
    pdftotext:poppler-utils qpdf:qpdf openssl:openssl \
    strace:strace faketime:faketime go:golang-go; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || printf ' %s' "${pair##*:}"
  done
  # Go and its log library are a verifier that shares no code with ours.
  [ -d /usr/share/gocode/src/golang.org/x/mod ] || printf ' golang-golang-x-mod-dev'
}

clickday_system_packages() {
  missing=$(clickday_missing_packages)
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "test: installing system packages:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } \
      </dev/null >&2 || true
    missing=$(clickday_missing_packages)
    [ -z "$missing" ] && return 0
  fi
  echo "test: please install these packages first: apt-get install$missing" >&2
  exit 1
}
