/* Kind 17: the octet count of an IMAP literal. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"

static const char *const accented[] = {
    "Crêpes", "Käse", "Jalapeño", "Brûlée", "Äpfel", "Smørrebrød"};

/* Lines by LF; every line is closed. */
static char *make_text(Exercise *exercise)
{
    GString *text = g_string_new(NULL);
    g_autofree char *subject = exercise_subject(exercise);
    g_string_append_printf(text, "Subject: %s\n\n", subject);
    guint n_lines = exercise->level == 1 ? 1 : exercise_between(exercise, 2, 4);
    for (guint i = 0; i < n_lines; i++) {
        g_autofree char *sentence = exercise_sentence(exercise);
        const char *word = exercise->level >= 3 ? EXERCISE_PICK(exercise, accented) : "";
        g_string_append_printf(text, "%s%s%s\n", sentence, word[0] == '\0' ? "" : " ", word);
    }
    return g_string_free(text, FALSE);
}

static gsize count_lines(const char *text)
{
    gsize lines = 0;
    for (const char *at = text; *at != '\0'; at++) {
        lines += *at == '\n' ? 1 : 0;
    }
    return lines;
}

static void mistake(
    ExercisePart *part, const char *name, gsize number, const char *sentence, const char *advice
)
{
    g_autofree char *text = g_strdup_printf("%zu", number);
    exercise_part_mistake(part, name, text, sentence, advice);
}

static void ask_count(Exercise *exercise, const char *text)
{
    gsize lines = count_lines(text);
    gsize octets = strlen(text) + lines;
    gsize letters = (gsize)g_utf8_strlen(text, -1) + lines;
    g_autofree char *key = g_strdup_printf("%zu", octets);
    ExercisePart *part =
        exercise_ask(exercise, ANSWER_NUMBER, key, "a001 APPEND Drafts {n}    What is n?");
    exercise_part_accept(part, "{%s}", key);
    exercise_part_whole(
        part,
        "counting octets",
        EXERCISE_RFC(9051, "4.3"),
        "%zu octets of text and 2 for each of the %zu line ends (CRLF): %zu.",
        strlen(text) - lines,
        lines,
        octets
    );
    mistake(
        part,
        "one octet a line end",
        octets - lines,
        "Each line end was counted as one octet.",
        "On the wire it is CRLF, two octets."
    );
    mistake(
        part,
        "no line ends",
        octets - 2 * lines,
        "The line ends were left out.",
        "They are part of the literal."
    );
    mistake(
        part,
        "the last line end",
        octets - 2,
        "The last line end was left out.",
        "Every line is closed by CRLF."
    );
    mistake(
        part,
        "letters, not octets",
        letters,
        "Letters were counted; a letter beyond ASCII has two octets in UTF-8.",
        "Count octets."
    );
    mistake(
        part,
        "the command's line end too",
        octets + 2,
        "The CRLF behind the literal ends the command; it is not part of the literal.",
        NULL
    );
}

void exercise_make_imap_literal(Exercise *exercise)
{
    g_autofree char *text = make_text(exercise);
    exercise_say(
        exercise,
        "A client stores this draft by APPEND. Its lines are closed by CRLF, the last one too; it "
        "is "
        "UTF-8."
    );
    exercise_show(exercise, text);
    ask_count(exercise, text);
    if (exercise->level >= 2) {
        ExercisePart *wait = exercise_ask(
            exercise,
            ANSWER_TEXT,
            "+",
            "Which character begins the server's line that lets it send the literal?"
        );
        exercise_part_whole(
            wait,
            "the continuation request",
            EXERCISE_RFC(9051, "7.6"),
            "The server says \"+\", a command continuation request."
        );
        exercise_part_mistake(wait, "an untagged line", "*", "\"*\" begins untagged data.", NULL);
    }
    if (exercise->level >= 3) {
        gsize octets = strlen(text) + count_lines(text);
        g_autofree char *key = g_strdup_printf("{%zu+}", octets);
        ExercisePart *plus = exercise_ask(
            exercise,
            ANSWER_TOKEN,
            key,
            "How is it announced if the client does not want to wait (LITERAL+)?"
        );
        exercise_part_whole(
            plus,
            "literals without waiting",
            EXERCISE_RFC(7888, "3"),
            "With a plus behind the number: %s.",
            key
        );
    }
    exercise_set_hint(
        exercise, "Count octets: two for every line end, two for a letter with an accent."
    );
    exercise_set_try(exercise, "mailwalk rfc imap literal");
}
