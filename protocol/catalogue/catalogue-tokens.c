#include "protocol/catalogue/catalogue-tokens.h"

#include <string.h>

#include "protocol/catalogue/catalogue-words.h"
#include "protocol/catalogue/catalogue.h"
#include "protocol/text/edit-distance.h"

#define MOST_SUGGESTIONS 5

bool catalogue_context_is_right(const TokenQuery *wanted, const VocabularyItem *item)
{
    if (wanted->context == NULL) {
        return true;
    }
    return item->context != NULL && g_ascii_strcasecmp(wanted->context, item->context) == 0;
}

/* Enhanced codes are written with an X where any number may stand: "5.1.1" is X.1.1, and belongs
 * to the class 5.XXX.XXX and the subject X.1.XXX. */
static bool is_code_of_pattern(const char *pattern, const char *code)
{
    if (!g_ascii_isdigit(code[0]) || strchr(pattern, '.') == NULL) {
        return false;
    }
    while (true) {
        gsize pattern_length = strcspn(pattern, ".");
        gsize code_length = strspn(code, "0123456789");
        bool is_any = pattern_length > 0 && strspn(pattern, "X") >= pattern_length;
        bool is_same = pattern_length == code_length && strncmp(pattern, code, code_length) == 0;
        if (code_length == 0 || !(is_any || is_same) ||
            pattern[pattern_length] != code[code_length]) {
            return false;
        }
        if (pattern[pattern_length] == '\0') {
            return true;
        }
        pattern += pattern_length + 1;
        code += code_length + 1;
    }
}

static bool begins_syntax(const VocabularyItem *item, const char *query)
{
    gsize length = strlen(query);
    return item->kind == VOCABULARY_COMMAND && item->syntax != NULL && strchr(query, ' ') != NULL &&
           g_ascii_strncasecmp(item->syntax, query, length) == 0 &&
           !g_ascii_isalnum(item->syntax[length]);
}

/* "seen" is \Seen too, "ok" is +OK, "forwarded" is $Forwarded. */
static const char *without_sigil(const char *token)
{
    return strchr("\\$+-_.", token[0]) != NULL && token[0] != '\0' ? token + 1 : token;
}

bool catalogue_token_is_exact(const TokenQuery *wanted, const VocabularyItem *item)
{
    return catalogue_context_is_right(wanted, item) &&
           (g_ascii_strcasecmp(item->token, wanted->token) == 0 ||
            g_ascii_strcasecmp(without_sigil(item->token), wanted->token) == 0 ||
            (item->kind == VOCABULARY_ENHANCED_CODE &&
             is_code_of_pattern(item->token, wanted->token)) ||
            begins_syntax(item, wanted->token));
}

static const char *next_letter(const char *text)
{
    while (*text != '\0' && !g_ascii_isalnum(*text)) {
        text++;
    }
    return text;
}

bool catalogue_token_is_loose(const TokenQuery *wanted, const VocabularyItem *item)
{
    const char *left = next_letter(item->token);
    const char *right = next_letter(wanted->token);
    if (*right == '\0') {
        return false;
    }
    while (*left != '\0' && g_ascii_tolower(*left) == g_ascii_tolower(*right)) {
        left = next_letter(left + 1);
        right = next_letter(right + 1);
    }
    return *left == '\0' && *right == '\0' && catalogue_context_is_right(wanted, item);
}

bool catalogue_read_reference(
    char *const *words, guint count, guint16 *out_number, char **out_section
)
{
    guint at = 0;
    const char *number = words[0];
    if (g_ascii_strncasecmp(number, "rfc", 3) == 0) {
        number += 3;
        number += *number == '-';
    }
    if (*number == '\0' && count > 1) {
        number = words[++at];
    }
    guint64 value;
    if (!g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT16, &value, NULL)) {
        return false;
    }
    at++;
    if (at < count &&
        (g_ascii_strcasecmp(words[at], "section") == 0 ||
         g_ascii_strcasecmp(words[at], "appendix") == 0 || strcmp(words[at], "§") == 0)) {
        at++;
    }
    if (at + 1 < count) {
        return false;
    }
    *out_number = (guint16)value;
    if (at < count) {
        *out_section =
            g_strdup(g_str_has_prefix(words[at], "§") ? words[at] + strlen("§") : words[at]);
    }
    return true;
}

bool catalogue_is_in_section(const VocabularyItem *item, guint16 number, const char *section)
{
    if (item->reference.number != number) {
        return false;
    }
    if (section == NULL) {
        return true;
    }
    gsize length = strlen(section);
    return g_ascii_strncasecmp(item->reference.section, section, length) == 0 &&
           (item->reference.section[length] == '\0' || item->reference.section[length] == '.');
}

bool catalogue_names_protocol(const char *word)
{
    CatalogueFilter filter = {0};
    char *words[] = {(char *)word};
    return catalogue_take_protocol(words, 1, &filter) > 0;
}

bool catalogue_begins_with_code(const char *word)
{
    return g_ascii_isdigit(word[0]) || word[0] == '+' || word[0] == '-';
}

void catalogue_strip_word(char *word)
{
    gsize length = strlen(word);
    while (length > 0 && g_ascii_ispunct(word[length - 1])) {
        length--;
    }
    word[length] = '\0';
    gsize start = 0;
    while (g_ascii_ispunct(word[start])) {
        start++;
    }
    memmove(word, word + start, length - start + 1);
}

char *catalogue_join_words(char *const *words, guint count)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", words[i]);
    }
    if (joined->len > 1 && joined->str[joined->len - 1] == ':') {
        g_string_truncate(joined, joined->len - 1);
    }
    return g_string_free(joined, FALSE);
}

/* The row of "SPF" that says what SPF is. */
static bool is_about_its_protocol(const VocabularyItem *item)
{
    CatalogueFilter named = {0};
    char *words[] = {(char *)item->token};
    return catalogue_take_protocol(words, 1, &named) > 0 && catalogue_filter_admits(&named, item);
}

static gint compare_senses(gconstpointer left, gconstpointer right)
{
    const VocabularyItem *a = *(const VocabularyItem *const *)left;
    const VocabularyItem *b = *(const VocabularyItem *const *)right;
    gint by_topic = is_about_its_protocol(b) - is_about_its_protocol(a);
    if (by_topic != 0) {
        return by_topic;
    }
    if (a->protocol != b->protocol) {
        return a->protocol < b->protocol ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    gint by_pattern = (strstr(a->token, "XXX") != NULL) - (strstr(b->token, "XXX") != NULL);
    if (a->kind == VOCABULARY_ENHANCED_CODE && by_pattern != 0) {
        return by_pattern;
    }
    gint by_token = g_ascii_strcasecmp(a->token, b->token);
    if (by_token != 0) {
        return by_token;
    }
    gint by_force = catalogue_is_in_force(b) - catalogue_is_in_force(a);
    return by_force != 0 ? by_force : (b->context == NULL) - (a->context == NULL);
}

void catalogue_sort_senses(GPtrArray *items)
{
    /* A stable sort: rows that compare equal stay in the order of their table. */
    g_ptr_array_sort(items, compare_senses);
}

typedef struct {
    const char *token;
    guint distance;
} Suggestion;

static void note_suggestion(Suggestion *best, const char *token, guint distance)
{
    for (guint i = 0; i < MOST_SUGGESTIONS && best[i].token != NULL; i++) {
        if (g_ascii_strcasecmp(best[i].token, token) == 0) {
            return;
        }
    }
    Suggestion moving = {.token = token, .distance = distance};
    for (guint i = 0; i < MOST_SUGGESTIONS; i++) {
        if (best[i].token == NULL || moving.distance < best[i].distance) {
            Suggestion pushed = best[i];
            best[i] = moving;
            moving = pushed;
            if (moving.token == NULL) {
                return;
            }
        }
    }
}

static void suggest_for(Suggestion *best, const char *word)
{
    guint limit = edit_distance_limit(word);
    gsize length = strlen(word);
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        gsize other = strlen(item->token);
        if (MAX(other, length) - MIN(other, length) > limit || length < 2) {
            continue;
        }
        guint distance = edit_distance(word, item->token);
        if (distance <= limit && distance < MAX(other, 2)) {
            note_suggestion(best, item->token, distance);
        }
    }
}

void catalogue_suggest(GPtrArray *suggestions, char *const *words, guint count)
{
    Suggestion best[MOST_SUGGESTIONS] = {0};
    g_autofree char *whole = catalogue_join_words(words, count);
    suggest_for(best, whole);
    for (guint i = 0; i < count && count > 1 && best[0].token == NULL; i++) {
        if (!catalogue_is_stop_word(words[i])) {
            suggest_for(best, words[i]);
        }
    }
    for (guint i = 0; i < MOST_SUGGESTIONS && best[i].token != NULL; i++) {
        g_ptr_array_add(suggestions, (gpointer)best[i].token);
    }
}
