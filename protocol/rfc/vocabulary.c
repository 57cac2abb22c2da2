#include "protocol/rfc/vocabulary.h"

static const char *const protocol_names[N_VOCABULARY_PROTOCOLS] = {
    [VOCABULARY_SMTP] = "SMTP",
    [VOCABULARY_POP3] = "POP3",
    [VOCABULARY_IMAP] = "IMAP",
    [VOCABULARY_SASL] = "SASL",
    [VOCABULARY_MESSAGE] = "message",
    [VOCABULARY_MIME] = "MIME",
    [VOCABULARY_REPORT] = "report",
    [VOCABULARY_DNS] = "DNS",
    [VOCABULARY_HTTP] = "HTTP",
    [VOCABULARY_SPF] = "SPF",
    [VOCABULARY_DKIM] = "DKIM",
    [VOCABULARY_DMARC] = "DMARC",
    [VOCABULARY_TLS] = "TLS",
    [VOCABULARY_TCP] = "TCP",
    [VOCABULARY_IP] = "IP",
    [VOCABULARY_SIEVE] = "Sieve",
    [VOCABULARY_ARCHITECTURE] = "mail architecture",
};

static const char *const kind_names[N_VOCABULARY_KINDS] = {
    [VOCABULARY_COMMAND] = "command",
    [VOCABULARY_REPLY] = "reply",
    [VOCABULARY_ENHANCED_CODE] = "enhanced status code",
    [VOCABULARY_RESPONSE_CODE] = "response code",
    [VOCABULARY_RESPONSE] = "response",
    [VOCABULARY_EXTENSION] = "extension",
    [VOCABULARY_PARAMETER] = "parameter",
    [VOCABULARY_STATE] = "state",
    [VOCABULARY_LIMIT] = "limit",
    [VOCABULARY_FETCH_ITEM] = "FETCH item",
    [VOCABULARY_SEARCH_KEY] = "SEARCH key",
    [VOCABULARY_STATUS_ITEM] = "STATUS item",
    [VOCABULARY_FLAG] = "flag",
    [VOCABULARY_ATTRIBUTE] = "mailbox attribute",
    [VOCABULARY_HEADER_FIELD] = "header field",
    [VOCABULARY_MEDIA_TYPE] = "media type",
    [VOCABULARY_ENCODING] = "encoding",
    [VOCABULARY_MECHANISM] = "mechanism",
    [VOCABULARY_TAG] = "tag",
    [VOCABULARY_RESULT] = "result",
    [VOCABULARY_RECORD_TYPE] = "record type",
    [VOCABULARY_STATUS] = "status",
    [VOCABULARY_METHOD] = "method",
    [VOCABULARY_CLAUSE] = "clause",
    [VOCABULARY_PORT] = "port",
    [VOCABULARY_RULE] = "rule",
    [VOCABULARY_ROLE] = "role",
};

static const char *const shape_meanings[] = {
    [REPLY_SHAPE_NONE] = "It is not answered.",
    [REPLY_SHAPE_LINE] = "The answer is one line.",
    [REPLY_SHAPE_HYPHENATED] = "The answer has one line or several: a hyphen follows the code on "
                               "every line but the last.",
    [REPLY_SHAPE_DOTTED] =
        "The answer has many lines and ends with a line that holds a single dot.",
    [REPLY_SHAPE_LINE_OR_DOTTED] = "The answer is one line when an argument was given, and many "
                                   "lines up to a single dot when none was.",
    [REPLY_SHAPE_INTERMEDIATE] = "A first answer invites the client to go on; the final answer "
                                 "follows what it then sends.",
    [REPLY_SHAPE_CHALLENGES] = "The server may ask any number of times before its final answer.",
    [REPLY_SHAPE_TAGGED] = "Untagged data comes first; the line with the command's own tag ends "
                           "the answer.",
};

const char *vocabulary_protocol_name(VocabularyProtocol protocol)
{
    g_assert(protocol < N_VOCABULARY_PROTOCOLS);
    return protocol_names[protocol];
}

const char *vocabulary_kind_name(VocabularyKind kind)
{
    g_assert(kind < N_VOCABULARY_KINDS);
    return kind_names[kind];
}

const char *reply_shape_meaning(ReplyShape shape)
{
    g_assert(shape < G_N_ELEMENTS(shape_meanings));
    return shape_meanings[shape];
}

const VocabularyItem *vocabulary_table_item(const VocabularyTable *table, gsize index)
{
    g_assert(index < table->count);
    return (const VocabularyItem *)(const void
                                        *)((const guint8 *)table->items + index * table->stride);
}
