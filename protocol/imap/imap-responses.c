/* Untagged data that a server sends. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE,                                  \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE,                                  \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_RESPONSE, __VA_ARGS__                      \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_response_rows[] = {
    EXTENSION(
            .token = "ACL",
            .context = "ACL",
            .meaning = "Lists users and the rights that each has on a mailbox.",
            .reference = {4314, "3.6"},
            .syntax = "* ACL mailbox identifier rights ..."
    ),
    BOTH(
        "7.2.1",
        "7.2.2",
        .token = "CAPABILITY",
        .meaning = "Lists what the server supports, separated by spaces.",
        .syntax = "* CAPABILITY capability ..."
    ),
    EXTENSION(
            .token = "COMPARATOR",
            .context = "I18NLEVEL=2",
            .meaning = "Names the comparator in use, or those to choose from.",
            .reference = {5255, "4.8"},
            .syntax = "* COMPARATOR active (matching)"
    ),
    EXTENSION(
            .token = "CONVERSION",
            .context = "CONVERT",
            .meaning = "Names a pair of types between which the server can convert.",
            .reference = {5259, "5.2"},
            .syntax = "* CONVERSION from to ..."
    ),
    EXTENSION(
            .token = "CONVERTED",
            .context = "CONVERT",
            .meaning = "Gives a body part as it is after conversion.",
            .reference = {5259, "8.1"},
            .syntax = "* n CONVERTED (TAG \"tag\") (data)"
    ),
    REVISION_2(
        "7.2.1",
        .token = "ENABLED",
        .meaning = "Lists the extensions that ENABLE has just turned on.",
        .since = 5161,
        .syntax = "* ENABLED capability ..."
    ),
    EXTENSION(
            .token = "ENABLED",
            .context = "ENABLE",
            .meaning = "Lists the extensions that are on now.",
            .reference = {5161, "3.2"},
            .syntax = "* ENABLED capability ..."
    ),
    REVISION_2(
        "7.3.4",
        .token = "ESEARCH",
        .meaning = "Gives the result of a search: ALL, MIN, MAX or COUNT.",
        .since = 4731,
        .syntax = "* ESEARCH [(TAG \"tag\")] [UID] data"
    ),
    EXTENSION(
            .token = "ESEARCH",
            .context = "ESEARCH",
            .meaning = "Gives the result of a SEARCH that had RETURN options.",
            .reference = {4731, "3.1"},
            .syntax = "* ESEARCH [(TAG \"tag\")] [UID] data"
    ),
    BOTH(
        "7.3.1",
        "7.4.1",
        .token = "EXISTS",
        .meaning = "Tells how many messages the mailbox now holds.",
        .syntax = "* n EXISTS"
    ),
    BOTH(
        "7.4.1",
        "7.5.1",
        .token = "EXPUNGE",
        .meaning = "Message n is gone; all later numbers move down by one.",
        .syntax = "* n EXPUNGE"
    ),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "FETCH",
        .meaning = "Gives data of message n, as pairs of item and value.",
        .syntax = "* n FETCH (item value ...)"
    ),
    BOTH(
        "7.2.6",
        "7.3.5",
        .token = "FLAGS",
        .meaning = "Lists the flags that are in use in the selected mailbox.",
        .syntax = "* FLAGS (flags)"
    ),
    EXTENSION(
            .token = "GENURLAUTH",
            .context = "URLAUTH",
            .meaning = "Gives the URLs with their authorisation.",
            .reference = {4467, "BASE.7.4.GENURLAUTH"},
            .syntax = "* GENURLAUTH url ..."
    ),
    EXTENSION(
            .token = "ID",
            .context = "ID",
            .meaning = "Tells which program the server is.",
            .reference = {2971, "3.2"},
            .syntax = "* ID (field value ...)"
    ),
    EXTENSION(
            .token = "JMAPACCESS",
            .context = "JMAPACCESS",
            .meaning = "Gives the address at which the same mail can be read by JMAP.",
            .reference = {9698, "4"},
            .syntax = "* JMAPACCESS \"url\""
    ),
    EXTENSION(
            .token = "LANGUAGE",
            .context = "LANGUAGE",
            .meaning = "Names the language in use, or those to choose from.",
            .reference = {5255, "3.3"},
            .syntax = "* LANGUAGE (languages)"
    ),
    REVISION_1(
        "7.2.2",
        .token = "LIST",
        .meaning = "Names one mailbox, with its attributes and hierarchy delimiter.",
        .syntax = "* LIST (attributes) delimiter mailbox"
    ),
    REVISION_2(
        "7.3.1",
        .token = "LIST",
        .meaning = "Names one mailbox, with its attributes and hierarchy delimiter.",
        .syntax = "* LIST (attributes) delimiter mailbox [(extended-data)]"
    ),
    EXTENSION(
            .token = "LISTRIGHTS",
            .context = "ACL",
            .meaning = "Lists the rights that a user must have and may be given.",
            .reference = {4314, "3.7"},
            .syntax = "* LISTRIGHTS mailbox identifier required optional ..."
    ),
    REVISION_1(
        "7.2.3",
        .token = "LSUB",
        .meaning = "Names one subscribed mailbox, in the form of LIST.",
        .replaced_by = "LIST",
        .syntax = "* LSUB (attributes) delimiter mailbox"
    ),
    EXTENSION(
            .token = "METADATA",
            .context = "METADATA",
            .meaning = "Gives notes of a mailbox or the server, or names those that changed.",
            .reference = {5464, "4.4"},
            .syntax = "* METADATA mailbox (entry value ...)"
    ),
    EXTENSION(
            .token = "MYRIGHTS",
            .context = "ACL",
            .meaning = "Gives one's own rights on a mailbox.",
            .reference = {4314, "3.8"},
            .syntax = "* MYRIGHTS mailbox rights"
    ),
    REVISION_2(
        "7.3.2",
        .token = "NAMESPACE",
        .meaning = "Gives the prefixes of one's own, others' and shared mailboxes.",
        .since = 2342,
        .syntax = "* NAMESPACE personal others shared"
    ),
    EXTENSION(
            .token = "NAMESPACE",
            .context = "NAMESPACE",
            .meaning = "Gives the prefixes of one's own, others' and shared mailboxes.",
            .reference = {2342, "5"},
            .syntax = "* NAMESPACE personal others shared"
    ),
    EXTENSION(
            .token = "QUOTA",
            .context = "QUOTA",
            .meaning = "Gives the use and the limit of each resource of a quota root.",
            .reference = {9208, "4.2.1"},
            .since = 2087,
            .syntax = "* QUOTA quota-root (resource use limit ...)"
    ),
    EXTENSION(
            .token = "QUOTAROOT",
            .context = "QUOTA",
            .meaning = "Names the quota roots that bind a mailbox.",
            .reference = {9208, "4.2.2"},
            .since = 2087,
            .syntax = "* QUOTAROOT mailbox quota-root ..."
    ),
    REVISION_1(
        "7.3.2",
        .token = "RECENT",
        .meaning = "Tells how many messages have come in since the last session.",
        .replaced_by = "EXISTS",
        .syntax = "* n RECENT"
    ),
    REVISION_1(
        "7.2.5",
        .token = "SEARCH",
        .meaning = "Lists the numbers of the messages that match.",
        .replaced_by = "ESEARCH",
        .syntax = "* SEARCH number ..."
    ),
    EXTENSION(
            .token = "SORT",
            .context = "SORT",
            .meaning = "Lists the matching messages in sorted order.",
            .reference = {5256, "BASE.7.2.SORT"},
            .syntax = "* SORT number ..."
    ),
    BOTH(
        "7.2.4",
        "7.3.3",
        .token = "STATUS",
        .meaning = "Gives the counts and numbers that STATUS asked for.",
        .syntax = "* STATUS mailbox (item number ...)"
    ),
    EXTENSION(
            .token = "THREAD",
            .context = "THREAD",
            .meaning = "Lists the matching messages as nested conversations.",
            .reference = {5256, "BASE.7.2.THREAD"},
            .syntax = "* THREAD (threads)"
    ),
    EXTENSION(
            .token = "UIDFETCH",
            .context = "UIDONLY",
            .meaning = "Gives data of a message that is named by unique identifier.",
            .reference = {9586, "3.3"},
            .syntax = "* uid UIDFETCH (item value ...)"
    ),
    EXTENSION(
            .token = "URLFETCH",
            .context = "URLAUTH",
            .meaning = "Gives the text behind each URL, or NIL.",
            .reference = {4467, "BASE.7.4.URLFETCH"},
            .syntax = "* URLFETCH url text ..."
    ),
    EXTENSION(
            .token = "VANISHED",
            .context = "QRESYNC",
            .meaning = "Names messages that are gone, by their unique identifiers.",
            .reference = {7162, "3.2.10"},
            .syntax = "* VANISHED [(EARLIER)] uid-set"
    ),
};
