/* STATUS, and the same answer where LIST asks for it (RFC 9051 §6.3.9.8). */

#include "protocol/imap/imap-server-private.h"

typedef enum {
    STATUS_MESSAGES = 1u << 0,
    STATUS_RECENT = 1u << 1,
    STATUS_UIDNEXT = 1u << 2,
    STATUS_UIDVALIDITY = 1u << 3,
    STATUS_UNSEEN = 1u << 4,
    STATUS_DELETED = 1u << 5,
    STATUS_SIZE = 1u << 6,
} StatusItem;

typedef struct {
    StatusItem item;
    const char *name;
    guint32 needs; /* one of these offers; 0: always there */
} StatusRow;

static const StatusRow rows[] = {
    {STATUS_MESSAGES, "MESSAGES", 0},
    {STATUS_RECENT, "RECENT", IMAP_OFFER_REVISION_1},
    {STATUS_UIDNEXT, "UIDNEXT", 0},
    {STATUS_UIDVALIDITY, "UIDVALIDITY", 0},
    {STATUS_UNSEEN, "UNSEEN", 0},
    {STATUS_DELETED, "DELETED", IMAP_OFFER_REVISION_2},
    {STATUS_SIZE, "SIZE", IMAP_OFFER_STATUS_SIZE | IMAP_OFFER_REVISION_2},
};

static guint32 item_bit(const ImapServer *server, ByteSpan name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool is_offered = rows[i].needs == 0 || (rows[i].needs & server->options.offers) != 0;
        if (is_offered && byte_span_is_nocase(name, rows[i].name)) {
            return rows[i].item;
        }
    }
    return 0;
}

bool imap_status_items_parse(ImapServer *server, ByteSpan list, guint32 *out_items)
{
    ImapScanner scanner;
    ImapToken token;
    imap_scanner_init(&scanner, list);
    *out_items = 0;
    if (!imap_scanner_next(&scanner, &token) || token.kind != IMAP_TOKEN_LIST_OPEN) {
        return false;
    }
    while (imap_scanner_next(&scanner, &token) && token.kind == IMAP_TOKEN_ATOM) {
        guint32 bit = item_bit(server, token.value);
        if (bit == 0) {
            return false;
        }
        *out_items |= bit;
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE && *out_items != 0;
}

static guint64 value_of(const ImapMailboxStatus *status, StatusItem item)
{
    switch (item) {
    case STATUS_MESSAGES:
        return status->messages;
    case STATUS_RECENT:
        return status->recent;
    case STATUS_UIDNEXT:
        return status->uid_next;
    case STATUS_UIDVALIDITY:
        return status->uid_validity;
    case STATUS_UNSEEN:
        return status->unseen;
    case STATUS_DELETED:
        return status->deleted;
    case STATUS_SIZE:
        return status->size;
    }
    return 0;
}

bool imap_server_write_status(ImapServer *server, const char *name, guint32 items)
{
    ImapMailboxStatus status;
    const char *before = "";
    ImapStorageResult result = server->store->status(server->storage, name, &status);
    if (result != IMAP_STORAGE_DONE) {
        return false;
    }
    imap_server_print(server, "* STATUS ");
    imap_server_write_name(server, name);
    imap_server_print(server, " (");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if ((items & rows[i].item) != 0) {
            guint64 value = value_of(&status, rows[i].item);
            imap_server_print(server, "%s%s %" G_GUINT64_FORMAT, before, rows[i].name, value);
            before = " ";
        }
    }
    imap_server_print(server, ")\r\n");
    return true;
}

bool imap_server_handle_status(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    ImapMailboxStatus status;
    guint32 items;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    g_autofree char *name = imap_arguments_name(&arguments);
    if (name == NULL) {
        imap_server_no(server, "CANNOT", "No mailbox can have that name");
        return false;
    }
    if (!imap_status_items_parse(server, arguments.scanner.rest, &items)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    ImapStorageResult result = server->store->status(server->storage, name, &status);
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, false);
    } else if (imap_server_write_status(server, name, items)) {
        imap_server_ok(server, NULL, "STATUS completed");
    }
    return false;
}
