#include "ui/report/questions.h"

#include "dissect/finding/secret-mask.h"

#include <string.h>

/* The steps of one stream, sorted by what questions ask for; borrowed from the timeline. */
typedef struct {
    GPtrArray *steps;
    const Step *connection;
    const Step *first_client;
    const Step *first_server;
    const Step *greeting;
    const Step *credential;
    const Step *closed;
    const Step *first_end; /* FIN or RST */
    GPtrArray *messages;
    guint deletions;
    guint retrievals;
    const Step *slowest;
    gint64 waited_ns;
    guint answers;
} Facts;

static void answer_free(gpointer data)
{
    QuestionAnswer *answer = data;
    g_free(answer->question);
    g_free(answer->answer);
    g_array_unref(answer->frames);
    g_free(answer);
}

static void note_fact(Facts *facts, const Step *step)
{
    switch (step->kind) {
    case STEP_CONNECTION:
        facts->connection = step;
        break;
    case STEP_COMMAND:
        facts->first_client = facts->first_client == NULL ? step : facts->first_client;
        facts->deletions += g_strcmp0(step->title, "DELE") == 0;
        facts->retrievals += g_strcmp0(step->title, "RETR") == 0;
        break;
    case STEP_REPLY:
        facts->first_server = facts->first_server == NULL ? step : facts->first_server;
        if (facts->greeting == NULL && facts->first_client == NULL && step->answers == 0) {
            facts->greeting = step;
        }
        if (step->answers != 0 && step->duration_ns >= 0) {
            facts->answers++;
            facts->waited_ns += step->duration_ns;
            bool is_slower =
                facts->slowest == NULL || step->duration_ns > facts->slowest->duration_ns;
            facts->slowest = is_slower ? step : facts->slowest;
        }
        break;
    case STEP_CREDENTIAL:
        facts->credential = step;
        break;
    case STEP_MESSAGE:
        g_ptr_array_add(facts->messages, (gpointer)step);
        break;
    case STEP_TCP:
        if (facts->first_end == NULL &&
            (g_str_equal(step->title, "FIN") || g_str_equal(step->title, "RST"))) {
            facts->first_end = step;
        }
        break;
    case STEP_CLOSED:
        facts->closed = step;
        break;
    case STEP_CHAPTER:
    case STEP_CONTENT:
    case STEP_CONTINUATION:
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_FRAGMENT:
    case STEP_WORLD:
    case STEP_FRAME:
    case N_STEP_KINDS:
        break;
    }
}

static void gather(Facts *facts, const Timeline *timeline, guint64 stream)
{
    facts->steps = g_ptr_array_new();
    facts->messages = g_ptr_array_new();
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->has_stream && step->stream == stream) {
            g_ptr_array_add(facts->steps, (gpointer)step);
            note_fact(facts, step);
        }
    }
}

static void facts_clear(Facts *facts)
{
    g_ptr_array_unref(facts->steps);
    g_ptr_array_unref(facts->messages);
}

static QuestionAnswer *
add(GPtrArray *answers, const char *question, const Step *proof, char *answer)
{
    QuestionAnswer *row = g_new0(QuestionAnswer, 1);
    row->question = g_strdup(question);
    row->answer = answer;
    row->frames = g_array_new(FALSE, FALSE, sizeof(guint64));
    if (proof != NULL && proof->frames->len > 0) {
        g_array_append_vals(row->frames, proof->frames->data, proof->frames->len);
    }
    g_ptr_array_add(answers, row);
    return row;
}

static const char *detail_of(const Step *step, const char *label)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (g_str_equal(detail->label, label)) {
            return detail->text;
        }
    }
    return NULL;
}

static char *first_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return end == NULL ? g_strdup(text) : g_strndup(text, (gsize)(end - text));
}

static char *seconds_text(gint64 ns)
{
    gint64 ms = ns / 1000000;
    return ms < 1 ? g_strdup("under 1 ms")
                  : g_strdup_printf("%" G_GINT64_FORMAT ".%03d s", ms / 1000, (int)(ms % 1000));
}

static void answer_who(GPtrArray *answers, const Facts *facts)
{
    const Step *any = facts->steps->pdata[0];
    bool is_server = any->is_from_server;
    add(answers,
        "Which host is the client, and from which port does it speak?",
        any,
        g_strdup_printf(
            "%s, port %u",
            is_server ? any->to : any->from,
            is_server ? any->to_port : any->from_port
        ));
    add(answers,
        "Which host is the server, and on which port does it listen?",
        any,
        g_strdup_printf(
            "%s, port %u",
            is_server ? any->from : any->to,
            is_server ? any->from_port : any->to_port
        ));
}

static void answer_first(GPtrArray *answers, const Facts *facts)
{
    const Step *client = facts->first_client;
    const Step *server = facts->first_server;
    if (client != NULL) {
        add(answers, "What is the first thing the client says?", client, first_line(client->text));
    }
    if (server != NULL) {
        add(answers, "What is the first thing the server says?", server, first_line(server->text));
    }
    if (client != NULL && server != NULL) {
        bool server_first = facts->greeting != NULL;
        add(answers,
            "Who speaks first?",
            server_first ? server : client,
            g_strdup(server_first ? "the server: it greets" : "the client"));
    }
}

/* The command LOGIN of IMAP is no mechanism of SASL, AUTHENTICATE LOGIN is. */
static const char *how_encoded(const char *method, bool is_mechanism)
{
    if (method == NULL) {
        return "";
    }
    if (g_str_has_suffix(method, "USER/PASS")) {
        return "sent as plain text, not encoded at all";
    }
    if (g_str_has_suffix(method, "PLAIN")) {
        return "base64 of NUL, name, NUL, password; base64 hides nothing";
    }
    if (g_str_has_suffix(method, "CRAM-MD5")) {
        return "the password is not sent: a keyed MD5 digest of the server's challenge is";
    }
    if (g_str_has_suffix(method, "APOP")) {
        return "the password is not sent: an MD5 digest of time stamp and password is";
    }
    if (!is_mechanism && g_str_has_suffix(method, "LOGIN")) {
        return "as arguments of the command LOGIN, in plain text, not encoded at all";
    }
    if (g_str_has_suffix(method, "LOGIN")) {
        return "each in a line of its own, in base64, which hides nothing";
    }
    return "as the mechanism defines it";
}

static void answer_log_in(GPtrArray *answers, const Facts *facts)
{
    const Step *log_in = facts->credential;
    if (log_in == NULL) {
        add(answers, "Which user logs in?", NULL, g_strdup("nobody: no log-in can be seen"));
        return;
    }
    const char *name = detail_of(log_in, "user name");
    const char *password = detail_of(log_in, "password");
    add(answers, "Which user logs in?", log_in, g_strdup(name == NULL ? "not readable" : name));
    add(answers,
        "What is the password?",
        log_in,
        password != NULL && g_str_equal(password, SECRET_MASK)
            ? g_strdup(SECRET_MASK " (--show-secrets shows it)")
            : g_strdup(password == NULL ? "it does not cross the network" : password));
    add(answers,
        "How were user name and password sent?",
        log_in,
        g_strdup_printf(
            "%s: %s", log_in->text, how_encoded(log_in->text, log_in->references->len > 0)
        ));
    add(answers, "Was the log-in accepted?", log_in, g_strdup(log_in->meaning));
}

/* "text/plain, 7bit, 35 octets; image/png, base64 ..." of all parts, and the attachments alone. */
static void gather_parts(const Step *message, GString *parts, GString *attachments)
{
    for (guint i = 0; i < message->details->len; i++) {
        const StepDetail *detail = &g_array_index(message->details, StepDetail, i);
        if (g_str_equal(detail->label, "content") || g_str_equal(detail->label, "part")) {
            g_string_append_printf(parts, "%s%s", parts->len == 0 ? "" : "; ", detail->text);
        }
        if (strstr(detail->text, ", file \"") != NULL) {
            g_string_append_printf(
                attachments, "%s%s", attachments->len == 0 ? "" : "; ", detail->text
            );
        }
    }
}

static void answer_header(GPtrArray *answers, const Step *message)
{
    static const struct {
        const char *question;
        const char *label;
    } rows[] = {
        {"Who wrote the message?", "From"},
        {"To whom is it addressed?", "To"},
        {"What is its subject?", "Subject"},
        {"When was it written?", "Date"},
        {"From whom to whom does the envelope carry it?", "envelope"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *text = detail_of(message, rows[i].label);
        if (text != NULL) {
            add(answers, rows[i].question, message, g_strdup(text));
        }
    }
    const char *agent = detail_of(message, "User-Agent");
    const char *mailer = agent != NULL ? agent : detail_of(message, "X-Mailer");
    add(answers,
        "Which program wrote it?",
        message,
        g_strdup(mailer == NULL ? "the message does not say" : mailer));
}

static void answer_content(GPtrArray *answers, const Step *message)
{
    g_autoptr(GString) parts = g_string_new(NULL);
    g_autoptr(GString) attachments = g_string_new(NULL);
    gather_parts(message, parts, attachments);
    if (parts->len == 0) { /* a header alone, or a piece, does not show what there is */
        return;
    }
    add(answers, "Which MIME types and encodings does it have?", message, g_strdup(parts->str));
    add(answers,
        "Which files are attached, and how big are they?",
        message,
        g_strdup(attachments->len == 0 ? "none" : attachments->str));
}

static void answer_message(GPtrArray *answers, const Step *message)
{
    answer_header(answers, message);
    answer_content(answers, message);
    const char *whole = detail_of(message, "complete");
    add(answers,
        "Is the whole message in the capture?",
        message,
        whole != NULL ? g_strdup_printf("yes: %s", whole)
                      : g_strdup_printf("no: %s", detail_of(message, "incomplete")));
}

/* IMAP fetches pieces as well: a body without its header, some octets of it. */
static bool is_message(const Step *step)
{
    return detail_of(step, "From") != NULL || detail_of(step, "content") != NULL ||
           detail_of(step, "envelope") != NULL || !g_str_has_prefix(step->text, "part of ");
}

static void answer_messages(GPtrArray *answers, const Facts *facts)
{
    guint count = 0;
    for (guint i = 0; i < facts->messages->len; i++) {
        count += is_message(facts->messages->pdata[i]);
    }
    guint number = 0;
    for (guint i = 0; i < facts->messages->len; i++) {
        const Step *message = facts->messages->pdata[i];
        guint from = answers->len;
        if (!is_message(message)) {
            continue;
        }
        number++;
        answer_message(answers, message);
        for (guint k = from; k < answers->len && count > 1; k++) {
            QuestionAnswer *answer = answers->pdata[k];
            g_autofree char *question = answer->question;
            answer->question = g_strdup_printf("Message %u: %s", number, question);
        }
    }
}

static void answer_mode(GPtrArray *answers, const Facts *facts)
{
    const Step *any = facts->first_server != NULL ? facts->first_server : facts->steps->pdata[0];
    add(answers, "Which protocol is spoken?", any, g_strdup(any->protocol));
    if (!g_str_equal(any->protocol, "POP3") || facts->retrievals == 0) {
        return;
    }
    add(answers,
        "Does the client keep its mail on the server (download-and-keep) or not "
        "(download-and-delete)?",
        facts->messages->len > 0 ? facts->messages->pdata[0] : NULL,
        g_strdup_printf(
            "%s: %u message%s fetched, %u deleted",
            facts->deletions == 0                  ? "download-and-keep"
            : facts->deletions < facts->retrievals ? "some of each"
                                                   : "download-and-delete",
            facts->retrievals,
            facts->retrievals == 1 ? "" : "s",
            facts->deletions
        ));
}

static void answer_end(GPtrArray *answers, const Facts *facts)
{
    if (facts->answers > 0) {
        g_autofree char *most = seconds_text(facts->slowest->duration_ns);
        g_autofree char *mean = seconds_text(facts->waited_ns / facts->answers);
        add(answers,
            "How long did the server take to answer?",
            facts->slowest,
            g_strdup_printf(
                "%s on average over %u answers, %s at most (step %" G_GUINT64_FORMAT ")",
                mean,
                facts->answers,
                most,
                facts->slowest->number
            ));
    }
    if (facts->closed != NULL) {
        g_autofree char *life = seconds_text(facts->closed->duration_ns);
        add(answers,
            "How did the connection end, and who ended it?",
            facts->first_end,
            g_strdup_printf("%s, after %s", facts->closed->text, life));
    }
}

GPtrArray *questions_of_stream(const Timeline *timeline, guint64 stream)
{
    Facts facts = {0};
    GPtrArray *answers = g_ptr_array_new_with_free_func(answer_free);
    gather(&facts, timeline, stream);
    if (facts.steps->len > 0) {
        answer_mode(answers, &facts);
        answer_who(answers, &facts);
        answer_first(answers, &facts);
        answer_log_in(answers, &facts);
        answer_messages(answers, &facts);
        answer_end(answers, &facts);
    }
    facts_clear(&facts);
    return answers;
}

GArray *questions_streams(const Timeline *timeline)
{
    GArray *streams = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        bool is_said = step->kind == STEP_COMMAND || step->kind == STEP_REPLY;
        if (step->has_stream && is_said && g_hash_table_add(known, (gpointer)&step->stream)) {
            g_array_append_val(streams, step->stream);
        }
    }
    return streams;
}
