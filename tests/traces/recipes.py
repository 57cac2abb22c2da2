"""How each trace is made: from which scenario, which frames of it, and what befalls them.

A recipe gets the frames of its scenario and gives the octets of the capture. A trace without a
recipe here is its scenario's mail conversations as they were."""

import struct

import frames as f

SERVERS = (b"\xc0\x00\x02\x0a", b"\xc6\x33\x64\x0a")  # 192.0.2.10 sends, 198.51.100.10 takes


def relay(all_frames):
    """From server to server: the conversation with the long way."""
    return [one for one in f.only_port(25)(all_frames) if {end[0] for end in one.ends} == set(SERVERS)]


def fetch(all_frames):
    return f.only_port(110)(all_frames)


def data(frames, port):
    """Places of the full segments that the client of 'port' sent."""
    return [i for i in f.with_data(frames) if not f.from_server(frames[i], port) and len(frames[i].payload) > 1000]


def reordered(all_frames):
    frames = relay(all_frames)
    full = data(frames, 25)
    frames = f.swap(frames, full[0], full[1])
    return f.write(f.swap(frames, full[4], full[5]))


def retransmitted(all_frames):
    frames = relay(all_frames)
    full = data(frames, 25)
    twice = frames[full[1]]
    frames = f.put(frames, twice.with_tcp(time=twice.time + 250 * f.MILLISECOND))
    reply = next(one for one in frames if f.from_server(one, 25) and one.payload.startswith(b"220"))
    return f.write(f.put(frames, reply.with_tcp(time=reply.time + 2 * f.MILLISECOND)))


def overlapping(all_frames):
    """One segment comes again with its neighbour's beginning, one comes again with other octets."""
    frames = relay(all_frames)
    full = data(frames, 25)
    first, second, third = (frames[i] for i in full[:3])
    longer = first.with_tcp(time=second.time + 1000, payload=first.payload + second.payload[:500])
    other = third.with_tcp(time=third.time + 3 * f.MILLISECOND, payload=third.payload[:100].swapcase())
    return f.write(f.put(f.put(frames, longer), other))


def gap(all_frames):
    frames = relay(all_frames)
    del frames[data(frames, 25)[2]]
    return f.write(frames)


def mid_stream(all_frames):
    frames = fetch(all_frames)
    password = next(i for i, one in enumerate(frames) if one.payload.startswith(b"PASS"))
    return f.write(frames[password + 1:])


def one_side_only(all_frames):
    return f.write([one for one in fetch(all_frames) if not f.from_server(one, 110)])


def fragments(all_frames):
    frames = []
    for number, one in enumerate(relay(all_frames)):
        frames += f.fragment(one, 552, number + 1) if len(one.rest) > 552 else [one]
    big = [i for i, one in enumerate(frames) if not one.is_tcp or one.ip[6:8] != b"\x40\0"]
    late = [i for i in big if frames[i].ip[6:8] == b"\x20\0"][1]  # a first fragment comes after the second
    return f.write(f.swap(frames, late, late + 1))


def sequence_wrap(all_frames):
    frames = relay(all_frames)
    return f.write(f.shift_sequence(frames, frames[0].ends[0], 0xFFFFFFFF - 3000))


def cut_by_snap_length(all_frames):
    return f.write(relay(all_frames), snapshot=200)


def bare_lf_smuggling(all_frames):
    """Where the scenario types '~' alone on a line there comes LF, a dot and CR LF."""
    changes = {b"See you at lunch.\r\n": b"See you at lunch. \n", b"~\r\n": b".\r\n"}
    return f.write([one.with_tcp(payload=changes[one.payload]) if one.payload in changes else one
                    for one in f.only_port(25)(all_frames)])


def two_interfaces(all_frames):
    """Both legs of a message in one file: one captured on Ethernet in microseconds, one as raw IP in
    nanoseconds."""
    frames = f.only_port(25, 110)(all_frames)
    leg = relay(all_frames)
    return f.write_pcapng(frames, [(f.RAW, 9, f.raw, lambda one: one in leg),
                                   (f.ETHERNET, 6, f.Frame.octets, lambda one: True)])


def on_link(encode, link=f.ETHERNET, choose=fetch, **how):
    return lambda all_frames: f.write(choose(all_frames), link=link, encode=encode, **how)


def only(*ports):
    return lambda all_frames: f.write([one for one in all_frames if one.is_ip and (
        f.only_port(*ports)([one]) or (53 in ports and one.ip[9] == 17))])


RECIPES = {
    "bare-lf-smuggling": bare_lf_smuggling,
    "big-endian": on_link(f.Frame.octets, order=">", is_nano=False),
    "cut-by-snap-length": cut_by_snap_length,
    "dns-mx": only(53),
    "fragments": fragments,
    "gap": gap,
    "ipv6": on_link(f.version_6, choose=relay),
    "loopback": on_link(f.null, f.NULL),
    "mid-stream": mid_stream,
    "nanosecond": on_link(f.Frame.octets),
    "one-side-only": one_side_only,
    "overlapping": overlapping,
    "pcapng": two_interfaces,
    "raw-ip": on_link(f.raw, f.RAW),
    "reordered": reordered,
    "retransmitted": retransmitted,
    "sequence-wrap": sequence_wrap,
    "sll2": on_link(f.cooked_2, f.SLL2),
    "vlan": on_link(f.vlan(100, 7)),
}

MAIL = only(25, 587, 110, 143, 80)
