#!/usr/bin/env python3
"""clients-maildir.py MAILWALK [CHECK...]: other programs work on the Maildirs of `mailwalk listen`
while it delivers to them and serves them: Python's mailbox module, mutt, mbsync. What they do shows
in the next answer; nothing is lost, nothing doubled."""

import contextlib
import imaplib
import mailbox
import os
import poplib
import random
import re
import sys
import tempfile
import threading
import time

from listening import DOMAIN, PASSWORDS, Listening, Wrong, expect, expect_in, main, run
from listening import run_on_terminal, tool

MESSAGES = 120


@contextlib.contextmanager
def on_maildir(program):
    """The servers, and the folder of bob's INBOX."""
    with tempfile.TemporaryDirectory(prefix="mailwalk-maildir-") as folder:
        with Listening(program, "--quiet", f"--maildir={folder}") as listening:
            yield listening, os.path.join(folder, f"bob@{DOMAIN}")


def session_of(listening):
    session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
    session.login("bob", PASSWORDS["bob"])
    session.select("INBOX")
    return session


def subject_of(text):
    return re.search(r"^Subject: (\S+)", text, re.MULTILINE).group(1)


def on_disk(folder):
    """Subject -> its flags as IMAP names them."""
    names = {"D": r"\Draft", "F": r"\Flagged", "R": r"\Answered", "S": r"\Seen", "T": r"\Deleted"}
    found = {}
    for message in mailbox.Maildir(folder, create=False):
        subject = subject_of(str(message))
        if subject in found:
            raise Wrong(f"{subject} lies there twice")
        found[subject] = sorted(names[letter] for letter in message.get_flags())
    return found


def over_imap(session):
    session.noop()
    _, lines = session.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    found = {}
    for i, line in enumerate(lines):
        if isinstance(line, tuple):
            around = line[0] + (lines[i + 1] if isinstance(lines[i + 1], bytes) else b"")
            flags = re.search(rb"FLAGS \(([^)]*)\)", around).group(1).decode().split()
            found[subject_of(line[1].decode())] = sorted(set(flags) - {r"\Recent"})
    return found


def disturb(folder, removed, is_over):
    """As another mail program: reads, flags and removes by the file names alone."""
    chance = random.Random(7)
    box = mailbox.Maildir(folder, create=False)
    while not is_over.is_set():
        try:
            keys = list(box.iterkeys())
            if not keys:
                continue
            key = chance.choice(keys)
            message = box.get_message(key)
            if chance.random() < 0.2:
                box.remove(key)
                removed.append(subject_of(str(message)))
            else:
                message.set_subdir("cur")
                message.set_flags("".join(sorted(chance.sample("DFRS", 2))))
                box[key] = message
        except (KeyError, FileNotFoundError):
            pass  # renamed meanwhile
        time.sleep(0.005)


def python_mailbox(program):
    """Python's mailbox flags and removes while SMTP delivers and two IMAP sessions look on"""
    with on_maildir(program) as (listening, inbox):
        sessions = [session_of(listening), session_of(listening)]
        removed, is_over = [], threading.Event()
        other = threading.Thread(target=disturb, args=(inbox, removed, is_over))
        other.start()
        for number in range(MESSAGES):
            listening.deliver(f"m{number}")
            if number % 5 == 0:
                over_imap(sessions[number // 5 % 2])
        is_over.set()
        other.join()
        left = on_disk(inbox)
        expect("what is there", sorted(set(left) | set(removed)),
               sorted(f"m{number}" for number in range(MESSAGES)))
        expect("both", sorted(set(left) & set(removed)), [])
        for session in sessions:
            expect("IMAP", over_imap(session), left)


def mutt(program):
    """mutt opens the Maildir beside an IMAP session, flags one message and removes another"""
    command = tool("mutt")
    with on_maildir(program) as (listening, inbox):
        session = session_of(listening)
        for number in range(3):
            listening.deliver(f"m{number}")
        over_imap(session)
        setting = listening.write(
            "muttrc", "set sort=date-received\nset quit=yes\nset delete=yes\nset move=no\n"
            f"set mark_old=no\nset sleep_time=0\nset folder={listening.folder}\n")
        run_on_terminal(
            [command, "-n", "-F", setting, "-f", inbox, "-e",
             "push '<first-entry><flag-message><last-entry><delete-message><sync-mailbox><quit>'"],
            listening.folder)
        left = on_disk(inbox)
        expect("mutt left", len(left), 2)
        expect("mutt flagged", sum(r"\Flagged" in flags for flags in left.values()), 1)
        expect("IMAP", over_imap(session), left)


SYNCHRONISED = """MaildirStore ours
Inbox {inbox}
AltMap yes

MaildirStore copy
Inbox {copy}
AltMap yes

Channel both
Far :ours:INBOX
Near :copy:INBOX
Create Both
Expunge Both
SyncState *
"""


def mbsync(program):
    """mbsync works on the Maildir itself, and keeps another alike, both ways"""
    command = tool("mbsync")
    with on_maildir(program) as (listening, inbox):
        session = session_of(listening)
        for number in range(4):
            listening.deliver(f"m{number}")
        over_imap(session)
        copy = listening.path("copy")
        setting = listening.write("mbsyncrc", SYNCHRONISED.format(inbox=inbox, copy=copy))
        run([command, "-c", setting, "both"])
        expect("copied", sorted(on_disk(copy)), ["m0", "m1", "m2", "m3"])
        box = mailbox.Maildir(copy, create=False)
        for key in box.keys():
            message = box.get_message(key)
            if subject_of(str(message)) == "m1":
                message.set_subdir("cur")
                message.set_flags("RS")
                box[key] = message
            elif subject_of(str(message)) == "m2":
                box.remove(key)
        box.add(mailbox.MaildirMessage("From: x@crepes.fr\nSubject: m9\n\nnew\n"))
        run([command, "-c", setting, "both"])
        left = on_disk(inbox)
        expect("synchronised", sorted(left), ["m0", "m1", "m3", "m9"])
        expect("flags of m1", left["m1"], [r"\Answered", r"\Seen"])
        expect("IMAP", over_imap(session), left)


def put_in_the_way(folder, subject):
    """A folder in place of a file: nobody can unlink that. Gives back how to undo it."""
    cur = os.path.join(folder, "cur")
    for name in os.listdir(cur):
        path = os.path.join(cur, name)
        with open(path, encoding="utf-8") as file:
            found = subject_of(file.read())
        if found == subject:
            aside = os.path.join(folder, "tmp", "aside")
            os.rename(path, aside)
            os.mkdir(path)
            return lambda: (os.rmdir(path), os.rename(aside, path))
    raise Wrong(f"{subject} is not in cur")


def refused_over_imap(session, inbox, subject, command):
    """Appends a message, deletes it, and says the command while it cannot be removed."""
    session.append("INBOX", None, None, f"Subject: {subject}\r\n\r\nx\r\n".encode())
    session.noop()
    session.store("*", "+FLAGS", r"(\Deleted)")
    undo = put_in_the_way(inbox, subject)
    expect(subject, command()[0], "NO")
    undo()


def unremovable(program):
    """EXPUNGE, CLOSE and QUIT say that a message could not be removed"""
    with on_maildir(program) as (listening, inbox):
        session = session_of(listening)
        refused_over_imap(session, inbox, "expunge", session.expunge)
        refused_over_imap(session, inbox, "close", session.close)
        session = session_of(listening)
        expect("left by CLOSE", sorted(on_disk(inbox)), ["close"])
        session.append("INBOX", None, None, b"Subject: pop\r\n\r\nx\r\n")
        session.logout()
        maildrop = poplib.POP3("127.0.0.1", listening.ports["pop3"])
        maildrop.user("bob")
        maildrop.pass_(PASSWORDS["bob"])
        maildrop.dele(1)
        maildrop.dele(2)
        undo = put_in_the_way(inbox, "close")
        try:
            raise Wrong(f"QUIT: {maildrop.quit()!r}")
        except poplib.error_proto as refusal:
            expect_in("QUIT", str(refusal), "some deleted messages not removed")
        undo()
        expect("left by POP3", sorted(on_disk(inbox)), ["close"])


def line_feeds(program):
    """octets with bare LFs come back as they came, as many as RFC822.SIZE says"""
    text = b"Subject: a\n\nb\nc\n"
    with on_maildir(program) as (listening, _):
        session = session_of(listening)
        session.send(b"x1 APPEND INBOX {%d}\r\n" % len(text))
        session.readline()
        session.send(text + b"\r\n")
        while not session.readline().startswith(b"x1 OK"):
            pass
        session = session_of(listening)
        head, octets = session.fetch("1", "(RFC822.SIZE BODY.PEEK[])")[1][0]
        expect_in("size", head.decode(), f"RFC822.SIZE {len(text)} ")
        expect("octets", octets, text)


if __name__ == "__main__":
    sys.exit(main([python_mailbox, mutt, mbsync, unremovable, line_feeds]))
