/* Kind 8: is this an address, and which character breaks a rule? The judge of protocol/address
 * knows. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/address/address-judge.h"

/* An example of each fault and of each rarer right form. */
typedef enum {
    FORM_PLAIN,
    FORM_TAGGED,
    FORM_TWO_DOTS,
    FORM_DOT_FIRST,
    FORM_DOT_LAST,
    FORM_TWO_AT,
    FORM_NO_AT,
    FORM_SPACE,
    FORM_UNDERSCORE,
    FORM_HYPHEN,
    FORM_DOMAIN_DOTS,
    FORM_PUNCTUATION,
    N_FORMS_LEVEL_1,
    FORM_QUOTED = N_FORMS_LEVEL_1,
    FORM_QUOTED_AT,
    FORM_HALF_QUOTED,
    FORM_BRACKET,
    FORM_LITERAL,
    FORM_LITERAL_WRONG,
    FORM_COMMA,
    FORM_BACKSLASH,
    N_FORMS_LEVEL_2,
    FORM_COMMENT = N_FORMS_LEVEL_2,
    FORM_OPEN_QUOTE,
    FORM_QUOTED_PAIR,
    FORM_QUOTED_DOT,
    FORM_LITERAL_6,
    FORM_LITERAL_6_WRONG,
    FORM_LONG_LOCAL,
    FORM_LONG_LABEL,
    N_FORMS_LEVEL_3,
} AddressForm;

/* $u: the login, $w: a word, $d: the domain, $n: a number, $x: in hexadecimal, $o: an octet, $O:
 * more than an octet holds, $$: a dollar. */
static const char *const patterns[N_FORMS_LEVEL_3] = {
    [FORM_PLAIN] = "$u.$w@$d",
    [FORM_TAGGED] = "$u+$w@$d",
    [FORM_TWO_DOTS] = "$u..$w@$d",
    [FORM_DOT_FIRST] = ".$u-$w@$d",
    [FORM_DOT_LAST] = "$u.$w.@$d",
    [FORM_TWO_AT] = "$u@$w@$d",
    [FORM_NO_AT] = "$u.$w.$d",
    [FORM_SPACE] = "$u $w@$d",
    [FORM_UNDERSCORE] = "$u@$w_$n.$d",
    [FORM_HYPHEN] = "$u@-$w.$d",
    [FORM_DOMAIN_DOTS] = "$u@$w..$d",
    [FORM_PUNCTUATION] = "$u/$w=$n!#$$%@$d",
    [FORM_QUOTED] = "\"$u $w\"@$d",
    [FORM_QUOTED_AT] = "\"$u@$w\"@$d",
    [FORM_HALF_QUOTED] = "$u\"$w\"@$d",
    [FORM_BRACKET] = "$u[$w]@$d",
    [FORM_LITERAL] = "$u.$w@[192.0.2.$o]",
    [FORM_LITERAL_WRONG] = "$u.$w@[192.0.2.$O]",
    [FORM_COMMA] = "$u,$w@$d",
    [FORM_BACKSLASH] = "$u\\$w@$d",
    [FORM_COMMENT] = "$u($w)@$d",
    [FORM_OPEN_QUOTE] = "\"$u.$w@$d",
    [FORM_QUOTED_PAIR] = "\"$u\\\"$w\"@$d",
    [FORM_QUOTED_DOT] = "$u.\"$w\"@$d",
    [FORM_LITERAL_6] = "$u.$w@[IPv6:2001:db8::$x]",
    [FORM_LITERAL_6_WRONG] = "$u.$w@[2001:db8::$x]",
    [FORM_LONG_LOCAL] = "$u-$w-0123456789012345678901234567890123456789012345678901@$d",
    [FORM_LONG_LABEL] = "$u@$w-0123456789012345678901234567890123456789012345678901234567.$d",
};

typedef struct {
    const char *user;
    const char *word;
    const char *domain;
    guint number;
} AddressWords;

static void append_word(GString *address, char letter, const AddressWords *words)
{
    switch (letter) {
    case 'u':
        g_string_append_printf(address, "%s%u", words->user, words->number);
        break;
    case 'w':
        g_string_append(address, words->word);
        break;
    case 'd':
        g_string_append(address, words->domain);
        break;
    case 'n':
        g_string_append_printf(address, "%u", words->number);
        break;
    case 'x':
        g_string_append_printf(address, "%x", words->number);
        break;
    case 'o':
        g_string_append_printf(address, "%u", words->number % 256);
        break;
    case 'O':
        g_string_append_printf(address, "%u", 256 + words->number % 700);
        break;
    default:
        g_string_append_c(address, letter);
    }
}

static char *make_address(AddressForm form, const AddressWords *words)
{
    GString *address = g_string_new(NULL);
    for (const char *at = patterns[form]; *at != '\0'; at++) {
        if (*at == '$') {
            append_word(address, *++at, words);
        } else {
            g_string_append_c(address, *at);
        }
    }
    return g_string_free(address, FALSE);
}

static void ask_place(Exercise *exercise, const char *address, const AddressVerdict *verdict)
{
    gsize place = verdict->is_valid ? 0 : verdict->position + 1;
    g_autofree char *key = g_strdup_printf("%zu", place);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        key,
        "Which is the first character that breaks a rule of the envelope? Count from 1; the place "
        "behind the last character if something is missing at the end; 0 if it is valid."
    );
    g_autofree char *from_zero = g_strdup_printf("%zu", verdict->position);
    if (!verdict->is_valid) {
        exercise_part_mistake(
            part, "counted from 0", from_zero, "That counts from 0.", "The first character is 1."
        );
    }
    exercise_part_whole(
        part,
        "finding the character",
        verdict->is_valid ? EXERCISE_RFC(5321, "4.1.2") : verdict->reference,
        verdict->is_valid ? "%s keeps all rules (place %s).%s" : "%s, place %s: %s",
        address,
        key,
        verdict->is_valid ? "" : verdict->sentence
    );
}

static const char *sentence_of(const AddressVerdict *verdict)
{
    return verdict->is_valid ? "It keeps all rules." : verdict->sentence;
}

void exercise_make_address(Exercise *exercise)
{
    static const guint n_forms[EXERCISE_LEVELS] = {
        N_FORMS_LEVEL_1, N_FORMS_LEVEL_2, N_FORMS_LEVEL_3};
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    AddressForm form = exercise_below(exercise, n_forms[exercise->level - 1]);
    AddressWords words = {.user = person.login, .domain = person.domain};
    words.word = exercise_dish(exercise); /* drawn first: a seed keeps its exercise */
    words.number = exercise_between(exercise, 1, 9999);
    g_autofree char *address = make_address(form, &words);
    AddressVerdict envelope = address_judge(ADDRESS_SMTP, byte_span_from_string(address));
    AddressVerdict header = address_judge(ADDRESS_MESSAGE, byte_span_from_string(address));
    exercise_say(exercise, "Somebody gives this as a mail address.");
    exercise_show(exercise, address);
    ExercisePart *valid = exercise_ask_yes_no(
        exercise, envelope.is_valid, "May it stand in the envelope: MAIL FROM or RCPT TO?"
    );
    exercise_part_whole(
        valid, "valid in the envelope", EXERCISE_RFC(5321, "4.1.2"), "%s", sentence_of(&envelope)
    );
    ask_place(exercise, address, &envelope);
    if (exercise->level >= 2) {
        ExercisePart *readable = exercise_ask_yes_no(
            exercise, header.is_valid, "May it be written in a header field such as From?"
        );
        exercise_part_whole(
            readable,
            "valid in a header field",
            EXERCISE_RFC(5322, "3.4.1"),
            "%s",
            sentence_of(&header)
        );
    }
    exercise_set_hint(
        exercise,
        "Before the @: words of letters, digits and ! # $ %% & ' * + - / = ? ^ _ ` { | } ~ with "
        "single dots between them, or all in quotes. Behind it: labels of letters, digits and "
        "hyphens, or an address literal in brackets."
    );
    g_autofree char *quoted = g_shell_quote(address);
    exercise_set_try(exercise, "mailwalk explain address %s", quoted);
    exercise_people_clear(&person, 1);
}
