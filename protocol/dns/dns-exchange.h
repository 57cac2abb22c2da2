#pragma once

/* Pairs answers with questions: by who talks to whom (the owner's number for the pair of addresses
 * and ports), the id, and the question itself, compared without regard to case. And says in one
 * sentence what a message asks or answers. DNS over UDP has no connection, so the table forgets
 * the oldest question when it is full. */

#include "protocol/dns/dns-message.h"

#define DNS_EXCHANGE_MAXIMUM 65536 /* questions without an answer that a table remembers */

typedef struct DnsExchangeTable DnsExchangeTable;

DnsExchangeTable *dns_exchange_table_new(gsize maximum);
void dns_exchange_table_free(DnsExchangeTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsExchangeTable, dns_exchange_table_free)

typedef enum {
    DNS_EXCHANGE_QUESTION,  /* the first time this is asked */
    DNS_EXCHANGE_REPEATED,  /* asked before and not answered yet; 'step' is the first asking */
    DNS_EXCHANGE_ANSWER,    /* 'step' is the question it answers */
    DNS_EXCHANGE_UNASKED,   /* nobody asked, or the question was not captured */
    DNS_EXCHANGE_MISMATCH,  /* the id fits, the question does not: a mistake or a forgery */
    DNS_EXCHANGE_ANSWERED,  /* the same question has been answered before: a second answer */
    DNS_EXCHANGE_UNREADABLE /* no header */
} DnsExchangeKind;

typedef struct {
    DnsExchangeKind kind;
    guint64 step; /* what the owner gave with the question; 0: none */
    gint64 time_us;
    guint repeats; /* how often it had been asked again by now */
} DnsExchange;

/* 'flow' is the same number for both directions; 'step' and 'time_us' are kept for the answer. */
DnsExchange dns_exchange_see(
    DnsExchangeTable *table, guint64 flow, ByteSpan message, guint64 step, gint64 time_us
);

gsize dns_exchange_waiting(const DnsExchangeTable *table);

/* "Which servers take mail for hamburger.edu?" and
 * "mail.hamburger.edu, preference 10, kept for 1 h". */
void dns_meaning(ByteSpan message, GString *out);

/* "1 h", "5 min", "2 d 4 h" */
void dns_duration_text(guint32 seconds, GString *out);
