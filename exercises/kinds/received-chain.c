/* Kind 22: the way of a message, from its Received fields. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/message/received-field.h"

#define HOPS_MAXIMUM 5
#define START_OF_2026 1767225600

typedef struct {
    char *hosts[HOPS_MAXIMUM + 1]; /* 0: the sender's machine; then the servers in order */
    char *addresses[HOPS_MAXIMUM + 1];
    gint64 times[HOPS_MAXIMUM];
    guint n_hops;
    guint slowest; /* hop with the longest wait before it, from 1 */
} Way;

static void make_way(Exercise *exercise, Way *way, const ExercisePerson *people)
{
    way->n_hops = exercise_between(exercise, 2, 2 + exercise->level);
    gint64 time = START_OF_2026 + exercise_below(exercise, 300 * 86400);
    way->hosts[0] = g_strdup_printf("pc%u.%s", exercise_between(exercise, 1, 99), people[0].domain);
    way->addresses[0] = exercise_address_v4(exercise);
    way->slowest = exercise_between(exercise, 1, way->n_hops - 1);
    for (guint i = 0; i < way->n_hops; i++) {
        const char *domain = i == 0                 ? people[0].domain
                             : i + 1 == way->n_hops ? people[1].domain
                                                    : people[2].domain;
        g_autofree char *host = exercise_host_name(exercise, domain);
        way->hosts[i + 1] = g_strdup_printf("%c%s", (char)('a' + i), host);
        way->addresses[i + 1] = exercise_address_v4(exercise);
        way->times[i] = time;
        bool is_slow = i + 1 == way->slowest;
        time += is_slow ? exercise_between(exercise, 300, 4000) : exercise_between(exercise, 0, 9);
    }
}

static void clear_way(Way *way)
{
    for (guint i = 0; i <= way->n_hops; i++) {
        g_free(way->hosts[i]);
        g_free(way->addresses[i]);
    }
}

static char *header_text(Exercise *exercise, const Way *way, const ExercisePerson *people)
{
    GString *text = g_string_new(NULL);
    for (guint i = way->n_hops; i-- > 0;) {
        g_autofree char *id = exercise_queue_id(exercise);
        g_autofree char *field = received_field_write(&(ReceivedTrace){
            .from_name = way->hosts[i],
            .from_host = way->hosts[i],
            .from_address = way->addresses[i],
            .by_name = way->hosts[i + 1],
            .with = "ESMTP",
            .id = id,
            .for_path = i + 1 == way->n_hops ? people[1].address : NULL,
            .seconds = way->times[i],
            .zone_minutes = (int)exercise_between(exercise, 0, exercise->level - 1) * 60,
        });
        g_string_append(text, field);
    }
    g_autofree char *subject = exercise_subject(exercise);
    g_string_append_printf(
        text, "From: %s\nTo: %s\nSubject: %s\n", people[0].address, people[1].address, subject
    );
    g_auto(GStrv) lines = g_strsplit(text->str, "\r\n", -1);
    g_string_free(text, TRUE);
    return g_strjoinv("\n", lines);
}

static void ask_start(Exercise *exercise, const Way *way)
{
    ExercisePart *start = exercise_ask(
        exercise,
        ANSWER_WORD,
        way->addresses[0],
        "From which IP address did the first server get it?"
    );
    exercise_part_accept(start, "%s", way->hosts[0]);
    exercise_part_whole(
        start,
        "reading from the bottom",
        EXERCISE_RFC(5321, "4.4"),
        "Each server puts its line on top, so the lowest is the first: %s.",
        way->addresses[0]
    );
    const char *top = way->addresses[way->n_hops - 1];
    exercise_part_mistake(
        start,
        "read from the top",
        top,
        "That is the top line, the last hop.",
        "Start at the bottom."
    );
    g_autofree char *key = g_strdup_printf("%u", way->n_hops);
    ExercisePart *hops =
        exercise_ask(exercise, ANSWER_NUMBER, key, "How many servers have handled the message?");
    exercise_part_whole(
        hops, "counting hops", EXERCISE_RFC(5321, "4.4"), "Each of them wrote one line: %s.", key
    );
}

static void ask_wait(Exercise *exercise, const Way *way)
{
    gint64 longest = way->times[way->slowest] - way->times[way->slowest - 1];
    const char *host = way->hosts[way->slowest];
    ExercisePart *where =
        exercise_ask(exercise, ANSWER_WORD, host, "On which server did it wait longest?");
    exercise_part_whole(
        where,
        "where it waited",
        EXERCISE_RFC(5321, "4.4"),
        "Between its line and the one above it lie %" G_GINT64_FORMAT " s: it waited on %s.",
        longest,
        host
    );
    exercise_part_mistake(
        where,
        "the next server",
        way->hosts[way->slowest + 1],
        "That server got it late; it waited on the one before.",
        "The time in a line is when that server got the message."
    );
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, longest);
    ExercisePart *seconds = exercise_ask(exercise, ANSWER_NUMBER, key, "For how many seconds?");
    exercise_part_whole(
        seconds,
        "subtracting times",
        EXERCISE_RFC(5322, "3.3"),
        "The two times, both brought to the same zone, are %s s apart.",
        key
    );
}

static void ask_forged(Exercise *exercise, const Way *way)
{
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        "1",
        "You trust only %s. How many of the Received lines can you be sure of?",
        way->hosts[way->n_hops]
    );
    exercise_part_whole(
        part,
        "what can be forged",
        EXERCISE_RFC(5321, "7.1"),
        "Only the line that your own server wrote, 1: whoever handed the message over could have "
        "made up all below it."
    );
    g_autofree char *all = g_strdup_printf("%u", way->n_hops);
    exercise_part_mistake(
        part, "trusted all", all, "Lines below the top one are what the client claimed.", NULL
    );
}

void exercise_make_received_chain(Exercise *exercise)
{
    ExercisePerson people[3];
    Way way = {0};
    exercise_people(exercise, people, G_N_ELEMENTS(people));
    make_way(exercise, &way, people);
    g_autofree char *text = header_text(exercise, &way, people);
    exercise_say(exercise, "A message arrived with this header.");
    exercise_show(exercise, text);
    ask_start(exercise, &way);
    if (exercise->level >= 2) {
        ask_wait(exercise, &way);
    }
    if (exercise->level >= 3) {
        ask_forged(exercise, &way);
    }
    exercise_set_hint(exercise, "Every server puts its Received line on top of what it got.");
    exercise_set_try(exercise, "mailwalk rfc received");
    clear_way(&way);
    exercise_people_clear(people, G_N_ELEMENTS(people));
}
