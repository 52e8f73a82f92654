#!/usr/bin/env bash
# Every test: cargo's, with those that need MariaDB or network namespaces, the benchmarks once each
# as tests, the demonstration and the failover demonstration. As root it installs the Debian
# packages that are missing; without root the tests with namespaces are left out, and it says so.
#
#   ./scripts/test.sh [--no-failover]
#
# Everything is built once, in the profile dev.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib/packages.sh
. scripts/lib/build.sh

FAILOVER=1
case ${1:-} in
    '') ;;
    --no-failover) FAILOVER= ;;
    *) sed -n '2,/^set -u/{/^set/d;s/^# \{0,1\}//;p}' "$0"; [ "$1" = --help ]; exit ;;
esac

main() {
    need_programs "${programs_to_build[@]}" "${programs_to_fetch[@]}" \
        "${programs_for_networks[@]}" "${programs_for_mariadb[@]}" "${programs_for_tests[@]}"
    if [ "$(id -u)" != 0 ]; then
        export EVENKEEL_SKIP_NETNS=1
        FAILOVER=
    fi
    log=$(mktemp "${TMPDIR:-/tmp}/evenkeel-test.XXXXXX") || exit 1
    trap 'rm -f "$log"' EXIT
    results=() failed=0
    step "cargo test" cargo test --workspace --locked --no-fail-fast
    step "benchmarks" cargo test --package evenkeel --locked --bench http_head --bench throughput
    # The programs that cargo built for the tests of each package.
    EVENKEEL_BIN=$(target_directory)/debug
    export EVENKEEL_BIN
    step "demo.sh" scripts/demo.sh --check
    [ -z "$FAILOVER" ] || step "failover-demo.sh" scripts/failover-demo.sh
    close
}

# step NAME COMMAND...: goes on after a failure, and remembers it.
step() {
    local name=$1 began=$SECONDS word=ok
    shift
    echo
    echo "== $name: $*"
    "$@" 2>&1 | tee -a "$log" || { word=FAILED; failed=$((failed + 1)); }
    results+=("$(printf '%-18s %-7s %4d s' "$name" "$word" $((SECONDS - began)))")
}

# cargo's own last words for each test program, their sum, and how each step ended.
close() {
    echo
    echo "== summary"
    grep -E '^test result:|^error: test failed|^test .* FAILED|^    [a-z_:]+.*FAILED' "$log"
    awk '/^test result:/ {
            for (at = 2; at <= NF; at++) {
                if ($at ~ /^passed/) passed += $(at - 1)
                if ($at ~ /^failed/) failed += $(at - 1)
                if ($at ~ /^ignored/) ignored += $(at - 1)
            }
        }
        END { printf "cargo: %d passed, %d failed, %d ignored\n", passed, failed, ignored }' "$log"
    printf '%s\n' "${results[@]}"
    if [ "$(id -u)" != 0 ]; then
        echo "left out, because only root may make network namespaces: the cluster tests and" \
            "failover-demo.sh"
    fi
    [ $failed = 0 ] || { echo "FAILED: $failed of ${#results[@]} steps"; exit 1; }
    echo "all ${#results[@]} steps passed"
}

main
