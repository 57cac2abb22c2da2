#pragma once

/* A DNS message with other names and addresses in it, changed in place; types, counts, TTLs and the
 * top level of names stay. */

#include "ui/anonymize/anonymize-text.h"

void anonymize_dns(AnonymizeNames *names, guint8 *message, gsize length);
