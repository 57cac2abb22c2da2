#include "tests/support/test.h"

#include "tests/sim/agent/imap-script.h"

#include "protocol/imap/imap-server.h"

#define LOGGED_IN                                                                                  \
    "A< * OK mailwalk IMAP server ready at mail.hamburger.edu\n"                                   \
    "A> l LOGIN bob secret\n"                                                                      \
    "A< l OK Logged in\n"
#define SELECTED                                                                                   \
    LOGGED_IN "A> s SELECT INBOX\n"                                                                \
              "A< * 3 EXISTS\n"                                                                    \
              "A< * 3 RECENT\n"                                                                    \
              "A< * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\n"                       \
              "A< * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)*\n"     \
              "A< * OK [UIDVALIDITY *] *\n"                                                        \
              "A< * OK [UIDNEXT 4] *\n"                                                            \
              "A< * OK [UNSEEN 2] *\n"                                                             \
              "A< s OK [READ-WRITE] SELECT completed\n"

#define BAD "A> x XYZZY\nA< x BAD *\n"
#define BAD_NINE BAD BAD BAD BAD BAD BAD BAD BAD BAD
#define BAD_FORTY_NINE BAD_NINE BAD_NINE BAD_NINE BAD_NINE BAD_NINE BAD BAD BAD BAD

static const ImapScriptMessage inbox[] = {
    {
        .octets = "From: Alice <alice@crepes.fr>\n"
                  "To: bob@hamburger.edu\n"
                  "Subject: Condiments\n"
                  "Date: Mon, 5 Jan 2026 09:00:00 +0000\n"
                  "\n"
                  "Do you like ketchup?\n",
        .flags = 1, /* \Seen */
        .seconds = 1767603600,
    },
    {
        .octets = "From: =?utf-8?Q?Ren=C3=A9?= <rene@crepes.fr>\n"
                  "Subject: =?utf-8?B?R3LDvMOfZQ==?=\n"
                  "Date: Tue, 6 Jan 2026 00:30:00 +0100\n"
                  "MIME-Version: 1.0\n"
                  "Content-Type: multipart/mixed; boundary=b\n"
                  "\n"
                  "--b\n"
                  "Content-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: base64\n"
                  "\n"
                  "U8O8w59lciBTZW5m\n"
                  "--b\n"
                  "Content-Type: image/png; name=p.png\n"
                  "Content-Transfer-Encoding: base64\n"
                  "\n"
                  "AAEC\n"
                  "--b--\n",
        .seconds = 1767654000,
    },
    {
        .octets = "From: carol@ksit.edu.in\n"
                  "Subject: Pickles\n"
                  "\n"
                  "Short.\n",
        .seconds = 1767740400,
    },
};

static const ImapScript scripts[] = {
    {
        .name = "as on the slide",
        .lines = "A< * OK *\n"
                 "A> a1 CAPABILITY\n"
                 "A< * CAPABILITY IMAP4rev1 IMAP4rev2 * AUTH=PLAIN *\n"
                 "A< a1 OK CAPABILITY completed\n"
                 "A> a2 LOGIN bob secret\n"
                 "A< a2 OK *\n"
                 "A> a3 LIST \"\" \"*\"\n"
                 "A< * LIST (\\HasNoChildren) \"/\" INBOX\n"
                 "A< a3 OK LIST completed\n"
                 "A> a4 SELECT INBOX\n"
                 "A< * 3 EXISTS\n"
                 "A< * 3 RECENT\n"
                 "A< * FLAGS (*)\n"
                 "A< * OK [PERMANENTFLAGS *\n"
                 "A< * OK [UIDVALIDITY *\n"
                 "A< * OK [UIDNEXT 4] *\n"
                 "A< * OK [UNSEEN 2] *\n"
                 "A< a4 OK [READ-WRITE] *\n"
                 "A> a5 FETCH 1:2 FLAGS\n"
                 "A< * 1 FETCH (FLAGS (\\Seen \\Recent))\n"
                 "A< * 2 FETCH (FLAGS (\\Recent))\n"
                 "A< a5 OK *\n"
                 "A> a6 FETCH 3 RFC822.HEADER\n"
                 "A< * 3 FETCH (RFC822.HEADER {45}\n"
                 "A< From: carol@ksit.edu.in\n"
                 "A< Subject: Pickles\n"
                 "A< \n"
                 "A< )\n"
                 "A< a6 OK *\n"
                 "A> a7 FETCH 3 RFC822.TEXT\n"
                 "A< * 3 FETCH (RFC822.TEXT {8}\n"
                 "A< Short.\n"
                 "A<  FLAGS (\\Seen \\Recent))\n"
                 "A< a7 OK *\n"
                 "A> a8 LOGOUT\n"
                 "A< * BYE *\n"
                 "A< a8 OK LOGOUT completed\n",
    },
    {
        .name = "wrong password, then right",
        .lines = "A< * OK *\n"
                 "A> 1 LOGIN bob wrong\n"
                 "A< 1 NO [AUTHENTICATIONFAILED] *\n"
                 "A> 2 LOGIN nobody \"secret\"\n"
                 "A< 2 NO [AUTHENTICATIONFAILED] *\n"
                 "A> 3 LOGIN {3}\n"
                 "A< + Go on *\n"
                 "A> bob {6+}\n"
                 "A> secret\n"
                 "A< 3 OK *\n",
    },
    {
        .name = "AUTHENTICATE with and without an initial response",
        .lines = "A< * OK *\n"
                 "A> 1 AUTHENTICATE PLAIN\n"
                 "A< + \n"
                 "A> *\n"
                 "A< 1 BAD *\n"
                 "A> 2 AUTHENTICATE PLAIN AGJvYgB3cm9uZw==\n"
                 "A< 2 NO [AUTHENTICATIONFAILED] *\n"
                 "A> 3 AUTHENTICATE KERBEROS_V4\n"
                 "A< 3 NO *\n"
                 "A> 4 AUTHENTICATE PLAIN\n"
                 "A< + \n"
                 "A> AGJvYgBzZWNyZXQ=\n"
                 "A< 4 OK *\n"
                 "A> 5 NOOP\n"
                 "A< 5 OK *\n",
    },
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
        .name = "fetching parts",
        .lines = SELECTED
        "A> 1 FETCH 2 (UID BODY.PEEK[1] BODY.PEEK[2.MIME] BODY.PEEK[9] BINARY.PEEK[1])\n"
        "A< * 2 FETCH (UID 2 BODY[1] {16}\n"
        "A< U8O8w59lciBTZW5m BODY[2.MIME] {74}\n"
        "A< Content-Type: image/png; name=p.png\n"
        "A< Content-Transfer-Encoding: base64\n"
        "A< \n"
        "A<  BODY[9] NIL BINARY[1] {12}\n"
        "A< S\303\274\303\237er Senf)\n"
        "A< 1 OK *\n"
        "A> 2 FETCH 2 (BINARY.PEEK[2] BINARY.SIZE[2])\n"
        "A< * 2 FETCH (BINARY[2] ~{3}\n"
        "A< *\n"
        "A< 2 OK *\n"
        "A> 3 FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject \"From\")]<2.10>\n"
        "A< * 1 FETCH (BODY[HEADER.FIELDS (Subject From)]<2> {10}\n"
        "A< om: Alice )\n"
        "A< 3 OK *\n"
        "A> 4 FETCH 1 BODY[TEXT]<100.5>\n"
        "A< * 1 FETCH (BODY[TEXT]<100> \"\")\n"
        "A< 4 OK *\n"
        "A> 5 UID FETCH 3 BODY\n"
        "A< * 3 FETCH (UID 3 BODY (\"TEXT\" \"PLAIN\" *))\n"
        "A< 5 OK UID FETCH completed\n"
        "A> 6 FETCH 1 FAST\n"
        "A< * 1 FETCH (FLAGS (\\Seen \\Recent) INTERNALDATE \" 5-Jan-2026 09:00:00 +0000\" "
        "RFC822.SIZE 137)\n"
        "A< 6 OK *\n"
        "A> 7 FETCH 4 FLAGS\n"
        "A< 7 BAD The mailbox has only 3 messages\n"
        "A> 8 FETCH 1 (FLAGS NONSENSE)\n"
        "A< 8 BAD *\n"
        "A> 9 UID FETCH 77:* (FLAGS)\n"
        "A< * 3 FETCH (UID 3 FLAGS (\\Recent))\n"
        "A< 9 OK *\n",
    },
    {
        .name = "searching",
        .lines = SELECTED "A> 1 SEARCH UNSEEN\n"
                          "A< * SEARCH 2 3\n"
                          "A< 1 OK *\n"
                          "A> 2 UID SEARCH CHARSET UTF-8 TEXT {6}\n"
                          "A< + *\n"
                          "A> s\303\274\303\237e\n"
                          "A< * SEARCH 2\n"
                          "A< 2 OK *\n"
                          "A> 3 SEARCH RETURN (MIN MAX COUNT) OR FROM alice FROM carol\n"
                          "A< * ESEARCH (TAG \"3\") MIN 1 MAX 3 COUNT 2\n"
                          "A< 3 OK *\n"
                          "A> 4 SEARCH SENTON 6-Jan-2026\n"
                          "A< * SEARCH 2\n"
                          "A< 4 OK *\n"
                          "A> 5 SEARCH ON 5-Jan-2026 NOT (SEEN)\n"
                          "A< * SEARCH 2\n"
                          "A< 5 OK *\n"
                          "A> 6 UID SEARCH RETURN (SAVE) SUBJECT PICKLES\n"
                          "A< 6 OK *\n"
                          "A> 7 FETCH $ UID\n"
                          "A< * 3 FETCH (UID 3)\n"
                          "A< 7 OK *\n"
                          "A> 8 SEARCH CHARSET KLINGON TEXT x\n"
                          "A< 8 NO [BADCHARSET (US-ASCII UTF-8)] *\n"
                          "A> 9 SEARCH SUBJECT \"gr\303\274\"\n"
                          "A< * SEARCH 2\n"
                          "A< 9 OK *\n"
                          "A> 10 SEARCH HEADER Date \"\" SMALLER 200 2:*\n"
                          "A< * SEARCH\n"
                          "A< 10 OK *\n"
                          "A> 11 SEARCH\n"
                          "A< 11 BAD *\n"
                          "A> 12 SEARCH SINCE soon\n"
                          "A< 12 BAD *\n",
    },
    {
        .name = "flags, keywords, expunge",
        .lines = SELECTED "A> 1 STORE 1 +FLAGS (\\Deleted $Junk)\n"
                          "A< * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk)\n"
                          "A< * OK [PERMANENTFLAGS (* $Junk \\*)] *\n"
                          "A< * 1 FETCH (FLAGS (\\Deleted \\Seen \\Recent $Junk))\n"
                          "A< 1 OK *\n"
                          "A> 2 UID STORE 2 FLAGS.SILENT \\Flagged\n"
                          "A< 2 OK *\n"
                          "A> 3 SEARCH KEYWORD $junk\n"
                          "A< * SEARCH 1\n"
                          "A< 3 OK *\n"
                          "A> 4 STORE 3 -FLAGS \\Recent\n"
                          "A< 4 BAD *\n"
                          "A> 5 UID EXPUNGE 2:3\n"
                          "A< 5 OK *\n"
                          "A> 6 EXPUNGE\n"
                          "A< * 1 EXPUNGE\n"
                          "A< * 2 RECENT\n"
                          "A< 6 OK *\n"
                          "A> 7 FETCH 1 (UID FLAGS)\n"
                          "A< * 1 FETCH (UID 2 FLAGS (\\Flagged \\Recent))\n"
                          "A< 7 OK *\n",
    },
    {
        .name = "copy, move, append with their UIDs",
        .lines = SELECTED "A> 1 COPY 1:2 Saved\n"
                          "A< 1 NO [TRYCREATE] *\n"
                          "A> 2 CREATE Saved\n"
                          "A< 2 OK *\n"
                          "A> 3 COPY 1:2 Saved\n"
                          "A< 3 OK [COPYUID * 1:2 1:2] *\n"
                          "A> 4 MOVE 3 Saved\n"
                          "A< * OK [COPYUID * 3 3] Moved\n"
                          "A< * 3 EXPUNGE\n"
                          "A< * 2 RECENT\n"
                          "A< 4 OK *\n"
                          "A> 5 APPEND Saved (\\Seen) \"01-Jan-2026 10:00:00 +0100\" {5}\n"
                          "A< + *\n"
                          "A> hello\n"
                          "A< 5 OK [APPENDUID * 4] *\n"
                          "A> 6 APPEND Nowhere {5}\n"
                          "A< 6 NO [TRYCREATE] *\n"
                          "A> 7 APPEND Nowhere {5+}\n"
                          "A> hello\n"
                          "A< 7 NO [TRYCREATE] *\n"
                          "A> 8 APPEND INBOX {3+}\n"
                          "A> a\n"
                          "A> \n"
                          "A< * 3 EXISTS\n"
                          "A< * 3 RECENT\n"
                          "A< 8 OK [APPENDUID * 4] *\n"
                          "A> 9 APPEND INBOX {3+}\n"
                          "A> abc trailing\n"
                          "A< 9 BAD *\n"
                          "A> 10 STATUS Saved (MESSAGES UIDNEXT UNSEEN SIZE)\n"
                          "A< * STATUS Saved (MESSAGES 4 UIDNEXT 5 UNSEEN 2 SIZE *)\n"
                          "A< 10 OK *\n",
    },
    {
        .name = "mailboxes",
        .lines =
            LOGGED_IN "A> 1 CREATE Work/Reports/\n"
                      "A< 1 OK *\n"
                      "A> 2 CREATE &ZeVnLIqe-\n"
                      "A< 2 OK *\n"
                      "A> 3 CREATE inbox\n"
                      "A< 3 NO [ALREADYEXISTS] *\n"
                      "A> 4 CREATE Sent (USE (\\Sent))\n"
                      "A< 4 OK *\n"
                      "A> 5 LIST \"\" %\n"
                      "A< * LIST (\\HasNoChildren) \"/\" INBOX\n"
                      "A< * LIST (\\HasNoChildren \\Sent) \"/\" Sent\n"
                      "A< * LIST (\\Noselect \\HasChildren) \"/\" Work\n"
                      "A< * LIST (\\HasNoChildren) \"/\" &ZeVnLIqe-\n"
                      "A< 5 OK *\n"
                      "A> 6 LIST Work/ *\n"
                      "A< * LIST (\\HasNoChildren) \"/\" Work/Reports\n"
                      "A< 6 OK *\n"
                      "A> 7 SUBSCRIBE Work/Reports\n"
                      "A< 7 OK *\n"
                      "A> 8 LSUB \"\" %\n"
                      "A< * LSUB (\\Noselect) \"/\" Work\n"
                      "A< 8 OK *\n"
                      "A> 9 LSUB \"\" *\n"
                      "A< * LSUB () \"/\" Work/Reports\n"
                      "A< 9 OK *\n"
                      "A> 10 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %\n"
                      "A< * LIST (* \\HasChildren) \"/\" Work (\"CHILDINFO\" (\"SUBSCRIBED\"))\n"
                      "A< 10 OK *\n"
                      "A> 11 LIST \"\" (INB* S*) RETURN (STATUS (MESSAGES))\n"
                      "A< * LIST (*) \"/\" INBOX\n"
                      "A< * STATUS INBOX (MESSAGES 3)\n"
                      "A< * LIST (* \\Sent) \"/\" Sent\n"
                      "A< * STATUS Sent (MESSAGES 0)\n"
                      "A< 11 OK *\n"
                      "A> 12 LIST \"\" \"\"\n"
                      "A< * LIST (\\Noselect) \"/\" \"\"\n"
                      "A< 12 OK *\n"
                      "A> 13 RENAME Work Play\n"
                      "A< 13 OK *\n"
                      "A> 14 DELETE INBOX\n"
                      "A< 14 NO [CANNOT] *\n"
                      "A> 15 DELETE Nothing\n"
                      "A< 15 NO [NONEXISTENT] *\n"
                      "A> 16 SELECT Play\n"
                      "A< 16 NO [NONEXISTENT] *\n"
                      "A> 17 EXAMINE Play/Reports\n"
                      "A< * 0 EXISTS\n"
                      "A< * 0 RECENT\n"
                      "A< * FLAGS *\n"
                      "A< * OK [PERMANENTFLAGS ()] *\n"
                      "A< * OK [UIDVALIDITY *\n"
                      "A< * OK [UIDNEXT 1] *\n"
                      "A< 17 OK [READ-ONLY] *\n"
                      "A> 18 DELETE Play/Reports\n"
                      "A< 18 NO [INUSE] *\n"
                      "A> 19 UNSELECT\n"
                      "A< 19 OK *\n"
                      "A> 20 NAMESPACE\n"
                      "A< * NAMESPACE ((\"\" \"/\")) NIL NIL\n"
                      "A< 20 OK *\n",
    },
    {
        .name = "IMAP4rev2 once it is enabled",
        .lines = LOGGED_IN "A> 1 ENABLE IMAP4rev2 CONDSTORE\n"
                           "A< * ENABLED IMAP4rev2\n"
                           "A< 1 OK *\n"
                           "A> 2 CREATE \"Entw\303\274rfe\"\n"
                           "A< 2 OK *\n"
                           "A> 3 SELECT INBOX\n"
                           "A< * 3 EXISTS\n"
                           "A< * FLAGS *\n"
                           "A< * OK [PERMANENTFLAGS *\n"
                           "A< * OK [UIDVALIDITY *\n"
                           "A< * OK [UIDNEXT 4] *\n"
                           "A< * LIST () \"/\" INBOX\n"
                           "A< 3 OK [READ-WRITE] *\n"
                           "A> 4 SEARCH UNSEEN\n"
                           "A< * ESEARCH (TAG \"4\") ALL 2:3\n"
                           "A< 4 OK *\n"
                           "A> 5 LIST \"\" Ent*\n"
                           "A< * LIST (\\HasNoChildren) \"/\" \"Entw\303\274rfe\"\n"
                           "A< 5 OK *\n"
                           "A> 6 SELECT \"Entw\303\274rfe\"\n"
                           "A< * OK [CLOSED] *\n"
                           "A< * 0 EXISTS\n"
                           "A< * FLAGS *\n"
                           "A< * OK [PERMANENTFLAGS *\n"
                           "A< * OK [UIDVALIDITY *\n"
                           "A< * OK [UIDNEXT 1] *\n"
                           "A< * LIST () \"/\" \"Entw\303\274rfe\"\n"
                           "A< 6 OK *\n",
    },
    {
        .name = "two sessions tell each other",
        .lines = SELECTED "B< * OK *\n"
                          "B> 1 LOGIN bob secret\n"
                          "B< 1 OK *\n"
                          "B> 2 EXAMINE INBOX\n"
                          "B< * 3 EXISTS\n"
                          "B< * 0 RECENT\n"
                          "B< *\nB< *\nB< *\nB< *\nB< *\n"
                          "B< 2 OK [READ-ONLY] *\n"
                          "B> 3 IDLE\n"
                          "B< + idling\n"
                          "A> 1 STORE 2 +FLAGS.SILENT (\\Seen \\Deleted)\n"
                          "A< 1 OK *\n"
                          "B< * 2 FETCH (FLAGS (\\Deleted \\Seen))\n"
                          "A> 2 EXPUNGE\n"
                          "A< * 2 EXPUNGE\n"
                          "A< * 2 RECENT\n"
                          "A< 2 OK *\n"
                          "B< * 2 EXPUNGE\n"
                          "A> 3 APPEND INBOX {1+}\n"
                          "A> x\n"
                          "A< * 3 EXISTS\n"
                          "A< * 3 RECENT\n"
                          "A< 3 OK *\n"
                          "B< * 3 EXISTS\n"
                          "B> DONE\n"
                          "B< 3 OK IDLE completed\n"
                          "B> 4 STORE 1 FLAGS \\Seen\n"
                          "B< 4 NO [CANNOT] *\n"
                          "A> 4 STORE 3 +FLAGS \\Deleted\n"
                          "A< * 3 FETCH (FLAGS (\\Deleted \\Recent))\n"
                          "A< 4 OK *\n"
                          "A> 5 CLOSE\n"
                          "A< 5 OK *\n"
                          "B> 5 FETCH 1:3 UID\n"
                          "B< * 1 FETCH (UID 1)\n"
                          "B< * 2 FETCH (UID 3)\n"
                          "B< 5 OK [EXPUNGEISSUED] *\n"
                          "B> 6 NOOP\n"
                          "B< * 3 EXPUNGE\n"
                          "B< 6 OK *\n"
                          "A> 6 CREATE Spam\n"
                          "A< 6 OK *\n"
                          "B> 7 SELECT Spam\n"
                          "B< *\nB< *\nB< *\nB< *\nB< *\nB< *\n"
                          "B< 7 OK *\n"
                          "A> 7 DELETE Spam\n"
                          "A< 7 OK *\n"
                          "B> 8 NOOP\n"
                          "B< * BYE The selected mailbox is gone\n",
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
