#pragma once

/* The INBOX that the scripts begin with, and the lines of a session that logged in and selected it.
 */

#include "tests/sim/agent/imap-script.h"

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
