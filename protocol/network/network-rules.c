#include "protocol/network/network-rows.h"

#define TCP_RULE(...)                                                                              \
    {                                                                                              \
        .protocol = VOCABULARY_TCP, .kind = VOCABULARY_RULE, __VA_ARGS__                           \
    }

#define IP_FIELD(...)                                                                              \
    {                                                                                              \
        .protocol = VOCABULARY_IP, .kind = VOCABULARY_HEADER_FIELD, __VA_ARGS__                    \
    }

#define IP_RULE(...)                                                                               \
    {                                                                                              \
        .protocol = VOCABULARY_IP, .kind = VOCABULARY_RULE, __VA_ARGS__                            \
    }

const VocabularyItem tcp_rule_rows[] = {
    TCP_RULE(
            .token = "header",
            .meaning =
                "Ports, sequence and acknowledgment number, flags, window, checksum, options.",
            .reference = {9293, "3.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "three-way handshake",
            .meaning = "SYN, then SYN with ACK, then ACK: each learns the other's first number.",
            .reference = {9293, "3.5"},
            .since = 793
    ),
    TCP_RULE(
            .token = "half-open connection",
            .meaning = "One side forgot the connection, in a crash; the next segment gets RST.",
            .reference = {9293, "3.5.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "reset generation",
            .meaning = "A segment that fits no connection is answered by RST.",
            .reference = {9293, "3.5.2"},
            .since = 793
    ),
    TCP_RULE(
            .token = "reset processing",
            .meaning = "A reset counts only if its sequence number lies in the window.",
            .reference = {9293, "3.5.3"},
            .since = 793
    ),
    TCP_RULE(
            .token = "closing",
            .meaning = "Each side says FIN when it has no more to send and gets an ACK for it.",
            .reference = {9293, "3.6"},
            .since = 793
    ),
    TCP_RULE(
            .token = "half-closed connection",
            .meaning = "After one FIN the other side may still send.",
            .reference = {9293, "3.6.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "initial sequence number",
            .meaning = "The first number comes from a clock and a secret, so nobody can guess it.",
            .reference = {9293, "3.4.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "sequence numbers",
            .meaning = "Every octet has a number; SYN and FIN count as one octet each.",
            .reference = {9293, "3.4"},
            .since = 793
    ),
    TCP_RULE(
            .token = "maximum segment size",
            .meaning = "Each side says with its SYN how large a segment it takes.",
            .reference = {9293, "3.7.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "segmentation",
            .meaning = "TCP cuts the stream into segments as it likes; lines need not fit them.",
            .reference = {9293, "3.7"},
            .since = 793
    ),
    TCP_RULE(
            .token = "Nagle algorithm",
            .meaning = "Small data waits until what was sent before has been acknowledged.",
            .reference = {9293, "3.7.4"},
            .since = 1122
    ),
    TCP_RULE(
            .token = "retransmission timeout",
            .meaning = "The time to wait before sending again follows the measured round trip.",
            .reference = {9293, "3.8.1"},
            .since = 793
    ),
    TCP_RULE(
            .token = "congestion control",
            .meaning = "A sender slows down when segments get lost.",
            .reference = {9293, "3.8.2"},
            .since = 1122
    ),
    TCP_RULE(
            .token = "keep-alive",
            .meaning = "A probe on an idle connection; off unless the program asks for it.",
            .reference = {9293, "3.8.4"},
            .since = 1122
    ),
    TCP_RULE(
            .token = "urgent data",
            .meaning = "A pointer marks urgent octets; new programs should not use it.",
            .reference = {9293, "3.8.5"},
            .since = 793
    ),
    TCP_RULE(
            .token = "zero-window probe",
            .meaning = "While the window is zero, one octet now and then asks if it has opened.",
            .reference = {9293, "3.8.6.1"},
            .since = 1122
    ),
    TCP_RULE(
            .token = "delayed acknowledgment",
            .meaning = "An ACK may wait a little, so that data or a second segment shares it.",
            .reference = {9293, "3.8.6.3"},
            .since = 1122
    ),
    TCP_RULE(
            .token = "segment arrives in LISTEN",
            .meaning = "A SYN makes a connection, an ACK gets RST, a RST is ignored.",
            .reference = {9293, "3.10.7.2"},
            .since = 793
    ),
    TCP_RULE(
            .token = "segment arrives in SYN-SENT",
            .meaning = "An acceptable ACK with SYN opens the connection; RST with ACK refuses it.",
            .reference = {9293, "3.10.7.3"},
            .since = 793
    ),
    TCP_RULE(
            .token = "segment arrives",
            .meaning = "Check sequence number, RST, SYN and ACK, then take the data, then FIN.",
            .reference = {9293, "3.10.7.4"},
            .since = 793
    ),
    TCP_RULE(
            .token = "round-trip estimate",
            .meaning =
                "SRTT and RTTVAR average the measured times; the timeout is SRTT plus 4 RTTVAR.",
            .reference = {6298, "2"}
    ),
    TCP_RULE(
            .token = "retransmission timer",
            .meaning = "Each time it runs out the oldest segment goes again and the time doubles.",
            .reference = {6298, "5"}
    ),
    TCP_RULE(
            .token = "slow start",
            .meaning = "A sender begins with a few segments and doubles them each round trip.",
            .reference = {5681, "3.1"}
    ),
    TCP_RULE(
            .token = "congestion avoidance",
            .meaning = "Past a threshold the sender adds about one segment each round trip.",
            .reference = {5681, "3.1"}
    ),
    TCP_RULE(
            .token = "fast retransmit",
            .meaning =
                "Three duplicate ACKs: send the missing segment without waiting for the timer.",
            .reference = {5681, "3.2"}
    ),
    TCP_RULE(
            .token = "fast recovery",
            .meaning = "After a fast retransmit the sender halves its window and goes on.",
            .reference = {5681, "3.2"}
    ),
    TCP_RULE(
            .token = "handshake (RFC 793)",
            .meaning = "The first text on opening a connection.",
            .reference = {793, "3.4"}
    ),
    TCP_RULE(
            .token = "closing (RFC 793)",
            .meaning = "The first text on closing a connection.",
            .reference = {793, "3.5"}
    ),
    TCP_RULE(
            .token = "header (RFC 793)",
            .meaning = "The first text on the header, with six flags.",
            .reference = {793, "3.1"}
    ),
};

const VocabularyItem ip_field_rows[] = {
    IP_FIELD(
            .token = "Version",
            .meaning = "The first four bits of a packet: 4 for IPv4, 6 for IPv6.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Time to Live",
            .meaning = "Each router takes one off; at zero the packet is thrown away.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Protocol",
            .meaning = "Says what the packet carries: 1 ICMP, 6 TCP, 17 UDP.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Identification",
            .meaning = "Ties the fragments of one packet together.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Fragment Offset",
            .meaning = "Tells where in the packet this fragment belongs, in steps of 8 octets.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Header Checksum",
            .meaning = "Guards the header only; every router computes it again.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Total Length",
            .meaning = "Octets of the packet, header and data together; at most 65535.",
            .reference = {791, "3.1"}
    ),
    IP_FIELD(
            .token = "Next Header",
            .meaning = "Says what follows the IPv6 header: 6 for TCP, 17 for UDP, or an extension.",
            .reference = {8200, "3"},
            .since = 1883
    ),
    IP_FIELD(
            .token = "Hop Limit",
            .meaning = "Each router takes one off; at zero the packet is thrown away.",
            .reference = {8200, "3"},
            .since = 1883
    ),
};

const VocabularyItem ip_rule_rows[] = {
    IP_RULE(.token = "IPv4 header",
            .meaning =
                "Version, length, id, fragment, time to live, protocol, checksum, addresses.",
            .reference = {791, "3.1"}),
    IP_RULE(.token = "transmission order",
            .meaning = "The octet with the highest bits goes first.",
            .reference = {791, "B"}),
    IP_RULE(.token = "IPv6 header",
            .meaning = "Forty octets: version, class, label, length, next header, hops, addresses.",
            .reference = {8200, "3"},
            .since = 1883),
    IP_RULE(.token = "Fragment Header",
            .meaning =
                "Only the sender of an IPv6 packet may cut it; this header numbers the parts.",
            .reference = {8200, "4.5"},
            .since = 1883),
    IP_RULE(.token = "IPv6 text form",
            .meaning = "Eight groups of hex digits with colons; :: stands for a run of zeros once.",
            .reference = {4291, "2.2"}),
    IP_RULE(.token = "192.0.2.0/24",
            .meaning =
                "IPv4 addresses for documents; 198.51.100.0/24 and 203.0.113.0/24 are others.",
            .reference = {5737, "3"}),
    IP_RULE(.token = "2001:db8::/32",
            .meaning = "IPv6 addresses for documents.",
            .reference = {3849, "2"}),
    IP_RULE(.token = "UDP header",
            .meaning = "Source port, destination port, length and checksum: eight octets.",
            .reference = {768, "-"}),
    IP_RULE(.token = "UDP fields",
            .meaning = "A datagram comes whole or not at all; nobody sends it again.",
            .reference = {768, "-"}),
    IP_RULE(.token = "ARP packet",
            .meaning = "Asks the local network which hardware address has this IP address.",
            .reference = {826, "-"}),
    IP_RULE(.token = "ARP reply",
            .meaning = "Tells the machine that asked which hardware address has the IP address.",
            .reference = {826, "-"}),
    IP_RULE(.token = "IP over Ethernet",
            .meaning = "An Ethernet frame with type 0x0800 holds an IPv4 packet.",
            .reference = {894, "-"}),
    IP_RULE(.token = "Destination Unreachable",
            .context = "ICMP",
            .meaning = "ICMP tells the sender that a network, host or port cannot be reached.",
            .reference = {792, "-"}),
    IP_RULE(.token = "Time Exceeded",
            .context = "ICMP",
            .meaning = "ICMP tells the sender that the time to live ran out on the way.",
            .reference = {792, "-"}),
    IP_RULE(.token = "robustness principle",
            .meaning = "Take what others send generously; be strict in what you send.",
            .reference = {1122, "1.2.2"}),
};
