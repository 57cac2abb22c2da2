#!/usr/bin/env python3
"""clients-slips.py MAILWALK [CHECK...]: mistyped log-ins at every port of `mailwalk listen`. The
password must stand nowhere: not in what listen shows, not in any view of its capture, not in
`mailwalk talk`; nor where a server of somebody else repeats it."""

import base64
import os
import pty
import re
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from capture_file import Capture, Talk  # noqa: E402
from listening import Listening, Wrong, main  # noqa: E402

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


# What a server of somebody else says to each line, if it says more than "OK".
PARROTS = {
    "pop3": ("+OK ready", [("USER bob", "+OK bob, and now?"),
                           ("PASS sesame7", "-ERR [AUTH] sesame7 is not the password of bob"),
                           (f"AUTH PLAIN {PLAIN}", f"-ERR not {PLAIN}"), ("QUIT", "+OK bye")]),
    "smtp": ("220 ready", [("EHLO crepes.fr", "250-parrot\r\n250 AUTH PLAIN LOGIN"),
                           ("AUTH LOGIN", "334 VXNlcm5hbWU6"), ("Ym9i", "334 UGFzc3dvcmQ6"),
                           (ALONE, f"535-5.7.8 wrong: sesame7\r\n535 5.7.8 which was {ALONE}"),
                           ("QUIT", "221 bye")]),
    "imap": ("* OK ready", [("a LOGIN bob sesame7",
                             "* OK [ALERT] hello sesame7\r\na NO bob has no 'sesame7'"),
                            ("b LOGOUT", "* BYE sesame7\r\nb OK bye")]),
}


def answer_as_parrot(listener, greeting, exchanges):
    client, _ = listener.accept()
    with client, client.makefile("rb") as lines:
        client.sendall(greeting.encode() + b"\r\n")
        for _, answer in exchanges:
            lines.readline()
            client.sendall(answer.encode() + b"\r\n")


def parrot_capture(protocol, greeting, exchanges):
    """The same conversation as frames."""
    capture = Capture()
    talk = Talk(capture, {"pop3": 110, "smtp": 25, "imap": 143}[protocol])
    talk.server(greeting)
    for line, answer in exchanges:
        talk.client(line)
        talk.server(answer)
    talk.close()
    return capture.octets()


def without_frames(octets):
    """What a pcapng file holds beside the octets of its frames."""
    rest, at = b"", 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        if kind == 6:  # an enhanced packet: 28 octets, the frame filled up to 4, options
            (captured,) = struct.unpack_from("<I", octets, at + 20)
            rest += octets[at + 28 + (captured + 3) // 4 * 4:at + length]
        else:
            rest += octets[at:at + length]
        at += length
    return rest


def parrots(program):
    """a foreign server that repeats the password: masked in every view, shown with --show-secrets"""
    for protocol, (greeting, exchanges) in PARROTS.items():
        with Listening(program, "--quiet") as place, socket.create_server(("127.0.0.1", 0)) as here:
            thread = threading.Thread(target=answer_as_parrot, args=(here, greeting, exchanges))
            thread.start()
            port = here.getsockname()[1]
            done = subprocess.run(
                [program, "talk", protocol, f"--connect=127.0.0.1:{port}"],
                input="".join(line + "\n" for line, _ in exchanges).encode(),
                capture_output=True, timeout=60)
            thread.join()
            expect_no_secret(f"talk {protocol}", done.stdout + done.stderr)
            path = place.path("parrot.pcap")
            with open(path, "wb") as file:
                file.write(parrot_capture(protocol, greeting, exchanges))
            for view in VIEWS:
                words = [word.format(folder=place.folder) for word in view]
                done = subprocess.run([program, "dissect", path, *words], capture_output=True,
                                      check=True)
                expect_no_secret(" ".join(view), done.stdout + done.stderr)
            with open(place.path("page.html"), "rb") as page:
                expect_no_secret("the page", page.read())
            with open(place.path("a.pcapng"), "rb") as annotated:
                comments = without_frames(annotated.read())
            expect_no_secret("the comments", comments)
            if "\u2022\u2022".encode() not in comments:
                raise Wrong("there are no comments")
            for words in ([], ["--json"]):
                done = subprocess.run([program, "dissect", path, "--show-secrets", *words],
                                      capture_output=True, check=True)
                if done.stdout.count(b"sesame7") < 2:
                    raise Wrong(f"--show-secrets hides: {done.stdout.decode()}")


if __name__ == "__main__":
    sys.exit(main([shown_nowhere, talk, parrots]))
