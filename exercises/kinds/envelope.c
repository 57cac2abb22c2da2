/* Kind 24: the envelope against the header. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"

typedef struct {
    ExercisePerson people[5];
    char *bounces;  /* reverse-path; "" is the null one */
    guint n_hidden; /* recipients of the envelope that no field names */
    bool has_reply_to;
    bool to_gets_it; /* whoever To names is in the envelope */
} Mail;

static void make_mail(Exercise *exercise, Mail *mail)
{
    exercise_people(exercise, mail->people, G_N_ELEMENTS(mail->people));
    mail->n_hidden = exercise->level >= 2 ? exercise_between(exercise, 1, 2) : 1;
    mail->to_gets_it = exercise->level < 2 || exercise_toss(exercise);
    mail->has_reply_to = exercise->level >= 2;
    bool is_null = exercise->level == 3 && exercise_toss(exercise);
    mail->bounces =
        is_null ? g_strdup("")
                : g_strdup_printf(
                      "bounces-%u@%s", exercise_between(exercise, 1, 9999), mail->people[0].domain
                  );
}

static char *session_text(Exercise *exercise, const Mail *mail)
{
    g_autofree char *subject = exercise_subject(exercise);
    g_autofree char *sentence = exercise_sentence(exercise);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "C: MAIL FROM:<%s>\nS: 250 2.1.0 Ok\n", mail->bounces);
    for (guint i = mail->to_gets_it ? 1 : 2; i < 2 + mail->n_hidden; i++) {
        g_string_append_printf(text, "C: RCPT TO:<%s>\nS: 250 2.1.5 Ok\n", mail->people[i].address);
    }
    g_string_append_printf(
        text,
        "C: DATA\nS: 354 Go on\nC: From: %s <%s>\nC: To: %s <%s>\n",
        mail->people[0].name,
        mail->people[0].address,
        mail->people[1].name,
        mail->people[1].address
    );
    if (mail->has_reply_to) {
        g_string_append_printf(text, "C: Reply-To: %s\n", mail->people[4].address);
    }
    g_string_append_printf(
        text, "C: Subject: %s\nC:\nC: %s\nC: .\nS: 250 2.0.0 Ok\n", subject, sentence
    );
    return g_string_free(text, FALSE);
}

static void ask_recipients(Exercise *exercise, const Mail *mail)
{
    GString *key = g_string_new(NULL);
    for (guint i = mail->to_gets_it ? 1 : 2; i < 2 + mail->n_hidden; i++) {
        g_string_append_printf(key, "%s%s", key->len == 0 ? "" : ", ", mail->people[i].address);
    }
    ExercisePart *part = exercise_ask(
        exercise, ANSWER_SET, key->str, "Into whose mailboxes does it go? (addresses)"
    );
    g_auto(GStrv) addresses = g_strsplit(key->str, ", ", -1);
    for (gsize i = 0; addresses[i] != NULL; i++) {
        exercise_part_step(
            part,
            "the envelope decides who gets it",
            i,
            i + 1,
            EXERCISE_RFC(5321, "3.3"),
            g_strdup("a recipient"),
            g_strdup("Each RCPT that was accepted is a recipient, whatever To says.")
        );
    }
    exercise_part_mistake(
        part,
        "To for the envelope",
        mail->people[1].address,
        "That is what the field To says; the server goes by RCPT.",
        "Look at the envelope: RCPT TO."
    );
    g_autofree char *with_to = g_strdup_printf("%s %s", key->str, mail->people[1].address);
    exercise_part_mistake(
        part,
        "To as well",
        with_to,
        "To names somebody who is not in the envelope.",
        "Only RCPT counts."
    );
    g_string_free(key, TRUE);
}

static void ask_bounce(Exercise *exercise, const Mail *mail)
{
    bool is_null = mail->bounces[0] == '\0';
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_WORD,
        is_null ? "nobody" : mail->bounces,
        "Where does a report go if it cannot be delivered? (an address, or \"nobody\")"
    );
    if (is_null) {
        exercise_part_accept(part, "none");
        exercise_part_accept(part, "nowhere");
    }
    exercise_part_whole(
        part,
        "reports go to the reverse-path",
        is_null ? EXERCISE_RFC(5321, "4.5.5") : EXERCISE_RFC(5321, "4.4"),
        is_null ? "The reverse-path is null, <>: no report is sent."
                : "To the reverse-path, what MAIL FROM says: %s.",
        mail->bounces
    );
    exercise_part_mistake(
        part,
        "From for the envelope",
        mail->people[0].address,
        "That is the field From.",
        "Reports go by the envelope: MAIL FROM."
    );
    exercise_part_mistake(
        part,
        "Reply-To for the envelope",
        mail->people[4].address,
        "That is the field Reply-To.",
        "Reports go by the envelope: MAIL FROM."
    );
}

static void ask_header(Exercise *exercise, const Mail *mail)
{
    ExercisePart *shown = exercise_ask(
        exercise,
        ANSWER_WORD,
        mail->people[0].address,
        "Which address do the readers see as the sender's?"
    );
    exercise_part_accept(shown, "%s <%s>", mail->people[0].name, mail->people[0].address);
    exercise_part_whole(
        shown,
        "readers see the header",
        EXERCISE_RFC(5322, "3.6.2"),
        "Mail programs show the field From: %s.",
        mail->people[0].address
    );
    exercise_part_mistake(
        shown,
        "the envelope for the header",
        mail->bounces,
        "That is the envelope, which readers rarely see.",
        NULL
    );
    if (!mail->has_reply_to) {
        return;
    }
    ExercisePart *reply = exercise_ask(
        exercise,
        ANSWER_WORD,
        mail->people[4].address,
        "Where does an answer go (Reply in a mail program)?"
    );
    exercise_part_whole(
        reply,
        "where answers go",
        EXERCISE_RFC(5322, "3.6.2"),
        "There is a Reply-To, so answers go there: %s.",
        mail->people[4].address
    );
    exercise_part_mistake(
        reply,
        "From, not Reply-To",
        mail->people[0].address,
        "Without Reply-To it would be From.",
        "There is a Reply-To."
    );
}

void exercise_make_envelope(Exercise *exercise)
{
    Mail mail = {0};
    make_mail(exercise, &mail);
    g_autofree char *text = session_text(exercise, &mail);
    exercise_say(exercise, "A client hands a message to a server.");
    exercise_show(exercise, text);
    ask_recipients(exercise, &mail);
    ask_bounce(exercise, &mail);
    ask_header(exercise, &mail);
    exercise_set_hint(
        exercise,
        "MAIL and RCPT are the envelope, for servers; From and To are inside the letter, for "
        "people."
    );
    exercise_set_try(exercise, "mailwalk rfc reverse-path");
    g_free(mail.bounces);
    exercise_people_clear(mail.people, G_N_ELEMENTS(mail.people));
}
