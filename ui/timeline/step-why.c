/* Why a line comes now. Each sentence rests on an answer that was seen; without one there is no
 * sentence. */

#include "ui/timeline/step-builder-private.h"

#define STEP_FORMAT "%" G_GUINT64_FORMAT

typedef char *WhyFunction(const Talk *talk, const DissectEvent *event);

static bool holds(const StepMark *mark)
{
    return mark->step != 0 && mark->is_positive;
}

static void mark_set(StepMark *mark, const Step *reply, bool is_positive, const char *title)
{
    mark->step = reply->number;
    mark->is_positive = is_positive;
    g_strlcpy(mark->title, title == NULL ? "" : title, sizeof mark->title);
}

static char *why_hello(const Talk *talk, const DissectEvent *event)
{
    bool is_helo = byte_span_is_nocase(event->dialogue->verb, "HELO");
    if (is_helo && talk->hello.step != 0 && !talk->hello.is_positive &&
        g_str_equal(talk->hello.title, "EHLO")) {
        return g_strdup_printf(
            "EHLO was refused in step " STEP_FORMAT ", so the client tries the older HELO.",
            talk->hello.step
        );
    }
    if (!holds(&talk->greeting) || talk->hello.step != 0) {
        return NULL;
    }
    return g_strdup_printf(
        "The greeting came in step " STEP_FORMAT ", so the client may say who it is.",
        talk->greeting.step
    );
}

static char *why_offered(const Talk *talk, guint64 bit, const char *what)
{
    if ((talk->offered & bit) == 0 || !holds(&talk->capability)) {
        return NULL;
    }
    return g_strdup_printf(
        "The server offered %s in step " STEP_FORMAT ".", what, talk->capability.step
    );
}

static char *why_auth(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    return why_offered(talk, OFFERED_AUTH, "AUTH");
}

static char *why_starttls(const Talk *talk, const DissectEvent *event)
{
    bool is_stls = byte_span_is_nocase(event->dialogue->verb, "STLS");
    return why_offered(talk, OFFERED_STARTTLS, is_stls ? "STLS" : "STARTTLS");
}

static char *why_mail(const Talk *talk, const DissectEvent *event)
{
    const char *title = talk->opening.title;
    (void)event;
    if (!holds(&talk->opening)) {
        return NULL;
    }
    if (g_str_equal(title, "DATA") || g_str_equal(title, "BDAT")) {
        return g_strdup_printf(
            "The message before was accepted in step " STEP_FORMAT ", so the next may begin.",
            talk->opening.step
        );
    }
    if (g_str_equal(title, "AUTH")) {
        return g_strdup_printf(
            "The log-in succeeded in step " STEP_FORMAT ", so a mail transaction may begin.",
            talk->opening.step
        );
    }
    return g_strdup_printf(
        "%s was answered in step " STEP_FORMAT ", so a mail transaction may begin.",
        title,
        talk->opening.step
    );
}

static char *why_rcpt(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    bool is_next = g_str_equal(talk->last.title, "RCPT");
    if (is_next && talk->last.step == talk->recipient.step) {
        return g_strdup_printf(
            talk->last.is_positive
                ? "The recipient before was accepted in step " STEP_FORMAT "; here is another."
                : "The recipient before was refused in step " STEP_FORMAT "; here is another.",
            talk->last.step
        );
    }
    if (!holds(&talk->sender)) {
        return NULL;
    }
    return g_strdup_printf(
        "The sender was accepted in step " STEP_FORMAT ", so recipients may follow.",
        talk->sender.step
    );
}

static char *why_data(const Talk *talk, const DissectEvent *event)
{
    bool is_chunk = byte_span_is_nocase(event->dialogue->verb, "BDAT");
    if (is_chunk && talk->last.is_positive && g_str_equal(talk->last.title, "BDAT")) {
        return g_strdup_printf(
            "The chunk before was accepted in step " STEP_FORMAT ".", talk->last.step
        );
    }
    if (talk->recipients == 0) {
        return NULL;
    }
    if (talk->recipients == 1) {
        return g_strdup_printf(
            "A recipient was accepted in step " STEP_FORMAT ", so the message may follow.",
            talk->accepted.step
        );
    }
    return g_strdup_printf(
        "%u recipients were accepted, so the message may follow.", talk->recipients
    );
}

static char *why_log_in(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (!holds(&talk->greeting) || holds(&talk->login)) {
        return NULL;
    }
    return g_strdup_printf(
        "The greeting came in step " STEP_FORMAT ", so the client may log in.", talk->greeting.step
    );
}

static char *why_pass(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (!talk->last.is_positive || !g_str_equal(talk->last.title, "USER")) {
        return NULL;
    }
    return g_strdup_printf(
        "USER was accepted in step " STEP_FORMAT ", so the password follows.", talk->last.step
    );
}

static char *why_mailbox(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (!holds(&talk->login)) {
        return NULL;
    }
    return g_strdup_printf(
        "The log-in succeeded in step " STEP_FORMAT ", so the mailbox is open.", talk->login.step
    );
}

/* After the log-in of IMAP no mailbox is open yet. */
static char *why_mailboxes(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (!holds(&talk->login)) {
        return NULL;
    }
    return g_strdup_printf(
        "The log-in succeeded in step " STEP_FORMAT ", so mailboxes may be listed and opened.",
        talk->login.step
    );
}

static char *why_dele(const Talk *talk, const DissectEvent *event)
{
    guint64 number;
    if (talk->fetched.step != 0 &&
        byte_span_to_number(byte_span_trim(event->dialogue->arguments), &number) &&
        number == talk->fetched_number) {
        return g_strdup_printf(
            "The client has had this message since step " STEP_FORMAT ": the server's copy may go.",
            talk->fetched.step
        );
    }
    return why_mailbox(talk, event);
}

static char *why_selected(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (!holds(&talk->mailbox)) {
        return NULL;
    }
    return g_strdup_printf(
        "A mailbox has been open since step " STEP_FORMAT ".", talk->mailbox.step
    );
}

static char *why_quit(const Talk *talk, const DissectEvent *event)
{
    (void)event;
    if (talk->last.step == 0) {
        return NULL;
    }
    return g_strdup_printf(
        "Everything before has been answered, last in step " STEP_FORMAT ".", talk->last.step
    );
}

static const struct {
    MailProtocol protocol;
    const char *verb;
    WhyFunction *why;
} rows[] = {
    {MAIL_PROTOCOL_SMTP, "EHLO", why_hello},
    {MAIL_PROTOCOL_SMTP, "HELO", why_hello},
    {MAIL_PROTOCOL_SMTP, "LHLO", why_hello},
    {MAIL_PROTOCOL_SMTP, "AUTH", why_auth},
    {MAIL_PROTOCOL_SMTP, "STARTTLS", why_starttls},
    {MAIL_PROTOCOL_SMTP, "MAIL", why_mail},
    {MAIL_PROTOCOL_SMTP, "RCPT", why_rcpt},
    {MAIL_PROTOCOL_SMTP, "DATA", why_data},
    {MAIL_PROTOCOL_SMTP, "BDAT", why_data},
    {MAIL_PROTOCOL_SMTP, "QUIT", why_quit},
    {MAIL_PROTOCOL_POP3, "STLS", why_starttls},
    {MAIL_PROTOCOL_POP3, "USER", why_log_in},
    {MAIL_PROTOCOL_POP3, "APOP", why_log_in},
    {MAIL_PROTOCOL_POP3, "AUTH", why_log_in},
    {MAIL_PROTOCOL_POP3, "PASS", why_pass},
    {MAIL_PROTOCOL_POP3, "STAT", why_mailbox},
    {MAIL_PROTOCOL_POP3, "LIST", why_mailbox},
    {MAIL_PROTOCOL_POP3, "UIDL", why_mailbox},
    {MAIL_PROTOCOL_POP3, "RETR", why_mailbox},
    {MAIL_PROTOCOL_POP3, "TOP", why_mailbox},
    {MAIL_PROTOCOL_POP3, "DELE", why_dele},
    {MAIL_PROTOCOL_POP3, "QUIT", why_quit},
    {MAIL_PROTOCOL_IMAP, "LOGIN", why_log_in},
    {MAIL_PROTOCOL_IMAP, "AUTHENTICATE", why_log_in},
    {MAIL_PROTOCOL_IMAP, "SELECT", why_mailboxes},
    {MAIL_PROTOCOL_IMAP, "EXAMINE", why_mailboxes},
    {MAIL_PROTOCOL_IMAP, "LIST", why_mailboxes},
    {MAIL_PROTOCOL_IMAP, "FETCH", why_selected},
    {MAIL_PROTOCOL_IMAP, "UID FETCH", why_selected},
    {MAIL_PROTOCOL_IMAP, "SEARCH", why_selected},
    {MAIL_PROTOCOL_IMAP, "UID SEARCH", why_selected},
    {MAIL_PROTOCOL_IMAP, "STORE", why_selected},
    {MAIL_PROTOCOL_IMAP, "UID STORE", why_selected},
    {MAIL_PROTOCOL_IMAP, "EXPUNGE", why_selected},
};

char *step_why_command(const Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    bool waits = talk->last_exchange > talk->answered_exchange && talk->server_has_spoken;
    if (waits && talk->protocol != MAIL_PROTOCOL_HTTP) {
        bool is_offered = (talk->offered & OFFERED_PIPELINING) != 0 && holds(&talk->capability);
        return is_offered ? g_strdup_printf(
                                "Sent without waiting for the answer to step " STEP_FORMAT
                                ": PIPELINING was offered in step " STEP_FORMAT ".",
                                talk->last_command,
                                talk->capability.step
                            )
                          : g_strdup_printf(
                                "Sent without waiting for the answer to step " STEP_FORMAT ".",
                                talk->last_command
                            );
    }
    if ((said->defects & DIALOGUE_DEFECT_ORDER) != 0) {
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].protocol == talk->protocol && byte_span_is_nocase(said->verb, rows[i].verb)) {
            return rows[i].why(talk, event);
        }
    }
    return NULL;
}

void step_note_command(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    guint place = talk->next_command++ % STEP_COMMANDS_KEPT;
    ByteSpan verb = byte_span_slice(event->dialogue->verb, 0, sizeof talk->command_titles[0] - 1);
    g_autofree char *shown = byte_span_to_display(verb);
    g_autofree char *title = g_ascii_strup(shown, -1);
    talk->last_command = step_number(builder, event->step);
    talk->last_exchange = MAX(talk->last_exchange, event->dialogue->exchange);
    talk->command_steps[place] = talk->last_command;
    talk->command_times_ns[place] = event->time_ns;
    talk->command_defects[place] = event->dialogue->defects;
    g_strlcpy(talk->command_titles[place], title, sizeof talk->command_titles[0]);
}

const char *step_command_title(const Talk *talk, guint64 step)
{
    for (guint i = 0; step != 0 && i < STEP_COMMANDS_KEPT; i++) {
        if (talk->command_steps[i] == step && talk->command_titles[i][0] != '\0') {
            return talk->command_titles[i];
        }
    }
    return NULL;
}

static void note_smtp(Talk *talk, const Step *reply, const char *title, bool is_positive)
{
    bool is_hello =
        g_str_equal(title, "EHLO") || g_str_equal(title, "HELO") || g_str_equal(title, "LHLO");
    bool is_message = g_str_equal(title, "DATA") || g_str_equal(title, "BDAT");
    if (is_hello) {
        mark_set(&talk->hello, reply, is_positive, title);
    }
    if (is_positive &&
        (is_hello || is_message || g_str_equal(title, "RSET") || g_str_equal(title, "AUTH"))) {
        mark_set(&talk->opening, reply, true, title);
    }
    if (is_hello || is_message || g_str_equal(title, "RSET")) {
        talk->sender = (StepMark){0};
        talk->recipients = is_message && g_str_equal(title, "BDAT") ? talk->recipients : 0;
    }
    if (g_str_equal(title, "MAIL")) {
        mark_set(&talk->sender, reply, is_positive, title);
        talk->recipients = 0;
    } else if (g_str_equal(title, "RCPT")) {
        mark_set(&talk->recipient, reply, is_positive, title);
        if (is_positive) {
            talk->accepted = talk->recipient;
            talk->recipients++;
        }
    }
}

static bool is_log_in(const char *title)
{
    return g_str_equal(title, "PASS") || g_str_equal(title, "APOP") || g_str_equal(title, "AUTH") ||
           g_str_equal(title, "LOGIN") || g_str_equal(title, "AUTHENTICATE");
}

void step_note_reply(StepBuilder *builder, Talk *talk, const DissectEvent *event, const Step *reply)
{
    const DialogueEvent *said = event->dialogue;
    const char *title = step_command_title(talk, reply->answers);
    (void)builder;
    if (said->is_intermediate) {
        mark_set(&talk->asked, reply, true, reply->title);
        return;
    }
    if (said->exchange == 0) {
        if (talk->greeting.step == 0) {
            mark_set(&talk->greeting, reply, said->is_positive, "");
        }
        return;
    }
    if (!said->is_last) {
        return;
    }
    talk->answered_exchange = MAX(talk->answered_exchange, said->exchange);
    mark_set(&talk->last, reply, said->is_positive, title);
    if (title == NULL) {
        return;
    }
    if (talk->protocol == MAIL_PROTOCOL_SMTP) {
        note_smtp(talk, reply, title, said->is_positive);
    }
    if (is_log_in(title)) {
        mark_set(&talk->login, reply, said->is_positive, title);
        talk->mechanism[0] = '\0';
    }
    if (g_str_equal(title, "SELECT") || g_str_equal(title, "EXAMINE")) {
        mark_set(&talk->mailbox, reply, said->is_positive, title);
    }
}

void step_note_message_end(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueEvent *said = event->dialogue;
    talk->answered_exchange = MAX(talk->answered_exchange, said->exchange);
    talk->last.step = step_number(builder, event->step);
    talk->last.is_positive = true;
    g_strlcpy(talk->last.title, "RETR", sizeof talk->last.title);
    if (said->message != NULL && said->message->is_complete) {
        talk->fetched = talk->last;
        talk->fetched_number = said->message->retrieved_number;
    }
}
