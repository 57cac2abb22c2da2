#!/usr/bin/env python3
"""Runs `mailwalk run` and `mailwalk scenarios` as a person would: the story in words, what is said
of mistakes. Called with the path of the program; prints TAP."""

import os
import re
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
ENVIRONMENT = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
HEAD = "organisation crepes.fr\nperson alice machine alice-pc\n"
PAGE = "man doc/mailwalk-scenario.5"
ROW = re.compile(r"    \d\d:\d\d:\d\d  \S")

# arguments after 'run' (FILE: the text below), what standard error says, and what it does not
MISTAKES = (
    (["FILE"], HEAD + "alice wites\n", ["FILE:3:7: 'wites'", "'writes'", PAGE], "--help"),
    (["FILE"], HEAD + "alice reads\n", ["FILE:3: Alice has no such message", PAGE], "--help"),
    (["FILE", "--check"], HEAD + "alice reads\n", ["FILE:3: Alice has no such", PAGE], "--help"),
    (["FILE"], HEAD, ["FILE:2: nothing happens", PAGE], "--help"),
    (["alice-to-bob", "--what-if", "at step 22 refus with 550"], "",
     ["did you mean 'refuse'?", "run --help"], PAGE),
    (["alice-to-bob", "--what-if", "drop fram 4"], "", ["'frame' is expected", "run --help"], PAGE),
)

WAITING = (
    ["--set", "mail.hamburger.edu=greylists for 10 minutes"],
    ["--what-if", "from 09:00 to 11:00 mail.hamburger.edu is down"],
)


def run(*arguments):
    done = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=120, env=ENVIRONMENT
    )
    return done.returncode, done.stdout, done.stderr


def check_story():
    for name, maximum in (("alice-to-bob", 45), ("imap-two-devices", 100)):
        status, told, error = run("run", name, "--level=story")
        lines = told.splitlines()
        if status != 0 or error or len(lines) > maximum:
            yield f"{name}: {len(lines)} lines, status {status}: {error}"
        if not any(ROW.match(line) for line in lines):
            yield f"{name}: nothing has a time"
        for word in ("sha256", "─▷", "1 round trip", "EHLO", "LOGIN", "queue of"):
            if word in told:
                yield f"{name}: '{word}' is no part of a story"
    words = " ".join(run("run", "alice-to-bob", "--level=story")[1].split())
    wanted = 'mail.crepes.fr hands "Condiments" to mail.hamburger.edu by SMTP: taken (250)'
    if wanted not in words:
        yield f"no line says: {wanted}"


def check_waiting():
    for arguments in WAITING:
        words = " ".join(run("run", "alice-to-bob", "--level=story", *arguments)[1].split())
        for wanted in (
            "At the end 1 message still waits in the queue of mail.crepes.fr; the next try is at",
            "It has not come yet: it waits in the queue of mail.crepes.fr",
        ):
            if wanted not in words:
                yield f"{arguments}: no line says: {wanted}"


def check_mistakes():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "lunch.scenario")
        for arguments, text, wanted, unwanted in MISTAKES:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            status, _, error = run("run", *[path if word == "FILE" else word for word in arguments])
            if status != 2:
                yield f"{arguments} ends with {status}"
            for words in wanted:
                if words.replace("FILE", path) not in error:
                    yield f"{arguments} does not say {words!r}: {error}"
            if unwanted in error:
                yield f"{arguments} says {unwanted!r}: {error}"


def check_lectures():
    status, told, error = run("scenarios", "--lecture", "9")
    if status != 1 or told or "lecture 9; there are some for lectures 0, 1, 2, 3, 4" not in error:
        yield f"--lecture 9 ends with {status}: {told}{error}"
    status, told, error = run("scenarios", "--lecture", "4")
    if status != 0 or not told or error:
        yield f"--lecture 4 ends with {status}: {error}"


def main():
    checks = (check_story, check_waiting, check_mistakes, check_lectures)
    print(f"1..{len(checks)}")
    has_failed = False
    for number, check in enumerate(checks, 1):
        failures = list(check())
        has_failed = has_failed or bool(failures)
        print(f"{'not ok' if failures else 'ok'} {number} - {check.__name__}")
        for failure in failures:
            for line in failure.splitlines():
                print(f"# {line}")
    sys.exit(has_failed)


main()
