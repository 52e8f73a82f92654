#!/usr/bin/env python3
"""The account of one fault, from what the client saw and what the kernels of the nodes said.

Usage: account.py DIRECTORY BOUND_MS FAULT FAULT_US RETURN_US END_US VIP

DIRECTORY holds client.tsv (see client.py) and lb1.addresses, lb2.addresses (`ip -ts monitor`).
Prints what happened when, and the requests and the longest gap around the fault and the return.
A gap is the longest time between two good answers. Exits with 1 when a gap is above the bound, or
when the expected node does not answer. Each gap in ms, with the number of failed requests, is added to
takeover.gaps and return.gaps there.
"""
import os
import re
import sys
import time
from collections import Counter, namedtuple

Answer = namedtuple("Answer", "start end good node path")

DIRECTORY, BOUND, FAULT = sys.argv[1], float(sys.argv[2]), sys.argv[3]
FAULT_US, RETURN_US, END_US = (int(word) for word in sys.argv[4:7])
VIP = sys.argv[7]
BEFORE = 500_000  # how far before a fault the last good answer is looked for


def answers():
    for line in open(os.path.join(DIRECTORY, "client.tsv")):
        words = line.rstrip("\n").split("\t")
        if len(words) == 5:
            yield Answer(int(words[0]), int(words[1]), words[2] == "1", words[3], words[4])


def address_changes(node):
    """(time, text) each time the address appears on the node or goes away."""
    held = None
    for line in open(os.path.join(DIRECTORY, f"{node}.addresses")):
        found = re.match(r"\[(\S+?)\.(\d{6})\] (Deleted )?.*inet (\S+)/", line)
        if not found or found[4] != VIP:
            continue
        at = int(time.mktime(time.strptime(found[1], "%Y-%m-%dT%H:%M:%S"))) * 1_000_000
        holds = found[3] is None
        if holds != held:
            held = holds
            yield at + int(found[2]), f"{node} {'takes' if holds else 'loses'} {VIP}"


def node_changes(seen):
    """(time, text) each time another node than before gives the good answers."""
    node = None
    for answer in sorted((a for a in seen if a.good), key=lambda a: a.end):
        if answer.node != node:
            node = answer.node
            yield answer.end, f"{node} answers the client"


def window(seen, begin, end):
    """The requests that ended in it, and the longest gap in ms."""
    here = [answer for answer in seen if begin <= answer.end < end]
    good = sorted(a.end for a in seen if a.good and begin - BEFORE <= a.end < end)
    edges = [t for t in good if t <= begin][-1:] + [t for t in good if t > begin] + [end]
    gap = max((b - a for a, b in zip(edges, edges[1:])), default=end - begin)
    return here, gap / 1e3


def tell(title, seen, begin, end, expected):
    here, gap = window(seen, begin, end)
    good = [a for a in here if a.good]
    bad = Counter(a.node for a in here if not a.good)
    first = min((a.end for a in good if a.node == expected and a.start >= begin), default=None)
    reasons = ", ".join(f"{count} {reason}" for reason, count in bad.most_common(4))
    print(f"  {title}: {len(here)} requests, {len(good)} ok, {len(here) - len(good)} failed"
          f"{' (' + reasons + ')' if reasons else ''}; longest gap {gap:.0f} ms"
          f"{'' if first is None else f'; {expected} answers after {(first - begin) / 1e3:.0f} ms'}")
    with open(os.path.join(DIRECTORY, f"{title.strip()}.gaps"), "a") as gaps:
        gaps.write(f"{gap:.0f} {len(here) - len(good)}\n")
    if first is None:
        print(f"  FAILED: {expected} never answered")
        return False
    if gap > BOUND:
        print(f"  FAILED: the gap is above the bound of {BOUND:.0f} ms")
    return gap <= BOUND


def clock(at):
    return time.strftime("%H:%M:%S", time.localtime(at / 1e6)) + f".{at // 1000 % 1000:03d}"


def main():
    seen = list(answers())
    word = {"kill": "every process of lb1 is killed (SIGKILL)",
            "term": "lb1 is stopped (SIGTERM)"}[FAULT]
    events = [(FAULT_US, word), (RETURN_US, "lb1 is started again")]
    for node in ("lb1", "lb2"):
        events += address_changes(node)
    events += node_changes(seen)
    shown = [event for event in sorted(events) if FAULT_US <= event[0] <= END_US]
    before = [a.node for a in seen if a.good and a.end < FAULT_US][-1:]
    print(f"  {clock(FAULT_US - 1000)}  {before[0] if before else 'nobody'} is master and answers the client")
    for at, text in shown:
        print(f"  {clock(at)}  {text}")
    there = tell("takeover", seen, FAULT_US, RETURN_US, "lb2")
    back = tell("return  ", seen, RETURN_US, END_US, "lb1")
    sys.exit(0 if there and back else 1)


main()
