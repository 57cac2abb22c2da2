#pragma once

/* One self-contained page of a capture: questions and answers, and for each conversation a diagram
 * (SVG), the transcript, messages and remarks. It needs no network and no script, forbids both to
 * whatever hostile text might slip in (Content-Security-Policy), and prints well. */

#include "ui/timeline/timeline.h"

#include <stdio.h>

#define HTML_STEPS_MAXIMUM 50000 /* of all conversations; further ones are counted */

typedef struct {
    const char *title; /* the captures' names */
    StepLevel level;
} HtmlPageOptions;

/* The whole page; free with g_free(). */
char *html_page(const Timeline *timeline, const HtmlPageOptions *options);

/* Writes it whole or not at all; a file that exists is kept unless 'force'. */
bool html_page_write(
    const Timeline *timeline,
    const HtmlPageOptions *options,
    const char *path,
    bool force,
    GError **error
);
