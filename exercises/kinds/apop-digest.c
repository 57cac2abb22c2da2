/* Kind 7: the digest of APOP. A tool for MD5 is needed; what goes into it is the exercise. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"

static char *digest(const char *first, const char *second, const char *third)
{
    g_autofree char *text = g_strconcat(first, second, third, NULL);
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
}

static void mistake(ExercisePart *part, const char *name, char *answer, const char *sentence)
{
    exercise_part_mistake(
        part,
        name,
        answer,
        sentence,
        "MD5 of the time stamp, with < and >, and the password right behind it, nothing else."
    );
    g_free(answer);
}

static void
add_mistakes(ExercisePart *part, const char *stamp, const char *password, const char *user)
{
    g_autofree char *inside = g_strndup(stamp + 1, strlen(stamp) - 2);
    mistake(
        part,
        "brackets left out",
        digest(inside, password, ""),
        "The time stamp was taken without its < and >."
    );
    mistake(
        part,
        "password first",
        digest(password, stamp, ""),
        "The password was put before the time stamp."
    );
    mistake(
        part,
        "a line end",
        digest(stamp, password, "\n"),
        "A line end was digested with the text, as `echo` adds one."
    );
    mistake(
        part,
        "a line end",
        digest(stamp, password, "\r\n"),
        "A line end was digested with the text."
    );
    mistake(
        part,
        "a space between",
        digest(stamp, " ", password),
        "A space was put between time stamp and password."
    );
    mistake(
        part, "the password alone", digest(password, "", ""), "Only the password was digested."
    );
    mistake(
        part, "the time stamp alone", digest(stamp, "", ""), "Only the time stamp was digested."
    );
    mistake(part, "the user too", digest(stamp, user, password), "The user was digested too.");
    g_autofree char *sha = g_strconcat(stamp, password, NULL);
    mistake(
        part,
        "another digest",
        g_compute_checksum_for_string(G_CHECKSUM_SHA1, sha, -1),
        "That is SHA-1; APOP uses MD5."
    );
}

static void ask_line(Exercise *exercise, const ExercisePerson *person, const char *hex)
{
    g_autofree char *line = g_strdup_printf("APOP %s %s", person->login, hex);
    ExercisePart *part = exercise_ask(exercise, ANSWER_WORD, line, "The whole line of the client:");
    exercise_part_whole(
        part,
        "the APOP command",
        EXERCISE_RFC(1939, "7"),
        "APOP, the user, the digest in hexadecimal: %s",
        line
    );
    g_autofree char *turned = g_strdup_printf("APOP %s %s", hex, person->login);
    exercise_part_mistake(part, "digest first", turned, "The user comes before the digest.", NULL);
}

void exercise_make_apop_digest(Exercise *exercise)
{
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    g_autofree char *password = exercise_password(exercise);
    g_autofree char *host = exercise_host_name(exercise, person.domain);
    g_autofree char *stamp = g_strdup_printf(
        "<%u.%u@%s>",
        exercise_between(exercise, 100, 32000),
        exercise_below(exercise, 1000000000),
        host
    );
    g_autofree char *hex = digest(stamp, password, "");
    g_autofree char *greeting =
        g_strdup_printf(exercise->level == 1 ? "S: +OK %s" : "S: +OK POP3 server ready %s", stamp);
    exercise_say(
        exercise,
        "%s (user %s) fetches mail with the password \"%s\". The server greets:",
        person.name,
        person.login,
        password
    );
    exercise_show(exercise, greeting);
    ExercisePart *part =
        exercise_ask(exercise, ANSWER_HEX, hex, "The digest that APOP sends, in hexadecimal:");
    exercise_part_whole(
        part, "the digest", EXERCISE_RFC(1939, "7"), "MD5 of \"%s%s\" is %s.", stamp, password, hex
    );
    add_mistakes(part, stamp, password, person.login);
    if (exercise->level >= 2) {
        ask_line(exercise, &person, hex);
    }
    if (exercise->level >= 3) {
        ExercisePart *again = exercise_ask_yes_no(
            exercise, false, "Somebody copies this line. Can they log in with it tomorrow?"
        );
        exercise_part_whole(
            again,
            "why the time stamp changes",
            EXERCISE_RFC(1939, "7"),
            "No: each greeting has another time stamp, so tomorrow's digest is another."
        );
    }
    exercise_set_hint(
        exercise,
        "Try: printf '%%s' '<time stamp>password' | md5sum, with the time stamp as it stands, < "
        "and "
        "> included."
    );
    exercise_set_try(exercise, "mailwalk explain apop '%s' '%s'", greeting + 3, password);
    exercise_people_clear(&person, 1);
}
