/* Kind 3: how large something becomes in base64, with its line breaks. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/encoding/base64.h"

#define LINE BASE64_MIME_LINE

static ExercisePart *ask_number(Exercise *exercise, gsize key, const char *prompt)
{
    g_autofree char *text = g_strdup_printf("%zu", key);
    return exercise_ask(exercise, ANSWER_NUMBER, text, "%s", prompt);
}

static void number_mistake(
    ExercisePart *part, const char *name, gsize number, const char *sentence, const char *advice
)
{
    g_autofree char *text = g_strdup_printf("%zu", number);
    exercise_part_mistake(part, name, text, sentence, advice);
}

static void ask_letters(Exercise *exercise, gsize octets, gsize letters)
{
    ExercisePart *part =
        ask_number(exercise, letters, "How many characters is it in base64, padding included?");
    const char *advice = "Round the groups of three up, then take them times four.";
    number_mistake(
        part, "rounded down", octets / 3 * 4, "The last, shorter group was left out.", advice
    );
    number_mistake(
        part, "forgot the padding", (octets * 8 + 5) / 6, "The padding was left out.", advice
    );
    number_mistake(
        part,
        "times 4/3",
        octets * 4 / 3,
        "4/3 of the size is not enough where a group is short.",
        advice
    );
    number_mistake(
        part,
        "three for four",
        (octets + 3) / 4 * 3,
        "Three octets become four characters, not the other way round.",
        advice
    );
    exercise_part_whole(
        part,
        "groups of three become four",
        EXERCISE_RFC(4648, "4"),
        "%zu octets are %zu groups of three, the last one perhaps shorter; each becomes 4 "
        "characters: "
        "%zu.",
        octets,
        (octets + 2) / 3,
        letters
    );
}

static void ask_lines(Exercise *exercise, gsize letters)
{
    gsize lines = (letters + LINE - 1) / LINE;
    ExercisePart *part =
        ask_number(exercise, lines, "How many lines of at most 76 characters is that?");
    number_mistake(
        part,
        "rounded down",
        letters / LINE,
        "The last line is shorter, but it is a line.",
        "Round up."
    );
    exercise_part_whole(
        part,
        "lines of 76",
        EXERCISE_RFC(2045, "6.8"),
        "%zu characters by 76, rounded up: %zu lines.",
        letters,
        lines
    );
}

static void ask_wire(Exercise *exercise, gsize octets, gsize letters)
{
    gsize lines = (letters + LINE - 1) / LINE;
    gsize total = base64_encoded_lines_length(octets, LINE);
    ExercisePart *part = ask_number(
        exercise, total, "How many octets go over the wire, if each line is closed by CRLF?"
    );
    const char *advice = "CRLF is two octets, and the last line has one too.";
    number_mistake(part, "forgot the line ends", letters, "The line ends were left out.", advice);
    number_mistake(part, "one octet a line end", letters + lines, "CRLF is two octets.", advice);
    number_mistake(
        part, "forgot the last line end", total - 2, "The last line is closed by CRLF too.", advice
    );
    exercise_part_whole(
        part,
        "CRLF on the wire",
        EXERCISE_RFC(2045, "6.8"),
        "%zu characters and %zu times CRLF, 2 octets: %zu.",
        letters,
        lines,
        total
    );
}

void exercise_make_encoded_size(Exercise *exercise)
{
    static const guint limits[EXERCISE_LEVELS] = {3000, 100000, 30000000};
    static const char *const things[] = {
        "A picture", "A recipe as PDF", "A voice message", "A table"};
    gsize octets = exercise_between(exercise, 4, limits[exercise->level - 1]);
    gsize letters = base64_encoded_length(octets);
    exercise_say(
        exercise,
        "%s of %zu octets is sent as an attachment in base64.",
        EXERCISE_PICK(exercise, things),
        octets
    );
    ask_letters(exercise, octets, letters);
    if (exercise->level >= 2) {
        ask_lines(exercise, letters);
    }
    ask_wire(exercise, octets, letters);
    exercise_set_hint(
        exercise,
        "Three octets become four characters; a last group of one or two becomes four as "
        "well. Lines have 76 characters."
    );
    exercise_set_try(exercise, "mailwalk rfc base64");
}
