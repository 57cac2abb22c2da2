#include "tests/support/test.h"

#include "protocol/pop3/pop3-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "a whole session",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: user bob\n"
                  "S: +OK\n"
                  "C: pass hungry\n"
                  "S: +OK user successfully logged on\n"
                  "C: LIST\n"
                  "S: +OK 2 messages\n"
                  "S: 1 498\n"
                  "S: 2 912\n"
                  "S: .\n"
                  "C: RETR 1\n"
                  "S: +OK 27 octets\n"
                  "S: Subject: x\n"
                  "S:\n"
                  "S: ..dot\n"
                  "S: .\n"
                  "C: DELE 1\n"
                  "S: +OK\n"
                  "C: QUIT\n"
                  "S: +OK bye\n",
        .expected =
            "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
            "C command user [bob] #1\n"
            "S reply +OK #1\n"
            "C command pass [hungry] #2 secret\n"
            "S reply +OK user successfully logged on #2 -> TRANSACTION\n"
            "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
            "C command LIST [] #3\n"
            "S reply +OK 2 messages #3 open\n"
            "S reply 1 498 #3 more open\n"
            "S reply 2 912 #3 more open\n"
            "S reply . #3 more\n"
            "C command RETR [1] #4\n"
            "S reply +OK 27 octets #4 open\n"
            "S begin RETR\n"
            "S end [Subject: x\\x0d\\x0a\\x0d\\x0a.dot\\x0d\\x0a] 20 octets, 0 missing, complete\n"
            "S reply . #4 more\n"
            "C command DELE [1] #5\n"
            "S reply +OK #5\n"
            "C command QUIT [] #6\n"
            "S reply +OK bye #6 -> UPDATE\n",
    },
    {
        .name = "APOP",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: APOP bob c4c9334bac560ecc979e58001b3e22fb\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command APOP [bob c4c9334bac560ecc979e58001b3e22fb] #1 secret\n"
                    "S reply +OK #1 -> TRANSACTION\n"
                    "C credential APOP user [bob] secret [] challenge [<1.2@h>] proof "
                    "[c4c9334bac560ecc979e58001b3e22fb] yes\n",
    },
    {
        .name = "a wrong password, then the right one",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS thirsty\n"
                  "S: -ERR [AUTH] no\n"
                  "C: PASS hungry\n"
                  "S: -ERR order\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [thirsty] #2 secret\n"
                    "S reply -ERR [AUTH] no #2 {AUTH}\n"
                    "C credential USER/PASS user [bob] secret [thirsty] challenge [] proof [] no\n"
                    "C command PASS [hungry] #3 secret\n"
                    "S reply -ERR order #3\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] no\n",
    },
    {
        .name = "AUTH by questions",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: AUTH\n"
                  "S: +OK\n"
                  "S: PLAIN\n"
                  "S: .\n"
                  "C: AUTH PLAIN\n"
                  "s: + \\r\\n\n"
                  "C: AGJvYgBodW5ncnk=\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command AUTH [] #1 secret\n"
                    "S reply +OK #1 open\n"
                    "S reply PLAIN #1 more open\n"
                    "S reply . #1 more\n"
                    "C command AUTH [PLAIN] #2 secret\n"
                    "S reply +  #2 go -> authenticating\n"
                    "C continuation [AGJvYgBodW5ncnk=] #2 secret\n"
                    "S reply +OK #2 -> TRANSACTION\n"
                    "C credential PLAIN user [bob] secret [hungry] challenge [] proof [] yes\n",
    },
    {
        .name = "AUTH refused",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: AUTH CRAM-MD5\n"
                  "S: -ERR what\n"
                  "C: CAPA\n"
                  "S: +OK\n"
                  "S: TOP\n"
                  "S: .\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command AUTH [CRAM-MD5] #1 secret\n"
                    "S reply -ERR what #1\n"
                    "C credential CRAM-MD5 user [] secret [] challenge [] proof [] no\n"
                    "C command CAPA [] #2\n"
                    "S reply +OK #2 open\n"
                    "S reply TOP #2 more open\n"
                    "S reply . #2 more\n",
    },
    {
        .name = "CAPA, UIDL and TOP",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: UIDL\n"
                  "S: +OK\n"
                  "S: 1 aa\n"
                  "S: .\n"
                  "C: UIDL 1\n"
                  "S: +OK 1 aa\n"
                  "C: TOP 1 0\n"
                  "S: +OK\n"
                  "S: Subject: x\n"
                  "S:\n"
                  "S: .\n"
                  "C: LIST 3\n"
                  "S: -ERR no such\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command UIDL [] #3\n"
                    "S reply +OK #3 open\n"
                    "S reply 1 aa #3 more open\n"
                    "S reply . #3 more\n"
                    "C command UIDL [1] #4\n"
                    "S reply +OK 1 aa #4\n"
                    "C command TOP [1 0] #5\n"
                    "S reply +OK #5 open\n"
                    "S begin TOP\n"
                    "S end [Subject: x\\x0d\\x0a\\x0d\\x0a] 14 octets, 0 missing, complete\n"
                    "S reply . #5 more\n"
                    "C command LIST [3] #6\n"
                    "S reply -ERR no such #6\n",
    },
    {
        .name = "pipelined",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "C: PASS hungry\n"
                  "C: STAT\n"
                  "C: RETR 1\n"
                  "C: RETR 2\n"
                  "C: QUIT\n"
                  "S: +OK\n"
                  "S: +OK\n"
                  "S: +OK 2 9\n"
                  "S: +OK\n"
                  "S: a\n"
                  "S: .\n"
                  "S: -ERR gone\n"
                  "S: +OK bye\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "C command STAT [] #3\n"
                    "C command RETR [1] #4\n"
                    "C command RETR [2] #5\n"
                    "C command QUIT [] #6\n"
                    "S reply +OK #1\n"
                    "S reply +OK #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "S reply +OK 2 9 #3\n"
                    "S reply +OK #4 open\n"
                    "S begin RETR\n"
                    "S end [a\\x0d\\x0a] 3 octets, 0 missing, complete\n"
                    "S reply . #4 more\n"
                    "S reply -ERR gone #5\n"
                    "S reply +OK bye #6 -> UPDATE\n",
    },
    {
        .name = "RETR refused has no message",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: RETR 9\n"
                  "S: -ERR no such message\n"
                  "C: NOOP\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command RETR [9] #3\n"
                    "S reply -ERR no such message #3\n"
                    "C command NOOP [] #4\n"
                    "S reply +OK #4\n",
    },
    {
        .name = "STLS",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: STLS\n"
                  "S: +OK go\n"
                  "c: \\026\\003\\001hello\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command STLS [] #1\n"
                    "S reply +OK go #1\n"
                    "C opaque\n",
    },
    {
        .name = "an octet of 22 inside a line of the server begins no TLS",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: STLS\n"
                  "S: +OK go\n"
                  "s: 3\\026\\r\\n\n"
                  "C: NOOP\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command STLS [] #1\n"
                    "S reply +OK go #1\n"
                    "S reply 3\\x16 #0 !unknown !syntax\n"
                    "C command NOOP [] #2 !order !plain\n",
    },
    {
        .name = "plain text after STLS",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: STLS\n"
                  "S: +OK go\n"
                  "C: USER bob\n"
                  "S: +OK\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command STLS [] #1\n"
                    "S reply +OK go #1\n"
                    "C command USER [bob] #2 !plain\n"
                    "S reply +OK #2\n",
    },
    {
        .name = "commands injected behind STLS",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "c: STLS\\r\\nUSER eve\\r\\n\n"
                  "S: +OK go\n"
                  "c: \\026\\003\\001hello\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command STLS [] #1\n"
                    "S reply +OK go #1\n"
                    "C command USER [eve] #2 !injected\n"
                    "C opaque\n",
    },
    {
        .name = "wrong order and wrong words",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: RETR 1\n"
                  "S: -ERR\n"
                  "C: XYZZY\n"
                  "S: -ERR\n"
                  "C: USER\n"
                  "S: -ERR\n"
                  "S: what\n"
                  "S: +OK unasked\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command RETR [1] #1 !order\n"
                    "S reply -ERR #1\n"
                    "C command XYZZY [] #2 !unknown\n"
                    "S reply -ERR #2\n"
                    "C command USER [] #3 !syntax\n"
                    "S reply -ERR #3\n"
                    "S reply what #0 !unknown !syntax\n"
                    "S reply +OK unasked #0 !unasked\n",
    },
    {
        .name = "arguments",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: USER bob\n"
                  "S: +OK\n"
                  "C: PASS hungry\n"
                  "S: +OK in\n"
                  "C: RETR\n"
                  "S: -ERR\n"
                  "C: RETR x\n"
                  "S: -ERR\n"
                  "C: DELE 1 2\n"
                  "S: -ERR\n"
                  "C: PASS with spaces  in it\n"
                  "S: -ERR\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command USER [bob] #1\n"
                    "S reply +OK #1\n"
                    "C command PASS [hungry] #2 secret\n"
                    "S reply +OK in #2 -> TRANSACTION\n"
                    "C credential USER/PASS user [bob] secret [hungry] challenge [] proof [] yes\n"
                    "C command RETR [] #3 !syntax\n"
                    "S reply -ERR #3\n"
                    "C command RETR [x] #4 !syntax\n"
                    "S reply -ERR #4\n"
                    "C command DELE [1 2] #5 !trail\n"
                    "S reply -ERR #5\n"
                    "C command PASS [with spaces  in it] #6 !order secret\n"
                    "S reply -ERR #6\n"
                    "C credential USER/PASS user [bob] secret [with spaces  in it] challenge [] "
                    "proof [] no\n",
    },
    {
        .name = "QUIT before logging in",
        .script = "S: +OK POP3 <1.2@h>\n"
                  "C: QUIT\n"
                  "S: +OK bye\n",
        .expected = "S reply +OK POP3 <1.2@h> #0 -> AUTHORIZATION\n"
                    "C command QUIT [] #1\n"
                    "S reply +OK bye #1 -> closed\n",
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
