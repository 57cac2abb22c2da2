/* Kind 4: quoted-printable, both ways. Every encoding that decodes to the text and keeps the rules
 * is right, wherever it breaks its lines and whatever it escapes needlessly. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/encoding/quoted-printable-trace.h"

#define TEXT_MAXIMUM 4096

static const char *const words[] = {
    "crêpes",
    "café",
    "Käse",
    "Gemüse",
    "jalapeño",
    "smørrebrød",
    "brûlée",
    "Äpfel",
    "Öl",
    "açaí",
};

static char *make_text(Exercise *exercise)
{
    g_autofree char *sentence = exercise_sentence(exercise);
    const char *word = EXERCISE_PICK(exercise, words);
    guint price = exercise_between(exercise, 1, 9999);
    if (exercise->level == 1) {
        return g_strdup_printf("%s = %u", word, price);
    }
    if (exercise->level == 2) {
        return g_strdup_printf("%s %s=%u%%!", sentence, word, price);
    }
    const char *second = EXERCISE_PICK(exercise, words);
    g_autofree char *other = exercise_sentence(exercise);
    return g_strdup_printf("%s %s and %s for %u = ok? %s", sentence, word, second, price, other);
}

static gsize characters_of(ByteSpan octets)
{
    gsize count = 0;
    for (gsize i = 0; i < octets.length; i++) {
        count += (octets.data[i] & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
}

static const char *skill_of(QuotedPrintableStepKind kind)
{
    switch (kind) {
    case QUOTED_PRINTABLE_STEP_LITERAL:
    case QUOTED_PRINTABLE_STEP_SPACE:
        return "characters that stand for themselves";
    case QUOTED_PRINTABLE_STEP_EQUALS:
        return "the equals sign";
    case QUOTED_PRINTABLE_STEP_EIGHT_BIT:
    case QUOTED_PRINTABLE_STEP_CONTROL:
        return "octets beyond ASCII";
    case QUOTED_PRINTABLE_STEP_LAST_SPACE:
        return "white space at the end of a line";
    case QUOTED_PRINTABLE_STEP_LINE_BREAK:
    case QUOTED_PRINTABLE_STEP_SOFT_BREAK:
        return "line breaks";
    }
    g_assert_not_reached();
}

static bool stands_for_itself(QuotedPrintableStepKind kind)
{
    return kind == QUOTED_PRINTABLE_STEP_LITERAL || kind == QUOTED_PRINTABLE_STEP_SPACE;
}

static char *step_working(const QuotedPrintableStep *step, ByteSpan text, const char *written)
{
    if (stands_for_itself(step->kind)) {
        return g_strdup_printf("\"%s\" stands for itself (rule 2).", written);
    }
    return g_strdup_printf(
        "Octet %02X is written %s: %s",
        text.data[step->offset],
        step->text,
        quoted_printable_step_reason(step->kind)
    );
}

/* One step for each escape, and for each run that stands for itself. */
static void add_encoding_steps(ExercisePart *part, ByteSpan text)
{
    QuotedPrintableTrace trace;
    QuotedPrintableStep step;
    quoted_printable_trace_init(&trace, text, QUOTED_PRINTABLE_TEXT);
    bool has_step = quoted_printable_trace_next(&trace, &step);
    gsize at = 0;
    while (has_step) {
        QuotedPrintableStep first = step;
        g_autoptr(GString) written = g_string_new(NULL);
        do {
            g_string_append(written, step.text);
            has_step = quoted_printable_trace_next(&trace, &step);
        } while (has_step && stands_for_itself(first.kind) && stands_for_itself(step.kind));
        exercise_part_step(
            part,
            skill_of(first.kind),
            at,
            at + written->len,
            EXERCISE_RFC(2045, "6.7"),
            g_strdup_printf("\"%s\"", written->str),
            step_working(&first, text, written->str)
        );
        at += written->len;
    }
}

static char *encode(ByteSpan text)
{
    ByteBuffer encoded;
    byte_buffer_init(&encoded, TEXT_MAXIMUM);
    g_assert(quoted_printable_encode(text, QUOTED_PRINTABLE_TEXT, &encoded));
    char *result = byte_span_to_string(byte_buffer_span(&encoded));
    byte_buffer_clear(&encoded);
    return result;
}

static void add_encoding_mistakes(ExercisePart *part, const char *text)
{
    g_autofree char *lower = g_strdup(part->key);
    for (char *at = strchr(lower, '='); at != NULL; at = strchr(at + 1, '=')) {
        at[1] = g_ascii_tolower(at[1]);
        at[2] = at[1] == '\0' ? '\0' : g_ascii_tolower(at[2]);
    }
    exercise_part_mistake(
        part,
        "small hexadecimal letters",
        lower,
        "The hexadecimal digits must be capitals: =C3, not =c3.",
        "Write A to F."
    );
    exercise_part_mistake(
        part, "nothing encoded", text, "Nothing was encoded.", "Octets above 126 and '=' need '='."
    );
    gsize length;
    g_autofree char *latin = g_convert(text, -1, "ISO-8859-1", "UTF-8", NULL, &length, NULL);
    if (latin != NULL) {
        g_autofree char *encoded = encode(byte_span(latin, length));
        exercise_part_mistake(
            part,
            "another charset",
            encoded,
            "Those are the octets of ISO-8859-1, one for each letter; in UTF-8 they have two.",
            "Look up the two octets of the letter in UTF-8."
        );
    }
    g_auto(GStrv) pieces = g_strsplit(part->key, "=3D", -1);
    g_autofree char *equals = g_strjoinv("=", pieces);
    exercise_part_mistake(
        part,
        "forgot the equals sign",
        equals,
        "The equals sign itself was not encoded; a reader would take it for the start of an "
        "escape.",
        "Write it =3D."
    );
}

static void make_encoding(Exercise *exercise, const char *text)
{
    ByteSpan octets = byte_span_from_string(text);
    g_autofree char *key = encode(octets);
    bool is_long = strchr(key, '\n') != NULL;
    exercise_say(exercise, "Write this line in quoted-printable. It is UTF-8.");
    exercise_show(exercise, text);
    if (is_long) {
        exercise_say(exercise, "No line may have more than 76 characters: break it where needed.");
    }
    ExercisePart *part =
        exercise_ask(exercise, is_long ? ANSWER_LINES : ANSWER_TEXT, key, "In quoted-printable:");
    if (is_long) {
        g_auto(GStrv) lines = g_strsplit(key, "\r\n", -1);
        for (gsize i = 0; lines[i] != NULL; i++) {
            exercise_part_step(
                part,
                lines[i + 1] == NULL ? "the last line" : "soft line breaks",
                i,
                i + 1,
                EXERCISE_RFC(2045, "6.7"),
                g_strdup_printf("line %zu", i + 1),
                g_strdup_printf("Line %zu is %s", i + 1, lines[i])
            );
        }
    } else {
        add_encoding_steps(part, octets);
    }
    add_encoding_mistakes(part, text);
    g_autofree char *quoted = g_shell_quote(text);
    exercise_set_try(exercise, "mailwalk explain qp %s", quoted);
}

/* The other way: a step for each run of letters or of escapes. */
static void add_decoding_steps(ExercisePart *part, const char *key)
{
    ByteSpan rest = byte_span_from_string(key);
    gsize character = 0;
    gsize start = 0;
    while (start < rest.length) {
        bool is_eight_bit = rest.data[start] >= 0x80 || rest.data[start] == '=';
        gsize end = start;
        while (end < rest.length &&
               (rest.data[end] >= 0x80 || rest.data[end] == '=') == is_eight_bit) {
            end++;
        }
        ByteSpan run = byte_span_slice(rest, start, end - start);
        g_autofree char *shown = byte_span_to_display(run);
        gsize count = characters_of(run);
        exercise_part_step(
            part,
            is_eight_bit ? "escapes" : "characters that stand for themselves",
            character,
            character + count,
            EXERCISE_RFC(2045, "6.7"),
            g_strdup_printf("\"%s\"", shown),
            g_strdup_printf(
                is_eight_bit ? "Two digits behind '=' are one octet; these make \"%s\"."
                             : "\"%s\" stands for itself.",
                shown
            )
        );
        character += count;
        start = end;
    }
}

static void make_decoding(Exercise *exercise, const char *text)
{
    g_autofree char *encoded = encode(byte_span_from_string(text));
    exercise_say(exercise, "What does this say? It is quoted-printable of UTF-8.");
    exercise_show(exercise, encoded);
    ExercisePart *part = exercise_ask(exercise, ANSWER_TEXT, text, "The text, on one line:");
    add_decoding_steps(part, text);
    exercise_part_mistake(
        part, "nothing decoded", encoded, "That is still encoded.", "Turn each =XX into its octet."
    );
    exercise_set_try(exercise, "mailwalk explain qp --decode --escapes '...'");
}

void exercise_make_quoted_printable(Exercise *exercise)
{
    if (exercise->given != NULL) {
        g_autofree char *given = g_strndup(exercise->given, 60);
        make_encoding(exercise, given);
    } else {
        g_autofree char *text = make_text(exercise);
        (exercise_toss(exercise) ? make_encoding : make_decoding)(exercise, text);
    }
    exercise_set_hint(
        exercise,
        "'=' and what is not ASCII become '=' and two hexadecimal digits; the rest stands for "
        "itself; '=' at the end of a line says that the line goes on."
    );
}

static char *decode_strictly(const char *answer)
{
    ByteBuffer octets;
    byte_buffer_init(&octets, TEXT_MAXIMUM);
    g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_strchomp(lines[i]);
    }
    g_autofree char *joined = g_strjoinv("\r\n", lines);
    bool is_right =
        quoted_printable_decode(byte_span_from_string(g_strstrip(joined)), &octets, NULL);
    char *text = is_right ? byte_span_to_string(byte_buffer_span(&octets)) : NULL;
    byte_buffer_clear(&octets);
    return text;
}

EXERCISE_ACCEPTS(quoted_printable)
{
    (void)exercise;
    if (!g_str_has_prefix(part->prompt, "In quoted")) {
        return false;
    }
    g_autofree char *wanted = decode_strictly(part->key);
    g_autofree char *given = decode_strictly(answer);
    return wanted != NULL && given != NULL && strcmp(wanted, given) == 0;
}
