#!/bin/sh
# `make sure`: two minutes, SQLite, no browser, no daemons.
BIN=$1
failed=0
sh tests/static.sh "$BIN" || failed=1
SOS_TEST_SQLITE_ONLY=1 "$BIN/pytest" -n 2 -m "not slow and not browser and not daemon" || failed=1
exit $failed
