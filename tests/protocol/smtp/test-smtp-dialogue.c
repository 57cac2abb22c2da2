#include "tests/support/test.h"

#include "protocol/smtp/smtp-dialogue.h"
#include "tests/support/dialogue-runner.h"

typedef struct {
    const char *name;
    RunnerStart start;
    const char *script;
    const char *expected;
} DialogueCase;

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
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_dialogue(&smtp_dialogue_class, cases[i].start, cases[i].script, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_gives_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
