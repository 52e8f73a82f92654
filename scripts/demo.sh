#!/usr/bin/env bash
# The demonstration on one machine: the load balancer in front of a web server and an application
# with its embedded database, all on loopback. Ctrl-C stops it.
#
#   ./scripts/demo.sh           starts it and prints the addresses to open
#   ./scripts/demo.sh --check   starts it, fetches its pages through the load balancer, stops it
#
# EVENKEEL_PROFILE selects the cargo profile (quick).
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib/packages.sh
. scripts/lib/build.sh
. scripts/lib/processes.sh
. scripts/lib/visit.sh

CHECK=
case ${1:-} in
    '') ;;
    --check) CHECK=1 ;;
    *) sed -n '2,/^set -u/{/^set/d;s/^# \{0,1\}//;p}' "$0"; [ "$1" = --help ]; exit ;;
esac
SITE=http://127.0.0.1:8080

main() {
    need_programs "${programs_to_build[@]}" "${programs_to_fetch[@]}"
    refuse_used_ports
    build_programs
    RUN=$(mktemp -d "${TMPDIR:-/tmp}/evenkeel-demo.XXXXXX") || exit 1
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    start_chain
    if [ -n "$CHECK" ]; then check; else serve; fi
}

refuse_used_ports() {
    local pair
    for pair in "8080 load balancer" "8081 web server" "8082 application"; do
        tcp_answers 127.0.0.1 "${pair%% *}" || continue
        echo "Port ${pair%% *} of 127.0.0.1 is in use; the ${pair#* } needs it. Stop what listens" \
            "there and try again." >&2
        exit 1
    done
}

start_chain() {
    start static "$BIN/evenkeel-static" --config conf/static.yaml
    start app "$BIN/evenkeel-app" --config conf/app.yaml --state-dir "$RUN"
    wait_until 10 static "the web server answers" answers 8081/healthz
    wait_until 30 app "the application answers" answers 8082/readyz
    start evenkeel "$BIN/evenkeel" -db -f conf/haproxy.cfg
    wait_until 10 evenkeel "the load balancer answers" answers 8080/
    # Its check of the application needs two good answers.
    wait_until 15 evenkeel "the application is reached through the load balancer" \
        answers 8080/app/
}

answers() {
    curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$1"
}

serve() {
    cat << END

Evenkeel is running. Open:
    the site            $SITE/
    the application     $SITE/app/     sign in as demo with the password demo-password
    the statistics      $SITE/stats
Logs: $RUN/*.log    Stop with Ctrl-C.
END
    local name
    while sleep 1; do
        for name in "${!started[@]}"; do
            kill -0 "${started[$name]}" 2> /dev/null || fail_with_log "$name" "$name ended"
        done
    done
}

check() {
    expect "the site's page" "Steady under load" page /
    expect "its picture" image/png page /images/harbour.png --output /dev/null \
        --write-out '%{content_type}'
    expect "the application's page" "with SQLite" page /app/
    step "signing in" sign_in
    local path title
    title="Checked at $(date +%T)"
    path=$(write_message "$title" "Written through the load balancer.")
    expect "the message just written" "$title" page "$path"
    expect "the statistics" "static1" page /stats
    expect "the statistics as CSV" "web,FRONTEND," page '/stats;csv'
    stop evenkeel && stop app && stop static
    tcp_answers 127.0.0.1 8080 && { echo "FAILED: something still listens on 8080" >&2; exit 1; }
    echo "demo: every page was fetched through the load balancer, and all stopped"
}

# expect WHAT TEXT COMMAND...: the command's output must hold the text.
expect() {
    local what=$1 text=$2 output
    shift 2
    output=$("$@" 2>&1)
    if [[ $output != *"$text"* ]]; then
        echo "FAILED: $what does not hold \"$text\" but:" >&2
        head -c 2000 <<< "$output" >&2
        exit 1
    fi
    echo "ok  $what"
}

step() {
    local what=$1
    shift
    "$@" || { echo "FAILED: $what" >&2; exit 1; }
    echo "ok  $what"
}

finish() {
    trap '' INT TERM HUP
    stop_all
    rm -rf "$RUN"
}

main
