#pragma once

/* Marks in the formats that graders read. Some hold one student each (Gradescope, PrairieLearn,
 * check50, Autolab), others a class (a table, JUnit). */

#include "exercises/class/mark.h"

typedef struct {
    const char *name;                                     /* "gradescope" */
    const char *ending;                                   /* of a file for one student: "json" */
    bool is_of_one;                                       /* one document for each student */
    void (*begin)(const ClassSheet *sheet, GString *out); /* NULL: nothing */
    void (*one)(const ClassSheet *sheet, const Mark *mark, GString *out);
    void (*end)(GString *out);
} MarksFormat;

extern const MarksFormat marks_formats[];
extern const gsize n_marks_formats;

const MarksFormat *marks_format_find(const char *name); /* NULL: unknown */

void marks_csv_begin(const ClassSheet *sheet, GString *out);
void marks_csv(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_gradescope(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_prairielearn(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_check50(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_autolab(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_junit_begin(const ClassSheet *sheet, GString *out);
void marks_junit(const ClassSheet *sheet, const Mark *mark, GString *out);
void marks_junit_end(GString *out);
