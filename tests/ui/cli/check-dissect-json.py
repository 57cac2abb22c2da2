#!/usr/bin/env python3
"""Runs `mailwalk dissect` as a person would: errors, pipes, several captures, and every JSON line
against the schema. Called with the program, the schema and the folder tests/support; prints TAP."""

import copy
import json
import os
import struct
import subprocess
import sys
import tempfile

PROGRAM, SCHEMA, SUPPORT = sys.argv[1:4]
sys.path.insert(0, SUPPORT)
from capture_file import Capture, Talk  # noqa: E402
from json_schema import faults  # noqa: E402

ENVIRONMENT = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
RESULTS = []


def check(name, holds, why=""):
    RESULTS.append(holds)
    print(f"{'ok' if holds else 'not ok'} {len(RESULTS)} - {name}")
    if not holds:
        print(f"# {str(why)[:2000]}".replace("\n", "\n# "))


def run(*arguments, given=None):
    return subprocess.run(
        [PROGRAM, "dissect", *arguments], input=given, capture_output=True, env=ENVIRONMENT, timeout=60)


def lines_of(*arguments, given=None):
    result = run("--json", *arguments, given=given)
    return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]


HEAD = [
    "Date: Mon, 21 Nov 2022 10:00:00 +0100", "From: Alice <alice@crepes.fr>", "To: bob@hamburger.edu",
    "Message-ID: <1@crepes.fr>", "Subject: Lunch", "MIME-Version: 1.0",
]


def smtp(capture, client_port=40000, body=None, port=25):
    talk = Talk(capture, port, client_port)
    talk.server("220 hamburger.edu ready")
    talk.client("EHLO crepes.fr")
    talk.server("250-hamburger.edu", "250-PIPELINING", "250-ENHANCEDSTATUSCODES", "250 8BITMIME")
    talk.client("MAIL FROM:<alice@crepes.fr>", "RCPT TO:<bob@hamburger.edu>", "DATA")
    talk.server("250 2.1.0 Sender fine", "250 2.1.5 Recipient fine", "354 Go on")
    talk.client(*(body or [*HEAD, "", "Do you like ketchup?"]), ".")
    talk.server("250 2.0.0 Taken")
    talk.client("QUIT")
    talk.server("221 2.0.0 Bye")
    talk.close()


MULTIPART = [
    *HEAD, "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain; charset=utf-8",
    "", "Hello", "--b", "Content-Type: image/png", "Content-Transfer-Encoding: base64",
    "Content-Disposition: attachment; filename=ketchup.png", "", "iVBORw0KGgoAAAANSUhEUg==", "--b--",
]


def pop3(capture):
    talk = Talk(capture, 110, 41000)
    talk.server("+OK POP3 ready <1896.697170952@hamburger.edu>")
    talk.client("USER bob")
    talk.server("+OK")
    talk.client("PASS secret")
    talk.server("+OK")
    talk.client("RETR 1")
    talk.server("+OK 120 octets", *HEAD, "", "..two dots", ".")
    talk.client("QUIT")
    talk.server("+OK")
    talk.close()


def imap(capture):
    talk = Talk(capture, 143, 42000)
    talk.server("* OK IMAP4rev2 ready")
    talk.client("a1 LOGIN bob secret")
    talk.server("a1 OK logged in")
    talk.client("a2 SELECT INBOX")
    talk.server("* 1 EXISTS", "a2 OK [READ-WRITE] selected")
    talk.client("a3 LOGOUT")
    talk.server("* BYE", "a3 OK bye")
    talk.close()


def login(capture):
    talk = Talk(capture, 587, 43000)
    talk.server("220 hamburger.edu ready")
    talk.client("EHLO crepes.fr")
    talk.server("250-hamburger.edu", "250 AUTH PLAIN CRAM-MD5")
    talk.client("AUTH PLAIN AGFsaWNlAHNlY3JldA==")
    talk.server("235 Welcome")
    talk.client("QUIT")
    talk.server("221 Bye")
    talk.close()


def faulty(capture):
    """What a careless client says, and a reset."""
    talk = Talk(capture, 25, 44000)
    talk.server("220 hamburger.edu ready")
    talk.client("EHLO crepes")
    talk.server("250-hamburger.edu", "250 SIZE 100")
    talk.client("MAIL FROM: alice@crepes.fr SIZE=1000", end=b"\n")
    talk.server("250 Fine")
    talk.client("RCPT TO:<bob@hamburger.edu>")
    talk.server("250 5.1.5 Fine")
    talk.client("PING")
    talk.reset(1)


def lossy(capture):
    """A piece of the message is lost; what comes behind it is not judged line by line."""
    talk = Talk(capture, 25, 45000)
    talk.server("220 hamburger.edu ready")
    talk.client("EHLO crepes.fr")
    talk.server("250 hamburger.edu")
    talk.client("MAIL FROM:<alice@crepes.fr>")
    talk.server("250 Fine")
    talk.client("RCPT TO:<bob@hamburger.edu>")
    talk.server("250 Fine")
    talk.client("DATA")
    talk.server("354 Go on")
    talk.client("Subject: x", "", "one")
    talk.lose(0, 100)
    talk.client("two", ".")
    talk.server("250 Taken")
    talk.client("PONG")
    talk.server("500 What?")
    talk.client("QUIT")
    talk.server("221 Bye")
    talk.close()


def dns(capture):
    name = b"\x09hamburger\x03edu\x00"
    question = struct.pack("!HHHHHH", 7, 0x100, 1, 0, 0, 0) + name + struct.pack("!HH", 15, 1)
    answer = struct.pack("!HHHHHH", 7, 0x8180, 1, 1, 0, 0) + name + struct.pack("!HH", 15, 1)
    answer += b"\xc0\x0c" + struct.pack("!HHIHH", 15, 1, 300, 9, 10) + b"\x04mail\xc0\x0c"
    capture.udp(b"\x0a\0\0\1", 5353, b"\x0a\0\0\3", 53, question)
    capture.udp(b"\x0a\0\0\3", 53, b"\x0a\0\0\1", 5353, answer)


def write(folder, name, *makers):
    capture = Capture()
    for maker in makers:
        maker(capture)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(capture.octets())
    return path


def check_schema(all_path):
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    lines = lines_of("--frames", "--show-secrets", all_path)
    wrong = [fault for line in lines for fault in faults(line, schema)]
    check("every line fits the schema", wrong == [], wrong[:5])
    seen = {line["type"] for line in lines}
    wanted = {"start", "frame", "stream", "command", "reply", "message", "credential", "remark", "gap", "dns", "end"}
    check("every type of line was seen", wanted <= seen, wanted - seen)
    check("start comes first and end last", lines[0]["type"] == "start" and lines[-1]["type"] == "end")
    # The validator itself must be able to say no.
    reply = next(line for line in lines if line["type"] == "reply")
    for name, spoil in [
        ("a missing member", lambda line: line.pop("code")),
        ("a member too many", lambda line: line.update(colour="red")),
        ("a wrong kind", lambda line: line.update(step="1")),
        ("a truth for a number", lambda line: line.update(answers=True)),
        ("an unknown type", lambda line: line.update(type="song")),
        ("a wrong item", lambda line: line["frames"].append(-1)),
    ]:
        spoilt = copy.deepcopy(reply)
        spoil(spoilt)
        check(f"the validator finds {name}", list(faults(spoilt, schema)) != [])
    return lines


def check_content(lines):
    by_type = {}
    for line in lines:
        by_type.setdefault(line["type"], []).append(line)
    commands = {line["step"]: line for line in by_type["command"]}
    replies = [line for line in by_type["reply"] if line["answers"]]
    check("a reply names the step of its command", all(line["answers"] in commands for line in replies))
    tree = [line["mime"] for line in by_type["message"] if line.get("mime", {}).get("parts")]
    check("a multipart message has its tree", len(tree) == 1 and tree[0]["type"] == "multipart/mixed")
    part = tree[0]["parts"][1] if tree else {}
    wanted = {"type": "image/png", "encoding": "base64", "octets": 16, "name": "ketchup.png", "attachment": True}
    check("a part tells type, encoding, octets and name", part == wanted, part)
    encodings = {line["method"]: line["encoding"] for line in by_type["credential"]}
    check("a password tells how it was encoded",
          encodings == {"USER/PASS": "none", "LOGIN": "none", "PLAIN": "base64"}, encodings)
    incomplete = [line for line in by_type["message"] if not line["complete"]]
    check("a harmed message tells what is missing",
          len(incomplete) == 1 and incomplete[0]["missing"] == [[19, 119]], incomplete)


def check_remarks(lines, path):
    text = {line["step"]: line.get("text", line["type"]) for line in lines if line["type"] != "remark" and "step" in line}
    remarks = [line for line in lines if line["type"] == "remark"]
    found = {(line["remark"], text[line["step"]].split("\n")[-1]) for line in remarks}
    mail = "MAIL FROM: alice@crepes.fr SIZE=1000"
    wanted = {
        ("hello-unqualified", "EHLO crepes"), ("bare-lf", mail), ("space-after-colon", mail), ("no-brackets", mail),
        ("size-over-limit", mail), ("enhanced-code-class", "250 5.1.5 Fine"), ("unknown-command", "PING"),
        ("reset", "stream"), ("plaintext-password", "credential"),
    }
    check("faults get their remarks", wanted <= found, wanted - found)
    check("and nothing else does", found <= wanted, found - wanted)
    fine = [line for line in lines_of(path) if line["type"] == "remark"]
    check("traffic that is fine gets no remark", fine == [], fine)
    quiet = lines_of("--no-remarks", "--no-mime", path)
    check("--no-mime leaves the trees out", all("mime" not in line for line in quiet))


def check_errors(folder, path):
    with open(path, "rb") as file:
        octets = file.read()
    cut = os.path.join(folder, "cut.pcap")
    with open(cut, "wb") as file:
        file.write(octets[:-10])
    text = os.path.join(folder, "text.txt")
    with open(text, "w", encoding="utf-8") as file:
        file.write("Dear Bob,\nthis is no capture at all.\n")
    empty = os.path.join(folder, "empty.pcap")
    open(empty, "wb").close()
    for name, argument, status in [
        ("a file that is not there", os.path.join(folder, "none.pcap"), 3),
        ("a folder", folder, 3), ("a text", text, 3), ("an empty file", empty, 3),
    ]:
        result = run(argument)
        said = result.stderr.decode()
        holds = result.returncode == status and argument in said and said.count("\n") == 1
        check(f"{name} is named in one line", holds, (result.returncode, said))
    result = run("--summary", cut)
    said = result.stderr.decode()
    frames = len(frames_of(octets))
    check("damage: status 1, frame and place are named",
          result.returncode == 1 and f"frame {frames}" in said and "octet" in said, (result.returncode, said))
    check("damage: what came before is shown", b"SMTP" in result.stdout, result.stdout)
    damage = [line for line in lines_of(cut) if line["type"] == "damage"]
    check("damage is a JSON line too", len(damage) == 1 and damage[0]["frame"] == frames, damage)
    if os.geteuid() != 0:
        os.chmod(text, 0)
        check("a file that may not be read is named", run(text).returncode == 3)
    for arguments in [[], ["--threads", "3", path], ["--level", "loud", path], ["--port", "x", path], ["--jsno", path]]:
        result = run(*arguments)
        check(f"usage: {' '.join(arguments[:2]) or 'no capture'}", result.returncode == 2 and result.stderr != b"", result)


def frames_of(octets):
    frames, at = [], 24
    while at + 16 <= len(octets):
        length = struct.unpack_from("<I", octets, at + 8)[0]
        frames.append(octets[at + 16:at + 16 + length])
        at += 16 + length
    return frames


def check_pipes(path, many):
    with open(path, "rb") as file:
        octets = file.read()
    check("'-' reads standard input", run("--summary", "-", given=octets).stdout == run("--summary", path).stdout)
    for setting in ["default", "ignored"]:
        prefix = "trap '' PIPE; " if setting == "ignored" else ""
        result = subprocess.run(
            ["bash", "-c", f"{prefix}\"$0\" dissect --json --frames \"$1\" | head -n 1", PROGRAM, many],
            capture_output=True, env=ENVIRONMENT, timeout=60)
        holds = result.stdout.startswith(b'{"type":"start"') and result.stderr == b""
        check(f"a closed pipe is quiet, signal {setting}", holds, result.stderr)
    for command in [["rfc", "220"], ["explain", "base64", "x" * 20000], ["--help"]]:
        result = subprocess.run(
            ["bash", "-c", '"$0" "$@" | true', PROGRAM, *command], capture_output=True, env=ENVIRONMENT, timeout=60)
        check(f"a closed pipe is quiet: {command[0]}", result.stderr == b"", result.stderr)


def check_sameness(path, many):
    for view in [["--json", "--frames"], ["--summary"], []]:
        one, two = (run(*view, "--threads", count, many) for count in ("1", "2"))
        check(f"one thread or two: the same {' '.join(view) or 'transcript'}",
              one.stdout == two.stdout and one.stdout != b"" and one.returncode == 0, one.stderr)
    check("twice the same", run("--json", path).stdout == run("--json", path).stdout)
    end = lines_of(path, many)[-1]
    single = [lines_of(one)[-1] for one in (path, many)]
    check("several captures are read as one",
          all(end[key] == sum(one[key] for one in single) for key in ("frames", "commands", "messages")), end)


def check_run():
    """What a scenario writes has the same schema."""
    told = subprocess.run([PROGRAM, "run", "alice-to-bob", "--json"], capture_output=True, env=ENVIRONMENT, timeout=60)
    lines = [json.loads(line) for line in told.stdout.decode("utf-8").splitlines()]
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    wrong = [fault for line in lines for fault in faults(line, schema)]
    check("the lines of a scenario keep to the schema", not wrong, wrong[:5])
    check("a scenario says what was run",
          (lines[0]["command"], lines[0]["scenario"]) == ("run", "alice-to-bob"), lines[0])
    kinds = {line["type"] for line in lines}
    check("a scenario has chapters and events of the world", {"chapter", "world", "command"} <= kinds, kinds)


def check_scenarios():
    """The list of scenarios, whole and of a lecture, with one that belongs to none."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "scenarios"))
        with open(os.path.join(folder, "scenarios", "own.scenario"), "w", encoding="utf-8") as file:
            file.write("organisation crepes.fr\n  person alice machine pc\nchapter \"One\"\n  tell \"Hello.\"\n")
        environment = {**ENVIRONMENT, "MAILWALK_DATA": folder}

        def names(*arguments):
            told = subprocess.run([PROGRAM, "scenarios", "--json", *arguments], capture_output=True, env=environment)
            lines = [json.loads(line) for line in told.stdout.splitlines()]
            check(f"scenarios {' '.join(arguments)} begins and ends",
                  (lines[0]["type"], lines[-1]["type"], lines[-1]["scenarios"]) == ("start", "end", len(lines) - 2))
            return {line["name"] for line in lines[1:-1]}, told.returncode

        everything, _ = names()
        check("a scenario without lectures is listed", {"own", "alice-to-bob"} <= everything, everything)
        some, _ = names("--lecture", "3")
        check("and not for a lecture", "alice-to-bob" in some and "own" not in some and some < everything, some)
        check("no lecture 9", names("--lecture", "9") == (set(), 1))


def main():
    with tempfile.TemporaryDirectory() as folder:
        fine = write(folder, "fine.pcap", smtp, dns)
        everything = write(
            folder, "all.pcap", smtp, lambda capture: smtp(capture, 40001, MULTIPART), pop3, imap, login, faulty, lossy,
            dns)
        many = write(folder, "many.pcap", *[lambda capture, n=n: smtp(capture, 20000 + n) for n in range(300)])
        lines = check_schema(everything)
        check_content(lines)
        check_remarks(lines, fine)
        check_errors(folder, fine)
        check_pipes(fine, many)
        check_sameness(fine, many)
    check_run()
    check_scenarios()
    print(f"1..{len(RESULTS)}")
    return 0 if all(RESULTS) else 1


sys.exit(main())
