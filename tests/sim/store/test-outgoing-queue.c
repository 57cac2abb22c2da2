#include "tests/support/test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sim/store/outgoing-queue.h"

static QueueEntry *entry_due(const char *sender, gint64 due_us)
{
    g_autoptr(GBytes) octets = g_bytes_new(sender, strlen(sender));
    QueueEntry *entry = queue_entry_new(sender, octets);
    entry->next_attempt_us = due_us;
    queue_entry_add_recipient(entry, "bob@hamburger.edu");
    return entry;
}

static QueueEntry *add(OutgoingQueue *queue, const char *sender, gint64 due_us)
{
    QueueEntry *entry = entry_due(sender, due_us);
    assert_true(outgoing_queue_add(queue, entry, NULL));
    return entry;
}

static void the_first_due_comes_first(void **state)
{
    (void)state;
    g_autoptr(OutgoingQueue) queue = outgoing_queue_new_memory();
    assert_null(outgoing_queue_first(queue));
    QueueEntry *late = add(queue, "late", 300);
    QueueEntry *first = add(queue, "first", 100);
    QueueEntry *second = add(queue, "second", 100);
    assert_ptr_equal(outgoing_queue_first(queue), first);
    first->next_attempt_us = 400;
    assert_true(outgoing_queue_update(queue, first, NULL));
    assert_ptr_equal(outgoing_queue_first(queue), second);
    assert_true(outgoing_queue_remove(queue, second, NULL));
    assert_ptr_equal(outgoing_queue_first(queue), late);
    outgoing_queue_take(queue, late);
    assert_ptr_equal(outgoing_queue_first(queue), first);
    outgoing_queue_take(queue, first);
    assert_null(outgoing_queue_first(queue));
    late->next_attempt_us = 200;
    assert_true(outgoing_queue_update(queue, late, NULL));
    assert_ptr_equal(outgoing_queue_first(queue), late);
    assert_ptr_equal(outgoing_queue_find(queue, first->id), first);
    assert_null(outgoing_queue_find(queue, "none"));
    assert_int_equal(outgoing_queue_length(queue), 2);
}

/* A thousand random changes beside a list that is searched from end to end. */
static void order_holds_under_random_changes(void **state)
{
    (void)state;
    g_autoptr(GRand) chance = g_rand_new_with_seed(3);
    g_autoptr(OutgoingQueue) queue = outgoing_queue_new_memory();
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (guint i = 0; i < 5000; i++) {
        gint what = all->len == 0 ? 0 : g_rand_int_range(chance, 0, 4);
        guint index = all->len == 0 ? 0 : (guint)g_rand_int_range(chance, 0, (gint)all->len);
        gint64 due_us = g_rand_int_range(chance, 0, 50);
        if (what <= 1) {
            g_ptr_array_add(all, add(queue, "x", due_us));
        } else if (what == 2) {
            QueueEntry *entry = g_ptr_array_index(all, index);
            entry->next_attempt_us = due_us;
            assert_true(outgoing_queue_update(queue, entry, NULL));
        } else {
            QueueEntry *entry = g_ptr_array_remove_index(all, index);
            assert_true(outgoing_queue_remove(queue, entry, NULL));
        }
        const QueueEntry *least = NULL;
        for (guint at = 0; at < all->len; at++) {
            const QueueEntry *entry = g_ptr_array_index(all, at);
            if (least == NULL || entry->next_attempt_us < least->next_attempt_us ||
                (entry->next_attempt_us == least->next_attempt_us &&
                 strcmp(entry->id, least->id) < 0)) {
                least = entry;
            }
        }
        assert_ptr_equal(outgoing_queue_first(queue), least);
    }
}

static void note_sender(QueueEntry *entry, void *data)
{
    g_string_append_printf(data, "%s ", entry->reverse_path);
}

static void visits_go_by_arrival(void **state)
{
    (void)state;
    g_autoptr(OutgoingQueue) queue = outgoing_queue_new_memory();
    g_autoptr(GString) seen = g_string_new(NULL);
    add(queue, "one", 30);
    add(queue, "two", 10);
    add(queue, "three", 20);
    outgoing_queue_visit(queue, note_sender, seen);
    assert_string_equal(seen->str, "one two three ");
}

static int begin_folder(void **state)
{
    *state = g_dir_make_tmp("mailwalk-queue-XXXXXX", NULL);
    return *state == NULL ? -1 : 0;
}

static int end_folder(void **state)
{
    g_autofree char *path = *state;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    return g_rmdir(path);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void a_queue_on_disk_comes_back(void **state)
{
    const char *path = *state;
    OutgoingQueue *queue = outgoing_queue_new_disk(path, true, NULL);
    assert_non_null(queue);
    QueueEntry *entry = entry_due("alice@crepes.fr", 77);
    QueueRecipient *carol = queue_entry_add_recipient(entry, "\"c\\\" \n\"@x");
    carol->original_recipient = g_strdup("rfc822;carol");
    carol->notify = QUEUE_NOTIFY_FAILURE | QUEUE_NOTIFY_DELAY;
    carol->state = QUEUE_RECIPIENT_FAILED;
    carol->attempts = 3;
    carol->last_attempt_us = G_MAXINT64 - 1;
    queue_recipient_set_reply(carol, 550, "No\xff such\r\nuser", "mx.x");
    entry->envelope_id = g_strdup("E1");
    entry->returns = QUEUE_RETURN_HEADERS;
    entry->is_8bit = true;
    entry->arrived_us = -5;
    entry->expires_us = 999;
    assert_true(outgoing_queue_add(queue, entry, NULL));
    QueueEntry *other = add(queue, "", 10);
    assert_true(outgoing_queue_remove(queue, other, NULL));
    entry->was_warned = true;
    assert_true(outgoing_queue_update(queue, entry, NULL));
    g_autofree char *id = g_strdup(entry->id);
    assert_null(outgoing_queue_new_disk(path, true, NULL)); /* one owner at a time */
    outgoing_queue_free(queue);

    write_file(path, "0000FFFF.message", "never accepted");
    write_file(path, "0000FFFE.envelope.temporary", "half");
    queue = outgoing_queue_new_disk(path, true, NULL);
    assert_int_equal(outgoing_queue_length(queue), 1);
    entry = outgoing_queue_find(queue, id);
    assert_string_equal(entry->reverse_path, "alice@crepes.fr");
    assert_string_equal(entry->envelope_id, "E1");
    assert_int_equal(entry->returns, QUEUE_RETURN_HEADERS);
    assert_true(entry->is_8bit && entry->was_warned && !entry->is_utf8);
    assert_int_equal(entry->next_attempt_us, 77);
    assert_int_equal(entry->arrived_us, -5);
    assert_int_equal(entry->n_recipients, 2);
    assert_int_equal(queue_entry_waiting(entry), 1);
    carol = &entry->recipients[1];
    assert_string_equal(carol->path, "\"c\\\" \n\"@x");
    assert_string_equal(carol->last_reply, "No\xff such\r\nuser");
    assert_int_equal(carol->last_code, 550);
    assert_int_equal(carol->last_attempt_us, G_MAXINT64 - 1);
    assert_int_equal(carol->state, QUEUE_RECIPIENT_FAILED);
    gsize length = 0;
    const void *data = g_bytes_get_data(entry->octets, &length);
    assert_span(byte_span(data, length), "alice@crepes.fr");
    add(queue, "new", 1);
    assert_true(strcmp(outgoing_queue_first(queue)->id, id) > 0);
    outgoing_queue_free(queue);
}

static void a_damaged_envelope_is_an_error(void **state)
{
    const char *path = *state;
    g_autoptr(GError) error = NULL;
    static const char *const texts[] = {
        "",
        "mailwalk-envelope 1\nid 0000000A\n",
        "mailwalk-envelope 1\nid 0000000B\nend\n",
        "mailwalk-envelope 1\nid 0000000A\nunknown 1\nend\n",
        "mailwalk-envelope 1\nid 0000000A\nreturns 9\nend\n",
        "mailwalk-envelope 2\nid 0000000A\nend\n",
    };
    write_file(path, "0000000A.message", "x");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        write_file(path, "0000000A.envelope", texts[i]);
        assert_null(outgoing_queue_new_disk(path, true, &error));
        assert_non_null(strstr(error->message, "damaged"));
        g_clear_error(&error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_due_comes_first),
        cmocka_unit_test(order_holds_under_random_changes),
        cmocka_unit_test(visits_go_by_arrival),
        cmocka_unit_test_setup_teardown(a_queue_on_disk_comes_back, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(a_damaged_envelope_is_an_error, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
