#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A scripted stand-in for an Ollama server, for tests. Standard library only; binds 127.0.0.1.

    ollama_double.py [--port 0] [--port-file F] [--rules FILE] [--log FILE.jsonl] ...

README.md beside this file describes the rules file, the faults, and how faithful each part is.
"""
import argparse
import collections
import hashlib
import json
import math
import pathlib
import re
import threading
import time

from double_base import Gate, Gone, Handler, Reject, dump, now, serve

DIM = 384
DANGER = "rm -rf /"
CRASH = "an error was encountered while running the model: CUDA error"
INJECTION = re.compile(r"(?is)\b(ignore|disregard|forget)\b.{0,40}\b(instructions?|rules|prompt)\b"
                       r"|\bnew (system )?instructions?\s*:|<\s*/?\s*system\s*>|\byou must (now )?(run|execute)\b")
REFUSALS = {                                # faults that are plain error answers
    "busy": (503, "server busy, please try again.  maximum pending requests exceeded"),
    "error500": (500, "model runner has unexpectedly stopped, this may be due to resource limitations or an "
                      "internal error, check ollama server logs for details"),
    "loading": (500, "llm server loading model"),
    "not_found": (404, "model 'tiny' not found")}
MODELS = [{"name": "tiny:latest", "context_length": 32768, "capabilities": ["completion", "tools", "thinking"]},
          {"name": "embed:latest", "context_length": 2048, "capabilities": ["embedding"]}]


BYTES = 4                                   # of a token; --bytes-per-token


def tokens(text):
    return (len(text.encode("utf-8")) + BYTES - 1) // BYTES


def honours_truncate(version):
    """Servers before 0.12.6 do not know the word."""
    return [int(n) for n in re.findall(r"\d+", version)][:3] >= [0, 12, 6]


def embed(text, dim):
    """Hashed bag of words and of character trigrams: texts that share words lie near each other."""
    v = [0.0] * dim
    for word in re.findall(r"\w+", text.lower()):
        for part, weight in [(word, 1.0)] + [(("^" + word + "$")[i:i + 3], 0.25) for i in range(len(word))]:
            h = int.from_bytes(hashlib.blake2b(part.encode(), digest_size=8).digest(), "big")
            v[h % dim] += weight if h >> 63 else -weight
    norm = math.sqrt(sum(x * x for x in v)) or 1.0
    return [round(x / norm, 7) for x in v]


def instance(schema, text, root):
    """A small value that satisfies a JSON schema, as constrained decoding would have made."""
    while "$ref" in schema or any(schema.get(k) for k in ("anyOf", "oneOf", "allOf")):
        if "$ref" in schema:
            path, schema = schema["$ref"].lstrip("#/").split("/"), root
            for key in path:
                schema = schema[key]
        else:
            schema = (schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"))[0]
    if "const" in schema or schema.get("enum"):
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        props = schema.get("properties", {})
        return {k: instance(props.get(k, {}), text, root) for k in schema.get("required", props)}
    if kind == "array":
        return [instance(schema.get("items", {}), text, root) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return text.ljust(schema.get("minLength", 0), ".")[:schema.get("maxLength", 10**6)]
    return {"boolean": False, "null": None}.get(kind, schema.get("minimum", 0))


class Double:
    def __init__(self, a):
        self.a, self.lock, self.gate = a, threading.Lock(), Gate(a.parallel, a.max_queue)
        doc = json.loads(pathlib.Path(a.rules).read_text("utf-8")) if a.rules else {}
        self.rules, self.default = doc.get("rules", []), doc.get("default", {"reply": "ok"})
        self.models = {m["name"]: m for m in doc.get("models", MODELS)}
        self.used, self.stats, self.loaded = collections.Counter(), collections.Counter(), {}
        self.set_fault(a.fault)

    def set_fault(self, spec, count=None):
        self.fault, _, n = (spec or "").partition(":")
        self.fault_left = int(count or n or 10**9)

    def model(self, name):
        full = name if ":" in (name or "") else "%s:latest" % name
        if full not in self.models:
            raise Reject(*((404, "model '%s' not found" % name) if name else (400, "model is required")))
        return self.models[full]

    def load(self, m, req):
        """The context of the loaded model, and whether it had to be loaded: num_ctx changes reload it."""
        ctx = min(int((req.get("options") or {}).get("num_ctx") or self.a.ctx), m.get("context_length", 32768))
        keep = re.fullmatch(r"(-?[\d.]+)([smh]?)", str(req.get("keep_alive", "5m")))
        seconds = float(keep.group(1)) * {"m": 60, "h": 3600}.get(keep.group(2), 1) if keep else 300
        with self.lock:
            old = self.loaded.get(m["name"], (0, 0))
            self.loaded[m["name"]] = (ctx, time.time() + (seconds if seconds >= 0 else 10**8))
        return ctx, old[0] != ctx or old[1] < time.time()

    def fit(self, messages, head, ctx, req):
        """Cut a prompt to the context as Ollama does: what the model sees, its size, the size sent."""
        def size(ms):
            return tokens(head + "".join("<|%s|>\n%s\n" % (m["role"], m.get("content") or "") for m in ms))
        sent, kept = size(messages), messages
        strict = req.get("truncate") is False and honours_truncate(self.a.version)
        for i in range(0 if strict else len(messages)):
            kept = [m for m in messages[:i] if m["role"] == "system"] + messages[i:]
            if size(kept) <= ctx:               # oldest go first; never a system or the last message
                break
        if size(kept) < ctx:
            return kept, size(kept), sent
        if strict or self.a.engine == "native":
            raise Reject(400, json.dumps({"error": {
                "code": 400, "message": "request (%d tokens) exceeds the available context size (%d tokens), try "
                "increasing it" % (size(kept), ctx), "type": "exceed_context_size_error",
                "n_prompt_tokens": size(kept), "n_ctx": ctx}}))
        keep = min(int((req.get("options") or {}).get("num_keep", 4)), ctx - 1)
        limit = ctx if self.a.engine == "legacy" else ctx - max((ctx - keep) // 2, 1)
        room, seen = (limit - keep) * BYTES, []     # the num_keep first tokens stay too; they hold nothing of use
        for m in reversed(kept):
            raw = (m.get("content") or "").encode("utf-8")
            left = raw[max(0, len(raw) - room):] if room > 0 else b""
            seen.insert(0, dict(m, content=left.decode("utf-8", "ignore")))
            room -= len(raw) + len(m["role"]) + 6
        return seen, limit, sent

    def script(self, model, messages):
        """The step of the first rule that fits what the model sees, and that rule's number."""
        last = max([i for i, m in enumerate(messages) if m["role"] == "user"], default=0)
        said = {"model": model, "user": messages[last].get("content") or "", "system": "\n".join(
            m.get("content") or "" for m in messages if m["role"] == "system")}
        turn = sum(1 for m in messages[last:] if m.get("tool_calls"))
        with self.lock:
            for n, rule in enumerate(self.rules):
                hits = {k: re.search(rule.get(k, ""), said[k], re.S) for k in said}
                if all(hits.values()) and self.used[n] < rule.get("times", 10**9):
                    self.used[n] += 1
                    steps = rule.get("steps", [rule])
                    step = json.dumps(dict(rule, **steps[min(turn, len(steps) - 1)]))
                    for i, group in enumerate(hits["user"].groups(), 1):
                        step = step.replace("${%d}" % i, json.dumps(group or "")[1:-1])
                    return json.loads(step), n
        return dict(self.default), None

    def answer(self, req, messages, step, fault):
        """Thinking, content, tool calls and done reason, as the scripted model gives them."""
        fmt, tools, reply = req.get("format"), req.get("tools") or [], step.get("reply", "")
        calls = step.get("tool_calls", []) if not fmt else []       # a grammar leaves no room for calls
        text = reply if isinstance(reply, str) else json.dumps(reply)
        if fmt and fmt != "json" and not isinstance(fmt, dict):
            raise Reject(500, 'invalid format: %s; expected "json" or a valid JSON Schema object' % json.dumps(fmt))
        if fault == "inject" and INJECTION.search("\n".join(m.get("content") or "" for m in messages)):
            text, shape = DANGER, tools[0]["function"].get("parameters") or {} if tools else {}
            calls = [{"name": tools[0]["function"]["name"],
                      "arguments": instance(dict(shape, type="object"), DANGER, shape)}] if tools and not fmt else []
        if fmt:
            try:
                json.loads(text)
            except ValueError:
                text = json.dumps(instance(fmt, text, fmt) if isinstance(fmt, dict) else {"answer": text})
        if fault in ("not_json", "wrong_schema", "loop"):
            text = {"not_json": "Sure! Here it is:\n```json\n%s\n```" % text, "loop": "and so on " * 50000,
                    "wrong_schema": json.dumps({"unexpected": True, "confidence": "very"})}[fault]
        if fault == "unknown_tool":
            calls = [{"name": "no_such_tool", "arguments": {"command": DANGER}}]
        limit = int((req.get("options") or {}).get("num_predict", -1))
        limit = max(1, tokens(text) // 2) if fault == "cut" else limit if limit >= 0 else 10 * self.a.ctx
        calls = [{"id": "call_%s" % hashlib.sha256(json.dumps([i, c]).encode()).hexdigest()[:8],
                  "function": {"index": i, "name": c["name"], "arguments": c.get("arguments", {})}}
                 for i, c in enumerate(calls)]
        return (step.get("thinking", "") if req.get("think") is not False else "",
                text.encode("utf-8")[:limit * BYTES].decode("utf-8", "ignore"), calls,
                "length" if tokens(text) > limit else "stop")


class Ollama(Handler):
    def do_POST(self):
        d, began, path, raw = self.server.double, time.time(), self.path.split("?")[0], self.body()
        self.note, self.status = {"at": now(), "method": self.command, "path": path}, 0
        post = {"/api/chat": self.generate, "/api/generate": self.generate, "/api/embed": self.embed,
                "/api/show": self.show, "/control": self.control}
        try:
            if self.command in ("GET", "HEAD") and path not in post:
                self.info(d, path)
            elif self.command != "POST" or path not in post:
                self.send(405, b"405 method not allowed", "text/plain")
            elif not raw:
                raise Reject(400, "missing request body")
            else:
                req = self.note["request"] = json.loads(raw)
                post[path](d, req)
        except Reject as e:
            self.send(e.args[0], {"error": e.args[1]})
        except (Gone, BrokenPipeError, ConnectionResetError):
            self.status, self.close_connection = 499, True
        except (ValueError, AttributeError, TypeError, KeyError) as e:
            self.send(400, {"error": "invalid request: %s" % e})
        self.note.update(status=self.status, ms=round((time.time() - began) * 1000, 1))
        with d.lock:
            d.stats.update({"requests": 1, "%s %d" % (path, self.status): 1,
                            "truncated": int(self.note.get("dropped_tokens", 0) > 0)})
            d.stats.update({k: self.note.get(k, 0) for k in ("prompt_tokens", "eval_tokens")})
            if d.a.log and path.startswith("/api/"):
                with open(d.a.log, "a", encoding="utf-8") as f:
                    f.write(json.dumps(self.note, ensure_ascii=False) + "\n")

    do_GET = do_HEAD = do_DELETE = do_PUT = do_POST

    def entry(self, m):
        return {"name": m["name"], "model": m["name"], "size": 10**9, "modified_at": now(),
                "digest": hashlib.sha256(m["name"].encode()).hexdigest(),
                "details": {"parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
                            "parameter_size": "1B", "quantization_level": "Q4_K_M"}}

    def info(self, d, path):
        active, queued = d.gate.counts()
        with d.lock:
            live = [(d.models[n], ctx, end) for n, (ctx, end) in d.loaded.items() if end > time.time()]
            stats = dict(d.stats, active=active, queued=queued, peak_active=d.gate.peak)
        pages = {"/api/version": {"version": d.a.version}, "/stats": stats,
                 "/api/tags": {"models": [self.entry(m) for m in d.models.values()]},
                 "/api/ps": {"models": [dict(self.entry(m), size_vram=0, context_length=ctx, expires_at=now(end))
                                        for m, ctx, end in live]}}
        if path in pages:
            return self.send(200, pages[path])
        self.send(*((200, b"Ollama is running") if path == "/" else (404, b"404 page not found")), kind="text/plain")

    def control(self, d, req):
        d.set_fault(req.get("fault"), req.get("count"))
        self.send(200, {"fault": d.fault})

    def show(self, d, req):
        m = d.model(req.get("model") or req.get("name"))
        self.send(200, {"modelfile": "", "parameters": "num_ctx %d" % d.a.ctx, "template": "{{ .Prompt }}",
                        "details": self.entry(m)["details"], "capabilities": m["capabilities"], "modified_at": now(),
                        "model_info": {"general.architecture": "llama", "general.parameter_count": 10**9,
                                       "llama.context_length": m.get("context_length", 32768),
                                       "llama.embedding_length": DIM}})

    def take_fault(self, d, step):
        with d.lock:
            name = step.get("fault") or (d.fault if d.fault_left > 0 else "")
            d.fault_left -= 1 if name and not step.get("fault") else 0
        self.note.update({"fault": name} if name else {})
        if name == "hang":
            self.pause(10**9)
        if name in REFUSALS:
            raise Reject(*REFUSALS[name])
        return name

    def embed(self, d, req):
        m, began, texts = d.model(req.get("model")), time.time_ns(), req.get("input") or []
        texts = [texts] if isinstance(texts, str) else texts
        if not all(isinstance(t, str) for t in texts):
            raise Reject(400, "invalid input type")
        ctx, _ = d.load(m, req)
        self.take_fault(d, {})
        if req.get("truncate") is False and any(tokens(t) > ctx for t in texts):
            raise Reject(400, "the input length exceeds the context length")
        vectors = [embed(t.encode("utf-8")[:ctx * BYTES].decode("utf-8", "ignore"), req.get("dimensions") or DIM)
                   for t in texts]
        used = self.note["prompt_tokens"] = sum(min(tokens(t), ctx) for t in texts)
        spent = {"total_duration": time.time_ns() - began, "load_duration": 10**6, "prompt_eval_count": used}
        self.send(200, dict({"model": req["model"], "embeddings": vectors}, **(spent if texts else {})))

    def generate(self, d, req):
        chat, stream, m = self.path.endswith("chat"), req.get("stream") is not False, d.model(req.get("model"))
        messages = req.get("messages") or [] if chat else [
            {"role": r, "content": req[k]} for r, k in (("system", "system"), ("user", "prompt")) if req.get(k)]

        def part(text="", thinking="", calls=(), done=False, **more):
            body = {"content" if chat else "response": text}
            body.update(dict({"thinking": thinking} if thinking else {}, **({"tool_calls": calls} if calls else {})))
            body = {"message": dict({"role": "assistant"}, **body)} if chat else body
            return dict({"model": req["model"], "created_at": now(), **body}, done=done, **more)
        if not any(x.get("role") != "system" for x in messages):    # nothing to answer: load or unload only
            unload = req.get("keep_alive") in (0, "0")
            d.loaded.pop(m["name"], None) if unload else d.load(m, req)
            return self.send(200, part(done=True, done_reason="unload" if unload else "load"))
        for wanted, cap, text in ((True, "completion", '"%s" does not support chat'),
                                  (req.get("tools"), "tools", "registry.ollama.ai/library/%s does not support tools"),
                                  (req.get("think"), "thinking", '"%s" does not support thinking')):
            if wanted and cap not in m["capabilities"]:
                raise Reject(400, text % (m["name"] if cap == "tools" else req["model"]))
        ticket = d.gate.enter(self.check)
        if not ticket:
            raise Reject(*REFUSALS["busy"])
        try:
            self.reply(d, req, m, messages, stream, part)
        finally:
            d.gate.leave(ticket)

    def reply(self, d, req, m, messages, stream, part):
        began = time.time_ns()
        ctx, fresh = d.load(m, req)
        self.pause(d.a.load_ms if fresh else 0)
        loaded = time.time_ns()
        messages, used, sent = d.fit(messages, json.dumps(req["tools"]) if req.get("tools") else "", ctx, req)
        step, rule = d.script(m["name"], messages)
        self.note.update(prompt_tokens=used, sent_tokens=sent, dropped_tokens=sent - used, num_ctx=ctx, rule=rule)
        fault = self.take_fault(d, step)
        thinking, text, calls, done = d.answer(req, messages, step, fault)
        self.pause(used * d.a.ms_per_prompt_token)
        read = time.time_ns()
        pieces = [(k, s[i:i + 4]) for k, s in (("thinking", thinking), ("text", text)) for i in range(0, len(s), 4)]
        count = self.note["eval_tokens"] = len(pieces) + 8 * len(calls)
        if stream:
            self.start_chunks("application/x-ndjson")
        for n, (kind, piece) in enumerate(pieces):
            self.pause(step.get("ms_per_token", d.a.ms_per_token))
            if 2 * n >= len(pieces) and (fault == "drop" or fault == "stream_error" and not stream):
                raise Gone() if fault == "drop" else Reject(500, CRASH)
            if stream and 2 * n >= len(pieces) and fault in ("stream_error", "malformed"):
                self.chunk({"error": CRASH} if fault == "stream_error" else b'{"model":"tiny","created_at":"20\n')
                return self.chunk(b"")
            if stream:
                logs = [{"token": piece, "logprob": -0.1, "bytes": list(piece.encode())}]
                self.chunk(part(**{kind: piece}, **({"logprobs": logs} if req.get("logprobs") else {})))
        own = stream and calls and d.a.engine != "native"           # tool calls in a chunk before the last one
        if own:
            self.chunk(part(calls=calls))
        end = part("" if stream else text, "" if stream else thinking, () if own else calls, True, done_reason=done,
                   total_duration=time.time_ns() - began, load_duration=loaded - began, prompt_eval_count=used,
                   prompt_eval_duration=read - loaded, eval_count=count, eval_duration=time.time_ns() - read)
        if stream:
            self.chunk(end)
            return self.chunk(b"")
        raw = dump(end)
        self.send(200, raw[:len(raw) // 2] if fault == "malformed" else raw)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for flag, kind, value, text in (
            ("--port", int, 0, None), ("--port-file", str, None, None), ("--version", str, "0.32.9", None),
            ("--rules", str, None, "JSON file"), ("--log", str, None, "append one JSON line per /api request"),
            ("--ctx", int, 4096, "num_ctx where a request names none"), ("--parallel", int, 1, "OLLAMA_NUM_PARALLEL"),
            ("--max-queue", int, 512, "OLLAMA_MAX_QUEUE"), ("--ms-per-token", float, 0, None),
            ("--ms-per-prompt-token", float, 0, None), ("--load-ms", float, 0, "taken when a model is loaded"),
            ("--bytes-per-token", int, 4, None),
            ("--fault", str, None, "NAME or NAME:COUNT, for every request")):
        ap.add_argument(flag, type=kind, default=value, help=text)
    ap.add_argument("--engine", choices=("legacy", "rendered", "native"), default="rendered")
    a = ap.parse_args()
    global BYTES
    BYTES = a.bytes_per_token
    serve(Ollama, Double(a), a.port, a.port_file)


if __name__ == "__main__":
    main()
