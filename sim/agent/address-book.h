#pragma once

/* What the addresses of a server's own domains stand for: a mailbox, other addresses, a program.
 * Letters of domain and local part compare without case, as nearly every server does, though only
 * the domain must (RFC 5321 §2.4). "postmaster" without a domain is the first domain's.
 *
 * Looked up in this order: the address itself, without its "+tag", the catch-all of its domain. */

#include "protocol/text/byte-span.h"

typedef enum {
    ADDRESS_UNKNOWN,
    ADDRESS_MAILBOX,
    ADDRESS_ALIAS,     /* 'targets' instead */
    ADDRESS_FORWARDED, /* likewise; the client is told so by 251 */
    ADDRESS_MOVED,     /* 'targets' holds the new address; mail for the old one is refused by 551 */
    ADDRESS_PROGRAM,
} AddressKind;

typedef struct {
    AddressKind kind;
    char *address; /* as it was entered: the account of a mailbox */
    GStrv targets;
    gpointer program; /* the owner's */
} AddressEntry;

typedef struct AddressBook AddressBook;

AddressBook *address_book_new(void);
void address_book_free(AddressBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressBook, address_book_free)

/* Enters it, or replaces what stood there. 'targets' has commas between. */
AddressEntry *
address_book_add(AddressBook *book, AddressKind kind, const char *address, const char *targets);
void address_book_set_catch_all(AddressBook *book, const char *domain, const char *address);
void address_book_set_separator(AddressBook *book, char separator);

/* NULL: no such address. 'out_tag' gets what stands behind the separator, borrowed from 'address';
 * it may be NULL. */
const AddressEntry *
address_book_find(const AddressBook *book, const char *address, ByteSpan *out_tag);
