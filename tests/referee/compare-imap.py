#!/usr/bin/env python3
"""compare-imap.py MAILWALK [CHECK...]: the same messages in Dovecot and in `mailwalk listen`; what
the two IMAP servers say of them is compared field by field. Where both may be right, the reason
stands in DIFFERENCES."""

import sys

from dovecot import PASSWORD as DOVECOT_PASSWORD, USER, Dovecot
from imap_wire import Wire
from listening import PASSWORDS, Listening, Wrong, main
from nasty_messages import MESSAGES

NO_PARTS = "RFC 9051 has no way to write a multipart without parts: we show it as one body"
NOT_DEEPER = "a part that is not a message has no part 1 inside (RFC 9051 §6.4.5.1)"
BROKEN = "not an address at all: each shows what it can make of it"
NO_DATE = "without a Date there is nothing earlier: Dovecot takes it as 1970"

# (message, what was asked): why the two differ, and both or we alone are right
DIFFERENCES = {
    ("no domain", "ENVELOPE"): "the host name may be empty; Dovecot writes MISSING_DOMAIN",
    ("broken addresses", "ENVELOPE"): BROKEN,
    ("fields twice", "ENVELOPE"): "RFC 5322 §3.6 allows one only: we take the first",
    ("folded", "ENVELOPE"): "unfolding takes out the line end only (RFC 5322 §2.2.3)",
    ("boundary begins another", "BODY.PEEK[1]"):
        "the line end before a boundary belongs to the boundary (RFC 2046 §5.1.1)",
    ("empty parts", "BODY.PEEK[2.MIME]"): "the empty line belongs to the header fetched",
    ("no empty line", "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM X-NONE)]"):
        "no empty line where the message has none (RFC 9051 §6.4.5.1)",
    ("parameters", "BODYSTRUCTURE"): "Dovecot joins RFC 2231 continuations, we show what stands",
    ("all", "BODY boundary"): "the header of a message inside is part of the body",
    ("all", "SENTBEFORE 5-Jan-2026"): NO_DATE,
    ("all", "FROM crepes.fr"): BROKEN,
}
for name in ("no boundary", "no parts"):
    for item in ("BODY", "BODYSTRUCTURE", "BODY.PEEK[1]", "BODY.PEEK[1.MIME]", "BODY.PEEK[1]<3.4>"):
        DIFFERENCES[(name, item)] = NO_PARTS
for name in ("a strange type", "an empty type"):
    for item in ("BODY", "BODYSTRUCTURE"):
        DIFFERENCES[(name, item)] = "such a type is to be taken as text/plain (RFC 2045 §5.2)"
for name in ("mixed", "alternative in mixed", "letter in a letter", "letter with parts in a letter",
             "never closed", "preamble and epilogue", "boundary with spaces",
             "boundary begins another", "a report"):
    for item in ("1.1", "1.1.MIME", "2.1", "2.1.MIME"):
        DIFFERENCES[(name, f"BODY.PEEK[{item}]")] = NOT_DEEPER

DATE = '"05-Jan-2026 09:00:00 +0000"'
FLAGS = ["", r"\Seen", r"\Flagged \Answered", r"\Draft $Todo", r"\Deleted"]

SECTIONS = [
    "BODY.PEEK[]", "BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]", "BODY.PEEK[1]", "BODY.PEEK[1.MIME]",
    "BODY.PEEK[2]", "BODY.PEEK[2.MIME]", "BODY.PEEK[3]", "BODY.PEEK[1.1]", "BODY.PEEK[1.2]",
    "BODY.PEEK[1.1.MIME]", "BODY.PEEK[2.HEADER]", "BODY.PEEK[2.TEXT]", "BODY.PEEK[2.1]",
    "BODY.PEEK[2.1.MIME]", "BODY.PEEK[2.2]", "BODY.PEEK[2.HEADER.FIELDS (SUBJECT)]",
    "BODY.PEEK[1.HEADER]", "BODY.PEEK[1.TEXT]", "BODY.PEEK[9.9]",
    "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM X-NONE)]",
    "BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT RECEIVED)]",
    "BODY.PEEK[]<0.10>", "BODY.PEEK[]<7.100>", "BODY.PEEK[TEXT]<1000000.5>",
    "BODY.PEEK[1]<3.4>", "RFC822.HEADER",
]

SEARCHES = [
    "ALL", "SEEN", "UNSEEN", "FLAGGED", "ANSWERED", "DRAFT", "DELETED", "KEYWORD $Todo",
    "UNKEYWORD $Todo", "NEW", "OLD", "NOT SEEN", "OR SEEN FLAGGED", "1:3,5", "UID 2:4", "2:*",
    "NOT (OR SEEN (FLAGGED ANSWERED))",
    "FROM alice", "FROM \"Alice\"", "FROM crepes.fr", "TO bob", "TO undisclosed", "CC carol",
    "BCC dave", "SUBJECT ketchup", "SUBJECT \"two words\"", "SUBJECT \"\"",
    "HEADER Message-ID \"\"", "HEADER X-Folded \"one two\"", "HEADER Subject ketchup",
    "HEADER X-None x", "BODY needle", "TEXT needle", "BODY boundary", "TEXT Content-Type",
    "BODY preamble", "BODY \"decoded needle\"", "TEXT alice",
    "LARGER 500", "SMALLER 200", "SENTON 5-Jan-2026", "SENTBEFORE 5-Jan-2026",
    "SENTSINCE 6-Jan-2026", "ON 5-Jan-2026", "BEFORE 5-Jan-2026", "SINCE 5-Jan-2026",
    'CHARSET UTF-8 SUBJECT "Crêpe"', 'CHARSET UTF-8 BODY "Crêpe"', 'CHARSET UTF-8 TEXT "crêpe"',
    'CHARSET UTF-8 FROM "Zoë"', 'CHARSET UTF-8 SUBJECT "CRÊPE"', "CHARSET NONE SUBJECT x",
    "SUBJECT", "NONSENSE", "1:3 UNSEEN SUBJECT m",
]


class Lines(int):
    """A count of lines. A last line without a line end may be counted or not: RFC 9051 §7.5.2 says
    no more than 'in text lines'. We count it, Dovecot does not."""

    def __eq__(self, other):
        return int(self) - int(other) in (0, 1)

    __hash__ = int.__hash__


def lower(value):
    return value.lower() if isinstance(value, bytes) else value


def parameters(values):
    """Names, and charsets, in either case."""
    if not isinstance(values, list):
        return lower(values)
    pairs = dict(zip((lower(name) for name in values[::2]), values[1::2]))
    return {name: lower(value) if name == b"charset" else value for name, value in pairs.items()}


def type_parameters(kind, values):
    """Text without a charset is in US-ASCII (RFC 2046 §4.1.2); a server may say so or not."""
    named = parameters(values)
    if kind[0] == b"text":
        named = {b"charset": b"us-ascii", **(named or {})}
    return named


def extension(values):
    """What follows in BODYSTRUCTURE: MD5, disposition, languages, location."""
    return [[lower(value[0]), parameters(value[1])]
            if isinstance(value, list) and len(value) == 2 and not isinstance(value[1], bytes)
            else value for value in values]


def usual(structure):
    """In one way what RFC 9051 §7.5.2 lets a server write in several."""
    if not isinstance(structure, list):
        return structure
    if isinstance(structure[0], list):
        n_parts = next(at for at, part in enumerate(structure) if not isinstance(part, list))
        rest = structure[n_parts:]
        return ([usual(part) for part in structure[:n_parts]] +
                [lower(rest[0])] + [parameters(value) for value in rest[1:2]] +
                extension(rest[2:]))
    kind = [lower(value) for value in structure[:2]]
    fields = kind + [type_parameters(kind, structure[2])] + structure[3:5] + [lower(structure[5])]
    fields.append(structure[6])
    at = 7
    if kind[0] == b"text":
        fields.append(Lines(structure[7]))
        at = 8
    elif kind == [b"message", b"rfc822"] and len(structure) > 9:
        fields += [structure[7], usual(structure[8]), Lines(structure[9])]
        at = 10
    return fields + extension(structure[at:])


class Pair:
    """Both servers with the same mailbox."""

    def __init__(self, program):
        self.listening = Listening(program)
        self.dovecot = Dovecot()
        self.ours = Wire(self.listening.ports["imap"], "bob", PASSWORDS["bob"])
        self.theirs = Wire(self.dovecot.imap, USER, DOVECOT_PASSWORD)
        for session in (self.ours, self.theirs):
            for number, (_, octets) in enumerate(MESSAGES):
                session.good(f"APPEND INBOX ({FLAGS[number % len(FLAGS)]}) {DATE}", octets)
            session.good("SELECT INBOX")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for thing in (self.ours, self.theirs, self.listening, self.dovecot):
            thing.__exit__()

    @staticmethod
    def compare(asked, ours, theirs, wrong):
        for number, (name, _) in enumerate(MESSAGES, 1):
            if ours.get(number) != theirs.get(number) and (name, asked) not in DIFFERENCES:
                wrong.append(f"{number} {name}, {asked}:\n  ours   {ours.get(number)}\n"
                             f"  theirs {theirs.get(number)}")


def judge(wrong):
    if wrong:
        raise Wrong("\n".join(wrong))


def sizes_flags_dates(program):
    """RFC822.SIZE, FLAGS, INTERNALDATE"""
    wrong = []
    with Pair(program) as pair:
        for item in ("RFC822.SIZE", "UID"):
            pair.compare(item, pair.ours.fetch(item), pair.theirs.fetch(item), wrong)
        # a day below 10 begins with a space or a zero (RFC 9051 §9: date-day-fixed)
        dates = [{number: values["INTERNALDATE"].replace(b" 5-", b"05-", 1)
                  for number, values in session.fetch("INTERNALDATE").items()}
                 for session in (pair.ours, pair.theirs)]
        pair.compare("INTERNALDATE", *dates, wrong)
        flags = [{number: sorted(flag for flag in values["FLAGS"] if flag != r"\Recent")
                  for number, values in session.fetch("FLAGS").items()}
                 for session in (pair.ours, pair.theirs)]
        pair.compare("FLAGS", *flags, wrong)
    judge(wrong)


def envelopes(program):
    """ENVELOPE"""
    wrong = []
    with Pair(program) as pair:
        pair.compare("ENVELOPE", *[{number: values["ENVELOPE"] for number, values
                                    in session.fetch("ENVELOPE").items()}
                                   for session in (pair.ours, pair.theirs)], wrong)
    judge(wrong)


def structures(program):
    """BODYSTRUCTURE and BODY"""
    wrong = []
    with Pair(program) as pair:
        for item in ("BODYSTRUCTURE", "BODY"):
            ours, theirs = [{number: usual(values[item]) for number, values
                             in session.fetch(item).items()}
                            for session in (pair.ours, pair.theirs)]
            pair.compare(item, ours, theirs, wrong)
    judge(wrong)


def sections(program):
    """BODY[...]: headers, parts, pieces"""
    wrong = []
    with Pair(program) as pair:
        for item in SECTIONS:
            # of a part that is not there: NIL or an empty string
            ours, theirs = [{number: [octets or b"" for octets in values.values()]
                             for number, values in session.fetch(item).items()}
                            for session in (pair.ours, pair.theirs)]
            pair.compare(item, ours, theirs, wrong)
    judge(wrong)


def searches(program):
    """SEARCH"""
    wrong = []
    with Pair(program) as pair:
        for criteria in SEARCHES:
            ours, theirs = pair.ours.search(criteria), pair.theirs.search(criteria)
            if ours != theirs and ("all", criteria) not in DIFFERENCES:
                wrong.append(f"{criteria}:\n  ours   {ours}\n  theirs {theirs}")
    judge(wrong)


if __name__ == "__main__":
    sys.exit(main([sizes_flags_dates, envelopes, structures, sections, searches]))
