#!/bin/sh
# What docker-entrypoint.sh of the postgres image does, for a server of this machine.
#
# From the stand-in: PGDATA, STANDIN_PROGRAMS (the folder of the server's programs), STANDIN_FOLDER (with run/ for
# sockets and rootfs/ for container files), STANDIN_USER and STANDIN_GROUP (whom to become; empty unless root).

set -e

# The folder that initdb fills, and that becomes the data folder in one step. Killed before that, the next start begins anew.
new=$PGDATA/.initializing
hooks=$STANDIN_FOLDER/rootfs/docker-entrypoint-initdb.d

fail() {
    echo "$*" >&2
    exit 1
}

become_user() {
    find "$PGDATA" "$STANDIN_FOLDER/run" "$STANDIN_FOLDER/rootfs" \! -user "$STANDIN_USER" -exec chown -h "$STANDIN_USER" {} +
    # The signal at the parent's death is cleared when credentials change: ask for it again afterwards, as setpriv does.
    exec setpriv --reuid "$STANDIN_USER" --regid "$STANDIN_GROUP" --init-groups --pdeathsig QUIT -- sh "$0" "$@"
}

# Prints the processes of a server that work in the data folder.
servers() {
    for process in /proc/[0-9]*; do
        if [ "$process/exe" -ef "$STANDIN_PROGRAMS/postgres" ] && [ "$process/cwd" -ef "$PGDATA" ]; then
            echo "${process#/proc/}"
        fi
    done
}

# A server that was just killed may need a moment to end; what is left of one without its postmaster would
# make the next refuse to start; and one that is well belongs to somebody else.
release_data_folder() {
    [ -s "$PGDATA/postmaster.pid" ] || return 0
    read -r postmaster <"$PGDATA/postmaster.pid"
    tries=0
    while left=$(servers) && [ -n "$left" ] && [ "$tries" -lt 30 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    if [ -n "$left" ]; then
        if [ "/proc/$postmaster/cwd" -ef "$PGDATA" ]; then
            fail "The data folder $PGDATA is in use by another server (process $postmaster). Stop it, or use another volume."
        fi
        echo "$left" | xargs kill -s KILL
        sleep 0.1
    elif kill -s 0 "$postmaster" 2>/dev/null; then
        # Another process has that number by now, which Postgres would take for its predecessor.
        rm -f "$PGDATA/postmaster.pid"
    fi
}

temporary_server() {
    PGHOST=$STANDIN_FOLDER/run PGPORT=5432
    # A socket's path has at most 107 characters. This process works in that folder, and the kernel has a short name for it.
    [ ${#PGHOST} -lt 90 ] || PGHOST=/proc/$$/cwd
    PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD
    export PGHOST PGPORT PGUSER PGPASSWORD
    "$STANDIN_PROGRAMS/postgres" -D "$new" -c listen_addresses= -c port=$PGPORT -c "unix_socket_directories=$PGHOST" \
        -c dynamic_shared_memory_type=mmap -c fsync=off &
    server=$!
    until "$STANDIN_PROGRAMS/pg_isready" -q; do
        kill -s 0 "$server" 2>/dev/null || fail "The server that runs the initialization scripts did not start."
        sleep 0.05
    done
}

run_sql() {
    "$STANDIN_PROGRAMS/psql" -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password --dbname "$POSTGRES_DB" "$@"
}

# As in the image a script that is not executable is meant to be sourced: by the shell it was written for.
run_script() {
    if [ -x "$1" ]; then
        "$1"
    elif command -v bash >/dev/null; then
        bash -e "$1"
    else
        sh -e "$1"
    fi
}

run_hook() {
    case $1 in
        *.sh) echo "running $1" && run_script "$1" ;;
        *.sql) echo "running $1" && run_sql -f "$1" ;;
        *.sql.gz) echo "running $1" && gunzip -c "$1" | run_sql ;;
        *.sql.xz) echo "running $1" && xz -dc "$1" | run_sql ;;
        *.sql.zst) echo "running $1" && zstd -dc "$1" | run_sql ;;
        *) echo "ignoring $1" ;;
    esac
}

run_hooks() {
    [ -d "$hooks" ] && [ -n "$(ls -A "$hooks")" ] || return 0
    temporary_server
    for hook in "$hooks"/*; do
        run_hook "$hook" || fail "The initialization script $hook failed. The next start begins with an empty database again."
    done
    kill -s INT "$server"
    wait "$server" || fail "The server that ran the initialization scripts ended with an error."
}

create_database() {
    [ "$POSTGRES_DB" != postgres ] || return 0
    printf 'CREATE DATABASE "%s"\n' "$(printf %s "$POSTGRES_DB" | sed 's/"/""/g')" |
        "$STANDIN_PROGRAMS/postgres" --single -D "$new" -c exit_on_error=true -c fsync=off -c log_checkpoints=off postgres >/dev/null
}

check_password() {
    [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || return 0
    fail "The database is not initialized and has no superuser password. Set POSTGRES_PASSWORD to a value," \
        "or POSTGRES_HOST_AUTH_METHOD=trust to allow every connection without one."
}

initialize() {
    rm -rf "$new"
    for entry in "$PGDATA"/* "$PGDATA"/.[!.]*; do
        [ "${entry##*/}" = lost+found ] || [ ! -e "$entry" ] ||
            fail "The data folder $PGDATA holds files but no database. Empty it, or use another volume."
    done
    check_password
    password=$STANDIN_FOLDER/run/password
    if [ -n "$POSTGRES_PASSWORD" ]; then
        (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" >"$password")
        set -- "--pwfile=$password"
    fi
    # shellcheck disable=SC2016 # the image evaluates POSTGRES_INITDB_ARGS like this too, so that quotes in it work
    eval 'TZ=${TZ:-Etc/UTC} "$STANDIN_PROGRAMS/initdb" -D "$new" --no-sync --encoding=UTF8 --locale=C.UTF-8 \
        --username="$POSTGRES_USER" --auth-local=trust --auth-host="$POSTGRES_HOST_AUTH_METHOD" \
        "$@" '"$POSTGRES_INITDB_ARGS" >"$STANDIN_FOLDER/run/initdb.log" || {
        cat "$STANDIN_FOLDER/run/initdb.log"
        exit 1
    }
    rm -f "$password"
    printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$new/pg_hba.conf"
    create_database
    run_hooks
    [ -z "$STANDIN_DURABLE" ] || "$STANDIN_PROGRAMS/initdb" --sync-only -D "$new" >/dev/null
    : >"$new/.complete"
}

# PG_VERSION goes last: it is what says that there is a database.
adopt() {
    for entry in "$new"/* "$new"/.[!.]*; do
        case ${entry##*/} in
            PG_VERSION | .complete | '.[!.]*') ;;
            *) mv "$entry" "$PGDATA/" ;;
        esac
    done
    mv "$new/PG_VERSION" "$PGDATA/"
}

case ${1-} in
    '' | -*) set -- postgres "$@" ;;
esac

if [ "$1" = postgres ]; then
    [ -z "$STANDIN_USER" ] || [ "$(id -u)" != 0 ] || become_user "$@"

    # What the caller's shell may set for its own clients would lead psql and the server astray.
    unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGPASSFILE PGDATABASE PGSERVICE PGSSLMODE PGOPTIONS
    : "${POSTGRES_USER:=postgres}" "${POSTGRES_PASSWORD=}" "${POSTGRES_INITDB_ARGS=}"
    : "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"
    export POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD

    chmod 700 "$PGDATA"
    cd "$STANDIN_FOLDER/run"
    release_data_folder
    # The server and its backends inherit the lock. It also covers the initialization, of which Postgres knows nothing.
    exec 5<"$PGDATA"
    flock -w 3 5 || fail "The data folder $PGDATA is in use by another server. Stop it, or use another volume."
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        [ -f "$new/.complete" ] || initialize
        adopt
    fi
    rm -rf "$new"
fi

exec "$@"
