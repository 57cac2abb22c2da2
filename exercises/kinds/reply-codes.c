/* Kind 10: reply codes to fill in. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"

typedef struct {
    const char *command; /* %s: a path or name; NULL: the greeting */
    const char *code;
    const char *text;
    guint level;
    const char *sentence;
    RfcReference reference;
} ReplyRow;

/* What may happen in a session besides the ordinary; put in where it fits. */
typedef enum {
    EVENT_UNKNOWN_COMMAND,
    EVENT_NO_SUCH_USER,
    EVENT_OUT_OF_ORDER,
    EVENT_SYNTAX,
    EVENT_MAILBOX_FULL,
    EVENT_TRY_LATER,
    EVENT_NO_RECIPIENTS,
    EVENT_AUTH_WRONG,
    EVENT_VERIFY,
    EVENT_TOO_LARGE,
    N_EVENTS,
} EventId;

enum {
    HELLO = 1
}; /* its place among the ordinary lines */

static const ReplyRow ordinary[] = {
    {NULL, "220", "%s ESMTP", 1, "The greeting is 220.", {5321, "4.3.1"}},
    {"HELO %s", "250", "%s", 1, "A HELO that is accepted gets 250.", {5321, "4.1.1.1"}},
    {"MAIL FROM:<%s>", "250", "Sender ok", 1, "An accepted sender gets 250.", {5321, "3.3"}},
    {"RCPT TO:<%s>", "250", "Recipient ok", 1, "An accepted recipient gets 250.", {5321, "3.3"}},
    {"DATA",
     "354",
     "Go on, end with a single dot",
     1,
     "354 asks for the message.",
     {5321, "4.1.1.4"}},
    {".", "250", "Message accepted", 1, "250: the server answers for it.", {5321, "4.1.1.4"}},
    {"QUIT", "221", "Goodbye", 1, "QUIT gets 221.", {5321, "4.1.1.10"}},
};

/* In front of which ordinary line an event may come is the third column of its place below. */
static const ReplyRow events[N_EVENTS] = {
    [EVENT_UNKNOWN_COMMAND] =
        {"HALLO %s",
         "500",
         "I do not know this command",
         2,
         "500: the command is not known.",
         {5321, "4.2.2"}},
    [EVENT_NO_SUCH_USER] =
        {"RCPT TO:<nobody.%s>",
         "550",
         "No such mailbox here",
         2,
         "550: the mailbox does not exist.",
         {5321, "3.3"}},
    [EVENT_OUT_OF_ORDER] =
        {"DATA",
         "503",
         "First tell me the sender",
         2,
         "503: the commands come in the wrong order.",
         {5321, "4.1.4"}},
    [EVENT_SYNTAX] =
        {"MAIL FROM:<%s",
         "501",
         "I cannot read this address",
         2,
         "501: the parameter's syntax is wrong.",
         {5321, "4.2.2"}},
    [EVENT_MAILBOX_FULL] =
        {"RCPT TO:<full.%s>",
         "452",
         "Not enough storage just now, try later",
         3,
         "452: not enough storage, for now.",
         {5321, "4.2.2"}},
    [EVENT_TRY_LATER] =
        {"RCPT TO:<busy.%s>",
         "450",
         "The mailbox is in use, try later",
         3,
         "450: the mailbox cannot be used now.",
         {5321, "4.2.2"}},
    [EVENT_NO_RECIPIENTS] =
        {"RCPT TO:<moved.%s>",
         "551",
         "Not local, try <new.address@library.example>",
         3,
         "551: not here, but the server knows where to.",
         {5321, "3.4"}},
    [EVENT_AUTH_WRONG] =
        {"AUTH PLAIN AGEAYgBj",
         "535",
         "User or password are wrong",
         3,
         "535: the credentials are wrong.",
         {4954, "6"}},
    [EVENT_VERIFY] =
        {"VRFY someone",
         "252",
         "I will not tell, but I take mail and try",
         3,
         "252: the user is not verified, but mail will be taken.",
         {5321, "3.5.3"}},
    [EVENT_TOO_LARGE] =
        {"MAIL FROM:<%s> SIZE=999999999",
         "552",
         "That is larger than I take",
         3,
         "552: the message would be too large.",
         {1870, "6.1"}},
};

/* The ordinary line in front of which an event comes. */
static const guint event_places[N_EVENTS] = {
    [EVENT_UNKNOWN_COMMAND] = 1,
    [EVENT_NO_SUCH_USER] = 3,
    [EVENT_OUT_OF_ORDER] = 2,
    [EVENT_SYNTAX] = 2,
    [EVENT_MAILBOX_FULL] = 3,
    [EVENT_TRY_LATER] = 3,
    [EVENT_NO_RECIPIENTS] = 3,
    [EVENT_AUTH_WRONG] = 2,
    [EVENT_VERIFY] = 2,
    [EVENT_TOO_LARGE] = 2,
};

/* In place of HELO, where an event belongs to an extension. */
static const ReplyRow extended_hello = {
    "EHLO %s", "250", "%s", 1, "An EHLO that is accepted gets 250.", {5321, "4.1.1.1"}};

/* What the reply to EHLO must offer for an event; NULL: HELO is enough. */
static const char *const event_extensions[N_EVENTS] = {
    [EVENT_AUTH_WRONG] = "AUTH PLAIN",
    [EVENT_TOO_LARGE] = "SIZE 20000000",
};

typedef struct {
    const ReplyRow *row;
    char *command;
    char *text; /* several lines where the reply has several */
} Line;

static void clear_line(gpointer data)
{
    Line *line = data;
    g_free(line->command);
    g_free(line->text);
}

/* A pattern of a row with its one name filled in. */
static char *fill_in(const char *pattern, const char *name)
{
    g_auto(GStrv) pieces = g_strsplit(pattern, "%s", 2);
    return g_strjoinv(name, pieces);
}

static void add_line(GArray *lines, const ReplyRow *row, const char *name, const char *server)
{
    Line line = {
        .row = row,
        .command = row->command == NULL ? NULL : fill_in(row->command, name),
        .text = fill_in(row->text, server),
    };
    g_array_append_val(lines, line);
}

static void choose_events(Exercise *exercise, bool *is_chosen)
{
    guint n_wanted = exercise->level == 1 ? 0 : 2;
    guint n_known = exercise->level == 2 ? EVENT_SYNTAX + 1 : N_EVENTS;
    while (n_wanted > 0) {
        EventId event = exercise_below(exercise, n_known);
        if (!is_chosen[event]) {
            is_chosen[event] = true;
            n_wanted--;
        }
    }
}

/* HELO, or EHLO and what it must offer for the events that were chosen. */
static void add_hello(GArray *lines, const bool *is_chosen, const char *client, const char *server)
{
    GString *answer = g_string_new(server);
    for (guint event = 0; event < N_EVENTS; event++) {
        if (is_chosen[event] && event_extensions[event] != NULL) {
            g_string_append_printf(answer, "\n%s", event_extensions[event]);
        }
    }
    bool is_extended = answer->len > strlen(server);
    add_line(lines, is_extended ? &extended_hello : &ordinary[HELLO], client, answer->str);
    g_string_free(answer, TRUE);
}

static GArray *make_lines(Exercise *exercise)
{
    ExercisePerson people[2];
    bool is_chosen[N_EVENTS] = {false};
    exercise_people(exercise, people, 2);
    choose_events(exercise, is_chosen);
    g_autofree char *server = exercise_host_name(exercise, people[1].domain);
    g_autofree char *client = exercise_host_name(exercise, people[0].domain);
    const char *names[G_N_ELEMENTS(ordinary)] = {
        "", client, people[0].address, people[1].address, "", "", ""};
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(Line));
    g_array_set_clear_func(lines, clear_line);
    for (guint i = 0; i < G_N_ELEMENTS(ordinary); i++) {
        for (guint event = 0; event < N_EVENTS; event++) {
            if (is_chosen[event] && event_places[event] == i) {
                add_line(lines, &events[event], names[i], server);
            }
        }
        if (i == HELLO) {
            add_hello(lines, is_chosen, client, server);
        } else {
            add_line(lines, &ordinary[i], names[i], server);
        }
    }
    exercise_people_clear(people, 2);
    return lines;
}

static char *dialogue(const GArray *lines)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        if (line->command != NULL && strcmp(line->command, ".") == 0) {
            g_string_append(text, "C: (the message)\n");
        }
        if (line->command != NULL) {
            g_string_append_printf(text, "C: %s\n", line->command);
        }
        g_auto(GStrv) answers = g_strsplit(line->text, "\n", -1);
        for (guint answer = 0; answers[answer] != NULL; answer++) {
            char mark = answers[answer + 1] == NULL ? ' ' : '-';
            g_string_append_printf(text, "S: (%c)%c%s\n", (char)('a' + i), mark, answers[answer]);
        }
    }
    return g_string_free(text, FALSE);
}

static void add_code_mistakes(ExercisePart *part, const char *code)
{
    if (strcmp(code, "354") == 0) {
        exercise_part_mistake(
            part,
            "250 for 354",
            "250",
            "250 would say that all is done; after DATA the message is still to come.",
            "3yz: go on."
        );
    }
    if (strcmp(code, "250") == 0) {
        exercise_part_mistake(
            part, "an HTTP code", "200", "200 is HTTP; SMTP says 250.", "mailwalk rfc 250"
        );
    }
    if (strcmp(code, "221") == 0) {
        exercise_part_mistake(
            part,
            "220 for 221",
            "220",
            "220 opens a session; closing one is 221.",
            "mailwalk rfc 221"
        );
        exercise_part_mistake(
            part, "250 for 221", "250", "QUIT has a code of its own.", "mailwalk rfc quit"
        );
    }
}

static char *prompt_for(const GArray *lines, guint index)
{
    const char *command = g_array_index(lines, Line, index).command;
    bool is_second = false;
    for (guint i = 0; i < index; i++) {
        is_second = is_second || g_strcmp0(g_array_index(lines, Line, i).command, command) == 0;
    }
    return command == NULL
               ? g_strdup("The greeting:")
               : g_strdup_printf("The answer to %s%s", is_second ? "the second " : "", command);
}

void exercise_make_reply_codes(Exercise *exercise)
{
    g_autoptr(GArray) lines = make_lines(exercise);
    g_autofree char *text = dialogue(lines);
    exercise_say(
        exercise,
        "The reply codes of this session got lost. Which three digits stood at (a), (b) ...?"
    );
    exercise_show(exercise, text);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        g_autofree char *prompt = prompt_for(lines, i);
        ExercisePart *part = exercise_ask(exercise, ANSWER_WORD, line->row->code, "%s", prompt);
        exercise_part_accept(part, "%s %s", line->row->code, line->text);
        exercise_part_whole(
            part,
            line->row->level == 1 ? "replies of an ordinary session" : "refusals",
            line->row->reference,
            "%s",
            line->row->sentence
        );
        add_code_mistakes(part, line->row->code);
    }
    exercise_set_hint(
        exercise,
        "The first digit: 2 done, 3 go on, 4 not now, 5 no. `mailwalk rfc smtp replies` has them "
        "all."
    );
    exercise_set_try(exercise, "mailwalk rfc smtp replies");
}
