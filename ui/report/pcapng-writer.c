#include "ui/report/pcapng-writer.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_PROGRAM = 4,    /* shb_userappl */
    OPTION_RESOLUTION = 9, /* if_tsresol */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d

static void put16(GByteArray *out, guint16 number, bool is_big)
{
    guint16 stored = (guint16)(is_big ? GUINT16_TO_BE(number) : GUINT16_TO_LE(number));
    g_byte_array_append(out, (const guint8 *)&stored, sizeof stored);
}

static void put32(GByteArray *out, guint32 number)
{
    guint32 stored = GUINT32_TO_LE(number);
    g_byte_array_append(out, (const guint8 *)&stored, sizeof stored);
}

static void put_padded(GByteArray *out, ByteSpan octets)
{
    static const guint8 zeros[4] = {0};
    if (octets.length > 0) {
        g_byte_array_append(out, octets.data, (guint)octets.length);
    }
    g_byte_array_append(out, zeros, (guint)((4 - octets.length % 4) % 4));
}

static void put_option(GByteArray *out, guint16 code, ByteSpan value, bool is_big)
{
    put16(out, code, is_big);
    put16(out, (guint16)value.length, is_big);
    put_padded(out, value);
}

/* Leaves room for the length; gives where the block begins. */
static guint begin_block(GByteArray *out, guint32 type)
{
    guint start = out->len;
    put32(out, type);
    put32(out, 0);
    return start;
}

static void end_block(GByteArray *out, guint start)
{
    guint32 length = GUINT32_TO_LE(out->len - start + 4);
    memcpy(out->data + start + 4, &length, sizeof length);
    put32(out, out->len - start + 4);
}

void pcapng_put_section(GByteArray *out, const char *program)
{
    guint start = begin_block(out, BLOCK_SECTION);
    put32(out, BYTE_ORDER_MAGIC);
    put16(out, 1, false);
    put16(out, 0, false);
    put32(out, G_MAXUINT32); /* the length of the section is not told */
    put32(out, G_MAXUINT32);
    put_option(out, OPTION_PROGRAM, byte_span_from_string(program), false);
    put_option(out, OPTION_END, BYTE_SPAN_EMPTY, false);
    end_block(out, start);
}

void pcapng_put_interface(GByteArray *out, guint16 link_type, guint8 resolution)
{
    guint start = begin_block(out, BLOCK_INTERFACE);
    put16(out, link_type, false);
    put16(out, 0, false);
    put32(out, 0); /* no limit on the length of packets */
    put_option(out, OPTION_RESOLUTION, byte_span(&resolution, 1), false);
    put_option(out, OPTION_END, BYTE_SPAN_EMPTY, false);
    end_block(out, start);
}

/* Cut between two letters, never inside one. */
static ByteSpan fitting_comment(const char *comment)
{
    gsize length = strlen(comment);
    if (length > PCAPNG_COMMENT_MAXIMUM) {
        const char *end = g_utf8_find_prev_char(comment, comment + PCAPNG_COMMENT_MAXIMUM);
        length = end == NULL ? 0 : (gsize)(end - comment);
    }
    return byte_span(comment, length);
}

void pcapng_put_comment(GByteArray *out, const char *comment, bool is_big)
{
    put_option(out, OPTION_COMMENT, fitting_comment(comment), is_big);
}

void pcapng_put_packet(GByteArray *out, const PcapngPacket *packet)
{
    guint start = begin_block(out, BLOCK_PACKET);
    put32(out, packet->interface);
    put32(out, (guint32)(packet->ticks >> 32));
    put32(out, (guint32)packet->ticks);
    put32(out, (guint32)packet->octets.length);
    put32(out, packet->original_length);
    put_padded(out, packet->octets);
    if (packet->comment != NULL) {
        pcapng_put_comment(out, packet->comment, false);
        put_option(out, OPTION_END, BYTE_SPAN_EMPTY, false);
    }
    end_block(out, start);
}
