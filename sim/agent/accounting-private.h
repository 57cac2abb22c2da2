#pragma once

/* What the accounting has heard (accounting.c) and what is judged of it (accounting-check.c). */

#include "sim/agent/accounting.h"
#include "sim/agent/mail-event.h"

typedef enum {
    ACCOUNT_OPEN, /* nothing final was told */
    ACCOUNT_DELIVERED,
    ACCOUNT_RELAYED,
    ACCOUNT_EXPANDED,
    ACCOUNT_FAILED,
    ACCOUNT_EXPIRED,
    ACCOUNT_DISCARDED,
    N_ACCOUNT_STATES,
} AccountState;

typedef struct {
    char *path;
    AccountState state;
    char *taken;           /* RELAYED: the id over there */
    char *server;          /* who has it, or may have it */
    guint uncertain;       /* so often the answer to the final dot was lost */
    guint endings;         /* final deeds told; more than one is a violation */
    bool is_accounted_for; /* FAILED, EXPIRED: reported, or a reason was given why not */
} AccountRecipient;

typedef struct {
    char *by;
    char *id;
    char *sender;
    char *origin;
    char *previous;        /* "HOST ID"; NULL: none */
    GPtrArray *recipients; /* AccountRecipient */
    guint accepted;        /* the first so many came with it, aliases added the others */
} AccountMessage;

struct Accounting {
    SimWorld *world;
    guint observer;
    GPtrArray *agents;    /* TransferAgent */
    GHashTable *messages; /* "HOST ID" -> AccountMessage */
    GPtrArray *in_order;  /* the same */
    GPtrArray *strange;   /* char *: events that fit nothing that was told before */
};

AccountMessage *account_find(const Accounting *accounting, const char *by, const char *id);
AccountRecipient *account_find_recipient(const AccountMessage *message, const char *path);
const char *account_state_name(AccountState state);
