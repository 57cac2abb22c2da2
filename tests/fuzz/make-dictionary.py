#!/usr/bin/env python3
"""Writes a fuzzer's dictionary from the tables: every token of the protocols that a target reads.

    mailwalk rfc --dump | make-dictionary.py NAME > NAME.dict

Whatever a table gains, the fuzzer knows from then on. A target without tokens gets an empty file."""

import sys

PROTOCOLS = {
    "smtp": {"SMTP", "SASL"},
    "pop3": {"POP3", "SASL"},
    "imap": {"IMAP", "SASL"},
    "http": {"HTTP"},
    "message": {"message", "report", "MIME"},
    "mime": {"MIME", "message"},
    "dns": {"DNS"},
    "naming": {"DNS"},
    "sasl": {"SASL"},
    "capture": {"SMTP", "POP3", "IMAP", "HTTP"},
    "conversation": {"SMTP", "POP3", "IMAP", "HTTP"},
    "stream": {"SMTP", "POP3", "IMAP", "HTTP"},
    "user-agent": {"SMTP", "POP3", "IMAP", "HTTP", "SASL"},
    "webmail": {"HTTP", "MIME", "message"},
}
SPOKEN = {
    "command", "reply", "response", "response code", "extension", "parameter", "enhanced status code", "FETCH item",
    "SEARCH key", "STATUS item", "flag", "mailbox attribute", "header field", "media type", "encoding", "mechanism", "tag",
    "record type", "status", "method", "clause",
}


def protocols_of(name):
    """fuzz-smtp-server reads what fuzz-smtp reads."""
    return PROTOCOLS.get(name) or PROTOCOLS.get(name.split("-")[0], set())


def quoted(token):
    octets = token.encode("utf-8")
    return "".join(chr(o) if 32 <= o < 127 and chr(o) not in '"\\' else f"\\x{o:02x}" for o in octets)


def main():
    wanted = {protocol.lower() for protocol in protocols_of(sys.argv[1])}
    spoken = {kind.lower() for kind in SPOKEN}
    tokens = set()
    for line in sys.stdin:
        _, _, protocol, kind, token, _ = line.rstrip("\n").split("\t")
        if protocol.lower() in wanted and kind.lower() in spoken and len(token) <= 64:
            tokens.add(token)
    for token in sorted(tokens):
        print(f'"{quoted(token)}"')


main()
