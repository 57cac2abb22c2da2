#pragma once

/* The questions that lectures ask about a mail capture, answered from the steps, each with the
 * frames that prove it; or as an unanswered sheet to hand out, with the key behind it. */

#include "ui/report/text-layout.h"
#include "ui/timeline/timeline.h"

typedef enum {
    QUESTIONS_ANSWERED,
    QUESTIONS_SHEET, /* questions with room to write, then the key on a page of its own */
} QuestionsForm;

void questions_write(TextLayout *layout, const Timeline *timeline, QuestionsForm form);

/* One question with its answer, for other views. */
typedef struct {
    char *question;
    char *answer;
    GArray *frames; /* guint64, ascending: what proves it */
} QuestionAnswer;

/* Streams that carry a mail dialogue, in the order in which they were told; guint64. */
GArray *questions_streams(const Timeline *timeline);

/* Of one stream; QuestionAnswer. Free with g_ptr_array_unref(). */
GPtrArray *questions_of_stream(const Timeline *timeline, guint64 stream);
