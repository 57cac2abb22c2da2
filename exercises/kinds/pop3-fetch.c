/* Kind 14: fetch the secret from a POP3 mailbox and delete one message, no other. */

#include "exercises/kinds/pop3-fetch.h"

#include "exercises/exercise-maker.h"
#include "exercises/kinds/kinds.h"

typedef struct {
    ExercisePerson people[2];
    char *password;
    char *host;
    char *secret;
    char *subject;   /* of the message that holds it */
    guint secret_at; /* from 1 */
    guint delete_at;
    char *messages[STUDENT_POP3_MESSAGES];
    guint n_messages;
} Mailbox;

typedef enum {
    STEP_LOG_IN,
    STEP_RETR,
    STEP_DELE,
    STEP_OTHERS,
    STEP_QUIT,
    N_STEPS,
} MailboxStep;

typedef struct {
    MailboxStep step;
    const char *skill;
    const char *place;
    const char *sentence;
    RfcReference reference;
} StepRow;

static const StepRow step_rows[N_STEPS] = {
    {STEP_LOG_IN,
     "logging in",
     "the log-in",
     "USER and the name, then PASS and the password.",
     {1939, "7"}},
    {STEP_RETR,
     "fetching the message",
     "RETR",
     "RETR and the number of the message that was asked for.",
     {1939, "5"}},
    {STEP_DELE,
     "deleting the message",
     "DELE",
     "DELE and the number of the message that is to go.",
     {1939, "5"}},
    {STEP_OTHERS,
     "leaving the others",
     "the other messages",
     "Every other message must stay; RSET takes all marks away.",
     {1939, "5"}},
    {STEP_QUIT,
     "QUIT makes it last",
     "QUIT",
     "Only QUIT removes what was marked: the UPDATE state.",
     {1939, "6"}},
};

static void free_mailbox(gpointer data)
{
    Mailbox *mailbox = data;
    exercise_people_clear(mailbox->people, G_N_ELEMENTS(mailbox->people));
    g_free(mailbox->password);
    g_free(mailbox->host);
    g_free(mailbox->secret);
    g_free(mailbox->subject);
    for (guint i = 0; i < mailbox->n_messages; i++) {
        g_free(mailbox->messages[i]);
    }
    g_free(mailbox);
}

static char *
make_message(Exercise *exercise, const Mailbox *mailbox, const char *subject, const char *secret)
{
    g_autofree char *sentence = exercise_sentence(exercise);
    g_autofree char *more = exercise_sentence(exercise);
    return g_strdup_printf(
        "From: %s <%s>\r\nTo: %s\r\nSubject: %s\r\n\r\n%s\r\n%s%s\r\n%s\r\n",
        mailbox->people[1].name,
        mailbox->people[1].address,
        mailbox->people[0].address,
        subject,
        sentence,
        secret == NULL ? ".. and a line with dots" : "The secret is ",
        secret == NULL ? "" : secret,
        more
    );
}

static Mailbox *make_mailbox(Exercise *exercise)
{
    Mailbox *mailbox = g_new0(Mailbox, 1);
    exercise_people(exercise, mailbox->people, G_N_ELEMENTS(mailbox->people));
    mailbox->password = exercise_password(exercise);
    mailbox->host = exercise_host_name(exercise, mailbox->people[0].domain);
    mailbox->secret =
        g_strdup_printf("%s-%04u", exercise_dish(exercise), exercise_below(exercise, 10000));
    mailbox->n_messages = 2 + exercise->level + exercise_below(exercise, 2);
    mailbox->secret_at = exercise_between(exercise, 1, mailbox->n_messages);
    do {
        mailbox->delete_at = exercise_between(exercise, 1, mailbox->n_messages);
    } while (mailbox->delete_at == mailbox->secret_at && exercise->level > 1);
    for (guint i = 0; i < mailbox->n_messages; i++) {
        bool is_secret = i + 1 == mailbox->secret_at;
        char *subject = exercise_subject(exercise);
        mailbox->messages[i] =
            make_message(exercise, mailbox, subject, is_secret ? mailbox->secret : NULL);
        if (is_secret) {
            mailbox->subject = subject;
        } else {
            g_free(subject);
        }
    }
    return mailbox;
}

static void ask_commands(Exercise *exercise, const Mailbox *mailbox)
{
    g_autofree char *key = g_strdup_printf(
        "USER %s\nPASS %s\nLIST\nRETR %u\nDELE %u\nQUIT",
        mailbox->people[0].login,
        mailbox->password,
        mailbox->secret_at,
        mailbox->delete_at
    );
    ExercisePart *part = exercise_ask(exercise, ANSWER_COMMANDS, key, "The lines that you typed:");
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
}

void exercise_make_pop3_fetch(Exercise *exercise)
{
    Mailbox *mailbox = make_mailbox(exercise);
    exercise_set_facts(exercise, mailbox, free_mailbox);
    exercise_say(
        exercise,
        "%s's mailbox at %s: user %s, password %s. One of its messages has the subject \"%s\"%s; "
        "it "
        "holds a secret. Fetch that message by typing POP3 yourself, delete message %u and no "
        "other, and leave.",
        mailbox->people[0].name,
        mailbox->host,
        mailbox->people[0].login,
        mailbox->password,
        mailbox->subject,
        exercise->level == 1 ? "" : " (look with TOP)",
        mailbox->delete_at
    );
    exercise_say(
        exercise,
        "`mailwalk exercise live` and `mailwalk exercise practise` run the mailbox; type to it "
        "with "
        "nc -C 127.0.0.1 PORT."
    );
    ExercisePart *secret = exercise_ask(exercise, ANSWER_WORD, mailbox->secret, "The secret:");
    exercise_part_whole(
        secret,
        "reading the message",
        EXERCISE_RFC(1939, "5"),
        "It stands in message %u: %s.",
        mailbox->secret_at,
        mailbox->secret
    );
    ask_commands(exercise, mailbox);
    exercise_set_hint(exercise, "USER, PASS, LIST, then RETR, DELE, QUIT.");
    exercise_set_try(exercise, "mailwalk rfc pop3 commands");
}

StudentPop3 *pop3_fetch_session(const Exercise *exercise)
{
    const Mailbox *mailbox = exercise->facts;
    return student_pop3_new(&(StudentPop3Options){
        .user = mailbox->people[0].login,
        .password = mailbox->password,
        .host_name = mailbox->host,
        .messages = mailbox->messages,
        .n_messages = mailbox->n_messages,
        .seed = exercise->seed,
    });
}

static void say_why(const Pop3Record *record, const Mailbox *mailbox, ExercisePartVerdict *verdict)
{
    const StepRow *row = &step_rows[verdict->first_wrong];
    if (verdict->first_wrong == STEP_QUIT) {
        exercise_verdict_set(
            &verdict->why, "The session ended without QUIT: nothing was removed. %s", row->sentence
        );
    } else if (record->refused_line != NULL) {
        exercise_verdict_set(
            &verdict->why,
            "To \"%s\" the server said: %s. %s",
            record->refused_line,
            record->refused_reply,
            row->sentence
        );
    } else if (verdict->first_wrong == STEP_DELE) {
        exercise_verdict_set(
            &verdict->why, "Message %u was not marked. %s", mailbox->delete_at, row->sentence
        );
    } else {
        exercise_verdict_set(&verdict->why, "%s", row->sentence);
    }
}

void pop3_fetch_judge(
    const Exercise *exercise, const StudentPop3 *session, ExercisePartVerdict *verdict
)
{
    const Mailbox *mailbox = exercise->facts;
    Pop3Record record = student_pop3_record(session);
    guint32 marked = record.has_updated ? record.removed : record.marked;
    guint32 wanted = 1u << (mailbox->delete_at - 1);
    bool right[N_STEPS] = {
        [STEP_LOG_IN] = record.has_logged_in,
        [STEP_RETR] = (record.fetched & 1u << (mailbox->secret_at - 1)) != 0,
        [STEP_DELE] = (marked & wanted) != 0,
        [STEP_OTHERS] = record.has_logged_in && (marked & ~wanted) == 0,
        [STEP_QUIT] = record.has_updated,
    };
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
    say_why(&record, mailbox, verdict);
}

EXERCISE_JUDGE(pop3_fetch)
{
    if (part->form != ANSWER_COMMANDS) {
        return false;
    }
    g_autoptr(StudentPop3) session = pop3_fetch_session(exercise);
    student_pop3_play(session, answer);
    pop3_fetch_judge(exercise, session, verdict);
    return true;
}
