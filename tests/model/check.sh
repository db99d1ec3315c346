#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check.sh holds [MODEL] FLAG...   searches every state of the model (writethrough) with these flags; fails unless all of
#                                  them are good
# check.sh breaks [MODEL] FLAG...  the flags seed a bug; fails unless the search finds a violated assertion
set -euo pipefail
models=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
model=writethrough
memory_mb=4000
seconds=220

say() { printf '%s\n' "$*"; }
die() {
    say "$1"
    exit 1
}

case ${1:-} in
holds | breaks) expected=$1 ;;
*) die "Usage: check.sh holds|breaks [MODEL] FLAG..." ;;
esac
shift
case ${1:-} in
-* | '') ;;
*)
    model=$1
    shift
    ;;
esac
flags=$*

for tool in spin gcc; do
    command -v "$tool" >/dev/null ||
        die "The model of the protocol cannot be checked, because $tool is missing. Install it: apt-get install $tool"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$models/$model.pml" model.pml
spin -a "$@" model.pml >spin.log 2>&1 || die "spin does not accept the model: $(cat spin.log)"
# A bug is found among few states: there the optimizer takes longer than the search.
if [ "$expected" = holds ]; then optimize=-O2; else optimize=-O0; fi
gcc "$optimize" -w -DSAFETY -DCOLLAPSE -DMEMLIM="$memory_mb" -o pan pan.c
status=0
timeout "$seconds" ./pan -m300000 >pan.log 2>&1 || status=$?
[ "$status" -ne 124 ] || die "The search did not end within $seconds s: $flags"

states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' pan.log)
violated=$(sed -n 's/^pan:[0-9]*: assertion violated //p' pan.log)

if [ "$expected" = breaks ]; then
    [ -n "$violated" ] || die "The seeded bug was not found: $flags
$(cat pan.log)"
    say "The seeded bug was found after $states states: $violated"
    exit
fi

if ! grep -q 'errors: 0$' pan.log; then
    cat pan.log
    say "How it came to this, the last steps:"
    spin -t -p -g "$@" model.pml | tail -n 120
    die "The protocol does not hold: $flags"
fi
# pan calls a search that ran out of depth, memory or time good as far as it went.
if [ "$status" -ne 0 ] || ! grep -q '^Full statespace search' pan.log ||
    grep -qE 'max search depth too small|Search not completed|out of memory|MEMLIM bound' pan.log; then
    cat pan.log
    die "The search did not see every state: $flags"
fi
say "It holds in all $states states."
