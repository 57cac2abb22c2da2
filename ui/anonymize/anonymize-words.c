#include "ui/anonymize/anonymize-words.h"

#include "protocol/catalogue/catalogue.h"

#include <string.h>

#define WORD_MAXIMUM 40

/* Sorted; digits behind them do not count. */
static const char *const services[] = {
    "_dmarc",
    "_domainkey",
    "arpa",
    "dns",
    "imap",
    "in-addr",
    "ip6",
    "localhost",
    "mail",
    "mx",
    "ns",
    "pop",
    "relay",
    "resolver",
    "root",
    "smtp",
    "webmail",
    "www",
};

/* What the tables do not hold because no RFC gives it a meaning of its own. */
static const char *const usual[] = {
    "mon",      "tue",        "wed",     "thu",      "fri",       "sat",        "sun",
    "jan",      "feb",        "mar",     "apr",      "may",       "jun",        "jul",
    "aug",      "sep",        "oct",     "nov",      "dec",       "gmt",        "utc",
    "est",      "edt",        "cst",     "cdt",      "mst",       "mdt",        "pst",
    "pdt",      "inbox",      "sent",    "drafts",   "trash",     "junk",       "archive",
    "spam",     "nil",        "re",      "fwd",      "fw",        "unknown",    "localhost",
    "utf",      "us",         "ascii",   "iso",      "windows",   "attachment", "inline",
    "filename", "name",       "size",    "boundary", "charset",   "get",        "post",
    "http",     "keep",       "alive",   "close",    "gzip",      "path",       "httponly",
    "samesite", "secure",     "from",    "by",       "with",      "id",         "for",
    "via",      "to",         "login",   "username", "password",  "user",       "pass",
    "digest",   "md5",        "chunked", "identity", "deflate",   "xml",        "json",
    "css",      "javascript", "octet",   "stream",   "www",       "urlencoded", "form",
    "data",     "html",       "plain",   "unix",     "apache",    "nginx",      "mozilla",
    "accept",   "realm",      "nonce",   "qop",      "algorithm", "response",   "cnonce",
    "nc",       "uri",        "ntlmssp", "continue",
};

static void add_words(GHashTable *words, const char *token)
{
    for (const char *at = token; *at != '\0';) {
        const char *end = at;
        while (g_ascii_isalnum(*end)) {
            end++;
        }
        if (end > at) {
            g_hash_table_add(words, g_ascii_strdown(at, end - at));
        }
        at = *end == '\0' ? end : end + 1;
    }
}

static gpointer gather_grammar(gpointer nothing)
{
    (void)nothing;
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    CatalogueCursor cursor = {0};
    for (const VocabularyItem *item; (item = catalogue_next(&cursor)) != NULL;) {
        bool is_token = item->kind != VOCABULARY_RULE && item->kind != VOCABULARY_ROLE &&
                        item->kind != VOCABULARY_LIMIT && item->kind != VOCABULARY_STATE;
        if (is_token) {
            add_words(words, item->token);
            g_hash_table_add(words, g_ascii_strdown(item->token, -1)); /* RFC822.HEADER */
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        g_hash_table_add(words, g_strdup(usual[i]));
    }
    return words;
}

/* Our own sentences about what servers say hold most words that servers say. */
static gpointer gather_usual(gpointer nothing)
{
    static const char further[] =
        "hi hello welcome thanks thank please service ready esmtp pleased meet you your at "
        "accepted queued ok okay bye goodbye closing channel transmission delivery delivered "
        "relaying relay denied blocked rejected spam virus policy mailbox full quota exceeded "
        "logged in out failed failure successful success maildrop locked messages octets "
        "completed postfix sendmail exim dovecot courier cyrus exchange microsoft qmail opensmtpd "
        "invalid unknown error temporary local problem system access authentication required";
    (void)nothing;
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    CatalogueCursor cursor = {0};
    for (const VocabularyItem *item; (item = catalogue_next(&cursor)) != NULL;) {
        add_words(words, item->meaning);
    }
    add_words(words, further);
    return words;
}

static bool contains(GHashTable *words, ByteSpan word)
{
    char small[WORD_MAXIMUM + 1];
    if (word.length > WORD_MAXIMUM) {
        return false;
    }
    for (gsize i = 0; i < word.length; i++) {
        small[i] = g_ascii_tolower((char)word.data[i]);
    }
    small[word.length] = '\0';
    return g_hash_table_contains(words, small);
}

bool anonymize_is_grammar(ByteSpan word)
{
    static GOnce once = G_ONCE_INIT; /* a constant of the program, built when first needed */
    return contains(g_once(&once, gather_grammar, NULL), word);
}

bool anonymize_is_usual(ByteSpan word)
{
    static GOnce once = G_ONCE_INIT;
    return contains(g_once(&once, gather_usual, NULL), word);
}

bool anonymize_is_service(ByteSpan label)
{
    while (label.length > 0 && g_ascii_isdigit(label.data[label.length - 1])) {
        label.length--;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
        if (byte_span_is_nocase(label, services[i])) {
            return true;
        }
    }
    return false;
}
