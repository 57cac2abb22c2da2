#include "protocol/catalogue/catalogue-words.h"

#include <string.h>

#include "protocol/catalogue/catalogue.h"

#define SHORTEST_STEM 4

/* A word counts most where the RFC itself uses it of the row. */
#define WEIGHT_KEYWORDS 8
#define WEIGHT_TOKEN 6
#define WEIGHT_MEANING 4
#define WEIGHT_SURROUNDINGS 1

static bool is_letter(char character)
{
    return g_ascii_isalnum(character) || (guchar)character >= 0x80;
}

/* Whether a word of the text begins with these letters. */
static bool has_word(const char *text, const char *word, gsize length)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool is_start = at == text || !is_letter(at[-1]);
        if (is_start && g_ascii_strncasecmp(at, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static gsize stem_length(const char *word)
{
    static const char *const endings[] = {"ing", "ed", "es", "s"};
    gsize length = strlen(word);
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        gsize ending = strlen(endings[i]);
        if (length >= SHORTEST_STEM + ending &&
            g_ascii_strcasecmp(word + length - ending, endings[i]) == 0) {
            return length - ending;
        }
    }
    return length;
}

static guint word_weight(const VocabularyItem *item, const char *word)
{
    gsize length = stem_length(word);
    const char *keywords = catalogue_keywords(item);
    if (keywords != NULL && has_word(keywords, word, length)) {
        return WEIGHT_KEYWORDS;
    }
    if (has_word(item->token, word, length)) {
        return WEIGHT_TOKEN;
    }
    if (has_word(item->meaning, word, length)) {
        return WEIGHT_MEANING;
    }
    bool is_near = (item->context != NULL && has_word(item->context, word, length)) ||
                   has_word(vocabulary_kind_name(item->kind), word, length) ||
                   has_word(vocabulary_protocol_name(item->protocol), word, length);
    return is_near ? WEIGHT_SURROUNDINGS : 0;
}

guint catalogue_word_score(
    const VocabularyItem *item, char *const *words, guint count, guint needed
)
{
    guint score = 0;
    guint found = 0;
    guint strongest = 0;
    for (guint i = 0; i < count; i++) {
        guint weight = word_weight(item, words[i]);
        score += weight;
        found += weight > 0;
        strongest = MAX(strongest, weight);
        if (found + (count - i - 1) < needed) {
            return 0;
        }
    }
    /* Words that only name the protocol or the kind say nothing about the row. */
    return strongest > WEIGHT_SURROUNDINGS ? score : 0;
}

bool catalogue_is_stop_word(const char *word)
{
    static const char *const stop_words[] = {
        "a",   "an",   "and",  "are",   "at",  "be",   "by",   "does",  "do",  "for",  "from",
        "how", "in",   "is",   "it",    "of",  "on",   "or",   "that",  "the", "this", "to",
        "was", "what", "when", "which", "why", "with", "mean", "means", "rfc",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(stop_words); i++) {
        if (g_ascii_strcasecmp(word, stop_words[i]) == 0) {
            return true;
        }
    }
    return false;
}
