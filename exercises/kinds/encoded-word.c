/* Kind 5: encoded words of header fields, both ways. Other words for the same text are right as
 * well, as long as the encoding asked for is used. */

#include "exercises/kinds/kinds.h"

#include <string.h>

#include "exercises/exercise-maker.h"
#include "protocol/encoding/base64.h"
#include "protocol/encoding/encoded-word.h"

#define WORD_MAXIMUM 4096

static const char *const words[] = {
    "Crêpes",
    "Café",
    "Käse",
    "Gemüse",
    "Jalapeño",
    "Smørrebrød",
    "Brûlée",
    "Äpfel",
    "Açaí",
    "Müsli",
};

typedef struct {
    bool is_base64;
    const char *charset;
} WordFacts;

static char *make_text(Exercise *exercise)
{
    const char *word = EXERCISE_PICK(exercise, words);
    guint number = exercise_between(exercise, 1, 999);
    if (exercise->level == 1) {
        return g_strdup_printf("%s %u", word, number);
    }
    const char *dish = exercise_dish(exercise);
    if (exercise->level == 2) {
        return g_strdup_printf("%s, %s = %u?", word, dish, number);
    }
    const char *second = EXERCISE_PICK(exercise, words);
    return g_strdup_printf("%s_%u: %s (%s)", word, number, second, dish);
}

static char *octets_in(const char *text, const char *charset, gsize *out_length)
{
    char *octets = g_convert(text, -1, charset, "UTF-8", NULL, out_length, NULL);
    g_assert(octets != NULL);
    return octets;
}

/* The whole text as one word; the texts are short enough for that. */
static char *encode(const char *text, const char *charset, bool is_base64)
{
    gsize length;
    g_autofree char *octets = octets_in(text, charset, &length);
    GString *word = g_string_new(NULL);
    g_string_append_printf(word, "=?%s?%c?", charset, is_base64 ? 'B' : 'Q');
    if (is_base64) {
        g_autofree char *letters = g_base64_encode((const guchar *)octets, length);
        g_string_append(word, letters);
    }
    for (gsize i = 0; !is_base64 && i < length; i++) {
        char q[4];
        encoded_word_q((guint8)octets[i], q);
        g_string_append(word, q);
    }
    g_string_append(word, "?=");
    return g_string_free(word, FALSE);
}

static void add_q_steps(ExercisePart *part, const char *octets, gsize length, gsize at)
{
    for (gsize i = 0; i < length; i++) {
        char q[4];
        guint rule = encoded_word_q((guint8)octets[i], q);
        const char *skill = rule == 1   ? "octets that must be encoded"
                            : rule == 2 ? "the space"
                                        : "characters that stand for themselves";
        gsize size = strlen(q);
        exercise_part_step(
            part,
            skill,
            at,
            at + size,
            EXERCISE_RFC(2047, "4.2"),
            g_strdup_printf("%s", q),
            g_strdup_printf(
                rule == 2 ? "A space (octet %02X) is written %s in a Q word."
                          : "Octet %02X is written %s.",
                (guint8)octets[i],
                q
            )
        );
        at += size;
    }
}

static void add_b_steps(ExercisePart *part, const char *octets, gsize length, gsize at)
{
    for (gsize i = 0; i < length; i += 3) {
        gsize size = MIN(3, length - i);
        g_autofree char *letters = g_base64_encode((const guchar *)octets + i, size);
        GString *hex = g_string_new(NULL);
        for (gsize j = i; j < i + size; j++) {
            g_string_append_printf(hex, " %02X", (guint8)octets[j]);
        }
        exercise_part_step(
            part,
            "base64 of the octets",
            at,
            at + 4,
            EXERCISE_RFC(2047, "4.1"),
            g_strdup(letters),
            g_strdup_printf("The octets%s are %s in base64.", hex->str, letters)
        );
        g_string_free(hex, TRUE);
        at += 4;
    }
}

static void add_encoding_steps(ExercisePart *part, const char *text, const WordFacts *facts)
{
    gsize length;
    g_autofree char *octets = octets_in(text, facts->charset, &length);
    gsize head = strlen("=??B?") + strlen(facts->charset);
    exercise_part_step(
        part,
        "=?charset?encoding?",
        0,
        head,
        EXERCISE_RFC(2047, "2"),
        g_strdup("the beginning of the word"),
        g_strdup_printf(
            "A word begins with =?, the charset, ?, the encoding, ?: %.*s", (int)head, part->key
        )
    );
    (facts->is_base64 ? add_b_steps : add_q_steps)(part, octets, length, head);
    gsize end = strlen(part->key);
    exercise_part_step(
        part,
        "the end of the word",
        end - 2,
        end,
        EXERCISE_RFC(2047, "2"),
        g_strdup("the end of the word"),
        g_strdup("A word ends with ?=.")
    );
}

static void add_encoding_mistakes(ExercisePart *part, const char *text, const WordFacts *facts)
{
    bool is_utf8 = g_ascii_strcasecmp(facts->charset, "utf-8") == 0;
    g_autofree char *mixed = encode(text, is_utf8 ? "iso-8859-1" : "utf-8", facts->is_base64);
    g_autofree char *label = g_strdup_printf("=?%s%s", facts->charset, strchr(mixed + 2, '?'));
    exercise_part_mistake(
        part,
        "octets of another charset",
        label,
        "The octets are those of another charset than the word says.",
        "In UTF-8 a letter with an accent has two octets, in ISO-8859-1 one."
    );
    g_autofree char *spaced = g_strdelimit(g_strdup(part->key), "_", ' ');
    exercise_part_mistake(
        part,
        "a space inside the word",
        spaced,
        "There is a space inside the word; a word ends at white space.",
        "Write the space as _ or =20."
    );
    gsize head = strlen("=??B?") + strlen(facts->charset);
    g_autofree char *bare = g_strndup(part->key + head, strlen(part->key) - head - 2);
    exercise_part_mistake(
        part,
        "no delimiters",
        bare,
        "The text is encoded, but =?charset?encoding? before it and ?= behind it are missing.",
        "Without them a reader does not know that anything is encoded."
    );
}

static void make_encoding(Exercise *exercise, const char *text, const WordFacts *facts)
{
    g_autofree char *key = encode(text, facts->charset, facts->is_base64);
    exercise_say(
        exercise,
        "Write this Subject as an encoded word of charset %s with encoding %s.",
        facts->charset,
        facts->is_base64 ? "B" : "Q"
    );
    exercise_show(exercise, text);
    ExercisePart *part = exercise_ask(exercise, ANSWER_TEXT, key, "Subject:");
    add_encoding_steps(part, text, facts);
    add_encoding_mistakes(part, text, facts);
    exercise_set_try(
        exercise,
        "mailwalk explain word --charset %s --encoding %s '%s'",
        facts->charset,
        facts->is_base64 ? "B" : "Q",
        text
    );
}

static void make_decoding(Exercise *exercise, const char *text, const WordFacts *facts)
{
    g_autofree char *encoded = encode(text, facts->charset, facts->is_base64);
    g_autofree char *field = g_strdup_printf("Subject: %s", encoded);
    exercise_say(exercise, "A message has this field. What does a mail program show?");
    exercise_show(exercise, field);
    ExercisePart *part = exercise_ask(exercise, ANSWER_TEXT, text, "Subject:");
    g_auto(GStrv) pieces = g_strsplit(text, " ", -1);
    gsize at = 0;
    for (gsize i = 0; pieces[i] != NULL; i++) {
        gsize length = (gsize)g_utf8_strlen(pieces[i], -1) + (i == 0 ? 0 : 1);
        g_autofree char *word = encode(pieces[i], facts->charset, facts->is_base64);
        exercise_part_step(
            part,
            g_str_is_ascii(pieces[i]) ? "plain words" : "letters beyond ASCII",
            at,
            at + length,
            EXERCISE_RFC(2047, "4"),
            g_strdup_printf("\"%s\"", pieces[i]),
            g_strdup_printf("\"%s\" alone would be %s", pieces[i], word)
        );
        at += length;
    }
    g_autofree char *underscored = g_strdelimit(g_strdup(text), " ", '_');
    exercise_part_mistake(
        part, "left _ as it is", underscored, "In a Q word _ is a space.", "Write a space."
    );
    exercise_part_mistake(
        part,
        "nothing decoded",
        encoded,
        "That is still encoded.",
        "Decode what stands between the ?."
    );
    exercise_set_try(exercise, "mailwalk explain word --decode '%s'", encoded);
}

void exercise_make_encoded_word(Exercise *exercise)
{
    WordFacts *facts = g_new0(WordFacts, 1);
    exercise_set_facts(exercise, facts, g_free);
    facts->is_base64 = exercise_toss(exercise);
    facts->charset = exercise->level >= 2 && exercise_toss(exercise) ? "iso-8859-1" : "utf-8";
    g_autofree char *text = make_text(exercise);
    if (exercise_toss(exercise)) {
        make_encoding(exercise, text, facts);
    } else {
        make_decoding(exercise, text, facts);
    }
    exercise_set_hint(
        exercise,
        "A word is =?charset?encoding?text?=. B is base64; in Q a space is _ and other octets are "
        "'=' and two hexadecimal digits."
    );
}

/* Readers of mail skip letters that are not of the alphabet (RFC 2045 §6.8); writers may not rely
 * on it. */
static bool is_strict(const EncodedWord *word)
{
    guint8 octets[ENCODED_WORD_MAXIMUM];
    return !word->is_base64 || base64_decode_to(word->text, octets, sizeof octets, NULL) >= 0;
}

EXERCISE_ACCEPTS(encoded_word)
{
    const WordFacts *facts = exercise->facts;
    if (!g_str_has_prefix(part->key, "=?")) {
        return false;
    }
    ByteSpan text = byte_span_trim(byte_span_from_string(answer));
    gsize at = 0;
    EncodedWord word;
    while (at < text.length && encoded_word_find(text, at, &word)) {
        bool is_at_start =
            byte_span_trim(byte_span_slice(text, at, (gsize)(word.whole.data - text.data) - at))
                .length == 0;
        bool is_of_charset = byte_span_is_nocase(word.charset, facts->charset);
        if (!is_at_start || word.is_base64 != facts->is_base64 || !is_of_charset ||
            word.fault != ENCODED_WORD_FAULT_NONE || !is_strict(&word)) {
            return false;
        }
        at = (gsize)(word.whole.data - text.data) + word.whole.length;
    }
    g_autofree char *given = encoded_words_decode(text);
    g_autofree char *wanted = encoded_words_decode(byte_span_from_string(part->key));
    return at == text.length && at > 0 && strcmp(given, wanted) == 0;
}
