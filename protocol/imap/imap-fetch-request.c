#include "protocol/imap/imap-fetch-request.h"

#include "protocol/imap/imap-writer.h"

typedef struct {
    const char *name;
    ImapFetchKind kind;
    const char *section; /* what RFC822 and its kin mean; NULL: no section */
    bool is_peek;
} PlainRow;

static const PlainRow plain_items[] = {
    {"UID", IMAP_FETCH_UID, NULL, true},
    {"FLAGS", IMAP_FETCH_FLAGS, NULL, true},
    {"INTERNALDATE", IMAP_FETCH_INTERNALDATE, NULL, true},
    {"RFC822.SIZE", IMAP_FETCH_SIZE, NULL, true},
    {"ENVELOPE", IMAP_FETCH_ENVELOPE, NULL, true},
    {"BODY", IMAP_FETCH_BODY, NULL, true},
    {"BODYSTRUCTURE", IMAP_FETCH_BODYSTRUCTURE, NULL, true},
    {"RFC822", IMAP_FETCH_SECTION, "", false},
    {"RFC822.HEADER", IMAP_FETCH_SECTION, "HEADER", true},
    {"RFC822.TEXT", IMAP_FETCH_SECTION, "TEXT", false},
};

typedef struct {
    const char *name;
    ImapFetchKind kind;
    const char *label;
    bool is_peek;
    bool is_binary;
} SectionRow;

static const SectionRow section_items[] = {
    {"BODY", IMAP_FETCH_SECTION, "BODY", false, false},
    {"BODY.PEEK", IMAP_FETCH_SECTION, "BODY", true, false},
    {"BINARY", IMAP_FETCH_BINARY, "BINARY", false, true},
    {"BINARY.PEEK", IMAP_FETCH_BINARY, "BINARY", true, true},
    {"BINARY.SIZE", IMAP_FETCH_BINARY_SIZE, "BINARY.SIZE", true, true},
};

static const struct {
    const char *name;
    const char *items;
} macros[] = {
    {"ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE"},
    {"FAST", "FLAGS INTERNALDATE RFC822.SIZE"},
    {"FULL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY"},
};

static void free_item(gpointer data)
{
    ImapFetchItem *item = data;
    g_free(item->label);
    g_free(item->section);
    g_clear_pointer(&item->fields, g_ptr_array_unref);
    g_free(item);
}

static char *upper(ByteSpan text)
{
    g_autofree char *copy = byte_span_to_string(text);
    return g_ascii_strup(copy, -1);
}

/* "2.1", "2.1." in front of a name, or nothing. */
static bool is_part_number(const char *text, gsize length)
{
    bool needs_digit = true;
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '.') {
            if (needs_digit) {
                return false;
            }
            needs_digit = true;
        } else if (!g_ascii_isdigit(text[i]) || (needs_digit && text[i] == '0')) {
            return false;
        } else {
            needs_digit = false;
        }
    }
    return length == 0 || !needs_digit;
}

/* The part number in front, and the name behind it. */
static const char *name_in_section(const char *section, gsize *out_number_length)
{
    const char *name = section;
    while (g_ascii_isdigit(*name) || *name == '.') {
        name++;
    }
    *out_number_length = (gsize)(name - section);
    if (*name != '\0' && *out_number_length > 0) {
        (*out_number_length)--; /* the dot between them */
    }
    return name;
}

static bool take_fields(ImapFetchItem *item, ByteSpan list)
{
    ImapScanner scanner;
    ImapToken token;
    item->fields = g_ptr_array_new_with_free_func(g_free);
    imap_scanner_init(&scanner, list);
    if (!imap_scanner_next(&scanner, &token) || token.kind != IMAP_TOKEN_LIST_OPEN) {
        return false;
    }
    while (imap_scanner_next(&scanner, &token) && token.kind != IMAP_TOKEN_LIST_CLOSE) {
        bool is_text = token.kind == IMAP_TOKEN_ATOM || token.kind == IMAP_TOKEN_QUOTED ||
                       token.kind == IMAP_TOKEN_LITERAL;
        if (!is_text) {
            return false;
        }
        g_ptr_array_add(item->fields, byte_span_to_string(token.value));
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE && item->fields->len > 0;
}

/* The list again, as the response shall show it: a literal in it does not come back as one. */
static bool label_fields(ImapFetchItem *item, ByteSpan words)
{
    ByteBuffer label;
    byte_buffer_init(&label, 65536);
    bool fits = byte_buffer_append_string(&label, "BODY[") && byte_buffer_append(&label, words) &&
                byte_buffer_append_string(&label, " (");
    for (guint i = 0; i < item->fields->len && fits; i++) {
        const char *field = g_ptr_array_index(item->fields, i);
        fits = (i == 0 || byte_buffer_append_string(&label, " ")) &&
               imap_write_astring(&label, byte_span_from_string(field), false);
    }
    fits = fits && byte_buffer_append_string(&label, ")]");
    g_free(item->label);
    item->label = byte_span_to_string(byte_buffer_span(&label));
    byte_buffer_clear(&label);
    return fits;
}

/* RFC 9051 §6.4.5.1: which names may stand in a section, and behind what. */
static bool judge_section(ImapFetchItem *item, ByteSpan section)
{
    gsize number_length;
    gssize space = byte_span_find(section, ' ', 0);
    ByteSpan words = space < 0 ? section : byte_span_slice(section, 0, (gsize)space);
    item->section = upper(words);
    const char *name = name_in_section(item->section, &number_length);
    bool has_list = g_str_equal(name, "HEADER.FIELDS") || g_str_equal(name, "HEADER.FIELDS.NOT");
    if (!is_part_number(item->section, number_length) || has_list != (space >= 0)) {
        return false;
    }
    if (has_list) {
        item->is_not = g_str_equal(name, "HEADER.FIELDS.NOT");
        return take_fields(item, byte_span_from(section, (gsize)space + 1)) &&
               label_fields(item, words);
    }
    return *name == '\0' || g_str_equal(name, "HEADER") || g_str_equal(name, "TEXT") ||
           (g_str_equal(name, "MIME") && number_length > 0);
}

static bool take_section(const ImapToken *token, bool has_binary, ImapFetchItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(section_items); i++) {
        const SectionRow *row = &section_items[i];
        if (!byte_span_is_nocase(token->name, row->name)) {
            continue;
        }
        g_autofree char *section = byte_span_to_string(token->section);
        item->kind = row->kind;
        item->is_peek = row->is_peek;
        item->label = g_strdup_printf("%s[%s]", row->label, section);
        item->is_partial = token->has_partial;
        item->first = token->first;
        item->count = token->count;
        bool is_good_partial = !token->has_partial || (token->has_count && token->count > 0 &&
                                                       row->kind != IMAP_FETCH_BINARY_SIZE);
        bool is_number = is_part_number(section, strlen(section));
        return is_good_partial && judge_section(item, token->section) &&
               (!row->is_binary || (has_binary && is_number));
    }
    return false;
}

static bool take_plain(const ImapToken *token, ImapFetchItem *item)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plain_items); i++) {
        if (byte_span_is_nocase(token->value, plain_items[i].name)) {
            item->kind = plain_items[i].kind;
            item->label = g_strdup(plain_items[i].name);
            item->section = g_strdup(plain_items[i].section);
            item->is_peek = plain_items[i].is_peek;
            return true;
        }
    }
    return false;
}

static bool add_item(const ImapToken *token, bool has_binary, GPtrArray *items)
{
    if (token->kind != IMAP_TOKEN_ATOM || items->len >= IMAP_FETCH_ITEMS_MAXIMUM) {
        return false;
    }
    ImapFetchItem *item = g_new0(ImapFetchItem, 1);
    g_ptr_array_add(items, item);
    return token->has_section ? take_section(token, has_binary, item) : take_plain(token, item);
}

static bool add_macro(const ImapToken *token, GPtrArray *items)
{
    for (gsize i = 0; i < G_N_ELEMENTS(macros); i++) {
        if (!byte_span_is_nocase(token->value, macros[i].name)) {
            continue;
        }
        ImapScanner scanner;
        ImapToken name;
        imap_scanner_init(&scanner, byte_span_from_string(macros[i].items));
        while (imap_scanner_next(&scanner, &name)) {
            bool is_known = add_item(&name, false, items);
            g_assert(is_known);
        }
        return true;
    }
    return false;
}

static bool parse(ByteSpan text, bool has_binary, GPtrArray *items)
{
    ImapScanner scanner;
    ImapToken token;
    imap_scanner_init(&scanner, text);
    if (!imap_scanner_next(&scanner, &token)) {
        return false;
    }
    if (token.kind != IMAP_TOKEN_LIST_OPEN) {
        return (add_macro(&token, items) || add_item(&token, has_binary, items)) &&
               byte_span_trim(scanner.rest).length == 0;
    }
    while (imap_scanner_next(&scanner, &token) && token.kind != IMAP_TOKEN_LIST_CLOSE) {
        if (!add_item(&token, has_binary, items)) {
            return false;
        }
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE && items->len > 0 &&
           byte_span_trim(scanner.rest).length == 0;
}

bool imap_fetch_request_parse(ByteSpan text, bool has_binary, GPtrArray **out_items)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
    if (!parse(text, has_binary, items)) {
        return false;
    }
    *out_items = g_steal_pointer(&items);
    return true;
}
