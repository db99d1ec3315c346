#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The tests of cached_users.py on servers of their own, beside a gateway.
# Usage: run.sh SOURCE_DIRECTORY DIRECTORY_OF_THROUGHLINECTL
set -eu
source=$1
PATH=$2:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
export THROUGHLINE_DATA=$work/data XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state PYTHONDONTWRITEBYTECODE=1
unset THROUGHLINE_PG THROUGHLINE_REDIS THROUGHLINE_CONFIG

# shellcheck disable=SC2016 # the script's own variables
throughlinectl sandbox -- bash -euc '
    throughlinectl gateway & gateway=$!
    code=0
    /usr/bin/python3 "$1/tests/examples/test_cached_users.py" "$1/README.md" "$1/resources/lua" || code=$?
    throughlinectl verify || code=$?
    kill $gateway
    wait $gateway
    exit $code' - "$source"
