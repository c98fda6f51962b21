#!/bin/sh
# {{mark}}
#
# Makes the secrets that compose.yaml names, unless they are there: random, and in this folder alone. Keep a copy of them with the
# copies of the database: the password is part of it.

set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
keep() { # name, content
    [ -e "secrets/$1" ] || { printf '%s\n' "$2" >"secrets/$1" && chmod 644 "secrets/$1"; }
}

keep Api__Key "$(random)"
keep postgres-password "$(random)"
keep postgres.pgpass "*:*:*:*:$(cat secrets/postgres-password)"
keep Postgres__Password "$(random)"
keep redis.conf "requirepass $(random)"
keep ConnectionStrings__redis "redis:6379,password=$(sed -n 's/^requirepass //p' secrets/redis.conf)"
