#include "exercises/class/json-reader.h"

#include <string.h>

typedef struct {
    const char *start;
    const char *at;
    JsonValue value;
    gpointer data;
    GString *path;
    guint depth;
} Reader;

static bool read_value(Reader *reader);

static void skip_space(Reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

static bool accept(Reader *reader, char wanted)
{
    skip_space(reader);
    bool is_there = *reader->at == wanted;
    reader->at += is_there ? 1 : 0;
    return is_there;
}

static bool read_hex(const char *at, gunichar *out_code)
{
    gunichar code = 0;
    for (gsize i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(at[i])) {
            return false;
        }
        code = code << 4 | (gunichar)g_ascii_xdigit_value(at[i]);
    }
    *out_code = code;
    return true;
}

/* Behind "\u"; a pair of surrogates is one character, half of one is U+FFFD, and so is NUL. */
static bool read_unicode(Reader *reader, GString *text)
{
    gunichar code;
    gunichar low;
    if (!read_hex(reader->at, &code)) {
        return false;
    }
    reader->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && reader->at[0] == '\\' && reader->at[1] == 'u' &&
        read_hex(reader->at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        reader->at += 6;
    }
    g_string_append_unichar(text, code == 0 || !g_unichar_validate(code) ? 0xfffd : code);
    return true;
}

static bool read_escape(Reader *reader, GString *text)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    char name = *reader->at;
    const char *found = name == '\0' ? NULL : strchr(names, name);
    reader->at += name == '\0' ? 0 : 1;
    if (found != NULL) {
        g_string_append_c(text, values[found - names]);
        return true;
    }
    return name == 'u' && read_unicode(reader, text);
}

static bool read_string(Reader *reader, GString *text)
{
    if (!accept(reader, '"')) {
        return false;
    }
    while (*reader->at != '"') {
        char octet = *reader->at;
        if (octet == '\0') {
            return false;
        }
        reader->at++;
        if (octet != '\\') {
            g_string_append_c(text, octet);
        } else if (!read_escape(reader, text)) {
            return false;
        }
    }
    reader->at++;
    return true;
}

/* Runs 'read' one level deeper, under that name. */
static bool read_member(Reader *reader, const char *name)
{
    gsize length = reader->path->len;
    if (++reader->depth > JSON_DEPTH_MAXIMUM) {
        return false;
    }
    g_string_append_printf(reader->path, "%s%s", length == 0 ? "" : ".", name);
    bool is_right = read_value(reader);
    g_string_truncate(reader->path, length);
    reader->depth--;
    return is_right;
}

static bool read_object(Reader *reader)
{
    if (accept(reader, '}')) {
        return true;
    }
    do {
        g_autoptr(GString) name = g_string_new(NULL);
        if (!read_string(reader, name) || !accept(reader, ':') || !read_member(reader, name->str)) {
            return false;
        }
    } while (accept(reader, ','));
    return accept(reader, '}');
}

static bool read_array(Reader *reader)
{
    if (accept(reader, ']')) {
        return true;
    }
    guint number = 1;
    do {
        g_autofree char *name = g_strdup_printf("%u", number++);
        if (!read_member(reader, name)) {
            return false;
        }
    } while (accept(reader, ','));
    return accept(reader, ']');
}

/* A number, true, false or null, as it stands. */
static bool read_word(Reader *reader)
{
    gsize length = strspn(reader->at, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
    g_autofree char *word = g_strndup(reader->at, length);
    reader->at += length;
    if (length > 0) {
        reader->value(reader->path->str, strcmp(word, "null") == 0 ? "" : word, reader->data);
    }
    return length > 0;
}

static bool read_value(Reader *reader)
{
    if (accept(reader, '{')) {
        return read_object(reader);
    }
    if (accept(reader, '[')) {
        return read_array(reader);
    }
    skip_space(reader);
    if (*reader->at != '"') {
        return read_word(reader);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    if (!read_string(reader, text)) {
        return false;
    }
    reader->value(reader->path->str, text->str, reader->data);
    return true;
}

bool json_read(const char *text, JsonValue value, gpointer data, gsize *out_position)
{
    g_autoptr(GString) path = g_string_new(NULL);
    Reader reader = {.start = text, .at = text, .value = value, .data = data, .path = path};
    bool is_right = read_value(&reader);
    skip_space(&reader);
    *out_position = (gsize)(reader.at - text);
    return is_right && *reader.at == '\0';
}
