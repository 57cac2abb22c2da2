#include "ui/cli/rfc-command.h"

#include <stdio.h>
#include <string.h>

#include "protocol/catalogue/catalogue.h"
#include "protocol/rfc/rfc-index.h"
#include "ui/report/json-line.h"
#include "ui/report/text-layout.h"
#include "ui/report/vocabulary-json.h"
#include "ui/report/vocabulary-text.h"

/* Wider lines are hard to follow from the token at the left to the reference at the right. */
#define WIDEST_LINE 110
#define MOST_FOUND_BY_WORDS 15
#define MOST_MEMBERS_OF_SEVERAL_KINDS 60

static const CliCommand *command_row(void)
{
    return cli_command_find("rfc");
}

static const VocabularyItem *const *items_of(const GPtrArray *array)
{
    return (const VocabularyItem *const *)array->pdata;
}

static void add_title(TextLayout *layout, const char *title, const char *note)
{
    text_layout_row(
        layout, &(TextRow){.style = TEXT_HEADING, .text = title, .note = note, .indent = 0}
    );
}

static gint compare_kinds(gconstpointer left, gconstpointer right)
{
    const VocabularyItem *a = *(const VocabularyItem *const *)left;
    const VocabularyItem *b = *(const VocabularyItem *const *)right;
    if (a->protocol != b->protocol) {
        return a->protocol < b->protocol ? -1 : 1;
    }
    return a->kind == b->kind ? 0 : a->kind < b->kind ? -1 : 1;
}

/* How far the rows from 'first' on are of one protocol and kind. */
static guint end_of_kind(const GPtrArray *items, guint first)
{
    guint end = first + 1;
    while (end < items->len && compare_kinds(&items->pdata[first], &items->pdata[end]) == 0) {
        end++;
    }
    return end;
}

/* "reply" as "replies", "key" as "keys", "status" as "statuses". */
static char *plural(const char *name)
{
    gsize length = strlen(name);
    if (g_str_has_suffix(name, "ly")) {
        return g_strdup_printf("%.*sies", (int)length - 1, name);
    }
    return g_strconcat(name, name[length - 1] == 's' ? "es" : "s", NULL);
}

static char *kind_title(const VocabularyItem *item, guint count)
{
    g_autofree char *kind = plural(vocabulary_kind_name(item->kind));
    return g_strdup_printf("%s %s (%u)", vocabulary_protocol_name(item->protocol), kind, count);
}

static void add_lists_by_kind(TextLayout *layout, GPtrArray *items)
{
    for (guint first = 0; first < items->len;) {
        guint end = end_of_kind(items, first);
        g_autofree char *title = kind_title(items->pdata[first], end - first);
        if (first > 0) {
            text_layout_blank(layout);
        }
        add_title(layout, title, NULL);
        vocabulary_text_list(layout, items_of(items) + first, end - first);
        first = end;
    }
}

/* What there is of a whole protocol, and how to see it. */
static void add_overview(TextLayout *layout, GPtrArray *items)
{
    for (guint first = 0; first < items->len;) {
        guint end = end_of_kind(items, first);
        const VocabularyItem *item = items->pdata[first];
        g_autofree char *count = g_strdup_printf("%u", end - first);
        const char *protocol = vocabulary_protocol_name(item->protocol);
        g_autofree char *kind = plural(vocabulary_kind_name(item->kind));
        g_autofree char *text = g_strdup_printf("%s %s", protocol, kind);
        g_autofree char *query = g_strdup_printf("mailwalk rfc %s %s", protocol, kind);
        text_layout_row(
            layout,
            &(TextRow){
                .indent = 2,
                .label = count,
                .label_width = 5,
                .text = text,
                .note = query,
            }
        );
        first = end;
    }
}

/* Rows of one token stand side by side, at the place of the first of them. */
static void gather_tokens(GPtrArray *items)
{
    g_autoptr(GPtrArray) gathered = g_ptr_array_new();
    for (guint i = 0; i < items->len; i++) {
        const VocabularyItem *first = items->pdata[i];
        for (guint j = i; first != NULL && j < items->len; j++) {
            const VocabularyItem *item = items->pdata[j];
            if (item != NULL && item->kind == first->kind && item->protocol == first->protocol &&
                g_ascii_strcasecmp(item->token, first->token) == 0) {
                g_ptr_array_add(gathered, (gpointer)item);
                items->pdata[j] = NULL;
            }
        }
    }
    memcpy(items->pdata, gathered->pdata, gathered->len * sizeof(gpointer));
}

static void add_group(TextLayout *layout, GPtrArray *items)
{
    g_ptr_array_sort(items, compare_kinds);
    gather_tokens(items);
    if (end_of_kind(items, 0) < items->len && items->len > MOST_MEMBERS_OF_SEVERAL_KINDS) {
        add_overview(layout, items);
    } else {
        add_lists_by_kind(layout, items);
    }
}

/* "3.10" after "3.9", and an appendix after both. */
static gint compare_sections(gconstpointer left, gconstpointer right)
{
    const char *a = (*(const VocabularyItem *const *)left)->reference.section;
    const char *b = (*(const VocabularyItem *const *)right)->reference.section;
    while (*a != '\0' || *b != '\0') {
        guint64 number_a = g_ascii_strtoull(a, NULL, 10);
        guint64 number_b = g_ascii_strtoull(b, NULL, 10);
        if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b) && number_a != number_b) {
            return number_a < number_b ? -1 : 1;
        }
        if (*a != *b && !(g_ascii_isdigit(*a) && g_ascii_isdigit(*b))) {
            return (guchar)*a < (guchar)*b ? -1 : 1;
        }
        a += strcspn(a, ".");
        b += strcspn(b, ".");
        a += *a == '.';
        b += *b == '.';
    }
    return 0;
}

static void add_document(TextLayout *layout, const CatalogueResult *result)
{
    const RfcDocument *document = rfc_document(result->document.number);
    g_autofree char *title = g_strdup_printf("RFC %u: %s", document->number, document->title);
    g_autofree char *about = vocabulary_document_text(document->number);
    add_title(layout, title, NULL);
    text_layout_paragraph(layout, 2, TEXT_QUIET, about);
    if (result->document.section != NULL) {
        const char *heading = rfc_section_title(result->document);
        g_autofree char *section = g_strdup_printf(
            "Section %s: %s", result->document.section, heading == NULL ? "not known" : heading
        );
        text_layout_paragraph(layout, 2, TEXT_PLAIN, section);
    }
    if (result->items->len > 0) {
        text_layout_blank(layout);
        g_ptr_array_sort(result->items, compare_sections);
        vocabulary_text_list(layout, items_of(result->items), result->items->len);
    }
}

static void add_found_by_words(TextLayout *layout, const CatalogueResult *result)
{
    guint shown = MIN(result->items->len, MOST_FOUND_BY_WORDS);
    if (result->items->len <= 2) {
        vocabulary_text_senses(layout, items_of(result->items), result->items->len);
        return;
    }
    g_autofree char *count = g_strdup_printf("%u of %u", shown, result->items->len);
    add_title(layout, "Found by its words", shown < result->items->len ? count : NULL);
    for (guint first = 0; first < shown;) {
        guint end = MIN(end_of_kind(result->items, first), shown);
        const VocabularyItem *item = result->items->pdata[first];
        g_autofree char *kind = plural(vocabulary_kind_name(item->kind));
        g_autofree char *title =
            g_strdup_printf("%s %s", vocabulary_protocol_name(item->protocol), kind);
        text_layout_paragraph(layout, 1, TEXT_LABEL, title);
        vocabulary_text_list(layout, items_of(result->items) + first, end - first);
        first = end;
    }
}

static void add_nothing(TextLayout *layout, const char *query, const CatalogueResult *result)
{
    g_autofree char *text = g_strdup_printf("Nothing is known of '%s'.", query);
    text_layout_paragraph(layout, 0, TEXT_PLAIN, text);
    for (guint i = 0; i < result->suggestions->len; i++) {
        text_layout_row(
            layout,
            &(TextRow){
                .indent = 2,
                .label = i == 0 ? "Did you mean" : "or",
                .label_width = 14,
                .text = result->suggestions->pdata[i],
                .style = TEXT_PROTOCOL,
            }
        );
    }
}

static void print_text(const char *query, const CatalogueResult *result)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    layout.width = MIN(layout.width, WIDEST_LINE);
    switch (result->match) {
    case CATALOGUE_TOKEN:
        vocabulary_text_senses(&layout, items_of(result->items), result->items->len);
        if (result->members->len > 0) {
            text_layout_blank(&layout);
            add_group(&layout, result->members);
        }
        break;
    case CATALOGUE_GROUP:
        add_group(&layout, result->items);
        break;
    case CATALOGUE_DOCUMENT:
        add_document(&layout, result);
        break;
    case CATALOGUE_WORDS:
        add_found_by_words(&layout, result);
        break;
    case CATALOGUE_NOTHING:
        add_nothing(&layout, query, result);
        break;
    }
    text_layout_write(&layout, stdout);
    text_layout_clear(&layout);
}

static const char *match_name(CatalogueMatch match)
{
    static const char *const names[] = {
        [CATALOGUE_NOTHING] = "nothing",
        [CATALOGUE_TOKEN] = "token",
        [CATALOGUE_GROUP] = "group",
        [CATALOGUE_DOCUMENT] = "document",
        [CATALOGUE_WORDS] = "words",
    };
    return names[match];
}

static void print_json_items(JsonLine *line, const GPtrArray *items, const char *type)
{
    for (guint i = 0; i < items->len; i++) {
        json_line_begin(line, type);
        vocabulary_json_members(line, items->pdata[i]);
        json_line_end(line, stdout);
    }
}

static void print_json(const char *query, const CatalogueResult *result)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, "rfc");
    json_line_string(&line, "query", query);
    json_line_string(&line, "match", match_name(result->match));
    json_line_end(&line, stdout);
    print_json_items(&line, result->items, "item");
    print_json_items(&line, result->members, "member");
    json_line_begin(&line, "end");
    json_line_number(&line, "items", result->items->len);
    json_line_number(&line, "members", result->members->len);
    json_line_array_begin(&line, "suggestions");
    for (guint i = 0; i < result->suggestions->len; i++) {
        json_line_string(&line, NULL, result->suggestions->pdata[i]);
    }
    json_line_array_end(&line);
    json_line_end(&line, stdout);
    json_line_clear(&line);
}

static void print_dump(void)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        printf(
            "%u\t%s\t%s\t%s\t%s\t%s\n",
            item->reference.number,
            item->reference.section,
            vocabulary_protocol_name(item->protocol),
            vocabulary_kind_name(item->kind),
            item->token,
            item->meaning
        );
    }
}

/* A document is known, but has no such section. */
static bool is_unknown_section(const CatalogueResult *result)
{
    return result->match == CATALOGUE_DOCUMENT && result->document.section != NULL &&
           result->items->len == 0 && rfc_section_title(result->document) == NULL;
}

static ExitStatus run_query(const char *query, bool wants_json)
{
    g_autofree char *valid = g_utf8_make_valid(query, -1);
    g_autoptr(CatalogueResult) result = catalogue_search(valid);
    if (wants_json) {
        print_json(valid, result);
    } else {
        print_text(valid, result);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return EXIT_ENVIRONMENT;
    }
    bool is_unknown = result->match == CATALOGUE_NOTHING || is_unknown_section(result);
    return is_unknown ? EXIT_NO : EXIT_DONE;
}

static ExitStatus run_dump(void)
{
    print_dump();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

static const char description[] =
    "A query is a code, a verb, a keyword, a header field, a record type, a group,\n"
    "an RFC, or words of the meaning:\n"
    "  mailwalk rfc 454                 mailwalk rfc smtp replies\n"
    "  mailwalk rfc rcpt                mailwalk rfc imap fetch\n"
    "  mailwalk rfc 5.1.1               mailwalk rfc 5321 4.2.1\n"
    "  mailwalk rfc mx                  mailwalk rfc requested mail action completed\n"
    "\nExit status: 0 found, 1 nothing found, 2 the command line is not understood.\n";

/* POP3's negative status looks like an option. */
static void free_status_from_its_sign(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (g_ascii_strcasecmp(argv[i], "-ERR") == 0) {
            argv[i]++;
        }
    }
}

ExitStatus rfc_command_run(int argc, char **argv)
{
    gboolean wants_json = FALSE;
    gboolean wants_dump = FALSE;
    const GOptionEntry entries[] = {
        {.long_name = "json",
         .arg = G_OPTION_ARG_NONE,
         .arg_data = &wants_json,
         .description = "Print JSON lines instead of text"},
        {.long_name = "dump",
         .arg = G_OPTION_ARG_NONE,
         .arg_data = &wants_dump,
         .description = "Print everything: rfc, section, protocol, kind, token, meaning"},
        {0},
    };
    ExitStatus status;
    free_status_from_its_sign(argc, argv);
    if (!cli_parse_options(
            command_row(), "QUERY...", description, entries, &argc, &argv, &status
        )) {
        return status;
    }
    if (wants_dump) {
        if (argc > 1 || wants_json) {
            return cli_usage_error("rfc", "--dump prints everything and takes nothing else");
        }
        return run_dump();
    }
    if (argc < 2) {
        return cli_usage_error("rfc", "say what to look up: a code, a verb, a field, a word");
    }
    g_autofree char *query = g_strjoinv(" ", argv + 1);
    return run_query(query, wants_json);
}
