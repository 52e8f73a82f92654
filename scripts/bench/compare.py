#!/usr/bin/env python3
"""Measures two programs that read the same haproxy.cfg. See bench.sh, which builds and starts this.

The rounds are interleaved (reference, Evenkeel, reference, ...), so that whatever else the machine
does strikes both. The figure to look at is the proxy's CPU time per request, from the scheduler's
nanosecond counters (/proc/PID/task/*/schedstat): other load hardly moves it. Each value shown is the
median of its rounds.
"""
import argparse
import json
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ORIGIN = 19081
SYSLOG = 19082
FIRST_PORT = 19100
IDLE_CLIENTS = 8000
TICKS = os.sysconf("SC_CLK_TCK")

GLOBAL = """global
    nbthread 1
    maxconn 9000
defaults
    timeout connect 5s
    timeout client 60s
    timeout server 60s
"""
HTTP = """listen web
    mode http
    bind 127.0.0.1:{port}
    http-reuse always
    server origin 127.0.0.1:{origin}
"""
TCP = """listen web
    mode tcp
    bind 127.0.0.1:{port}
    server origin 127.0.0.1:{origin}
"""
RULES = """frontend front
    mode http
    bind 127.0.0.1:{port}
    option forwardfor
    log 127.0.0.1:{syslog} local0
    option httplog
""" + "".join(
    f"    acl path{n} path_beg /api/v{n}/\n    acl host{n} hdr(host) -i site{n}.example\n"
    for n in range(10)
) + "".join(
    f"    http-request set-header X-Rule-{n} %[path,lower] if path{n}\n" for n in range(10)
) + """    http-request set-header X-Real-IP %[src]
    http-response set-header X-Served-By bench
    http-response del-header Server
""" + "".join(f"    use_backend origins if host{n}\n" for n in range(10)) + """    default_backend origins
backend origins
    mode http
    http-reuse always
    cookie SRV insert indirect nocache
""" + "".join(
    f"    server s{n} 127.0.0.1:{{origin}} cookie c{n} check inter 60s\n" for n in range(10)
)
BROWSER = ["Host: site9.example",
           "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
           "Accept: text/html,application/xhtml+xml", "Cookie: a=b; SRV=c5; sid=0123456789abcdef"]

# name: (what it is, configuration, path, header fields)
CASES = {
    "keep-alive": ("HTTP/1 keep-alive, 100-byte body", HTTP, "/100", []),
    "10k": ("HTTP/1 keep-alive, 10 kB body", HTTP, "/10k", []),
    "rules": ("HTTP/1 with 20 ACLs, header rules, cookie, httplog", RULES, "/api/v7/100", BROWSER),
    "tcp-kept": ("TCP, exchanges over kept connections", TCP, "/100", []),
    "tcp-short": ("TCP, a connection per exchange", TCP, "/100", ["Connection: close"]),
}
IDLE = "idle"


def main():
    options = arguments()
    raise_file_limit()
    work = tempfile.mkdtemp(prefix="evenkeel-bench-")
    os.chmod(work, 0o755)
    programs = {"reference": options.ref, "evenkeel": os.path.join(options.programs, "evenkeel")}
    origin, syslog = None, log_sink()
    try:
        describe(options, programs)
        origin = start_origin(options, work)
        results = {}
        for number, name in enumerate(CASES):
            if name in options.only:
                results[name] = compare(name, programs, options, work, FIRST_PORT + 10 * number)
                show(CASES[name][0], results[name])
        if IDLE in options.only:
            results[IDLE] = {who: [] for who in programs}
            for _ in range(options.rounds):
                for at, (who, program) in enumerate(programs.items()):
                    results[IDLE][who].append(idle_memory(program, work, FIRST_PORT + 80 + at))
            show_memory(results[IDLE])
        if options.json:
            with open(options.json, "w") as file:
                json.dump(results, file, indent=1)
    finally:
        syslog.close()
        if origin:
            end(origin)
        shutil.rmtree(work, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(prog="bench.sh")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--ref", default="haproxy")
    parser.add_argument("--only", help="cases, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for name, case in CASES.items():
            print(f"{name:12} {case[0]}")
        print(f"{IDLE:12} memory of an idle keep-alive client")
        sys.exit()
    known = [*CASES, IDLE]
    options.only = options.only.split(",") if options.only else known
    for name in options.only:
        if name not in known:
            parser.error(f"there is no case '{name}'; the cases are {', '.join(known)}")
    if not shutil.which(options.ref):
        parser.error(f"'{options.ref}' is not there")
    return options


def describe(options, programs):
    for who, program in programs.items():
        version = subprocess.run([program, "-v"], capture_output=True, text=True).stdout
        print(f"{who:10} {version.splitlines()[0] if version else program}")
    layout = "proxy on CPU 1, origin and wrk on CPU 0" if len(cpus()) > 1 else "everything on one CPU"
    print(f"{'method':10} {layout}; origin: evenkeel-static; {options.rounds} rounds of "
          f"{options.seconds} s, interleaved; medians\n")
    print(f"{'':44}{'HAProxy':>12}{'Evenkeel':>12}{'ratio':>8}")


def compare(name, programs, options, work, port):
    _, configuration, path, fields = CASES[name]
    proxies = {}
    try:
        for at, (who, program) in enumerate(programs.items()):
            proxies[who] = Proxy(program, configuration, work, port + at)
        for proxy in proxies.values():
            wrk(proxy.port, path, fields, 1)
        rounds = {who: [] for who in proxies}
        for _ in range(options.rounds):
            for who, proxy in proxies.items():
                rounds[who].append(measure(proxy, path, fields, options.seconds))
    finally:
        for proxy in proxies.values():
            proxy.end()
    return {who: {key: statistics.median(one[key] for one in many) for key in many[0]}
            for who, many in rounds.items()}


def measure(proxy, path, fields, seconds):
    cpu, ticks = cpu_seconds(proxy.pid), user_system(proxy.pid)
    load = wrk(proxy.port, path, fields, seconds)
    cpu = cpu_seconds(proxy.pid) - cpu
    user, system = (now - then for now, then in zip(user_system(proxy.pid), ticks))
    share = user / (user + system) if user + system else 0.0
    return {"cpu_us": cpu * 1e6 / load["requests"], "user_us": cpu * share * 1e6 / load["requests"],
            "per_second": load["requests"] / seconds, "p99_ms": load["p99_ms"],
            "errors": load["errors"]}


def wrk(port, path, fields, seconds):
    command = pinned(0, ["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency"])
    for field in fields:
        command += ["-H", field]
    out = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True)
    requests = re.search(r"(\d+) requests in", out.stdout)
    if not requests or requests[1] == "0":
        who = "; ".join(f"{name} {'answers' if answers(at, path) else 'does not answer'}"
                        for name, at in (("the origin", ORIGIN), ("the proxy", port)))
        sys.exit(f"wrk had no answer within {seconds} s from port {port}. Asked now, {who}.\n"
                 f"{out.stdout}{out.stderr}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out.stdout).groups()
    errors = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", out.stdout))
    errors += sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", out.stdout))
    return {"requests": int(requests[1]), "errors": errors,
            "p99_ms": float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]}


def answers(port, path):
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as client:
            client.settimeout(2)
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
            return client.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def idle_memory(program, work, port):
    """Bytes by which the proxy's resident memory grew, per client that waits after one request."""
    proxy = Proxy(program, HTTP, work, port)
    clients = []
    try:
        for _ in range(20):  # what the first requests need once
            ask(port).close()
        time.sleep(0.5)
        before = resident_memory(proxy.pid)
        for _ in range(IDLE_CLIENTS):
            clients.append(ask(port))
        time.sleep(1)
        return (resident_memory(proxy.pid) - before) / IDLE_CLIENTS
    finally:
        for client in clients:
            client.close()
        proxy.end()


def ask(port):
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.sendall(b"GET /100 HTTP/1.1\r\nHost: bench\r\n\r\n")
    answer = b""
    while not answer.endswith(b"x" * 100):
        piece = client.recv(4096)
        if not piece:
            sys.exit("the proxy closed an idle client")
        answer += piece
    return client


def show(title, result):
    reference, evenkeel = result["reference"], result["evenkeel"]
    print(title)
    for key, label, digits in (("cpu_us", "CPU per request, us", 1), ("user_us", "  of it user, us", 1),
                               ("per_second", "requests per second", 0), ("p99_ms", "p99, ms", 2)):
        one, two = reference[key], evenkeel[key]
        ratio = f"{two / one:8.2f}" if one else ""
        print(f"    {label:40}{one:12.{digits}f}{two:12.{digits}f}{ratio}")
    if reference["errors"] or evenkeel["errors"]:
        print(f"    {'errors':40}{reference['errors']:12.0f}{evenkeel['errors']:12.0f}")
    sys.stdout.flush()


def show_memory(result):
    one, two = (statistics.median(result[who]) for who in ("reference", "evenkeel"))
    ratio = f"{two / one:8.2f}" if one > 0 else ""
    print(f"Idle keep-alive clients, {IDLE_CLIENTS} of them")
    print(f"    {'memory per client, bytes':40}{one:12.0f}{two:12.0f}{ratio}")
    for label, pick in (("least", min), ("most", max)):  # pages come in lumps: see the spread
        one, two = (pick(result[who]) for who in ("reference", "evenkeel"))
        print(f"    {'  ' + label + ' of the rounds':40}{one:12.0f}{two:12.0f}")


class Proxy:
    """A proxy with its configuration, which listens."""

    def __init__(self, program, configuration, work, port):
        self.port = port
        name = os.path.join(work, str(port))
        with open(f"{name}.cfg", "w") as file:
            file.write(GLOBAL + configuration.format(port=port, origin=ORIGIN, syslog=SYSLOG))
        self.process = start(pinned(1, [program, "-db", "-f", f"{name}.cfg"]), f"{name}.log")
        self.pid = self.process.pid
        wait_for_port(port, self.process, f"{name}.log")

    def end(self):
        end(self.process)


def start_origin(options, work):
    os.makedirs(f"{work}/site/api/v7")
    for path, length in (("100", 100), ("10k", 10_000), ("api/v7/100", 100)):
        with open(f"{work}/site/{path}", "w") as file:
            file.write("x" * length)
    with open(f"{work}/static.yaml", "w") as file:
        file.write(f"listen: 127.0.0.1:{ORIGIN}\nroot: site\nworkers: 1\n"
                   "access_log:\n  path: 'off'\n")
    program = os.path.join(options.programs, "evenkeel-static")
    log = f"{work}/origin.log"
    process = start(pinned(0, [program, "--config", f"{work}/static.yaml"]), log)
    wait_for_port(ORIGIN, process, log)
    return process


def log_sink():
    """Takes log lines and never reads them: the kernel drops what does not fit, for both alike."""
    sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sink.bind(("127.0.0.1", SYSLOG))
    return sink


def start(command, log):
    with open(log, "w") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                start_new_session=True)


def wait_for_port(port, process, log):
    deadline = time.time() + 10
    while process.poll() is None and time.time() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.05)
    end(process)
    with open(log) as file:
        sys.exit(f"{' '.join(process.args)} does not listen:\n{file.read()[-1500:]}")


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def cpus():
    return sorted(os.sched_getaffinity(0))


def pinned(number, command):
    allowed = cpus()
    return ["taskset", "-c", str(allowed[min(number, len(allowed) - 1)]), *command]


def cpu_seconds(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def user_system(pid):
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return int(words[11]) / TICKS, int(words[12]) / TICKS


def resident_memory(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return int(re.search(r"^Rss:\s+(\d+) kB", file.read(), re.M)[1]) * 1024


def raise_file_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


main()
