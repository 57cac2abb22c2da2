/* Kind 16: fetch only what is small. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "exercises/kinds/number-set.h"

#define MESSAGES_MAXIMUM 12

typedef struct {
    guint sizes[MESSAGES_MAXIMUM];
    guint count;
    guint limit;
} Listing;

static guint32 bits_under(const Listing *listing, guint limit, bool with_limit)
{
    guint32 bits = 0;
    for (guint i = 0; i < listing->count; i++) {
        bool is_under = with_limit ? listing->sizes[i] <= limit : listing->sizes[i] < limit;
        bits |= is_under ? 1u << i : 0;
    }
    return bits;
}

static guint sum_of(const Listing *listing, guint32 bits)
{
    guint sum = 0;
    for (guint i = 0; i < listing->count; i++) {
        sum += (bits & 1u << i) != 0 ? listing->sizes[i] : 0;
    }
    return sum;
}

static void make_listing(Exercise *exercise, Listing *listing)
{
    listing->count = exercise_between(exercise, 4, 5 + 2 * exercise->level);
    listing->limit = exercise_between(exercise, 3, 9) * 1000;
    for (guint i = 0; i < listing->count; i++) {
        guint near = exercise_between(exercise, listing->limit - 400, listing->limit + 400);
        listing->sizes[i] = exercise_toss(exercise) ? near : exercise_between(exercise, 300, 60000);
    }
    if (exercise->level >= 2) {
        listing->sizes[exercise_below(exercise, listing->count)] = listing->limit;
    }
}

static char *listing_text(const Listing *listing)
{
    GString *text = g_string_new("C: LIST\n");
    g_string_append_printf(text, "S: +OK %u messages\n", listing->count);
    for (guint i = 0; i < listing->count; i++) {
        g_string_append_printf(text, "S: %u %u\n", i + 1, listing->sizes[i]);
    }
    g_string_append(text, "S: .\n");
    return g_string_free(text, FALSE);
}

static void ask_which(Exercise *exercise, const Listing *listing, guint32 bits)
{
    g_autofree char *key = number_set_text(bits);
    g_autofree char *with_limit = number_set_text(bits_under(listing, listing->limit, true));
    g_autofree char *kibibytes =
        number_set_text(bits_under(listing, listing->limit / 1000 * 1024, false));
    g_autofree char *others = number_set_text(((1u << listing->count) - 1) & ~bits);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_SET,
        key,
        "Which messages does it fetch, if it takes only those under %u octets? \"none\" if none.",
        listing->limit
    );
    number_set_steps(
        part, bits, "reading LIST", EXERCISE_RFC(1939, "5"), "number, then size in octets."
    );
    part->extra = "Each line has the number, then the size in octets: this one is not under it.";
    exercise_part_mistake(
        part,
        "the limit counted in",
        with_limit,
        "A message of just that size is not under it.",
        "Leave it out."
    );
    exercise_part_mistake(
        part,
        "took K as 1024",
        kibibytes,
        "The limit was taken times 1.024.",
        "It is given in octets."
    );
    exercise_part_mistake(
        part,
        "the other ones",
        others,
        "Those are the ones that are not under it.",
        "Take the small ones."
    );
}

static void ask_numbers(Exercise *exercise, const Listing *listing, guint32 bits)
{
    guint sum = sum_of(listing, bits);
    guint left = sum_of(listing, ~bits);
    guint n_left = listing->count;
    for (guint i = 0; i < listing->count; i++) {
        n_left -= (bits & 1u << i) != 0 ? 1 : 0;
    }
    g_autofree char *sum_text = g_strdup_printf("%u", sum);
    g_autofree char *all_text = g_strdup_printf("%u", sum + left);
    ExercisePart *total =
        exercise_ask(exercise, ANSWER_NUMBER, sum_text, "How many octets are these together?");
    exercise_part_whole(
        total,
        "adding sizes",
        EXERCISE_RFC(1939, "5"),
        "The sizes of the messages fetched: %u.",
        sum
    );
    exercise_part_mistake(
        total, "all messages", all_text, "All messages were added.", "Only those fetched."
    );
    if (exercise->level < 2) {
        return;
    }
    g_autofree char *key = g_strdup_printf("+OK %u %u", n_left, left);
    ExercisePart *stat = exercise_ask(
        exercise,
        ANSWER_WORD,
        key,
        "It deletes (DELE) what it has fetched and then says STAT. What is the answer?"
    );
    exercise_part_accept(stat, "%u %u", n_left, left);
    exercise_part_whole(
        stat,
        "STAT after DELE",
        EXERCISE_RFC(1939, "5"),
        "STAT leaves out what is marked: %u messages of %u octets are left.",
        n_left,
        left
    );
    g_autofree char *unmarked = g_strdup_printf("+OK %u %u", listing->count, sum + left);
    exercise_part_mistake(
        stat, "counted the marked ones", unmarked, "Marked messages were counted too.", NULL
    );
}

static void ask_top(Exercise *exercise, const Listing *listing)
{
    guint number = exercise_between(exercise, 1, listing->count);
    g_autofree char *key = g_strdup_printf("TOP %u 0", number);
    ExercisePart *top = exercise_ask(
        exercise,
        ANSWER_WORD,
        key,
        "Which command shows the header of message %u and nothing of its body?",
        number
    );
    exercise_part_whole(
        top,
        "TOP",
        EXERCISE_RFC(1939, "7"),
        "TOP, the message, and how many lines of the body: %s.",
        key
    );
    g_autofree char *bare = g_strdup_printf("TOP %u", number);
    g_autofree char *retr = g_strdup_printf("RETR %u", number);
    exercise_part_mistake(
        top, "no number of lines", bare, "TOP needs the number of lines too.", NULL
    );
    exercise_part_mistake(top, "RETR", retr, "RETR sends all of the message.", NULL);
}

void exercise_make_pop3_select(Exercise *exercise)
{
    Listing listing;
    make_listing(exercise, &listing);
    guint32 bits = bits_under(&listing, listing.limit, false);
    g_autofree char *text = listing_text(&listing);
    exercise_say(exercise, "A client on a slow line looks first at what is there.");
    exercise_show(exercise, text);
    ask_which(exercise, &listing, bits);
    ask_numbers(exercise, &listing, bits);
    if (exercise->level >= 3) {
        ask_top(exercise, &listing);
    }
    exercise_set_hint(
        exercise, "A line of LIST is the number of a message and its size in octets."
    );
    exercise_set_try(exercise, "mailwalk rfc pop3 list");
}
