/* The client's life, its loop, and what all its parts share. */

#include "protocol/pop3/pop3-client.h"

#include "protocol/pop3/pop3-client-private.h"

#define OUTPUT_MAXIMUM 262144

static void clear_entry(gpointer data)
{
    Pop3ClientEntry *entry = data;
    g_free(entry->unique_id);
}

Pop3Client *pop3_client_new(const Pop3ClientOptions *options)
{
    Pop3Client *client = g_new0(Pop3Client, 1);
    client->options = *options;
    client->user = g_strdup(options->user);
    client->password = g_strdup(options->password);
    client->mechanism = g_strdup(options->mechanism);
    client->server_name = g_strdup(options->server_name);
    client->dialogue = pop3_dialogue_new();
    client->entries = g_array_new(FALSE, TRUE, sizeof(Pop3ClientEntry));
    g_array_set_clear_func(client->entries, clear_entry);
    g_queue_init(&client->asked);
    g_queue_init(&client->marked);
    byte_buffer_init(&client->output, OUTPUT_MAXIMUM);
    byte_buffer_init(&client->reading, OUTPUT_MAXIMUM);
    byte_buffer_init(&client->message, POP3_CLIENT_MESSAGE_MAXIMUM);
    return client;
}

void pop3_client_free(Pop3Client *client)
{
    if (client == NULL) {
        return;
    }
    pop3_dialogue_free(client->dialogue);
    sasl_client_free(client->sasl);
    byte_buffer_clear(&client->output);
    byte_buffer_clear(&client->reading);
    byte_buffer_clear(&client->message);
    line_overrides_clear(&client->overrides);
    g_clear_pointer(&client->meant, g_hash_table_unref);
    g_queue_clear(&client->asked);
    g_queue_clear(&client->marked);
    g_array_unref(client->entries);
    g_free(client->user);
    g_free(client->password);
    g_free(client->mechanism);
    g_free(client->server_name);
    g_free(client->banner);
    g_free(client);
}

void pop3_client_set_line_override(Pop3Client *client, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&client->overrides, number, text, said);
}

/* The owner names no user or password with a line end in it; what he gives as an override may be
 * long, but there is one a command. */
void pop3_client_put_line(Pop3Client *client, ByteSpan line)
{
    bool fits = byte_buffer_append(&client->output, line) &&
                byte_buffer_append_string(&client->output, "\r\n");
    g_assert(fits);
    client->unread += line.length + 2;
}

static void note_meaning(Pop3Client *client, Pop3CommandId id)
{
    if (client->meant == NULL) {
        client->meant = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    }
    gpointer key = g_memdup2(&client->n_commands, sizeof client->n_commands);
    g_hash_table_replace(client->meant, key, GUINT_TO_POINTER(id));
}

void pop3_client_say(Pop3Client *client, Pop3CommandId id, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *own = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    client->n_commands++;
    const char *other = line_overrides_take(&client->overrides, client->n_commands);
    if (other != NULL) {
        note_meaning(client, id);
    }
    pop3_client_put_line(client, byte_span_from_string(other == NULL ? own : other));
}

/* What the answered command was meant to be. */
static Pop3CommandId answered(const Pop3Client *client, const DialogueEvent *reply)
{
    gpointer id;
    if (client->meant != NULL &&
        g_hash_table_lookup_extended(client->meant, &reply->exchange, NULL, &id)) {
        return GPOINTER_TO_UINT(id);
    }
    return reply->command == NULL ? N_POP3_COMMANDS : pop3_command_of(reply->command)->id;
}

static bool on_quit(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    client->is_over = true;
    event->kind = POP3_CLIENT_CLOSED;
    event->is_complete = reply->is_positive && !client->was_refused;
    event->text = reply->text;
    return true;
}

/* A line that is no answer at all: nothing that follows can be trusted. */
static bool on_nonsense(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    client->is_over = true;
    event->kind = POP3_CLIENT_CLOSED;
    event->text = reply->text;
    return true;
}

static bool take_reply(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    Pop3CommandId id = answered(client, reply);
    if (reply->is_first && reply->code.length == 0) {
        return on_nonsense(client, reply, event);
    }
    if (reply->exchange == 0) {
        return client->n_commands == 0 && pop3_client_on_greeting(client, reply, event);
    }
    switch ((guint)id) {
    case POP3_COMMAND_CAPA:
        return pop3_client_on_capability(client, reply, event);
    case POP3_COMMAND_STLS:
        return pop3_client_on_stls(client, reply, event);
    case POP3_COMMAND_UTF8:
        return pop3_client_log_in(client, event);
    case POP3_COMMAND_USER:
        return pop3_client_on_user(client, reply, event);
    case POP3_COMMAND_AUTH:
        return pop3_client_on_auth(client, reply, event);
    case POP3_COMMAND_PASS:
    case POP3_COMMAND_APOP:
        return pop3_client_on_login(client, reply, event);
    case POP3_COMMAND_LIST:
        return pop3_client_on_list(client, reply, event);
    case POP3_COMMAND_UIDL:
        return pop3_client_on_unique_ids(client, reply);
    case POP3_COMMAND_RETR:
        return pop3_client_on_retrieved(client, reply, event);
    case POP3_COMMAND_DELE:
        return pop3_client_on_deleted(client, reply, event);
    case POP3_COMMAND_QUIT:
        return reply->is_last && on_quit(client, reply, event);
    default:
        return false;
    }
}

static bool take_said(Pop3Client *client, const DialogueEvent *said, Pop3ClientEvent *event)
{
    switch (said->kind) {
    case DIALOGUE_EVENT_REPLY:
        return take_reply(client, said, event);
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
        byte_buffer_reset(&client->message);
        client->message_is_whole = true;
        return false;
    case DIALOGUE_EVENT_MESSAGE_DATA:
        client->message_is_whole &= byte_buffer_append(&client->message, said->text);
        return false;
    case DIALOGUE_EVENT_MESSAGE_END:
        client->message_is_whole &= said->message->is_complete;
        return false;
    case DIALOGUE_EVENT_COMMAND:
    case DIALOGUE_EVENT_CONTINUATION:
    case DIALOGUE_EVENT_CREDENTIAL:
    case DIALOGUE_EVENT_OPAQUE:
    case DIALOGUE_EVENT_MISSING:
        return false;
    }
    return false;
}

static bool feed_own_words(Pop3Client *client)
{
    ByteSpan output = byte_buffer_span(&client->output);
    ByteSpan fresh = byte_span_from(output, output.length - client->unread);
    client->unread = 0;
    if (fresh.length > 0) {
        byte_buffer_reset(&client->reading);
        bool fits = byte_buffer_append(&client->reading, fresh);
        g_assert(fits);
        ByteSpan words = byte_buffer_span(&client->reading);
        pop3_dialogue_class.feed(client->dialogue, DIALOGUE_CLIENT, words);
    }
    return fresh.length > 0;
}

/* A line at a time: what the client says to it is said before the next one is read, in whatever
 * pieces they came. */
static bool feed_heard(Pop3Client *client)
{
    ByteSpan line = byte_span_take_line(&client->heard);
    if (line.length > 0 && !client->is_over) {
        pop3_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, line);
    }
    return line.length > 0;
}

bool pop3_client_next_event(Pop3Client *client, Pop3ClientEvent *out_event)
{
    DialogueEvent said;
    *out_event = (Pop3ClientEvent){0};
    if (client->close_is_due) {
        client->close_is_due = false;
        out_event->kind = POP3_CLIENT_CLOSED;
        return true;
    }
    do {
        while (!client->is_over && pop3_dialogue_class.next(client->dialogue, &said)) {
            if (take_said(client, &said, out_event)) {
                return true;
            }
        }
    } while (feed_own_words(client) || feed_heard(client));
    return false;
}

void pop3_client_hang_up(Pop3Client *client)
{
    client->close_is_due = !client->is_over;
    client->is_over = true;
}

void pop3_client_receive(Pop3Client *client, ByteSpan octets)
{
    g_assert(client->unread == 0 && client->heard.length == 0); /* all events have been pulled */
    client->heard = octets;
}

ByteSpan pop3_client_output(const Pop3Client *client)
{
    return byte_buffer_span(&client->output);
}

void pop3_client_consume_output(Pop3Client *client, gsize length)
{
    g_assert(client->unread == 0);
    byte_buffer_consume(&client->output, length);
}
