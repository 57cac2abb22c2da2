/* Kind 27: a quick quiz on codes, commands and sections, from the rows of the vocabulary. */

#include "exercises/kinds/kinds.h"

#include <string.h>

#include "exercises/exercise-maker.h"
#include "protocol/catalogue/catalogue.h"
#include "protocol/rfc/rfc-index.h"

#define QUESTIONS 4
#define CHOICES 4

typedef struct {
    VocabularyProtocol protocol;
    VocabularyKind kind;
    guint level;
} PoolRow;

static const PoolRow pools[] = {
    {VOCABULARY_SMTP, VOCABULARY_REPLY, 1},
    {VOCABULARY_SMTP, VOCABULARY_COMMAND, 1},
    {VOCABULARY_POP3, VOCABULARY_COMMAND, 1},
    {VOCABULARY_MESSAGE, VOCABULARY_HEADER_FIELD, 2},
    {VOCABULARY_SMTP, VOCABULARY_EXTENSION, 2},
    {VOCABULARY_IMAP, VOCABULARY_COMMAND, 2},
    {VOCABULARY_DNS, VOCABULARY_RECORD_TYPE, 2},
    {VOCABULARY_SMTP, VOCABULARY_ENHANCED_CODE, 3},
    {VOCABULARY_IMAP, VOCABULARY_FETCH_ITEM, 3},
    {VOCABULARY_IMAP, VOCABULARY_RESPONSE_CODE, 3},
    {VOCABULARY_MIME, VOCABULARY_HEADER_FIELD, 3},
};

/* Rows in force that hold everywhere. */
static GPtrArray *pool_items(const PoolRow *row)
{
    GPtrArray *items = g_ptr_array_new();
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (item->protocol == row->protocol && item->kind == row->kind && item->context == NULL &&
            catalogue_is_in_force(item)) {
            g_ptr_array_add(items, (gpointer)item);
        }
    }
    return items;
}

static char *section_text(const VocabularyItem *item)
{
    g_autofree char *reference = rfc_reference_to_string(item->reference);
    const char *title = rfc_section_title(item->reference);
    return g_strdup_printf(
        "%s%s%s%s",
        reference,
        title == NULL ? "" : " (",
        title == NULL ? "" : title,
        title == NULL ? "" : ")"
    );
}

static bool is_like(const VocabularyItem *item, const VocabularyItem *other)
{
    bool is_same_place = item->reference.number == other->reference.number &&
                         strcmp(item->reference.section, other->reference.section) == 0;
    return strcmp(item->token, other->token) == 0 || strcmp(item->meaning, other->meaning) == 0 ||
           is_same_place;
}

/* The right item and others that differ from it and from one another. False: too few. */
static bool choose_items(Exercise *exercise, const GPtrArray *pool, const VocabularyItem **chosen)
{
    guint count = 0;
    for (guint tries = 0; count < CHOICES && tries < 200; tries++) {
        const VocabularyItem *item = pool->pdata[exercise_below(exercise, pool->len)];
        bool is_new = true;
        for (guint i = 0; i < count; i++) {
            is_new = is_new && !is_like(item, chosen[i]);
        }
        if (is_new) {
            chosen[count++] = item;
        }
    }
    return count == CHOICES;
}

static void ask_section(Exercise *exercise, const VocabularyItem *const *items, const char *what)
{
    char *choices[CHOICES];
    for (guint i = 0; i < CHOICES; i++) {
        choices[i] = section_text(items[i]);
    }
    g_autofree char *prompt = g_strdup_printf("Where is %s %s defined?", what, items[0]->token);
    ExercisePart *part =
        exercise_ask_choice(exercise, (const char *const *)choices, CHOICES, 0, prompt);
    exercise_part_whole(
        part,
        "where it is written",
        items[0]->reference,
        "%s stands in %s.",
        items[0]->token,
        choices[0]
    );
    for (guint i = 0; i < CHOICES; i++) {
        g_free(choices[i]);
    }
}

static void ask_meaning(
    Exercise *exercise, const VocabularyItem *const *items, const char *what, bool asks_token
)
{
    const char *choices[CHOICES];
    for (guint i = 0; i < CHOICES; i++) {
        choices[i] = asks_token ? items[i]->token : items[i]->meaning;
    }
    g_autofree char *prompt =
        asks_token ? g_strdup_printf("Which is %s that means this? %s", what, items[0]->meaning)
                   : g_strdup_printf("What does %s %s mean?", what, items[0]->token);
    ExercisePart *part = exercise_ask_choice(exercise, choices, CHOICES, 0, prompt);
    exercise_part_whole(
        part, what, items[0]->reference, "%s: %s", items[0]->token, items[0]->meaning
    );
}

static const char *what_of(const PoolRow *row)
{
    switch (row->protocol) {
    case VOCABULARY_SMTP:
        return row->kind == VOCABULARY_REPLY           ? "the SMTP reply"
               : row->kind == VOCABULARY_COMMAND       ? "the SMTP command"
               : row->kind == VOCABULARY_ENHANCED_CODE ? "the enhanced status code"
                                                       : "the SMTP extension";
    case VOCABULARY_POP3:
        return "the POP3 command";
    case VOCABULARY_IMAP:
        return row->kind == VOCABULARY_COMMAND      ? "the IMAP command"
               : row->kind == VOCABULARY_FETCH_ITEM ? "the IMAP FETCH item"
                                                    : "the IMAP response code";
    case VOCABULARY_DNS:
        return "the DNS record type";
    case VOCABULARY_MIME:
    case VOCABULARY_MESSAGE:
        return "the header field";
    case VOCABULARY_SASL:
    case VOCABULARY_REPORT:
    case VOCABULARY_HTTP:
    case VOCABULARY_SPF:
    case VOCABULARY_DKIM:
    case VOCABULARY_DMARC:
    case VOCABULARY_TLS:
    case VOCABULARY_TCP:
    case VOCABULARY_IP:
    case VOCABULARY_SIEVE:
    case VOCABULARY_ARCHITECTURE:
    case N_VOCABULARY_PROTOCOLS:
        break;
    }
    g_assert_not_reached();
}

static bool ask_question(Exercise *exercise)
{
    const PoolRow *row = &pools[exercise_below(exercise, G_N_ELEMENTS(pools))];
    if (row->level > exercise->level) {
        return false;
    }
    g_autoptr(GPtrArray) pool = pool_items(row);
    const VocabularyItem *items[CHOICES];
    if (pool->len < CHOICES || !choose_items(exercise, pool, items)) {
        return false;
    }
    guint form = exercise_below(exercise, exercise->level == 1 ? 2 : 3);
    if (form == 2) {
        ask_section(exercise, items, what_of(row));
    } else {
        ask_meaning(exercise, items, what_of(row), form == 1);
    }
    return true;
}

void exercise_make_quiz(Exercise *exercise)
{
    exercise_say(exercise, "One answer is right in each question; a letter is enough.");
    guint asked = 0;
    while (asked < QUESTIONS) {
        asked += ask_question(exercise) ? 1 : 0;
    }
    exercise_set_hint(exercise, "`mailwalk rfc WORD` knows all of them.");
    exercise_set_try(exercise, "mailwalk rfc smtp");
}
