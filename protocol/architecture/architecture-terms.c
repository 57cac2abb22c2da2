#include "protocol/architecture/architecture-rows.h"

#define PORT(port_, ...)                                                                           \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_ARCHITECTURE, .kind = VOCABULARY_PORT, __VA_ARGS__},       \
        .port = (port_)                                                                            \
    }

#define ROLE(...)                                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_ARCHITECTURE, .kind = VOCABULARY_ROLE, __VA_ARGS__                  \
    }

#define NAME(...)                                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_ARCHITECTURE, .kind = VOCABULARY_RULE, __VA_ARGS__                  \
    }

#define ACTION(...)                                                                                \
    {                                                                                              \
        .protocol = VOCABULARY_SIEVE, .kind = VOCABULARY_COMMAND, __VA_ARGS__                      \
    }

#define RULE(...)                                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_SIEVE, .kind = VOCABULARY_RULE, __VA_ARGS__                         \
    }

const ArchitecturePortRow architecture_port_rows[] = {
    PORT(
        25,
        .token = "25",
        .meaning = "SMTP between mail servers: relay and delivery.",
        .reference = {5321, "4.5.4.2"},
        .since = 821
    ),
    PORT(
        53,
        .token = "53",
        .meaning = "DNS, over UDP for most questions and over TCP for long answers.",
        .reference = {1035, "4.2"},
        .since = 883
    ),
    PORT(
        80,
        .token = "80",
        .meaning = "HTTP without TLS.",
        .reference = {9110, "4.2.1"},
        .since = 1945
    ),
    PORT(
        110,
        .token = "110",
        .meaning = "POP3; TLS may begin with STLS.",
        .reference = {1939, "3"},
        .since = 1081
    ),
    PORT(
        143,
        .token = "143",
        .meaning = "IMAP; TLS may begin with STARTTLS.",
        .reference = {9051, "2.1"},
        .since = 1730
    ),
    PORT(
        366,
        .token = "366",
        .meaning = "On-demand relay: a server that is not always online fetches its mail.",
        .reference = {2645, "4"}
    ),
    PORT(
        443,
        .token = "443",
        .meaning = "HTTPS: HTTP over TLS, where a webmail lives.",
        .reference = {9110, "4.2.2"}
    ),
    PORT(
        465,
        .token = "465",
        .meaning = "Submissions: a mail program hands in mail, with TLS from the first octet.",
        .reference = {8314, "7.3"}
    ),
    PORT(
        587,
        .token = "587",
        .meaning = "Submission: a mail program hands in mail; TLS begins with STARTTLS.",
        .reference = {6409, "3.1"},
        .since = 2476
    ),
    PORT(
        993,
        .token = "993",
        .meaning = "IMAPS: IMAP with TLS from the first octet.",
        .reference = {8314, "3.2"},
        .since = 2595
    ),
    PORT(
        995,
        .token = "995",
        .meaning = "POP3S: POP3 with TLS from the first octet.",
        .reference = {8314, "3.1"},
        .since = 2595
    ),
    PORT(
        4190,
        .token = "4190",
        .meaning = "ManageSieve: a mail program puts filter scripts on its server.",
        .reference = {5804, "1.8"}
    ),
};

const VocabularyItem architecture_role_rows[] = {
    ROLE(.token = "author",
         .meaning = "Who writes the message and says to whom it goes.",
         .reference = {5598, "2.1.1"}),
    ROLE(.token = "recipient",
         .meaning = "Who is meant to get the message.",
         .reference = {5598, "2.1.2"}),
    ROLE(.token = "return handler",
         .meaning = "Who gets the notices when delivery fails; the address in Return-Path.",
         .reference = {5598, "2.1.3"}),
    ROLE(.token = "mediator",
         .meaning = "Gets a message and sends it on anew, as a mailing list does.",
         .reference = {5598, "2.1.4"}),
    ROLE(.token = "MHS actors",
         .meaning = "Those who move mail: originator, relay, gateway and receiver.",
         .reference = {5598, "2.2"}),
    ROLE(.token = "originator",
         .meaning = "Checks a message on behalf of its author and hands it to a relay.",
         .reference = {5598, "2.2.1"}),
    ROLE(.token = "relay",
         .meaning = "Passes a message on to the next host, without changing its content.",
         .reference = {5598, "2.2.2"}),
    ROLE(.token = "gateway",
         .meaning = "Joins the Internet's mail with another kind of mail.",
         .reference = {5598, "2.2.3"}),
    ROLE(.token = "receiver",
         .meaning = "Makes the final delivery, or sends the message to another address.",
         .reference = {5598, "2.2.4"}),
    ROLE(.token = "MUA",
         .meaning = "Mail user agent: the program in which people write and read mail.",
         .reference = {5598, "4.2.1"}),
    ROLE(.token = "message store",
         .meaning = "Keeps messages for a mail program, for years if wanted.",
         .reference = {5598, "4.2.2"}),
    ROLE(.token = "MSA",
         .meaning = "Mail submission agent: takes new messages from mail programs.",
         .reference = {5598, "4.3.1"}),
    ROLE(.token = "MTA",
         .meaning = "Mail transfer agent: passes messages from server to server by SMTP.",
         .reference = {5598, "4.3.2"}),
    ROLE(.token = "MDA",
         .meaning = "Mail delivery agent: puts messages into mailboxes.",
         .reference = {5598, "4.3.3"}),
    ROLE(.token = "ADMD",
         .meaning = "One organisation's part of the mail world, with its own rules.",
         .reference = {5598, "2.3"}),
};

const VocabularyItem architecture_name_rows[] = {
    NAME(.token = "abuse",
         .context = "mailbox name",
         .meaning = "Where to complain about a site's users.",
         .reference = {2142, "4"}),
    NAME(.token = "noc",
         .context = "mailbox name",
         .meaning = "Who keeps the network of a site running.",
         .reference = {2142, "4"}),
    NAME(.token = "security",
         .context = "mailbox name",
         .meaning = "Where to report security matters of a site.",
         .reference = {2142, "4"}),
    NAME(.token = "postmaster",
         .context = "mailbox name",
         .meaning = "Who keeps the mail of a domain running; every mail domain must have it.",
         .reference = {2142, "5"}),
    NAME(.token = "hostmaster",
         .context = "mailbox name",
         .meaning = "Who keeps the DNS of a domain.",
         .reference = {2142, "5"}),
    NAME(.token = "webmaster",
         .context = "mailbox name",
         .meaning = "Who keeps the web site of a domain.",
         .reference = {2142, "5"}),
    NAME(.token = "usenet",
         .context = "mailbox name",
         .meaning = "Who keeps the news server of a site.",
         .reference = {2142, "5"}),
    NAME(.token = "info",
         .context = "mailbox name",
         .meaning = "Where to ask about an organisation and what it sells.",
         .reference = {2142, "3"}),
    NAME(.token = "LIST-request",
         .context = "mailbox name",
         .meaning = "Every mailing list has such an address for joining and leaving.",
         .reference = {2142, "6"},
         .syntax = "list-request@domain"),
    NAME(.token = "mailto:",
         .context = "address form",
         .meaning = "An address for a web page that opens a new message.",
         .reference = {6068, "2"},
         .syntax = "mailto:bob@hamburger.edu?subject=Ketchup"),
    NAME(.token = "cid: and mid:",
         .context = "address form",
         .meaning = "Addresses of one part, or of one message, by its id.",
         .reference = {2392, "2"},
         .syntax = "cid:content-id"),
    NAME(.token = "punycode",
         .context = "domain name",
         .meaning = "How letters beyond ASCII are written in a domain name: xn-- and ASCII.",
         .reference = {3492, "5"}),
    NAME(.token = "subaddress",
         .context = "address form",
         .meaning = "user+detail: the part after the plus lets the owner sort the mail.",
         .reference = {5233, "4"},
         .syntax = "user+detail@domain"),
    NAME(.token = "mailbox and address",
         .context = "address form",
         .meaning = "A mailbox is where mail is kept; an address names it as local@domain.",
         .reference = {5321, "2.3.11"},
         .since = 2821),
};

const VocabularyItem sieve_action_rows[] = {
    ACTION(.token = "keep",
           .meaning = "Stores the message in the inbox, as without any filter.",
           .reference = {5228, "4.3"},
           .since = 3028,
           .syntax = "keep;"),
    ACTION(.token = "fileinto",
           .meaning = "Stores the message in the named mailbox.",
           .reference = {5228, "4.1"},
           .since = 3028,
           .syntax = "fileinto \"mailbox\";"),
    ACTION(.token = "redirect",
           .meaning = "Sends the message on to another address, its content unchanged.",
           .reference = {5228, "4.2"},
           .since = 3028,
           .syntax = "redirect \"address\";"),
    ACTION(.token = "discard",
           .meaning = "Throws the message away without a word.",
           .reference = {5228, "4.4"},
           .since = 3028,
           .syntax = "discard;"),
    ACTION(.token = "vacation",
           .meaning = "Answers the sender that the reader is away, once in some days.",
           .reference = {5230, "4"},
           .syntax = "vacation :days 7 \"text\";"),
    ACTION(.token = "stop",
           .meaning = "Ends the script; what was decided so far holds.",
           .reference = {5228, "3.3"},
           .since = 3028,
           .syntax = "stop;"),
    ACTION(.token = "if",
           .meaning = "Does the first block whose test is true; elsif and else follow.",
           .reference = {5228, "3.1"},
           .since = 3028,
           .syntax = "if test { ... } elsif test { ... } else { ... }"),
    ACTION(.token = "require",
           .meaning = "Names, at the beginning, the extensions that the script uses.",
           .reference = {5228, "3.2"},
           .since = 3028,
           .syntax = "require [\"fileinto\"];"),
};

const VocabularyItem sieve_rule_rows[] = {
    RULE(.token = "implicit keep",
         .meaning = "Unless an action took care of it, the message goes to the inbox.",
         .reference = {5228, "2.10.2"},
         .since = 3028),
    RULE(.token = "address",
         .context = "test",
         .meaning = "Test: compares an address in a header field with the given ones.",
         .reference = {5228, "5.1"},
         .since = 3028,
         .syntax = "address :is \"from\" \"alice@crepes.fr\""),
    RULE(.token = "envelope",
         .context = "test",
         .meaning = "Test: compares the envelope's sender or recipient.",
         .reference = {5228, "5.4"},
         .since = 3028,
         .syntax = "envelope :is \"to\" \"bob@hamburger.edu\""),
    RULE(.token = "exists",
         .context = "test",
         .meaning = "Test: true if all the named header fields are there.",
         .reference = {5228, "5.5"},
         .since = 3028,
         .syntax = "exists \"X-Spam-Flag\""),
    RULE(.token = "header",
         .context = "test",
         .meaning = "Test: compares the text of a header field.",
         .reference = {5228, "5.7"},
         .since = 3028,
         .syntax = "header :contains \"subject\" \"ketchup\""),
    RULE(.token = "size",
         .context = "test",
         .meaning = "Test: true if the message is over or under a size.",
         .reference = {5228, "5.9"},
         .since = 3028,
         .syntax = "size :over 100K"),
    RULE(.token = "allof",
         .context = "test",
         .meaning = "Test: true if all the tests in it are.",
         .reference = {5228, "5.2"},
         .since = 3028,
         .syntax = "allof (test, test)"),
    RULE(.token = "anyof",
         .context = "test",
         .meaning = "Test: true if one of the tests in it is.",
         .reference = {5228, "5.3"},
         .since = 3028,
         .syntax = "anyof (test, test)"),
    RULE(.token = "not",
         .context = "test",
         .meaning = "Test: true if the one in it is false.",
         .reference = {5228, "5.8"},
         .since = 3028,
         .syntax = "not test"),
};
