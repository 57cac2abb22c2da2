#include "ui/report/step-text.h"

#include "protocol/rfc/rfc-index.h"
#include "ui/report/transcript.h"

#include <string.h>

#define NUMBER_WIDTH 5
#define TIME_WIDTH 9
#define TEXT_START (NUMBER_WIDTH + TIME_WIDTH + 5)
#define REFERENCE_WIDTH 18
#define WIDE 110 /* from here on the meaning stands beside the text */
#define LABEL_WIDEST 30

/* Where the columns of a row lie in this width. */
typedef struct {
    bool is_wide;
    guint text_width;
    guint meaning_start;
    guint meaning_width;
    guint reference_start;
} Columns;

static Columns columns_of(const TextLayout *layout)
{
    Columns columns = {.is_wide = layout->width >= WIDE};
    guint room = layout->width > TEXT_START + REFERENCE_WIDTH + 22
                     ? layout->width - TEXT_START - REFERENCE_WIDTH - 2
                     : 20;
    if (columns.is_wide) {
        columns.text_width = room * 46 / 100;
        columns.meaning_start = TEXT_START + columns.text_width + 2;
        columns.meaning_width = room - columns.text_width - 2;
    } else {
        columns.text_width = layout->width > TEXT_START + 20 ? layout->width - TEXT_START : 20;
        columns.meaning_start = TEXT_START + 2;
        columns.meaning_width = room - 2;
    }
    columns.reference_start = layout->width > REFERENCE_WIDTH ? layout->width - REFERENCE_WIDTH : 0;
    return columns;
}

char *step_text_time(gint64 time_ns)
{
    g_autoptr(GDateTime) time =
        g_date_time_new_from_unix_utc(time_ns / G_GINT64_CONSTANT(1000000000));
    if (time == NULL) {
        return g_strdup("at an unknown time");
    }
    g_autofree char *text = g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
    return g_strdup_printf("%s.%03d UTC", text, (int)(time_ns / 1000000 % 1000));
}

static char *reference_text(RfcReference reference)
{
    return reference.number == 0 ? NULL : rfc_reference_to_string(reference);
}

static char *main_reference(const Step *step)
{
    return step->references->len == 0
               ? NULL
               : reference_text(g_array_index(step->references, RfcReference, 0));
}

static const char *side_mark(const Step *step)
{
    switch (step->kind) {
    case STEP_COMMAND:
    case STEP_REPLY:
    case STEP_CONTINUATION:
    case STEP_MESSAGE:
    case STEP_CONTENT:
    case STEP_TCP:
    case STEP_FRAME:
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
        return step->is_from_server ? "S" : "C";
    case STEP_CHAPTER:
    case STEP_CONNECTION:
    case STEP_CREDENTIAL:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_FRAGMENT:
    case STEP_CLOSED:
    case STEP_WORLD:
    case N_STEP_KINDS:
        return "-";
    }
    return "-";
}

static TextStyle text_style(const Step *step)
{
    switch (step->kind) {
    case STEP_COMMAND:
    case STEP_REPLY:
    case STEP_CONTINUATION:
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
    case STEP_MESSAGE:
    case STEP_CONTENT:
        return TEXT_PROTOCOL;
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_FRAGMENT:
        return TEXT_WARNING;
    case STEP_TCP:
    case STEP_FRAME:
    case STEP_CONNECTION:
        return TEXT_QUIET;
    case STEP_CHAPTER:
        return TEXT_HEADING;
    case STEP_CREDENTIAL:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_CLOSED:
    case STEP_WORLD:
    case N_STEP_KINDS:
        return TEXT_PLAIN;
    }
    return TEXT_PLAIN;
}

/* A line of the step with what it means: beside each other, or the meaning below. 'head' is what
 * stands left of the text. */
static void write_line(
    TextLayout *layout,
    const char *head,
    const char *text,
    TextStyle style,
    const char *meaning,
    const char *reference
)
{
    Columns columns = columns_of(layout);
    TextCell row[] = {
        {.start = 0, .width = TEXT_START, .text = head, .style = TEXT_QUIET},
        {.start = TEXT_START, .width = columns.text_width, .text = text, .style = style},
        {.start = columns.meaning_start, .width = columns.meaning_width, .text = meaning},
        {.start = columns.reference_start,
         .width = REFERENCE_WIDTH,
         .text = reference,
         .style = TEXT_QUIET,
         .is_right = true},
    };

    if (columns.is_wide) {
        text_layout_cells(layout, row, G_N_ELEMENTS(row));
        return;
    }
    /* The reference stands beside a short text, else beside the meaning. */
    bool is_beside = text_width(text) + REFERENCE_WIDTH + 2 <= columns.text_width;
    TextCell below[] = {row[2], row[3]};
    TextCell first[] = {row[0], row[1], row[3]};
    text_layout_cells(layout, first, is_beside ? 3 : 2);
    below[0].width += is_beside ? REFERENCE_WIDTH + 2 : 0;
    if ((meaning != NULL && *meaning != '\0') || (reference != NULL && !is_beside)) {
        text_layout_cells(layout, below, is_beside ? 1 : 2);
    }
}

static char *head_of(const Step *step, gint64 begin_ns)
{
    gint64 since_ms = MAX(step->time_ns - begin_ns, 0) / 1000000;
    g_autofree char *time =
        g_strdup_printf("%" G_GINT64_FORMAT ".%03d", since_ms / 1000, (int)(since_ms % 1000));
    if (step->kind == STEP_FRAME) {
        g_autofree char *frame = g_strdup_printf("#%s", step->title);
        return g_strdup_printf(
            "%*s %*s  %s", NUMBER_WIDTH, frame, TIME_WIDTH, time, side_mark(step)
        );
    }
    return g_strdup_printf(
        "%*" G_GUINT64_FORMAT " %*s  %s",
        NUMBER_WIDTH,
        step->number,
        TIME_WIDTH,
        time,
        side_mark(step)
    );
}

/* The row below a reply that says what this one line of it means: its label is the line's end. */
static const StepDetail *detail_of_line(const Step *step, const char *line, guint64 *taken)
{
    g_autofree char *trimmed = g_strchomp(g_strdup(line));
    for (guint i = 0; i < MIN(step->details->len, 64); i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        bool is_taken = (*taken & G_GUINT64_CONSTANT(1) << i) != 0;
        if (!is_taken && detail->label[0] != '\0' && g_str_has_suffix(trimmed, detail->label)) {
            *taken |= G_GUINT64_CONSTANT(1) << i;
            return detail;
        }
    }
    return NULL;
}

static void write_further_lines(TextLayout *layout, const Step *step, char **lines, guint64 *taken)
{
    guint count = g_strv_length(lines);
    for (guint i = 1; i < MIN(count, TRANSCRIPT_LINES_SHOWN); i++) {
        const StepDetail *detail = detail_of_line(step, lines[i], taken);
        g_autofree char *reference = detail == NULL ? NULL : reference_text(detail->reference);
        write_line(
            layout, "", lines[i], text_style(step), detail == NULL ? NULL : detail->text, reference
        );
    }
    if (count > TRANSCRIPT_LINES_SHOWN) {
        g_autofree char *more =
            g_strdup_printf("(%u more lines; --json has them all)", count - TRANSCRIPT_LINES_SHOWN);
        write_line(layout, "", more, TEXT_QUIET, NULL, NULL);
    }
}

static void write_details(TextLayout *layout, const Step *step, guint64 taken)
{
    guint widest = 0;
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        bool is_taken = i < 64 && (taken & G_GUINT64_CONSTANT(1) << i) != 0;
        widest = is_taken ? widest : MAX(widest, text_width(detail->label));
    }
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (i < 64 && (taken & G_GUINT64_CONSTANT(1) << i) != 0) {
            continue;
        }
        g_autofree char *note = reference_text(detail->reference);
        text_layout_row(
            layout,
            &(TextRow){
                .indent = TEXT_START + 2 + 2 * detail->indent,
                .label = detail->label,
                .label_style = TEXT_LABEL,
                .label_width = MIN(widest, LABEL_WIDEST) + 2,
                .text = detail->text,
                .note = note,
            }
        );
    }
}

static void write_remarks(TextLayout *layout, const Step *step)
{
    static const TextStyle styles[] = {TEXT_PLAIN, TEXT_WARNING, TEXT_BAD};
    static const char *const marks[] = {"i", "!", "!!"};
    for (guint i = 0; i < step->remarks->len; i++) {
        const StepRemark *remark = &g_array_index(step->remarks, StepRemark, i);
        g_autofree char *note = reference_text(remark->reference);
        TextRow row = {
            .indent = TEXT_START + 2,
            .label = marks[remark->severity],
            .label_style = styles[remark->severity],
            .label_width = 3,
            .text = remark->text,
            .style = styles[remark->severity],
            .note = note,
        };
        text_layout_row(layout, &row);
        if (remark->instead != NULL) {
            row = (TextRow){.indent = TEXT_START + 5, .text = remark->instead};
            text_layout_row(layout, &row);
        }
    }
}

static char *meaning_and_reason(const Step *step)
{
    bool is_said = step->meaning == NULL || g_strcmp0(step->text, step->meaning) == 0;
    return g_strconcat(
        is_said ? "" : step->meaning,
        is_said || step->why == NULL ? "" : " ",
        step->why == NULL ? "" : step->why,
        NULL
    );
}

void step_text_row(TextLayout *layout, const Step *step, gint64 begin_ns)
{
    guint64 taken = 0;
    g_autofree char *head = head_of(step, begin_ns);
    g_autofree char *reference = main_reference(step);
    g_auto(GStrv) lines = g_strsplit(step->text == NULL ? "" : step->text, "\n", -1);
    const char *first = lines[0] == NULL ? "" : lines[0];
    bool has_lines = lines[0] != NULL && lines[1] != NULL;
    g_autofree char *meaning = meaning_and_reason(step);
    write_line(layout, head, first, text_style(step), meaning, reference);
    if (has_lines) {
        write_further_lines(layout, step, lines, &taken);
    }
    write_details(layout, step, taken);
    write_remarks(layout, step);
}
