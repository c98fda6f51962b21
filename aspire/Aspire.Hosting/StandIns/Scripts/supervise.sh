#!/bin/sh
# Runs a service as the only child of the process that DCP started, and leaves nothing behind however it ends.
#
#   supervise.sh STOP HARD FOLDER PROGRAM DIRECTORY COMMAND [ARGUMENT...]
#
#   STOP       the signal that ends the service gracefully; TERM, which is all that DCP sends, is passed on as this
#   HARD       the signal that ends it without waiting for clients, sent after 4 s; DCP itself kills after 6 s
#   FOLDER     where the pipe to the guard is made
#   PROGRAM    the service's program, an absolute path; COMMAND may be a script that prepares, then becomes or starts it
#   DIRECTORY  processes of PROGRAM that leave the process group are known by working in this directory (Postgres
#              gives each backend a session of its own); empty when none do
#
# Three processes: this one; the service, in a session and process group of its own; and the guard, which holds the
# reading end of a pipe that only this process can write to. When this process is gone, even by SIGKILL, the guard
# reads the end of the pipe and kills the group. The service also asks the kernel for a signal when this process dies.

# The service, and whatever it starts, by SIGKILL, until nothing is left of it. The group outlives its leader: workers of
# an nginx master that was killed keep the port, and are still in it.
kill_rest() {
    [ -n "$child" ] || return 0
    tries=0
    while [ "$tries" -lt 60 ]; do
        tries=$((tries + 1))
        found=
        kill -s KILL -- "-$child" 2>/dev/null && [ -n "$(members)" ] && found=1
        if [ -n "$directory" ]; then
            for process in /proc/[0-9]*; do
                [ "$process/exe" -ef "$program" ] || continue
                case $(readlink "$process/cwd") in
                    "$directory" | "$directory"/*) kill -s KILL "${process#/proc/}" 2>/dev/null && found=1 ;;
                esac
            done
        fi
        [ -n "$found" ] || break
        sleep 0.02
    done
    remove_shared_memory
}

# Prints the living processes of the group. One that has ended and that nobody has collected yet does not count.
members() {
    kill -s 0 -- "-$child" 2>/dev/null || return 0
    for process in /proc/[0-9]*; do
        read -r line 2>/dev/null <"$process/stat" || continue
        line=${line##*) }
        state=${line%% *}
        line=${line#* * }
        [ "${line%% *}" != "$child" ] || [ "$state" = Z ] || echo "${process#/proc/}"
    done
}

# A postmaster that was killed leaves its System V segment behind; a data folder that is thrown away never reclaims it.
remove_shared_memory() {
    [ -n "$directory" ] && [ -f "$directory/postmaster.pid" ] || return 0
    segment=$(awk 'NR == 7 { print $2 }' "$directory/postmaster.pid")
    [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null || :
}

if [ "$1" = --guard ]; then
    program=$2 directory=$3 child=
    while read -r child_pid <&8; do child=$child_pid; done
    kill_rest
    exit 0
fi

stop_signal=$1 hard_signal=$2 folder=$3 program=$4 directory=$5
shift 5
child= code=127 interrupted=

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

# Waits until the service has ended and, beyond what an image's contract promises, until the group is empty: of
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

finish() {
    kill_rest
    exec 9>&-
    wait "$guard"
    exit "$code"
}

# Where the service's program leads the group, it alone gets the signal and ends its own processes. Where a shell does, which
# prepares or is the entrypoint, each process gets what it knows: INT and QUIT a shell ignores, as every
# command does that another shell starts in the background.
signal_service() {
    if [ "$(name_of "$child")" = "${program##*/}" ]; then
        kill -s "$1" "$child" 2>/dev/null
        return
    fi
    for member in $(members); do
        case $(name_of "$member") in
            "${program##*/}") kill -s "$1" "$member" 2>/dev/null ;;
            *) kill -s TERM "$member" 2>/dev/null ;;
        esac
    done
}

name_of() {
    read -r name 2>/dev/null <"/proc/$1/comm" && echo "$name"
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
parent_gone() {
    read -r _ _ _ parent _ <"/proc/$$/stat"
    [ "$parent" != "$PPID" ]
}

on_parent_signal() {
    interrupted=1
    parent_gone && stop
    (while sleep 1; do parent_gone && kill -s TERM $$ && exit; [ -d "/proc/$$" ] || exit; done) 9>&- >/dev/null 2>&1 &
}

mkfifo -m 600 "$folder/guard" || exit 1
exec 9<>"$folder/guard"
setsid sh "$0" --guard "$program" "$directory" 8<"$folder/guard" 9>&- </dev/null &
guard=$!

trap stop TERM INT HUP QUIT
trap on_parent_signal USR1

setsid setpriv --pdeathsig "$hard_signal" -- "$@" 9>&- </dev/null &
child=$!
echo "$child" >&9

while :; do
    reap
    [ -n "$interrupted" ] || break
    interrupted=
done
trap '' TERM INT HUP QUIT USR1
finish
