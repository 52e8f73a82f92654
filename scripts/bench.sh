#!/usr/bin/env bash
# Evenkeel beside HAProxy: the same configuration, one run, interleaved rounds. Prints, for each and
# as the ratio Evenkeel/HAProxy: CPU time of the proxy per request, requests per second, the 99th
# percentile of the latency, and the memory of an idle keep-alive client.
#
#   ./scripts/bench.sh [--ref PROGRAM] [--only CASE,...] [--rounds N] [--seconds N] [--json FILE]
#
# The reference is the installed haproxy unless --ref names another. Each proxy runs alone on CPU 1
# with one thread; the origin (evenkeel-static) and the load (wrk) share CPU 0. `--list` names the
# cases. EVENKEEL_BIN names a directory with programs that are built already, in the profile release.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib/packages.sh
. scripts/lib/build.sh

case " $* " in
    *" --help "*) sed -n '2,/^set -u/{/^set/d;s/^# \{0,1\}//;p}' "$0" && exit ;;
esac
programs=("${programs_to_build[@]}" wrk=wrk python3=python3 taskset=util-linux)
[[ " $* " == *" --ref "* || " $* " == *" --list "* ]] || programs+=(haproxy=haproxy)
need_programs "${programs[@]}"
EVENKEEL_PROFILE=release build_programs
exec python3 scripts/bench/compare.py --programs "$BIN" "$@"
