/* FETCH: one message after another, as the output is taken. Of a message no more is copied than
 * waits to be sent; the octets of its parts are cut from the store's own. */

#include "protocol/imap/imap-fetch-request.h"
#include "protocol/imap/imap-server-private.h"
#include "protocol/imap/imap-writer.h"
#include "protocol/message/message-date.h"
#include "protocol/message/message-structure.h"

#define CONTENT_MAXIMUM (256u * 1024 * 1024) /* of a part with its encoding taken off */

struct ImapFetch {
    GPtrArray *items;  /* ImapFetchItem */
    GArray *sequences; /* guint32 */
    guint next;
    bool tells_uid;
    bool has_missed; /* somebody else had expunged a message */
    bool has_unknown_encoding;
};

/* One message while it is answered. */
typedef struct {
    ImapServer *server;
    ImapMessageInfo info;
    GBytes *octets; /* NULL: not needed so far */
    MimeTree *tree;
} Source;

void imap_fetch_free(ImapFetch *fetch)
{
    if (fetch != NULL) {
        g_ptr_array_unref(fetch->items);
        g_array_unref(fetch->sequences);
        g_free(fetch);
    }
}

static bool has_item(const ImapFetch *fetch, ImapFetchKind kind)
{
    for (guint i = 0; i < fetch->items->len; i++) {
        const ImapFetchItem *item = g_ptr_array_index(fetch->items, i);
        if (item->kind == kind) {
            return true;
        }
    }
    return false;
}

bool imap_server_handle_fetch(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    GPtrArray *items = NULL;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    g_autoptr(GArray) sequences = imap_arguments_messages(&arguments, server->row->is_uid);
    if (sequences == NULL) {
        return false;
    }
    bool has_binary = imap_server_offers(server, IMAP_OFFER_BINARY | IMAP_OFFER_REVISION_2);
    if (!imap_fetch_request_parse(arguments.scanner.rest, has_binary, &items)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    server->fetch = g_new0(ImapFetch, 1);
    server->fetch->items = items;
    server->fetch->sequences = g_steal_pointer(&sequences);
    server->fetch->tells_uid = server->row->is_uid && !has_item(server->fetch, IMAP_FETCH_UID);
    return false;
}

static bool load(Source *source)
{
    ImapServer *server = source->server;
    return source->octets != NULL ||
           server->store->fetch(server->storage, source->info.uid, &source->octets) ==
               IMAP_STORAGE_DONE;
}

static const MimeTree *tree_of(Source *source)
{
    if (source->tree == NULL) {
        source->tree = mime_tree_new(source->octets, NULL);
    }
    return source->tree;
}

static void clear_source(Source *source)
{
    mime_tree_free(source->tree);
    g_clear_pointer(&source->octets, g_bytes_unref);
}

static ByteSpan whole(GBytes *octets)
{
    gsize length;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* A part of 'octets' as a string; what was asked of it beyond its end is left out. */
static void put_string(ImapServer *server, const ImapFetchItem *item, GBytes *octets, ByteSpan part)
{
    bool is_binary = item->kind == IMAP_FETCH_BINARY && byte_span_find(part, '\0', 0) >= 0;
    if (item->is_partial) {
        imap_server_print(server, "<%" G_GUINT64_FORMAT ">", item->first);
        gsize first = (gsize)MIN(item->first, (guint64)part.length);
        gsize count = (gsize)MIN(item->count, (guint64)part.length);
        part = byte_span_slice(part, first, count);
    }
    if (part.length == 0) {
        imap_server_print(server, " \"\"");
        return;
    }
    gsize from = (gsize)(part.data - whole(octets).data);
    imap_server_print(server, " %s{%" G_GSIZE_FORMAT "}\r\n", is_binary ? "~" : "", part.length);
    imap_server_put_piece(server, octets, from, from + part.length);
}

/* The header that HEADER.FIELDS in such a section means. */
static const HeaderBlock *header_of(Source *source, const ImapFetchItem *item)
{
    const MimeTree *tree = tree_of(source);
    const char *name = strstr(item->section, "HEADER");
    gsize length = (gsize)(name - item->section);
    if (length == 0) {
        return &mime_tree_root(tree)->header;
    }
    const MimePart *part = mime_tree_find(tree, byte_span(item->section, length - 1));
    bool is_message = part != NULL && part->n_children == 1 && part->children[0]->is_message;
    return is_message ? &part->children[0]->header : NULL;
}

static void put_fields(Source *source, const ImapFetchItem *item)
{
    ByteBuffer text;
    const HeaderBlock *header = header_of(source, item);
    byte_buffer_init(&text, HEADER_LENGTH_MAXIMUM + 2);
    if (header != NULL &&
        message_structure_write_fields(
            header, (const char *const *)item->fields->pdata, item->fields->len, item->is_not, &text
        )) {
        g_autoptr(GBytes) octets = byte_buffer_steal(&text);
        put_string(source->server, item, octets, whole(octets));
    } else {
        imap_server_print(source->server, " NIL");
    }
    byte_buffer_clear(&text);
}

static void put_section(Source *source, const ImapFetchItem *item)
{
    ByteSpan part;
    imap_server_print(source->server, "%s", item->label);
    if (item->fields != NULL) {
        put_fields(source, item);
    } else if (item->section[0] == '\0') {
        put_string(source->server, item, source->octets, whole(source->octets));
    } else if (mime_tree_section(tree_of(source), byte_span_from_string(item->section), &part)) {
        put_string(source->server, item, source->octets, part);
    } else {
        imap_server_print(source->server, " NIL");
    }
}

/* False: the part's transfer encoding is not known (RFC 9051 §7.1, UNKNOWN-CTE). */
static bool put_binary(Source *source, const ImapFetchItem *item)
{
    ImapServer *server = source->server;
    const MimeTree *tree = tree_of(source);
    bool is_all = item->section[0] == '\0';
    const MimePart *part =
        is_all ? NULL : mime_tree_find(tree, byte_span_from_string(item->section));
    if (part != NULL && part->encoding == MIME_ENCODING_UNKNOWN) {
        return false;
    }
    imap_server_print(server, "%s", item->label);
    if (item->kind == IMAP_FETCH_BINARY_SIZE) {
        gsize length = is_all         ? whole(source->octets).length
                       : part == NULL ? 0
                                      : mime_part_content_length(tree, part);
        imap_server_print(server, " %" G_GSIZE_FORMAT, length);
    } else if (is_all) {
        put_string(server, item, source->octets, whole(source->octets));
    } else if (part == NULL) {
        imap_server_print(server, " NIL");
    } else {
        g_autoptr(GBytes) content = mime_part_content(tree, part, CONTENT_MAXIMUM, NULL);
        put_string(server, item, content, whole(content));
    }
    return true;
}

static void put_structure(Source *source, ImapFetchKind kind)
{
    ByteBuffer text;
    const MimeTree *tree = tree_of(source);
    const MimePart *root = mime_tree_root(tree);
    byte_buffer_init(&text, IMAP_OUTPUT_MAXIMUM);
    bool fits =
        kind == IMAP_FETCH_ENVELOPE
            ? message_structure_write_envelope(root, &text)
            : message_structure_write_body(tree, root, kind == IMAP_FETCH_BODYSTRUCTURE, &text);
    imap_server_put(source->server, fits ? byte_buffer_span(&text) : BYTE_SPAN_LITERAL("NIL"));
    byte_buffer_clear(&text);
}

static bool needs_octets(const ImapFetchItem *item)
{
    return item->kind >= IMAP_FETCH_ENVELOPE;
}

static bool put_item(Source *source, const ImapFetchItem *item)
{
    ImapServer *server = source->server;
    char date[MESSAGE_DATE_SIZE];
    switch (item->kind) {
    case IMAP_FETCH_UID:
        imap_server_print(server, "UID %u", source->info.uid);
        break;
    case IMAP_FETCH_FLAGS:
        imap_server_print(server, "FLAGS ");
        imap_server_write_flags(server, source->info.flags);
        break;
    case IMAP_FETCH_INTERNALDATE:
        message_date_write_internal(source->info.internal_seconds, 0, date);
        imap_server_print(server, "INTERNALDATE \"%s\"", date);
        break;
    case IMAP_FETCH_SIZE:
        imap_server_print(server, "RFC822.SIZE %" G_GUINT64_FORMAT, source->info.size);
        break;
    case IMAP_FETCH_ENVELOPE:
    case IMAP_FETCH_BODY:
    case IMAP_FETCH_BODYSTRUCTURE:
        imap_server_print(server, "%s ", item->label);
        put_structure(source, item->kind);
        break;
    case IMAP_FETCH_SECTION:
        put_section(source, item);
        break;
    case IMAP_FETCH_BINARY:
    case IMAP_FETCH_BINARY_SIZE:
        return put_binary(source, item);
    }
    return true;
}

/* RFC 9051 §6.4.5: reading a part makes the message seen; the flags are then told too. */
static bool make_seen(ImapFetch *fetch, Source *source)
{
    ImapServer *server = source->server;
    bool is_reading = false;
    for (guint i = 0; i < fetch->items->len; i++) {
        const ImapFetchItem *item = g_ptr_array_index(fetch->items, i);
        is_reading |= !item->is_peek;
    }
    if (!is_reading || server->is_read_only || (source->info.flags & IMAP_FLAG_SEEN) != 0 ||
        server->store->change_flags(
            server->storage, source->info.uid, IMAP_FLAGS_ADD, IMAP_FLAG_SEEN
        ) != IMAP_STORAGE_DONE) {
        return false;
    }
    source->info.flags |= IMAP_FLAG_SEEN;
    return !has_item(fetch, IMAP_FETCH_FLAGS);
}

static void answer_items(ImapFetch *fetch, Source *source, guint32 sequence)
{
    ImapServer *server = source->server;
    const char *before = "";
    bool tells_flags = make_seen(fetch, source);
    imap_server_print(server, "* %u FETCH (", sequence);
    if (fetch->tells_uid) {
        imap_server_print(server, "UID %u", source->info.uid);
        before = " ";
    }
    for (guint i = 0; i < fetch->items->len; i++) {
        const ImapFetchItem *item = g_ptr_array_index(fetch->items, i);
        imap_server_print(server, "%s", before);
        before = " ";
        if (!put_item(source, item)) {
            fetch->has_unknown_encoding = true;
            before = "";
        }
    }
    if (tells_flags) {
        imap_server_print(server, "%sFLAGS ", before);
        imap_server_write_flags(server, source->info.flags);
    }
    imap_server_print(server, ")\r\n");
}

static void answer_message(ImapServer *server, ImapFetch *fetch, guint32 sequence)
{
    Source source = {.server = server};
    bool needs_load = false;
    for (guint i = 0; i < fetch->items->len; i++) {
        needs_load |= needs_octets(g_ptr_array_index(fetch->items, i));
    }
    if (server->store->message(server->storage, sequence, &source.info) &&
        (!needs_load || load(&source))) {
        answer_items(fetch, &source, sequence);
    } else {
        fetch->has_missed = true;
    }
    clear_source(&source);
}

static void end_fetch(ImapServer *server)
{
    ImapFetch *fetch = server->fetch;
    server->fetch = NULL;
    if (fetch->has_unknown_encoding) {
        imap_server_no(server, "UNKNOWN-CTE", "A transfer encoding is not known here");
    } else {
        imap_server_ok(
            server,
            fetch->has_missed ? "EXPUNGEISSUED" : NULL,
            "%sFETCH completed",
            server->row->is_uid ? "UID " : ""
        );
    }
    imap_fetch_free(fetch);
}

void imap_server_go_on_fetching(ImapServer *server)
{
    ImapFetch *fetch = server->fetch;
    while (fetch->next < fetch->sequences->len && !imap_server_is_busy(server)) {
        guint32 sequence = g_array_index(fetch->sequences, guint32, fetch->next++);
        answer_message(server, fetch, sequence);
    }
    if (fetch->next == fetch->sequences->len && !imap_server_is_busy(server)) {
        end_fetch(server);
    }
}
