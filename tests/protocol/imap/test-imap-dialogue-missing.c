/* Captures that lack octets, a side, or the beginning or the end. */

#include "tests/support/test.h"

#include "protocol/imap/imap-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "only the client was seen",
        .start = RUNNER_CLIENT_ONLY,
        .script = "C: a LOGIN {5}\nC: alice hungry\nC: b SELECT i\nC: c IDLE\nC: DONE\n"
                  "C: d APPEND Sent {3}\nc: abc\\r\\n\nC: e AUTHENTICATE LOGIN\nC: YWxpY2U=\nC: "
                  "aHVuZ3J5\nC: f LOGOUT\n",
        .expected =
            "C (a) command LOGIN [{5}\\x0d\\x0aalice hungry] #1 secret -> authenticated\n"
            "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] unanswered\n"
            "C (b) command SELECT [i] #2 -> selected\n"
            "C (c) command IDLE [] #3 -> idle\n"
            "C continuation [DONE] #3 -> selected\n"
            "C (d) command APPEND [Sent {3}] #4\n"
            "C begin APPEND {3}\n"
            "C end [abc] 3 octets, 0 missing, complete\n"
            "C (e) command AUTHENTICATE [LOGIN] #5 !order -> authentication going on\n"
            "C continuation [YWxpY2U=] #5 secret\n"
            "C continuation [aHVuZ3J5] #5 secret -> authenticated\n"
            "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] unanswered\n"
            "C (f) command LOGOUT [] #6 -> logout\n",
    },
    {
        .name = "only the server was seen",
        .start = RUNNER_SERVER_ONLY,
        .script = "S: * OK hi\nS: a OK in\nS: * 3 EXISTS\nS: b OK [READ-WRITE] open\n"
                  "S: * 1 FETCH (BODY[] {3}\ns: abc)\\r\\n\nS: c OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "S reply a OK in #0\n"
                    "S reply * 3 EXISTS #0\n"
                    "S reply b OK [READ-WRITE] open #0 {READ-WRITE} -> selected\n"
                    "S reply * 1 FETCH (BODY[] {3} #0\n"
                    "S begin FETCH of 1 [] {3}\n"
                    "S end [abc] 3 octets, 0 missing, complete\n"
                    "S reply ) #0 more\n"
                    "S reply c OK #0\n",
    },
    {
        .name = "joined late, inside a message",
        .start = RUNNER_JOINED_LATE,
        .script = "s: dy of it\\r\\nmore\\r\\n\nS:  UID 7)\nS: * 8 FETCH (BODY[] {2}\ns: "
                  "xy)\\r\\n\nS: a5 OK\n"
                  "c: rest of it\\r\\nmail\\r\\n\nC: a6 NOOP\nS: a6 OK\n",
        .expected = "S begin FETCH of 0 []<0> {0}\n"
                    "S end [dy of it\\x0d\\x0amore\\x0d\\x0a] 16 octets, 0 missing, incomplete\n"
                    "S reply  UID 7) #0 more\n"
                    "S reply * 8 FETCH (BODY[] {2} #0\n"
                    "S begin FETCH of 8 [] {2}\n"
                    "S end [xy] 2 octets, 0 missing, complete\n"
                    "S reply ) #0 more\n"
                    "S reply a5 OK #0\n"
                    "C continuation [rest of it] #0 !cut\n"
                    "C begin APPEND<0> {0}\n"
                    "C end [mail\\x0d\\x0a] 6 octets, 0 missing, incomplete\n"
                    "C (a6) command NOOP [] #1\n"
                    "S reply a6 OK #1\n",
    },
    {
        .name = "octets missing inside messages",
        .script = "S: * PREAUTH hi\nC: a FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {10}\ns: 123\nS- "
                  "4\ns: 890)\\r\\n\nS: a OK\n"
                  "C: b APPEND x {6+}\nc: ab\nC- 4\nc: \\r\\nc NOOP\\r\\n\nS: b OK\nS: c OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command FETCH [1 BODY[]] #1 !order\n"
                    "S reply * 1 FETCH (BODY[] {10} #1 open\n"
                    "S begin FETCH of 1 [] {10}\n"
                    "S missing 4\n"
                    "S end [123890] 6 octets, 4 missing, incomplete\n"
                    "S reply ) #1 more open\n"
                    "S reply a OK #1\n"
                    "C (b) command APPEND [x {6+}] #2\n"
                    "C begin APPEND {6}\n"
                    "C missing 4\n"
                    "C end [ab] 2 octets, 4 missing, incomplete\n"
                    "C (c) command NOOP [] #3\n"
                    "S reply b OK #2\n"
                    "S reply c OK #3\n",
    },
    {
        .name = "octets missing past the end of a message, and in lines",
        .script =
            "S: * PREAUTH hi\nC: a FETCH 1:9 BODY[]\nS: * 1 FETCH (BODY[] {10}\ns: 123\nS- 40\n"
            "s: y\\r\\nof another\\r\\n)\\r\\n* 3 FETCH (BODY[] {2}\\r\\nxy)\\r\\n\ns: * 4 FE\nS- "
            "9\ns: gs ())\\r\\na OK done\\r\\n\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command FETCH [1:9 BODY[]] #1 !order\n"
                    "S reply * 1 FETCH (BODY[] {10} #1 open\n"
                    "S begin FETCH of 1 [] {10}\n"
                    "S missing 40\n"
                    "S end [123] 3 octets, 7 missing, incomplete\n"
                    "S begin FETCH of 0 []<0> {0}\n"
                    "S end [y\\x0d\\x0aof another\\x0d\\x0a] 15 octets, 0 missing, incomplete\n"
                    "S reply ) #1 more open\n"
                    "S reply * 3 FETCH (BODY[] {2} #1 open\n"
                    "S begin FETCH of 3 [] {2}\n"
                    "S end [xy] 2 octets, 0 missing, complete\n"
                    "S reply ) #1 more open\n"
                    "S reply * 4 FE #0 !cut\n"
                    "S missing 9\n"
                    "S reply gs ()) #0 more !cut\n"
                    "S reply a OK done #1\n",
    },
    {
        .name = "octets of commands and of answers missing",
        .script = "S: * PREAUTH hi\nc: a SEL\nC- 5\nc: BOX\\r\\nb NOOP\\r\\n\nS: a OK\nS: b OK\n"
                  "C: c APPEND x {3}\nS- 20\nc: abc\\r\\n\nC: d NOOP\nS: d OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command SEL [] #1 !unknown !cut\n"
                    "C missing 5\n"
                    "C continuation [BOX] #0 !cut\n"
                    "C (b) command NOOP [] #2\n"
                    "S reply a OK #1\n"
                    "S reply b OK #2\n"
                    "C (c) command APPEND [x {3}] #3\n"
                    "S missing 20\n"
                    "C begin APPEND {3}\n"
                    "C end [abc] 3 octets, 0 missing, complete\n"
                    "C (d) command NOOP [] #4\n"
                    "S reply d OK #4\n",
    },
    {
        .name = "an end inside lines, literals and messages",
        .script =
            "S: * PREAUTH hi\nc: a LOGIN {5}\\r\\nal\nC!\ns: * 1 FETCH (BODY[] {9}\\r\\n12\nS!\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "S reply * 1 FETCH (BODY[] {9} #0\n"
                    "S begin FETCH of 1 [] {9}\n"
                    "C (a) command LOGIN [{5}\\x0d\\x0aal] #1 !order !cut secret\n"
                    "S end [12] 2 octets, 0 missing, incomplete\n",
    },
};

static void each_case_gives_its_events(void **state)
{
    (void)state;
    assert_dialogue_cases(&imap_dialogue_class, cases, G_N_ELEMENTS(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_gives_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
