#!/usr/bin/env python3
"""clients-faults.py MAILWALK [CHECK...]: what goes wrong in life, at every port of `mailwalk listen`
and in both kinds of store: wrong passwords, unknown users, full mailboxes, mail that is too big,
connections that break off. The right code each time, nothing lost, nothing doubled."""

import imaplib
import os
import poplib
import re
import smtplib
import socket
import struct
import sys
import time

from listening import DOMAIN, PASSWORDS, Listening, Wrong, expect, expect_in, main, run, tool

LINES = "0123456789" * 7 + "\r\n"


class Stores:
    """The same servers twice: mail in memory, mail in Maildirs."""

    def __init__(self, program, *options):
        self.program, self.options = program, options

    def __iter__(self):
        with Listening(self.program, "--quiet", *self.options) as listening:
            yield listening
            with Listening(self.program, "--quiet", f"--maildir={listening.path('mail')}",
                           *self.options) as other:
                yield other


def refused(function, *arguments):
    """The server's words of refusal, whatever library says them."""
    try:
        answer = function(*arguments)
    except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as error:
        if isinstance(error, smtplib.SMTPResponseException):
            return f"{error.smtp_code} {error.smtp_error.decode()}"
        return " ".join(arg.decode() if isinstance(arg, bytes) else str(arg)
                        for arg in error.args)
    if isinstance(answer, tuple) and answer[0] in ("NO", "BAD"):
        return f"{answer[0]} {answer[1][0].decode()}"
    if isinstance(answer, tuple) and isinstance(answer[0], int) and answer[0] >= 400:
        return f"{answer[0]} {answer[1].decode()}"
    raise Wrong(f"{function.__name__} was not refused: {answer}")


def imap(listening, user="bob", mailbox="INBOX"):
    session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
    session.login(user, PASSWORDS[user])
    if mailbox:
        session.select(mailbox)
    return session


def submission(listening, user="bob"):
    session = smtplib.SMTP("127.0.0.1", listening.ports["submission"])
    session.login(user, PASSWORDS[user])
    return session


def break_off(client):
    """With a reset, as when the power fails at the other end."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(client.detach())  # also where a library holds a file of it


def letter(subject, lines=1):
    return f"From: bob@{DOMAIN}\r\nSubject: {subject}\r\n\r\n{LINES * lines}"


def wrong_log_ins(program):
    """a wrong password and an unknown user are refused alike: POP3, IMAP, submission, webmail"""
    for listening in Stores(program):
        listening.deliver("kept")
        for user, password in (("bob", "thirsty"), ("eve", "hungry"), ("", ""), ("bob", "")):
            pop3 = poplib.POP3("127.0.0.1", listening.ports["pop3"])
            if user:
                pop3.user(user)
                expect_in("POP3", refused(pop3.pass_, password), "-ERR")
            pop3.close()
            other = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
            expect_in("IMAP", refused(other.login, user or '""', password),
                      "[AUTHENTICATIONFAILED]")
            expect("state", other.state, "NONAUTH")
            other.shutdown()
            with smtplib.SMTP("127.0.0.1", listening.ports["submission"]) as server:
                if user and password:
                    expect("SMTP", refused(server.login, user, password)[:9], "535 5.7.8")
                else:  # RFC 4616 §2: neither may be empty
                    expect("SMTP", refused(server.login, user, password)[:3] in ("501", "535"),
                           True)
            page = run([tool("curl"), "-sS", "-i", "-d", f"user={user}&password={password}",
                        f"http://127.0.0.1:{listening.ports['http']}/login"])
            expect_in("HTTP", page, "HTTP/1.1 403")
        expect("bob", listening.subjects(), ["kept"])


def submission_refuses(program):
    """submission: no log-in 530, unknown user 550, too big 552"""
    for listening in Stores(program):
        with smtplib.SMTP("127.0.0.1", listening.ports["submission"]) as server:
            server.ehlo("client.crepes.fr")
            expect("without a log-in", refused(server.mail, f"bob@{DOMAIN}")[:9], "530 5.7.0")
        with submission(listening) as server:
            server.mail(f"bob@{DOMAIN}")
            expect("unknown", refused(server.rcpt, f"nobody@{DOMAIN}")[:9], "550 5.1.1")
            expect("alice", server.rcpt(f"alice@{DOMAIN}")[0], 250)
            expect("sent", server.data(letter("one").encode())[0], 250)
            limit = int(server.esmtp_features["size"])
            expect("announced", refused(server.mail, f"bob@{DOMAIN}", [f"SIZE={limit + 1}"])[:9],
                   "552 5.3.4")
            server.mail(f"bob@{DOMAIN}")
            server.rcpt(f"alice@{DOMAIN}")
            big = letter("big", limit // len(LINES) + 1).encode()
            expect("unannounced", refused(server.data, big)[:9], "552 5.3.4")
        expect("alice", listening.subjects("alice"), ["one"])


def elsewhere(program):
    """mail for a domain that is nowhere comes back to who sent it, once, with status 5.1.2"""
    for listening in Stores(program):
        with submission(listening) as server:
            server.sendmail(f"bob@{DOMAIN}", ["carol@example.org"], letter("lost"))
        settled(listening, lambda: len(listening.subjects()) == 1)
        (report,) = listening.mailbox()
        expect_in("the report", report, "Status: 5.1.2")
        expect_in("the report", report, "Subject: lost")


def full_mailboxes(program):
    """a full mailbox: SMTP and submission 452, APPEND and COPY [OVERQUOTA], a page of webmail"""
    for listening in Stores(program, "--quota=9000"):
        listening.deliver("first", LINES * 100)
        with submission(listening, "alice") as server:
            server.mail(f"alice@{DOMAIN}")
            code = server.rcpt(f"bob@{DOMAIN}")[0]
            code = code if code != 250 else server.data(letter("second", 100).encode())[0]
            expect("submission", code, 452)
            server.rset()
        session = imap(listening)
        expect_in("APPEND", refused(session.append, "INBOX", None, None,
                                    letter("third", 100).encode()), "[OVERQUOTA]")
        session.create("Kept")
        expect_in("COPY", refused(session.copy, "1", "Kept"), "[OVERQUOTA]")
        expect("nothing copied", session.status("Kept", "(MESSAGES)")[1], [b"Kept (MESSAGES 0)"])
        expect("MOVE takes no room", session.uid("MOVE", "1", "Kept")[0], "OK")
        expect("moved", session.status("Kept", "(MESSAGES)")[1], [b"Kept (MESSAGES 1)"])
        expect("INBOX", session.status("INBOX", "(MESSAGES)")[1], [b"INBOX (MESSAGES 0)"])
        page = run([tool("curl"), "-sS", "-c", listening.path("jar"), "-L", "-d",
                    "user=alice&password=yummy",
                    f"http://127.0.0.1:{listening.ports['http']}/login"])
        token = re.search(r'name="token" value="(\w+)"', page).group(1)
        page = run([tool("curl"), "-sS", "-b", listening.path("jar"), "-L", "-d", f"token={token}",
                    "-d", f"to=bob@{DOMAIN}", "-d", "subject=fourth", "--data-urlencode",
                    "body=" + LINES * 100, f"http://127.0.0.1:{listening.ports['http']}/send"])
        expect_in("webmail leaves it to the queue", page, "on its way")
        expect("bob", listening.subjects(), [])
        session.select("Kept")
        session.store("1", "+FLAGS", r"\Deleted")
        session.expunge()
        with submission(listening, "alice") as server:
            server.sendmail(f"alice@{DOMAIN}", [f"bob@{DOMAIN}"], letter("fifth", 20))
        found = listening.subjects()
        expect("room again", found.count("fifth"), 1)


def too_big_to_append(program):
    """APPEND of more than a message may have: [TOOBIG] before and while it comes"""
    for listening in Stores(program):
        client = socket.create_connection(("127.0.0.1", listening.ports["imap"]))
        file = client.makefile("rb")
        file.readline()
        client.sendall(b"1 LOGIN bob hungry\r\n2 APPEND INBOX {99999999999}\r\n3 NOOP\r\n")
        answers = [file.readline() for _ in range(3)]
        expect("the answers", [line[:8] for line in answers],
               [b"1 OK Log", b"2 NO [TO", b"3 OK NOO"])
        file.close()
        client.close()
        expect("bob", listening.subjects(), [])


def imap_breaks_off(program):
    """IMAP broken off in a literal, in COPY, in EXPUNGE and MOVE: all or nothing, and once"""
    for listening in Stores(program):
        for i in range(4):
            listening.deliver(f"m{i}")
        for octets in (b"", b"Subject: half\r\n\r\nx", letter("whole").encode()):
            session = imap(listening, mailbox=None)
            session.send(b"x APPEND INBOX {%d}\r\n" % len(letter("whole")))
            session.readline()
            session.send(octets)
            break_off(session.socket())
        settled(listening, lambda: sorted(listening.subjects()) == ["m0", "m1", "m2", "m3"])
        session = imap(listening)
        session.create("Kept")
        session.send(b"x COPY 1:4 Kept\r\n")
        break_off(session.socket())
        session = imap(listening)
        settled(listening, lambda: session.status("Kept", "(MESSAGES)")[1][0] in
                (b"Kept (MESSAGES 0)", b"Kept (MESSAGES 4)"))
        session.send(b"x MOVE 1:2 Kept\r\n")
        break_off(session.socket())
        session = imap(listening)
        time.sleep(0.2)
        counts = []
        for name in ("INBOX", "Kept"):
            session.select(name)
            found = session.search(None, "SUBJECT", "m0")[1][0].split()
            counts.append(len(found))
        expect("m0 is somewhere", sum(counts) in (1, 2), True)
        session.select("INBOX")
        before = int(session.status("INBOX", "(MESSAGES)")[1][0].split()[-1].strip(b")"))
        session.store("1", "+FLAGS", r"\Deleted")
        session.send(b"x EXPUNGE\r\n")
        break_off(session.socket())
        settled(listening, lambda: len(listening.subjects()) == before - 1)
        expect("nothing twice", len(set(listening.subjects())), before - 1)


def settled(listening, holds):
    """The servers may still be at work for the connection that broke off."""
    for _ in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise Wrong(f"it did not settle: {listening.subjects()}")


def pop3_breaks_off(program):
    """POP3 broken off in RETR, after DELE, and in UPDATE: deleted is what QUIT reached, once"""
    for listening in Stores(program):
        for i in range(3):
            listening.deliver(f"m{i}", LINES * 2000)
        for line in (b"RETR 1\r\n", b"DELE 1\r\nNOOP\r\n", b"DELE 1\r\nDELE 2\r\nQUI"):
            session = listening.pop3()
            session.sock.sendall(line)
            session.file.readline()
            break_off(session.sock)
            settled(listening, lambda: listening.subjects() == ["m0", "m1", "m2"])
        session = listening.pop3()
        session.sock.sendall(b"DELE 2\r\nQUIT\r\n")
        session.file.readline()
        session.file.readline()  # the farewell comes when the update is over
        break_off(session.sock)
        settled(listening, lambda: listening.subjects() == ["m0", "m2"])


def http_breaks_off(program):
    """webmail broken off in the middle of a form: nothing is sent, and nothing twice"""
    for listening in Stores(program):
        base = f"http://127.0.0.1:{listening.ports['http']}"
        page = run([tool("curl"), "-sS", "-c", listening.path("jar"), "-L", "-d",
                    "user=alice&password=yummy", base + "/login"])
        token = re.search(r'name="token" value="(\w+)"', page).group(1)
        with open(listening.path("jar"), encoding="utf-8") as jar:
            name, value = re.findall(r"\t(\S+)\t(\S+)$", jar.read(), re.M)[-1]
        form = f"token={token}&to=bob@{DOMAIN}&subject=half&body=x"
        head = (f"POST /send HTTP/1.1\r\nHost: localhost\r\nCookie: {name}={value}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(form)}\r\n\r\n")
        for cut in (20, len(head), len(head) + len(form) - 1):
            client = socket.create_connection(("127.0.0.1", listening.ports["http"]))
            client.sendall((head + form)[:cut].encode())
            time.sleep(0.1)
            break_off(client)
        time.sleep(0.2)
        expect("bob", listening.subjects(), [])
        client = socket.create_connection(("127.0.0.1", listening.ports["http"]))
        client.sendall((head + form).encode())
        expect_in("the answer", client.recv(100).decode(), "HTTP/1.1 303")
        client.close()
        settled(listening, lambda: listening.subjects() == ["half"])


def submission_breaks_off(program):
    """submission broken off before the last dot leaves nothing, after it one message"""
    for listening in Stores(program):
        for end, wanted in ((b"", []), (b"\r\n", []), (b"\r\n.", []), (b"\r\n.\r\n", ["cut"])):
            with submission(listening, "alice") as server:
                server.mail(f"alice@{DOMAIN}")
                server.rcpt(f"bob@{DOMAIN}")
                server.docmd("DATA")
                server.send(letter("cut").encode().rstrip() + end)
                time.sleep(0.1)
                break_off(server.sock)
                server.sock = None
            settled(listening, lambda: listening.subjects() == wanted)


if __name__ == "__main__":
    sys.exit(main([
        wrong_log_ins, submission_refuses, elsewhere, full_mailboxes, too_big_to_append,
        imap_breaks_off, pop3_breaks_off, http_breaks_off, submission_breaks_off,
    ]))
