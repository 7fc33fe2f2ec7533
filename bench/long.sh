#!/bin/sh
# make long X=name: one JSON line a figure, kept in docs/evidence/.
BIN=$1
[ -n "$2" ] && [ -f "bench/$2.py" ] || { echo "make long X=<one of>:"; for file in bench/*.py; do [ "$file" = bench/__init__.py ] || echo "  $(basename "$file" .py)"; done; exit 2; }
mkdir -p docs/evidence
"$BIN/python" -m "bench.$2" | tee "docs/evidence/$2.jsonl"
