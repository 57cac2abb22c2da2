/* Lines of a dialogue: commands, the client's data within an exchange, replies. */

#include "ui/timeline/step-builder-private.h"

#include "dissect/finding/secret-mask.h"
#include "dissect/finding/secret-slip.h"
#include "protocol/pop3/pop3-vocabulary.h"

static void take_states(Step *step, const Conversation *conversation, const DialogueEvent *said)
{
    if (conversation->class == NULL || said->state_before == said->state_after) {
        return;
    }
    const char *before = conversation->class->state_name(said->state_before);
    const char *after = conversation->class->state_name(said->state_after);
    step->state_before = g_strdup(before);
    step->state_after = g_strdup(after);
}

static char *upper_title(ByteSpan token)
{
    g_autofree char *text = byte_span_to_display(byte_span_slice(token, 0, 32));
    return g_ascii_strup(text, -1);
}

/* AUTH PLAIN and AUTH LOGIN may carry the first answer at once (RFC 4954 §4). */
static void explain_initial_response(StepBuilder *builder, Talk *talk, Step *step, ByteSpan rest)
{
    ByteSpan mechanism;
    rest = byte_span_trim(rest);
    if (!byte_span_next_token(&rest, ' ', &mechanism)) {
        return;
    }
    g_autofree char *name = upper_title(mechanism);
    g_strlcpy(talk->mechanism, name, sizeof talk->mechanism);
    talk->responses = 0;
    rest = byte_span_trim(rest);
    if (rest.length == 0 || byte_span_is(rest, "=")) {
        return;
    }
    talk->responses = 1;
    if (byte_span_is_nocase(mechanism, "PLAIN")) {
        step_explain_plain(step, rest, builder->options.show_secrets);
    } else {
        bool is_name = byte_span_is_nocase(mechanism, "LOGIN");
        step_explain_token(step, rest, builder->options.show_secrets || is_name);
    }
}

/* POP3: nothing is marked before the log-in, and QUIT does not lead to UPDATE (RFC 1939 §4, §6). */
static void explain_early_quit(
    const Talk *talk, Step *step, ByteSpan verb, guint32 state_before, const char *meaning
)
{
    bool is_early = talk->protocol == MAIL_PROTOCOL_POP3 &&
                    state_before == POP3_STATE_AUTHORIZATION && byte_span_is_nocase(verb, "QUIT");
    if (is_early) {
        g_free(step->meaning);
        step->meaning = g_strdup(meaning);
    }
}

void step_take_command(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    Step *step = step_of_event(builder, talk, STEP_COMMAND, event);
    DialogueEvent shown = *said;
    shown.text = byte_span_slice(said->text, 0, STEP_TEXT_MAXIMUM);
    step->text = secret_display_text(&shown, builder->options.show_secrets);
    step->title = upper_title(said->verb);
    if (talk->protocol == MAIL_PROTOCOL_HTTP) {
        step->level =
            STEP_LEVEL_STORY; /* GET reads, POST sends: there is no message to tell that */
    }
    step_take_row(step, said->item);
    if (said->item == NULL) {
        step->meaning = g_strdup("A command that no RFC known here defines.");
    }
    explain_early_quit(
        talk, step, said->verb, said->state_before, "The client hangs up without a log-in."
    );
    take_states(step, event->conversation, said);
    step->why = step_why_command(talk, event);
    if (byte_span_is_nocase(said->verb, "AUTH")) {
        explain_initial_response(builder, talk, step, said->arguments);
    } else if (byte_span_is_nocase(said->verb, "AUTHENTICATE")) {
        explain_initial_response(builder, talk, step, said->arguments);
    }
    talk->lines++;
    step_note_command(builder, talk, event);
    step_give(builder, step);
}

/* The first answer of LOGIN is the user name, which is no secret. */
static bool is_login_name(const Talk *talk)
{
    return talk->responses == 0 && g_str_equal(talk->mechanism, "LOGIN");
}

static void
describe_response(StepBuilder *builder, Talk *talk, Step *step, const DialogueEvent *said)
{
    bool shows = builder->options.show_secrets || !said->is_secret || is_login_name(talk);
    g_free(step->meaning);
    if (byte_span_is(said->text, "*")) {
        step->meaning = g_strdup("The client gives the log-in up.");
    } else if (is_login_name(talk)) {
        step->meaning = g_strdup("The client's answer: the user name, in base64.");
        step_explain_token(step, said->text, true);
    } else if (g_str_equal(talk->mechanism, "LOGIN")) {
        step->meaning = g_strdup("The client's answer: the password, in base64.");
        step_explain_token(step, said->text, shows);
    } else if (g_str_equal(talk->mechanism, "PLAIN")) {
        step->meaning = g_strdup("The client's answer: user name and password, in base64.");
        step_explain_plain(step, said->text, shows);
    } else {
        step->meaning = g_strdup("The client's answer to the challenge, in base64.");
        step_explain_token(step, said->text, shows);
    }
    if (is_login_name(talk)) {
        g_free(step->text);
        step->text = step_safe_text(said->text);
    }
    talk->responses++;
}

static const char *meaning_of_more(const Talk *talk, const DialogueEvent *said)
{
    if (talk->protocol != MAIL_PROTOCOL_HTTP) {
        return "The client goes on with its command.";
    }
    return said->text.length == 0 ? "An empty line: the header of the request ends here."
                                  : "A header field of the request.";
}

void step_take_continuation(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    Step *step = step_of_event(builder, talk, STEP_CONTINUATION, event);
    DialogueEvent shown = *said;
    shown.text = byte_span_slice(said->text, 0, STEP_TEXT_MAXIMUM);
    step->text = secret_display_text(&shown, builder->options.show_secrets);
    step->title = g_strdup("answer");
    step_take_row(step, said->item);
    if (talk->mechanism[0] != '\0') {
        describe_response(builder, talk, step, said);
    } else {
        g_free(step->meaning);
        step->meaning = g_strdup(meaning_of_more(talk, said));
    }
    if (talk->asked.step != 0) {
        step->why = g_strdup_printf(
            "Step %" G_GUINT64_FORMAT " asked for it with %s.", talk->asked.step, talk->asked.title
        );
    }
    talk->lines++;
    talk->client_time_ns = event->time_ns;
    step_give(builder, step);
}

static bool is_end_of_message(const Talk *talk, const DialogueEvent *said)
{
    return talk->protocol == MAIL_PROTOCOL_POP3 && talk->reply == NULL &&
           byte_span_is(said->text, ".");
}

static void begin_reply(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    Step *step = step_of_event(builder, talk, STEP_REPLY, event);
    step->title = byte_span_to_display(byte_span_slice(said->code, 0, 16));
    step_take_row(step, said->item);
    if (said->item == NULL) {
        step->meaning = g_strdup(
            said->code.length > 0 ? "A reply that no RFC known here defines."
                                  : "This line is no reply of the protocol."
        );
    }
    talk->server_has_spoken = true;
    step->level = said->is_positive ? STEP_LEVEL_DIALOGUE : STEP_LEVEL_STORY;
    g_string_truncate(talk->reply_text, 0);
    talk->reply_lines = 0;
    talk->reply_is_cut = false;
    talk->reply = step;
}

static void add_reply_line(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    for (guint i = 0; i < event->piece_count; i++) {
        step_add_frame(talk->reply, event->pieces[i].frame);
    }
    talk->reply->time_ns = event->time_ns;
    talk->reply_time_ns = event->time_ns;
    talk->lines++;
    if (talk->reply_text->len + said->text.length > STEP_REPLY_TEXT_MAXIMUM) {
        talk->reply_is_cut = true;
        return;
    }
    g_autofree char *line = said->is_secret
                                ? secret_display_text(said, builder->options.show_secrets)
                                : step_safe_text(said->text);
    if (talk->reply_lines > 0) {
        g_string_append_c(talk->reply_text, '\n');
    }
    g_string_append(talk->reply_text, line);
    talk->reply_lines++;
}

static void give_reply(StepBuilder *builder, Talk *talk)
{
    Step *step = g_steal_pointer(&talk->reply);
    if (talk->reply_is_cut) {
        step_detail(step, 0, "cut", "the reply is longer than is shown here");
    }
    step_give(builder, step);
}

void step_end_reply(StepBuilder *builder, Talk *talk)
{
    if (talk->reply == NULL) {
        return;
    }
    talk->reply->text = g_strndup(talk->reply_text->str, talk->reply_text->len);
    if (talk->protocol == MAIL_PROTOCOL_IMAP) {
        step_explain_imap_reply(talk, talk->reply);
    }
    give_reply(builder, talk);
}

/* The first words of a server, where the beginning of the connection was seen. */
static bool is_greeting(const Talk *talk, const Step *step, const DialogueEvent *said)
{
    bool is_first = step->answers == 0 && said->exchange == 0 && talk->greeting.step == 0 &&
                    talk->last_exchange == 0 && talk->connection_step != 0;
    return is_first && said->item != NULL && talk->protocol != MAIL_PROTOCOL_HTTP &&
           (talk->handshake_packets > 0 || g_strcmp0(said->item->context, "greeting") == 0);
}

static void explain_reply_reason(Talk *talk, Step *step, const DialogueEvent *said)
{
    const char *title = step_command_title(talk, step->answers);
    if (step->answers != 0 && title != NULL) {
        bool has_verb = !g_str_equal(title, SECRET_LINE_VERB);
        step->why = g_strdup_printf(
            "It answers %s of step %" G_GUINT64_FORMAT ".",
            has_verb ? title : "the line",
            step->answers
        );
    } else if (is_greeting(talk, step, said)) {
        step->why = g_strdup("The connection is open, and the server speaks first.");
    } else if (talk->protocol == MAIL_PROTOCOL_IMAP && step->answers == 0 && said->is_first) {
        step->why = g_strdup("The server tells it unasked; a client must be ready for that.");
    }
    for (guint i = 0; step->answers != 0 && i < G_N_ELEMENTS(talk->command_steps); i++) {
        if (talk->command_steps[i] == step->answers) {
            /* What went on within the command, a message or an AUTH answer, is the client's time.
             */
            bool is_latest = talk->last_command == step->answers;
            gint64 asked_ns = talk->command_times_ns[i];
            asked_ns = is_latest ? MAX(asked_ns, talk->client_time_ns) : asked_ns;
            step->duration_ns = MAX(step->time_ns - asked_ns, 0);
        }
    }
}

/* "-ERR" stands for every refusal of POP3: what was wrong with the command says which it is. */
static void explain_refusal(const Talk *talk, Step *step)
{
    guint32 defects = 0;
    bool is_bare = g_str_has_prefix(step->text, "-ERR") && !g_str_has_prefix(step->text, "-ERR [");
    for (guint i = 0; step->answers != 0 && i < G_N_ELEMENTS(talk->command_steps); i++) {
        defects |= talk->command_steps[i] == step->answers ? talk->command_defects[i] : 0;
    }
    bool is_form = (defects & (DIALOGUE_DEFECT_SYNTAX | DIALOGUE_DEFECT_TRAILING)) != 0;
    bool is_order = (defects & DIALOGUE_DEFECT_ORDER) != 0;
    if (talk->protocol == MAIL_PROTOCOL_POP3 && is_bare && (is_form || is_order)) {
        g_free(step->meaning);
        step->meaning = g_strdup(
            is_order ? "The command does not belong in this state of the session."
                     : "The arguments of the command do not have the form that it asks for."
        );
    }
}

/* The reply is whole: what can only be said now. */
static void finish_reply(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    Step *step = talk->reply;
    const DialogueEvent *said = event->dialogue;
    while (talk->reply_text->len > 0 && talk->reply_text->str[talk->reply_text->len - 1] == '\n') {
        g_string_truncate(talk->reply_text, talk->reply_text->len - 1);
    }
    g_free(step->text);
    step->text = g_strndup(talk->reply_text->str, talk->reply_text->len);
    explain_reply_reason(talk, step, said);
    explain_refusal(talk, step);
    if (said->command != NULL && said->is_positive) {
        explain_early_quit(
            talk,
            step,
            byte_span_from_string(said->command->token),
            said->state_before,
            "Goodbye: nobody had logged in, so nothing was to be deleted."
        );
    }
    step_explain_reply(talk, step, said->command);
    g_clear_pointer(&step->state_before, g_free);
    g_clear_pointer(&step->state_after, g_free);
    take_states(step, event->conversation, said);
    step_note_reply(builder, talk, event, step);
    give_reply(builder, talk);
}

/* POP3: "+OK" opens the message, which is a step of its own; its last dot is no line of this. */
static bool opens_message(const DialogueEvent *said)
{
    return !said->is_last && said->is_first && said->is_positive && said->command != NULL &&
           said->command->shape == REPLY_SHAPE_DOTTED &&
           (g_str_equal(said->command->token, "RETR") || g_str_equal(said->command->token, "TOP"));
}

/* IMAP: data comes a line at a time, before the line that ends the command; only where "{n}" ends
 * it does it go on, behind a message. */
static bool is_whole_line(const Talk *talk, const DialogueEvent *said)
{
    bool is_announcement = said->text.length > 0 && said->text.data[said->text.length - 1] == '}';
    return talk->protocol == MAIL_PROTOCOL_IMAP && said->is_first && !is_announcement;
}

void step_take_reply(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    if (is_end_of_message(talk, said) && !said->is_first) {
        step_note_message_end(builder, talk, event);
        return;
    }
    if (talk->reply != NULL && talk->reply->number != step_number(builder, event->step)) {
        step_end_reply(builder, talk);
    }
    if (talk->reply == NULL) {
        begin_reply(builder, talk, event);
    }
    add_reply_line(builder, talk, event);
    if (said->is_last || opens_message(said) || is_whole_line(talk, said)) {
        finish_reply(builder, talk, event);
    }
}
