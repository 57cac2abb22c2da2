"""An IMAP session that keeps what the server says as it came, and takes it apart: strings as bytes,
numbers and atoms as str, NIL as None, brackets as lists."""

import re
import socket

from listening import Wrong

ATOM = re.compile(rb'[^ ()"\r\n{]+')


class Wire:
    """One session; use it in a with statement."""

    def __init__(self, port, user, password):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.file = self.socket.makefile("rb")
        self.count = 0
        self.file.readline()
        self.good(f'LOGIN {user} "{password}"')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def response(self):
        """A response with its literals in place."""
        octets = b""
        while True:
            line = self.file.readline()
            if not line:
                raise Wrong("the server is gone")
            octets += line
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if literal is None:
                return octets
            octets += self.file.read(int(literal.group(1)))

    def command(self, text, literal=None):
        """(status, tagged line, untagged responses)"""
        self.count += 1
        tag = f"w{self.count}".encode()
        line = text if isinstance(text, bytes) else text.encode()
        if literal is None:
            self.socket.sendall(tag + b" " + line + b"\r\n")
        else:
            self.socket.sendall(tag + b" " + line + b" {%d}\r\n" % len(literal))
        untagged = []
        while True:
            response = self.response()
            if response.startswith(b"+") and literal is not None:
                self.socket.sendall(literal + b"\r\n")
            elif response.startswith(tag + b" "):
                words = response.decode("utf-8", "replace").split(" ", 2)
                return words[1], words[-1].rstrip(), untagged
            else:
                untagged.append(response)

    def good(self, text, literal=None):
        status, line, untagged = self.command(text, literal)
        if status != "OK":
            raise Wrong(f"{text}: {status} {line}")
        return untagged

    def fetch(self, items, numbers="1:*"):
        """{number: {item: value}}"""
        found = {}
        for response in self.good(f"FETCH {numbers} {items}"):
            match = re.match(rb"\* (\d+) FETCH ", response)
            if match:
                (values,), _ = parse(response[match.end():-2])
                pairs = dict(zip((name.upper() for name in values[::2]), values[1::2]))
                found.setdefault(int(match.group(1)), {}).update(pairs)
        return found

    def search(self, criteria):
        """The numbers, or the refusal's status."""
        status, _, untagged = self.command(f"SEARCH {criteria}")
        if status != "OK":
            return status
        return [int(word) for line in untagged if line.startswith(b"* SEARCH")
                for word in line.split()[2:]]


def parse_string(octets, at):
    value = b""
    at += 1
    while octets[at:at + 1] != b'"':
        at += octets[at:at + 1] == b"\\"
        value += octets[at:at + 1]
        at += 1
    return value, at + 1


def parse_word(octets, at):
    """An atom; with BODY[HEADER.FIELDS (TO)]<0> all of it."""
    start = at
    while at < len(octets) and octets[at:at + 1] not in (b" ", b"(", b")", b"\r"):
        at = octets.index(b"]", at) if octets[at:at + 1] == b"[" else at
        at += 1
    text = octets[start:at].decode("ascii", "replace")
    return None if text.upper() == "NIL" else text, at


def parse(octets, at=0):
    """(values up to the closing bracket or the end, where that is)"""
    values = []
    while at < len(octets) and octets[at:at + 1] != b")":
        mark = octets[at:at + 1]
        if mark == b" ":
            at += 1
        elif mark == b"(":
            inner, at = parse(octets, at + 1)
            values.append(inner)
            at += 1
        elif mark == b'"':
            value, at = parse_string(octets, at)
            values.append(value)
        elif mark == b"{":
            end = octets.index(b"\r\n", at)
            length = int(octets[at + 1:end - 1])
            values.append(octets[end + 2:end + 2 + length])
            at = end + 2 + length
        else:
            value, at = parse_word(octets, at)
            values.append(value)
    return values, at
