#include <string.h>

#include "sim/store/outgoing-queue-internal.h"

/* An envelope is lines of "name value"; a line "recipient path" begins the next recipient. Octets
 * that could end a line are escaped. The last line says that the text is whole. */

#define FIRST_LINE "mailwalk-envelope 1"
#define LAST_LINE "end"

static void write_text(GString *out, const char *name, const char *value)
{
    if (value != NULL) {
        g_autofree char *escaped = g_strescape(value, NULL);
        g_string_append_printf(out, "%s %s\n", name, escaped);
    }
}

static void write_number(GString *out, const char *name, gint64 value)
{
    if (value != 0) {
        g_string_append_printf(out, "%s %" G_GINT64_FORMAT "\n", name, value);
    }
}

static void write_recipient(GString *out, const QueueRecipient *recipient)
{
    write_text(out, "recipient", recipient->path);
    write_text(out, "original", recipient->original_recipient);
    write_number(out, "notify", recipient->notify);
    write_number(out, "state", recipient->state);
    write_number(out, "attempts", recipient->attempts);
    write_number(out, "last-attempt", recipient->last_attempt_us);
    write_number(out, "last-code", recipient->last_code);
    write_text(out, "last-reply", recipient->last_reply);
    write_text(out, "last-host", recipient->last_host);
    write_number(out, "reported", recipient->is_reported ? 1 : 0);
}

char *queue_envelope_write(const QueueEntry *entry)
{
    GString *out = g_string_new(FIRST_LINE "\n");
    write_text(out, "id", entry->id);
    write_text(out, "reverse-path", entry->reverse_path);
    write_text(out, "envelope-id", entry->envelope_id);
    write_number(out, "returns", entry->returns);
    write_number(out, "8bit", entry->is_8bit ? 1 : 0);
    write_number(out, "utf8", entry->is_utf8 ? 1 : 0);
    write_number(out, "arrived", entry->arrived_us);
    write_number(out, "next-attempt", entry->next_attempt_us);
    write_number(out, "expires", entry->expires_us);
    write_number(out, "warned", entry->was_warned ? 1 : 0);
    for (guint i = 0; i < entry->n_recipients; i++) {
        write_recipient(out, &entry->recipients[i]);
    }
    g_string_append(out, LAST_LINE "\n");
    return g_string_free(out, FALSE);
}

static void set_text(char **field, const char *value)
{
    g_free(*field);
    *field = g_strcompress(value);
}

static bool
read_recipient_field(QueueRecipient *recipient, const char *name, const char *value, gint64 number)
{
    if (strcmp(name, "original") == 0) {
        set_text(&recipient->original_recipient, value);
    } else if (strcmp(name, "notify") == 0) {
        recipient->notify = (guint)number;
    } else if (strcmp(name, "state") == 0 && number >= 0 && number <= QUEUE_RECIPIENT_EXPIRED) {
        recipient->state = (QueueRecipientState)number;
    } else if (strcmp(name, "attempts") == 0) {
        recipient->attempts = (guint)number;
    } else if (strcmp(name, "last-attempt") == 0) {
        recipient->last_attempt_us = number;
    } else if (strcmp(name, "last-code") == 0) {
        recipient->last_code = (guint)number;
    } else if (strcmp(name, "last-reply") == 0) {
        set_text(&recipient->last_reply, value);
    } else if (strcmp(name, "last-host") == 0) {
        set_text(&recipient->last_host, value);
    } else if (strcmp(name, "reported") == 0) {
        recipient->is_reported = number != 0;
    } else {
        return false;
    }
    return true;
}

static bool read_entry_field(QueueEntry *entry, const char *name, const char *value, gint64 number)
{
    if (strcmp(name, "id") == 0) {
        set_text(&entry->id, value);
    } else if (strcmp(name, "reverse-path") == 0) {
        set_text(&entry->reverse_path, value);
    } else if (strcmp(name, "envelope-id") == 0) {
        set_text(&entry->envelope_id, value);
    } else if (strcmp(name, "returns") == 0 && number >= 0 && number <= QUEUE_RETURN_HEADERS) {
        entry->returns = (QueueReturn)number;
    } else if (strcmp(name, "8bit") == 0) {
        entry->is_8bit = number != 0;
    } else if (strcmp(name, "utf8") == 0) {
        entry->is_utf8 = number != 0;
    } else if (strcmp(name, "arrived") == 0) {
        entry->arrived_us = number;
    } else if (strcmp(name, "next-attempt") == 0) {
        entry->next_attempt_us = number;
    } else if (strcmp(name, "expires") == 0) {
        entry->expires_us = number;
    } else if (strcmp(name, "warned") == 0) {
        entry->was_warned = number != 0;
    } else {
        return false;
    }
    return true;
}

/* A name that this version does not know makes the envelope unreadable: guessing would lose mail.
 */
static bool read_line(QueueEntry *entry, QueueRecipient **recipient, char *line)
{
    char *space = strchr(line, ' ');
    if (space == NULL) {
        return false;
    }
    *space = '\0';
    const char *value = space + 1;
    gint64 number = g_ascii_strtoll(value, NULL, 10);
    if (strcmp(line, "recipient") == 0) {
        g_autofree char *path = g_strcompress(value);
        *recipient = queue_entry_add_recipient(entry, path);
        return true;
    }
    return *recipient == NULL ? read_entry_field(entry, line, value, number)
                              : read_recipient_field(*recipient, line, value, number);
}

QueueEntry *queue_envelope_read(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = g_strv_length(lines);
    QueueRecipient *recipient = NULL;
    if (count < 3 || strcmp(lines[0], FIRST_LINE) != 0 ||
        strcmp(lines[count - 2], LAST_LINE) != 0) {
        return NULL;
    }
    g_autoptr(QueueEntry) entry = queue_entry_new("", NULL);
    for (guint i = 1; i + 2 < count; i++) {
        if (!read_line(entry, &recipient, lines[i])) {
            return NULL;
        }
    }
    return entry->id == NULL ? NULL : g_steal_pointer(&entry);
}
