#include "ui/report/text-layout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_WIDTH 80
#define NARROWEST 20
#define WIDEST 1000
#define NARROWEST_TEXT_BESIDE_NOTE 28
#define GAP_BEFORE_NOTE 2

static const char *const style_begin[] = {
    [TEXT_PLAIN] = "",
    [TEXT_HEADING] = "\033[1m",
    [TEXT_PROTOCOL] = "\033[1;36m",
    [TEXT_LABEL] = "\033[36m",
    [TEXT_QUIET] = "\033[2m",
    [TEXT_GOOD] = "\033[32m",
    [TEXT_WARNING] = "\033[33m",
    [TEXT_BAD] = "\033[31m",
};

static guint width_from_environment(void)
{
    const char *columns = g_getenv("COLUMNS");
    guint64 width;
    if (columns == NULL || !g_ascii_string_to_unsigned(columns, 10, 1, WIDEST, &width, NULL)) {
        return 0;
    }
    return (guint)width;
}

static guint width_of(FILE *stream)
{
    struct winsize size = {0};
    guint width = width_from_environment();
    if (width == 0 && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0) {
        width = size.ws_col;
    }
    return width == 0 ? USUAL_WIDTH : CLAMP(width, NARROWEST, WIDEST);
}

static bool wants_colour(FILE *stream)
{
    const char *no_colour = g_getenv("NO_COLOR");
    if (no_colour != NULL && no_colour[0] != '\0') {
        return false;
    }
    return isatty(fileno(stream)) && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

void text_layout_init(TextLayout *layout, FILE *stream)
{
    text_layout_init_plain(layout, width_of(stream));
    layout->has_colour = wants_colour(stream);
}

void text_layout_init_plain(TextLayout *layout, guint width)
{
    *layout = (TextLayout){.text = g_string_new(NULL), .width = MAX(width, NARROWEST)};
}

void text_layout_clear(TextLayout *layout)
{
    if (layout->text != NULL) {
        g_string_free(layout->text, TRUE);
    }
    *layout = (TextLayout){0};
}

bool text_layout_write(TextLayout *layout, FILE *stream)
{
    bool is_written = fwrite(layout->text->str, 1, layout->text->len, stream) == layout->text->len;
    g_string_truncate(layout->text, 0);
    return is_written;
}

static guint character_width(gunichar character)
{
    if (g_unichar_iszerowidth(character)) {
        return 0;
    }
    return g_unichar_iswide(character) ? 2 : 1;
}

guint text_width(const char *text)
{
    guint width = 0;
    const char *end = text + strlen(text);
    while (text < end) {
        gunichar character = g_utf8_get_char_validated(text, end - text);
        bool is_invalid = character == (gunichar)-1 || character == (gunichar)-2;
        width += is_invalid ? 1 : character_width(character);
        text = is_invalid ? text + 1 : g_utf8_next_char(text);
    }
    return width;
}

/* Controls move the cursor or worse; bidirectional overrides show text in another order. */
static bool is_unsafe(gunichar character)
{
    return (g_unichar_iscntrl(character) && character != '\n') ||
           (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069);
}

char *text_safe(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *safe = g_string_sized_new(strlen(valid));
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(safe, is_unsafe(character) ? 0xfffd : character);
    }
    return g_string_free(safe, FALSE);
}

static void append_spaces(TextLayout *layout, guint count)
{
    g_string_append_printf(layout->text, "%*s", (int)count, "");
}

/* A no-break space has done its work once the line is cut. */
static void append_text(TextLayout *layout, const char *text, gsize length)
{
    static const char no_break_space[] = "\xc2\xa0";
    for (gsize i = 0; i < length; i++) {
        if (i + 1 < length && memcmp(text + i, no_break_space, 2) == 0) {
            g_string_append_c(layout->text, ' ');
            i++;
        } else {
            g_string_append_c(layout->text, text[i]);
        }
    }
}

static void append_styled(TextLayout *layout, TextStyle style, const char *text, gsize length)
{
    bool is_coloured = layout->has_colour && style != TEXT_PLAIN && length > 0;
    g_string_append(layout->text, is_coloured ? style_begin[style] : "");
    append_text(layout, text, length);
    g_string_append(layout->text, is_coloured ? "\033[0m" : "");
}

static void end_line(TextLayout *layout)
{
    while (layout->text->len > 0 && layout->text->str[layout->text->len - 1] == ' ') {
        g_string_truncate(layout->text, layout->text->len - 1);
    }
    g_string_append_c(layout->text, '\n');
}

bool text_may_break(const char *text, const char *space)
{
    bool is_behind_rfc = space - text >= 3 && memcmp(space - 3, "RFC", 3) == 0;
    bool is_before_section = g_str_has_prefix(space + 1, "§");
    return !is_before_section && !(is_behind_rfc && g_ascii_isdigit(space[1]));
}

/* Octets of 'text' that go on a line of so many columns: up to a space where there is one, cut
 * through a word where there is none. */
static gsize line_length(const char *text, guint columns)
{
    const char *last_space = NULL;
    const char *at = text;
    guint used = 0;
    while (*at != '\0' && *at != '\n') {
        guint width = character_width(g_utf8_get_char(at));
        if (*at == ' ' && text_may_break(text, at)) {
            last_space = at;
        }
        if (used + width > columns) {
            break;
        }
        used += width;
        at = g_utf8_next_char(at);
    }
    if (*at == '\0' || *at == '\n') {
        return (gsize)(at - text);
    }
    if (last_space != NULL && last_space > text) {
        return (gsize)(last_space - text);
    }
    return at > text ? (gsize)(at - text) : (gsize)(g_utf8_next_char(text) - text);
}

static const char *next_line(const char *text, gsize length)
{
    text += length;
    if (*text == '\n') {
        return text + 1;
    }
    while (*text == ' ') {
        text++;
    }
    return text;
}

static void append_note(TextLayout *layout, guint column, const char *note)
{
    guint width = text_width(note);
    guint target = layout->width > width ? layout->width - width : 0;
    if (target > column) {
        append_spaces(layout, target - column);
    }
    append_styled(layout, TEXT_QUIET, note, strlen(note));
}

static guint width_of_part(const char *text, gsize length)
{
    g_autofree char *part = g_strndup(text, length);
    return text_width(part);
}

/* The label's columns are filled; gives the column where the text begins. */
static guint append_label(TextLayout *layout, const TextRow *row, const char *label)
{
    guint text_column = row->indent + row->label_width;
    append_spaces(layout, row->indent);
    if (label == NULL) {
        append_spaces(layout, row->label_width);
        return text_column;
    }
    append_styled(layout, row->label_style, label, strlen(label));
    guint width = text_width(label);
    if (width < row->label_width) {
        append_spaces(layout, row->label_width - width);
    } else {
        end_line(layout);
        append_spaces(layout, text_column);
    }
    return text_column;
}

static void
append_wrapped(TextLayout *layout, const TextRow *row, const char *text, guint start, guint columns)
{
    const char *note = row->note;
    while (true) {
        gsize length = line_length(text, columns);
        append_styled(layout, row->style, text, length);
        if (note != NULL) {
            append_note(layout, start + width_of_part(text, length), note);
            note = NULL;
        }
        end_line(layout);
        text = next_line(text, length);
        if (*text == '\0') {
            return;
        }
        append_spaces(layout, start);
    }
}

void text_layout_row(TextLayout *layout, const TextRow *row)
{
    g_autofree char *label = row->label == NULL ? NULL : text_safe(row->label);
    g_autofree char *text = text_safe(row->text == NULL ? "" : row->text);
    guint start = append_label(layout, row, label);
    guint columns = layout->width > start + 10 ? layout->width - start : 10;
    if (row->note == NULL) {
        append_wrapped(layout, row, text, start, columns);
        return;
    }
    guint gap = text[0] == '\0' ? 0 : GAP_BEFORE_NOTE; /* the label's column ends with one */
    guint taken = text_width(row->note) + gap;
    bool has_room = columns >= taken && (columns - taken >= NARROWEST_TEXT_BESIDE_NOTE ||
                                         columns - taken >= text_width(text));
    TextRow without_note = *row;
    without_note.note = has_room ? row->note : NULL;
    append_wrapped(layout, &without_note, text, start, has_room ? columns - taken : columns);
    if (!has_room) {
        append_note(layout, 0, row->note);
        end_line(layout);
    }
}

static void append_cell(TextLayout *layout, const TextCell *cell, const char **rest, guint *column)
{
    gsize length = line_length(*rest, cell->width);
    guint width = width_of_part(*rest, length);
    guint start = cell->start;
    if (cell->is_right && width < cell->width) {
        start += cell->width - width;
    }
    if (start > *column) {
        append_spaces(layout, start - *column);
        *column = start;
    }
    append_styled(layout, cell->style, *rest, length);
    *column += width;
    *rest = next_line(*rest, length);
}

void text_layout_cells(TextLayout *layout, const TextCell *cells, guint count)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree const char **rests = g_new0(const char *, count);
    bool has_more = false;
    for (guint i = 0; i < count; i++) {
        char *safe = text_safe(cells[i].text == NULL ? "" : cells[i].text);
        g_ptr_array_add(texts, safe);
        rests[i] = safe;
    }
    do {
        guint column = 0;
        has_more = false;
        for (guint i = 0; i < count; i++) {
            if (*rests[i] != '\0') {
                append_cell(layout, &cells[i], &rests[i], &column);
                has_more |= *rests[i] != '\0';
            }
        }
        end_line(layout);
    } while (has_more);
}

void text_layout_paragraph(TextLayout *layout, guint indent, TextStyle style, const char *text)
{
    text_layout_row(layout, &(TextRow){.indent = indent, .style = style, .text = text});
}

void text_layout_line(TextLayout *layout, guint indent, TextStyle style, const char *text)
{
    g_autofree char *safe = text_safe(text);
    append_spaces(layout, indent);
    append_styled(layout, style, safe, strlen(safe));
    end_line(layout);
}

void text_layout_blank(TextLayout *layout)
{
    g_string_append_c(layout->text, '\n');
}
