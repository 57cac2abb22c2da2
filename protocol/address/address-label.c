#include "protocol/address/address-scanner.h"
#include "protocol/address/punycode.h"

/* Whether a label could be registered: the checks of RFC 5891 §4.2 that need no table of their own.
 * The permitted characters (RFC 5892) are told from their Unicode properties: letters that stay as
 * they are under compatibility normalisation and case folding, marks, digits, and the few that the
 * RFC names one by one. */

#define POINTS_MAXIMUM 63 /* an A-label has no room for more */

/* Permitted, or permitted in context, in spite of their properties. */
static bool is_exception(gunichar point)
{
    static const gunichar exceptions[] = {
        0x00b7,
        0x00df,
        0x0375,
        0x03c2,
        0x05f3,
        0x05f4,
        0x06fd,
        0x06fe,
        0x0f0b,
        0x200c,
        0x200d,
        0x3007,
        0x30fb};
    for (gsize i = 0; i < G_N_ELEMENTS(exceptions); i++) {
        if (exceptions[i] == point) {
            return true;
        }
    }
    return false;
}

static bool has_permitted_type(gunichar point)
{
    switch ((int)g_unichar_type(point)) {
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_DECIMAL_NUMBER:
        return true;
    default:
        return false;
    }
}

/* Whether folding would change it: FULLWIDTH LATIN SMALL LETTER A folds to "a". */
static bool is_stable(gunichar point)
{
    char utf8[6];
    int length = g_unichar_to_utf8(point, utf8);
    g_autofree char *normal = g_utf8_normalize(utf8, length, G_NORMALIZE_NFKC);
    return normal != NULL && (gsize)length == strlen(normal) &&
           memcmp(normal, utf8, (gsize)length) == 0;
}

static bool is_permitted(gunichar point)
{
    if (point < 128) {
        return g_ascii_isalnum((gchar)point) || point == '-';
    }
    return is_exception(point) || (has_permitted_type(point) && is_stable(point));
}

static bool is_mark(gunichar point)
{
    GUnicodeType type = g_unichar_type(point);
    return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK ||
           type == G_UNICODE_ENCLOSING_MARK;
}

/* Position of the first octet that normal form C would change, or -1. */
static gssize find_not_normal(ByteSpan label)
{
    g_autofree char *normal =
        g_utf8_normalize((const char *)label.data, (gssize)label.length, G_NORMALIZE_NFC);
    if (normal == NULL || byte_span_is(label, normal)) {
        return -1;
    }
    gsize same = 0;
    while (same < label.length && (guint8)normal[same] == label.data[same]) {
        same++;
    }
    while (same > 0 && same < label.length && (label.data[same] & 0xc0) == 0x80) {
        same--;
    }
    return (gssize)MIN(same, label.length - 1);
}

static bool check_points(AddressScanner *scanner, ByteSpan label, gsize start)
{
    for (gsize at = 0; at < label.length;) {
        const char *here = (const char *)label.data + at;
        gunichar point = g_utf8_get_char(here);
        if (at == 0 && is_mark(point)) {
            return address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_MARK, start, start);
        }
        if (!is_permitted(point)) {
            return address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_NOT_IDNA, start + at, start);
        }
        at += (gsize)(g_utf8_next_char(here) - here);
    }
    return true;
}

/* RFC 5890 §2.3.2.1: the A-label has to fit in 63 octets. */
static bool fits_as_a_label(ByteSpan label)
{
    gunichar points[POINTS_MAXIMUM];
    char encoded[PUNYCODE_LABEL_MAXIMUM - 4];
    gsize n_points = 0;
    for (gsize at = 0; at < label.length;) {
        const char *here = (const char *)label.data + at;
        if (n_points == POINTS_MAXIMUM) {
            return false;
        }
        points[n_points++] = g_utf8_get_char(here);
        at += (gsize)(g_utf8_next_char(here) - here);
    }
    return punycode_encode(points, n_points, encoded, sizeof encoded) >= 0;
}

static bool check_u_label(AddressScanner *scanner, ByteSpan label, gsize start)
{
    if (!check_points(scanner, label, start)) {
        return false;
    }
    gssize not_normal = find_not_normal(label);
    if (not_normal >= 0) {
        return address_scanner_fail(
            scanner, ADDRESS_FAULT_LABEL_NOT_NORMAL, start + (gsize)not_normal, start
        );
    }
    if (g_utf8_strlen((const char *)label.data, (gssize)label.length) >= 4) {
        const char *third = g_utf8_offset_to_pointer((const char *)label.data, 2);
        if (third[0] == '-' && third[1] == '-') {
            gsize position = start + (gsize)(third - (const char *)label.data);
            return address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_HYPHENS, position, start);
        }
    }
    return fits_as_a_label(label) ||
           address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_TOO_LONG, scanner->at, start);
}

static bool check_a_label(AddressScanner *scanner, ByteSpan label, gsize start)
{
    gunichar points[POINTS_MAXIMUM];
    gssize n_points = punycode_decode(byte_span_from(label, 4), points, POINTS_MAXIMUM);
    bool has_other = false;
    for (gssize i = 0; i < n_points; i++) {
        has_other |= points[i] > 127;
        if (!is_permitted(points[i]) || (i == 0 && is_mark(points[i]))) {
            n_points = -1;
        }
    }
    return (n_points > 0 && has_other) ||
           address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_PUNYCODE, start, start);
}

static gssize find_not_ascii(ByteSpan label)
{
    for (gsize i = 0; i < label.length; i++) {
        if (label.data[i] > 127) {
            return (gssize)i;
        }
    }
    return -1;
}

bool address_check_label(AddressScanner *scanner, gsize start)
{
    ByteSpan label = byte_span_slice(scanner->text, start, scanner->at - start);
    if (find_not_ascii(label) >= 0) {
        return check_u_label(scanner, label, start);
    }
    if (label.length > PUNYCODE_LABEL_MAXIMUM) {
        gsize position = start + PUNYCODE_LABEL_MAXIMUM;
        return address_scanner_fail(scanner, ADDRESS_FAULT_LABEL_TOO_LONG, position, start);
    }
    return byte_span_starts_with_nocase(label, "xn--") ? check_a_label(scanner, label, start)
                                                       : true;
}
