#include "sim/agent/address-book.h"

#define USUAL_SIZE 256 /* of an address; a longer one costs an allocation */

struct AddressBook {
    GHashTable *entries;    /* address in lower case -> AddressEntry */
    GHashTable *catch_alls; /* domain in lower case -> address */
    char separator;
};

static void free_entry(gpointer data)
{
    AddressEntry *entry = data;
    g_free(entry->address);
    g_strfreev(entry->targets);
    g_free(entry);
}

AddressBook *address_book_new(void)
{
    AddressBook *book = g_new0(AddressBook, 1);
    book->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_entry);
    book->catch_alls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return book;
}

void address_book_free(AddressBook *book)
{
    if (book != NULL) {
        g_hash_table_unref(book->entries);
        g_hash_table_unref(book->catch_alls);
        g_free(book);
    }
}

static GStrv split(const char *targets)
{
    GStrv parts = g_strsplit(targets, ",", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_strstrip(parts[i]);
    }
    return parts;
}

AddressEntry *
address_book_add(AddressBook *book, AddressKind kind, const char *address, const char *targets)
{
    AddressEntry *entry = g_new0(AddressEntry, 1);
    entry->kind = kind;
    entry->address = g_strdup(address);
    entry->targets = targets == NULL ? NULL : split(targets);
    g_hash_table_insert(book->entries, g_ascii_strdown(address, -1), entry);
    return entry;
}

void address_book_set_catch_all(AddressBook *book, const char *domain, const char *address)
{
    g_hash_table_insert(book->catch_alls, g_ascii_strdown(domain, -1), g_strdup(address));
}

void address_book_set_separator(AddressBook *book, char separator)
{
    book->separator = separator;
}

static const AddressEntry *find(const AddressBook *book, const char *lower)
{
    return g_hash_table_lookup(book->entries, lower);
}

/* "bob+lists@hamburger.edu" -> "bob@hamburger.edu"; NULL: there is no tag. */
static char *without_tag(const AddressBook *book, const char *lower, ByteSpan *out_tag)
{
    const char *at = strrchr(lower, '@');
    const char *separator =
        at == NULL || book->separator == '\0' ? NULL : strchr(lower, book->separator);
    if (separator == NULL || separator > at || separator == lower) {
        return NULL;
    }
    *out_tag = byte_span(separator + 1, (gsize)(at - separator - 1));
    GString *plain = g_string_new_len(lower, separator - lower);
    g_string_append(plain, at);
    return g_string_free(plain, FALSE);
}

static const AddressEntry *find_catch_all(const AddressBook *book, const char *lower)
{
    const char *at = strrchr(lower, '@');
    const char *address = at == NULL ? NULL : g_hash_table_lookup(book->catch_alls, at + 1);
    if (address == NULL) {
        return NULL;
    }
    g_autofree char *target = g_ascii_strdown(address, -1);
    return find(book, target);
}

/* NULL: 'out_text' cannot hold it. */
static const char *lower_case(const char *address, char out_text[USUAL_SIZE])
{
    for (gsize i = 0; i < USUAL_SIZE; i++) {
        out_text[i] = g_ascii_tolower(address[i]);
        if (address[i] == '\0') {
            return out_text;
        }
    }
    return NULL;
}

const AddressEntry *
address_book_find(const AddressBook *book, const char *address, ByteSpan *out_tag)
{
    char usual[USUAL_SIZE];
    g_autofree char *longer = NULL;
    const char *lower = lower_case(address, usual);
    if (lower == NULL) {
        lower = longer = g_ascii_strdown(address, -1);
    }
    const AddressEntry *entry = find(book, lower);
    ByteSpan tag = BYTE_SPAN_EMPTY;
    if (entry == NULL) {
        g_autofree char *plain = without_tag(book, lower, &tag);
        entry = plain == NULL ? NULL : find(book, plain);
    }
    if (entry == NULL) {
        tag = BYTE_SPAN_EMPTY;
        entry = find_catch_all(book, lower);
    }
    if (out_tag != NULL) {
        /* The same octets of the caller's own text. */
        *out_tag = tag.length == 0
                       ? BYTE_SPAN_EMPTY
                       : byte_span(address + (tag.data - (const guint8 *)lower), tag.length);
    }
    return entry;
}
