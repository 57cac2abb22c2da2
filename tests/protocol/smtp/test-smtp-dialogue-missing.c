/* Captures that lack octets, a side, or the beginning or the end. */

#include "tests/support/test.h"

#include "protocol/smtp/smtp-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "a gap in the message",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: one\n"
                  "C- 100\n"
                  "C: two\n"
                  "C: .\n"
                  "S: 250 ok\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command DATA [] #4\n"
                    "S reply 354 go #4 go -> message data\n"
                    "C begin DATA\n"
                    "C missing 100\n"
                    "C end [one\\x0d\\x0atwo\\x0d\\x0a] 10 octets, 100 missing, incomplete from "
                    "<a@c> to b@h\\x0a\n"
                    "S reply 250 ok #4 -> ready\n"
                    "C command QUIT [] #5\n"
                    "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "the end of the message is missing",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: one\n"
                  "C- 100\n"
                  "S: 250 ok\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected =
            "S reply 220 h ESMTP #0 -> greeted\n"
            "C command EHLO [c] #1\n"
            "S reply 250 h #1 -> ready\n"
            "C command MAIL [FROM:<a@c>] #2\n"
            "S reply 250 ok #2 -> mail transaction open\n"
            "C command RCPT [TO:<b@h>] #3\n"
            "S reply 250 ok #3 -> recipients given\n"
            "C command DATA [] #4\n"
            "S reply 354 go #4 go -> message data\n"
            "C begin DATA\n"
            "C missing 100\n"
            "S reply 250 ok #4 -> ready\n"
            "C end [one\\x0d\\x0a] 5 octets, 100 missing, incomplete from <a@c> to b@h\\x0a\n"
            "C command QUIT [] #5\n"
            "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "the end is missing and told late",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: one\n"
                  "S: 250 ok\n"
                  "C- 100\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected =
            "S reply 220 h ESMTP #0 -> greeted\n"
            "C command EHLO [c] #1\n"
            "S reply 250 h #1 -> ready\n"
            "C command MAIL [FROM:<a@c>] #2\n"
            "S reply 250 ok #2 -> mail transaction open\n"
            "C command RCPT [TO:<b@h>] #3\n"
            "S reply 250 ok #3 -> recipients given\n"
            "C command DATA [] #4\n"
            "S reply 354 go #4 go -> message data\n"
            "C begin DATA\n"
            "S reply 250 ok #4 -> ready\n"
            "C missing 100\n"
            "C end [one\\x0d\\x0a] 5 octets, 100 missing, incomplete from <a@c> to b@h\\x0a\n"
            "C command QUIT [] #5\n"
            "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "a gap in a chunk is exact",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: BDAT 10 LAST\n"
                  "c: abc\n"
                  "C- 4\n"
                  "c: xyz\n"
                  "S: 250 ok\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command BDAT [10 LAST] #4\n"
                    "C begin BDAT\n"
                    "C missing 4\n"
                    "C end [abcxyz] 6 octets, 4 missing, incomplete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #4 -> ready\n"
                    "C command QUIT [] #5\n"
                    "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "a chunk is missing with its command",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: BDAT 3\n"
                  "c: abc\n"
                  "S: 250 ok\n"
                  "C- 40\n"
                  "S: 250 ok\n"
                  "C: BDAT 0 LAST\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command BDAT [3] #4\n"
                    "C begin BDAT\n"
                    "S reply 250 ok #4 -> message chunks\n"
                    "C missing 40\n"
                    "S reply 250 ok #0\n"
                    "C command BDAT [0 LAST] #5\n"
                    "C end [abc] 3 octets, 0 missing, incomplete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #5 -> ready\n",
    },
    {
        .name = "missing commands",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C- 40\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C missing 40\n"
                    "S reply 250 ok #0\n"
                    "C command RCPT [TO:<b@h>] #2 !order\n"
                    "S reply 250 ok #2 -> recipients given\n",
    },
    {
        .name = "DATA itself is missing",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C- 6\n"
                  "S: 354 go\n"
                  "C: hi\n"
                  "C: .\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C missing 6\n"
                    "S reply 354 go #0 go -> message data\n"
                    "C begin DATA\n"
                    "C end [hi\\x0d\\x0a] 4 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #0\n",
    },
    {
        .name = "client alone",
        .start = RUNNER_CLIENT_ONLY,
        .script = "C: EHLO c\n"
                  "C: MAIL FROM:<a@c>\n"
                  "C: RCPT TO:<b@h>\n"
                  "C: DATA\n"
                  "C: hi\n"
                  "C: .\n"
                  "C: AUTH LOGIN\n"
                  "C: Ym9i\n"
                  "C: aHVuZ3J5\n"
                  "C: QUIT\n",
        .expected =
            "C command EHLO [c] #1 -> ready\n"
            "C command MAIL [FROM:<a@c>] #2 -> mail transaction open\n"
            "C command RCPT [TO:<b@h>] #3 -> recipients given\n"
            "C command DATA [] #4 -> message data\n"
            "C begin DATA\n"
            "C end [hi\\x0d\\x0a] 4 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
            "C command AUTH [LOGIN] #5 secret -> authenticating\n"
            "C continuation [Ym9i] #5 secret\n"
            "C continuation [aHVuZ3J5] #5 secret -> ready\n"
            "C credential LOGIN user [bob] secret [hungry] challenge [] proof [] unanswered\n"
            "C command QUIT [] #6 -> closed\n",
    },
    {
        .name = "server alone",
        .start = RUNNER_SERVER_ONLY,
        .script = "S: 220 h\n"
                  "S: 250-h\n"
                  "S: 250 SIZE\n"
                  "S: 250 ok\n"
                  "S: 354 go\n"
                  "S: 250 ok\n"
                  "S: 221 bye\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "S reply 250-h #0 open\n"
                    "S reply 250 SIZE #0 more\n"
                    "S reply 250 ok #0\n"
                    "S reply 354 go #0 go\n"
                    "S reply 250 ok #0\n"
                    "S reply 221 bye #0\n",
    },
    {
        .name = "joined inside a message",
        .start = RUNNER_JOINED_LATE,
        .script = "C: rest of it\n"
                  "C: .\n"
                  "S: 250 ok\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected = "C begin DATA\n"
                    "C end [rest of it\\x0d\\x0a] 12 octets, 0 missing, incomplete\n"
                    "S reply 250 ok #1 -> ready\n"
                    "C command QUIT [] #2\n"
                    "S reply 221 bye #2 -> closed\n",
    },
    {
        .name = "joined before the greeting",
        .start = RUNNER_JOINED_LATE,
        .script = "S: 220 h\n"
                  "C: HELO c\n"
                  "S: 250 h\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "C command HELO [c] #1\n"
                    "S reply 250 h #1 -> ready\n",
    },
    {
        .name = "cut at the end",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: half\n"
                  "c: of\n"
                  "C!\n"
                  "S!\n",
        .expected =
            "S reply 220 h ESMTP #0 -> greeted\n"
            "C command EHLO [c] #1\n"
            "S reply 250 h #1 -> ready\n"
            "C command MAIL [FROM:<a@c>] #2\n"
            "S reply 250 ok #2 -> mail transaction open\n"
            "C command RCPT [TO:<b@h>] #3\n"
            "S reply 250 ok #3 -> recipients given\n"
            "C command DATA [] #4\n"
            "S reply 354 go #4 go -> message data\n"
            "C begin DATA\n"
            "C end [half\\x0d\\x0aof] 8 octets, 0 missing, incomplete from <a@c> to b@h\\x0a\n",
    },
    {
        .name = "a line cut at the end",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "c: MAIL FR\n"
                  "C!\n"
                  "s: 25\n"
                  "S!\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C continuation [MAIL FR] #0 !cut\n"
                    "S reply 25 #0 !unknown !syntax !cut\n",
    },
};

static void each_case_gives_its_events(void **state)
{
    (void)state;
    assert_dialogue_cases(&smtp_dialogue_class, cases, G_N_ELEMENTS(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_gives_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
