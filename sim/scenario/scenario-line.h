#pragma once

/* One line of a scenario file cut into words, quoted texts and commas, each with its column; and
 * the block of lines below it that begin with '|'. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *text;
    guint column; /* from 1 */
    bool is_quoted;
    bool is_comma;
} ScenarioWord;

typedef struct {
    const char *file;
    guint number;
    GArray *words; /* ScenarioWord */
    guint next;
    GPtrArray *block; /* of char *, without the '|' and one space behind it */
    bool block_is_taken;
    GError **error;
} ScenarioLine;

/* False: a quote is not closed; the error is set. */
bool scenario_line_read(
    ScenarioLine *line, const char *file, guint number, const char *text, GError **error
);
void scenario_line_clear(ScenarioLine *line);

/* Adds a line to the block; false: 'text' does not begin with '|'. */
bool scenario_line_add_block(ScenarioLine *line, const char *text);

/* The block as one text, its lines joined by 'separator'; NULL: there is none. */
char *scenario_line_take_block(ScenarioLine *line, const char *separator);

/* The next word without taking it; NULL at the end. */
const ScenarioWord *scenario_line_peek(const ScenarioLine *line);

/* Takes the next word if it is this one. */
bool scenario_line_accept(ScenarioLine *line, const char *word);

/* Takes the next word or text; NULL: an error says what was expected. */
const char *scenario_line_take(ScenarioLine *line, const char *expected);

/* Takes this word; false: an error says that it is expected. */
bool scenario_line_expect(ScenarioLine *line, const char *word);

/* Takes a number up to 'maximum'; false: an error. */
bool scenario_line_take_number(ScenarioLine *line, guint64 maximum, guint64 *out_number);

/* Takes "5 minutes", "300 ms"; false: an error. */
bool scenario_line_take_duration(ScenarioLine *line, gint64 *out_ns);

/* Takes "10:15" as the time since midnight; false: an error. */
bool scenario_line_take_clock(ScenarioLine *line, gint64 *out_ns);

/* Takes "20000 octets", "20 kB", "2 MB"; false: an error. */
bool scenario_line_take_size(ScenarioLine *line, guint64 *out_octets);

/* True when nothing is left, no block either; else an error. */
bool scenario_line_end(ScenarioLine *line);

/* Sets the error at the next word: "file:3:7: message". Always false. */
bool scenario_line_fail(ScenarioLine *line, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same at the word before. */
bool scenario_line_fail_before(ScenarioLine *line, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same for a word that is none of the candidates, with the nearest of them. */
bool scenario_line_fail_word(
    ScenarioLine *line, const char *what, const char *const *candidates, gsize count
);
