#pragma once

/* Steps as a story: chapters, and below each the lines that travel between two hosts, drawn as
 * arrows with their meaning beside them. What `mailwalk run` prints.
 *
 *     2 · Her user agent hands it to her mail server                        09:00:05.000
 *           alice-laptop                       mail.crepes.fr
 *      12   ├── EHLO alice-laptop ──────────────▶│  the client names itself      RFC 5321 §4.1.1.1
 */

#include "ui/report/text-layout.h"
#include "ui/timeline/step.h"

typedef struct Story Story;

/* The layout is borrowed; 'level' is the finest that is shown. The coarsest is told in words, see
 * tale.h. */
Story *story_new(TextLayout *layout, StepLevel level);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)

void story_title(Story *story, const char *title, const char *aside, const char *about);
void story_what_if(Story *story, const char *line); /* below the title */
void story_step(Story *story, const Step *step);
void story_end(Story *story);                    /* behind the last step */
void story_skip(Story *story, const Step *step); /* not shown, but counted where it is a chapter */
