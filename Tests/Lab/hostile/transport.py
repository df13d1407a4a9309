# SPDX-License-Identifier: MIT
"""The server's side of SSH-2, small and pliable: one connection, every packet made by hand so that it can be made wrong.

Speaks curve25519-sha256 and ssh-ed25519 with one cipher at a time (CIPHERS). RFC 4253, 4252, 4254, 8731, 8709;
PROTOCOL and PROTOCOL.chacha20poly1305 of OpenSSH.
"""
import hashlib
import hmac
import os
import socket
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.poly1305 import Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RAW = {"encoding": Encoding.Raw, "format": PublicFormat.Raw}
# Cipher and MAC as they are offered. libssh2 1.10 can speak the first, macha over later ones the third.
CIPHERS = {
    "ctr": ("aes256-ctr", "hmac-sha2-256"),
    "etm": ("aes256-ctr", "hmac-sha2-256-etm@openssh.com"),
    "gcm": ("aes256-gcm@openssh.com", "hmac-sha2-256"),
    "chacha": ("chacha20-poly1305@openssh.com", "hmac-sha2-256"),
}
(DISCONNECT, IGNORE, UNIMPLEMENTED, DEBUG, SERVICE_REQUEST, SERVICE_ACCEPT, EXT_INFO) = range(1, 8)
KEXINIT, NEWKEYS, ECDH_INIT, ECDH_REPLY = 20, 21, 30, 31
USERAUTH_REQUEST, USERAUTH_FAILURE, USERAUTH_SUCCESS, USERAUTH_BANNER, PK_OK = 50, 51, 52, 53, 60
GLOBAL_REQUEST = 80
(OPEN, OPEN_CONFIRMATION, OPEN_FAILURE, WINDOW_ADJUST, DATA, EXTENDED_DATA, EOF, CLOSE, REQUEST, SUCCESS,
 FAILURE) = range(90, 101)


def u32(number):
    return struct.pack(">I", number & 0xFFFFFFFF)


def string(value):
    value = value.encode() if isinstance(value, str) else value
    return u32(len(value)) + value


def mpint(value):
    value = value.lstrip(b"\0")
    return string(b"\0" + value if value and value[0] & 0x80 else value)


def host_key(seed):
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return key, string("ssh-ed25519") + string(key.public_key().public_bytes(**RAW))


class Gone(Exception):
    """The client has left."""


class Plain:
    """Packets before the first key exchange."""
    block, tag, aead = 8, 0, False

    def seal(self, sequence, packet):
        return packet

    def open_length(self, sequence, head):
        return struct.unpack(">I", head[:4])[0]

    def open(self, sequence, packet):
        return packet


class Counter:
    """aes256-ctr with hmac-sha2-256, in either order of encryption and MAC."""
    block, tag = 16, 32

    def __init__(self, key, iv, mac, etm):
        self.stream = Cipher(algorithms.AES(key[:32]), modes.CTR(iv[:16])).encryptor()
        self.mac, self.aead, self.head = mac, etm, b""

    def sign(self, sequence, data):
        return hmac.digest(self.mac, u32(sequence) + data, "sha256")

    def seal(self, sequence, packet):
        if self.aead:
            sealed = packet[:4] + self.stream.update(packet[4:])
            return sealed + self.sign(sequence, sealed)
        return self.stream.update(packet) + self.sign(sequence, packet)

    def open_length(self, sequence, head):
        self.head = head if self.aead else self.stream.update(head)
        return struct.unpack(">I", self.head[:4])[0]

    def open(self, sequence, packet):
        if self.aead:
            return packet[:4] + self.stream.update(packet[4:-32])
        return self.head + self.stream.update(packet[16:-32])


class GCM:
    """aes256-gcm@openssh.com (RFC 5647): the length in clear, a counter as nonce."""
    block, tag, aead = 16, 16, True

    def __init__(self, key, iv):
        self.cipher, self.fixed, self.counter = AESGCM(key[:32]), iv[:4], int.from_bytes(iv[4:12], "big")

    def nonce(self):
        self.counter = (self.counter + 1) % 2**64
        return self.fixed + ((self.counter - 1) % 2**64).to_bytes(8, "big")

    def seal(self, sequence, packet):
        return packet[:4] + self.cipher.encrypt(self.nonce(), packet[4:], packet[:4])

    def open_length(self, sequence, head):
        return struct.unpack(">I", head[:4])[0]

    def open(self, sequence, packet):
        return packet[:4] + self.cipher.decrypt(self.nonce(), packet[4:], packet[:4])


class ChaCha:
    """chacha20-poly1305@openssh.com: the length under a key of its own."""
    block, tag, aead = 8, 16, True

    def __init__(self, key):
        self.main, self.header = key[:32], key[32:64]

    @staticmethod
    def stream(key, counter, sequence, data):
        nonce = counter.to_bytes(8, "little") + sequence.to_bytes(8, "big")
        return Cipher(algorithms.ChaCha20(key, nonce), None).encryptor().update(data)

    def seal(self, sequence, packet):
        sealed = self.stream(self.header, 0, sequence, packet[:4]) + self.stream(self.main, 1, sequence, packet[4:])
        return sealed + Poly1305.generate_tag(self.stream(self.main, 0, sequence, bytes(32)), sealed)

    def open_length(self, sequence, head):
        self.head = self.stream(self.header, 0, sequence, head[:4])
        return struct.unpack(">I", self.head)[0]

    def open(self, sequence, packet):
        return self.head + self.stream(self.main, 1, sequence, packet[4:-16])


class Peer:
    """One connection, from the server's side."""

    def __init__(self, connection, cipher=None, key=7):
        self.connection, self.cipher = connection, cipher
        self.key, self.blob = host_key(key)
        self.buffer = b""
        self.out, self.inward = Plain(), Plain()
        self.sent = self.received = 0
        self.session_id = self.client_version = None
        self.version = b"SSH-2.0-Hostile_1.0"
        self.channel = self.window = self.largest = 0
        self.mark = b""

    # --- bytes ---

    def raw(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Gone from error

    def take(self, count):
        while len(self.buffer) < count:
            try:
                more = self.connection.recv(65536)
            except OSError as error:
                raise Gone from error
            if not more:
                raise Gone
            self.buffer += more
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def hold(self):
        """Says nothing more, until the client leaves."""
        while True:
            self.take(1 + len(self.buffer))

    # --- packets ---

    def packet(self, payload, padding=None, length=None):
        """A packet; `padding` and `length` are lies for its fields."""
        covered = len(payload) + 1 + (0 if self.out.aead else 4)
        fill = -covered % self.out.block
        fill += self.out.block if fill < 4 else 0
        body = bytes([fill if padding is None else padding]) + payload + os.urandom(fill)
        return u32(len(body) if length is None else length) + body

    def send(self, payload, **lies):
        self.raw(self.out.seal(self.sent, self.packet(payload, **lies)))
        self.sent = (self.sent + 1) & 0xFFFFFFFF

    def receive(self):
        """The next message's payload."""
        head = self.take(16 if self.inward.block == 16 and not self.inward.aead else 4)
        length = self.inward.open_length(self.received, head)
        if not 2 <= length <= 262144:
            raise Gone
        rest = self.take(4 + length + self.inward.tag - len(head))
        packet = self.inward.open(self.received, head + rest)
        self.received = (self.received + 1) & 0xFFFFFFFF
        message = packet[5:4 + length - packet[4]]
        if message[0] == REQUEST:
            self.note_command(message)
        return message

    def note_command(self, message):
        """What a command prints begins with the mark that a shell would print for it (CommandLineFrame.swift)."""
        fields = Fields(message[1:])
        fields.u32()
        if fields.string() == b"exec":
            fields.byte()
            words = fields.string().split(b";")[0].split(b" ")
            self.mark = b"\n@@" + b"".join(words[-2:]) + b"\n"

    def expect(self, *kinds):
        """The next message of one of these kinds; others are passed over, and a client that says goodbye is gone."""
        while True:
            message = self.receive()
            if message[0] in kinds:
                return message
            if message[0] == DISCONNECT:
                raise Gone

    # --- key exchange ---

    def greet(self):
        self.raw(self.version + b"\r\n")
        line = b""
        while not line.endswith(b"\n"):
            line += self.take(1)
        self.client_version = line.strip()
        self.is_old = b"libssh2_1.10" in line or b"libssh2_1.9" in line
        if self.cipher is None:
            self.cipher = "ctr" if self.is_old else "gcm"

    def kexinit_payload(self):
        cipher, mac = CIPHERS[self.cipher]
        lists = ["curve25519-sha256", "ssh-ed25519", cipher, cipher, mac, mac, "none", "none", "", ""]
        return bytes([KEXINIT]) + os.urandom(16) + b"".join(map(string, lists)) + bytes(5)

    def reply_payload(self, ours, theirs, digest, signature=None):
        signed = string("ssh-ed25519") + string(signature or self.key.sign(digest))
        return bytes([ECDH_REPLY]) + string(self.blob) + string(ours) + string(signed)

    def exchange(self, kexinit=None, newkeys=True, first=None):
        """A whole key exchange, begun by us unless `first` is the client's KEXINIT. Answers nothing; keys are in use after it."""
        ours = kexinit or self.kexinit_payload()
        self.send(ours)
        theirs = first or self.expect(KEXINIT)
        point = self.expect(ECDH_INIT)[5:37]
        secret = X25519PrivateKey.generate()
        public = secret.public_key().public_bytes(**RAW)
        shared = mpint(secret.exchange(X25519PublicKey.from_public_bytes(point)))
        digest = hashlib.sha256(b"".join(map(string, (self.client_version, self.version, theirs, ours, self.blob, point,
                                                      public))) + shared).digest()
        self.session_id = self.session_id or digest
        self.send(self.reply_payload(public, point, digest))
        if not newkeys:
            return
        self.send(bytes([NEWKEYS]))
        self.out = self.keys(shared, digest, b"BDF")
        self.expect(NEWKEYS)
        self.inward = self.keys(shared, digest, b"ACE")

    def keys(self, shared, digest, letters):
        def derive(letter):
            block = hashlib.sha256(shared + digest + bytes([letter]) + self.session_id).digest()
            return block + hashlib.sha256(shared + digest + block).digest()
        iv, key, mac = map(derive, letters)
        if self.cipher == "gcm":
            return GCM(key, iv)
        if self.cipher == "chacha":
            return ChaCha(key)
        return Counter(key, iv, mac[:32], self.cipher == "etm")

    # --- login and channels ---

    def serve_login(self):
        self.expect(SERVICE_REQUEST)
        self.send(bytes([SERVICE_ACCEPT]) + string("ssh-userauth"))
        while True:
            fields = Fields(self.expect(USERAUTH_REQUEST)[1:])
            fields.string(), fields.string()
            if fields.string() != b"publickey":
                self.send(bytes([USERAUTH_FAILURE]) + string("publickey") + b"\0")
            elif fields.byte():
                return
            else:
                self.send(bytes([PK_OK]) + string(fields.string()) + string(fields.string()))

    def login(self):
        self.serve_login()
        self.send(bytes([USERAUTH_SUCCESS]))

    def start(self):
        """Everything up to an authenticated connection."""
        self.greet()
        self.exchange()
        self.login()

    def await_open(self):
        fields = Fields(self.expect(OPEN)[1:])
        fields.string()
        self.channel, self.window, self.largest = fields.u32(), fields.u32(), fields.u32()

    def open(self, window=1 << 21, largest=32768):
        self.await_open()
        self.send(bytes([OPEN_CONFIRMATION]) + u32(self.channel) + u32(0) + u32(window) + u32(largest))

    def await_exec(self):
        self.expect(REQUEST)

    def exec(self, **channel):
        """A channel with a command that has just begun."""
        self.open(**channel)
        self.await_exec()
        self.say(SUCCESS)
        self.write(b"")

    def say(self, kind, more=b""):
        self.send(bytes([kind]) + u32(self.channel) + more)

    def write(self, data, stream=0):
        if stream:
            self.say(EXTENDED_DATA, u32(stream) + string(data))
        else:
            mark, self.mark = self.mark, b""
            self.say(DATA, string(mark + data))

    def exit(self, status=0):
        self.say(REQUEST, string("exit-status") + b"\0" + u32(status))

    def end(self, status=0):
        self.exit(status)
        self.say(EOF)
        self.say(CLOSE)

    def serve_forever(self):
        """An honest server: each command says hello."""
        while True:
            self.exec()
            self.write(b"hello\n")
            self.end()


class Fields:
    """Reads a message from its beginning."""

    def __init__(self, data):
        self.data = data

    def byte(self):
        value, self.data = self.data[0], self.data[1:]
        return value

    def u32(self):
        value, self.data = struct.unpack(">I", self.data[:4])[0], self.data[4:]
        return value

    def string(self):
        length = self.u32()
        value, self.data = self.data[:length], self.data[length:]
        return value


def listen(address="127.0.0.1"):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, 0))
    listener.listen(256)
    return listener
