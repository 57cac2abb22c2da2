#include "tests/support/test.h"

#include <string.h>

#include "sim/store/mail-view.h"
#include "sim/store/memory-store.h"

#define BOB "bob@hamburger.edu"

/* What a view tells, one word each: expunge 2 is "-2", flags of 3 "~3", 4 messages "=4", 1 recent
 * "!1", the folder gone "X". */
static char *update(MailView *view, bool may_expunge)
{
    GString *seen = g_string_new(NULL);
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(MailViewEvent));
    assert_int_equal(mail_view_update(view, may_expunge, events, NULL), MAIL_STORE_DONE);
    for (guint i = 0; i < events->len; i++) {
        const MailViewEvent *event = &g_array_index(events, MailViewEvent, i);
        g_string_append_printf(seen, "%c%u ", "-~=!X"[event->kind], event -> sequence);
    }
    return g_string_free(seen, FALSE);
}

static void assert_update(MailView *view, bool may_expunge, const char *expected)
{
    g_autofree char *seen = update(view, may_expunge);
    assert_string_equal(seen, expected);
}

static void put(MailFolder *folder, guint count)
{
    g_autoptr(GBytes) octets = g_bytes_new_static("x\r\n", 3);
    for (guint i = 0; i < count; i++) {
        assert_int_equal(mail_folder_append(folder, octets, 0, 0, NULL, NULL), MAIL_STORE_DONE);
    }
}

static void flag(MailFolder *folder, guint32 uid, guint32 flags)
{
    assert_int_equal(
        mail_folder_change_flags(folder, uid, MAIL_FLAGS_ADD, flags, G_MAXUINT64, NULL),
        MAIL_STORE_DONE
    );
}

static void sessions_hear_of_each_other(void **state)
{
    (void)state;
    g_autoptr(MailStore) store = memory_store_new();
    mail_store_add_account(store, BOB, NULL);
    MailFolder *folder = NULL;
    mail_folder_open(store, BOB, "INBOX", &folder, NULL);
    put(folder, 4);
    MailView *first = mail_view_new(folder, false);
    MailView *second = mail_view_new(folder, false);
    assert_int_equal(mail_view_count(first), 4);
    /* RFC 3501 §2.3.2: only the first session is told that a message is recent. */
    assert_int_equal(mail_view_recent(first), 4);
    assert_int_equal(mail_view_recent(second), 0);
    assert_update(first, true, "");

    flag(folder, 3, MAIL_FLAG_SEEN);
    mail_view_forget_flags(first, 3);
    assert_update(first, true, "");
    assert_update(second, true, "~3 ");

    const guint32 gone[] = {1, 2};
    mail_folder_expunge(folder, gone, 2, NULL);
    put(folder, 1);
    flag(folder, 4, MAIL_FLAG_FLAGGED);
    /* Held back: numbers stay what the client thinks they are. */
    assert_update(second, false, "~4 =5 !1 ");
    assert_int_equal(mail_view_uid(second, 1), 1);
    assert_int_equal(mail_view_sequence(second, 5), 5);
    assert_update(second, true, "-1 -1 ");
    assert_int_equal(mail_view_uid(second, 1), 3);
    assert_int_equal(mail_view_sequence(second, 5), 3);
    assert_int_equal(mail_view_sequence(second, 2), 0);
    assert_int_equal(mail_view_sequence_from(second, 4), 2);
    assert_int_equal(mail_view_sequence_from(second, 6), 0);
    assert_true(mail_view_is_recent(second, 5));
    assert_update(first, true, "-1 -1 ~2 =3 !2 ");
    assert_false(mail_view_is_recent(first, 5));
    assert_true(mail_view_is_recent(first, 3));
    assert_update(first, true, "");

    /* Changed and gone before the view is asked: only that it is gone is told. */
    flag(folder, 5, MAIL_FLAG_SEEN);
    const guint32 last[] = {5};
    mail_folder_expunge(folder, last, 1, NULL);
    assert_update(second, false, "");
    assert_update(second, true, "-3 !0 ");
    mail_view_free(first);
    mail_view_free(second);
    mail_folder_unref(folder);
}

static void a_reader_takes_nothing(void **state)
{
    (void)state;
    g_autoptr(MailStore) store = memory_store_new();
    mail_store_add_account(store, BOB, NULL);
    mail_store_create(store, BOB, "Temp", 0, NULL);
    MailFolder *folder = NULL;
    mail_folder_open(store, BOB, "Temp", &folder, NULL);
    put(folder, 2);
    MailView *reader = mail_view_new(folder, true);
    assert_int_equal(mail_view_recent(reader), 2);
    MailView *writer = mail_view_new(folder, false);
    assert_int_equal(mail_view_recent(writer), 2);
    assert_true(mail_view_is_read_only(reader));
    mail_store_delete(store, BOB, "Temp", NULL);
    assert_update(writer, true, "X0 ");
    mail_view_free(reader);
    mail_view_free(writer);
    mail_folder_unref(folder);
}

/* Two views follow a thousand random changes; what they were told must lead them to the truth. */
static void random_changes_are_followed(void **state)
{
    (void)state;
    g_autoptr(MailStore) store = memory_store_new();
    g_autoptr(GRand) chance = g_rand_new_with_seed(11);
    mail_store_add_account(store, BOB, NULL);
    MailFolder *folder = NULL;
    mail_folder_open(store, BOB, "INBOX", &folder, NULL);
    MailView *view = mail_view_new(folder, false);
    guint told = 0;
    for (guint i = 0; i < 1000; i++) {
        guint count = mail_folder_count(folder);
        guint index = count == 0 ? 0 : (guint)g_rand_int_range(chance, 0, (gint)count);
        if (count == 0 || g_rand_int_range(chance, 0, 3) > 0) {
            put(folder, 1);
        } else {
            guint32 uid = mail_folder_message(folder, index)->uid;
            mail_folder_expunge(folder, &uid, 1, NULL);
        }
        if (g_rand_int_range(chance, 0, 4) > 0) {
            continue;
        }
        g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(MailViewEvent));
        mail_view_update(view, g_rand_boolean(chance), events, NULL);
        for (guint at = 0; at < events->len; at++) {
            const MailViewEvent *event = &g_array_index(events, MailViewEvent, at);
            assert_true(event->sequence >= 1 || event->kind == MAIL_VIEW_RECENT);
            if (event->kind == MAIL_VIEW_EXPUNGED) {
                assert_true(event->sequence <= told);
                told--;
            } else if (event->kind == MAIL_VIEW_EXISTS) {
                assert_true(event->sequence >= told);
                told = event->sequence;
            }
        }
        assert_int_equal(told, mail_view_count(view));
    }
    g_autofree char *rest = update(view, true);
    (void)rest;
    assert_int_equal(mail_view_count(view), mail_folder_count(folder));
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        assert_int_equal(mail_view_uid(view, i + 1), mail_folder_message(folder, i)->uid);
    }
    mail_view_free(view);
    mail_folder_unref(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_hear_of_each_other),
        cmocka_unit_test(a_reader_takes_nothing),
        cmocka_unit_test(random_changes_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
