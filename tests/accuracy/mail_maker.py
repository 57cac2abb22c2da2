"""Conversations whose messages are known: what each side says, and where in it each message lies.

A script is a list of turns. A turn is the octets that one side sends before the other one answers;
a message remembers which octets of the side's stream carried it, so that a test can tell what a lost
segment took away.
"""

import random

CLIENT, SERVER = 0, 1
PORTS = {"data": 25, "bdat": 587, "pop3": 110, "imap": 143}
HOSTS = ["crepes.fr", "hamburger.edu", "ksit.edu.in"]


class Message:
    """One message: its octets, and the stretches (from, to) of one side's stream that carried it."""

    def __init__(self, kind, side, octets):
        self.kind, self.side, self.octets = kind, side, octets
        self.carried = []
        self.is_stuffed = False


class Script:
    def __init__(self, kind, chance, sizes):
        self.kind, self.port, self.chance, self.sizes = kind, PORTS[kind], chance, sizes
        self.turns = []  # (side, octets, where a segment must begin)
        self.said = [0, 0]
        self.messages = []

    def say(self, side, octets, splits_before=False):
        """'splits_before': these octets begin a segment of their own."""
        if isinstance(octets, str):
            octets = octets.encode("latin-1") + b"\r\n"
        begin = self.said[side]
        self.said[side] += len(octets)
        if self.turns and self.turns[-1][0] == side:
            last = self.turns[-1]
            cuts = last[2] + ([len(last[1])] if splits_before else [])
            self.turns[-1] = (side, last[1] + octets, cuts)
        else:
            self.turns.append((side, octets, []))
        return begin, self.said[side]

    def say_message(self, message, octets, splits_before=False):
        message.carried.append(self.say(message.side, octets, splits_before))
        if message not in self.messages:
            self.messages.append(message)


def body_line(chance):
    kind = chance.randrange(12)
    if kind == 0:
        return b"." * chance.randrange(1, 5)
    if kind == 1:
        return b"." + bytes(chance.choices(b"abc .", k=9))
    if kind == 2:
        return b">" * chance.randrange(3) + b"From the sea"
    if kind == 3:
        return b""
    if kind == 4:
        return bytes(chance.choices(range(128, 256), k=30))
    if kind == 5:
        return bytes(chance.choices(b"longline ", k=chance.randrange(900)))
    return bytes(chance.choices(b"abcdefghij  klmnop", k=chance.randrange(78)))


SIZES = [0, 3, 20, 60, 200]  # lines
LONG_SIZES = [20_000]  # more octets than are held of one message


def message_octets(script, ends_anyhow=False):
    """Headers and a body with dots, From lines and 8-bit octets; the end is a CRLF, unless the
    transfer counts octets ('ends_anyhow')."""
    chance = script.chance
    host = chance.choice(HOSTS)
    head = [
        f"From: Alice <alice@{host}>",
        "To: Bob <bob@hamburger.edu>",
        f"Message-ID: <{chance.getrandbits(60):015x}@{host}>",
        f"Subject: Lesson {chance.randrange(1000)}",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
        "",
    ]
    lines = [line.encode() for line in head]
    size = chance.choice(script.sizes)
    lines += [body_line(chance) for _ in range(size)]
    octets = b"\r\n".join(lines) + b"\r\n"
    return octets[:-2] + b"the end" if ends_anyhow and chance.randrange(3) == 0 else octets


def stuffed(octets):
    lines = octets.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


def say_hello(script):
    script.say(SERVER, "220 hamburger.edu ESMTP")
    script.say(CLIENT, "EHLO crepes.fr")
    for line in ["250-hamburger.edu", "250-PIPELINING", "250-CHUNKING", "250 8BITMIME"]:
        script.say(SERVER, line)


def say_quit(script, answer):
    script.say(CLIENT, "QUIT")
    script.say(SERVER, answer)


def data_script(script, with_split_heads):
    chance = script.chance
    say_hello(script)
    for _ in range(chance.randrange(1, 4)):
        is_pipelined = chance.randrange(2)
        script.say(CLIENT, "MAIL FROM:<alice@crepes.fr>")
        if not is_pipelined:
            script.say(SERVER, "250 2.1.0 ok")
        script.say(CLIENT, "RCPT TO:<bob@hamburger.edu>")
        if not is_pipelined:
            script.say(SERVER, "250 2.1.5 ok")
        script.say(CLIENT, "DATA")
        if is_pipelined:
            script.say(SERVER, "250 2.1.0 ok")
            script.say(SERVER, "250 2.1.5 ok")
        script.say(SERVER, "354 go on")
        message = Message("DATA", CLIENT, message_octets(script))
        message.is_stuffed = True
        script.say_message(message, stuffed(message.octets))
        script.say(CLIENT, ".")
        script.say(SERVER, "250 2.0.0 taken")
    say_quit(script, "221 2.0.0 bye")


def bdat_script(script, with_split_heads):
    chance = script.chance
    say_hello(script)
    for _ in range(chance.randrange(1, 3)):
        script.say(CLIENT, "MAIL FROM:<alice@crepes.fr> BODY=8BITMIME")
        script.say(CLIENT, "RCPT TO:<bob@hamburger.edu>")
        message = Message("BDAT", CLIENT, message_octets(script, True))
        rest, chunks = message.octets, 0
        while rest or chunks == 0:
            length = min(len(rest), chance.choice([1, 100, 1000, 5000]))
            is_last = length == len(rest) and chance.randrange(2) == 0
            script.say(CLIENT, f"BDAT {length}{' LAST' if is_last else ''}", with_split_heads)
            script.say_message(message, rest[:length], with_split_heads)
            rest, chunks = rest[length:], chunks + 1
        if not is_last:
            script.say(CLIENT, "BDAT 0 LAST")
            chunks += 1
        for _ in range(2 + chunks):
            script.say(SERVER, "250 2.0.0 ok")
    say_quit(script, "221 2.0.0 bye")


def pop3_script(script, with_split_heads):
    chance = script.chance
    script.say(SERVER, "+OK ready")
    for command in ["USER bob", "PASS hungry", "STAT"]:
        script.say(CLIENT, command)
        script.say(SERVER, "+OK 1 2")
    for number in range(1, chance.randrange(2, 5)):
        message = Message("RETR", SERVER, message_octets(script))
        message.is_stuffed = True
        script.say(CLIENT, f"RETR {number}")
        script.say(SERVER, chance.choice(["+OK", f"+OK {len(message.octets)} octets", "+OK message follows"]))
        script.say_message(message, stuffed(message.octets), with_split_heads)
        script.say(SERVER, ".")
        script.say(CLIENT, f"DELE {number}")
        script.say(SERVER, "+OK deleted")
    say_quit(script, "+OK bye")


def say_fetch_in_parts(script, number, tag, message):
    """BODY[]<0.n>, BODY[]<n.n> ... until fewer octets come than were asked for."""
    step = script.chance.choice([200, 1000, 4000])
    at = 0
    while True:
        part = message.octets[at:at + step]
        script.say(CLIENT, f"{tag}{at} FETCH {number} BODY.PEEK[]<{at}.{step}>")
        script.say(SERVER, f"* {number} FETCH (BODY[]<{at}> {{{len(part)}}}")
        script.say_message(message, part)
        script.say(SERVER, ")")
        script.say(SERVER, f"{tag}{at} OK done")
        if len(part) < step:
            return
        at += step


def imap_script(script, with_split_heads):
    chance = script.chance
    script.say(SERVER, "* OK IMAP4rev1 LITERAL+")
    script.say(CLIENT, "a LOGIN bob hungry")
    script.say(SERVER, "a OK in")
    script.say(CLIENT, "b SELECT INBOX")
    script.say(SERVER, "* 9 EXISTS")
    script.say(SERVER, "b OK [READ-WRITE]")
    for number in range(1, chance.randrange(2, 5)):
        way = chance.randrange(4)
        octets = message_octets(script, True)
        if way == 0:
            say_fetch_in_parts(script, number, "p", Message("FETCH", SERVER, octets))
        elif way == 1:
            message = Message("APPEND", CLIENT, octets)
            plus = chance.choice(["+", ""])
            script.say(CLIENT, f"c{number} APPEND Sent (\\Seen) {{{len(octets)}{plus}}}")
            if not plus:
                script.say(SERVER, "+ go on")
            script.say_message(message, octets)
            script.say(CLIENT, "")
            script.say(SERVER, f"c{number} OK appended")
        else:
            item = chance.choice(["BODY[]", "RFC822", "BODY[]"])
            message = Message("FETCH", SERVER, octets)
            script.say(CLIENT, f"d{number} UID FETCH {number} (FLAGS {item})")
            script.say(SERVER, f"* {number} FETCH (UID {number} {item} {{{len(octets)}}}")
            script.say_message(message, octets, with_split_heads)
            script.say(SERVER, " FLAGS (\\Seen))")
            script.say(SERVER, f"d{number} OK done")
    script.say(CLIENT, "z LOGOUT")
    script.say(SERVER, "* BYE")
    script.say(SERVER, "z OK bye")


MAKERS = {"data": data_script, "bdat": bdat_script, "pop3": pop3_script, "imap": imap_script}


def make_scripts(seed, count, with_split_heads, sizes):
    chance = random.Random(seed)
    scripts = []
    for _ in range(count):
        script = Script(chance.choice(sorted(MAKERS)), chance, sizes)
        MAKERS[script.kind](script, with_split_heads)
        scripts.append(script)
    return scripts
