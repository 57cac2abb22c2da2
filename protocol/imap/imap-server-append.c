/* APPEND: the line with the mailbox, the flags and the date; the message; the rest of the line. A
 * refusal waits until the message has passed where its octets come unasked. */

#include "protocol/imap/imap-server-private.h"

#include "protocol/message/message-date.h"

void imap_append_clear(ImapAppend *append)
{
    g_clear_pointer(&append->name, g_free);
    g_clear_pointer(&append->refusal, g_free);
    g_clear_pointer(&append->keywords, g_ptr_array_unref);
    byte_buffer_clear(&append->octets);
    append->is_open = false;
    append->has_ended = false;
    append->is_bad = false;
    append->is_utf8 = false;
    append->flags = 0;
    append->seconds = -1;
}

static bool take_date(const ImapToken *token, gint64 *out_seconds)
{
    MessageDate date;
    if (!message_date_parse_internal(token->value, &date)) {
        return false;
    }
    *out_seconds = date.seconds;
    return true;
}

static ImapTokenKind next_kind(const ImapArguments *arguments)
{
    ImapArguments ahead = *arguments;
    ImapToken token;
    return imap_arguments_token(&ahead, &token) ? token.kind : IMAP_TOKEN_END;
}

/* What stands between the name and the message, all of it optional: flags in brackets, a date in
 * quotes, and for a message in UTF-8 "UTF8 (" (RFC 6855 §4). */
static bool take_options(ImapServer *server, ImapArguments *arguments)
{
    ImapAppend *append = &server->append;
    ImapToken token;
    if (next_kind(arguments) == IMAP_TOKEN_LIST_OPEN &&
        !imap_arguments_flags(arguments, false, &append->flags, append->keywords)) {
        return false;
    }
    if (next_kind(arguments) == IMAP_TOKEN_QUOTED &&
        !(imap_arguments_token(arguments, &token) && take_date(&token, &append->seconds))) {
        return false;
    }
    if (next_kind(arguments) == IMAP_TOKEN_ATOM) {
        append->is_utf8 = server->allows_utf8 && imap_arguments_token(arguments, &token) &&
                          byte_span_is_nocase(token.value, "UTF8") &&
                          imap_arguments_token(arguments, &token) &&
                          token.kind == IMAP_TOKEN_LIST_OPEN;
    }
    return imap_arguments_at_end(arguments);
}

static void refuse(ImapServer *server, const char *refusal)
{
    g_free(server->append.refusal);
    server->append.refusal = g_strdup(refusal);
}

static void check_target(ImapServer *server)
{
    ImapMailboxStatus status;
    ImapAppend *append = &server->append;
    ImapStorageResult result = server->store->status(server->storage, append->name, &status);
    if (append->announced > server->options.maximum_message) {
        refuse(server, "NO [TOOBIG] The message is too big");
    } else if (result == IMAP_STORAGE_NO_MAILBOX) {
        refuse(server, "NO [TRYCREATE] There is no such mailbox");
    } else if (result != IMAP_STORAGE_DONE) {
        refuse(server, "NO [CANNOT] That mailbox cannot hold messages");
    }
}

bool imap_server_handle_append(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    ImapLiteral literal;
    ImapAppend *append = &server->append;
    (void)out_event;
    if (!imap_literal_at_end(command->arguments, &literal)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    imap_append_clear(append);
    append->is_open = true;
    append->announced = literal.octets;
    append->keywords = g_ptr_array_new_with_free_func(g_free);
    gsize before = command->arguments.length - literal.length;
    imap_arguments_init(&arguments, server, byte_span_slice(command->arguments, 0, before));
    append->name = imap_arguments_name(&arguments);
    if (append->name == NULL) {
        refuse(server, "NO [CANNOT] No mailbox can have that name");
    } else if (!take_options(server, &arguments)) {
        refuse(server, "BAD Syntax: APPEND mailbox [(flags)] [date-time] {octets}");
    } else {
        check_target(server);
    }
    /* RFC 7888 §5: with LITERAL- no more than 4096 octets come unasked. */
    bool is_unasked = !literal.is_synchronizing;
    if (is_unasked && !imap_server_offers(server, IMAP_OFFER_LITERAL_PLUS) &&
        (literal.octets > 4096 ||
         !imap_server_offers(server, IMAP_OFFER_LITERAL_MINUS | IMAP_OFFER_REVISION_2))) {
        refuse(server, "BAD So big a literal must wait to be asked for");
    }
    if (append->refusal != NULL && !is_unasked) {
        imap_server_finish_append(server);
    } else if (!is_unasked) {
        imap_server_go_on(server, "Go on with the message");
    }
    return false;
}

void imap_server_append_event(ImapServer *server, const DialogueEvent *event)
{
    ImapAppend *append = &server->append;
    if (!append->is_open) {
        return;
    }
    switch (event->kind) {
    case DIALOGUE_EVENT_MESSAGE_DATA:
        if (append->refusal == NULL && !byte_buffer_append(&append->octets, event->text)) {
            refuse(server, "NO [TOOBIG] The message is too big");
        }
        break;
    case DIALOGUE_EVENT_MESSAGE_END:
        append->has_ended = true;
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        append->is_bad = !byte_span_is(event->text, append->is_utf8 ? ")" : "");
        break;
    case DIALOGUE_EVENT_COMMAND:
    case DIALOGUE_EVENT_REPLY:
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_CREDENTIAL:
    case DIALOGUE_EVENT_OPAQUE:
    case DIALOGUE_EVENT_MISSING:
        break;
    }
}

static void store_message(ImapServer *server)
{
    ImapAppend *append = &server->append;
    guint32 uid_validity = 0;
    guint32 uid = 0;
    g_ptr_array_add(append->keywords, NULL);
    g_autoptr(GBytes) octets = byte_buffer_steal(&append->octets);
    ImapStorageResult result = server->store->append(
        server->storage,
        append->name,
        octets,
        append->flags,
        (const char *const *)append->keywords->pdata,
        append->seconds,
        &uid_validity,
        &uid
    );
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, true);
        return;
    }
    g_autofree char *code = NULL;
    if (uid != 0 && imap_server_offers(server, IMAP_OFFER_UIDPLUS | IMAP_OFFER_REVISION_2)) {
        code = g_strdup_printf("APPENDUID %u %u", uid_validity, uid);
    }
    imap_server_ok(server, code, "APPEND completed");
}

/* "NO [CODE] text" of a refusal that waited. */
static void say_refusal(ImapServer *server)
{
    g_auto(GStrv) words = g_strsplit(server->append.refusal, " ", 2);
    imap_server_say(server, server->tag, words[0], NULL, "%s", words[1]);
}

void imap_server_finish_append(ImapServer *server)
{
    ImapAppend *append = &server->append;
    if (append->refusal != NULL && append->refusal[0] != '\0') {
        say_refusal(server);
    } else if (append->refusal == NULL && append->is_bad) {
        imap_server_bad(server, "Something stands behind the message");
    } else if (append->refusal == NULL) {
        store_message(server);
    }
    imap_append_clear(append);
}
