#include "ui/anonymize/anonymize-line.h"

#include <string.h>

/* The words of a line, one taken off after the other. */
typedef struct {
    AnonymizeNames *names;
    guint8 *text;
    gsize length;
    gsize at;
} Words;

static ByteSpan next_word(Words *words)
{
    while (words->at < words->length && words->text[words->at] == ' ') {
        words->at++;
    }
    gsize from = words->at;
    while (words->at < words->length && !g_ascii_isspace(words->text[words->at])) {
        words->at++;
    }
    return byte_span(words->text + from, words->at - from);
}

static void change_rest(Words *words, AnonymizeManner manner)
{
    anonymize_text(words->names, words->text + words->at, words->length - words->at, manner);
}

static void change_token(Words *words, AnonymizeManner manner)
{
    ByteSpan token = next_word(words);
    anonymize_base64(words->names, words->text + words->at - token.length, token.length, manner);
}

/* "FROM:<alice@crepes.fr> SIZE=271": the path, then parameters. */
static void change_path(Words *words)
{
    const guint8 *colon = memchr(words->text + words->at, ':', words->length - words->at);
    if (colon == NULL) {
        change_rest(words, ANONYMIZE_NAMES);
        return;
    }
    gsize from = (gsize)(colon - words->text) + 1;
    gsize end = from;
    while (end < words->length && (words->text[end] == ' ' || words->text[end] == '<')) {
        end++;
    }
    while (end < words->length && words->text[end] != '>' && !g_ascii_isspace(words->text[end])) {
        end++;
    }
    anonymize_text(words->names, words->text + from, end - from, ANONYMIZE_NAMES);
    words->at = end;
    change_rest(words, ANONYMIZE_GRAMMAR);
}

static bool is_one_of(ByteSpan word, const char *const *list)
{
    for (gsize i = 0; list[i] != NULL; i++) {
        if (byte_span_is_nocase(word, list[i])) {
            return true;
        }
    }
    return false;
}

static void change_smtp_command(Words *words)
{
    static const char *const with_path[] = {"MAIL", "RCPT", NULL};
    static const char *const with_name[] = {"EHLO", "HELO", "LHLO", "VRFY", "EXPN", "ETRN", NULL};
    ByteSpan verb = next_word(words);
    if (is_one_of(verb, with_path)) {
        change_path(words);
    } else if (is_one_of(verb, with_name)) {
        change_rest(words, ANONYMIZE_NAMES);
    } else if (byte_span_is_nocase(verb, "AUTH")) {
        next_word(words);
        change_token(words, ANONYMIZE_NAMES);
    } else {
        change_rest(words, ANONYMIZE_GRAMMAR);
    }
}

static void change_pop3_command(Words *words)
{
    static const char *const with_name[] = {"USER", "PASS", "APOP", NULL};
    ByteSpan verb = next_word(words);
    if (is_one_of(verb, with_name)) {
        change_rest(words, ANONYMIZE_NAMES);
    } else if (byte_span_is_nocase(verb, "AUTH")) {
        next_word(words);
        change_token(words, ANONYMIZE_NAMES);
    } else {
        change_rest(words, ANONYMIZE_GRAMMAR);
    }
}

/* The number of octets of a literal ("{5}", "{5+}") at the front; 0: there is none. */
static gsize literal_length(const guint8 *text, gsize length)
{
    gsize i = 1;
    while (i < length && (g_ascii_isdigit(text[i]) || text[i] == '+' || text[i] == '-')) {
        i++;
    }
    return length > 2 && text[0] == '{' && i > 1 && i < length && text[i] == '}' ? i + 1 : 0;
}

/* All but what announces literals. */
static void change_around_literals(Words *words, AnonymizeManner manner)
{
    gsize from = words->at;
    for (gsize i = words->at; i < words->length;) {
        gsize announced = literal_length(words->text + i, words->length - i);
        if (announced > 0) {
            anonymize_text(words->names, words->text + from, i - from, manner);
            from = i + announced;
        }
        i += MAX(announced, 1);
    }
    anonymize_text(words->names, words->text + from, words->length - from, manner);
}

static void change_imap_command(Words *words)
{
    next_word(words); /* the tag */
    ByteSpan verb = next_word(words);
    if (byte_span_is_nocase(verb, "LOGIN")) {
        change_around_literals(words, ANONYMIZE_NAMES);
    } else if (byte_span_is_nocase(verb, "AUTHENTICATE")) {
        next_word(words);
        change_token(words, ANONYMIZE_NAMES);
    } else {
        change_around_literals(words, ANONYMIZE_GRAMMAR);
    }
}

static void change_imap_response(Words *words)
{
    static const char *const speech[] = {"OK", "NO", "BAD", "BYE", "PREAUTH", NULL};
    ByteSpan tag = next_word(words);
    if (byte_span_is(tag, "+")) {
        change_rest(words, ANONYMIZE_SPEECH);
        return;
    }
    gsize before = words->at;
    ByteSpan verb = next_word(words);
    if (is_one_of(verb, speech)) {
        change_rest(words, ANONYMIZE_SPEECH);
    } else {
        words->at = tag.length > 0 && tag.data[0] == '*' ? before : 0;
        change_around_literals(words, ANONYMIZE_GRAMMAR);
    }
}

/* "334 VXNlcm5hbWU6", "+ PDE4OTYu...": challenges are base64. */
static void change_reply(Words *words)
{
    ByteSpan code = next_word(words);
    if (byte_span_is(code, "334") || byte_span_is(code, "+")) {
        change_token(words, ANONYMIZE_SPEECH);
    } else if (byte_span_starts_with(code, "+OK") || byte_span_starts_with(code, "-ERR")) {
        change_rest(words, ANONYMIZE_SPEECH);
    } else {
        words->at = MIN(words->length, 3);
        if (words->length < 3 || !g_ascii_isdigit(words->text[0])) {
            words->at = 0; /* a line of a long answer */
        }
        change_rest(words, ANONYMIZE_SPEECH);
    }
}

/* "GET /mail?folder=INBOX HTTP/1.1" */
static void change_request(Words *words)
{
    next_word(words);
    ByteSpan target = next_word(words);
    guint8 *text = words->text + words->at - target.length;
    const guint8 *question = memchr(text, '?', target.length);
    gsize path = question == NULL ? target.length : (gsize)(question - text) + 1;
    anonymize_text(words->names, text, path, ANONYMIZE_GRAMMAR);
    anonymize_form(words->names, text + path, target.length - path);
}

static void change_http_field(Words *words)
{
    ByteSpan name = next_word(words);
    if (byte_span_is_nocase(name, "Authorization:")) {
        next_word(words);
        change_token(words, ANONYMIZE_NAMES);
    } else if (byte_span_is_nocase(name, "Cookie:") || byte_span_is_nocase(name, "Set-Cookie:")) {
        ByteSpan value = next_word(words);
        anonymize_form(words->names, words->text + words->at - value.length, value.length);
        change_rest(words, ANONYMIZE_GRAMMAR);
    } else {
        change_rest(words, ANONYMIZE_GRAMMAR);
    }
}

static void change_continuation(Words *words, MailProtocol protocol)
{
    static const char *const plain[] = {"DONE", "*", "", NULL};
    if (protocol == MAIL_PROTOCOL_HTTP) {
        change_http_field(words);
        return;
    }
    ByteSpan token = next_word(words);
    if (protocol == MAIL_PROTOCOL_IMAP && words->text[0] == ' ') {
        words->at = 0; /* more of a command, behind a literal */
        change_around_literals(words, ANONYMIZE_GRAMMAR);
    } else if (!is_one_of(token, plain)) {
        words->at -= token.length;
        change_token(words, ANONYMIZE_NAMES);
    }
}

static void change_command(Words *words, MailProtocol protocol)
{
    if (protocol == MAIL_PROTOCOL_SMTP) {
        change_smtp_command(words);
    } else if (protocol == MAIL_PROTOCOL_POP3) {
        change_pop3_command(words);
    } else if (protocol == MAIL_PROTOCOL_IMAP) {
        change_imap_command(words);
    } else {
        change_request(words);
    }
}

void anonymize_line(
    AnonymizeNames *names, MailProtocol protocol, DialogueEventKind kind, guint8 *line, gsize length
)
{
    Words words = {.names = names, .text = line, .length = length};
    if (kind == DIALOGUE_EVENT_COMMAND) {
        change_command(&words, protocol);
    } else if (kind == DIALOGUE_EVENT_CONTINUATION) {
        change_continuation(&words, protocol);
    } else if (protocol == MAIL_PROTOCOL_IMAP) {
        change_imap_response(&words);
    } else if (protocol == MAIL_PROTOCOL_HTTP && !byte_span_starts_with(byte_span(line, length), "HTTP/")) {
        change_http_field(&words);
    } else {
        change_reply(&words);
    }
}

void anonymize_secret_line(
    AnonymizeNames *names, MailProtocol protocol, guint8 *line, gsize length, gsize visible
)
{
    Words words = {.names = names, .text = line, .length = length, .at = MIN(visible, length)};
    anonymize_line(names, protocol, DIALOGUE_EVENT_COMMAND, line, words.at);
    while (words.at < length) {
        if (g_ascii_isspace(line[words.at])) {
            words.at++;
        } else {
            change_token(&words, ANONYMIZE_NAMES);
        }
    }
}
