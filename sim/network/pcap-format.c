#include "sim/network/pcap-format.h"

#define PCAP_MAGIC_NANOSECONDS 0xa1b23c4du
#define PCAP_LINKTYPE_ETHERNET 1
#define PCAP_SNAPLEN 262144

static void append_32(GByteArray *file, guint32 value)
{
    value = GUINT32_TO_LE(value);
    g_byte_array_append(file, (const guint8 *)&value, sizeof value);
}

void pcap_append_header(GByteArray *file)
{
    append_32(file, PCAP_MAGIC_NANOSECONDS);
    append_32(file, 2 | 4u << 16); /* version 2.4 */
    append_32(file, 0);
    append_32(file, 0);
    append_32(file, PCAP_SNAPLEN);
    append_32(file, PCAP_LINKTYPE_ETHERNET);
}

void pcap_append_frame(GByteArray *file, SimTime time, ByteSpan octets)
{
    append_32(file, (guint32)(time / SIM_SECOND));
    append_32(file, (guint32)(time % SIM_SECOND));
    append_32(file, (guint32)octets.length);
    append_32(file, (guint32)octets.length);
    g_byte_array_append(file, octets.data, (guint)octets.length);
}
