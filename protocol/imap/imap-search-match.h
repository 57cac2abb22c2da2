#pragma once

/* Whether a message fits the criteria of SEARCH. Header fields are compared decoded, bodies with
 * their transfer encoding taken off and as UTF-8, letters of either case alike. */

#include "protocol/imap/imap-search-request.h"
#include "protocol/imap/imap-storage.h"

/* 'octets' loads the message when it is first needed; NULL: it has gone. */
typedef struct {
    guint32 sequence;
    ImapMessageInfo info;
    GBytes *(*octets)(gpointer data);
    bool (*has_keyword)(guint32 flags, const char *keyword, gpointer data);
    gpointer data;
} ImapSearchMessage;

bool imap_search_matches(const ImapSearchNode *node, const ImapSearchMessage *message);
