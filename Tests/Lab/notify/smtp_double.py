#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An SMTP server (aiosmtpd, from PyPI) that keeps what it is given.

    smtp_double.py [--port-file F] [--certificate PEM] [--login USER:PASSWORD] [--fail N] [--status S] [--record FILE]

With a certificate it offers STARTTLS, and with a login it demands it, over TLS only. `--fail N` refuses the first N mails
with status S (451 unless given). Each mail that was taken is appended to FILE, one JSON line.
"""
import argparse
import asyncio
import json
import os
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

parser = argparse.ArgumentParser()
parser.add_argument("--port-file")
parser.add_argument("--certificate")
parser.add_argument("--login")
parser.add_argument("--fail", type=int, default=0)
parser.add_argument("--status", type=int, default=451)
parser.add_argument("--record")
options = parser.parse_args()


class Handler:
    async def handle_DATA(self, server, session, envelope):
        if options.fail > 0:
            options.fail -= 1
            return "%d refused on purpose" % options.status
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "login": bool(session.authenticated),
            "data": envelope.content.decode(),
        }
        with open(options.record, "a") as file:
            file.write(json.dumps(mail) + "\n")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    user, password = options.login.encode().split(b":")
    return AuthResult(success=(data.login, data.password) == (user, password), handled=False)


def session():
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
    login = {"authenticator": authenticate, "auth_required": True} if options.login else {}
    return SMTP(Handler(), tls_context=context, require_starttls=bool(options.login), **login)


async def serve():
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    if options.port_file:
        with open(options.port_file + ".new", "w") as file:
            file.write(str(server.sockets[0].getsockname()[1]))
        os.rename(options.port_file + ".new", options.port_file)
    await server.serve_forever()


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
asyncio.run(serve())
