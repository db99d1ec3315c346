#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the script of README's section "Replacing RedisGears" as a reader would, and looks at what it prints.
# Usage: readme.sh SOURCE_DIRECTORY DIRECTORY_OF_THROUGHLINECTL
set -eu
source=$1
PATH=$2:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
export THROUGHLINE_DATA=$work/data XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state
unset THROUGHLINE_PG THROUGHLINE_REDIS THROUGHLINE_CONFIG

awk '/^### Replacing RedisGears/ { section = 1 } section && /^```sh/ { script = 1; next } script && /^```/ { exit } script' \
    "$source/README.md" >"$work/script"
[ -s "$work/script" ] || { echo "README has no such script." >&2; exit 1; }
if ! bash -e "$work/script" >"$work/out" 2>"$work/err"; then
    cat "$work/out" "$work/err" >&2
    exit 1
fi
cat "$work/out"

expect() {
    grep -q -- "$1" "$work/out" || { echo "The output has no: $1" >&2; cat "$work/err" >&2; exit 1; }
}
expect '1 | fulano   | Fulano     |     0 | 2024-06-21 00:00:00'
expect '2 | beltrano | Beltrano   |     0 | 2024-06-22 00:00:00'
expect '3 | sicrano  | Sicrano    |     0 | 2024-06-23 00:00:00'
expect 'value: score does not take this value: its type is integer.'
expect 'sent 5000'
expect '3 rows compared in .*: 0 keys differ'
[ "$(grep -c '^done$' "$work/out")" = 3 ] || { echo "Not three answers are done." >&2; exit 1; }
