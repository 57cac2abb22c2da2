/* kill-maildir ROUNDS MESSAGES: in each round one process delivers messages to a Maildir and says
 * which it has accepted, another flags them and moves them to a second folder, and both are killed
 * at a random moment. Afterwards every accepted message must be there exactly once, no other more
 * than once, and a second look must find the same UIDs. */

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/message/header-block.h"
#include "sim/store/maildir-store.h"

#define BOB "bob@hamburger.edu"
#define SAVED "Saved"
#define KILL_WITHIN_US 3000

static const MaildirOptions options = {.skips_flush = true};

static void require(bool is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "kill-maildir: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static MailFolder *open_folder(MailStore *store, const char *name)
{
    MailFolder *folder = NULL;
    require(mail_folder_open(store, BOB, name, &folder, NULL) == MAIL_STORE_DONE, "cannot open");
    require(mail_folder_refresh(folder, NULL) == MAIL_STORE_DONE, "cannot refresh");
    return folder;
}

static GBytes *message_number(guint32 number)
{
    char *text = g_strdup_printf("X-Number: %u\r\n\r\nHello\r\n", number);
    return g_bytes_new_take(text, strlen(text));
}

/* Says the number of every message that the store has taken. */
static void deliver(const char *root, guint32 count, int accepted)
{
    MailStore *store = maildir_store_new(root, &options, NULL);
    for (guint32 number = 0; number < count; number++) {
        guint32 uid = 0;
        g_autoptr(GBytes) octets = message_number(number);
        MailStoreResult result =
            mail_store_deliver(store, BOB, "INBOX", octets, 0, number % 2 == 0 ? &uid : NULL, NULL);
        if (result != MAIL_STORE_DONE || write(accepted, &number, sizeof number) < 0) {
            _exit(EXIT_FAILURE);
        }
    }
    _exit(EXIT_SUCCESS);
}

static void flag_and_move(const char *root)
{
    MailStore *store = maildir_store_new(root, &options, NULL);
    MailFolder *inbox = open_folder(store, "INBOX");
    MailFolder *saved = open_folder(store, SAVED);
    for (guint turn = 0;; turn++) {
        mail_folder_refresh(inbox, NULL);
        mail_folder_take_recent(inbox, NULL);
        guint count = mail_folder_count(inbox);
        if (count == 0) {
            continue;
        }
        guint32 uid = mail_folder_message(inbox, turn % count)->uid;
        mail_folder_change_flags(inbox, uid, MAIL_FLAGS_ADD, MAIL_FLAG_SEEN, G_MAXUINT64, NULL);
        if (turn % 3 == 0) {
            mail_folder_move(inbox, &uid, 1, saved, NULL, NULL);
        }
    }
}

static pid_t begin(const char *root, guint32 count, int accepted)
{
    pid_t child = fork();
    require(child >= 0, "cannot fork");
    if (child == 0) {
        if (accepted >= 0) {
            deliver(root, count, accepted);
        }
        flag_and_move(root);
    }
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static guint32 number_of(MailFolder *folder, guint32 uid)
{
    g_autoptr(GBytes) octets = NULL;
    require(
        mail_folder_fetch(folder, uid, &octets, NULL) == MAIL_STORE_DONE, "a message cannot be read"
    );
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span(data, length), 0);
    g_autofree char *number = header_block_text(&block, "X-Number");
    header_block_clear(&block);
    require(number != NULL && block.n_fields == 0, "a message is not whole");
    return (guint32)strtoul(number, NULL, 10);
}

/* Adds how often each message is there; the text has every UID, to be compared. */
static void count_messages(const char *root, const char *name, GArray *counts, GString *uids)
{
    MailStore *store = maildir_store_new(root, &options, NULL);
    MailFolder *folder = open_folder(store, name);
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        guint32 uid = mail_folder_message(folder, i)->uid;
        guint32 number = number_of(folder, uid);
        require(number < counts->len, "a number nobody sent");
        g_array_index(counts, guint, number)++;
        g_string_append_printf(uids, "%s/%u=%u ", name, uid, number);
    }
    mail_folder_unref(folder);
    mail_store_free(store);
}

static char *look(const char *root, GArray *counts)
{
    GString *uids = g_string_new(NULL);
    memset(counts->data, 0, counts->len * sizeof(guint));
    count_messages(root, "INBOX", counts, uids);
    count_messages(root, SAVED, counts, uids);
    return g_string_free(uids, FALSE);
}

static guint check(const char *root, guint32 count, const guint8 *was_accepted)
{
    guint accepted = 0;
    g_autoptr(GArray) counts = g_array_new(FALSE, TRUE, sizeof(guint));
    g_array_set_size(counts, count);
    g_autofree char *first = look(root, counts);
    for (guint32 number = 0; number < count; number++) {
        guint found = g_array_index(counts, guint, number);
        accepted += was_accepted[number];
        require(found >= was_accepted[number], "an accepted message is lost");
        require(found <= 1, "a message is there twice");
    }
    g_autofree char *second = look(root, counts);
    require(strcmp(first, second) == 0, "UIDs changed between two looks");
    return accepted;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR)) {
            remove_tree(inner);
        } else {
            g_unlink(inner);
        }
    }
    g_rmdir(path);
}

/* Lets the two work until some messages were accepted and a moment has passed. */
static void work_and_kill(const char *root, guint32 count, GRand *chance, guint8 *was_accepted)
{
    int ends[2] = {-1, -1};
    guint32 number = 0;
    require(pipe(ends) == 0, "cannot make a pipe");
    gint wanted = g_rand_int_range(chance, 0, (gint)count);
    gulong moment_us = (gulong)g_rand_int_range(chance, 0, KILL_WITHIN_US);
    pid_t deliverer = begin(root, count, ends[1]);
    pid_t mover = begin(root, 0, -1);
    close(ends[1]);
    while (wanted-- > 0 && read(ends[0], &number, sizeof number) == sizeof number) {
        was_accepted[number] = 1;
    }
    g_usleep(moment_us);
    end(deliverer);
    end(mover); /* it holds the other end of the pipe, too */
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        was_accepted[number] = 1;
    }
    close(ends[0]);
}

static guint run_round(guint32 count, GRand *chance)
{
    g_autofree char *root = g_dir_make_tmp("mailwalk-kill-XXXXXX", NULL);
    g_autofree guint8 *was_accepted = g_new0(guint8, count);
    MailStore *store = maildir_store_new(root, &options, NULL);
    require(mail_store_add_account(store, BOB, NULL) == MAIL_STORE_DONE, "no account");
    require(mail_store_create(store, BOB, SAVED, 0, NULL) == MAIL_STORE_DONE, "no folder");
    mail_store_free(store);
    work_and_kill(root, count, chance, was_accepted);
    guint accepted = check(root, count, was_accepted);
    remove_tree(root);
    return accepted;
}

int main(int argc, char **argv)
{
    guint rounds = argc > 1 ? (guint)strtoul(argv[1], NULL, 10) : 20;
    guint32 count = argc > 2 ? (guint32)strtoul(argv[2], NULL, 10) : 50;
    guint accepted = 0;
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);
    for (guint round = 0; round < rounds; round++) {
        accepted += run_round(count, chance);
    }
    printf("%u kills, %u accepted messages, each there once\n", rounds, accepted);
    return EXIT_SUCCESS;
}
