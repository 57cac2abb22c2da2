#include "ui/report/dissect-json-private.h"

#include "dissect/finding/secret-mask.h"
#include "ui/report/dissect-defects.h"

static void write_defects(JsonLine *line, guint32 defects)
{
    if (defects == 0) {
        return;
    }
    json_line_array_begin(line, "defects");
    for (guint i = 0; i < 32; i++) {
        if ((defects & 1u << i) != 0) {
            json_line_string(line, NULL, dissect_defect_name(1u << i));
        }
    }
    json_line_array_end(line);
}

static void write_text(DissectJson *json, const char *key, const DialogueEvent *said)
{
    if (!said->is_secret || json->options.show_secrets) {
        json_line_span(&json->line, key, said->text);
    } else {
        g_autofree char *masked = secret_display_text(said, false);
        json_line_string(&json->line, key, masked);
    }
}

static void write_arguments(DissectJson *json, const DialogueEvent *said)
{
    if (!said->is_secret || json->options.show_secrets) {
        json_line_span(&json->line, "arguments", said->arguments);
        return;
    }
    DialogueEvent arguments = *said;
    ByteSpan visible = secret_visible_part(said);
    const guint8 *start = said->arguments.data;
    gsize before = start == NULL ? 0 : (gsize)(start - said->text.data);
    ByteSpan shown = visible.length > before ? byte_span_from(visible, before) : BYTE_SPAN_EMPTY;
    bool is_whole = shown.length == arguments.arguments.length;
    g_autofree char *safe = byte_span_to_string(shown);
    g_autofree char *masked = g_strconcat(
        safe, is_whole ? "" : (shown.length > 0 ? " " : ""), is_whole ? "" : SECRET_MASK, NULL
    );
    json_line_string(&json->line, "arguments", masked);
}

void dissect_json_write_command(DissectJson *json, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    json->counts[COUNT_COMMANDS]++;
    dissect_json_begin(json, "command", event);
    if (said->tag.length > 0) {
        json_line_span(&json->line, "tag", said->tag);
    }
    json_line_span(&json->line, "verb", said->verb);
    write_arguments(json, said);
    write_text(json, "text", said);
    dissect_json_write_meaning(json, said->item);
    write_defects(&json->line, said->defects);
    dissect_json_end_line(json);
}

void dissect_json_write_continuation(DissectJson *json, const DissectEvent *event)
{
    dissect_json_begin(json, "continuation", event);
    json_line_number(&json->line, "continues", event->answers);
    write_text(json, "text", event->dialogue);
    dissect_json_write_meaning(json, event->dialogue->item);
    write_defects(&json->line, event->dialogue->defects);
    dissect_json_end_line(json);
}

static void copy_span(char *place, gsize room, ByteSpan span)
{
    gsize length = MIN(span.length, room - 1);
    if (length > 0) {
        memcpy(place, span.data, length);
    }
    place[length] = '\0';
}

static void gather_reply_line(DissectJsonView *view, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    if (said->is_first || view->reply_lines == 0) {
        view->reply_lines = 0;
        view->reply_defects = 0;
        view->reply_first = *said;
        view->reply_first_frame = event->pieces->frame;
        copy_span(view->reply_code, sizeof view->reply_code, said->code);
        copy_span(view->reply_enhanced, sizeof view->reply_enhanced, said->enhanced);
        if (view->reply == NULL) {
            view->reply = g_string_new(NULL);
        }
        g_string_truncate(view->reply, 0);
    }
    if (view->reply->len + said->text.length < DISSECT_JSON_REPLY_MAXIMUM) {
        if (view->reply_lines > 0) {
            g_string_append_c(view->reply, '\n');
        }
        g_string_append_len(view->reply, (const char *)said->text.data, (gssize)said->text.length);
    }
    view->reply_lines++;
    view->reply_defects |= said->defects;
}

static void
write_reply_frames(JsonLine *line, const DissectJsonView *view, const DissectEvent *event)
{
    json_line_array_begin(line, "frames");
    if (view->reply_first_frame != event->frame) {
        json_line_number(line, NULL, view->reply_first_frame);
    }
    json_line_number(line, NULL, event->frame);
    json_line_array_end(line);
}

static void write_whole_reply(
    DissectJson *json,
    const DissectEvent *event,
    const DialogueEvent *first,
    const char *code,
    ByteSpan enhanced,
    ByteSpan text,
    guint32 defects
)
{
    JsonLine *line = &json->line;
    json_line_string(line, "code", code);
    if (first->tag.length > 0) {
        json_line_span(line, "tag", event->dialogue->tag);
    }
    if (enhanced.length > 0) {
        json_line_span(line, "enhanced", enhanced);
    }
    json_line_number(line, "answers", event->answers);
    json_line_span(line, "text", text);
    dissect_json_write_meaning(json, first->item);
    write_defects(line, defects);
    dissect_json_end_line(json);
}

/* The reply is written at its last line; one of a single line, which most are, straight away. */
void dissect_json_write_reply(DissectJson *json, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    DissectJsonView *view = dissect_json_view(event->conversation);
    bool is_dot = event->conversation->protocol == MAIL_PROTOCOL_POP3 &&
                  byte_span_is(said->text, ".") && view->reply_lines == 0;
    if (is_dot) {
        return; /* the end of a message, which is an object of its own */
    }
    bool opens_message =
        !said->is_last && said->is_first && said->command != NULL &&
        (said->command->shape == REPLY_SHAPE_DOTTED) &&
        (g_str_equal(said->command->token, "RETR") || g_str_equal(said->command->token, "TOP"));
    /* An IMAP line stands for itself: untagged ones precede the tagged end (RFC 9051 §2.2.2). */
    bool stands_alone = event->conversation->protocol == MAIL_PROTOCOL_IMAP;
    if ((said->is_last || opens_message || stands_alone) &&
        (said->is_first || view->reply_lines == 0)) {
        char code[16];
        copy_span(code, sizeof code, said->code);
        json->counts[COUNT_REPLIES]++;
        dissect_json_begin(json, "reply", event);
        write_whole_reply(json, event, said, code, said->enhanced, said->text, said->defects);
        view->reply_lines = 0;
        return;
    }
    gather_reply_line(view, event);
    if (!said->is_last) {
        return;
    }
    json->counts[COUNT_REPLIES]++;
    JsonLine *line = &json->line;
    json_line_begin_step(line, "reply", event->step, event->time_ns);
    json_line_number(line, "stream", event->conversation->number);
    write_reply_frames(line, view, event);
    dissect_json_write_sides(json, event->conversation, event->direction);
    json_line_number(line, "lines", view->reply_lines);
    write_whole_reply(
        json,
        event,
        &view->reply_first,
        view->reply_code,
        byte_span_from_string(view->reply_enhanced),
        byte_span(view->reply->str, view->reply->len),
        view->reply_defects
    );
    view->reply_lines = 0;
}

/* How the password lay on the wire: as it is, or in a code that anyone can take off. */
static const char *credential_encoding(const DialogueCredential *credential)
{
    static const char *const in_base64[] = {"Basic", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"};
    if (credential->secret.length == 0) {
        return credential->proof.length > 0 ? "digest" : NULL;
    }
    bool is_sasl = credential->mechanism != NULL || g_str_equal(credential->method, "Basic");
    for (gsize i = 0; is_sasl && i < G_N_ELEMENTS(in_base64); i++) {
        if (g_ascii_strcasecmp(credential->method, in_base64[i]) == 0) {
            return "base64";
        }
    }
    return "none";
}

void dissect_json_write_credential(DissectJson *json, const DissectEvent *event)
{
    const DialogueCredential *credential = event->dialogue->credential;
    JsonLine *line = &json->line;
    json->counts[COUNT_CREDENTIALS]++;
    dissect_json_begin(json, "credential", event);
    json_line_string(line, "method", credential->method);
    json_line_span(line, "identity", credential->identity);
    if (credential->authorization.length > 0) {
        json_line_span(line, "authorization", credential->authorization);
    }
    if (credential->secret.length > 0) {
        json_line_string(line, "secret", SECRET_MASK);
        if (json->options.show_secrets) {
            json_line_span(line, "password", credential->secret);
        }
    }
    json_line_string(line, "encoding", credential_encoding(credential));
    if (credential->challenge.length > 0) {
        json_line_span(line, "challenge", credential->challenge);
    }
    if (credential->proof.length > 0 && json->options.show_secrets) {
        json_line_span(line, "proof", credential->proof);
    }
    if (credential->is_answered) {
        json_line_boolean(line, "succeeded", credential->succeeded);
    }
    json_line_number(line, "answers", event->answers);
    dissect_json_write_meaning(json, credential->mechanism);
    dissect_json_end_line(json);
}
