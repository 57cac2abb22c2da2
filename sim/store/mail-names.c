#include "sim/store/mail-store-class.h"

#include <string.h>

enum {
    ACCOUNT_MAXIMUM = 254, /* RFC 5321 §4.5.3.1.3: a path of 256 with its brackets */
};

static bool has_control(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);
        if (character < ' ' || (character >= 0x7f && character < 0xa0)) {
            return true;
        }
    }
    return false;
}

static bool is_clean_text(const char *text, gsize maximum)
{
    gsize length = strlen(text);
    return length > 0 && length <= maximum && g_utf8_validate_len(text, length, NULL) &&
           !has_control(text);
}

bool mail_account_is_valid(const char *account)
{
    return is_clean_text(account, ACCOUNT_MAXIMUM);
}

bool mail_name_is_inbox(const char *name)
{
    return strcmp(name, "INBOX") == 0;
}

bool mail_name_is_below(const char *name, const char *above)
{
    gsize length = strlen(above);
    return strncmp(name, above, length) == 0 && name[length] == '/';
}

/* No empty level, none that a file system takes for itself, not too many of them. */
static bool has_good_levels(const char *name)
{
    guint levels = 0;
    while (true) {
        gsize length = strcspn(name, "/");
        bool is_dots = length <= 2 && strspn(name, ".") >= length;
        if (length == 0 || is_dots || ++levels > MAIL_FOLDER_LEVELS_MAXIMUM) {
            return false;
        }
        if (name[length] == '\0') {
            return true;
        }
        name += length + 1;
    }
}

bool mail_name_canonical(const char *name, MailNameBlock out_name)
{
    if (!is_clean_text(name, MAIL_FOLDER_NAME_MAXIMUM) || !has_good_levels(name)) {
        return false;
    }
    g_strlcpy(out_name, name, sizeof(MailNameBlock));
    /* RFC 9051 §5.1: INBOX is the same in letters of any case. */
    if (g_ascii_strncasecmp(name, "INBOX", 5) == 0 && (name[5] == '\0' || name[5] == '/')) {
        memcpy(out_name, "INBOX", 5);
    }
    return true;
}
