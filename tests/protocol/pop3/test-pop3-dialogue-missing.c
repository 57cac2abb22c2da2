/* Captures that lack octets, a side, or the beginning or the end. */

#include "tests/support/test.h"

#include "protocol/pop3/pop3-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "a gap in a message",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: RETR 1\n"
                  "S: +OK\n"
                  "S: one\n"
                  "S- 50\n"
                  "S: two\n"
                  "S: .\n"
                  "C: NOOP\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command RETR [1] #3\n"
                    "S reply +OK #3 open\n"
                    "S begin RETR\n"
                    "S missing 50\n"
                    "S end [one\\x0d\\x0atwo\\x0d\\x0a] 10 octets, 50 missing, incomplete\n"
                    "S reply . #3 more\n"
                    "C command NOOP [] #4\n"
                    "S reply +OK #4\n",
    },
    {
        .name = "the password is missing, and what follows tells that it was right",
        .script = "S: +OK POP3\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C- 13\n"
                  "S: +OK in\n"
                  "C: DELE 1\n"
                  "S: +OK\n"
                  "C: QUIT\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C missing 13\n"
                    "S reply +OK in #0\n"
                    "C command DELE [1] #2\n"
                    "S reply +OK #2 -> TRANSACTION\n"
                    "C command QUIT [] #3\n"
                    "S reply +OK #3 -> UPDATE\n",
    },
    {
        .name = "the end of a message is missing",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: RETR 1\n"
                  "S: +OK\n"
                  "S: one\n"
                  "S- 50\n"
                  "C: NOOP\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command RETR [1] #3\n"
                    "S reply +OK #3 open\n"
                    "S begin RETR\n"
                    "S missing 50\n"
                    "C command NOOP [] #4\n"
                    "S end [one\\x0d\\x0a] 5 octets, 50 missing, incomplete\n"
                    "S reply +OK #4\n",
    },
    {
        .name = "after a loss the announced octets must have come",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C- 6\n"
                  "C: RETR 1\n"
                  "S: +OK 30 octets\n"
                  "S: A: b\n"
                  "S: .\n"
                  "C: RETR 2\n"
                  "S: +OK 6 octets\n"
                  "S: A: b\n"
                  "S: .\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C missing 6\n"
                    "C command RETR [1] #3\n"
                    "S reply +OK 30 octets #3 open\n"
                    "S begin RETR\n"
                    "S end [A: b\\x0d\\x0a] 6 octets, 0 missing, incomplete\n"
                    "S reply . #3 more\n"
                    "C command RETR [2] #4\n"
                    "S reply +OK 6 octets #4 open\n"
                    "S begin RETR\n"
                    "S end [A: b\\x0d\\x0a] 6 octets, 0 missing, complete\n"
                    "S reply . #4 more\n",
    },
    {
        .name = "the greeting is missing",
        .start = RUNNER_JOINED_LATE,
        .script = "C: CAPA\n"
                  "S: +OK list\n"
                  "S: TOP\n"
                  "S: .\n"
                  "C: NOOP\n"
                  "S: +OK\n",
        .expected = "C command CAPA [] #1\n"
                    "S reply +OK list #1 open\n"
                    "S reply TOP #1 more open\n"
                    "S reply . #1 more\n"
                    "C command NOOP [] #2\n"
                    "S reply +OK #2\n",
    },
    {
        .name = "a message whose other half was read as another message",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C- 8\n"
                  "S: +OK 1\n"
                  "S: A: b\n"
                  "S- 50\n"
                  "C: RETR 1\n"
                  "S: two\n"
                  "S: .\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C missing 8\n"
                    "S reply +OK 1 #0\n"
                    "S begin RETR\n"
                    "S missing 50\n"
                    "C command RETR [1] #3\n"
                    "S end [A: b\\x0d\\x0a] 6 octets, 50 missing, incomplete\n"
                    "S begin RETR\n"
                    "S end [two\\x0d\\x0a] 5 octets, 0 missing, incomplete\n"
                    "S reply . #3 more\n",
    },
    {
        .name = "another command's answer taken for the beginning of a message",
        .start = RUNNER_JOINED_LATE,
        .script = "C: RETR 1\n"
                  "S: +OK deleted\n"
                  "S: +OK follows\n"
                  "S: A: b\n"
                  "S: .\n",
        .expected = "C command RETR [1] #1\n"
                    "S reply +OK deleted #1 open\n"
                    "S begin RETR\n"
                    "S end [+OK follows\\x0d\\x0aA: b\\x0d\\x0a] 19 octets, 0 missing, incomplete\n"
                    "S reply . #1 more\n",
    },
    {
        .name = "the end of a list is missing",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: LIST\n"
                  "S: +OK\n"
                  "S: 1 2\n"
                  "S- 50\n"
                  "C: NOOP\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command LIST [] #3\n"
                    "S reply +OK #3 open\n"
                    "S reply 1 2 #3 more open\n"
                    "S missing 50\n"
                    "C command NOOP [] #4\n"
                    "S reply +OK #4\n",
    },
    {
        .name = "client alone",
        .start = RUNNER_CLIENT_ONLY,
        .script = "C: USER bob\n"
                  "C: PASS hungry\n"
                  "C: RETR 1\n"
                  "C: QUIT\n",
        .expected =
            "C command USER [bob] #1\n"
            "C command PASS [hungry] #2 secret -> TRANSACTION\n"
            "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] unanswered\n"
            "C command RETR [1] #3\n"
            "C command QUIT [] #4 -> UPDATE\n",
    },
    {
        .name = "server alone",
        .start = RUNNER_SERVER_ONLY,
        .script = "S: +OK hi\n"
                  "S: +OK\n"
                  "S: +OK\n"
                  "S: +OK\n"
                  "S: 1 498\n"
                  "S: .\n"
                  "S: +OK\n"
                  "S: Subject: x\n"
                  "S:\n"
                  "S: hi\n"
                  "S: .\n"
                  "S: +OK bye\n",
        .expected =
            "S reply +OK hi #0 -> AUTHORIZATION\n"
            "S reply +OK #0\n"
            "S reply +OK #0\n"
            "S reply +OK #0\n"
            "S reply 1 498 #0 more open\n"
            "S reply . #0 more\n"
            "S reply +OK #0\n"
            "S begin RETR\n"
            "S end [Subject: x\\x0d\\x0a\\x0d\\x0ahi\\x0d\\x0a] 18 octets, 0 missing, complete\n"
            "S reply . #0 more\n"
            "S reply +OK bye #0\n",
    },
    {
        .name = "joined inside a message",
        .start = RUNNER_JOINED_LATE,
        .script = "S: rest\n"
                  "S: .\n"
                  "C: QUIT\n"
                  "S: +OK\n",
        .expected = "S begin RETR\n"
                    "S end [rest\\x0d\\x0a] 6 octets, 0 missing, incomplete\n"
                    "S reply . #0 more\n"
                    "C command QUIT [] #1\n"
                    "S reply +OK #1 -> closed\n",
    },
    {
        .name = "joined before the greeting",
        .start = RUNNER_JOINED_LATE,
        .script = "S: +OK <1@h> hi\n"
                  "C: USER bob\n"
                  "S: +OK\n",
        .expected = "S reply +OK <1@h> hi #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n",
    },
    {
        .name = "cut at the end",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: RETR 1\n"
                  "S: +OK\n"
                  "s: half\n"
                  "S!\n"
                  "C!\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command RETR [1] #3\n"
                    "S reply +OK #3 open\n"
                    "S begin RETR\n"
                    "S end [half] 4 octets, 0 missing, incomplete\n",
    },
    {
        .name = "a secret line cut",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "c: PASS hun\n"
                  "C!\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C continuation [PASS hun] #0 !cut secret\n",
    },
};

static void each_case_gives_its_events(void **state)
{
    (void)state;
    assert_dialogue_cases(&pop3_dialogue_class, cases, G_N_ELEMENTS(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_gives_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
