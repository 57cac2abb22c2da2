/* Kind 20: in which order a sender tries the mail exchangers of a domain. */

#include "exercises/kinds/kinds.h"

#include "exercises/answer-form.h"
#include "exercises/exercise-maker.h"

#define TARGETS_MAXIMUM 6

typedef struct {
    guint preference;
    char *name;
} Target;

typedef struct {
    Target targets[TARGETS_MAXIMUM]; /* in the order of trying */
    guint count;
} Route;

static void free_route(gpointer data)
{
    Route *route = data;
    for (guint i = 0; i < TARGETS_MAXIMUM; i++) {
        g_free(route->targets[i].name);
    }
    g_free(route);
}

static gint compare_targets(gconstpointer left, gconstpointer right, gpointer data)
{
    const Target *a = left;
    const Target *b = right;
    (void)data;
    return a->preference == b->preference ? strcmp(a->name, b->name)
                                          : (a->preference < b->preference ? -1 : 1);
}

static void make_targets(Exercise *exercise, Route *route, const char *domain)
{
    static const guint preferences[] = {1, 5, 10, 20, 30, 50, 100, 200};
    route->count = exercise_between(exercise, 3, exercise->level == 1 ? 4 : 5);
    guint first = exercise_between(exercise, 1, 90);
    for (guint i = 0; i < route->count; i++) {
        route->targets[i].preference =
            preferences[exercise_below(exercise, G_N_ELEMENTS(preferences))];
        route->targets[i].name = g_strdup_printf("mx%u.%s", first + i, domain);
    }
    g_qsort_with_data(route->targets, (gint)route->count, sizeof(Target), compare_targets, NULL);
}

/* Level 3: the sender is one of them; it and all that are not better are left out. */
static char *leave_out_own(Exercise *exercise, Route *route)
{
    guint own = exercise_between(exercise, 1, route->count - 1);
    guint preference = route->targets[own].preference;
    char *name = g_strdup(route->targets[own].name);
    for (guint i = 0; i < TARGETS_MAXIMUM; i++) {
        if (i < route->count && route->targets[i].preference >= preference) {
            g_clear_pointer(&route->targets[i].name, g_free);
        }
    }
    guint kept = 0;
    while (kept < route->count && route->targets[kept].name != NULL) {
        kept++;
    }
    route->count = kept;
    return name;
}

static char *records_text(Exercise *exercise, const Route *route, const char *domain)
{
    guint order[TARGETS_MAXIMUM];
    for (guint i = 0; i < route->count; i++) {
        order[i] = i;
    }
    exercise_shuffle(exercise, order, route->count);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < route->count; i++) {
        const Target *target = &route->targets[order[i]];
        g_string_append_printf(
            text, "%s.  3600  IN  MX  %u %s.\n", domain, target->preference, target->name
        );
    }
    return g_string_free(text, FALSE);
}

static char *names_of(const Target *targets, guint count, bool backwards)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        const Target *target = &targets[backwards ? count - 1 - i : i];
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", target->name);
    }
    return g_string_free(text, FALSE);
}

static gint compare_as_text(gconstpointer left, gconstpointer right, gpointer data)
{
    char a[12];
    char b[12];
    (void)data;
    g_snprintf(a, sizeof a, "%u", ((const Target *)left)->preference);
    g_snprintf(b, sizeof b, "%u", ((const Target *)right)->preference);
    return strcmp(a, b);
}

static void add_steps(ExercisePart *part, const Route *route)
{
    for (guint i = 0; i < route->count; i++) {
        const Target *target = &route->targets[i];
        exercise_part_step(
            part,
            i == 0 ? "the lowest number comes first" : "the order of the others",
            i,
            i + 1,
            EXERCISE_RFC(5321, "5.1"),
            g_strdup_printf("item %u", i + 1),
            g_strdup_printf(
                "Item %u is %s: preference %u.", i + 1, target->name, target->preference
            )
        );
    }
}

static void add_mistakes(ExercisePart *part, const Route *route, const Target *all, guint n_all)
{
    Target as_text[TARGETS_MAXIMUM];
    memcpy(as_text, route->targets, sizeof as_text);
    g_qsort_with_data(as_text, (gint)route->count, sizeof(Target), compare_as_text, NULL);
    g_autofree char *backwards = names_of(route->targets, route->count, true);
    g_autofree char *textual = names_of(as_text, route->count, false);
    g_autofree char *everybody = names_of(all, n_all, false);
    exercise_part_mistake(
        part,
        "highest first",
        backwards,
        "The highest number was put first.",
        "The lowest number is the most preferred."
    );
    exercise_part_mistake(
        part,
        "sorted as text",
        textual,
        "The numbers were sorted as text: 100 before 20.",
        "Compare them as numbers."
    );
    exercise_part_mistake(
        part,
        "did not leave itself out",
        everybody,
        "The sender itself, and those that are not preferred to it, were left in: mail would go in "
        "a "
        "circle.",
        "Leave out every target whose number is not lower than its own."
    );
}

static void make_special(Exercise *exercise, const char *domain)
{
    bool is_null = exercise_toss(exercise);
    g_autofree char *address = exercise_address_v4(exercise);
    g_autofree char *text =
        is_null ? g_strdup_printf(
                      "%s.  3600  IN  MX  0 .\n%s.  3600  IN  A   %s", domain, domain, address
                  )
                : g_strdup_printf("(no MX record)\n%s.  3600  IN  A   %s", domain, address);
    exercise_say(exercise, "Mail goes to somebody at %s. The DNS has only this:", domain);
    exercise_show(exercise, text);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_WORD,
        is_null ? "none" : domain,
        "Which host does the sender try? \"none\" if none."
    );
    exercise_part_whole(
        part,
        "no MX, and the null MX",
        is_null ? EXERCISE_RFC(7505, "3") : EXERCISE_RFC(5321, "5.1"),
        is_null ? "\"0 .\" is the null MX: %s takes no mail at all."
                : "Without MX records the domain itself is the host (implicit MX): %s.",
        domain
    );
    if (is_null) {
        exercise_part_accept(part, "no host");
        exercise_part_mistake(
            part, "took the address", domain, "The address record does not count here.", NULL
        );
    } else {
        exercise_part_accept(part, "%s", address);
        exercise_part_mistake(
            part, "no implicit MX", "none", "There is a host: the domain itself.", NULL
        );
    }
}

static void make_order(Exercise *exercise, const char *domain)
{
    Route *route = g_new0(Route, 1);
    exercise_set_facts(exercise, route, free_route);
    make_targets(exercise, route, domain);
    g_autofree char *text = records_text(exercise, route, domain);
    Target all[TARGETS_MAXIMUM];
    guint n_all = route->count;
    for (guint i = 0; i < n_all; i++) {
        all[i] = (Target){route->targets[i].preference, g_strdup(route->targets[i].name)};
    }
    g_autofree char *own = exercise->level == 3 ? leave_out_own(exercise, route) : NULL;
    if (own != NULL) {
        exercise_say(
            exercise, "The server %s has mail for somebody at %s and asks the DNS:", own, domain
        );
    } else {
        exercise_say(exercise, "A server has mail for somebody at %s and asks the DNS:", domain);
    }
    exercise_show(exercise, text);
    g_autofree char *key =
        route->count == 0 ? g_strdup("none") : names_of(route->targets, route->count, false);
    ExercisePart *part = exercise_ask(
        exercise,
        route->count == 0 ? ANSWER_SET : ANSWER_LIST,
        key,
        "In which order does it try the hosts? (\"none\" if none; equal ones in any order.)"
    );
    if (route->count == 0) {
        exercise_part_whole(
            part,
            "leaving itself out",
            EXERCISE_RFC(5321, "5.1"),
            "No target is better than %s itself.",
            own
        );
    } else {
        add_steps(part, route);
    }
    add_mistakes(part, route, all, n_all);
    for (guint i = 0; i < n_all; i++) {
        g_free(all[i].name);
    }
}

void exercise_make_mx_order(Exercise *exercise)
{
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    g_autofree char *domain = g_strdup_printf(
        "%s%u.%s", exercise_dish(exercise), exercise_between(exercise, 1, 999), person.domain
    );
    if (exercise->level == 2 && exercise_below(exercise, 3) == 0) {
        make_special(exercise, domain);
    } else {
        make_order(exercise, domain);
    }
    exercise_set_hint(
        exercise, "The number of an MX record is its distance: low numbers are tried first."
    );
    exercise_set_try(exercise, "mailwalk rfc mx");
    exercise_people_clear(&person, 1);
}

/* Any order in which the preferences do not fall. Names without the domain are enough. */
EXERCISE_ACCEPTS(mx_order)
{
    const Route *route = exercise->facts;
    if (part->form != ANSWER_LIST || route == NULL) {
        return false;
    }
    g_autofree char *normal = answer_normalise(ANSWER_LIST, answer);
    g_auto(GStrv) names = g_strsplit(normal, " ", -1);
    guint before = 0;
    guint32 seen = 0;
    for (gsize i = 0; names[i] != NULL; i++) {
        guint found = 0;
        gsize length = strlen(names[i]);
        while (found < route->count &&
               !(g_ascii_strncasecmp(route->targets[found].name, names[i], length) == 0 &&
                 (route->targets[found].name[length] == '\0' ||
                  route->targets[found].name[length] == '.'))) {
            found++;
        }
        if (found == route->count || (seen & 1u << found) != 0 ||
            route->targets[found].preference < before) {
            return false;
        }
        seen |= 1u << found;
        before = route->targets[found].preference;
    }
    return seen == (1u << route->count) - 1;
}
