#pragma once

/* The frame of a page about exercises: one style for sheets, keys and markings, that prints well on
 * paper and reads well on a phone; no script, nothing from elsewhere. */

#include <glib.h>

void exercise_page_begin(GString *page, const char *title);
void exercise_page_end(GString *page);

/* A block of lines as they are, scrolled where they are wider than the screen. */
void exercise_page_code(GString *page, const char *class, const char *text);
