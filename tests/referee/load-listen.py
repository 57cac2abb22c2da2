#!/usr/bin/env python3
"""load-listen.py MAILWALK [SECONDS [CLIENTS]]: many real clients at once, for a while.

Half of them send numbered messages by SMTP, each to a user of its own; the other half fetch that
user's mail by POP3 and delete it. In the end every message that was accepted must have been
fetched exactly once, and the server must not have grown. Prints TAP.
"""

import poplib
import re
import smtplib
import sys
import threading
import time

from listening import DOMAIN, Listening

PASSWORD = "load"
GROWTH_MAXIMUM = 1.25  # of resident memory, from a third of the time to the end
BODY = "Do you like ketchup?\r\n" * 50


class Sender(threading.Thread):
    def __init__(self, port, user, end):
        super().__init__()
        self.port, self.user, self.end = port, user, end
        self.accepted, self.trouble = [], []

    def run(self):
        number = 0
        while time.monotonic() < self.end:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as server:
                    for _ in range(3):
                        number += 1
                        server.sendmail(
                            "alice@crepes.fr", [f"{self.user}@{DOMAIN}"],
                            f"Subject: {self.user} {number}\r\n\r\n{BODY}")
                        self.accepted.append(f"{self.user} {number}")
            except (OSError, smtplib.SMTPException) as error:
                self.trouble.append(f"sender {self.user}: {error!r}")


class Fetcher(threading.Thread):
    def __init__(self, port, user, end):
        super().__init__()
        self.port, self.user, self.end = port, user, end
        self.fetched, self.trouble = [], []

    def fetch(self):
        session = poplib.POP3("127.0.0.1", self.port, timeout=60)
        session.user(self.user)
        session.pass_(PASSWORD)
        found = []
        for number in range(1, session.stat()[0] + 1):
            text = b"\n".join(session.retr(number)[1]).decode()
            found.append(re.search(r"^Subject: (.*)$", text, re.MULTILINE).group(1))
            session.dele(number)
        session.quit()
        self.fetched += found

    def run(self):
        while time.monotonic() < self.end:
            try:
                self.fetch()
            except (OSError, poplib.error_proto) as error:
                self.trouble.append(f"fetcher {self.user}: {error!r}")


def is_sanitized(program):
    with open(program, "rb") as octets:
        return b"__asan_init" in octets.read()


def main():
    program = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    pairs = int(sys.argv[3]) // 2 if len(sys.argv) > 3 else 100
    users = {f"user{i}": PASSWORD for i in range(pairs)}
    with Listening(program, "--quiet", users=users) as listening:
        end = time.monotonic() + seconds
        senders = [Sender(listening.ports["smtp"], user, end) for user in users]
        fetchers = [Fetcher(listening.ports["pop3"], user, end) for user in users]
        for client in senders + fetchers:
            client.start()
        time.sleep(seconds / 3)
        before = listening.memory()
        for client in senders + fetchers:
            client.join()
        after = listening.memory()
        for fetcher in fetchers:
            fetcher.fetch()
        status = listening.stop()
    accepted = sorted(number for sender in senders for number in sender.accepted)
    fetched = sorted(number for fetcher in fetchers for number in fetcher.fetched)
    trouble = [text for client in senders + fetchers for text in client.trouble]
    is_watched = is_sanitized(program)
    memory = f"memory: {before} kB, {after} kB in the end"
    if is_watched:
        memory += " # SKIP a sanitizer keeps freed memory for a while"
    results = [
        (not trouble, f"{2 * pairs} clients, no trouble", trouble[:10]),
        (accepted == fetched, f"{len(accepted)} messages accepted, {len(fetched)} fetched, each "
         "exactly once", sorted(set(accepted) ^ set(fetched))[:10]),
        (is_watched or after <= before * GROWTH_MAXIMUM, memory, []),
        (status == 0, f"it ended with {status}", []),
    ]
    print(f"1..{len(results)}")
    for number, (is_good, text, details) in enumerate(results, 1):
        print(f"{'' if is_good else 'not '}ok {number} - {text}")
        for detail in details:
            print(f"# {detail}")
    return 0 if all(is_good for is_good, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
