#include "dissect/finding/secret-web.h"

#include "protocol/encoding/base64.h"
#include "protocol/http/http-form.h"
#include "protocol/http/http-json.h"
#include "protocol/http/http-line.h"
#include "protocol/http/http-secret.h"

#define LONGEST 512

static ByteSpan span_of(GBytes *octets)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* As it is, and as it stands in a URL and in a form. */
static void learn_plain(SecretEcho *echo, ByteSpan secret)
{
    if (secret.length > LONGEST) {
        return;
    }
    secret_echo_learn(echo, secret);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GString) encoded = g_string_new(NULL);
        http_percent_encode(secret, i == 1, encoded);
        secret_echo_learn(echo, byte_span(encoded->str, encoded->len));
    }
}

static void learn_encoded(SecretEcho *echo, ByteSpan secret)
{
    if (secret.length > LONGEST) {
        return;
    }
    g_autoptr(GByteArray) plain = g_byte_array_new();
    http_percent_decode(secret, true, plain);
    secret_echo_learn(echo, secret);
    learn_plain(echo, byte_span(plain->data, plain->len));
}

static bool is_one_of(guint8 octet, const char *octets)
{
    return octet != '\0' && strchr(octets, octet) != NULL;
}

static gsize length_up_to(ByteSpan text, const char *octets)
{
    gsize length = 0;
    while (length < text.length && !is_one_of(text.data[length], octets)) {
        length++;
    }
    return length;
}

/* RFC 3986 §3.2.1: what stands before the "@", and the password behind its colon. */
static void learn_user_information(SecretEcho *echo, ByteSpan behind_slashes)
{
    ByteSpan authority =
        byte_span_slice(behind_slashes, 0, length_up_to(behind_slashes, "/?# \t\"<>"));
    gsize at = authority.length;
    while (at > 0 && authority.data[at - 1] != '@') {
        at--;
    }
    gssize colon = byte_span_find(authority, ':', 0);
    if (at > 0 && colon >= 0 && (gsize)colon + 1 < at) {
        learn_encoded(echo, byte_span_slice(authority, (gsize)colon + 1, at - 2 - (gsize)colon));
    }
}

/* "password=hungry" behind a question mark or an ampersand. */
static void learn_pair(SecretEcho *echo, ByteSpan behind_mark)
{
    ByteSpan pair = byte_span_slice(behind_mark, 0, length_up_to(behind_mark, "&# \t\"<>"));
    gssize equals = byte_span_find(pair, '=', 0);
    if (equals > 0 && http_name_is_secret(byte_span_slice(pair, 0, (gsize)equals))) {
        learn_encoded(echo, byte_span_from(pair, (gsize)equals + 1));
    }
}

/* Whatever URLs stand in the text. */
static void learn_urls(SecretEcho *echo, ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        ByteSpan rest = byte_span_from(text, i);
        if (is_one_of(text.data[i], "?&#")) {
            learn_pair(echo, byte_span_from(rest, 1));
        } else if (byte_span_starts_with(rest, "://")) {
            learn_user_information(echo, byte_span_from(rest, 3));
        }
    }
}

/* RFC 7617 §2: the name and the password with a colon between, in base64. */
static void learn_basic(SecretEcho *echo, ByteSpan token)
{
    ByteBuffer pair;
    byte_buffer_init(&pair, LONGEST);
    secret_echo_learn(echo, token);
    if (token.length <= LONGEST && base64_decode(token, &pair, NULL)) {
        ByteSpan plain = byte_buffer_span(&pair);
        gssize colon = byte_span_find(plain, ':', 0);
        if (colon >= 0) {
            learn_plain(echo, byte_span_from(plain, (gsize)colon + 1));
        }
    }
    byte_buffer_clear(&pair);
}

static void learn_authorization(SecretEcho *echo, ByteSpan value)
{
    gssize space = byte_span_find(value, ' ', 0);
    if (space < 0) {
        return;
    }
    ByteSpan scheme = byte_span_slice(value, 0, (gsize)space);
    ByteSpan rest = byte_span_trim(byte_span_from(value, (gsize)space));
    if (byte_span_is_nocase(scheme, "Basic")) {
        learn_basic(echo, rest);
    } else if (byte_span_is_nocase(scheme, "Bearer")) {
        secret_echo_learn(echo, rest);
    }
}

/* RFC 6265 §4.1.1: "name=value", the value perhaps in quotes; semicolons between. */
static void learn_cookies(SecretEcho *echo, ByteSpan cookies)
{
    ByteSpan cookie;
    while (byte_span_next_token(&cookies, ';', &cookie)) {
        cookie = byte_span_trim(cookie);
        gssize equals = byte_span_find(cookie, '=', 0);
        if (equals > 0 && http_name_is_secret(byte_span_slice(cookie, 0, (gsize)equals))) {
            ByteSpan value = byte_span_from(cookie, (gsize)equals + 1);
            value = byte_span_from(value, byte_span_starts_with(value, "\"") ? 1 : 0);
            learn_encoded(echo, byte_span_slice(value, 0, length_up_to(value, "\"")));
        }
    }
}

void secret_web_note(SecretEcho *echo, const DialogueEvent *said)
{
    bool is_line = said->kind == DIALOGUE_EVENT_COMMAND || said->kind == DIALOGUE_EVENT_REPLY ||
                   said->kind == DIALOGUE_EVENT_CONTINUATION;
    if (!is_line) {
        return;
    }
    if (byte_span_is_nocase(said->verb, "Authorization") ||
        byte_span_is_nocase(said->verb, "Proxy-Authorization")) {
        learn_authorization(echo, said->arguments);
    } else if (byte_span_is_nocase(said->verb, "Cookie") || byte_span_is_nocase(said->verb, "Set-Cookie")) {
        learn_cookies(echo, said->arguments);
    } else {
        learn_urls(echo, said->arguments);
    }
}

static void learn_json(SecretEcho *echo, ByteSpan body)
{
    HttpJsonSecret secret;
    for (gsize at = 0; http_json_next_secret(body, at, &secret); at = secret.to) {
        g_autoptr(GByteArray) plain = g_byte_array_new();
        ByteSpan value = byte_span_slice(body, secret.from, secret.to - secret.from);
        http_json_unescape(value, plain);
        secret_echo_learn(echo, value);
        learn_plain(echo, byte_span(plain->data, plain->len));
    }
}

void secret_web_note_form(SecretEcho *echo, ByteSpan content_type, ByteSpan body)
{
    if (http_type_is_json(content_type)) {
        learn_json(echo, body);
        return;
    }
    g_autoptr(HttpForm) form = http_form_parse(content_type, body);
    for (guint i = 0; i < form->fields->len; i++) {
        const HttpFormField *field = form->fields->pdata[i];
        if (http_name_is_secret(span_of(field->name))) {
            learn_plain(echo, span_of(field->value));
        }
    }
}
