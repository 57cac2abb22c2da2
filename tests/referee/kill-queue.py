#!/usr/bin/env python3
"""kill-queue.py MAILWALK [ROUNDS [MESSAGES]]: kill -9 while messages wait to be sent on.

Four clients hand in numbered messages for another server of the scenario; at a random moment all is
killed, and started again on the same folder. Every message that got its 250 must come to its
mailbox in the end. One that its next server had already taken, and whose 250 the sender did not
live to hear, may come twice (RFC 5321 section 6.1): fewer than were under way. Prints TAP.
"""

import glob
import os
import random
import re
import smtplib
import sys
import tempfile
import threading
import time

from listening import Listening

CLIENTS = 4
UNDER_WAY = 20
PATIENCE = 60


class Client(threading.Thread):
    """Sends until the server is gone; 'accepted' are the numbers that got 250."""

    def __init__(self, port, numbers):
        super().__init__()
        self.port, self.numbers = port, numbers
        self.accepted = []

    def run(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as session:
                session.login("alice", "yummy")
                for number in self.numbers:
                    session.sendmail("alice@crepes.fr", "bob@hamburger.edu",
                                     f"Subject: number {number}\r\n\r\nDo you like ketchup?\r\n")
                    self.accepted.append(number)
        except (OSError, smtplib.SMTPException):
            pass


def stored(folder):
    numbers = []
    for path in glob.glob(os.path.join(folder, "bob@hamburger.edu", "[nc][eu][wr]", "*")):
        with open(path, encoding="utf-8") as file:
            numbers += [int(number) for number in re.findall(r"^Subject: number (\d+)$", file.read(), re.MULTILINE)]
    return numbers


def kill_once(program, messages, when):
    with tempfile.TemporaryDirectory(prefix="mailwalk-queue-") as place:
        folder = os.path.join(place, "mail")
        options = ["--scenario=alice-to-bob", f"--maildir={folder}", "--quiet"]
        listening = Listening(program, *options, users={})
        clients = [Client(listening.ports["submission"], range(i, messages, CLIENTS)) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        while (sum(len(client.accepted) for client in clients) < when
               and any(client.is_alive() for client in clients)):
            time.sleep(0.001)
        listening.process.kill()
        for client in clients:
            client.join()
        listening.__exit__()
        accepted = {number for client in clients for number in client.accepted}
        before = set(stored(folder))
        with Listening(program, *options, users={}):
            end = time.monotonic() + PATIENCE
            while not accepted <= set(stored(folder)) and time.monotonic() < end:
                time.sleep(0.2)
        found = stored(folder)
        return accepted, before, found


def main():
    program = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    messages = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    chance = random.Random(1)
    failures = 0
    print(f"1..{rounds}")
    for number in range(1, rounds + 1):
        accepted, before, found = kill_once(program, messages, chance.randrange(20, messages))
        lost = sorted(accepted - set(found))
        twice = sorted(one for one in set(found) if found.count(one) > 1)
        good = not lost and len(twice) < UNDER_WAY and max(map(found.count, twice), default=2) == 2
        failures += not good
        print(f"{'ok' if good else 'not ok'} {number} - killed after {len(accepted)} were accepted and "
              f"{len(before)} had arrived; {len(set(found))} arrived, {len(twice)} of them twice", flush=True)
        if lost:
            print(f"# lost: {lost}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
