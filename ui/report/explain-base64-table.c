#include "ui/report/explain-base64-table.h"

#include "ui/report/explain-view.h"

#define GROUP_WIDTH 28 /* three octets in bits with two spaces between them */
#define SEPARATOR " | "
#define FIRST_BLOCKS 4 /* of a long text, shown before it is cut short */

/* The rows of one block of groups, built side by side. */
typedef struct {
    GString *text;
    GString *octets;
    GString *bits;
    GString *by_six;
    GString *index;
    GString *letter;
} Block;

static void block_init(Block *block)
{
    GString **rows[] = {
        &block->text, &block->octets, &block->bits, &block->by_six, &block->index, &block->letter};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        *rows[i] = g_string_new(NULL);
    }
}

static void block_clear(Block *block)
{
    GString *rows[] = {
        block->text, block->octets, block->bits, block->by_six, block->index, block->letter};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_free(rows[i], TRUE);
    }
}

/* A cell of so many columns, whatever it holds. */
static void add_cell(GString *row, const char *text, guint columns)
{
    guint width = text_width(text);
    g_string_append_printf(row, "%s%*s", text, (int)(columns > width ? columns - width : 0), "");
}

static void fill_to(GString *row, guint columns)
{
    guint width = text_width(row->str);
    g_string_append_printf(row, "%*s", (int)(columns > width ? columns - width : 0), "");
}

static void add_octets(Block *block, const Base64Group *group, ByteSpan octets)
{
    for (guint i = 0; i < group->n_octets; i++) {
        char bits[9];
        g_autofree char *letter = explain_letter(octets, group->octet_offset + i);
        g_autofree char *number = g_strdup_printf("%u 0x%02x", group->octets[i], group->octets[i]);
        base64_octet_bits(group->octets[i], bits);
        add_cell(block->text, letter, 10);
        add_cell(block->octets, number, 10);
        add_cell(block->bits, bits, 10);
    }
}

/* "01(0000)": the zeros in brackets come from no octet. */
static void add_sextets(Block *block, const Base64Group *group)
{
    for (guint i = 0; i < group->n_sextets; i++) {
        char bits[7];
        g_autofree char *index = g_strdup_printf("%u", group->sextets[i]);
        const char letter[] = {group->letters[i], '\0'};
        bool is_filled = i + 1 == group->n_sextets && group->n_fill_bits > 0;
        guint n_own = is_filled ? 6 - group->n_fill_bits : 6;
        base64_sextet_bits(group->sextets[i], bits);
        g_autofree char *shown = is_filled
                                     ? g_strdup_printf("%.*s(%s)", (int)n_own, bits, bits + n_own)
                                     : g_strdup(bits);
        guint columns = is_filled ? 9 : 7;
        add_cell(block->by_six, shown, columns);
        add_cell(block->index, index, columns);
        add_cell(block->letter, letter, columns);
    }
    for (guint i = 0; i < group->n_pads; i++) {
        add_cell(block->letter, "=", 4);
    }
}

static void add_group(Block *block, const Base64Group *group, ByteSpan octets, bool is_first)
{
    GString *rows[] = {
        block->text, block->octets, block->bits, block->by_six, block->index, block->letter};
    guint start = is_first ? 0 : text_width(block->text->str) + 3;
    for (gsize i = 0; i < G_N_ELEMENTS(rows) && !is_first; i++) {
        g_string_append(rows[i], SEPARATOR);
    }
    add_octets(block, group, octets);
    add_sextets(block, group);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint width = start + GROUP_WIDTH;
        while (text_width(rows[i]->str) > width && g_str_has_suffix(rows[i]->str, " ")) {
            g_string_truncate(rows[i], rows[i]->len - 1);
        }
        fill_to(rows[i], width);
    }
}

static void show_rows(ExplainOutput *output, const Block *block, Base64TableKind kind)
{
    const struct {
        const char *label;
        const GString *row;
        TextStyle style;
    } rows[] = {
        {"text", block->text, TEXT_PROTOCOL},
        {"octets", block->octets, TEXT_PLAIN},
        {"bits", block->bits, TEXT_PLAIN},
        {"by six", block->by_six, TEXT_PLAIN},
        {"index", block->index, TEXT_PLAIN},
        {"letter", block->letter, TEXT_PROTOCOL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gsize at = kind == BASE64_TABLE_ENCODING ? i : G_N_ELEMENTS(rows) - 1 - i;
        explain_line(output, rows[at].label, rows[at].style, rows[at].row->str);
    }
    explain_blank(output);
}

static void
show_groups(Base64Table *table, const Base64Group *groups, gsize n_groups, ByteSpan octets)
{
    Block block;
    block_init(&block);
    for (gsize i = 0; i < n_groups; i++) {
        add_group(&block, &groups[i], octets, i == 0);
    }
    show_rows(table->output, &block, table->kind);
    block_clear(&block);
    explain_flush(table->output);
}

void base64_table_init(
    Base64Table *table, ExplainOutput *output, Base64TableKind kind, bool wants_everything
)
{
    guint columns = output->layout == NULL ? 0 : output->layout->width;
    guint room = columns > 2 + EXPLAIN_LABEL_WIDTH ? columns - 2 - EXPLAIN_LABEL_WIDTH : 0;
    *table = (Base64Table){
        .output = output,
        .kind = kind,
        .wants_everything = wants_everything,
        .per_block = CLAMP((room + 3) / (GROUP_WIDTH + 3), 1, BASE64_TABLE_GROUPS),
    };
}

static void end_block(Base64Table *table, ByteSpan octets)
{
    if (table->wants_everything || table->n_blocks < FIRST_BLOCKS) {
        show_groups(table, table->groups, table->n_groups, octets);
        table->n_blocks++;
    } else {
        table->n_hidden += table->n_held;
        memcpy(table->held, table->groups, table->n_groups * sizeof table->groups[0]);
        table->n_held = table->n_groups;
    }
    table->n_groups = 0;
}

void base64_table_add(Base64Table *table, const Base64Group *group, ByteSpan octets)
{
    table->groups[table->n_groups++] = *group;
    if (table->n_groups == table->per_block) {
        end_block(table, octets);
    }
}

void base64_table_finish(Base64Table *table, ByteSpan octets)
{
    if (table->n_held > 0 && table->n_groups > 0 && table->n_hidden > 0) {
        table->n_hidden += table->n_held;
        table->n_held = 0;
    }
    if (table->n_hidden > 0) {
        explain_row_printf(
            table->output,
            "...",
            TEXT_QUIET,
            "%zu groups more go the same way (--all shows them); the last:",
            table->n_hidden
        );
        explain_blank(table->output);
    }
    if (table->n_held > 0) {
        show_groups(table, table->held, table->n_held, octets);
    }
    if (table->n_groups > 0) {
        show_groups(table, table->groups, table->n_groups, octets);
    }
}
