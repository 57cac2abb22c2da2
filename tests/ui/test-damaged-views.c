#include "tests/support/test.h"

#include "tests/support/capture-views.h"

#include <sys/resource.h>

/* Captures with damage, through every view: each file as it is, cut off at many places, and with
 * many octets changed. The files are the seeds of the conversation fuzzer, which are the project's
 * own; and, where MAILWALK_FOREIGN_CAPTURES names a folder of captures, all of those, with more
 * copies of each. */

#define MEMORY_MAXIMUM_KIB (3L * 1024 * 1024) /* of the process, with what a sanitizer needs */

typedef struct {
    int cuts;
    int copies; /* with 'changes' octets changed */
    int changes;
} Damage;

static const Damage some = {.cuts = 20, .copies = 10, .changes = 20};
static const Damage much = {.cuts = 200, .copies = 5, .changes = 1000};

/* In a block of its own size, so that a read past its end is seen. */
static void run_copy(const char *octets, gsize length, guint8 choice)
{
    g_autofree guint8 *copy = g_memdup2(octets, length);
    capture_views_run(byte_span(copy, length), choice);
}

static gsize choose(GRand *random, gsize from, gsize below)
{
    return (gsize)g_rand_double_range(random, (double)from, (double)below);
}

static void run_damaged(const char *octets, gsize length, const Damage *damage)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)length);
    for (int i = 0; i < 32; i++) {
        run_copy(octets, length, (guint8)i);
    }
    for (int i = 0; i < damage->cuts && length > 0; i++) {
        run_copy(octets, choose(random, 0, length), (guint8)(i * 7));
    }
    for (int i = 0; i < damage->copies && length > 0; i++) {
        g_autofree char *changed = g_memdup2(octets, length);
        /* The file's own header stays now and then, or little more than it would be tested. */
        gsize from = i % 2 == 0 ? 0 : MIN(length - 1, 24);
        for (int j = 0; j < damage->changes; j++) {
            changed[choose(random, from, length)] = (char)g_rand_int_range(random, 0, 256);
        }
        run_copy(changed, length, (guint8)(i * 5));
    }
}

static int run_folder(const char *path, gsize skipped, const Damage *damage)
{
    int count = 0;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *octets = NULL;
        gsize length;
        if (g_file_get_contents(file, &octets, &length, NULL) && length >= skipped) {
            print_message("# %s\n", name);
            run_damaged(octets + skipped, length - skipped, damage);
            count++;
        }
    }
    return count;
}

static void assert_memory(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    assert_in_range(usage.ru_maxrss, 1, MEMORY_MAXIMUM_KIB);
}

static void test_own_captures(void **state)
{
    (void)state;
    g_autofree char *seeds =
        g_build_filename(g_getenv("MAILWALK_TESTS"), "fuzz", "seeds", "conversation", NULL);
    assert_in_range(run_folder(seeds, 1, &some), 5, 1000); /* an octet of options before each */
    assert_memory();
}

static void test_foreign_captures(void **state)
{
    (void)state;
    const char *top = g_getenv("MAILWALK_FOREIGN_CAPTURES");
    if (top == NULL) {
        print_message("# skipped: MAILWALK_FOREIGN_CAPTURES names no folder of captures\n");
        return;
    }
    static const char *const groups[] = {"mail", "stress"};
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_autofree char *path = g_build_filename(top, groups[i], NULL);
        run_folder(path, 0, &much);
        assert_memory();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_captures),
        cmocka_unit_test(test_foreign_captures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
