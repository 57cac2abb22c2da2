/* The fields of Ethernet, ARP, IPv4, IPv6, ICMP, UDP and TCP, as tables. */

#include "ui/timeline/frame-fields-private.h"

#include <string.h>

typedef enum {
    FORM_NUMBER,
    FORM_HEX,
    FORM_MAC,
    FORM_IPV4,
    FORM_IPV6,
    FORM_VERSION_LENGTH, /* IPv4: version and header length */
    FORM_ETHERNET_TYPE,
    FORM_IP_PROTOCOL,
    FORM_TCP_OFFSET,
    FORM_TCP_FLAGS,
    FORM_FRAGMENT,
    FORM_ARP_OPERATION,
    FORM_IPV6_BEGIN, /* version, traffic class, flow label */
} FieldForm;

typedef struct {
    guint offset;
    guint length;
    FieldForm form;
    const char *name;
    const char *meaning;
} FieldRow;

typedef struct {
    guint64 number;
    const char *name;
} NumberName;

static const NumberName ethernet_types[] = {
    {0x0800, "IPv4"},
    {0x0806, "ARP"},
    {0x86dd, "IPv6"},
    {0x8100, "802.1Q"},
};
static const NumberName ip_protocols[] = {
    {1, "ICMP"},
    {6, "TCP"},
    {17, "UDP"},
    {58, "ICMPv6"},
};
static const NumberName arp_operations[] = {
    {1, "request: who has this address?"},
    {2, "reply: I have it"},
};

static const FieldRow ethernet_rows[] = {
    {0, 6, FORM_MAC, "destination", "hardware address of the next machine"},
    {6, 6, FORM_MAC, "source", "hardware address of the sender on this link"},
    {12, 2, FORM_ETHERNET_TYPE, "type", "what the frame carries"},
};
static const FieldRow arp_rows[] = {
    {0, 2, FORM_NUMBER, "hardware type", "1: Ethernet"},
    {2, 2, FORM_ETHERNET_TYPE, "protocol type", NULL},
    {4, 1, FORM_NUMBER, "hardware length", NULL},
    {5, 1, FORM_NUMBER, "protocol length", NULL},
    {6, 2, FORM_ARP_OPERATION, "operation", NULL},
    {8, 6, FORM_MAC, "sender hardware", NULL},
    {14, 4, FORM_IPV4, "sender address", NULL},
    {18, 6, FORM_MAC, "target hardware", "zero in a request: it is what is asked"},
    {24, 4, FORM_IPV4, "target address", NULL},
};
static const FieldRow ipv4_rows[] = {
    {0, 1, FORM_VERSION_LENGTH, "version, length", NULL},
    {1, 1, FORM_HEX, "type of service", NULL},
    {2, 2, FORM_NUMBER, "total length", "octets of header and data"},
    {4, 2, FORM_HEX, "identification", "the same in all fragments of a datagram"},
    {6, 2, FORM_FRAGMENT, "flags, offset", NULL},
    {8, 1, FORM_NUMBER, "time to live", "each router takes one off"},
    {9, 1, FORM_IP_PROTOCOL, "protocol", "what the packet carries"},
    {10, 2, FORM_HEX, "header checksum", NULL},
    {12, 4, FORM_IPV4, "source", NULL},
    {16, 4, FORM_IPV4, "destination", NULL},
};
static const FieldRow ipv6_rows[] = {
    {0, 4, FORM_IPV6_BEGIN, "version, class, flow", NULL},
    {4, 2, FORM_NUMBER, "payload length", NULL},
    {6, 1, FORM_IP_PROTOCOL, "next header", "what the packet carries"},
    {7, 1, FORM_NUMBER, "hop limit", "each router takes one off"},
    {8, 16, FORM_IPV6, "source", NULL},
    {24, 16, FORM_IPV6, "destination", NULL},
};
static const FieldRow icmp_rows[] = {
    {0, 1, FORM_NUMBER, "type", NULL},
    {1, 1, FORM_NUMBER, "code", NULL},
    {2, 2, FORM_HEX, "checksum", NULL},
};
static const FieldRow udp_rows[] = {
    {0, 2, FORM_NUMBER, "source port", NULL},
    {2, 2, FORM_NUMBER, "destination port", NULL},
    {4, 2, FORM_NUMBER, "length", "octets of header and data"},
    {6, 2, FORM_HEX, "checksum", NULL},
};
static const FieldRow tcp_rows[] = {
    {0, 2, FORM_NUMBER, "source port", NULL},
    {2, 2, FORM_NUMBER, "destination port", NULL},
    {4, 4, FORM_NUMBER, "sequence number", "of the first octet in this segment"},
    {8, 4, FORM_NUMBER, "acknowledgment", "the octet that is expected next"},
    {12, 1, FORM_TCP_OFFSET, "data offset", NULL},
    {13, 1, FORM_TCP_FLAGS, "flags", NULL},
    {14, 2, FORM_NUMBER, "window", "how much more the sender of this can take"},
    {16, 2, FORM_HEX, "checksum", NULL},
    {18, 2, FORM_NUMBER, "urgent pointer", NULL},
};

static guint64 number_of(const guint8 *octets, guint length)
{
    guint64 number = 0;
    for (guint i = 0; i < MIN(length, 8); i++) {
        number = number << 8 | octets[i];
    }
    return number;
}

static char *name_number(guint64 number, const NumberName *names, gsize count, bool is_hex)
{
    const char *name = NULL;
    for (gsize i = 0; i < count; i++) {
        name = names[i].number == number ? names[i].name : name;
    }
    g_autofree char *text =
        is_hex ? g_strdup_printf("0x%04x", (guint)number) : g_strdup_printf("%u", (guint)number);
    return name == NULL ? g_steal_pointer(&text) : g_strdup_printf("%s (%s)", text, name);
}

static char *hex_text(const guint8 *octets, guint length, const char *between)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < length; i++) {
        g_string_append_printf(text, "%s%02x", i == 0 ? "" : between, octets[i]);
    }
    return g_string_free(text, FALSE);
}

static char *address_text(const guint8 *octets, guint8 version)
{
    char text[PACKET_ADDRESS_TEXT_SIZE];
    PacketAddress address = {.version = version};
    memcpy(address.octets, octets, version == 4 ? 4 : 16);
    return g_strdup(packet_address_format(&address, text));
}

static char *flags_text(guint8 flags)
{
    char text[PACKET_FLAGS_TEXT_SIZE];
    packet_flags_format(flags, text);
    return g_strdup_printf("0x%02x (%s)", flags, text[0] == '\0' ? "none" : text);
}

static char *fragment_text(guint64 number)
{
    if ((number & 0x3fff) == 0) {
        return g_strdup((number & 0x4000) != 0 ? "don't fragment" : "not a fragment");
    }
    return g_strdup_printf(
        "fragment at octet %u%s",
        (guint)(number & 0x1fff) * 8,
        (number & 0x2000) != 0 ? ", more follow" : ", the last"
    );
}

static char *value_of(FieldForm form, const guint8 *octets, guint length)
{
    guint64 number = number_of(octets, length);
    switch (form) {
    case FORM_NUMBER:
        return g_strdup_printf("%" G_GUINT64_FORMAT, number);
    case FORM_HEX: {
        g_autofree char *hex = hex_text(octets, length, "");
        return g_strdup_printf("0x%s", hex);
    }
    case FORM_MAC:
        return hex_text(octets, length, ":");
    case FORM_IPV4:
        return address_text(octets, 4);
    case FORM_IPV6:
        return address_text(octets, 6);
    case FORM_VERSION_LENGTH:
        return g_strdup_printf("%u, %u octets", (guint)(number >> 4), (guint)(number & 15) * 4);
    case FORM_ETHERNET_TYPE:
        return name_number(number, ethernet_types, G_N_ELEMENTS(ethernet_types), true);
    case FORM_IP_PROTOCOL:
        return name_number(number, ip_protocols, G_N_ELEMENTS(ip_protocols), false);
    case FORM_TCP_OFFSET:
        return g_strdup_printf("%u octets of header", (guint)(number >> 4) * 4);
    case FORM_TCP_FLAGS:
        return flags_text((guint8)number);
    case FORM_FRAGMENT:
        return fragment_text(number);
    case FORM_ARP_OPERATION:
        return name_number(number, arp_operations, G_N_ELEMENTS(arp_operations), false);
    case FORM_IPV6_BEGIN:
        return g_strdup_printf(
            "%u, 0x%02x, 0x%05x",
            (guint)(number >> 28),
            (guint)(number >> 20 & 0xff),
            (guint)(number & 0xfffff)
        );
    }
    return NULL;
}

static void
read_rows(FieldReader *reader, const FieldRow *rows, gsize count, guint offset, guint length)
{
    guint known = 0;
    for (gsize i = 0; i < count; i++) {
        const FieldRow *row = &rows[i];
        if (row->offset + row->length > length ||
            offset + row->offset + row->length > reader->length) {
            return;
        }
        const guint8 *octets = reader->octets + offset + row->offset;
        g_autofree char *value = value_of(row->form, octets, row->length);
        frame_fields_add(reader, offset + row->offset, row->length, row->name, value, row->meaning);
        known = row->offset + row->length;
    }
    if (known < length && offset + length <= reader->length) {
        g_autofree char *hex =
            hex_text(reader->octets + offset + known, MIN(length - known, 12), " ");
        frame_fields_add(reader, offset + known, length - known, "options", hex, NULL);
    }
}

static void read_ethernet(FieldReader *reader, guint offset, guint length)
{
    read_rows(reader, ethernet_rows, G_N_ELEMENTS(ethernet_rows), offset, length);
}

static void read_arp(FieldReader *reader, guint offset, guint length)
{
    guint whole = MIN(length, 28); /* what follows only fills the frame */
    g_array_index(reader->out->layers, FrameLayer, reader->layer).length = whole;
    read_rows(reader, arp_rows, G_N_ELEMENTS(arp_rows), offset, whole);
}

static void read_ipv4(FieldReader *reader, guint offset, guint length)
{
    read_rows(reader, ipv4_rows, G_N_ELEMENTS(ipv4_rows), offset, length);
}

static void read_ipv6(FieldReader *reader, guint offset, guint length)
{
    read_rows(reader, ipv6_rows, G_N_ELEMENTS(ipv6_rows), offset, length);
}

static void read_icmp(FieldReader *reader, guint offset, guint length)
{
    guint whole = MAX(length, reader->length - offset);
    g_array_index(reader->out->layers, FrameLayer, reader->layer).length = whole;
    read_rows(reader, icmp_rows, G_N_ELEMENTS(icmp_rows), offset, MIN(whole, 4));
    if (whole > 4) {
        frame_fields_add(reader, offset + 4, whole - 4, "data", "", NULL);
    }
}

static void read_udp(FieldReader *reader, guint offset, guint length)
{
    read_rows(reader, udp_rows, G_N_ELEMENTS(udp_rows), offset, length);
}

static void read_tcp(FieldReader *reader, guint offset, guint length)
{
    read_rows(reader, tcp_rows, G_N_ELEMENTS(tcp_rows), offset, length);
}

const FrameLayerReader frame_layer_readers[] = {
    {PACKET_LAYER_ETHERNET, "Ethernet", read_ethernet},
    {PACKET_LAYER_ARP, "ARP", read_arp},
    {PACKET_LAYER_IPV4, "IPv4", read_ipv4},
    {PACKET_LAYER_IPV6, "IPv6", read_ipv6},
    {PACKET_LAYER_ICMP, "ICMP", read_icmp},
    {PACKET_LAYER_UDP, "UDP", read_udp},
    {PACKET_LAYER_TCP, "TCP", read_tcp},
};
const gsize n_frame_layer_readers = G_N_ELEMENTS(frame_layer_readers);
