#!/usr/bin/env python3
"""Every message of generated captures comes back octet for octet, or is said to be incomplete.

    check-accuracy.py MAILWALK [--conversations N] [--seeds N] [FORM...]

The generator beside this file knows the truth: what each message holds and which octets of it each
lost segment carried. Nothing here is mailwalk's own reading of TCP or of mail. Prints TAP.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail_maker import LONG_SIZES, SIZES, make_scripts  # noqa: E402
from wire_maker import Form, make_capture  # noqa: E402

FORMS = [
    Form("clean"),
    Form("small-segments", segment=90),
    Form("single-octets", segment=1, slots=2),
    Form("reordered-and-repeated", reorder_percent=10, repeat_percent=10),
    Form("overlapping", overlap_percent=20),
    Form("fragments", fragment_percent=30),
    Form("fragments-of-ipv6", fragment_percent=30, ipv6_percent=100),
    Form("ipv6", ipv6_percent=50),
    Form("midstream", is_midstream=True),
    Form("midstream-reordered", is_midstream=True, reorder_percent=10, repeat_percent=5),
    Form("split-heads", has_split_heads=True),
    Form("vlan", tags=1),
    Form("stacked-vlan", tags=2),
    Form("raw", link="raw", ipv6_percent=50),
    Form("sll", link="sll"),
    Form("pcapng", is_pcapng=True),
    Form("pcapng-nanoseconds", is_pcapng=True, has_nanoseconds=True),
    Form("nanoseconds", has_nanoseconds=True),
    Form("big-endian", is_big_endian=True),
    Form("everything", tags=1, is_pcapng=True, has_nanoseconds=True, ipv6_percent=30,
         fragment_percent=5, reorder_percent=5, repeat_percent=5, overlap_percent=5,
         has_split_heads=True, segment=700),
    Form("long-messages", has_long_messages=True, slots=3),
    Form("lost", loss_percent=3),
    Form("lost-small-segments", loss_percent=1, segment=200),
    Form("lost-and-reordered", loss_percent=2, reorder_percent=5, repeat_percent=5, segment=500),
    Form("shortened", snapshot=600),
]


def dissect(program, *arguments):
    run = subprocess.run([program, "dissect", *arguments], capture_output=True, timeout=300)
    if run.returncode != 0:
        raise RuntimeError(f"{arguments} ended with {run.returncode}: {run.stderr.decode()[:500]}")
    return run.stdout


def read_eml(folder):
    complete, incomplete = [], []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            (incomplete if ".incomplete" in name else complete).append(file.read())
    return complete, incomplete


def read_mbox(path):
    """The form called mboxrd, with the line ends of the messages."""
    with open(path, "rb") as file:
        octets = file.read()
    parts = re.split(rb"(?m)^From .*\n", octets)[1:]
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", part[:-1]) for part in parts]


def snapshot_losses(form, flow):
    """Octets of each segment that lie behind the snapshot length, as (side, from, to)."""
    head = 14 + 20 + 20
    for segment in flow.segments:
        kept = max(0, form.snapshot - head)
        if len(segment.octets) > kept:
            yield segment.side, segment.at + kept, segment.at + len(segment.octets)


def joined(ranges):
    out = []
    for begin, end in sorted(ranges):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return out


def wire_octets(flow, side, begin, end):
    whole = b"".join(octets for its_side, octets, _ in flow.script.turns if its_side == side)
    return whole[begin:end]


def missing_ranges(flow, message, lost):
    """What a reader must list: places in the message as far as it can count them, that is, dots
    taken away before a gap and not behind it in the same line. None: the end is unknown."""
    ranges, at = [], 0
    at_line_start = True
    for begin, end in message.carried:
        place = begin
        for gap_begin, gap_end in [gap for gap in lost if gap[1] > begin and gap[0] < end]:
            head = wire_octets(flow, message.side, place, max(place, gap_begin))
            at += length_without_dots(head, at_line_start) if message.is_stuffed else len(head)
            ranges.append((at, at + min(gap_end, end) - max(gap_begin, begin)))
            at = ranges[-1][1]
            place, at_line_start = gap_end, False
        tail = wire_octets(flow, message.side, place, end)
        at += length_without_dots(tail, at_line_start) if message.is_stuffed else len(tail)
    return joined(ranges)


def length_without_dots(octets, at_line_start):
    text = octets if at_line_start else b"x" + octets
    return len(octets) - len(re.findall(rb"(?:\A|\r\n)\.", text))


class Truth:
    """Sorts the messages of a capture by what was lost of them and around them."""

    def __init__(self, form, flows):
        self.whole, self.harmed, self.doubtful = [], [], []
        for flow in flows:
            lost = [joined(flow.lost[side] + [
                (begin, end) for its_side, begin, end in snapshot_losses(form, flow)
                if its_side == side]) for side in (0, 1)]
            for message in flow.script.messages:
                self.sort(flow, message, lost)

    def sort(self, flow, message, lost):
        mine = lost[message.side]
        touched = any(
            gap[1] > begin and gap[0] < end for gap in mine for begin, end in message.carried)
        if not mine and not lost[1 - message.side]:
            self.whole.append(message)
        elif not touched:
            self.doubtful.append((message, None))
        else:
            # Where commands, answers or the end are lost too, the ranges hang on more than TCP.
            span = message.carried[0][0] - 200, message.carried[-1][1] + 40
            is_plain = len(message.carried) == 1 and not lost[1 - message.side] and all(
                gap[0] > message.carried[0][0] and gap[1] < message.carried[-1][1]
                for gap in mine if gap[1] > span[0] and gap[0] < span[1]) and len(
                    [gap for gap in mine if gap[0] < span[0]]) == 0
            ranges = missing_ranges(flow, message, mine) if is_plain else None
            self.harmed.append((message, ranges))


def digest(octets):
    return hashlib.sha256(octets).hexdigest()


def judge(truth, complete, incomplete, mbox, lines):
    """Sentences on what is wrong; none: all is as it must be."""
    wrong = []
    everything = truth.whole + [message for message, _ in truth.doubtful + truth.harmed]
    known = collections.Counter(message.octets for message in everything)
    found = collections.Counter(complete)
    for message in truth.whole:
        if found[message.octets] < 1:
            wrong.append(f"{message.kind} of {len(message.octets)} octets is not among the files")
    for octets in found - known:
        wrong.append(f"a file of {len(octets)} octets is said to be complete and is no message: "
                     f"{octets[:60]}")
    if collections.Counter(mbox) != collections.Counter(complete + [
            octets if octets.endswith(b"\n") else octets for octets in incomplete]):
        wrong.append("the mbox holds other messages than the files")
    messages = [line for line in lines if line["type"] == "message"]
    certified = collections.Counter(line["sha256"] for line in messages if line["complete"])
    if certified != collections.Counter(digest(octets) for octets in complete):
        wrong.append("the JSON lines call other messages complete than the files do")
    wrong += judge_ranges(truth, messages)
    return wrong


def judge_ranges(truth, messages):
    wrong = []
    listed = [line for line in messages if not line["complete"]]
    shown = collections.Counter(str(line["missing"]) for line in listed)
    for message, ranges in truth.harmed:
        if ranges is None:
            continue
        text = str([list(pair) for pair in ranges])
        if shown[text] == 0:
            wrong.append(f"{message.kind} of {len(message.octets)} octets lacks {text}, which no "
                         "incomplete message says")
        shown[text] -= 1
    if len(listed) < len([1 for _, ranges in truth.harmed if ranges is not None]):
        wrong.append(f"{len(truth.harmed)} messages were harmed, {len(listed)} are listed")
    return wrong


def check_form(program, form, seed, conversations, folder):
    count, sizes = (2, LONG_SIZES) if form.has_long_messages else (conversations, SIZES)
    scripts = make_scripts(seed, count, form.has_split_heads, sizes)
    octets, flows = make_capture(form, scripts, seed)
    capture = os.path.join(folder, f"{form.name}-{seed}.pcap")
    with open(capture, "wb") as file:
        file.write(octets)
    eml, mbox = capture + ".eml", capture + ".mbox"
    lines = dissect(program, "--json", "--eml", eml, "--mbox", mbox, capture)
    lines = [json.loads(line) for line in lines.decode("utf-8").splitlines()]
    complete, incomplete = read_eml(eml)
    truth = Truth(form, flows)
    boxed = [octets if octets in complete + incomplete else octets[:-1] for octets in read_mbox(mbox)]
    wrong = judge(truth, complete, incomplete, boxed, lines)
    counts = (f"{len(truth.whole)} whole, {len(truth.harmed)} harmed, {len(truth.doubtful)} beside a "
              f"loss; {len(complete)} complete, {len(incomplete)} incomplete")
    return wrong, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--conversations", type=int, default=25)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--keep", help="folder that keeps the captures")
    parser.add_argument("forms", nargs="*")
    options = parser.parse_args()
    number = failures = 0
    with tempfile.TemporaryDirectory() as temporary:
        for form in FORMS:
            for seed in range(1, options.seeds + 1):
                if options.forms and form.name not in options.forms:
                    continue
                number += 1
                folder = options.keep or temporary
                wrong, counts = check_form(
                    options.program, form, seed, options.conversations, folder)
                failures += bool(wrong)
                print(f"{'not ok' if wrong else 'ok'} {number} - {form.name}, seed {seed}: {counts}")
                for sentence in wrong[:10]:
                    print("#", sentence)
    print(f"1..{number}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
