#!/bin/sh
# What docker-entrypoint.sh of the official image does: options and configuration files are for the server.

set -e
case ${1-} in
    '' | -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
    shift
    # A configuration file comes first, and options after it count more.
    case ${1-} in
        -v | --version | -h | --help | --test-memory | --check-system) exec redis-server "$@" ;;
        '' | -*) exec redis-server --protected-mode no "$@" ;;
        *)
            file=$1
            shift
            exec redis-server "$file" --protected-mode no "$@"
            ;;
    esac
fi
exec "$@"
