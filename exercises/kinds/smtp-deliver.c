/* Kind 13: deliver a given mail by typing SMTP. */

#include "exercises/kinds/smtp-deliver.h"

#include "exercises/exercise-maker.h"
#include "exercises/kinds/kinds.h"
#include "protocol/message/header-block.h"

#define RECIPIENTS 2

typedef struct {
    char *server;
    char *sender;
    char *recipients[RECIPIENTS];
    guint n_recipients;
    char *subject;
    char *body; /* one line, or two with CRLF between them */
} Task;

typedef enum {
    STEP_HELLO,
    STEP_MAIL,
    STEP_RCPT,
    STEP_DATA,
    STEP_HEADER,
    STEP_BODY,
    STEP_DOT,
    STEP_QUIT,
    N_STEPS,
} TaskStep;

typedef struct {
    TaskStep step;
    const char *skill;
    const char *place;
    const char *sentence;
    RfcReference reference;
} StepRow;

static const StepRow step_rows[N_STEPS] = {
    {STEP_HELLO,
     "greeting the server",
     "EHLO or HELO",
     "The client names itself first: EHLO and its name.",
     {5321, "4.1.1.1"}},
    {STEP_MAIL,
     "the sender of the envelope",
     "MAIL FROM",
     "MAIL FROM:<address>, without a space behind the colon.",
     {5321, "4.1.1.2"}},
    {STEP_RCPT,
     "the recipients of the envelope",
     "RCPT TO",
     "RCPT TO:<address>, once for each recipient.",
     {5321, "4.1.1.3"}},
    {STEP_DATA,
     "DATA",
     "DATA",
     "DATA, once a recipient was accepted; then wait for 354.",
     {5321, "4.1.1.4"}},
    {STEP_HEADER,
     "the header of the message",
     "the header",
     "From, To and Subject, each on a line, then an empty line.",
     {5322, "2.1"}},
    {STEP_BODY,
     "the body of the message",
     "the body",
     "The text behind the empty line; a line that starts with a dot needs one more.",
     {5321, "4.5.2"}},
    {STEP_DOT,
     "the end of the message",
     "the single dot",
     "A line with a single dot ends the message.",
     {5321, "4.1.1.4"}},
    {STEP_QUIT, "leaving politely", "QUIT", "QUIT, and wait for 221.", {5321, "4.1.1.10"}},
};

static void free_task(gpointer data)
{
    Task *task = data;
    g_free(task->server);
    g_free(task->sender);
    g_free(task->recipients[0]);
    g_free(task->recipients[1]);
    g_free(task->subject);
    g_free(task->body);
    g_free(task);
}

static Task *make_task(Exercise *exercise)
{
    Task *task = g_new0(Task, 1);
    ExercisePerson people[3];
    exercise_people(exercise, people, 3);
    task->server = exercise_host_name(exercise, people[1].domain);
    task->sender = g_strdup(people[0].address);
    task->recipients[0] = g_strdup(people[1].address);
    task->recipients[1] = g_strdup(people[2].address);
    task->n_recipients = exercise->level >= 2 ? 2 : 1;
    task->subject = exercise_subject(exercise);
    g_autofree char *sentence = exercise_sentence(exercise);
    task->body = exercise->level >= 3
                     ? g_strdup_printf(
                           "%s\r\n.%u kg of it, please.", sentence, exercise_between(exercise, 1, 9)
                       )
                     : g_strdup(sentence);
    exercise_people_clear(people, 3);
    return task;
}

static char *make_key(const Task *task)
{
    GString *key = g_string_new(NULL);
    g_string_append_printf(key, "EHLO client.example\nMAIL FROM:<%s>\n", task->sender);
    for (guint i = 0; i < task->n_recipients; i++) {
        g_string_append_printf(key, "RCPT TO:<%s>\n", task->recipients[i]);
    }
    g_auto(GStrv) lines = g_strsplit(task->body, "\r\n", -1);
    g_string_append_printf(
        key,
        "DATA\nFrom: %s\nTo: %s\nSubject: %s\n\n",
        task->sender,
        task->recipients[0],
        task->subject
    );
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(key, "%s%s\n", lines[i][0] == '.' ? "." : "", lines[i]);
    }
    g_string_append(key, ".\nQUIT");
    return g_string_free(key, FALSE);
}

void exercise_make_smtp_deliver(Exercise *exercise)
{
    Task *task = make_task(exercise);
    exercise_set_facts(exercise, task, free_task);
    g_auto(GStrv) lines = g_strsplit(task->body, "\r\n", -1);
    g_autofree char *body = g_strjoinv("\n          ", lines);
    g_autofree char *table = g_strdup_printf(
        "server    %s\nsender    %s\nto        %s%s%s\nsubject   %s\ntext      %s",
        task->server,
        task->sender,
        task->recipients[0],
        task->n_recipients > 1 ? ", " : "",
        task->n_recipients > 1 ? task->recipients[1] : "",
        task->subject,
        body
    );
    exercise_say(exercise, "Deliver this message by typing SMTP yourself, as a client.");
    exercise_show(exercise, table);
    exercise_say(
        exercise,
        "`mailwalk exercise live` and `mailwalk exercise practise` run a server that you can type "
        "to (nc -C 127.0.0.1 PORT). What you hand in is every line that you typed."
    );
    g_autofree char *key = make_key(task);
    ExercisePart *part = exercise_ask(exercise, ANSWER_COMMANDS, key, "The lines of the client:");
    for (gsize i = 0; i < N_STEPS; i++) {
        const StepRow *row = &step_rows[i];
        exercise_part_step(
            part,
            row->skill,
            i,
            i + 1,
            row->reference,
            g_strdup(row->place),
            g_strdup(row->sentence)
        );
    }
    exercise_set_hint(
        exercise,
        "Greet, name the sender, name each recipient, DATA, the message, a single dot, leave."
    );
    exercise_set_try(exercise, "mailwalk run alice-to-bob --level=dialogue");
}

/* --- judging --- */

static bool has_recipients(const Task *task, const SmtpRecord *record)
{
    for (guint i = 0; i < task->n_recipients; i++) {
        bool is_there = false;
        for (gsize j = 0; j < record->n_recipients; j++) {
            is_there =
                is_there || g_ascii_strcasecmp(record->recipients[j], task->recipients[i]) == 0;
        }
        if (!is_there) {
            return false;
        }
    }
    return record->n_recipients == task->n_recipients;
}

static bool field_has(const HeaderBlock *block, const char *name, const char *wanted)
{
    g_autofree char *text = header_block_decoded(block, name);
    return text != NULL && strstr(text, wanted) != NULL;
}

/* A recipient who is to stay hidden need not be named; one at least must be. */
static bool names_recipient(const HeaderBlock *block, const Task *task)
{
    for (guint i = 0; i < task->n_recipients; i++) {
        if (field_has(block, "To", task->recipients[i])) {
            return true;
        }
    }
    return false;
}

static void judge_message(const Task *task, const SmtpRecord *record, bool *right)
{
    HeaderBlock block;
    ByteSpan message = byte_span_from_string(record->message);
    header_block_init(&block);
    header_block_parse(&block, message, 0);
    right[STEP_HEADER] = field_has(&block, "Subject", task->subject) &&
                         field_has(&block, "From", task->sender) && names_recipient(&block, task) &&
                         block.has_separator;
    g_autofree char *body = byte_span_to_string(byte_span_from(message, block.body_offset));
    g_strstrip(body);
    right[STEP_BODY] = strcmp(body, task->body) == 0;
    header_block_clear(&block);
}

static const char *wrong_value(const Task *task, const SmtpRecord *record, gsize step)
{
    if (step == STEP_MAIL && record->sender != NULL) {
        return "The envelope names another sender than the task.";
    }
    if (step == STEP_RCPT && record->n_recipients > 0) {
        return record->n_recipients < task->n_recipients
                   ? "A recipient is missing."
                   : "The envelope has other recipients than the task.";
    }
    if (step == STEP_HEADER && record->message != NULL) {
        return "The message lacks its From, To or Subject as the task has it, or the empty line "
               "behind its header.";
    }
    return NULL;
}

static void say_why(const Task *task, const SmtpRecord *record, ExercisePartVerdict *verdict)
{
    gsize step = (gsize)verdict->first_wrong;
    const StepRow *row = &step_rows[step];
    const char *wrong = wrong_value(task, record, step);
    if (wrong != NULL) {
        exercise_verdict_set(&verdict->why, "%s %s", wrong, row->sentence);
    } else if (record->refused_line != NULL) {
        exercise_verdict_set(
            &verdict->why,
            "To \"%s\" the server said: %s. %s",
            record->refused_line,
            record->refused_reply,
            row->sentence
        );
    } else {
        exercise_verdict_set(&verdict->why, "%s", row->sentence);
    }
}

void smtp_deliver_judge(
    const Exercise *exercise, const StudentSmtp *session, ExercisePartVerdict *verdict
)
{
    const Task *task = exercise->facts;
    SmtpRecord record = student_smtp_record(session);
    bool right[N_STEPS] = {
        [STEP_HELLO] = record.client_name != NULL,
        [STEP_MAIL] = record.sender != NULL && g_ascii_strcasecmp(record.sender, task->sender) == 0,
        [STEP_RCPT] = has_recipients(task, &record),
        [STEP_DATA] = record.message != NULL,
        [STEP_DOT] = record.is_ended,
        [STEP_QUIT] = record.has_quit,
    };
    if (record.message != NULL) {
        judge_message(task, &record, right);
    }
    gsize first = 0;
    while (first < N_STEPS && right[first]) {
        first++;
    }
    if (first == N_STEPS) {
        exercise_part_verdict_right(verdict);
        return;
    }
    exercise_part_verdict_wrong(verdict, first);
    for (gsize i = first; i < N_STEPS; i++) {
        verdict->steps_right[i] = right[i];
        verdict->n_right += right[i] ? 1 : 0;
    }
    say_why(task, &record, verdict);
}

StudentSmtp *smtp_deliver_session(const Exercise *exercise)
{
    const Task *task = exercise->facts;
    return student_smtp_new(task->server, exercise->seed);
}

EXERCISE_JUDGE(smtp_deliver)
{
    (void)part;
    g_autoptr(StudentSmtp) session = smtp_deliver_session(exercise);
    student_smtp_play(session, answer);
    smtp_deliver_judge(exercise, session, verdict);
    return true;
}
