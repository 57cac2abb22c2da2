#!/usr/bin/env python3
"""Everything that the lectures name has a place where mailwalk shows it: doc/requirements.tsv has a
row for each of R001 to R132, and what the row names is there.

    check-requirements.py MAILWALK SOURCE_FOLDER
"""
import os
import shlex
import subprocess
import sys

COUNT = 132
MAY_BE_LATER = ("R039", "R042", "R043", "R119")  # TLS and signatures


def answers(program, words):
    """Status 1 is an answer, too: it says no."""
    done = subprocess.run(
        [program] + shlex.split(words), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode in (0, 1) and done.stdout.strip()


def complaint(program, source, row):
    identifier, how, name, what = row
    if not name or not what:
        return "has an empty column"
    if how == "scenario":
        path = os.path.join(source, "sim", "scenarios", name + ".scenario")
        return None if os.path.exists(path) else f"there is no scenario {name}"
    if how == "trace":
        path = os.path.join(source, "traces", name)
        return None if os.path.isdir(path) else f"there is no trace {name}"
    if how == "command":
        return None if answers(program, name) else f"'mailwalk {name}' does not answer"
    if how == "exercise":
        return None if answers(program, "exercise new " + name) else f"no exercise {name}"
    if how == "later":
        return None if identifier in MAY_BE_LATER else "may not be put off"
    return f"'{how}' is no way of showing something"


def main():
    program, source = sys.argv[1:]
    with open(os.path.join(source, "doc", "requirements.tsv"), encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    complaints = [f"a row with {len(row)} columns: {row}" for row in rows if len(row) != 4]
    rows = [row for row in rows if len(row) == 4]
    wanted = [f"R{number:03}" for number in range(1, COUNT + 1)]
    if [row[0] for row in rows] != wanted:
        missing = sorted(set(wanted) - {row[0] for row in rows})
        complaints.append(f"the rows are not R001 to R{COUNT} in order; missing: {missing}")
    for row in rows:
        text = complaint(program, source, row)
        if text:
            complaints.append(f"{row[0]}: {text}")
    for text in complaints:
        print(text)
    print(f"{len(rows)} rows, {len(complaints)} complaints")
    sys.exit(1 if complaints else 0)


main()
