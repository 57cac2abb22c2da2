#include "protocol/message/mime-tree-internal.h"

/* RFC 9051 §6.4.5.1: every message has a part 1; a multipart's parts count from 1; the parts of a
 * message inside a message/rfc822 part go on behind that part's number. */

/* What "n" means inside 'part'; 'is_inside' says that 'part' itself has a number already. */
static const MimePart *step(const MimePart *part, guint64 number, bool is_inside)
{
    if (is_inside && mime_part_holds_message(part)) {
        if (part->n_children == 0) {
            return NULL;
        }
        part = part->children[0];
        is_inside = false;
    }
    if (part->n_children > 0 && mime_part_is_multipart(part)) {
        return number >= 1 && number <= part->n_children ? part->children[number - 1] : NULL;
    }
    return !is_inside && number == 1 ? part : NULL;
}

/* Takes numbers off the front of 'section'; false: a number that leads nowhere. */
static bool walk(const MimeTree *tree, ByteSpan *section, const MimePart **out_part)
{
    const MimePart *part = mime_tree_root(tree);
    bool is_inside = false;
    while (section->length > 0 && g_ascii_isdigit(section->data[0])) {
        gssize dot = byte_span_find(*section, '.', 0);
        gsize length = dot < 0 ? section->length : (gsize)dot;
        guint64 number = 0;
        if (!byte_span_to_number(byte_span_slice(*section, 0, length), &number) ||
            length + 1 == section->length) {
            return false;
        }
        part = step(part, number, is_inside);
        if (part == NULL) {
            return false;
        }
        is_inside = true;
        *section = byte_span_from(*section, length + 1);
    }
    *out_part = is_inside ? part : NULL;
    return true;
}

const MimePart *mime_tree_find(const MimeTree *tree, ByteSpan number)
{
    const MimePart *part = NULL;
    return walk(tree, &number, &part) && number.length == 0 ? part : NULL;
}

static ByteSpan header_of(const MimeTree *tree, const MimePart *part)
{
    return byte_span_slice(tree->octets, part->header_offset, part->header_length);
}

/* HEADER and TEXT belong to a message: the whole one, or the one a part holds. */
static const MimePart *message_of(const MimeTree *tree, const MimePart *part)
{
    if (part == NULL) {
        return mime_tree_root(tree);
    }
    return mime_part_holds_message(part) && part->n_children > 0 ? part->children[0] : NULL;
}

bool mime_tree_section(const MimeTree *tree, ByteSpan section, ByteSpan *out_octets)
{
    const MimePart *part = NULL;
    if (!walk(tree, &section, &part)) {
        return false;
    }
    if (section.length == 0) {
        *out_octets = part == NULL ? tree->octets : mime_part_raw(tree, part);
        return true;
    }
    if (byte_span_is_nocase(section, "MIME") && part != NULL) {
        *out_octets = header_of(tree, part);
        return true;
    }
    const MimePart *message = message_of(tree, part);
    if (message != NULL && byte_span_is_nocase(section, "HEADER")) {
        *out_octets = header_of(tree, message);
        return true;
    }
    if (message != NULL && byte_span_is_nocase(section, "TEXT")) {
        *out_octets = mime_part_raw(tree, message);
        return true;
    }
    return false;
}

static void prepend(GString *number, const char *component)
{
    if (number->len > 0) {
        g_string_prepend_c(number, '.');
    }
    g_string_prepend(number, component);
}

char *mime_part_number(const MimePart *part)
{
    GString *number = g_string_new(NULL);
    if (part->is_message && mime_part_is_multipart(part)) {
        g_string_assign(number, "TEXT");
    }
    for (const MimePart *at = part; at != NULL; at = at->parent) {
        if (!at->is_message) {
            g_autofree char *component = g_strdup_printf("%u", at->index + 1);
            prepend(number, component);
        } else if (!mime_part_is_multipart(at)) {
            prepend(number, "1");
        }
    }
    return g_string_free(number, FALSE);
}
