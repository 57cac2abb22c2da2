#include "sim/network/time.h"

typedef struct {
    gint64 year;
    guint month;
    guint day;
} CivilDate;

/* Days since 1970-01-01 to a date of the Gregorian calendar, counted in eras of 400 years that
 * begin in March, so that the leap day is the last of its year. */
static CivilDate date_from_days(gint64 days)
{
    days += 719468;
    gint64 era = (days >= 0 ? days : days - 146096) / 146097;
    guint64 day_of_era = (guint64)(days - era * 146097);
    guint64 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    guint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    guint64 month_from_march = (5 * day_of_year + 2) / 153;
    CivilDate date = {
        .year = (gint64)year_of_era + era * 400,
        .month = (guint)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9),
        .day = (guint)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
    if (date.month <= 2) {
        date.year++;
    }
    return date;
}

const char *sim_time_format(SimTime time, char buffer[SIM_TIME_TEXT_SIZE])
{
    gint64 days = time / SIM_DAY;
    SimTime within = time % SIM_DAY;
    if (within < 0) {
        within += SIM_DAY;
        days--;
    }
    CivilDate date = date_from_days(days);
    g_snprintf(
        buffer,
        SIM_TIME_TEXT_SIZE,
        "%04d-%02u-%02u %02d:%02d:%02d.%09d",
        (int)date.year,
        date.month,
        date.day,
        (int)(within / SIM_HOUR),
        (int)(within % SIM_HOUR / SIM_MINUTE),
        (int)(within % SIM_MINUTE / SIM_SECOND),
        (int)(within % SIM_SECOND)
    );
    return buffer;
}
