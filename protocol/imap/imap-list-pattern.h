#pragma once

/* Patterns of LIST and LSUB: "*" stands for anything, "%" for anything within one level of the
 * hierarchy (RFC 9051 §6.3.9). */

#include <stdbool.h>

/* INBOX is matched in any case of letters. */
bool imap_list_matches(const char *pattern, const char *name);
