/* States, rules, limits and ports that have sections of their own. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(kind_, section_, ...)                                                           \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = kind_, IMAP_REVISION_1_REFERENCE(section_),           \
        __VA_ARGS__                                                                                \
    }
#define REVISION_2(kind_, section_, ...)                                                           \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = kind_, IMAP_REVISION_2_REFERENCE(section_),           \
        __VA_ARGS__                                                                                \
    }
#define BOTH(kind_, section_1, section_2, ...)                                                     \
    REVISION_1(kind_, section_1, __VA_ARGS__), REVISION_2(kind_, section_2, __VA_ARGS__)
#define EXTENSION(kind_, ...)                                                                      \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = kind_, __VA_ARGS__                                    \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_rule_rows[] = {
    REVISION_1(
        VOCABULARY_PORT, "2.1", .token = "143", .meaning = "IMAP: servers listen on TCP port 143."
    ),
    REVISION_2(
        VOCABULARY_PORT,
        "2.1",
        .token = "143",
        .meaning = "IMAP in the clear or with STARTTLS, on TCP port 143."
    ),
    REVISION_1(
        VOCABULARY_RULE,
        "4.3.1",
        .token = "8-bit string",
        .meaning = "Octets with the eighth bit may stand in literals only."
    ),
    REVISION_2(
        VOCABULARY_RULE,
        "4.3.1",
        .token = "8-bit string",
        .meaning = "UTF-8 may stand in quoted strings; NUL only in a literal8."
    ),
    REVISION_2(
        VOCABULARY_PORT,
        "2.1",
        .token = "993",
        .meaning = "IMAP under TLS from the first octet, on TCP port 993.",
        .since = 2595
    ),
    EXTENSION(
        VOCABULARY_PORT,
        .token = "993",
        .context = "implicit TLS",
        .meaning = "IMAP under TLS from the first octet (imaps), on TCP port 993.",
        .reference = {8314, "3.2"},
        .since = 2595
    ),
    EXTENSION(
        VOCABULARY_RULE,
        .token = "_imap _imaps",
        .meaning = "DNS SRV names by which a client finds the IMAP server.",
        .reference = {6186, "3.2"}
    ),
    BOTH(
        VOCABULARY_STATE,
        "3.2",
        "3.2",
        .token = "Authenticated state",
        .meaning = "The client is logged in; to read messages it must open a mailbox.",
        .states = IMAP_STATE_AUTHENTICATED
    ),
    REVISION_1(
        VOCABULARY_LIMIT,
        "5.4",
        .token = "autologout timer",
        .meaning = "A server that logs silent clients out waits at least 30 minutes."
    ),
    REVISION_2(
        VOCABULARY_LIMIT,
        "5.4",
        .token = "autologout timer",
        .meaning = "A server waits at least 30 minutes for a client that is logged in."
    ),
    EXTENSION(
        VOCABULARY_RULE,
        .token = "base subject",
        .context = "SORT",
        .meaning = "The subject without Re:, Fwd: and [list] at its front.",
        .reference = {5256, "2.1"}
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.3.6",
        "2.3.6",
        .token = "body structure",
        .meaning = "The MIME parts of a message, read and ordered by the server."
    ),
    EXTENSION(
        VOCABULARY_LIMIT,
        .token = "command line",
        .meaning = "Clients keep lines within 8192 octets, literals left aside.",
        .reference = {7162, "4"},
        .since = 2683
    ),
    EXTENSION(
        VOCABULARY_RULE,
        .token = "disconnected client synchronisation",
        .meaning = "How a client that was away should bring its copy up to date.",
        .reference = {4549, "3"}
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.3.5",
        "2.3.5",
        .token = "envelope structure",
        .meaning = "The header of a message, read and ordered by the server."
    ),
    BOTH(
        VOCABULARY_RULE,
        "9",
        "9",
        .token = "formal syntax",
        .meaning = "The whole grammar of IMAP in ABNF."
    ),
    EXTENSION(
        VOCABULARY_LIMIT,
        .token = "ID value",
        .context = "ID",
        .meaning = "Names of at most 30 octets, values of 1024, 30 pairs in all.",
        .reference = {2971, "3.3"}
    ),
    REVISION_2(
        VOCABULARY_LIMIT,
        "6.3.13",
        .token = "IDLE renewal",
        .meaning = "A client should begin IDLE anew every 29 minutes."
    ),
    EXTENSION(
        VOCABULARY_LIMIT,
        .token = "IDLE renewal",
        .context = "IDLE",
        .meaning = "A client should begin IDLE anew every 29 minutes.",
        .reference = {2177, "3"}
    ),
    BOTH(
        VOCABULARY_RULE,
        "5.1",
        "5.1",
        .token = "INBOX",
        .meaning = "The user's own mailbox for new mail; its name has no case."
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.3.3",
        "2.3.3",
        .token = "internal date",
        .meaning = "When the server got the message, whatever its Date field says."
    ),
    REVISION_1(
        VOCABULARY_RULE,
        "4.3",
        .token = "literal",
        .meaning = "{n} and a line end, then exactly n octets of any kind."
    ),
    REVISION_2(
        VOCABULARY_RULE,
        "4.3",
        .token = "literal",
        .meaning = "{n} or {n+} and a line end, then exactly n octets of any kind."
    ),
    REVISION_2(
        VOCABULARY_LIMIT,
        "4.3",
        .token = "LITERAL- size",
        .meaning = "A literal that does not wait may have 4096 octets at most."
    ),
    EXTENSION(
        VOCABULARY_LIMIT,
        .token = "LITERAL- size",
        .context = "LITERAL-",
        .meaning = "A literal that does not wait may have 4096 octets at most.",
        .reference = {7888, "5"}
    ),
    REVISION_2(
        VOCABULARY_RULE,
        "4.3.1",
        .token = "literal8",
        .meaning = "~{n}: a literal that may hold any octet, even NUL.",
        .since = 3516
    ),
    BOTH(
        VOCABULARY_STATE,
        "3.4",
        "3.4",
        .token = "Logout state",
        .meaning = "The connection is being closed.",
        .states = IMAP_STATE_LOGOUT
    ),
    BOTH(
        VOCABULARY_RULE,
        "5.1.1",
        "5.1.1",
        .token = "mailbox hierarchy",
        .meaning = "Names can have levels, parted by one character that LIST tells."
    ),
    BOTH(
        VOCABULARY_RULE,
        "5.2",
        "5.2",
        .token = "mailbox size update",
        .meaning = "The server may tell of new and removed messages at any time."
    ),
    REVISION_2(
        VOCABULARY_LIMIT,
        "D",
        .token = "message and body size",
        .meaning = "Sizes may have 63 bits; IMAP4rev1 allowed 32."
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.3.1.2",
        "2.3.1.2",
        .token = "message sequence number",
        .meaning = "The place of a message in its mailbox, counted from 1."
    ),
    REVISION_1(
        VOCABULARY_RULE,
        "5.1.3",
        .token = "modified UTF-7",
        .meaning = "Mailbox names beyond ASCII are written between & and - in base64.",
        .since = 2060
    ),
    REVISION_2(
        VOCABULARY_RULE,
        "A.1",
        .token = "modified UTF-7",
        .meaning = "Needed only towards IMAP4rev1; IMAP4rev2 names are UTF-8.",
        .since = 2060
    ),
    EXTENSION(
        VOCABULARY_RULE,
        .token = "MOVE semantics",
        .context = "MOVE",
        .meaning = "Each message is either moved or left; none is lost or doubled.",
        .reference = {6851, "3.3"}
    ),
    BOTH(
        VOCABULARY_RULE,
        "4.5",
        "4.5",
        .token = "NIL",
        .meaning = "Stands for something that is not there, unlike an empty string."
    ),
    BOTH(
        VOCABULARY_RULE,
        "5.3",
        "5.3",
        .token = "no command in progress",
        .meaning = "A server may send untagged data at any time; a client must bear it."
    ),
    BOTH(
        VOCABULARY_STATE,
        "3.1",
        "3.1",
        .token = "Not Authenticated state",
        .meaning = "The client has to log in before it may do much else.",
        .states = IMAP_STATE_NOT_AUTHENTICATED
    ),
    BOTH(
        VOCABULARY_RULE,
        "4.3",
        "4.3",
        .token = "quoted string",
        .meaning = "Text in double quotes on one line; \\ stands before \" and \\."
    ),
    BOTH(
        VOCABULARY_STATE,
        "3.3",
        "3.3",
        .token = "Selected state",
        .meaning = "A mailbox is open and its messages can be read.",
        .states = IMAP_STATE_SELECTED
    ),
    BOTH(
        VOCABULARY_RULE,
        "9",
        "4.1.1",
        .token = "sequence set",
        .meaning = "Numbers and ranges such as 2,4:7,9:* that name messages."
    ),
    BOTH(
        VOCABULARY_RULE,
        "5.5",
        "5.5",
        .token = "several commands in progress",
        .meaning = "The client may send a command before the last one is answered."
    ),
    REVISION_1(
        VOCABULARY_RULE,
        "6.2.1",
        .token = "STARTTLS discards capabilities",
        .meaning = "What the server said before TLS must be forgotten and asked again."
    ),
    REVISION_2(
        VOCABULARY_RULE,
        "11.2",
        .token = "STARTTLS versus implicit TLS",
        .meaning = "TLS from the first octet on port 993 is to be preferred."
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.2.1",
        "2.2.1",
        .token = "tag",
        .meaning = "Every command begins with a tag of its own, by which the answer names it."
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.3.1.1",
        "2.3.1.1",
        .token = "UID and UIDVALIDITY",
        .meaning = "A number that stays with a message for as long as UIDVALIDITY holds."
    ),
    EXTENSION(
        VOCABULARY_RULE,
        .token = "UIDPLUS response codes",
        .context = "UIDPLUS",
        .meaning = "APPENDUID, COPYUID and UIDNOTSTICKY tell where messages went.",
        .reference = {4315, "3"}
    ),
    BOTH(
        VOCABULARY_RULE,
        "2.2.2",
        "2.2.2",
        .token = "untagged, tagged and + responses",
        .meaning = "* brings data, a tag ends a command, + asks the client to go on."
    ),
};
