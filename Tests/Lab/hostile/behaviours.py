# SPDX-License-Identifier: MIT
"""Servers that do something wrong. Each behaviour is a function of one connection; its name is its row in HostileServerTests."""
import os
import struct
import time

from transport import (CLOSE, DATA, DEBUG, DISCONNECT, ECDH_REPLY, EOF, EXT_INFO, EXTENDED_DATA, FAILURE, GLOBAL_REQUEST,
                       IGNORE, KEXINIT, NEWKEYS, OPEN, OPEN_CONFIRMATION, OPEN_FAILURE, PK_OK, REQUEST, SERVICE_ACCEPT,
                       SERVICE_REQUEST, SUCCESS, USERAUTH_BANNER, USERAUTH_FAILURE, USERAUTH_REQUEST, USERAUTH_SUCCESS,
                       WINDOW_ADJUST, Fields, string, u32)

BEHAVIOURS = {}


def behaviour(name, **settings):
    def add(function):
        BEHAVIOURS[name] = (function, settings)
        return function
    return add


def forever(peer, data):
    while True:
        peer.raw(data)


def flood(peer, *payloads):
    """Sends these messages again and again. Sealed in blocks, so that the server is quicker than the client."""
    while True:
        block = []
        for _ in range(max(1, 500 // len(payloads))):
            for payload in payloads:
                block.append(peer.out.seal(peer.sent, peer.packet(payload)))
                peer.sent = (peer.sent + 1) & 0xFFFFFFFF
        peer.raw(b"".join(block))


# --- honest ---

def healthy(peer):
    peer.start()
    peer.serve_forever()


behaviour("healthy")(healthy)
for _cipher in ("ctr", "etm", "gcm", "chacha"):
    behaviour(f"healthy, {_cipher}", cipher=_cipher)(healthy)


# --- before encryption ---

@behaviour("silence")
def silence(peer):
    peer.hold()


@behaviour("one byte a second")
def trickle(peer):
    for byte in b"SSH-2.0-Slow\r\n" + bytes(1000):
        peer.raw(bytes([byte]))
        time.sleep(1)


@behaviour("endless lines before the banner")
def endless_lines(peer):
    forever(peer, b"welcome to the host\r\n" * 500)


@behaviour("an endless line before the banner")
def endless_line(peer):
    forever(peer, b"A" * 8192)


@behaviour("an endless banner")
def endless_banner(peer):
    peer.raw(b"SSH-2.0-")
    forever(peer, b"A" * 8192)


@behaviour("binary noise")
def noise(peer):
    while True:
        peer.raw(os.urandom(8192))


@behaviour("NUL in the banner")
def nul_banner(peer):
    peer.raw(b"SSH-2.0-\0\0\0\r\n")
    peer.hold()


@behaviour("SSH 1")
def ssh1(peer):
    peer.raw(b"SSH-1.5-Old\r\n")
    peer.hold()


@behaviour("HTTP")
def http(peer):
    peer.raw(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n")


def greeted(packet):
    """A server that greets, sends these bytes and waits."""
    def run(peer):
        peer.greet()
        peer.raw(packet(peer) if callable(packet) else packet)
        peer.hold()
    return run


behaviour("a packet of length 0")(greeted(u32(0) + bytes(64)))
behaviour("a packet of length 1")(greeted(u32(1) + bytes(64)))
behaviour("a packet of 4 GiB")(greeted(b"\xff" * 64))
behaviour("a packet of 36,000 bytes")(greeted(lambda peer: peer.packet(peer.kexinit_payload() + bytes(36000))))
behaviour("padding longer than its packet")(greeted(lambda peer: peer.packet(peer.kexinit_payload(), padding=255, length=16)))
behaviour("padding and nothing else")(greeted(lambda peer: u32(12) + bytes([11]) + bytes(11)))
behaviour("a key exchange message cut short")(greeted(lambda peer: peer.packet(peer.kexinit_payload()[:40])))
behaviour("a key exchange message without lists")(
    greeted(lambda peer: peer.packet(bytes([KEXINIT]) + bytes(16) + string("") * 10 + bytes(5))))
behaviour("lists with lengths of 4 GiB")(
    greeted(lambda peer: peer.packet(bytes([KEXINIT]) + bytes(16) + (u32(0xFFFFFFFF) + b"aes") * 10)))
behaviour("30 KB of algorithm names")(
    greeted(lambda peer: peer.packet(bytes([KEXINIT]) + bytes(16) + string(",".join(f"kex-{n:05}" for n in range(2900)))
                                     + string("ssh-ed25519") + string("aes256-ctr") * 2 + string("hmac-sha2-256") * 2
                                     + string("none") * 2 + string("") * 2 + bytes(5))))
behaviour("one algorithm name of 30 KB")(
    greeted(lambda peer: peer.packet(bytes([KEXINIT]) + bytes(16) + string("k" * 30000) + string("ssh-ed25519") * 9 + bytes(5))))


@behaviour("a group exchange with a group of 16,384 bits")
def group_exchange(peer):
    peer.greet()
    lists = ["diffie-hellman-group-exchange-sha256", "ssh-ed25519", "aes256-ctr", "aes256-ctr", "hmac-sha2-256",
             "hmac-sha2-256", "none", "none", "", ""]
    peer.send(bytes([KEXINIT]) + os.urandom(16) + b"".join(map(string, lists)) + bytes(5))
    peer.expect(34)
    prime = b"\x7f" + b"\xff" * 2047
    peer.send(bytes([31]) + string(prime) + string(b"\x02"))
    peer.hold()


@behaviour("messages nobody knows, before the keys")
def early_unknown(peer):
    peer.greet()
    peer.send(peer.kexinit_payload())
    flood(peer, bytes([192]) + bytes(200))


@behaviour("ignored messages without end, before the keys")
def early_ignore(peer):
    peer.greet()
    flood(peer, bytes([IGNORE]) + string(bytes(1000)))


@behaviour("a login accepted before the keys")
def early_success(peer):
    peer.greet()
    peer.send(bytes([USERAUTH_SUCCESS]))
    peer.send(bytes([SERVICE_ACCEPT]) + string("ssh-userauth"))
    peer.hold()


@behaviour("new keys before the key exchange")
def early_newkeys(peer):
    peer.greet()
    peer.send(peer.kexinit_payload())
    peer.send(bytes([NEWKEYS]))
    peer.hold()


def with_reply(make):
    """A server whose answer in the key exchange is `make(peer, honest arguments)`."""
    def run(peer):
        honest = peer.reply_payload
        peer.reply_payload = lambda ours, theirs, digest: make(peer, honest, ours, digest)
        peer.start()
        peer.serve_forever()
    return run


behaviour("an empty public key")(with_reply(lambda peer, honest, ours, digest: honest(b"", None, digest)))
behaviour("a public key of zeros")(with_reply(lambda peer, honest, ours, digest: honest(bytes(32), None, digest)))
behaviour("a public key of 30 KB")(with_reply(lambda peer, honest, ours, digest: honest(bytes(30000), None, digest)))
behaviour("a wrong signature")(with_reply(lambda peer, honest, ours, digest: honest(ours, None, digest, b"\1" * 64)))
behaviour("a signature of 2 bytes")(with_reply(lambda peer, honest, ours, digest: honest(ours, None, digest, b"\1\2")))
behaviour("a host key of no kind")(
    with_reply(lambda peer, honest, ours, digest: bytes([ECDH_REPLY]) + string(b"\xff" * 51) + string(ours) + string(b"x")))
behaviour("an answer that is one byte")(with_reply(lambda peer, honest, ours, digest: bytes([ECDH_REPLY])))
behaviour("another host key than before", key=9)(lambda peer: (peer.start(), peer.serve_forever()))


# --- early close and stall, after each packet ---

STEPS = ["banner", "kexinit", "key exchange", "new keys", "service", "key asked for", "login", "channel", "command", "output",
         "exit status", "end of output"]


def until(step):
    """Behaves well as far as `step`, which is the last thing the server says."""
    def run(peer):
        reached = lambda name: STEPS.index(name) == STEPS.index(step)
        peer.greet()
        if reached("banner"):
            return
        if reached("kexinit"):
            return peer.send(peer.kexinit_payload())
        peer.exchange(newkeys=not reached("key exchange"))
        if reached("key exchange") or reached("new keys"):
            return
        peer.expect(SERVICE_REQUEST)
        peer.send(bytes([SERVICE_ACCEPT]) + string("ssh-userauth"))
        if reached("service"):
            return
        fields = Fields(peer.expect(USERAUTH_REQUEST)[1:])
        fields.string(), fields.string(), fields.string(), fields.byte()
        peer.send(bytes([PK_OK]) + string(fields.string()) + string(fields.string()))
        if reached("key asked for"):
            return
        peer.expect(USERAUTH_REQUEST)
        peer.send(bytes([USERAUTH_SUCCESS]))
        if reached("login"):
            return
        peer.open()
        if reached("channel"):
            return
        peer.await_exec()
        peer.say(SUCCESS)
        if reached("command"):
            return
        peer.write(b"hello\n")
        if reached("output"):
            return
        peer.exit()
        if reached("exit status"):
            return
        peer.say(EOF)
    return run


for _step in STEPS:
    _run = until(_step)
    behaviour(f"leaves after: {_step}")(_run)
    behaviour(f"stalls after: {_step}")(lambda peer, run=_run: (run(peer), peer.hold()))


@behaviour("leaves in the middle of a packet")
def half_packet(peer):
    peer.start()
    peer.exec()
    peer.raw(peer.out.seal(peer.sent, peer.packet(bytes([DATA]) + u32(peer.channel) + string(bytes(1000))))[:500])


@behaviour("stalls in the middle of a packet")
def half_packet_stall(peer):
    half_packet(peer)
    peer.hold()


# --- encrypted, but wrong ---

@behaviour("a wrong MAC")
def wrong_mac(peer):
    peer.start()
    peer.exec()
    sealed = peer.out.seal(peer.sent, peer.packet(bytes([DATA]) + u32(peer.channel) + string(b"forged")))
    peer.raw(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    peer.hold()


@behaviour("garbage after the new keys")
def garbage(peer):
    peer.greet()
    peer.exchange()
    peer.raw(os.urandom(70000))
    peer.hold()


@behaviour("padding longer than its packet, encrypted")
def encrypted_padding(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([DATA]) + u32(peer.channel) + string(b"x"), padding=255)
    peer.send(bytes([DISCONNECT]) + u32(1), padding=250)
    peer.hold()


@behaviour("a packet of 4 GiB, encrypted")
def encrypted_huge(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([DATA]) + u32(peer.channel) + string(b"x"), length=0xFFFFFFFF)
    peer.hold()


@behaviour("a packet of length 0, encrypted")
def encrypted_empty(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([DATA]) + u32(peer.channel) + string(b"x"), length=0)
    peer.hold()


@behaviour("a length that is no multiple of the block, encrypted")
def odd_length(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([DATA]) + u32(peer.channel) + string(bytes(900)), length=901)
    peer.raw(bytes(2000))
    peer.hold()


@behaviour("messages without a body")
def bodiless(peer):
    peer.start()
    peer.exec()
    for kind in range(256):
        if kind not in (DISCONNECT, KEXINIT, NEWKEYS):
            peer.send(bytes([kind]))
    peer.write(b"hello\n")
    peer.end()
    peer.hold()


# --- floods ---

@behaviour("login banners without end")
def auth_banners(peer):
    peer.greet()
    peer.exchange()
    peer.expect(SERVICE_REQUEST)
    peer.send(bytes([SERVICE_ACCEPT]) + string("ssh-userauth"))
    flood(peer, bytes([USERAUTH_BANNER]) + string("go away\n" * 20) + string(""))


def flooding(name, *payloads):
    @behaviour(name)
    def run(peer):
        peer.start()
        peer.exec()
        flood(peer, *(payload(peer.channel) if callable(payload) else payload for payload in payloads))


flooding("ignored messages without end", bytes([IGNORE]) + string(bytes(1000)))
flooding("debug messages without end", bytes([DEBUG]) + b"\1" + string("debug " * 30) + string(""))
flooding("messages nobody knows without end", bytes([193]) + bytes(20))
flooding("messages of the key exchange without end", bytes([ECDH_REPLY]) + bytes(20))
flooding("data for a channel that is not there", bytes([DATA]) + u32(77) + string(bytes(500)))
flooding("data for a stream nobody reads", lambda channel: bytes([EXTENDED_DATA]) + u32(channel) + u32(7) + string(b"x"))
flooding("data of no bytes", lambda channel: bytes([DATA]) + u32(channel) + string(b""))
flooding("window adjustments without end", lambda channel: bytes([WINDOW_ADJUST]) + u32(channel) + u32(0x7FFFFFFF))
flooding("end after end of output", lambda channel: bytes([DATA]) + u32(channel) + string(b""), lambda channel: bytes([IGNORE]))
flooding("requests that want an answer, without end", bytes([GLOBAL_REQUEST]) + string("keepalive@openssh.com") + b"\1")
flooding("channels opened without end", bytes([OPEN]) + string("session") + u32(5) + u32(1 << 20) + u32(32768))
flooding("confirmations without end", bytes([OPEN_CONFIRMATION]) + u32(0) * 4)


# --- login ---

def refusing(name, failure):
    @behaviour(name)
    def run(peer):
        peer.greet()
        peer.exchange()
        peer.expect(SERVICE_REQUEST)
        peer.send(bytes([SERVICE_ACCEPT]) + string("ssh-userauth"))
        while True:
            peer.expect(USERAUTH_REQUEST)
            peer.send(failure)


refusing("partial success without end", bytes([USERAUTH_FAILURE]) + string("publickey,password") + b"\1")
refusing("30 KB of login methods", bytes([USERAUTH_FAILURE]) + string("publickey," * 3000) + b"\0")
refusing("a login failure of one byte", bytes([USERAUTH_FAILURE]))
refusing("another key than the one offered", bytes([PK_OK]) + string("ssh-ed25519") + string(bytes(51)))


@behaviour("another service than the one asked for")
def other_service(peer):
    peer.greet()
    peer.exchange()
    peer.expect(SERVICE_REQUEST)
    peer.send(bytes([SERVICE_ACCEPT]) + string("ssh-connection"))
    peer.hold()


# --- channels ---

@behaviour("no channel is opened")
def no_channel(peer):
    peer.start()
    while True:
        peer.await_open()
        peer.say(OPEN_FAILURE, u32(1) + string("no") + string(""))


@behaviour("no command is started")
def no_command(peer):
    peer.start()
    while True:
        peer.open()
        peer.await_exec()
        peer.say(FAILURE)
        peer.expect(CLOSE)
        peer.say(CLOSE)


@behaviour("a confirmation for another channel")
def other_channel(peer):
    peer.start()
    peer.await_open()
    peer.send(bytes([OPEN_CONFIRMATION]) + u32(peer.channel + 5) + u32(0) + u32(1 << 20) + u32(32768))
    peer.hold()


@behaviour("a confirmation cut short")
def short_confirmation(peer):
    peer.start()
    peer.await_open()
    peer.say(OPEN_CONFIRMATION)
    peer.hold()


@behaviour("no window for our input")
def zero_window(peer):
    peer.start()
    peer.exec(window=0)
    peer.hold()


@behaviour("a window of one byte at a time")
def tiny_window(peer):
    peer.start()
    peer.exec(window=1)
    while True:
        peer.expect(DATA)
        peer.say(WINDOW_ADJUST, u32(1))


@behaviour("packets of no bytes for our input")
def no_packet(peer):
    peer.start()
    peer.exec(largest=0)
    peer.hold()


@behaviour("a window that overflows")
def overflowing_window(peer):
    peer.start()
    peer.exec()
    for _ in range(5):
        peer.say(WINDOW_ADJUST, u32(0xFFFFFFFF))
    peer.write(b"hello\n")
    peer.end()
    peer.hold()


@behaviour("more than its window")
def beyond_window(peer):
    peer.start()
    peer.exec()
    flood(peer, bytes([DATA]) + u32(peer.channel) + string(b"y" * 30000))


@behaviour("data longer than its packet")
def long_data(peer):
    peer.start()
    peer.exec()
    peer.say(DATA, u32(0xFFFFFFF0) + b"hello\n")
    peer.end()
    peer.hold()


@behaviour("never an exit status")
def no_status(peer):
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.say(EOF)
    peer.say(CLOSE)
    peer.hold()


@behaviour("exit before output")
def early_exit(peer):
    peer.start()
    peer.exec()
    peer.exit(3)
    peer.write(b"hello\n")
    peer.say(EOF)
    peer.say(CLOSE)
    peer.hold()


@behaviour("exit before the command is said to have begun")
def very_early_exit(peer):
    peer.start()
    peer.open()
    peer.await_exec()
    peer.exit(3)
    peer.write(b"hello\n")
    peer.say(SUCCESS)
    peer.say(EOF)
    peer.say(CLOSE)
    peer.hold()


@behaviour("output after end and close")
def late_output(peer):
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.end()
    for _ in range(200):
        peer.write(b"late\n")
    peer.hold()


@behaviour("output after its end")
def output_after_eof(peer):
    peer.start()
    peer.exec()
    peer.say(EOF)
    for _ in range(200):
        peer.write(b"late\n")
    peer.hold()


@behaviour("close without an end of output")
def close_only(peer):
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.exit(3)
    peer.say(CLOSE)
    peer.hold()


@behaviour("an OpenSSH that lets us close first")
def late_close(peer):
    peer.version = b"SSH-2.0-OpenSSH_9.9"
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.say(EOF)
    peer.exit(3)
    peer.expect(CLOSE)
    peer.say(CLOSE)
    peer.hold()


@behaviour("an OpenSSH that never closes")
def never_close(peer):
    peer.version = b"SSH-2.0-OpenSSH_9.9"
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.say(EOF)
    peer.hold()


@behaviour("a signal with a name of 30 KB")
def long_signal(peer):
    peer.start()
    peer.exec()
    peer.say(REQUEST, string("exit-signal") + b"\0" + string("K" * 30000) + b"\0" + string("") + string(""))
    peer.say(EOF)
    peer.say(CLOSE)
    peer.hold()


@behaviour("a signal whose name is longer than its packet")
def lying_signal(peer):
    peer.start()
    peer.exec()
    peer.say(REQUEST, string("exit-signal") + b"\0" + u32(0x7FFFFFFF) + b"KILL")
    peer.say(REQUEST, u32(0xFFFFFFFF) + b"exit-status")
    peer.end()
    peer.hold()


@behaviour("200 MB without end")
def endless_output(peer):
    peer.start()
    peer.exec()
    credit = peer.window
    line = b"the quick brown fox jumps over the lazy dog\n" * 700
    for _ in range(200_000_000 // len(line)):
        while credit < len(line):
            credit += struct.unpack(">I", peer.expect(WINDOW_ADJUST)[5:9])[0]
        peer.write(line)
        credit -= len(line)
    peer.end()
    peer.hold()


@behaviour("goodbye in the middle of the output")
def goodbye(peer):
    peer.start()
    peer.exec()
    peer.write(b"hello\n")
    peer.send(bytes([DISCONNECT]) + u32(11) + string("tired\x1b[31m") + string(""))


@behaviour("a goodbye longer than its packet")
def lying_goodbye(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([DISCONNECT]) + u32(11) + u32(0xFFFFFFF0) + b"x")
    peer.hold()


@behaviour("a message that counts 4,294,967,295 extensions")
def many_extensions(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([EXT_INFO]) + u32(0xFFFFFFFF) + string("x") + string("y"))
    peer.hold()


# --- keys again ---

@behaviour("a hundred key exchanges")
def rekey_storm(peer):
    peer.start()
    peer.exec()
    for _ in range(100):
        peer.exchange()
    peer.write(b"hello\n")
    peer.end()
    peer.hold()


def watch(peer):
    """The kinds of all messages that come from now on, in a list that grows."""
    seen, receive = [], peer.receive

    def watched():
        message = receive()
        seen.append(message[0])
        return message

    peer.receive = watched
    return seen


def judge(peer, seen):
    """Says hello to a client that asked for its command once, and ended its input once, after that."""
    while REQUEST not in seen:
        peer.receive()
    peer.say(SUCCESS)
    while EOF not in seen:
        peer.receive()
    said = [kind for kind in seen if kind in (REQUEST, EOF)]
    peer.write(b"hello\n" if said == [REQUEST, EOF] else f"heard {said}\n".encode())
    peer.end()
    peer.hold()


@behaviour("a key exchange as the command is asked for")
def rekey_at_exec(peer):
    peer.start()
    seen = watch(peer)
    peer.open()
    peer.exchange()
    judge(peer, seen)


@behaviour("a channel in the middle of a key exchange")
def channel_while_rekeying(peer):
    peer.start()
    peer.await_open()
    seen, answer = watch(peer), peer.reply_payload

    def confirm(*parts):
        peer.say(OPEN_CONFIRMATION, u32(0) + u32(1 << 21) + u32(32768))
        return answer(*parts)

    peer.reply_payload = confirm
    peer.exchange()
    judge(peer, seen)


@behaviour("key exchanges without end")
def endless_rekey(peer):
    peer.start()
    peer.exec()
    while True:
        peer.exchange()


@behaviour("key exchanges begun without end")
def begun_rekey(peer):
    peer.start()
    peer.exec()
    flood(peer, peer.kexinit_payload())


@behaviour("a key exchange that stalls")
def stalled_rekey(peer):
    peer.start()
    peer.exec()
    peer.send(peer.kexinit_payload())
    peer.hold()


@behaviour("a key exchange whose new lists share nothing")
def foreign_rekey(peer):
    peer.start()
    peer.exec()
    peer.send(bytes([KEXINIT]) + bytes(16) + string("none-such") * 10 + bytes(5))
    peer.hold()
