#include "ui/report/html-text.h"

#include "ui/report/text-layout.h"

void html_text(GString *page, const char *text)
{
    if (text != NULL) {
        g_autofree char *safe = text_safe(text);
        g_autofree char *escaped = g_markup_escape_text(safe, -1);
        g_string_append(page, escaped);
    }
}

void html_element(GString *page, const char *name, const char *class, const char *text)
{
    g_string_append_printf(page, "<%s", name);
    if (class != NULL) {
        g_string_append_printf(page, " class=\"%s\"", class);
    }
    g_string_append_c(page, '>');
    html_text(page, text);
    g_string_append_printf(page, "</%s>", name);
}

char *html_clip(const char *text, gsize letters)
{
    g_autofree char *safe = text_safe(text);
    if ((gsize)g_utf8_strlen(safe, -1) <= letters) {
        return g_steal_pointer(&safe);
    }
    g_autofree char *part = g_utf8_substring(safe, 0, (glong)letters - 1);
    return g_strconcat(part, "\342\200\246", NULL);
}
