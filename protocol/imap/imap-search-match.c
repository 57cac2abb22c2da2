#include "protocol/imap/imap-search-match.h"

#include "protocol/message/message-date.h"
#include "protocol/message/mime-tree.h"

#define TEXT_MAXIMUM (32u * 1024 * 1024) /* looked at of one part */

typedef struct {
    const ImapSearchMessage *message;
    MimeTree *tree; /* NULL: not needed so far */
    bool is_gone;
} Matcher;

static const MimeTree *tree_of(Matcher *matcher)
{
    if (matcher->tree == NULL && !matcher->is_gone) {
        g_autoptr(GBytes) octets = matcher->message->octets(matcher->message->data);
        matcher->is_gone = octets == NULL;
        matcher->tree = octets == NULL ? NULL : mime_tree_new(octets, NULL);
    }
    return matcher->tree;
}

static bool holds(const char *utf8, const char *folded)
{
    if (utf8 == NULL) {
        return false;
    }
    g_autofree char *text = imap_search_fold(utf8);
    return strstr(text, folded) != NULL;
}

static bool header_holds(const HeaderBlock *header, const char *name, const char *text)
{
    const HeaderField *field = NULL;
    while ((field = header_block_find_next(header, name, field)) != NULL) {
        g_autofree char *decoded = header_field_decoded(field);
        if (holds(decoded, text)) {
            return true;
        }
    }
    return false;
}

static bool any_header_holds(const HeaderBlock *header, const char *text)
{
    for (guint i = 0; i < header->n_fields; i++) {
        const HeaderField *field = &header->fields[i];
        g_autofree char *name = byte_span_to_string(field->name);
        g_autofree char *decoded = header_field_decoded(field);
        g_autofree char *line = g_strconcat(name, ": ", decoded, NULL);
        if (holds(line, text)) {
            return true;
        }
    }
    return false;
}

/* Text parts, and the header of a message inside the message. */
static bool body_holds(const MimeTree *tree, const char *text)
{
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (part->is_message && part->parent != NULL && any_header_holds(&part->header, text)) {
            return true;
        }
        if (mime_part_is(part, "text", NULL)) {
            g_autofree char *content = mime_part_text(tree, part, TEXT_MAXIMUM);
            if (holds(content, text)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_between(gint64 seconds, const ImapSearchNode *node)
{
    gint64 day = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0);
    return day >= node->first_day && day <= node->last_day;
}

/* RFC 9051 §6.4.4: time and zone are left aside; the day is the one that was written. */
static bool was_sent_between(const MimeTree *tree, const ImapSearchNode *node)
{
    MessageDate date;
    const HeaderField *field = header_block_find(&mime_tree_root(tree)->header, "Date");
    return field != NULL && message_date_parse(field->body, &date) &&
           is_between(date.seconds + date.zone_minutes * 60, node);
}

static int compare_numbers(const void *left, const void *right)
{
    guint32 a = *(const guint32 *)left;
    guint32 b = *(const guint32 *)right;
    return a < b ? -1 : a > b;
}

static bool is_in(const GArray *messages, guint32 sequence)
{
    return messages->len > 0 &&
           bsearch(&sequence, messages->data, messages->len, sizeof(guint32), compare_numbers) !=
               NULL;
}

static bool needs_octets(const ImapSearchNode *node)
{
    return node->kind >= IMAP_SEARCH_SENT_DAY;
}

static bool matches(Matcher *matcher, const ImapSearchNode *node);

/* What costs nothing is asked first. */
static bool all_match(Matcher *matcher, const GPtrArray *children)
{
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < children->len; i++) {
            const ImapSearchNode *child = g_ptr_array_index(children, i);
            if (needs_octets(child) == (pass == 1) && !matches(matcher, child)) {
                return false;
            }
        }
    }
    return true;
}

static bool any_matches(Matcher *matcher, const GPtrArray *children)
{
    for (guint i = 0; i < children->len; i++) {
        if (matches(matcher, g_ptr_array_index(children, i))) {
            return true;
        }
    }
    return false;
}

static bool content_matches(Matcher *matcher, const ImapSearchNode *node)
{
    const MimeTree *tree = tree_of(matcher);
    if (tree == NULL) {
        return false;
    }
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    switch ((guint)node->kind) {
    case IMAP_SEARCH_SENT_DAY:
        return was_sent_between(tree, node);
    case IMAP_SEARCH_HEADER:
        return header_holds(header, node->name, node->text);
    case IMAP_SEARCH_BODY:
        return body_holds(tree, node->text);
    default:
        return any_header_holds(header, node->text) || body_holds(tree, node->text);
    }
}

static bool matches(Matcher *matcher, const ImapSearchNode *node)
{
    const ImapSearchMessage *message = matcher->message;
    const ImapMessageInfo *info = &message->info;
    switch (node->kind) {
    case IMAP_SEARCH_ALL:
        return true;
    case IMAP_SEARCH_FLAGS:
        return (info->flags & node->mask) == node->flags;
    case IMAP_SEARCH_KEYWORD:
        return message->has_keyword(info->flags, node->name, message->data) != node->is_not;
    case IMAP_SEARCH_SET:
        return is_in(node->messages, message->sequence);
    case IMAP_SEARCH_LARGER:
        return info->size > node->number;
    case IMAP_SEARCH_SMALLER:
        return info->size < node->number;
    case IMAP_SEARCH_DAY:
        return is_between(info->internal_seconds, node);
    case IMAP_SEARCH_SENT_DAY:
    case IMAP_SEARCH_HEADER:
    case IMAP_SEARCH_BODY:
    case IMAP_SEARCH_TEXT:
        return content_matches(matcher, node);
    case IMAP_SEARCH_NOT:
        return !any_matches(matcher, node->children);
    case IMAP_SEARCH_OR:
        return any_matches(matcher, node->children);
    case IMAP_SEARCH_AND:
        return all_match(matcher, node->children);
    }
    return false;
}

bool imap_search_matches(const ImapSearchNode *node, const ImapSearchMessage *message)
{
    Matcher matcher = {.message = message};
    bool is_match = matches(&matcher, node);
    mime_tree_free(matcher.tree);
    return is_match;
}
