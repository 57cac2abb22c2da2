"""Writes captures for tests: TCP conversations in Ethernet and IPv4, checksums right."""

import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(source, destination, protocol, payload):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ethernet(packet):
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + packet


class Capture:
    """Frames in order, a millisecond apart."""

    def __init__(self):
        self.frames = []

    def udp(self, source, source_port, destination, destination_port, payload):
        head = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0)
        self.frames.append(ethernet(ip_packet(source, destination, 17, head + payload)))

    def octets(self, seconds=1700000000):
        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
        for number, frame in enumerate(self.frames):
            time = seconds * 1000000 + number * 1000
            out.append(struct.pack("<IIII", time // 1000000, time % 1000000, len(frame), len(frame)))
            out.append(frame)
        return b"".join(out)


class Talk:
    """One TCP connection in a capture."""

    def __init__(self, capture, port, client_port=40000, client=b"\x0a\0\0\1", server=b"\x0a\0\0\2"):
        self.capture = capture
        self.ends = [(client, client_port), (server, port)]
        self.next = [1000, 5000]
        self.segment(0, SYN)
        self.segment(1, SYN | ACK)
        self.segment(0, ACK)

    def segment(self, side, flags, payload=b""):
        (source, port), (destination, other_port) = self.ends[side], self.ends[1 - side]
        acknowledged = self.next[1 - side] if flags & ACK else 0
        head = struct.pack("!HHIIBBHHH", port, other_port, self.next[side], acknowledged, 0x50, flags, 65000, 0, 0)
        pseudo = source + destination + struct.pack("!BBH", 0, 6, len(head) + len(payload))
        head = head[:16] + struct.pack("!H", checksum(pseudo + head + payload)) + head[18:]
        self.capture.frames.append(ethernet(ip_packet(source, destination, 6, head + payload)))
        self.next[side] += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def client(self, *lines, end=b"\r\n"):
        self.segment(0, PSH | ACK, b"".join(line.encode("utf-8") + end for line in lines))

    def server(self, *lines, end=b"\r\n"):
        self.segment(1, PSH | ACK, b"".join(line.encode("utf-8") + end for line in lines))

    def lose(self, side, length):
        """Octets that the capture does not hold."""
        self.next[side] += length

    def close(self, first=0):
        self.segment(first, FIN | ACK)
        self.segment(1 - first, FIN | ACK)
        self.segment(first, ACK)

    def reset(self, side):
        self.segment(side, RST | ACK)
