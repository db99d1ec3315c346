#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What version, triggers and outbox cost PostgreSQL: the same updates on a bare table and on a prepared one, in
# alternating rounds on a private server with fsync on. README.md beside this says how to read the figures.
#
# outbox_price.sh [--rounds N] [--seconds S] [--rows N] [--only WORKLOAD,...] [NAME=FILE.sql ...]
# Each FILE is a variant: it runs on top of a prepared database, with {schema} filled in. Workloads: foreign own batch
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rounds=5
seconds=6
rows=200000
clients=64
batch=500 # rows of a statement in sql/batch.*.sql
workloads=foreign,own,batch
variants=()

say() { printf '%s\n' "$*"; }
die() {
    printf '%s\n' "$1" >&2
    exit 1
}

[ "$(id -u)" -ne 0 ] || # a server does not run as root
    exec setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/tmp bash "$here/$(basename "$0")" "$@"

while [ "$#" -gt 0 ]; do
    case $1 in
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --rows) rows=$2 ;;
    --only) workloads=$2 ;;
    --*) die "Unknown option: $1" ;;
    *=*)
        variants+=("$1")
        shift
        continue
        ;;
    *) die "A variant is given as NAME=FILE.sql: $1" ;;
    esac
    shift 2
done

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v postgres)")
PATH=$bin:$PATH
for tool in initdb pg_ctl psql pgbench; do
    command -v "$tool" >/dev/null || die "The price cannot be measured, because $tool is missing. Install it: apt-get install postgresql"
done

# --- the server ------------------------------------------------------------------------------------------------------

work=$(mktemp -d)
stop() {
    pg_ctl -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT
export PGHOST=$work PGUSER=bench PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
initdb -D "$work/data" -U bench -A trust -N --no-locale -E UTF8 >"$work/initdb.log" 2>&1 || die "$(cat "$work/initdb.log")"
cat >>"$work/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$work'
fsync = on
synchronous_commit = on
max_connections = 100
shared_buffers = 1GB
# A checkpoint inside a short round would be counted for whoever runs just then.
max_wal_size = 8GB
checkpoint_timeout = 1h
END
pg_ctl -D "$work/data" -l "$work/server.log" -w start >/dev/null || die "$(tail "$work/server.log")"
postmaster=$(head -n 1 "$work/data/postmaster.pid")

sql() {
    local database=$1
    shift
    psql -X -q -v ON_ERROR_STOP=1 -d "$database" "$@" >/dev/null
}

create() {
    local name=$1 file=$2
    sql postgres -c "CREATE DATABASE \"$name\""
    sql "$name" -f "$here/../../sql/users.sql"
    sql "$name" -c "ALTER TABLE users SET (fillfactor = 90)" -c "INSERT INTO users(username, email, password_hash, score)
        SELECT 'user' || n, 'user' || n || '@example.org', repeat('x', 60), 0 FROM generate_series(1, $rows) n"
    if [ "$name" != bare ]; then
        { cat "$here/../../sql/prepare.sql" && echo "SELECT {schema}.wt_attach('users', 'id', 'users');" && cat "$file"; } |
            sed 's/{schema}/public/g; s/{version}/1/g' | sql "$name" -1 -f -
    fi
    sql "$name" -c "VACUUM (FREEZE, ANALYZE) users"
}

say "Preparing $((2 + ${#variants[@]})) databases of $rows rows."
names=(bare prepared)
create bare /dev/null
create prepared /dev/null
for variant in "${variants[@]}"; do
    names+=("${variant%%=*}")
    create "${variant%%=*}" "${variant#*=}"
done

# --- the workloads ---------------------------------------------------------------------------------------------------

# The bare table has no version, and nobody to tell who writes.
script_of() {
    case $1:$2 in
    foreign:*) echo "$here/sql/single.sql" ;;
    *:bare) echo "$here/sql/$1.bare.sql" ;;
    *) echo "$here/sql/$1.prepared.sql" ;;
    esac
}

# us of CPU that the server has used: live processes, and those the postmaster has reaped.
server_cpu() {
    local children
    read -ra children <"/proc/$postmaster/task/$postmaster/children"
    children=("${children[@]/#//proc/}")
    { cat "/proc/$postmaster/stat" "${children[@]/%//stat}" 2>/dev/null || true; } |
        awk -v self="$postmaster" -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); sum += $12 + $13; if (NR == 1) sum += $14 + $15 } END { printf "%.0f\n", sum * 1e6 / tick }'
}

busy_cpu() { awk -v tick="$(getconf CLK_TCK)" '/^cpu / { printf "%.0f\n", ($2 + $3 + $4 + $7 + $8 + $9) * 1e6 / tick }' /proc/stat; }

# One round: workload database round rate server-us client-us others(cores)
round() {
    local workload=$1 database=$2 number=$3 before busy client done_ user system connections=$clients
    [ "$database" = bare ] || sql "$database" -c "TRUNCATE wt_outbox"
    [ "$workload" != batch ] || connections=1
    before=$(server_cpu)
    busy=$(busy_cpu)
    TIMEFORMAT='%U %S'
    client=$({ time pgbench -n -M prepared -D is_node=false -D rows="$rows" -c "$connections" -j $((connections < 2 ? 1 : 2)) -T "$seconds" \
        -f "$(script_of "$workload" "$database")" "$database" >"$work/pgbench.log" 2>"$work/pgbench.err"; } 2>&1) ||
        die "$(cat "$work/pgbench.err")"
    # The last backends end a moment after pgbench.
    while [ "$(psql -XAt -d postgres -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'")" -gt 0 ]; do :; done
    done_=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/pgbench.log")
    read -r user system <<<"$client"
    awk -v w="$workload" -v d="$database" -v n="$number" -v t="$done_" -v s="$seconds" -v c="$(($(server_cpu) - before))" \
        -v u="$user" -v y="$system" -v b="$(($(busy_cpu) - busy))" -v per="$([ "$workload" = batch ] && echo "$batch" || echo 1)" 'BEGIN {
            client = (u + y) * 1e6; others = (b - c - client) / s / 1e6
            printf "%s %s %d %.0f %.2f %.2f %.2f\n", w, d, n, t * per / s, c / t / per, client / t / per, others }' >>"$work/figures"
}

for ((number = 0; number <= rounds; ++number)); do
    for workload in ${workloads//,/ }; do
        for database in "${names[@]}"; do
            round "$workload" "$database" "$number"
        done
    done
    # The first round fills caches and writes each page in full.
    [ "$number" -gt 0 ] || : >"$work/figures"
done

# --- what came out ---------------------------------------------------------------------------------------------------

median() { sort -g | awk '{ v[NR] = $1 } END { printf "%.2f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Prints one ratio a round: column of the database over column of bare.
ratios() {
    awk -v w="$1" -v d="$2" -v k="$3" '{ value = k == "sum" ? $5 + $6 : $k }
        $1 == w && $2 == "bare" { bare[$3] = value } $1 == w && $2 == d { of[$3] = value }
        END { for (n in of) print of[n] / bare[n] }' "$work/figures"
}
column() { awk -v w="$1" -v d="$2" -v k="$3" '$1 == w && $2 == d { print $k }' "$work/figures"; }

say "Medians of $rounds rounds of $seconds s; ratios are taken round by round against the bare table."
printf '%-8s %-14s %10s %12s %12s | %8s %16s %10s | %s\n' workload database rows/s server-us client-us 'rate x' 'server CPU x' '1/CPU x' 'others (cores)'
for workload in ${workloads//,/ }; do
    for database in "${names[@]}"; do
        cpu=$(ratios "$workload" "$database" 5 | sort -g)
        printf '%-8s %-14s %10.0f %12s %12s | %8s %16s %10s | %s\n' "$workload" "$database" \
            "$(column "$workload" "$database" 4 | median)" "$(column "$workload" "$database" 5 | median)" \
            "$(column "$workload" "$database" 6 | median)" "$(ratios "$workload" "$database" 4 | median)" \
            "$(median <<<"$cpu") $(printf '(%.2f-%.2f)' "$(head -n 1 <<<"$cpu")" "$(tail -n 1 <<<"$cpu")")" \
            "$(ratios "$workload" "$database" sum | awk '{ print 1 / $1 }' | median)" "$(column "$workload" "$database" 7 | median)"
    done
done
