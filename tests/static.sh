#!/bin/sh
# Format, lint, types and import contracts; all failures are shown, then one verdict.
BIN=$1
failed=0
check() { echo "== $1"; shift; "$@" || failed=1; }
check "format" "$BIN/ruff" format --check --quiet sos config tests bench wsgi.py
check "lint" "$BIN/ruff" check --quiet sos config tests bench wsgi.py
check "types" "$BIN/mypy"
check "contracts" "$BIN/lint-imports" --no-logo
exit $failed
