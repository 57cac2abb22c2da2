#include "tests/support/test.h"

#include "protocol/imap/imap-dialogue.h"
#include "tests/support/dialogue-runner.h"

static const DialogueCase cases[] = {
    {
        .name = "a short session",
        .script = "S: * OK [CAPABILITY IMAP4rev1] ready\n"
                  "C: a1 LOGIN alice hungry\n"
                  "S: a1 OK in\n"
                  "C: a2 SELECT INBOX\n"
                  "S: * FLAGS (\\Seen)\nS: * 2 EXISTS\nS: * 0 RECENT\n"
                  "S: * OK [UIDVALIDITY 7] valid\nS: a2 OK [READ-WRITE] open\n"
                  "C: a3 UID FETCH 1:* (FLAGS)\n"
                  "S: * 1 FETCH (FLAGS (\\Seen) UID 5)\nS: * 3 EXISTS\nS: a3 OK done\n"
                  "C: a4 LOGOUT\nS: * BYE bye\nS: a4 OK gone\n",
        .expected = "S reply * OK [CAPABILITY IMAP4rev1] ready #0 {CAPABILITY IMAP4rev1} -> not "
                    "authenticated\n"
                    "C (a1) command LOGIN [alice hungry] #1 secret\n"
                    "S reply a1 OK in #1 -> authenticated\n"
                    "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] yes\n"
                    "C (a2) command SELECT [INBOX] #2\n"
                    "S reply * FLAGS (\\Seen) #2 open\n"
                    "S reply * 2 EXISTS #2 open\n"
                    "S reply * 0 RECENT #2 open\n"
                    "S reply * OK [UIDVALIDITY 7] valid #2 {UIDVALIDITY 7} open\n"
                    "S reply a2 OK [READ-WRITE] open #2 {READ-WRITE} -> selected\n"
                    "C (a3) command UID FETCH [1:* (FLAGS)] #3\n"
                    "S reply * 1 FETCH (FLAGS (\\Seen) UID 5) #3 open\n"
                    "S reply * 3 EXISTS #0\n"
                    "S reply a3 OK done #3\n"
                    "C (a4) command LOGOUT [] #4\n"
                    "S reply * BYE bye #4 open -> logout\n"
                    "S reply a4 OK gone #4\n",
    },
    {
        .name = "answers find their commands by tag",
        .script = "S: * OK hi\nC: a LOGIN a b\nS: a OK x\nC: b SELECT i\nS: b OK y\n"
                  "C: c FETCH 1 FLAGS\nC: d SEARCH UNSEEN\nC: e NOOP\n"
                  "S: * SEARCH 1 2\nS: d OK\nS: * 1 FETCH (FLAGS ())\nS: * 4 EXISTS\nS: e OK\n"
                  "S: c NO [EXPUNGEISSUED] x\nS: zz OK who\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command LOGIN [a b] #1 secret\n"
                    "S reply a OK x #1 -> authenticated\n"
                    "C credential LOGIN user [a] secret [b] challenge [] proof [] yes\n"
                    "C (b) command SELECT [i] #2\n"
                    "S reply b OK y #2 -> selected\n"
                    "C (c) command FETCH [1 FLAGS] #3\n"
                    "C (d) command SEARCH [UNSEEN] #4\n"
                    "C (e) command NOOP [] #5\n"
                    "S reply * SEARCH 1 2 #4 open\n"
                    "S reply d OK #4\n"
                    "S reply * 1 FETCH (FLAGS ()) #3 open\n"
                    "S reply * 4 EXISTS #5 open\n"
                    "S reply e OK #5\n"
                    "S reply c NO [EXPUNGEISSUED] x #3 {EXPUNGEISSUED}\n"
                    "S reply zz OK who #0 !unasked\n",
    },
    {
        .name = "literals of a login are text of the command",
        .script = "S: * OK hi\nC: a LOGIN {5}\nS: + go\nc: alice\nC:  {6}\nS: + on\nc: hungry\n"
                  "c: \\r\\n\nS: a OK in\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command LOGIN [{5}\\x0d\\x0aalice {6}\\x0d\\x0ahungry] #1 secret\n"
                    "S reply + go #1 go\n"
                    "S reply + on #1 go\n"
                    "S reply a OK in #1 -> authenticated\n"
                    "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] yes\n",
    },
    {
        .name = "literals that do not wait",
        .script = "S: * OK hi\nC: a LOGIN {5+}\nc: alice {6+}\\r\\nhungry\\r\\nb NOOP\\r\\n\n"
                  "S: a OK in\nS: b OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command LOGIN [{5+}\\x0d\\x0aalice {6+}\\x0d\\x0ahungry] #1 secret\n"
                    "C (b) command NOOP [] #2\n"
                    "S reply a OK in #1 -> authenticated\n"
                    "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] yes\n"
                    "S reply b OK #2\n",
    },
    {
        .name = "a literal refused",
        .script = "S: * OK hi\nC: a LOGIN {500000}\nS: a BAD too long\nC: b NOOP\nS: b OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command LOGIN [{500000}] #1 secret\n"
                    "S reply a BAD too long #1\n"
                    "C credential LOGIN user [] secret [] challenge [] proof [] no\n"
                    "C (b) command NOOP [] #2\n"
                    "S reply b OK #2\n",
    },
    {
        .name = "the client does not wait for the plus sign it asked for",
        .script =
            "S: * OK hi\nC: a LOGIN {5}\nC: alice {6}\nC: hungry\nS: + a\nS: + b\nS: a OK in\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command LOGIN [{5}\\x0d\\x0aalice {6}\\x0d\\x0ahungry] #1 secret\n"
                    "S reply + a #1 go\n"
                    "S reply + b #1 go\n"
                    "S reply a OK in #1 -> authenticated\n"
                    "C credential LOGIN user [alice] secret [hungry] challenge [] proof [] yes\n",
    },
    {
        .name = "APPEND",
        .script = "S: * PREAUTH hi\nC: a APPEND Sent (\\Seen) {12}\nS: + go\n"
                  "C: Subject: x\nC: \nS: * 3 EXISTS\nS: a OK [APPENDUID 1 2] there\n"
                  "C: b APPEND {4+}\nC: Sent {3+}\nc: abc\\r\\n\nS: b NO [TRYCREATE] none\n"
                  "C: c APPEND Sent {9}\nS: c NO [OVERQUOTA] full\nC: d NOOP\nS: d OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command APPEND [Sent (\\Seen) {12}] #1\n"
                    "S reply + go #1 go\n"
                    "C begin APPEND {12}\n"
                    "C end [Subject: x\\x0d\\x0a] 12 octets, 0 missing, complete\n"
                    "S reply * 3 EXISTS #0\n"
                    "S reply a OK [APPENDUID 1 2] there #1 {APPENDUID 1 2}\n"
                    "C (b) command APPEND [{4+}\\x0d\\x0aSent {3+}] #2\n"
                    "C begin APPEND {3}\n"
                    "C end [abc] 3 octets, 0 missing, complete\n"
                    "S reply b NO [TRYCREATE] none #2 {TRYCREATE}\n"
                    "C (c) command APPEND [Sent {9}] #3\n"
                    "S reply c NO [OVERQUOTA] full #3 {OVERQUOTA}\n"
                    "C (d) command NOOP [] #4\n"
                    "S reply d OK #4\n",
    },
    {
        .name = "several messages in one APPEND, an empty one, a composed one",
        .script =
            "S: * PREAUTH hi\nC: a APPEND Sent {2+}\nC: ab (\\Seen) {3+}\nc: cde\\r\\n\n"
            "S: a OK both\nC: b APPEND Sent {0+}\nC: \nS: b OK\n"
            "C: c APPEND Sent CATENATE (URL \"/x\" TEXT {3}\nS: + go\nc: abc)\\r\\n\nS: c OK\n"
            "C: s SELECT x\nS: s OK\nC: d UID REPLACE {1+}\nC: 7 Sent ~{2+}\nc: \\001z\\r\\n\nS: d "
            "OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command APPEND [Sent {2+}] #1\n"
                    "C begin APPEND {2}\n"
                    "C end [ab] 2 octets, 0 missing, complete\n"
                    "C continuation [ (\\Seen) {3+}] #1\n"
                    "C begin APPEND {3}\n"
                    "C end [cde] 3 octets, 0 missing, complete\n"
                    "S reply a OK both #1\n"
                    "C (b) command APPEND [Sent {0+}] #2\n"
                    "C begin APPEND {0}\n"
                    "C end [] 0 octets, 0 missing, complete\n"
                    "S reply b OK #2\n"
                    "C (c) command APPEND [Sent CATENATE (URL \"/x\" TEXT {3}] #3\n"
                    "S reply + go #3 go\n"
                    "C begin APPEND {3}\n"
                    "C end [abc] 3 octets, 0 missing, complete\n"
                    "C continuation [)] #3\n"
                    "S reply c OK #3\n"
                    "C (s) command SELECT [x] #4\n"
                    "S reply s OK #4 -> selected\n"
                    "C (d) command UID REPLACE [{1+}\\x0d\\x0a7 Sent ~{2+}] #5\n"
                    "C begin APPEND {2}\n"
                    "C end [\\x01z] 2 octets, 0 missing, complete\n"
                    "S reply d OK #5\n",
    },
    {
        .name = "FETCH of sections",
        .script =
            "S: * PREAUTH hi\nC: s SELECT x\nS: s OK\nC: a FETCH 1:2 (BODY[] BODY[1.TEXT]<0.5>)\n"
            "S: * 1 FETCH (FLAGS () BODY[] {7}\ns: a\\r\\nb\\r\\nc BODY[1.TEXT]<0> "
            "{5}\\r\\n12345)\\r\\n\n"
            "S: * 2 FETCH (ENVELOPE (\"d\" {3}\ns: sub NIL) BODY[HEADER.FIELDS (FROM \"]\")] "
            "{0}\\r\\n)\\r\\n\n"
            "S: * 3 FETCH (RFC822.HEADER {2}\ns: xy UID 9)\\r\\n\nS: a OK done\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (s) command SELECT [x] #1\n"
                    "S reply s OK #1 -> selected\n"
                    "C (a) command FETCH [1:2 (BODY[] BODY[1.TEXT]<0.5>)] #2\n"
                    "S reply * 1 FETCH (FLAGS () BODY[] {7} #2 open\n"
                    "S begin FETCH of 1 [] {7}\n"
                    "S end [a\\x0d\\x0ab\\x0d\\x0ac] 7 octets, 0 missing, complete\n"
                    "S reply  BODY[1.TEXT]<0> {5} #2 more open\n"
                    "S begin FETCH of 1 [1.TEXT]<0> {5}\n"
                    "S end [12345] 5 octets, 0 missing, complete\n"
                    "S reply ) #2 more open\n"
                    "S reply * 2 FETCH (ENVELOPE (\"d\" {3}\\x0d\\x0asub NIL) BODY[HEADER.FIELDS "
                    "(FROM \"]\")] {0} #2 open\n"
                    "S begin FETCH of 2 [HEADER.FIELDS (FROM \"]\")] {0}\n"
                    "S end [] 0 octets, 0 missing, complete\n"
                    "S reply ) #2 more open\n"
                    "S reply * 3 FETCH (RFC822.HEADER {2} #2 open\n"
                    "S begin FETCH of 3 [HEADER] {2}\n"
                    "S end [xy] 2 octets, 0 missing, complete\n"
                    "S reply  UID 9) #2 more open\n"
                    "S reply a OK done #2\n",
    },
    {
        .name = "AUTHENTICATE PLAIN and a challenge and response",
        .script =
            "S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: +\nC: AGFsaWNlAGh1bmdyeQ==\nS: a OK in\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command AUTHENTICATE [PLAIN] #1\n"
                    "S reply + #1 go -> authentication going on\n"
                    "C continuation [AGFsaWNlAGh1bmdyeQ==] #1 secret\n"
                    "S reply a OK in #1 -> authenticated\n"
                    "C credential PLAIN user [alice] secret [hungry] challenge [] proof [] yes\n",
    },
    {
        .name = "AUTHENTICATE with an initial response, one cancelled, CRAM-MD5, LOGIN",
        .script = "S: * OK hi\nC: a AUTHENTICATE PLAIN AGFsaWNlAHdyb25n\nS: a NO "
                  "[AUTHENTICATIONFAILED] no\n"
                  "C: b AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: *\nS: b BAD cancelled\n"
                  "C: c AUTHENTICATE CRAM-MD5\nS: + PDFAYT4=\nC: "
                  "YWxpY2UgMDEyMzQ1Njc4OWFiY2RlZg==\nS: c OK in\n"
                  "C: d NOOP\nS: d OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command AUTHENTICATE [PLAIN AGFsaWNlAHdyb25n] #1 secret\n"
                    "S reply a NO [AUTHENTICATIONFAILED] no #1 {AUTHENTICATIONFAILED}\n"
                    "C credential PLAIN user [alice] secret [wrong] challenge [] proof [] no\n"
                    "C (b) command AUTHENTICATE [LOGIN] #2\n"
                    "S reply + VXNlcm5hbWU6 #2 go -> authentication going on\n"
                    "C continuation [*] #2\n"
                    "S reply b BAD cancelled #2 -> not authenticated\n"
                    "C credential LOGIN user [] secret [] challenge [Username:] proof [] no\n"
                    "C (c) command AUTHENTICATE [CRAM-MD5] #3\n"
                    "S reply + PDFAYT4= #3 go -> authentication going on\n"
                    "C continuation [YWxpY2UgMDEyMzQ1Njc4OWFiY2RlZg==] #3 secret\n"
                    "S reply c OK in #3 -> authenticated\n"
                    "C credential CRAM-MD5 user [alice] secret [] challenge [<1@a>] proof "
                    "[0123456789abcdef] yes\n"
                    "C (d) command NOOP [] #4\n"
                    "S reply d OK #4\n",
    },
    {
        .name = "AUTHENTICATE refused at once",
        .script = "S: * OK hi\nC: a AUTHENTICATE GSSAPI\nS: a NO not here\nC: b NOOP\nS: b OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command AUTHENTICATE [GSSAPI] #1\n"
                    "S reply a NO not here #1\n"
                    "C credential GSSAPI user [] secret [] challenge [] proof [] no\n"
                    "C (b) command NOOP [] #2\n"
                    "S reply b OK #2\n",
    },
    {
        .name = "IDLE",
        .script =
            "S: * PREAUTH hi\nC: a SELECT i\nS: a OK x\nC: b IDLE\nS: + idling\nS: * 4 EXISTS\n"
            "S: * 1 EXPUNGE\nC: DONE\nS: b OK ended\nC: c IDLE\nS: c NO busy\n"
            "C: d IDLE\nS: + x\nC: e NOOP\nS: d BAD expected DONE\nC: f IDLE\nS: + y\nc: "
            "DONE\\r\\ng NOOP\\r\\n\n"
            "S: f OK\nS: g OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command SELECT [i] #1\n"
                    "S reply a OK x #1 -> selected\n"
                    "C (b) command IDLE [] #2\n"
                    "S reply + idling #2 go -> idle\n"
                    "S reply * 4 EXISTS #0\n"
                    "S reply * 1 EXPUNGE #0\n"
                    "C continuation [DONE] #2\n"
                    "S reply b OK ended #2 -> selected\n"
                    "C (c) command IDLE [] #3\n"
                    "S reply c NO busy #3\n"
                    "C (d) command IDLE [] #4\n"
                    "S reply + x #4 go -> idle\n"
                    "C continuation [e NOOP] #4 !syntax\n"
                    "S reply d BAD expected DONE #4 -> selected\n"
                    "C (f) command IDLE [] #5\n"
                    "S reply + y #5 go -> idle\n"
                    "C continuation [DONE] #5\n"
                    "C (g) command NOOP [] #6\n"
                    "S reply f OK #5 -> selected\n"
                    "S reply g OK #6\n",
    },
    {
        .name = "STARTTLS",
        .script = "S: * OK hi\nC: a STARTTLS\nS: a OK go\nc: \\026\\003\\001hello\ns: \\026\\003\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command STARTTLS [] #1\n"
                    "S reply a OK go #1\n"
                    "C opaque\n",
    },
    {
        .name = "STARTTLS, commands injected behind it",
        .script = "S: * OK hi\nc: a STARTTLS\\r\\nb LOGIN eve x\\r\\n\nS: a OK go\nS: b NO no\n"
                  "c: \\026\\003\\001\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command STARTTLS [] #1\n"
                    "S reply a OK go #1\n"
                    "C (b) command LOGIN [eve x] #2 !injected secret\n"
                    "S reply b NO no #2 !plain\n"
                    "C credential LOGIN user [eve] secret [x] challenge [] proof [] no\n"
                    "C opaque\n",
    },
    {
        .name = "plain text after STARTTLS",
        .script = "S: * OK hi\nC: a STARTTLS\nS: a OK go\nC: b NOOP\nS: b OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command STARTTLS [] #1\n"
                    "S reply a OK go #1\n"
                    "C (b) command NOOP [] #2 !plain\n"
                    "S reply b OK #2 !plain\n",
    },
    {
        .name = "STARTTLS refused",
        .script = "S: * OK hi\nC: a STARTTLS\nS: a BAD no\nC: b NOOP\nS: b OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command STARTTLS [] #1\n"
                    "S reply a BAD no #1\n"
                    "C (b) command NOOP [] #2\n"
                    "S reply b OK #2\n",
    },
    {
        .name = "TLS from the first octet",
        .script = "c: \\026\\003\\001\ns: \\026\\003\\003\nc: xx\n",
        .expected = "C opaque\n",
    },
    {
        .name = "states and refusals",
        .script =
            "S: * OK hi\nC: a SELECT x\nS: a BAD log in first\nC: b LOGIN a b\nS: b OK\n"
            "C: c SELECT x\nS: c OK\nC: d SELECT y\nS: d NO no such\nC: e FETCH 1 FLAGS\nS: e BAD\n"
            "C: f EXAMINE x\nS: f OK\nC: g CLOSE\nS: g OK\nC: h UNAUTHENTICATE\nS: h OK\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C (a) command SELECT [x] #1 !order\n"
                    "S reply a BAD log in first #1\n"
                    "C (b) command LOGIN [a b] #2 secret\n"
                    "S reply b OK #2 -> authenticated\n"
                    "C credential LOGIN user [a] secret [b] challenge [] proof [] yes\n"
                    "C (c) command SELECT [x] #3\n"
                    "S reply c OK #3 -> selected\n"
                    "C (d) command SELECT [y] #4\n"
                    "S reply d NO no such #4 -> authenticated\n"
                    "C (e) command FETCH [1 FLAGS] #5 !order\n"
                    "S reply e BAD #5\n"
                    "C (f) command EXAMINE [x] #6\n"
                    "S reply f OK #6 -> selected\n"
                    "C (g) command CLOSE [] #7\n"
                    "S reply g OK #7 -> authenticated\n"
                    "C (h) command UNAUTHENTICATE [] #8\n"
                    "S reply h OK #8 -> not authenticated\n",
    },
    {
        .name = "broken commands and answers",
        .script =
            "S: * OK hi\nC: \nC: a\nC: a1 NONSENSE x\nC: + NOOP\nC: b LOGIN only\nC: c LOGIN \"a\n"
            "C: d NOOP x\nC: e SELECT (a\nc: f NOOP\\n\nc: g LIST \"\" \\303\\r\\n\nS: "
            "nonsense\nS: \nS: * \n"
            "S: * WHAT\nS: +tight\nS: a1 BYE\nS: * OK [BROKEN\n",
        .expected = "S reply * OK hi #0 -> not authenticated\n"
                    "C command  [] #1 !unknown !syntax\n"
                    "C (a) command  [] #2 !unknown !syntax\n"
                    "C (a1) command NONSENSE [x] #3 !unknown\n"
                    "C (+) command NOOP [] #4 !syntax\n"
                    "C (b) command LOGIN [only] #5 !syntax secret\n"
                    "C (c) command LOGIN [\"a] #6 !syntax secret\n"
                    "C (d) command NOOP [x] #7 !trail\n"
                    "C (e) command SELECT [(a] #8 !syntax\n"
                    "C (f) command NOOP [] #9 !lf\n"
                    "C (g) command LIST [\"\" \\xc3] #10 !8bit\n"
                    "S reply nonsense #0 !unknown !syntax\n"
                    "S reply  #0 !unknown !syntax\n"
                    "S reply *  #2 open !unknown !syntax\n"
                    "S reply * WHAT #2 open !unknown\n"
                    "S reply +tight #0 go !syntax !unasked\n"
                    "S reply a1 BYE #0 !unknown !syntax\n"
                    "S reply * OK [BROKEN #2 open !syntax\n",
    },
    {
        .name = "a greeting that refuses",
        .script = "S: * BYE too busy\n",
        .expected = "S reply * BYE too busy #0 -> logout\n",
    },
    {
        .name = "IMAP4rev2 and UTF-8",
        .script = "S: * PREAUTH hi\nC: a ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: a OK\n"
                  "c: b CREATE \"\\303\\244\"\\r\\n\nS: b OK\n",
        .expected = "S reply * PREAUTH hi #0 -> authenticated\n"
                    "C (a) command ENABLE [IMAP4rev2] #1\n"
                    "S reply * ENABLED IMAP4rev2 #1 open\n"
                    "S reply a OK #1\n"
                    "C (b) command CREATE [\"ä\"] #2\n"
                    "S reply b OK #2\n",
    },
    {
        .name = "a line that looks like the announcement of a literal",
        .script = "S: * OK hi {5}\nC: a NOOP\nS: a OK done {3}\nC: b NOOP x{3}\nS: b BAD\n",
        .expected = "S reply * OK hi {5} #0 -> not authenticated\n"
                    "C (a) command NOOP [] #1\n"
                    "S reply a OK done {3} #1\n"
                    "C (b) command NOOP [x{3}] #2 !syntax !trail\n"
                    "S reply b BAD #2\n",
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
