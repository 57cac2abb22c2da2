#!/usr/bin/env python3
"""`mailwalk dissect --anonymize`: the result says the same with other names. Called with the program,
the maker of captures and the folder of the traces; prints TAP. Checksums are judged by tshark where
it is installed."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM, MAKER, TRACES = sys.argv[1:4]
KINDS_OF_FRAMES = ("fragments", "vlan", "sll2", "ipv6", "raw-ip", "loopback", "cut-by-snap-length",
                   "dns-mx", "imap-fetch", "webmail-get-post", "auth-login", "bdat")
RESULTS = []


def check(name, holds, why=""):
    RESULTS.append(holds)
    print(f"{'ok' if holds else 'not ok'} {len(RESULTS)} - {name}")
    if not holds:
        print(f"# {str(why)[:2000]}".replace("\n", "\n# "))


def run(*command):
    return subprocess.run(command, capture_output=True, timeout=100, check=False)


def events(path):
    out = run(PROGRAM, "dissect", "--json", "--no-digest", "--no-remarks", "--all-streams", path)
    return [json.loads(line) for line in out.stdout.decode("utf-8").splitlines()]


def shape(path):
    """What must not change: who spoke when in which frames, verbs, codes, lengths."""
    kept = ("type", "verb", "code", "enhanced", "octets", "complete", "frames", "step", "answers", "time")
    rows = []
    for event in events(path):
        if event["type"] not in ("start", "end", "remark"):
            rows.append({key: event.get(key) for key in kept})
    return rows


def names_in(path):
    """Hosts, people and passwords that a reader of the capture learns."""
    found = set()
    for event in events(path):
        texts = [event.get("identity"), event.get("secret")]
        if event["type"] == "command" and event.get("verb") in ("MAIL", "RCPT", "EHLO", "HELO", "USER"):
            texts.append((event.get("arguments") or "").split(" ")[0])
        for text in texts:
            found.update(re.findall(r"[a-z]{5,}", (text or "").lower()))
    return found


def judge_checksums(path):
    fields = ["ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"]
    wrong = " || ".join(f"{field} == 0" for field in fields)
    options = [part for layer in ("ip", "tcp", "udp") for part in ("-o", f"{layer}.check_checksum:TRUE")]
    return run("tshark", "-r", path, *options, "-Y", wrong).stdout.decode()


def judge(folder, name, path, secrets):
    out = os.path.join(folder, f"{name}.other.pcap")
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    check(f"{name}: is written", result.returncode == 0, result.stderr)
    before, after = shape(path), shape(out)
    differences = [pair for pair in zip(before, after) if pair[0] != pair[1]]
    check(f"{name}: is the same dialogue", before == after and len(before) > 20, differences[:1])
    octets = open(out, "rb").read().lower()
    left = [word for word in secrets | names_in(path) if word.encode() in octets]
    check(f"{name}: no name is left", not left, left)
    if shutil.which("tshark"):
        wrong = judge_checksums(out)
        check(f"{name}: all checksums are right", wrong == "", wrong)
    else:
        print("# tshark is not installed: checksums are not judged")
    again = os.path.join(folder, f"{name}.again.pcap")
    run(PROGRAM, "dissect", "--anonymize", again, path)
    check(f"{name}: comes out the same again", open(again, "rb").read().lower() == octets)
    refused = run(PROGRAM, "dissect", "--anonymize", again, path)
    check(f"{name}: a file that exists is kept", refused.returncode == 3 and b"--force" in refused.stderr)


def judge_trace(folder, name):
    path = os.path.join(TRACES, name, "trace.pcap")
    out = os.path.join(folder, f"{name}.pcap")
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    before, after = shape(path), shape(out)
    differences = [pair for pair in zip(before, after) if pair[0] != pair[1]]
    same = result.returncode == 0 and before == after and len(before) > 0
    check(f"trace {name}: is the same dialogue", same, result.stderr + str(differences[:1]).encode())
    octets = open(out, "rb").read().lower()
    left = [word for word in names_in(path) - {"relay"} if word.encode() in octets]  # names a service
    check(f"trace {name}: no name is left", not left, left)
    if shutil.which("tshark") and name != "cut-by-snap-length":
        wrong = judge_checksums(out)
        check(f"trace {name}: all checksums are right", wrong == "", wrong)


def write_talk(path, lines, port=25):
    """A capture, one segment a line or run of octets: of the client (c) or the server (s)."""
    said = {"c": 1, "s": 1}
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, (side, line) in enumerate(lines):
            other = "s" if side == "c" else "c"
            ports = (4025, port) if side == "c" else (port, 4025)
            hosts = (b"\x0a\0\0\1", b"\x0a\0\0\2") if side == "c" else (b"\x0a\0\0\2", b"\x0a\0\0\1")
            octets = line if isinstance(line, bytes) else line.encode() + b"\r\n"
            tcp = struct.pack(">HHIIBBHHH", *ports, said[side], said[other], 0x50, 0x18, 8000, 0, 0) + octets
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + hosts[0] + hosts[1]
            out.write(struct.pack("<IIII", 1000 + number, 0, len(ip + tcp), len(ip + tcp)) + ip + tcp)
            said[side] += len(octets)


def judge_slips(folder):
    """What a client says once too often, or in the wrong place, is a password all the same."""
    path, out = os.path.join(folder, "slips.pcap"), os.path.join(folder, "slips.other.pcap")
    write_talk(path, [("s", "220 hamburger.edu ESMTP"), ("c", "EHLO crepes.fr"), ("s", "250-hamburger.edu"),
                      ("s", "250 AUTH PLAIN LOGIN"), ("c", "AUTH LOGIN"), ("s", "334 VXNlcm5hbWU6"),
                      ("c", "Ym9i"), ("s", "334 UGFzc3dvcmQ6"), ("c", "aHVuZ3J5MTI="), ("s", "535 5.7.8 no"),
                      ("c", "aHVuZ3J5MTI="), ("s", "500 5.5.1 unknown"), ("c", "AUTH PLAIN bob yummy34cake"),
                      ("s", "501 5.5.2 no"), ("c", "PASS toast56"), ("s", "500 5.5.1 unknown")])
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    check("slips: is written", result.returncode == 0, result.stderr)
    bad = [event["bad_checksums"] for event in events(out) if event["type"] == "end"]
    check("slips: sums that were left to the card stay empty", bad == [0], bad)
    octets = open(out, "rb").read()
    left = [word for word in (b"aHVuZ3J5MTI=", b"yummy34cake", b"toast56", b"bob") if word in octets]
    check("slips: no password is left", not left, left)
    check("slips: verbs stay", b"AUTH PLAIN " in octets and b"PASS " in octets)


def judge_imap(folder):
    """Literals stay literals; what is compressed cannot be changed, and is blanked."""
    path, out = os.path.join(folder, "imap.pcap"), os.path.join(folder, "imap.other.pcap")
    message = "From: alice@crepes.fr\r\n\r\nketchup\r\n"
    literal = f"{{{len(message)}+}}\r\n{message}"
    talk = [("s", "* PREAUTH hello"), ("c", f"a APPEND Sent {literal} {literal}"), ("s", "a OK done")]
    write_talk(path, talk, port=143)
    before = shape(path)
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    check("imap: literals stay", shape(out) == before and result.returncode == 0, result.stderr)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(f"c APPEND Sent {literal}\r\n".encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
    write_talk(path, talk + [("c", "b COMPRESS DEFLATE"), ("s", "b OK go"), ("c", packed)], port=143)
    check("imap: the capture holds it", any(event.get("verb") == "APPEND" and event.get("tag") == "c"
                                            for event in events(path)))
    run(PROGRAM, "dissect", "--force", "--anonymize", out, path)
    octets = open(out, "rb").read()
    check("imap: compressed octets are blanked", octets.endswith(b"\xff" * len(packed)), octets[-200:])
    check("imap: what came before is still read", shape(out)[:len(before) - 1] == before[:-1])


def judge_chunks(folder):
    path, out = os.path.join(folder, "chunks.pcap"), os.path.join(folder, "chunks.other.pcap")
    body = "a\r\nketchup ok\r\n1c\r\n" + "pickles and some more pickle" + "\r\n0\r\n"
    write_talk(path, [("c", "GET /inbox HTTP/1.1"), ("c", "Host: crepes.fr"), ("c", ""),
                      ("s", "HTTP/1.1 200 OK"), ("s", "Transfer-Encoding: chunked"), ("s", ""), ("s", body)], port=80)
    before = shape(path)
    check("chunks: the capture holds them", any(row["octets"] == 38 and row["complete"] for row in before), before)
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    check("chunks: their sizes stay", shape(out) == before and result.returncode == 0, result.stderr)
    check("chunks: what they hold is changed", b"ketchup" not in open(out, "rb").read())


def judge_form(folder):
    path, out = os.path.join(folder, "form.pcap"), os.path.join(folder, "form.other.pcap")
    field = 'Content-Disposition: form-data; name="password"'
    form = f"--=_crepes\r\n{field}\r\n\r\nhungry12\r\n--=_crepes--\r\n"
    write_talk(path, [("c", "POST /login HTTP/1.1"), ("c", f"Content-Length: {len(form)}"),
                      ("c", "Content-Type: multipart/form-data; boundary==_crepes"), ("c", ""),
                      ("c", form.encode()), ("s", "HTTP/1.1 204 No Content"), ("s", "")], port=80)
    before = shape(path)
    result = run(PROGRAM, "dissect", "--anonymize", out, path)
    octets = open(out, "rb").read()
    check("form: reads the same", shape(out) == before and result.returncode == 0, result.stderr)
    check("form: its fields keep their names", field.encode() in octets, octets[-200:])
    check("form: the password is changed", b"hungry" not in octets)


with tempfile.TemporaryDirectory() as scratch:
    judge_slips(scratch)
    judge_form(scratch)
    judge_chunks(scratch)
    judge_imap(scratch)
    story = os.path.join(scratch, "story.pcap")
    run(PROGRAM, "run", "alice-to-bob", "--pcap", story)
    judge(scratch, "story", story, {"alice", "hamburger", "crepes", "hungry", "ketchup", "condiments"})
    mixed = os.path.join(scratch, "mixed.pcap")
    run(MAKER, "--sessions=40", "--dirty", mixed)
    judge(scratch, "mixed", mixed, set())
    for trace in KINDS_OF_FRAMES:
        judge_trace(scratch, trace)

print(f"1..{len(RESULTS)}")
sys.exit(0 if all(RESULTS) else 1)
