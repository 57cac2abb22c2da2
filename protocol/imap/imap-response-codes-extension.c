/* Response codes that extensions define; some became part of IMAP4rev2. */

#include "protocol/imap/imap-rows.h"

#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE_CODE, __VA_ARGS__                 \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_extension_code_rows[] = {
    EXTENSION(
            .token = "ALREADYEXISTS",
            .context = "RFC 5530",
            .meaning = "What was to be made exists already.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "APPENDUID",
            .context = "UIDPLUS",
            .meaning = "Gives UIDVALIDITY and the identifier of the appended message.",
            .reference = {4315, "3"},
            .since = 2359,
            .syntax = "APPENDUID uidvalidity uid"
    ),
    EXTENSION(
            .token = "AUTHENTICATIONFAILED",
            .context = "RFC 5530",
            .meaning = "The login failed; trying the same password again is no use.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "AUTHORIZATIONFAILED",
            .context = "RFC 5530",
            .meaning = "The login was right, but this user may not act for the other one.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "BADCOMPARATOR",
            .context = "I18NLEVEL=2",
            .meaning = "The server supports none of the comparators asked for.",
            .reference = {5255, "4.9"}
    ),
    EXTENSION(
            .token = "BADEVENT",
            .context = "NOTIFY",
            .meaning = "NOTIFY named an event that the server does not support.",
            .reference = {5465, "3.1"},
            .syntax = "BADEVENT (events)"
    ),
    EXTENSION(
            .token = "BADURL",
            .context = "CATENATE",
            .meaning = "A URL from which the message was to be built cannot be used.",
            .reference = {4469, "4.1"},
            .syntax = "BADURL url"
    ),
    EXTENSION(
            .token = "CANNOT",
            .context = "RFC 5530",
            .meaning = "The operation can never succeed on this server.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "CLIENTBUG",
            .context = "RFC 5530",
            .meaning = "The server has noticed a mistake in the client.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "CLOSED",
            .context = "QRESYNC",
            .meaning = "The mailbox open until now is closed; what follows is about the new one.",
            .reference = {7162, "3.2.11"}
    ),
    EXTENSION(
            .token = "COMPRESSIONACTIVE",
            .context = "COMPRESS=DEFLATE",
            .meaning = "Compression is active already in another layer.",
            .reference = {4978, "3"}
    ),
    EXTENSION(
            .token = "CONTACTADMIN",
            .context = "RFC 5530",
            .meaning = "The user should turn to the administrator.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "COPYUID",
            .context = "UIDPLUS",
            .meaning = "Gives UIDVALIDITY and the identifiers before and after copying.",
            .reference = {4315, "3"},
            .since = 2359,
            .syntax = "COPYUID uidvalidity source-uids target-uids"
    ),
    EXTENSION(
            .token = "CORRUPTION",
            .context = "RFC 5530",
            .meaning = "The server found that data, perhaps the mailbox, are damaged.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "EXPIRED",
            .context = "RFC 5530",
            .meaning = "The password is no longer valid; a new one is needed.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "EXPUNGEISSUED",
            .context = "RFC 5530",
            .meaning = "Somebody else has removed messages from this mailbox.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "HIGHESTMODSEQ",
            .context = "CONDSTORE",
            .meaning = "The highest mod-sequence of any message in the mailbox.",
            .reference = {7162, "3.1.2.1"},
            .since = 4551,
            .syntax = "HIGHESTMODSEQ number"
    ),
    EXTENSION(
            .token = "INPROGRESS",
            .context = "INPROGRESS",
            .meaning = "The command goes on and takes long; tells how far it has come.",
            .reference = {9585, "4"},
            .syntax = "INPROGRESS [(\"tag\" done goal)]"
    ),
    EXTENSION(
            .token = "INUSE",
            .context = "RFC 5530",
            .meaning = "Somebody else holds what is needed; it may work later.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "LIMIT",
            .context = "RFC 5530",
            .meaning = "A limit of the implementation was reached.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "MAILBOXID",
            .context = "OBJECTID",
            .meaning = "The identifier of the mailbox; it survives renaming.",
            .reference = {8474, "4.2"},
            .syntax = "MAILBOXID (id)"
    ),
    EXTENSION(
            .token = "MAILBOXID",
            .context = "OBJECTID after CREATE",
            .meaning = "The identifier of the mailbox just made; it survives renaming.",
            .reference = {8474, "4.1"},
            .syntax = "MAILBOXID (id)"
    ),
    EXTENSION(
            .token = "MESSAGELIMIT",
            .context = "MESSAGELIMIT",
            .meaning = "The command named more messages than one command may.",
            .reference = {9738, "3.1"},
            .syntax = "MESSAGELIMIT number [uid]"
    ),
    EXTENSION(
            .token = "METADATA LONGENTRIES",
            .context = "METADATA",
            .meaning = "Notes longer than wished were left out; the number is the longest.",
            .reference = {5464, "4.2.1"},
            .syntax = "METADATA LONGENTRIES number"
    ),
    EXTENSION(
            .token = "METADATA MAXSIZE",
            .context = "METADATA",
            .meaning = "The note is too long; the number is the longest length allowed.",
            .reference = {5464, "4.3"},
            .syntax = "METADATA MAXSIZE number"
    ),
    EXTENSION(
            .token = "METADATA NOPRIVATE",
            .context = "METADATA",
            .meaning = "Private notes cannot be kept with this mailbox.",
            .reference = {5464, "4.3"}
    ),
    EXTENSION(
            .token = "METADATA TOOMANY",
            .context = "METADATA",
            .meaning = "No more notes can be kept with this mailbox.",
            .reference = {5464, "4.3"}
    ),
    EXTENSION(
            .token = "MODIFIED",
            .context = "CONDSTORE",
            .meaning = "These messages had been changed meanwhile and were left alone.",
            .reference = {7162, "3.1.3"},
            .since = 4551,
            .syntax = "MODIFIED sequence-set"
    ),
    EXTENSION(
            .token = "NOMODSEQ",
            .context = "CONDSTORE",
            .meaning = "This mailbox does not keep mod-sequences.",
            .reference = {7162, "3.1.2.2"},
            .since = 4551
    ),
    EXTENSION(
            .token = "NONEXISTENT",
            .context = "RFC 5530",
            .meaning = "What was to be removed or used does not exist.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "NOPERM",
            .context = "RFC 5530",
            .meaning = "The user has no permission for this operation.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "NOTIFICATIONOVERFLOW",
            .context = "NOTIFY",
            .meaning = "Too much was happening; the server has stopped notifying.",
            .reference = {5465, "5.8"}
    ),
    EXTENSION(
            .token = "NOTSAVED",
            .context = "SEARCHRES",
            .meaning = "The result of the search could not be kept for later use.",
            .reference = {5182, "2.5"}
    ),
    EXTENSION(
            .token = "NOUPDATE",
            .context = "CONTEXT",
            .meaning = "The server will not report changes to this search.",
            .reference = {5267, "4.3.1"},
            .syntax = "NOUPDATE \"tag\""
    ),
    EXTENSION(
            .token = "OVERQUOTA",
            .context = "QUOTA",
            .meaning = "The message would exceed, or has exceeded, a quota of the mailbox.",
            .reference = {9208, "4.3.1"},
            .since = 5530
    ),
    EXTENSION(
            .token = "OVERQUOTA",
            .context = "RFC 5530",
            .meaning = "The quota is exceeded, or would be.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "PRIVACYREQUIRED",
            .context = "RFC 5530",
            .meaning = "The operation is allowed only on an encrypted connection.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "REFERRAL",
            .context = "LOGIN-REFERRALS",
            .meaning = "The mailboxes are on another server; the URL says where.",
            .reference = {2221, "4.1"},
            .syntax = "REFERRAL url"
    ),
    EXTENSION(
            .token = "SERVERBUG",
            .context = "RFC 5530",
            .meaning = "The server has noticed a mistake in itself.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "TOOBIG",
            .context = "APPENDLIMIT",
            .meaning = "The message is bigger than the server takes in APPEND.",
            .reference = {7889, "4"}
    ),
    EXTENSION(
            .token = "TOOBIG",
            .context = "CATENATE",
            .meaning = "The message put together would be too big for the server.",
            .reference = {4469, "4.2"}
    ),
    EXTENSION(
            .token = "UIDNOTSTICKY",
            .context = "UIDPLUS",
            .meaning = "The mailbox cannot keep unique identifiers from one session to the next.",
            .reference = {4315, "3"}
    ),
    EXTENSION(
            .token = "UIDREQUIRED",
            .context = "UIDONLY",
            .meaning = "Message numbers may not be used here; only unique identifiers may.",
            .reference = {9586, "3"}
    ),
    EXTENSION(
            .token = "UNAVAILABLE",
            .context = "RFC 5530",
            .meaning = "A part of the server is down for the time being.",
            .reference = {5530, "3"}
    ),
    EXTENSION(
            .token = "UNDEFINED-FILTER",
            .context = "FILTERS",
            .meaning = "No filter of that name is kept on the server.",
            .reference = {5466, "3.1"},
            .syntax = "UNDEFINED-FILTER name"
    ),
    EXTENSION(
            .token = "UNKNOWN-CTE",
            .context = "BINARY",
            .meaning = "The server cannot decode the transfer encoding of that part.",
            .reference = {3516, "4.3"}
    ),
    EXTENSION(
            .token = "URLMECH",
            .context = "URLAUTH",
            .meaning = "Lists the mechanisms for authorising URLs of this mailbox.",
            .reference = {4467, "BASE.7.1.URLMECH"},
            .syntax = "URLMECH INTERNAL mechanism ..."
    ),
    EXTENSION(
            .token = "USEATTR",
            .context = "CREATE-SPECIAL-USE",
            .meaning = "The special use that was asked for cannot be given to the mailbox.",
            .reference = {6154, "3"}
    ),
};
