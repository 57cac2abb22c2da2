#include "protocol/imap/imap-waiting.h"

void imap_waiting_clear(ImapWaiting *waiting)
{
    g_free(waiting->commands);
    *waiting = (ImapWaiting){0};
}

static void grow(ImapWaiting *waiting)
{
    waiting->capacity = waiting->capacity == 0 ? 4 : waiting->capacity * 2;
    waiting->commands = g_renew(ImapWaitingCommand, waiting->commands, waiting->capacity);
}

static guint32 hash_rest(ByteSpan tag)
{
    guint32 hash = 2166136261u;
    for (gsize i = IMAP_TAG_KEPT; i < tag.length; i++) {
        hash = (hash ^ tag.data[i]) * 16777619u;
    }
    return hash;
}

void imap_waiting_push(
    ImapWaiting *waiting, guint64 exchange, const ImapCommandRow *row, ByteSpan tag
)
{
    if (waiting->count == IMAP_WAITING_MAXIMUM) {
        imap_waiting_remove(waiting, 0);
    }
    if (waiting->count == waiting->capacity) {
        grow(waiting);
    }
    ImapWaitingCommand *command = &waiting->commands[waiting->count++];
    command->exchange = exchange;
    command->row = row;
    command->tag_length = (guint32)MIN(tag.length, G_MAXUINT32);
    command->tag_hash = hash_rest(tag);
    if (tag.length > 0) {
        memcpy(command->tag, tag.data, MIN(tag.length, IMAP_TAG_KEPT));
    }
}

static bool has_tag(const ImapWaitingCommand *command, ByteSpan tag)
{
    return command->tag_length == tag.length && tag.length > 0 &&
           memcmp(command->tag, tag.data, MIN(tag.length, IMAP_TAG_KEPT)) == 0 &&
           (tag.length <= IMAP_TAG_KEPT || command->tag_hash == hash_rest(tag));
}

gint imap_waiting_find(const ImapWaiting *waiting, ByteSpan tag)
{
    for (guint i = 0; i < waiting->count; i++) {
        if (has_tag(&waiting->commands[i], tag)) {
            return (gint)i;
        }
    }
    return -1;
}

gint imap_waiting_find_exchange(const ImapWaiting *waiting, guint64 exchange)
{
    for (guint i = 0; i < waiting->count; i++) {
        if (waiting->commands[i].exchange == exchange) {
            return (gint)i;
        }
    }
    return -1;
}

void imap_waiting_remove(ImapWaiting *waiting, guint index)
{
    g_assert(index < waiting->count);
    waiting->count--;
    memmove(
        &waiting->commands[index],
        &waiting->commands[index + 1],
        (waiting->count - index) * sizeof waiting->commands[0]
    );
}

void imap_waiting_forget(ImapWaiting *waiting, guint64 last_exchange)
{
    while (waiting->count > 0 && waiting->commands[0].exchange <= last_exchange) {
        imap_waiting_remove(waiting, 0);
    }
}

/* Whether 'replies' ("EXISTS FETCH | OK NO BAD") names that untagged data. */
static bool brings(const ImapCommandRow *row, ByteSpan name)
{
    const char *replies = row == NULL ? NULL : row->item.replies;
    const char *bar = replies == NULL ? NULL : strchr(replies, '|');
    if (bar == NULL) {
        return false;
    }
    ByteSpan rest = byte_span(replies, (gsize)(bar - replies));
    ByteSpan word;
    while (byte_span_next_token(&rest, ' ', &word)) {
        if (byte_span_equal_nocase(word, name)) {
            return true;
        }
    }
    return false;
}

/* RFC 9051 §7: what a server may send at any time, whoever asked. */
static bool is_unilateral(ByteSpan name)
{
    static const char *const names[] = {
        "EXISTS", "EXPUNGE", "FETCH", "FLAGS", "RECENT", "VANISHED"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (byte_span_is_nocase(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_idle(const ImapWaitingCommand *command)
{
    return command->row != NULL && command->row->id == IMAP_COMMAND_IDLE;
}

gint imap_waiting_for_data(const ImapWaiting *waiting, ByteSpan name)
{
    for (guint i = 0; i < waiting->count; i++) {
        const ImapWaitingCommand *command = &waiting->commands[i];
        if (!is_idle(command) && brings(command->row, name)) {
            return (gint)i;
        }
    }
    bool may_answer = waiting->count > 0 && !is_idle(&waiting->commands[0]) && !is_unilateral(name);
    return may_answer ? 0 : -1;
}

gint imap_waiting_for_status(const ImapWaiting *waiting, ByteSpan status)
{
    if (waiting->count == 0) {
        return -1;
    }
    if (byte_span_is_nocase(status, "BYE")) {
        for (guint i = 0; i < waiting->count; i++) {
            const ImapCommandRow *row = waiting->commands[i].row;
            if (row != NULL && row->id == IMAP_COMMAND_LOGOUT) {
                return (gint)i;
            }
        }
        return -1;
    }
    return is_idle(&waiting->commands[0]) ? -1 : 0;
}
