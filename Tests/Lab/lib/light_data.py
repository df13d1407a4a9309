# SPDX-License-Identifier: MIT
"""Copies a tree of answers into a light host's folder, with the host's own times and names in it.

usage: light_data.py SOURCE HOST-FOLDER

Placeholders: @s-300@ and @us-300@ are the moment 300 seconds ago, in seconds and microseconds, and @iso-300@ as
RFC 3339 writes it; @id:TEXT@ is an id of
32 hexadecimal digits, the same for the same host and text; @@ is an @. Other names (@host@, @index@) come from meta.
Files below journal/ list entries as AGE PRIORITY IDENTIFIER UNIT MESSAGE and become journald's JSON, one a line;
init.scope:UNIT as the unit is what systemd itself says about UNIT, and - is the kernel.
Standard library only.
"""
import hashlib
import json
import re
import sys
import time
from pathlib import Path


# Beside the folder of all light hosts is the time that `lab clock` has set.
CLOCK = Path(sys.argv[2]).parent.parent / "clock"
NOW = float(CLOCK.read_text()) if CLOCK.exists() else time.time()


def read_meta(folder):
    return dict(line.split("=", 1) for line in (folder / "meta").read_text().splitlines() if "=" in line)


def fill(text, meta):
    def value(match):
        word = match.group(1)
        if word == "":
            return "@"
        if moment := re.fullmatch(r"(u?s)([-+]\d+)", word):
            seconds = NOW + int(moment.group(2))
            return str(int(seconds * 1_000_000 if moment.group(1) == "us" else seconds))
        if moment := re.fullmatch(r"iso([-+]\d+)", word):
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + int(moment.group(1))))
        if word.startswith("id:"):
            return identifier(meta["name"], word)
        return meta.get(word, match.group(0))

    # "@@s-5@" is a literal @ before a placeholder: systemd writes unix times as @1763712000.
    return re.sub(r"@((?:(?:u?s|iso)[-+]\d+)|(?:id:[^@\n]+)|[a-z]+)@", value, text.replace("@@", "\0@")).replace("\0", "@")


def identifier(*parts):
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def journal(text, source, meta, boot):
    """Lines of journalctl -o json, with the fields every entry has."""
    lines = []
    sequence_id = identifier(meta["name"], "journal")
    for number, line in enumerate(text.splitlines()):
        if not line or line.startswith("#"):
            continue
        age, priority, tag, unit, message = line.split(" ", 4)
        micros = int((NOW - int(age)) * 1_000_000) + number
        serial = int(identifier(source, str(number))[:6], 16)
        monotonic = max(0, micros - int(float(meta["booted"]) * 1_000_000))
        entry = {
            "__CURSOR": f"s={sequence_id};i={serial:x};b={boot};m={monotonic:x};t={micros:x};x={identifier(line)[:16]}",
            "__REALTIME_TIMESTAMP": str(micros),
            "__MONOTONIC_TIMESTAMP": str(monotonic),
            "__SEQNUM": str(serial),
            "__SEQNUM_ID": sequence_id,
            "_BOOT_ID": boot,
            "_HOSTNAME": meta["name"],
            "PRIORITY": priority,
            "SYSLOG_IDENTIFIER": tag,
        }
        if unit == "-":
            entry["_TRANSPORT"] = "kernel"
        else:
            entry["_SYSTEMD_UNIT"], _, about = unit.partition(":")
            entry["_TRANSPORT"] = "journal" if about else "stdout"
            if about:
                entry["UNIT"] = about
            else:
                entry["_SYSTEMD_INVOCATION_ID"] = identifier(meta["name"], f"id:{unit}")
        entry["MESSAGE"] = message
        lines.append(json.dumps(entry, separators=(",", ":"), ensure_ascii=False))
    return "".join(line + "\n" for line in lines)


def main():
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    meta = read_meta(folder)
    boot = (folder / "root/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
    for path in sorted(p for p in source.rglob("*") if p.is_file() and p.name != "ABOUT"):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.parent == source / "journal":
            target = target.with_suffix(".jsonl")
            target.write_text(journal(path.read_text(), path.name, meta, boot))
        else:
            target.write_text(fill(path.read_text(), meta))
            target.chmod(path.stat().st_mode & 0o777)


if __name__ == "__main__":
    main()
