#pragma once

/* The marking of a hand-in, and the table of a class: how many points, who is missing, which step
 * was missed most. A mark owns its exercises and verdicts; the table keeps counts only, so a class
 * of any size needs little memory. */

#include "exercises/class/class-sheet.h"
#include "exercises/class/hand-in.h"
#include "exercises/exercise-verdict.h"

typedef struct {
    const ClassStudent *student; /* NULL: nobody of the class */
    char *source;
    char *reason;         /* why there is no marking; NULL: there is */
    GPtrArray *exercises; /* Exercise * */
    GPtrArray *verdicts;  /* ExerciseVerdict * */
    guint tenths;         /* points, times ten */
    guint maximum_tenths;
} Mark;

Mark *mark_hand_in(const ClassSheet *sheet, const HandIn *hand_in, bool runs_programs);
void mark_free(Mark *mark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mark, mark_free)

/* Points of a verdict in tenths: CLASS_POINTS where all its steps are right. */
guint mark_tenths(const ExerciseVerdict *verdict);

/* --- the class --- */

typedef struct {
    guint question;
    const char *kind;
    const char *skill;
    guint asked;
    guint missed;
} MissedStep;

typedef struct {
    GHashTable *steps;    /* "question/skill" -> MissedStep * */
    GHashTable *students; /* those that were marked */
    guint n_marked;
    guint n_unreadable;
    guint n_duplicates;
    guint64 tenths;
    guint64 maximum_tenths;
    guint histogram[11]; /* 0 to 9 %, 10 to 19 % ... 100 % */
} ClassTable;

ClassTable *class_table_new(void);
void class_table_free(ClassTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClassTable, class_table_free)

/* False: this student was marked before; the later hand-in does not count. */
bool class_table_add(ClassTable *table, const Mark *mark);

/* Most missed first; MissedStep *, borrowed. */
GPtrArray *class_table_most_missed(const ClassTable *table);
GPtrArray *
class_table_absent(const ClassTable *table, const ClassSheet *sheet); /* ClassStudent * */
