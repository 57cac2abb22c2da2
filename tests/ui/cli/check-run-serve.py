#!/usr/bin/env python3
"""check-run-serve.py MAILWALK: `mailwalk run --serve-loopback` with real clients: curl, Python's
poplib and imaplib, sockets by hand, polite and not."""

import imaplib
import os
import pathlib
import poplib
import pty
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

STORY = """title "A short story"
organisation crepes.fr
person alice "Alice" password yummy machine alice-laptop
organisation hamburger.edu
person bob "Bob" password hungry machine bob-pc
chapter "Alice writes"
alice writes to bob@hamburger.edu, subject "Ketchup", body "And pickles?"
chapter "She sends it"
alice sends
chapter "Bob fetches it"
wait 1 second
bob fetches by pop3 and keeps
bob reads
"""
MAIL = "From: Alice <alice@crepes.fr>\r\nTo: bob@hamburger.edu\r\nSubject: Ketchup\r\n\r\nHello.\r\n"
DOOR = re.compile(r"^  (\S+)\s+(SMTP|Submission|POP3|IMAP|HTTP|DNS)\s+127\.0\.0\.1:(\d+)", re.M)
PATIENCE = 60


class Story:
    """One running scenario; what it prints is read as it comes."""

    def __init__(self, program, folder, *arguments, on_terminal=False, text=STORY):
        file = pathlib.Path(folder) / "short.scenario"
        file.write_text(text)
        command = [program, "run", str(file), *arguments]
        environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}
        self.keys, given = pty.openpty() if on_terminal else (None, subprocess.DEVNULL)
        self.process = subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=environment, start_new_session=True,
            preexec_fn=(lambda: __import__("fcntl").ioctl(0, 0x540E, 0)) if on_terminal else None,
        )
        self.said = ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while piece := os.read(self.process.stdout.fileno(), 65536):
            self.said += piece.decode("utf-8", "replace")

    def wait_for(self, part, patience=PATIENCE):
        limit = time.monotonic() + patience
        while part not in self.said and time.monotonic() < limit and self.reader.is_alive():
            time.sleep(0.02)
        return part in self.said

    def port(self, host, protocol):
        self.wait_for("user bob, password hungry")
        doors = {(name, kind): int(number) for name, kind, number in DOOR.findall(self.said)}
        return doors[(host, protocol)]

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status


def talk(port, octets, closes_first=True, patience=PATIENCE):
    """What a client gets that sends all of it at once and then, or not, hangs up its side."""
    with socket.create_connection(("127.0.0.1", port), patience) as client:
        client.sendall(octets)
        if closes_first:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        return answer.decode("utf-8", "replace")


def dns_question(name):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">6H", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 15, 1)


class Tests:
    def __init__(self, program):
        self.program = program
        self.results = []

    def report(self, name, problems, said=""):
        self.results.append(not problems)
        print(f"{'not ' if problems else ''}ok {len(self.results)} - {name}", flush=True)
        for problem in problems:
            print(f"# {problem}")
        if problems:
            print("\n".join(f"# | {line}" for line in said.splitlines()), flush=True)

    def lacking(self, said, *parts):
        words = " ".join(said.split())
        return [f"lacks {part!r}" for part in parts if " ".join(part.split()) not in words]

    def check_curl(self, folder):
        if shutil.which("curl") is None:
            print("# curl is not installed: Python sends the message in its place")
        capture = pathlib.Path(folder) / "story.pcap"
        mail = pathlib.Path(folder) / "mail"
        mail.write_bytes(MAIL.encode())
        story = Story(self.program, folder, "--serve-loopback", f"--pcap={capture}")
        port = story.port("mail.crepes.fr", "SMTP")
        problems = [] if story.wait_for("Your turn") else ["no turn"]
        if shutil.which("curl") is not None:
            done = subprocess.run(
                ["curl", "-sS", f"smtp://127.0.0.1:{port}/client.crepes.fr", "--mail-from",
                 "alice@crepes.fr", "--mail-rcpt", "bob@hamburger.edu", "-T", str(mail)],
                capture_output=True, text=True, timeout=PATIENCE, check=False,
            )
            problems += [f"curl: {done.stderr}"] if done.returncode != 0 else []
        else:
            talk(port, session(MAIL).encode())
        story.wait_for("The story is over")
        status = story.end()
        problems += [f"status {status}"] if status != 0 else []
        problems += self.lacking(
            story.said, "alice-laptop mail.crepes.fr", "EHLO client.crepes.fr",
            "mail.crepes.fr mail.hamburger.edu", "is in the mailbox of bob@hamburger.edu",
            "bob-pc mail.hamburger.edu", "+OK", "Subject Ketchup", "The story is over",
        )
        self.report("curl sends as Alice, and the story's Bob fetches it", problems, story.said)
        self.check_capture(capture)

    def check_capture(self, capture):
        summary = subprocess.run(
            [self.program, "dissect", "--summary", str(capture)],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )
        problems = self.lacking(summary.stdout, "SMTP 2", "POP3 1")
        self.report("the capture has all three conversations", problems, summary.stdout)

    def check_python(self, folder):
        story = Story(self.program, folder, "--serve-loopback=bob", "--speed=20")
        problems = [] if story.wait_for("curl -u bob:hungry pop3://") else ["Bob has no turn"]
        pop3 = poplib.POP3("127.0.0.1", story.port("mail.hamburger.edu", "POP3"), PATIENCE)
        pop3.user("bob")
        pop3.pass_("hungry")
        lines = pop3.retr(1)[1]
        pop3.quit()
        problems += [] if b"Subject: Ketchup" in lines else [f"POP3 gave {lines}"]
        imap = imaplib.IMAP4("127.0.0.1", story.port("mail.hamburger.edu", "IMAP"), timeout=PATIENCE)
        imap.login("bob", "hungry")
        imap.select()
        found = imap.fetch("1", "(BODY[HEADER.FIELDS (SUBJECT)])")[1][0][1]
        imap.logout()
        problems += [] if b"Ketchup" in found else [f"IMAP gave {found}"]
        story.wait_for("The story is over")
        problems += [] if story.end(signal.SIGTERM) == 0 else ["status"]
        problems += self.lacking(story.said, "alice-laptop mail.crepes.fr", "bob-pc mail.hamburger.edu")
        self.report("poplib and imaplib read Bob's mailbox", problems, story.said)

    def check_hostile(self, folder):
        story = Story(self.program, folder, "--serve-loopback")
        port = story.port("mail.crepes.fr", "SMTP")
        problems = []
        far = story.port("mail.hamburger.edu", "SMTP")  # its answers come after the client's FIN
        answer = talk(far, session(MAIL).encode())
        problems += [] if answer.count("\r\n250 ") >= 3 and "221 " in answer else [answer]
        self.report("one that hangs up its side first gets all answers", problems, story.said)
        many = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(80)]
        for client in many[:40]:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(b"EHLO x\r\nMAIL FROM:<a@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\nhalf")
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.settimeout(0.5)
            try:
                client.sendall(b"x" * 8_000_000)
            except (TimeoutError, ConnectionError):
                pass
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(b"\0\xff\r\n" * 3000 + b"\r\n\n\r" * 100)
        slow = socket.create_connection(("127.0.0.1", port), PATIENCE)
        for octet in b"NOOP\r\nQUIT\r\n":
            slow.sendall(bytes([octet]))
            time.sleep(0.01)
        answer = b""
        while piece := slow.recv(4096):
            answer += piece
        slow.close()
        problems = [] if b"250 " in answer and b"221 " in answer else [repr(answer)]
        self.report("one that types slowly is understood", problems, story.said)
        answer = talk(port, session(MAIL).encode())
        problems = [] if "221 " in answer else [answer]
        for client in many[40:]:
            client.close()
        problems += [] if story.end() == 0 else ["status"]
        self.report("after rude clients the servers still serve", problems, story.said[-3000:])

    def check_dns(self, folder):
        story = Story(self.program, folder, "--serve-loopback")
        port = story.port("dns.crepes.fr", "DNS")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(PATIENCE)
            asker.sendto(b"junk", ("127.0.0.1", port))
            asker.sendto(dns_question("hamburger.edu"), ("127.0.0.1", port))
            answer = asker.recv(4096)
            while answer[:2] != b"\x12\x34":
                answer = asker.recv(4096)
        question = dns_question("hamburger.edu")
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as asker:
            asker.sendall(struct.pack(">H", len(question)) + question)
            length = struct.unpack(">H", asker.recv(2))[0]
            over_tcp = asker.recv(length)
        problems = [] if answer[7] == 1 and over_tcp[7] == 1 else [f"{answer} {over_tcp}"]
        story.end()
        problems += self.lacking(story.said, "dns.crepes.fr ─▷ a.root-servers.net", "ns1.hamburger.edu")
        self.report("the DNS of the world answers over UDP and TCP", problems, story.said)

    def check_what_ifs(self, folder):
        story = Story(
            self.program, folder, "--serve-loopback", "--speed=600",
            "--what-if=at connection 1 command 3 refuse with 550 \"5.1.1 Nobody here\"",
            "--what-if=from 09:00 to 23:00 mail.hamburger.edu is down",
        )
        answer = talk(story.port("mail.crepes.fr", "SMTP"), session(MAIL).encode())
        problems = [] if "550 5.1.1 Nobody here" in answer else [answer]
        self.report("a what-if refuses the real client's recipient", problems, story.said)
        try:
            answer = talk(story.port("mail.hamburger.edu", "SMTP"), b"NOOP\r\n", False)
            problems = [f"got {answer!r}"]
        except ConnectionError:
            problems = []
        problems += [] if story.end() == 0 else ["status"]
        self.report("a server that is down is no server for real clients", problems, story.said)

    def check_keys(self, folder):
        story = Story(self.program, folder, "--serve-loopback", on_terminal=True)
        problems = [] if story.wait_for("press Enter") else ["no word of Enter"]
        for _ in range(50):
            os.write(story.keys, b"\n")
            if story.wait_for("The story is over", 0.3):
                break
        problems += self.lacking(story.said, "bob-pc mail.hamburger.edu", "The story is over")
        problems += [] if story.end() == 0 else ["status"]
        self.report("Enter passes the turn", problems, story.said)

    def check_usage(self, folder):
        file = pathlib.Path(folder) / "short.scenario"
        file.write_text(STORY)
        for arguments, part in [
            (["--serve-loopback=eve"], "nobody in short is called 'eve'; --serve-loopback may be: alice, bob"),
            (["--serve-loopback", "--step"], "leave out --step"),
            (["--serve-loopback", "--speed=0"], "from 1 to 3600"),
            (["--speed=5"], "is for --serve-loopback"),
            (["--serve-loopback", "--html=x.html"], "afterwards"),
            (["--serve-loopback", "--what-if=at step 3 refuse with 550"], "at connection 1 command 3"),
        ]:
            done = subprocess.run(
                [self.program, "run", str(file), *arguments],
                capture_output=True, text=True, timeout=PATIENCE, check=False,
            )
            problems = self.lacking(done.stderr, part)
            problems += [f"status {done.returncode}"] if done.returncode != 2 else []
            self.report(" ".join(arguments), problems, done.stderr)

    def run(self):
        checks = [
            self.check_curl, self.check_python, self.check_hostile, self.check_dns,
            self.check_what_ifs, self.check_keys, self.check_usage,
        ]
        for check in checks:
            with tempfile.TemporaryDirectory(prefix="mailwalk-serve-") as folder:
                check(folder)
        print(f"1..{len(self.results)}")
        return 0 if all(self.results) else 1


def session(mail):
    return (
        "EHLO client.crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
        f"DATA\r\n{mail}.\r\nQUIT\r\n"
    )


if __name__ == "__main__":
    sys.exit(Tests(os.path.abspath(sys.argv[1])).run())
