#!/usr/bin/env python3
"""Holds our encodings and our address judge against other people's: Python's own codecs, and regular
expressions made from the grammars of the RFCs. The inputs are random, from a fixed seed.

Called with the path of codec-pipe; prints TAP."""

import base64
import binascii
import email.header
import email.message
import email.utils
import hmac
import random
import re
import smtplib
import subprocess
import sys

SEED = 20240229
random.seed(SEED)


def ask(requests):
    """All requests at once: (name, option, octets) in, octets or None out."""
    lines = "".join(f"{name} {option} {octets.hex() or '-'}\n" for name, option, octets in requests)
    result = subprocess.run(
        [sys.argv[1]], input=lines.encode(), stdout=subprocess.PIPE, check=True, timeout=100
    )
    answers = result.stdout.decode().splitlines()
    assert len(answers) == len(requests), (len(answers), len(requests))
    return [bytes.fromhex(line[3:]) if line.startswith("ok ") else None for line in answers]


def octets_of(length):
    return bytes(random.randrange(256) for _ in range(length))


def text_of(length, letters="abcXYZ  =?_.&-'%\"\\êß例🍔\t,;/+"):
    return "".join(random.choice(letters) for _ in range(length))


FAILURES = []


def expect(what, given, got, wanted):
    if got != wanted:
        FAILURES.append(f"{what}: {given!r} gave {got!r}, not {wanted!r}")


def check_base64():
    inputs = [octets_of(n) for n in list(range(200)) + [1000, 5000, 50000]]
    for data, got in zip(inputs, ask([("base64-encode", "-", data) for data in inputs])):
        expect("base64-encode", data, got, base64.b64encode(data))
    for data, got in zip(inputs, ask([("base64-lines", "-", data) for data in inputs])):
        expect("base64-lines", data, got, base64.encodebytes(data).replace(b"\n", b"\r\n"))
    texts = []
    for _ in range(4000):
        text = bytearray(base64.b64encode(octets_of(random.randrange(12))))
        for _ in range(random.randrange(3)):
            at = random.randrange(len(text) + 1)
            text[at:at + random.randrange(2)] = random.choice([b"=", b"A", b"-", b" ", b"/", b""])
        texts.append(bytes(text))
    right = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
    for text, got in zip(texts, ask([("base64-decode", "-", text) for text in texts])):
        wanted = base64.b64decode(text) if right.match(text) else None
        expect("base64-decode", text, got, wanted)
    texts = []
    for _ in range(1000):
        text = bytearray(base64.b64encode(octets_of(random.randrange(100))))
        for _ in range(random.randrange(6)):
            at = random.randrange(len(text) + 1)
            text[at:at] = random.choice([b"\r\n", b" ", b"*", b"\n", b"!"])
        texts.append(bytes(text))
    for text, got in zip(texts, ask([("base64-mime", "-", text) for text in texts])):
        expect("base64-mime", text, got, binascii.a2b_base64(text))


def check_quoted_printable():
    inputs = [octets_of(random.randrange(300)) for _ in range(500)]
    inputs += [text_of(random.randrange(300)).encode() for _ in range(500)]
    for mode in ("text", "binary"):
        for data, got in zip(inputs, ask([("qp-encode", mode, data) for data in inputs])):
            expect("qp-encode", data, binascii.a2b_qp(got), data)
            expect("qp line", data, max(map(len, got.split(b"\r\n"))) <= 76, True)
    encoded = [binascii.b2a_qp(data, istext=False) for data in inputs]
    encoded = [re.sub(rb"=\n", b"=\r\n", text) for text in encoded]
    for data, text, got in zip(inputs, encoded, ask([("qp-decode", "-", t) for t in encoded])):
        # Python now and then writes a line of 77 characters, one more than RFC 2045 allows.
        is_short = max(map(len, text.split(b"\r\n"))) <= 76
        expect("qp-decode", text, got, data if is_short else None)


def check_words():
    inputs = [text_of(random.randrange(1, 120), "abcXYZ =?_.ê例🍔") for _ in range(500)]
    for encoding in "BQ":
        requests = [("word-encode", encoding, text.encode()) for text in inputs]
        for text, got in zip(inputs, ask(requests)):
            words = got.decode().replace("\r\n", "")
            decoded = str(email.header.make_header(email.header.decode_header(words)))
            expect("word-encode", text, decoded, text)
    for charset in ("utf-8", "iso-8859-1"):
        texts = [text_of(random.randrange(1, 80), "abcXYZ _.êßü") for _ in range(500)]
        headers = [email.header.Header(t, charset, maxlinelen=70).encode("\r\n") for t in texts]
        requests = [("word-decode", "-", header.encode()) for header in headers]
        for text, header, got in zip(texts, headers, ask(requests)):
            expect("word-decode", header, got.decode(), text)


def to_modified_utf7(text):
    def shift(match):
        letters = base64.b64encode(match.group().encode("utf-16-be")).rstrip(b"=")
        return "&" + letters.decode().replace("/", ",") + "-"

    return re.sub(r"[^\x20-\x7e]+", shift, text.replace("&", "&-"))


def check_mailbox_names():
    inputs = [text_of(random.randrange(40)) for _ in range(1000)]
    for text, got in zip(inputs, ask([("utf7-encode", "-", text.encode()) for text in inputs])):
        expect("utf7-encode", text, got.decode(), to_modified_utf7(text))
    requests = [("utf7-decode", "-", to_modified_utf7(text).encode()) for text in inputs]
    for text, got in zip(inputs, ask(requests)):
        expect("utf7-decode", text, got.decode(), text)


def check_parameters():
    letters = "abcXYZ _.ê例🍔'%*"
    inputs = [text_of(random.randrange(1, 150), letters) for _ in range(500)]
    for text, got in zip(inputs, ask([("parameter-encode", "-", t.encode()) for t in inputs])):
        message = email.message.Message()
        message["Content-Disposition"] = "attachment" + got.decode().replace("\r\n", "")
        expect("parameter-encode", text, message.get_filename(), text.strip())  # Python strips
    requests = []
    for text in inputs:
        message = email.message.Message()
        message.add_header("Content-Disposition", "attachment", filename=("utf-8", "", text))
        value = message["Content-Disposition"][len("attachment"):]
        requests.append(("parameter-decode", "-", value.encode()))
    for text, request, got in zip(inputs, requests, ask(requests)):
        expect("parameter-decode", request[2], got.decode(), text)


def check_dots():
    inputs = []
    for _ in range(1000):
        lines = [random.choice([".", "..", ".x", "x", "", "x."]) for _ in range(random.randrange(8))]
        inputs.append("".join(line + "\r\n" for line in lines).encode())
    for data, got in zip(inputs, ask([("dot-stuff", "-", data) for data in inputs])):
        expect("dot-stuff", data, got, smtplib.quotedata(data.decode()).encode() + b".\r\n")
    requests = [
        ("dot-unstuff", "-", smtplib.quotedata(data.decode()).encode() + b".\r\n") for data in inputs
    ]
    for data, got in zip(inputs, ask(requests)):
        expect("dot-unstuff", data, got, data)


def check_digests():
    for _ in range(20):
        secret = "".join(random.choice("abcdefgh") for _ in range(random.randrange(1, 100)))
        data = octets_of(random.randrange(100))
        (got,) = ask([("hmac-md5", secret, data)])
        expect("hmac-md5", secret, got, hmac.new(secret.encode(), data, "md5").digest())


def check_punycode():
    inputs = [text_of(random.randrange(1, 30), "abc-1êß例🍔") for _ in range(1000)]
    requests = [("punycode-decode", "-", text.encode("punycode")) for text in inputs]
    for text, got in zip(inputs, ask(requests)):
        expect("punycode-decode", text, got.decode(), text)


# The grammars, rule by rule, as regular expressions over octets.
ATEXT = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
ATOM = ATEXT + rb"+"
DOT_STRING = ATOM + rb"(?:\." + ATOM + rb")*"


def smtp_grammar():
    """RFC 5321 section 4.1.2 and 4.1.3"""
    quoted = rb'"(?:[ !#-\[\]-~]|\\[ -~])*"'
    sub_domain = rb"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    domain = sub_domain + rb"(?:\." + sub_domain + rb")*"
    number = rb"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"
    ipv4 = number + rb"(?:\." + number + rb"){3}"
    part = rb"[0-9A-Fa-f]{1,4}"
    forms = [part + rb"(?::" + part + rb"){7}"]
    forms.append(part + rb"(?::" + part + rb"){5}:" + ipv4)
    for before in range(7):
        for after in range(7 - before):
            left = rb":".join([part] * before)
            forms.append(left + rb"::" + rb":".join([part] * after))
    for before in range(5):
        for after in range(5 - before):
            left = rb":".join([part] * before)
            forms.append(left + rb"::" + (rb":".join([part] * after) + rb":" if after else rb"") + ipv4)
    ipv6 = rb"[Ii][Pp][Vv]6:(?:" + rb"|".join(forms) + rb")"
    local = rb"(?:" + DOT_STRING + rb"|" + quoted + rb")"
    literal = rb"\[(?:" + ipv4 + rb"|" + ipv6 + rb")\]"
    return re.compile(local + rb"@(?:" + domain + rb"|" + literal + rb")\Z")


def message_grammar(is_obsolete):
    """RFC 5322 sections 3.2 and 3.4.1, with the forms of section 4; comments nest twice at most"""
    control = rb"\x01-\x08\x0b\x0c\x0e-\x1f\x7f" if is_obsolete else rb""
    pair = rb"\\[\x00-\x7f]" if is_obsolete else rb"\\[ \t!-~]"
    fold = rb"(?:[ \t]+(?:\r\n[ \t]+)*|(?:\r\n[ \t]+)+)" if is_obsolete else rb"(?:[ \t]*\r\n[ \t]+|[ \t]+)"
    text = rb"[!-'*-\[\]-~" + control + rb"]|" + pair
    comment = rb"\((?:" + fold + rb"?(?:" + text + rb"))*" + fold + rb"?\)"
    for _ in range(2):
        comment = rb"\((?:" + fold + rb"?(?:" + text + rb"|" + comment + rb"))*" + fold + rb"?\)"
    space = rb"(?:(?:" + fold + rb"?" + comment + rb")+" + fold + rb"?|" + fold + rb")?"
    quoted_text = rb"[!#-\[\]-~" + control + rb"]|" + pair
    quoted = rb'"(?:' + fold + rb"?(?:" + quoted_text + rb"))*" + fold + rb'?"'
    domain_text = rb"[!-Z^-~" + control + rb"]" + (rb"|" + pair if is_obsolete else rb"")
    literal = rb"\[(?:" + fold + rb"?(?:" + domain_text + rb"))*" + fold + rb"?\]"
    if is_obsolete:
        word = space + rb"(?:" + ATOM + rb"|" + quoted + rb")" + space
        local = word + rb"(?:\." + word + rb")*"
        atom = space + ATOM + space
        domain = atom + rb"(?:\." + atom + rb")*"
    else:
        local = space + rb"(?:" + DOT_STRING + rb"|" + quoted + rb")" + space
        domain = space + DOT_STRING + space
    return re.compile(
        local + rb"@(?:" + domain + rb"|" + space + literal + space + rb")\Z"
    )


PIECES = [
    b"a", b"b1", b"-", b".", b"@", b'"', b"\\", b"(", b")", b" ", b"[", b"]", b":", b"\r\n ", b"\x01",
    b"_", b",", b"::", b"IPv6:", b"192.0.2.1", b"256", b"1:2", b"\t", b"<", b"\x7f", b"\r",
]
SKELETONS = [
    b"alice@crepes.fr", b'"alice b"@crepes.fr', b"a.b@[192.0.2.1]", b"a@[IPv6:1:2:3:4:5:6:7:8]",
    b"a@[IPv6:1:2::7:192.0.2.1]", b'much."more\\ unusual"@example.com', b"a (x) @ b (y (z))",
    b"a@[IPv6:::]", b" a . b @ c . d ", b"a@b\r\n ",
]


def address():
    if random.random() < 0.3:
        return b"".join(random.choice(PIECES) for _ in range(random.randrange(10)))
    text = bytearray(random.choice(SKELETONS))
    for _ in range(random.randrange(3)):
        at = random.randrange(len(text) + 1)
        text[at:at + random.randrange(3)] = random.choice(PIECES + [b""])
    return bytes(text)


def check_addresses():
    inputs = [address() for _ in range(20000)]
    grammars = {
        "5321": smtp_grammar(),
        "5322": message_grammar(False),
        "obsolete": message_grammar(True),
    }
    for rules, grammar in grammars.items():
        n_valid = 0
        for text, got in zip(inputs, ask([("address", rules, text) for text in inputs])):
            wanted = grammar.match(text) is not None
            n_valid += wanted
            expect("address by " + rules, text, got is not None, wanted)
        expect("address by " + rules, "enough valid ones", n_valid > 1000, True)


CHECKS = [
    check_base64, check_quoted_printable, check_words, check_mailbox_names, check_parameters,
    check_dots, check_digests, check_punycode, check_addresses,
]


def main():
    print(f"1..{len(CHECKS)}")
    failed = False
    for number, check in enumerate(CHECKS, 1):
        FAILURES.clear()
        check()
        failed = failed or bool(FAILURES)
        print(f"{'not ok' if FAILURES else 'ok'} {number} - {check.__name__}")
        for line in FAILURES[:10]:
            print("# " + line.replace("\n", " "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
