#pragma once

/* A Maildir on disk that two stores share, as two processes would, and what tests do to its files.
 */

#include <glib/gstdio.h>
#include <string.h>

#include "sim/store/mail-view.h"
#include "sim/store/maildir-store.h"
#include "tests/support/test.h"

#define BOB "bob@hamburger.edu"

typedef struct {
    char *root;
    char *inbox; /* path */
    MailStore *store;
    MailStore *other; /* of another process, as far as files go */
    gint is_renamed;  /* set by the thread that renames */
} World;

static const MaildirOptions maildir_test_options = {.skips_flush = true};

static inline int begin(void **state)
{
    World *world = g_new0(World, 1);
    world->root = g_dir_make_tmp("mailwalk-maildir-XXXXXX", NULL);
    world->inbox = g_build_filename(world->root, BOB, NULL);
    world->store = maildir_store_new(world->root, &maildir_test_options, NULL);
    world->other = maildir_store_new(world->root, &maildir_test_options, NULL);
    *state = world;
    return mail_store_add_account(world->store, BOB, NULL) == MAIL_STORE_DONE ? 0 : -1;
}

static inline void remove_tree(const char *path)
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

static inline int end(void **state)
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

static inline MailFolder *open_inbox(MailStore *store)
{
    MailFolder *folder = NULL;
    assert_int_equal(mail_folder_open(store, BOB, "INBOX", &folder, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(folder, NULL), MAIL_STORE_DONE);
    return folder;
}

static inline guint32 put(MailFolder *folder, const char *text)
{
    guint32 uid = 0;
    g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
    assert_int_equal(mail_folder_append(folder, octets, 0, 1000, &uid, NULL), MAIL_STORE_DONE);
    return uid;
}

static inline void write_file(World *world, const char *place, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(world->inbox, place, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The only file in a place. */
static inline char *only_file(World *world, const char *place)
{
    g_autofree char *path = g_build_filename(world->inbox, place, NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    char *name = g_strdup(g_dir_read_name(folder));
    assert_non_null(name);
    assert_null(g_dir_read_name(folder));
    return name;
}

static inline void move_file(World *world, const char *from, const char *to)
{
    g_autofree char *old = g_build_filename(world->inbox, from, NULL);
    g_autofree char *new = g_build_filename(world->inbox, to, NULL);
    assert_int_equal(g_rename(old, new), 0);
}

static inline void assert_text(MailFolder *folder, guint32 uid, const char *expected)
{
    g_autoptr(GBytes) octets = NULL;
    assert_int_equal(mail_folder_fetch(folder, uid, &octets, NULL), MAIL_STORE_DONE);
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    assert_span(byte_span(data, length), expected);
}

#define MAILDIR_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
