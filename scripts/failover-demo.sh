#!/usr/bin/env bash
# Failover, shown: two load balancers with one virtual address, in network namespaces on one bridge.
#
#     client ──┬── lb1 (priority 200) ──┬── back: evenkeel-static
#              └── lb2 (priority 100) ──┘         evenkeel-app ── evenkeel-mysql-proxy ── MariaDB
#
# Sends steady requests through the virtual address, kills the primary and brings it back, and tells
# who was master when, how many requests failed, and the longest time without a good answer. Exits
# with 1 when that is above the bound or the service does not come back. Needs root.
#
#   --runs N         repeat every fault N times (1)
#   --faults LIST    kill (SIGKILL to every process of the primary), term (SIGTERM); default: kill
#   --bound MS       the longest gap that is accepted (1000)
#   --keep           leave the logs behind and say where
#
# EVENKEEL_PROFILE selects the cargo profile (quick).
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib/packages.sh
. scripts/lib/build.sh
. scripts/lib/processes.sh
. scripts/lib/networks.sh
. scripts/lib/mariadb.sh
. scripts/lib/visit.sh

RUNS=1 FAULTS=kill BOUND=1000 KEEP=
VIP=10.90.0.10
SITE=http://$VIP
INTERVAL_MS=5 TIMEOUT_MS=200
AWAY=4   # seconds that the primary stays away: longer than the lease of its address
BACK=3   # seconds watched after it was started again

usage() {
    sed -n '2,/^set -u/{/^set/d;s/^# \{0,1\}//;p}' "$0"
}

while [ $# -gt 0 ]; do
    case $1 in
        --runs) RUNS=${2:-} && shift ;;
        --faults) FAULTS=${2:-} && shift ;;
        --bound) BOUND=${2:-} && shift ;;
        --keep) KEEP=1 ;;
        --help) usage && exit ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done
for number in "$RUNS" "$BOUND"; do
    [[ $number =~ ^[1-9][0-9]{0,5}$ ]] || { echo "'$number' is not a count" >&2; exit 2; }
done
for fault in ${FAULTS//,/ }; do
    [[ $fault =~ ^(kill|term)$ ]] || { echo "'$fault' is no fault: kill or term" >&2; exit 2; }
done

main() {
    [ "$(id -u)" = 0 ] || { echo "failover-demo.sh makes network namespaces, which only root may: run it with sudo." >&2; exit 1; }
    need_programs "${programs_to_build[@]}" "${programs_to_fetch[@]}" \
        "${programs_for_networks[@]}" "${programs_for_mariadb[@]}"
    build_programs
    RUN=$(mktemp -d "${TMPDIR:-/tmp}/evenkeel-failover.XXXXXX") || exit 1
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo "Making the networks ..."
    make_networks || { echo "FAILED: network namespaces cannot be made here" >&2; exit 1; }
    VISITOR="ip netns exec $(net client)"
    start_backends
    start_pair
    prove_the_database
    start_client
    local run fault failed=0 tried=0
    for fault in ${FAULTS//,/ }; do
        for ((run = 1; run <= RUNS; run++)); do
            tried=$((tried + 1))
            try "$fault" "$run" || failed=$((failed + 1))
        done
    done
    echo
    [ "$tried" = 1 ] || { sum_up takeover; sum_up return; }
    [ $failed = 0 ] || { echo "FAILED: $failed of $tried runs"; exit 1; }
    echo "failover: $tried of $tried runs kept every gap within $BOUND ms"
}

start_backends() {
    echo "Starting MariaDB, the MySQL proxy, the application and the web server ..."
    start_mariadb ip netns exec "$(net back)"
    start mysql-proxy ip netns exec "$(net back)" "$BIN/evenkeel-mysql-proxy" \
        --config conf/failover/mysql-proxy.yaml
    wait_until 20 mysql-proxy "the MySQL proxy is healthy" fetch_back 127.0.0.1:8083/healthz
    start static ip netns exec "$(net back)" "$BIN/evenkeel-static" \
        --config conf/static.yaml --listen 10.90.0.50:8081
    EVENKEEL_APP_DATABASE_URL=mysql://app:app-secret@127.0.0.1:3307/board \
        start app ip netns exec "$(net back)" "$BIN/evenkeel-app" --config conf/app.yaml \
        --listen 10.90.0.50:8082
    wait_until 20 static "the web server answers" fetch_back 10.90.0.50:8081/healthz
    wait_until 60 app "the application answers" fetch_back 10.90.0.50:8082/readyz
}

fetch_back() {
    within back curl --silent --fail --max-time 2 "http://$1"
}

start_pair() {
    echo "Starting lb1 and lb2 ..."
    watch_addresses lb1
    watch_addresses lb2
    start_node lb1
    start_node lb2
    wait_until 15 lb1 "lb1 serves the virtual address" answered_by lb1 "$SITE/"
    # Each node by its own address: the checks of the application must have passed on both.
    wait_until 15 lb1 "lb1 reaches the application" answered_by lb1 http://10.90.0.11/app/
    wait_until 15 lb2 "lb2 reaches the application" answered_by lb2 http://10.90.0.12/app/
}

start_node() {
    NODE=$1 RUN=$RUN start "$1" ip netns exec "$(net "$1")" \
        "$BIN/evenkeel" -db -f conf/failover/haproxy.cfg --cluster "conf/failover/$1.yaml"
}

# The kernel's own word on who holds the address, with times.
watch_addresses() {
    start "$1-addresses" ip -ts -n "$(net "$1")" monitor address
    ln -sf "$RUN/$1-addresses.log" "$RUN/$1.addresses"
}

answered_by() {
    local head
    head=$(within client curl --silent --fail --max-time 2 --output /dev/null --dump-header - "$2")
    [[ ${head,,} == *"x-node: $1"* ]]
}

# The dynamic page's rows come from MariaDB, and through the proxy.
prove_the_database() {
    echo
    echo "The data's way, from the client through $VIP:"
    sign_in || { echo "FAILED: signing in through the load balancer" >&2; exit 1; }
    echo "  signed in as demo"
    post_and_find "Written at $(date +%T)"
    echo "  the page says: $(page /app/ | sed -n 's/<[^>]*>//g;s/^ *\(Served by.*\)/\1/p')"
    echo "  MariaDB says of itself: $(sql 'SELECT VERSION()')"
    local others
    others=$(within back ss -Htnp state established dport = :3306 | grep -vc evenkeel-mysql)
    [ "$others" = 0 ] || { echo "FAILED: $others connections to MariaDB go past the proxy" >&2; exit 1; }
    echo "  every connection to MariaDB's port is the proxy's"
}

# post_and_find TITLE: writes a message through the virtual address, reads it back there, and asks
# MariaDB for the same row.
post_and_find() {
    local path row
    path=$(write_message "$1" "From the client through $VIP")
    [[ $(page "$path") == *"<h1>$1</h1>"* ]] || {
        echo "FAILED: the message \"$1\" is not on its page $path" >&2
        exit 1
    }
    echo "  wrote the message \"$1\" and read it on $path"
    row=$(sql "SELECT CONCAT('id ', messages.id, ' by ', users.name, ': ', title) FROM board.messages
               JOIN board.users ON users.id = user_id WHERE messages.id = ${path##*/}")
    [[ $row == *": $1" ]] || { echo "FAILED: MariaDB has no such row, but: $row" >&2; exit 1; }
    echo "  MariaDB, asked directly, has the row $row"
}

start_client() {
    start client ip netns exec "$(net client)" python3 scripts/failover/client.py \
        $VIP 80 $INTERVAL_MS $TIMEOUT_MS "$RUN/client.tsv" \
        "/=Steady under load" "/style.css=color" "/app/=with MariaDB" "/images/logo.svg=svg"
    echo
    echo "The client opens a connection every $INTERVAL_MS ms and gives each request" \
        "$TIMEOUT_MS ms; every fourth is for the dynamic page."
    sleep 1
}

# try FAULT RUN: breaks the primary, brings it back, tells the account.
try() {
    local fault=$1 fault_us return_us result=0
    echo
    echo "$fault, run $2 of $RUNS"
    fault_us=$(now)
    break_primary "$fault"
    sleep 1
    # The visitor's session goes on while the primary is away.
    answered_by lb2 "$SITE/app/" && post_and_find "Written at $(date +%T) during $fault $2" ||
        result=1
    sleep $((AWAY - 1))
    return_us=$(now)
    start_node lb1
    sleep "$BACK"
    python3 scripts/failover/account.py "$RUN" "$BOUND" "$fault" "$fault_us" "$return_us" \
        "$(now)" "$VIP" || result=1
    return $result
}

# sum_up WHAT: the longest gaps and the failed requests of all runs.
sum_up() {
    sort -n "$RUN/$1.gaps" | awk -v what="$1" '
        { gap[NR] = $1; failed += $2 }
        END { printf "%s, %d runs: longest gap, median %d ms, most %d ms; %d failed requests\n",
                  what, NR, gap[int((NR + 1) / 2)], gap[NR], failed }'
}

break_primary() {
    local pids
    # The watcher of addresses runs in that namespace as well, and stays.
    pids=$(ip netns pids "$(net lb1)" | grep -vx "${started[lb1-addresses]}")
    if [ "$1" = term ]; then
        stop lb1
    else
        # Stopped first: a process that outlives another by a moment could still say goodbye.
        # shellcheck disable=SC2086
        kill -STOP $pids && kill -KILL $pids
        wait "${started[lb1]}" 2> /dev/null
        unset "started[lb1]"
    fi
}

# Microseconds since 1970.
now() {
    echo "${EPOCHREALTIME/[.,]/}"
}

finish() {
    local status=$?
    trap '' INT TERM HUP
    stop_all
    remove_networks
    if [ -n "$KEEP" ]; then
        echo "The logs are in $RUN"
    else
        rm -rf "$RUN"
    fi
    exit $status
}

main
