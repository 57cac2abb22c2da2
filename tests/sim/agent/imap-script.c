#include "tests/support/test.h"

#include "tests/sim/agent/imap-script.h"

#include "sim/agent/access-accounts.h"
#include "sim/agent/imap-session.h"
#include "sim/network/world.h"
#include "sim/store/memory-store.h"

typedef struct {
    SimWorld *world;
    MailStore *store;
    AccessAccounts *accounts;
    ImapSession *sessions[2]; /* NULL: not begun */
    GString *heard[2];        /* what the servers said and no line of the script has named */
    gsize piece;              /* octets that a carrier brings or takes at once */
    guint mistakes;
} Stage;

static GBytes *with_crlf(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    char *joined = g_strjoinv("\r\n", lines);
    return g_bytes_new_take(joined, strlen(joined));
}

static void fill_inbox(Stage *stage, const ImapScriptMessage *fill, gsize n_fill)
{
    g_autoptr(MailFolder) inbox = NULL;
    assert_int_equal(mail_store_add_account(stage->store, "bob@hamburger.edu", NULL), 0);
    assert_int_equal(mail_folder_open(stage->store, "bob@hamburger.edu", "INBOX", &inbox, NULL), 0);
    for (gsize i = 0; i < n_fill; i++) {
        g_autoptr(GBytes) octets = with_crlf(fill[i].octets);
        guint32 uid;
        MailStoreResult result =
            mail_folder_append(inbox, octets, fill[i].flags, fill[i].seconds, &uid, NULL);
        assert_int_equal(result, MAIL_STORE_DONE);
    }
}

static void
set_up(Stage *stage, const ImapScript *script, const ImapScriptMessage *fill, gsize n_fill)
{
    stage->world = sim_world_new(1);
    stage->store = memory_store_new();
    fill_inbox(stage, fill, n_fill);
    stage->accounts =
        access_accounts_new(stage->world, NULL, stage->store, "mail.hamburger.edu", 1);
    if (script->offers != 0) {
        access_accounts_offers(stage->accounts)->imap = script->offers;
    }
    access_accounts_add_user(stage->accounts, "bob", "secret", "bob@hamburger.edu");
    stage->heard[0] = g_string_new(NULL);
    stage->heard[1] = g_string_new(NULL);
}

static void tear_down(Stage *stage)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stage->sessions); i++) {
        if (stage->sessions[i] != NULL) {
            imap_session_owner.ended(stage->sessions[i], SIM_TCP_ERROR_NONE);
        }
        g_string_free(stage->heard[i], TRUE);
    }
    access_accounts_free(stage->accounts);
    mail_store_free(stage->store);
    sim_world_free(stage->world);
}

/* A NUL is heard as "0". */
static void take_output(Stage *stage, gsize which)
{
    const AgentLinkOwner *owner = &imap_session_owner;
    ImapSession *session = stage->sessions[which];
    for (ByteSpan output = owner->output(session); output.length > 0;
         output = owner->output(session)) {
        gsize taken = MIN(output.length, stage->piece);
        for (gsize i = 0; i < taken; i++) {
            guint8 octet = output.data[i];
            g_string_append_c(stage->heard[which], octet == '\0' ? '0' : (char)octet);
        }
        owner->consume(session, taken);
    }
}

/* News reaches the sessions that wait, in both directions. */
static void settle(Stage *stage)
{
    sim_world_run_until(stage->world, sim_world_now(stage->world));
    for (gsize i = 0; i < G_N_ELEMENTS(stage->sessions); i++) {
        if (stage->sessions[i] != NULL) {
            take_output(stage, i);
        }
    }
}

static void say(Stage *stage, gsize which, const char *line)
{
    g_autofree char *text = g_strconcat(line, "\r\n", NULL);
    gsize length = strlen(text);
    for (gsize at = 0; at < length; at += stage->piece) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        gsize count = MIN(stage->piece, length - at);
        imap_session_owner.receive(stage->sessions[which], unterminated(text + at, count, keep));
        take_output(stage, which);
    }
    settle(stage);
}

static void begin(Stage *stage, gsize which)
{
    SimAddress peer = sim_address_ipv4(192, 0, 2, 7);
    if (stage->sessions[which] == NULL) {
        stage->sessions[which] = imap_session_new(stage->accounts, &peer, NULL);
        take_output(stage, which);
    }
}

static void expect(Stage *stage, gsize which, const char *pattern)
{
    GString *heard = stage->heard[which];
    const char *end = strstr(heard->str, "\r\n");
    if (end == NULL) {
        print_message("# expected: %s\n# heard nothing more\n", pattern);
        stage->mistakes++;
        return;
    }
    g_autofree char *line = g_strndup(heard->str, (gsize)(end - heard->str));
    if (!g_pattern_match_simple(pattern, line)) {
        print_message("# expected: %s\n# heard:    %s\n", pattern, line);
        stage->mistakes++;
    }
    g_string_erase(heard, 0, (gssize)strlen(line) + 2);
}

/* Passes over lines up to one that fits. */
static void expect_later(Stage *stage, gsize which, const char *pattern)
{
    GString *heard = stage->heard[which];
    for (const char *end = strstr(heard->str, "\r\n"); end != NULL;
         end = strstr(heard->str, "\r\n")) {
        g_autofree char *line = g_strndup(heard->str, (gsize)(end - heard->str));
        g_string_erase(heard, 0, (gssize)strlen(line) + 2);
        if (g_pattern_match_simple(pattern, line)) {
            return;
        }
        print_message("# heard: %s\n", line);
    }
    print_message("# expected: %s\n", pattern);
    stage->mistakes++;
}

static void run_line(Stage *stage, const char *line)
{
    gsize which = line[0] == 'B' ? 1 : 0;
    begin(stage, which);
    bool is_client = line[1] == '>';
    const char *text = strlen(line) > 3 ? line + 3 : "";
    if (is_client) {
        if (stage->heard[which]->len > 0) {
            print_message("# before: %s\n# not expected: %s", text, stage->heard[which]->str);
            g_string_truncate(stage->heard[which], 0);
            stage->mistakes++;
        }
        say(stage, which, text);
    } else if (line[1] == '~') {
        expect_later(stage, which, text);
    } else {
        expect(stage, which, text);
    }
}

static void
run_once(const ImapScript *script, const ImapScriptMessage *fill, gsize n_fill, gsize piece)
{
    Stage stage = {.piece = piece};
    set_up(&stage, script, fill, n_fill);
    g_auto(GStrv) lines = g_strsplit(script->lines, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0') {
            run_line(&stage, lines[i]);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(stage.sessions); i++) {
        if (stage.heard[i]->len > 0) {
            print_message("# at the end, not expected: %s", stage.heard[i]->str);
            stage.mistakes++;
        }
    }
    tear_down(&stage);
    assert_int_equal(stage.mistakes, 0);
}

void imap_script_run(const ImapScript *script, const ImapScriptMessage *fill, gsize n_fill)
{
    static const gsize pieces[] = {1, 7, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        print_message("# %s, %zu at once\n", script->name, pieces[i]);
        run_once(script, fill, n_fill, pieces[i]);
    }
}
