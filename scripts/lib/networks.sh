# shellcheck shell=bash
# Network namespaces on one bridge, named after this script's process so that several may exist side
# by side. Nothing in the machine's own network is touched. Sourced; needs root.

NAMES=(net client lb1 lb2 back)

# make_networks: client, lb1, lb2 and back on the bridge in net, 10.90.0.0/24.
make_networks() {
    local name
    for name in "${NAMES[@]}"; do
        ip netns add "$(net "$name")" || return 1
        ip -n "$(net "$name")" link set lo up
    done
    ip -n "$(net net)" link add bridge type bridge stp_state 0 forward_delay 0 || return 1
    ip -n "$(net net)" link set bridge up
    join client 100 && join lb1 11 && join lb2 12 && join back 50
}

# join NAME HOST: gives it eth0 with 10.90.0.HOST.
join() {
    local space
    space=$(net "$1")
    ip link add eth0 netns "$space" type veth peer name "$1" netns "$(net net)" || return 1
    ip -n "$(net net)" link set "$1" master bridge up
    ip -n "$space" address add "10.90.0.$2/24" dev eth0
    ip -n "$space" link set eth0 up
}

net() {
    echo "ek$$-$1"
}

# within NAME COMMAND...
within() {
    local name=$1
    shift
    ip netns exec "$(net "$name")" "$@"
}

# Ends what still runs inside and removes the namespaces.
remove_networks() {
    local name pids
    for name in "${NAMES[@]}"; do
        pids=$(ip netns pids "$(net "$name")" 2> /dev/null)
        # shellcheck disable=SC2086
        [ -n "$pids" ] && kill -KILL $pids 2> /dev/null
        ip netns del "$(net "$name")" 2> /dev/null
    done
}
