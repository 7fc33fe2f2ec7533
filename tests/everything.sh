#!/bin/sh
# `make test`: everything, on both databases, with a real browser and real daemons. Debian packages are installed where we are root.
BIN=$1
failed=0
missing=""
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
package /usr/bin/chromium chromium fonts-dejavu-core
package /usr/sbin/bearerbox kannel kannel-extras

sh tests/static.sh "$BIN" || failed=1
echo "== tests"
"$BIN/pytest" -n 2 -m "not slow and not browser" --durations=8 || failed=1
echo "== browser tests, in a process of their own: the browser's driver keeps an event loop"
"$BIN/pytest" -n 2 -m "browser and not slow" --durations=3 || failed=1
echo "== slow tests: kills, planted words, whole installations"
"$BIN/pytest" -n 2 -m slow --durations=8 || failed=1
if [ -n "$missing" ]; then
    echo "NOT RUN, because these Debian packages are missing and could not be installed:$missing"
    [ -n "$CI" ] && failed=1
fi
[ $failed = 0 ] && echo "everything passed" || echo "something failed: see above"
exit $failed
