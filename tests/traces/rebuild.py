#!/usr/bin/env python3
"""Makes the traces that are shipped, from scenarios.

    tests/traces/rebuild.py PROGRAM [NAME...]            writes captures and annotations anew
    tests/traces/rebuild.py PROGRAM --check [NAME...]    compares them, octet for octet; prints TAP

A trace is a folder of traces/: README.md, by hand; trace.scenario, or a line "Scenario: NAME" in the
README that names a shipped one; trace.pcap (or .pcapng) and expected.txt, made here."""

import os
import re
import subprocess
import sys
import tempfile

import frames
from recipes import MAIL, RECIPES

HERE = os.path.dirname(os.path.abspath(__file__))
TRACES = os.path.join(HERE, "..", "..", "traces")
OCTETS_MAXIMUM = 300_000
ALL_OCTETS_MAXIMUM = 5_000_000
ENVIRONMENT = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}


def names():
    return sorted(name for name in os.listdir(TRACES) if os.path.exists(os.path.join(TRACES, name, "README.md")))


def scenario_of(name):
    own = os.path.join(TRACES, name, "trace.scenario")
    if os.path.exists(own):
        return own
    with open(os.path.join(TRACES, name, "README.md"), encoding="utf-8") as readme:
        named = re.search(r"^Scenario: (\S+)$", readme.read(), re.MULTILINE)
    if named is None:
        sys.exit(f"traces/{name}: no trace.scenario, and its README names no scenario")
    other = os.path.join(TRACES, named[1], "trace.scenario")
    return other if os.path.exists(other) else named[1]


def what_ifs_of(name):
    path = os.path.join(TRACES, name, "trace.what-if")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [part for line in lines if line.strip() for part in ("--what-if", line.strip())]


def capture_of(program, name):
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "run.pcap")
        command = [program, "run", scenario_of(name), *what_ifs_of(name), "--level=story", "--pcap", path]
        ended = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
        if ended.returncode != 0:
            sys.exit(f"traces/{name}: {ended.stderr.decode()}")
        with open(path, "rb") as file:
            return RECIPES.get(name, MAIL)(frames.read(file.read()))


def annotation_of(program, path):
    told = subprocess.run(
        [program, "dissect", os.path.basename(path)], capture_output=True, env=ENVIRONMENT, check=False,
        cwd=os.path.dirname(path))
    if told.returncode != 0 or b" conversation" not in told.stdout or told.stdout.startswith(b"0 conversations"):
        sys.exit(f"{path}: nothing to read in it: {told.stderr.decode()}")
    return told.stdout


def files_of(name, capture):
    kind = "pcapng" if capture[:4] == b"\x0a\x0d\x0d\x0a" else "pcap"
    return os.path.join(TRACES, name, f"trace.{kind}"), os.path.join(TRACES, name, "expected.txt")


def content(path):
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def make(program, chosen):
    for name in chosen:
        capture = capture_of(program, name)
        path, expected = files_of(name, capture)
        with open(path, "wb") as file:
            file.write(capture)
        with open(expected, "wb") as file:
            file.write(annotation_of(program, path))
        print(f"traces/{name}: {len(capture)} octets")


def check(program, chosen):
    results, octets = [], 0

    def note(what, holds):
        results.append(holds)
        print(f"{'ok' if holds else 'not ok'} {len(results)} - {what}")

    for name in chosen:
        capture = capture_of(program, name)
        path, expected = files_of(name, capture)
        octets += len(capture)
        note(f"{name}: the capture is made again, octet for octet", content(path) == capture)
        note(f"{name}: the annotation is the expected one", annotation_of(program, path) == content(expected) != b"")
        note(f"{name}: is not too large", 0 < len(capture) <= OCTETS_MAXIMUM)
    note("all together are not too large", octets <= ALL_OCTETS_MAXIMUM)
    print(f"1..{len(results)}")
    return all(results)


def main():
    program, *rest = sys.argv[1:]
    wants_check = "--check" in rest
    chosen = [name for name in rest if name != "--check"] or names()
    program = os.path.abspath(program)
    if wants_check:
        sys.exit(0 if check(program, chosen) else 1)
    make(program, chosen)


main()
