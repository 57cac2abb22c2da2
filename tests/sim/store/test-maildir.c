#include "tests/support/test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/mail-view.h"
#include "sim/store/maildir-account.h"
#include "sim/store/maildir-store.h"

/* What only a store on disk can meet: other programs, damaged files, a second process. */

#define BOB "bob@hamburger.edu"
#define LONGEST_TICK_US 20000

typedef struct {
    char *root;
    char *inbox; /* path */
    MailStore *store;
    MailStore *other; /* of another process, as far as files go */
    gint is_renamed;  /* set by the thread that renames */
} World;

static const MaildirOptions options = {.skips_flush = true};

static int begin(void **state)
{
    World *world = g_new0(World, 1);
    world->root = g_dir_make_tmp("mailwalk-maildir-XXXXXX", NULL);
    world->inbox = g_build_filename(world->root, BOB, NULL);
    world->store = maildir_store_new(world->root, &options, NULL);
    world->other = maildir_store_new(world->root, &options, NULL);
    *state = world;
    return mail_store_add_account(world->store, BOB, NULL) == MAIL_STORE_DONE ? 0 : -1;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        bool is_link = g_file_test(inner, G_FILE_TEST_IS_SYMLINK);
        if (!is_link && g_file_test(inner, G_FILE_TEST_IS_DIR)) {
            remove_tree(inner);
        } else {
            g_unlink(inner);
        }
    }
    g_rmdir(path);
}

static int end(void **state)
{
    World *world = *state;
    mail_store_free(world->store);
    mail_store_free(world->other);
    remove_tree(world->root);
    g_free(world->root);
    g_free(world->inbox);
    g_free(world);
    return 0;
}

static MailFolder *open_inbox(MailStore *store)
{
    MailFolder *folder = NULL;
    assert_int_equal(mail_folder_open(store, BOB, "INBOX", &folder, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(folder, NULL), MAIL_STORE_DONE);
    return folder;
}

static guint32 put(MailFolder *folder, const char *text)
{
    guint32 uid = 0;
    g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
    assert_int_equal(mail_folder_append(folder, octets, 0, 1000, &uid, NULL), MAIL_STORE_DONE);
    return uid;
}

static void write_file(World *world, const char *place, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(world->inbox, place, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The only file in a place. */
static char *only_file(World *world, const char *place)
{
    g_autofree char *path = g_build_filename(world->inbox, place, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    char *name = g_strdup(g_dir_read_name(folder));
    assert_non_null(name);
    assert_null(g_dir_read_name(folder));
    return name;
}

static void move_file(World *world, const char *from, const char *to)
{
    g_autofree char *old = g_build_filename(world->inbox, from, NULL);
    g_autofree char *new = g_build_filename(world->inbox, to, NULL);
    assert_int_equal(g_rename(old, new), 0);
}

static void assert_text(MailFolder *folder, guint32 uid, const char *expected)
{
    g_autoptr(GBytes) octets = NULL;
    assert_int_equal(mail_folder_fetch(folder, uid, &octets, NULL), MAIL_STORE_DONE);
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    assert_span(byte_span(data, length), expected);
}

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
    MailStore *fresh = maildir_store_new(world->root, &options, NULL);
    MailFolder *third = open_inbox(fresh);
    assert_same(folders[0], third);
    mail_folder_unref(third);
    mail_store_free(fresh);
    mail_folder_unref(folders[0]);
    mail_folder_unref(folders[1]);
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
    MailStore *fresh = maildir_store_new(world->root, &options, NULL);
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

#define MAILDIR_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MAILDIR_TEST(files_have_the_names_of_maildir),
        MAILDIR_TEST(foreign_changes_are_taken_in),
        MAILDIR_TEST(a_message_in_both_places_shows_once),
        MAILDIR_TEST(links_are_not_followed),
        MAILDIR_TEST(two_processes_agree),
        MAILDIR_TEST(what_others_did_is_seen_at_once),
        MAILDIR_TEST(a_delivery_reads_nothing),
        MAILDIR_TEST(a_second_process_holds_the_maildrop),
        MAILDIR_TEST(a_folder_deleted_elsewhere_is_gone),
        MAILDIR_TEST(a_damaged_index_is_made_anew),
        MAILDIR_TEST(the_index_does_not_grow_without_bound),
        MAILDIR_TEST(foreign_folders_are_seen),
        MAILDIR_TEST(what_cannot_be_removed_stays_a_message),
        MAILDIR_TEST(uids_stay_while_others_rename),
        MAILDIR_TEST(bare_line_feeds_come_back_as_they_came),
        MAILDIR_TEST(leftovers_of_killed_programs_go_after_36_hours),
        MAILDIR_TEST(a_file_renamed_while_it_is_measured_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
