#!/usr/bin/env python3
"""check-listen.py MAILWALK [CHECK...]: what `mailwalk listen` promises of itself: clients that are
silent or slow are hung up on, ten thousand stay connected, extensions can be switched off, JSON
lines can be read, log-ins of every mechanism work with GNU SASL's clients and curl."""

import base64
import hashlib
import hmac
import imaplib
import json
import os
import poplib
import resource
import smtplib
import socket
import subprocess
import sys
import time

from listening import DOMAIN, Listening, Missing, Wrong, expect, expect_in, main, run, tool

PORTS = ("smtp", "submission", "pop3", "imap", "http")
LAST_WORDS = {"smtp": b"421", "submission": b"421", "imap": b"* BYE"}
CONNECTIONS = 10000


def hung_up(client, until):
    """What came before the end; None: it did not come."""
    said = b""
    while time.monotonic() < until:
        client.settimeout(max(0.05, until - time.monotonic()))
        try:
            piece = client.recv(65536)
        except TimeoutError:
            return None
        except ConnectionError:
            return said
        if not piece:
            return said
        said += piece
    return None


def silent_clients(program):
    """who says nothing is hung up on after --timeout, with the last word of the protocol"""
    with Listening(program, "--quiet", "--timeout=2") as listening:
        clients = {name: socket.create_connection(("127.0.0.1", listening.ports[name]))
                   for name in PORTS}
        for name, client in clients.items():
            said = hung_up(client, time.monotonic() + 8)
            if said is None:
                raise Wrong(f"{name} holds on")
            expect_in(name, said, LAST_WORDS.get(name, b""))
            client.close()
        listening.deliver("alive")
        expect("bob", listening.subjects(), ["alive"])


def slow_clients(program):
    """who sends a letter now and then (slow loris) is hung up on all the same"""
    with Listening(program, "--quiet", "--timeout=2") as listening:
        clients = {name: socket.create_connection(("127.0.0.1", listening.ports[name]))
                   for name in PORTS}
        begun = time.monotonic()
        open_ones = dict(clients)
        while open_ones and time.monotonic() < begun + 10:
            time.sleep(0.3)
            for name, client in list(open_ones.items()):
                try:
                    client.sendall(b"G")
                    client.settimeout(0.01)
                    if client.recv(65536) == b"":
                        del open_ones[name]
                except TimeoutError:
                    pass
                except ConnectionError:
                    del open_ones[name]
        expect("still open", list(open_ones), [])
        expect("not at once", time.monotonic() - begun > 1.5, True)
        listening.deliver("alive")
        expect("bob", listening.subjects(), ["alive"])


def no_timeout(program):
    """with --timeout=0 a silent client may stay; a busy one always may"""
    with Listening(program, "--quiet", "--timeout=0") as listening:
        client = socket.create_connection(("127.0.0.1", listening.ports["smtp"]))
        client.recv(100)
        expect("hung up", hung_up(client, time.monotonic() + 2.5), None)
        client.close()
    with Listening(program, "--quiet", "--timeout=1") as listening:
        with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
            for _ in range(5):
                time.sleep(0.5)
                expect("NOOP", server.noop()[0], 250)


def many_connections(program):
    """ten thousand connections at once, each greeted; memory of each; new ones are served after"""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CONNECTIONS + 1000:
        raise Missing(f"more than {hard} open files are not allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clients = []
    with Listening(program, "--quiet") as listening:
        before = listening.memory()
        begun = time.monotonic()
        for number in range(CONNECTIONS - 10):
            name = ("smtp", "pop3", "imap")[number % 3]
            clients.append(socket.create_connection(("127.0.0.1", listening.ports[name])))
        for client in clients:
            if not client.recv(200):
                raise Wrong("a client was turned away")
        took = time.monotonic() - begun
        each = (listening.memory() - before) / len(clients)
        for client in clients[::100]:
            client.sendall(b"QUIT\r\n")
        listening.deliver("among many")
        expect("bob", listening.subjects(), ["among many"])
        print(f"# {len(clients)} connections in {took:.1f} s, {each:.1f} KB of memory each")
        for client in clients:
            client.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def json_lines(program):
    """--json: standard output has JSON lines only, from start to end, and no password"""
    with Listening(program, "--quiet") as outer:
        place = outer.path("lines")
        command = [program, "listen", "--json", "--pop3=0", "--user=bob:sesame7"]
        command += [f"--{name}=off" for name in ("smtp", "submission", "imap", "http", "dns")]
        with open(place, "wb") as lines:
            process = subprocess.Popen(command, stdout=lines, stderr=subprocess.PIPE, text=True)
            port = 0
            for line in process.stderr:
                if line.startswith("  POP3"):
                    port = int(line.split()[1])
                if line.startswith("Mail for"):
                    break
            session = poplib.POP3("127.0.0.1", port)
            session.user("bob")
            session.pass_("sesame7")
            session.quit()
            time.sleep(0.3)
            process.terminate()
            expect("status", process.wait(20), 0)
            process.stderr.close()
        with open(place, encoding="utf-8") as file:
            text = file.read()
        objects = [json.loads(line) for line in text.splitlines()]
        kinds = [thing["type"] for thing in objects]
        expect("first and last", (kinds[0], kinds[-1]), ("start", "end"))
        expect("verbs", [thing["verb"] for thing in objects if thing["type"] == "command"],
               ["USER", "PASS", "QUIT"])
        expect("masked", "sesame7" in text, False)


def warned(program):
    """an address that others can reach is warned of"""
    output = run([program, "listen", "--address=192.0.2.1", "--smtp=0"], status=3)
    expect_in("the warning", output, "warning: other machines can reach 192.0.2.1")


def refused_options(program):
    """options that make no sense are refused with status 2"""
    for option in ("--timeout=soon", "--timeout=-1", "--without=imap:NOTHING", "--without=IDLE"):
        run([program, "listen", option], status=2)
    run([program, "listen", "--json", "--quiet"], status=2)


SMTP_OFFERS = {
    "PIPELINING": None, "SIZE": "MAIL FROM:<a@crepes.fr> SIZE=100",
    "8BITMIME": "MAIL FROM:<a@crepes.fr> BODY=8BITMIME",
    "SMTPUTF8": "MAIL FROM:<a@crepes.fr> SMTPUTF8", "ENHANCEDSTATUSCODES": None,
    "DSN": "MAIL FROM:<a@crepes.fr> RET=HDRS", "CHUNKING": "BDAT 0 LAST", "HELP": "HELP",
    "AUTH": "AUTH PLAIN AA==",
}
POP3_OFFERS = {
    "USER": "USER bob", "TOP": "TOP 1 0", "UIDL": "UIDL", "PIPELINING": None, "RESP-CODES": None,
    "SASL": "AUTH PLAIN", "APOP": "APOP bob 00", "CAPA": "CAPA", "UTF8": "UTF8", "LANG": "LANG en",
}
IMAP_OFFERS = {
    "IMAP4rev2": "ENABLE IMAP4rev2", "LITERAL+": None, "SASL-IR": None, "ID": "ID NIL",
    "ENABLE": "ENABLE UTF8=ACCEPT", "IDLE": "IDLE", "NAMESPACE": "NAMESPACE",
    "UIDPLUS": "UID EXPUNGE 1", "UNSELECT": "UNSELECT", "MOVE": "MOVE 1 INBOX", "CHILDREN": None,
    "LIST-EXTENDED": 'LIST (SUBSCRIBED) "" "*"', "LIST-STATUS": None,
    "CREATE-SPECIAL-USE": "CREATE x (USE (\\Sent))", "STATUS=SIZE": "STATUS INBOX (SIZE)",
    "ESEARCH": "SEARCH RETURN (COUNT) ALL", "SEARCHRES": "SEARCH RETURN (SAVE) ALL",
    "BINARY": None, "UTF8=ACCEPT": None, "SPECIAL-USE": None,
}


def said_of(program, name, keyword, command):
    """(capabilities, answer to the command) of a server with or without the extension"""
    options = [f"--without={name}:{keyword}"] if keyword else []
    with Listening(program, "--quiet", *options) as listening:
        listening.deliver("m1")
        if name == "smtp":
            with smtplib.SMTP("127.0.0.1", listening.ports["smtp"]) as server:
                offers = server.docmd("EHLO client.crepes.fr")[1].decode()
                return offers, server.docmd(command)[0] if command else None
        if name == "pop3":
            server = poplib.POP3("127.0.0.1", listening.ports["pop3"])
            try:
                offers = " ".join(server.capa())
            except poplib.error_proto:
                offers = ""
            offers += " " + server.welcome.decode()
            if command and command.split()[0] in ("TOP", "UIDL"):
                server.user("bob")
                server.pass_("hungry")
            server._putcmd(command or "NOOP")
            return offers, server._getline()[0]
        session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
        session.login("bob", "hungry")
        offers = session.capability()[1][0].decode()
        if command and command.split()[0] not in ("ENABLE", "ID", "NAMESPACE"):
            session.select()
        session.send(f"t1 {command or 'NOOP'}\r\n".encode())
        line = session.readline()
        while not line.startswith((b"t1", b"+")):
            line = session.readline()
        return offers, line


def without(program):
    """--without: each keyword vanishes from the offers, and its command is refused"""
    for name, rows in (("smtp", SMTP_OFFERS), ("pop3", POP3_OFFERS), ("imap", IMAP_OFFERS)):
        for keyword, command in rows.items():
            offers, answer = said_of(program, name, keyword, command)
            words = offers.replace("=", " ").split() if name != "imap" else offers.split()
            shown = "<" in offers if keyword == "APOP" else keyword in words
            expect(f"{name}:{keyword} is offered", shown, False)
            if command:
                positive = {"smtp": lambda a: a < 400, "pop3": lambda a: a.startswith(b"+"),
                            "imap": lambda a: a[3:5] == b"OK" or a[:1] == b"+"}[name](answer)
                if keyword in ("IMAP4rev2", "AUTH", "SASL") and not positive:
                    continue
                # ENABLE ignores what it does not know (RFC 9051 §6.3.1)
                expect(f"{name}: {command} is taken", positive, keyword == "IMAP4rev2")


def log_ins_of_gnu_sasl(program):
    """msmtp and mpop (GNU SASL) log in by every mechanism"""
    with Listening(program, "--quiet") as listening:
        for number, mechanism in enumerate(("plain", "login", "cram-md5", "digest-md5",
                                            "scram-sha-1", "scram-sha-256"), 1):
            run([tool("msmtp"), "--host=127.0.0.1", f"--port={listening.ports['submission']}",
                 f"--auth={mechanism}", "--user=bob", "--passwordeval=echo hungry", "--tls=off",
                 f"--from=bob@{DOMAIN}", "--domain=client.crepes.fr", f"bob@{DOMAIN}"],
                f"Subject: {mechanism}\n\nhello\n")
            expect(mechanism, len(listening.mailbox()), number)
            command = [tool("mpop"), "--host=127.0.0.1", f"--port={listening.ports['pop3']}",
                       f"--auth={mechanism}", "--user=bob", "--tls=off", "--keep=on",
                       f"--uidls-file={listening.path(mechanism)}",
                       f"--delivery=mbox,{listening.path('box-' + mechanism)}"]
            run(command + ["--passwordeval=echo hungry"])
            expect(mechanism, listening.read("box-" + mechanism).count("Subject: "), number)
            wrong = run(command + ["--passwordeval=echo thirsty"], status=None)
            expect_in(mechanism, wrong.lower(), "auth")


def scram(session, name, digest, password):
    """RFC 5802 by hand, at IMAP: True where the server proves itself, too."""
    session.send(f"s1 AUTHENTICATE {name}\r\n".encode())
    session.readline()
    first = "n=bob,r=abcdefgh"
    session.send(base64.b64encode(b"n,," + first.encode()) + b"\r\n")
    line = session.readline()
    if not line.startswith(b"+ "):
        return False
    challenge = base64.b64decode(line[2:]).decode()
    fields = dict(field.split("=", 1) for field in challenge.split(","))
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), base64.b64decode(fields["s"]),
                                 int(fields["i"]))
    client_key = hmac.new(salted, b"Client Key", digest).digest()
    final = f"c=biws,r={fields['r']}"
    message = f"{first},{challenge},{final}".encode()
    signature = hmac.new(hashlib.new(digest, client_key).digest(), message, digest).digest()
    proof = bytes(a ^ b for a, b in zip(client_key, signature))
    session.send(base64.b64encode(f"{final},p={base64.b64encode(proof).decode()}".encode()) +
                 b"\r\n")
    line = session.readline()
    server_key = hmac.new(salted, b"Server Key", digest).digest()
    wanted = b"v=" + base64.b64encode(hmac.new(server_key, message, digest).digest())
    if not line.startswith(b"+ ") or base64.b64decode(line[2:]) != wanted:
        return False
    session.send(b"\r\n")
    return session.readline().startswith(b"s1 OK")


def log_ins_by_curl(program):
    """curl at all three protocols, and SCRAM at IMAP by Python's own hashes"""
    with Listening(program, "--quiet") as listening:
        listening.deliver("m1")
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5"):
            for url in (f"pop3://127.0.0.1:{listening.ports['pop3']}/1",
                        f"imap://127.0.0.1:{listening.ports['imap']}/INBOX;MAILINDEX=1"):
                command = [tool("curl"), "-sS", "--login-options", f"AUTH={mechanism}", url]
                expect_in(url, run(command + ["-u", "bob:hungry"]), "Subject: m1")
                run(command + ["-u", "bob:thirsty"], status=67)
            run([tool("curl"), "-sS", "--login-options", f"AUTH={mechanism}", "-u", "bob:hungry",
                 f"smtp://127.0.0.1:{listening.ports['submission']}/c.fr", "--mail-from",
                 f"bob@{DOMAIN}", "--mail-rcpt", f"alice@{DOMAIN}", "-T", "-"], "Subject: c\r\n\r\n")
        expect("alice", len(listening.mailbox("alice")), 4)
        for name, digest in (("SCRAM-SHA-1", "sha1"), ("SCRAM-SHA-256", "sha256")):
            for password in ("hungry", "thirsty"):
                session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
                expect(name, scram(session, name, digest, password), password == "hungry")
                session.shutdown()


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main([
        silent_clients, slow_clients, no_timeout, many_connections, json_lines, warned,
        refused_options, without, log_ins_of_gnu_sasl, log_ins_by_curl,
    ]))
