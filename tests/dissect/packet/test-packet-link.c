#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/packet/packet-decoder.h"

/* The same TCP segment behind every kind of link and tunnel must come out the same. */

typedef struct {
    const char *name;
    guint32 link_type;
    bool is_ipv6;
    const char *header;  /* octets in hexadecimal, put before the IP packet */
    const char *trailer; /* and behind it */
    const char *layers;  /* expected names, up to IP */
} LinkCase;

#define MACS "020000000002 020000000001 "

static const LinkCase cases[] = {
    {.name = "Ethernet", .link_type = 1, .header = MACS "0800", .layers = "Ethernet/IPv4"},
    {
        .name = "Ethernet with padding",
        .link_type = 1,
        .header = MACS "0800",
        .trailer = "00000000000000000000",
        .layers = "Ethernet/IPv4",
    },
    {
        .name = "Ethernet with IPv6",
        .link_type = 1,
        .is_ipv6 = true,
        .header = MACS "86dd",
        .layers = "Ethernet/IPv6",
    },
    {
        .name = "a VLAN",
        .link_type = 1,
        .header = MACS "8100 0007 0800",
        .layers = "Ethernet/VLAN tag/IPv4",
    },
    {
        .name = "stacked VLANs",
        .link_type = 1,
        .header = MACS "88a8 0064 8100 0007 9100 0001 0800",
        .layers = "Ethernet/VLAN tag/VLAN tag/VLAN tag/IPv4",
    },
    {
        .name = "MPLS, two labels",
        .link_type = 1,
        .header = MACS "8847 00010040 00020140",
        .layers = "Ethernet/MPLS label/MPLS label/IPv4",
    },
    {
        .name = "an Ethernet pseudo-wire with its control word",
        .link_type = 1,
        .header = MACS "8847 00020140 00000000 " MACS "0800",
        .layers = "Ethernet/MPLS label/Ethernet/IPv4",
    },
    {
        .name = "PPP over Ethernet",
        .link_type = 1,
        .header = MACS "8864 11 00 0001 004c 0021",
        .trailer = "000000",
        .layers = "Ethernet/PPP over Ethernet/PPP/IPv4",
    },
    {
        .name = "PPP over Ethernet with IPv6",
        .link_type = 1,
        .is_ipv6 = true,
        .header = MACS "8864 11 00 0001 0100 0057",
        .layers = "Ethernet/PPP over Ethernet/PPP/IPv6",
    },
    {
        .name = "LLC and SNAP",
        .link_type = 1,
        .header = MACS "0052 aa aa 03 000000 0800",
        .layers = "Ethernet/LLC/SNAP/IPv4",
    },
    {
        .name = "LLC alone",
        .link_type = 1,
        .header = MACS "004d 06 06 03",
        .layers = "Ethernet/LLC/IPv4",
    },
    {.name = "NULL, big-endian", .link_type = 0, .header = "00000002", .layers = "loopback/IPv4"},
    {.name = "NULL, little-endian",
     .link_type = 0,
     .header = "02000000",
     .layers = "loopback/IPv4"},
    {
        .name = "NULL, IPv6 on one of the BSDs",
        .link_type = 0,
        .is_ipv6 = true,
        .header = "1e000000",
        .layers = "loopback/IPv6",
    },
    {.name = "LOOP", .link_type = 108, .header = "00000002", .layers = "loopback/IPv4"},
    {.name = "raw IP, 12", .link_type = 12, .header = "", .layers = "raw IP/IPv4"},
    {.name = "raw IP, 14", .link_type = 14, .header = "", .layers = "raw IP/IPv4"},
    {.name = "raw IP, 101",
     .link_type = 101,
     .is_ipv6 = true,
     .header = "",
     .layers = "raw IP/IPv6"},
    {.name = "raw IPv4", .link_type = 228, .header = "", .layers = "raw IP/IPv4"},
    {.name = "raw IPv6", .link_type = 229, .is_ipv6 = true, .header = "", .layers = "raw IP/IPv6"},
    {
        .name = "Linux cooked",
        .link_type = 113,
        .header = "0000 0001 0006 0200000000010000 0800",
        .layers = "Linux cooked capture/IPv4",
    },
    {
        .name = "Linux cooked with a VLAN",
        .link_type = 113,
        .header = "0000 0001 0006 0200000000010000 8100 0007 0800",
        .layers = "Linux cooked capture/VLAN tag/IPv4",
    },
    {
        .name = "Linux cooked, version 2",
        .link_type = 276,
        .is_ipv6 = true,
        .header = "86dd 0000 00000003 0001 00 06 0200000000010000",
        .layers = "Linux cooked capture, version 2/IPv6",
    },
    {.name = "PPP", .link_type = 9, .header = "ff03 0021", .layers = "PPP/IPv4"},
    {.name = "PPP, short", .link_type = 9, .header = "21", .layers = "PPP/IPv4"},
    {.name = "PPP over HDLC", .link_type = 50, .header = "ff03 0021", .layers = "PPP/IPv4"},
    {
        .name = "a PPPoE session without Ethernet",
        .link_type = 51,
        .header = "11 00 0001 004c 0021",
        .layers = "PPP over Ethernet/PPP/IPv4",
    },
    {.name = "PPP with a direction",
     .link_type = 166,
     .header = "01 ff03 0021",
     .layers = "PPP/IPv4"},
    {.name = "HDLC", .link_type = 104, .header = "0f00 0800", .layers = "HDLC/IPv4"},
    {.name = "PPP in HDLC", .link_type = 104, .header = "ff03 0021", .layers = "PPP/IPv4"},
    {
        .name = "NFLOG",
        .link_type = 239,
        .header = "02 00 0000 0800 0a00 61620000 0500 0100 00000000 4e00 0900",
        .layers = "Linux netfilter log/IPv4",
    },
    {
        .name = "wireless",
        .link_type = 105,
        .header = "0801 0000 020000000002 020000000001 020000000003 1000 aaaa03 000000 0800",
        .trailer = "01020304",
        .layers = "802.11 wireless LAN/LLC/SNAP/IPv4",
    },
    {
        .name = "wireless with quality of service, four addresses, and radio information",
        .link_type = 127,
        .header = "00 00 0900 02000000 00 8803 0000 020000000002 020000000001 020000000003 1000 "
                  "020000000004 0000 aaaa03 000000 0800",
        .layers = "radio information/802.11 wireless LAN/LLC/SNAP/IPv4",
    },
    {
        .name = "several wireless frames in one",
        .link_type = 105,
        .header = "8801 0000 020000000002 020000000001 020000000003 1000 8000 "
                  "020000000002 020000000001 0052 aaaa03 000000 0800",
        .layers = "802.11 wireless LAN/Ethernet/LLC/SNAP/IPv4",
    },
    {
        .name = "per-packet information",
        .link_type = 192,
        .header = "00 00 0800 01000000 " MACS "0800",
        .layers = "radio information/Ethernet/IPv4",
    },
    {
        .name = "the AVS header",
        .link_type = 163,
        .header = "80211001 00000010 0000000000000000 "
                  "0801 0000 020000000002 020000000001 020000000003 1000 aaaa03 000000 0800",
        .layers = "radio information/802.11 wireless LAN/LLC/SNAP/IPv4",
    },
    {
        .name = "GRE",
        .link_type = 12,
        .header = "45000062 00010000 402f0000 0a000003 0a000004 0000 0800",
        .layers = "raw IP/IPv4/GRE/IPv4",
    },
    {
        .name = "GRE with checksum, key and number, a bridged frame inside",
        .link_type = 12,
        .header = "4500007c 00010000 402f0000 0a000003 0a000004 b000 6558 12340000 00000007 "
                  "00000001 " MACS "0800",
        .layers = "raw IP/IPv4/GRE/Ethernet/IPv4",
    },
    {
        .name = "PPTP",
        .link_type = 12,
        .header = "45000072 00010000 402f0000 0a000003 0a000004 3081 880b 00480001 00000001 "
                  "00000002 ff03 0021",
        .layers = "raw IP/IPv4/GRE/PPP/IPv4",
    },
    {
        .name = "a mirrored frame",
        .link_type = 12,
        .header = "4500007c 00010000 402f0000 0a000003 0a000004 1000 88be 00000001 "
                  "1001000100000000 " MACS "0800",
        .layers = "raw IP/IPv4/GRE/Ethernet/IPv4",
    },
    {
        .name = "IPv4 in IPv4",
        .link_type = 12,
        .header = "4500005e 00010000 40040000 0a000003 0a000004",
        .layers = "raw IP/IPv4/IPv4",
    },
    {
        .name = "IPv6 in IPv4",
        .link_type = 12,
        .is_ipv6 = true,
        .header = "45000072 00010000 40290000 0a000003 0a000004",
        .layers = "raw IP/IPv4/IPv6",
    },
    {
        .name = "IPv4 in IPv6",
        .link_type = 12,
        .header = "60000000 004a 04 40 20010db8000000000000000000000003 "
                  "20010db8000000000000000000000004",
        .layers = "raw IP/IPv6/IPv4",
    },
    {
        .name = "VXLAN",
        .link_type = 12,
        .header = "4500007c 00010000 40110000 0a000003 0a000004 c000 12b5 0068 0000 "
                  "08000000 00002a00 " MACS "0800",
        .layers = "raw IP/IPv4/UDP/VXLAN/Ethernet/IPv4",
    },
};

static GByteArray *from_hexadecimal(const char *text)
{
    GByteArray *octets = g_byte_array_new();
    int high = -1;
    for (; text != NULL && *text != '\0'; text++) {
        int digit = g_ascii_xdigit_value(*text);
        if (digit < 0) {
            continue;
        }
        if (high < 0) {
            high = digit;
        } else {
            guint8 octet = (guint8)(high << 4 | digit);
            g_byte_array_append(octets, &octet, 1);
            high = -1;
        }
    }
    return octets;
}

static CaptureFrame frame_of(const GByteArray *octets, guint32 link_type)
{
    return (CaptureFrame){
        .number = 1,
        .link_type = link_type,
        .captured_length = octets->len,
        .original_length = octets->len,
        .data = octets->data,
    };
}

static GByteArray *build(const LinkCase *of)
{
    FrameSegment segment = {
        .source = of->is_ipv6 ? "2001:db8::1" : "10.0.0.1",
        .destination = of->is_ipv6 ? "2001:db8::2" : "10.0.0.2",
        .source_port = 4000,
        .destination_port = 25,
        .sequence = 0x01020304,
        .acknowledgement = 0x05060708,
        .flags = TCP_FLAG_ACK | TCP_FLAG_PSH,
        .window = 1000,
        .payload = BYTE_SPAN_LITERAL("EHLO hamburger.edu, how do you do\r"),
    };
    GByteArray *frame = frame_new_tcp(&segment);
    g_autoptr(GByteArray) header = from_hexadecimal(of->header);
    frame_wrap(frame, header->data, header->len);
    g_autoptr(GByteArray) trailer = from_hexadecimal(of->trailer);
    g_byte_array_append(frame, trailer->data, trailer->len);
    return frame;
}

static void assert_layers(const Packet *packet, const char *expected)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint32 i = 0; i + 2 < packet->layer_count; i++) {
        g_string_append_printf(
            names, "%s%s", i > 0 ? "/" : "", packet_layer_name(packet->layers[i].kind)
        );
    }
    assert_string_equal(names->str, expected);
    assert_int_equal(packet->layers[packet->layer_count - 2].kind, PACKET_LAYER_TCP);
    assert_int_equal(packet->layers[packet->layer_count - 1].kind, PACKET_LAYER_PAYLOAD);
}

static void test_links(void **state)
{
    (void)state;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("# %s\n", cases[i].name);
        g_autoptr(GByteArray) octets = build(&cases[i]);
        CaptureFrame frame = frame_of(octets, cases[i].link_type);
        Packet packet;
        packet_decoder_decode(decoder, &frame, &packet);
        assert_int_equal(packet.kind, PACKET_TCP);
        assert_int_equal(packet.problem, PACKET_FINE);
        assert_int_equal(packet.source.version, cases[i].is_ipv6 ? 6 : 4);
        assert_int_equal(packet.source_port, 4000);
        assert_int_equal(packet.tcp_sequence, 0x01020304);
        assert_int_equal(packet.checksum, CHECKSUM_GOOD);
        assert_int_equal(packet.missing_tail, 0);
        assert_span(packet.payload, "EHLO hamburger.edu, how do you do\r");
        assert_layers(&packet, cases[i].layers);
    }
}

/* Cut anywhere, nothing is read past the end, and what is missing is known. */
static void test_links_cut_everywhere(void **state)
{
    (void)state;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) octets = build(&cases[i]);
        g_autoptr(GByteArray) trailer = from_hexadecimal(cases[i].trailer);
        for (guint length = 0; length < octets->len; length++) {
            g_autofree guint8 *copy = g_memdup2(octets->data, length);
            CaptureFrame frame = frame_of(octets, cases[i].link_type);
            frame.captured_length = length;
            frame.data = copy;
            Packet packet;
            packet_decoder_decode(decoder, &frame, &packet);
            if (packet.kind == PACKET_TCP) {
                assert_int_equal(packet.payload.length + packet.missing_tail, 34);
                assert_true(packet.missing_tail > 0 || length + trailer->len >= octets->len);
            } else if (packet.kind != PACKET_NOT_IP && packet.kind != PACKET_UDP) {
                assert_int_equal(packet.problem, PACKET_PROBLEM_CUT);
            }
        }
    }
}

typedef struct {
    const char *name;
    guint32 link_type;
    const char *octets;
    PacketKind kind;
    PacketProblem problem;
} OtherCase;

static const OtherCase others[] = {
    {.name = "nothing",
     .link_type = 1,
     .octets = "",
     .kind = PACKET_BROKEN,
     .problem = PACKET_PROBLEM_HEADER_LENGTH},
    {.name = "ARP",
     .link_type = 1,
     .octets = MACS "0806 0001 0800 06 04 0001",
     .kind = PACKET_NOT_IP},
    {.name = "spanning tree",
     .link_type = 1,
     .octets = MACS "0007 42 42 03 00000000",
     .kind = PACKET_NOT_IP},
    {.name = "an unknown type", .link_type = 1, .octets = MACS "9999 00", .kind = PACKET_NOT_IP},
    {.name = "an unknown link",
     .link_type = 250,
     .octets = "0102",
     .kind = PACKET_NOT_IP,
     .problem = PACKET_PROBLEM_UNKNOWN_LINK},
    {.name = "ICMP",
     .link_type = 12,
     .octets = "4500001c 00010000 40010000 0a000001 0a000002 0800000000000000",
     .kind = PACKET_OTHER},
    {.name = "neither IPv4 nor IPv6",
     .link_type = 12,
     .octets = "75000014",
     .kind = PACKET_BROKEN,
     .problem = PACKET_PROBLEM_VERSION},
    {.name = "IPv6 announced as IPv4",
     .link_type = 1,
     .octets = MACS "0800 60000000 00000000 00000000 00000000 00000000",
     .kind = PACKET_BROKEN,
     .problem = PACKET_PROBLEM_VERSION},
    {.name = "a wireless frame that is encrypted",
     .link_type = 105,
     .octets = "0841 0000 020000000002 020000000001 020000000003 1000 01020304",
     .kind = PACKET_NOT_IP,
     .problem = PACKET_PROBLEM_ENCRYPTED},
    {.name = "a wireless acknowledgement",
     .link_type = 105,
     .octets = "d400 0000 020000000002",
     .kind = PACKET_NOT_IP},
    {.name = "LLC that ends early",
     .link_type = 1,
     .octets = MACS "0002 aa aa",
     .kind = PACKET_BROKEN,
     .problem = PACKET_PROBLEM_HEADER_LENGTH},
    {.name = "an NFLOG attribute of length 0",
     .link_type = 239,
     .octets = "02000000 00000000",
     .kind = PACKET_BROKEN,
     .problem = PACKET_PROBLEM_HEADER_LENGTH},
};

static void test_what_is_not_tcp(void **state)
{
    (void)state;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        print_message("# %s\n", others[i].name);
        g_autoptr(GByteArray) octets = from_hexadecimal(others[i].octets);
        CaptureFrame frame = frame_of(octets, others[i].link_type);
        Packet packet;
        packet_decoder_decode(decoder, &frame, &packet);
        assert_int_equal(packet.kind, others[i].kind);
        assert_int_equal(packet.problem, others[i].problem);
    }
    const PacketStatistics *statistics = packet_decoder_statistics(decoder);
    assert_int_equal(statistics->frames, G_N_ELEMENTS(others));
    assert_int_equal(statistics->problems[PACKET_PROBLEM_UNKNOWN_LINK], 1);
}

/* Headers inside headers without end are stopped. */
static void test_too_deep(void **state)
{
    (void)state;
    g_autoptr(GByteArray) octets = from_hexadecimal(MACS);
    for (guint i = 0; i < 1000; i++) {
        const guint8 tag[] = {0x81, 0x00, 0x00, 0x07};
        g_byte_array_append(octets, tag, sizeof tag);
    }
    CaptureFrame frame = frame_of(octets, 1);
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    Packet packet;
    packet_decoder_decode(decoder, &frame, &packet);
    assert_int_equal(packet.kind, PACKET_BROKEN);
    assert_int_equal(packet.problem, PACKET_PROBLEM_TOO_DEEP);
}

/* A frame of which nothing was captured may point at nothing. */
static void test_frames_of_no_octets(void **state)
{
    (void)state;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CaptureFrame frame = {.link_type = cases[i].link_type, .original_length = 60};
        Packet usual;
        Packet closely;
        packet_decoder_decode(decoder, &frame, &usual);
        packet_decoder_decode_closely(decoder, &frame, &closely);
        assert_int_equal(usual.problem, PACKET_PROBLEM_CUT);
        assert_int_equal(closely.problem, PACKET_PROBLEM_CUT);
        assert_int_equal(usual.payload.length, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_links_cut_everywhere),
        cmocka_unit_test(test_what_is_not_tcp),
        cmocka_unit_test(test_too_deep),
        cmocka_unit_test(test_frames_of_no_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
