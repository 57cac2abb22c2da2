#pragma once

/* Other names for the same things, as long as they were: "alice" becomes the same five letters
 * wherever it stands, "192.0.2.25" an address whose numbers have as many digits. What a word
 * becomes hangs on a key, so that nobody who has only the result can work backwards, and a word
 * that was learned as a name is known again in free text.
 *
 * Everything is changed in place; capitals stay capitals, digits stay digits, punctuation stays. */

#include "protocol/text/byte-span.h"

#define ANONYMIZE_WORD_MAXIMUM 40      /* longer runs of letters are changed, not remembered */
#define ANONYMIZE_WORDS_MAXIMUM 500000 /* further words are changed, but two may become one */

typedef struct AnonymizeNames AnonymizeNames;

AnonymizeNames *anonymize_names_new(ByteSpan key);
void anonymize_names_free(AnonymizeNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnonymizeNames, anonymize_names_free)

/* One word of letters and digits. 'is_name': free text that holds it has it changed too. */
void anonymize_word(AnonymizeNames *names, guint8 *word, gsize length, bool is_name);
bool anonymize_is_name(const AnonymizeNames *names, ByteSpan word);

/* One character beyond ASCII, of so many octets. */
void anonymize_character(const AnonymizeNames *names, guint8 *octets, gsize length);

/* 4 or 16 octets. The special networks (private, loopback, multicast ...) stay what they are. */
void anonymize_address(const AnonymizeNames *names, guint8 *octets, gsize length);
void anonymize_hardware_address(const AnonymizeNames *names, guint8 octets[6]);
