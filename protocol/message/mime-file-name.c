#include "protocol/message/mime-tree.h"

enum {
    NAME_MAXIMUM = 120,
    EXTENSION_MAXIMUM = 16,
};

/* Characters that no file system, shell or screen should meet in a name. */
static bool is_unsafe(gunichar character)
{
    if (character < 0x80) {
        return character < ' ' || character == 0x7f ||
               strchr("/\\:*?\"<>|", (int)character) != NULL;
    }
    GUnicodeType type = g_unichar_type(character);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
           type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
           type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_SURROGATE ||
           type == G_UNICODE_UNASSIGNED;
}

/* Names that mean a device on some systems, whatever their extension. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    gsize length = strcspn(name, ".");
    for (gsize i = 0; i < G_N_ELEMENTS(devices); i++) {
        if (length == 3 && g_ascii_strncasecmp(name, devices[i], 3) == 0) {
            return true;
        }
    }
    bool has_port_name = length == 4 && (g_ascii_strncasecmp(name, "com", 3) == 0 ||
                                         g_ascii_strncasecmp(name, "lpt", 3) == 0);
    return has_port_name && g_ascii_isdigit(name[3]);
}

/* Shortens to the maximum, between two characters, and keeps a short extension. */
static void shorten(GString *name)
{
    if (name->len <= NAME_MAXIMUM) {
        return;
    }
    const char *dot = strrchr(name->str, '.');
    gsize extension = dot == NULL ? 0 : strlen(dot);
    g_autofree char *kept = extension <= EXTENSION_MAXIMUM ? g_strdup(dot) : NULL;
    gsize end = NAME_MAXIMUM - (kept == NULL ? 0 : extension);
    while (end > 0 && ((guchar)name->str[end] & 0xc0) == 0x80) {
        end--;
    }
    g_string_truncate(name, end);
    g_string_append(name, kept == NULL ? "" : kept);
}

static void trim_end(GString *name)
{
    while (name->len > 0 && strchr(". ", name->str[name->len - 1]) != NULL) {
        g_string_truncate(name, name->len - 1);
    }
}

char *mime_safe_file_name(const char *name, const char *fallback)
{
    g_autofree char *valid = g_utf8_make_valid(name == NULL ? "" : name, -1);
    const char *start = valid;
    for (const char *at = valid; *at != '\0'; at++) {
        start = *at == '/' || *at == '\\' ? at + 1 : start;
    }
    GString *safe = g_string_new(NULL);
    for (const char *at = start; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(safe, is_unsafe(character) ? '_' : character);
    }
    while (safe->len > 0 && strchr(". ", safe->str[0]) != NULL) {
        g_string_erase(safe, 0, 1);
    }
    trim_end(safe);
    if (is_device(safe->str)) {
        g_string_prepend_c(safe, '_');
    }
    shorten(safe);
    trim_end(safe); /* the cut may lie behind a space */
    if (safe->len == 0) {
        g_string_assign(safe, fallback);
    }
    return g_string_free(safe, FALSE);
}
