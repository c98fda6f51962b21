#!/bin/sh
# What docker-entrypoint.sh of the redis image does.

case ${1-} in
    '' | -* | *.conf) set -- redis-server "$@" ;;
esac

[ "$1" != redis-server ] || [ "$(umask)" != 0022 ] || umask 0077
exec "$@"
