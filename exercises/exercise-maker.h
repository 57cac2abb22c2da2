#pragma once

/* What the kinds make questions with: blocks, parts, steps, mistakes, and luck from the seed. Texts
 * are copied. */

#include "exercises/exercise.h"

#define EXERCISE_RFC(document, place) ((RfcReference){.number = (document), .section = (place)})

void exercise_say(Exercise *exercise, const char *format, ...) G_GNUC_PRINTF(2, 3);
void exercise_show(Exercise *exercise, const char *text);

/* The part is the exercise's own. */
ExercisePart *
exercise_ask(Exercise *exercise, AnswerForm form, const char *key, const char *prompt_format, ...)
    G_GNUC_PRINTF(4, 5);
void exercise_part_accept(ExercisePart *part, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A question that is answered by yes or no, in any of the words for that. */
ExercisePart *exercise_ask_yes_no(Exercise *exercise, bool is_yes, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* One of several: they are shuffled and get the letters A, B, C ... 'right' counts from 0. The
 * letter and the text of the choice are both right answers. */
ExercisePart *exercise_ask_choice(
    Exercise *exercise, const char *const *choices, gsize n_choices, gsize right, const char *prompt
);

/* A mistake whose answer is right after all, or was named before, is left out. */
void exercise_part_mistake(
    ExercisePart *part,
    const char *name,
    const char *answer,
    const char *sentence,
    const char *advice
);

/* A step that makes [from, to) of the key. 'place' and 'working' are taken. */
void exercise_part_step(
    ExercisePart *part,
    const char *skill,
    gsize from,
    gsize to,
    RfcReference reference,
    char *place,
    char *working
);

/* The only step of a part: the whole key. */
void exercise_part_whole(
    ExercisePart *part, const char *skill, RfcReference reference, const char *format, ...
) G_GNUC_PRINTF(4, 5);

void exercise_set_hint(Exercise *exercise, const char *format, ...) G_GNUC_PRINTF(2, 3);
void exercise_set_try(Exercise *exercise, const char *format, ...) G_GNUC_PRINTF(2, 3);
void exercise_set_facts(Exercise *exercise, gpointer facts, GDestroyNotify free_facts);

/* --- luck --- */

guint exercise_below(Exercise *exercise, guint limit);
guint exercise_between(Exercise *exercise, guint least, guint most); /* both included */
bool exercise_toss(Exercise *exercise);
const char *exercise_pick(Exercise *exercise, const char *const *words, gsize n_words);
void exercise_shuffle(Exercise *exercise, guint *numbers, gsize count);

#define EXERCISE_PICK(exercise, words) exercise_pick((exercise), (words), G_N_ELEMENTS(words))

/* --- people, hosts and texts; the caller frees what is not const --- */

typedef struct {
    const char *name;  /* "Alice" */
    const char *login; /* "alice" */
    const char *domain;
    char *address; /* "alice@crepes.fr" */
} ExercisePerson;

/* 'n' different people of different domains. */
void exercise_people(Exercise *exercise, ExercisePerson *people, gsize count);
void exercise_people_clear(ExercisePerson *people, gsize count);

const char *exercise_dish(Exercise *exercise);                    /* "ketchup" */
char *exercise_subject(Exercise *exercise);                       /* "Pickles at 7" */
char *exercise_sentence(Exercise *exercise);                      /* "Do you like ketchup?" */
char *exercise_password(Exercise *exercise);                      /* "hungry42" */
char *exercise_host_name(Exercise *exercise, const char *domain); /* "mx3.crepes.fr" */
char *exercise_address_v4(Exercise *exercise); /* of the blocks for documentation, RFC 5737 */
char *exercise_queue_id(Exercise *exercise);   /* "4F2A9C" */
