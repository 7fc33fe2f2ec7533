#!/bin/sh
# `make test`: everything, on both databases, with a real browser and real daemons. Debian packages are installed where we are root.
# The order of tests and the generated examples are the same in every run, so that what is green here is green on the next machine;
# `make long X=seeds` looks for what other orders and examples would find. What failed is named again in the last lines.
BIN=$1
failed=""
missing=""
report=$(mktemp)
trap 'rm -f "$report" "$report.ok"' EXIT
package() { # package <binary> <packages...>
    binary=$1; shift
    [ -x "$binary" ] && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing $*"
        [ -n "$updated" ] || { apt-get update -qq >/dev/null 2>&1; updated=1; }
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
    fi
    [ -x "$binary" ] || missing="$missing $1"
}
tests() { # tests <what> <marks>
    what=$1; marks=$2
    rm -f "$report.ok"
    echo "== $what"
    { "$BIN/pytest" -n 2 -m "$marks" -rfE --durations=5 --randomly-seed="${SOS_TEST_SEED:-20261122}" 2>&1 && echo yes >"$report.ok"; } | tee "$report"
    [ -e "$report.ok" ] || failed="$failed
$(grep -E '^(FAILED|ERROR) ' "$report" | cut -c1-180 || true)
$(grep -E '^(E  |INTERNALERROR)' "$report" | head -12 | cut -c1-180 || true)
failed: $what"
}
package /usr/bin/chromium chromium fonts-dejavu-core
package /usr/sbin/bearerbox kannel kannel-extras

export HYPOTHESIS_PROFILE="${HYPOTHESIS_PROFILE:-steady}"
sh tests/static.sh "$BIN" || failed="failed: format, lint, types or contracts"
tests "tests" "not slow and not browser"
tests "browser tests, in a process of their own: the browser's driver keeps an event loop" "browser and not slow"
tests "slow tests: kills, planted words, whole installations" "slow"
if [ -n "$missing" ]; then
    echo "NOT RUN, because these Debian packages are missing and could not be installed:$missing"
    [ -n "$CI" ] && failed="$failed
failed: packages missing"
fi
[ -z "$failed" ] && echo "everything passed" && exit 0
echo "== what failed"
echo "$failed"
exit 1
