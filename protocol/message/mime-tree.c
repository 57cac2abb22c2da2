#include "protocol/message/mime-tree.h"

#include "protocol/message/mime-tree-internal.h"

static void free_part(gpointer data)
{
    MimePart *part = data;
    mime_fields_clear(part);
    g_free(part->children);
    g_free(part);
}

MimeTree *mime_tree_new(GBytes *message, const MimeLimits *limits)
{
    MimeTree *tree = g_new0(MimeTree, 1);
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(message, &length);
    tree->message = g_bytes_ref(message);
    tree->octets = byte_span(data, length);
    tree->limits = (MimeLimits){.depth = MIME_DEPTH_MAXIMUM, .parts = MIME_PARTS_MAXIMUM};
    if (limits != NULL) {
        tree->limits.depth = MIN(limits->depth, MIME_DEPTH_MAXIMUM);
        tree->limits.parts = CLAMP(limits->parts, 1, MIME_PARTS_MAXIMUM);
    }
    tree->parts = g_ptr_array_new_with_free_func(free_part);
    mime_scan(tree);
    return tree;
}

void mime_tree_free(MimeTree *tree)
{
    if (tree != NULL) {
        g_ptr_array_unref(tree->parts);
        g_bytes_unref(tree->message);
        g_free(tree);
    }
}

const MimePart *mime_tree_root(const MimeTree *tree)
{
    return mime_tree_part(tree, 0);
}

guint mime_tree_n_parts(const MimeTree *tree)
{
    return tree->parts->len;
}

const MimePart *mime_tree_part(const MimeTree *tree, guint sequence)
{
    g_assert(sequence < tree->parts->len);
    return g_ptr_array_index(tree->parts, sequence);
}

ByteSpan mime_tree_octets(const MimeTree *tree)
{
    return tree->octets;
}

guint64 mime_tree_defects(const MimeTree *tree)
{
    guint64 defects = 0;
    for (guint i = 0; i < tree->parts->len; i++) {
        const MimePart *part = mime_tree_part(tree, i);
        guint64 of_header = part->header.defects;
        if (!part->is_message) {
            /* RFC 2046 §5.1: a part may have neither header nor body. */
            of_header &= ~MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_NO_SEPARATOR);
        }
        defects |= part->defects | of_header;
    }
    return defects;
}

static bool holds(const MimePart *part, gsize offset)
{
    return offset >= part->header_offset && offset < part->body_offset + part->body_length;
}

static const MimePart *child_at(const MimePart *part, gsize offset)
{
    guint low = 0;
    guint high = part->n_children;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const MimePart *child = part->children[middle];
        if (holds(child, offset)) {
            return child;
        }
        if (offset < child->header_offset) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const MimePart *mime_tree_at(const MimeTree *tree, gsize offset)
{
    const MimePart *part = mime_tree_root(tree);
    const MimePart *child = part;
    while (child != NULL) {
        part = child;
        child = child_at(part, offset);
    }
    return part;
}

static const char *find_parameter(const MimeParameter *parameters, guint count, const char *name)
{
    for (guint i = 0; i < count; i++) {
        if (g_ascii_strcasecmp(parameters[i].name, name) == 0) {
            return parameters[i].value;
        }
    }
    return NULL;
}

const char *mime_part_parameter(const MimePart *part, const char *name)
{
    return find_parameter(part->parameters, part->n_parameters, name);
}

const char *mime_part_disposition_parameter(const MimePart *part, const char *name)
{
    return find_parameter(part->disposition_parameters, part->n_disposition_parameters, name);
}

bool mime_part_is(const MimePart *part, const char *type, const char *subtype)
{
    return g_ascii_strcasecmp(part->type, type) == 0 &&
           (subtype == NULL || g_ascii_strcasecmp(part->subtype, subtype) == 0);
}

bool mime_part_is_multipart(const MimePart *part)
{
    return mime_part_is(part, "multipart", NULL);
}

/* RFC 2046 §5.2.1 and, for internationalised messages, RFC 6532 §3.7. */
bool mime_part_holds_message(const MimePart *part)
{
    return mime_part_is(part, "message", "rfc822") || mime_part_is(part, "message", "global");
}

bool mime_part_is_attachment(const MimePart *part)
{
    if (mime_part_is_multipart(part)) {
        return false;
    }
    if (part->disposition != NULL) {
        return strcmp(part->disposition, "inline") != 0;
    }
    bool is_body = mime_part_is(part, "text", NULL) || part->is_message;
    return part->file_name != NULL || !is_body;
}

ByteSpan mime_part_raw(const MimeTree *tree, const MimePart *part)
{
    return byte_span_slice(tree->octets, part->body_offset, part->body_length);
}

const MimePart *mime_tree_text_part(const MimeTree *tree, const char *subtype)
{
    for (guint i = 0; i < tree->parts->len; i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (mime_part_is(part, "text", subtype) && !mime_part_is_attachment(part)) {
            return part;
        }
    }
    return NULL;
}
