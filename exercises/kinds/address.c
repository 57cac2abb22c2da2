/* Kind 8: is this an address, and which character breaks a rule? The judge of protocol/address
 * knows. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/address/address-judge.h"

/* %s: login, %s: a word, %s: domain; an example of each fault and of each rarer right form. */
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

static char *
make_address(AddressForm form, const char *user, const char *word, const char *domain, guint number)
{
    g_autofree char *dot = g_strdup_printf("%s%u", user, number);
    user = dot;
    switch (form) {
    case FORM_PLAIN:
        return g_strdup_printf("%s.%s@%s", user, word, domain);
    case FORM_TAGGED:
        return g_strdup_printf("%s+%s@%s", user, word, domain);
    case FORM_TWO_DOTS:
        return g_strdup_printf("%s..%s@%s", user, word, domain);
    case FORM_DOT_FIRST:
        return g_strdup_printf(".%s-%s@%s", user, word, domain);
    case FORM_DOT_LAST:
        return g_strdup_printf("%s.%s.@%s", user, word, domain);
    case FORM_TWO_AT:
        return g_strdup_printf("%s@%s@%s", user, word, domain);
    case FORM_NO_AT:
        return g_strdup_printf("%s.%s.%s", user, word, domain);
    case FORM_SPACE:
        return g_strdup_printf("%s %s@%s", user, word, domain);
    case FORM_UNDERSCORE:
        return g_strdup_printf("%s@%s_%u.%s", user, word, number, domain);
    case FORM_HYPHEN:
        return g_strdup_printf("%s@-%s.%s", user, word, domain);
    case FORM_DOMAIN_DOTS:
        return g_strdup_printf("%s@%s..%s", user, word, domain);
    case FORM_PUNCTUATION:
        return g_strdup_printf("%s/%s=%u!#$%%@%s", user, word, number, domain);
    case FORM_QUOTED:
        return g_strdup_printf("\"%s %s\"@%s", user, word, domain);
    case FORM_QUOTED_AT:
        return g_strdup_printf("\"%s@%s\"@%s", user, word, domain);
    case FORM_HALF_QUOTED:
        return g_strdup_printf("%s\"%s\"@%s", user, word, domain);
    case FORM_BRACKET:
        return g_strdup_printf("%s[%s]@%s", user, word, domain);
    case FORM_LITERAL:
        return g_strdup_printf("%s.%s@[192.0.2.%u]", user, word, number % 256);
    case FORM_LITERAL_WRONG:
        return g_strdup_printf("%s.%s@[192.0.2.%u]", user, word, 256 + number % 700);
    case FORM_COMMA:
        return g_strdup_printf("%s,%s@%s", user, word, domain);
    case FORM_BACKSLASH:
        return g_strdup_printf("%s\\%s@%s", user, word, domain);
    case FORM_COMMENT:
        return g_strdup_printf("%s(%s)@%s", user, word, domain);
    case FORM_OPEN_QUOTE:
        return g_strdup_printf("\"%s.%s@%s", user, word, domain);
    case FORM_QUOTED_PAIR:
        return g_strdup_printf("\"%s\\\"%s\"@%s", user, word, domain);
    case FORM_QUOTED_DOT:
        return g_strdup_printf("%s.\"%s\"@%s", user, word, domain);
    case FORM_LITERAL_6:
        return g_strdup_printf("%s.%s@[IPv6:2001:db8::%x]", user, word, number);
    case FORM_LITERAL_6_WRONG:
        return g_strdup_printf("%s.%s@[2001:db8::%x]", user, word, number);
    case FORM_LONG_LOCAL:
        return g_strdup_printf(
            "%s-%s-0123456789012345678901234567890123456789012345678901@%s", user, word, domain
        );
    case FORM_LONG_LABEL:
        return g_strdup_printf(
            "%s@%s-0123456789012345678901234567890123456789012345678901234567.%s",
            user,
            word,
            domain
        );
    case N_FORMS_LEVEL_3:
        break;
    }
    g_assert_not_reached();
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
    const char *word = exercise_dish(exercise);
    g_autofree char *address =
        make_address(form, person.login, word, person.domain, exercise_between(exercise, 1, 9999));
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
