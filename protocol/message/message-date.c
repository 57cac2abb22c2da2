#include "protocol/message/message-date.h"

#define SECONDS_PER_DAY 86400

typedef struct {
    ByteSpan text;
    gsize at;
} Scanner;

typedef struct {
    int weekday; /* 0: Sunday; -1: not given */
    guint day;
    guint month; /* 1 to 12 */
    guint year;
    guint hour;
    guint minute;
    guint second;
    int zone_minutes;
    bool zone_is_unknown;
    guint64 defects;
} DateFields;

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static const char *const months[] = {
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
};

/* RFC 5322 §4.3: the only letters that still tell an offset. */
static const struct {
    const char *name;
    int hours;
} zones[] = {
    {"UT", 0},
    {"GMT", 0},
    {"EST", -5},
    {"EDT", -4},
    {"CST", -6},
    {"CDT", -5},
    {"MST", -7},
    {"MDT", -6},
    {"PST", -8},
    {"PDT", -7},
};

/* Days are counted in eras of 400 years that begin on the first of March, so that the leap day is
 * the last of its year. */
gint64 message_days_from_civil(int year, int month, int day)
{
    gint64 shifted = month <= 2 ? (gint64)year - 1 : year;
    gint64 era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    gint64 year_of_era = shifted - era * 400;
    gint64 month_from_march = (month + 9) % 12;
    gint64 day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void message_civil_from_days(gint64 days, int *out_year, int *out_month, int *out_day)
{
    gint64 shifted = days + 719468;
    gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    gint64 day_of_era = shifted - era * 146097;
    gint64 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    gint64 month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *out_day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *out_month = month;
    *out_year = (int)(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
}

static int weekday_of(gint64 days)
{
    /* The first of January 1970 was a Thursday. */
    gint64 weekday = (days + 4) % 7;
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

/* RFC 5322 §3.2.2: white space, folds and comments, which may be nested. */
static void skip_comments(Scanner *scanner)
{
    guint depth = 0;
    for (; scanner->at < scanner->text.length; scanner->at++) {
        guint8 octet = scanner->text.data[scanner->at];
        if (depth > 0 && octet == '\\') {
            if (scanner->at + 1 < scanner->text.length) {
                scanner->at++;
            }
        } else if (octet == '(') {
            depth++;
        } else if (octet == ')' && depth > 0) {
            depth--;
        } else if (depth == 0 && strchr(" \t\r\n", octet) == NULL) {
            return;
        } else if (depth == 0 && octet == '\0') {
            return;
        }
    }
}

static bool take_octet(Scanner *scanner, char wanted)
{
    skip_comments(scanner);
    if (scanner->at < scanner->text.length && scanner->text.data[scanner->at] == (guint8)wanted) {
        scanner->at++;
        return true;
    }
    return false;
}

static ByteSpan take_letters(Scanner *scanner)
{
    skip_comments(scanner);
    gsize start = scanner->at;
    while (scanner->at < scanner->text.length && g_ascii_isalpha(scanner->text.data[scanner->at])) {
        scanner->at++;
    }
    return byte_span_slice(scanner->text, start, scanner->at - start);
}

/* The number of digits taken; 0: there is no number. */
static guint take_number(Scanner *scanner, guint *out_number)
{
    guint digits = 0;
    guint number = 0;
    skip_comments(scanner);
    while (scanner->at < scanner->text.length && g_ascii_isdigit(scanner->text.data[scanner->at]) &&
           digits < 9) {
        number = number * 10 + (guint)(scanner->text.data[scanner->at] - '0');
        scanner->at++;
        digits++;
    }
    *out_number = number;
    return digits;
}

static int find_name(ByteSpan name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (byte_span_is_nocase(name, names[i])) {
            return i;
        }
    }
    return -1;
}

static void blame(DateFields *fields, MessageDefectId id)
{
    fields->defects |= MESSAGE_DEFECT_BIT(id);
}

static bool read_weekday(Scanner *scanner, DateFields *fields)
{
    Scanner ahead = *scanner;
    ByteSpan name = take_letters(&ahead);
    fields->weekday = -1;
    if (name.length == 0) {
        return true;
    }
    fields->weekday = find_name(byte_span_slice(name, 0, 3), weekdays, G_N_ELEMENTS(weekdays));
    if (fields->weekday < 0) {
        return false;
    }
    if (!take_octet(&ahead, ',') || name.length != 3) {
        blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
    }
    *scanner = ahead;
    return true;
}

static bool read_month(Scanner *scanner, DateFields *fields)
{
    ByteSpan name = take_letters(scanner);
    int month = find_name(byte_span_slice(name, 0, 3), months, G_N_ELEMENTS(months));
    if (name.length != 3) {
        blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
    }
    fields->month = (guint)(month + 1);
    return month >= 0;
}

static bool read_year(Scanner *scanner, DateFields *fields)
{
    guint digits = take_number(scanner, &fields->year);
    if (digits == 2 || digits == 3) {
        blame(fields, MESSAGE_DEFECT_DATE_OBSOLETE);
        fields->year += digits == 2 && fields->year < 50 ? 2000 : 1900;
    }
    return digits >= 2;
}

static bool read_time(Scanner *scanner, DateFields *fields)
{
    guint hour_digits = take_number(scanner, &fields->hour);
    if (hour_digits == 0 || !take_octet(scanner, ':')) {
        return false;
    }
    guint minute_digits = take_number(scanner, &fields->minute);
    guint second_digits = 2;
    if (minute_digits > 0 && take_octet(scanner, ':')) {
        second_digits = take_number(scanner, &fields->second);
    }
    if (hour_digits != 2 || minute_digits != 2 || second_digits != 2) {
        blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
    }
    return minute_digits > 0 && second_digits > 0;
}

static void read_named_zone(ByteSpan name, DateFields *fields)
{
    blame(fields, MESSAGE_DEFECT_DATE_OBSOLETE);
    for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
        if (byte_span_is_nocase(name, zones[i].name)) {
            fields->zone_minutes = zones[i].hours * 60;
            return;
        }
    }
    /* RFC 5322 §4.3: military letters were used both ways, so they tell nothing. */
    fields->zone_is_unknown = true;
}

static void read_zone(Scanner *scanner, DateFields *fields)
{
    bool is_west = take_octet(scanner, '-');
    if (!is_west && !take_octet(scanner, '+')) {
        ByteSpan name = take_letters(scanner);
        if (name.length > 0) {
            read_named_zone(name, fields);
        } else {
            fields->zone_is_unknown = true;
            blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
        }
        return;
    }
    guint number = 0;
    guint digits = take_number(scanner, &number);
    if (digits != 4 || number % 100 > 59) {
        blame(fields, digits == 4 ? MESSAGE_DEFECT_DATE_RANGE : MESSAGE_DEFECT_DATE_SYNTAX);
        fields->zone_is_unknown = true;
        return;
    }
    int minutes = (int)(number / 100 * 60 + number % 100);
    fields->zone_minutes = is_west ? -minutes : minutes;
    fields->zone_is_unknown = is_west && number == 0;
}

/* "Nov 21 10:00:00 2022": what C's asctime() writes; never allowed in mail, often met. */
static bool read_after_asctime(Scanner *scanner, DateFields *fields)
{
    blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
    fields->zone_is_unknown = true;
    return read_month(scanner, fields) && take_number(scanner, &fields->day) > 0 &&
           read_time(scanner, fields) && read_year(scanner, fields);
}

static bool read_date_time(Scanner *scanner, DateFields *fields)
{
    if (!read_weekday(scanner, fields)) {
        return false;
    }
    guint digits = take_number(scanner, &fields->day);
    if (digits == 0) {
        return read_after_asctime(scanner, fields);
    }
    bool has_hyphen = take_octet(scanner, '-');
    if (!read_month(scanner, fields)) {
        return false;
    }
    if (has_hyphen) {
        blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
        take_octet(scanner, '-');
    }
    if (digits > 2 || !read_year(scanner, fields) || !read_time(scanner, fields)) {
        return false;
    }
    read_zone(scanner, fields);
    skip_comments(scanner);
    if (scanner->at < scanner->text.length) {
        blame(fields, MESSAGE_DEFECT_DATE_SYNTAX);
    }
    return true;
}

static bool is_leap(guint year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_in_range(const DateFields *fields)
{
    static const guint8 lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    guint length = lengths[fields->month - 1];
    if (fields->month == 2 && is_leap(fields->year)) {
        length++;
    }
    return fields->year >= 1900 && fields->year <= 9999 && fields->day >= 1 &&
           fields->day <= length && fields->hour < 24 && fields->minute < 60 &&
           fields->second <= 60;
}

static void fill_date(DateFields *fields, MessageDate *date)
{
    gint64 days = message_days_from_civil((int)fields->year, (int)fields->month, (int)fields->day);
    if (fields->weekday >= 0 && fields->weekday != weekday_of(days)) {
        blame(fields, MESSAGE_DEFECT_DATE_WEEKDAY);
    }
    date->seconds = days * SECONDS_PER_DAY + fields->hour * 3600 + fields->minute * 60 +
                    fields->second - fields->zone_minutes * 60;
    date->zone_minutes = (gint16)fields->zone_minutes;
    date->zone_is_unknown = fields->zone_is_unknown;
}

bool message_date_parse(ByteSpan text, MessageDate *out_date)
{
    Scanner scanner = {.text = text};
    DateFields fields = {0};
    bool is_read = read_date_time(&scanner, &fields);
    *out_date = (MessageDate){0};
    if (!is_read) {
        blame(&fields, MESSAGE_DEFECT_DATE_SYNTAX);
    } else if (!is_in_range(&fields)) {
        blame(&fields, MESSAGE_DEFECT_DATE_RANGE);
        is_read = false;
    } else {
        fill_date(&fields, out_date);
    }
    out_date->defects = fields.defects;
    return is_read;
}

bool message_date_parse_internal(ByteSpan text, MessageDate *out_date)
{
    Scanner scanner = {.text = text};
    DateFields fields = {.weekday = -1};
    *out_date = (MessageDate){0};
    bool is_read = text.length == 26 && byte_span_find(text, '(', 0) < 0 &&
                   take_number(&scanner, &fields.day) > 0 && take_octet(&scanner, '-') &&
                   read_month(&scanner, &fields) && take_octet(&scanner, '-') &&
                   read_year(&scanner, &fields) && read_time(&scanner, &fields);
    if (is_read) {
        read_zone(&scanner, &fields);
    }
    if (!is_read || fields.defects != 0 || scanner.at != text.length || !is_in_range(&fields)) {
        out_date->defects = fields.defects | MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_DATE_SYNTAX);
        return false;
    }
    fill_date(&fields, out_date);
    return true;
}

static char *put_text(char *out, const char *text)
{
    gsize length = strlen(text);
    memcpy(out, text, length);
    return out + length;
}

static char *put_two_digits(char *out, guint number)
{
    out[0] = (char)('0' + number / 10);
    out[1] = (char)('0' + number % 10);
    return out + 2;
}

static char *put_year(char *out, guint year)
{
    return put_two_digits(put_two_digits(out, year / 100), year % 100);
}

/* " 10:08:00 +0200" */
static char *put_time(char *out, guint of_day, int zone_minutes)
{
    guint zone = (guint)ABS(zone_minutes);
    *out++ = ' ';
    out = put_two_digits(out, of_day / 3600);
    *out++ = ':';
    out = put_two_digits(out, of_day / 60 % 60);
    *out++ = ':';
    out = put_two_digits(out, of_day % 60);
    *out++ = ' ';
    *out++ = zone_minutes < 0 ? '-' : '+';
    return put_two_digits(put_two_digits(out, zone / 60), zone % 60);
}

/* "Mon, 2 Oct 2023", and for IMAP " 2-Oct-2023" */
static char *put_day(char *out, gint64 days, bool is_internal)
{
    int year = 0;
    int month = 0;
    int day = 0;
    message_civil_from_days(days, &year, &month, &day);
    g_assert(year >= 1900 && year <= 9999);
    if (!is_internal) {
        out = put_text(put_text(out, weekdays[weekday_of(days)]), ", ");
    }
    if (day >= 10) {
        *out++ = (char)('0' + day / 10);
    } else if (is_internal) {
        *out++ = ' ';
    }
    *out++ = (char)('0' + day % 10);
    *out++ = is_internal ? '-' : ' ';
    out = put_text(out, months[month - 1]);
    *out++ = is_internal ? '-' : ' ';
    return put_year(out, (guint)year);
}

/* By hand: every server writes one into every message, and printf() takes ten times as long. */
static void
write_date(gint64 seconds, int zone_minutes, char out_text[MESSAGE_DATE_SIZE], bool is_internal)
{
    gint64 local = seconds + zone_minutes * 60;
    gint64 days = local / SECONDS_PER_DAY - (local % SECONDS_PER_DAY < 0 ? 1 : 0);
    g_assert(ABS(zone_minutes) < 6000);
    char *out = put_day(out_text, days, is_internal);
    *put_time(out, (guint)(local - days * SECONDS_PER_DAY), zone_minutes) = '\0';
}

void message_date_write(gint64 seconds, int zone_minutes, char out_text[MESSAGE_DATE_SIZE])
{
    write_date(seconds, zone_minutes, out_text, false);
}

char *message_date_to_string(gint64 seconds, int zone_minutes)
{
    char text[MESSAGE_DATE_SIZE];
    message_date_write(seconds, zone_minutes, text);
    return g_strdup(text);
}

void message_date_write_internal(gint64 seconds, int zone_minutes, char out_text[MESSAGE_DATE_SIZE])
{
    write_date(seconds, zone_minutes, out_text, true);
}
