#include "protocol/imap/imap-list-pattern.h"

#include <glib.h>

/* Goes back only to the last "*" and, within a level, to the last "%", so it takes at most the
 * product of both lengths. */
static bool matches(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *star_name = NULL;
    const char *percent = NULL;
    const char *percent_name = NULL;
    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            star_name = name;
            percent = NULL;
        } else if (*pattern == '%') {
            percent = ++pattern;
            percent_name = name;
        } else if (*pattern == *name && *name != '\0') {
            pattern++;
            name++;
        } else if (*pattern == '\0' && *name == '\0') {
            return true;
        } else if (percent != NULL && *percent_name != '\0' && *percent_name != '/') {
            name = ++percent_name;
            pattern = percent;
        } else if (star != NULL && *star_name != '\0') {
            name = ++star_name;
            pattern = star;
            percent = NULL;
        } else {
            return false;
        }
    }
}

bool imap_list_matches(const char *pattern, const char *name)
{
    if (g_ascii_strcasecmp(name, "INBOX") == 0) {
        g_autofree char *upper = g_ascii_strup(pattern, -1);
        return matches(upper, "INBOX");
    }
    return matches(pattern, name);
}
