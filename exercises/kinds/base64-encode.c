/* Kind 1: a text to base64, by hand. The working (octets, bits, sextets, indices) is judged in
 * base64-working.c; here is the key, letter by letter, and what a result gives away. */

#include "exercises/kinds/kinds.h"

#include "exercises/answer-form.h"
#include "exercises/exercise-maker.h"
#include "exercises/kinds/base64-mistakes.h"
#include "exercises/kinds/base64-working.h"
#include "protocol/encoding/base64-trace.h"

#define TEXT_MAXIMUM 60

static const char *const consonants[] = {
    "B",
    "C",
    "D",
    "F",
    "G",
    "H",
    "J",
    "K",
    "L",
    "M",
    "N",
    "P",
    "R",
    "S",
    "T",
    "V",
    "W",
    "Z",
};
static const char *const vowels[] = {"a", "e", "i", "o", "u", "y"};
static const char *const marks[] = {"!", "?", ".", "+", ":", ";", "%", "#"};
static const char *const accents[] = {"é", "è", "ü", "ö", "ä", "ß", "ñ", "ø", "ç", "å"};

/* "Lev", "Nika": letters as in a name. */
static void append_name(Exercise *exercise, GString *text, guint letters)
{
    for (guint i = 0; i < letters; i++) {
        if (i % 2 == 1) {
            g_string_append(text, EXERCISE_PICK(exercise, vowels));
            continue;
        }
        g_autofree char *letter = g_strdup(EXERCISE_PICK(exercise, consonants));
        letter[0] = i == 0 ? letter[0] : g_ascii_tolower(letter[0]);
        g_string_append(text, letter);
    }
}

static char *make_text(Exercise *exercise)
{
    GString *text = g_string_new(NULL);
    append_name(exercise, text, exercise_between(exercise, 3, exercise->level == 1 ? 4 : 5));
    if (exercise->level >= 3) {
        g_string_append(text, EXERCISE_PICK(exercise, accents));
    }
    if (exercise->level >= 2) {
        g_string_append_c(text, ' ');
        g_string_append_printf(text, "%u", exercise_between(exercise, 1, 9999));
    }
    g_string_append(text, EXERCISE_PICK(exercise, marks));
    return g_string_free(text, FALSE);
}

static char *octet_text(const Base64Group *group)
{
    g_autofree char *octets = byte_span_to_display(byte_span(group->octets, group->n_octets));
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "\"%s\" is ", octets);
    for (guint i = 0; i < group->n_octets; i++) {
        char bits[9];
        base64_octet_bits(group->octets[i], bits);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", bits);
    }
    return g_string_free(text, FALSE);
}

/* How one letter of a group comes about. */
static char *letter_working(const Base64Group *group, guint letter)
{
    g_autofree char *octets = octet_text(group);
    char bits[7];
    base64_sextet_bits(group->sextets[letter], bits);
    bool is_filled = letter + 1 == group->n_sextets && group->n_fill_bits > 0;
    if (is_filled) {
        guint left = 6 - group->n_fill_bits;
        return g_strdup_printf(
            "%s. Its last %u bits (%.*s) are left over; %s ZERO bits fill them up: %s is %u, %c.",
            octets,
            left,
            (int)left,
            bits,
            group->n_fill_bits == 2 ? "two" : "four",
            bits,
            group->sextets[letter],
            group->letters[letter]
        );
    }
    return g_strdup_printf(
        "%s. Bits %u to %u of it are %s, which is %u: %c.",
        octets,
        6 * letter + 1,
        6 * letter + 6,
        bits,
        group->sextets[letter],
        group->letters[letter]
    );
}

static void add_group_steps(ExercisePart *part, const Base64Group *group)
{
    for (guint i = 0; i < group->n_sextets; i++) {
        gsize at = group->letter_offset + i;
        const char *skill = "whole groups of three octets";
        if (group->n_octets < 3) {
            bool is_filled = i + 1 == group->n_sextets;
            skill = is_filled ? "the bits that fill the last sextet" : "the last, shorter group";
        }
        exercise_part_step(
            part,
            skill,
            at,
            at + 1,
            EXERCISE_RFC(4648, "4"),
            g_strdup_printf("letter %zu", at + 1),
            letter_working(group, i)
        );
    }
}

static void add_steps(ExercisePart *part, ByteSpan octets)
{
    gsize count = base64_group_count(octets.length);
    for (gsize i = 0; i < count; i++) {
        Base64Group group = base64_group(octets, i);
        add_group_steps(part, &group);
    }
    gsize n_letters = (octets.length * 8 + 5) / 6;
    if (n_letters % 4 == 0) {
        return;
    }
    exercise_part_step(
        part,
        "padding",
        n_letters,
        base64_encoded_length(octets.length),
        EXERCISE_RFC(4648, "4"),
        g_strdup("the padding"),
        g_strdup(base64_padding_reason(octets.length))
    );
}

void exercise_make_base64_encode(Exercise *exercise)
{
    g_autofree char *text =
        exercise->given != NULL ? g_strndup(exercise->given, TEXT_MAXIMUM) : make_text(exercise);
    ByteSpan octets = byte_span_from_string(text);
    g_autofree char *key = g_base64_encode(octets.data, octets.length);
    exercise_say(exercise, "Write this text in base64, by hand.");
    exercise_show(exercise, text);
    if (exercise->level >= 3) {
        exercise_say(exercise, "The text is UTF-8: a letter with an accent has two octets.");
    }
    ExercisePart *part = exercise_ask(exercise, ANSWER_TOKEN, key, "The text in base64:");
    add_steps(part, octets);
    base64_add_mistakes(part, octets);
    exercise_set_hint(
        exercise,
        "Write each character as eight bits, all bits in one row; cut the row into groups of six "
        "from the left; look each group up in the table of RFC 4648 §4."
    );
    g_autofree char *quoted = g_shell_quote(text);
    exercise_set_try(exercise, "mailwalk explain base64 %s", quoted);
    exercise_set_facts(exercise, g_strdup(text), g_free);
}

EXERCISE_JUDGE(base64_encode)
{
    (void)part;
    return base64_judge_working(byte_span_from_string(exercise->facts), answer, verdict);
}

/* --- a wrong letter --- */

static Base64Group group_of_letter(ByteSpan octets, gsize letter)
{
    return base64_group(octets, letter / 4);
}

static void
diagnose_letter(ExercisePartVerdict *verdict, const Base64Group *group, guint at, char wrote)
{
    g_autofree char *working = letter_working(group, at);
    int sextet = base64_sextet((guint8)wrote);
    guint right = group->sextets[at];
    if (sextet < 0) {
        exercise_verdict_set(
            &verdict->why,
            "%s \"%c\" is not in the alphabet of base64, which has A to Z, a to z, 0 to 9, + and "
            "/.",
            working,
            g_ascii_isprint(wrote) ? wrote : '?'
        );
        return;
    }
    char bits[7];
    base64_sextet_bits((guint8)sextet, bits);
    guint fill = at + 1 == group->n_sextets ? (1u << group->n_fill_bits) - 1 : 0;
    const char *guess = "";
    if ((((guint)sextet ^ right) & ~fill) == 0) {
        guess = ": a one was used to fill";
        verdict->mistake = "filled with ones";
    } else if (g_ascii_tolower(wrote) == g_ascii_tolower(group->letters[at])) {
        guess = ": upper and lower case were swapped";
        verdict->mistake = "swapped upper and lower case";
    } else if ((guint)sextet + 1 == right || (guint)sextet == right + 1) {
        guess = ": one row too far in the table, which counts from 0";
        verdict->mistake = "counted the table from 1";
    }
    exercise_verdict_set(
        &verdict->why, "%s You have %c, %d = %s%s.", working, wrote, sextet, bits, guess
    );
}

EXERCISE_DIAGNOSE(base64_encode)
{
    (void)part;
    (void)answer;
    ByteSpan octets = byte_span_from_string(exercise->facts);
    gsize at = 0;
    while (verdict->wrote[at] != '\0' && verdict->wrote[at] == part->key[at]) {
        at++;
    }
    if (part->key[at] == '\0' || verdict->wrote[at] == '\0' || part->key[at] == '=') {
        return;
    }
    Base64Group group = group_of_letter(octets, at);
    diagnose_letter(verdict, &group, (guint)(at % 4), verdict->wrote[at]);
    g_autofree char *text = g_strndup((const char *)group.octets, group.n_octets);
    if (g_str_is_ascii(text)) {
        g_autofree char *quoted = g_shell_quote(text);
        exercise_verdict_set(&verdict->next, "mailwalk explain base64 %s", quoted);
    }
}
