#include "dissect/finding/secret-echo.h"

#include "dissect/finding/secret-mask.h"
#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-vocabulary.h"

/* More than one log-in with all its forms; a client that tries for long is forgotten in part. */
#define SECRETS_MAXIMUM 32
#define LONGEST 512
#define MASKED_MAXIMUM 65536

void secret_echo_clear(SecretEcho *echo)
{
    g_clear_pointer(&echo->secrets, g_ptr_array_unref);
    if (echo->masked != NULL) {
        g_string_free(echo->masked, TRUE);
        echo->masked = NULL;
    }
}

static void free_secret(gpointer secret)
{
    g_bytes_unref(secret);
}

static ByteSpan span_of(GBytes *octets)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

static gssize find_secret(const SecretEcho *echo, ByteSpan secret)
{
    for (guint i = 0; echo->secrets != NULL && i < echo->secrets->len; i++) {
        if (byte_span_equal(span_of(g_ptr_array_index(echo->secrets, i)), secret)) {
            return (gssize)i;
        }
    }
    return -1;
}

void secret_echo_learn(SecretEcho *echo, ByteSpan secret)
{
    if (secret.length < SECRET_ECHO_SHORTEST || secret.length > LONGEST ||
        sasl_mechanism_find(secret) != NULL || find_secret(echo, secret) >= 0) {
        return;
    }
    if (echo->secrets == NULL) {
        echo->secrets = g_ptr_array_new_with_free_func(free_secret);
    }
    if (echo->secrets->len == SECRETS_MAXIMUM) {
        g_ptr_array_remove_index(echo->secrets, 0);
    }
    g_ptr_array_add(echo->secrets, g_bytes_new(secret.data, secret.length));
}

static void forget(SecretEcho *echo, ByteSpan name)
{
    gssize index = find_secret(echo, name);
    if (index >= 0) {
        g_ptr_array_remove_index(echo->secrets, (guint)index);
    }
}

/* RFC 7628 §3.1, and XOAUTH2 alike: "auth=Bearer", the token, and an octet 1 as the end. */
static void learn_token(SecretEcho *echo, ByteSpan plain)
{
    static const char mark[] = "auth=Bearer ";
    for (gsize at = 0; at < plain.length; at++) {
        ByteSpan rest = byte_span_from(plain, at);
        if (byte_span_starts_with_nocase(rest, mark)) {
            rest = byte_span_from(rest, sizeof mark - 1);
            gssize end = byte_span_find(rest, '\1', 0);
            rest = byte_span_slice(rest, 0, end < 0 ? rest.length : (gsize)end);
            secret_echo_learn(echo, byte_span_trim(rest));
        }
    }
}

/* RFC 4616 §2: the password stands behind the last NUL. */
static void learn_decoded(SecretEcho *echo, ByteSpan word)
{
    ByteBuffer plain;
    byte_buffer_init(&plain, LONGEST);
    if (word.length <= LONGEST && base64_decode(word, &plain, NULL)) {
        ByteSpan secret = byte_buffer_span(&plain);
        learn_token(echo, secret);
        gssize nul = byte_span_find(secret, '\0', 0);
        while (nul >= 0) {
            secret = byte_span_from(secret, (gsize)nul + 1);
            nul = byte_span_find(secret, '\0', 0);
        }
        secret_echo_learn(echo, secret);
    }
    byte_buffer_clear(&plain);
}

static bool is_between_words(guint8 octet)
{
    return octet <= ' ' || octet == '"';
}

/* The whole, as a password may hold blanks, and each word, as a user may stand before it. */
static void learn_hidden(SecretEcho *echo, ByteSpan hidden)
{
    gsize from = 0;
    ByteSpan whole = byte_span_trim(hidden);
    bool is_quoted =
        whole.length > 1 && whole.data[0] == '"' && whole.data[whole.length - 1] == '"';
    secret_echo_learn(echo, is_quoted ? byte_span_slice(whole, 1, whole.length - 2) : whole);
    while (from < whole.length) {
        gsize to = from;
        while (to < whole.length && !is_between_words(whole.data[to])) {
            to++;
        }
        ByteSpan word = byte_span_slice(whole, from, to - from);
        secret_echo_learn(echo, word);
        learn_decoded(echo, word);
        from = to + 1;
    }
}

static bool is_login_without_name(const DialogueEvent *command)
{
    ByteSpan arguments = byte_span_trim(command->arguments);
    return byte_span_starts_with_nocase(command->verb, "AUTH") &&
           byte_span_is_nocase(arguments, "LOGIN");
}

void secret_echo_note(SecretEcho *echo, const DialogueEvent *said)
{
    if (said->kind == DIALOGUE_EVENT_CREDENTIAL) {
        const DialogueCredential *credential = said->credential;
        if (!byte_span_equal(credential->identity, credential->secret)) {
            forget(echo, credential->identity);
        }
        secret_echo_learn(echo, credential->secret);
        return;
    }
    bool is_name = echo->is_name_next && said->kind == DIALOGUE_EVENT_CONTINUATION;
    echo->is_name_next = said->kind == DIALOGUE_EVENT_COMMAND && is_login_without_name(said);
    if (said->is_secret && !is_name) {
        ByteSpan visible = secret_visible_part(said);
        learn_hidden(echo, byte_span_from(said->text, visible.length));
    }
}

static bool stands_at(ByteSpan secret, ByteSpan text, gsize at)
{
    return secret.length <= text.length - at &&
           memcmp(secret.data, text.data + at, secret.length) == 0;
}

/* The longest secret that stands at this place; empty: none does. */
static gsize secret_at(const SecretEcho *echo, ByteSpan text, gsize at)
{
    gsize longest = 0;
    for (guint i = 0; i < echo->secrets->len; i++) {
        ByteSpan secret = span_of(g_ptr_array_index(echo->secrets, i));
        if (secret.length > longest && stands_at(secret, text, at)) {
            longest = secret.length;
        }
    }
    return longest;
}

/* Where the first secret stands from 'from' on; the length where none does. */
static gsize find_first(const SecretEcho *echo, ByteSpan text, gsize from)
{
    bool begins[256] = {false};
    for (guint i = 0; i < echo->secrets->len; i++) {
        begins[span_of(g_ptr_array_index(echo->secrets, i)).data[0]] = true;
    }
    gsize at = from;
    while (at < text.length && (!begins[text.data[at]] || secret_at(echo, text, at) == 0)) {
        at++;
    }
    return at;
}

/* The text before and after, and what was replaced in between. */
typedef struct {
    ByteSpan old;
    ByteSpan new;
    gsize first;  /* where the first secret stood */
    gsize behind; /* one past the last one; of a text cut short, the end */
} Change;

static bool is_inside(ByteSpan part, ByteSpan text)
{
    return part.length > 0 && part.data >= text.data &&
           part.data + part.length <= text.data + text.length;
}

/* What the code, the tag or the like is in the new text: as it was before the first mask and behind
 * the last one; with the masks where it holds them; else cut at the first. */
static ByteSpan moved(ByteSpan part, const Change *change)
{
    if (!is_inside(part, change->old)) {
        return part.length == 0 ? BYTE_SPAN_EMPTY : part;
    }
    gsize from = (gsize)(part.data - change->old.data);
    gsize to = from + part.length;
    gsize new_behind = change->new.length - (change->old.length - change->behind);
    if (to <= change->first) {
        return byte_span_slice(change->new, from, part.length);
    }
    if (from >= change->behind) {
        return byte_span_slice(change->new, new_behind + from - change->behind, part.length);
    }
    if (from > change->first) {
        return BYTE_SPAN_EMPTY;
    }
    gsize end = to >= change->behind ? new_behind + to - change->behind : change->first;
    return byte_span_slice(change->new, from, end - from);
}

/* Where what is said freely begins and ends: codes, names of fields and the version of a request
 * stay as they are. */
static void find_free_text(const DialogueEvent *line, gsize *out_from, gsize *out_to)
{
    bool is_request = line->kind == DIALOGUE_EVENT_COMMAND;
    bool has_name = is_request || (line->tag.length == 0 && line->code.length == 0);
    const ByteSpan parts[] = {
        is_request ? BYTE_SPAN_EMPTY : line->tag,
        line->code,
        has_name ? line->verb : BYTE_SPAN_EMPTY,
    };
    *out_from = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (is_inside(parts[i], line->text)) {
            gsize end = (gsize)(parts[i].data - line->text.data) + parts[i].length;
            *out_from = MAX(*out_from, end);
        }
    }
    bool ends_with_version = is_request && is_inside(line->tag, line->text);
    *out_to = ends_with_version ? (gsize)(line->tag.data - line->text.data) : line->text.length;
}

static void write_masked(SecretEcho *echo, Change *change, gsize to)
{
    ByteSpan free_text = byte_span_slice(change->old, 0, to);
    gsize next = change->first;
    gsize at = 0;
    if (echo->masked == NULL) {
        echo->masked = g_string_new(NULL);
    }
    g_string_truncate(echo->masked, 0);
    while (next < to && echo->masked->len < MASKED_MAXIMUM) {
        ByteSpan kept = byte_span_slice(change->old, at, next - at);
        g_string_append_len(echo->masked, (const char *)kept.data, (gssize)kept.length);
        g_string_append(echo->masked, SECRET_MASK);
        at = next + secret_at(echo, free_text, next);
        next = find_first(echo, free_text, at);
    }
    change->behind = next < to ? change->old.length : at;
    ByteSpan rest = byte_span_from(change->old, change->behind);
    g_string_append_len(echo->masked, (const char *)rest.data, (gssize)rest.length);
    change->new = byte_span(echo->masked->str, echo->masked->len);
}

void secret_echo_mask(SecretEcho *echo, DialogueEvent *line)
{
    if (echo->secrets == NULL || line->text.length == 0) {
        return;
    }
    gsize from;
    gsize to;
    find_free_text(line, &from, &to);
    Change change = {.old = line->text};
    change.first = find_first(echo, byte_span_slice(line->text, 0, to), from);
    if (change.first >= to) {
        return;
    }
    write_masked(echo, &change, to);
    line->text = change.new;
    line->tag = moved(line->tag, &change);
    line->verb = moved(line->verb, &change);
    line->arguments = moved(line->arguments, &change);
    line->code = moved(line->code, &change);
    line->enhanced = moved(line->enhanced, &change);
}
