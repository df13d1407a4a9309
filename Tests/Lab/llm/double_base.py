# SPDX-License-Identifier: MIT
"""What the HTTP doubles in this folder share: answers, pauses that notice a lost client, start-up.

Standard library only. Servers bind 127.0.0.1 and write their port to a file once they listen.
"""
import json
import os
import select
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def dump(value):
    """JSON as Go servers write it: compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


class Reject(Exception):
    """An error answer: status and message."""


class Gone(Exception):
    """The client closed its connection, or is to see its connection closed."""


def now(at=None):
    """A moment as RFC 3339 with nanoseconds, in UTC."""
    ns = time.time_ns() if at is None else int(at * 10**9)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9)) + ".%09dZ" % (ns % 10**9)


class Gate:
    """`places` requests at work, first come first served, and at most `queue` more waiting."""

    def __init__(self, places, queue):
        self.places, self.most, self.line, self.peak = places, places + queue, [], 0

    def enter(self, check):
        """A ticket to hand to leave(), or None where the queue is full. check() may raise to give up."""
        ticket = object()
        self.line.append(ticket)
        try:
            if self.line.index(ticket) >= self.most:
                return self.line.remove(ticket)
            while self.line.index(ticket) >= self.places:
                time.sleep(0.005)
                check()
        except BaseException:
            self.line.remove(ticket)
            raise
        self.peak = max(self.peak, self.counts()[0])
        return ticket

    def leave(self, ticket):
        self.line.remove(ticket)

    def counts(self):
        """How many are at work, and how many wait."""
        n = len(self.line)
        return min(n, self.places), max(0, n - self.places)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def check(self):
        """Raises Gone where the client has hung up."""
        try:
            if select.select([self.connection], [], [], 0)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                raise Gone()
        except OSError:
            raise Gone()

    def pause(self, ms):
        end = time.time() + ms / 1000.0
        self.check()
        while time.time() < end:
            time.sleep(min(max(end - time.time(), 0), 0.05))
            self.check()

    def send(self, status, body, kind="application/json; charset=utf-8", headers=()):
        raw = body if isinstance(body, bytes) else dump(body)
        self.status = status
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(raw)))) + tuple(headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw if self.command != "HEAD" else b"")

    def start_chunks(self, kind):
        self.status = 200
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, body):
        """One chunk: bytes as they are (none of them ends the answer), anything else as a line of JSON."""
        raw = body if isinstance(body, bytes) else dump(body) + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))


def serve(handler, double, port, port_file):
    """Serves until SIGTERM. handler finds `double` as self.server.double."""
    ThreadingHTTPServer.request_queue_size, ThreadingHTTPServer.daemon_threads = 256, True
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.double = double
    if port_file:
        with open(port_file + ".tmp", "w") as f:
            f.write("%d\n" % server.server_port)
        os.replace(port_file + ".tmp", port_file)
    print("http://127.0.0.1:%d" % server.server_port, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()
