#include "protocol/imap/imap-writer.h"

/* RFC 9051 §9: ATOM-CHAR, and the ] that ASTRING-CHAR adds. */
static bool is_astring_octet(guint8 octet)
{
    return octet > ' ' && octet < 0x7f && strchr("(){%*\"\\", octet) == NULL;
}

bool imap_is_astring_atom(ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!is_astring_octet(text.data[i])) {
            return false;
        }
    }
    /* NIL as a name must be quoted, or it would be taken for nothing at all. */
    return text.length > 0 && !byte_span_is_nocase(text, "NIL");
}

bool imap_can_be_quoted(ByteSpan text, bool allows_utf8)
{
    bool is_seven_bit = true;
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        if (octet == '\0' || octet == '\r' || octet == '\n') {
            return false;
        }
        is_seven_bit = is_seven_bit && octet < 0x80;
    }
    return text.length <= IMAP_QUOTED_MAXIMUM &&
           (is_seven_bit ||
            (allows_utf8 && g_utf8_validate_len((const char *)text.data, text.length, NULL)));
}

/* Undoes a half-written string. */
static bool give_back(ByteBuffer *out, gsize length)
{
    out->end = out->start + length;
    return false;
}

bool imap_write_quoted(ByteBuffer *out, ByteSpan text)
{
    gsize before = byte_buffer_length(out);
    bool fits = byte_buffer_append_string(out, "\"");
    gsize start = 0;
    for (gsize i = 0; i < text.length && fits; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            fits = byte_buffer_append(out, byte_span_slice(text, start, i - start)) &&
                   byte_buffer_append_string(out, "\\");
            start = i;
        }
    }
    fits = fits && byte_buffer_append(out, byte_span_from(text, start)) &&
           byte_buffer_append_string(out, "\"");
    return fits || give_back(out, before);
}

bool imap_write_announcement(ByteBuffer *out, guint64 octets, ImapLiteralForm form)
{
    return byte_buffer_printf(
        out,
        "%s{%" G_GUINT64_FORMAT "%s}\r\n",
        form == IMAP_LITERAL_BINARY ? "~" : "",
        octets,
        form == IMAP_LITERAL_PLUS ? "+" : ""
    );
}

bool imap_write_literal(ByteBuffer *out, ByteSpan octets, ImapLiteralForm form)
{
    gsize before = byte_buffer_length(out);
    bool fits =
        imap_write_announcement(out, octets.length, form) && byte_buffer_append(out, octets);
    return fits || give_back(out, before);
}

bool imap_write_string(ByteBuffer *out, ByteSpan text, bool allows_utf8)
{
    return imap_can_be_quoted(text, allows_utf8)
               ? imap_write_quoted(out, text)
               : imap_write_literal(out, text, IMAP_LITERAL_PLAIN);
}

bool imap_write_nstring(ByteBuffer *out, ByteSpan text, bool allows_utf8)
{
    return text.data == NULL ? byte_buffer_append_string(out, "NIL")
                             : imap_write_string(out, text, allows_utf8);
}

bool imap_write_astring(ByteBuffer *out, ByteSpan text, bool allows_utf8)
{
    return imap_is_astring_atom(text) ? byte_buffer_append(out, text)
                                      : imap_write_string(out, text, allows_utf8);
}
