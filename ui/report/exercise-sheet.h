#pragma once

/* A sheet of exercises as text, Markdown, a page (HTML), questions for Moodle (GIFT) or JSON lines,
 * each format in a file of its own. Sheets hold no key unless it is asked for; whatever stands in a
 * question or an answer is made fit for the format. */

#include "exercises/exercise-kind.h"

typedef enum {
    SHEET_TEXT,
    SHEET_MARKDOWN,
    SHEET_HTML,
    SHEET_GIFT,
    SHEET_JSON,
    N_SHEET_FORMATS,
} SheetFormat;

typedef struct {
    const char *title;
    const char *student; /* who it is for; NULL */
    const char *name;    /* their name; NULL */
    bool with_key;       /* with keys and their steps */
    bool shows_seeds;    /* how to check each question; never on the sheets of a class */
    const Exercise *const *exercises;
    guint n_exercises;
    const char *const *files; /* a file's name for each question, or NULL; may be NULL */
    guint width;              /* of text */
} Sheet;

typedef struct {
    SheetFormat id;
    const char *name;   /* "markdown" */
    const char *ending; /* "md" */
    bool has_answers;   /* the format always holds the answers */
    void (*write)(const Sheet *sheet, GString *out);
} SheetFormatRow;

extern const SheetFormatRow sheet_formats[N_SHEET_FORMATS];

const SheetFormatRow *sheet_format_find(const char *name); /* NULL: unknown */

void sheet_write_text(const Sheet *sheet, GString *out);
void sheet_write_markdown(const Sheet *sheet, GString *out);
void sheet_write_html(const Sheet *sheet, GString *out);
void sheet_write_gift(const Sheet *sheet, GString *out);
void sheet_write_json(const Sheet *sheet, GString *out);

/* "2b", "3": what an answer is called on a sheet. */
char *sheet_answer_label(guint question, const ExercisePart *part);

/* "mailwalk exercise check base64-encode --seed=7 --level=1": how to check one question. */
char *sheet_check_command(const Exercise *exercise);

/* "RFC 4648 §4, RFC 2045 §6.8" */
char *sheet_references(const ExerciseKind *kind);
