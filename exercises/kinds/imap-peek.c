/* Kind 19: the FETCH command that gets one part of a message and leaves \Seen alone. Commands are
 * taken apart into words, so tag, case, brackets around the items and UID FETCH are free. */

#include "exercises/kinds/kinds.h"

#include <string.h>

#include "exercises/exercise-maker.h"

typedef struct {
    guint number;
    guint uid;
    char *section; /* "2", "2.1", "2.MIME" */
    guint from;    /* octets asked for; length 0: all */
    guint length;
} Wanted;

typedef enum {
    STEP_FETCH,
    STEP_MESSAGE,
    STEP_SECTION,
    STEP_PEEK,
    STEP_PARTIAL,
    N_STEPS,
} PeekStep;

static void free_wanted(gpointer data)
{
    Wanted *wanted = data;
    g_free(wanted->section);
    g_free(wanted);
}

typedef struct {
    const char *subtype;
    const char *ending; /* of a file's name */
} FileType;

static const FileType file_types[] = {
    {"pdf", "pdf"},
    {"zip", "zip"},
    {"msword", "doc"},
    {"json", "json"},
};

static char *structure(Exercise *exercise, Wanted *wanted)
{
    const char *dish = exercise_dish(exercise);
    const FileType *type = &file_types[exercise_below(exercise, G_N_ELEMENTS(file_types))];
    guint parts = exercise_between(exercise, 2, 4);
    GString *text = g_string_new("multipart/mixed\n");
    bool is_nested = exercise->level >= 2;
    if (is_nested) {
        g_string_append(text, "  multipart/alternative\n    text/plain\n    text/html\n");
    } else {
        g_string_append(text, "  text/plain\n");
    }
    for (guint i = 2; i <= parts; i++) {
        g_string_append_printf(
            text, "  application/%s (%s-%u.%s)\n", type->subtype, dish, i, type->ending
        );
    }
    guint part = exercise_between(exercise, 2, parts);
    bool wants_nested = is_nested && exercise_toss(exercise);
    bool wants_header = exercise->level == 3 && !wants_nested && exercise_toss(exercise);
    if (wants_nested) {
        guint inner = exercise_between(exercise, 1, 2);
        wanted->section = g_strdup_printf("1.%u", inner);
        g_string_append_printf(
            text, "wanted: the %s part", inner == 1 ? "text/plain" : "text/html"
        );
    } else if (wants_header) {
        wanted->section = g_strdup_printf("%u.MIME", part);
        g_string_append_printf(
            text, "wanted: the MIME header of %s-%u.%s", dish, part, type->ending
        );
    } else {
        wanted->section = g_strdup_printf("%u", part);
        g_string_append_printf(text, "wanted: %s-%u.%s", dish, part, type->ending);
    }
    if (exercise->level == 3 && !wants_header) {
        wanted->from = exercise_between(exercise, 0, 3) * 1024;
        wanted->length = exercise_between(exercise, 1, 8) * 512;
        g_string_append_printf(
            text,
            ", %u octets of it from octet %u on (the first is 0)",
            wanted->length,
            wanted->from
        );
    }
    return g_string_free(text, FALSE);
}

static char *partial_text(const Wanted *wanted)
{
    return wanted->length == 0 ? g_strdup("")
                               : g_strdup_printf("<%u.%u>", wanted->from, wanted->length);
}

static void add_steps(ExercisePart *part, const Wanted *wanted)
{
    g_autofree char *partial = partial_text(wanted);
    RfcReference fetch = EXERCISE_RFC(9051, "6.4.5");
    exercise_part_step(
        part,
        "the command",
        0,
        1,
        fetch,
        g_strdup("the command"),
        g_strdup("A tag of your choice, then FETCH (or UID FETCH).")
    );
    exercise_part_step(
        part,
        "which message",
        1,
        2,
        fetch,
        g_strdup("the message"),
        g_strdup_printf(
            "FETCH takes the sequence number, %u; UID FETCH the UID, %u.",
            wanted->number,
            wanted->uid
        )
    );
    exercise_part_step(
        part,
        "which part",
        2,
        3,
        fetch,
        g_strdup("the section"),
        g_strdup_printf(
            "Parts count from 1 on each level of the tree: here it is [%s].", wanted->section
        )
    );
    exercise_part_step(
        part,
        "leaving \\Seen alone",
        3,
        4,
        fetch,
        g_strdup("PEEK"),
        g_strdup("BODY[...] sets \\Seen; BODY.PEEK[...] gives the same and does not.")
    );
    if (wanted->length > 0) {
        exercise_part_step(
            part,
            "a piece of the part",
            4,
            5,
            fetch,
            g_strdup("the piece"),
            g_strdup_printf("Behind the section: <first octet.how many>, here %s.", partial)
        );
    }
}

void exercise_make_imap_peek(Exercise *exercise)
{
    Wanted *wanted = g_new0(Wanted, 1);
    exercise_set_facts(exercise, wanted, free_wanted);
    wanted->number = exercise_between(exercise, 1, 99);
    wanted->uid = wanted->number + exercise_between(exercise, 100, 5000);
    g_autofree char *text = structure(exercise, wanted);
    g_autofree char *partial = partial_text(wanted);
    g_autofree char *key =
        g_strdup_printf("a1 FETCH %u BODY.PEEK[%s]%s", wanted->number, wanted->section, partial);
    exercise_say(
        exercise,
        "Message %u of the selected mailbox (UID %u) has these parts:",
        wanted->number,
        wanted->uid
    );
    exercise_show(exercise, text);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_TEXT,
        key,
        "Which command fetches that and nothing else, and leaves the flag \\Seen as it is?"
    );
    add_steps(part, wanted);
    exercise_set_hint(
        exercise, "FETCH number item. Count the parts of each level from 1. PEEK is the word."
    );
    exercise_set_try(exercise, "mailwalk rfc imap fetch");
}

/* What a command asks for. */
typedef struct {
    bool is_fetch;
    bool is_uid;
    guint64 number;
    char *section; /* NULL: no BODY */
    bool peeks;
    bool has_partial;
    guint64 from;
    guint64 length;
    bool has_more;
} Asked;

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \t(");
}

static const char *read_item(const char *at, Asked *asked)
{
    if (!g_str_has_prefix(at, "BODY")) {
        return at;
    }
    at += 4;
    asked->peeks = g_str_has_prefix(at, ".PEEK");
    at += asked->peeks ? 5 : 0;
    const char *end = strchr(at, ']');
    if (*at != '[' || end == NULL) {
        return at;
    }
    asked->section = g_strndup(at + 1, (gsize)(end - at - 1));
    g_strstrip(asked->section);
    at = end + 1;
    if (*at == '<') {
        char *rest;
        asked->has_partial = true;
        asked->from = g_ascii_strtoull(at + 1, &rest, 10);
        asked->length = *rest == '.' ? g_ascii_strtoull(rest + 1, &rest, 10) : 0;
        at = *rest == '>' ? rest + 1 : rest;
    }
    return at;
}

static void read_command(const char *command, Asked *asked)
{
    const char *at = skip_spaces(command);
    if (!g_str_has_prefix(at, "FETCH ") && !g_str_has_prefix(at, "UID ")) {
        at = skip_spaces(at + strcspn(at, " ")); /* the tag */
    }
    if (g_str_has_prefix(at, "UID ")) {
        asked->is_uid = true;
        at = skip_spaces(at + 4);
    }
    if (!g_str_has_prefix(at, "FETCH ")) {
        return;
    }
    asked->is_fetch = true;
    char *rest;
    asked->number = g_ascii_strtoull(skip_spaces(at + 6), &rest, 10);
    at = read_item(skip_spaces(rest), asked);
    asked->has_more = at[strspn(at, " \t)\r\n")] != '\0';
}

EXERCISE_JUDGE(imap_peek)
{
    const Wanted *wanted = exercise->facts;
    Asked asked = {0};
    g_autofree char *upper = g_ascii_strup(verdict->wrote, -1);
    (void)answer;
    read_command(upper, &asked);
    bool is_whole = wanted->length == 0 && !asked.has_partial;
    bool right[N_STEPS] = {
        [STEP_FETCH] = asked.is_fetch && !asked.has_more,
        [STEP_MESSAGE] = asked.number == (asked.is_uid ? wanted->uid : wanted->number),
        [STEP_SECTION] = asked.section != NULL && strcmp(asked.section, wanted->section) == 0 &&
                         (is_whole || wanted->length > 0),
        [STEP_PEEK] = asked.peeks,
        [STEP_PARTIAL] =
            asked.has_partial && asked.from == wanted->from && asked.length == wanted->length,
    };
    gsize first = 0;
    while (first < part->steps->len && right[first]) {
        first++;
    }
    if (first == part->steps->len) {
        exercise_part_verdict_right(verdict);
        verdict->is_other_form = strcmp(upper, part->key) != 0;
    } else {
        exercise_part_verdict_wrong(verdict, first);
        for (gsize i = first; i < part->steps->len; i++) {
            verdict->steps_right[i] = right[i];
            verdict->n_right += right[i] ? 1 : 0;
        }
    }
    g_free(asked.section);
    return true;
}
