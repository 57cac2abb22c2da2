#include <arpa/inet.h>

#include "protocol/dns/dns-data.h"

/* What stands between blanks, or between quotes. */
typedef struct {
    ByteSpan text;
    bool is_quoted;
} Token;

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

/* The place of the quote that ends the string, or the text's length. */
static gsize quote_end(ByteSpan text, gsize at)
{
    while (at < text.length && text.data[at] != '"') {
        at += text.data[at] == '\\' ? 2 : 1;
    }
    return MIN(at, text.length);
}

static bool next_token(ByteSpan *rest, Token *token)
{
    *rest = byte_span_trim(*rest);
    if (rest->length == 0) {
        return false;
    }
    gsize end = 0;
    token->is_quoted = rest->data[0] == '"';
    if (token->is_quoted) {
        end = quote_end(*rest, 1);
        token->text = byte_span_slice(*rest, 1, end - 1);
        *rest = byte_span_from(*rest, end + 1);
        return true;
    }
    while (end < rest->length && !is_blank(rest->data[end])) {
        end += rest->data[end] == '\\' ? 2 : 1;
    }
    token->text = byte_span_slice(*rest, 0, end);
    *rest = byte_span_from(*rest, end);
    return true;
}

static bool put_number(ByteBuffer *out, guint64 number, guint octets)
{
    guint8 room[4];
    for (guint i = 0; i < octets; i++) {
        room[i] = (guint8)(number >> 8 * (octets - 1 - i));
    }
    return number >> 8 * octets == 0 && byte_buffer_append(out, byte_span(room, octets));
}

/* "3600", "1h", "1d12h" */
static bool put_seconds(ByteBuffer *out, ByteSpan text)
{
    static const char units[] = "smhdw";
    static const guint factors[] = {1, 60, 3600, 86400, 604800};
    guint64 total = 0;
    guint64 number = 0;
    bool has_digit = false;
    for (gsize i = 0; i < text.length; i++) {
        char letter = g_ascii_tolower((char)text.data[i]);
        const char *unit = letter == '\0' ? NULL : strchr(units, letter);
        if (g_ascii_isdigit(letter) && number < G_MAXUINT32) {
            number = number * 10 + (guint)(letter - '0');
            has_digit = true;
        } else if (unit != NULL && has_digit) {
            total += number * factors[unit - units];
            number = 0;
            has_digit = false;
        } else {
            return false;
        }
        if (total > G_MAXUINT32) {
            return false;
        }
    }
    total += number;
    return text.length > 0 && put_number(out, total, 4);
}

static bool put_address(ByteBuffer *out, int family, ByteSpan text)
{
    guint8 octets[16];
    g_autofree char *copy = byte_span_to_string(text);
    return strlen(copy) == text.length && inet_pton(family, copy, octets) == 1 &&
           byte_buffer_append(out, byte_span(octets, family == AF_INET ? 4 : 16));
}

static bool put_name(ByteBuffer *out, ByteSpan text, const DnsName *origin)
{
    DnsName name;
    return dns_name_from_text_under(text, origin, &name) &&
           byte_buffer_append(out, byte_span(name.octets, name.length));
}

/* The octets of a quoted string with \X and \DDD undone. */
static GByteArray *unescape(ByteSpan text)
{
    GByteArray *octets = g_byte_array_new();
    for (gsize i = 0; i < text.length; i++) {
        guint8 octet = text.data[i];
        if (octet == '\\' && i + 3 < text.length && g_ascii_isdigit((char)text.data[i + 1]) &&
            g_ascii_isdigit((char)text.data[i + 2]) && g_ascii_isdigit((char)text.data[i + 3])) {
            octet = (guint8
            )((text.data[i + 1] - '0') * 100 + (text.data[i + 2] - '0') * 10 +
              (text.data[i + 3] - '0'));
            i += 3;
        } else if (octet == '\\' && i + 1 < text.length) {
            octet = text.data[++i];
        }
        g_byte_array_append(octets, &octet, 1);
    }
    return octets;
}

static bool put_string(ByteBuffer *out, ByteSpan text)
{
    g_autoptr(GByteArray) octets = unescape(text);
    return octets->len <= G_MAXUINT8 && put_number(out, octets->len, 1) &&
           byte_buffer_append(out, byte_span(octets->data, octets->len));
}

static bool put_text(ByteBuffer *out, ByteSpan text)
{
    g_autoptr(GByteArray) octets = unescape(text);
    return byte_buffer_append(out, byte_span(octets->data, octets->len));
}

/* Digits may be cut into runs anywhere. */
static bool put_hex(ByteBuffer *out, ByteSpan first, ByteSpan *rest)
{
    Token token = {.text = first};
    gint high = -1;
    do {
        for (gsize i = 0; i < token.text.length; i++) {
            gint digit = g_ascii_xdigit_value((char)token.text.data[i]);
            if (digit < 0) {
                return false;
            }
            if (high >= 0 && !put_number(out, (guint64)(high << 4 | digit), 1)) {
                return false;
            }
            high = high >= 0 ? -1 : digit;
        }
    } while (next_token(rest, &token));
    return high < 0;
}

static bool put_decimal(ByteBuffer *out, ByteSpan text, guint octets)
{
    guint64 number = 0;
    return byte_span_to_number(text, &number) && put_number(out, number, octets);
}

static bool put_strings(ByteBuffer *out, ByteSpan first, ByteSpan *rest)
{
    Token token = {.text = first};
    do {
        if (!put_string(out, token.text)) {
            return false;
        }
    } while (next_token(rest, &token));
    return true;
}

static bool
put_part(const DnsPart *part, Token token, ByteSpan *rest, const DnsName *origin, ByteBuffer *out)
{
    switch (part->kind) {
    case DNS_PART_NAME:
    case DNS_PART_PLAIN_NAME:
        return put_name(out, token.text, origin);
    case DNS_PART_NUMBER_8:
        return put_decimal(out, token.text, 1);
    case DNS_PART_NUMBER_16:
        return put_decimal(out, token.text, 2);
    case DNS_PART_NUMBER_32:
        return put_decimal(out, token.text, 4);
    case DNS_PART_SECONDS:
        return put_seconds(out, token.text);
    case DNS_PART_IPV4:
        return put_address(out, AF_INET, token.text);
    case DNS_PART_IPV6:
        return put_address(out, AF_INET6, token.text);
    case DNS_PART_STRING:
    case DNS_PART_WORD:
        return put_string(out, token.text);
    case DNS_PART_STRINGS:
        return put_strings(out, token.text, rest);
    case DNS_PART_TEXT:
        return put_text(out, token.text);
    case DNS_PART_HEX:
        return put_hex(out, token.text, rest);
    case DNS_PART_OPTIONS:
        return false;
    }
    g_assert_not_reached();
}

static const char *expectation(DnsPartKind kind)
{
    switch (kind) {
    case DNS_PART_NAME:
    case DNS_PART_PLAIN_NAME:
        return "a name is expected, with labels of 1 to 63 characters";
    case DNS_PART_NUMBER_8:
        return "a number from 0 to 255 is expected";
    case DNS_PART_NUMBER_16:
        return "a number from 0 to 65535 is expected";
    case DNS_PART_NUMBER_32:
        return "a number from 0 to 4294967295 is expected";
    case DNS_PART_SECONDS:
        return "a time is expected, such as 3600 or 1h";
    case DNS_PART_IPV4:
        return "an IPv4 address is expected, such as 192.0.2.25";
    case DNS_PART_IPV6:
        return "an IPv6 address is expected, such as 2001:db8::25";
    case DNS_PART_STRING:
    case DNS_PART_STRINGS:
    case DNS_PART_WORD:
        return "a string of at most 255 octets is expected";
    case DNS_PART_TEXT:
        return "a text is expected";
    case DNS_PART_HEX:
        return "pairs of hexadecimal digits are expected";
    case DNS_PART_OPTIONS:
        return "an OPT record cannot be written in a zone";
    }
    g_assert_not_reached();
}

/* "\# 4 C0000219" */
static bool parse_generic(ByteSpan text, ByteBuffer *out, const char **problem)
{
    Token token;
    guint64 length = 0;
    gsize before = byte_buffer_length(out);
    bool is_good = next_token(&text, &token) && next_token(&text, &token) &&
                   byte_span_to_number(token.text, &length);
    if (is_good && next_token(&text, &token)) {
        is_good = put_hex(out, token.text, &text);
    }
    if (!is_good || byte_buffer_length(out) - before != length) {
        *problem = "\\#, a count of octets and so many pairs of hexadecimal digits are expected";
        return false;
    }
    return true;
}

static bool parse_parts(
    const DnsTypeRow *row,
    ByteSpan text,
    const DnsName *origin,
    ByteBuffer *out,
    const char **problem
)
{
    Token token;
    for (guint i = 0; i < row->n_parts; i++) {
        bool has_token = next_token(&text, &token);
        if (!has_token && row->parts[i].kind == DNS_PART_HEX) {
            continue;
        }
        if (!has_token || !put_part(&row->parts[i], token, &text, origin, out)) {
            *problem = expectation(row->parts[i].kind);
            return false;
        }
    }
    if (next_token(&text, &token)) {
        *problem = "nothing more is expected behind the last value";
        return false;
    }
    return true;
}

bool dns_data_from_text(
    guint16 type, ByteSpan text, const DnsName *origin, ByteBuffer *out, const char **out_problem
)
{
    const char *unused = NULL;
    const char **problem = out_problem != NULL ? out_problem : &unused;
    const DnsTypeRow *row = dns_type_row(type);
    text = byte_span_trim(text);
    if (byte_span_starts_with(text, "\\#")) {
        return parse_generic(text, out, problem);
    }
    if (row == NULL) {
        *problem = "data of this type must be written as \\#, a count and hexadecimal digits";
        return false;
    }
    return parse_parts(row, text, origin, out, problem);
}
