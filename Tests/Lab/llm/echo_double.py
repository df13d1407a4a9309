#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Ollama double with a model that only echoes: it cites the lines it was shown, in the shape it was asked for.

What it names at the end is what an analysis can know of a journal at best, so it measures what is lost on the way there.
Options as of ollama_double.py; no rules.
"""
import json
import re

import ollama_double

LINE = re.compile(r"(?m)^([a-z]{5}(?:\.\d+)?) (.+)$")
NOTE = re.compile(r"(?m)^- (info|warning|critical): (.+) \[([a-z0-9. ]+)\]$")


def groups(items, size):
    return [items[i:i + size] for i in range(0, len(items), size)]


def notes_of_lines(text):
    """At most 16 notes of two lines each, from the most unusual on."""
    return [{"text": pair[0][1][:200], "severity": "warning", "evidence": [i for i, _ in pair]}
            for pair in groups(LINE.findall(text)[:32], 2)]


def merged(text):
    """Half as many notes, with the lines of both."""
    notes = [(words, ids.split()) for _, words, ids in NOTE.findall(text)]
    return [{"text": pair[0][0][:200], "severity": "warning",
             "evidence": [i for _, ids in pair for i in ids][:8]} for pair in groups(notes, 2)][:16]


def analysis(text):
    notes = [ids.split() for _, _, ids in NOTE.findall(text)]
    ids = [i for note in notes for i in note] or [i for i, _ in LINE.findall(text)]
    ids = list(dict.fromkeys(ids))
    return {"observations": [{"title": "lines %d" % n, "detail": "", "severity": "warning", "evidence": part}
                             for n, part in enumerate(groups(ids, 8)[:12])],
            "root_cause": None, "suggestions": [], "proposals": [], "questions": [], "status": "attention",
            "summary": "Echoed."}


class Echo(ollama_double.Double):
    def script(self, model, messages):
        system = "\n".join(m.get("content") or "" for m in messages if m["role"] == "system")
        user = next((m.get("content") or "" for m in reversed(messages) if m["role"] == "user"), "")
        if "colleague who will not see it" in system:
            return {"reply": json.dumps({"notes": notes_of_lines(user)})}, 0
        if "colleagues wrote" in system:
            return {"reply": json.dumps({"notes": merged(user)})}, 1
        return {"reply": json.dumps(analysis(user))}, 2


if __name__ == "__main__":
    ollama_double.Double = Echo
    ollama_double.main()
