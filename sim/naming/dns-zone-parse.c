/* Master files (RFC 1035 §5.1): an entry is a line, or several where parentheses join them. */

#include "sim/naming/dns-zone-private.h"

#define ENTRY_MAXIMUM 65536

typedef struct {
    DnsZone *zone;
    ByteSpan rest;
    guint line; /* of the entry, from 1 */
    guint next_line;
    DnsName origin; /* as $ORIGIN sets it */
    guint32 ttl;
    DnsName owner; /* of the entry before */
    bool has_owner;
    GString *entry; /* comments and parentheses taken out */
    bool starts_blank;
} Reader;

static bool fail(const Reader *reader, GError **error, const char *problem)
{
    g_set_error(error, DNS_ZONE_ERROR, DNS_ZONE_ERROR_SYNTAX, "line %u: %s", reader->line, problem);
    return false;
}

typedef struct {
    guint depth; /* of parentheses */
    bool in_quotes;
    bool is_escaped;
    bool in_comment;
} Scan;

/* True: the entry goes on behind this octet. */
static bool take_octet(Reader *reader, Scan *scan, char octet)
{
    if (octet == '\n') {
        reader->next_line++;
        scan->in_comment = false;
        if (scan->depth == 0) {
            return false;
        }
        octet = ' ';
    }
    if (scan->in_comment) {
        return true;
    }
    if (!scan->is_escaped && !scan->in_quotes) {
        if (octet == ';') {
            scan->in_comment = true;
            return true;
        }
        scan->depth += octet == '(' ? 1 : 0;
        scan->depth -= octet == ')' && scan->depth > 0 ? 1 : 0;
        octet = octet == '(' || octet == ')' || octet == '\r' || octet == '\t' ? ' ' : octet;
    }
    if (octet == '"' && !scan->is_escaped) {
        scan->in_quotes = !scan->in_quotes;
    }
    scan->is_escaped = octet == '\\' && !scan->is_escaped;
    g_string_append_c(reader->entry, octet);
    return true;
}

/* False: the end of the file. */
static bool next_entry(Reader *reader, Scan *scan)
{
    if (reader->rest.length == 0) {
        return false;
    }
    *scan = (Scan){0};
    g_string_truncate(reader->entry, 0);
    reader->line = reader->next_line;
    guint8 first = reader->rest.data[0];
    reader->starts_blank = first == ' ' || first == '\t';
    gsize taken = 0;
    while (taken < reader->rest.length && take_octet(reader, scan, (char)reader->rest.data[taken])
    ) {
        taken++;
    }
    reader->rest = byte_span_from(reader->rest, taken + 1);
    return true;
}

/* The next word; false: none. */
static bool next_word(ByteSpan *rest, ByteSpan *word)
{
    *rest = byte_span_trim(*rest);
    return byte_span_next_token(rest, ' ', word);
}

static bool read_ttl(ByteSpan word, guint32 *out_ttl)
{
    static const char units[] = "smhdw";
    static const guint factors[] = {1, 60, 3600, 86400, 604800};
    guint64 total = 0;
    guint64 number = 0;
    bool has_digit = false;
    if (word.length == 0 || !g_ascii_isdigit((char)word.data[0]) || word.length > 12) {
        return false;
    }
    for (gsize i = 0; i < word.length; i++) {
        char letter = g_ascii_tolower((char)word.data[i]);
        const char *unit = letter == '\0' ? NULL : strchr(units, letter);
        if (g_ascii_isdigit(letter)) {
            number = number * 10 + (guint)(letter - '0');
            has_digit = true;
        } else if (unit != NULL && has_digit) {
            total += number * factors[unit - units];
            number = 0;
            has_digit = false;
        } else {
            return false;
        }
    }
    total += number;
    *out_ttl = (guint32)MIN(total, (guint64)G_MAXINT32); /* RFC 2181 §8 */
    return total <= G_MAXINT32;
}

static bool read_directive(Reader *reader, ByteSpan rest, GError **error)
{
    ByteSpan directive;
    ByteSpan value = BYTE_SPAN_EMPTY;
    next_word(&rest, &directive);
    next_word(&rest, &value);
    if (byte_span_is_nocase(directive, "$ORIGIN")) {
        return dns_name_from_text_under(value, &reader->origin, &reader->origin) ||
               fail(reader, error, "$ORIGIN needs a name");
    }
    if (byte_span_is_nocase(directive, "$TTL")) {
        return read_ttl(value, &reader->ttl) || fail(reader, error, "$TTL needs a time");
    }
    return fail(reader, error, "only $ORIGIN and $TTL are known here");
}

/* [TTL] [class] or [class] [TTL], then the type */
static bool read_type(Reader *reader, ByteSpan *rest, guint32 *ttl, guint16 *type, GError **error)
{
    ByteSpan word;
    while (next_word(rest, &word)) {
        g_autofree char *text = byte_span_to_string(word);
        guint16 class_number = 0;
        if (read_ttl(word, ttl)) {
            continue;
        }
        if (dns_class_from_text(text, &class_number) && class_number != DNS_CLASS_ANY) {
            if (class_number != DNS_CLASS_IN) {
                return fail(reader, error, "only the class IN is known here");
            }
            continue;
        }
        if (dns_type_from_text(text, type)) {
            return true;
        }
        g_set_error(
            error,
            DNS_ZONE_ERROR,
            DNS_ZONE_ERROR_SYNTAX,
            "line %u: \"%s\" is not a record type",
            reader->line,
            text
        );
        return false;
    }
    return fail(reader, error, "a record type is expected");
}

static bool read_owner(Reader *reader, ByteSpan *rest, GError **error)
{
    ByteSpan word;
    if (reader->starts_blank) {
        return reader->has_owner || fail(reader, error, "no owner stands before this line");
    }
    next_word(rest, &word);
    reader->has_owner = dns_name_from_text_under(word, &reader->origin, &reader->owner);
    return reader->has_owner || fail(reader, error, "the line does not begin with a name");
}

static bool read_record(Reader *reader, ByteSpan rest, GError **error)
{
    guint32 ttl = reader->ttl;
    guint16 type = 0;
    const char *problem = NULL;
    ByteBuffer data;
    if (!read_owner(reader, &rest, error) || !read_type(reader, &rest, &ttl, &type, error)) {
        return false;
    }
    byte_buffer_init(&data, G_MAXUINT16);
    bool is_good = dns_data_from_text(type, rest, &reader->origin, &data, &problem);
    if (!is_good) {
        fail(reader, error, problem);
    } else {
        is_good =
            dns_zone_add(reader->zone, &reader->owner, type, ttl, byte_buffer_span(&data), error);
        if (!is_good) {
            g_prefix_error(error, "line %u: ", reader->line);
        }
    }
    byte_buffer_clear(&data);
    return is_good;
}

static bool read_entries(Reader *reader, GError **error)
{
    Scan scan;
    while (next_entry(reader, &scan)) {
        ByteSpan entry = byte_span(reader->entry->str, reader->entry->len);
        if (scan.depth > 0) {
            return fail(reader, error, "a closing parenthesis is missing");
        }
        if (scan.in_quotes) {
            return fail(reader, error, "a closing quotation mark is missing");
        }
        if (entry.length > ENTRY_MAXIMUM) {
            return fail(reader, error, "the entry is too long");
        }
        if (byte_span_trim(entry).length == 0) {
            continue;
        }
        bool is_good = byte_span_starts_with(entry, "$") ? read_directive(reader, entry, error)
                                                         : read_record(reader, entry, error);
        if (!is_good) {
            return false;
        }
    }
    return true;
}

bool dns_zone_parse(DnsZone *zone, const char *text, GError **error)
{
    Reader reader = {
        .zone = zone,
        .rest = byte_span_from_string(text),
        .next_line = 1,
        .origin = *dns_zone_origin(zone),
        .ttl = dns_zone_default_ttl(zone),
        .entry = g_string_new(NULL),
    };
    bool is_good = read_entries(&reader, error);
    g_string_free(reader.entry, TRUE);
    return is_good;
}
