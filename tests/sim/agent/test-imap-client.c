#include "tests/support/test.h"

#include "protocol/imap/imap-client.h"
#include "protocol/imap/imap-server.h"
#include "sim/agent/access-accounts.h"
#include "sim/agent/imap-session.h"
#include "sim/network/world.h"
#include "sim/store/memory-store.h"

#define ACCOUNT "bob@hamburger.edu"

/* Our client with our server, octets carried in pieces. */
typedef struct {
    SimWorld *world;
    MailStore *store;
    AccessAccounts *accounts;
    ImapSession *session;
    ImapClient *client;
    GString *told; /* what the client told, a line for each event */
    gsize piece;
} Pair;

static void set_up(Pair *pair, guint32 offers, const ImapClientOptions *options)
{
    SimAddress peer = sim_address_ipv4(192, 0, 2, 7);
    pair->world = sim_world_new(1);
    pair->store = memory_store_new();
    mail_store_add_account(pair->store, ACCOUNT, NULL);
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *text = g_strdup_printf("Subject: m%u\r\n\r\nbody %u\r\n", i, i);
        g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
        mail_store_deliver(pair->store, ACCOUNT, "INBOX", octets, 1767603600, NULL, NULL);
    }
    pair->accounts = access_accounts_new(pair->world, NULL, pair->store, "hamburger.edu", 1);
    access_accounts_offers(pair->accounts)->imap = offers;
    access_accounts_add_user(pair->accounts, "bob", "p\303\244ss \"word\"", ACCOUNT);
    pair->session = imap_session_new(pair->accounts, &peer, NULL);
    pair->client = imap_client_new(options);
    pair->told = g_string_new(NULL);
}

static void tear_down(Pair *pair)
{
    imap_client_free(pair->client);
    imap_session_owner.ended(pair->session, SIM_TCP_ERROR_NONE);
    access_accounts_free(pair->accounts);
    mail_store_free(pair->store);
    sim_world_free(pair->world);
    g_string_free(pair->told, TRUE);
}

static void tell_message(GString *told, const ImapClientMessage *message)
{
    g_string_append_printf(told, "message %u uid %u", message->sequence, message->uid);
    if (message->has_flags) {
        g_string_append_printf(
            told,
            " flags %x %.*s",
            message->flags & ~(guint32)IMAP_FLAG_RECENT,
            (int)message->keywords.length,
            (const char *)message->keywords.data
        );
    }
    for (guint i = 0; i < message->n_parts; i++) {
        const ImapClientPart *part = &message->parts[i];
        g_autofree char *section = byte_span_to_string(part->section);
        g_autofree char *octets = byte_span_to_display(part->octets);
        g_string_append_printf(told, " [%s] %s", section, octets);
    }
    g_string_append_c(told, '\n');
}

static void tell(Pair *pair, const ImapClientEvent *event)
{
    static const char *const statuses[] = {"none", "OK", "NO", "BAD", "PREAUTH", "BYE"};
    GString *told = pair->told;
    switch (event->kind) {
    case IMAP_CLIENT_MAILBOX:
        g_string_append_printf(told, "mailbox %s\n", event->name);
        break;
    case IMAP_CLIENT_EXISTS:
        g_string_append_printf(told, "exists %u\n", event->number);
        break;
    case IMAP_CLIENT_EXPUNGED:
        g_string_append_printf(told, "expunged %u\n", event->number);
        break;
    case IMAP_CLIENT_MESSAGE:
        tell_message(told, event->message);
        break;
    case IMAP_CLIENT_FOUND:
        g_string_append(told, "found");
        for (guint i = 0; i < event->n_numbers; i++) {
            g_string_append_printf(told, " %u", event->numbers[i]);
        }
        g_string_append_c(told, '\n');
        break;
    case IMAP_CLIENT_IDLING:
        g_string_append(told, "idling\n");
        imap_client_stop_idling(pair->client);
        break;
    case IMAP_CLIENT_STATUS:
        g_string_append_printf(
            told,
            "status %s %.*s\n",
            event->name,
            (int)event->text.length,
            (const char *)event->text.data
        );
        break;
    case IMAP_CLIENT_DONE:
        g_string_append_printf(
            told, "done %u %s\n", (guint)event->command, statuses[event->status]
        );
        break;
    case IMAP_CLIENT_CLOSED:
        g_string_append(told, "closed\n");
        break;
    case IMAP_CLIENT_GREETED:
    case IMAP_CLIENT_RECENT:
    case IMAP_CLIENT_NOTICE:
    case IMAP_CLIENT_STARTTLS:
        break;
    }
}

static bool carry_to_client(Pair *pair)
{
    ImapClientEvent event;
    ByteSpan output = imap_session_owner.output(pair->session);
    gsize taken = MIN(output.length, pair->piece);
    if (taken == 0) {
        return false;
    }
    guint8 *copy = g_memdup2(output.data, taken);
    imap_session_owner.consume(pair->session, taken);
    imap_client_receive(pair->client, byte_span(copy, taken));
    while (imap_client_next_event(pair->client, &event)) {
        tell(pair, &event);
    }
    g_free(copy);
    return true;
}

static bool carry_to_server(Pair *pair)
{
    ByteSpan output = imap_client_output(pair->client);
    gsize taken = MIN(output.length, pair->piece);
    if (taken == 0) {
        return false;
    }
    guint8 *copy = g_memdup2(output.data, taken);
    imap_client_consume_output(pair->client, taken);
    imap_session_owner.receive(pair->session, byte_span(copy, taken));
    g_free(copy);
    return true;
}

static void talk(Pair *pair)
{
    bool goes_on = true;
    while (goes_on) {
        goes_on = carry_to_client(pair);
        goes_on = carry_to_server(pair) || goes_on;
    }
}

static void say_all(ImapClient *client, const char *mechanism)
{
    static const char text[] = "Subject: mine\r\n\r\n\"quoted\" \\ text\r\n";
    g_autoptr(GBytes) message = g_bytes_new_static(text, sizeof text - 1);
    imap_client_log_in(client, "bob", "p\303\244ss \"word\"", mechanism);
    imap_client_say(client, "CAPABILITY");
    imap_client_name_command(client, IMAP_COMMAND_CREATE, "Entw\303\274rfe & mehr", NULL);
    imap_client_list(client, "", "*");
    imap_client_append(client, "INBOX", "\\Draft", 1767603600, message);
    imap_client_select(client, "INBOX", false);
    imap_client_store(client, "2", false, "+FLAGS.SILENT", "\\Flagged $Todo");
    imap_client_fetch(client, "1:*", true, "(FLAGS)");
    imap_client_fetch(client, "4", true, "(RFC822.HEADER BODY.PEEK[TEXT])");
    imap_client_search(client, true, "OR SUBJECT \"m\303\251\" SUBJECT m1");
    imap_client_copy(client, "1", true, "Entw\303\274rfe & mehr");
    imap_client_move(client, "3", true, "Entw\303\274rfe & mehr");
    imap_client_status(client, "Entw\303\274rfe & mehr", "MESSAGES UIDNEXT");
    imap_client_idle(client);
    imap_client_select(client, "Nowhere", false);
    imap_client_log_out(client);
}

static const char told_by_all[] =
    "mailbox INBOX\n"
    "mailbox Entw\303\274rfe & mehr\n"
    "exists 4\n"
    "message 1 uid 1 flags 0 \n"
    "message 2 uid 2 flags 4 $Todo\n"
    "message 3 uid 3 flags 0 \n"
    "message 4 uid 4 flags 10 \n"
    "message 4 uid 4 [HEADER] Subject: mine\\x0d\\x0a\\x0d\\x0a [TEXT] "
    "\"quoted\" \\ text\\x0d\\x0a\n"
    "found 1\n"
    "expunged 3\n"
    "status Entw\303\274rfe & mehr MESSAGES 2 UIDNEXT 3\n"
    "idling\n"
    "closed\n";

typedef struct {
    const char *name;
    const char *mechanism;
    guint32 offers;
    bool pipelines;
    bool never_literal_plus;
} Case;

static const Case cases[] = {
    {.name = "one by one", .offers = IMAP_OFFER_USUAL},
    {.name = "pipelined", .offers = IMAP_OFFER_USUAL, .pipelines = true},
    {.name = "a server of 2003", .offers = IMAP_OFFER_REVISION_1 | IMAP_OFFER_IDLE},
    {.name = "literals asked for", .offers = IMAP_OFFER_USUAL, .never_literal_plus = true},
    {.name = "told unasked", .offers = IMAP_OFFER_USUAL | IMAP_OFFER_UNASKED},
    {.name = "PLAIN", .mechanism = "PLAIN", .offers = IMAP_OFFER_USUAL | IMAP_OFFER_UNASKED},
    {.name = "CRAM-MD5", .mechanism = "CRAM-MD5", .offers = IMAP_OFFER_USUAL},
    {.name = "SCRAM", .mechanism = "SCRAM-SHA-256", .offers = IMAP_OFFER_USUAL},
};

/* Endings apart: their numbers depend on how many commands a move takes. */
static char *without_endings(const char *told)
{
    g_auto(GStrv) lines = g_strsplit(told, "\n", -1);
    GString *kept = g_string_new(NULL);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0' && !g_str_has_prefix(lines[i], "done ")) {
            g_string_append_printf(kept, "%s\n", lines[i]);
        }
    }
    return g_string_free(kept, FALSE);
}

static guint count_of(const char *text, const char *part)
{
    guint count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void run_case(const Case *row, gsize piece)
{
    ImapClientOptions options = {
        .pipelines = row->pipelines,
        .never_literal_plus = row->never_literal_plus,
        .host_name = "hamburger.edu",
        .seed = 7,
    };
    Pair pair = {.piece = piece};
    print_message("# %s, %zu at once\n", row->name, piece);
    set_up(&pair, row->offers, &options);
    say_all(pair.client, row->mechanism);
    talk(&pair);
    g_autofree char *told = without_endings(pair.told->str);
    assert_string_equal(told, told_by_all);
    assert_int_equal(count_of(pair.told->str, " NO\n"), 1); /* there is no such mailbox */
    assert_int_equal(count_of(pair.told->str, " BAD\n"), 0);
    tear_down(&pair);
}

static void client_and_server_understand_each_other(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        run_case(&cases[i], 1);
        run_case(&cases[i], 100000);
    }
}

static void wrong_password_is_told(void **state)
{
    ImapClientOptions options = {.seed = 7};
    (void)state;
    for (guint i = 0; i < 3; i++) {
        static const char *const mechanisms[] = {NULL, "PLAIN", "SCRAM-SHA-1"};
        Pair pair = {.piece = 100};
        set_up(&pair, IMAP_OFFER_USUAL, &options);
        imap_client_log_in(pair.client, "bob", "wrong", mechanisms[i]);
        talk(&pair);
        assert_string_equal(pair.told->str, "done 1 NO\n");
        tear_down(&pair);
    }
}

/* Without MOVE the client copies, marks and expunges: where the copy is refused, nothing may go. */
static void a_refused_copy_loses_nothing(void **state)
{
    ImapClientOptions options = {.seed = 7};
    (void)state;
    for (guint i = 0; i < 2; i++) {
        Pair pair = {.piece = 100};
        options.pipelines = i == 1;
        set_up(&pair, IMAP_OFFER_REVISION_1, &options);
        imap_client_log_in(pair.client, "bob", "p\303\244ss \"word\"", NULL);
        imap_client_select(pair.client, "INBOX", false);
        guint64 number = imap_client_move(pair.client, "2", false, "Nowhere");
        imap_client_status(pair.client, "INBOX", "MESSAGES");
        g_autofree char *refused = g_strdup_printf("done %u NO\n", (guint)number);
        talk(&pair);
        assert_non_null(strstr(pair.told->str, refused));
        assert_non_null(strstr(pair.told->str, "status INBOX MESSAGES 3\ndone 6 OK\n"));
        assert_null(strstr(pair.told->str, "expunged"));
        tear_down(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_and_server_understand_each_other),
        cmocka_unit_test(wrong_password_is_told),
        cmocka_unit_test(a_refused_copy_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
