/* What a line of an IMAP server says: capabilities, each explained when it is first named, and the
 * response code in brackets. */

#include "ui/timeline/step-builder-private.h"

#include "protocol/imap/imap-vocabulary.h"

#include <string.h>

static ImapRevision revision_of(const Step *step)
{
    bool is_new = step->references->len > 0 &&
                  g_array_index(step->references, RfcReference, 0).number == 9051;
    return is_new ? IMAP_REVISION_2 : IMAP_REVISION_1;
}

static void add_row(Step *step, ByteSpan name, const VocabularyItem *item, const char *unknown)
{
    if (step->details->len < STEP_DETAILS_MAXIMUM) {
        g_autofree char *label = byte_span_to_string(name);
        step_add_detail(
            step,
            0,
            label,
            item != NULL ? item->meaning : unknown,
            item != NULL ? item->reference : (RfcReference){0}
        );
    }
}

/* Servers name them again after the log-in, most of them the same. */
static bool is_news(Talk *talk, ByteSpan name)
{
    g_autofree char *text = byte_span_to_string(name);
    if (talk->capabilities == NULL) {
        talk->capabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    bool has_room = g_hash_table_size(talk->capabilities) < STEP_DETAILS_MAXIMUM;
    return has_room && g_hash_table_add(talk->capabilities, g_steal_pointer(&text));
}

static void explain_capabilities(Talk *talk, Step *step, ByteSpan names)
{
    ByteSpan name;
    while (byte_span_next_token(&names, ' ', &name)) {
        if (name.length > 0 && is_news(talk, name)) {
            const VocabularyItem *item = imap_capability_find(name, revision_of(step));
            add_row(step, name, item, "A capability that no RFC known here defines.");
        }
    }
}

static void take_meaning(Step *step, char *meaning)
{
    g_free(step->meaning);
    step->meaning = meaning;
}

static void explain_code(Talk *talk, Step *step, ByteSpan code, bool is_untagged)
{
    ByteSpan rest = code;
    ByteSpan name;
    byte_span_next_token(&rest, ' ', &name);
    if (byte_span_is_nocase(name, "CAPABILITY")) {
        explain_capabilities(talk, step, rest);
        return;
    }
    const VocabularyItem *item = imap_response_code_find(code, revision_of(step));
    if (item != NULL && is_untagged && step->details->len == 0) {
        take_meaning(step, g_strdup(item->meaning)); /* the line is there for it alone */
        g_array_prepend_val(step->references, item->reference);
    } else if (item != NULL) {
        add_row(step, name, item, NULL);
    }
}

/* The row says it for "message n", and of OK, NO and BAD what they mean with a tag and without. */
static void say_it_of_this_line(Step *step, ByteSpan tag, ByteSpan second)
{
    guint64 number;
    bool is_untagged = byte_span_is(tag, "*");
    const char *meaning = step->meaning == NULL ? "" : step->meaning;
    const char *tagged = strstr(meaning, "Tagged: ");
    const char *untagged = strstr(meaning, "; untagged: ");
    g_auto(GStrv) around = g_strsplit(meaning, "essage n", 2);
    if (is_untagged && byte_span_to_number(second, &number) && around[1] != NULL) {
        take_meaning(
            step, g_strdup_printf("%sessage %" G_GUINT64_FORMAT "%s", around[0], number, around[1])
        );
    } else if (tagged == meaning && untagged != NULL) {
        const char *from =
            is_untagged ? untagged + strlen("; untagged: ") : meaning + strlen("Tagged: ");
        const char *end = is_untagged ? from + strlen(from) : untagged;
        take_meaning(
            step,
            g_strdup_printf(
                "%c%.*s%s",
                g_ascii_toupper(*from),
                (int)(end - from - 1),
                from + 1,
                is_untagged ? "" : "."
            )
        );
    }
}

/* "* CAPABILITY ...", or "TAG STATUS [CODE ...] text" */
void step_explain_imap_reply(Talk *talk, Step *step)
{
    ByteSpan text = byte_span_from_string(step->text);
    gssize end = byte_span_find(text, '\n', 0);
    text = end < 0 ? text : byte_span_slice(text, 0, (gsize)end);
    if (byte_span_is(text, ")")) {
        take_meaning(
            step, g_strdup("The bracket closes: all that was asked of this message has come.")
        );
        return;
    }
    if (text.length > 0 && text.data[0] == ' ') {
        take_meaning(step, g_strdup("More data of the same message, behind what was counted."));
        return;
    }
    ByteSpan tag;
    ByteSpan status;
    if (!byte_span_next_token(&text, ' ', &tag) || !byte_span_next_token(&text, ' ', &status)) {
        return;
    }
    say_it_of_this_line(step, tag, status);
    if (byte_span_is(tag, "*") && byte_span_is_nocase(status, "CAPABILITY")) {
        explain_capabilities(talk, step, text);
        return;
    }
    text = byte_span_trim(text);
    gssize close = byte_span_find(text, ']', 0);
    if (text.length > 0 && text.data[0] == '[' && close > 0) {
        explain_code(
            talk, step, byte_span_slice(text, 1, (gsize)close - 1), byte_span_is(tag, "*")
        );
    }
}
