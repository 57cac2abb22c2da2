/* The loop of the server: which command goes to which handler, and when. */

#include "protocol/imap/imap-server.h"

#include "protocol/imap/imap-parser.h"
#include "protocol/imap/imap-server-private.h"

ImapServer *imap_server_new(const ImapServerOptions *options)
{
    ImapServer *server = g_new0(ImapServer, 1);
    server->options = *options;
    server->host_name = g_strdup(options->host_name);
    server->software = g_strdup(options->software);
    server->mechanisms = g_strdup(options->mechanisms);
    server->is_rev2 = (options->offers & IMAP_OFFER_REVISION_1) == 0;
    server->allows_utf8 = server->is_rev2;
    if (server->options.maximum_message == 0) {
        server->options.maximum_message = IMAP_SERVER_MESSAGE_MAXIMUM;
    }
    server->dialogue = imap_dialogue_new();
    byte_buffer_init(&server->output, IMAP_OUTPUT_MAXIMUM);
    byte_buffer_init(
        &server->append.octets, (gsize)MIN(server->options.maximum_message, G_MAXSIZE / 4)
    );
    return server;
}

static void free_piece(gpointer data)
{
    ImapPiece *piece = data;
    g_bytes_unref(piece->octets);
    g_free(piece);
}

void imap_server_free(ImapServer *server)
{
    if (server == NULL) {
        return;
    }
    imap_dialogue_free(server->dialogue);
    line_overrides_clear(&server->overrides);
    byte_buffer_clear(&server->output);
    g_queue_clear_full(&server->pieces, free_piece);
    imap_fetch_free(server->fetch);
    imap_append_clear(&server->append);
    byte_buffer_clear(&server->append.octets);
    sasl_server_free(server->sasl);
    g_clear_pointer(&server->saved, g_array_unref);
    g_free(server->host_name);
    g_free(server->software);
    g_free(server->mechanisms);
    g_free(server->tag);
    g_free(server->identity);
    g_free(server->authorization);
    g_free(server->secret);
    g_free(server->method);
    g_free(server->user);
    g_free(server->selected);
    g_free(server);
}

static void say_override(ImapServer *server, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];
        if (g_str_has_prefix(line, "* BYE")) {
            imap_server_bye(server, "%s", *(line + 5) == ' ' ? line + 6 : "");
        } else if (g_str_has_prefix(line, "* ")) {
            imap_server_untagged(server, "%s", line + 2);
        } else {
            g_autofree char *status = g_strndup(line, strcspn(line, " "));
            const char *rest = line + strlen(status);
            imap_server_say(
                server,
                server->tag == NULL ? "*" : server->tag,
                status,
                NULL,
                "%s",
                *rest == ' ' ? rest + 1 : rest
            );
        }
    }
}

void imap_server_greet(ImapServer *server, gint64 now_us)
{
    g_autofree char *code = imap_server_capability_code(server);
    server->now_us = now_us;
    const char *override = line_overrides_take(&server->overrides, 0);
    if (override != NULL) {
        say_override(server, override);
        return;
    }
    imap_server_say(
        server, "*", "OK", code, "%s IMAP server ready at %s", server->software, server->host_name
    );
}

bool imap_server_offers(const ImapServer *server, ImapOffer offer)
{
    return (server->options.offers & offer) != 0;
}

bool imap_server_ask(ImapServer *server, ImapServerEventKind kind, ImapServerEvent *out_event)
{
    out_event->kind = kind;
    out_event->needs_answer = true;
    out_event->identity = byte_span_from_string(server->identity);
    out_event->authorization = byte_span_from_string(
        server->authorization == NULL ? server->identity : server->authorization
    );
    out_event->method = server->method;
    server->asked = kind;
    server->awaits_answer = true;
    return true;
}

typedef struct {
    ImapCommandId id;
    guint32 needs; /* one of these must be offered; 0: always there */
    ImapHandler handle;
} HandlerRow;

#define REV2 IMAP_OFFER_REVISION_2
#define NO_TAG "A command begins with a tag"

static const HandlerRow handlers[] = {
    {IMAP_COMMAND_APPEND, 0, imap_server_handle_append},
    {IMAP_COMMAND_AUTHENTICATE, 0, imap_server_handle_authenticate},
    {IMAP_COMMAND_CAPABILITY, 0, imap_server_handle_capability},
    {IMAP_COMMAND_CHECK, IMAP_OFFER_REVISION_1, imap_server_handle_check},
    {IMAP_COMMAND_CLOSE, 0, imap_server_handle_close},
    {IMAP_COMMAND_COPY, 0, imap_server_handle_copy},
    {IMAP_COMMAND_CREATE, 0, imap_server_handle_create},
    {IMAP_COMMAND_DELETE, 0, imap_server_handle_delete},
    {IMAP_COMMAND_ENABLE, IMAP_OFFER_ENABLE | REV2, imap_server_handle_enable},
    {IMAP_COMMAND_EXAMINE, 0, imap_server_handle_select},
    {IMAP_COMMAND_EXPUNGE, 0, imap_server_handle_expunge},
    {IMAP_COMMAND_FETCH, 0, imap_server_handle_fetch},
    {IMAP_COMMAND_ID, IMAP_OFFER_ID, imap_server_handle_id},
    {IMAP_COMMAND_IDLE, IMAP_OFFER_IDLE | REV2, imap_server_handle_idle},
    {IMAP_COMMAND_LIST, 0, imap_server_handle_list},
    {IMAP_COMMAND_LOGIN, 0, imap_server_handle_login},
    {IMAP_COMMAND_LOGOUT, 0, imap_server_handle_logout},
    {IMAP_COMMAND_LSUB, IMAP_OFFER_REVISION_1, imap_server_handle_lsub},
    {IMAP_COMMAND_MOVE, IMAP_OFFER_MOVE | REV2, imap_server_handle_copy},
    {IMAP_COMMAND_NAMESPACE, IMAP_OFFER_NAMESPACE | REV2, imap_server_handle_namespace},
    {IMAP_COMMAND_NOOP, 0, imap_server_handle_noop},
    {IMAP_COMMAND_RENAME, 0, imap_server_handle_rename},
    {IMAP_COMMAND_SEARCH, 0, imap_server_handle_search},
    {IMAP_COMMAND_SELECT, 0, imap_server_handle_select},
    {IMAP_COMMAND_STARTTLS, IMAP_OFFER_STARTTLS, imap_server_handle_starttls},
    {IMAP_COMMAND_STATUS, 0, imap_server_handle_status},
    {IMAP_COMMAND_STORE, 0, imap_server_handle_store},
    {IMAP_COMMAND_SUBSCRIBE, 0, imap_server_handle_subscribe},
    {IMAP_COMMAND_UNSELECT, IMAP_OFFER_UNSELECT | REV2, imap_server_handle_unselect},
    {IMAP_COMMAND_UNSUBSCRIBE, 0, imap_server_handle_subscribe},
};

static const HandlerRow *find_handler(const ImapServer *server, const ImapCommandRow *row)
{
    for (gsize i = 0; row != NULL && i < G_N_ELEMENTS(handlers); i++) {
        if (handlers[i].id == row->id) {
            bool is_offered =
                handlers[i].needs == 0 || (handlers[i].needs & server->options.offers) != 0;
            return is_offered ? &handlers[i] : NULL;
        }
    }
    return NULL;
}

static const char *why_not_now(const ImapServer *server)
{
    if (server->store == NULL) {
        return "log in first";
    }
    return server->selected == NULL ? "select a mailbox first" : "not in this state";
}

static void note_error(ImapServer *server)
{
    if (++server->errors >= IMAP_SERVER_ERRORS_MAXIMUM) {
        imap_server_bye(server, "Too many bad commands");
    }
}

/* The dialogue believes an override that said OK to LOGIN or SELECT; there is nothing behind it. */
static bool lacks_ground(const ImapServer *server, const ImapCommandRow *row)
{
    bool needs_store = (row->item.states & IMAP_STATE_NOT_AUTHENTICATED) == 0;
    bool needs_mailbox = row->item.states == IMAP_STATE_SELECTED;
    return (needs_store && server->store == NULL) || (needs_mailbox && server->selected == NULL);
}

/* False: an answer was given already. */
static bool check(ImapServer *server, const DialogueEvent *command, const HandlerRow *handler)
{
    const ImapCommandRow *row = server->row;
    if (!imap_tag_is_valid(command->tag)) {
        imap_server_bad(server, NO_TAG);
    } else if (row == NULL) {
        bool is_verb = imap_command_find(command->tag, IMAP_REVISION_2) != NULL;
        imap_server_bad(server, is_verb ? NO_TAG : "Unknown command");
    } else if (row->id == IMAP_COMMAND_UID) {
        imap_server_bad(server, "Syntax: %s", row->item.syntax);
    } else if (handler == NULL) {
        imap_server_bad(server, "This command is not offered here");
    } else if ((command->defects & DIALOGUE_DEFECT_TOO_LONG) != 0) {
        imap_server_bad(server, "The command is too long");
    } else if ((row->item.states & imap_dialogue_state(server->dialogue)) == 0 || lacks_ground(server, row)) {
        imap_server_bad(
            server,
            "%s cannot be said now: %s",
            row->item.token,
            row->item.states == IMAP_STATE_NOT_AUTHENTICATED ? "you are logged in already"
                                                             : why_not_now(server)
        );
    } else if ((command->defects & (DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_TRAILING | DIALOGUE_DEFECT_NUL | DIALOGUE_DEFECT_CUT)) != 0) {
        imap_server_bad(server, "Syntax: %s", row->item.syntax);
    } else {
        return true;
    }
    note_error(server);
    return false;
}

/* APPEND whose message is on its way must not be answered before it has passed. */
static void swallow_message(ImapServer *server)
{
    imap_append_clear(&server->append);
    server->append.is_open = true;
    server->append.refusal = g_strdup("");
}

/* True: the command is answered, rightly or not. */
static bool is_settled(ImapServer *server, const DialogueEvent *command, const HandlerRow *handler)
{
    const char *override = line_overrides_take(&server->overrides, command->exchange);
    if (override != NULL && imap_tag_is_valid(command->tag)) {
        say_override(server, override);
        return true;
    }
    return !check(server, command, handler);
}

/* What is no tag is not repeated: a client would take "+ BAD" for a continuation request. */
static void take_tag(ImapServer *server, ByteSpan tag)
{
    g_free(server->tag);
    server->tag = imap_tag_is_valid(tag) ? byte_span_to_string(tag) : g_strdup("*");
}

static bool
handle_command(ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event)
{
    ImapLiteral literal;
    if (server->append.has_ended) {
        imap_server_finish_append(server); /* the rest of its line was empty, and gave no event */
    }
    server->row = command->item == NULL ? NULL : imap_command_of(command->item);
    take_tag(server, command->tag);
    const HandlerRow *handler = find_handler(server, server->row);
    guint errors = server->errors;
    if (is_settled(server, command, handler)) {
        bool brings_message = server->row != NULL && server->row->carries_message &&
                              imap_literal_at_end(command->arguments, &literal);
        if (brings_message && !literal.is_synchronizing) {
            swallow_message(server);
        }
        return false;
    }
    bool is_event = handler->handle(server, command, out_event);
    server->errors = server->errors == errors ? 0 : server->errors;
    return is_event;
}

/* The client waits to be told whether it may send the octets of a literal. */
static bool answer_literal(ImapServer *server)
{
    ByteSpan text;
    guint64 octets;
    if (!imap_dialogue_awaits_literal(server->dialogue, &text, &octets)) {
        return false;
    }
    if (octets <= IMAP_SERVER_LITERAL_MAXIMUM && text.length <= IMAP_SERVER_LITERAL_MAXIMUM) {
        imap_server_go_on(server, "Go on with the literal");
        return true;
    }
    gssize space = byte_span_find(text, ' ', 0);
    ByteSpan tag = byte_span_slice(text, 0, space < 0 ? text.length : (gsize)space);
    take_tag(server, tag);
    server->row = NULL;
    if (imap_tag_is_valid(tag)) {
        imap_server_say(server, server->tag, "NO", "TOOBIG", "The literal is too big");
    } else {
        imap_server_bad(server, NO_TAG);
    }
    note_error(server);
    return true;
}

static bool handle_event(ImapServer *server, const DialogueEvent *event, ImapServerEvent *out_event)
{
    if (event->side != DIALOGUE_CLIENT) {
        return false;
    }
    switch (event->kind) {
    case DIALOGUE_EVENT_COMMAND:
        return handle_command(server, event, out_event);
    case DIALOGUE_EVENT_CONTINUATION:
        if (server->sasl != NULL) {
            return imap_server_sasl_response(server, event->text, out_event);
        }
        if (server->is_idling) {
            imap_server_end_idle(server, event->text);
        } else {
            imap_server_append_event(server, event);
        }
        return false;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_DATA:
    case DIALOGUE_EVENT_MESSAGE_END:
        imap_server_append_event(server, event);
        return false;
    case DIALOGUE_EVENT_OPAQUE:
        server->is_closing = true;
        return false;
    case DIALOGUE_EVENT_REPLY:
    case DIALOGUE_EVENT_CREDENTIAL:
    case DIALOGUE_EVENT_MISSING:
        return false;
    }
    return false;
}

/* What cannot be read now is kept; a client that sends without end is cut off. */
static void hold_input(ImapServer *server)
{
    if (!imap_dialogue_hold(server->dialogue)) {
        imap_server_bye(server, "Too much was sent without reading the answers");
    }
}

static bool tell_close(ImapServer *server, ImapServerEvent *out_event)
{
    bool is_news = !server->close_was_told;
    server->close_was_told = true;
    out_event->kind = IMAP_SERVER_CLOSE;
    hold_input(server);
    return is_news;
}

bool imap_server_next_event(ImapServer *server, ImapServerEvent *out_event)
{
    DialogueEvent event;
    while (!server->awaits_answer) {
        *out_event = (ImapServerEvent){0};
        if (server->is_closing) {
            return tell_close(server, out_event);
        }
        if (imap_server_is_busy(server)) {
            break;
        }
        if (server->has_sasl_step) {
            if (imap_server_take_sasl_step(server, out_event)) {
                return true;
            }
            continue;
        }
        if (server->fetch != NULL) {
            imap_server_go_on_fetching(server);
            continue;
        }
        if (server->append.has_ended && !imap_dialogue_is_behind_message(server->dialogue)) {
            imap_server_finish_append(server);
            continue;
        }
        if (imap_dialogue_class.next(server->dialogue, &event)) {
            if (handle_event(server, &event, out_event)) {
                return true;
            }
        } else if (!server->append.has_ended || imap_dialogue_is_behind_message(server->dialogue)) {
            if (!answer_literal(server)) {
                return false;
            }
        }
    }
    hold_input(server);
    return false;
}

void imap_server_receive(ImapServer *server, ByteSpan octets, gint64 now_us)
{
    server->now_us = now_us;
    if (!server->is_closing && octets.length > 0) {
        imap_dialogue_class.feed(server->dialogue, DIALOGUE_CLIENT, octets);
    }
}

void imap_server_news(ImapServer *server)
{
    if (server->is_idling && !imap_server_is_busy(server)) {
        imap_server_sync(server, true);
    }
}

void imap_server_say_bye(ImapServer *server, const char *text)
{
    imap_server_bye(server, "%s", text);
}

void imap_server_set_override(ImapServer *server, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&server->overrides, number, text, said);
}

ByteSpan imap_server_output(const ImapServer *server)
{
    return byte_buffer_span(&server->output);
}

void imap_server_consume_output(ImapServer *server, gsize length)
{
    byte_buffer_consume(&server->output, length);
    imap_server_refill(server);
}

bool imap_server_is_busy(const ImapServer *server)
{
    return byte_buffer_length(&server->output) >= IMAP_OUTPUT_ENOUGH ||
           !g_queue_is_empty((GQueue *)&server->pieces);
}

void imap_server_begin_tls(ImapServer *server)
{
    server->is_tls = true;
    imap_dialogue_begin_tls(server->dialogue);
}

bool imap_server_is_idling(const ImapServer *server)
{
    return server->is_idling;
}

ImapState imap_server_state(const ImapServer *server)
{
    return imap_dialogue_state(server->dialogue);
}

const char *imap_server_user(const ImapServer *server)
{
    return server->user;
}
