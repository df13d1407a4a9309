#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A double of Gotify, of ntfy and of a webhook's receiver, faithful to the wire. Standard library only.

    notice_double.py [--port-file F] [--token T] [--fail N] [--status S] [--hang] [--slow SECONDS] [--record FILE]

Binds 127.0.0.1 and a free port, which it writes to F. SIGTERM ends it. `--fail N` answers the first N posts with status S
(503 unless given); `--hang` takes posts and never answers; `--slow` answers so long after a post was taken; `--record FILE`
appends each post that was taken, one JSON line.

    POST /message         Gotify: X-Gotify-Key, message required
    POST /                ntfy: JSON with a topic, Authorization
    POST /hook            a webhook: anything
    GET  /posts           what was posted, as JSON
"""
import argparse
import http.server
import json
import os
import signal
import sys
import threading

parser = argparse.ArgumentParser()
parser.add_argument("--port-file")
parser.add_argument("--token", default="")
parser.add_argument("--fail", type=int, default=0)
parser.add_argument("--status", type=int, default=503)
parser.add_argument("--hang", action="store_true")
parser.add_argument("--slow", type=float, default=0)
parser.add_argument("--record")
options = parser.parse_args()

LOCK = threading.Lock()
POSTS = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, value, *headers):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with LOCK:
            self.answer(200, POSTS)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if options.hang:
            threading.Event().wait()
        with LOCK:
            if options.fail > 0:
                options.fail -= 1
                return self.answer(options.status, {"error": "Fails on purpose", "errorDescription": "fails on purpose"})
            status, value = self.judge(body)
            if status == 200:
                post = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body.decode()}
                POSTS.append(post)
                if options.record:
                    with open(options.record, "a") as file:
                        file.write(json.dumps(post) + "\n")
                        file.flush()
        threading.Event().wait(options.slow)
        self.answer(status, value)

    def judge(self, body):
        if self.path == "/hook":
            return 200, {}
        try:
            value = json.loads(body)
        except ValueError as error:
            return 400, {"error": "Bad Request", "errorCode": 400, "errorDescription": str(error)}
        if self.path == "/message":
            if options.token and self.headers.get("X-Gotify-Key") != options.token:
                words = "you need to provide a valid access token or user credentials to access this api"
                return 401, {"error": "Unauthorized", "errorCode": 401, "errorDescription": words}
            if not value.get("message"):
                return 400, {"error": "Bad Request", "errorCode": 400, "errorDescription": "Field 'message' is required"}
            return 200, {"id": len(POSTS) + 1, "appid": 1, "message": value["message"]}
        if self.path == "/":
            if options.token and self.headers.get("Authorization") != "Bearer " + options.token:
                return 403, {"code": 40301, "http": 403, "error": "forbidden"}
            if not value.get("topic"):
                return 400, {"code": 40009, "http": 400, "error": "invalid request: topic invalid"}
            if len(value.get("message", "").encode()) > 4096:
                return 413, {"code": 41301, "http": 413, "error": "attachment too large"}
            if not 1 <= value.get("priority", 3) <= 5:
                return 400, {"code": 40007, "http": 400, "error": "invalid priority"}
            return 200, {"id": "x%d" % len(POSTS), "event": "message"}
        return 404, {"error": "Not Found", "errorCode": 404, "errorDescription": "page not found"}


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if options.port_file:
    with open(options.port_file + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(options.port_file + ".new", options.port_file)
server.serve_forever()
