/* What a server refuses, what it does not offer, and where it loses patience. */

#include "tests/support/test.h"

#include "tests/sim/agent/imap-inbox.h"

#include "protocol/imap/imap-server.h"

#define BAD "A> x XYZZY\nA< x BAD *\n"
#define BAD_NINE BAD BAD BAD BAD BAD BAD BAD BAD BAD
#define BAD_FORTY_NINE BAD_NINE BAD_NINE BAD_NINE BAD_NINE BAD_NINE BAD BAD BAD BAD

static const ImapScript scripts[] = {
    {
        .name = "commands in states that forbid them",
        .lines = "A< * OK *\n"
                 "A> 1 SELECT INBOX\n"
                 "A< 1 BAD SELECT cannot be said now: log in first\n"
                 "A> 2 FROBNICATE\n"
                 "A< 2 BAD Unknown command\n"
                 "A> 3 LOGIN bob\n"
                 "A< 3 BAD Syntax: *\n"
                 "A> 4 LOGIN bob secret\n"
                 "A< 4 OK *\n"
                 "A> 5 LOGIN bob secret\n"
                 "A< 5 BAD LOGIN cannot be said now: you are logged in already\n"
                 "A> 6 FETCH 1 FLAGS\n"
                 "A< 6 BAD FETCH cannot be said now: select a mailbox first\n",
    },
    {
        .name = "what is no tag is not repeated and holds nothing up",
        .lines = "A< * OK *\n"
                 "A> + AUTHENTICATE PLAIN\n"
                 "A< * BAD A command begins with a tag\n"
                 "A> a(b STARTTLS\n"
                 "A< * BAD A command begins with a tag\n"
                 "A> * LOGIN {99999999}\n"
                 "A< * BAD A command begins with a tag\n"
                 "A>  LOGIN {99999999}\n"
                 "A< * BAD A command begins with a tag\n"
                 "A> 1 LOGIN bob secret\n"
                 "A< 1 OK *\n"
                 "A> + IDLE\n"
                 "A< * BAD A command begins with a tag\n"
                 "A> + APPEND INBOX {5}\n"
                 "A< * BAD A command begins with a tag\n"
                 "A> 2 NOOP\n"
                 "A< 2 OK *\n",
    },
    {
        .name = "a server of 2003 that offers nothing more",
        .offers = IMAP_OFFER_REVISION_1,
        .lines = LOGGED_IN "A> 1 CAPABILITY\n"
                           "A< * CAPABILITY IMAP4rev1\n"
                           "A< 1 OK *\n"
                           "A> 2 IDLE\n"
                           "A< 2 BAD This command is not offered here\n"
                           "A> 3 LIST (SUBSCRIBED) \"\" *\n"
                           "A< 3 BAD *\n"
                           "A> 4 LIST \"\" *\n"
                           "A< * LIST () \"/\" INBOX\n"
                           "A< 4 OK *\n"
                           "A> 5 EXAMINE INBOX\n"
                           "A< *\nA< *\nA< *\nA< *\nA< *\nA< *\nA< *\n"
                           "A< 5 OK *\n"
                           "A> 6 SEARCH RETURN (COUNT) ALL\n"
                           "A< 6 BAD *\n"
                           "A> 7 FETCH 1 BINARY[1]\n"
                           "A< 7 BAD *\n"
                           "A> 8 UID EXPUNGE 1\n"
                           "A< 8 BAD *\n"
                           "A> 9 FETCH $ FLAGS\n"
                           "A< 9 BAD *\n"
                           "A> 10 MOVE 1 INBOX\n"
                           "A< 10 BAD *\n"
                           "A> 11 COPY 1 INBOX\n"
                           "A< * 4 EXISTS\n"
                           "A< * 4 RECENT\n"
                           "A< 11 OK COPY completed\n",
    },
    {
        .name = "capabilities told unasked, and short literals only",
        .offers = IMAP_OFFER_ALL & ~(guint32)(IMAP_OFFER_STARTTLS | IMAP_OFFER_LITERAL_PLUS),
        .lines = "A< * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- *] *\n"
                 "A> 1 LOGIN {3+}\n"
                 "A> bob secret\n"
                 "A< 1 OK [CAPABILITY IMAP4rev1 *] Logged in\n"
                 "A> 2 APPEND INBOX {2+}\n"
                 "A> ab\n"
                 "A< 2 OK *\n",
    },
    {
        .name = "bad commands, one after another",
        .lines = LOGGED_IN BAD_FORTY_NINE "A> 1 NOOP\nA< 1 OK *\n" BAD_FORTY_NINE
                                          "A> 2 XYZZY\nA< 2 BAD *\nA< * BYE *\n",
    },
    {
        .name = "numbers at their ends",
        .lines = SELECTED "A> 1 FETCH 4294967295 FLAGS\n"
                          "A< 1 BAD *\n"
                          "A> 2 FETCH 4294967296 FLAGS\n"
                          "A< 2 BAD *\n"
                          "A> 3 UID FETCH 4294967295 FLAGS\n"
                          "A< 3 OK *\n"
                          "A> 4 FETCH 1 BODY.PEEK[]<0.0>\n"
                          "A< 4 BAD *\n"
                          "A> 5 FETCH 1 BODY.PEEK[]<4294967295.1>\n"
                          "A< * 1 FETCH (BODY[]<4294967295> \"\")\n"
                          "A< 5 OK *\n"
                          "A> 6 FETCH 1 BODY.PEEK[4294967296]\n"
                          "A~ 6 * *\n",
    },
    {
        .name = "literals that are too big",
        .lines = LOGGED_IN "A> 1 CREATE {70000}\n"
                           "A< 1 NO [TOOBIG] *\n"
                           "A> 2 NOOP\n"
                           "A< 2 OK *\n"
                           "A> 3 APPEND INBOX {99999999999}\n"
                           "A< 3 NO [TOOBIG] *\n"
                           "A> 4 NOOP\n"
                           "A< 4 OK *\n",
    },
};

static void sessions_keep_to_the_script(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        imap_script_run(&scripts[i], inbox, G_N_ELEMENTS(inbox));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_keep_to_the_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
