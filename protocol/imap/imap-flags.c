/* Flags and keywords of messages. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FLAG, IMAP_REVISION_1_REFERENCE(section_), \
        __VA_ARGS__                                                                                \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FLAG, IMAP_REVISION_2_REFERENCE(section_), \
        __VA_ARGS__                                                                                \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FLAG, __VA_ARGS__                          \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_flag_rows[] = {
    REVISION_2(
        "2.3.2",
        .token = "$Forwarded",
        .meaning = "The message has been forwarded to somebody else.",
        .since = 5550
    ),
    EXTENSION(
            .token = "$Forwarded",
            .context = "keyword registry",
            .meaning = "Registered name for: the message was forwarded.",
            .reference = {5788, "3.4.2"},
            .since = 5550
    ),
    EXTENSION(
            .token = "$Important",
            .context = "RFC 8457",
            .meaning = "The message is likely to be important to the user.",
            .reference = {8457, "2"}
    ),
    REVISION_2("2.3.2", .token = "$Junk", .meaning = "The message is certainly junk."),
    REVISION_2(
        "2.3.2",
        .token = "$MDNSent",
        .meaning = "A report that the message was read has been sent.",
        .since = 3503
    ),
    EXTENSION(
            .token = "$MDNSent",
            .context = "disposition reports",
            .meaning = "Set before a disposition report goes out, so that only one is sent.",
            .reference = {3503, "3.1"}
    ),
    EXTENSION(
            .token = "$MDNSent",
            .context = "keyword registry",
            .meaning = "Registered name for: a disposition report was sent.",
            .reference = {5788, "3.4.1"},
            .since = 3503
    ),
    REVISION_2("2.3.2", .token = "$NotJunk", .meaning = "The message is certainly not junk."),
    REVISION_2(
        "2.3.2",
        .token = "$Phishing",
        .meaning = "The message probably tries to steal secrets; warn the user."
    ),
    EXTENSION(
            .token = "$SubmitPending",
            .context = "keyword registry",
            .meaning = "The client is about to submit this message.",
            .reference = {5788, "3.4.3"},
            .since = 5550
    ),
    EXTENSION(
            .token = "$Submitted",
            .context = "keyword registry",
            .meaning = "The message has been submitted for delivery.",
            .reference = {5788, "3.4.4"},
            .since = 5550
    ),
    REVISION_1(
        "7.1",
        .token = "\\*",
        .meaning = "In PERMANENTFLAGS: the client may make new keywords of its own."
    ),
    REVISION_2(
        "7.1",
        .token = "\\*",
        .meaning = "In PERMANENTFLAGS: new keywords may be made until a limit is reached."
    ),
    BOTH("2.3.2", "2.3.2", .token = "\\Answered", .meaning = "The message has been answered."),
    BOTH(
        "2.3.2",
        "2.3.2",
        .token = "\\Deleted",
        .meaning = "The message is marked for removal by the next EXPUNGE."
    ),
    BOTH("2.3.2", "2.3.2", .token = "\\Draft", .meaning = "The message is not finished yet."),
    BOTH(
        "2.3.2",
        "2.3.2",
        .token = "\\Flagged",
        .meaning = "The message is marked for urgent or special attention."
    ),
    REVISION_1(
        "2.3.2",
        .token = "\\Recent",
        .meaning = "The message came in since the last session; only the server sets it.",
        .replaced_by = "nothing; RFC 9051 drops it"
    ),
    REVISION_2(
        "2.3.2",
        .token = "\\Recent",
        .meaning = "A flag of IMAP4rev1 that IMAP4rev2 no longer uses.",
        .since = 3501,
        .replaced_by = "nothing; RFC 9051 drops it"
    ),
    BOTH("2.3.2", "2.3.2", .token = "\\Seen", .meaning = "The message has been read."),
};
