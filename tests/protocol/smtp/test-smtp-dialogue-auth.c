/* Logging in and turning to TLS: what is secret is marked, and what stands behind STARTTLS is not
 * believed. */

#include "tests/support/test.h"

#include "protocol/smtp/smtp-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "AUTH PLAIN at once",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: AUTH PLAIN AGJvYgBodW5ncnk=\n"
                  "S: 235 2.7.0 welcome\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command AUTH [PLAIN AGJvYgBodW5ncnk=] #2 secret\n"
                    "S reply 235 2.7.0 welcome #2 {2.7.0}\n"
                    "C credential PLAIN user [bob] secret [hungry] challenge [] proof [] yes\n",
    },
    {
        .name = "AUTH LOGIN by questions",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: AUTH LOGIN\n"
                  "S: 334 VXNlcm5hbWU6\n"
                  "C: Ym9i\n"
                  "S: 334 UGFzc3dvcmQ6\n"
                  "C: aHVuZ3J5\n"
                  "S: 535 5.7.8 no\n",
        .expected =
            "S reply 220 h ESMTP #0 -> greeted\n"
            "C command EHLO [c] #1\n"
            "S reply 250 h #1 -> ready\n"
            "C command AUTH [LOGIN] #2 secret\n"
            "S reply 334 VXNlcm5hbWU6 #2 go -> authenticating\n"
            "C continuation [Ym9i] #2 secret\n"
            "S reply 334 UGFzc3dvcmQ6 #2 go\n"
            "C continuation [aHVuZ3J5] #2 secret\n"
            "S reply 535 5.7.8 no #2 {5.7.8} -> ready\n"
            "C credential LOGIN user [bob] secret [hungry] challenge [Password:] proof [] no\n",
    },
    {
        .name = "AUTH LOGIN without the name: the password is not taken for it",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: AUTH LOGIN\n"
                  "S: 334 VXNlcm5hbWU6\n"
                  "C- 6\n"
                  "S: 334 UGFzc3dvcmQ6\n"
                  "C: aHVuZ3J5\n"
                  "S: 235 2.7.0 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command AUTH [LOGIN] #2 secret\n"
                    "S reply 334 VXNlcm5hbWU6 #2 go -> authenticating\n"
                    "C missing 6\n"
                    "S reply 334 UGFzc3dvcmQ6 #2 go\n"
                    "C continuation [aHVuZ3J5] #2 secret\n"
                    "S reply 235 2.7.0 ok #2 {2.7.0} -> ready\n"
                    "C credential LOGIN user [] secret [] challenge [Password:] proof [] yes\n",
    },
    {
        .name = "AUTH CRAM-MD5",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: AUTH CRAM-MD5\n"
                  "S: 334 PDFAaD4=\n"
                  "C: Ym9iIDAxMjM0NTY3\n"
                  "S: 235 ok\n",
        .expected =
            "S reply 220 h ESMTP #0 -> greeted\n"
            "C command EHLO [c] #1\n"
            "S reply 250 h #1 -> ready\n"
            "C command AUTH [CRAM-MD5] #2 secret\n"
            "S reply 334 PDFAaD4= #2 go -> authenticating\n"
            "C continuation [Ym9iIDAxMjM0NTY3] #2 secret\n"
            "S reply 235 ok #2 -> ready\n"
            "C credential CRAM-MD5 user [bob] secret [] challenge [<1@h>] proof [01234567] yes\n",
    },
    {
        .name = "AUTH called off",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: AUTH PLAIN\n"
                  "S: 334 \n"
                  "C: *\n"
                  "S: 501 5.7.0 off\n"
                  "C: NOOP\n"
                  "S: 250 ok\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command AUTH [PLAIN] #2 secret\n"
                    "S reply 334  #2 go -> authenticating\n"
                    "C continuation [*] #2\n"
                    "S reply 501 5.7.0 off #2 {5.7.0} -> ready\n"
                    "C credential PLAIN user [] secret [] challenge [] proof [] no\n"
                    "C command NOOP [] #3\n"
                    "S reply 250 ok #3\n",
    },
    {
        .name = "STARTTLS",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: STARTTLS\n"
                  "S: 220 go\n"
                  "c: \\026\\003\\001hello\n"
                  "s: \\026\\003\\003x\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command STARTTLS [] #2\n"
                    "S reply 220 go #2\n"
                    "C opaque\n",
    },
    {
        .name = "plain text after STARTTLS",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: STARTTLS\n"
                  "S: 220 go\n"
                  "C: EHLO c\n"
                  "S: 250 h\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command STARTTLS [] #2\n"
                    "S reply 220 go #2\n"
                    "C command EHLO [c] #3 !plain\n"
                    "S reply 250 h #3\n",
    },
    {
        .name = "an octet of 22 inside a line of the server begins no TLS",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "C: STARTTLS\n"
                  "S: 220 go\n"
                  "s: 3\\026\\r\\n\n"
                  "C: NOOP\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command STARTTLS [] #2\n"
                    "S reply 220 go #2\n"
                    "S reply 3\\x16 #0 !unknown !syntax\n"
                    "C command NOOP [] #3 !plain\n",
    },
    {
        .name = "commands injected behind STARTTLS",
        .script = "S: 220 h ESMTP\n"
                  "C: EHLO c\n"
                  "S: 250 h\n"
                  "c: STARTTLS\\r\\nRSET\\r\\n\n"
                  "S: 220 go\n"
                  "c: \\026\\003\\001hello\n",
        .expected = "S reply 220 h ESMTP #0 -> greeted\n"
                    "C command EHLO [c] #1\n"
                    "S reply 250 h #1 -> ready\n"
                    "C command STARTTLS [] #2\n"
                    "S reply 220 go #2\n"
                    "C command RSET [] #3 !injected\n"
                    "C opaque\n",
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
