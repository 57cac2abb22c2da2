#pragma once

/* Text of mail and of mail protocols with other names in it: how much of a text is changed depends
 * on what it is. Dotted quads, domain names and addresses are found in all of them. */

#include "ui/anonymize/anonymize-names.h"

typedef enum {
    ANONYMIZE_EVERYTHING, /* every word and number: bodies, subjects, passwords */
    ANONYMIZE_NAMES,      /* the same, and the words are learned as names: people, users, hosts */
    ANONYMIZE_GRAMMAR,    /* words of the protocols and numbers stay: parameters, Received lines */
    ANONYMIZE_SPEECH,     /* free text of servers: the usual words of such texts stay too */
} AnonymizeManner;

void anonymize_text(AnonymizeNames *names, guint8 *text, gsize length, AnonymizeManner manner);

/* One name of the DNS or a part of one: "mail", "www" and the top level stay. */
void anonymize_domain(AnonymizeNames *names, guint8 *text, gsize length);

/* base64, changed inside what it stands for; what is no base64 is changed letter by letter. */
void anonymize_base64(AnonymizeNames *names, guint8 *text, gsize length, AnonymizeManner manner);

/* base64 whose octets nobody reads: stays well-formed. */
void anonymize_base64_run(AnonymizeNames *names, guint8 *text, gsize length);

/* "key=value&key=value": keys stay, so do percent signs with their digits. */
void anonymize_form(AnonymizeNames *names, guint8 *text, gsize length);

/* HTML: tags and their attributes' names stay. */
void anonymize_html(AnonymizeNames *names, guint8 *text, gsize length);

/* Octets that are no text, but may hold names of hosts: the start of TLS. */
void anonymize_binary(AnonymizeNames *names, guint8 *octets, gsize length);
