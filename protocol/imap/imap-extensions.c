/* What a server can list as its capabilities. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_EXTENSION,                                 \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_EXTENSION,                                 \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_EXTENSION, __VA_ARGS__                     \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_extension_rows[] = {
    EXTENSION(
            .token = "ACL",
            .meaning = "Rights on mailboxes can be read and changed.",
            .reference = {4314, "3"},
            .since = 2086
    ),
    EXTENSION(
            .token = "ANNOTATE-EXPERIMENT-1",
            .meaning = "Notes can be kept with messages; an experiment.",
            .reference = {5257, "4.2"}
    ),
    EXTENSION(
            .token = "APPENDLIMIT",
            .meaning = "There is a limit to the size of appended messages.",
            .reference = {7889, "2"}
    ),
    EXTENSION(
            .token = "APPENDLIMIT=",
            .meaning = "The biggest message, in octets, that any mailbox takes.",
            .reference = {7889, "2"}
    ),
    BOTH(
        "7.2.1",
        "7.2.2",
        .token = "AUTH=",
        .meaning = "The SASL mechanism behind the = can be used in AUTHENTICATE.",
        .syntax = "AUTH=mechanism"
    ),
    EXTENSION(
            .token = "BINARY",
            .meaning = "Parts can be fetched decoded, and binary messages appended.",
            .reference = {3516, "4.1"}
    ),
    EXTENSION(
            .token = "CATENATE",
            .meaning = "APPEND can build a message from parts of others.",
            .reference = {4469, "2"}
    ),
    EXTENSION(
            .token = "CHILDREN",
            .meaning = "LIST tells whether a mailbox has others below it.",
            .reference = {3348, "3"}
    ),
    EXTENSION(
            .token = "COMPRESS=DEFLATE",
            .meaning = "Both directions can be compressed.",
            .reference = {4978, "3"}
    ),
    EXTENSION(
            .token = "CONDSTORE",
            .meaning = "Changes carry numbers, so that clients miss none and undo none.",
            .reference = {7162, "3.1"},
            .since = 4551
    ),
    EXTENSION(
            .token = "CONDSTORE",
            .context = "RFC 4551",
            .meaning = "Changes carry numbers; the definition of 2006.",
            .reference = {4551, "1"}
    ),
    EXTENSION(
            .token = "CONTEXT=SEARCH",
            .meaning = "The server can keep a search and report its changes.",
            .reference = {5267, "4"}
    ),
    EXTENSION(
            .token = "CONTEXT=SORT",
            .meaning = "The server can keep a sorted search and report its changes.",
            .reference = {5267, "4"}
    ),
    EXTENSION(
            .token = "CONVERT",
            .meaning = "The server can convert body parts before it sends them.",
            .reference = {5259, "3.1"}
    ),
    EXTENSION(
            .token = "CREATE-SPECIAL-USE",
            .meaning = "CREATE can give the new mailbox a special use.",
            .reference = {6154, "3"}
    ),
    EXTENSION(
            .token = "ENABLE",
            .meaning = "Clients can say which extensions they understand.",
            .reference = {5161, "3.1"}
    ),
    EXTENSION(
            .token = "ESEARCH",
            .meaning = "SEARCH can give just first, last, count or a compact set.",
            .reference = {4731, "3.1"}
    ),
    EXTENSION(
            .token = "ESORT",
            .meaning = "SORT can give just first, last, count or a compact set.",
            .reference = {5267, "3.1"}
    ),
    EXTENSION(
            .token = "FILTERS",
            .meaning = "Searches can use filters kept on the server by name.",
            .reference = {5466, "3.1"}
    ),
    EXTENSION(
            .token = "I18NLEVEL=1",
            .meaning = "Texts compare by Unicode rules, without regard to case.",
            .reference = {5255, "4.3"}
    ),
    EXTENSION(
            .token = "I18NLEVEL=2",
            .meaning = "The rule by which texts compare can be chosen.",
            .reference = {5255, "4.4"}
    ),
    EXTENSION(
            .token = "ID",
            .meaning = "Client and server can tell each other which programs they are.",
            .reference = {2971, "3"}
    ),
    EXTENSION(
            .token = "IDLE",
            .meaning = "The client can wait for news: command IDLE, ended by DONE.",
            .reference = {2177, "3"}
    ),
    EXTENSION(
            .token = "IMAP4rev1",
            .meaning = "The server speaks IMAP4rev1, RFC 3501.",
            .reference = {3501, "7.2.1"},
            .since = 2060
    ),
    EXTENSION(
            .token = "IMAP4rev2",
            .meaning = "The server speaks IMAP4rev2, RFC 9051.",
            .reference = {9051, "7.2.2"}
    ),
    EXTENSION(
            .token = "INPROGRESS",
            .meaning = "The server tells how far a long command has come.",
            .reference = {9585, "3"}
    ),
    EXTENSION(
            .token = "JMAPACCESS",
            .meaning = "The same mail can be read by JMAP.",
            .reference = {9698, "4"}
    ),
    EXTENSION(
            .token = "LANGUAGE",
            .meaning = "The language of the server's texts can be chosen.",
            .reference = {5255, "3.1"}
    ),
    EXTENSION(
            .token = "LIST-EXTENDED",
            .meaning = "LIST takes options of what to choose and what to tell.",
            .reference = {5258, "3"}
    ),
    EXTENSION(
            .token = "LIST-METADATA",
            .meaning = "LIST can give notes of each mailbox.",
            .reference = {9590, "3"}
    ),
    EXTENSION(
            .token = "LIST-MYRIGHTS",
            .meaning = "LIST can give one's rights on each mailbox.",
            .reference = {8440, "3"}
    ),
    EXTENSION(
            .token = "LIST-STATUS",
            .meaning = "LIST can give the STATUS of each mailbox.",
            .reference = {5819, "2"}
    ),
    EXTENSION(
            .token = "LITERAL+",
            .meaning = "Literals {n+} go out at once, without waiting for the server.",
            .reference = {7888, "3"},
            .since = 2088
    ),
    EXTENSION(
            .token = "LITERAL-",
            .meaning = "Literals {n+} of up to 4096 octets go out at once.",
            .reference = {7888, "5"}
    ),
    EXTENSION(
            .token = "LOGIN-REFERRALS",
            .meaning = "The server may send clients to another server at login.",
            .reference = {2221, "4"}
    ),
    REVISION_1(
        "6.2.3",
        .token = "LOGINDISABLED",
        .meaning = "LOGIN must not be used, at least not before STARTTLS.",
        .since = 2595
    ),
    REVISION_2(
        "6.2.3",
        .token = "LOGINDISABLED",
        .meaning = "LOGIN must not be used, at least not before TLS.",
        .since = 2595
    ),
    EXTENSION(
            .token = "LOGINDISABLED",
            .context = "STARTTLS (1999)",
            .meaning = "LOGIN must not be used; the first definition.",
            .reference = {2595, "3.2"}
    ),
    EXTENSION(
            .token = "MESSAGELIMIT=",
            .meaning = "One command may touch no more than so many messages.",
            .reference = {9738, "3"}
    ),
    EXTENSION(
            .token = "METADATA",
            .meaning = "Notes can be kept with mailboxes and with the server.",
            .reference = {5464, "4.1"}
    ),
    EXTENSION(
            .token = "METADATA-SERVER",
            .meaning = "Notes can be kept with the server, but not with mailboxes.",
            .reference = {5464, "4.1"}
    ),
    EXTENSION(
            .token = "MOVE",
            .meaning = "Messages can be moved in one step.",
            .reference = {6851, "3"}
    ),
    EXTENSION(
            .token = "MULTIAPPEND",
            .meaning = "APPEND takes several messages, all or none.",
            .reference = {3502, "6.3.11"}
    ),
    EXTENSION(
            .token = "MULTISEARCH",
            .meaning = "One search can cover several mailboxes.",
            .reference = {7377, "2"}
    ),
    EXTENSION(
            .token = "NAMESPACE",
            .meaning = "The prefixes of one's own and others' mailboxes can be asked for.",
            .reference = {2342, "5"}
    ),
    EXTENSION(
            .token = "NOTIFY",
            .meaning = "The client can ask to be told of events in many mailboxes.",
            .reference = {5465, "3"}
    ),
    EXTENSION(
            .token = "OBJECTID",
            .meaning = "Mailboxes, messages and threads have lasting identifiers.",
            .reference = {8474, "3"}
    ),
    EXTENSION(
            .token = "PARTIAL",
            .meaning = "Search results can be had page by page.",
            .reference = {9394, "3.1"}
    ),
    EXTENSION(
            .token = "PREVIEW",
            .meaning = "The first words of a message can be fetched.",
            .reference = {8970, "3.1"}
    ),
    EXTENSION(
            .token = "QRESYNC",
            .meaning = "A client learns in one step what changed while it was away.",
            .reference = {7162, "3.2"},
            .since = 5162
    ),
    EXTENSION(
            .token = "QUOTA",
            .meaning = "Limits on mailboxes can be asked for.",
            .reference = {9208, "4.1"},
            .since = 2087
    ),
    EXTENSION(
            .token = "QUOTA",
            .context = "RFC 2087",
            .meaning = "Limits on mailboxes can be asked for; the first definition.",
            .reference = {2087, "1"}
    ),
    EXTENSION(
            .token = "QUOTA=RES-",
            .meaning = "The resource behind it can be limited: STORAGE, MESSAGE ...",
            .reference = {9208, "5"}
    ),
    EXTENSION(
            .token = "QUOTASET",
            .meaning = "Limits on mailboxes can be set.",
            .reference = {9208, "4.1.3"}
    ),
    EXTENSION(
            .token = "REPLACE",
            .meaning = "A message can be replaced in one step.",
            .reference = {8508, "3.1"}
    ),
    EXTENSION(
            .token = "RIGHTS=",
            .meaning = "Lists rights that are in use beside those of RFC 2086.",
            .reference = {4314, "2.2"}
    ),
    EXTENSION(
            .token = "SASL-IR",
            .meaning = "The first SASL response may stand on the AUTHENTICATE line.",
            .reference = {4959, "3"}
    ),
    EXTENSION(
            .token = "SAVEDATE",
            .meaning = "The time at which a message was put into its mailbox is kept.",
            .reference = {8514, "4.1"}
    ),
    EXTENSION(
            .token = "SAVELIMIT=",
            .meaning = "COPY and APPEND may touch no more than so many messages.",
            .reference = {9738, "3"}
    ),
    EXTENSION(
            .token = "SEARCH=FUZZY",
            .meaning = "Searches can match roughly.",
            .reference = {6203, "3"}
    ),
    EXTENSION(
            .token = "SEARCHRES",
            .meaning = "Results of a search can be kept and named by $.",
            .reference = {5182, "2.1"}
    ),
    EXTENSION(
            .token = "SORT", .meaning = "The server can sort.", .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
            .token = "SORT=DISPLAY",
            .meaning = "The server can sort by names as they are shown.",
            .reference = {5957, "4"}
    ),
    EXTENSION(
            .token = "SPECIAL-USE",
            .meaning = "Mailboxes can be marked as Sent, Drafts, Trash and so on.",
            .reference = {6154, "2"}
    ),
    BOTH(
        "6.2.1",
        "6.2.1",
        .token = "STARTTLS",
        .meaning = "The client may go over to TLS by STARTTLS.",
        .since = 2595
    ),
    EXTENSION(
            .token = "STARTTLS",
            .context = "STARTTLS (1999)",
            .meaning = "The client may go over to TLS by STARTTLS; the first definition.",
            .reference = {2595, "3.1"}
    ),
    EXTENSION(
            .token = "STATUS=SIZE",
            .meaning = "STATUS can give the size of a mailbox.",
            .reference = {8438, "3"}
    ),
    EXTENSION(
            .token = "THREAD=ORDEREDSUBJECT",
            .meaning = "The server can group messages by subject.",
            .reference = {5256, "BASE.6.4.THREAD"}
    ),
    EXTENSION(
            .token = "THREAD=REFERENCES",
            .meaning = "The server can group messages by References.",
            .reference = {5256, "BASE.6.4.THREAD"}
    ),
    EXTENSION(
            .token = "UIDONLY",
            .meaning = "Message numbers can be given up; only identifiers are used.",
            .reference = {9586, "3"}
    ),
    EXTENSION(
            .token = "UIDPLUS",
            .meaning = "UID EXPUNGE is there, and APPEND and COPY tell new identifiers.",
            .reference = {4315, "1"},
            .since = 2359
    ),
    EXTENSION(
            .token = "UNAUTHENTICATE",
            .meaning = "The login can be given up without a new connection.",
            .reference = {8437, "3"}
    ),
    EXTENSION(
            .token = "UNSELECT",
            .meaning = "A mailbox can be left without removing anything.",
            .reference = {3691, "2"}
    ),
    EXTENSION(
            .token = "URL-PARTIAL",
            .meaning = "CATENATE and URLAUTH can name a range of octets of a part.",
            .reference = {5550, "5.7.1"}
    ),
    EXTENSION(
            .token = "URLAUTH",
            .meaning = "Others can be allowed to read a message by a URL.",
            .reference = {4467, "2.1"}
    ),
    EXTENSION(
            .token = "UTF8=ACCEPT",
            .meaning = "Strings and headers may be in UTF-8 once that is enabled.",
            .reference = {9755, "3"},
            .since = 5738
    ),
    EXTENSION(
            .token = "UTF8=ACCEPT",
            .context = "RFC 6855",
            .meaning = "Strings and headers may be in UTF-8; the definition of 2013.",
            .reference = {6855, "3"}
    ),
    EXTENSION(
            .token = "UTF8=ONLY",
            .meaning = "The server cannot work without UTF-8; it must be enabled.",
            .reference = {9755, "7"},
            .since = 5738
    ),
    EXTENSION(
            .token = "UTF8=ONLY",
            .context = "RFC 6855",
            .meaning = "The server cannot work without UTF-8; the definition of 2013.",
            .reference = {6855, "6"}
    ),
    EXTENSION(
            .token = "WITHIN",
            .meaning = "Searches can ask for messages older or younger than a time.",
            .reference = {5032, "2"}
    ),
};
