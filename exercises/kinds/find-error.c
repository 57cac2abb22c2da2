/* Kind 11: a conversation in which one thing is wrong: where, and what? Each harm is a row that
 * takes a right script and breaks it at one line. */

#include "exercises/kinds/kinds.h"

#include <string.h>

#include "exercises/kinds/script.h"

typedef struct {
    const char *sentence; /* what is wrong, as the choices say it */
    RfcReference reference;
    guint level;
    bool is_pop3;
    gsize (*harm)(Script *script); /* gives the line, counted from 0, that is wrong then */
} HarmRow;

static void replace(Script *script, gsize index, char *text)
{
    ScriptLine *line = script_line(script, index);
    g_free(line->text);
    line->text = text;
}

static gsize place(const Script *script, ScriptRole role)
{
    gssize index = script_find(script, role);
    g_assert(index >= 0);
    return (gsize)index;
}

static gsize recipient_first(Script *script)
{
    gsize mail = place(script, SCRIPT_MAIL);
    gsize recipient = place(script, SCRIPT_RCPT);
    script_move(script, recipient + 1, mail);
    script_move(script, recipient + 1, mail);
    return mail;
}

static gsize no_recipient(Script *script)
{
    gssize recipient;
    while ((recipient = script_find(script, SCRIPT_RCPT)) >= 0) {
        script_remove(script, (gsize)recipient + 1);
        script_remove(script, (gsize)recipient);
    }
    return place(script, SCRIPT_DATA);
}

static gsize no_hello(Script *script)
{
    gsize hello = place(script, SCRIPT_HELLO);
    while (script_line(script, hello)->role != SCRIPT_MAIL) {
        script_remove(script, hello);
    }
    return hello;
}

static gsize no_brackets(Script *script)
{
    gsize mail = place(script, SCRIPT_MAIL);
    replace(script, mail, g_strdup_printf("MAIL FROM:%s", script->people[0].address));
    return mail;
}

static gsize data_answered_250(Script *script)
{
    gsize reply = place(script, SCRIPT_DATA_REPLY);
    replace(script, reply, g_strdup("250 2.0.0 Ok, send the message"));
    return reply;
}

static gsize client_first(Script *script)
{
    script_move(script, place(script, SCRIPT_HELLO), 0);
    return 0;
}

static gsize quit_answered_250(Script *script)
{
    gsize reply = place(script, SCRIPT_QUIT_REPLY);
    replace(script, reply, g_strdup("250 2.0.0 Goodbye"));
    return reply;
}

static gsize no_hyphen(Script *script)
{
    gsize reply = place(script, SCRIPT_HELLO_REPLY);
    script_line(script, reply)->text[3] = ' ';
    return reply + 1;
}

static gsize misspelt(Script *script)
{
    gsize recipient = place(script, SCRIPT_RCPT);
    replace(script, recipient, g_strdup_printf("RECPT TO:<%s>", script->people[1].address));
    return recipient;
}

static gsize no_dot(Script *script)
{
    gsize dot = place(script, SCRIPT_DOT);
    script_remove(script, dot);
    return dot;
}

static gsize bare_dot(Script *script)
{
    gsize dot = place(script, SCRIPT_DOT);
    script_insert(script, dot, SCRIPT_BODY, true, g_strdup(".5 litres of milk, please"));
    return dot;
}

static gsize class_contradicts(Script *script)
{
    gsize reply = place(script, SCRIPT_RCPT_REPLY);
    replace(script, reply, g_strdup("250 5.1.1 Recipient ok"));
    return reply;
}

static gsize password_first(Script *script)
{
    gsize user = place(script, SCRIPT_USER);
    script_move(script, place(script, SCRIPT_PASS) + 1, user);
    script_move(script, place(script, SCRIPT_PASS), user);
    script_move(script, place(script, SCRIPT_PASS), user);
    return user;
}

static gsize smtp_reply(Script *script)
{
    gsize reply = place(script, SCRIPT_DELE_REPLY);
    replace(script, reply, g_strdup("250 Ok, deleted"));
    return reply;
}

static gsize list_not_ended(Script *script)
{
    gsize end = place(script, SCRIPT_LIST_END);
    script_remove(script, end);
    return end;
}

static gsize retrieve_before_log_in(Script *script)
{
    gsize user = place(script, SCRIPT_USER);
    gsize retrieve = place(script, SCRIPT_RETR);
    gsize end = place(script, SCRIPT_RETR_END);
    for (gsize i = 0; i <= end - retrieve; i++) {
        script_move(script, end, user);
    }
    return user;
}

static gsize data_instead_of_quit(Script *script)
{
    gsize quit = place(script, SCRIPT_QUIT);
    replace(script, quit, g_strdup("EXIT"));
    return quit;
}

static const HarmRow harms[] = {
    {"RCPT comes before MAIL", {5321, "4.1.4"}, 1, false, recipient_first},
    {"there is no recipient when DATA is said", {5321, "4.1.1.4"}, 1, false, no_recipient},
    {"the client has not said EHLO or HELO before it", {5321, "4.1.4"}, 1, false, no_hello},
    {"the client speaks before the server's greeting", {5321, "4.3.1"}, 1, false, client_first},
    {"the reply to DATA must be 354", {5321, "4.1.1.4"}, 1, false, data_answered_250},
    {"the command is misspelt", {5321, "4.1.1.3"}, 1, false, misspelt},
    {"< and > around the path are missing", {5321, "4.1.1.2"}, 2, false, no_brackets},
    {"the reply to QUIT must be 221", {5321, "4.1.1.10"}, 2, false, quit_answered_250},
    {"the line with the single dot is missing before it", {5321, "4.1.1.4"}, 2, false, no_dot},
    {"there is no such command", {1939, "6"}, 2, true, data_instead_of_quit},
    {"PASS comes before USER", {1939, "7"}, 2, true, password_first},
    {"a reply of SMTP in POP3", {1939, "3"}, 2, true, smtp_reply},
    {"a line that starts with a dot was not stuffed", {5321, "4.5.2"}, 3, false, bare_dot},
    {"the enhanced code says failure, the reply code success",
     {2034, "4"},
     3,
     false,
     class_contradicts},
    {"the line before it should have had a hyphen", {5321, "4.2.1"}, 3, false, no_hyphen},
    {"the answer of several lines is not closed before it", {1939, "3"}, 3, true, list_not_ended},
    {"a message is fetched before the log-in", {1939, "5"}, 3, true, retrieve_before_log_in},
};

static const HarmRow *choose_harm(Exercise *exercise)
{
    const HarmRow *row;
    do {
        row = &harms[exercise_below(exercise, G_N_ELEMENTS(harms))];
    } while (row->level > exercise->level || row->level + 1 < exercise->level);
    return row;
}

/* The right sentence and three others. */
static void ask_what(Exercise *exercise, const HarmRow *row)
{
    const char *choices[4] = {row->sentence};
    gsize count = 1;
    while (count < G_N_ELEMENTS(choices)) {
        const HarmRow *other = &harms[exercise_below(exercise, G_N_ELEMENTS(harms))];
        bool is_new = true;
        for (gsize i = 0; i < count; i++) {
            is_new = is_new && strcmp(choices[i], other->sentence) != 0;
        }
        if (is_new) {
            choices[count++] = other->sentence;
        }
    }
    ExercisePart *part = exercise_ask_choice(exercise, choices, count, 0, "What is wrong with it?");
    exercise_part_whole(part, "naming the error", row->reference, "It is this: %s.", row->sentence);
}

void exercise_make_find_error(Exercise *exercise)
{
    const HarmRow *row = choose_harm(exercise);
    ScriptOptions options = {
        .is_extended = exercise->level >= 2,
        .n_recipients = exercise_between(exercise, 1, 2),
        .has_body = true,
    };
    g_autoptr(Script) script =
        row->is_pop3 ? script_new_pop3(exercise, true) : script_new_smtp(exercise, &options);
    gsize line = row->harm(script);
    g_autofree char *text = script_text(script, true);
    g_autofree char *key = g_strdup_printf("%zu", line + 1);
    exercise_say(
        exercise,
        "One thing in this conversation breaks the protocol (the other side did not seem to mind). "
        "C is the client, S the server."
    );
    exercise_show(exercise, text);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        key,
        "Which is the first line that may not stand where or as it stands?"
    );
    exercise_part_whole(
        part,
        "finding the line",
        row->reference,
        "It is line %s, \"%s\": %s.",
        key,
        script_line(script, line)->text,
        row->sentence
    );
    ask_what(exercise, row);
    exercise_set_hint(
        exercise,
        "Go through it line by line: may this command come now? Is this the reply that it can get?"
    );
    exercise_set_try(exercise, "mailwalk rfc %s", row->is_pop3 ? "pop3 commands" : "smtp commands");
}
