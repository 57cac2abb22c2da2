#!/usr/bin/env python3
"""Foreign readers over the worlds that the tests of mail servers leave behind.

    check-mail-worlds.py BUILD_FOLDER [--worlds COUNT]

Runs the test programs with MAILWALK_CAPTURES set. tshark must read every capture without a
malformed packet or a wrong checksum, and must find SMTP and DNS in it. Python's email package must
read every message in every mailbox without a defect; a delivery report must have the three parts of
RFC 6522 and fields that it can read, a digest must hold messages. Exit status 0: nothing to
complain about; 1: complaints; 77: there is no tshark.
"""
import argparse
import email
import email.policy
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = [
    "sim-test-transfer-route",
    "sim-test-transfer-queue",
    "sim-test-transfer-policy",
    "sim-test-transfer-chaos",
    "sim-test-list-server",
]
FIELDS = [
    "frame.number",
    "_ws.malformed",
    "ip.checksum.status",
    "tcp.checksum.status",
    "udp.checksum.status",
    "frame.protocols",
]
BAD = "0"


def judge_capture(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=\x1f"]
    for option in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"):
        command += ["-o", option + ":TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    protocols = set()
    for line in run.stdout.splitlines():
        values = dict(zip(FIELDS, line.split("\x1f")))
        protocols.update(values["frame.protocols"].split(":"))
        if values["_ws.malformed"]:
            yield "frame {} is malformed".format(values["frame.number"])
        # ICMP quotes what a link damaged on purpose.
        quotes = "icmp" in values["frame.protocols"]
        for layer in () if quotes else ("ip", "tcp", "udp"):
            if BAD in values[layer + ".checksum.status"].split(","):
                yield "frame {} has a wrong {} checksum".format(values["frame.number"], layer)
    if "dns" not in protocols and "smtp" not in protocols:
        yield "there is no mail in it"


def judge_report(message):
    parts = message.get_payload()
    kinds = [part.get_content_type() for part in parts]
    if len(kinds) != 3 or kinds[0] != "text/plain" or kinds[1] != "message/delivery-status":
        yield "a report with the parts {}".format(kinds)
        return
    if kinds[2] not in ("message/rfc822", "text/rfc822-headers"):
        yield "a report that gives back {}".format(kinds[2])
    blocks = parts[1].get_payload()
    if not blocks[0]["Reporting-MTA"]:
        yield "a report without Reporting-MTA"
    for block in blocks[1:]:
        for name in ("Final-Recipient", "Action", "Status"):
            if not block[name]:
                yield "a report without {}".format(name)
    if message["Return-Path"] != "<>":
        yield "a report with the reverse-path {}".format(message["Return-Path"])


def judge_digest(part):
    for child in part.get_payload():
        if child.get_content_type() != "message/rfc822":
            yield "a digest that holds {}".format(child.get_content_type())


def judge_message(path, counts):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.SMTP)
    counts["messages"] += 1
    for part in message.walk():
        for defect in part.defects:
            yield "{}: {}".format(part.get_content_type(), defect)
        if part.get_content_type() == "multipart/digest":
            counts["digests"] += 1
            yield from judge_digest(part)
    if message.get_content_type() == "multipart/report":
        counts["reports"] += 1
        yield from judge_report(message)
    for name in ("Return-Path", "Received", "From", "Date"):
        if message[name] is None:
            yield "a message without {}".format(name)


def run_programs(build, folder, worlds):
    environment = dict(os.environ, MAILWALK_CAPTURES=folder, MAILWALK_CHAOS_WORLDS=str(worlds))
    for program in PROGRAMS:
        command = [os.path.join(build, "tests", program)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--worlds", type=int, default=20)
    options = parser.parse_args()
    if not shutil.which("tshark"):
        print("there is no tshark: tests/support/setup.sh installs it")
        sys.exit(77)
    counts = {"captures": 0, "messages": 0, "reports": 0, "digests": 0}
    complaints = 0
    with tempfile.TemporaryDirectory(prefix="mailwalk-worlds-") as folder:
        run_programs(options.build, folder, options.worlds)
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            found = []
            if name.endswith(".pcap"):
                counts["captures"] += 1
                found = judge_capture(path)
            elif name.endswith(".eml"):
                found = judge_message(path, counts)
            for complaint in found:
                complaints += 1
                print("{}: {}".format(name, complaint))
    print(", ".join("{} {}".format(count, name) for name, count in counts.items()))
    if 0 in counts.values():
        print("something was not looked at: the programs left none of it")
        complaints += 1
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
