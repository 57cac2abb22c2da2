#pragma once

/* Words that say nothing about anybody: those of the protocols, and the usual names of services. */

#include "protocol/text/byte-span.h"

/* Part of a token of the vocabulary, a day, a month, a word of the usual parameters. */
bool anonymize_is_grammar(ByteSpan word);

/* A word that servers say to people: "accepted", "welcome", "later". */
bool anonymize_is_usual(ByteSpan word);

/* "mail", "www", "ns1": names that every domain has. */
bool anonymize_is_service(ByteSpan label);
