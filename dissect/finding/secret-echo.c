#include "dissect/finding/secret-echo.h"

#include "dissect/finding/secret-mask.h"
#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-vocabulary.h"

/* More than one log-in with all its forms; a client that tries for long is forgotten in part. */
#define SECRETS_MAXIMUM 24
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

static void learn(SecretEcho *echo, ByteSpan secret)
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

/* RFC 4616 §2: the password stands behind the last NUL. */
static void learn_decoded(SecretEcho *echo, ByteSpan word)
{
    ByteBuffer plain;
    byte_buffer_init(&plain, LONGEST);
    if (word.length <= LONGEST && base64_decode(word, &plain, NULL)) {
        ByteSpan secret = byte_buffer_span(&plain);
        gssize nul = byte_span_find(secret, '\0', 0);
        while (nul >= 0) {
            secret = byte_span_from(secret, (gsize)nul + 1);
            nul = byte_span_find(secret, '\0', 0);
        }
        learn(echo, secret);
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
    learn(echo, is_quoted ? byte_span_slice(whole, 1, whole.length - 2) : whole);
    while (from < whole.length) {
        gsize to = from;
        while (to < whole.length && !is_between_words(whole.data[to])) {
            to++;
        }
        ByteSpan word = byte_span_slice(whole, from, to - from);
        learn(echo, word);
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
        learn(echo, credential->secret);
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

/* What the code, the tag or the like is in the new text: as it was before the first mask, cut
 * there, or up to the new end. */
static ByteSpan moved(ByteSpan part, ByteSpan old, ByteSpan new, gsize first)
{
    bool is_part = part.data != NULL && part.data >= old.data &&
                   part.data + part.length <= old.data + old.length;
    gsize from = is_part ? (gsize)(part.data - old.data) : 0;
    if (!is_part || from + part.length <= first) {
        return is_part ? byte_span_slice(new, from, part.length) : part;
    }
    if (from > first) {
        return BYTE_SPAN_EMPTY;
    }
    bool is_rest = from + part.length == old.length;
    return byte_span_slice(new, from, (is_rest ? new.length : first) - from);
}

/* Where what the server says of its own begins: codes stay as they are. */
static gsize end_of_code(const DialogueEvent *reply)
{
    gsize end = 0;
    const ByteSpan parts[] = {reply->tag, reply->code};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        const guint8 *start = reply->text.data;
        bool is_inside = parts[i].length > 0 && parts[i].data >= start &&
                         parts[i].data + parts[i].length <= start + reply->text.length;
        end = is_inside ? MAX(end, (gsize)(parts[i].data - start) + parts[i].length) : end;
    }
    return end;
}

static void write_masked(SecretEcho *echo, ByteSpan old, gsize first)
{
    if (echo->masked == NULL) {
        echo->masked = g_string_new(NULL);
    }
    g_string_truncate(echo->masked, 0);
    gsize at = 0;
    while (first < old.length && echo->masked->len < MASKED_MAXIMUM) {
        g_string_append_len(echo->masked, (const char *)old.data + at, (gssize)(first - at));
        g_string_append(echo->masked, SECRET_MASK);
        at = first + secret_at(echo, old, first);
        first = find_first(echo, old, at);
    }
    if (first == old.length) {
        g_string_append_len(echo->masked, (const char *)old.data + at, (gssize)(first - at));
    }
}

void secret_echo_mask_reply(SecretEcho *echo, DialogueEvent *reply)
{
    if (echo->secrets == NULL || reply->text.length == 0) {
        return;
    }
    ByteSpan old = reply->text;
    gsize first = find_first(echo, old, end_of_code(reply));
    if (first == old.length) {
        return;
    }
    write_masked(echo, old, first);
    ByteSpan new = byte_span(echo->masked->str, echo->masked->len);
    reply->text = new;
    reply->tag = moved(reply->tag, old, new, first);
    reply->verb = moved(reply->verb, old, new, first);
    reply->arguments = moved(reply->arguments, old, new, first);
    reply->code = moved(reply->code, old, new, first);
    reply->enhanced = moved(reply->enhanced, old, new, first);
}
