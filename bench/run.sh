#!/bin/sh
# make bench X=name runs bench/name.py; without a name it lists what there is.
BIN=$1
if [ -z "$2" ]; then
    echo "make bench X=<one of>"; for file in bench/*.py; do [ "$file" = bench/__init__.py ] || echo "  $(basename "$file" .py)"; done
    exit 0
fi
[ -f "bench/$2.py" ] || { echo "there is no bench/$2.py" >&2; exit 2; }
exec "$BIN/python" -m "bench.$2"
