/* What each line of a reply says: the extensions of EHLO, the capabilities of CAPA, a challenge in
 * base64, an enhanced code. */

#include "ui/timeline/step-builder-private.h"

#include "protocol/pop3/pop3-vocabulary.h"
#include "protocol/smtp/smtp-vocabulary.h"

static void add_row(Step *step, const char *label, const VocabularyItem *item, const char *unknown)
{
    if (step->details->len < STEP_DETAILS_MAXIMUM) {
        step_add_detail(
            step,
            0,
            label,
            item != NULL ? item->meaning : unknown,
            item != NULL ? item->reference : (RfcReference){0}
        );
    }
}

static ByteSpan first_word(ByteSpan text)
{
    ByteSpan word = BYTE_SPAN_EMPTY;
    byte_span_next_token(&text, ' ', &word);
    return word;
}

static void note_offer(Talk *talk, ByteSpan keyword)
{
    if (byte_span_is_nocase(keyword, "PIPELINING")) {
        talk->offered |= OFFERED_PIPELINING;
    } else if (byte_span_is_nocase(keyword, "STARTTLS") || byte_span_is_nocase(keyword, "STLS")) {
        talk->offered |= OFFERED_STARTTLS;
    } else if (byte_span_is_nocase(keyword, "AUTH") || byte_span_is_nocase(keyword, "SASL")) {
        talk->offered |= OFFERED_AUTH;
    }
}

/* RFC 5321 §4.1.1.1: the first line greets back, each further one names an extension. */
static void explain_extensions(Talk *talk, Step *step)
{
    ByteSpan rest = byte_span_from_string(step->text);
    ByteSpan line;
    byte_span_next_token(&rest, '\n', &line);
    while (byte_span_next_token(&rest, '\n', &line)) {
        ByteSpan offer = byte_span_trim(byte_span_from(line, 4));
        ByteSpan keyword = first_word(offer);
        gssize equals = byte_span_find(keyword, '=', 0);
        if (equals > 0) {
            keyword = byte_span_slice(keyword, 0, (gsize)equals);
        }
        if (keyword.length == 0) {
            continue;
        }
        g_autofree char *label = byte_span_to_string(offer);
        add_row(
            step,
            label,
            smtp_extension_find(keyword),
            "An extension that no RFC known here defines."
        );
        note_offer(talk, keyword);
    }
}

/* RFC 2449 §5: one capability a line, up to the dot. */
static void explain_capabilities(Talk *talk, Step *step)
{
    ByteSpan rest = byte_span_from_string(step->text);
    ByteSpan line;
    byte_span_next_token(&rest, '\n', &line);
    while (byte_span_next_token(&rest, '\n', &line)) {
        line = byte_span_trim(line);
        if (line.length == 0 || byte_span_is(line, ".")) {
            continue;
        }
        g_autofree char *label = byte_span_to_string(line);
        add_row(
            step,
            label,
            pop3_capability_find(first_word(line)),
            "A capability that no RFC known here defines."
        );
        note_offer(talk, first_word(line));
    }
}

/* "2.1.5" behind the code of each line: the first one stands for all. */
static void explain_enhanced(Step *step)
{
    ByteSpan text = byte_span_from_string(step->text);
    ByteSpan code = first_word(byte_span_from(text, 4));
    gssize end = byte_span_find(code, '\n', 0);
    code = end < 0 ? code : byte_span_slice(code, 0, (gsize)end);
    const VocabularyItem *item = smtp_enhanced_code_find(code);
    /* 2.1.0 and its like say no more than the 250 before them. */
    bool says_more = code.length > 0 && (code.data[0] != '2' || code.data[code.length - 1] != '0');
    if (item != NULL && says_more) {
        g_autofree char *label = byte_span_to_string(code);
        add_row(step, label, item, NULL);
    }
}

/* POP3, RFC 2449 §8: "-ERR [IN-USE] ..." */
static void explain_response_code(Step *step)
{
    ByteSpan text = byte_span_from_string(step->text);
    gssize from = byte_span_find(text, '[', 0);
    gssize to = byte_span_find(text, ']', 0);
    if (from < 0 || from > 5 || to < from) {
        return;
    }
    ByteSpan code = byte_span_slice(text, (gsize)from + 1, (gsize)(to - from - 1));
    const VocabularyItem *item = pop3_response_code_find(code);
    if (item != NULL) {
        g_autofree char *label = byte_span_to_string(code);
        add_row(step, label, item, NULL);
    }
}

static void explain_challenge(Step *step)
{
    ByteSpan text = byte_span_from_string(step->text);
    ByteSpan code = first_word(text);
    ByteSpan challenge = byte_span_trim(byte_span_from(text, code.length));
    if (challenge.length > 0) {
        step_explain_token(step, challenge, true);
    }
}

static void note_capability(Talk *talk, const Step *step, bool is_positive)
{
    talk->capability.step = step->number;
    talk->capability.is_positive = is_positive;
    talk->offered = 0;
}

void step_explain_reply(Talk *talk, Step *step, const VocabularyItem *command)
{
    const char *title = step_command_title(talk, step->answers);
    bool is_auth = talk->mechanism[0] != '\0';
    bool is_positive = step->text[0] == '2' || g_str_has_prefix(step->text, "+OK");
    if (is_auth && (g_str_has_prefix(step->text, "334") || g_str_has_prefix(step->text, "+ "))) {
        explain_challenge(step);
        return;
    }
    if (talk->protocol == MAIL_PROTOCOL_SMTP) {
        bool is_hello = g_strcmp0(title, "EHLO") == 0 || g_strcmp0(title, "LHLO") == 0 ||
                        (command != NULL && g_str_equal(command->token, "EHLO"));
        if (is_hello) {
            note_capability(talk, step, is_positive);
        }
        if (is_hello && is_positive) {
            explain_extensions(talk, step);
        } else {
            explain_enhanced(step);
        }
    } else if (talk->protocol == MAIL_PROTOCOL_POP3) {
        bool is_capa = g_strcmp0(title, "CAPA") == 0;
        if (is_capa) {
            note_capability(talk, step, is_positive);
        }
        if (is_capa && is_positive) {
            explain_capabilities(talk, step);
        } else {
            explain_response_code(step);
        }
    } else if (talk->protocol == MAIL_PROTOCOL_IMAP) {
        step_explain_imap_reply(talk, step);
    }
}
