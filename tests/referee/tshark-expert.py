#!/usr/bin/env python3
"""tshark as a referee over every capture that the tests of the simulated network leave behind.

    tshark-expert.py BUILD_FOLDER [--seeds FROM-TO] [--keep FOLDER]

Runs the test programs with MAILWALK_CAPTURES set, then asks tshark of each capture: is a packet
malformed, is a checksum wrong, does the expert warn of anything that the scenario did not do on
purpose; and do the segments that its sequence analysis calls sent again agree, frame for frame,
with those that the world itself says it sent again. Exit status 0: nothing to complain about;
1: complaints; 77: there is no tshark.
"""
import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = [
    "sim-test-ip",
    "sim-test-link",
    "sim-test-tcp",
    "sim-test-tcp-loss",
    "sim-test-tcp-random",
]

# Expert texts above the rank of a note that a scenario brings about on purpose, by how they begin.
WINDOW = ("TCP Zero Window", "TCP window specified by the receiver is now completely full")
RESET = ("Connection reset (RST)",)
DISORDER = (
    "This frame is a (suspected) out-of-order segment",
    "Previous segment(s) not captured",
)
ON_PURPOSE = {
    "closed-window": WINDOW,
    "fin-at-closed-window": WINDOW,
    "writable": WINDOW,
    "one-lost": DISORDER,
    "release-with-unread": RESET,
    "refused": RESET,
    "close-while-opening": RESET,
    "abort": RESET,
    "octets-for-nobody": RESET,
    "host-down-and-up": RESET,
    "simultaneous-open": RESET + ("A new tcp session is started",),
    "port-reuse": ("A new tcp session is started",),
    "packet-too-big": (),
}
FIELDS = [
    "frame.number",
    "_ws.malformed",
    "_ws.expert.severity",
    "_ws.expert.message",
    "ip.checksum.status",
    "tcp.checksum.status",
    "udp.checksum.status",
    "icmp.checksum.status",
    "icmpv6.checksum.status",
    "tcp.analysis.retransmission",
    "tcp.analysis.fast_retransmission",
    "tcp.analysis.spurious_retransmission",
    "tcp.analysis.out_of_order",
    "tcp.analysis.keep_alive",
]
SEVERITY_WARNING = 0x600000
SEVERITY_ERROR = 0x800000
SPLIT = "\x1f"
JOIN = "\x1e"
CHECKSUM_GOOD_OR_NONE = {"", "1", "2", "3"}  # good, unverified, not present


def read_capture(path):
    """One dictionary for each frame, the value of each field a list."""
    command = ["tshark", "-r", path, "-T", "fields", "-E", f"separator={SPLIT}"]
    command += ["-E", f"aggregator={JOIN}", "-E", "occurrence=a"]
    for option in ("ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"):
        command += ["-o", f"{option}:TRUE"]
    # Random octets are no SMTP and no DNS: only the lower layers are on trial.
    for transport in ("tcp", "udp"):
        command += ["-d", f"{transport}.port==1-65535,data"]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in run.stdout.rstrip("\n").split("\n"):
        if not line:
            continue
        values = line.split(SPLIT)
        yield {
            field: [part for part in value.split(JOIN) if part != ""]
            for field, value in zip(FIELDS, values)
        }


def read_events(path):
    with open(path, encoding="utf-8") as events:
        for line in events:
            time, kind, host, connection, frame, text = line.rstrip("\n").split("\t", 5)
            yield kind, int(frame), text


class Verdict:
    def __init__(self):
        self.complaints = []
        self.captures = 0
        self.frames = 0
        self.resent = 0
        self.notes = collections.Counter()

    def complain(self, name, text):
        self.complaints.append(f"{name}: {text}")


def judge_checksums(verdict, name, frame):
    for field in FIELDS:
        if not field.endswith("checksum.status"):
            continue
        # The world tap sees frames before a link damages them, so none may ever be wrong. The
        # packet quoted in an ICMP error may have been damaged before, or be cut short, which
        # tshark does not take into account.
        is_error = frame["icmp.checksum.status"] or frame["icmpv6.checksum.status"]
        if is_error and not field.startswith("icmp"):
            continue
        values = frame[field]
        if any(value not in CHECKSUM_GOOD_OR_NONE for value in values):
            verdict.complain(name, f"frame {frame['frame.number'][0]}: {field} is bad")


def judge_expert(verdict, name, frame, allowed):
    severities = [int(value, 0) for value in frame["_ws.expert.severity"]]
    for severity, message in zip(severities, frame["_ws.expert.message"]):
        verdict.notes[message.split(" (#")[0][:60]] += 1
        is_quoted = frame["icmp.checksum.status"] or frame["icmpv6.checksum.status"]
        if is_quoted and message.startswith("Bad checksum"):
            continue
        if severity >= SEVERITY_WARNING and not message.startswith(tuple(allowed)):
            verdict.complain(name, f"frame {frame['frame.number'][0]}: {message}")


def judge_capture(verdict, name, pcap, events_path, is_random):
    frames = list(read_capture(pcap))
    events = list(read_events(events_path))
    kinds = {kind for kind, _, _ in events}
    allowed = list(ON_PURPOSE.get(name, ()))
    if is_random:
        allowed += WINDOW + RESET + DISORDER + ("A new tcp session is started",)
    if kinds & {"frame-lost", "frame-dropped", "frame-changed", "tcp-resent"}:
        allowed += DISORDER
    resent_by_world = {frame for kind, frame, _ in events if kind == "tcp-resent"}
    resent_by_tshark = set()
    for frame in frames:
        number = int(frame["frame.number"][0])
        if frame["_ws.malformed"]:
            verdict.complain(name, f"frame {number} is malformed")
        judge_checksums(verdict, name, frame)
        judge_expert(verdict, name, frame, allowed)
        if any(frame[field] for field in FIELDS if field.startswith("tcp.analysis.")):
            resent_by_tshark.add(number)
        if frame["tcp.analysis.keep_alive"] and number not in resent_by_world:
            resent_by_tshark.discard(number)
    if 0 not in resent_by_world:
        for number in sorted(resent_by_tshark - resent_by_world):
            verdict.complain(name, f"frame {number}: tshark takes it for sent again, it is not")
        for number in sorted(resent_by_world - resent_by_tshark):
            verdict.complain(name, f"frame {number} was sent again and tshark does not see it")
    verdict.captures += 1
    verdict.frames += len(frames)
    verdict.resent += len(resent_by_world)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("build")
    parser.add_argument("--seeds", default="1-60")
    parser.add_argument("--keep", help="leave the captures in this folder")
    options = parser.parse_args()
    if shutil.which("tshark") is None:
        print("1..0 # SKIP there is no tshark")
        return 77
    folder = options.keep or tempfile.mkdtemp(prefix="mailwalk-captures-")
    os.makedirs(folder, exist_ok=True)
    environment = dict(os.environ, MAILWALK_CAPTURES=folder, MAILWALK_SEEDS=options.seeds)
    for program in PROGRAMS:
        path = os.path.join(options.build, "tests", program)
        subprocess.run([path], env=environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    verdict = Verdict()
    for file in sorted(os.listdir(folder)):
        name, extension = os.path.splitext(file)
        if extension == ".pcap":
            pcap = os.path.join(folder, file)
            events = os.path.join(folder, name + ".events")
            judge_capture(verdict, name, pcap, events, name.startswith("random-"))
    for complaint in verdict.complaints[:100]:
        print(complaint)
    print(f"{verdict.captures} captures, {verdict.frames} frames, {verdict.resent} sent again, "
          f"{len(verdict.complaints)} complaints")
    for message, count in verdict.notes.most_common():
        print(f"{count:8} {message}")
    if options.keep is None:
        shutil.rmtree(folder)
    return 1 if verdict.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
