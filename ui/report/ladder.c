#include "ui/report/ladder.h"

#include <string.h>

#define NUMBER_WIDTH 6
#define FIRST_LANE 12
#define NARROWEST_ARROW 24
#define WIDEST_ARROW 56
#define NARROWEST_MEANING 24
#define HOSTS_MAXIMUM 16

enum {
    SECOND_HALF = 0
}; /* the right half of a wide character */

typedef struct {
    gunichar lane, line, double_line, dotted, right, left, from_left, from_right, end, more;
} Letters;

static const Letters unicode_letters = {
    .lane = 0x2502,
    .line = 0x2500,
    .double_line = 0x2550,
    .dotted = 0x2504,
    .right = 0x25b6,
    .left = 0x25c0,
    .from_left = 0x251c,
    .from_right = 0x2524,
    .end = 0x2534,
    .more = 0x2026,
};
static const Letters ascii_letters = {
    .lane = '|',
    .line = '-',
    .double_line = '=',
    .dotted = '.',
    .right = '>',
    .left = '<',
    .from_left = '|',
    .from_right = '|',
    .end = '+',
    .more = '~',
};

typedef struct {
    TextLayout *layout;
    const LadderOptions *options;
    const Letters *letters;
    GPtrArray *hosts; /* names, borrowed from the steps */
    guint distance;   /* between two lanes */
    guint meaning_start;
    guint meaning_width;
    gunichar *row; /* one line of cells */
} Ladder;

bool ladder_has_arrow(const Step *step)
{
    switch (step->kind) {
    case STEP_COMMAND:
    case STEP_REPLY:
    case STEP_CONTINUATION:
    case STEP_MESSAGE:
    case STEP_CONTENT:
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
    case STEP_TCP:
    case STEP_FRAME:
    case STEP_CONNECTION:
        return true;
    case STEP_CHAPTER:
    case STEP_CREDENTIAL:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_FRAGMENT:
    case STEP_CLOSED:
    case STEP_WORLD:
    case N_STEP_KINDS:
        return false;
    }
    return false;
}

bool ladder_shows(const Step *step, StepLevel level)
{
    return step->level <= level && step->from != NULL && step->to != NULL;
}

char *ladder_label(const Step *step)
{
    g_auto(GStrv) lines = g_strsplit(step->text == NULL ? "" : step->text, "\n", -1);
    guint count = g_strv_length(lines);
    if (count <= 1) {
        return g_strdup(count == 0 ? "" : lines[0]);
    }
    return g_strdup_printf("%s (and %u more line%s)", lines[0], count - 1, count == 2 ? "" : "s");
}

static gint host_index(const GPtrArray *hosts, const char *name)
{
    for (guint i = 0; i < hosts->len; i++) {
        if (g_str_equal(hosts->pdata[i], name)) {
            return (gint)i;
        }
    }
    return -1;
}

static void note_host(GPtrArray *hosts, const char *name)
{
    if (hosts->len <= HOSTS_MAXIMUM && host_index(hosts, name) < 0) {
        g_ptr_array_add(hosts, (gpointer)name);
    }
}

static guint lane_column(const Ladder *ladder, guint host)
{
    return FIRST_LANE + host * ladder->distance;
}

static void clear_row(Ladder *ladder)
{
    for (guint i = 0; i < ladder->layout->width; i++) {
        ladder->row[i] = ' ';
    }
    for (guint i = 0; i < ladder->hosts->len; i++) {
        ladder->row[lane_column(ladder, i)] = ladder->letters->lane;
    }
}

/* Puts text into cells 'start' to 'end'; what does not fit is cut with a mark. */
static void put_text(Ladder *ladder, guint start, guint end, const char *text)
{
    guint at = start;
    g_autofree char *safe = text_safe(text);
    end = MIN(end, ladder->layout->width);
    bool is_cut = start + text_width(safe) > end;
    for (const char *p = safe; *p != '\0' && at < end; p = g_utf8_next_char(p)) {
        gunichar letter = g_utf8_get_char(p);
        guint width = g_unichar_iswide(letter) ? 2 : 1;
        if (g_unichar_iszerowidth(letter)) {
            continue;
        }
        if (at + width > end || (is_cut && at + width >= end)) {
            ladder->row[at++] = ladder->letters->more;
            return;
        }
        ladder->row[at++] = letter;
        if (width == 2) {
            ladder->row[at++] = SECOND_HALF;
        }
    }
}

static void write_row(Ladder *ladder, TextStyle style)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < ladder->layout->width; i++) {
        if (ladder->row[i] != SECOND_HALF) {
            g_string_append_unichar(line, ladder->row[i]);
        }
    }
    g_strchomp(line->str);
    text_layout_line(ladder->layout, 0, style, line->str);
}

static void write_hosts(Ladder *ladder)
{
    for (guint i = 0; i < ladder->layout->width; i++) {
        ladder->row[i] = ' ';
    }
    for (guint i = 0; i < ladder->hosts->len; i++) {
        const char *name = ladder->hosts->pdata[i];
        guint half = MIN(text_width(name), ladder->distance - 2) / 2;
        guint middle = lane_column(ladder, i);
        guint start = middle > half ? middle - half : 0;
        put_text(ladder, start, start + ladder->distance - 1, name);
    }
    write_row(ladder, TEXT_HEADING);
}

static void put_arrow(Ladder *ladder, const Step *step, guint from, guint to)
{
    const Letters *letters = ladder->letters;
    bool goes_right = to > from;
    guint left = lane_column(ladder, MIN(from, to));
    guint right = lane_column(ladder, MAX(from, to));
    gunichar line = step->kind == STEP_MESSAGE ? letters->double_line : letters->line;
    g_autofree char *label = ladder_label(step);
    for (guint i = left + 1; i < right; i++) {
        ladder->row[i] = line;
    }
    ladder->row[goes_right ? right - 1 : left + 1] = goes_right ? letters->right : letters->left;
    ladder->row[goes_right ? left : right] = goes_right ? letters->from_left : letters->from_right;
    if (step->kind == STEP_CONNECTION && step->duration_ns > 0) {
        ladder->row[left + 1] = letters->left;
    }
    guint start = left + 4;
    guint end = right - 3;
    ladder->row[start - 1] = ' ';
    put_text(ladder, start, end, label);
    guint after = start + MIN(text_width(label), end - start);
    ladder->row[after] = ' ';
}

/* What happened to both at once: a note between the lanes. */
static void put_note(Ladder *ladder, const Step *step, guint from, guint to)
{
    guint left = lane_column(ladder, MIN(from, to));
    guint right = from == to ? ladder->meaning_start : lane_column(ladder, MAX(from, to));
    g_autofree char *label = ladder_label(step);
    for (guint i = left + 1; i < right; i++) {
        ladder->row[i] = step->kind == STEP_GAP ? ladder->letters->dotted : ' ';
    }
    put_text(ladder, left + 4, right - 2, label);
}

/* The first words of the meaning beside the arrow, the rest on the lanes below it. */
static void write_with_meaning(Ladder *ladder, const char *meaning)
{
    TextLayout wrapped;
    text_layout_init_plain(&wrapped, ladder->meaning_width);
    text_layout_paragraph(&wrapped, 0, TEXT_PLAIN, meaning == NULL ? "" : meaning);
    g_auto(GStrv) lines = g_strsplit(wrapped.text->str, "\n", -1);
    text_layout_clear(&wrapped);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (i > 0 && lines[i][0] == '\0') {
            break;
        }
        put_text(ladder, ladder->meaning_start, ladder->layout->width, lines[i]);
        write_row(ladder, TEXT_PLAIN);
        clear_row(ladder);
    }
}

static void write_step(Ladder *ladder, const Step *step)
{
    gint from = host_index(ladder->hosts, step->from);
    gint to = host_index(ladder->hosts, step->to);
    if (from < 0 || to < 0) {
        return;
    }
    clear_row(ladder);
    g_autofree char *number = step->kind == STEP_FRAME
                                  ? g_strdup_printf("#%s", step->title)
                                  : g_strdup_printf("%" G_GUINT64_FORMAT, step->number);
    guint width = text_width(number);
    put_text(ladder, width < NUMBER_WIDTH ? NUMBER_WIDTH - width : 0, FIRST_LANE - 1, number);
    if (ladder_has_arrow(step) && from != to) {
        put_arrow(ladder, step, (guint)from, (guint)to);
    } else {
        put_note(ladder, step, (guint)from, (guint)to);
    }
    bool says_more = g_strcmp0(step->text, step->meaning) != 0;
    write_with_meaning(ladder, says_more ? step->meaning : NULL);
}

static void begin_ladder(Ladder *ladder)
{
    guint width = ladder->layout->width;
    guint arrows = MAX(ladder->hosts->len, 2) - 1;
    guint room = width > FIRST_LANE + NARROWEST_MEANING + 3
                     ? width - FIRST_LANE - NARROWEST_MEANING - 3
                     : NARROWEST_ARROW;
    ladder->distance = CLAMP(room / arrows, NARROWEST_ARROW, WIDEST_ARROW);
    if (arrows == 1) {
        ladder->distance = CLAMP(width * 45 / 100, NARROWEST_ARROW, WIDEST_ARROW);
    }
    ladder->meaning_start = lane_column(ladder, arrows) + 3;
    ladder->meaning_width = width > ladder->meaning_start + 12 ? width - ladder->meaning_start : 12;
}

static bool fits(const Ladder *ladder)
{
    guint arrows = MAX(ladder->hosts->len, 2) - 1;
    return FIRST_LANE + arrows * NARROWEST_ARROW + NARROWEST_MEANING <= ladder->layout->width;
}

static bool belongs(const Step *step, gint64 stream)
{
    return stream < 0 || (step->has_stream && step->stream == (guint64)stream);
}

static void write_diagram(Ladder *ladder, const Timeline *timeline, gint64 stream)
{
    begin_ladder(ladder);
    write_hosts(ladder);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (ladder_shows(step, ladder->options->level) && belongs(step, stream)) {
            write_step(ladder, step);
        }
    }
}

static void find_hosts(Ladder *ladder, const Timeline *timeline, gint64 stream)
{
    g_ptr_array_set_size(ladder->hosts, 0);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (ladder_shows(step, ladder->options->level) && belongs(step, stream)) {
            note_host(ladder->hosts, step->is_from_server ? step->to : step->from);
            note_host(ladder->hosts, step->is_from_server ? step->from : step->to);
        }
    }
}

static void write_each_stream(Ladder *ladder, const Timeline *timeline)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (!step->has_stream || !g_hash_table_add(told, (gpointer)&step->stream)) {
            continue;
        }
        find_hosts(ladder, timeline, (gint64)step->stream);
        g_autofree char *heading = g_strdup_printf("Stream %" G_GUINT64_FORMAT, step->stream);
        text_layout_paragraph(ladder->layout, 0, TEXT_HEADING, heading);
        write_diagram(ladder, timeline, (gint64)step->stream);
        text_layout_blank(ladder->layout);
    }
}

void ladder_write(TextLayout *layout, const Timeline *timeline, const LadderOptions *options)
{
    Ladder ladder = {
        .layout = layout,
        .options = options,
        .letters = options->is_ascii ? &ascii_letters : &unicode_letters,
        .hosts = g_ptr_array_new(),
        .row = g_new0(gunichar, layout->width + 1),
    };
    find_hosts(&ladder, timeline, -1);
    if (fits(&ladder)) {
        write_diagram(&ladder, timeline, -1);
    } else {
        write_each_stream(&ladder, timeline);
    }
    g_ptr_array_unref(ladder.hosts);
    g_free(ladder.row);
}
