#!/usr/bin/env python3
"""clients-slips.py MAILWALK [CHECK...]: mistyped log-ins at every port of `mailwalk listen`. The
password must stand nowhere: not in what listen shows, not in any view of its capture, not in
`mailwalk talk`."""

import base64
import os
import pty
import re
import socket
import subprocess
import sys
import time

from listening import Listening, Wrong, main

USERS = {"bob": "sesame7"}
PLAIN = base64.b64encode(b"\0bob\0sesame7").decode()
ALONE = base64.b64encode(b"sesame7").decode()
SECRETS = re.compile("|".join(["sesame7", PLAIN.rstrip("="), ALONE.rstrip("=")]).encode(), re.I)

SCRIPTS = {
    "imap": [
        "LOGIN bob sesame7", "a1LOGIN bob sesame7", "a1 LOGN bob sesame7",
        f"a AUTHENTICATE PLAIN\t{PLAIN}", PLAIN, f"a AUTHENTICATE {PLAIN}", "LOGIN {3}", "bob",
        "a1 LOGIN bob sesame7", "a2 LOGIN bob sesame7", "z LOGOUT",
    ],
    "pop3": [
        " PASS sesame7", "USER bob", "sesame7", "USER bob sesame7", "PASSsesame7", f"AUTH {PLAIN}",
        "USER bob", "PASS sesame7", "PASS sesame7", "sesame7", "LIST", "QUIT",
    ],
    "submission": [
        "EHLO client.crepes.fr", f"AUTHPLAIN {PLAIN}", f"AUTH  PLAIN\t{PLAIN}",
        f"AUTH\tPLAIN {PLAIN}", "AUTH LOGIN", "*", ALONE, "AUTH NOPE", ALONE,
        "LOGIN bob sesame7", "PASS sesame7", "QUIT",
    ],
}

VIEWS = [
    [], ["--level=packets"], ["--json"], ["--summary"], ["--ladder"], ["--journeys"],
    ["--questions"], ["--html={folder}/page.html"], ["--annotate={folder}/a.pcapng"],
]


def type_lines(port, lines):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(0.3)
        for line in lines:
            client.sendall(line.encode() + b"\r\n")
            try:
                client.recv(65536)
            except TimeoutError:
                pass


def expect_no_secret(what, octets):
    found = SECRETS.search(octets)
    if found:
        raise Wrong(f"{what}: ...{octets[max(0, found.start() - 200):found.end()]!r}")


def shown_nowhere(program):
    """what listen shows, and every view of its capture"""
    with Listening(program) as outer:
        path = outer.path("slips.pcap")
        with Listening(program, f"--pcap={path}", users=USERS) as listening:
            for name, lines in SCRIPTS.items():
                type_lines(listening.ports[name], lines)
            time.sleep(0.3)
            listening.stop()
            shown = listening.text().split("Mail is kept in memory")[1]
            ports = listening.ports
        expect_no_secret("listen", shown.encode())
        if "LOGIN" not in shown or shown.count("\u2022\u2022") < 15:
            raise Wrong(f"the lines are not shown at all: {shown}")
        rules = [f"--port={ports[name]}={protocol}" for name, protocol in
                 (("imap", "imap"), ("pop3", "pop3"), ("submission", "smtp"))]
        for view in VIEWS:
            words = [word.format(folder=outer.folder) for word in view]
            done = subprocess.run([program, "dissect", path, *rules, *words],
                                  capture_output=True, check=True)
            expect_no_secret(" ".join(view), done.stdout + done.stderr)
        with open(outer.path("page.html"), "rb") as page:
            expect_no_secret("the page", page.read())


def talk(program):
    """the coach of talk repeats no mistyped log-in"""
    with Listening(program, "--quiet", users=USERS) as listening:
        for name, lines in SCRIPTS.items():
            protocol = "smtp" if name == "submission" else name
            near, far = pty.openpty()
            done = subprocess.Popen(
                [program, "talk", protocol, f"--connect=127.0.0.1:{listening.ports[name]}"],
                stdin=subprocess.PIPE, stdout=far, stderr=subprocess.STDOUT)
            os.close(far)
            for line in lines:
                done.stdin.write(line.encode() + b"\n")
                done.stdin.flush()
                time.sleep(0.1)
            done.stdin.close()
            shown = b""
            try:
                while True:
                    shown += os.read(near, 65536)
            except OSError:
                pass  # the other end is closed
            os.close(near)
            done.wait(30)
            expect_no_secret(f"talk {protocol}", shown)
            if "\u2022\u2022".encode() not in shown:
                raise Wrong(f"talk {protocol} shows nothing: {shown!r}")


if __name__ == "__main__":
    sys.exit(main([shown_nowhere, talk]))
