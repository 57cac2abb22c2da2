#pragma once

/* A sheet for a class, as its key file holds it: a secret, the questions, the students. Each
 * student's seeds come from the secret by HMAC-SHA-256, so nobody who has only sheets can compute a
 * seed, a neighbour's question or a key.
 *
 *     seed = HMAC-SHA-256(secret, student NUL kind NUL question NUL attempt), its first 64 bits
 *
 * A question that another student of the class has already got is drawn again (the attempt is
 * counted up), so no question comes twice. The file is for the lecturer alone: mode 0600. */

#include "exercises/exercise-kind.h"

#define CLASS_SECRET 32
#define CLASS_STUDENTS_MAXIMUM 100000
#define CLASS_QUESTIONS_MAXIMUM 50
#define CLASS_POINTS 10 /* of a question */

typedef struct {
    const ExerciseKind *kind;
    guint level;
} ClassQuestion;

typedef struct {
    char *id;        /* letters, digits and . _ - @ only: safe in a file name */
    char *name;      /* as the roster has it; NULL */
    guint *attempts; /* one for each question */
} ClassStudent;

typedef struct {
    guint8 secret[CLASS_SECRET];
    char *title;
    GArray *questions;   /* ClassQuestion */
    GPtrArray *students; /* ClassStudent * */
    GHashTable *by_id;   /* id in small letters -> ClassStudent *, borrowed */
    GHashTable *prints;  /* fingerprints of the questions given out, with their number */
} ClassSheet;

/* A new secret from the system's random source. */
ClassSheet *class_sheet_new(const char *title, GError **error);
void class_sheet_free(ClassSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClassSheet, class_sheet_free)

ClassSheet *class_sheet_load(const char *path, GError **error);
bool class_sheet_save(const ClassSheet *sheet, const char *path, GError **error);

void class_sheet_add_question(ClassSheet *sheet, const ExerciseKind *kind, guint level);

/* Once all questions are there. NULL: the id is there already. */
const ClassStudent *class_sheet_add_student(ClassSheet *sheet, const char *id, const char *name);
const ClassStudent *class_sheet_find(const ClassSheet *sheet, const char *id); /* any case */

Exercise *
class_sheet_exercise(const ClassSheet *sheet, const ClassStudent *student, guint question);

/* A copy fit for an id: other characters become '_'; NULL: nothing is left. */
char *class_clean_id(const char *text);

guint64 class_seed(
    const guint8 secret[CLASS_SECRET],
    const char *id,
    const char *kind,
    guint question,
    guint attempt
);
