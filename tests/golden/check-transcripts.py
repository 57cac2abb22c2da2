#!/usr/bin/env python3
"""What a student sees of each scenario, compared with the transcript that was read and found right;
and the capture of each, judged by tshark.

    check-transcripts.py MAILWALK SOURCE_FOLDER [--update] [NAME ...]

--update writes the transcripts anew: read the difference before it is kept. The program's lines are
TAP, one test for the transcript and one for the capture of each scenario.
"""
import difflib
import os
import shutil
import subprocess
import sys
import tempfile

WIDTH = "100"
FIELDS = ["frame.number", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message"]
CHECKSUMS = ["ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"]
ERROR = 0x800000
BAD_CHECKSUM = "0"
# tshark wants a number of octets behind the +OK to TOP; RFC 1939 §7 does not.
UNFOUNDED = ("Length must be a string containing an integer",)


def transcript(program, path):
    environment = dict(os.environ, COLUMNS=WIDTH, NO_COLOR="1")
    done = subprocess.run(
        [program, "run", path], capture_output=True, text=True, env=environment, check=False
    )
    return done.stdout + done.stderr


def compare(program, source, name, path, update):
    golden = os.path.join(source, "tests", "golden", name + ".txt")
    seen = transcript(program, path)
    if update:
        with open(golden, "w", encoding="utf-8") as out:
            out.write(seen)
        return []
    if not os.path.exists(golden):
        return [f"there is no {golden}; write it with --update"]
    with open(golden, encoding="utf-8") as known:
        wanted = known.read()
    return list(
        difflib.unified_diff(
            wanted.splitlines(), seen.splitlines(), "golden", "now", lineterm="", n=1
        )
    )[:60]


def judge(program, path, folder):
    capture = os.path.join(folder, "scenario.pcap")
    subprocess.run(
        [program, "run", path, "--level=story", "--pcap=" + capture],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    command = ["tshark", "-r", capture, "-T", "fields"]
    for field in FIELDS + CHECKSUMS:
        command += ["-e", field]
    for option in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"):
        command += ["-o", option + ":TRUE"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = []
    for line in done.stdout.splitlines():
        number, malformed, severity, message, *sums = line.split("\t")
        ranks = [int(rank) for rank in severity.split(",") if rank]
        if message.startswith(UNFOUNDED) or malformed.startswith(UNFOUNDED):
            continue
        if malformed or any(rank >= ERROR for rank in ranks):
            complaints.append(f"frame {number}: {malformed} {message}")
        if any(BAD_CHECKSUM in status.split(",") for status in sums):
            complaints.append(f"frame {number}: a checksum is wrong")
    if not done.stdout:
        complaints.append("tshark read no frame: " + done.stderr.strip())
    return complaints


def has_packets(path):
    with open(path, encoding="utf-8") as text:
        words = [line.split() for line in text]
    quiet = {"leaves", "looks"}
    return any(len(line) > 1 and line[1] in {"sends", "fetches", "types", "asks"} for line in words) or (
        not any(quiet & set(line[:4]) for line in words)
    )


def tell(number, name, complaints):
    print(f"{'not ' if complaints else ''}ok {number} - {name}")
    for line in complaints:
        print("# " + line)


def main():
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    update = "--update" in sys.argv
    program, source, *chosen = arguments
    place = os.path.join(source, "sim", "scenarios")
    names = chosen or sorted(
        file[: -len(".scenario")] for file in os.listdir(place) if file.endswith(".scenario")
    )
    has_tshark = shutil.which("tshark") is not None
    print(f"1..{2 * len(names)}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for index, name in enumerate(names):
            path = os.path.join(place, name + ".scenario")
            complaints = compare(program, source, name, path, update)
            tell(2 * index + 1, f"transcript of {name}", complaints)
            failed += bool(complaints)
            if not has_tshark or not has_packets(path):
                why = "there is no tshark" if not has_tshark else "no packet passes"
                print(f"ok {2 * index + 2} - capture of {name} # SKIP {why}")
                continue
            complaints = judge(program, path, folder)
            tell(2 * index + 2, f"capture of {name}", complaints)
            failed += bool(complaints)
    sys.exit(1 if failed else 0)


main()
