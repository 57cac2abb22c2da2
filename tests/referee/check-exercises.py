"""The keys of the exercises against other people's tools: Python's base64, quopri, email, hashlib and
ipaddress; smtplib and poplib for the live kinds; students' programs, good and bad, for the programs."""

import base64
import email.header
import hashlib
import ipaddress
import json
import os
import poplib
import quopri
import re
import smtplib
import subprocess
import sys
import tempfile
import threading

PROGRAM = sys.argv[1]
SEEDS = int(os.environ.get("MAILWALK_REFEREE_SEEDS", "15"))
results = []


def check(what, faults):
    results.append(not faults)
    print(f"{'not ok' if faults else 'ok'} {len(results)} - {what}")
    for fault in list(faults)[:3]:
        print("# " + str(fault)[:400].replace("\n", "\\n"))


def run(*arguments, timeout=120):
    return subprocess.run([PROGRAM, "exercise", *arguments], capture_output=True, encoding="utf-8", timeout=timeout)


def question(kind, seed, level):
    """The verbatim text, the paragraphs, and the keys by label."""
    out = run("new", kind, "--seed", str(seed), "--level", str(level), "--solution", "--format", "json").stdout
    row = next(json.loads(line) for line in out.splitlines() if '"question"' in line and '"kind"' in line)
    verbatim = "\n".join(block["text"] for block in row["blocks"] if block["verbatim"])
    said = " ".join(block["text"] for block in row["blocks"] if not block["verbatim"])
    return verbatim, said, [part["key"] for part in row["parts"]], row


def base64_encode(text, said, keys, row):
    return base64.b64encode(text.encode()).decode() == keys[0]


def base64_decode(text, said, keys, row):
    if len(keys) == 1:
        return base64.b64decode(text, validate=True).decode() == keys[0]
    try:
        canonical = base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        canonical = False
    return canonical == (keys[0] == "0")


def encoded_size(text, said, keys, row):
    octets = int(re.search(r"of (\d+) octets", said)[1])
    letters = len(base64.b64encode(b"x" * octets))
    lines = -(-letters // 76)
    return [int(key) for key in keys] == ([letters, lines, letters + 2 * lines] if len(keys) == 3 else [letters, letters + 2 * lines])


def quoted_printable(text, said, keys, row):
    encoded, plain = (keys[0], text) if "Write" in said else (text, keys[0])
    return quopri.decodestring(encoded.encode()).decode() == plain and all(len(line) <= 76 for line in encoded.splitlines())


def encoded_word(text, said, keys, row):
    encoded, plain = (keys[0], text) if "Write" in said else (text.removeprefix("Subject: "), keys[0])
    return str(email.header.make_header(email.header.decode_header(encoded))) == plain


def auth_token(text, said, keys, row):
    if "AUTH PLAIN" in said:
        fields = base64.b64decode(keys[0]).split(b"\0")
        return len(fields) == 3 and fields[1].decode() in said and fields[2].decode() in said
    tokens = [base64.b64decode(line.split()[-1]).decode() for line in text.splitlines() if re.match(r"C: (AUTH PLAIN )?\S+=*$", line) and "AUTH LOGIN" not in line]
    if "captured" in said:
        return keys[-2:] == (tokens[0].split("\0")[1:] if len(tokens) == 1 else tokens)
    return all(base64.b64decode(key).decode() in said for key in keys)


def apop(text, said, keys, row):
    stamp = re.search(r"<.*>", text)[0]
    password = re.search(r'password "(.*?)"', said)[1]
    return hashlib.md5((stamp + password).encode()).hexdigest() == keys[0]


def address(text, said, keys, row):
    """Address literals alone: the one part that Python judges."""
    literal = re.search(r"@\[(IPv6:)?(.*)\]$", text)
    if literal is None:
        return True
    try:
        (ipaddress.IPv6Address if literal[1] else ipaddress.IPv4Address)(literal[2])
        return keys[0] == "yes"
    except ValueError:
        return keys[0] == "no"


def imap_literal(text, said, keys, row):
    return int(keys[0]) == len((text + "\n").replace("\n", "\r\n").encode())


def dot_stuffing(text, said, keys, row):
    plain, wire = (text, keys[0]) if "DATA" in said else (keys[0], text)
    stuffed = "".join(("." if line.startswith(".") else "") + line + "\n" for line in plain.rstrip("\n").split("\n")) + "."
    return stuffed == wire.rstrip("\n")


def dig_output(text, said, keys, row):
    """dig's own columns, as scripts read them: name, TTL, class, type, data."""
    records = [line.split() for line in text.splitlines() if line and line[0] not in ";"]
    mx = sorted((int(record[4]), record[5].rstrip(".")) for record in records if record[3] == "MX")
    addresses = {record[0].rstrip("."): record[4] for record in records if record[3] == "A"}
    if not mx:
        return "NXDOMAIN" in text and keys[0] == "NXDOMAIN"
    return keys[0] == mx[0][1] and keys[1] == addresses[mx[0][1]] and ipaddress.ip_address(keys[1]) and keys[2] == records[0][1]


def mx_order(text, said, keys, row):
    found = re.findall(r"^ *\S+ +\d+ +IN +MX +(\d+) +(\S+)$", text, re.MULTILINE)
    records = sorted((int(number), name.rstrip(".")) for number, name in found)
    return row["level"] != 1 or [name for _, name in records] == keys[0].split() or len({number for number, _ in records}) < len(records)


def received(text, said, keys, row):
    message = email.message_from_string(text + "\n\n")
    fields = message.get_all("Received")
    return keys[0] in fields[-1] and int(keys[1]) == len(fields)


REFEREES = {
    "base64-encode": base64_encode,
    "base64-decode": base64_decode,
    "encoded-size": encoded_size,
    "quoted-printable": quoted_printable,
    "encoded-word": encoded_word,
    "auth-token": auth_token,
    "apop-digest": apop,
    "address": address,
    "imap-literal": imap_literal,
    "dot-stuffing": dot_stuffing,
    "dig-output": dig_output,
    "mx-order": mx_order,
    "received-chain": received,
}


def keys_agree():
    for kind, referee in REFEREES.items():
        faults = []
        for level in (1, 2, 3):
            for seed in range(1, SEEDS + 1):
                asked = question(kind, seed, level)
                if not referee(*asked):
                    faults.append(f"level {level} seed {seed}: {asked[:3]}")
        check(f"the keys of {kind} agree with Python", faults)


# --- live ---


def live(kind, seed, client):
    """Runs `exercise live` and the client against it; gives exit status and output."""
    server = subprocess.Popen(
        [PROGRAM, "exercise", "live", kind, "--seed", str(seed), "--level", "2", "--wait", "60"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )
    port = None
    out = ""
    for line in server.stdout:
        out += line
        found = re.search(r"port\s+(\d+)", out)
        if found:
            port = int(found[1])
            break
    thread = threading.Thread(target=client, args=(port,))
    thread.start()
    out += server.stdout.read()
    thread.join()
    return server.wait(), out


def smtp_live():
    text, said, keys, row = question("smtp-deliver", 5, 2)
    task = dict(re.match(r"(\w+) +(.*)", line).groups() for line in text.splitlines() if re.match(r"\w+ ", line))

    def deliver(port):
        with smtplib.SMTP("127.0.0.1", port, "client.example") as client:
            recipients = task["to"].split(", ")
            message = f"From: {task['sender']}\r\nTo: {recipients[0]}\r\nSubject: {task['subject']}\r\n\r\n{task['text']}\r\n"
            client.sendmail(task["sender"], recipients, message)

    def forget(port):
        with smtplib.SMTP("127.0.0.1", port, "client.example") as client:
            client.sendmail(task["sender"], task["to"].split(", ")[:1], "Subject: x\r\n\r\ny\r\n")

    status, out = live("smtp-deliver", 5, deliver)
    check("smtplib delivers to the live server and is right", [] if status == 0 and "Right" in out else [out])
    status, out = live("smtp-deliver", 5, forget)
    check("a recipient left out is named", [] if status == 1 and "RCPT" in out else [out])


def pop3_live():
    text, said, keys, row = question("pop3-fetch", 6, 2)
    user, password = re.search(r"user (\S+), password (\S+)\.", said).groups()
    which = int(re.search(r"delete message (\d+)", said)[1])
    found = []

    def fetch(port):
        client = poplib.POP3("127.0.0.1", port)
        client.user(user)
        client.pass_(password)
        for number in range(1, client.stat()[0] + 1):
            found.extend(re.findall(r"The secret is (\S+)", b"\n".join(client.retr(number)[1]).decode()))
        client.dele(which)
        client.quit()

    status, out = live("pop3-fetch", 6, fetch)
    check("poplib fetches the secret and deletes the message", [] if status == 0 and found == [keys[0]] else [out, found])


# --- students' programs ---

SMTP_CLIENT = """
import smtplib, sys
host, port, sender, recipient, file = sys.argv[1:]
with smtplib.SMTP(host, int(port), "student.example", timeout=4) as client:
    client.sendmail(sender, [recipient], open(file).read())
"""
POP3_CLIENT = """
import poplib, sys
host, port, user, password, folder = sys.argv[1:]
poplib._MAXLINE = 100000
client = poplib.POP3(host, int(port), timeout=4)
client.user(user)
client.pass_(password)
for number in range(1, client.stat()[0] + 1):
    lines = client.retr(number)[1]
    open(f"{folder}/{number}.eml", "wb").write(b"\\r\\n".join(lines) + b"\\r\\n")
    client.dele(number)
client.quit()
"""
SMTP_SERVER = """
import re, socket, sys
port, folder = int(sys.argv[1]), sys.argv[2]
listener = socket.create_server(("127.0.0.1", port))
count = 0
def serve(stream):
    global count
    def say(text):
        stream.write(text.encode() + b"\\r\\n"); stream.flush()
    say("220 student.example"); hello = sender = False; recipients = []
    for line in iter(stream.readline, b""):
        line = line.decode("latin-1").rstrip("\\r\\n"); verb = line[:4].upper()
        if verb in ("EHLO", "HELO"): hello, sender, recipients = True, False, []; say("250 student.example")
        elif verb == "MAIL":
            ok = re.match(r"MAIL FROM:<.*>", line, re.I); sender = bool(ok); say("250 ok" if ok else "501 syntax")
        elif verb == "RCPT":
            if not sender: say("503 MAIL first")
            else: recipients.append(line); say("250 ok")
        elif verb == "DATA":
            if not recipients: say("503 RCPT first"); continue
            say("354 go on"); body = b""
            while True:
                piece = stream.readline()
                if piece == b"": return
                if piece == b".\\r\\n": break
                body += piece[1:] if piece.startswith(b".") else piece
            count += 1; open(f"{folder}/{count}.eml", "wb").write(body); sender, recipients = False, []; say("250 queued")
        elif verb == "RSET": sender, recipients = False, []; say("250 ok")
        elif verb == "NOOP": say("250 ok")
        elif verb == "QUIT": say("221 bye"); return
        else: say("500 unknown")
while True:
    connection, _ = listener.accept()
    try:
        with connection, connection.makefile("rwb") as stream: serve(stream)
    except OSError: pass
"""
BAD = {
    "hangs": ("import time; time.sleep(1000)", "hung"),
    "reads once": (
        "import socket, sys\ns = socket.create_connection(sys.argv[1:3])\ns.recv(4)\ns.sendall(b'EHLO x\\r\\n')\ns.recv(4)\n",
        "",
    ),
    "bare LF": ("import socket, sys\ns = socket.create_connection(sys.argv[1:3])\ns.recv(999)\ns.sendall(b'HELO x\\n')\ns.recv(999)\n", "LF alone"),
    "floods": ("while True: print('x' * 1000)", "hung"),
    "forks": ("import os, time\nfor i in range(20):\n    if os.fork() == 0: os.setsid(); time.sleep(1000)\n", "did not connect"),
    "eats memory": ("x = []\nwhile True: x.append(bytearray(10**8))\n", "exit status"),
}


def programs():
    with tempfile.TemporaryDirectory() as folder:
        def try_it(kind, source, level=3):
            path = os.path.join(folder, "program.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(source)
            return run("check", kind, "--seed", "1", "--level", str(level), "--program", path)

        for kind, source in (("write-smtp-client", SMTP_CLIENT), ("write-pop3-client", POP3_CLIENT), ("write-smtp-server", SMTP_SERVER)):
            done = try_it(kind, source)
            check(f"{kind}: a good program passes all trials", [] if done.returncode == 0 else [done.stdout + done.stderr])
        for name, (source, told) in BAD.items():
            done = try_it("write-smtp-client", source, level=1)
            check(f"a program that {name} is found out", [] if done.returncode == 1 and told in " ".join(done.stdout.split()) else [done.stdout + done.stderr])
        left = subprocess.run(["pgrep", "-f", folder], capture_output=True).stdout
        check("nothing of the programs goes on", [left] if left else [])


keys_agree()
smtp_live()
pop3_live()
programs()
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
