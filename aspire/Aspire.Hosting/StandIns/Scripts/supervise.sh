#!/bin/sh
# Runs a service as the child of the process that DCP started, and leaves nothing behind however it ends.
#
#   supervise.sh STOP HARD FOLDER PROGRAM DATA COMMAND [ARGUMENT...]
#
#   STOP      the signal that ends the service gracefully; TERM, which is all that DCP sends, is passed on as this
#   HARD      the signal that ends it without waiting for clients, sent after 4 s; DCP itself kills after 6 s
#   FOLDER    where the leash is made
#   PROGRAM   the name of the service's program; COMMAND may be a script that prepares, then becomes or starts it
#   DATA      a data folder of Postgres that no later server will use; empty when there is none
#
# Three processes: this one; the service, in a session and process group of its own; and the guard. The leash is a
# named pipe. Only this process can write to it: when it is gone, even by SIGKILL, the guard reads the end of the pipe,
# and kills. The service and all that it starts inherit the pipe as descriptor 7: so they are known, also those that leave
# the group (each Postgres backend does) or lose their parent (workers of an nginx master that was killed keep its port).
# If the guard was killed before, the kernel sends HARD to the service when this process dies.

# Prints the living processes of the service. Those that have ended and were not yet collected have no descriptors.
members() {
    for process in /proc/[0-9]*; do
        [ ! "$process/fd/7" -ef /dev/fd/8 ] || echo "${process#/proc/}"
    done
}

# Kills until nothing is left: a process may be starting another.
kill_rest() {
    tries=0
    while [ "$tries" -lt 60 ]; do
        tries=$((tries + 1))
        [ -z "$child" ] || kill -s KILL -- "-$child" 2>/dev/null
        left=$(members)
        [ -n "$left" ] || break
        for member in $left; do
            kill -s KILL "$member" 2>/dev/null
        done
        sleep 0.02
    done
    remove_shared_memory
}

# A server of Postgres that was killed leaves its System V segment behind. The next one of the same data folder reclaims
# it; after one that only initialized the folder, and after a folder that is thrown away, there is none.
remove_shared_memory() {
    [ -n "$data" ] || return 0
    for lock in "$data/postmaster.pid" "$data/.initializing/postmaster.pid"; do
        [ -f "$lock" ] || continue
        segment=$(awk 'NR == 7 { print $2 }' "$lock")
        [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null || :
    done
}

if [ "$1" = --guard ]; then
    # Whoever ends the whole tree must not end its guard before the rest.
    trap '' TERM INT HUP QUIT
    data=$2 child=''
    while read -r pid <&8; do child=$pid; done
    kill_rest
    exit 0
fi

stop_signal=$1 hard_signal=$2 folder=$3 program=$4 data=$5
shift 5
child='' code=127 interrupted=''

# Several processes write to these, one of them (nginx) through a file of its own: all must append.
[ -f /dev/stdout ] && (: >>/dev/stdout) 2>/dev/null && exec >>/dev/stdout
[ -f /dev/stderr ] && (: >>/dev/stderr) 2>/dev/null && exec 2>>/dev/stderr

# In hundredths of a second.
now() {
    read -r uptime _ </proc/uptime
    echo "${uptime%.*}${uptime#*.}"
}

running() {
    read -r _ _ state _ 2>/dev/null <"/proc/$child/stat" && [ "$state" != Z ]
}

# Waits until the service has ended and, beyond what an image's contract promises, all it started: of
# `sh -c "prepare; redis-server"` the shell goes first.
wait_until() {
    while [ "$(now)" -lt "$1" ]; do
        if ! running; then
            reap
            [ -n "$(members)" ] || return 0
        fi
        sleep 0.05
    done
    return 1
}

reap() {
    wait "$child"
    status=$?
    [ "$status" -eq 127 ] || code=$status
}

# Where the service's program leads the group, it alone gets the signal and ends its own processes. Where a shell does, which
# prepares or is the entrypoint, each process gets what it knows: INT and QUIT a shell ignores, as every
# command does that another shell starts in the background.
signal_service() {
    if [ "$(name_of "$child")" = "$program" ]; then
        kill -s "$1" "$child" 2>/dev/null
        return
    fi
    for member in $(members); do
        case $(name_of "$member") in
            "$program") kill -s "$1" "$member" 2>/dev/null ;;
            *) kill -s TERM "$member" 2>/dev/null ;;
        esac
    done
}

name_of() {
    read -r name 2>/dev/null <"/proc/$1/comm" && echo "$name"
}

finish() {
    kill_rest
    exec 9>&-
    [ -z "$watch" ] || kill -s KILL -- "-$watch" 2>/dev/null
    wait "$guard"
    exit "$code"
}

stop() {
    trap '' TERM INT HUP QUIT USR1
    began=$(now)
    signal_service "$stop_signal"
    if ! wait_until $((began + 400)); then
        echo "The service did not end within 4 s of $stop_signal: sending $hard_signal." >&2
        signal_service "$hard_signal"
        wait_until $((began + 490)) || :
    fi
    kill_rest
    reap
    # A shell that ended of the TERM it was sent did as it was told.
    [ "$code" -ne 143 ] || code=0
    finish
}

# The kernel sends USR1 when the thread that started this process ends. That is the end of DCP, unless
# only a thread of it ended: then nobody will tell, and somebody has to look.
on_parent_signal() {
    interrupted=1
    read -r _ _ _ parent _ <"/proc/$$/stat"
    [ "$parent" = "$PPID" ] || stop
    # shellcheck disable=SC2016 # expanded by the other shell
    [ -n "$watch" ] || {
        setsid sh -c 'while read -r _ _ _ parent _ <"/proc/$1/stat" && [ "$parent" = "$2" ]; do sleep 1; done; kill -s TERM "$1"' \
            sh $$ "$PPID" 8<&- 9>&- </dev/null >/dev/null 2>&1 &
        watch=$!
    }
}
watch=''

leash=$folder/leash
mkfifo -m 600 "$leash" || exit 1
exec 9<>"$leash" 8<"$leash"
setsid sh "$0" --guard "$data" 9>&- </dev/null >/dev/null 2>&1 &
guard=$!

trap stop TERM INT HUP QUIT
trap on_parent_signal USR1

setsid setpriv --pdeathsig "$hard_signal" -- "$@" 7<&8 8<&- 9>&- </dev/null &
child=$!
echo "$child" >&9

while :; do
    reap
    [ -n "$interrupted" ] || break
    interrupted=''
done
trap '' TERM INT HUP QUIT USR1
finish
