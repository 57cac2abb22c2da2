#!/usr/bin/env python3
"""clients-imap.py MAILWALK [CHECK...]: real programs work with `mailwalk listen` by IMAP."""

import imaplib
import os
import sys
import threading

from listening import (
    PASSWORDS, Listening, Wrong, expect, expect_in, main, run, run_on_terminal, tool,
)


def stocked(program, *options, count=3):
    listening = Listening(program, *options)
    for i in range(1, count + 1):
        listening.deliver(f"m{i}")
    return listening


def log_in(listening, user="bob"):
    session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
    session.login(user, PASSWORDS[user])
    return session


def good(answer):
    status, data = answer
    if status != "OK":
        raise Wrong(f"{status} {data}")
    return data


def python_imaplib(program):
    """imaplib: every command"""
    with stocked(program) as listening:
        session = log_in(listening)
        expect("SELECT", good(session.select()), [b"3"])
        expect("SEARCH", good(session.search(None, "SUBJECT", "m2")), [b"2"])
        good(session.fetch("1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"))
        part = good(session.fetch("1", "(BODY[])"))[0][1]
        expect_in("BODY[]", part.decode(), "Subject: m1")
        expect_in("flags", str(good(session.fetch("1", "(FLAGS)"))), "Seen")
        good(session.create("Saved"))
        good(session.copy("1:2", "Saved"))
        good(session.store("1", "+FLAGS", r"(\Deleted $Junk)"))
        expect("EXPUNGE", good(session.expunge()), [b"1"])
        good(session.append("Saved", r"(\Seen)", None, b"Subject: mine\r\n\r\nhello\r\n"))
        expect_in("STATUS", good(session.status("Saved", "(MESSAGES UNSEEN)"))[0].decode(), "MESSAGES 3 ")
        good(session.rename("Saved", "Kept/2026"))
        good(session.subscribe("Kept/2026"))
        expect_in("LSUB", good(session.lsub())[0].decode(), "Kept/2026")
        expect_in("LIST", str(good(session.list())), "HasChildren")
        good(session.uid("SEARCH", "ALL"))
        good(session.check())
        good(session.noop())
        good(session.namespace())
        good(session.close())
        good(session.delete("Kept/2026"))
        expect("LOGOUT", session.logout()[0], "BYE")


def python_wrong_password(program):
    """imaplib is told of a wrong password"""
    with stocked(program) as listening:
        session = imaplib.IMAP4("127.0.0.1", listening.ports["imap"])
        try:
            session.login("bob", "thirsty")
        except imaplib.IMAP4.error as error:
            expect_in("LOGIN", str(error), "AUTHENTICATIONFAILED")
            return
        raise Wrong("the wrong password was taken")


def python_idle(program):
    """one client idles and hears of a new message"""
    with stocked(program) as listening:
        session = log_in(listening)
        good(session.select())
        session.send(b"x1 IDLE\r\n")
        expect("IDLE", session.readline()[:1], b"+")
        threading.Timer(0.2, listening.deliver, ["m4"]).start()
        expect("EXISTS", session.readline(), b"* 4 EXISTS\r\n")
        expect_in("RECENT", session.readline().decode(), "RECENT")
        session.send(b"DONE\r\n")
        expect_in("DONE", session.readline().decode(), "x1 OK")


def python_big_message(program):
    """a message of 20 megabytes comes and goes"""
    with stocked(program) as listening:
        session = log_in(listening)
        body = b"Subject: big\r\n\r\n" + b"0123456789abcdef" * 1310720 + b"\r\n"
        good(session.append("INBOX", None, None, body))
        good(session.select())
        expect("BODY[]", good(session.fetch("4", "(BODY.PEEK[])"))[0][1] == body, True)


def curl(program):
    """curl lists, searches and fetches"""
    with stocked(program) as listening:
        url = f"imap://127.0.0.1:{listening.ports['imap']}"
        command = [tool("curl"), "-sS", "-u", "bob:hungry"]
        expect_in("LIST", run(command + [url + "/"]), "INBOX")
        expect_in("FETCH", run(command + [url + "/INBOX;MAILINDEX=2"]), "Subject: m2")
        expect_in("SEARCH", run(command + [url + "/INBOX?SUBJECT%20m3"]), "* SEARCH 3")
        run(command + ["-X", "CREATE Work", url + "/"])
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5"):
            more = ["--login-options", f"AUTH={mechanism}"]
            expect_in(mechanism, run(command + more + [url + "/INBOX;MAILINDEX=1"]), "Subject: m1")
        run([tool("curl"), "-sS", "-u", "bob:thirsty", url + "/"], status=67)


def mbsync(program):
    """mbsync keeps a Maildir and the server alike, both ways"""
    with stocked(program) as listening:
        folder = os.path.join(listening.folder, "copy")
        os.makedirs(folder)
        setting = os.path.join(listening.folder, "mbsyncrc")
        with open(setting, "w", encoding="utf-8") as out:
            out.write(
                f"IMAPAccount bob\nHost 127.0.0.1\nPort {listening.ports['imap']}\nUser bob\n"
                "Pass hungry\nSSLType None\nAuthMechs LOGIN\n\n"
                "IMAPStore far\nAccount bob\n\n"
                f"MaildirStore near\nPath {folder}/\nInbox {folder}/INBOX\nSubFolders Verbatim\n\n"
                "Channel both\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nExpunge Both\n"
                "SyncState *\n"
            )
        command = [tool("mbsync"), "-c", setting, "both"]
        run(command)
        new = os.path.join(folder, "INBOX", "new")
        expect("fetched", len(os.listdir(new)), 3)
        with open(os.path.join(new, "1.made.here"), "w", encoding="utf-8") as out:
            out.write("Subject: from here\n\nhello\n")
        session = log_in(listening)
        good(session.select())
        good(session.store("1", "+FLAGS", r"\Deleted"))
        good(session.expunge())
        run(command)
        session.noop()
        found = good(session.search(None, "SUBJECT", '"from here"'))
        expect("sent up", found, [b"3"])
        left = sum(len(os.listdir(os.path.join(folder, "INBOX", d))) for d in ("cur", "new"))
        expect("removed here", left, 3)


def fetchmail(program):
    """fetchmail takes all and leaves nothing"""
    with stocked(program) as listening:
        setting = os.path.join(listening.folder, "fetchmailrc")
        got = os.path.join(listening.folder, "got")
        with open(setting, "w", encoding="utf-8") as out:
            out.write(
                f"poll 127.0.0.1 protocol imap port {listening.ports['imap']} auth password\n"
                f"  user bob password hungry sslproto '' mda \"cat >> {got}\"\n"
            )
        os.chmod(setting, 0o600)
        run([tool("fetchmail"), "-f", setting, "--pidfile", setting + ".pid", "-i", setting + ".ids"])
        with open(got, encoding="utf-8") as text:
            expect("messages", text.read().count("Subject: m"), 3)
        session = log_in(listening)
        expect("left", good(session.select()), [b"0"])


def mutt(program):
    """mutt opens the mailbox and saves a message to another"""
    with stocked(program) as listening:
        url = f"imap://bob@127.0.0.1:{listening.ports['imap']}/INBOX"
        setting = os.path.join(listening.folder, "muttrc")
        with open(setting, "w", encoding="utf-8") as out:
            out.write(
                "set imap_pass=hungry\nset ssl_starttls=no\nset ssl_force_tls=no\n"
                "set delete=yes\nset quit=yes\nset confirmcreate=no\nset sleep_time=0\n"
                f"set folder=imap://bob@127.0.0.1:{listening.ports['imap']}/\n"
            )
        run_on_terminal(
            [tool("mutt"), "-n", "-F", setting, "-f", url,
             "-e", "push '<save-message>=Kept<enter><quit>'"],
            listening.folder)
        session = log_in(listening)
        expect_in("LIST", str(good(session.list())), "Kept")


def s_nail(program):
    """s-nail reads a message"""
    with stocked(program) as listening:
        output = run(
            [tool("s-nail"), "-:/", "-Sv15-compat", "-Simap-auth=login", "-R", "-f",
             f"imap://bob:hungry@127.0.0.1:{listening.ports['imap']}/INBOX"],
            "print 2\nexit\n", status=None, env={"HOME": listening.folder})
        expect_in("s-nail", output, "ketchup")


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main([
        python_imaplib, python_wrong_password, python_idle, python_big_message, curl, mbsync,
        fetchmail, mutt, s_nail,
    ]))
