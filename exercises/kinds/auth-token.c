/* Kind 6: what AUTH PLAIN and AUTH LOGIN send, both ways. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/encoding/base64.h"

static char *encode(const char *text, gsize length)
{
    return g_base64_encode((const guchar *)text, length);
}

static char *encode_string(const char *text)
{
    return encode(text, strlen(text));
}

/* Fields with NULs between them, in base64. */
static char *encode_fields(const char *first, const char *second, const char *third)
{
    g_autoptr(GString) octets = g_string_new(first);
    g_string_append_c(octets, '\0');
    g_string_append(octets, second);
    if (third != NULL) {
        g_string_append_c(octets, '\0');
        g_string_append(octets, third);
    }
    return encode(octets->str, octets->len);
}

static void add_letter_steps(ExercisePart *part, const char *skill, RfcReference reference)
{
    gsize length = strlen(part->key);
    for (gsize i = 0; i < length; i += 4) {
        gsize n_octets;
        g_autofree char *letters = g_strndup(part->key + i, 4);
        g_autofree guchar *octets = g_base64_decode(letters, &n_octets);
        GString *working = g_string_new(NULL);
        for (gsize j = 0; j < n_octets; j++) {
            g_string_append_printf(
                working, octets[j] == 0 ? "%sNUL" : "%s%c", j == 0 ? "" : " ", octets[j]
            );
        }
        exercise_part_step(
            part,
            skill,
            i,
            i + 4,
            reference,
            g_strdup_printf("letters %zu to %zu", i + 1, i + 4),
            g_strdup_printf("%s are %s in base64.", working->str, letters)
        );
        g_string_free(working, TRUE);
    }
}

static void plain_mistake(ExercisePart *part, const char *name, char *answer, const char *sentence)
{
    exercise_part_mistake(
        part,
        name,
        answer,
        sentence,
        "The message is authorization identity (mostly empty), NUL, user, NUL, password."
    );
    g_free(answer);
}

static void add_plain_mistakes(ExercisePart *part, const char *user, const char *password)
{
    g_autofree char *joined = g_strconcat(user, password, NULL);
    g_autofree char *spaced = g_strjoin(" ", user, password, NULL);
    g_autofree char *colon = g_strjoin(":", user, password, NULL);
    g_autofree char *escaped = g_strjoin("\\0", "", user, password, NULL);
    g_autofree char *line = g_strconcat(password, "\n", NULL);
    plain_mistake(part, "no NULs", encode_string(joined), "The NULs are missing.");
    plain_mistake(
        part, "spaces for NULs", encode_string(spaced), "There is a space where NUL must be."
    );
    plain_mistake(
        part,
        "a colon for NUL",
        encode_string(colon),
        "User and password are parted by a colon, as in HTTP; PLAIN has NULs."
    );
    plain_mistake(
        part,
        "backslash zero",
        encode_string(escaped),
        "A backslash and a zero were encoded, not the octet NUL."
    );
    plain_mistake(
        part,
        "the first NUL is missing",
        encode_fields(user, password, NULL),
        "The first NUL is missing: the empty authorization identity has one behind it."
    );
    plain_mistake(
        part, "password first", encode_fields("", password, user), "User and password are swapped."
    );
    plain_mistake(
        part,
        "a line end",
        encode_fields("", user, line),
        "A line end was encoded with the password."
    );
}

static void make_plain(Exercise *exercise, const ExercisePerson *person, const char *password)
{
    const char *identity = exercise->level >= 3 ? "postmaster" : "";
    g_autofree char *key = encode_fields(identity, person->login, password);
    exercise_say(
        exercise,
        "%s logs in by AUTH PLAIN. User: %s, password: %s%s%s.",
        person->name,
        person->login,
        password,
        identity[0] == '\0' ? "" : ", on behalf of (authorization identity): ",
        identity
    );
    ExercisePart *part =
        exercise_ask(exercise, ANSWER_TOKEN, key, "What stands behind \"AUTH PLAIN \"?");
    if (identity[0] == '\0') {
        g_autofree char *same = encode_fields(person->login, person->login, password);
        exercise_part_accept(part, "%s", same);
    }
    add_letter_steps(part, "the PLAIN message in base64", EXERCISE_RFC(4616, "2"));
    add_plain_mistakes(part, person->login, password);
    exercise_set_try(exercise, "mailwalk explain auth-plain %s %s", person->login, password);
}

static void ask_credentials(
    Exercise *exercise, const ExercisePerson *person, const char *password, RfcReference reference
)
{
    ExercisePart *user = exercise_ask(exercise, ANSWER_TEXT, person->login, "User:");
    exercise_part_whole(user, "decoding the user", reference, "The user is %s.", person->login);
    exercise_part_mistake(
        user, "swapped", password, "That is the password.", "The user comes first."
    );
    ExercisePart *secret = exercise_ask(exercise, ANSWER_TEXT, password, "Password:");
    exercise_part_mistake(
        secret, "swapped", person->login, "That is the user.", "The password comes last."
    );
    exercise_part_whole(
        secret, "decoding the password", reference, "The password is %s.", password
    );
}

static void read_plain(Exercise *exercise, const ExercisePerson *person, const char *password)
{
    g_autofree char *token = encode_fields("", person->login, password);
    g_autofree char *line = g_strdup_printf("C: AUTH PLAIN %s\nS: 235 2.7.0 Accepted", token);
    exercise_say(exercise, "Somebody on the same network captured these lines.");
    exercise_show(exercise, line);
    ask_credentials(exercise, person, password, EXERCISE_RFC(4616, "2"));
    exercise_set_try(exercise, "mailwalk explain base64 --decode %s", token);
}

static void read_login(Exercise *exercise, const ExercisePerson *person, const char *password)
{
    g_autofree char *user = encode_string(person->login);
    g_autofree char *secret = encode_string(password);
    g_autofree char *lines = g_strdup_printf(
        "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: %s\nS: 334 UGFzc3dvcmQ6\nC: %s\n"
        "S: 235 2.7.0 Accepted",
        user,
        secret
    );
    exercise_say(exercise, "Somebody on the same network captured these lines.");
    exercise_show(exercise, lines);
    ExercisePart *asked = exercise_ask(
        exercise, ANSWER_TEXT, "Username:", "What does the server ask with \"334 VXNlcm5hbWU6\"?"
    );
    exercise_part_accept(asked, "Username");
    exercise_part_whole(
        asked,
        "decoding the challenge",
        EXERCISE_RFC(4954, "4"),
        "VXNlcm5hbWU6 is base64 for Username:"
    );
    ask_credentials(exercise, person, password, EXERCISE_RFC(4954, "4"));
    exercise_set_try(exercise, "mailwalk explain base64 --decode %s", secret);
}

static void write_login(Exercise *exercise, const ExercisePerson *person, const char *password)
{
    g_autofree char *user = encode_string(person->login);
    g_autofree char *secret = encode_string(password);
    exercise_say(
        exercise,
        "%s logs in by AUTH LOGIN. User: %s, password: %s.",
        person->name,
        person->login,
        password
    );
    ExercisePart *first = exercise_ask(
        exercise, ANSWER_TOKEN, user, "The answer to \"334 VXNlcm5hbWU6\" (Username:):"
    );
    add_letter_steps(first, "the user in base64", EXERCISE_RFC(4648, "4"));
    exercise_part_mistake(
        first, "not encoded", person->login, "The user was not encoded.", "LOGIN sends base64."
    );
    ExercisePart *second = exercise_ask(
        exercise, ANSWER_TOKEN, secret, "The answer to \"334 UGFzc3dvcmQ6\" (Password:):"
    );
    add_letter_steps(second, "the password in base64", EXERCISE_RFC(4648, "4"));
    exercise_part_mistake(
        second, "not encoded", password, "The password was not encoded.", "LOGIN sends base64."
    );
    exercise_set_try(exercise, "mailwalk explain base64 %s", person->login);
}

void exercise_make_auth_token(Exercise *exercise)
{
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    g_autofree char *password = exercise_password(exercise);
    bool is_reading = exercise_toss(exercise);
    if (exercise->level == 1) {
        (is_reading ? read_login : write_login)(exercise, &person, password);
    } else {
        (is_reading && exercise->level == 2 ? read_plain : make_plain)(exercise, &person, password);
    }
    exercise_set_hint(
        exercise,
        "Both are base64. LOGIN sends user and password one after another; PLAIN sends one message "
        "with a NUL before the user and one before the password."
    );
    exercise_people_clear(&person, 1);
}
