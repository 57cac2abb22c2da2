#!/usr/bin/env python3
"""soak-keys.py MAILWALK FOLDER [SECONDS [SEED]]: random keys, mouse clicks, broken octets and changes
of size for `run --step` and `dissect --step` on a terminal. The program must neither fall over nor
hang nor leave before it is told to. FOLDER is the source folder, whose traces are stepped through.
A round that fails says its seed, and with that seed and 0 seconds it is played again."""

import fcntl
import os
import pathlib
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

STORIES = ["alice-to-bob", "imap-two-devices", "webmail-both-ends", "lossy-link", "many-recipients",
           "queue-and-retry", "dns-walk", "smtp-by-hand"]
MOVES = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "\t",
         "\x1b[Z", "\r", "\x1b", "\x7f", " ", "\x1bOP", "\x0c"]
LETTERS = "?123cdfjklmnpstuw/g.,+-boah<>[]"
TEXTS = ["RCPT", "250", "refuse with 550", "refuse", "say \"NOOP\"", "bob sends", "9999999", "ü€漢", "\"",
         "drop frame 9", "at step 3 ", "\u202e", "e\u0301"]
BROKEN = [b"\xff", b"\xc3", b"\xe2\x82", b"\x1b[<0;5;5M", b"\x1b[M !!", b"\x1b[", b"\x1bO", b"\x00", b"\x01\x02",
          b"\x1b[999;999H", b"\xf4\x90\x80\x80"]
SIZES = [(80, 24), (160, 48), (40, 12), (20, 5), (1, 1), (300, 90), (81, 13), (119, 24), (120, 24)]
KEYS_OF_A_ROUND = 150
PATIENCE = 30


class Screen:
    def __init__(self, command, folder, size):
        self.master, slave = pty.openpty()
        self.resize(size)
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=subprocess.PIPE, cwd=folder, env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    def resize(self, size):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("4H", size[1], size[0], 0, 0))

    def drain(self, seconds):
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0 and self.process.poll() is None:
            if not select.select([self.master], [], [], left)[0]:
                break
            try:
                os.read(self.master, 65536)
            except OSError:
                break

    def type(self, octets):
        while octets and self.process.poll() is None:
            if select.select([], [self.master], [], 0.2)[1]:
                octets = octets[os.write(self.master, octets[:64]):]
            self.drain(0.001)

    def wait(self, seconds):
        """The status; None: it goes on."""
        limit = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < limit:
            self.drain(0.05)
        return self.process.poll()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGABRT)
        said = self.process.communicate(timeout=PATIENCE)[1].decode("utf-8", "replace")
        os.close(self.master)
        return said


def random_keys(dice):
    kind = dice.random()
    if kind < 0.45:
        return dice.choice(MOVES).encode()
    if kind < 0.85:
        return dice.choice(LETTERS).encode()
    if kind < 0.95:
        return dice.choice(TEXTS).encode()
    return dice.choice(BROKEN)


def play(program, source, folder, seed):
    """What is wrong; None: nothing."""
    dice = random.Random(seed)
    traces = sorted((source / "traces").glob("*/trace.pcap*"))
    what = ["run", dice.choice(STORIES)] if dice.random() < 0.5 else ["dissect", str(dice.choice(traces))]
    screen = Screen([program, *what, "--step"], folder, dice.choice(SIZES))
    screen.drain(0.5)
    typed = []
    for _ in range(KEYS_OF_A_ROUND):
        if dice.random() < 0.05:
            size = dice.choice(SIZES)
            typed.append(size)
            screen.resize(size)
            screen.drain(0.01)
        keys = random_keys(dice)
        typed.append(keys)
        screen.type(keys)
        if screen.process.poll() is not None:
            break
    has_left = screen.process.poll() is not None
    status = screen.process.poll()
    limit = time.monotonic() + PATIENCE
    while status is None and time.monotonic() < limit:
        screen.type(b"\x1b")
        screen.drain(0.2)
        screen.type(b"q")
        status = screen.wait(0.3)
    said = screen.end()
    right = (0, 1) if "damaged" in said else (0,)
    if has_left or status not in right:
        why = "it left by itself" if has_left and status == 0 else f"status {status}"
        why = "it did not end" if status is None else why
        tail = "\n".join(said.splitlines()[:30])
        return f"seed {seed}: {' '.join(what)}: {why}\nlast keys: {typed[-12:]}\n{tail}"
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    source = pathlib.Path(sys.argv[2]).absolute()
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 20
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    begin = time.monotonic()
    rounds = 0
    failures = 0
    while rounds == 0 or time.monotonic() - begin < seconds:
        with tempfile.TemporaryDirectory(prefix="mailwalk-keys-") as folder:
            problem = play(program, source, folder, seed + rounds)
        rounds += 1
        if problem is not None:
            failures += 1
            print("\n".join(f"# {line}" for line in problem.splitlines()), flush=True)
    print("1..1")
    print(f"{'not ok' if failures else 'ok'} 1 - {rounds} rounds of {KEYS_OF_A_ROUND} keys, from seed {seed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
