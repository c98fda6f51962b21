#!/bin/bash
# What docker-entrypoint.sh of the official image does for an empty volume: a cluster, a superuser with a password, a database.

set -euo pipefail

if [[ ${1-} == -* ]]; then set -- postgres "$@"; fi

if [[ ${1-} == postgres && ! -s $PGDATA/PG_VERSION ]]; then
    user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
    password=${POSTGRES_PASSWORD:-}
    if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then password=$(<"$POSTGRES_PASSWORD_FILE"); fi
    if [[ -z $password ]]; then
        echo "The database is not initialized and has no superuser password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE." >&2
        exit 1
    fi
    # Beside its place, which it takes in one step: a start that was killed half-way leaves no half of a cluster.
    new=${PGDATA%/*}/.initializing
    rm -rf "$new"
    mkdir -p "${PGDATA%/*}"
    initdb -D "$new" --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-local=trust --auth-host=scram-sha-256
    echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$new/postgresql.conf"
    if [[ $database != postgres ]]; then
        printf 'CREATE DATABASE "%s"\n' "${database//\"/\"\"}" | postgres --single -D "$new" -c exit_on_error=true postgres >/dev/null
    fi
    rm -rf "$PGDATA"
    mv -T "$new" "$PGDATA"
fi

exec "$@"
