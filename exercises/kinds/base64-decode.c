/* Kind 2: base64 to text, and what is wrong with a text that cannot be decoded. The decoder itself
 * is asked where the fault is. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/encoding/base64-trace.h"

static const char *const fault_choices[] = {
    "nothing is wrong",
    "a character that is not in the alphabet",
    "padding where there must be a letter",
    "something follows the padding",
    "the last group of four is not complete",
    "bits that padding leaves over are not zero",
};

typedef enum {
    HARM_NONE,
    HARM_CHARACTER,
    HARM_EARLY_PADDING,
    HARM_AFTER_PADDING,
    HARM_CUT,
    HARM_STRAY_BITS,
    N_HARMS,
} Harm;

static const Base64Fault harm_faults[N_HARMS] = {
    BASE64_FAULT_NONE,
    BASE64_FAULT_CHARACTER,
    BASE64_FAULT_EARLY_PADDING,
    BASE64_FAULT_AFTER_PADDING,
    BASE64_FAULT_CUT,
    BASE64_FAULT_STRAY_BITS,
};

static void judge(const char *text, Base64Fault *out_fault, guint64 *out_position)
{
    Base64Decoder decoder;
    ByteBuffer octets;
    byte_buffer_init(&octets, 4096);
    base64_decoder_init(&decoder, BASE64_CANONICAL);
    if (base64_decoder_feed(&decoder, byte_span_from_string(text), &octets)) {
        base64_decoder_finish(&decoder, &octets);
    }
    *out_fault = decoder.fault;
    *out_position = decoder.fault_position;
    byte_buffer_clear(&octets);
}

/* A text of which two octets are left over after whole groups, so that it has one '='. */
static char *make_source(Exercise *exercise)
{
    g_autofree char *sentence = exercise_sentence(exercise);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%u %s", exercise_between(exercise, 1, 9999), sentence);
    while (text->len % 3 != 2) {
        g_string_append_c(text, '!');
    }
    return g_string_free(text, FALSE);
}

static void harm_text(Exercise *exercise, GString *text, Harm harm)
{
    static const char strange[] = "*-_$.,%~@";
    gsize letter = exercise_below(exercise, (guint)text->len - 4);
    switch (harm) {
    case HARM_NONE:
    case N_HARMS:
        break;
    case HARM_CHARACTER:
        text->str[letter] = strange[exercise_below(exercise, sizeof strange - 1)];
        break;
    case HARM_EARLY_PADDING:
        text->str[letter - letter % 4 + exercise_below(exercise, 2)] = '=';
        break;
    case HARM_AFTER_PADDING:
        text->str[letter - letter % 4 + 3] = '=';
        break;
    case HARM_CUT:
        g_string_truncate(text, text->len - 1);
        break;
    case HARM_STRAY_BITS: {
        int sextet = base64_sextet((guint8)text->str[text->len - 2]);
        text->str[text->len - 2] = base64_letter((guint)sextet | exercise_between(exercise, 1, 3));
        break;
    }
    }
}

static void make_fault(Exercise *exercise)
{
    g_autofree char *source = make_source(exercise);
    g_autofree char *encoded = g_base64_encode((const guchar *)source, strlen(source));
    g_autoptr(GString) text = g_string_new(encoded);
    guint n_harms = exercise->level == 2 ? HARM_CUT + 1 : N_HARMS;
    Harm harm = exercise_below(exercise, n_harms);
    harm_text(exercise, text, harm);
    Base64Fault fault;
    guint64 position;
    judge(text->str, &fault, &position);
    guint right = 0;
    while (right < N_HARMS && harm_faults[right] != fault) {
        right++;
    }
    g_assert(right < N_HARMS);
    exercise_say(
        exercise, "A mail program got this base64, which may have been harmed on the way."
    );
    exercise_show(exercise, text->str);
    g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT, right == 0 ? 0 : position + 1);
    ExercisePart *place = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        key,
        "Which is the first character that is wrong? Count from 1; where something is missing at "
        "the end, give the place behind the last character; 0 if nothing is wrong."
    );
    g_autofree char *from_zero = g_strdup_printf("%" G_GUINT64_FORMAT, position);
    exercise_part_mistake(
        place, "counted from 0", from_zero, "That counts from 0.", "Count the first character as 1."
    );
    exercise_part_whole(
        place,
        "finding the place",
        EXERCISE_RFC(4648, "3.3"),
        right == 0 ? "All letters are of the alphabet and the padding is right (place %s)."
                   : "The groups of four are right up to place %s.",
        key
    );
    ExercisePart *what =
        exercise_ask_choice(exercise, fault_choices, N_HARMS, right, "What is wrong?");
    exercise_part_whole(
        what,
        "naming the fault",
        EXERCISE_RFC(4648, right == HARM_STRAY_BITS ? "3.5" : "4"),
        "Of this text is true: %s.",
        fault_choices[right]
    );
    exercise_set_hint(
        exercise,
        "Cut the text into groups of four. '=' may stand only as the third and fourth, or the "
        "fourth, of the last group."
    );
    exercise_set_try(exercise, "mailwalk explain base64 --decode '%s'", text->str);
}

/* One step for each group of four letters: up to three octets of the text. */
static void add_steps(ExercisePart *part, const char *source)
{
    ByteSpan octets = byte_span_from_string(source);
    for (gsize i = 0; i < base64_group_count(octets.length); i++) {
        Base64Group group = base64_group(octets, i);
        g_autofree char *text = byte_span_to_display(byte_span(group.octets, group.n_octets));
        GString *working = g_string_new(NULL);
        g_string_append_printf(working, "%s is", group.letters);
        for (guint j = 0; j < group.n_sextets; j++) {
            char bits[7];
            base64_sextet_bits(group.sextets[j], bits);
            g_string_append_printf(working, " %s", bits);
        }
        g_string_append(working, "; by eight");
        for (guint j = 0; j < group.n_octets; j++) {
            char bits[9];
            base64_octet_bits(group.octets[j], bits);
            g_string_append_printf(working, " %s", bits);
        }
        g_string_append_printf(working, ": \"%s\".", text);
        exercise_part_step(
            part,
            group.n_octets < 3 ? "the group with padding" : "whole groups of four letters",
            group.octet_offset,
            group.octet_offset + group.n_octets,
            EXERCISE_RFC(4648, "4"),
            g_strdup_printf("the group %s", group.letters),
            g_string_free(working, FALSE)
        );
    }
}

static void make_decoding(Exercise *exercise)
{
    g_autofree char *sentence = exercise_sentence(exercise);
    g_autofree char *source =
        g_strdup_printf("%s %u", exercise_dish(exercise), exercise_between(exercise, 1, 9999));
    const char *text = exercise->level == 1 ? source : sentence;
    g_autofree char *encoded = g_base64_encode((const guchar *)text, strlen(text));
    exercise_say(exercise, "Decode this base64, by hand.");
    exercise_show(exercise, encoded);
    ExercisePart *part = exercise_ask(exercise, ANSWER_TEXT, text, "The text:");
    add_steps(part, text);
    exercise_part_mistake(
        part,
        "not decoded",
        encoded,
        "That is still the base64.",
        "Look each letter up in the table."
    );
    exercise_set_hint(
        exercise,
        "Look up the number of each letter, write it with six bits, and cut the row of bits into "
        "eights from the left."
    );
    exercise_set_try(exercise, "mailwalk explain base64 --decode '%s'", encoded);
}

void exercise_make_base64_decode(Exercise *exercise)
{
    if (exercise->level == 1 || (exercise->level == 3 && exercise_below(exercise, 4) == 0)) {
        make_decoding(exercise);
    } else {
        make_fault(exercise);
    }
}

EXERCISE_DIAGNOSE(base64_decode)
{
    (void)exercise;
    if (part->form != ANSWER_TEXT) {
        return;
    }
    if (g_ascii_strcasecmp(answer, part->key) == 0) {
        verdict->mistake = "swapped upper and lower case";
        exercise_verdict_set(
            &verdict->why,
            "Only upper and lower case differ: look at bit 6 of the letters that are wrong, 0 is a "
            "capital."
        );
    }
}
