#pragma once

/* One student's hand-in: who it is from and what was answered to each question. The text that comes
 * in may be a filled-in sheet ("Answer 2b: 250"), a list ("2b) 250"), JSON, or a row of a table.
 * Everything in it is hostile until it is judged; nothing in it becomes a path or a command. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *source;    /* the file, as the grader named it; for messages */
    char *student;   /* as the hand-in says; NULL: it does not */
    char *reason;    /* why it cannot be read; NULL: it can */
    char **answers;  /* one text for each question; "" where there is none; closed by NULL */
    char **programs; /* paths of files that may be programs; NULL: none */
    guint n_questions;
} HandIn;

HandIn *hand_in_new(const char *source, guint n_questions);
void hand_in_free(HandIn *hand_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HandIn, hand_in_free)

/* A whole text, JSON or not. */
void hand_in_read_text(HandIn *hand_in, const char *text);

/* "2", "2b", "q2b", "answer_2b": which question and part; false: none of them. */
bool hand_in_read_label(const char *label, guint n_questions, guint *out_question, char *out_part);

/* Adds to an answer; 'part' is '\0' where the text names none. */
void hand_in_add(HandIn *hand_in, guint question, char part, const char *text);
