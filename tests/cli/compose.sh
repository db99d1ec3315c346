#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docker-compose.yml is valid (no engine is needed for that), wants passwords, and has the tools in a profile.
# compose.sh SOURCE_DIRECTORY
set -eu
cd "$1"
unset THROUGHLINE_PG_PASSWORD THROUGHLINE_REDIS_PASSWORD COMPOSE_FILE COMPOSE_PROFILES

if command -v docker-compose >/dev/null; then
    compose() { docker-compose --project-name throughline "$@"; }
elif docker compose version >/dev/null 2>&1; then
    compose() { docker compose --project-name throughline "$@"; }
else
    echo "SKIP   : compose() docker-compose is not installed"
    exit 77
fi

fail() {
    echo "FAIL: $1"
    exit 1
}

compose --env-file .env.example config -q || fail "the file is not valid with .env.example"

empty=$(mktemp)
trap 'rm -f "$empty"' EXIT
if compose --env-file "$empty" config -q 2>/dev/null; then
    fail "it starts without passwords"
fi
for left_out in THROUGHLINE_PG_PASSWORD THROUGHLINE_REDIS_PASSWORD; do
    grep -v "^$left_out=" .env.example >"$empty"
    if compose --env-file "$empty" config -q 2>/dev/null; then
        fail "it starts without $left_out"
    fi
done

services() { compose --env-file .env.example "$@" config --services | sort | tr '\n' ' '; }
[ "$(services --profile tools)" = "adminer postgres redis redis-commander " ] || fail "the profile tools lacks a tool"

config=$(compose --env-file .env.example --profile tools config)
# Every port is on the loopback interface: 1.29 prints them as text, 2 as a list of keys.
published=$(echo "$config" | grep -cE '^ +(- 127\.0\.0\.1:|host_ip: 127\.0\.0\.1)')
[ "$published" -eq 4 ] || fail "not every port is on 127.0.0.1 only"
[ "$(echo "$config" | grep -c 'healthcheck:')" -eq 2 ] || fail "a store has no health check"
echo "$config" | grep -q '/docker-entrypoint-initdb.d/users.sql' || fail "the users table is not created"
[ -f sql/users.sql ] || fail "sql/users.sql is missing"
echo "PASS"
