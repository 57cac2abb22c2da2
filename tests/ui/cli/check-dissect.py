#!/usr/bin/env python3
"""Runs `mailwalk dissect` as a person would, on a capture that it makes with `mailwalk run`, and
lets tshark, where there is one, read back the comments. Called with the program's path; prints
TAP."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
ENVIRONMENT = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
results = []


def note(name, is_right, more=""):
    results.append(is_right)
    print(f"{'ok' if is_right else 'not ok'} {len(results)} - {name}")
    if not is_right and more:
        print("# " + more[:2000].replace("\n", "\n# "))


def run(*arguments):
    done = subprocess.run(
        [PROGRAM, "dissect", *arguments], capture_output=True, text=True, env=ENVIRONMENT, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def check_views(capture):
    views = {
        "transcript": [],
        "story": ["--level", "story"],
        "packets": ["--level", "packets"],
        "ladder": ["--ladder"],
        "ladder in ASCII": ["--ascii"],
        "questions": ["--questions"],
        "sheet": ["--sheet"],
        "journeys": ["--journeys"],
        "one frame": ["--frame", "4"],
        "where": ["--where", "subject"],
        "summary": ["--summary"],
    }
    for name, arguments in views.items():
        status, first, error = run("--threads", "1", *arguments, capture)
        note(f"{name} tells something", status == 0 and len(first) > 10 and error == "", error)
        _, second, _ = run("--threads", "2", *arguments, capture)
        note(f"{name} is the same with two threads", first == second)
        note(f"{name} is not coloured on a pipe", "\033" not in first)
        too_wide = [line for line in first.split("\n") if len(line) > 80]
        note(f"{name} fits 80 columns", not too_wide, "\n".join(too_wide))
    note("ASCII is ASCII where the capture is", "\u2502" not in run("--ascii", capture)[1])


def check_comments(capture, folder):
    out = os.path.join(folder, "out.pcapng")
    status, _, error = run("--annotate", out, capture)
    note("comments are written", status == 0, error)
    note("a file that exists is kept", run("--annotate", out, capture)[0] == 3)
    note("--force replaces it", run("--force", "--annotate", out, capture)[0] == 0)
    if shutil.which("tshark") is None:
        print(f"ok {len(results) + 1} - tshark reads comments # SKIP no tshark here")
        results.append(True)
        return
    fields = ["-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len"]
    read = lambda path, more: subprocess.run(
        ["tshark", "-r", path, *fields, *more], capture_output=True, text=True, timeout=60
    ).stdout
    note("tshark sees the same frames", read(out, []) == read(capture, []) != "")
    comments = read(out, ["-e", "frame.comment"])
    note("tshark reads the comments", "The client names itself" in comments, comments)


def check_difference(capture):
    status, told, error = run("--diff", capture, capture)
    note("a capture is the same as itself", status == 0 and "agree as protocol" in told, error)
    status, told, _ = run("--stream", "0", "--diff", "/nonexistent.pcap", capture)
    note("the other capture must be there", status == 3)


def check_parting(capture, folder):
    """Two captures of other stories: where they part, and what only one of them has."""
    other = os.path.join(folder, "other.pcap")
    subprocess.run(
        [PROGRAM, "run", "bounce", "--pcap", other], capture_output=True, check=True, timeout=60
    )
    status, told, error = run("--diff", other, capture)
    note("captures that differ end with 1", status == 1, f"{status} {error}")
    note("the last common line and both next ones are shown",
         "lines agree; then they part" in told and "both" in told and "there" in told, told)
    status, told, _ = run("--diff", capture, other)
    note("it works the other way round", status == 1 and "then they part" in told, told)


def check_json_login(folder):
    """Content of HTTP is no message: a log-in in JSON is no header field, and not shown."""
    path = os.path.join(folder, "json-login.pcap")
    body = b'{"user":"alice","password":"hungry12"}'
    octets = b"POST /login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body), body)
    tcp = struct.pack(">HHIIBBHHH", 4080, 80, 1, 1, 0x50, 0x18, 8000, 0, 0) + octets
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + bytes((10, 0, 0, 1, 10, 0, 0, 2))
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        out.write(struct.pack("<IIII", 1000, 0, len(ip + tcp), len(ip + tcp)) + ip + tcp)
    told = run("--json", path)[1]
    note("a log-in in JSON is content", '"kind":"HTTP"' in told and '"headers":[]' in told, told)
    for options in (["--json"], ["--where", "alice"], ["--messages"]):
        told = run(*options, path)[1]
        note(f"a log-in in JSON is not shown by {options[0]}", told != "" and "hungry12" not in told, told)


def check_dig(capture):
    status, told, error = run("--dig", capture)
    note("answers of the DNS come as dig prints them",
         status == 0 and ";; ANSWER SECTION:" in told and ";; QUESTION SECTION:" in told, error + told)
    note("the question stands at the top", "<<>> mailwalk dig <<>> hamburger.edu. MX" in told, told[:300])


def check_lost_output(capture):
    """A reader that leaves ends the program without a word; a full disk is told, and once."""
    for arguments in (["dissect", capture], ["run", "alice-to-bob"], ["scenarios"]):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=60
        )
        os.close(writing)
        is_quiet = done.returncode == -signal.SIGPIPE and done.stderr == b""
        note(f"{arguments[0]}: the reader has gone", is_quiet, done.stderr.decode())
        if not os.path.exists("/dev/full"):
            print("# no /dev/full on this system: a full disk is not tried")
            continue
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=60
            )
        is_told = done.returncode == 3 and done.stderr.count(b"cannot write the output") == 1
        note(f"{arguments[0]}: the disk is full", is_told, done.stderr.decode())


def check_mistakes(capture):
    note("a level must be known", run("--level", "loud", capture)[0] == 2)
    note("a capture must be named", run()[0] == 2)
    note("a capture must be there", run("/nonexistent.pcap")[0] == 3)
    mistakes = {
        "JSON lines and a text": ["--json", "--summary"],
        "frames without JSON": ["--frames"],
        "frame 0": ["--frame", "0"],
        "an empty text": ["--where", ""],
    }
    for name, arguments in mistakes.items():
        status, told, error = run(*arguments, capture)
        note(f"refused: {name}", status == 2 and told == "" and "--help" in error, error)


with tempfile.TemporaryDirectory() as temporary:
    made = os.path.join(temporary, "capture.pcap")
    subprocess.run(
        [PROGRAM, "run", "alice-to-bob", "--pcap", made], capture_output=True, check=True, timeout=60
    )
    check_views(made)
    check_comments(made, temporary)
    check_difference(made)
    check_parting(made, temporary)
    check_json_login(temporary)
    check_dig(made)
    check_lost_output(made)
    check_mistakes(made)
    _, _, complaint = run("\x1b[31mno such file\x07")
    note("controls in an argument do not reach the terminal", "\x1b" not in complaint and "no such file" in complaint)
    page = os.path.join(temporary, "page.html")
    note("a page is written", run("--html", page, made)[0] == 0 and os.path.getsize(page) > 1000)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
