/* The session: gathering what comes, pairing answers with commands, and the end. */

#include "protocol/imap/imap-client.h"

#include "protocol/imap/imap-client-private.h"

#define OUTPUT_MAXIMUM (512u * 1024 * 1024)
#define SCRATCH_MAXIMUM (1024 * 1024)

ImapClient *imap_client_new(const ImapClientOptions *options)
{
    ImapClient *client = g_new0(ImapClient, 1);
    client->options = *options;
    client->host_name = g_strdup(options->host_name);
    client->dialogue = imap_dialogue_new();
    client->numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
    byte_buffer_init(&client->output, OUTPUT_MAXIMUM);
    byte_buffer_init(&client->response, IMAP_CLIENT_RESPONSE_MAXIMUM);
    byte_buffer_init(&client->scratch, SCRATCH_MAXIMUM);
    return client;
}

static void free_command(gpointer data)
{
    imap_client_command_free(data);
}

void imap_client_free(ImapClient *client)
{
    if (client == NULL) {
        return;
    }
    imap_dialogue_free(client->dialogue);
    byte_buffer_clear(&client->output);
    byte_buffer_clear(&client->response);
    byte_buffer_clear(&client->scratch);
    g_queue_clear_full(&client->waiting, free_command);
    g_queue_clear_full(&client->unanswered, free_command);
    line_overrides_clear(&client->overrides);
    g_array_unref(client->numbers);
    g_free(client->capabilities);
    g_free(client->host_name);
    g_free(client);
}

bool imap_client_has(const ImapClient *client, const char *capability)
{
    return client->capabilities != NULL &&
           imap_capabilities_have(byte_span_from_string(client->capabilities), capability);
}

const ImapClientMailbox *imap_client_mailbox(const ImapClient *client)
{
    return &client->mailbox;
}

ImapState imap_client_state(const ImapClient *client)
{
    return imap_dialogue_state(client->dialogue);
}

bool imap_client_is_idle(const ImapClient *client)
{
    return client->waiting.length == 0 && client->unanswered.length == 0;
}

static void finish_command(ImapClient *client, ImapClientCommand *command, ImapClientEvent *event)
{
    bool is_ok = event->status == IMAP_STATUS_OK;
    if (command->sasl != NULL && is_ok && !sasl_client_is_proven(command->sasl)) {
        event->status = IMAP_STATUS_NO;
        event->text = BYTE_SPAN_LITERAL("the server has not proved that it knows the password");
        client->is_over = true;
    }
    if (command->id == IMAP_COMMAND_IDLE) {
        client->is_idling = false;
    } else if (command->id == IMAP_COMMAND_LOGOUT) {
        client->is_over = true;
    } else if (command->id == IMAP_COMMAND_STARTTLS && is_ok) {
        event->kind = IMAP_CLIENT_STARTTLS;
    }
}

static int compare_exchange(gconstpointer command, gconstpointer exchange)
{
    return ((const ImapClientCommand *)command)->exchange == *(const guint64 *)exchange ? 0 : 1;
}

guint64 imap_client_number_of(const ImapClient *client, guint64 exchange)
{
    const GList *link =
        g_queue_find_custom((GQueue *)&client->unanswered, &exchange, compare_exchange);
    return link == NULL ? 0 : ((const ImapClientCommand *)link->data)->number;
}

/* What needed the success of a command that was refused is never said; the refusal ends it all. */
static void drop_followers(ImapClient *client, ImapClientEvent *event)
{
    ImapClientCommand *next;
    while ((next = g_queue_peek_head(&client->waiting)) != NULL && next->needs_former) {
        event->command = next->number;
        g_queue_pop_head(&client->waiting);
        imap_client_command_free(next);
    }
}

static bool hear_tagged(ImapClient *client, const DialogueEvent *reply, ImapClientEvent *event)
{
    ImapResponse response;
    imap_response_parse(reply->text, &response);
    /* Pipelined commands may be answered in any order (RFC 9051 §5.5): those before stay. */
    GList *link = g_queue_find_custom(&client->unanswered, &reply->exchange, compare_exchange);
    if (link == NULL) {
        return false; /* a tag that nobody waits for */
    }
    ImapClientCommand *command = link->data;
    imap_client_note_code(client, response.code);
    event->kind = IMAP_CLIENT_DONE;
    event->command = command->number;
    event->row = reply->command == NULL ? NULL : imap_command_of(reply->command);
    event->status = response.status;
    event->code = response.code;
    event->text = response.arguments;
    finish_command(client, command, event);
    g_queue_delete_link(&client->unanswered, link);
    imap_client_command_free(command);
    if (event->status != IMAP_STATUS_OK) {
        drop_followers(client, event);
    }
    imap_client_pump(client);
    return true;
}

/* Part of a FETCH response: it goes on behind each literal that is part of a message. */
static bool gather(ImapClient *client, const DialogueEvent *reply, ImapClientEvent *event)
{
    ImapLiteral literal;
    if (reply->is_first) {
        byte_buffer_reset(&client->response);
        client->is_gathering = true;
        client->is_cut = false;
    }
    bool goes_on = imap_literal_at_end(reply->text, &literal);
    client->is_cut |= !byte_buffer_append(&client->response, reply->text) ||
                      (goes_on && !byte_buffer_append_string(&client->response, "\r\n"));
    if (goes_on) {
        return false;
    }
    client->is_gathering = false;
    event->command = imap_client_number_of(client, reply->exchange);
    return !client->is_cut && imap_client_hear_message(client, event);
}

static bool hear_reply(ImapClient *client, const DialogueEvent *reply, ImapClientEvent *event)
{
    if (byte_span_is_nocase(reply->code, "FETCH")) {
        return gather(client, reply, event);
    }
    bool is_tagged =
        reply->tag.length > 0 && !byte_span_is(reply->tag, "*") && !byte_span_is(reply->tag, "+");
    return is_tagged ? hear_tagged(client, reply, event) : imap_client_hear(client, reply, event);
}

static bool hear_event(ImapClient *client, const DialogueEvent *event, ImapClientEvent *out_event)
{
    if (event->side != DIALOGUE_SERVER) {
        return false;
    }
    if (event->kind == DIALOGUE_EVENT_REPLY) {
        return hear_reply(client, event, out_event);
    }
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA && client->is_gathering) {
        client->is_cut |= !byte_buffer_append(&client->response, event->text);
    } else if (event->kind == DIALOGUE_EVENT_OPAQUE) {
        client->is_over = true;
    }
    return false;
}

bool imap_client_next_event(ImapClient *client, ImapClientEvent *out_event)
{
    DialogueEvent event;
    *out_event = (ImapClientEvent){0};
    while (!client->is_over) {
        if (!imap_dialogue_class.next(client->dialogue, &event)) {
            return false;
        }
        if (hear_event(client, &event, out_event)) {
            return true;
        }
        *out_event = (ImapClientEvent){0};
    }
    /* What may stand behind the end is not looked at. */
    bool is_news = !client->was_told;
    client->was_told = true;
    out_event->kind = IMAP_CLIENT_CLOSED;
    return is_news;
}

void imap_client_receive(ImapClient *client, ByteSpan octets)
{
    if (!client->was_told && octets.length > 0) {
        imap_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, octets);
    }
}

void imap_client_set_line_override(ImapClient *client, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&client->overrides, number, text, said);
}

ByteSpan imap_client_output(const ImapClient *client)
{
    return byte_buffer_span(&client->output);
}

void imap_client_consume_output(ImapClient *client, gsize length)
{
    byte_buffer_consume(&client->output, length);
}

void imap_client_begin_tls(ImapClient *client)
{
    imap_dialogue_begin_tls(client->dialogue);
    g_clear_pointer(&client->capabilities, g_free); /* RFC 9051 §6.2.1: what was told before TLS */
    imap_client_pump(client);
}
