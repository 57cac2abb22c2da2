/* Takes a query apart and looks, in this order, for: a token, a token with its protocol, kind or
 * context; a group; a document; words; the token that begins a pasted line; near tokens. */

#include "protocol/catalogue/catalogue.h"

#include <string.h>

#include "protocol/catalogue/catalogue-filter.h"
#include "protocol/catalogue/catalogue-tokens.h"
#include "protocol/catalogue/catalogue-words.h"
#include "protocol/rfc/rfc-index.h"

#define MOST_WORDS 16
#define SHORTEST_RARE_WORD 4

static CatalogueResult *catalogue_result_new(void)
{
    CatalogueResult *result = g_new0(CatalogueResult, 1);
    result->items = g_ptr_array_new();
    result->members = g_ptr_array_new();
    result->suggestions = g_ptr_array_new();
    return result;
}

typedef struct {
    char **words;
    guint count;
} Query;

static void query_init(Query *query, const char *text)
{
    g_autofree char *spaced = g_strdelimit(g_strdup(text), "\t\r\n", ' ');
    g_auto(GStrv) pieces = g_strsplit(spaced, " ", -1);
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    for (char **piece = pieces; *piece != NULL && words->len < MOST_WORDS; piece++) {
        if (**piece != '\0') {
            g_ptr_array_add(words, g_strdup(*piece));
        }
    }
    query->count = words->len;
    g_ptr_array_add(words, NULL);
    query->words = (char **)g_ptr_array_steal(words, NULL);
}

static void query_clear(Query *query)
{
    g_strfreev(query->words);
}

static bool collect(
    GPtrArray *items,
    const TokenQuery *wanted,
    bool (*matches)(const TokenQuery *, const VocabularyItem *)
)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (catalogue_filter_admits(&wanted->filter, item) && matches(wanted, item)) {
            g_ptr_array_add(items, (gpointer)item);
        }
    }
    return items->len > 0;
}

/* The words from 'first' to before 'end' as one token, with what the others name as a filter. */
static bool
try_token(CatalogueResult *result, const Query *query, guint first, guint end, TokenQuery *wanted)
{
    if (first >= end) {
        return false;
    }
    g_autofree char *token = catalogue_join_words(query->words + first, end - first);
    wanted->token = token;
    bool is_found = collect(
        result->items,
        wanted,
        wanted->is_loose ? catalogue_token_is_loose : catalogue_token_is_exact
    );
    wanted->token = NULL;
    return is_found;
}

/* "starttls 454": the token 454 in the context STARTTLS. */
static bool try_context(CatalogueResult *result, const Query *query, guint first, TokenQuery wanted)
{
    if (query->count < first + 2) {
        return false;
    }
    wanted.context = query->words[first];
    if (try_token(result, query, first + 1, query->count, &wanted)) {
        return true;
    }
    wanted.context = query->words[query->count - 1];
    return try_token(result, query, first, query->count - 1, &wanted);
}

static bool find_token(CatalogueResult *result, const Query *query, bool is_loose)
{
    TokenQuery wanted = {.is_loose = is_loose};
    guint end = query->count;
    if (try_token(result, query, 0, end, &wanted)) {
        return true;
    }
    guint first = catalogue_take_protocol(query->words, end, &wanted.filter);
    if (first > 0 && try_token(result, query, first, end, &wanted)) {
        return true;
    }
    TokenQuery of_kind = wanted;
    guint after_kind =
        first + catalogue_take_kind(query->words + first, end - first, &of_kind.filter);
    if (after_kind > first && try_token(result, query, after_kind, end, &of_kind)) {
        return true;
    }
    of_kind = wanted;
    guint before_kind =
        end - catalogue_take_kind_at_end(query->words + first, end - first, &of_kind.filter);
    if (before_kind < end && try_token(result, query, first, before_kind, &of_kind)) {
        return true;
    }
    return try_context(result, query, first, wanted);
}

/* All words name protocols or kinds; one may be a context, where that is wanted. */
static bool find_group(GPtrArray *items, const Query *query, bool takes_context)
{
    TokenQuery wanted = {0};
    guint at = 0;
    while (at < query->count) {
        guint taken = catalogue_take_protocol(query->words + at, query->count - at, &wanted.filter);
        if (taken == 0) {
            taken = catalogue_take_kind(query->words + at, query->count - at, &wanted.filter);
        }
        if (taken == 0 && takes_context && wanted.context == NULL) {
            wanted.context = query->words[at];
            taken = 1;
        }
        if (taken == 0) {
            return false;
        }
        at += taken;
    }
    return !catalogue_filter_is_empty(&wanted.filter) &&
           collect(items, &wanted, catalogue_context_is_right);
}

static bool find_document(CatalogueResult *result, const Query *query)
{
    RfcReference wanted;
    g_autofree char *section = NULL;
    if (!catalogue_read_reference(query->words, query->count, &wanted.number, &section) ||
        rfc_document(wanted.number) == NULL) {
        return false;
    }
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (catalogue_is_in_section(item, wanted.number, section)) {
            g_ptr_array_add(result->items, (gpointer)item);
        }
    }
    result->section = g_steal_pointer(&section);
    result->document = (RfcReference){.number = wanted.number, .section = result->section};
    return true;
}

typedef struct {
    const VocabularyItem *item;
    guint score;
    guint order;
} ScoredItem;

static gint compare_scores(gconstpointer left, gconstpointer right)
{
    const ScoredItem *a = left;
    const ScoredItem *b = right;
    if (a->score != b->score) {
        return a->score < b->score ? 1 : -1;
    }
    return a->order < b->order ? -1 : 1;
}

static bool collect_words(CatalogueResult *result, const Query *query, guint needed)
{
    g_autoptr(GArray) scored = g_array_new(FALSE, FALSE, sizeof(ScoredItem));
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        guint score = catalogue_word_score(item, query->words, query->count, needed);
        if (score > 0) {
            score = 4 * score + 2 * catalogue_is_in_force(item) + (item->context == NULL);
            ScoredItem entry = {.item = item, .score = score, .order = scored->len};
            g_array_append_val(scored, entry);
        }
    }
    g_array_sort(scored, compare_scores);
    for (guint i = 0; i < scored->len; i++) {
        g_ptr_array_add(result->items, (gpointer)g_array_index(scored, ScoredItem, i).item);
    }
    return scored->len > 0;
}

/* Removes the words that say nothing, unless all do. */
static void keep_telling_words(const Query *query, Query *out_kept)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (guint i = 0; i < query->count; i++) {
        char *word = g_strdup(query->words[i]);
        catalogue_strip_word(word);
        if (strlen(word) < 2 || catalogue_is_stop_word(word)) {
            g_free(word);
        } else {
            g_ptr_array_add(kept, word);
        }
    }
    out_kept->count = kept->len;
    g_ptr_array_add(kept, NULL);
    out_kept->words = (char **)g_ptr_array_steal(kept, NULL);
}

/* The word that the fewest rows have says most about what is looked for. */
static bool collect_rarest_word(CatalogueResult *result, const Query *query)
{
    guint fewest = G_MAXUINT;
    for (guint i = 0; i < query->count; i++) {
        Query one = {.words = query->words + i, .count = 1};
        g_autoptr(CatalogueResult) found = catalogue_result_new();
        if (strlen(query->words[i]) < SHORTEST_RARE_WORD || !collect_words(found, &one, 1) ||
            found->items->len >= fewest) {
            continue;
        }
        fewest = found->items->len;
        g_ptr_array_set_size(result->items, 0);
        g_ptr_array_extend(result->items, found->items, NULL, NULL);
    }
    return result->items->len > 0;
}

static bool find_words(CatalogueResult *result, const Query *query)
{
    Query telling;
    keep_telling_words(query, &telling);
    guint count = telling.count;
    bool is_found = count > 0 && (collect_words(result, &telling, count) ||
                                  (count > 2 && collect_words(result, &telling, count - 1)) ||
                                  (count > 1 && collect_rarest_word(result, &telling)));
    query_clear(&telling);
    return is_found;
}

/* A line copied from a session or a header: "550 5.1.1 No such user", "Subject: Ketchup". Only
 * codes may follow the first token, or the words of the line would be taken for tokens too. */
static bool find_leading_tokens(CatalogueResult *result, const Query *query)
{
    for (guint i = 0; i < query->count && i < 3; i++) {
        g_autofree char *token = catalogue_join_words(query->words + i, 1);
        TokenQuery wanted = {.token = token};
        if (i > 0 && !catalogue_begins_with_code(token)) {
            break;
        }
        g_autoptr(GPtrArray) found = g_ptr_array_new();
        if (collect(found, &wanted, catalogue_token_is_exact)) {
            g_ptr_array_extend(result->items, found, NULL, NULL);
        }
    }
    return result->items->len > 0;
}

/* A code, a field name with its colon, or a verb as clients write it. */
static bool begins_a_line(const char *word)
{
    bool has_small_letter = false;
    for (const char *at = word; *at != '\0'; at++) {
        has_small_letter |= g_ascii_islower(*at) != 0;
    }
    return catalogue_begins_with_code(word) || g_str_has_suffix(word, ":") ||
           (strlen(word) > 1 && !has_small_letter);
}

/* IMAP: "a001 LOGIN ...", "* OK ...", "* 23 EXISTS": how many words stand before the verb. */
static guint words_before_verb(const Query *query)
{
    const char *first = query->words[0];
    if (query->count < 2 || !begins_a_line(query->words[1])) {
        return 0;
    }
    if (strcmp(first, "*") == 0) {
        return query->count > 2 && g_ascii_isdigit(query->words[1][0]) ? 2 : 1;
    }
    bool is_tag = g_ascii_isalpha(first[0]) && strpbrk(first, "0123456789") != NULL;
    return is_tag ? 1 : 0;
}

static bool find_line(CatalogueResult *result, const Query *query)
{
    guint before = words_before_verb(query);
    Query line = {.words = query->words + before, .count = query->count - before};
    return query->count > 1 && begins_a_line(line.words[0]) && find_leading_tokens(result, &line);
}

static CatalogueMatch find(CatalogueResult *result, const Query *query)
{
    if (query->count == 0) {
        return CATALOGUE_NOTHING;
    }
    if (find_token(result, query, false)) {
        if (query->count > 1 || catalogue_names_protocol(query->words[0])) {
            find_group(result->members, query, false);
        }
        return CATALOGUE_TOKEN;
    }
    bool is_document = g_ascii_strncasecmp(query->words[0], "rfc", 3) == 0;
    if (is_document && find_document(result, query)) {
        return CATALOGUE_DOCUMENT;
    }
    if (find_group(result->items, query, true)) {
        return CATALOGUE_GROUP;
    }
    if (find_token(result, query, true)) {
        return CATALOGUE_TOKEN;
    }
    if (find_document(result, query)) {
        return CATALOGUE_DOCUMENT;
    }
    if (find_line(result, query)) {
        return CATALOGUE_TOKEN;
    }
    return find_words(result, query) ? CATALOGUE_WORDS : CATALOGUE_NOTHING;
}

CatalogueResult *catalogue_search(const char *text)
{
    CatalogueResult *result = catalogue_result_new();
    Query query;
    query_init(&query, text);
    result->match = find(result, &query);
    if (result->match == CATALOGUE_TOKEN) {
        catalogue_sort_senses(result->items);
    } else if (result->match == CATALOGUE_NOTHING) {
        catalogue_suggest(result->suggestions, query.words, query.count);
    }
    query_clear(&query);
    return result;
}

void catalogue_result_free(CatalogueResult *result)
{
    if (result == NULL) {
        return;
    }
    g_ptr_array_unref(result->items);
    g_ptr_array_unref(result->members);
    g_ptr_array_unref(result->suggestions);
    g_free(result->section);
    g_free(result);
}
