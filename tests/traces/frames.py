"""Captures as lists of frames, and what can befall frames: lost, doubled, out of order, in pieces, on
another link. For the makers of traces; every length and checksum comes out right."""

import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ETHERNET, RAW, NULL, SLL2 = 1, 101, 0, 276
MILLISECOND = 1_000_000


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Frame:
    """An Ethernet frame with IPv4; of TCP its parts can be read and set."""

    def __init__(self, time, octets):
        self.time = time
        self.ethernet = octets[:14]
        self.ip = octets[14:34]
        total = struct.unpack("!H", octets[16:18])[0] if self.is_ip else 0
        self.rest = octets[34:14 + total] if self.is_ip else octets[14:]
        self.ip = self.ip if self.is_ip else b""

    @property
    def is_ip(self):
        return self.ethernet[12:14] == b"\x08\0"

    @property
    def is_tcp(self):
        return self.is_ip and self.ip[9] == 6

    @property
    def ends(self):
        ports = struct.unpack("!HH", self.rest[:4])
        return (self.ip[12:16], ports[0]), (self.ip[16:20], ports[1])

    @property
    def header_length(self):
        return (self.rest[12] >> 4) * 4

    @property
    def payload(self):
        return self.rest[self.header_length:]

    @property
    def flags(self):
        return self.rest[13]

    @property
    def sequence(self):
        return struct.unpack("!I", self.rest[4:8])[0]

    def with_tcp(self, time=None, sequence=None, acknowledgement=None, payload=None):
        """A copy of a TCP frame with other parts."""
        header = bytearray(self.rest[:self.header_length])
        payload = self.payload if payload is None else payload
        if sequence is not None:
            header[4:8] = struct.pack("!I", sequence & 0xFFFFFFFF)
        if acknowledgement is not None:
            header[8:12] = struct.pack("!I", acknowledgement & 0xFFFFFFFF)
        other = Frame(self.time if time is None else time, self.octets())
        other.rest = bytes(header) + payload
        other.mend()
        return other

    def mend(self):
        """Length and checksums of IPv4 and TCP."""
        self.ip = self.ip[:2] + struct.pack("!H", 20 + len(self.rest)) + self.ip[4:10] + b"\0\0" + self.ip[12:]
        self.ip = self.ip[:10] + struct.pack("!H", checksum(self.ip)) + self.ip[12:]
        if self.is_tcp:
            pseudo = self.ip[12:20] + struct.pack("!BBH", 0, 6, len(self.rest))
            bare = self.rest[:16] + b"\0\0" + self.rest[18:]
            self.rest = self.rest[:16] + struct.pack("!H", checksum(pseudo + bare)) + self.rest[18:]

    def octets(self):
        return self.ethernet + self.ip + self.rest


def read(octets):
    """The frames of a classic capture with nanoseconds, as mailwalk writes them."""
    assert octets[:4] == struct.pack("<I", 0xA1B23C4D)
    frames, at = [], 24
    while at < len(octets):
        seconds, nanoseconds, kept, _ = struct.unpack("<IIII", octets[at:at + 16])
        frames.append(Frame(seconds * 1_000_000_000 + nanoseconds, octets[at + 16:at + 16 + kept]))
        at += 16 + kept
    return frames


def write(frames, link=ETHERNET, order="<", is_nano=True, snapshot=262144, encode=Frame.octets):
    """A classic capture. 'encode' gives the octets of a frame on that link."""
    magic, part = (0xA1B23C4D, 1) if is_nano else (0xA1B2C3D4, 1000)
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snapshot, link)]
    for frame in frames:
        octets = encode(frame)
        seconds, nanoseconds = divmod(frame.time, 1_000_000_000)
        kept = octets[:snapshot]
        out.append(struct.pack(order + "IIII", seconds, nanoseconds // part, len(kept), len(octets)) + kept)
    return b"".join(out)


def write_pcapng(frames, links):
    """A pcapng capture; 'links' is a list of (link type, resolution, encode, wants(frame))."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))

    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for link, resolution, _, _ in links:
        out.append(block(1, struct.pack("<HHIHHB3xHH", link, 0, 0, 9, 1, resolution, 0, 0)))
    for frame in frames:
        number = next(i for i, (_, _, _, wants) in enumerate(links) if wants(frame))
        octets = links[number][2](frame)
        ticks = frame.time // 10 ** (9 - links[number][1])
        head = struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), len(octets))
        out.append(block(6, head + octets + b"\0" * (-len(octets) % 4)))
    return b"".join(out)


# --- other links ---

def raw(frame):
    return frame.ip + frame.rest


def null(frame):
    return struct.pack("<I", 2) + raw(frame)


def cooked_2(frame):
    head = struct.pack("!HHIHBB", 0x0800, 0, 3, 1, 0, 6)
    return head + frame.ethernet[6:12] + b"\0\0" + raw(frame)


def vlan(*numbers):
    def encode(frame):
        tags = b""
        for i, number in enumerate(numbers):
            tags += struct.pack("!HH", 0x88A8 if i + 1 < len(numbers) else 0x8100, number)
        return frame.ethernet[:12] + tags + frame.ethernet[12:] + raw(frame)
    return encode


def version_6(frame):
    """The same segment in IPv6: 192.0.2.10 becomes 2001:db8::c000:20a."""
    ends = [b"\x20\x01\x0d\xb8" + b"\0" * 8 + frame.ip[i:i + 4] for i in (12, 16)]
    bare = frame.rest[:16] + b"\0\0" + frame.rest[18:]
    pseudo = ends[0] + ends[1] + struct.pack("!IHBB", len(bare), 0, 0, 6)
    rest = bare[:16] + struct.pack("!H", checksum(pseudo + bare)) + bare[18:]
    head = struct.pack("!IHBB", 0x60000000, len(rest), 6, 64) + ends[0] + ends[1]
    return frame.ethernet[:12] + b"\x86\xdd" + head + rest


# --- what befalls frames ---

def only_port(*ports):
    def change(frames):
        return [f for f in frames if f.is_tcp and any(end[1] in ports for end in f.ends)]
    return change


def from_server(frame, port):
    return frame.is_tcp and frame.ends[0][1] == port


def with_data(frames):
    return [i for i, frame in enumerate(frames) if frame.is_tcp and frame.payload]


def swap(frames, left, right):
    """Exchanges two frames; each takes the other's time."""
    frames = list(frames)
    frames[left].time, frames[right].time = frames[right].time, frames[left].time
    frames[left], frames[right] = frames[right], frames[left]
    return frames


def put(frames, frame):
    """Adds a frame at its time."""
    return sorted([*frames, frame], key=lambda one: one.time)


def split(frame, *places):
    """A TCP segment cut at those places of its payload, one microsecond apart."""
    ends = [0, *places, len(frame.payload)]
    return [frame.with_tcp(time=frame.time + i * 1000, sequence=frame.sequence + start,
                           payload=frame.payload[start:end])
            for i, (start, end) in enumerate(zip(ends, ends[1:]))]


def resegment(frames, index, *places):
    return frames[:index] + split(frames[index], *places) + frames[index + 1:]


def fragment(frame, size, identification):
    """IPv4 fragments with 'size' octets of payload each."""
    pieces = []
    for number, start in enumerate(range(0, len(frame.rest), size)):
        piece = Frame(frame.time + number * 1000, frame.octets())
        piece.rest = frame.rest[start:start + size]
        more = 0x2000 if start + size < len(frame.rest) else 0
        piece.ip = (piece.ip[:2] + struct.pack("!HHH", 20 + len(piece.rest), identification, more | start // 8)
                    + piece.ip[8:10] + b"\0\0" + piece.ip[12:])
        piece.ip = piece.ip[:10] + struct.pack("!H", checksum(piece.ip)) + piece.ip[12:]
        pieces.append(piece)
    return pieces


def shift_sequence(frames, end, start):
    """All sequence numbers of one end moved so that its SYN has 'start'; the other end follows."""
    first = next(f.sequence for f in frames if f.ends[0] == end and f.flags & SYN)
    moved = start - first
    out = []
    for frame in frames:
        acknowledged = struct.unpack("!I", frame.rest[8:12])[0]
        if frame.ends[0] == end:
            out.append(frame.with_tcp(sequence=frame.sequence + moved))
        elif frame.ends[1] == end and frame.flags & ACK:
            out.append(frame.with_tcp(acknowledgement=acknowledged + moved))
        else:
            out.append(frame)
    return out
