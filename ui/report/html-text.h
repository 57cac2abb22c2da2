#pragma once

/* Text on a page: everything goes through here, so nothing reaches the page as markup. */

#include <glib.h>

/* Escapes &, <, >, quotes, and whatever is no letter for a page. NULL: nothing. */
void html_text(GString *page, const char *text);

/* "<td class=...>text</td>"; 'class' may be NULL. */
void html_element(GString *page, const char *name, const char *class, const char *text);

/* At most so many letters, with a mark where it was cut. */
char *html_clip(const char *text, gsize letters);
