#include "ui/report/exercise-feedback.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"

#define LABEL_WIDTH 12
#define LINES_SHOWN 12

char *feedback_points(guint tenths)
{
    return tenths % 10 == 0 ? g_strdup_printf("%u", tenths / 10)
                            : g_strdup_printf("%u.%u", tenths / 10, tenths % 10);
}

const char *feedback_where(const ExercisePartVerdict *part)
{
    return exercise_part_verdict_has_place(part) ? part->where : "not yet";
}

static void
add_row(TextLayout *layout, const char *label, TextStyle style, const char *text, const char *note)
{
    g_autofree char *safe = text_safe(text);
    text_layout_row(
        layout,
        &(TextRow){
            .indent = 2,
            .label = label,
            .label_style = TEXT_LABEL,
            .label_width = LABEL_WIDTH,
            .text = safe,
            .style = style,
            .note = note,
        }
    );
}

/* An answer of several lines, the first ones of it. */
static void add_answer(TextLayout *layout, const char *label, TextStyle style, const char *answer)
{
    g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (i == LINES_SHOWN) {
            add_row(layout, "", TEXT_QUIET, "...", NULL);
            return;
        }
        g_strchomp(lines[i]);
        add_row(layout, i == 0 ? label : "", style, lines[i], NULL);
    }
}

static void add_wrong_part(TextLayout *layout, const ExercisePartVerdict *part, bool hides_key)
{
    g_autofree char *reference =
        part->reference.number == 0 ? NULL : rfc_reference_to_string(part->reference);
    bool is_program = part->part->form == ANSWER_PROGRAM;
    const char *wrote = !part->is_given          ? "(nothing)"
                        : part->wrote[0] == '\0' ? "(your working, without a result)"
                        : part->shown != NULL    ? part->shown
                                                 : part->wrote;
    add_answer(layout, "you wrote", TEXT_BAD, wrote);
    if (!hides_key && !is_program) {
        add_answer(layout, "right", TEXT_GOOD, part->part->key);
    }
    if (exercise_part_verdict_has_place(part)) {
        add_row(layout, "where", TEXT_PLAIN, part->where, NULL);
    }
    if (part->why != NULL && !(hides_key && part->mistake == NULL)) {
        add_row(layout, "why", TEXT_PLAIN, part->why, reference);
    }
    if (part->next != NULL) {
        add_row(
            layout,
            g_str_has_prefix(part->next, "mailwalk") ? "try" : "next",
            TEXT_PLAIN,
            part->next,
            NULL
        );
    }
}

static void add_part(TextLayout *layout, const ExercisePartVerdict *part, bool hides_key)
{
    if (part->part->label != '\0') {
        char label[4] = {part->part->label, ')', '\0', '\0'};
        g_autofree char *text = g_strdup_printf(
            "%s  %s",
            label,
            part->is_right   ? "right"
            : part->is_given ? "not yet"
                             : "not answered"
        );
        text_layout_line(layout, 2, part->is_right ? TEXT_GOOD : TEXT_WARNING, text);
    }
    if (!part->is_right) {
        add_wrong_part(layout, part, hides_key);
    } else if (part->is_other_form) {
        add_row(
            layout,
            "right",
            TEXT_GOOD,
            "Your form differs from the key's, and it is right too.",
            NULL
        );
    }
}

void feedback_text(
    TextLayout *layout, const ExerciseVerdict *verdict, guint number, guint count, bool hides_key
)
{
    const ExerciseKind *kind = verdict->exercise->kind;
    const char *judgement = verdict->is_right   ? "right"
                            : verdict->is_given ? "not yet"
                                                : "not answered";
    g_autofree char *place =
        number == 0 ? g_strdup("") : g_strdup_printf(", question %u of %u", number, count);
    g_autofree char *steps = g_strdup_printf("%u of %u steps", verdict->n_right, verdict->n_steps);
    g_autofree char *heading = g_strdup_printf("%s%s · %s", kind->name, place, judgement);
    text_layout_row(
        layout,
        &(TextRow){
            .text = heading,
            .style = verdict->is_right ? TEXT_GOOD : TEXT_HEADING,
            .note = verdict->is_given ? steps : NULL,
        }
    );
    for (guint i = 0; i < verdict->parts->len; i++) {
        add_part(layout, exercise_verdict_part(verdict, i), hides_key);
    }
}

char *feedback_plain(const ExerciseVerdict *verdict, guint number, guint count)
{
    TextLayout layout;
    text_layout_init_plain(&layout, 80);
    feedback_text(&layout, verdict, number, count, false);
    char *text = g_strdup(layout.text->str);
    text_layout_clear(&layout);
    return text;
}

void feedback_mark_text(TextLayout *layout, const Mark *mark, const char *title)
{
    g_autofree char *points = feedback_points(mark->tenths);
    g_autofree char *maximum = feedback_points(mark->maximum_tenths);
    g_autofree char *note = g_strdup_printf("%s of %s points", points, maximum);
    text_layout_row(layout, &(TextRow){.text = title, .style = TEXT_HEADING, .note = note});
    if (mark->student != NULL) {
        const char *name = mark->student->name == NULL ? "" : mark->student->name;
        g_autofree char *line = g_strdup_printf("%s  %s", mark->student->id, name);
        text_layout_row(layout, &(TextRow){.text = g_strchomp(line)});
    }
    text_layout_blank(layout);
    for (guint i = 0; i < mark->verdicts->len; i++) {
        feedback_text(layout, mark->verdicts->pdata[i], i + 1, mark->verdicts->len, false);
        text_layout_blank(layout);
    }
}

/* --- the class --- */

#define BAR_WIDTH 20
#define STEPS_SHOWN 12

static char *bar(guint part, guint whole, guint width)
{
    guint length = whole == 0 ? 0 : (part * width + whole - 1) / whole;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < width; i++) {
        g_string_append(text, i < length ? "█" : "░");
    }
    return g_string_free(text, FALSE);
}

static void add_histogram(TextLayout *layout, const ClassTable *table)
{
    guint most = 1;
    for (guint i = 0; i < G_N_ELEMENTS(table->histogram); i++) {
        most = MAX(most, table->histogram[i]);
    }
    text_layout_line(layout, 0, TEXT_HEADING, "Points");
    for (guint i = 0; i < G_N_ELEMENTS(table->histogram); i++) {
        g_autofree char *drawn = bar(table->histogram[i], most, BAR_WIDTH);
        g_autofree char *line =
            i == 10 ? g_strdup_printf("      100 %%  %s %u", drawn, table->histogram[i])
                    : g_strdup_printf(
                          "%3u to %3u %%  %s %u", i * 10, i * 10 + 9, drawn, table->histogram[i]
                      );
        text_layout_line(layout, 2, TEXT_PLAIN, line);
    }
}

static void add_missed(TextLayout *layout, const ClassTable *table)
{
    g_autoptr(GPtrArray) steps = class_table_most_missed(table);
    text_layout_line(layout, 0, TEXT_HEADING, "Steps missed most");
    for (guint i = 0; i < MIN(steps->len, STEPS_SHOWN); i++) {
        const MissedStep *step = steps->pdata[i];
        g_autofree char *drawn = bar(step->missed, step->asked, BAR_WIDTH);
        g_autofree char *label = g_strdup_printf(
            "%s %3u %%", drawn, step->asked == 0 ? 0 : step->missed * 100 / step->asked
        );
        g_autofree char *text =
            g_strdup_printf("%u %s: %s", step->question + 1, step->kind, step->skill);
        g_autofree char *note = g_strdup_printf("%u of %u", step->missed, step->asked);
        text_layout_row(
            layout,
            &(TextRow
            ){.indent = 2, .label = label, .label_width = BAR_WIDTH + 7, .text = text, .note = note}
        );
    }
    if (steps->len == 0) {
        text_layout_line(layout, 2, TEXT_GOOD, "none");
    }
}

static void add_absent(TextLayout *layout, const ClassTable *table, const ClassSheet *sheet)
{
    g_autoptr(GPtrArray) absent = class_table_absent(table, sheet);
    if (absent->len == 0) {
        return;
    }
    GString *ids = g_string_new(NULL);
    for (guint i = 0; i < MIN(absent->len, 20); i++) {
        const ClassStudent *student = absent->pdata[i];
        g_string_append_printf(ids, "%s%s", i == 0 ? "" : ", ", student->id);
    }
    g_string_append(ids, absent->len > 20 ? " ..." : "");
    g_autofree char *text = g_strdup_printf("%u without a marking: %s", absent->len, ids->str);
    text_layout_paragraph(layout, 2, TEXT_PLAIN, text);
    g_string_free(ids, TRUE);
}

void feedback_class_text(TextLayout *layout, const ClassTable *table, const ClassSheet *sheet)
{
    guint share =
        table->maximum_tenths == 0 ? 0 : (guint)(table->tenths * 100 / table->maximum_tenths);
    g_autofree char *line = g_strdup_printf(
        "%u of %u students marked, %u hand-ins could not be, %u came twice; %u %% of all points",
        table->n_marked,
        sheet->students->len,
        table->n_unreadable,
        table->n_duplicates,
        share
    );
    text_layout_line(layout, 0, TEXT_HEADING, "Class");
    text_layout_paragraph(layout, 2, TEXT_PLAIN, line);
    add_absent(layout, table, sheet);
    text_layout_blank(layout);
    add_histogram(layout, table);
    text_layout_blank(layout);
    add_missed(layout, table);
}
