#include "tests/support/test.h"

#include "tests/sim/agent/imap-script.h"

/* Every command in every state, and which of OK, NO and BAD ends it (RFC 9051 §6: a command out of
 * place is BAD); with "+" the command goes on. A mailbox that was opened by EXAMINE is selected,
 * but nothing in it may change (RFC 9051 §6.3.3). */
typedef struct {
    const char *command;
    const char *not_authenticated;
    const char *authenticated;
    const char *selected;
    const char *read_only;
} StateRow;

static const StateRow rows[] = {
    {"CAPABILITY", "OK", "OK", "OK", "OK"},
    {"NOOP", "OK", "OK", "OK", "OK"},
    {"ID NIL", "OK", "OK", "OK", "OK"},
    {"LOGOUT", "OK", "OK", "OK", "OK"},
    {"STARTTLS", "BAD", "BAD", "BAD", "BAD"},
    {"LOGIN bob secret", "OK", "BAD", "BAD", "BAD"},
    {"LOGIN bob wrong", "NO", "BAD", "BAD", "BAD"},
    {"AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=", "OK", "BAD", "BAD", "BAD"},
    {"AUTHENTICATE NOTHING", "NO", "BAD", "BAD", "BAD"},
    {"ENABLE IMAP4rev2", "BAD", "OK", "BAD", "BAD"},
    {"SELECT INBOX", "BAD", "OK", "OK", "OK"},
    {"SELECT Nowhere", "BAD", "NO", "NO", "NO"},
    {"EXAMINE INBOX", "BAD", "OK", "OK", "OK"},
    {"CREATE New", "BAD", "OK", "OK", "OK"},
    {"CREATE INBOX", "BAD", "NO", "NO", "NO"},
    {"CREATE \"a//b\"", "BAD", "NO", "NO", "NO"},
    {"DELETE Nowhere", "BAD", "NO", "NO", "NO"},
    {"DELETE INBOX", "BAD", "NO [CANNOT]", "NO [CANNOT]", "NO [CANNOT]"},
    {"RENAME Nowhere New", "BAD", "NO", "NO", "NO"},
    {"RENAME INBOX Old", "BAD", "OK", "OK", "OK"},
    {"SUBSCRIBE INBOX", "BAD", "OK", "OK", "OK"},
    {"UNSUBSCRIBE INBOX", "BAD", "OK", "OK", "OK"},
    {"LIST \"\" *", "BAD", "OK", "OK", "OK"},
    {"LSUB \"\" *", "BAD", "OK", "OK", "OK"},
    {"NAMESPACE", "BAD", "OK", "OK", "OK"},
    {"STATUS INBOX (MESSAGES)", "BAD", "OK", "OK", "OK"},
    {"STATUS Nowhere (MESSAGES)", "BAD", "NO", "NO", "NO"},
    {"STATUS INBOX (NONSENSE)", "BAD", "BAD", "BAD", "BAD"},
    {"APPEND INBOX {1}", "BAD", "+", "+", "+"},
    {"APPEND Nowhere {1}", "BAD", "NO", "NO", "NO"},
    {"APPEND INBOX", "BAD", "BAD", "BAD", "BAD"},
    {"IDLE", "BAD", "+", "+", "+"},
    {"CHECK", "BAD", "BAD", "OK", "OK"},
    {"CLOSE", "BAD", "BAD", "OK", "OK"},
    {"CLOSE INBOX", "BAD", "BAD", "BAD", "BAD"},
    {"UNSELECT", "BAD", "BAD", "OK", "OK"},
    {"EXPUNGE", "BAD", "BAD", "OK", "NO"},
    {"EXPUNGE 1", "BAD", "BAD", "BAD", "BAD"},
    {"UID EXPUNGE 1", "BAD", "BAD", "OK", "NO"},
    {"UID EXPUNGE", "BAD", "BAD", "BAD", "BAD"},
    {"SEARCH ALL", "BAD", "BAD", "OK", "OK"},
    {"UID SEARCH ALL", "BAD", "BAD", "OK", "OK"},
    {"SEARCH CHARSET NONE ALL", "BAD", "BAD", "NO", "NO"},
    {"SEARCH NONSENSE", "BAD", "BAD", "BAD", "BAD"},
    {"FETCH 1 FLAGS", "BAD", "BAD", "OK", "OK"},
    {"FETCH 1 BODY[]", "BAD", "BAD", "OK", "OK"},
    {"FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER])", "BAD", "BAD", "OK", "OK"},
    {"FETCH 9 FLAGS", "BAD", "BAD", "BAD", "BAD"},
    {"FETCH 0 FLAGS", "BAD", "BAD", "BAD", "BAD"},
    {"FETCH 1", "BAD", "BAD", "BAD", "BAD"},
    {"UID FETCH 9 FLAGS", "BAD", "BAD", "OK", "OK"},
    {"STORE 1 FLAGS \\Seen", "BAD", "BAD", "OK", "NO"},
    {"STORE 1 -FLAGS.SILENT ()", "BAD", "BAD", "OK", "NO"},
    {"STORE 9 FLAGS \\Seen", "BAD", "BAD", "BAD", "BAD"},
    {"STORE 1 FLAGS", "BAD", "BAD", "BAD", "BAD"},
    {"STORE 1 FLAGS (\\Nonsense)", "BAD", "BAD", "BAD", "BAD"},
    {"UID STORE 9 +FLAGS (\\Seen)", "BAD", "BAD", "OK", "NO"},
    {"COPY 1 INBOX", "BAD", "BAD", "OK", "OK"},
    {"COPY 1", "BAD", "BAD", "BAD", "BAD"},
    {"COPY 9 INBOX", "BAD", "BAD", "BAD", "BAD"},
    {"COPY 1 Nowhere", "BAD", "BAD", "NO", "NO"},
    {"UID COPY 9 INBOX", "BAD", "BAD", "OK", "OK"},
    {"MOVE 1 Nowhere", "BAD", "BAD", "NO", "NO"},
    {"MOVE 1 INBOX", "BAD", "BAD", "OK", "NO"},
    {"MOVE 1", "BAD", "BAD", "BAD", "BAD"},
    {"UID MOVE 1 INBOX", "BAD", "BAD", "OK", "NO"},
    {"NONSENSE", "BAD", "BAD", "BAD", "BAD"},
    {"UID NOOP", "BAD", "BAD", "BAD", "BAD"},
    {"UID", "BAD", "BAD", "BAD Syntax:", "BAD Syntax:"},
    {"NOOP too much", "BAD", "BAD", "BAD", "BAD"},
    {"GETQUOTA \"\"", "BAD", "BAD", "BAD", "BAD"},
};

static const ImapScriptMessage inbox[] = {
    {.octets = "Subject: one\n\nx\n", .seconds = 1767603600},
};

static void run_in_state(const char *before, const char *command, const char *status)
{
    g_autofree char *lines = g_strdup_printf(
        "%sA> x %s\nA~ %s%s *\n", before, command, *status == '+' ? "" : "x ", status
    );
    ImapScript script = {.name = command, .lines = lines};
    imap_script_run(&script, inbox, G_N_ELEMENTS(inbox));
}

static void every_command_ends_as_it_must_in_every_state(void **state)
{
    static const char greeted[] = "A~ * OK *\n";
    static const char logged_in[] = "A~ * OK *\nA> a LOGIN bob secret\nA~ a OK *\n";
    static const char selected[] =
        "A~ * OK *\nA> a LOGIN bob secret\nA~ a OK *\nA> b SELECT INBOX\nA~ b OK *\n";
    static const char read_only[] =
        "A~ * OK *\nA> a LOGIN bob secret\nA~ a OK *\nA> b EXAMINE INBOX\nA~ b OK [READ-ONLY] *\n";
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        run_in_state(greeted, rows[i].command, rows[i].not_authenticated);
        run_in_state(logged_in, rows[i].command, rows[i].authenticated);
        run_in_state(selected, rows[i].command, rows[i].selected);
        run_in_state(read_only, rows[i].command, rows[i].read_only);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_ends_as_it_must_in_every_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
