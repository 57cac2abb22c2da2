#include "tests/support/test.h"

#include "protocol/smtp/smtp-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "a whole session",
        .script = "S: 220 hamburger.edu ESMTP\n"
                  "C: EHLO crepes.fr\n"
                  "S: 250-hamburger.edu\n"
                  "S: 250 PIPELINING\n"
                  "C: MAIL FROM:<alice@crepes.fr>\n"
                  "S: 250 2.1.0 ok\n"
                  "C: RCPT TO:<bob@hamburger.edu>\n"
                  "S: 250 2.1.5 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: Subject: ketchup\n"
                  "C:\n"
                  "C: ..dot\n"
                  "C: .\n"
                  "S: 250 2.0.0 queued\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected = "S reply 220 hamburger.edu ESMTP #0 -> greeted\n"
                    "C command EHLO [crepes.fr] #1\n"
                    "S reply 250-hamburger.edu #1 open\n"
                    "S reply 250 PIPELINING #1 more -> ready\n"
                    "C command MAIL [FROM:<alice@crepes.fr>] #2\n"
                    "S reply 250 2.1.0 ok #2 {2.1.0} -> mail transaction open\n"
                    "C command RCPT [TO:<bob@hamburger.edu>] #3\n"
                    "S reply 250 2.1.5 ok #3 {2.1.5} -> recipients given\n"
                    "C command DATA [] #4\n"
                    "S reply 354 go #4 go -> message data\n"
                    "C begin DATA\n"
                    "C end [Subject: ketchup\\x0d\\x0a\\x0d\\x0a.dot\\x0d\\x0a] 26 octets, 0 "
                    "missing, complete from <alice@crepes.fr> to bob@hamburger.edu\\x0a\n"
                    "S reply 250 2.0.0 queued #4 {2.0.0} -> ready\n"
                    "C command QUIT [] #5\n"
                    "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "pipelined with a refused recipient",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "C: RCPT TO:<b@h>\n"
                  "C: RCPT TO:<x@h>\n"
                  "C: DATA\n"
                  "S: 250 ok\n"
                  "S: 250 ok\n"
                  "S: 550 5.1.1 who?\n"
                  "S: 354 go\n"
                  "C: hi\n"
                  "C: .\n"
                  "C: MAIL FROM:<>\n"
                  "S: 250 done\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "C command RCPT [TO:<x@h>] #4\n"
                    "C command DATA [] #5\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "S reply 550 5.1.1 who? #4 {5.1.1}\n"
                    "S reply 354 go #5 go -> message data\n"
                    "C begin DATA\n"
                    "C end [hi\\x0d\\x0a] 4 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "C command MAIL [FROM:<>] #6\n"
                    "S reply 250 done #5 -> ready\n"
                    "S reply 250 ok #6 -> mail transaction open\n",
    },
    {
        .name = "DATA refused: no message",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 451 later\n"
                  "C: RSET\n"
                  "S: 250 ok\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command DATA [] #4\n"
                    "S reply 451 later #4\n"
                    "C command RSET [] #5\n"
                    "S reply 250 ok #5 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #6\n"
                    "S reply 250 ok #6 -> mail transaction open\n",
    },
    {
        .name = "message refused at its end",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: x\n"
                  "C: .\n"
                  "S: 552 too big\n"
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
                    "C end [x\\x0d\\x0a] 3 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "S reply 552 too big #4 -> ready\n"
                    "C command QUIT [] #5\n"
                    "S reply 221 bye #5 -> closed\n",
    },
    {
        .name = "rejected EHLO keeps the envelope",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: EHLO !\n"
                  "S: 501 bad\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: .\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command EHLO [!] #4\n"
                    "S reply 501 bad #4\n"
                    "C command DATA [] #5\n"
                    "S reply 354 go #5 go -> message data\n"
                    "C begin DATA\n"
                    "C end [] 0 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #5 -> ready\n",
    },
    {
        .name = "chunks, the last one empty",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: BDAT 5\n"
                  "c: ab\\r\\nc\n"
                  "S: 250 5\n"
                  "C: BDAT 0 LAST\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command BDAT [5] #4\n"
                    "C begin BDAT\n"
                    "S reply 250 5 #4 -> message chunks\n"
                    "C command BDAT [0 LAST] #5\n"
                    "C end [ab\\x0d\\x0ac] 5 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #5 -> ready\n",
    },
    {
        .name = "pipelined chunks",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "C: RCPT TO:<b@h>\n"
                  "C: BDAT 3\n"
                  "c: .\\r\\n\n"
                  "C: BDAT 2 LAST\n"
                  "c: ..\n"
                  "C: NOOP\n"
                  "S: 250 ok\n"
                  "S: 250 ok\n"
                  "S: 250 ok\n"
                  "S: 250 ok\n"
                  "S: 250 noop\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "C command BDAT [3] #4\n"
                    "C begin BDAT\n"
                    "C command BDAT [2 LAST] #5\n"
                    "C end [.\\x0d\\x0a..] 5 octets, 0 missing, complete from <a@c> to b@h\\x0a\n"
                    "C command NOOP [] #6\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "S reply 250 ok #4 -> message chunks\n"
                    "S reply 250 ok #5 -> ready\n"
                    "S reply 250 noop #6\n",
    },
    {
        .name = "a bad chunk size",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: BDAT -1\n"
                  "S: 501 no\n"
                  "C: BDAT 99999999999999999999\n"
                  "S: 501 no\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command BDAT [-1] #4 !syntax\n"
                    "S reply 501 no #4\n"
                    "C command BDAT [99999999999999999999] #5 !syntax\n"
                    "S reply 501 no #5\n",
    },
    {
        .name = "smuggling",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "c: a\\n.\\r\\nMAIL FROM:<e@x>\\r\\n.\\r\\n\n"
                  "S: 250 ok\n",
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
                    "C end [a\\x0a.\\x0d\\x0aMAIL FROM:<e@x>\\x0d\\x0a] 22 octets, 0 missing, "
                    "complete from <a@c> to b@h\\x0a\n"
                    "S reply 250 ok #4 -> ready\n",
    },
    {
        .name = "slips of the slides",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM: <a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO: b@h\n"
                  "S: 250 ok\n"
                  "C: RECPT TO:<b@h>\n"
                  "S: 500 what\n"
                  "C: DATA now\n"
                  "S: 501 no\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM: <a@c>] #2 !space\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO: b@h] #3 !space !bare\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command RECPT [TO:<b@h>] #4 !unknown\n"
                    "S reply 500 what #4\n"
                    "C command DATA [now] #5 !trail\n"
                    "S reply 501 no #5\n",
    },
    {
        .name = "wrong order",
        .script = "S: 220 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 503 hello?\n"
                  "C: DATA\n"
                  "S: 503 no\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "C command MAIL [FROM:<a@c>] #1 !order\n"
                    "S reply 503 hello? #1\n"
                    "C command DATA [] #2 !order\n"
                    "S reply 503 no #2\n",
    },
    {
        .name = "quoted and empty paths",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<\"a> b\"@c> SIZE=5\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<>\n"
                  "S: 550 no\n"
                  "C: RCPT TO\n"
                  "S: 501 no\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<\"a> b\"@c> SIZE=5] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<>] #3\n"
                    "S reply 550 no #3\n"
                    "C command RCPT [TO] #4 !syntax\n"
                    "S reply 501 no #4\n",
    },
    {
        .name = "line ends and octets",
        .script = "S: 220 h\n"
                  "c: EHLO c\\n\n"
                  "S: 250 h\n"
                  "c: NOOP a\\rb\\r\\n\n"
                  "S: 250 ok\n"
                  "c: NOOP \\303\\244\\r\\n\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "C command EHLO [c] #1 !lf\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command NOOP [a\\x0db] #2 !cr\n"
                    "S reply 250 ok #2\n"
                    "C command NOOP [ä] #3 !8bit\n"
                    "S reply 250 ok #3\n",
    },
    {
        .name = "a long command",
        .script =
            "S: 220 h\n"
            "C: EHLO "
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
            "S: 500 long\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "C command EHLO "
                    "[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] #1 !long\n"
                    "S reply 500 long #1\n",
    },
    {
        .name = "unasked and unreadable replies",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "S: 250 again\n"
                  "S: what?\n"
                  "S: 421 4.3.2 closing\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "S reply 250 again #0 !unasked\n"
                    "S reply what? #0 !unknown !syntax\n"
                    "S reply 421 4.3.2 closing #0 {4.3.2} -> closed\n",
    },
    {
        .name = "codes that differ in one reply",
        .script = "S: 220-h\n"
                  "S: 221 i\n",
        .expected = "S reply 220-h #0 open\n"
                    "S reply 221 i #0 more !syntax -> greeted\n",
    },
    {
        .name = "LMTP answers for each recipient",
        .script = "S: 220 h\n"
                  "C: LHLO c\n"
                  "S: 250 h\n"
                  "C: MAIL FROM:<a@c>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<b@h>\n"
                  "S: 250 ok\n"
                  "C: RCPT TO:<d@h>\n"
                  "S: 250 ok\n"
                  "C: DATA\n"
                  "S: 354 go\n"
                  "C: .\n"
                  "S: 250 ok\n"
                  "S: 550 no\n"
                  "C: QUIT\n"
                  "S: 221 bye\n",
        .expected = "S reply 220 h #0 -> greeted\n"
                    "C command LHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command MAIL [FROM:<a@c>] #2\n"
                    "S reply 250 ok #2 -> mail transaction open\n"
                    "C command RCPT [TO:<b@h>] #3\n"
                    "S reply 250 ok #3 -> recipients given\n"
                    "C command RCPT [TO:<d@h>] #4\n"
                    "S reply 250 ok #4\n"
                    "C command DATA [] #5\n"
                    "S reply 354 go #5 go -> message data\n"
                    "C begin DATA\n"
                    "C end [] 0 octets, 0 missing, complete from <a@c> to b@h\\x0ad@h\\x0a\n"
                    "S reply 250 ok #5\n"
                    "S reply 550 no #5 -> ready\n"
                    "C command QUIT [] #6\n"
                    "S reply 221 bye #6 -> closed\n",
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
