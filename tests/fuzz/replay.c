/* Runs a fuzz target over the seeds in a folder, and over mutations of them made from a fixed seed,
 * so that what once crashed stays tested where there is no fuzzer. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define MUTATIONS 200
#define EMPTY_INPUT_OCTETS 64

static void run_unterminated(const guint8 *data, gsize size)
{
    g_autofree guint8 *copy = g_memdup2(data, size);
    LLVMFuzzerTestOneInput(copy, size);
}

static void mutate(GRand *random, guint8 *data, gsize *size)
{
    for (int i = 0; i < 4 && *size > 0; i++) {
        gsize at = (gsize)g_rand_int_range(random, 0, (gint32)*size);
        if (g_rand_int_range(random, 0, 3) == 0) {
            *size = at;
        } else {
            data[at] = (guint8)g_rand_int_range(random, 0, 256);
        }
    }
}

static void run_with_mutations(const guint8 *data, gsize size)
{
    GRand *random = g_rand_new_with_seed((guint32)size);
    run_unterminated(data, size);
    for (int i = 0; i < MUTATIONS; i++) {
        gsize length = size;
        g_autofree guint8 *copy = g_memdup2(data, size);
        mutate(random, copy, &length);
        run_unterminated(copy, length);
    }
    g_rand_free(random);
}

static int run_folder(const char *folder)
{
    int count = 0;
    const char *name;
    GDir *directory = g_dir_open(folder, 0, NULL);
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *content = NULL;
        gsize length;
        if (g_file_get_contents(path, &content, &length, NULL)) {
            run_with_mutations((const guint8 *)content, length);
            count++;
        }
    }
    if (directory != NULL) {
        g_dir_close(directory);
    }
    return count;
}

int main(int argc, char **argv)
{
    int seeds = 0;
    guint8 zeros[EMPTY_INPUT_OCTETS] = {0};
    run_unterminated(zeros, 0);
    run_with_mutations(zeros, sizeof zeros);
    for (int i = 1; i < argc; i++) {
        seeds += run_folder(argv[i]);
    }
    printf("%d seeds replayed\n", seeds);
    return EXIT_SUCCESS;
}
