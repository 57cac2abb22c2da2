#pragma once

/* Address lists of header fields (RFC 5322 §3.4): From, To, Cc and their kin, with names, groups
 * and the obsolete routes of §4.4. This reads what a message says; whether an address obeys the
 * rules, character by character, is the business of the address judge. */

#include "protocol/text/byte-span.h"

#define MESSAGE_ADDRESSES_MAXIMUM 20000

typedef enum {
    MESSAGE_ADDRESS_MAILBOX,
    MESSAGE_ADDRESS_GROUP_BEGIN, /* 'name' is the group's */
    MESSAGE_ADDRESS_GROUP_END,
} MessageAddressKind;

/* Texts are owned, unquoted and without comments; encoded words stay as they came. */
typedef struct {
    MessageAddressKind kind;
    char *name;    /* display name, or else the last comment; NULL: none */
    char *route;   /* "@a,@b"; NULL: none */
    char *mailbox; /* local part */
    char *host;    /* domain, literals with their brackets; NULL: no "@" was found */
    gsize offset;  /* of the address in the text that was parsed */
    gsize length;
} MessageAddress;

typedef struct {
    MessageAddress *items;
    guint n_items;
    guint n_mailboxes;
    bool is_valid; /* the whole text was an address list */
} MessageAddressList;

MessageAddressList *message_address_list_parse(ByteSpan text);
void message_address_list_free(MessageAddressList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageAddressList, message_address_list_free)

/* "local@host", the local part quoted where it must be; NULL for the ends of a group. */
char *message_address_path(const MessageAddress *address);

/* The name with encoded words decoded, or NULL. */
char *message_address_display_name(const MessageAddress *address);

/* A list of message identifiers (Message-ID, In-Reply-To, References): the next one, with its
 * brackets, off the front of 'rest'; anything else is skipped and noted in 'out_is_clean'. */
bool message_id_next(ByteSpan *rest, ByteSpan *out_id, bool *out_is_clean);
