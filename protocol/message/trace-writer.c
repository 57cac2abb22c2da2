#include "protocol/message/received-field.h"

static bool may_stand_in_word(char octet)
{
    return g_ascii_isalnum(octet) || octet == '.' || octet == '-' ||
           (octet > ' ' && octet < 0x7f && strchr("()<>;,\\\"", octet) == NULL);
}

/* A client says what it likes in EHLO: nothing of it may end the clause, the comment or the line.
 */
static void append_word(GString *line, const char *text)
{
    gsize clean = 0;
    while (text[clean] != '\0' && may_stand_in_word(text[clean])) {
        clean++;
    }
    g_string_append_len(line, text, (gssize)clean);
    for (text += clean; *text != '\0'; text++) {
        g_string_append_c(line, may_stand_in_word(*text) ? *text : '?');
    }
}

static void append_path(GString *line, const char *path)
{
    g_string_append_c(line, '<');
    for (; *path != '\0'; path++) {
        bool is_control = (guchar)*path < ' ' || *path == 0x7f;
        g_string_append_c(line, is_control || *path == '<' || *path == '>' ? '?' : *path);
    }
    g_string_append_c(line, '>');
}

/* RFC 5321 §4.4: "(" TCP-info ")". */
static void append_tcp_info(GString *clause, const ReceivedTrace *trace)
{
    bool is_ipv6 = strchr(trace->from_address, ':') != NULL;
    g_string_append(clause, " (");
    if (trace->from_host != NULL) {
        append_word(clause, trace->from_host);
        g_string_append_c(clause, ' ');
    }
    g_string_append(clause, is_ipv6 ? "[IPv6:" : "[");
    append_word(clause, trace->from_address);
    g_string_append(clause, "])");
}

typedef struct {
    GString *text;
    gsize line_start;
} Folder;

/* RFC 5322 §2.2.3: a new line begins with white space. */
static void append_clause(Folder *folder, const char *clause, bool begins_line)
{
    gsize used = folder->text->len - folder->line_start;
    if (begins_line || used + 1 + strlen(clause) > HEADER_LINE_ADVISED) {
        g_string_append(folder->text, "\r\n\t");
        folder->line_start = folder->text->len - 1;
    } else {
        g_string_append_c(folder->text, ' ');
    }
    g_string_append(folder->text, clause);
}

static void append_named(Folder *folder, const char *name, const char *value, bool begins_line)
{
    if (value == NULL) {
        return;
    }
    g_autoptr(GString) clause = g_string_new(name);
    g_string_append_c(clause, ' ');
    append_word(clause, value);
    append_clause(folder, clause->str, begins_line);
}

static void append_from(Folder *folder, const ReceivedTrace *trace)
{
    if (trace->from_name == NULL) {
        return;
    }
    g_autoptr(GString) clause = g_string_new("from ");
    append_word(clause, trace->from_name);
    if (trace->from_address != NULL) {
        append_tcp_info(clause, trace);
    }
    append_clause(folder, clause->str, false);
}

char *received_field_write(const ReceivedTrace *trace)
{
    Folder folder = {.text = g_string_new("Received:")};
    append_from(&folder, trace);
    append_named(&folder, "by", trace->by_name, trace->from_name != NULL);
    append_named(&folder, "via", trace->via, false);
    append_named(&folder, "with", trace->with, false);
    append_named(&folder, "id", trace->id, false);
    if (trace->for_path != NULL) {
        g_autoptr(GString) clause = g_string_new("for ");
        append_path(clause, trace->for_path);
        append_clause(&folder, clause->str, false);
    }
    char date[MESSAGE_DATE_SIZE];
    message_date_write(trace->seconds, trace->zone_minutes, date);
    g_string_append_c(folder.text, ';');
    append_clause(&folder, date, true);
    g_string_append(folder.text, "\r\n");
    return g_string_free(folder.text, FALSE);
}

char *return_path_write(const char *reverse_path)
{
    GString *text = g_string_new("Return-Path: ");
    append_path(text, reverse_path);
    g_string_append(text, "\r\n");
    return g_string_free(text, FALSE);
}
