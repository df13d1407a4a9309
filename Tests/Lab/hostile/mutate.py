# SPDX-License-Identifier: MIT
"""Conversations that go wrong by chance: an honest server whose bytes and messages are changed on their way out.

A mutation meets either the bytes of the connection, so that lengths, ciphers and MACs do not fit, or a message before it
is sealed, so that it arrives with a right MAC at the code behind. Which, where and how follows from a seed alone.
"""
import os
import random

from transport import Gone, Peer, u32

# Numbers that lengths, windows and counts are often compared with.
ODD = [0, 1, 4, 5, 255, 32768, 35000, 40000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF]


def flip(dice, data, _):
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return [bytes(data)]


def number(dice, data, _):
    """Puts an odd number over four bytes, often where a field is."""
    at = dice.choice((0, 1, 5, 9, dice.randrange(len(data))))
    return [data[:at] + u32(dice.choice(ODD)) + data[at + 4:]]


def cut(dice, data, _):
    return [data[:dice.randrange(len(data))]]


def drop(*_):
    return []


def double(dice, data, _):
    return [data] * dice.choice((2, 2, 3, 40))


def splice(dice, data, past):
    """The beginning of this one and the end of one that went before."""
    other = dice.choice(past)
    return [data[:dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1):]]


def repeat(dice, data, past):
    return [dice.choice(past), data]


def insert(dice, data, _):
    at = dice.randrange(len(data) + 1)
    return [data[:at] + os.urandom(dice.choice((1, 4, 64, 5000))) + data[at:]]


def stranger(dice, data, _):
    return [bytes([dice.randrange(256)]) + dice.randbytes(dice.choice((0, 1, 4, 8, 9, 30, 1000))), data]


def kind(dice, data, _):
    """The same body under another message's number."""
    return [bytes([dice.choice((1, 2, 3, 4, 6, 20, 21, 31, 51, 52, 53, 60, 80, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100))])
            + data[1:]]


BYTES = [flip, flip, number, cut, drop, double, splice, repeat, insert]
MESSAGES = BYTES + [stranger, kind, kind, number]


class MutatingPeer(Peer):
    def __init__(self, connection, seed):
        super().__init__(connection)
        self.dice = random.Random(seed)
        self.meets_bytes = self.dice.random() < 0.4
        self.step, self.past, self.late = 0, [b"\0"], None
        self.aims = {self.dice.randrange(16) for _ in range(self.dice.choice((1, 1, 2, 3)))}
        # The client's answer to silence is its deadline; the server's is to leave, which is quicker.
        connection.settimeout(3 if self.dice.random() < 0.02 else 0.4)

    @property
    def spares_bytes(self):
        """libssh2 1.10 ends the process over an encrypted length that is no multiple of the block: nothing more to find there."""
        return self.out.tag and self.is_old

    def converse(self):
        try:
            self.greet()
            self.exchange()
            self.login()
            for turn in range(3):
                self.exec()
                if turn and self.dice.random() < 0.2:
                    self.exchange()
                self.write(b"hello\n" * self.dice.choice((1, 1, 1000)))
                self.write(b"errors\n", stream=1)
                self.end()
        except (Gone, OSError):
            pass
        except Exception:  # What a mutation does to our own side is no finding.
            pass

    def raw(self, data):
        for piece in self.change(data, BYTES, self.meets_bytes and not self.spares_bytes):
            super().raw(piece)

    def send(self, payload, **lies):
        if self.meets_bytes:
            return super().send(payload, **lies)
        if self.dice.random() < 0.02 and not self.spares_bytes:
            lies = self.dice.choice(({"padding": self.dice.randrange(256)}, {"length": self.dice.choice(ODD)}))
        for piece in self.change(payload, MESSAGES, True):
            super().send(piece, **lies)

    def change(self, data, ways, applies):
        if not applies or not data:
            return [data]
        aimed, self.step = self.step in self.aims, self.step + 1
        pieces = self.dice.choice(ways)(self.dice, data, self.past) if aimed else [data]
        self.past.append(data)
        if self.late is not None:
            pieces, self.late = pieces + self.late, None
        elif self.dice.random() < 0.02:  # out of order: this one comes after the next
            self.late, pieces = pieces, []
        return pieces
