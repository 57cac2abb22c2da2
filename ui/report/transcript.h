#pragma once

/* Conversations for people to read: for each a heading (who, where, when, how long, how it ended),
 * then line by line who said it, what exactly, what it means, why it comes now, where it is
 * written. Streams that interleave in the capture are told one after the other: what is finished
 * first comes first. DNS look-ups stand before the conversation that they made possible.
 *
 * A conversation is held as laid-out text until it closes. What is held has a maximum; past it a
 * conversation is told in parts, and each part says so. */

#include "ui/report/text-layout.h"
#include "ui/timeline/step.h"

#define TRANSCRIPT_PART_MAXIMUM (4 * 1024 * 1024)  /* octets of text held of one conversation */
#define TRANSCRIPT_HELD_MAXIMUM (64 * 1024 * 1024) /* and of all */
#define TRANSCRIPT_LINES_SHOWN 40                  /* of one reply */

typedef struct Transcript Transcript;

typedef struct {
    StepLevel level;
    guint width;
    bool has_colour;
    bool shows_others; /* connections that carry no mail protocol too */
} TranscriptOptions;

Transcript *transcript_new(FILE *stream, const TranscriptOptions *options);
void transcript_free(Transcript *transcript);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transcript, transcript_free)

/* Takes the step; 'transcript' is a gpointer so that a step builder can call it. */
void transcript_step(gpointer transcript, Step *step);

/* What is still held, and a line of totals; false: the stream failed. */
bool transcript_finish(Transcript *transcript);
