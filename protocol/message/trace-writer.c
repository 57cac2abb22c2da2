#include "protocol/message/received-field.h"

#define USUAL_LENGTH 240 /* of a whole field */

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

typedef struct {
    GString *text;
    gsize line_start;
    gsize clause_start; /* of the space before the clause that is being written */
} Folder;

static GString *begin_clause(Folder *folder, const char *name)
{
    folder->clause_start = folder->text->len;
    g_string_append_c(folder->text, ' ');
    g_string_append(folder->text, name);
    return folder->text;
}

/* RFC 5322 §2.2.3: a new line begins with white space. */
static void end_clause(Folder *folder, bool begins_line)
{
    if (begins_line || folder->text->len - folder->line_start > HEADER_LINE_ADVISED) {
        folder->text->str[folder->clause_start] = '\t';
        g_string_insert_len(folder->text, (gssize)folder->clause_start, "\r\n", 2);
        folder->line_start = folder->clause_start + 2;
    }
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

static void append_named(Folder *folder, const char *name, const char *value, bool begins_line)
{
    if (value != NULL) {
        append_word(begin_clause(folder, name), value);
        end_clause(folder, begins_line);
    }
}

static void append_from(Folder *folder, const ReceivedTrace *trace)
{
    if (trace->from_name == NULL) {
        return;
    }
    GString *clause = begin_clause(folder, "from ");
    append_word(clause, trace->from_name);
    if (trace->from_address != NULL) {
        append_tcp_info(clause, trace);
    }
    end_clause(folder, false);
}

char *received_field_write(const ReceivedTrace *trace)
{
    Folder folder = {.text = g_string_sized_new(USUAL_LENGTH)};
    g_string_append(folder.text, "Received:");
    append_from(&folder, trace);
    append_named(&folder, "by ", trace->by_name, trace->from_name != NULL);
    append_named(&folder, "via ", trace->via, false);
    append_named(&folder, "with ", trace->with, false);
    append_named(&folder, "id ", trace->id, false);
    if (trace->for_path != NULL) {
        append_path(begin_clause(&folder, "for "), trace->for_path);
        end_clause(&folder, false);
    }
    char date[MESSAGE_DATE_SIZE];
    message_date_write(trace->seconds, trace->zone_minutes, date);
    g_string_append_c(folder.text, ';');
    begin_clause(&folder, date);
    end_clause(&folder, true);
    g_string_append(folder.text, "\r\n");
    return g_string_free(folder.text, FALSE);
}

char *return_path_write(const char *reverse_path)
{
    GString *text = g_string_sized_new(USUAL_LENGTH);
    g_string_append(text, "Return-Path: ");
    append_path(text, reverse_path);
    g_string_append(text, "\r\n");
    return g_string_free(text, FALSE);
}
