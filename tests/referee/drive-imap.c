/* drive-imap PORT [NAME=VALUE]...: does with our IMAP client what it is told on standard input, and
 * prints what the server on 127.0.0.1 said. A line of input is a deed and what it needs, with tabs
 * between; each is answered with the news it brought, one line each, and a line with a dot.
 *
 *     pipeline=0 literals=0 (1: never without being asked)
 *     login USER PASSWORD [MECHANISM]     select NAME         fetch UIDS ITEMS
 *     append NAME FLAGS FILE              move UIDS NAME      idle, await, stop ... */

#include "protocol/imap/imap-client.h"
#include "tests/referee/drive-socket.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS_MAXIMUM 5

typedef struct {
    ImapClient *client;
    DriveSocket socket;
    guint news; /* events told so far */
    bool is_idling;
    bool is_over;
} Driver;

/* --- news --- */

static void tell_part(const ImapClientPart *part)
{
    g_autofree char *section = byte_span_to_string(part->section);
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, part->octets.data, part->octets.length);
    printf("  part [%s]<%u> %zu %s\n", section, (guint)part->origin, part->octets.length, digest);
}

static void tell_message(const ImapClientMessage *message)
{
    printf("message %u uid %u", message->sequence, message->uid);
    if (message->has_flags) {
        guint32 flags = message->flags & ~(guint32)IMAP_FLAG_RECENT;
        g_autofree char *keywords = byte_span_to_string(message->keywords);
        printf(" flags %x %s", flags, keywords);
    }
    if (message->has_size) {
        printf(" size %u", (guint)message->size);
    }
    if (message->has_date) {
        printf(" date %" G_GINT64_FORMAT, message->internal_seconds);
    }
    printf("\n");
    for (guint i = 0; i < message->n_parts; i++) {
        tell_part(&message->parts[i]);
    }
}

static void tell_found(const ImapClientEvent *event)
{
    printf("found");
    for (guint i = 0; i < event->n_numbers; i++) {
        printf(" %u", event->numbers[i]);
    }
    printf("\n");
}

static void tell_done(const ImapClientEvent *event)
{
    static const char *const statuses[] = {"none", "OK", "NO", "BAD", "PREAUTH", "BYE"};
    g_autofree char *code = byte_span_to_display(event->code);
    const char *name = event->row == NULL ? "?" : event->row->item.token;
    printf("done %s %s%s%s\n", name, statuses[event->status], *code == '\0' ? "" : " ", code);
}

static void tell_mailbox(const ImapClientEvent *event)
{
    g_autofree char *attributes = byte_span_to_display(event->attributes);
    printf("mailbox %s %c %s\n", event->name, event->delimiter, attributes);
}

static void tell_status(const ImapClientEvent *event)
{
    g_autofree char *text = byte_span_to_display(event->text);
    printf("status %s %s\n", event->name, text);
}

static void take_event(Driver *driver, const ImapClientEvent *event)
{
    driver->news++;
    switch (event->kind) {
    case IMAP_CLIENT_MAILBOX:
        tell_mailbox(event);
        break;
    case IMAP_CLIENT_STATUS:
        tell_status(event);
        break;
    case IMAP_CLIENT_EXISTS:
        printf("exists %u\n", event->number);
        break;
    case IMAP_CLIENT_EXPUNGED:
        printf("expunged %u\n", event->number);
        break;
    case IMAP_CLIENT_MESSAGE:
        tell_message(event->message);
        break;
    case IMAP_CLIENT_FOUND:
        tell_found(event);
        break;
    case IMAP_CLIENT_IDLING:
        driver->is_idling = true;
        break;
    case IMAP_CLIENT_DONE:
        tell_done(event);
        break;
    case IMAP_CLIENT_CLOSED:
        printf("closed\n");
        driver->is_over = true;
        break;
    case IMAP_CLIENT_GREETED:
    case IMAP_CLIENT_RECENT:
    case IMAP_CLIENT_NOTICE:
    case IMAP_CLIENT_STARTTLS:
        break;
    }
}

/* --- moving octets --- */

static void say(Driver *driver)
{
    for (ByteSpan said = imap_client_output(driver->client); said.length > 0;
         said = imap_client_output(driver->client)) {
        drive_socket_send(&driver->socket, said); /* where it fails, reading tells */
        imap_client_consume_output(driver->client, said.length);
    }
}

static void hear(Driver *driver)
{
    ImapClientEvent event;
    ByteSpan heard = drive_socket_receive(&driver->socket);
    if (heard.length == 0) {
        printf("gone\n");
        driver->is_over = true;
    }
    imap_client_receive(driver->client, heard);
    while (imap_client_next_event(driver->client, &event)) {
        take_event(driver, &event);
    }
    say(driver);
}

static void finish(Driver *driver)
{
    say(driver);
    while (!driver->is_over && !driver->is_idling && !imap_client_is_idle(driver->client)) {
        hear(driver);
    }
}

/* --- deeds: words[0] is the deed itself, words that are missing are NULL --- */

static void do_log_in(Driver *driver, char **words)
{
    imap_client_log_in(driver->client, words[1], words[2], words[3]);
}

static void do_say(Driver *driver, char **words)
{
    imap_client_say(driver->client, words[1]);
}

static void do_list(Driver *driver, char **words)
{
    imap_client_list(driver->client, "", words[1]);
}

static void do_select(Driver *driver, char **words)
{
    imap_client_select(driver->client, words[1], false);
}

static void do_examine(Driver *driver, char **words)
{
    imap_client_select(driver->client, words[1], true);
}

static void do_create(Driver *driver, char **words)
{
    imap_client_name_command(driver->client, IMAP_COMMAND_CREATE, words[1], NULL);
}

static void do_delete(Driver *driver, char **words)
{
    imap_client_name_command(driver->client, IMAP_COMMAND_DELETE, words[1], NULL);
}

static void do_rename(Driver *driver, char **words)
{
    imap_client_name_command(driver->client, IMAP_COMMAND_RENAME, words[1], words[2]);
}

static void do_subscribe(Driver *driver, char **words)
{
    imap_client_name_command(driver->client, IMAP_COMMAND_SUBSCRIBE, words[1], NULL);
}

static void do_status(Driver *driver, char **words)
{
    imap_client_status(driver->client, words[1], words[2]);
}

static void do_fetch(Driver *driver, char **words)
{
    imap_client_fetch(driver->client, words[1], true, words[2]);
}

static void do_store(Driver *driver, char **words)
{
    imap_client_store(driver->client, words[1], true, words[2], words[3]);
}

static void do_copy(Driver *driver, char **words)
{
    imap_client_copy(driver->client, words[1], true, words[2]);
}

static void do_move(Driver *driver, char **words)
{
    imap_client_move(driver->client, words[1], true, words[2]);
}

static void do_expunge(Driver *driver, char **words)
{
    imap_client_expunge(driver->client, words[1]);
}

static void do_search(Driver *driver, char **words)
{
    imap_client_search(driver->client, true, words[1]);
}

static void do_append(Driver *driver, char **words)
{
    char *octets;
    gsize length;
    if (g_file_get_contents(words[3], &octets, &length, NULL)) {
        g_autoptr(GBytes) message = g_bytes_new_take(octets, length);
        imap_client_append(driver->client, words[1], words[2], 1767603600, message);
    }
}

static void do_idle(Driver *driver, char **words)
{
    (void)words;
    imap_client_idle(driver->client);
}

/* Until the server has told something unasked. */
static void do_await(Driver *driver, char **words)
{
    guint before = driver->news;
    (void)words;
    while (!driver->is_over && driver->news == before) {
        hear(driver);
    }
}

static void do_stop(Driver *driver, char **words)
{
    (void)words;
    driver->is_idling = false;
    imap_client_stop_idling(driver->client);
}

static void do_log_out(Driver *driver, char **words)
{
    (void)words;
    imap_client_log_out(driver->client);
}

typedef struct {
    const char *name;
    guint needs; /* words behind the name, at least */
    void (*act)(Driver *driver, char **words);
} Deed;

static const Deed deeds[] = {
    {"login", 2, do_log_in},  {"say", 1, do_say},         {"list", 1, do_list},
    {"select", 1, do_select}, {"examine", 1, do_examine}, {"create", 1, do_create},
    {"delete", 1, do_delete}, {"rename", 2, do_rename},   {"subscribe", 1, do_subscribe},
    {"status", 2, do_status}, {"fetch", 2, do_fetch},     {"store", 3, do_store},
    {"copy", 2, do_copy},     {"move", 2, do_move},       {"expunge", 0, do_expunge},
    {"search", 1, do_search}, {"append", 3, do_append},   {"idle", 0, do_idle},
    {"await", 0, do_await},   {"stop", 0, do_stop},       {"logout", 0, do_log_out},
};

static bool obey(Driver *driver, const char *line)
{
    g_auto(GStrv) split = g_strsplit(line, "\t", WORDS_MAXIMUM);
    char *words[WORDS_MAXIMUM + 1] = {NULL};
    guint count = g_strv_length(split);
    memcpy(words, split, count * sizeof *words);
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        if (count > deeds[i].needs && g_str_equal(words[0], deeds[i].name)) {
            deeds[i].act(driver, words);
            finish(driver);
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    char line[65536];
    if (argc < 2) {
        fprintf(stderr, "drive-imap PORT [NAME=VALUE]...\n");
        return 2;
    }
    ImapClientOptions options = {
        .pipelines = drive_number(argc, argv, "pipeline", 0) == 1,
        .never_literal_plus = drive_number(argc, argv, "literals", 0) == 1,
        .host_name = "localhost",
        .seed = 1,
    };
    Driver driver = {.client = imap_client_new(&options)};
    drive_socket_open(&driver.socket, argv[1]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (!obey(&driver, g_strchomp(line))) {
            fprintf(stderr, "drive-imap: no such deed: %s\n", line);
            return 2;
        }
        printf(".\n");
        fflush(stdout);
    }
    drive_socket_close(&driver.socket);
    imap_client_free(driver.client);
    return EXIT_SUCCESS;
}
