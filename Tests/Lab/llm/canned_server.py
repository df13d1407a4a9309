#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers HTTP requests with what a file says, to the byte: for wire formats of servers that cannot be run here.

    canned_server.py ANSWERS.json [--port-file F]

ANSWERS is an object from "METHOD /path" to a list of answers, used in turn, the last one for ever:
{"status": 200, "type": "application/json", "headers": {NAME: VALUE}, "body": TEXT or a JSON value, "pieces": [TEXT…],
"end": "close"}.
With "pieces" the body is sent in chunks; "end": "close" then closes the connection without the last one.
A request that stands nowhere gets llama.cpp's 404. GET /requests tells the bodies that were posted.
"""
import argparse
import json
import threading

from double_base import Gone, Handler, serve

NOT_FOUND = {"status": 404, "body": {"error": {"message": "File Not Found", "type": "not_found_error", "code": 404}}}


class Canned:
    def __init__(self, answers):
        self.answers, self.used, self.requests, self.lock = answers, {}, [], threading.Lock()

    def next(self, call):
        with self.lock:
            answers = self.answers.get(call) or [NOT_FOUND]
            number = self.used.get(call, 0)
            self.used[call] = number + 1
        return answers[min(number, len(answers) - 1)]


class CannedHandler(Handler):
    def do_POST(self):
        canned, path, raw = self.server.double, self.path.split("?")[0], self.body()
        if path == "/requests":
            return self.send(200, canned.requests)
        if raw:
            canned.requests.append(json.loads(raw))
        answer = canned.next("%s %s" % (self.command, path))
        if "pieces" not in answer:
            body = answer.get("body", "")
            kind = answer.get("type", "application/json")
            raw = body.encode() if isinstance(body, str) else body
            return self.send(answer.get("status", 200), raw, kind, tuple(answer.get("headers", {}).items()))
        try:
            self.start_chunks(answer.get("type", "text/event-stream"))
            for piece in answer["pieces"]:
                self.chunk(piece.encode())
            if answer.get("end") == "close":
                raise Gone()
            self.chunk(b"")
        except (Gone, OSError):
            self.close_connection = True

    do_GET = do_POST


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("answers")
    parser.add_argument("--port-file")
    options = parser.parse_args()
    with open(options.answers) as file:
        serve(CannedHandler, Canned(json.load(file)), 0, options.port_file)


if __name__ == "__main__":
    main()
