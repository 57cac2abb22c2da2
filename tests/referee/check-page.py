#!/usr/bin/env python3
"""The HTML page of a capture in Chromium: it opens without a word on the console, loads nothing from
anywhere, runs no script, shows what was said, and is not an empty sheet. Called with the program
and the folder tests/support; prints TAP."""

import html.parser
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM, SUPPORT = sys.argv[1:3]
sys.path.insert(0, SUPPORT)
from capture_file import Capture, Talk  # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--enable-logging=stderr", "--window-size=1200,1600", "--timeout=20000",
]
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
RESULTS = []


def check(name, holds, why=""):
    RESULTS.append(holds)
    print(f"{'ok' if holds else 'not ok'} {len(RESULTS)} - {name}")
    if not holds:
        print(f"# {str(why)[:2000]}".replace("\n", "\n# "))


def browse(folder, page, *more):
    command = [BROWSER, *OPTIONS, f"--user-data-dir={folder}/profile", *more, f"file://{page}"]
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


def colours(path):
    """How many different colours the picture has: undoes PNG's line filters, 8 bits a channel."""
    octets = open(path, "rb").read()
    width, height, _, kind = struct.unpack("!IIBB", octets[16:26])
    data, at = b"", 8
    while at < len(octets):
        length, name = struct.unpack("!I4s", octets[at:at + 8])
        data += octets[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    lines, size = zlib.decompress(data), 4 if kind == 6 else 3
    before, seen = bytearray(width * size), set()
    for row in range(height):
        start = row * (width * size + 1)
        line = bytearray(lines[start + 1:start + 1 + width * size])
        undo(lines[start], line, before, size)
        seen.update(bytes(line[i:i + 3]) for i in range(0, len(line), size))
        before = line
    return width, height, len(seen)


def undo(kind, line, above, size):
    if kind == 0:
        return
    for i, octet in enumerate(line):
        left = line[i - size] if i >= size else 0
        corner = above[i - size] if i >= size else 0
        guess = left + above[i] - corner
        paeth = min((left, above[i], corner), key=lambda one: abs(guess - one))
        line[i] = (octet + (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255


class Watcher(html.parser.HTMLParser):
    """Notes what a page that is only to be read does not hold."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "img", "iframe", "object", "embed", "base", "form"):
            self.faults.append(tag)
        for key, value in attributes:
            is_far = key in ("src", "href", "xlink:href", "action") and not value.startswith(("#", "data:,"))
            if key.startswith("on") or is_far:
                self.faults.append((tag, key, value))


def judge(folder, name, capture, *words):
    page = os.path.join(folder, f"{name}.html")
    made = subprocess.run([PROGRAM, "dissect", "--html", page, capture], capture_output=True, check=False)
    check(f"{name}: a page is made", made.returncode == 0 and os.path.exists(page), made.stderr)
    picture = os.path.join(folder, f"{name}.png")
    shown = browse(folder, page, f"--screenshot={picture}")
    said = [line for line in shown.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    check(f"{name}: nothing on the console", not said, said)
    size = colours(picture) if os.path.exists(picture) else (0, 0, 0)
    check(f"{name}: the sheet is not empty", size[0] == 1200 and size[2] > 8, size)
    tree = browse(folder, page, "--dump-dom").stdout.decode(errors="replace")
    check(f"{name}: it says what was said", all(word in tree for word in words), words)
    watcher = Watcher()
    watcher.feed(tree)
    check(f"{name}: no script, no image, nothing fetched", not watcher.faults, watcher.faults)
    check(f"{name}: the title is our own", "<title>owned" not in tree)


def hostile_capture(path):
    capture = Capture()
    talk = Talk(capture, 25)
    for side, line in ((1, "220 mail ESMTP " + HOSTILE), (0, "EHLO " + HOSTILE), (1, "250 hello " + HOSTILE),
                       (0, f"MAIL FROM:<{HOSTILE}@crepes.fr>"), (1, "250 ok"), (0, "RCPT TO:<bob@hamburger.edu>"),
                       (1, "250 ok"), (0, "DATA"), (1, "354 go"),
                       (0, f"From: {HOSTILE}\r\nSubject: {HOSTILE}\r\n\r\n{HOSTILE}\r\n."), (1, "250 ok")):
        talk.segment(side, 0x18, line.encode() + b"\r\n")
    with open(path, "wb") as file:
        file.write(capture.octets())


if BROWSER is None:
    print("1..0 # SKIP chromium is not installed")
    sys.exit(0)
with tempfile.TemporaryDirectory() as scratch:
    story = os.path.join(scratch, "story.pcap")
    subprocess.run([PROGRAM, "run", "alice-to-bob", "--pcap", story], capture_output=True, check=True)
    judge(scratch, "story", story, "MAIL FROM:&lt;alice@crepes.fr&gt;", "RFC 5321", "Condiments")
    hostile = os.path.join(scratch, "hostile.pcap")
    hostile_capture(hostile)
    judge(scratch, "hostile", hostile, "&lt;script&gt;")
print(f"1..{len(RESULTS)}")
sys.exit(0 if all(RESULTS) else 1)
