#include "exercises/class/text-decode.h"

typedef struct {
    const char *start;
    gsize length;
    const char *reason;
} MagicRow;

static const MagicRow magics[] = {
    {"%PDF", 4, "a PDF; hand in plain text"},
    {"PK\003\004", 4, "a ZIP archive or an office document; hand in plain text"},
    {"\320\317\021\340", 4, "an old Word document; hand in plain text"},
    {"{\\rtf", 5, "rich text (RTF); hand in plain text"},
    {"\211PNG", 4, "a picture; hand in plain text"},
    {"\377\330\377", 3, "a photograph; hand in plain text"},
    {"GIF8", 4, "a picture; hand in plain text"},
    {"\177ELF", 4, "a program; hand in plain text"},
    {"\037\213", 2, "a compressed file; hand in plain text"},
};

static const char *magic_reason(ByteSpan octets)
{
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        if (octets.length >= magics[i].length &&
            memcmp(octets.data, magics[i].start, magics[i].length) == 0) {
            return magics[i].reason;
        }
    }
    return NULL;
}

static bool starts_with(ByteSpan octets, const char *mark, gsize length)
{
    return octets.length >= length && memcmp(octets.data, mark, length) == 0;
}

/* Latin letters in UTF-16 have a zero in every other octet. */
static const char *guess_utf16(ByteSpan octets)
{
    gsize zeros[2] = {0, 0};
    gsize looked = MIN(octets.length, 400);
    for (gsize i = 0; i < looked; i++) {
        zeros[i % 2] += octets.data[i] == 0 ? 1 : 0;
    }
    if (zeros[1] * 3 > looked && zeros[0] == 0) {
        return "UTF-16LE";
    }
    return zeros[0] * 3 > looked && zeros[1] == 0 ? "UTF-16BE" : NULL;
}

static char *convert(ByteSpan octets, gsize skip, const char *charset)
{
    ByteSpan rest = byte_span_from(octets, skip);
    return g_convert_with_fallback(
        (const char *)rest.data, (gssize)rest.length, "UTF-8", charset, "?", NULL, NULL, NULL
    );
}

/* The same without the piece of a unit that a cut file may end in. */
static char *convert_units(ByteSpan octets, gsize skip, const char *charset, gsize unit)
{
    return convert(byte_span_slice(octets, 0, octets.length / unit * unit), skip, charset);
}

typedef struct {
    const char *mark; /* U+FEFF in one unit of the encoding */
    gsize unit;
    const char *charset;
} MarkRow;

/* UTF-32 comes first: its mark in little-endian begins as that of UTF-16 does. */
static const MarkRow marks[] = {
    {"\377\376\0\0", 4, "UTF-32LE"},
    {"\0\0\376\377", 4, "UTF-32BE"},
    {"\377\376", 2, "UTF-16LE"},
    {"\376\377", 2, "UTF-16BE"},
};

static char *decode(ByteSpan octets)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        const MarkRow *row = &marks[i];
        if (starts_with(octets, row->mark, row->unit)) {
            return convert_units(octets, row->unit, row->charset, row->unit);
        }
    }
    const char *guess = guess_utf16(octets);
    if (guess != NULL) {
        return convert_units(octets, 0, guess, 2);
    }
    gsize skip = starts_with(octets, "\357\273\277", 3) ? 3 : 0;
    ByteSpan rest = byte_span_from(octets, skip);
    if (memchr(octets.data == NULL ? (const guint8 *)"" : octets.data, 0, octets.length) != NULL) {
        return NULL;
    }
    if (g_utf8_validate((const char *)rest.data, (gssize)rest.length, NULL)) {
        return byte_span_to_string(rest);
    }
    char *text = convert(octets, skip, "WINDOWS-1252");
    return text != NULL ? text : convert(octets, skip, "ISO-8859-1");
}

/* CRLF and CR alone become LF, in place. */
static char *with_line_feeds(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '\r') {
            *to++ = '\n';
            from += from[1] == '\n' ? 1 : 0;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

char *text_decode(ByteSpan octets, const char **out_reason)
{
    const char *reason = magic_reason(octets);
    if (reason == NULL && octets.length == 0) {
        reason = "the file is empty";
    }
    char *text = reason == NULL ? decode(octets) : NULL;
    if (text == NULL) {
        *out_reason = reason == NULL ? "it is no text of a known encoding" : reason;
        return NULL;
    }
    return with_line_feeds(text);
}
