/* What other programs do to a Maildir while mailwalk has it open: deliver, rename, remove, at any
 * moment. */

#include "tests/sim/store/maildir-world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_TICK_US 20000

static void foreign_changes_are_taken_in(void **state)
{
    World *world = *state;
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    put(inbox, "one\r\n");
    guint64 before = mail_folder_highest_modseq(inbox);
    /* Another program reads the message, and keeps a letter that we do not know. */
    g_autofree char *name = only_file(world, "new");
    g_autofree char *from = g_strconcat("new/", name, NULL);
    g_autofree char *to = g_strconcat("cur/", name, ":2,PS", NULL);
    move_file(world, from, to);
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 1);
    assert_int_equal(mail_folder_message(inbox, 0)->uid, 1);
    assert_true(mail_folder_message(inbox, 0)->flags & MAIL_FLAG_SEEN);
    assert_true(mail_folder_highest_modseq(inbox) > before);
    mail_folder_change_flags(inbox, 1, MAIL_FLAGS_ADD, MAIL_FLAG_FLAGGED, G_MAXUINT64, NULL);
    g_autofree char *flagged = only_file(world, "cur");
    assert_true(g_str_has_suffix(flagged, ":2,FPS"));
    /* It delivers two, in the order of their times, and removes ours. */
    write_file(world, "new", "2000.b.host", "three\n");
    write_file(world, "new", "1000.a.host", "two\n\n");
    write_file(world, "new", ".hidden", "no");
    g_autofree char *gone = g_build_filename(world->inbox, "cur", flagged, NULL);
    g_unlink(gone);
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 2);
    assert_text(inbox, 2, "two\r\n\r\n");
    assert_text(inbox, 3, "three\r\n");
    assert_int_equal(mail_folder_message(inbox, 0)->size, 7);
    /* A file renamed behind our back is still found when it is asked for. */
    move_file(world, "new/1000.a.host", "cur/1000.a.host:2,T");
    assert_text(inbox, 2, "two\r\n\r\n");
    assert_true(mail_folder_message(inbox, 0)->flags & MAIL_FLAG_DELETED);
    const guint32 uid = 2;
    move_file(world, "cur/1000.a.host:2,T", "cur/1000.a.host:2,ST");
    assert_int_equal(mail_folder_expunge(inbox, &uid, 1, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 1);
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    assert_true(mail_folder_expunged_since(inbox, before, uids));
    assert_int_equal(uids->len, 2);
}

static void a_message_in_both_places_shows_once(void **state)
{
    World *world = *state;
    write_file(world, "new", "1000.a.host", "x\n");
    write_file(world, "cur", "1000.a.host:2,S", "x\n");
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    assert_int_equal(mail_folder_count(inbox), 1);
    assert_true(mail_folder_message(inbox, 0)->flags & MAIL_FLAG_SEEN);
}

static GPtrArray *list_files(World *world)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < 2; i++) {
        const char *place = i == 0 ? "new" : "cur";
        g_autofree char *path = g_build_filename(world->inbox, place, NULL);
        g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
        const char *name = NULL;
        while ((name = g_dir_read_name(folder)) != NULL) {
            g_ptr_array_add(files, g_strdup_printf("%s/%s", place, name));
        }
    }
    return files;
}

/* The flags of the file that holds this text; -1: no file does. */
static int flags_on_disk(World *world, GPtrArray *files, const char *text)
{
    static const char letters[] = "DFRST";
    static const int flags[] = {
        MAIL_FLAG_DRAFT,
        MAIL_FLAG_FLAGGED,
        MAIL_FLAG_ANSWERED,
        MAIL_FLAG_SEEN,
        MAIL_FLAG_DELETED,
    };
    for (guint i = 0; i < files->len; i++) {
        const char *file = g_ptr_array_index(files, i);
        g_autofree char *path = g_build_filename(world->inbox, file, NULL);
        g_autofree char *found = NULL;
        assert_true(g_file_get_contents(path, &found, NULL, NULL));
        if (strcmp(found, text) != 0) {
            continue;
        }
        int sum = 0;
        const char *info = strstr(file, ":2,");
        for (gsize k = 0; info != NULL && k < G_N_ELEMENTS(flags); k++) {
            sum |= strchr(info + 3, letters[k]) != NULL ? flags[k] : 0;
        }
        return sum;
    }
    return -1;
}

static void assert_as_on_disk(World *world, MailFolder *inbox)
{
    g_autoptr(GPtrArray) files = list_files(world);
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), files->len);
    for (guint i = 0; i < files->len; i++) {
        const MailMessage *message = mail_folder_message(inbox, i);
        g_autoptr(GBytes) octets = NULL;
        assert_int_equal(mail_folder_fetch(inbox, message->uid, &octets, NULL), MAIL_STORE_DONE);
        gsize length = 0;
        const char *data = g_bytes_get_data(octets, &length);
        g_autofree char *text = g_strdup_printf("%.*s\n", (int)length - 2, data);
        int flags = flags_on_disk(world, files, text);
        assert_int_equal(message->flags & ~(guint32)MAIL_FLAG_RECENT, flags);
    }
}

/* As if nothing had happened there for long: what the folder knows of the places is trusted. */
static void let_rest(World *world, MailFolder *inbox)
{
    const struct timespec past[2] = {
        {.tv_sec = 1000, .tv_nsec = 5}, {.tv_sec = 1000, .tv_nsec = 5}};
    for (guint i = 0; i < 2; i++) {
        g_autofree char *path = g_build_filename(world->inbox, i == 0 ? "new" : "cur", NULL);
        assert_int_equal(utimensat(AT_FDCWD, path, past, 0), 0);
    }
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
}

/* When new and cur changed last, by their own word. */
static void get_dates(World *world, struct timespec dates[2])
{
    for (guint i = 0; i < 2; i++) {
        struct stat found;
        g_autofree char *path = g_build_filename(world->inbox, i == 0 ? "new" : "cur", NULL);
        assert_int_equal(stat(path, &found), 0);
        dates[i] = found.st_mtim;
    }
}

/* As where the clock of the disk ticks so slowly that a change leaves the date as it was. */
static void put_back_dates(World *world, const struct timespec dates[2])
{
    for (guint i = 0; i < 2; i++) {
        const struct timespec times[2] = {dates[i], dates[i]};
        g_autofree char *path = g_build_filename(world->inbox, i == 0 ? "new" : "cur", NULL);
        gint64 date_us = dates[i].tv_sec * G_USEC_PER_SEC + dates[i].tv_nsec / 1000;
        bool is_same_tick = g_get_real_time() - date_us < LONGEST_TICK_US;
        assert_true(!is_same_tick || utimensat(AT_FDCWD, path, times, 0) == 0);
    }
}

static void change_as_others_do(World *world, GRand *chance, guint number)
{
    static const char *const infos[] = {"", ":2,", ":2,S", ":2,FS", ":2,RST"};
    g_autoptr(GPtrArray) files = list_files(world);
    g_autofree char *name = g_strdup_printf("%u.x.host", 1000 + number);
    g_autofree char *text = g_strdup_printf("message %u\n", number);
    gint what = files->len == 0 ? 0 : g_rand_int_range(chance, 0, 4);
    if (what == 0) {
        write_file(world, "tmp", name, text);
        g_autofree char *from = g_strconcat("tmp/", name, NULL);
        g_autofree char *to = g_strconcat("new/", name, NULL);
        move_file(world, from, to);
        return;
    }
    const char *file =
        g_ptr_array_index(files, (guint)g_rand_int_range(chance, 0, (gint)files->len));
    if (what == 1) {
        g_autofree char *path = g_build_filename(world->inbox, file, NULL);
        assert_int_equal(g_unlink(path), 0);
        return;
    }
    g_autofree char *unique = g_strndup(file + 4, strcspn(file + 4, ":"));
    g_autofree char *to =
        g_strconcat("cur/", unique, infos[g_rand_int_range(chance, 0, G_N_ELEMENTS(infos))], NULL);
    move_file(world, file, to);
}

static void change_as_we_do(MailStore *store, MailFolder *inbox, GRand *chance, guint number)
{
    guint count = mail_folder_count(inbox);
    guint index = count == 0 ? 0 : (guint)g_rand_int_range(chance, 0, (gint)count);
    guint32 uid = count == 0 ? 0 : mail_folder_message(inbox, index)->uid;
    gint what = count == 0 ? 0 : g_rand_int_range(chance, 0, 4);
    if (what <= 1) {
        g_autofree char *text = g_strdup_printf("message %u\r\n", number);
        g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
        assert_int_equal(
            mail_store_deliver(store, BOB, "INBOX", octets, 1000, NULL, NULL), MAIL_STORE_DONE
        );
    } else if (what == 2) {
        guint32 flags = g_rand_int(chance) & 0x1f;
        mail_folder_change_flags(inbox, uid, MAIL_FLAGS_REPLACE, flags, G_MAXUINT64, NULL);
    } else {
        mail_folder_expunge(inbox, &uid, 1, NULL);
    }
}

/* Other programs rename, remove and deliver between any two looks of ours, in the same tick of the
 * clock or after a long rest. */
static void what_others_did_is_seen_at_once(void **state)
{
    World *world = *state;
    g_autoptr(GRand) chance = g_rand_new_with_seed(4);
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    for (guint i = 0; i < 250; i++) {
        if (g_rand_boolean(chance)) {
            struct timespec dates[2];
            get_dates(world, dates);
            change_as_others_do(world, chance, i);
            put_back_dates(world, dates);
        } else {
            change_as_we_do(world->store, inbox, chance, i);
        }
        if (g_rand_int_range(chance, 0, 3) > 0) {
            assert_as_on_disk(world, inbox);
        }
        if (g_rand_int_range(chance, 0, 4) == 0) {
            assert_as_on_disk(world, inbox);
            let_rest(world, inbox);
        }
    }
    assert_as_on_disk(world, inbox);
}

/* Moves one file to and fro. */
static void *rename_one(void *data)
{
    World *world = data;
    while (g_atomic_int_get(&world->is_renamed) == 0) {
        move_file(world, "cur/1000.a.host:2,", "cur/1000.a.host:2,S");
        move_file(world, "cur/1000.a.host:2,S", "cur/1000.a.host:2,");
    }
    return NULL;
}

/* A file that slips away between two looks at it is not measured by halves. */
static void a_file_renamed_while_it_is_measured_waits(void **state)
{
    World *world = *state;
    guint n_wrong = 0;
    write_file(world, "cur", "1000.a.host:2,", "x\n");
    GThread *other = g_thread_new("renames", rename_one, world);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *index = g_build_filename(world->inbox, "mailwalk-index", NULL);
        g_autoptr(MailFolder) inbox = open_inbox(world->store);
        n_wrong += mail_folder_count(inbox) > 0 && mail_folder_message(inbox, 0)->size != 3 ? 1 : 0;
        g_unlink(index);
    }
    g_atomic_int_set(&world->is_renamed, 1);
    g_thread_join(other);
    assert_int_equal(n_wrong, 0);
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    assert_int_equal(mail_folder_count(inbox), 1);
    assert_text(inbox, mail_folder_message(inbox, 0)->uid, "x\r\n");
}

#define N_RENAMED 1500

/* Another program that gives every message other flags, time and again. */
static void *rename_all(void *data)
{
    static const char *const infos[] = {"", "S", "FS", "FRST"};
    World *world = data;
    for (gsize round = 1; round < G_N_ELEMENTS(infos); round++) {
        for (guint i = 0; i < N_RENAMED; i++) {
            const char *cur = world->inbox;
            g_autofree char *from =
                g_strdup_printf("%s/cur/%u.x.host:2,%s", cur, 10000 + i, infos[round - 1]);
            g_autofree char *to =
                g_strdup_printf("%s/cur/%u.x.host:2,%s", cur, 10000 + i, infos[round]);
            g_rename(from, to);
        }
    }
    g_atomic_int_set(&world->is_renamed, 1);
    return NULL;
}

/* RFC 3501 §2.3.1.1: a UID stays with its message, however others rename files while we look. */
static void uids_stay_while_others_rename(void **state)
{
    World *world = *state;
    for (guint i = 0; i < N_RENAMED; i++) {
        g_autofree char *path = g_strdup_printf("%s/cur/%u.x.host:2,", world->inbox, 10000 + i);
        assert_true(g_file_set_contents_full(path, "x\n", 2, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    GThread *other = g_thread_new("renames", rename_all, world);
    bool is_kept = true;
    bool is_over = false;
    while (is_kept && !is_over) {
        is_over = g_atomic_int_get(&world->is_renamed) != 0;
        assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
        is_kept = mail_folder_count(inbox) == N_RENAMED &&
                  mail_folder_message(inbox, N_RENAMED - 1)->uid == N_RENAMED;
    }
    g_thread_join(other);
    assert_true(is_kept);
    assert_int_equal(mail_folder_message(inbox, 7)->flags, 0x1f & ~MAIL_FLAG_DRAFT);
    g_autofree char *gone = g_strdup_printf("%s/cur/10007.x.host:2,FRST", world->inbox);
    assert_int_equal(g_unlink(gone), 0);
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), N_RENAMED - 1);
    assert_int_equal(mail_folder_message(inbox, 7)->uid, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MAILDIR_TEST(foreign_changes_are_taken_in),
        MAILDIR_TEST(a_message_in_both_places_shows_once),
        MAILDIR_TEST(what_others_did_is_seen_at_once),
        MAILDIR_TEST(uids_stay_while_others_rename),
        MAILDIR_TEST(a_file_renamed_while_it_is_measured_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
