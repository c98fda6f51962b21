#!/bin/sh
# {{mark}}
#
# Changes the version without losing a request, which `docker compose up` does not: it replaces all replicas at once. For each replica a new
# one is started, and the old one is told to leave when the new one is healthy. A version that does not become healthy is taken back.
#
#   NEUROCRED_API_IMAGE=neurocred-api:1.1.0 ./update.sh       afterwards, keep that line in a file .env beside compose.yaml
#   COMPOSE=docker-compose                                    says which Compose to use

set -eu
cd "$(dirname "$0")"
compose=${COMPOSE:-docker compose}
patience=120 # seconds

replicas() { $compose ps -q api | sort; }
health() { docker inspect --format '{{health}}' "$1" 2>/dev/null || echo gone; }
remove() { docker stop "$1" >/dev/null && docker rm "$1" >/dev/null; }

old=$(replicas)
[ -n "$old" ] || { echo "No replica runs: use '$compose up -d'." >&2; exit 1; }
count=$(echo "$old" | wc -l)

$compose run --rm --no-deps migrate

for leaving in $old; do
    before=$(replicas)
    $compose up -d --no-deps --no-recreate --scale "api=$((count + 1))" api
    new=$(replicas | grep -vxF "$before" | head -n 1)
    waited=0
    until [ "$(health "$new")" = healthy ]; do
        waited=$((waited + 1))
        if [ "$waited" -gt "$patience" ] || [ "$(health "$new")" = unhealthy ]; then
            echo "The new version does not become healthy, and is taken back. It said:" >&2
            docker logs --tail 20 "$new" >&2 || true
            remove "$new"
            exit 1
        fi
        sleep 1
    done
    remove "$leaving"
    echo "replaced one of $count"
done
