#!/usr/bin/env python3
"""Holds mailwalk-json(5) against the schema, name by name, the version in each man page against the
build's, and runs mandoc's lint over them. Called with the folder of the man pages, the schema and the
version; prints TAP."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

FOLDER, SCHEMA, VERSION = sys.argv[1:]
results = []


def note(what, holds, detail=""):
    results.append(holds)
    print(f"{'ok' if holds else 'not ok'} {len(results)} - {what}")
    if not holds:
        print("# " + str(detail).replace("\n", "\n# "))


def plain(text):
    return text.replace("\\-", "-").replace("\\~", " ")


def sections(page):
    """The names that stand under each heading."""
    found, heading = {}, None
    for line in map(plain, page.splitlines()):
        if line.startswith((".SH ", ".SS ")):
            heading = line[4:]
            found[heading] = set()
        elif heading is not None and line.startswith((".B ", ".BR ")):
            found[heading].update(re.findall(r"[a-z][a-z0-9_]*", re.sub(r'".*"', "", line[3:])))
    return found


with open(os.path.join(FOLDER, "mailwalk-json.5"), encoding="utf-8") as file:
    named = sections(file.read())
with open(SCHEMA, encoding="utf-8") as file:
    schema = json.load(file)
for kind in schema["properties"]["type"]["enum"]:
    has = set(schema["$defs"][kind]["properties"]) - {"type"}
    note(f"mailwalk-json(5) has the names of '{kind}'", has == named.get(kind), has ^ named.get(kind, set()))
with open(os.path.join(FOLDER, "mailwalk-json.5"), encoding="utf-8") as file:
    text = plain(file.read())
for kind, definition in schema["$defs"].items():
    for name, about in definition.get("properties", {}).items():
        note(f"mailwalk-json(5) has the values of {kind}.{name}",
             all(str(word) in text for word in about.get("enum", []) if word is not None), about)

PAGES = sorted(glob.glob(os.path.join(FOLDER, "*.[15]")))
for page in PAGES:
    with open(page, encoding="utf-8") as file:
        title = file.readline()
    note(f"{os.path.basename(page)} says that it is of version {VERSION}", f'"mailwalk {VERSION}"' in title, title)

if shutil.which("mandoc") is None:
    print(f"ok {len(results) + 1} - lint # SKIP mandoc is not installed")
    results.append(True)
else:
    for page in PAGES:
        told = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True, check=False)
        faults = [line for line in told.stdout.splitlines() if "missing date" not in line]
        note(f"{os.path.basename(page)} is clean", not faults, "\n".join(faults))
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
