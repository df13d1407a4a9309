#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An HTTP server that behaves badly on purpose, for tests of a client. Standard library only.

    odd_server.py [--port-file F] [--unix PATH] [--certificate PEM]

Binds 127.0.0.1 and a free port, which it writes to F once it listens, or the socket PATH. SIGTERM ends it.
The path of a request chooses what happens; `id` names a request that `/gone?id=` then waits for:

    /echo                 what was asked, as JSON
    /hello                "hello", with a length
    /silent?id=           reads the request and never answers
    /head-only?id=        sends headers and then nothing
    /half?id=             sends half of the announced body and then nothing
    /cut                  sends half of the announced body and closes
    /cut-chunks           closes between two chunks
    /nothing              closes without a byte
    /drip?n=              n bytes, each in a packet and a chunk of its own
    /big?n=&length=1      n bytes, in chunks or with a length
    /bad-chunks           chunk sizes that are none
    /not-http             answers, but not in HTTP
    /many-headers         headers without end
    /interim              two interim answers before the real one
    /redirect?to=         302
    /round                302 to itself
    /close                a body that ends with the connection
    /status?n=            an empty answer with status n
    /gone?id=             answers when the client of the request `id` has hung up
    /open                 how many connections are open, this one included
"""
import argparse
import json
import os
import signal
import socket
import ssl
import sys
import threading
import urllib.parse

LOCK = threading.Condition()
GONE = set()
OPEN = set()


def head(status, *fields):
    return ("HTTP/1.1 %s\r\n%s\r\n" % (status, "".join(f + "\r\n" for f in fields))).encode()


def sized(body, status="200 OK", *fields):
    return head(status, "Content-Length: %d" % len(body), *fields) + body


def chunk(body):
    return b"%x\r\n%s\r\n" % (len(body), body)


def wait_for_end(connection, name):
    """Until the client hangs up."""
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
    with LOCK:
        GONE.add(name)
        LOCK.notify_all()


class Conversation:
    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb")

    def run(self):
        while self.one():
            pass

    def one(self):
        """One request. Answers whether the connection can be used again."""
        line = self.file.readline(65536).decode("latin-1").split()
        if len(line) < 3:
            return False
        fields = {}
        while True:
            field = self.file.readline(65536).decode("latin-1").strip()
            if not field:
                break
            name, _, value = field.partition(":")
            fields[name.strip().lower()] = value.strip()
        body = self.file.read(int(fields.get("content-length", 0)))
        path, _, query = line[1].partition("?")
        options = dict(urllib.parse.parse_qsl(query))
        return self.answer(line[0], path, options, fields, body)

    def answer(self, method, path, options, fields, body):
        send, name = self.connection.sendall, options.get("id", "")
        chunked = head("200 OK", "Transfer-Encoding: chunked")
        if path == "/echo":
            said = {"method": method, "headers": fields, "body": body.decode("latin-1"), "query": options}
            raw = sized(json.dumps(said).encode())
            send(raw[:raw.index(b"\r\n\r\n") + 4] if method == "HEAD" else raw)
        elif path == "/hello":
            send(sized(b"hello"))
        elif path == "/silent":
            wait_for_end(self.connection, name)
        elif path == "/head-only":
            send(head("200 OK", "Content-Length: 10"))
            wait_for_end(self.connection, name)
        elif path == "/half":
            send(head("200 OK", "Content-Length: 10") + b"01234")
            wait_for_end(self.connection, name)
        elif path == "/cut":
            send(head("200 OK", "Content-Length: 10") + b"01234")
            return False
        elif path == "/cut-chunks":
            send(chunked + chunk(b"01234"))
            return False
        elif path == "/nothing":
            return False
        elif path == "/drip":
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            send(chunked)
            for number in range(int(options["n"])):
                for byte in chunk(b"%d" % (number % 10)):
                    send(bytes([byte]))
            send(b"0\r\n\r\n")
        elif path == "/big":
            self.big(int(options["n"]), "length" in options)
        elif path == "/bad-chunks":
            send(chunked + b"xyz\r\nno size\r\n0\r\n\r\n")
            return False
        elif path == "/not-http":
            send(b"SSH-2.0-OpenSSH_9.9\r\n")
            return False
        elif path == "/many-headers":
            send(b"HTTP/1.1 200 OK\r\n")
            for number in range(100000):
                send(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        elif path == "/interim":
            send(head("103 Early Hints", "Link: </a>") + head("100 Continue") + sized(b"hello", "201 Created", "A: b"))
        elif path == "/redirect":
            send(sized(b"elsewhere", "302 Found", "Location: " + options["to"]))
        elif path == "/round":
            send(sized(b"", "302 Found", "Location: /round"))
        elif path == "/close":
            send(head("200 OK", "Connection: close") + b"until the end")
            return False
        elif path == "/status":
            send(sized(b"", "%s Odd" % options["n"]))
        elif path == "/gone":
            with LOCK:
                seen = LOCK.wait_for(lambda: name in GONE, timeout=60)
            send(sized(b"gone" if seen else b"still there"))
        elif path == "/open":
            with LOCK:
                count = len(OPEN)
            send(sized(b"%d" % count))
        else:
            send(sized(b"no such path", "404 Not Found"))
        return path not in ("/silent", "/head-only", "/half")

    def big(self, size, with_length):
        block = bytes(range(256)) * 256
        send = self.connection.sendall
        send(head("200 OK", "Content-Length: %d" % size if with_length else "Transfer-Encoding: chunked"))
        while size > 0:
            part = block[:size]
            send(part if with_length else chunk(part))
            size -= len(part)
        send(b"" if with_length else b"0\r\n\r\n")


def serve(connection, context):
    with LOCK:
        OPEN.add(connection)
    current = connection
    try:
        if context:
            current = context.wrap_socket(connection, server_side=True)
        Conversation(current).run()
    except (OSError, ValueError):
        pass
    finally:
        with LOCK:
            OPEN.discard(connection)
        try:
            current.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        current.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port-file")
    parser.add_argument("--unix")
    parser.add_argument("--certificate", help="certificate and key in one file: speak TLS")
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
    if options.unix:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(options.unix)
    else:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if options.port_file:
        with open(options.port_file + ".tmp", "w") as file:
            file.write("%d\n" % (0 if options.unix else listener.getsockname()[1]))
        os.replace(options.port_file + ".tmp", options.port_file)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, context), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
