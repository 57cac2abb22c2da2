#pragma once

/* The date-time of RFC 5322 §3.3: reading it, the obsolete forms of §4.3 included, and writing it.
 * Times are seconds since 1970 in UTC plus the zone that was written; the calendar is computed
 * here, so no locale and no time zone of the machine has a say. */

#include "protocol/message/message-defect.h"
#include "protocol/text/byte-span.h"

typedef struct {
    gint64 seconds;       /* since 1970-01-01 00:00:00 UTC; a leap second counts as the next */
    gint16 zone_minutes;  /* east of Greenwich */
    bool zone_is_unknown; /* "-0000", or an obsolete zone that tells nothing */
    guint64 defects;      /* MESSAGE_DEFECT_DATE_* */
} MessageDate;

/* The longest text written, NUL included: "Mon, 21 Nov 2022 10:00:00 +0100". */
#define MESSAGE_DATE_SIZE 40

/* Comments and folds are skipped. False: no date can be read; the defects say so all the same. */
bool message_date_parse(ByteSpan text, MessageDate *out_date);

/* Years 1900 to 9999 (RFC 5322 §3.3 begins at 1900); others are g_assert()ed against. */
void message_date_write(gint64 seconds, int zone_minutes, char out_text[MESSAGE_DATE_SIZE]);
char *message_date_to_string(gint64 seconds, int zone_minutes);

/* IMAP's form, " 5-Nov-2022 10:00:00 +0100" without quotes (RFC 9051 §9, date-time). */
bool message_date_parse_internal(ByteSpan text, MessageDate *out_date);
void message_date_write_internal(
    gint64 seconds, int zone_minutes, char out_text[MESSAGE_DATE_SIZE]
);

/* The calendar alone: days since 1970-01-01 of a date in the Gregorian calendar and back. */
gint64 message_days_from_civil(int year, int month, int day);
void message_civil_from_days(gint64 days, int *out_year, int *out_month, int *out_day);
