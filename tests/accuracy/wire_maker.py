"""Captures of given conversations, many at a time, in every form that captures come in: links,
file formats, fragments, overtaken, repeated, overlapping, lost and shortened segments."""

import random
import struct
from dataclasses import dataclass, field

CLIENT, SERVER = 0, 1
FIN, SYN, PSH, ACK = 1, 2, 8, 16
BEGIN_NS = 1_700_000_000_000_000_000


@dataclass
class Form:
    name: str
    link: str = "ethernet"  # raw, sll
    tags: int = 0  # of VLAN
    is_pcapng: bool = False
    has_nanoseconds: bool = False
    is_big_endian: bool = False
    ipv6_percent: int = 0
    fragment_percent: int = 0
    reorder_percent: int = 0
    repeat_percent: int = 0
    overlap_percent: int = 0
    loss_percent: float = 0
    is_midstream: bool = False
    has_split_heads: bool = False
    has_long_messages: bool = False
    snapshot: int = 262144
    segment: int = 1460
    slots: int = 8


@dataclass
class Segment:
    side: int
    at: int  # in the side's stream; None: no octets
    octets: bytes
    flags: int
    acknowledged: int
    is_lost: bool = False


@dataclass
class Flow:
    script: object
    addresses: tuple
    ports: tuple
    first: tuple  # sequence numbers of the first octets
    segments: list = field(default_factory=list)
    lost: list = field(default_factory=lambda: [[], []])  # (from, to) by side


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def cut_turn(side, octets, cuts, most):
    """The pieces of a turn: none longer than 'most', a new one at each place of 'cuts'."""
    places = sorted({0, len(octets), *cuts})
    for begin, end in zip(places, places[1:]):
        for at in range(begin, end, most):
            yield side, octets[at:min(at + most, end)]


def plan(flow, form, chance):
    """The segments of a conversation in the order in which they are sent."""
    sent = [0, 0]
    segments = flow.segments

    def add(side, octets, flags):
        segments.append(Segment(side, sent[side], octets, flags, sent[1 - side]))
        sent[side] += len(octets)

    if not form.is_midstream:
        segments.append(Segment(CLIENT, -1, b"", SYN, 0))
        segments.append(Segment(SERVER, -1, b"", SYN | ACK, 0))
        segments.append(Segment(CLIENT, 0, b"", ACK, 0))
    for side, octets, cuts in flow.script.turns:
        for _, piece in cut_turn(side, octets, cuts, form.segment):
            if chance.randrange(100) < form.overlap_percent and sent[side] > 0:
                back = min(sent[side], chance.randrange(1, 200))
                old = stream_octets(flow, side, sent[side] - back, sent[side])
                segments.append(Segment(side, sent[side] - back, old + piece, PSH | ACK, sent[1 - side]))
                sent[side] += len(piece)
            else:
                add(side, piece, PSH | ACK)
        segments.append(Segment(1 - side, sent[1 - side], b"", ACK, sent[side]))
    for side in (CLIENT, SERVER):
        segments.append(Segment(side, sent[side], b"", FIN | ACK, sent[1 - side] + side))
    segments.append(Segment(CLIENT, sent[CLIENT] + 1, b"", ACK, sent[SERVER] + 1))


def stream_octets(flow, side, begin, end):
    whole = b"".join(octets for its_side, octets, _ in flow.script.turns if its_side == side)
    return whole[begin:end]


def disturb(flow, form, chance):
    """Loses, repeats and delays segments with octets."""
    out, late = [], []
    for segment in flow.segments:
        if segment.octets and chance.random() * 100 < form.loss_percent:
            flow.lost[segment.side].append((segment.at, segment.at + len(segment.octets)))
            continue
        if segment.octets and chance.randrange(100) < form.reorder_percent:
            late.append((len(out) + chance.randrange(1, 4), segment))
            continue
        out.append(segment)
        if segment.octets and chance.randrange(100) < form.repeat_percent:
            late.append((len(out) + chance.randrange(0, 6), segment))
        for due, waiting in [pair for pair in late if pair[0] <= len(out)]:
            late.remove((due, waiting))
            out.append(waiting)
    # Behind the octets that were late the ends of the stream would be late, too.
    flow.segments = out + [segment for _, segment in late]


class Writer:
    def __init__(self, form, chance):
        self.form, self.chance = form, chance
        self.records = []
        self.identification = 0

    def transport(self, flow, segment):
        side = segment.side
        sequence = (flow.first[side] + segment.at) & 0xFFFFFFFF
        acknowledged = (flow.first[1 - side] + segment.acknowledged) & 0xFFFFFFFF
        head = struct.pack(
            "!HHIIBBHHH", flow.ports[side], flow.ports[1 - side], sequence,
            acknowledged if segment.flags & ACK else 0, 0x50, segment.flags, 32767, 0, 0)
        source, destination = flow.addresses[side], flow.addresses[1 - side]
        length = len(head) + len(segment.octets)
        pseudo = source + destination + struct.pack("!IHBB", length, 0, 0, 6)
        total = checksum(pseudo + head + segment.octets)
        return head[:16] + struct.pack("!H", total) + head[18:] + segment.octets

    def packets(self, flow, segment):
        """One packet, or the fragments of it."""
        source, destination = flow.addresses[segment.side], flow.addresses[1 - segment.side]
        payload = self.transport(flow, segment)
        self.identification += 1
        cuts = [0, len(payload)]
        if len(payload) > 64 and self.chance.randrange(100) < self.form.fragment_percent:
            cuts = [0, len(payload) // 3 & ~7, len(payload) * 2 // 3 & ~7, len(payload)]
        pieces = list(zip(cuts, cuts[1:]))
        if len(pieces) > 1 and self.chance.randrange(2):
            pieces.reverse()
        for begin, end in pieces:
            more = end < len(payload)
            build = self.ipv4 if len(source) == 4 else self.ipv6
            yield build(source, destination, payload[begin:end], begin, more, len(pieces) > 1)

    def ipv4(self, source, destination, payload, offset, more, is_fragment):
        head = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.identification & 0xFFFF,
            offset // 8 | (0x2000 if more else 0), 64, 6, 0, source, destination)
        return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload

    def ipv6(self, source, destination, payload, offset, more, is_fragment):
        extension = b""
        if is_fragment:
            extension = struct.pack("!BBHI", 6, 0, offset | int(more), self.identification)
        head = struct.pack(
            "!IHBB16s16s", 0x60000000, len(extension) + len(payload),
            44 if is_fragment else 6, 64, source, destination)
        return head + extension + payload

    def frame(self, packet):
        type_of = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
        if self.form.link == "raw":
            return packet
        if self.form.link == "sll":
            return struct.pack("!HHH", 0, 1, 6) + b"\2\0\0\0\0\1\0\0" + type_of + packet
        tags = b"".join(b"\x81\x00" + struct.pack("!H", 7 + i) for i in range(self.form.tags))
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2" + tags + type_of + packet
        return frame + b"\xa5" * max(0, 60 - len(frame))  # the padding of a short frame is no zeros

    def write(self, flow, segment):
        for packet in self.packets(flow, segment):
            self.records.append(self.frame(packet))

    def file(self):
        return pcapng_file(self.form, self.records) if self.form.is_pcapng else pcap_file(
            self.form, self.records)


LINK_TYPES = {"ethernet": 1, "raw": 101, "sll": 113}


def times_of(form, records):
    unit = 1 if form.has_nanoseconds else 1000
    return [(BEGIN_NS + number * 10_001) // unit for number in range(len(records))]


def pcap_file(form, records):
    order = ">" if form.is_big_endian else "<"
    magic = 0xA1B23C4D if form.has_nanoseconds else 0xA1B2C3D4
    second = 1_000_000_000 if form.has_nanoseconds else 1_000_000
    out = [struct.pack(
        order + "IHHiIII", magic, 2, 4, 0, 0, form.snapshot, LINK_TYPES[form.link])]
    for time, record in zip(times_of(form, records), records):
        kept = record[:form.snapshot]
        out.append(struct.pack(order + "IIII", time // second, time % second, len(kept), len(record)))
        out.append(kept)
    return b"".join(out)


def pcapng_block(kind, body):
    body += b"\0" * (-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def pcapng_file(form, records):
    interface = struct.pack("<HHI", LINK_TYPES[form.link], 0, form.snapshot)
    if form.has_nanoseconds:
        interface += struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
    out = [pcapng_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out += [pcapng_block(1, interface)] * 2
    for number, (time, record) in enumerate(zip(times_of(form, records), records)):
        kept = record[:form.snapshot]
        head = struct.pack(
            "<IIIII", number % 2, time >> 32, time & 0xFFFFFFFF, len(kept), len(record))
        out.append(pcapng_block(6, head + kept))
    return b"".join(out)


def make_flow(number, script, form, chance):
    addresses = (bytes([10, 0, number >> 8, number & 255]), bytes([192, 0, 2, 1 + number % 9]))
    if chance.randrange(100) < form.ipv6_percent:
        addresses = tuple(b"\x20\x01\x0d\xb8" + b"\0" * 8 + address for address in addresses)
    # Some sequence numbers run past their end.
    first = tuple(chance.choice([chance.getrandbits(32), 2**32 - 500]) for _ in range(2))
    return Flow(script, addresses, (20000 + number, script.port), first)


def make_capture(form, scripts, seed):
    """The octets of the capture file, and the flows with what was lost of them."""
    chance = random.Random(seed)
    writer = Writer(form, chance)
    flows = [make_flow(number, script, form, chance) for number, script in enumerate(scripts)]
    for flow in flows:
        plan(flow, form, chance)
        disturb(flow, form, chance)
    waiting, busy = list(flows), []
    while waiting or busy:
        while waiting and len(busy) < form.slots:
            busy.append((waiting.pop(0), iter(())))
            busy[-1] = (busy[-1][0], iter(busy[-1][0].segments))
        flow, segments = chance.choice(busy)
        segment = next(segments, None)
        if segment is None:
            busy.remove((flow, segments))
        else:
            writer.write(flow, segment)
    return writer.file(), flows
