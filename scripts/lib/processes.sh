# shellcheck shell=bash
# Background processes of a script: each has a log, and all are ended by their ids. Sourced, with
# RUN naming a directory for the logs.

declare -A started=()   # name -> process id
declare -a start_order=()

# start NAME COMMAND...: runs it detached from the terminal, so that Ctrl-C reaches only the script.
start() {
    local name=$1
    shift
    setsid "$@" > "$RUN/$name.log" 2>&1 < /dev/null &
    started[$name]=$!
    start_order+=("$name")
}

# wait_until SECONDS NAME WHAT COMMAND...: until the command succeeds; ends the script when the
# process NAME has ended or the time is over, with its last words.
wait_until() {
    local end=$((SECONDS + $1)) name=$2 what=$3
    shift 3
    until "$@" > /dev/null 2>&1; do
        if ! kill -0 "${started[$name]}" 2> /dev/null; then
            fail_with_log "$name" "$name ended before $what"
        elif [ "$SECONDS" -ge "$end" ]; then
            fail_with_log "$name" "timed out: $what"
        fi
        sleep 0.1
    done
}

fail_with_log() {
    echo "FAILED: $2. The last lines of its log:" >&2
    tail -n 15 "$RUN/$1.log" | sed 's/^/    /' >&2
    exit 1
}

# stop NAME [SECONDS]: SIGTERM, a second one after a second to skip what is left of a drain, and
# SIGKILL when the time (10 s) is over.
stop() {
    local name=$1 pid=${started[$1]:-} end=$((SECONDS + ${2:-10})) asked=$SECONDS
    [ -n "$pid" ] || return 0
    unset "started[$name]"
    kill -TERM "$pid" 2> /dev/null
    while kill -0 "$pid" 2> /dev/null; do
        if [ "$SECONDS" -ge "$end" ]; then
            echo "$name did not stop and was killed" >&2
            kill -KILL "$pid" 2> /dev/null
            break
        elif [ $((SECONDS - asked)) -ge 2 ]; then
            kill -TERM "$pid" 2> /dev/null
            asked=$SECONDS
        fi
        sleep 0.05
    done
    wait "$pid" 2> /dev/null
}

# Stops everything, what was started last first.
stop_all() {
    local at
    for ((at = ${#start_order[@]} - 1; at >= 0; at--)); do stop "${start_order[at]}"; done
}

# tcp_answers HOST PORT
tcp_answers() {
    (exec 3<> "/dev/tcp/$1/$2") 2> /dev/null
}
