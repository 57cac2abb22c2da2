#pragma once

/* The story level in words: one sentence for each thing that happened, with its time.
 *
 *     09:00:05  alice-laptop hands "Condiments" to mail.crepes.fr by SMTP: taken (250)
 *     09:00:05  mail.crepes.fr takes message 61CD7B40 for <bob@hamburger.edu>
 *
 * Whether a message was taken is known only with the answer, and what the server does with it is
 * told before that. So its line waits, and what comes after it waits behind it. The tale therefore
 * sees the steps of every level. */

#include "ui/report/text-layout.h"
#include "ui/timeline/step.h"

typedef struct Tale Tale;

/* The layout is borrowed. */
Tale *tale_new(TextLayout *layout);
void tale_free(Tale *tale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tale, tale_free)

void tale_step(Tale *tale, const Step *step); /* all kinds but chapters */
void tale_end(Tale *tale);                    /* what waits is told without its answer */
