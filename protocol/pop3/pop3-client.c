#include "protocol/pop3/pop3-client.h"

#define OUTPUT_MAXIMUM 65536

typedef struct {
    guint64 number;
    guint64 octets;
    char *unique_id;
} Entry;

struct Pop3Client {
    Pop3ClientOptions options;
    char *user;
    char *password;
    char *banner; /* of the greeting, for APOP */
    Pop3Dialogue *dialogue;
    ByteBuffer output;
    gsize unread;
    GArray *entries; /* Entry */
    guint next;      /* the entry to be fetched next */
    ByteBuffer message;
    bool message_is_whole;
    bool is_over;
    bool was_refused;
};

static void clear_entry(gpointer data)
{
    Entry *entry = data;
    g_free(entry->unique_id);
}

Pop3Client *pop3_client_new(const Pop3ClientOptions *options)
{
    Pop3Client *client = g_new0(Pop3Client, 1);
    client->options = *options;
    client->user = g_strdup(options->user);
    client->password = g_strdup(options->password);
    client->dialogue = pop3_dialogue_new();
    client->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_array_set_clear_func(client->entries, clear_entry);
    byte_buffer_init(&client->output, OUTPUT_MAXIMUM);
    byte_buffer_init(&client->message, POP3_CLIENT_MESSAGE_MAXIMUM);
    return client;
}

void pop3_client_free(Pop3Client *client)
{
    if (client == NULL) {
        return;
    }
    pop3_dialogue_free(client->dialogue);
    byte_buffer_clear(&client->output);
    byte_buffer_clear(&client->message);
    g_array_unref(client->entries);
    g_free(client->user);
    g_free(client->password);
    g_free(client->banner);
    g_free(client);
}

static void say(Pop3Client *client, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void say(Pop3Client *client, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = g_strconcat(words, "\r\n", NULL);
    bool fits = byte_buffer_append_string(&client->output, line);
    g_assert(fits); /* one command at a time */
    client->unread += strlen(line);
}

static Entry *current(Pop3Client *client)
{
    return client->next < client->entries->len
               ? &g_array_index(client->entries, Entry, client->next)
               : NULL;
}

static bool is_wanted(const Pop3Client *client, const Entry *entry)
{
    const Pop3ClientOptions *options = &client->options;
    bool is_short = options->maximum_octets == 0 || entry->octets <= options->maximum_octets;
    bool is_known = options->is_known != NULL && entry->unique_id != NULL &&
                    options->is_known(options->owner, entry->unique_id);
    return is_short && !is_known;
}

/* RETR of the next wanted message, or QUIT. */
static void fetch_next(Pop3Client *client)
{
    while (client->next < client->entries->len && !is_wanted(client, current(client))) {
        client->next++;
    }
    if (current(client) == NULL) {
        say(client, "QUIT");
    } else {
        say(client, "RETR %" G_GUINT64_FORMAT, current(client)->number);
    }
}

static void say_apop(Pop3Client *client)
{
    g_autofree char *shared = g_strconcat(client->banner, client->password, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, shared, -1);
    say(client, "APOP %s %s", client->user, digest);
}

static void log_in(Pop3Client *client)
{
    if (client->options.login == POP3_LOGIN_APOP && client->banner != NULL) {
        say_apop(client);
    } else {
        say(client, "USER %s", client->user);
    }
}

static bool on_greeting(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_positive) {
        client->is_over = true;
        event->kind = POP3_CLIENT_CLOSED;
        event->text = reply->text;
        return true;
    }
    gssize open = byte_span_find(reply->text, '<', 0);
    gssize close = open < 0 ? -1 : byte_span_find(reply->text, '>', (gsize)open);
    if (close > 0) {
        client->banner =
            byte_span_to_string(byte_span_slice(reply->text, (gsize)open, (gsize)(close - open) + 1)
            );
    }
    if (client->options.asks_capabilities) {
        say(client, "CAPA");
    } else {
        log_in(client);
    }
    return false;
}

static bool on_login(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    event->kind = reply->is_positive ? POP3_CLIENT_LOGGED_IN : POP3_CLIENT_REFUSED;
    event->text = reply->text;
    client->was_refused = !reply->is_positive;
    say(client, reply->is_positive ? "LIST" : "QUIT");
    return true;
}

static void note_entry(Pop3Client *client, ByteSpan line)
{
    ByteSpan first = BYTE_SPAN_EMPTY;
    ByteSpan second = BYTE_SPAN_EMPTY;
    Entry entry = {0};
    byte_span_next_token(&line, ' ', &first);
    byte_span_next_token(&line, ' ', &second);
    if (byte_span_to_number(first, &entry.number) && byte_span_to_number(second, &entry.octets) &&
        client->entries->len < POP3_CLIENT_MESSAGES_MAXIMUM) {
        g_array_append_val(client->entries, entry);
    }
}

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
        Entry *entry = &g_array_index(client->entries, Entry, i);
        if (entry->number == number && entry->unique_id == NULL) {
            entry->unique_id = byte_span_to_string(id);
        }
    }
}

static bool on_list(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_first && !reply->is_last) {
        note_entry(client, reply->text);
    }
    if (!reply->is_last) {
        return false;
    }
    event->kind = POP3_CLIENT_LISTED;
    event->count = client->entries->len;
    event->text = reply->text;
    if (client->options.asks_unique_ids && client->entries->len > 0) {
        say(client, "UIDL");
    } else {
        fetch_next(client);
    }
    return true;
}

static void on_unique_ids(Pop3Client *client, const DialogueEvent *reply)
{
    if (!reply->is_first && !reply->is_last) {
        note_unique_id(client, reply->text);
    }
    if (reply->is_last) {
        fetch_next(client);
    }
}

static bool on_retrieved(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_last) {
        return false;
    }
    if (reply->is_first) { /* -ERR: that message is left alone */
        client->next++;
        fetch_next(client);
        return false;
    }
    const Entry *entry = current(client);
    event->kind = POP3_CLIENT_MESSAGE;
    event->number = entry->number;
    event->unique_id = entry->unique_id;
    event->octets = byte_buffer_span(&client->message);
    event->is_complete = client->message_is_whole;
    if (client->options.deletes && client->message_is_whole) {
        say(client, "DELE %" G_GUINT64_FORMAT, entry->number);
    } else {
        client->next++;
        fetch_next(client);
    }
    return true;
}

static bool on_deleted(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    event->kind = POP3_CLIENT_DELETED;
    event->number = current(client)->number;
    event->text = reply->text;
    event->is_complete = reply->is_positive;
    client->next++;
    fetch_next(client);
    return true;
}

static bool take_reply(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (reply->command == NULL) {
        return reply->exchange == 0 && on_greeting(client, reply, event);
    }
    switch ((guint)pop3_command_of(reply->command)->id) {
    case POP3_COMMAND_CAPA:
        if (reply->is_last) {
            log_in(client);
        }
        return false;
    case POP3_COMMAND_USER:
        if (reply->is_positive) {
            say(client, "PASS %s", client->password);
            return false;
        }
        return on_login(client, reply, event);
    case POP3_COMMAND_PASS:
    case POP3_COMMAND_APOP:
        return on_login(client, reply, event);
    case POP3_COMMAND_LIST:
        return on_list(client, reply, event);
    case POP3_COMMAND_UIDL:
        on_unique_ids(client, reply);
        return false;
    case POP3_COMMAND_RETR:
        return on_retrieved(client, reply, event);
    case POP3_COMMAND_DELE:
        return on_deleted(client, reply, event);
    case POP3_COMMAND_QUIT:
        client->is_over = true;
        event->kind = POP3_CLIENT_CLOSED;
        event->is_complete = reply->is_positive && !client->was_refused;
        event->text = reply->text;
        return true;
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
        pop3_dialogue_class.feed(client->dialogue, DIALOGUE_CLIENT, fresh);
    }
    return fresh.length > 0;
}

bool pop3_client_next_event(Pop3Client *client, Pop3ClientEvent *out_event)
{
    DialogueEvent said;
    *out_event = (Pop3ClientEvent){0};
    do {
        while (!client->is_over && pop3_dialogue_class.next(client->dialogue, &said)) {
            if (take_said(client, &said, out_event)) {
                return true;
            }
        }
    } while (feed_own_words(client));
    return false;
}

void pop3_client_receive(Pop3Client *client, ByteSpan octets)
{
    g_assert(client->unread == 0); /* all events have been pulled */
    if (!client->is_over) {
        pop3_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, octets);
    }
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
