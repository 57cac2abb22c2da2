#include "protocol/http/http-secret.h"

#include "protocol/http/http-line.h"

static bool holds(const char *text, const char *const *words, gsize n_words)
{
    for (gsize i = 0; i < n_words; i++) {
        if (strstr(text, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(const char *text, const char *const *words, gsize n_words)
{
    for (gsize i = 0; i < n_words; i++) {
        if (strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void lower_copy(ByteSpan name, char out[HTTP_SECRET_NAME_MAXIMUM + 1])
{
    gsize length = MIN(name.length, HTTP_SECRET_NAME_MAXIMUM);
    for (gsize i = 0; i < length; i++) {
        char letter = (char)name.data[i];
        out[i] = letter == '\0' ? ' ' : g_ascii_tolower(letter);
    }
    out[length] = '\0';
}

bool http_name_is_secret(ByteSpan name)
{
    static const char *const parts[] = {"pass", "pwd", "secret", "kennwort", "motdepasse"};
    static const char *const whole[] = {"pw", "pin", "otp", "mdp"};
    char text[HTTP_SECRET_NAME_MAXIMUM + 1];
    lower_copy(name, text);
    return holds(text, parts, G_N_ELEMENTS(parts)) || is_one_of(text, whole, G_N_ELEMENTS(whole));
}

bool http_name_is_identity(ByteSpan name)
{
    static const char *const parts[] = {"user", "login", "email", "account"};
    static const char *const whole[] = {"name", "id", "uid", "mail", "address"};
    char text[HTTP_SECRET_NAME_MAXIMUM + 1];
    lower_copy(name, text);
    return !http_name_is_secret(name) &&
           (holds(text, parts, G_N_ELEMENTS(parts)) || is_one_of(text, whole, G_N_ELEMENTS(whole)));
}

bool http_target_has_secret(ByteSpan target)
{
    gssize question = byte_span_find(target, '?', 0);
    HttpSecretScanner scanner;
    if (question < 0) {
        return false;
    }
    http_secret_scanner_init(&scanner, HTTP_SCAN_FORM);
    return http_secret_scanner_feed(&scanner, byte_span_from(target, (gsize)question + 1));
}

HttpScanKind http_scan_kind(ByteSpan content_type)
{
    ByteSpan type = http_value_first(content_type);
    if (byte_span_is_nocase(type, "application/x-www-form-urlencoded")) {
        return HTTP_SCAN_FORM;
    }
    if (byte_span_is_nocase(type, "multipart/form-data") ||
        byte_span_is_nocase(type, "application/json")) {
        return HTTP_SCAN_QUOTED;
    }
    return HTTP_SCAN_NONE;
}

void http_secret_scanner_init(HttpSecretScanner *scanner, HttpScanKind kind)
{
    *scanner = (HttpSecretScanner){.kind = kind, .in_name = kind == HTTP_SCAN_FORM};
}

static void end_name(HttpSecretScanner *scanner)
{
    scanner->has_secret = http_name_is_secret(byte_span(scanner->name, scanner->length));
    scanner->length = 0;
}

static void take_octet(HttpSecretScanner *scanner, guint8 octet)
{
    guint8 begin = scanner->kind == HTTP_SCAN_FORM ? '&' : '"';
    guint8 end = scanner->kind == HTTP_SCAN_FORM ? '=' : '"';
    if (scanner->in_name && octet == end) {
        scanner->in_name = false;
        end_name(scanner);
    } else if (octet == begin) {
        scanner->in_name = true;
        scanner->length = 0;
    } else if (scanner->in_name && scanner->length < HTTP_SECRET_NAME_MAXIMUM) {
        scanner->name[scanner->length++] = (char)octet;
    }
}

/* Outside a name nothing matters but where the next one begins. */
static gsize skip_to_name(const HttpSecretScanner *scanner, ByteSpan piece, gsize at)
{
    gssize next = byte_span_find(piece, scanner->kind == HTTP_SCAN_FORM ? '&' : '"', at);
    return next < 0 ? piece.length : (gsize)next;
}

bool http_secret_scanner_feed(HttpSecretScanner *scanner, ByteSpan piece)
{
    if (scanner->kind == HTTP_SCAN_NONE) {
        return false;
    }
    for (gsize at = 0; at < piece.length && !scanner->has_secret;) {
        if (scanner->in_name) {
            take_octet(scanner, piece.data[at++]);
            continue;
        }
        at = skip_to_name(scanner, piece, at);
        if (at < piece.length) {
            take_octet(scanner, piece.data[at++]);
        }
    }
    return scanner->has_secret;
}
