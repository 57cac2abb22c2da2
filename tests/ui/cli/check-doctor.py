#!/usr/bin/env python3
"""Runs `mailwalk doctor` on this machine and in surroundings that lack something. Called with the
path of the program and of tests/support/setup.sh; prints TAP."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile

PROGRAM, SETUP = sys.argv[1:]
SURROUNDINGS = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
results = []


def note(what, holds, detail=""):
    results.append(bool(holds))
    print(f"{'ok' if holds else 'not ok'} {len(results)} - {what}")
    if not holds and detail:
        print("# " + str(detail).replace("\n", "\n# "))


def run(*arguments, **changes):
    return subprocess.run([PROGRAM, "doctor", *arguments], capture_output=True, text=True, check=False,
                          env={**SURROUNDINGS, **changes})


def findings(**changes):
    lines = [json.loads(line) for line in run("--json", **changes).stdout.splitlines()]
    return {line["id"]: line for line in lines if line["type"] == "finding"}, lines


found, lines = findings()
told = run()
note("JSON lines begin with start and end with totals", lines[0]["type"] == "start" and lines[0]["schema"] == 1
     and lines[-1]["type"] == "end" and lines[-1]["findings"] == len(found), lines)
missing = sum(not one["fine"] for one in found.values())
note("the total counts what is missing", lines[-1]["missing"] == missing, lines[-1])
note("the exit status says whether something is missing", told.returncode == (1 if missing else 0), told)
note("the text names every finding", all(one["title"] in told.stdout for one in found.values()), told.stdout)
note("no line is too wide", all(len(line) <= 80 for line in told.stdout.splitlines()), told.stdout)
note("only what is missing has a remedy", all((one["mend"] is None) == one["fine"] for one in found.values()))
note("scenarios and traces are found", found["scenarios"]["fine"] and found["traces"]["fine"], found)
note("UTF-8 is found", found["locale"]["fine"], found["locale"])

found, _ = findings(LC_ALL="C")
note("ASCII is found", not found["locale"]["fine"] and "C.UTF-8" in found["locale"]["mend"], found["locale"])
found, _ = findings(LC_ALL="xx_XX.UTF-8")
note("a locale that is not installed is found", "not installed" in found["locale"]["text"], found["locale"])
found, _ = findings(TMPDIR="/nonexistent")
note("a folder that is not there is found", "/nonexistent cannot" in found["folders"]["text"], found["folders"])

with tempfile.TemporaryDirectory() as empty:
    before = os.listdir(empty)
    found, _ = findings(PATH=empty, TMPDIR=empty)
    note("missing programs are found", "dig" in found["guide-tools"]["text"] and
         "bind9-dnsutils" in found["guide-tools"]["mend"], found["guide-tools"])
    note("nothing is left behind", os.listdir(empty) == before, os.listdir(empty))
    listed = set(re.findall(r"^(?:build|test|referee) command:(\S+)", open(SETUP, encoding="utf-8").read(), re.MULTILINE))
    named = set(found["test-tools"]["text"].removeprefix("missing: ").split(", "))
    note("every command of setup.sh is looked for", listed <= named, listed - named)

with socket.socket() as usual:
    usual.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        usual.bind(("127.0.0.1", 2525))
        usual.listen()
    except OSError:
        pass  # then someone else has it
    found, _ = findings()
    note("a port that is taken is found", "2525" in found["ports"]["text"] and
         "--smtp=0" in found["ports"]["mend"], found["ports"])

note("an argument is refused", run("head").returncode == 2)
note("--help", "Exit status" in run("--help").stdout)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
