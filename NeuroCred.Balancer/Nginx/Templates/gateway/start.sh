#!/bin/sh
# {{mark}}
#
# Starts nginx in front of replicas that have one name in DNS (REPLICAS). nginx reads neither the servers of /etc/resolv.conf nor its search list:
# both are put into a copy of the configuration beside this file. Nothing is written but below /tmp, and the log for the monitor.
#
# A name without a dot is below a domain of the search list. If there are several, it is below the one that has it, which none may have before a
# replica runs: then they are asked once a second, and after 30 times this ends, so that the platform starts it again. With FIRST_DOMAIN set, it is
# below the first domain, whether that has it yet or not.

set -eu
files=$(dirname "$0")/nginx
prefix=/tmp/nginx
known=/etc/resolv.conf

# The first process of a container ignores what it has no trap for.
trap 'exit 1' TERM INT QUIT

dns=$(sed -n 's/^nameserver[[:space:]]*\([^[:space:]]*\).*/\1/p' "$known" | head -n 1)
case $dns in *:*) dns="[$dns]" ;; esac

find_domain() {
    for domain; do
        if getent hosts "$REPLICAS.$domain" >/dev/null; then
            echo "$domain"
            return
        fi
    done
    return 1
}

name=$REPLICAS
case $name in
*.*) ;;
*)
    # shellcheck disable=SC2046 # each domain is an argument
    set -- $(sed -n 's/^search[[:space:]]//p' "$known")
    domain=${1:-}
    if [ $# -gt 1 ] && [ -z "${FIRST_DOMAIN:-}" ]; then
        tries=30
        until domain=$(find_domain "$@"); do
            tries=$((tries - 1))
            if [ "$tries" -eq 0 ]; then
                echo "REPLICAS is '$REPLICAS', a name that no domain of the search list ($*) has. Start a replica, or correct the name." >&2
                exit 1
            fi
            sleep 1
        done
    fi
    name=$REPLICAS${domain:+.$domain}
    ;;
esac

rm -rf "$prefix"
mkdir "$prefix"
# Files of a ConfigMap are links.
cp -RL "$files" "$prefix/configuration"
sed -i "s/^\( *server \){{replicas}}:/\1$name:/; s/^\( *resolver \){{dns}} /\1$dns /" "$prefix/configuration/conf.d/gateway.conf"

# nginx opens its standard output anew for the access log, and in some containers that is another user's.
mkfifo "$prefix/output"
cat "$prefix/output" &
output=$!
nginx -e stderr -p "$prefix" -c "$prefix/configuration/nginx.conf" -g 'daemon off;' >"$prefix/output" &
nginx=$!
# The monitor empties the log that it has read. While none does, the log must not fill the disk, where nginx keeps large bodies of requests.
# A signal that comes before a shell in the background has begun is lost, so this also ends by itself, and nobody waits for it.
while sleep 5 && kill -s 0 "$nginx"; do
    [ "$(stat -c %s {{log}})" -le {{log_bytes}} ] || : >{{log}}
done >/dev/null 2>&1 &
emptying=$!
# Told to end by SIGTERM, nginx would drop the requests that it has.
trap 'kill -s QUIT "$nginx"' TERM INT QUIT
code=0
wait "$nginx" || wait "$nginx" || code=$?
# Workers whose nginx was killed live on, with its output: they end with this.
[ "$code" -eq 0 ] || kill "$output" 2>/dev/null || :
kill "$emptying" 2>/dev/null || :
wait "$output" || :
exit "$code"
