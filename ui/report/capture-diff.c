#include "ui/report/capture-diff.h"

#include <string.h>

/* What one conversation says, without what does not count. */
typedef struct {
    guint64 stream;
    const char *protocol;
    GPtrArray *steps; /* borrowed */
} Talk;

static void free_talk(gpointer data)
{
    Talk *talk = data;
    g_ptr_array_unref(talk->steps);
    g_free(talk);
}

static bool counts(const Step *step)
{
    return step->kind == STEP_COMMAND || step->kind == STEP_REPLY ||
           step->kind == STEP_CONTINUATION || step->kind == STEP_MESSAGE ||
           step->kind == STEP_CONTENT || step->kind == STEP_OPAQUE;
}

/* Conversations with a mail protocol, in the order of their numbers. */
static gint by_stream(gconstpointer left, gconstpointer right)
{
    const Talk *a = *(const Talk *const *)left;
    const Talk *b = *(const Talk *const *)right;
    return a->stream < b->stream ? -1 : a->stream > b->stream;
}

static GPtrArray *talks_of(const Timeline *timeline)
{
    GPtrArray *talks = g_ptr_array_new_with_free_func(free_talk);
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (!step->has_stream || !counts(step)) {
            continue;
        }
        Talk *talk = g_hash_table_lookup(known, &step->stream);
        if (talk == NULL) {
            talk = g_new0(Talk, 1);
            talk->stream = step->stream;
            talk->protocol = step->protocol;
            talk->steps = g_ptr_array_new();
            g_hash_table_insert(known, &talk->stream, talk);
            g_ptr_array_add(talks, talk);
        }
        g_ptr_array_add(talk->steps, (gpointer)step);
    }
    g_ptr_array_sort(talks, by_stream);
    return talks;
}

static const Step *step_at(const Talk *talk, guint index)
{
    return index < talk->steps->len ? talk->steps->pdata[index] : NULL;
}

/* The number of lines of a reply is not compared: what a server offers and lists is its own. */
static bool is_same_protocol(const Step *here, const Step *there)
{
    return here->kind == there->kind && here->is_from_server == there->is_from_server &&
           g_strcmp0(here->title, there->title) == 0;
}

static bool has_other_arguments(const Step *here, const Step *there)
{
    return here->kind == STEP_COMMAND && g_ascii_strcasecmp(here->text, there->text) != 0;
}

static void write_side(TextLayout *layout, const char *label, const Step *step)
{
    g_autofree char *text = step == NULL ? g_strdup("nothing more is said")
                                         : g_strdup_printf(
                                               "%" G_GUINT64_FORMAT "  %s  %s",
                                               step->number,
                                               step->is_from_server ? "S" : "C",
                                               step->text
                                           );
    const char *end = strchr(text, '\n');
    g_autofree char *first = end == NULL ? g_strdup(text) : g_strndup(text, (gsize)(end - text));
    TextRow row = {
        .indent = 4,
        .label = label,
        .label_style = TEXT_LABEL,
        .label_width = 8,
        .text = first,
        .style = TEXT_PROTOCOL,
    };
    text_layout_row(layout, &row);
    if (step != NULL && step->meaning != NULL) {
        text_layout_paragraph(layout, 12, TEXT_PLAIN, step->meaning);
    }
}

static void write_parting(TextLayout *layout, const Talk *here, const Talk *there, guint place)
{
    g_autofree char *heading =
        place == 0   ? g_strdup("They differ from the very first line:")
        : place == 1 ? g_strdup("The first line agrees; then they part:")
                     : g_strdup_printf("The first %u lines agree; then they part:", place);
    text_layout_paragraph(layout, 2, TEXT_WARNING, heading);
    if (place > 0) {
        write_side(layout, "both", step_at(here, place - 1));
    }
    write_side(layout, "here", step_at(here, place));
    write_side(layout, "there", step_at(there, place));
}

static void write_arguments(TextLayout *layout, const Talk *here, const Talk *there, guint length)
{
    guint found = 0;
    for (guint i = 0; i < length; i++) {
        const Step *ours = step_at(here, i);
        const Step *theirs = step_at(there, i);
        if (!has_other_arguments(ours, theirs)) {
            continue;
        }
        if (++found == 1) {
            text_layout_paragraph(layout, 2, TEXT_PLAIN, "Other arguments of the same command:");
        }
        if (found <= DIFF_ARGUMENTS_SHOWN) {
            write_side(layout, "here", &(Step){.number = ours->number, .text = ours->text});
            write_side(layout, "there", &(Step){.number = theirs->number, .text = theirs->text});
        }
    }
    if (found > DIFF_ARGUMENTS_SHOWN) {
        g_autofree char *more = g_strdup_printf("and %u more", found - DIFF_ARGUMENTS_SHOWN);
        text_layout_paragraph(layout, 4, TEXT_QUIET, more);
    }
}

static bool compare(TextLayout *layout, const Talk *here, const Talk *there)
{
    guint place = 0;
    guint longest = MAX(here->steps->len, there->steps->len);
    g_autofree char *heading = g_strdup_printf(
        "%s: stream %" G_GUINT64_FORMAT " here, stream %" G_GUINT64_FORMAT " there",
        here->protocol,
        here->stream,
        there->stream
    );
    text_layout_paragraph(layout, 0, TEXT_HEADING, heading);
    while (step_at(here, place) != NULL && step_at(there, place) != NULL &&
           is_same_protocol(step_at(here, place), step_at(there, place))) {
        place++;
    }
    bool is_same = place == longest;
    if (is_same) {
        g_autofree char *text = place == 1
                                    ? g_strdup("The only line agrees as protocol.")
                                    : g_strdup_printf("All %u lines agree as protocol.", place);
        text_layout_paragraph(layout, 2, TEXT_GOOD, text);
    } else {
        write_parting(layout, here, there, place);
    }
    write_arguments(layout, here, there, place);
    text_layout_blank(layout);
    return is_same;
}

/* The next conversation of that protocol that has no partner yet. */
static Talk *take_partner(GPtrArray *talks, const char *protocol)
{
    for (guint i = 0; i < talks->len; i++) {
        Talk *talk = talks->pdata[i];
        if (g_str_equal(talk->protocol, protocol)) {
            return g_ptr_array_steal_index(talks, i);
        }
    }
    return NULL;
}

static void write_alone(TextLayout *layout, const Talk *talk, const char *where)
{
    g_autofree char *text = g_strdup_printf(
        "%s: stream %" G_GUINT64_FORMAT " is only %s, %u lines",
        talk->protocol,
        talk->stream,
        where,
        talk->steps->len
    );
    text_layout_paragraph(layout, 0, TEXT_WARNING, text);
}

bool capture_diff_write(TextLayout *layout, const Timeline *here, const Timeline *there)
{
    g_autoptr(GPtrArray) ours = talks_of(here);
    g_autoptr(GPtrArray) theirs = talks_of(there);
    bool is_same = true;
    for (guint i = 0; i < ours->len; i++) {
        const Talk *talk = ours->pdata[i];
        Talk *partner = take_partner(theirs, talk->protocol);
        if (partner == NULL) {
            write_alone(layout, talk, "here");
            is_same = false;
        } else {
            is_same &= compare(layout, talk, partner);
            free_talk(partner);
        }
    }
    for (guint i = 0; i < theirs->len; i++) {
        write_alone(layout, theirs->pdata[i], "there");
        is_same = false;
    }
    return is_same;
}
