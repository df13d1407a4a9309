#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a tiny random-weight Llama-architecture GGUF, for wire-protocol tests only.

Needs nothing but the Python standard library. The model is meaningless by
construction: its weights come from a seeded random generator. One embedding
channel is held constant through the network, so that the output layer gets a
per-token bias: letters are likely, raw control bytes are not, and the closing
characters of JSON, the end-of-turn token and the start of a tool call are likely
enough that answers end, JSON closes, and a request with tools gets tool calls.

    make_tiny_gguf.py OUT.gguf [--seed 1] [--layers 2] [--dim 64] [--context 8192]
"""
import argparse
import array
import random
import struct

U32, F32, BOOL, STRING, ARRAY = 4, 6, 7, 8, 9
I32 = 5
ALIGN = 32

CORPUS = """
the of and to in is for on that with as at this be are from not service unit
systemd journal failed failure error warning restart restarted started stopped
disk memory cpu load network address port host node fleet nixos configuration
rebuild switch generation rollback boot kernel module package store path flake
input output derivation build log line message level time severity low medium
high critical cause evidence suggestion action command summary analysis report
nginx postgresql redis sshd docker container image volume mount filesystem full
space free used percent out killed process signal exit code status timeout
connection refused reset unreachable certificate expired renew password key user
root group permission denied read write open close file directory missing found
unknown invalid value number true false null name type description reason risk
"""

CHAT_TEMPLATE = (
    "{%- if tools %}"
    "{{- '<|im_start|>system\n' }}"
    "{%- if messages[0].role == 'system' %}{{- messages[0].content + '\n\n' }}{%- endif %}"
    "{{- '# Tools\n\nYou may call one or more functions.\n\n<tools>' }}"
    "{%- for tool in tools %}{{- '\n' }}{{- tool | tojson }}{%- endfor %}"
    "{{- '\n</tools>\n\nFor each function call return a json object within <tool_call></tool_call> tags:\n"
    "<tool_call>{\"name\": <function-name>, \"arguments\": <args-json-object>}</tool_call><|im_end|>\n' }}"
    "{%- elif messages[0].role == 'system' %}"
    "{{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}"
    "{%- endif %}"
    "{%- for m in messages %}"
    "{%- if m.role == 'user' or (m.role == 'system' and not loop.first) %}"
    "{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}"
    "{%- elif m.role == 'assistant' %}"
    "{{- '<|im_start|>assistant' }}{%- if m.content %}{{- '\n' + m.content }}{%- endif %}"
    "{%- for tc in m.tool_calls or [] %}"
    "{{- '\n<tool_call>{\"name\": \"' + tc.function.name + '\", \"arguments\": ' }}"
    "{{- tc.function.arguments | tojson }}{{- '}</tool_call>' }}"
    "{%- endfor %}{{- '<|im_end|>\n' }}"
    "{%- elif m.role == 'tool' %}"
    "{{- '<|im_start|>user\n<tool_response>\n' + m.content + '\n</tool_response><|im_end|>\n' }}"
    "{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}"
)


def byte_alphabet():
    """The usual byte-level BPE alphabet: each byte as one printable character."""
    keep = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, extra = {}, 0
    for b in range(256):
        if b in keep:
            table[b] = chr(b)
        else:
            table[b] = chr(256 + extra)
            extra += 1
    return table


def train_bpe(alphabet, rounds):
    """Learn merges from CORPUS, whole words with a leading space."""
    words = [[alphabet[b] for b in (" " + w).encode()] for w in CORPUS.split()]
    merges = []
    for _ in range(rounds):
        counts = {}
        for w in words:
            for pair in zip(w, w[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            break
        best = max(counts, key=lambda p: (counts[p], p))
        merges.append(best)
        for i, w in enumerate(words):
            out, j = [], 0
            while j < len(w):
                if j + 1 < len(w) and (w[j], w[j + 1]) == best:
                    out.append(w[j] + w[j + 1])
                    j += 2
                else:
                    out.append(w[j])
                    j += 1
            words[i] = out
    return merges


def token_bias(raw):
    """Log-prior of a token, from the bytes it stands for."""
    if len(raw) == 1:
        c = raw[0]
        if c == 0x22:
            return 2.5          # the double quote ends JSON strings
        if c in b"}]":
            return 2.0
        if c == 0x5C or c < 0x20 or c == 0x7F:
            return -9.0         # backslash and control bytes
        if c >= 0x80:
            return -9.0         # keep the output ASCII
        return -1.0
    return 0.5                  # pieces of words


class Gguf:
    def __init__(self):
        self.kv, self.tensors = [], []

    @staticmethod
    def string(s):
        raw = s.encode("utf-8")
        return struct.pack("<Q", len(raw)) + raw

    def put(self, key, kind, payload):
        self.kv.append(self.string(key) + struct.pack("<I", kind) + payload)

    def u32(self, key, v):
        self.put(key, U32, struct.pack("<I", v))

    def f32(self, key, v):
        self.put(key, F32, struct.pack("<f", v))

    def flag(self, key, v):
        self.put(key, BOOL, struct.pack("<?", v))

    def text(self, key, v):
        self.put(key, STRING, self.string(v))

    def texts(self, key, vs):
        body = struct.pack("<IQ", STRING, len(vs)) + b"".join(self.string(v) for v in vs)
        self.put(key, ARRAY, body)

    def ints(self, key, vs):
        self.put(key, ARRAY, struct.pack("<IQ", I32, len(vs)) + struct.pack("<%di" % len(vs), *vs))

    def tensor(self, name, shape, values):
        """shape in GGUF order: fastest-varying dimension first."""
        self.tensors.append((name, shape, array.array("f", values).tobytes()))

    def write(self, path):
        info, data = b"", b""
        for name, shape, raw in self.tensors:
            info += self.string(name) + struct.pack("<I", len(shape))
            info += b"".join(struct.pack("<Q", d) for d in shape)
            info += struct.pack("<IQ", 0, len(data))      # type 0 is float32
            data += raw + b"\0" * (-len(raw) % ALIGN)
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self.tensors), len(self.kv))
        head += b"".join(self.kv) + info
        with open(path, "wb") as f:
            f.write(head + b"\0" * (-len(head) % ALIGN) + data)


def build(path, seed=1, layers=2, dim=64, heads=4, context=8192, merges=400):
    rng = random.Random(seed)
    alphabet = byte_alphabet()
    pairs = train_bpe(alphabet, merges)
    unalphabet = {c: b for b, c in alphabet.items()}
    tokens = [alphabet[b] for b in range(256)] + [a + b for a, b in pairs]
    normal = len(tokens)
    tokens += ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
    bos, eos, call = normal, normal + 2, normal + 3
    ff, vocab = dim * 2, len(tokens)

    g = Gguf()
    g.text("general.architecture", "llama")
    g.text("general.name", "tiny-random")
    g.u32("general.file_type", 0)
    g.u32("llama.context_length", context)
    g.u32("llama.embedding_length", dim)
    g.u32("llama.block_count", layers)
    g.u32("llama.feed_forward_length", ff)
    g.u32("llama.attention.head_count", heads)
    g.u32("llama.attention.head_count_kv", heads)
    g.u32("llama.rope.dimension_count", dim // heads)
    g.u32("llama.vocab_size", vocab)
    g.f32("llama.attention.layer_norm_rms_epsilon", 1e-5)
    g.f32("llama.rope.freq_base", 10000.0)
    g.text("tokenizer.ggml.model", "gpt2")
    g.text("tokenizer.ggml.pre", "gpt-2")
    g.texts("tokenizer.ggml.tokens", tokens)
    g.ints("tokenizer.ggml.token_type", [1] * normal + [3] * (vocab - normal))
    g.texts("tokenizer.ggml.merges", [a + " " + b for a, b in pairs])
    g.u32("tokenizer.ggml.bos_token_id", bos)
    g.u32("tokenizer.ggml.eos_token_id", eos)
    g.u32("tokenizer.ggml.padding_token_id", bos)
    g.flag("tokenizer.ggml.add_bos_token", False)
    g.text("tokenizer.chat_template", CHAT_TEMPLATE)

    def noise(count, scale):
        return [rng.gauss(0.0, scale) for _ in range(count)]

    constant = 8.0                                  # channel 0, the same in every embedding
    embd = []
    for _ in range(vocab):
        embd += [constant] + noise(dim - 1, 1.0)
    g.tensor("token_embd.weight", (dim, vocab), embd)
    for n in range(layers):
        p = "blk.%d." % n
        g.tensor(p + "attn_norm.weight", (dim,), [1.0] * dim)
        for name in ("attn_q", "attn_k", "attn_v"):
            g.tensor(p + name + ".weight", (dim, dim), noise(dim * dim, dim ** -0.5))
        # Row 0 writes channel 0: zero it, so that the constant survives.
        g.tensor(p + "attn_output.weight", (dim, dim), [0.0] * dim + noise(dim * (dim - 1), dim ** -0.5))
        g.tensor(p + "ffn_norm.weight", (dim,), [1.0] * dim)
        for name in ("ffn_gate", "ffn_up"):
            g.tensor(p + name + ".weight", (dim, ff), noise(dim * ff, dim ** -0.5))
        g.tensor(p + "ffn_down.weight", (ff, dim), [0.0] * ff + noise(ff * (dim - 1), ff ** -0.5))
    g.tensor("output_norm.weight", (dim,), [1.0] * dim)
    gain = constant / ((constant ** 2 + 2.0 * dim) / dim) ** 0.5    # channel 0 after the last norm, about
    out = []
    for t in range(vocab):
        if t >= normal:
            bias = {eos: 3.0, call: 3.5}.get(t, -30.0)
        else:
            bias = token_bias(bytes(unalphabet[c] for c in tokens[t]))
        out += [bias / gain] + noise(dim - 1, 0.15)
    g.tensor("output.weight", (dim, vocab), out)
    g.write(path)
    return vocab


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("out")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--layers", type=int, default=2)
    ap.add_argument("--dim", type=int, default=64, help="a multiple of 8")
    ap.add_argument("--context", type=int, default=8192)
    a = ap.parse_args()
    vocab = build(a.out, a.seed, a.layers, a.dim, context=a.context)
    print("%s: %d tokens, %d layers, dim %d" % (a.out, vocab, a.layers, a.dim))


if __name__ == "__main__":
    main()
