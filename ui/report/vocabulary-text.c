#include "ui/report/vocabulary-text.h"

#include <string.h>

#include "protocol/catalogue/catalogue.h"
#include "protocol/imap/imap-vocabulary.h"
#include "protocol/pop3/pop3-vocabulary.h"
#include "protocol/rfc/rfc-index.h"
#include "protocol/smtp/smtp-vocabulary.h"
#include "ui/report/vocabulary-replies.h"

#define INDENT 2
#define DETAIL_WIDTH 10
#define WIDEST_LABEL 22

static const struct {
    VocabularyProtocol protocol;
    const char *(*state_name)(guint32 state);
} state_names[] = {
    {VOCABULARY_SMTP, smtp_state_name},
    {VOCABULARY_POP3, pop3_state_name},
    {VOCABULARY_IMAP, imap_state_name},
};

char *vocabulary_state_names(const VocabularyItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(state_names); i++) {
        if (state_names[i].protocol != item->protocol || item->states == 0) {
            continue;
        }
        GString *names = g_string_new(NULL);
        for (guint bit = 0; bit < 32; bit++) {
            if ((item->states & (1u << bit)) != 0) {
                g_string_append(names, names->len > 0 ? ", " : "");
                g_string_append(names, state_names[i].state_name(1u << bit));
            }
        }
        return g_string_free(names, FALSE);
    }
    return NULL;
}

/* "2008-10" as "October 2008". */
static void append_date(GString *text, const char *date)
{
    static const char *const months[] = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    };
    g_auto(GStrv) parts = g_strsplit(date, "-", 2);
    guint64 month;
    if (g_strv_length(parts) == 2 &&
        g_ascii_string_to_unsigned(parts[1], 10, 1, 12, &month, NULL)) {
        g_string_append_printf(text, "%s %s", months[month - 1], parts[0]);
    } else {
        g_string_append(text, date);
    }
}

/* "DRAFT STANDARD" as "Draft Standard". */
static void append_status(GString *text, const char *status)
{
    bool is_start = true;
    for (; *status != '\0'; status++) {
        g_string_append_c(text, is_start ? *status : g_ascii_tolower(*status));
        is_start = *status == ' ';
    }
}

/* "9989,9990,9991" as "RFC 9989, 9990 and 9991". */
static void append_numbers(GString *text, const char *numbers)
{
    g_auto(GStrv) parts = g_strsplit_set(numbers, ", ", -1);
    guint count = g_strv_length(parts);
    for (guint i = 0; i < count; i++) {
        const char *joint = i == 0 ? "RFC " : i + 1 == count ? " and " : ", ";
        g_string_append_printf(text, "%s%s", joint, parts[i]);
    }
}

char *vocabulary_document_text(guint16 number)
{
    const RfcDocument *document = rfc_document(number);
    if (document == NULL) {
        return g_strdup("");
    }
    GString *text = g_string_new(NULL);
    append_date(text, document->date);
    if (strcmp(document->status, "UNKNOWN") != 0) {
        g_string_append(text, ", ");
        append_status(text, document->status);
    }
    if (document->obsoleted_by[0] != '\0') {
        g_string_append(text, ", obsoleted by ");
        append_numbers(text, document->obsoleted_by);
    }
    return g_string_free(text, FALSE);
}

/* So that no line ends with "RFC" or begins with a section. */
static char *with_whole_references(const char *text)
{
    g_auto(GStrv) by_number = g_strsplit(text, "RFC ", -1);
    g_autofree char *joined = g_strjoinv("RFC\u00a0", by_number);
    g_auto(GStrv) by_section = g_strsplit(joined, " §", -1);
    return g_strjoinv("\u00a0§", by_section);
}

/* The place with its title, the document's date and status, and who had it first. */
static char *place_text(const VocabularyItem *item)
{
    g_autofree char *reference = rfc_reference_to_string(item->reference);
    g_autofree char *document = vocabulary_document_text(item->reference.number);
    const char *title = rfc_section_title(item->reference);
    GString *text = g_string_new(reference);
    if (title != NULL) {
        g_string_append_printf(text, " (%s)", title);
    }
    if (document[0] != '\0') {
        g_string_append_printf(text, ", %s", document);
    }
    const RfcDocument *first = rfc_document(item->since);
    if (first != NULL) {
        g_string_append_printf(text, "; first in RFC %u, ", item->since);
        append_date(text, first->date);
    }
    char *place = with_whole_references(text->str);
    g_string_free(text, TRUE);
    return place;
}

static void add_detail(TextLayout *layout, guint indent, const char *label, const char *text)
{
    text_layout_row(
        layout,
        &(TextRow){
            .indent = indent,
            .label = label,
            .label_style = TEXT_LABEL,
            .label_width = DETAIL_WIDTH,
            .text = text,
        }
    );
}

static void add_details(TextLayout *layout, guint indent, const VocabularyItem *item)
{
    if (item->syntax != NULL) {
        add_detail(layout, indent, "Form", item->syntax);
    }
    g_autofree char *states = vocabulary_state_names(item);
    if (states != NULL && item->kind != VOCABULARY_STATE) {
        add_detail(layout, indent, "State", states);
    }
    if (item->is_secret) {
        add_detail(layout, indent, "Secret", "What it carries is a password or the proof of one.");
    }
    if (item->shape != REPLY_SHAPE_NONE) {
        add_detail(layout, indent, "Answer", reply_shape_meaning(item->shape));
    }
    vocabulary_add_replies(layout, indent, DETAIL_WIDTH, item);
}

static bool has_same_details(const VocabularyItem *left, const VocabularyItem *right)
{
    return left != NULL && left->states == right->states && left->shape == right->shape &&
           left->is_secret == right->is_secret && g_strcmp0(left->syntax, right->syntax) == 0 &&
           g_strcmp0(left->replies, right->replies) == 0;
}

static void add_sense(
    TextLayout *layout, guint label_width, const VocabularyItem *item, const VocabularyItem *before
)
{
    guint indent = INDENT + label_width;
    g_autofree char *place = place_text(item);
    text_layout_row(
        layout,
        &(TextRow){
            .indent = INDENT,
            .label = item->context != NULL ? item->context
                     : label_width > 0     ? "general"
                                           : NULL,
            .label_style = TEXT_LABEL,
            .label_width = label_width,
            .text = item->meaning,
        }
    );
    bool is_obsolete = rfc_is_obsolete(item->reference.number);
    text_layout_paragraph(layout, indent, is_obsolete ? TEXT_WARNING : TEXT_QUIET, place);
    if (item->replaced_by != NULL) {
        g_autofree char *advice = g_strdup_printf("Out of use; instead: %s.", item->replaced_by);
        text_layout_paragraph(layout, indent, TEXT_WARNING, advice);
    }
    if (!has_same_details(before, item)) {
        add_details(layout, indent, item);
    }
}

static bool shares_heading(const VocabularyItem *left, const VocabularyItem *right)
{
    return left->protocol == right->protocol && left->kind == right->kind &&
           g_ascii_strcasecmp(left->token, right->token) == 0;
}

static guint label_width_of(const VocabularyItem *const *items, gsize count)
{
    bool has_context = false;
    guint width = text_width("general") + 2;
    for (gsize i = 0; i < count; i++) {
        if (items[i]->context != NULL) {
            has_context = true;
            width = MAX(width, text_width(items[i]->context) + 2);
        }
    }
    return has_context ? MIN(width, WIDEST_LABEL) : 0;
}

static void add_heading(TextLayout *layout, const VocabularyItem *item)
{
    g_autofree char *heading = g_strdup_printf(
        "%s %s %s",
        vocabulary_protocol_name(item->protocol),
        vocabulary_kind_name(item->kind),
        item->token
    );
    text_layout_paragraph(layout, 0, TEXT_HEADING, heading);
}

void vocabulary_text_senses(TextLayout *layout, const VocabularyItem *const *items, gsize count)
{
    for (gsize first = 0; first < count;) {
        gsize end = first + 1;
        while (end < count && shares_heading(items[first], items[end])) {
            end++;
        }
        if (first > 0) {
            text_layout_blank(layout);
        }
        add_heading(layout, items[first]);
        guint label_width = label_width_of(items + first, end - first);
        for (gsize i = first; i < end; i++) {
            add_sense(layout, label_width, items[i], i > first ? items[i - 1] : NULL);
        }
        vocabulary_add_reply_class(layout, INDENT, items[first]);
        first = end;
    }
}

void vocabulary_text_list(TextLayout *layout, const VocabularyItem *const *items, gsize count)
{
    guint width = 0;
    for (gsize i = 0; i < count; i++) {
        width = MAX(width, text_width(items[i]->token) + 2);
    }
    width = MIN(width, MIN(WIDEST_LABEL, layout->width / 3));
    for (gsize i = 0; i < count; i++) {
        const VocabularyItem *item = items[i];
        bool is_repeated = i > 0 && shares_heading(items[i - 1], item);
        g_autofree char *reference = rfc_reference_to_string(item->reference);
        g_autofree char *meaning = item->context == NULL
                                       ? g_strdup(item->meaning)
                                       : g_strdup_printf("%s: %s", item->context, item->meaning);
        text_layout_row(
            layout,
            &(TextRow){
                .indent = INDENT,
                .label = is_repeated ? NULL : item->token,
                .label_style = TEXT_PROTOCOL,
                .label_width = width,
                .text = meaning,
                .style = catalogue_is_in_force(item) ? TEXT_PLAIN : TEXT_QUIET,
                .note = reference,
            }
        );
    }
}
