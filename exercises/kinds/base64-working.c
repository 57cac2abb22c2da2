#include "exercises/kinds/base64-working.h"

#include "exercises/answer-form.h"
#include "protocol/encoding/base64-trace.h"

typedef enum {
    ROW_OCTETS,
    ROW_BITS,
    ROW_SEXTETS,
    ROW_INDEX,
    ROW_RESULT,
    N_ROWS,
} RowKind;

typedef struct {
    const char *word;
    RowKind row;
} RowWord;

static const RowWord row_words[] = {
    {"octets", ROW_OCTETS},  {"octet", ROW_OCTETS},      {"bytes", ROW_OCTETS},
    {"ascii", ROW_OCTETS},   {"hex", ROW_OCTETS},        {"bits", ROW_BITS},
    {"binary", ROW_BITS},    {"sextets", ROW_SEXTETS},   {"groups", ROW_SEXTETS},
    {"by six", ROW_SEXTETS}, {"sixes", ROW_SEXTETS},     {"index", ROW_INDEX},
    {"indices", ROW_INDEX},  {"indexes", ROW_INDEX},     {"numbers", ROW_INDEX},
    {"letters", ROW_RESULT}, {"characters", ROW_RESULT}, {"result", ROW_RESULT},
    {"base64", ROW_RESULT},  {"answer", ROW_RESULT},
};

/* The row that a line is, by its first word; what follows goes to 'out_rest'. */
static bool read_row(const char *line, RowKind *out_row, const char **out_rest)
{
    line += strspn(line, " \t");
    for (gsize i = 0; i < G_N_ELEMENTS(row_words); i++) {
        gsize length = strlen(row_words[i].word);
        if (g_ascii_strncasecmp(line, row_words[i].word, length) == 0 &&
            strchr(" \t:=", line[length]) != NULL) {
            *out_row = row_words[i].row;
            *out_rest = line + length + strspn(line + length, " \t:=");
            return true;
        }
    }
    return false;
}

static bool read_rows(const char *answer, char *rows[N_ROWS])
{
    bool has_rows = false;
    g_auto(GStrv) lines = g_strsplit_set(answer, "\r\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        RowKind row;
        const char *rest;
        if (read_row(lines[i], &row, &rest)) {
            g_free(rows[row]);
            rows[row] = g_strdup(rest);
            has_rows = true;
        }
    }
    return has_rows;
}

/* The cells of a row: "|" and commas part them as white space does; brackets are left out. */
static GPtrArray *cells_of(const char *row)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) pieces = g_strsplit_set(row, " \t|,;", -1);
    for (gsize i = 0; pieces[i] != NULL; i++) {
        GString *cell = g_string_new(NULL);
        for (const char *at = pieces[i]; *at != '\0'; at++) {
            if (strchr("()[]", *at) == NULL) {
                g_string_append_c(cell, *at);
            }
        }
        if (cell->len > 0) {
            g_ptr_array_add(cells, cell->str);
        }
        g_string_free(cell, cell->len == 0);
    }
    return cells;
}

static void
fail(ExercisePartVerdict *verdict, gsize letter, const char *mistake, char *where, char *why)
{
    gsize step = MIN(letter, verdict->n_steps - 1);
    exercise_part_verdict_wrong(verdict, step);
    verdict->mistake = mistake;
    exercise_verdict_set(&verdict->where, "%s", where);
    exercise_verdict_set(&verdict->why, "%s", why);
    g_free(where);
    g_free(why);
}

static bool is_octet(const char *cell, guint8 octet)
{
    char forms[4][8];
    g_snprintf(forms[0], sizeof forms[0], "%u", octet);
    g_snprintf(forms[1], sizeof forms[1], "0x%02x", octet);
    g_snprintf(forms[2], sizeof forms[2], "%02x", octet);
    g_snprintf(forms[3], sizeof forms[3], "%02xh", octet);
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (g_ascii_strcasecmp(cell, forms[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool octets_are_right(ByteSpan octets, const char *row, ExercisePartVerdict *verdict)
{
    g_autoptr(GPtrArray) cells = cells_of(row);
    for (gsize i = 0; i < MAX(octets.length, cells->len); i++) {
        const char *cell = i < cells->len ? cells->pdata[i] : "nothing";
        if (i < octets.length && is_octet(cell, octets.data[i])) {
            continue;
        }
        char *why = i < octets.length
                        ? g_strdup_printf(
                              "Octet %zu is %u in decimal, %02x in hexadecimal; you have %s.",
                              i + 1,
                              octets.data[i],
                              octets.data[i],
                              cell
                          )
                        : g_strdup_printf("The text has %zu octets only.", octets.length);
        fail(verdict, i * 8 / 6, "wrong code", g_strdup_printf("octet %zu.", i + 1), why);
        return false;
    }
    return true;
}

static char *join_cells(const GPtrArray *cells)
{
    GString *row = g_string_new(NULL);
    for (guint i = 0; i < cells->len; i++) {
        g_string_append(row, cells->pdata[i]);
    }
    return g_string_free(row, FALSE);
}

static void
fail_bits(ByteSpan octets, const GPtrArray *cells, gsize octet, ExercisePartVerdict *verdict)
{
    char bits[9];
    base64_octet_bits(octets.data[octet], bits);
    const char *cell = octet < cells->len ? cells->pdata[octet] : "";
    const char *mistake = NULL;
    const char *guess = "";
    if (strlen(cell) < 8 && strcmp(cell, bits + strspn(bits, "0")) == 0) {
        mistake = "dropped leading zeros";
        guess = " The leading zeros were dropped: an octet always has eight bits.";
    } else if (strlen(cell) != 8) {
        guess = " An octet has eight bits.";
    }
    fail(
        verdict,
        octet * 8 / 6,
        mistake,
        g_strdup_printf("the bits of octet %zu.", octet + 1),
        g_strdup_printf(
            "Octet %zu is %u: %s. You have %s.%s",
            octet + 1,
            octets.data[octet],
            bits,
            cell[0] == '\0' ? "nothing" : cell,
            guess
        )
    );
}

static bool bits_are_right(ByteSpan octets, const char *row, ExercisePartVerdict *verdict)
{
    g_autoptr(GPtrArray) cells = cells_of(row);
    g_autofree char *joined = join_cells(cells);
    for (gsize i = 0; i < octets.length; i++) {
        char bits[9];
        base64_octet_bits(octets.data[i], bits);
        bool is_right = strlen(joined) >= 8 * i + 8 && strncmp(joined + 8 * i, bits, 8) == 0;
        if (!is_right) {
            fail_bits(octets, cells, i, verdict);
            return false;
        }
    }
    return true;
}

/* The sextet with that number, counted over all groups. */
static bool sextet_at(ByteSpan octets, gsize number, guint8 *out_sextet, guint *out_fill)
{
    if (number / 4 >= base64_group_count(octets.length)) {
        return false;
    }
    Base64Group group = base64_group(octets, number / 4);
    guint at = (guint)(number % 4);
    *out_sextet = group.sextets[at];
    *out_fill = at + 1 == group.n_sextets ? group.n_fill_bits : 0;
    return at < group.n_sextets;
}

static char *sextet_guess(const char *cell, const char *bits, guint fill, const char **out_mistake)
{
    gsize length = strlen(cell);
    *out_mistake = NULL;
    if (length == 8) {
        *out_mistake = "used 8-bit groups";
        return g_strdup(" These are groups of eight bits; base64 cuts into groups of six.");
    }
    if (fill > 0 && length == 6 && strncmp(cell, bits, 6 - fill) == 0) {
        *out_mistake = "filled with ones";
        return g_strdup(" The bits that are missing at the end are filled with zeros.");
    }
    if (fill > 0 && length == 6 - fill) {
        return g_strdup_printf(" %u zero bits must fill it up to six.", fill);
    }
    return g_strdup(length == 6 ? "" : " A group has six bits.");
}

static bool sextets_are_right(ByteSpan octets, const char *row, ExercisePartVerdict *verdict)
{
    g_autoptr(GPtrArray) cells = cells_of(row);
    guint8 sextet;
    guint fill;
    g_autofree char *joined = join_cells(cells);
    for (gsize i = 0; sextet_at(octets, i, &sextet, &fill); i++) {
        char bits[7];
        base64_sextet_bits(sextet, bits);
        const char *cell = i < cells->len ? cells->pdata[i] : "nothing";
        bool is_split_fill =
            fill > 0 && strlen(joined) == 6 * i + 6 && g_str_has_suffix(joined, bits);
        if (strcmp(cell, bits) == 0 || is_split_fill) {
            continue;
        }
        const char *mistake;
        g_autofree char *guess = sextet_guess(cell, bits, fill, &mistake);
        fail(
            verdict,
            i,
            mistake,
            g_strdup_printf("group %zu of six bits.", i + 1),
            g_strdup_printf("Group %zu is %s; you have %s.%s", i + 1, bits, cell, guess)
        );
        return false;
    }
    return true;
}

static bool indices_are_right(ByteSpan octets, const char *row, ExercisePartVerdict *verdict)
{
    g_autoptr(GPtrArray) cells = cells_of(row);
    guint8 sextet;
    guint fill;
    for (gsize i = 0; sextet_at(octets, i, &sextet, &fill); i++) {
        g_autofree char *right = g_strdup_printf("%u", sextet);
        const char *cell = i < cells->len ? cells->pdata[i] : "nothing";
        if (answer_equal(ANSWER_NUMBER, cell, right)) {
            continue;
        }
        char bits[7];
        base64_sextet_bits(sextet, bits);
        fail(
            verdict,
            i,
            NULL,
            g_strdup_printf("index %zu.", i + 1),
            g_strdup_printf("%s is %s in decimal; you have %s.", bits, right, cell)
        );
        return false;
    }
    return true;
}

static bool
working_is_right(ByteSpan octets, char *const rows[N_ROWS], ExercisePartVerdict *verdict)
{
    return (rows[ROW_OCTETS] == NULL || octets_are_right(octets, rows[ROW_OCTETS], verdict)) &&
           (rows[ROW_BITS] == NULL || bits_are_right(octets, rows[ROW_BITS], verdict)) &&
           (rows[ROW_SEXTETS] == NULL || sextets_are_right(octets, rows[ROW_SEXTETS], verdict)) &&
           (rows[ROW_INDEX] == NULL || indices_are_right(octets, rows[ROW_INDEX], verdict));
}

bool base64_judge_working(ByteSpan octets, const char *answer, ExercisePartVerdict *verdict)
{
    char *rows[N_ROWS] = {NULL};
    bool has_rows = read_rows(answer, rows);
    bool is_judged = false;
    if (has_rows) {
        const char *result = rows[ROW_RESULT] == NULL ? "" : rows[ROW_RESULT];
        g_free(verdict->wrote);
        verdict->wrote = answer_normalise(ANSWER_TOKEN, result);
        is_judged = !working_is_right(octets, rows, verdict);
    }
    for (gsize i = 0; i < N_ROWS; i++) {
        g_free(rows[i]);
    }
    return is_judged;
}
