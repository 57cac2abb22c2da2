#!/usr/bin/env python3
"""Runs `mailwalk explain` as a person would: exit status, messages, JSON lines. Called with the path
of the program; prints TAP."""

import base64
import json
import os
import random
import subprocess
import sys

random.seed(4648)
PROGRAM = sys.argv[1]
ENVIRONMENT = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}

MESSAGE = (
    "Received: from a.fr (b.fr [192.0.2.7]) by c.fr with ESMTP id 1; Mon, 21 Nov 2022 10:00:00 +0100\r\n"
    "Date: Mon, 21 Nov 2022 10:00:00 +0100\r\nFrom: Alice <alice@crepes.fr>\r\n"
    "Message-ID: <1@crepes.fr>\r\n\r\nDo you like ketchup?\r\n"
)

# arguments, standard input, exit status, what the output or the error holds
RUNS = [
    (["base64", "Lev!"], "", 0, "TGV2IQ=="),
    (["base64", "--hex", "4c 65:76,0x21"], "", 0, "TGV2IQ=="),
    (["base64"], "Lev!", 0, "TGV2IQ=="),
    (["base64", "--decode"], "TGV2IQ==\n", 0, "Lev!"),
    (["base64", "--decode", "TGV2IQ="], "", 1, "Here comes the end"),
    (["base64", "--decode", "TGV2IQ="], "", 1, "Letters come in fours"),
    (["base64", "--decode", "TGV2I"], "", 1, "too few for an octet of 8"),
    (["base64", "--decode", "--mime"], "TGV2\r\nIQ==\r\n", 0, "Lev!"),
    (["base64", "-e", "a\\r\\n\\x00\\\\"], "", 0, "YQ0KAFw="),
    (["base64", "--", "-x"], "", 0, "LXg="),
    (["base64", "-e", "\\q"], "", 2, "no escape '\\q' (character 1)"),
    (["base64", "--hex", "4"], "", 2, "character 1 starts none"),
    (["base64", "--hex", "41", "x"], "", 2, "not several"),
    (["base64", "--file", "/nonexistent"], "", 3, "cannot open /nonexistent"),
    (["bsae64", "x"], "", 2, "did you mean 'base64'?"),
    (["base64", "--jsno", "x"], "", 2, "did you mean --json?"),
    ([], "", 2, "a kind must be named"),
    (["--help"], "", 0, "cram-md5 CHALLENGE USER SECRET"),
    (["address", "alice@crepes.fr"], "", 0, "valid"),
    (["address", "a@b@c"], "", 1, "breaks sub-domain"),
    (["address"], "alice@crepes.fr\n", 0, "valid"),
    (["apop", "<1@b>"], "", 2, "'apop' wants BANNER SECRET [USER]; 1 argument was given"),
    (["apop", "+OK", "x"], "", 1, "no time stamp"),
    (["apop", "--hex", "00", "x", "y"], "", 2, "takes no --hex"),
    (["word", "--encoding", "x", "a"], "", 2, "--encoding is B or Q"),
    (["word", "--charset", "iso-8859-1", "例"], "", 1, "does not have"),
    (["qp", "--decode"], "a=zz", 1, "hexadecimal digits"),
    (["dot", "--decode", "-e", "a\\r\\n.\\r\\n"], "", 0, "ends the message"),
    (["dot", "--decode", "a"], "", 1, "the message goes on"),
    (["received"], MESSAGE, 0, "Hop 1"),
    (["message"], MESSAGE, 0, "alice@crepes.fr"),
]

# arguments, standard input: with --json every line must be JSON
JSON_RUNS = [
    (["base64", "Lev!"], ""), (["base64", "-d", "TG=="], ""), (["base64", "-d", "T-=="], ""),
    (["qp", "crêpes = "], ""), (["qp", "-d", "a=zz"], ""), (["word", "Crêpes"], ""),
    (["word", "=?UTF-8?Q?a=C3?= =?x?y"], ""), (["word", "-d", "plain"], ""),
    (["utf7", "Crêpes & Co"], ""), (["utf7", "-d", "&AOo"], ""), (["dot"], ".a\nb\n"),
    (["dot", "-d"], "a\n.\r\n\x00\r\n.\r\n"), (["address", 'much."more\\ unusual"@example.com'], ""),
    (["address", "<>"], ""), (["address", "<postmaster>"], ""), (["address", "A <a@b>, c@d"], ""),
    (["apop", "+OK <1@b>", "x"], ""), (["apop", "+OK", "x"], ""), (["auth-plain", "a", "b"], ""),
    (["auth-plain", "a"], ""), (["auth-login", "a", "b"], ""), (["auth-login", "-d", "YQ==", "?"], ""),
    (["cram-md5", "<1@b>", "a", "b"], ""), (["received"], MESSAGE), (["received"], "x"),
    (["parameter", "name", "Crêpes"], ""), (["parameter", "; name*0*=x''%zz"], ""), (["parameter", "?"], ""),
    (["message"], MESSAGE), (["message"], "\xff\x00\x1b[31m"),
]


def run(arguments, given):
    result = subprocess.run(
        [PROGRAM, "explain", *arguments], input=given.encode("utf-8", "surrogateescape"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, env=ENVIRONMENT, check=False,
    )
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def check_runs():
    for arguments, given, status, words in RUNS:
        code, out, err = run(arguments, given)
        if code != status:
            yield f"{arguments} gave {code}, not {status}: {out}{err}"
        if words not in (out if status < 2 else err):
            yield f"{arguments} does not say {words!r}: {out}{err}"
        if status < 2 and err:
            yield f"{arguments} wrote an error: {err}"
        if arguments != ["--help"]:
            for line in out.splitlines():
                if len(line) > 80:
                    yield f"{arguments} wrote a line of {len(line)}: {line}"


def check_json():
    for arguments, given in JSON_RUNS:
        code, out, err = run([*arguments, "--json"], given)
        text_code = run(arguments, given)[0]
        if code != text_code or code > 1 or err:
            yield f"{arguments} --json gave {code}, as text {text_code}: {err}"
        objects = [json.loads(line) for line in out.splitlines()]
        if objects[0]["type"] != "start" or objects[0]["schema"] != 1:
            yield f"{arguments} starts with {objects[0]}"
        end = objects[-1]
        if end["type"] != "end" or end["valid"] != (code == 0):
            yield f"{arguments} ends with {end}, exit status {code}"
        steps = [item["step"] for item in objects if item["type"] == "step"]
        if steps != list(range(1, end["steps"] + 1)):
            yield f"{arguments} numbers its steps {steps}"
        if any(ord(letter) < 32 for line in out.splitlines() for letter in line):
            yield f"{arguments} writes a control character"


def check_steps():
    """The groups of the JSON put together are what Python encodes."""
    for length in range(1, 40):
        data = bytes(random.randrange(256) for _ in range(length))
        code, out, _ = run(["base64", "--hex", data.hex(), "--json"], "")
        objects = [json.loads(line) for line in out.splitlines()]
        letters = "".join(item["letters"] for item in objects if item["type"] == "step")
        if code != 0 or letters != base64.b64encode(data).decode():
            yield f"{data.hex()} gave {letters}"


def main():
    checks = [check_runs, check_json, check_steps]
    failed = False
    print(f"1..{len(checks)}")
    for number, check in enumerate(checks, 1):
        failures = list(check())
        failed = failed or bool(failures)
        print(f"{'not ok' if failures else 'ok'} {number} - {check.__name__}")
        for line in failures[:20]:
            print("# " + line.replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
