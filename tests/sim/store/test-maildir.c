/* What only a store on disk can meet: damaged files, full indexes, a second process. */

#include "tests/sim/store/maildir-world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/maildir-account.h"

static void files_have_the_names_of_maildir(void **state)
{
    World *world = *state;
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    put(inbox, "Subject: x\r\n\r\nHi\r\n");
    g_autofree char *name = only_file(world, "new");
    assert_non_null(strstr(name, ",S=15,W=18"));
    assert_null(strchr(name, ':'));
    g_autofree char *path = g_build_filename(world->inbox, "new", name, NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_string_equal(text, "Subject: x\n\nHi\n");
    guint32 flags = MAIL_FLAG_SEEN | MAIL_FLAG_ANSWERED | MAIL_FLAG_FLAGGED;
    mail_folder_change_flags(inbox, 1, MAIL_FLAGS_ADD, flags, G_MAXUINT64, NULL);
    g_autofree char *seen = only_file(world, "cur");
    assert_true(g_str_has_suffix(seen, ":2,FRS"));
    assert_true(g_str_has_prefix(seen, name));
}

static void links_are_not_followed(void **state)
{
    World *world = *state;
    g_autofree char *link_path = g_build_filename(world->inbox, "new", "1000.link", NULL);
    assert_int_equal(symlink("/etc/hostname", link_path), 0);
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    assert_int_equal(mail_folder_count(inbox), 0);
}

static void assert_same(MailFolder *left, MailFolder *right)
{
    assert_int_equal(mail_folder_refresh(left, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(right, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(left, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(left), mail_folder_count(right));
    for (guint i = 0; i < mail_folder_count(left); i++) {
        const MailMessage *a = mail_folder_message(left, i);
        const MailMessage *b = mail_folder_message(right, i);
        assert_int_equal(a->uid, b->uid);
        assert_int_equal(a->modseq, b->modseq);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->size, b->size);
        assert_int_equal(a->internal_seconds, b->internal_seconds);
    }
    for (guint i = 0; mail_folder_keyword(left, i) != NULL; i++) {
        assert_string_equal(mail_folder_keyword(left, i), mail_folder_keyword(right, i));
    }
}

/* Random changes from two stores on the same files: both must see the same in the end. */
static void two_processes_agree(void **state)
{
    World *world = *state;
    g_autoptr(GRand) chance = g_rand_new_with_seed(9);
    MailFolder *folders[2] = {open_inbox(world->store), open_inbox(world->other)};
    for (guint i = 0; i < 400; i++) {
        MailFolder *folder = folders[g_rand_int_range(chance, 0, 2)];
        guint count = mail_folder_count(folder);
        guint index = count == 0 ? 0 : (guint)g_rand_int_range(chance, 0, (gint)count);
        guint32 uid = count == 0 ? 0 : mail_folder_message(folder, index)->uid;
        gint what = count == 0 ? 0 : g_rand_int_range(chance, 0, 6);
        if (what <= 1) {
            g_autofree char *text = g_strdup_printf("message %u\r\n", i);
            assert_true(put(folder, text) > 0);
        } else if (what == 2) {
            mail_folder_expunge(folder, &uid, 1, NULL);
        } else if (what == 3) {
            guint32 flags = g_rand_int(chance) & 0x1f;
            mail_folder_change_flags(folder, uid, MAIL_FLAGS_REPLACE, flags, G_MAXUINT64, NULL);
        } else if (what == 4) {
            guint keyword = 0;
            g_autofree char *name = g_strdup_printf("k%d", g_rand_int_range(chance, 0, 5));
            mail_folder_add_keyword(folder, name, &keyword, NULL);
            mail_folder_change_flags(
                folder, uid, MAIL_FLAGS_ADD, MAIL_FLAG_KEYWORD(keyword), G_MAXUINT64, NULL
            );
        } else {
            mail_folder_copy(folder, &uid, 1, folder, NULL, NULL);
        }
        if (g_rand_int_range(chance, 0, 10) == 0) {
            assert_same(folders[0], folders[1]);
        }
    }
    assert_same(folders[0], folders[1]);
    /* A third one, that reads everything from the disk, agrees too. */
    MailStore *fresh = maildir_store_new(world->root, &maildir_test_options, NULL);
    MailFolder *third = open_inbox(fresh);
    assert_same(folders[0], third);
    mail_folder_unref(third);
    mail_store_free(fresh);
    mail_folder_unref(folders[0]);
    mail_folder_unref(folders[1]);
}

/* However full a mailbox is, a delivery does not read it. */
static void a_delivery_reads_nothing(void **state)
{
    World *world = *state;
    g_autoptr(GBytes) octets = g_bytes_new_static("x\r\n", 3);
    g_autofree char *index = g_build_filename(world->inbox, "mailwalk-index", NULL);
    for (guint i = 0; i < 3; i++) {
        assert_int_equal(
            mail_store_deliver(world->store, BOB, "INBOX", octets, 1000, NULL, NULL),
            MAIL_STORE_DONE
        );
    }
    assert_false(g_file_test(index, G_FILE_TEST_EXISTS));
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    assert_int_equal(mail_folder_count(inbox), 3);
    assert_int_equal(mail_folder_message(inbox, 2)->uid, 3);
    assert_true(g_file_test(index, G_FILE_TEST_EXISTS));
}

static void a_second_process_holds_the_maildrop(void **state)
{
    World *world = *state;
    assert_int_equal(mail_store_lock(world->store, BOB, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_lock(world->other, BOB, NULL), MAIL_STORE_LOCKED);
    mail_store_unlock(world->store, BOB);
    assert_int_equal(mail_store_lock(world->other, BOB, NULL), MAIL_STORE_DONE);
}

static void a_folder_deleted_elsewhere_is_gone(void **state)
{
    World *world = *state;
    MailFolder *folder = NULL;
    mail_store_create(world->store, BOB, "Temp", 0, NULL);
    mail_folder_open(world->store, BOB, "Temp", &folder, NULL);
    put(folder, "x\r\n");
    MailView *view = mail_view_new(folder, false);
    assert_int_equal(mail_store_delete(world->other, BOB, "Temp", NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_create(world->other, BOB, "Temp", 0, NULL), MAIL_STORE_DONE);
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(MailViewEvent));
    assert_int_equal(mail_view_update(view, true, events, NULL), MAIL_STORE_DONE);
    assert_int_equal(events->len, 1);
    assert_int_equal(g_array_index(events, MailViewEvent, 0).kind, MAIL_VIEW_GONE);
    mail_view_free(view);
    mail_folder_unref(folder);
}

static void assert_index_loss(World *world, const char *text, bool keeps_uids)
{
    MailFolderStatus old_status;
    MailFolderStatus new_status;
    MailStore *fresh = maildir_store_new(world->root, &maildir_test_options, NULL);
    MailFolder *before = open_inbox(world->store);
    mail_folder_status(before, &old_status);
    g_autofree char *path = g_build_filename(world->inbox, "mailwalk-index", NULL);
    g_autofree char *index = NULL;
    assert_true(g_file_get_contents(path, &index, NULL, NULL));
    g_autofree char *damaged = keeps_uids ? g_strconcat(index, text, NULL) : g_strdup(text);
    assert_true(g_file_set_contents(path, damaged, -1, NULL));
    MailFolder *after = open_inbox(fresh);
    mail_folder_status(after, &new_status);
    assert_int_equal(new_status.messages, old_status.messages);
    assert_true(
        keeps_uids ? new_status.uid_validity == old_status.uid_validity
                   : new_status.uid_validity > old_status.uid_validity
    );
    assert_int_equal(put(after, "more\r\n"), new_status.uid_next);
    mail_folder_unref(before);
    mail_folder_unref(after);
    mail_store_free(fresh);
}

static void a_damaged_index_is_made_anew(void **state)
{
    World *world = *state;
    MailFolder *inbox = open_inbox(world->store);
    put(inbox, "one\r\n");
    put(inbox, "two\r\n");
    mail_folder_unref(inbox);
    /* A half line is what a kill leaves: nothing is lost. */
    assert_index_loss(world, "message 3 99 0 5 10", true);
    assert_index_loss(world, "flags", true);
    assert_index_loss(world, "", false);
    assert_index_loss(world, "garbage\n", false);
    assert_index_loss(world, "mailwalk-index-1 7\nmessage 1 1\n", false);
    assert_index_loss(
        world, "mailwalk-index-1 7\nmessage 1 1 0 1 1 x\nmessage 1 1 0 1 1 y\n", false
    );
    assert_index_loss(world, "mailwalk-index-1 7\nmessage x y z\n", false);
}

static void the_index_does_not_grow_without_bound(void **state)
{
    World *world = *state;
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    put(inbox, "x\r\n");
    for (guint i = 0; i < 5000; i++) {
        mail_folder_change_flags(
            inbox, 1, MAIL_FLAGS_REPLACE, i % 2 == 0 ? MAIL_FLAG_SEEN : 0, G_MAXUINT64, NULL
        );
    }
    g_autofree char *path = g_build_filename(world->inbox, "mailwalk-index", NULL);
    g_autofree char *index = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &index, &length, NULL));
    assert_true(length < 60000);
    g_autoptr(MailFolder) other = open_inbox(world->other);
    assert_same(inbox, other);
}

static void foreign_folders_are_seen(void **state)
{
    World *world = *state;
    static const char *const places[] = {"tmp", "new", "cur"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path =
            g_build_filename(world->inbox, ".Entw&APw-rfe.Alt", places[i], NULL);
        assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
    }
    MailFolder *folder = NULL;
    assert_int_equal(
        mail_folder_open(world->store, BOB, "Entw\xc3\xbcrfe/Alt", &folder, NULL), MAIL_STORE_DONE
    );
    put(folder, "x\r\n");
    mail_folder_unref(folder);
}

static void set_deleted_file_aside(World *world, const char *name, bool is_aside)
{
    g_autofree char *path = g_build_filename(world->inbox, "cur", name, NULL);
    g_autofree char *aside = g_build_filename(world->inbox, "tmp", "aside", NULL);
    if (is_aside) {
        assert_int_equal(g_rename(path, aside), 0);
        assert_int_equal(g_mkdir(path, 0700), 0);
    } else {
        assert_int_equal(g_rmdir(path), 0);
        assert_int_equal(g_rename(aside, path), 0);
    }
}

static void count_call(const char *account, void *data)
{
    (void)account;
    ++*(guint *)data;
}

/* A folder under the name of the file cannot be unlinked, whoever asks. */
static void what_cannot_be_removed_stays_a_message(void **state)
{
    World *world = *state;
    const guint32 uids[] = {1, 2, 3};
    guint n_told = 0;
    g_autoptr(GError) error = NULL;
    write_file(world, "cur", "1000.a.host:2,T", "one\n");
    write_file(world, "cur", "1001.b.host:2,T", "two\n");
    write_file(world, "cur", "1002.c.host:2,T", "three\n");
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    guint64 before = mail_folder_highest_modseq(inbox);
    mail_store_add_watch(world->store, count_call, &n_told);
    set_deleted_file_aside(world, "1001.b.host:2,T", true);
    assert_int_equal(mail_folder_expunge(inbox, uids, 3, &error), MAIL_STORE_FAILED);
    assert_non_null(strstr(error->message, "cannot remove a message from"));
    assert_int_equal(n_told, 1);
    assert_int_equal(mail_folder_count(inbox), 1);
    assert_int_equal(mail_folder_message(inbox, 0)->uid, 2);
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    assert_true(mail_folder_expunged_since(inbox, before, gone));
    assert_int_equal(gone->len, 2);
    set_deleted_file_aside(world, "1001.b.host:2,T", false);
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_message(inbox, 0)->uid, 2);
    assert_text(inbox, 2, "two\r\n");
    assert_int_equal(mail_folder_expunge(inbox, &uids[1], 1, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 0);
    mail_store_remove_watch(world->store, &n_told);
}

/* Octets as they came, and as many as were counted: at once, copied, and from the names alone. */
static void bare_line_feeds_come_back_as_they_came(void **state)
{
    static const char *const texts[] = {
        "Subject: a\n\nb\nc\n",
        "a\n",
        "a\r\nb\n",
        "a\r\r\n",
        "a\rb\n",
        "a\r\nb\r\n",
        "a",
        "\n\r\n"};
    World *world = *state;
    g_autoptr(MailFolder) inbox = open_inbox(world->store);
    guint32 count = 2 * G_N_ELEMENTS(texts);
    for (guint32 i = 0; i < G_N_ELEMENTS(texts); i++) {
        guint32 uid = put(inbox, texts[i]);
        assert_int_equal(mail_folder_copy(inbox, &uid, 1, inbox, NULL, NULL), MAIL_STORE_DONE);
    }
    g_autofree char *index = g_build_filename(world->inbox, "mailwalk-index", NULL);
    for (guint again = 0; again < 2; again++) {
        g_autoptr(MailFolder) seen = open_inbox(again == 0 ? world->store : world->other);
        guint64 sizes = 0;
        assert_int_equal(mail_folder_count(seen), count);
        for (guint32 i = 0; i < count; i++) {
            const MailMessage *message = mail_folder_message(seen, i);
            const char *text = texts[i / 2];
            sizes += strlen(text);
            assert_true(again > 0 || message->size == strlen(text));
            g_autoptr(GBytes) octets = NULL;
            mail_folder_fetch(seen, message->uid, &octets, NULL);
            assert_int_equal(g_bytes_get_size(octets), message->size);
            if (again == 0) {
                assert_text(seen, message->uid, text);
            }
            sizes -= message->size;
        }
        assert_int_equal(sizes, 0);
        g_unlink(index);
    }
}

static bool is_in_inbox(World *world, const char *name)
{
    g_autofree char *path = g_build_filename(world->inbox, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Whatever dates the message gave its file: what counts is when somebody wrote it. */
static void leftovers_of_killed_programs_go_after_36_hours(void **state)
{
    static const char *const left[] = {
        "tmp/1000.a.host",
        ".Saved/tmp/1001.b.host",
        "tmp/deleted-1002.c.host",
        "tmp/folder-1003.d"};
    World *world = *state;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    const struct timespec long_ago[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(mail_store_create(world->store, BOB, "Saved", 0, NULL), MAIL_STORE_DONE);
    write_file(world, "new", "1004.kept.host", "x\n");
    for (gsize i = 0; i < G_N_ELEMENTS(left); i++) {
        g_autofree char *path = g_build_filename(world->inbox, left[i], NULL);
        g_autofree char *cur = g_build_filename(path, "cur", NULL);
        bool is_file = i < 2;
        assert_true(
            is_file ? g_file_set_contents(path, "half", -1, NULL)
                    : g_mkdir_with_parents(cur, 0700) == 0
        );
        assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    }
    for (gint64 hours = 0; hours <= 37; hours++) {
        if (hours == 0) {
            g_autoptr(MailFolder) inbox = open_inbox(world->other);
        } else {
            maildir_sweep(world->inbox, now + hours * 3600);
        }
        for (gsize i = 0; i < G_N_ELEMENTS(left); i++) {
            assert_int_equal(is_in_inbox(world, left[i]), hours < 37);
        }
    }
    assert_true(is_in_inbox(world, "new/1004.kept.host"));
    assert_true(is_in_inbox(world, ".Saved/tmp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MAILDIR_TEST(files_have_the_names_of_maildir),
        MAILDIR_TEST(links_are_not_followed),
        MAILDIR_TEST(two_processes_agree),
        MAILDIR_TEST(a_delivery_reads_nothing),
        MAILDIR_TEST(a_second_process_holds_the_maildrop),
        MAILDIR_TEST(a_folder_deleted_elsewhere_is_gone),
        MAILDIR_TEST(a_damaged_index_is_made_anew),
        MAILDIR_TEST(the_index_does_not_grow_without_bound),
        MAILDIR_TEST(foreign_folders_are_seen),
        MAILDIR_TEST(what_cannot_be_removed_stays_a_message),
        MAILDIR_TEST(bare_line_feeds_come_back_as_they_came),
        MAILDIR_TEST(leftovers_of_killed_programs_go_after_36_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
