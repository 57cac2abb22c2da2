#!/usr/bin/env python3
"""kill-listen.py MAILWALK [ROUNDS [MESSAGES]]: kill -9 in the middle of deliveries to Maildirs.

Eight clients hand in numbered messages as fast as they can; at a random moment the server is
killed, and started again on the same folder. Every message that got its 250 must be in the mailbox
exactly once, whole; one that got none, at most once. Prints TAP, one line a round.
"""

import glob
import os
import random
import re
import smtplib
import sys
import threading
import time

from listening import DOMAIN, Listening

CLIENTS = 8
BODY = "".join(f"line {i} of the message\r\n" for i in range(40))


class Client(threading.Thread):
    """Sends until the server is gone; 'accepted' are the numbers that got 250."""

    def __init__(self, port, numbers, every):
        super().__init__()
        self.port, self.numbers, self.every = port, numbers, every
        self.accepted = []

    def run(self):
        try:
            server = smtplib.SMTP("127.0.0.1", self.port, timeout=20)
            for number in self.numbers:
                user = ("bob", "alice")[number % 2]
                server.sendmail("alice@crepes.fr", [f"{user}@{DOMAIN}"],
                                f"Subject: number {number}\r\n\r\n{BODY}end {number}\r\n")
                self.accepted.append(number)
                self.every.append(number)
        except (OSError, smtplib.SMTPException):
            pass  # the kill


def stored(folder):
    """The numbers of the messages in the mailboxes, as other programs see them."""
    found = []
    for path in glob.glob(os.path.join(folder, f"*@{DOMAIN}", "new", "*")):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        number = re.search(r"^Subject: number (\d+)", text, re.MULTILINE)
        whole = number and text.rstrip("\r\n").endswith(f"end {number.group(1)}")
        found.append(int(number.group(1)) if whole else f"not whole: {path}")
    return found


def kill_once(program, messages, when):
    """The complaints of a round, and how far it came."""
    with Listening(program, "--quiet") as place:
        folder = place.path("mail")
        listening = Listening(program, f"--maildir={folder}", "--quiet")
        every = []
        clients = [
            Client(listening.ports["smtp"], range(i, messages, CLIENTS), every)
            for i in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        while len(every) < when and any(client.is_alive() for client in clients):
            time.sleep(0.001)
        listening.process.kill()
        for client in clients:
            client.join()
        listening.__exit__()
        with Listening(program, f"--maildir={folder}", "--quiet") as again:
            again.mailbox("bob")  # whatever it does when it starts has been done
        accepted = [number for client in clients for number in client.accepted]
        found = stored(folder)
        complaints = [f"{number} got 250 and is not there"
                      for number in accepted if number not in set(found)]
        complaints += [f"{number} is there {found.count(number)} times"
                       for number in set(found) if found.count(number) > 1]
        complaints += [number for number in found if isinstance(number, str)]
        return complaints, len(accepted), len(found)


def main():
    program = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    messages = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    chance = random.Random(1)
    failures = 0
    print(f"1..{rounds}")
    for number in range(1, rounds + 1):
        complaints, accepted, found = kill_once(program, messages, chance.randrange(messages))
        failures += bool(complaints)
        print(f"{'not ' if complaints else ''}ok {number} - killed after {accepted} were accepted; "
              f"{found} are there", flush=True)
        for complaint in complaints[:20]:
            print(f"# {complaint}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
