#include "protocol/catalogue/catalogue-filter.h"

#include <string.h>

#define BIT(name) (G_GUINT64_CONSTANT(1) << (name))

typedef struct {
    const char *words; /* lower case, singular */
    guint64 bits;
} FilterName;

static const FilterName protocol_names[] = {
    {"smtp", BIT(VOCABULARY_SMTP)},
    {"esmtp", BIT(VOCABULARY_SMTP)},
    {"pop3", BIT(VOCABULARY_POP3)},
    {"pop", BIT(VOCABULARY_POP3)},
    {"imap", BIT(VOCABULARY_IMAP)},
    {"imap4", BIT(VOCABULARY_IMAP)},
    {"sasl", BIT(VOCABULARY_SASL)},
    {"message", BIT(VOCABULARY_MESSAGE)},
    {"mime", BIT(VOCABULARY_MIME)},
    {"report", BIT(VOCABULARY_REPORT)},
    {"dsn", BIT(VOCABULARY_REPORT)},
    {"mdn", BIT(VOCABULARY_REPORT)},
    {"bounce", BIT(VOCABULARY_REPORT)},
    {"dns", BIT(VOCABULARY_DNS)},
    {"http", BIT(VOCABULARY_HTTP)},
    {"spf", BIT(VOCABULARY_SPF)},
    {"dkim", BIT(VOCABULARY_DKIM)},
    {"arc", BIT(VOCABULARY_DKIM)},
    {"dmarc", BIT(VOCABULARY_DMARC)},
    {"tls", BIT(VOCABULARY_TLS)},
    {"tcp", BIT(VOCABULARY_TCP)},
    {"ip", BIT(VOCABULARY_IP)},
    {"udp", BIT(VOCABULARY_IP)},
    {"sieve", BIT(VOCABULARY_SIEVE)},
    {"mail architecture", BIT(VOCABULARY_ARCHITECTURE)},
    {"architecture", BIT(VOCABULARY_ARCHITECTURE)},
};

/* Two words before one, so that "header field" is not "header" and a token "field". */
static const FilterName kind_names[] = {
    {"enhanced status code", BIT(VOCABULARY_ENHANCED_CODE)},
    {"enhanced code", BIT(VOCABULARY_ENHANCED_CODE)},
    {"reply code", BIT(VOCABULARY_REPLY)},
    {"response code", BIT(VOCABULARY_RESPONSE_CODE) | BIT(VOCABULARY_STATUS)},
    {"status code", BIT(VOCABULARY_STATUS)},
    {"fetch item", BIT(VOCABULARY_FETCH_ITEM)},
    {"search key", BIT(VOCABULARY_SEARCH_KEY)},
    {"status item", BIT(VOCABULARY_STATUS_ITEM)},
    {"mailbox attribute", BIT(VOCABULARY_ATTRIBUTE)},
    {"header field", BIT(VOCABULARY_HEADER_FIELD)},
    {"media type", BIT(VOCABULARY_MEDIA_TYPE)},
    {"record type", BIT(VOCABULARY_RECORD_TYPE)},
    {"resource record", BIT(VOCABULARY_RECORD_TYPE)},
    {"command", BIT(VOCABULARY_COMMAND)},
    {"verb", BIT(VOCABULARY_COMMAND)},
    {"action", BIT(VOCABULARY_COMMAND)},
    {"reply", BIT(VOCABULARY_REPLY)},
    {"response", BIT(VOCABULARY_RESPONSE) | BIT(VOCABULARY_REPLY)},
    {"answer", BIT(VOCABULARY_REPLY)},
    {"extension", BIT(VOCABULARY_EXTENSION)},
    {"capability", BIT(VOCABULARY_EXTENSION)},
    {"keyword", BIT(VOCABULARY_EXTENSION)},
    {"parameter", BIT(VOCABULARY_PARAMETER)},
    {"option", BIT(VOCABULARY_PARAMETER)},
    {"state", BIT(VOCABULARY_STATE)},
    {"limit", BIT(VOCABULARY_LIMIT)},
    {"fetch", BIT(VOCABULARY_FETCH_ITEM)},
    {"search", BIT(VOCABULARY_SEARCH_KEY)},
    {"key", BIT(VOCABULARY_SEARCH_KEY)},
    {"flag", BIT(VOCABULARY_FLAG)},
    {"attribute", BIT(VOCABULARY_ATTRIBUTE)},
    {"header", BIT(VOCABULARY_HEADER_FIELD)},
    {"field", BIT(VOCABULARY_HEADER_FIELD)},
    {"encoding", BIT(VOCABULARY_ENCODING)},
    {"charset", BIT(VOCABULARY_ENCODING)},
    {"mechanism", BIT(VOCABULARY_MECHANISM)},
    {"tag", BIT(VOCABULARY_TAG)},
    {"result", BIT(VOCABULARY_RESULT)},
    {"record", BIT(VOCABULARY_RECORD_TYPE)},
    {"type", BIT(VOCABULARY_RECORD_TYPE) | BIT(VOCABULARY_MEDIA_TYPE)},
    {"status", BIT(VOCABULARY_STATUS)},
    {"code", BIT(VOCABULARY_REPLY) | BIT(VOCABULARY_STATUS) | BIT(VOCABULARY_RESPONSE_CODE)},
    {"method", BIT(VOCABULARY_METHOD)},
    {"clause", BIT(VOCABULARY_CLAUSE)},
    {"port", BIT(VOCABULARY_PORT)},
    {"rule", BIT(VOCABULARY_RULE)},
    {"role", BIT(VOCABULARY_ROLE)},
    {"agent", BIT(VOCABULARY_ROLE)},
};

bool catalogue_filter_admits(const CatalogueFilter *filter, const VocabularyItem *item)
{
    return (filter->protocols == 0 || (filter->protocols & BIT(item->protocol)) != 0) &&
           (filter->kinds == 0 || (filter->kinds & BIT(item->kind)) != 0);
}

bool catalogue_filter_is_empty(const CatalogueFilter *filter)
{
    return filter->protocols == 0 && filter->kinds == 0;
}

/* "replies" is "reply", "statuses" is "status", "types" is "type". */
static bool is_word_or_plural(const char *word, const char *singular, gsize length)
{
    gsize stem = singular[length - 1] == 'y' ? length - 1 : length;
    if (g_ascii_strncasecmp(word, singular, stem) != 0) {
        return false;
    }
    const char *ending = word + stem;
    if (stem < length) {
        return g_ascii_strcasecmp(ending, "y") == 0 || g_ascii_strcasecmp(ending, "ies") == 0;
    }
    return *ending == '\0' || g_ascii_strcasecmp(ending, "s") == 0 ||
           g_ascii_strcasecmp(ending, "es") == 0;
}

/* How many words the name takes off the front, or 0. */
static guint match_name(const char *name, char *const *words, guint count)
{
    guint taken = 0;
    while (*name != '\0') {
        gsize length = strcspn(name, " ");
        if (taken == count || !is_word_or_plural(words[taken], name, length)) {
            return 0;
        }
        taken++;
        name += length + (name[length] == ' ');
    }
    return taken;
}

static guint word_count(const char *name)
{
    guint count = 1;
    for (; *name != '\0'; name++) {
        count += *name == ' ';
    }
    return count;
}

guint catalogue_take_protocol(char *const *words, guint count, CatalogueFilter *filter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(protocol_names); i++) {
        guint taken = match_name(protocol_names[i].words, words, count);
        if (taken > 0) {
            filter->protocols |= protocol_names[i].bits;
            return taken;
        }
    }
    return 0;
}

guint catalogue_take_kind(char *const *words, guint count, CatalogueFilter *filter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        guint taken = match_name(kind_names[i].words, words, count);
        if (taken > 0) {
            filter->kinds |= kind_names[i].bits;
            return taken;
        }
    }
    return 0;
}

guint catalogue_take_kind_at_end(char *const *words, guint count, CatalogueFilter *filter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        guint needed = word_count(kind_names[i].words);
        if (needed <= count &&
            match_name(kind_names[i].words, words + count - needed, needed) == needed) {
            filter->kinds |= kind_names[i].bits;
            return needed;
        }
    }
    return 0;
}
