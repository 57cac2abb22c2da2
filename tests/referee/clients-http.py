#!/usr/bin/env python3
"""clients-http.py MAILWALK [CHECK...]: curl as a browser at the webmail of `mailwalk listen`."""

import re
import sys

from listening import DOMAIN, Listening, expect, expect_in, main, run, tool


class Browser:
    """curl with a jar of cookies; it remembers the token of the last form."""

    def __init__(self, listening):
        self.base = f"http://127.0.0.1:{listening.ports['http']}"
        self.jar = listening.path("cookies")
        self.token = ""

    def ask(self, path, *more):
        page = run([tool("curl"), "-sS", "-L", "-b", self.jar, "-c", self.jar, *more,
                    self.base + path])
        found = re.search(r'name="token" value="(\w+)"', page)
        self.token = found.group(1) if found else self.token
        return page

    def log_in(self, user="bob", password="hungry"):
        return self.ask("/login", "--data-urlencode", f"user={user}", "--data-urlencode",
                        f"password={password}")


def read_and_delete(program):
    """log in, list, read, delete, log out"""
    with Listening(program) as listening:
        for i in range(3):
            listening.deliver(f"m{i}", "<b>bold</b>\r\n")
        browser = Browser(listening)
        expect_in("the start", browser.ask("/"), "Password")
        page = browser.log_in()
        expect("subjects", re.findall(r">(m\d)</a>", page), ["m2", "m1", "m0"])
        expect_in("a message", browser.ask("/message?name=INBOX&uid=2"), "&lt;b&gt;bold")
        page = browser.ask("/delete", "-d", f"token={browser.token}&name=INBOX&uid=2")
        expect("subjects", re.findall(r">(m\d)</a>", page), ["m2", "m0"])
        expect("by POP3", listening.subjects(), ["m0", "m2"])
        browser.ask("/logout", "-d", f"token={browser.token}")
        expect_in("logged out", browser.ask("/folder?name=INBOX"), "Password")


def wrong_password(program):
    """a wrong password is refused with 403"""
    with Listening(program) as listening:
        browser = Browser(listening)
        page = browser.ask("/login", "-i", "-d", "user=bob&password=thirsty")
        expect_in("the status", page, "HTTP/1.1 403")
        expect_in("the page", page, "Name or password is wrong.")


def write_and_reply(program):
    """a message with an attachment, and the reply to it"""
    with Listening(program) as listening:
        note = listening.write("notes.txt", "an attached note\n")
        alice, bob = Browser(listening), Browser(listening)
        bob.jar = listening.path("other-cookies")
        alice.log_in("alice", "yummy")
        page = alice.ask("/send", "-F", f"token={alice.token}", "-F", f"to=Bob <bob@{DOMAIN}>",
                         "-F", "subject=Crêpes", "-F", "body=Do you like them?", "-F",
                         f"attachment=@{note}")
        expect_in("after sending", page, "on its way")
        (message,) = listening.mailbox()
        expect_in("the message", message, "notes.txt")
        bob.log_in()
        expect_in("in the browser", bob.ask("/message?name=INBOX&uid=1"), "Do you like them?")
        expect("the attachment", bob.ask("/attachment?name=INBOX&uid=1&part=2"),
               "an attached note\n")
        page = bob.ask("/compose?name=INBOX&uid=1")
        expect_in("the quotation", page, "&gt; Do you like them?")
        bob.ask("/send", "-d", f"token={bob.token}", "-d", f"to=alice@{DOMAIN}", "-d",
                "subject=Re: Crepes", "-d", "body=Yes", "-d", "name=INBOX", "-d", "uid=1")
        (message,) = listening.mailbox("alice")
        expect_in("the reply", message, "In-Reply-To: <")


def big_upload(program):
    """an attachment of ten megabytes comes whole; a body beyond the limit is refused with 413"""
    with Listening(program, "--quiet") as listening:
        big = listening.write("big.txt", "0123456789abcde\n" * 655360)
        browser = Browser(listening)
        browser.log_in()
        browser.ask("/send", "-F", f"token={browser.token}", "-F", f"to=alice@{DOMAIN}", "-F",
                    "subject=big", "-F", "body=x", "-F", f"attachment=@{big}")
        expect("messages", len(listening.mailbox("alice")), 1)
        more = [word for _ in range(5) for word in ("-F", f"attachment=@{big}")]
        page = browser.ask("/send", "-i", "-F", f"token={browser.token}", *more)
        expect_in("the status", page, " 413 ")


if __name__ == "__main__":
    sys.exit(main([read_and_delete, wrong_password, write_and_reply, big_upload]))
