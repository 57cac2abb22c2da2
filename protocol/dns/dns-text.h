#pragma once

/* A message as dig prints it: header, flags, sections in columns, then query time, server and
 * size. Nothing in it comes unescaped from the network. */

#include "protocol/dns/dns-data.h"

/* What stands below the sections; a member that is NULL or negative leaves its line out. */
typedef struct {
    gint64 query_time_ms;
    const char *server;    /* "192.0.2.53" */
    guint16 port;          /* 53 */
    bool over_tcp;         /* newer versions print the transport behind the server */
    const char *when;      /* "Mon Sep 07 09:00:00 UTC 2026" */
    const char *arguments; /* "hamburger.edu MX": the line that dig starts with; NULL: none */
} DnsTextFooter;

#define DNS_TEXT_NO_FOOTER                                                                         \
    ((DnsTextFooter){.query_time_ms = -1, .server = NULL, .when = NULL, .arguments = NULL})

/* The whole answer. What cannot be read is told in a line that names the defect and its offset. */
void dns_text_message(ByteSpan message, const DnsTextFooter *footer, GString *out);

/* "qr rd ra" */
void dns_text_flags(const DnsHeader *header, GString *out);

/* "hamburger.edu.<tab>3600<tab>IN<tab>MX<tab>10 mail.hamburger.edu." without a line end. */
void dns_text_record(ByteSpan message, const DnsRecord *record, GString *out);

/* Only the data of the answers, one a line, as `dig +short`. */
void dns_text_short(ByteSpan message, GString *out);

/* The path of a look-up, as `dig +trace` shows each step's records and who gave them. */
void dns_text_trace_step(
    ByteSpan message,
    const char *server_name,
    const char *server_address,
    gint64 query_time_ms,
    GString *out
);
