#include "tests/support/test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sim/store/mail-store.h"
#include "sim/store/maildir-store.h"
#include "sim/store/memory-store.h"

/* The same tests for every kind of store: servers must not be able to tell them apart. */

typedef struct {
    MailStore *store;
    char *root; /* of a store on disk */
} World;

static int begin_memory(void **state)
{
    World *world = g_new0(World, 1);
    world->store = memory_store_new();
    *state = world;
    return 0;
}

static int end_memory(void **state)
{
    World *world = *state;
    mail_store_free(world->store);
    g_free(world);
    return 0;
}

static int begin_maildir(void **state)
{
    static const MaildirOptions options = {.skips_flush = true};
    World *world = g_new0(World, 1);
    world->root = g_dir_make_tmp("mailwalk-store-XXXXXX", NULL);
    world->store = maildir_store_new(world->root, &options, NULL);
    *state = world;
    return world->store == NULL ? -1 : 0;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_SYMLINK) || !g_file_test(inner, G_FILE_TEST_IS_DIR)) {
            g_unlink(inner);
        } else {
            remove_tree(inner);
        }
    }
    g_rmdir(path);
}

static int end_maildir(void **state)
{
    World *world = *state;
    mail_store_free(world->store);
    remove_tree(world->root);
    g_free(world->root);
    g_free(world);
    return 0;
}

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"

static MailStore *store_with_bob(void **state)
{
    World *world = *state;
    assert_int_equal(mail_store_add_account(world->store, BOB, NULL), MAIL_STORE_DONE);
    return world->store;
}

static guint32 put(MailFolder *folder, const char *text)
{
    guint32 uid = 0;
    g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
    assert_int_equal(
        mail_folder_append(folder, octets, 0, 1669021200, &uid, NULL), MAIL_STORE_DONE
    );
    return uid;
}

static MailFolder *folder_of(MailStore *store, const char *account, const char *name)
{
    MailFolder *folder = NULL;
    assert_int_equal(mail_folder_open(store, account, name, &folder, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(folder, NULL), MAIL_STORE_DONE);
    return folder;
}

static void assert_message(MailFolder *folder, guint32 uid, const char *expected)
{
    g_autoptr(GBytes) octets = NULL;
    assert_int_equal(mail_folder_fetch(folder, uid, &octets, NULL), MAIL_STORE_DONE);
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    assert_span(byte_span(data, length), expected);
}

static void note_name(const MailFolderInfo *info, void *data)
{
    g_string_append_printf(
        data,
        "%s%s%s%s%s%s ",
        info->name,
        info->exists ? "" : "!",
        info->is_selectable ? "" : "-",
        info->has_children ? "+" : "",
        info->is_subscribed ? "*" : "",
        (info->uses & MAIL_USE_SENT) != 0 ? "=sent" : ""
    );
}

static void assert_names(MailStore *store, const char *expected)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_int_equal(mail_store_list(store, BOB, note_name, seen, NULL), MAIL_STORE_DONE);
    assert_string_equal(seen->str, expected);
}

static void accounts_are_made_once(void **state)
{
    MailStore *store = store_with_bob(state);
    assert_int_equal(mail_store_add_account(store, BOB, NULL), MAIL_STORE_EXISTS);
    assert_int_equal(mail_store_add_account(store, "", NULL), MAIL_STORE_BAD_NAME);
    assert_int_equal(mail_store_add_account(store, "a\nb", NULL), MAIL_STORE_BAD_NAME);
    assert_int_equal(mail_store_add_account(store, "../../etc", NULL), MAIL_STORE_DONE);
    assert_true(mail_store_has_account(store, "../../etc"));
    assert_true(mail_store_has_account(store, BOB));
    assert_false(mail_store_has_account(store, ALICE));
    MailFolder *folder = NULL;
    assert_int_equal(mail_folder_open(store, ALICE, "INBOX", &folder, NULL), MAIL_STORE_NO_ACCOUNT);
    assert_int_equal(mail_folder_open(store, BOB, "None", &folder, NULL), MAIL_STORE_NO_FOLDER);
}

static void messages_keep_uid_octets_and_date(void **state)
{
    MailStore *store = store_with_bob(state);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "inbox");
    assert_int_equal(put(inbox, "Subject: 1\r\n\r\none\r\n"), 1);
    assert_int_equal(put(inbox, "Subject: 2\r\n\r\nbare\nfeed\r\n"), 2);
    assert_int_equal(put(inbox, "Subject: 3\r\n\r\ntwo CRs\r\r\n"), 3);
    assert_int_equal(put(inbox, ""), 4);
    assert_int_equal(mail_folder_count(inbox), 4);
    assert_message(inbox, 1, "Subject: 1\r\n\r\none\r\n");
    assert_message(inbox, 2, "Subject: 2\r\n\r\nbare\nfeed\r\n");
    assert_message(inbox, 3, "Subject: 3\r\n\r\ntwo CRs\r\r\n");
    assert_message(inbox, 4, "");
    const MailMessage *message = mail_folder_message(inbox, 1);
    assert_int_equal(message->uid, 2);
    assert_int_equal(message->size, 25);
    assert_int_equal(message->internal_seconds, 1669021200);
    assert_int_equal(message->flags, MAIL_FLAG_RECENT);
    MailFolderStatus status;
    mail_folder_status(inbox, &status);
    assert_int_equal(status.messages, 4);
    assert_int_equal(status.uid_next, 5);
    assert_int_equal(status.unseen, 4);
    assert_int_equal(status.recent, 4);
    assert_int_equal(status.first_unseen, 1);
    assert_true(status.uid_validity > 0);
    g_autoptr(GBytes) octets = NULL;
    assert_int_equal(mail_folder_fetch(inbox, 9, &octets, NULL), MAIL_STORE_NO_MESSAGE);
}

static void flags_and_keywords_change(void **state)
{
    guint index = 0;
    MailStore *store = store_with_bob(state);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "INBOX");
    guint32 uid = put(inbox, "x\r\n");
    guint64 before = mail_folder_highest_modseq(inbox);
    assert_int_equal(
        mail_folder_change_flags(
            inbox, uid, MAIL_FLAGS_ADD, MAIL_FLAG_SEEN | MAIL_FLAG_FLAGGED, G_MAXUINT64, NULL
        ),
        MAIL_STORE_DONE
    );
    assert_true(mail_folder_highest_modseq(inbox) > before);
    assert_int_equal(
        mail_folder_change_flags(
            inbox, uid, MAIL_FLAGS_REMOVE, MAIL_FLAG_FLAGGED, G_MAXUINT64, NULL
        ),
        MAIL_STORE_DONE
    );
    assert_int_equal(mail_folder_message(inbox, 0)->flags & ~MAIL_FLAG_RECENT, MAIL_FLAG_SEEN);
    assert_int_equal(
        mail_folder_change_flags(inbox, uid, MAIL_FLAGS_ADD, MAIL_FLAG_DRAFT, before, NULL),
        MAIL_STORE_MODIFIED
    );
    assert_int_equal(mail_folder_add_keyword(inbox, "$Forwarded", &index, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_add_keyword(inbox, "$forwarded", &index, NULL), MAIL_STORE_DONE);
    assert_int_equal(index, 0);
    assert_int_equal(mail_folder_add_keyword(inbox, "a b", &index, NULL), MAIL_STORE_BAD_NAME);
    /* Bits of keywords that nobody has defined, and RECENT, cannot be set from outside. */
    assert_int_equal(
        mail_folder_change_flags(
            inbox, uid, MAIL_FLAGS_REPLACE, 0xffffffffu & ~MAIL_FLAG_RECENT, G_MAXUINT64, NULL
        ),
        MAIL_STORE_DONE
    );
    assert_int_equal(
        mail_folder_message(inbox, 0)->flags, (MAIL_FLAGS_SYSTEM) | MAIL_FLAG_KEYWORD(0)
    );
    mail_folder_take_recent(inbox, NULL);
    assert_int_equal(mail_folder_message(inbox, 0)->flags & MAIL_FLAG_RECENT, 0);
    for (guint i = 1; i < MAIL_KEYWORDS_MAXIMUM; i++) {
        g_autofree char *keyword = g_strdup_printf("k%u", i);
        assert_int_equal(mail_folder_add_keyword(inbox, keyword, &index, NULL), MAIL_STORE_DONE);
    }
    assert_int_equal(mail_folder_add_keyword(inbox, "more", &index, NULL), MAIL_STORE_LIMIT);
    assert_string_equal(mail_folder_keyword(inbox, 25), "k25");
    assert_null(mail_folder_keyword(inbox, 26));
}

static void expunged_messages_are_remembered(void **state)
{
    MailStore *store = store_with_bob(state);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "INBOX");
    for (guint i = 0; i < 5; i++) {
        put(inbox, "x\r\n");
    }
    guint64 before = mail_folder_highest_modseq(inbox);
    const guint32 gone[] = {4, 2, 77};
    assert_int_equal(mail_folder_expunge(inbox, gone, 3, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 3);
    assert_int_equal(mail_folder_message(inbox, 1)->uid, 3);
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    assert_true(mail_folder_expunged_since(inbox, before, uids));
    assert_int_equal(uids->len, 2);
    assert_int_equal(g_array_index(uids, guint32, 0), 2);
    assert_int_equal(g_array_index(uids, guint32, 1), 4);
    /* A UID is never used again. */
    const guint32 last[] = {5};
    assert_int_equal(mail_folder_expunge(inbox, last, 1, NULL), MAIL_STORE_DONE);
    assert_int_equal(put(inbox, "y\r\n"), 6);
    g_autofree char *id = mail_folder_unique_id(inbox, 6);
    g_autofree char *other = mail_folder_unique_id(inbox, 1);
    assert_string_not_equal(id, other);
}

static void folders_form_a_hierarchy(void **state)
{
    MailStore *store = store_with_bob(state);
    assert_int_equal(mail_store_create(store, BOB, "Work/2022/May", 0, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_create(store, BOB, "Sent", MAIL_USE_SENT, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_create(store, BOB, "inbox/Old", 0, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_create(store, BOB, "Sent", 0, NULL), MAIL_STORE_EXISTS);
    assert_int_equal(mail_store_create(store, BOB, "Inbox", 0, NULL), MAIL_STORE_EXISTS);
    assert_int_equal(mail_store_subscribe(store, BOB, "Sent", true, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_subscribe(store, BOB, "Nowhere", true, NULL), MAIL_STORE_DONE);
    assert_names(store, "INBOX+ INBOX/Old Nowhere!-* Sent*=sent Work-+ Work/2022-+ Work/2022/May ");
    assert_int_equal(mail_store_delete(store, BOB, "Work", NULL), MAIL_STORE_NOT_ALLOWED);
    assert_int_equal(mail_store_delete(store, BOB, "INBOX", NULL), MAIL_STORE_NOT_ALLOWED);
    assert_int_equal(mail_store_delete(store, BOB, "None", NULL), MAIL_STORE_NO_FOLDER);
    assert_int_equal(mail_store_create(store, BOB, "Work", 0, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_delete(store, BOB, "Work", NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_subscribe(store, BOB, "Nowhere", false, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_rename(store, BOB, "Work", "Old/Work", NULL), MAIL_STORE_DONE);
    assert_int_equal(
        mail_store_rename(store, BOB, "Sent", "Old/Work/2022/May", NULL), MAIL_STORE_EXISTS
    );
    assert_int_equal(mail_store_rename(store, BOB, "Gone", "X", NULL), MAIL_STORE_NO_FOLDER);
    assert_int_equal(mail_store_rename(store, BOB, "Old", "Old/x", NULL), MAIL_STORE_NOT_ALLOWED);
    assert_names(
        store, "INBOX+ INBOX/Old Old-+ Old/Work-+ Old/Work/2022-+ Old/Work/2022/May Sent*=sent "
    );
}

static void bad_names_are_refused(void **state)
{
    MailStore *store = store_with_bob(state);
    static const char *const names[] = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a\nb",
        "a\x1b",
        "caf\xe9",
        "\xc2\x85",
        "1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0/1",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_int_equal(mail_store_create(store, BOB, names[i], 0, NULL), MAIL_STORE_BAD_NAME);
    }
    g_autofree char *name = g_strnfill(MAIL_FOLDER_NAME_MAXIMUM + 1, 'x');
    assert_int_equal(mail_store_create(store, BOB, name, 0, NULL), MAIL_STORE_BAD_NAME);
    name[MAIL_FOLDER_NAME_MAXIMUM] = '\0';
    assert_int_equal(mail_store_create(store, BOB, name, 0, NULL), MAIL_STORE_DONE);
    g_autoptr(MailFolder) folder = folder_of(store, BOB, name);
    assert_int_equal(put(folder, "x\r\n"), 1);
}

static void strange_names_are_kept(void **state)
{
    MailStore *store = store_with_bob(state);
    static const char *const names[] = {
        "Entw\xc3\xbcrfe",
        "a.b",
        "a.b/c.d",
        "100%",
        "~root",
        "&-",
        "a\\b",
        "new/cur/tmp",
        "\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5.\xe6\x9c\xac",
        "mailwalk-index",
        "-rf *",
        "%2e%2e",
        "Caf\xc3\xa9 & Bar",
        "\xf0\x9f\x93\xa7",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (mail_store_create(store, BOB, names[i], 0, NULL) != MAIL_STORE_DONE) {
            fail_msg("%s", names[i]);
        }
        g_autoptr(MailFolder) folder = folder_of(store, BOB, names[i]);
        assert_int_equal(put(folder, names[i]), 1);
        assert_string_equal(mail_folder_name(folder), names[i]);
        assert_message(folder, 1, names[i]);
    }
    g_autoptr(GString) seen = g_string_new(NULL);
    mail_store_list(store, BOB, note_name, seen, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_non_null(strstr(seen->str, names[i]));
    }
}

static void copies_share_and_moves_leave_nothing(void **state)
{
    guint index = 0;
    guint32 copies[2] = {0};
    MailStore *store = store_with_bob(state);
    mail_store_add_account(store, ALICE, NULL);
    mail_store_create(store, BOB, "Saved", 0, NULL);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "INBOX");
    g_autoptr(MailFolder) saved = folder_of(store, BOB, "Saved");
    g_autoptr(MailFolder) hers = folder_of(store, ALICE, "INBOX");
    put(inbox, "one\r\n");
    put(inbox, "two\r\n");
    put(saved, "old\r\n");
    mail_folder_add_keyword(saved, "other", &index, NULL);
    mail_folder_add_keyword(inbox, "mine", &index, NULL);
    mail_folder_change_flags(
        inbox, 1, MAIL_FLAGS_ADD, MAIL_FLAG_SEEN | MAIL_FLAG_KEYWORD(index), G_MAXUINT64, NULL
    );
    const guint32 both[] = {1, 2};
    assert_int_equal(mail_folder_copy(inbox, both, 2, saved, copies, NULL), MAIL_STORE_DONE);
    assert_int_equal(copies[0], 2);
    assert_int_equal(copies[1], 3);
    assert_message(saved, 3, "two\r\n");
    assert_true(mail_folder_find_keyword(saved, "mine", &index));
    assert_int_equal(
        mail_folder_message(saved, 1)->flags & ~MAIL_FLAG_RECENT,
        MAIL_FLAG_SEEN | MAIL_FLAG_KEYWORD(index)
    );
    assert_int_equal(mail_folder_message(saved, 1)->internal_seconds, 1669021200);
    assert_int_equal(mail_folder_move(inbox, both, 2, hers, copies, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 0);
    assert_int_equal(mail_folder_count(hers), 2);
    assert_message(hers, copies[0], "one\r\n");
    /* Several are copied all or not at all. */
    const guint32 some[] = {2, 99};
    assert_int_equal(mail_folder_copy(saved, some, 2, hers, NULL, NULL), MAIL_STORE_NO_MESSAGE);
    assert_int_equal(mail_folder_count(hers), 2);
    const guint32 own[] = {2};
    assert_int_equal(mail_folder_move(saved, own, 1, saved, copies, NULL), MAIL_STORE_DONE);
    assert_int_equal(copies[0], 4);
    assert_int_equal(mail_folder_count(saved), 3);
}

static void quota_is_kept(void **state)
{
    MailQuota limit;
    MailQuota used;
    MailStore *store = store_with_bob(state);
    MailQuota quota = {.octets = 10, .messages = 3};
    mail_store_set_quota(store, BOB, quota, NULL);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "INBOX");
    put(inbox, "1234567\r\n");
    g_autoptr(GBytes) more = g_bytes_new("12", 2);
    assert_int_equal(mail_folder_append(inbox, more, 0, 0, NULL, NULL), MAIL_STORE_OVER_QUOTA);
    const guint32 one[] = {1};
    assert_int_equal(mail_folder_copy(inbox, one, 1, inbox, NULL, NULL), MAIL_STORE_OVER_QUOTA);
    assert_int_equal(mail_store_get_quota(store, BOB, &limit, &used, NULL), MAIL_STORE_DONE);
    assert_int_equal(limit.octets, 10);
    assert_int_equal(used.octets, 9);
    assert_int_equal(used.messages, 1);
    mail_folder_expunge(inbox, one, 1, NULL);
    put(inbox, "");
    put(inbox, "");
    put(inbox, "");
    g_autoptr(GBytes) nothing = g_bytes_new("", 0);
    assert_int_equal(mail_folder_append(inbox, nothing, 0, 0, NULL, NULL), MAIL_STORE_OVER_QUOTA);
    assert_int_equal(mail_store_get_quota(store, BOB, &limit, &used, NULL), MAIL_STORE_DONE);
    assert_int_equal(used.octets, 0);
    assert_int_equal(used.messages, 3);
}

static void a_maildrop_is_locked_once(void **state)
{
    MailStore *store = store_with_bob(state);
    assert_int_equal(mail_store_lock(store, BOB, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_store_lock(store, BOB, NULL), MAIL_STORE_LOCKED);
    /* Deliveries go on. */
    g_autoptr(GBytes) octets = g_bytes_new("x", 1);
    assert_int_equal(
        mail_store_deliver(store, BOB, "INBOX", octets, 0, NULL, NULL), MAIL_STORE_DONE
    );
    mail_store_unlock(store, BOB);
    assert_int_equal(mail_store_lock(store, BOB, NULL), MAIL_STORE_DONE);
    mail_store_unlock(store, BOB);
    assert_int_equal(mail_store_lock(store, ALICE, NULL), MAIL_STORE_NO_ACCOUNT);
}

static void a_deleted_folder_stays_deleted(void **state)
{
    MailFolderStatus old_status;
    MailFolderStatus new_status;
    MailStore *store = store_with_bob(state);
    mail_store_create(store, BOB, "Temp", 0, NULL);
    g_autoptr(MailFolder) old = folder_of(store, BOB, "Temp");
    put(old, "x\r\n");
    mail_folder_status(old, &old_status);
    assert_int_equal(mail_store_delete(store, BOB, "Temp", NULL), MAIL_STORE_DONE);
    g_autoptr(GBytes) octets = g_bytes_new("x", 1);
    assert_int_equal(mail_folder_append(old, octets, 0, 0, NULL, NULL), MAIL_STORE_NO_FOLDER);
    assert_int_equal(mail_folder_refresh(old, NULL), MAIL_STORE_NO_FOLDER);
    /* RFC 9051 §2.3.1.1: a new folder of that name has another UIDVALIDITY. */
    assert_int_equal(mail_store_create(store, BOB, "Temp", 0, NULL), MAIL_STORE_DONE);
    g_autoptr(MailFolder) new = folder_of(store, BOB, "Temp");
    mail_folder_status(new, &new_status);
    assert_int_equal(mail_folder_count(new), 0);
    assert_true(new_status.uid_validity > old_status.uid_validity);
}

static void renaming_inbox_empties_it(void **state)
{
    MailStore *store = store_with_bob(state);
    g_autoptr(MailFolder) inbox = folder_of(store, BOB, "INBOX");
    put(inbox, "1\r\n");
    put(inbox, "2\r\n");
    assert_int_equal(mail_store_rename(store, BOB, "INBOX", "Archive", NULL), MAIL_STORE_DONE);
    g_autoptr(MailFolder) archive = folder_of(store, BOB, "Archive");
    assert_int_equal(mail_folder_refresh(inbox, NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_count(inbox), 0);
    assert_int_equal(mail_folder_count(archive), 2);
    assert_message(archive, 2, "2\r\n");
    /* A renamed folder keeps its messages and its open handles. */
    assert_int_equal(mail_store_rename(store, BOB, "Archive", "A/B", NULL), MAIL_STORE_DONE);
    assert_int_equal(mail_folder_refresh(archive, NULL), MAIL_STORE_DONE);
    assert_int_equal(put(archive, "3\r\n"), 3);
    g_autoptr(MailFolder) again = folder_of(store, BOB, "A/B");
    assert_int_equal(mail_folder_count(again), 3);
}

#define STORE_TEST(test, kind)                                                                     \
    {                                                                                              \
#kind " store: " #test, test, begin_##kind, end_##kind, NULL                               \
    }
#define ALL_TESTS(kind)                                                                            \
    STORE_TEST(accounts_are_made_once, kind), STORE_TEST(messages_keep_uid_octets_and_date, kind), \
        STORE_TEST(flags_and_keywords_change, kind),                                               \
        STORE_TEST(expunged_messages_are_remembered, kind),                                        \
        STORE_TEST(folders_form_a_hierarchy, kind), STORE_TEST(bad_names_are_refused, kind),       \
        STORE_TEST(strange_names_are_kept, kind),                                                  \
        STORE_TEST(copies_share_and_moves_leave_nothing, kind), STORE_TEST(quota_is_kept, kind),   \
        STORE_TEST(a_maildrop_is_locked_once, kind),                                               \
        STORE_TEST(a_deleted_folder_stays_deleted, kind),                                          \
        STORE_TEST(renaming_inbox_empties_it, kind)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALL_TESTS(memory),
        ALL_TESTS(maildir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
