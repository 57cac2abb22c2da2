#!/usr/bin/env python3
"""Types what the guides tell people to type, block after block, in a folder of its own. A block marked
'no' holds commands that say "no" (exit status 1); one marked 'text' is not run. In the README commands
stand behind '$', and what stands below them must be what they print, in 76 columns; '...' leaves
something out. Called with the path of the program, the source folder and the guides; prints TAP."""

import os
import re
import subprocess
import sys
import tempfile

PROGRAM, SOURCE, *GUIDES = sys.argv[1:]
PROGRAM = os.path.abspath(PROGRAM)  # the commands run in other folders
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
results = []


def note(what, holds, detail=""):
    results.append(holds)
    print(f"{'ok' if holds else 'not ok'} {len(results)} - {what}")
    if not holds:
        print("# " + detail.replace("\n", "\n# "))


def commands_of(block):
    """A command a line, but a here-document with its command."""
    lines = iter(block.splitlines())
    for line in lines:
        command = [line]
        if "<<'END'" in line:
            for more in lines:
                command.append(more)
                if more == "END":
                    break
        yield "\n".join(command)


def type_in(command, folder, columns=80):
    environment = {**os.environ, "PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                   "TERM": "xterm-256color", "COLUMNS": str(columns), "NO_COLOR": "1"}
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, timeout=120)


def run(command, folder, status):
    ended = type_in(command, folder)
    # whether a machine lacks something is its own affair
    holds = ended.returncode == status or (command == "mailwalk doctor" and ended.returncode in (0, 1))
    note(command.splitlines()[0], holds, f"status {ended.returncode}\n{ended.stdout[-500:]}{ended.stderr}")


def compare(block, folder):
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        printed = type_in(command, folder, columns=76).stdout
        pieces = [piece for piece in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE) if piece]
        other = [piece for piece in pieces if piece not in printed]
        note(f"{command} prints what the README shows", not other, "\n".join(other))


def main():
    for guide in GUIDES:
        with open(guide, encoding="utf-8") as file:
            text = file.read()
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(os.path.join(SOURCE, "traces"), os.path.join(folder, "traces"))
            if guide.endswith("README.md"):
                for kind, block in BLOCK.findall(text):
                    if kind == "":
                        compare(block, folder)
                continue
            for kind, block in BLOCK.findall(text):
                if kind == "text":
                    continue
                for command in commands_of(block):
                    run(command, folder, 1 if kind == "no" else 0)
    print(f"1..{len(results)}")
    return all(results)


sys.exit(0 if main() else 1)
