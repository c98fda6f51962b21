#!/bin/sh
# {{mark}}
#
# Starts nginx in front of replicas that have one name in DNS (REPLICAS). nginx reads neither the servers of /etc/resolv.conf nor its search list:
# both are put into a copy of the configuration beside this file. Nothing is written but below /tmp.

set -eu
files=$(dirname "$0")/nginx
prefix=/tmp/nginx
known=/etc/resolv.conf

dns=$(sed -n 's/^nameserver[[:space:]]*\([^[:space:]]*\).*/\1/p' "$known" | head -n 1)
case $dns in *:*) dns="[$dns]" ;; esac

# A name without a dot is below the first domain of the search list that has it; below the first of all while no replica runs.
name=$REPLICAS
case $name in
*.*) ;;
*)
    domains=$(sed -n 's/^search[[:space:]]*//p' "$known")
    name=$REPLICAS${domains:+.${domains%%[[:space:]]*}}
    for domain in $domains; do
        if getent hosts "$REPLICAS.$domain" >/dev/null; then
            name=$REPLICAS.$domain
            break
        fi
    done
    ;;
esac

rm -rf "$prefix"
mkdir "$prefix"
cp -R "$files" "$prefix/configuration"
sed -i "s/^\( *server \){{replicas}}:/\1$name:/; s/^\( *resolver \){{dns}} /\1$dns /" "$prefix/configuration/conf.d/gateway.conf"

# nginx opens its standard output anew for the access log, and in some containers that is another user's.
mkfifo "$prefix/output"
cat "$prefix/output" &
nginx -e stderr -p "$prefix" -c "$prefix/configuration/nginx.conf" -g 'daemon off;' >"$prefix/output" &
nginx=$!
# Told to end by SIGTERM, nginx would drop the requests that it has.
trap 'kill -s QUIT "$nginx"' TERM INT QUIT
code=0
wait "$nginx" || wait "$nginx" || code=$?
wait
exit "$code"
