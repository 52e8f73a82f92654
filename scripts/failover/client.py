#!/usr/bin/env python3
"""Steady requests: every few milliseconds a new connection with one request, whatever happened to
the ones before. One line per request, when it is over:

    start_us  end_us  1|0  node|reason  path

Times are microseconds since 1970. 1 is a complete answer with status 200 that holds the expected
text; `node` is its x-node header. Runs until it is told to stop (SIGTERM).

Usage: client.py HOST PORT INTERVAL_MS TIMEOUT_MS LOG PATH=TEXT...   (the paths take turns)
"""
import errno
import os
import selectors
import socket
import sys
import time

IN_FLIGHT = 500  # more than that is not opened: it would measure the client


class Request:
    def __init__(self, target, path, text):
        self.path, self.text, self.answer, self.sent = path, text.encode(), b"", False
        self.start = time.time()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        code = self.socket.connect_ex(target)
        self.error = None if code in (0, errno.EINPROGRESS) else errno.errorcode.get(code, str(code))

    def advance(self):
        """Takes the next step; None while there is more to come, else (good, node or reason)."""
        try:
            if not self.sent:
                code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    return False, errno.errorcode.get(code, str(code))
                head = f"GET {self.path} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n"
                self.socket.send(head.encode())
                self.sent = True
                return None
            piece = self.socket.recv(65536)
        except BlockingIOError:
            return None
        except OSError as error:
            return False, errno.errorcode.get(error.errno, "error")
        if piece:
            self.answer += piece
            return None
        return self.judge()

    def judge(self):
        head, _, body = self.answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        if not self.answer:
            return False, "closed"
        if " 200 " not in lines[0] + " ":
            return False, lines[0].replace(" ", "_")
        if int(fields.get("content-length", len(body))) != len(body):
            return False, "cut"
        if self.text not in body:
            return False, "other-text"
        return True, fields.get("x-node", "?")


def main():
    host, port, interval, timeout, log = sys.argv[1:6]
    pages = [page.split("=", 1) for page in sys.argv[6:]]
    target, interval, timeout = (host, int(port)), float(interval) / 1e3, float(timeout) / 1e3
    try:  # the instrument must not be the slow part
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    except OSError:
        pass
    selector, alive = selectors.DefaultSelector(), {}
    out = open(log, "a", buffering=1)

    def finish(request, good, what):
        if alive.pop(request.socket.fileno(), None):
            selector.unregister(request.socket)
        request.socket.close()
        end = time.time()
        out.write(f"{request.start * 1e6:.0f}\t{end * 1e6:.0f}\t{good:d}\t{what}\t{request.path}\n")

    due, number = time.time(), 0
    while True:
        now = time.time()
        if now - due > 0.5:  # this process was held up: no burst
            due = now
        while now >= due:
            due += interval
            if len(alive) >= IN_FLIGHT:
                continue
            request = Request(target, *pages[number % len(pages)])
            number += 1
            if request.error:
                finish(request, False, request.error)
                continue
            alive[request.socket.fileno()] = request
            selector.register(request.socket, selectors.EVENT_WRITE, request)
        for request in [r for r in alive.values() if now - r.start > timeout]:
            finish(request, False, "timeout")
        for key, _ in selector.select(max(0.0, min(due - time.time(), 0.02))):
            request = key.data
            if alive.get(key.fd) is not request:
                continue
            was_sent, over = request.sent, request.advance()
            if over:
                finish(request, *over)
            elif request.sent and not was_sent:
                selector.modify(request.socket, selectors.EVENT_READ, request)


main()
