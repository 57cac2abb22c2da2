/* Response codes of both revisions: what stands in brackets behind a status. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE_CODE,                             \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE_CODE,                             \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_response_code_rows[] = {
    REVISION_1("7.1", .token = "ALERT", .meaning = "The text behind it must be shown to the user."),
    REVISION_2(
        "7.1",
        .token = "ALERT",
        .meaning = "The text is for the user; without TLS it is not to be trusted."
    ),
    REVISION_2(
        "7.1",
        .token = "ALREADYEXISTS",
        .meaning = "What was to be made exists already.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "APPENDUID",
        .meaning = "Gives UIDVALIDITY and the identifier of the appended message.",
        .since = 2359,
        .syntax = "APPENDUID uidvalidity uid"
    ),
    REVISION_2(
        "7.1",
        .token = "AUTHENTICATIONFAILED",
        .meaning = "The login failed; trying the same password again is no use.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "AUTHORIZATIONFAILED",
        .meaning = "The login was right, but this user may not act for the other one.",
        .since = 5530
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "BADCHARSET",
        .meaning = "The search used a charset that the server does not know.",
        .syntax = "BADCHARSET [(charsets)]"
    ),
    REVISION_2(
        "7.1",
        .token = "CANNOT",
        .meaning = "The operation can never succeed on this server.",
        .since = 5530
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "CAPABILITY",
        .meaning = "Lists the capabilities, so that the client need not ask.",
        .syntax = "CAPABILITY capability ..."
    ),
    REVISION_2(
        "7.1",
        .token = "CLIENTBUG",
        .meaning = "The server has noticed a mistake in the client.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "CLOSED",
        .meaning = "The mailbox open until now is closed; what follows is about the new one.",
        .since = 7162
    ),
    REVISION_2(
        "7.1",
        .token = "CONTACTADMIN",
        .meaning = "The user should turn to the administrator.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "COPYUID",
        .meaning = "Gives UIDVALIDITY and the identifiers before and after copying.",
        .since = 2359,
        .syntax = "COPYUID uidvalidity source-uids target-uids"
    ),
    REVISION_2(
        "7.1",
        .token = "CORRUPTION",
        .meaning = "The server found that data, perhaps the mailbox, are damaged.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "EXPIRED",
        .meaning = "The password is no longer valid; a new one is needed.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "EXPUNGEISSUED",
        .meaning = "Somebody else has removed messages from this mailbox.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "HASCHILDREN",
        .meaning = "The mailbox was not deleted because there are others below it."
    ),
    REVISION_2(
        "7.1",
        .token = "INUSE",
        .meaning = "Somebody else holds what is needed; it may work later.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "LIMIT",
        .meaning = "A limit of the implementation was reached.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "NONEXISTENT",
        .meaning = "What was to be removed or used does not exist.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "NOPERM",
        .meaning = "The user has no permission for this operation.",
        .since = 5530
    ),
    REVISION_2(
        "6.4.4.3",
        .token = "NOTSAVED",
        .meaning = "The result of the search could not be kept for later use.",
        .since = 5182
    ),
    REVISION_2(
        "7.1", .token = "OVERQUOTA", .meaning = "The quota is exceeded, or would be.", .since = 5530
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "PARSE",
        .meaning = "A header of a message in the mailbox could not be parsed."
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "PERMANENTFLAGS",
        .meaning = "Lists the flags that the client can change for good.",
        .syntax = "PERMANENTFLAGS (flags)"
    ),
    REVISION_2(
        "7.1",
        .token = "PRIVACYREQUIRED",
        .meaning = "The operation is allowed only on an encrypted connection.",
        .since = 5530
    ),
    BOTH("7.1", "7.1", .token = "READ-ONLY", .meaning = "The mailbox is open for reading only."),
    BOTH(
        "7.1",
        "7.1",
        .token = "READ-WRITE",
        .meaning = "The mailbox is open for reading and changing."
    ),
    REVISION_2(
        "7.1",
        .token = "SERVERBUG",
        .meaning = "The server has noticed a mistake in itself.",
        .since = 5530
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "TRYCREATE",
        .meaning = "The target mailbox does not exist; CREATE would help."
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "UIDNEXT",
        .meaning = "The next message will get this unique identifier or a higher one.",
        .syntax = "UIDNEXT number"
    ),
    REVISION_2(
        "7.1",
        .token = "UIDNOTSTICKY",
        .meaning = "The mailbox cannot keep unique identifiers from one session to the next.",
        .since = 4315
    ),
    BOTH(
        "7.1",
        "7.1",
        .token = "UIDVALIDITY",
        .meaning = "While this number stays the same, known identifiers stay true.",
        .syntax = "UIDVALIDITY number"
    ),
    REVISION_2(
        "7.1",
        .token = "UNAVAILABLE",
        .meaning = "A part of the server is down for the time being.",
        .since = 5530
    ),
    REVISION_2(
        "7.1",
        .token = "UNKNOWN-CTE",
        .meaning = "The server cannot decode the transfer encoding of that part.",
        .since = 3516
    ),
    REVISION_1(
        "7.1",
        .token = "UNSEEN",
        .meaning = "The number of the first message not yet seen.",
        .replaced_by = "SEARCH UNSEEN",
        .syntax = "UNSEEN number"
    ),
};
