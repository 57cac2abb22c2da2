/* What lies in the maildrop, and fetching it. Where PIPELINING is offered several commands are
 * under way at a time; else each waits for the answer to the one before. */

#include "protocol/pop3/pop3-client-private.h"

static Pop3ClientEntry *entry_at(Pop3Client *client, guint index)
{
    return &g_array_index(client->entries, Pop3ClientEntry, index);
}

static bool is_wanted(const Pop3Client *client, const Pop3ClientEntry *entry)
{
    const Pop3ClientOptions *options = &client->options;
    bool is_short = options->maximum_octets == 0 || entry->octets <= options->maximum_octets;
    bool is_known = options->is_known != NULL && entry->unique_id != NULL &&
                    options->is_known(options->owner, entry->unique_id);
    return is_short && !is_known;
}

static guint under_way(const Pop3Client *client)
{
    return g_queue_get_length((GQueue *)&client->asked) +
           g_queue_get_length((GQueue *)&client->marked);
}

/* RETR of the next wanted messages; QUIT when all is answered. */
static void fetch_next(Pop3Client *client)
{
    bool pipelines = client->options.may_pipeline && client->offers.pipelining;
    guint window = pipelines ? POP3_CLIENT_WINDOW : 1;
    for (; client->next < client->entries->len && under_way(client) < window; client->next++) {
        const Pop3ClientEntry *entry = entry_at(client, client->next);
        if (is_wanted(client, entry)) {
            g_queue_push_tail(&client->asked, GUINT_TO_POINTER(client->next));
            pop3_client_say(client, POP3_COMMAND_RETR, "RETR %" G_GUINT64_FORMAT, entry->number);
        }
    }
    if (client->next == client->entries->len && under_way(client) == 0 && !client->quit_was_said) {
        client->quit_was_said = true;
        pop3_client_say(client, POP3_COMMAND_QUIT, "QUIT");
    }
}

static void note_entry(Pop3Client *client, ByteSpan line)
{
    ByteSpan first = BYTE_SPAN_EMPTY;
    ByteSpan second = BYTE_SPAN_EMPTY;
    Pop3ClientEntry entry = {0};
    byte_span_next_token(&line, ' ', &first);
    byte_span_next_token(&line, ' ', &second);
    if (byte_span_to_number(first, &entry.number) && byte_span_to_number(second, &entry.octets) &&
        client->entries->len < POP3_CLIENT_MESSAGES_MAXIMUM) {
        g_array_append_val(client->entries, entry);
    }
}

/* Both lists come in order of number as a rule, so the search goes on where it stopped. */
static void note_unique_id(Pop3Client *client, ByteSpan line)
{
    ByteSpan first = BYTE_SPAN_EMPTY;
    ByteSpan id = BYTE_SPAN_EMPTY;
    guint64 number;
    byte_span_next_token(&line, ' ', &first);
    byte_span_next_token(&line, ' ', &id);
    if (!byte_span_to_number(first, &number)) {
        return;
    }
    for (guint i = 0; i < client->entries->len; i++) {
        guint index = (client->next + i) % client->entries->len;
        Pop3ClientEntry *entry = entry_at(client, index);
        if (entry->number == number && entry->unique_id == NULL) {
            entry->unique_id = byte_span_to_string(id);
            client->next = index + 1;
            return;
        }
    }
}

bool pop3_client_on_list(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_first && !reply->is_last) {
        note_entry(client, reply->text);
    }
    if (!reply->is_last) {
        return false;
    }
    event->kind = POP3_CLIENT_LISTED;
    event->count = client->entries->len;
    event->is_refused = !reply->is_positive;
    event->text = reply->text;
    if (client->options.asks_unique_ids && client->entries->len > 0) {
        pop3_client_say(client, POP3_COMMAND_UIDL, "UIDL");
    } else {
        fetch_next(client);
    }
    return true;
}

bool pop3_client_on_unique_ids(Pop3Client *client, const DialogueEvent *reply)
{
    if (!reply->is_first && !reply->is_last) {
        note_unique_id(client, reply->text);
    }
    if (reply->is_last) {
        client->next = 0;
        fetch_next(client);
    }
    return false;
}

bool pop3_client_on_retrieved(
    Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event
)
{
    if (!reply->is_last || g_queue_is_empty(&client->asked)) {
        return false;
    }
    guint index = GPOINTER_TO_UINT(g_queue_pop_head(&client->asked));
    const Pop3ClientEntry *entry = entry_at(client, index);
    if (reply->is_first) { /* -ERR: that message is left alone */
        fetch_next(client);
        return false;
    }
    event->kind = POP3_CLIENT_MESSAGE;
    event->number = entry->number;
    event->unique_id = entry->unique_id;
    event->octets = byte_buffer_span(&client->message);
    event->is_complete = client->message_is_whole;
    if (client->options.deletes && client->message_is_whole) {
        g_queue_push_tail(&client->marked, GUINT_TO_POINTER(index));
        pop3_client_say(client, POP3_COMMAND_DELE, "DELE %" G_GUINT64_FORMAT, entry->number);
    }
    fetch_next(client);
    return true;
}

bool pop3_client_on_deleted(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (g_queue_is_empty(&client->marked)) {
        return false;
    }
    guint index = GPOINTER_TO_UINT(g_queue_pop_head(&client->marked));
    event->kind = POP3_CLIENT_DELETED;
    event->number = entry_at(client, index)->number;
    event->unique_id = entry_at(client, index)->unique_id;
    event->text = reply->text;
    event->is_complete = reply->is_positive;
    fetch_next(client);
    return true;
}
