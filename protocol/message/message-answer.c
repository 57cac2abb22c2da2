#include "protocol/message/message-writer.h"

#include "protocol/message/header-block.h"
#include "protocol/message/message-address.h"
#include "protocol/message/mime-tree.h"

enum {
    /* RFC 5322 §3.6.4 sets no bound; threads of years would fill the header. */
    REFERENCES_MAXIMUM = 20,
    QUOTED_MAXIMUM = 256 * 1024,
    FORWARDED_MAXIMUM = 64 * 1024 * 1024,
};

/* The original's octets, tree and header, together. */
typedef struct {
    MimeTree *tree;
    const HeaderBlock *header;
} Original;

static Original open_original(GBytes *octets)
{
    Original original = {.tree = mime_tree_new(octets, NULL)};
    original.header = &mime_tree_root(original.tree)->header;
    return original;
}

static char *field_text(const Original *original, const char *name)
{
    char *text = header_block_decoded(original->header, name);
    return text == NULL ? g_strdup("") : text;
}

static char *original_text(const Original *original)
{
    const MimePart *part = mime_tree_text_part(original->tree, "plain");
    return part == NULL ? g_strdup("") : mime_part_text(original->tree, part, QUOTED_MAXIMUM);
}

static bool has_prefix(const char *subject, const char *prefix)
{
    return g_ascii_strncasecmp(subject, prefix, strlen(prefix)) == 0;
}

/* RFC 5322 §3.6.5: one "Re: ", however often the message goes back and forth. */
static void add_subject(MessageDraft *draft, const Original *original, const char *prefix)
{
    g_autofree char *subject = field_text(original, "Subject");
    bool is_there = has_prefix(subject, prefix);
    g_autofree char *text = g_strconcat(is_there ? "" : prefix, is_there ? "" : " ", subject, NULL);
    message_draft_add_text(draft, "Subject", text);
}

static GPtrArray *identifiers(const Original *original, const char *name)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = header_block_text(original->header, name);
    ByteSpan rest = byte_span_from_string(text);
    ByteSpan id;
    bool is_clean = true;
    while (message_id_next(&rest, &id, &is_clean)) {
        g_ptr_array_add(ids, byte_span_to_string(id));
    }
    return ids;
}

/* RFC 5322 §3.6.4: the parent's References, or its only In-Reply-To, and the parent itself. The
 * first and the latest are kept where there are too many. */
static void add_references(MessageDraft *draft, const Original *original)
{
    g_autoptr(GPtrArray) parent = identifiers(original, "Message-ID");
    g_autoptr(GPtrArray) line = identifiers(original, "References");
    g_autoptr(GPtrArray) before = identifiers(original, "In-Reply-To");
    g_autoptr(GString) references = g_string_new(NULL);
    if (parent->len == 0) {
        return;
    }
    if (line->len == 0 && before->len == 1) {
        g_ptr_array_add(line, g_strdup(g_ptr_array_index(before, 0)));
    }
    g_ptr_array_add(line, g_strdup(g_ptr_array_index(parent, 0)));
    for (guint i = 0; i < line->len; i++) {
        if (i == 0 || line->len - i < REFERENCES_MAXIMUM) {
            const char *id = g_ptr_array_index(line, i);
            g_string_append_printf(references, "%s%s", references->len > 0 ? " " : "", id);
        }
    }
    message_draft_add_structured(draft, "In-Reply-To", g_ptr_array_index(parent, 0));
    message_draft_add_structured(draft, "References", references->str);
}

static bool is_new(GHashTable *seen, const MessageAddress *address)
{
    g_autofree char *path = message_address_path(address);
    return path != NULL && g_hash_table_add(seen, g_ascii_strdown(path, -1));
}

/* Adds the mailboxes of a field that are not in 'seen' yet. */
static void collect(GString *list, GHashTable *seen, const Original *original, const char *name)
{
    const HeaderField *field = header_block_find(original->header, name);
    if (field == NULL) {
        return;
    }
    g_autoptr(MessageAddressList) addresses = message_address_list_parse(field->body);
    for (guint i = 0; i < addresses->n_items; i++) {
        const MessageAddress *item = &addresses->items[i];
        if (item->kind != MESSAGE_ADDRESS_MAILBOX || !is_new(seen, item)) {
            continue;
        }
        ByteSpan written = byte_span_slice(field->body, item->offset, item->length);
        g_string_append(list, list->len > 0 ? ", " : "");
        g_string_append_len(list, (const char *)written.data, (gssize)written.length);
    }
}

/* RFC 5322 §3.6.2: an answer goes where Reply-To says, else to the authors. */
static void add_recipients(MessageDraft *draft, const Original *original, const MessageReply *reply)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) to = g_string_new(NULL);
    g_autoptr(GString) cc = g_string_new(NULL);
    collect(to, seen, original, "Reply-To");
    if (to->len == 0) {
        collect(to, seen, original, "From");
    }
    if (to->len > 0) {
        message_draft_add_addresses(draft, "To", to->str);
    }
    if (!reply->to_all) {
        return;
    }
    g_autoptr(MessageAddressList) own =
        message_address_list_parse(byte_span_from_string(reply->from));
    for (guint i = 0; i < own->n_items; i++) {
        is_new(seen, &own->items[i]);
    }
    collect(cc, seen, original, "To");
    collect(cc, seen, original, "Cc");
    if (cc->len > 0) {
        message_draft_add_addresses(draft, "Cc", cc->str);
    }
}

static void append_quoted(GString *text, const char *original)
{
    while (*original != '\0') {
        gsize length = strcspn(original, "\n");
        g_string_append(text, *original == '>' ? ">" : length == 0 ? ">" : "> ");
        g_string_append_len(text, original, (gssize)length);
        g_string_append_c(text, '\n');
        original += length;
        original += *original == '\n' ? 1 : 0;
    }
}

MessageDraft *message_draft_new_reply(
    GBytes *original, const MessageReply *reply, const MessageDraftOptions *options
)
{
    Original source = open_original(original);
    MessageDraft *draft = message_draft_new(options);
    g_autoptr(GString) text = g_string_new(reply->text);
    message_draft_add_addresses(draft, "From", reply->from);
    add_recipients(draft, &source, reply);
    add_subject(draft, &source, "Re:");
    add_references(draft, &source);
    if (reply->quotes) {
        g_autofree char *from = field_text(&source, "From");
        g_autofree char *date = field_text(&source, "Date");
        g_autofree char *quoted = original_text(&source);
        g_string_append_printf(text, "\n\nOn %s, %s wrote:\n", date, from);
        append_quoted(text, quoted);
    }
    message_draft_set_body(draft, draft_part_new_text("plain", text->str));
    mime_tree_free(source.tree);
    return draft;
}

static void append_forwarded(GString *text, const Original *original)
{
    static const char *const names[] = {"From", "Date", "Subject", "To", "Cc"};
    g_autofree char *body = original_text(original);
    g_string_append(text, "\n\n---------- Forwarded message ----------\n");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *value = header_block_decoded(original->header, names[i]);
        if (value != NULL) {
            g_string_append_printf(text, "%s: %s\n", names[i], value);
        }
    }
    g_string_append_printf(text, "\n%s", body);
}

static DraftPart *attach_again(const Original *original, const MimePart *part)
{
    g_autofree char *type = g_strdup_printf("%s/%s", part->type, part->subtype);
    g_autoptr(GBytes) content = mime_part_content(original->tree, part, FORWARDED_MAXIMUM, NULL);
    if (mime_part_is(part, "message", "rfc822")) {
        return draft_part_new_message(content);
    }
    const char *name = part->file_name == NULL ? "attachment" : part->file_name;
    return draft_part_new_content(type, content, name);
}

/* The original's attachments, to be sent again; a message among them goes as a whole. */
static GPtrArray *attachments_of(const Original *original)
{
    GPtrArray *parts = g_ptr_array_new();
    guint count = mime_tree_n_parts(original->tree);
    for (guint i = 0; i < count; i++) {
        const MimePart *part = mime_tree_part(original->tree, i);
        bool is_root = part->parent == NULL;
        if (!mime_part_is_attachment(part) || (is_root && part->n_children > 0)) {
            continue;
        }
        g_ptr_array_add(parts, attach_again(original, part));
        while (i + 1 < count && mime_tree_part(original->tree, i + 1)->depth > part->depth) {
            i++;
        }
    }
    return parts;
}

static DraftPart *
forwarded_body(GBytes *octets, const Original *original, const MessageForward *forward)
{
    g_autoptr(GString) text = g_string_new(forward->text);
    if (forward->as_attachment) {
        DraftPart *message = draft_part_new_message(octets);
        return draft_part_new_composed(text->str, NULL, &message, 1);
    }
    g_autoptr(GPtrArray) attachments = attachments_of(original);
    append_forwarded(text, original);
    return draft_part_new_composed(
        text->str, NULL, (DraftPart *const *)attachments->pdata, attachments->len
    );
}

MessageDraft *message_draft_new_forward(
    GBytes *original, const MessageForward *forward, const MessageDraftOptions *options
)
{
    Original source = open_original(original);
    MessageDraft *draft = message_draft_new(options);
    message_draft_add_addresses(draft, "From", forward->from);
    message_draft_add_addresses(draft, "To", forward->to);
    add_subject(draft, &source, "Fwd:");
    message_draft_set_body(draft, forwarded_body(original, &source, forward));
    mime_tree_free(source.tree);
    return draft;
}
