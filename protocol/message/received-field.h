#pragma once

/* Trace fields (RFC 5321 §4.4): reading a Received line clause by clause, judging the whole chain
 * of them, and writing Received and Return-Path.
 *
 * Lines are put on top, so the first in the header is the last hop. A server only vouches for the
 * lines from its own upwards: everything below the first line that no trusted host wrote is what
 * the client claimed, and could be forged.
 *
 *     Received: from client.crepes.fr (pc7.crepes.fr [192.0.2.7])
 *                    from_name         from_host     from_address  <- TCP-info, seen by the server
 *         by mail.crepes.fr with ESMTP id 4711 for <bob@hamburger.edu>; Mon, 21 Nov 2022 ...
 */

#include "protocol/message/header-block.h"
#include "protocol/message/message-date.h"

/* All spans are parts of the field's body. */
typedef struct {
    ByteSpan from_name;    /* what the client said in EHLO or HELO */
    ByteSpan from_host;    /* name the server found for the client's address; may be empty */
    ByteSpan from_address; /* the client's address without brackets and "IPv6:" */
    ByteSpan from_comment; /* the whole comment, brackets off */
    ByteSpan by_name;
    ByteSpan by_comment;
    ByteSpan via;
    ByteSpan with;
    ByteSpan with_comment;
    ByteSpan id;
    ByteSpan for_path; /* without <>; the first where there are several */
    ByteSpan date_text;
    MessageDate date;
    bool has_date;
    guint64 defects; /* MESSAGE_DEFECT_RECEIVED_* and _DATE_* */
} ReceivedField;

void received_field_parse(ByteSpan body, ReceivedField *out_field);

/* Whether two host names end in the same two labels: enough to see that they belong together. */
bool received_is_same_place(ByteSpan left, ByteSpan right);

/* Who is to be believed. Names are compared without case; a line is trusted while its 'by' is one
 * of them and every line above it was trusted too. Without names only the top line counts. */
typedef struct {
    const char *const *hosts;
    gsize n_hosts;
} ReceivedTrust;

typedef struct {
    const HeaderField *field;
    ReceivedField received;
    guint number;         /* 1 is the first hop, the lowest line */
    bool is_trusted;      /* a trusted host wrote this line */
    bool could_be_forged; /* an untrusted host handed this line over as it stands */
    bool has_delay;
    gint64 delay_seconds; /* since the hop before; negative: the clocks disagree */
    bool links_to_next;   /* the next hop's 'from' is this one's 'by' */
    guint64 defects;
} ReceivedHop;

/* In the order of travel, first hop first. Borrows the block. */
typedef struct {
    ReceivedHop *hops;
    guint n_hops;
    gint64 total_seconds; /* from the first to the last time that can be read */
    bool has_total;
    ByteSpan return_path; /* without <> */
    bool has_return_path;
    guint64 defects;
} ReceivedChain;

ReceivedChain *received_chain_new(const HeaderBlock *block, const ReceivedTrust *trust);
void received_chain_free(ReceivedChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReceivedChain, received_chain_free)

/* The number of Received fields alone: RFC 5321 §6.3 counts them to find loops. Servers ask it of
 * every message, so nothing else of the header is looked at. */
guint received_count(ByteSpan message);

/* What a server writes on top. Texts may be NULL where the clause is to be left out; 'from_name'
 * is whatever the client said, so octets that could end the line or a clause are written as '?'. */
typedef struct {
    const char *from_name;
    const char *from_host;
    const char *from_address; /* "192.0.2.7" or "2001:db8::7": brackets and tag are added */
    const char *by_name;
    const char *via;
    const char *with; /* "ESMTP", "ESMTPSA" ... */
    const char *id;
    const char *for_path; /* without <>; leave NULL where the message has several recipients */
    gint64 seconds;
    int zone_minutes;
} ReceivedTrace;

/* The whole field, folded, closed by CRLF. */
char *received_field_write(const ReceivedTrace *trace);

/* "Return-Path: <alice@crepes.fr>" CRLF; an empty path for a null sender. */
char *return_path_write(const char *reverse_path);
