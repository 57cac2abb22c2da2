#pragma once

/* Who may fetch mail, and from which store: names, passwords, the addresses of their mailboxes. The
 * POP3 and IMAP sessions of one server share it and belong to it; it does not know what carries
 * them. */

#include "protocol/text/byte-span.h"
#include "sim/network/host.h"
#include "sim/store/mail-store.h"

typedef struct AccessAccounts AccessAccounts;
typedef struct AccessSession AccessSession;

typedef struct {
    char *password;
    char *address; /* the account in the store */
} AccessUser;

/* What the servers offer; to be changed before the first session. */
typedef struct {
    guint32 pop3; /* Pop3Offer bits */
    guint32 imap; /* ImapOffer bits */
} AccessOffers;

/* The store is borrowed, and watched; the world's clock is the sessions' clock. 'host' is
 * named in what the world is told; NULL: none. */
AccessAccounts *access_accounts_new(
    SimWorld *world, const SimHost *host, MailStore *store, const char *host_name, guint64 seed
);
void access_accounts_free(AccessAccounts *accounts); /* ends the sessions that are still open */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AccessAccounts, access_accounts_free)

/* 'user' logs in with that password and gets the mailbox of that address. */
void access_accounts_add_user(
    AccessAccounts *accounts, const char *user, const char *password, const char *address
);

/* NULL: nobody has that name. */
const AccessUser *access_accounts_find(const AccessAccounts *accounts, ByteSpan name);

AccessOffers *access_accounts_offers(AccessAccounts *accounts);

/* How long a client may be silent, whatever its protocol; 0: as the protocol's RFC has it,
 * SIM_TIME_NEVER: for ever. */
void access_accounts_set_silence(AccessAccounts *accounts, SimTime silence);
SimTime access_accounts_silence(const AccessAccounts *accounts);
SimWorld *access_accounts_world(const AccessAccounts *accounts);
MailStore *access_accounts_store(const AccessAccounts *accounts);
const char *access_accounts_host_name(const AccessAccounts *accounts);

/* A number of its own for each session, from the seed on. */
guint64 access_accounts_next_seed(AccessAccounts *accounts);

/* Tells the world what a session did to a mailbox, in a line for people. */
void access_accounts_tell(AccessAccounts *accounts, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* How many messages a mailbox holds; 'of' and 'text' as mail_event_emit_count() has them. */
void access_accounts_tell_count(
    AccessAccounts *accounts, const char *of, guint messages, const char *text
);

/* For access-session.c. */
void access_accounts_add_session(AccessAccounts *accounts, AccessSession *session);
void access_accounts_remove_session(AccessAccounts *accounts, AccessSession *session);
