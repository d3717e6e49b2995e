# shellcheck shell=bash disable=SC2154
# Sourced by scripts/bench: what exactly once costs, for every kind of place beside a tool that gives no such promise.

# as_server COMMAND...: PostgreSQL refuses to run as root.
as_server() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    else
        (cd "$pg" && setpriv --reuid="$pg_user" --regid="$(id -g "$pg_user")" --clear-groups -- "$@")
    fi
}

# Starts a PostgreSQL of its own in a temporary directory; false where there is none to start.
start_postgres() {
    local binaries
    binaries=$(pg_config --bindir 2>/dev/null) && [ -x "$binaries/initdb" ] ||
        binaries=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -1)
    [ -n "$binaries" ] && [ -x "$binaries/initdb" ] && command -v psql >/dev/null || return 1
    pg_user=$(id -un postgres 2>/dev/null || echo nobody)
    pg=$(mktemp -d) || return 1
    pg_ctl=$binaries/pg_ctl
    export PGPASSWORD=bench-$RANDOM$RANDOM PGUSER=bench PGHOST=127.0.0.1 PGDATABASE=postgres
    export KSTAGE_DB_PASSWORD=$PGPASSWORD
    (umask 077 && echo "$PGPASSWORD" >"$pg/password")
    [ "$(id -u)" != 0 ] || chown -R "$pg_user" "$pg"
    as_server "$binaries/initdb" -D "$pg/data" -U bench --auth=scram-sha-256 --pwfile="$pg/password" \
        --encoding=UTF8 --locale=C >"$work/initdb" 2>&1 || stop "initdb failed: $(tail -1 "$work/initdb")"
    local try
    for try in 1 2 3 4 5; do
        export PGPORT=$((20000 + RANDOM % 12000))
        as_server "$pg_ctl" -D "$pg/data" -w -l "$pg/log" \
            -o "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p $PGPORT" start >/dev/null 2>&1 && return 0
    done
    stop "PostgreSQL does not start, at the ${try}th try either: $(tail -1 "$pg/log")"
}

stop_postgres() {
    [ -n "${pg:-}" ] || return 0
    as_server "$pg_ctl" -D "$pg/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$pg"
}

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

# peak EVENTS COMMAND...: the largest resident memory of a process, in MiB, as one line of the table.
peak() {
    local events=$1 pid most=0 now
    shift
    "$@" >/dev/null 2>"$work/err" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        now=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null)
        [ -z "$now" ] || most=$now
        sleep 0.05
    done
    wait "$pid" || {
        cat "$work/err" >&2
        stop "this failed: $*"
    }
    printf '%s\t%s\t%s\n' 'consume --to out/: peak memory, MiB' "$events events" $((most / 1024)) >>"$work/memory"
}

memory() {
    local most=$1 few=$(($1 / 10))
    [ -r /proc/self/status ] || return 0
    echo "bench: peak memory, of $few and of $most events" >&2
    create large
    "$kstage" produce large --count "$most" --seed 2 -b "$servers" -q >/dev/null || stop "can't produce"
    : >"$work/memory"
    peak "$few" "$kstage" consume large --to "$work/few/" --count "$few" -b "$servers" -q
    rm -rf "$work/few"
    peak "$most" "$kstage" consume large --to "$work/most/" -b "$servers" -q
    rm -rf "$work/most"
    delete large
    mv "$work/memory" "$work/times"
    table 0
}

# Once, before the turns: the rows that the importers are given, as the databases of kstage hold them.
prepare_rows() {
    if command -v sqlite3 >/dev/null; then
        "$kstage" consume filled --to "sqlite:$work/rows.db" -b "$servers" -q >/dev/null || stop "can't consume"
        sqlite3 "$work/rows.db" '.schema filled' >"$work/schema.sql" || stop "sqlite3 can't read what was stored"
        # Separated by what stands in no JSON text, so that nothing needs to be quoted.
        sqlite3 -ascii "$work/rows.db" 'SELECT * FROM filled' >"$work/rows.ascii" || stop "no room for the rows"
        rm -f "$work/rows.db"*
    fi
    if start_postgres; then
        "$kstage" consume filled --to "$postgres_url:$PGPORT/postgres" -b "$servers" -q >/dev/null || stop "can't consume"
        sql -c "CREATE TABLE imported (LIKE filled INCLUDING ALL)" -c "\\copy filled TO '$work/rows.tsv'" || stop "psql failed"
        drop_postgres
    else
        echo "bench: no PostgreSQL is installed; it is left out" >&2
    fi
}

drop_postgres() {
    sql -c 'DROP TABLE IF EXISTS filled, filled_dead_letter, kstage_sink, kstage_position' -c 'CHECKPOINT' 2>/dev/null ||
        stop "psql failed"
}

# import_sqlite FILE: with the same table, in the one transaction that .import makes.
import_sqlite() {
    { cat "$work/schema.sql" && printf '.mode ascii\n.import %s filled\n' "$work/rows.ascii"; } | sqlite3 -bail "$1"
}

exactly_once() {
    local events=$1 rounds=$2 most=$3 size group run
    postgres_url=postgresql://bench@127.0.0.1
    start_environment
    create filled
    "$kstage" produce filled --count "$events" --seed 1 -b "$servers" -q -o json >"$work/produced.json" || stop "can't produce"
    size=$(($(json "$work/produced.json" bytes) / $(json "$work/produced.json" records)))
    prepare_rows
    for turn in $(seq 0 "$rounds"); do
        progress "$turn" "$rounds"
        group='produce: records/s'
        send "$group" "kafka-producer-perf-test, $size bytes each" \
            kafka 512M org.apache.kafka.tools.ProducerPerformance --topic sent --num-records "$events" \
            --record-size "$size" --throughput -1 --bootstrap-server "$servers" \
            --command-property acks=all batch.size=131072 linger.ms=5 buffer.memory=67108864
        send "$group" 'kstage produce' "$kstage" produce sent --count "$events" -b "$servers" -q
        run=bench-$turn-$RANDOM
        send "$group" 'kstage produce --run-id' "$kstage" produce sent --run-id "$run" --count "$events" -b "$servers" -q

        group='consume to files: records/s'
        has_kcat && sink=$work/stored measure "$group" 'kcat -C -e > file' \
            read_by_kcat -t filled
        measure "$group" 'kstage consume --to out.jsonl' "$kstage" consume filled --to "$work/out.jsonl" -b "$servers" -q
        measure "$group" 'kstage consume --to out/' "$kstage" consume filled --to "$work/out/" -b "$servers" -q
        rm -rf "$work/stored" "$work/out" "$work"/out.*

        group='consume to SQLite: rows/s'
        if [ -f "$work/rows.ascii" ]; then
            measure "$group" 'sqlite3 .import' import_sqlite "$work/imported.db"
            measure "$group" 'kstage consume --to sqlite:' \
                "$kstage" consume filled --to "sqlite:$work/stored.db" -b "$servers" -q
            rm -f "$work"/imported.db* "$work"/stored.db*
        fi

        group='consume to PostgreSQL: rows/s'
        if [ -f "$work/rows.tsv" ]; then
            measure "$group" 'psql \copy' sql -c "\\copy imported FROM '$work/rows.tsv'"
            sql -c 'TRUNCATE imported' -c 'CHECKPOINT' || stop "psql failed"
            measure "$group" 'kstage consume --to postgresql:' \
                "$kstage" consume filled --to "$postgres_url:$PGPORT/postgres" -b "$servers" -q
            drop_postgres
        fi
    done
    delete filled
    echo "$events records of $size bytes, $rounds rounds"
    table "$events"
    memory "$most"
}
