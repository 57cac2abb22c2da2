#!/usr/bin/env python3
"""check-agents.py DRIVE-IMAP DRIVE-AGENT [CHECK...]: our IMAP client, and the simulated mail
programs of a person with two machines, with Dovecot and smtp-sink on 127.0.0.1."""

import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile

from dovecot import PASSWORD, USER, Dovecot, free_port, wait_for
from listening import Wrong, expect, expect_in, main, tool

ADDRESS = "bob@hamburger.edu"
PICTURE = "iVBORw0KGgo=" * 4000


def message(number, attachment=False):
    """Of LF lines, as a Maildir holds it."""
    head = (f"From: Alice <alice@crepes.fr>\nTo: bob@hamburger.edu\nSubject: m{number}\n"
            f"Date: Mon, 5 Jan 2026 09:00:0{number} +0000\nMessage-ID: <m{number}@crepes.fr>\n")
    text = "Do you like ketchup?\n.\n..two dots\n" * number
    if not attachment:
        return (head + "\n" + text).encode("ascii")
    lines = "\n".join(PICTURE[i:i + 76] for i in range(0, len(PICTURE), 76))
    return (head + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=b\"\n\n"
            f"--=b\nContent-Type: text/plain; charset=us-ascii\n\n{text}\n"
            "--=b\nContent-Type: image/png; name=crepe.png\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment\n\n{lines}\n--=b--\n").encode("ascii")


def sent(octets):
    """As a server sends it."""
    return octets.replace(b"\n", b"\r\n")


def digest(octets):
    return hashlib.sha256(octets).hexdigest()


class Driven:
    """A driver: deeds go in, news come out."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        if self.process.wait(20) != 0:
            raise Wrong(f"the driver ended with {self.process.returncode}")
        self.process.stdout.close()

    def say(self, *words):
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()

    def hear(self):
        lines = []
        for line in self.process.stdout:
            if line == ".\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise Wrong(f"the driver is gone after {lines}")

    def do(self, *words):
        self.say(*words)
        return self.hear()


def client(program, server, *options, mechanism=""):
    driven = Driven(program, str(server.imap), *options)
    log_in = ["login", USER, PASSWORD] + ([mechanism] if mechanism else [])
    expect_in("log-in", driven.do(*log_in)[-1], " OK")
    return driven


def person(program, server=None, **ports):
    places = {"imap": server.imap, "pop3": server.pop3} if server else {}
    words = [f"{name}={port}" for name, port in {**places, **ports}.items()]
    return Driven(program, ADDRESS, *words, f"user={USER}", f"password={PASSWORD}")


def done(lines):
    """The news without the response codes that name UIDs, which differ from run to run."""
    return [re.sub(r"^(done (UID )?\S+ \S+).*", r"\1", line) for line in lines]


def log_ins(drive_imap, _):
    """LOGIN and each mechanism, with the right password and with wrong ones"""
    with Dovecot() as server:
        for name in ("", "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
                     "SCRAM-SHA-256"):
            with client(drive_imap, server, mechanism=name) as session:
                expect("SELECT", done(session.do("select", "INBOX"))[-1], "done SELECT OK")
            for user, password in ((USER, "mustard"), ("eve", PASSWORD)):
                with Driven(drive_imap, str(server.imap)) as session:
                    word = "AUTHENTICATE" if name else "LOGIN"
                    lines = session.do("login", user, password, *([name] if name else []))
                    expect(f"{name} {user}", lines[-1],
                           f"done {word} NO AUTHENTICATIONFAILED")


def folders(drive_imap, _):
    """folders with names of other scripts: create, list, rename, subscribe, status, delete"""
    with Dovecot([message(1)]) as server:
        for options in ((), ("pipeline=1",), ("literals=1",)):
            with client(drive_imap, server, *options) as session:
                for name in ("Entwürfe & mehr", "手紙", 'a "b" \\c', "Work/2026"):
                    expect(name, done(session.do("create", name)), ["done CREATE OK"])
                names = [line.split(" / ")[0][8:] for line in session.do("list", "*")[:-1]]
                expect("LIST", sorted(names), sorted(
                    ["INBOX", "Entwürfe & mehr", "手紙", 'a "b" \\c', "Work/2026"]))
                expect("RENAME", done(session.do("rename", "手紙", "Кратко")), ["done RENAME OK"])
                expect("gone", done(session.do("select", "手紙"))[-1], "done SELECT NO")
                expect("SUBSCRIBE", done(session.do("subscribe", "Кратко")), ["done SUBSCRIBE OK"])
                expect("STATUS", session.do("status", "INBOX", "MESSAGES UNSEEN")[0],
                       "status INBOX MESSAGES 1 UNSEEN 1")
                for name in ("Entwürfe & mehr", "Кратко", 'a "b" \\c', "Work/2026"):
                    session.do("delete", name)
                expect("LIST", session.do("list", "*")[:-1],
                       ["mailbox INBOX / \\HasNoChildren"])
                session.do("logout")


def parts(drive_imap, _):
    """whole messages, headers, parts without the attachment, pieces: octet for octet"""
    plain, mixed = sent(message(1)), sent(message(2, attachment=True))
    text = mixed[mixed.index(b"Do you"):mixed.index(b"\r\n--=b\r\nContent-Type: image")]
    header = mixed[:mixed.index(b"\r\n\r\n") + 4]
    subject = b"Subject: m2\r\n\r\n"
    with Dovecot([message(1), message(2, attachment=True)]) as server:
        with client(drive_imap, server) as session:
            expect_in("SELECT", session.do("select", "INBOX"), "exists 2")
            sizes = session.do("fetch", "1:*", "(RFC822.SIZE FLAGS)")
            expect("sizes", sizes[:2], [f"message 1 uid 1 flags 0  size {len(plain)}",
                                        f"message 2 uid 2 flags 0  size {len(mixed)}"])
            for items, section, wanted in (
                ("BODY.PEEK[]", "[]<0>", mixed),
                ("BODY.PEEK[HEADER]", "[HEADER]<0>", header),
                ("BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "[HEADER.FIELDS (SUBJECT)]<0>", subject),
                ("BODY.PEEK[TEXT]", "[TEXT]<0>", mixed[len(header):]),
                ("BODY.PEEK[1]", "[1]<0>", text),
                ("BODY.PEEK[2]<100.50>", "[2]<100>",
                 mixed[mixed.index(b"iVBOR"):][100:150]),
                ("RFC822.HEADER", "[HEADER]<0>", header),
            ):
                lines = session.do("fetch", "2", items)
                expect(items, lines[1], f"  part {section} {len(wanted)} {digest(wanted)}")
            expect("nothing read", session.do("search", "UNSEEN")[0], "found 1 2")


def deeds(drive_imap, _):
    """append, flags, keywords, search, copy, move, expunge; nothing lost, nothing doubled"""
    with Dovecot([message(1), message(2), message(3)]) as server, \
            tempfile.NamedTemporaryFile() as file:
        mine = 'Subject: Crêpes\r\n\r\n"mine" \\ text\r\n'.encode()
        file.write(mine)
        file.flush()
        for options in ((), ("pipeline=1",), ("literals=1",)):
            with client(drive_imap, server, *options) as session:
                session.do("create", "Kept")
                expect_in("APPEND", session.do("append", "INBOX", r"\Flagged", file.name)[-1],
                          "done APPEND OK APPENDUID")
                expect("TRYCREATE", session.do("append", "Nowhere", r"\Seen", file.name)[-1],
                       "done APPEND NO TRYCREATE")
                expect_in("SELECT", session.do("select", "INBOX"), "exists 4")
                new = session.do("search", "SUBJECT \"Crêpes\"")[0].split()[1]
                line = session.do("fetch", new, "(FLAGS INTERNALDATE BODY.PEEK[])")
                expect("date", line[0].endswith("flags 4  date 1767603600"), True)
                expect("octets", line[1], f"  part []<0> {len(mine)} {digest(mine)}")
                lines = session.do("store", new, "+FLAGS", r"\Answered $Todo")
                expect_in("STORE", lines[0], "$Todo")
                expect("keyword", session.do("search", "KEYWORD $Todo")[0], f"found {new}")
                expect("COPY", done(session.do("copy", "1,3", "Kept"))[-1], "done UID COPY OK")
                expect("to nowhere", session.do("move", "1", "Nowhere")[-1],
                       "done UID MOVE NO TRYCREATE")
                expect("still there", session.do("search", "ALL")[0], f"found 1 2 3 {new}")
                lines = done(session.do("move", new, "Kept"))
                expect("MOVE", lines, ["expunged 4", "done UID MOVE OK"])
                session.do("store", "2", "+FLAGS.SILENT", r"\Deleted")
                expect("UID EXPUNGE of another", done(session.do("expunge", "1"))[-1],
                       "done UID EXPUNGE OK")
                expect("kept", session.do("search", "ALL")[0], "found 1 2 3")
                session.do("store", "2", "-FLAGS.SILENT", r"\Deleted")
                expect("there", session.do("status", "Kept", "MESSAGES")[0],
                       "status Kept MESSAGES 3")
                session.do("delete", "Kept")
                expect("LOGOUT", session.do("logout")[-1], "closed")


def idle(drive_imap, _):
    """one machine idles and hears what the other does"""
    with Dovecot([message(1)]) as server, tempfile.NamedTemporaryFile() as file:
        file.write(sent(message(2)))
        file.flush()
        with client(drive_imap, server) as one, client(drive_imap, server) as two:
            one.do("select", "INBOX")
            two.do("select", "INBOX")
            expect("IDLE", one.do("idle"), [])
            two.do("append", "INBOX", r"\Draft", file.name)
            expect("told", one.do("await"), ["exists 2"])
            expect("DONE", done(one.do("stop"))[-1], "done IDLE OK")
            expect("IDLE again", one.do("idle"), [])
            two.do("store", "1", "+FLAGS.SILENT", r"\Deleted")
            two.do("expunge")
            lines = one.do("await")
            while "expunged 1" not in lines:
                lines += one.do("await")
            expect("DONE", done(one.do("stop"))[-1], "done IDLE OK")
            expect("left", one.do("search", "ALL")[0], "found 2")


def kept(machine, name):
    return sorted(line.split()[2] for line in machine.do(name, "show"))


def two_machines(_, drive_agent):
    """laptop and phone follow one mailbox: what one does, the other sees"""
    texts = [message(1), message(2, attachment=True), message(3)]
    with Dovecot(texts) as server, person(drive_agent, server) as bob:
        whole = sorted(digest(sent(text)) for text in texts)
        expect_in("fetch", bob.do("laptop", "fetch", "whole"),
                  "Bob sees 3 messages in the mailbox, 3 unread")
        expect("laptop", kept(bob, "laptop"), whole)
        lines = bob.do("phone", "fetch", "text")
        expect_in("phone", " ".join(lines), f"of the {len(sent(texts[1]))} octets of message 2")
        expect("phone keeps", len(kept(bob, "phone")), 3)
        octets = [int(line.split()[1]) for line in bob.do("phone", "show")]
        expect("without the attachment", max(octets) < 1000, True)
        expect("create", bob.do("phone", "create", "Kept"),
               ["Bob has made the folder Kept on the server"])
        expect("mark", bob.do("phone", "mark", "1", "Seen"),
               ["Bob has marked message 1 as seen"])
        expect_in("unread", bob.do("laptop", "fetch", "whole"),
                  "Bob sees 3 messages in the mailbox, 2 unread")
        expect("not fetched twice", kept(bob, "laptop"), whole)
        expect("unmark", bob.do("laptop", "unmark", "1", "Seen"),
               ["Bob has taken the mark seen off message 1"])
        expect("search", bob.do("laptop", "search", "ketchup"),
               ['Bob learns from the server: "ketchup" is in messages 1, 2, 3'])
        expect("move", bob.do("laptop", "move", "3", "Kept"),
               ["Bob has moved message 3 to Kept on the server"])
        expect_in("moved", bob.do("phone", "fetch", "text"),
                  "Bob sees: a message is gone from the mailbox")
        expect("delete", bob.do("phone", "delete", "1"),
               ["Bob has deleted message 1 on the server"])
        expect_in("deleted", bob.do("laptop", "fetch", "whole"),
                  "Bob sees 1 message in the mailbox, 1 unread")
        expect("one is left", kept(bob, "laptop"), [digest(sent(texts[1]))])
        with open(os.path.join(server.mail, "Maildir", "new", "9.x.h"), "wb") as file:
            file.write(message(4))
        if os.getuid() == 0:
            os.chown(file.name, server.owner.pw_uid, server.owner.pw_gid)
        bob.do("laptop", "fetch", "whole")
        expect("the new one came once", kept(bob, "laptop"),
               sorted([digest(sent(texts[1])), digest(sent(message(4)))]))


def mailbox_begins_anew(_, drive_agent):
    """a mailbox with a new UIDVALIDITY is fetched anew, and nothing is kept twice"""
    with Dovecot([message(1), message(2)]) as server, person(drive_agent, server) as bob:
        bob.do("laptop", "fetch", "whole")
        for path in glob.glob(os.path.join(server.mail, "Maildir", "dovecot*")):
            os.unlink(path)
        path = os.path.join(server.mail, "Maildir", "dovecot-uidlist")
        with open(path, "w", encoding="ascii") as file:
            file.write("3 V77777 N1 G0123456789abcdef0123456789abcdef\n")
        if os.getuid() == 0:
            os.chown(path, server.owner.pw_uid, server.owner.pw_gid)
        bob.do("laptop", "fetch", "whole")
        expect("laptop", kept(bob, "laptop"),
               sorted(digest(sent(message(number))) for number in (1, 2)))


def pop3_machines(_, drive_agent):
    """POP3: the phone leaves the mail and knows it again, the laptop takes it away"""
    texts = [message(number) for number in (1, 2, 3)]
    whole = sorted(digest(sent(text)) for text in texts)
    with Dovecot(texts) as server, person(drive_agent, server) as bob:
        bob.do("phone", "pop3", "keep")
        expect("phone", kept(bob, "phone"), whole)
        bob.do("phone", "pop3", "keep")
        expect("phone, again", kept(bob, "phone"), whole)
        bob.do("laptop", "pop3", "delete")
        expect("laptop", kept(bob, "laptop"), whole)
        bob.do("laptop", "pop3", "delete")
        expect("laptop, again", kept(bob, "laptop"), whole)
        expect("nothing is left",
               [path for path in glob.glob(os.path.join(server.mail, "Maildir", "*", "*"))
                if os.path.basename(os.path.dirname(path)) in ("new", "cur")], [])


def wrong_passwords(_, drive_agent):
    """the person is told, and nothing is fetched"""
    with Dovecot([message(1)]) as server:
        with Driven(drive_agent, ADDRESS, f"imap={server.imap}", f"pop3={server.pop3}",
                    f"user={USER}", "password=mustard") as bob:
            expect_in("IMAP", " ".join(bob.do("laptop", "fetch", "whole")), "refuse")
            expect_in("POP3", " ".join(bob.do("laptop", "pop3", "keep")),
                      "lets nobody in")
            expect("laptop", kept(bob, "laptop"), [])


def sending(_, drive_agent):
    """write, reply and forward with an attachment; smtp-sink gets each once"""
    with tempfile.TemporaryDirectory() as folder, Dovecot([message(1)]) as server:
        os.chmod(folder, 0o777)
        port = free_port()
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        sink = subprocess.Popen([tool("smtp-sink"), *user, "-d", os.path.join(folder, "dump."),
                                 f"inet:127.0.0.1:{port}", "100"], stderr=subprocess.DEVNULL)
        try:
            if not wait_for(port, sink):
                raise Wrong("smtp-sink does not start")
            with person(drive_agent, server, smtp=port) as bob:
                bob.do("laptop", "fetch", "whole")
                bob.do("laptop", "write", "alice@crepes.fr", "Crêpes", "Yes.", "crepe.png")
                bob.do("laptop", "reply", "I do.")
                bob.do("laptop", "forward", "carol@ksit.edu.in")
                bob.do("laptop", "send")
        finally:
            sink.terminate()
            sink.wait()
        dumped = []
        for path in glob.glob(os.path.join(folder, "dump.*")):
            with open(path, encoding="utf-8") as file:
                dumped.append(file.read())
        subjects = sorted(re.search(r"^Subject: (.*)$", text, re.M).group(1) for text in dumped)
        expect("subjects", subjects,
               sorted(["=?UTF-8?Q?Cr=C3=AApes?=", "Re: m1", "Fwd: m1"]))
        everything = "\n".join(dumped)
        for part in ("crepe.png", "In-Reply-To: <m1@crepes.fr>", "message/rfc822",
                     "<carol@ksit.edu.in>"):
            expect_in("what was sent", everything, part)


if __name__ == "__main__":
    sys.exit(main([
        log_ins, folders, parts, deeds, idle, two_machines, mailbox_begins_anew, pop3_machines,
        wrong_passwords, sending,
    ], n_programs=2))
