#!/usr/bin/env python3
"""count-lines.py BUILD TOP [--below PERCENT] [--missing FILE...]: reads what a run left in BUILD.

gcov tells, for each object file, how often each line ran. A file that several programs were built
from is counted once: a line ran if it ran in any of them. With --missing the lines that never ran
are printed, in ranges, with their text.
"""

import argparse
import collections
import json
import os
import subprocess
import sys

FOLDERS = ("protocol", "dissect", "sim", "exercises", "ui")
FILES_AT_ONCE = 40  # for one call of gcov


def note_files(build):
    """The notes that the compiler wrote for each object file, whether it ran or not."""
    for folder, _, names in os.walk(build):
        for name in names:
            if name.endswith(".gcno"):
                yield os.path.join(folder, name)


def reports(build, notes):
    """gcov's own report of each object file, one JSON value a line."""
    for first in range(0, len(notes), FILES_AT_ONCE):
        done = subprocess.run(
            ["gcov", "--json-format", "--stdout", *notes[first : first + FILES_AT_ONCE]],
            cwd=build,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        for line in done.stdout.splitlines():
            if line.startswith(b"{"):
                yield json.loads(line)


def read_lines(build, top):
    """{file: {line: how often}} for the sources of the product."""
    counts = collections.defaultdict(lambda: collections.defaultdict(int))
    for report in reports(build, sorted(note_files(build))):
        for file in report["files"]:
            path = os.path.join(report["current_working_directory"], file["file"])
            path = os.path.relpath(os.path.realpath(path), top)
            if path.split(os.sep)[0] not in FOLDERS:
                continue
            for line in file["lines"]:
                counts[path][line["line_number"]] += line["count"]
    return counts


def percent(ran, lines):
    return 100 * ran / lines if lines else 100.0


def print_folders(counts):
    """A line for each folder of the product and each folder in it."""
    totals = collections.defaultdict(lambda: [0, 0])
    for path, lines in counts.items():
        ran = sum(1 for count in lines.values() if count > 0)
        parts = path.split(os.sep)
        for name in {"all", parts[0], "/".join(parts[: min(2, len(parts) - 1)])}:
            totals[name][0] += ran
            totals[name][1] += len(lines)
    print(f"{'folder':<28} {'lines':>7} {'ran':>7} {'percent':>8}")
    for folder in FOLDERS:
        inner = sorted(name for name in totals if name.startswith(folder + "/"))
        for name in [folder, *inner]:
            ran, lines = totals[name]
            shown = name if name == folder else "  " + name
            print(f"{shown:<28} {lines:>7} {ran:>7} {percent(ran, lines):>7.1f}")
    ran, lines = totals["all"]
    print(f"{'all':<28} {lines:>7} {ran:>7} {percent(ran, lines):>7.1f}")


def print_files_below(counts, bound):
    rows = []
    for path, lines in counts.items():
        missing = sum(1 for count in lines.values() if count == 0)
        share = percent(len(lines) - missing, len(lines))
        if share < bound:
            rows.append((share, missing, path))
    print(f"\n{len(rows)} files of {len(counts)} below {bound} percent")
    for share, missing, path in sorted(rows):
        print(f"{share:>7.1f}  {missing:>4} lines  {path}")


def print_missing(counts, top, wanted):
    for path in sorted(counts):
        if not any(path.startswith(name) for name in wanted):
            continue
        missing = sorted(line for line, count in counts[path].items() if count == 0)
        if not missing:
            continue
        with open(os.path.join(top, path), encoding="utf-8") as source:
            text = source.read().splitlines()
        print(f"{path}: {len(missing)} of {len(counts[path])}")
        for line in missing:
            print(f"{line:>6}  {text[line - 1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("top")
    parser.add_argument("--below", type=float, default=90)
    parser.add_argument("--missing", nargs="+", metavar="FILE")
    options = parser.parse_args()
    top = os.path.realpath(options.top)
    counts = read_lines(os.path.realpath(options.build), top)
    if not counts:
        sys.exit(f"count-lines.py: no program in {options.build} left counters; run tests first")
    if options.missing:
        print_missing(counts, top, options.missing)
        return
    print_folders(counts)
    print_files_below(counts, options.below)


if __name__ == "__main__":
    main()
