"""dig as the referee of what exercises say of the DNS. First dig prints the very messages that the sheets
show, handed to it on loopback octet for octet: its lines must be theirs. Then `mailwalk listen` serves
the same records, and dig asks it: the keys must follow from what dig prints."""

import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

PROGRAM = os.path.abspath(sys.argv[1])
SEEDS = int(os.environ.get("MAILWALK_REFEREE_SEEDS", "12"))
TYPES = {"A": 1, "MX": 15}
FLAGS = {"qr": 0x8000, "aa": 0x0400, "tc": 0x0200, "rd": 0x0100, "ra": 0x0080}
STATUS = {"NOERROR": 0, "NXDOMAIN": 3}
results = []


def check(what, faults):
    results.append(not faults)
    print(f"{'not ok' if faults else 'ok'} {len(results)} - {what}")
    for fault in faults[:3]:
        print("# " + str(fault)[:1500].replace("\n", "\n# "))


def questions(kind):
    """Level, seed, what the sheet shows word for word, and the keys."""
    for level in (1, 2, 3):
        for seed in range(1, SEEDS + 1):
            words = ["exercise", "new", kind, "--seed", str(seed), "--level", str(level), "--solution", "--format", "json"]
            out = subprocess.run([PROGRAM, *words], capture_output=True, encoding="utf-8", check=True).stdout
            row = next(json.loads(line) for line in out.splitlines() if '"blocks"' in line)
            text = "\n".join(block["text"] for block in row["blocks"] if block["verbatim"])
            yield f"level {level} seed {seed}", text, [part["key"] for part in row["parts"]], row


def dig(port, *words):
    command = ["dig", "@127.0.0.1", "-p", str(port), "+tries=1", "+time=5", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8").stdout


def records(text):
    return [line.split() for line in text.splitlines() if line and not line.startswith(";")]


# --- dig prints our messages ---


def name_octets(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split(".")) + b"\0"


def record_octets(owner, ttl, _, kind, *data):
    octets = socket.inet_aton(data[0]) if kind == "A" else struct.pack("!H", int(data[0])) + name_octets(data[1])
    return name_octets(owner) + struct.pack("!HHIH", TYPES[kind], 1, int(ttl), len(octets)) + octets


def message_of(text):
    """The message that the text shows, without its identifier; written by the lines of the text alone."""
    status = re.search(r"status: (\w+)", text)[1]
    flags = re.search(r";; flags: ([a-z ]+);", text)[1].split()
    counts = [int(number) for number in re.search(r"QUERY: (\d+), ANSWER: (\d+), AUTHORITY: (\d+), ADDITIONAL: (\d+)", text).groups()]
    domain = re.search(r"^;(\S+)\s+IN\s+MX$", text, re.MULTILINE)[1]
    header = struct.pack("!HHHHH", sum(FLAGS[flag] for flag in flags) | STATUS[status], *counts)
    return domain, header + name_octets(domain) + struct.pack("!HH", 15, 1) + b"".join(record_octets(*record) for record in records(text))


def answer_with(socket_, message):
    query, client = socket_.recvfrom(4096)
    socket_.sendto(query[:2] + message, client)


def comparable(text):
    """Lines without what differs from one run to the next: identifier, time, server, size, the first line."""
    lines = [" ".join(re.sub(r"id: \d+", "id: N", line).split()) for line in text.splitlines()]
    return [line for line in lines if line and not re.match(r"; <<>>|; \(1 server|;; (Query time|SERVER|WHEN|MSG SIZE|global options)", line)]


def printed_alike():
    faults = []
    for where, text, _, _ in questions("dig-output"):
        domain, message = message_of(text)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(10)
            thread = threading.Thread(target=answer_with, args=(server, message))
            thread.start()
            printed = dig(server.getsockname()[1], "+noedns", domain, "MX")
            thread.join()
        if comparable(printed) != comparable(text):
            faults.append(f"{where}: dig prints\n{printed}\nthe sheet shows\n{text}")
    check(f"dig prints {3 * SEEDS} messages line by line as the sheets show them", faults)


# --- dig asks our server ---


class Served:
    """`mailwalk listen` with a zone for each domain."""

    def __init__(self, folder, zones):
        scenario = os.path.join(folder, "zones.scenario")
        with open(scenario, "w", encoding="utf-8") as file:
            file.write('title "Zones"\nabout "The records of the sheets."\nlectures 3\nrfcs 1035\n')
            for domain, rows in zones.items():
                file.write(f"organisation {domain}\n" + "".join(f"  {row}\n" for row in rows))
        off = [f"--{name}=off" for name in ("smtp", "submission", "pop3", "imap", "http")]
        words = [PROGRAM, "listen", f"--scenario={scenario}", f"--domain={next(iter(zones))}", "--dns=0", *off]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.port = None
        said = ""
        for line in self.process.stdout:
            said += line
            found = re.search(r"dig @127\.0\.0\.1 -p (\d+)", line)
            if found:
                self.port = found[1]
                return
        raise SystemExit(f"Bail out! mailwalk listen: {said}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


def zone_rows(domain, shown):
    rows = []
    for owner, ttl, _, kind, *data in shown:
        if kind == "A":
            rows.append(f"record {owner.removesuffix('.' + domain + '.')} A {data[0]} ttl {ttl} s")
        elif data[1] == ".":
            rows.append("no mail")
        else:
            rows.append(f"exchanger {data[1].rstrip('.')} preference {data[0]} ttl {ttl} s")
    hosts = {data[1] for _, _, _, kind, *data in shown if kind == "MX" and data[1] != "."}
    known = {owner for owner, _, _, kind, *_ in shown if kind == "A"}
    return rows + [f"record {host.removesuffix('.' + domain + '.')} A 192.0.2.9" for host in sorted(hosts - known)]


def best_first(printed):
    return sorted((int(record[4]), record[5].rstrip(".")) for record in printed if record[3] == "MX")


def dig_output_faults(port, domain, shown, keys):
    printed = records(dig(port, domain, "MX"))
    if sorted(printed) != sorted(record for record in shown if record[3] == "MX"):
        yield f"dig prints {printed}"
    best = best_first(printed)[0][1]
    address = [record[4] for record in records(dig(port, best, "A")) if record[3] == "A"]
    if [best] + address + [printed[0][1]] != keys[:3]:
        yield f"dig: {best} {address} {printed[0][1]}; the keys: {keys[:3]}"


def mx_order_faults(port, domain, shown, key, itself):
    printed = records(dig(port, domain, "MX"))
    if sorted(printed) != sorted(shown):
        yield f"dig prints {printed}"
    rows = best_first(printed)
    limit = min((number for number, name in rows if name == itself), default=65536)
    rows = [row for row in rows if row[0] < limit]
    preference = {name: number for number, name in rows}
    wanted = [] if rows == [(0, "")] or not rows else [number for number, _ in rows]
    names = [] if key == "none" else key.split()
    if [preference.get(name) for name in names] != wanted:
        yield f"dig: {rows}; the key: {key}"


def served_alike():
    asked = [(where, re.search(r"^;(\S+)\.\s+IN\s+MX$", text, re.MULTILINE)[1], records(text), keys, None)
             for where, text, keys, _ in questions("dig-output") if "NOERROR" in text]
    for where, text, keys, row in questions("mx-order"):
        shown = [line.split() for line in text.splitlines() if re.match(r"\S+ +\d+ +IN +MX ", line)]
        itself = re.search(r"The server (\S+) has mail", " ".join(block["text"] for block in row["blocks"]))
        if shown:
            asked.append((where, shown[0][0].rstrip("."), shown, keys, itself[1] if itself else ""))
    zones = {domain: zone_rows(domain, shown) for _, domain, shown, _, _ in asked}
    faults = []
    with tempfile.TemporaryDirectory() as folder, Served(folder, zones) as served:
        for where, domain, shown, keys, itself in asked:
            found = dig_output_faults(served.port, domain, shown, keys) if itself is None else mx_order_faults(served.port, domain, shown, keys[0], itself)
            faults += [f"{where}, {domain}: {fault}" for fault in found]
    check(f"the keys of {len(asked)} sheets follow from what dig prints of our server's answers", faults)


if shutil.which("dig") is None:
    print("1..0 # SKIP there is no dig")
    sys.exit(0)
printed_alike()
served_alike()
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
