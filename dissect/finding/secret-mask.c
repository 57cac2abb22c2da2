#include "dissect/finding/secret-mask.h"

#include "protocol/sasl/sasl-vocabulary.h"

/* How many words before the secret may be seen, the verb included. */
typedef struct {
    const char *verb;
    guint words;
} VisibleRow;

static const VisibleRow rows[] = {
    {"APOP", 2},
    {"AUTH", 2},
    {"AUTHENTICATE", 2},
    {"LOGIN", 2},
    {"PASS", 1},
    {"USER", 2},
};

static guint visible_words(ByteSpan verb)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (byte_span_is_nocase(verb, rows[i].verb)) {
            return rows[i].words;
        }
    }
    return 1;
}

static bool is_space(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

/* The octets up to the end of that many words; a quoted string is one word. */
static gsize length_of_words(ByteSpan text, guint words)
{
    gsize at = 0;
    for (guint word = 0; word < words && at < text.length; word++) {
        bool is_quoted = false;
        while (at < text.length && is_space(text.data[at])) {
            at++;
        }
        while (at < text.length && (is_quoted || !is_space(text.data[at]))) {
            if (text.data[at] == '\\' && is_quoted) {
                at++;
            } else if (text.data[at] == '"') {
                is_quoted = !is_quoted;
            }
            at++;
        }
    }
    return MIN(at, text.length);
}

static bool is_within(ByteSpan part, ByteSpan text)
{
    return part.length > 0 && part.data >= text.data &&
           part.data + part.length <= text.data + text.length;
}

/* "AUTH AGJvYgB..." lacks the mechanism: what stands in its place is no name to be shown. */
static bool names_mechanism(ByteSpan visible, gsize before)
{
    ByteSpan word = byte_span_trim(byte_span_from(visible, before));
    return word.length == 0 || sasl_mechanism_find(word) != NULL;
}

/* Of a line that no row knows only its verb is shown, where that is part of it. */
static ByteSpan visible_of_unknown(const DialogueEvent *event)
{
    bool is_shown = is_within(event->verb, event->text);
    gsize end = is_shown ? (gsize)(event->verb.data - event->text.data) + event->verb.length : 0;
    return byte_span_slice(event->text, 0, end);
}

/* "Cookie: name=value": the name of the field and its colon. */
static ByteSpan visible_of_field(const DialogueEvent *event)
{
    gsize end = (gsize)(event->verb.data - event->text.data) + event->verb.length;
    return byte_span_slice(event->text, 0, end + 1);
}

ByteSpan secret_visible_part(const DialogueEvent *event)
{
    bool is_field = event->item != NULL && event->item->kind == VOCABULARY_HEADER_FIELD;
    if (!event->is_secret) {
        return event->text;
    }
    if (is_field && is_within(event->verb, event->text)) {
        return visible_of_field(event);
    }
    if (event->kind != DIALOGUE_EVENT_COMMAND) {
        return BYTE_SPAN_EMPTY;
    }
    if (event->item == NULL) {
        return visible_of_unknown(event);
    }
    bool is_tagged = event->tag.length > 0 && event->tag.data == event->text.data;
    guint words = visible_words(event->verb) + (is_tagged ? 1 : 0);
    gsize length = length_of_words(event->text, words);
    if (event->tag.length > 0 && !is_tagged) {
        gssize question = byte_span_find(event->text, '?', length); /* of the target in HTTP */
        length = question < 0 ? length : (gsize)question + 1;
    }
    bool is_auth = byte_span_starts_with_nocase(event->verb, "AUTH");
    gsize verb = length_of_words(event->text, words - 1);
    if (is_auth && !names_mechanism(byte_span_slice(event->text, 0, length), verb)) {
        length = verb;
    }
    return byte_span_slice(event->text, 0, length);
}

char *secret_display_text(const DialogueEvent *event, bool show_secrets)
{
    if (show_secrets) {
        return byte_span_to_display(event->text);
    }
    ByteSpan visible = secret_visible_part(event);
    if (visible.length == event->text.length) {
        return byte_span_to_display(event->text);
    }
    g_autofree char *shown = byte_span_to_display(visible);
    return g_strdup_printf("%s%s" SECRET_MASK, shown, visible.length > 0 ? " " : "");
}
