#!/usr/bin/env python3
"""Compare the commands and replies mailwalk finds in other people's captures with tshark's.

The folder named by MAILWALK_FOREIGN_CAPTURES holds mail/ with captures and truth/NAME/commands.tsv
with one line for each command or reply that tshark shows. Each of them must stand in mailwalk's
list: same stream, same frame, same side and same first word (four characters of it, for tshark
keeps no more of an SMTP verb). What mailwalk shows beyond that, such as the lines of AUTH, is not
judged. Differences with a reason stand in exceptions.tsv.
"""

import json
import os
import subprocess
import sys

SKIPPED = 77
SIDES = {"req": "client", "rsp": "server"}


def first_word(protocol, code, text):
    """The word both programs give: IMAP's tag, POP3's status, SMTP's verb or code."""
    words = (code or text).replace("\\r\\n", "").replace("-", " ", 0).split()
    word = words[0] if words else ""
    return word[:4].upper() if protocol != "imap" else word


def truth_of(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t") + [""]
            if not fields[0].isdigit() or len(fields) < 9:
                continue
            word = first_word(fields[5], fields[7], fields[8])
            yield int(fields[0]), int(fields[2]), SIDES.get(fields[6], "?"), word


def found_by(program, capture):
    run = subprocess.run(
        [program, "dissect", "--json", "--show-secrets", capture],
        capture_output=True,
        check=False,
        timeout=60,
    )
    found = []
    for line in run.stdout.decode("utf-8", "replace").splitlines():
        step = json.loads(line)
        if step["type"] not in ("command", "reply", "continuation"):
            continue
        side = "server" if step["type"] == "reply" else "client"
        for text in step.get("text", "").split("\n"):
            found.append((step["frames"], step["stream"], side, text))
    return found


def is_found(found, frame, stream, side, word):
    return any(
        frames[0] <= frame <= frames[-1]
        and (stream, side) == (its_stream, its_side)
        and text.upper().startswith(word.upper())
        for frames, its_stream, its_side, text in found
    )


def exceptions():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "exceptions.tsv")
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {(name, int(frame)): reason for name, frame, reason in rows}


def main():
    folder = os.environ.get("MAILWALK_FOREIGN_CAPTURES")
    if not folder:
        print("skipped: MAILWALK_FOREIGN_CAPTURES names no folder of captures")
        return SKIPPED
    excepted = exceptions()
    failures = compared = 0
    for name in sorted(os.listdir(os.path.join(folder, "mail"))):
        truth = os.path.join(folder, "truth", name, "commands.tsv")
        if not os.path.exists(truth):
            continue
        found = found_by(sys.argv[1], os.path.join(folder, "mail", name))
        for frame, stream, side, word in truth_of(truth):
            compared += 1
            if is_found(found, frame, stream, side, word):
                continue
            if (name, frame) in excepted:
                print(f"{name} frame {frame}: differs as expected: {excepted[name, frame]}")
                continue
            failures += 1
            print(f"{name} frame {frame} stream {stream}: no {side} line beginning {word!r}")
    print(f"{compared} lines compared, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
