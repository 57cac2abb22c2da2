#include "sim/scenario/made-content.h"

#include "sim/network/random.h"

#include <string.h>

/* Four squares of grey, 16 by 16 points: baseline JPEG with the shortest tables that there can be.
 */
/* clang-format off */
static const guint8 small_jpeg[] = {
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00,
    0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x10, 0x10, 0x10,
    0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    0x10, 0x10, 0x10, 0x10, 0x10, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00, 0x10, 0x00, 0x10,
    0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0xff, 0xc4,
    0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00,
    0x3f, 0x00, 0x50, 0x24, 0x50, 0x24, 0xff, 0xd9,
};

/* clang-format on */

enum {
    JPEG_COMMENT_MAXIMUM = 65533, /* of one COM segment, its length field not counted */
    PNG_WIDTH = 32,
    PNG_ROW = PNG_WIDTH + 1, /* a filter octet, then one octet a point */
    DEFLATE_STORED_MAXIMUM = 65535,
};

static void append_32(GByteArray *out, guint32 value)
{
    value = GUINT32_TO_BE(value);
    g_byte_array_append(out, (const guint8 *)&value, sizeof value);
}

static void append_16(GByteArray *out, guint16 value)
{
    value = GUINT16_TO_BE(value);
    g_byte_array_append(out, (const guint8 *)&value, sizeof value);
}

static void append_noise(GByteArray *out, gsize count)
{
    SimRandom random;
    sim_random_init(&random, count);
    while (count-- > 0) {
        guint8 octet = (guint8)sim_random_next(&random);
        g_byte_array_append(out, &octet, 1);
    }
}

/* The picture, then comment segments up to the size; they stand behind the first marker. */
static void make_jpeg(GByteArray *out, gsize size)
{
    gsize missing = size > sizeof small_jpeg + 4 ? size - sizeof small_jpeg : 0;
    g_byte_array_append(out, small_jpeg, 2);
    while (missing > 4) {
        gsize length = MIN(missing - 4, JPEG_COMMENT_MAXIMUM);
        const guint8 marker[] = {0xff, 0xfe};
        g_byte_array_append(out, marker, sizeof marker);
        append_16(out, (guint16)(length + 2));
        append_noise(out, length);
        missing -= length + 4;
    }
    g_byte_array_append(out, small_jpeg + 2, sizeof small_jpeg - 2);
}

static guint32 crc_32(const guint8 *octets, gsize length)
{
    guint32 crc = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        crc ^= octets[i];
        for (guint bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
    }
    return ~crc;
}

static guint32 adler_32(const guint8 *octets, gsize length)
{
    guint32 low = 1;
    guint32 high = 0;
    for (gsize i = 0; i < length; i++) {
        low = (low + octets[i]) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

static void append_chunk(GByteArray *out, const char *type, const GByteArray *data)
{
    append_32(out, data->len);
    guint start = out->len;
    g_byte_array_append(out, (const guint8 *)type, 4);
    g_byte_array_append(out, data->data, data->len);
    append_32(out, crc_32(out->data + start, out->len - start));
}

/* zlib's form without compression: blocks of stored octets. */
static GByteArray *stored(const GByteArray *raw)
{
    static const guint8 head[] = {0x78, 0x01};
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, head, sizeof head);
    for (gsize at = 0; at < raw->len;) {
        guint16 length = (guint16)MIN(raw->len - at, DEFLATE_STORED_MAXIMUM);
        guint8 block[] = {
            at + length == raw->len,
            (guint8)length,
            (guint8)(length >> 8),
            (guint8)~length,
            (guint8)(~length >> 8),
        };
        g_byte_array_append(out, block, sizeof block);
        g_byte_array_append(out, raw->data + at, length);
        at += length;
    }
    append_32(out, adler_32(raw->data, raw->len));
    return out;
}

/* A chequered cloth in grey, as many rows as fill the size. */
static void make_png(GByteArray *out, gsize size)
{
    static const guint8 signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const guint8 format[] = {8, 0, 0, 0, 0}; /* 8 bits, grey, nothing special */
    guint32 rows = (guint32)MAX(size / PNG_ROW, 1);
    g_autoptr(GByteArray) header = g_byte_array_new();
    g_autoptr(GByteArray) raw = g_byte_array_new();
    g_autoptr(GByteArray) end = g_byte_array_new();
    append_32(header, PNG_WIDTH);
    append_32(header, rows);
    g_byte_array_append(header, format, sizeof format);
    for (guint32 y = 0; y < rows; y++) {
        guint8 row[PNG_ROW] = {0};
        for (guint32 x = 0; x < PNG_WIDTH; x++) {
            row[x + 1] = ((x / 8) + (y / 8)) % 2 == 0 ? 0xf0 : 0x40;
        }
        g_byte_array_append(raw, row, sizeof row);
    }
    g_autoptr(GByteArray) data = stored(raw);
    g_byte_array_append(out, signature, sizeof signature);
    append_chunk(out, "IHDR", header);
    append_chunk(out, "IDAT", data);
    append_chunk(out, "IEND", end);
}

static void make_text(GByteArray *out, gsize size)
{
    static const char *const line = "Ketchup, pickles, mustard, onions, and a bun.\n";
    while (out->len < size) {
        gsize length = MIN(strlen(line), size - out->len);
        g_byte_array_append(out, (const guint8 *)line, (guint)length);
    }
}

static const struct {
    const char *ending;
    const char *type;
    void (*make)(GByteArray *out, gsize size);
} kinds[] = {
    {".html", "text/html", make_text},
    {".jpeg", "image/jpeg", make_jpeg},
    {".jpg", "image/jpeg", make_jpeg},
    {".png", "image/png", make_png},
    {".txt", "text/plain", make_text},
};

static int kind_of(const char *file_name)
{
    g_autofree char *lower = g_ascii_strdown(file_name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_has_suffix(lower, kinds[i].ending)) {
            return (int)i;
        }
    }
    return -1;
}

const char *made_content_type(const char *file_name)
{
    int kind = kind_of(file_name);
    return kind < 0 ? "application/octet-stream" : kinds[kind].type;
}

GBytes *made_content(const char *file_name, guint64 size)
{
    int kind = kind_of(file_name);
    gsize wanted = size == 0 ? MADE_CONTENT_USUAL : (gsize)size;
    GByteArray *out = g_byte_array_new();
    if (kind < 0) {
        append_noise(out, wanted);
    } else {
        kinds[kind].make(out, wanted);
    }
    return g_byte_array_free_to_bytes(out);
}
