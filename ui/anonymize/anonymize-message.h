#pragma once

/* A mail message as it passed on the wire (dots may be stuffed), changed in place: names of fields,
 * MIME structure, dates, sizes and line ends stay; people, subjects and bodies get other words. */

#include "ui/anonymize/anonymize-text.h"

/* 'begins_with_body': not a whole message but the text of one, as IMAP's BODY[TEXT] gives it. */
void anonymize_message(AnonymizeNames *names, guint8 *octets, gsize length, bool begins_with_body);
