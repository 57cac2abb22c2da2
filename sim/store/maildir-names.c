#include <string.h>

#include "protocol/encoding/modified-utf7.h"
#include "sim/store/maildir-internal.h"

/* Whatever is not plainly harmless in a file name is written as %XX. */
static char *escape(const char *text, const char *harmless)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at++) {
        bool is_harmless = g_ascii_isalnum(*at) || strchr(harmless, *at) != NULL;
        if (is_harmless && !(at == text && *at == '.')) {
            g_string_append_c(out, *at);
        } else {
            g_string_append_printf(out, "%%%02X", (guchar)*at);
        }
    }
    return g_string_free(out, FALSE);
}

/* NULL: an escape is broken, or hides a NUL. */
static char *unescape(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '%') {
            g_string_append_c(out, *at);
            continue;
        }
        int high = g_ascii_xdigit_value(at[1]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(at[2]);
        if (low < 0 || high * 16 + low == 0) {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append_c(out, (char)(high * 16 + low));
        at += 2;
    }
    return g_string_free(out, FALSE);
}

char *maildir_account_to_directory(const char *account)
{
    return escape(account, "@._+-=");
}

char *maildir_account_from_directory(const char *directory)
{
    g_autofree char *account = directory[0] == '.' ? NULL : unescape(directory);
    g_autofree char *again = account == NULL || !mail_account_is_valid(account)
                                 ? NULL
                                 : maildir_account_to_directory(account);
    return again != NULL && strcmp(again, directory) == 0 ? g_steal_pointer(&account) : NULL;
}

/* Maildir++ writes names beyond ASCII in modified UTF-7 and parts levels by dots; a dot inside a
 * level, and what a file name cannot or should not hold, is escaped. */
static const char level_harmless[] = " !\"#$&'()*+,-:;<=>?@[]^_`{|}~";

static char *utf7_from_utf8(const char *text)
{
    ByteBuffer out;
    byte_buffer_init(&out, 8 * strlen(text) + 16);
    bool is_coded = modified_utf7_encode(byte_span_from_string(text), &out, NULL, NULL);
    char *coded = is_coded ? byte_span_to_string(byte_buffer_span(&out)) : NULL;
    byte_buffer_clear(&out);
    return coded;
}

static char *utf8_from_utf7(const char *text)
{
    ByteBuffer out;
    byte_buffer_init(&out, 8 * strlen(text) + 16);
    bool is_plain = modified_utf7_decode(byte_span_from_string(text), &out, NULL, NULL);
    char *plain = is_plain ? byte_span_to_string(byte_buffer_span(&out)) : NULL;
    byte_buffer_clear(&out);
    return plain;
}

/* ASCII that is harmful becomes %XX; other letters wait for modified UTF-7. */
static char *escape_level(const char *level)
{
    GString *out = g_string_new(NULL);
    for (const char *at = level; *at != '\0'; at++) {
        bool is_plain =
            g_ascii_isalnum(*at) || (guchar)*at >= 0x80 || strchr(level_harmless, *at) != NULL;
        if (is_plain && !(at == level && *at == '~')) {
            g_string_append_c(out, *at);
        } else {
            g_string_append_printf(out, "%%%02X", (guchar)*at);
        }
    }
    return g_string_free(out, FALSE);
}

char *maildir_folder_to_directory(const char *name)
{
    GString *directory = g_string_new(NULL);
    g_auto(GStrv) levels = g_strsplit(name, "/", -1);
    for (guint i = 0; !mail_name_is_inbox(name) && levels[i] != NULL; i++) {
        g_autofree char *level = escape_level(levels[i]);
        g_autofree char *coded = utf7_from_utf8(level);
        g_string_append_printf(directory, ".%s", coded == NULL ? level : coded);
    }
    return g_string_free(directory, FALSE);
}

char *maildir_folder_from_directory(const char *directory)
{
    g_auto(GStrv) levels = g_strsplit(directory, ".", -1);
    g_autoptr(GString) name = g_string_new(NULL);
    MailNameBlock canonical;
    if (directory[0] != '.' || directory[1] == '\0') {
        return NULL;
    }
    for (guint i = 1; levels[i] != NULL; i++) {
        g_autofree char *escaped = utf8_from_utf7(levels[i]);
        g_autofree char *level = escaped == NULL ? NULL : unescape(escaped);
        if (level == NULL) {
            return NULL;
        }
        g_string_append_printf(name, "%s%s", i == 1 ? "" : "/", level);
    }
    if (!mail_name_canonical(name->str, canonical)) {
        return NULL;
    }
    /* One name, one directory: other spellings would show a folder that cannot be opened. */
    g_autofree char *again = maildir_folder_to_directory(canonical);
    return strcmp(again, directory) == 0 ? g_strdup(canonical) : NULL;
}

static const struct {
    char letter;
    guint32 flag;
} letters[] = {
    {'D', MAIL_FLAG_DRAFT},
    {'F', MAIL_FLAG_FLAGGED},
    {'R', MAIL_FLAG_ANSWERED},
    {'S', MAIL_FLAG_SEEN},
    {'T', MAIL_FLAG_DELETED},
};

static const char *info_of(const char *name)
{
    const char *info = name == NULL ? NULL : strrchr(name, ':');
    return info != NULL && g_str_has_prefix(info, ":2,") ? info + 3 : "";
}

static guint32 flag_of(char letter)
{
    if (letter >= 'a' && letter <= 'z') {
        return MAIL_FLAG_KEYWORD(letter - 'a');
    }
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++) {
        if (letters[i].letter == letter) {
            return letters[i].flag;
        }
    }
    return 0;
}

guint32 maildir_flags_from_name(const char *name)
{
    guint32 flags = 0;
    for (const char *at = info_of(name); *at != '\0'; at++) {
        flags |= flag_of(*at);
    }
    return flags;
}

char *maildir_name_with_flags(const char *unique, const char *old_name, guint32 flags)
{
    GString *name = g_string_new(unique);
    g_string_append(name, ":2,");
    /* The letters stand in the order of ASCII, as Maildir asks. */
    for (int letter = 'A'; letter <= 'z'; letter++) {
        guint32 flag = flag_of((char)letter);
        bool is_foreign =
            flag == 0 && g_ascii_isalpha(letter) && strchr(info_of(old_name), letter) != NULL;
        if ((flags & flag) != 0 || is_foreign) {
            g_string_append_c(name, (char)letter);
        }
    }
    return g_string_free(name, FALSE);
}

char *maildir_unique_of(const char *name)
{
    const char *info = strrchr(name, ':');
    return info == NULL ? g_strdup(name) : g_strndup(name, (gsize)(info - name));
}

static bool number_in_name(const char *name, const char *mark, guint64 *out_number)
{
    const char *number = strstr(name, mark);
    if (number == NULL) {
        return false;
    }
    number += strlen(mark);
    return byte_span_to_number(byte_span(number, strspn(number, "0123456789")), out_number);
}

bool maildir_disk_size_in_name(const char *name, guint64 *out_size)
{
    return number_in_name(name, ",S=", out_size);
}

bool maildir_wire_size_in_name(const char *name, guint64 *out_size)
{
    return number_in_name(name, ",W=", out_size);
}
