#include "dissect/packet/packet.h"

#include "dissect/packet/octet-order.h"

#include <stdio.h>

bool packet_address_equal(const PacketAddress *left, const PacketAddress *right)
{
    return left->version == right->version &&
           memcmp(left->octets, right->octets, sizeof left->octets) == 0;
}

/* RFC 5952: the longest run of two or more zero groups, the first of several, becomes "::". */
static void find_zero_run(const guint8 *octets, int *out_start, int *out_length)
{
    *out_start = -1;
    *out_length = 1;
    for (int start = 0; start < 8; start++) {
        int length = 0;
        while (start + length < 8 && read_be16(octets + 2 * (start + length)) == 0) {
            length++;
        }
        if (length > *out_length) {
            *out_start = start;
            *out_length = length;
        }
    }
}

static void format_ipv6(const guint8 *octets, char *text)
{
    int run_start;
    int run_length;
    find_zero_run(octets, &run_start, &run_length);
    gsize used = 0;
    bool needs_colon = false;
    for (int group = 0; group < 8; group++) {
        if (group == run_start) {
            used += (gsize)snprintf(text + used, PACKET_ADDRESS_TEXT_SIZE - used, "::");
            group += run_length - 1;
            needs_colon = false;
            continue;
        }
        used += (gsize)snprintf(
            text + used,
            PACKET_ADDRESS_TEXT_SIZE - used,
            needs_colon ? ":%x" : "%x",
            (unsigned)read_be16(octets + 2 * group)
        );
        needs_colon = true;
    }
}

/* By hand: each connection of millions needs two. */
static void format_ipv4(const guint8 *octets, char *text)
{
    for (int i = 0; i < 4; i++) {
        guint octet = octets[i];
        if (octet >= 100) {
            *text++ = (char)('0' + octet / 100);
        }
        if (octet >= 10) {
            *text++ = (char)('0' + octet / 10 % 10);
        }
        *text++ = (char)('0' + octet % 10);
        *text++ = i < 3 ? '.' : '\0';
    }
}

const char *packet_address_format(const PacketAddress *address, char *text)
{
    const guint8 *octets = address->octets;
    if (address->version == 4) {
        format_ipv4(octets, text);
    } else if (address->version == 6) {
        format_ipv6(octets, text);
    } else {
        g_strlcpy(text, "no address", PACKET_ADDRESS_TEXT_SIZE);
    }
    return text;
}

static const char *const layer_names[] = {
    [PACKET_LAYER_ETHERNET] = "Ethernet",
    [PACKET_LAYER_VLAN] = "VLAN tag",
    [PACKET_LAYER_PPPOE] = "PPP over Ethernet",
    [PACKET_LAYER_PPP] = "PPP",
    [PACKET_LAYER_MPLS] = "MPLS label",
    [PACKET_LAYER_LLC] = "LLC",
    [PACKET_LAYER_SNAP] = "SNAP",
    [PACKET_LAYER_LOOPBACK] = "loopback",
    [PACKET_LAYER_RAW] = "raw IP",
    [PACKET_LAYER_LINUX_COOKED] = "Linux cooked capture",
    [PACKET_LAYER_LINUX_COOKED_2] = "Linux cooked capture, version 2",
    [PACKET_LAYER_HDLC] = "HDLC",
    [PACKET_LAYER_NFLOG] = "Linux netfilter log",
    [PACKET_LAYER_RADIOTAP] = "radio information",
    [PACKET_LAYER_WIRELESS] = "802.11 wireless LAN",
    [PACKET_LAYER_ARP] = "ARP",
    [PACKET_LAYER_IPV4] = "IPv4",
    [PACKET_LAYER_IPV6] = "IPv6",
    [PACKET_LAYER_IPV6_EXTENSION] = "IPv6 extension header",
    [PACKET_LAYER_FRAGMENT] = "IPv6 fragment header",
    [PACKET_LAYER_GRE] = "GRE",
    [PACKET_LAYER_VXLAN] = "VXLAN",
    [PACKET_LAYER_ICMP] = "ICMP",
    [PACKET_LAYER_TCP] = "TCP",
    [PACKET_LAYER_UDP] = "UDP",
    [PACKET_LAYER_PAYLOAD] = "payload",
};

G_STATIC_ASSERT(G_N_ELEMENTS(layer_names) == PACKET_LAYER_COUNT);

const char *packet_layer_name(PacketLayerKind kind)
{
    g_assert(kind < PACKET_LAYER_COUNT);
    return layer_names[kind];
}

static const char *const problem_texts[] = {
    [PACKET_FINE] = "nothing is wrong",
    [PACKET_PROBLEM_UNKNOWN_LINK] = "this kind of link cannot be read",
    [PACKET_PROBLEM_CUT] = "the captured octets end inside a header",
    [PACKET_PROBLEM_VERSION] = "the IP version is not the one announced",
    [PACKET_PROBLEM_HEADER_LENGTH] = "the IP header length is impossible",
    [PACKET_PROBLEM_TOTAL_LENGTH] = "the IP length is smaller than its headers",
    [PACKET_PROBLEM_EXTENSION] = "an IPv6 extension header reaches beyond the packet",
    [PACKET_PROBLEM_FRAGMENT] = "the fragment is impossible",
    [PACKET_PROBLEM_TCP_HEADER] = "the TCP header length is impossible",
    [PACKET_PROBLEM_UDP_LENGTH] = "the UDP length is impossible",
    [PACKET_PROBLEM_TOO_DEEP] = "too many headers inside one another",
    [PACKET_PROBLEM_ENCRYPTED] = "the wireless frame is encrypted",
    [PACKET_PROBLEM_SHORT_FRAME] = "the frame is shorter than its IP length",
};

G_STATIC_ASSERT(G_N_ELEMENTS(problem_texts) == PACKET_PROBLEM_COUNT);

const char *packet_problem_text(PacketProblem problem)
{
    g_assert(problem < PACKET_PROBLEM_COUNT);
    return problem_texts[problem];
}

const char *packet_flags_format(guint8 flags, char *text)
{
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    text[0] = '\0';
    for (guint bit = 0; bit < 8; bit++) {
        if (flags & (1u << bit)) {
            if (text[0] != '\0') {
                g_strlcat(text, ", ", PACKET_FLAGS_TEXT_SIZE);
            }
            g_strlcat(text, names[bit], PACKET_FLAGS_TEXT_SIZE);
        }
    }
    return text;
}

static void read_selective(const guint8 *value, gsize length, TcpOptions *options)
{
    gsize edges = MIN(length / 4, G_N_ELEMENTS(options->selective));
    for (gsize i = 0; i < edges; i++) {
        options->selective[i] = read_be32(value + 4 * i);
    }
    options->selective_count = (guint8)(edges / 2);
}

/* RFC 9293 §3.2 for kinds 0 to 2, RFC 7323 for 3 and 8, RFC 2018 for 4 and 5. */
static void read_option(guint8 kind, const guint8 *value, gsize length, TcpOptions *options)
{
    if (kind == 2 && length == 2) {
        options->has_maximum_segment = true;
        options->maximum_segment = read_be16(value);
    } else if (kind == 3 && length == 1) {
        options->has_window_scale = true;
        /* RFC 7323: a shift above 14 counts as 14. */
        options->window_scale = MIN(value[0], 14);
    } else if (kind == 4 && length == 0) {
        options->permits_selective = true;
    } else if (kind == 5) {
        read_selective(value, length, options);
    } else if (kind == 8 && length == 8) {
        options->has_timestamps = true;
        options->timestamp = read_be32(value);
        options->timestamp_echo = read_be32(value + 4);
    }
}

void packet_read_tcp_options(ByteSpan options, TcpOptions *out_options)
{
    *out_options = (TcpOptions){0};
    const guint8 *next = options.data;
    gsize left = options.length;
    while (left > 0 && next[0] != 0) {
        if (next[0] == 1) {
            next++;
            left--;
            continue;
        }
        if (left < 2 || next[1] < 2 || next[1] > left) {
            return;
        }
        gsize length = next[1];
        read_option(next[0], next + 2, length - 2, out_options);
        next += length;
        left -= length;
    }
}
