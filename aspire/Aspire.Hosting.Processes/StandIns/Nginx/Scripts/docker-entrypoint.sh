#!/bin/sh
# What docker-entrypoint.sh of the nginx image does; templates are already rendered. From the stand-in: STANDIN_FOLDER.

set -e

case ${1-} in
    '' | -*) set -- nginx "$@" ;;
esac

if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
    for hook in "$STANDIN_FOLDER"/rootfs/docker-entrypoint.d/*; do
        [ -x "$hook" ] || continue
        case $hook in
            *.envsh) . "$hook" ;;
            *.sh) "$hook" ;;
        esac
    done

    # The access log goes to standard output by opening it anew. That is refused for a pipe that another user made,
    # and impossible for a socket: there, a pipe of our own and a process that copies until all of nginx has closed it.
    log=$STANDIN_FOLDER/run/stdout
    if (: >>/dev/stdout) 2>/dev/null; then
        ln -sf /dev/stdout "$log"
    else
        mkfifo "$log"
        cat <"$log" &
        exec 6>"$log"
    fi

    # Says what is wrong, with file and line, before any port is taken.
    command=$1
    shift
    nginx -t -q "$@"
    set -- "$command" "$@"
fi

exec "$@"
