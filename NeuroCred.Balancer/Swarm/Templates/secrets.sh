#!/bin/sh
# {{mark}}
#
# Makes the secrets that stack.yaml names, unless the swarm has them: random, or what NEUROCRED_API_KEY, NEUROCRED_POSTGRES_PASSWORD and
# NEUROCRED_REDIS_PASSWORD say. A swarm shows no secret to anybody, so the key that clients need is printed, once.

set -eu

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
has() { docker secret inspect "neurocred-$1" >/dev/null 2>&1; }
create() { printf '%s\n' "$2" | docker secret create "neurocred-$1" - >/dev/null; }
# The first of two that share a password, left by a run that was interrupted: the second was never made, so nobody uses it.
remove() { docker secret rm "neurocred-$1" >/dev/null 2>&1 || true; }

docker secret ls -q >/dev/null # says so where there is no swarm

if ! has api-key; then
    key=${NEUROCRED_API_KEY:-$(random)}
    create api-key "$key"
    [ -n "${NEUROCRED_API_KEY:-}" ] || echo "The API key (X-API-Key), which is shown only now: $key"
fi
if ! has postgres-password; then
    password=${NEUROCRED_POSTGRES_PASSWORD:-$(random)}
    remove postgres-pgpass
    create postgres-pgpass "*:*:*:*:$password"
    create postgres-password "$password"
fi
has postgres-service-password || create postgres-service-password "$(random)"
if ! has redis-conf; then
    password=${NEUROCRED_REDIS_PASSWORD:-$(random)}
    remove redis-connection
    create redis-connection "redis:6379,password=$password"
    create redis-conf "requirepass $password"
fi
