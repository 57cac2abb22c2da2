/* Numbers with their units, as people write them in a scenario. */

#include "sim/network/time.h"
#include "sim/scenario/scenario-line.h"

#include <string.h>

bool scenario_line_take_number(ScenarioLine *line, guint64 maximum, guint64 *out_number)
{
    const char *text = scenario_line_take(line, "a number");
    if (text == NULL) {
        return false;
    }
    return g_ascii_string_to_unsigned(text, 10, 0, maximum, out_number, NULL) ||
           scenario_line_fail_before(
               line, "'%s' is no number up to %" G_GUINT64_FORMAT, text, maximum
           );
}

bool scenario_line_take_duration(ScenarioLine *line, gint64 *out_ns)
{
    static const struct {
        const char *name;
        SimTime unit;
    } units[] = {
        {"ms", SIM_MILLISECOND},
        {"second", SIM_SECOND},
        {"seconds", SIM_SECOND},
        {"s", SIM_SECOND},
        {"minute", SIM_MINUTE},
        {"minutes", SIM_MINUTE},
        {"min", SIM_MINUTE},
        {"hour", SIM_HOUR},
        {"hours", SIM_HOUR},
        {"h", SIM_HOUR},
        {"day", SIM_DAY},
        {"days", SIM_DAY},
    };

    const ScenarioWord *word = scenario_line_peek(line);
    guint64 number;
    if (word == NULL || !g_ascii_string_to_unsigned(word->text, 10, 0, 1000000, &number, NULL)) {
        return scenario_line_fail(line, "a number is expected here, as in '5 minutes'");
    }
    line->next++;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (scenario_line_accept(line, units[i].name)) {
            *out_ns = (gint64)number * units[i].unit;
            return true;
        }
    }
    const char *names[] = {"ms", "seconds", "minutes", "hours", "days"};
    return scenario_line_fail_word(line, "unit of time", names, G_N_ELEMENTS(names));
}

bool scenario_line_take_clock(ScenarioLine *line, gint64 *out_ns)
{
    const char *clock = scenario_line_take(line, "a time, such as 10:15");
    guint64 values[3] = {0};
    if (clock == NULL) {
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(clock, ":", 4);
    guint count = g_strv_length(parts);
    bool is_clock = count == 2 || count == 3;
    for (guint i = 0; i < count && is_clock; i++) {
        is_clock = g_ascii_string_to_unsigned(parts[i], 10, 0, i == 0 ? 23 : 59, &values[i], NULL);
    }
    if (!is_clock) {
        return scenario_line_fail_before(line, "'%s' is no time of day, such as 10:15", clock);
    }
    *out_ns = (gint64)values[0] * SIM_HOUR + (gint64)values[1] * SIM_MINUTE +
              (gint64)values[2] * SIM_SECOND;
    return true;
}

bool scenario_line_take_size(ScenarioLine *line, guint64 *out_octets)
{
    static const struct {
        const char *name;
        guint64 unit;
    } units[] = {
        {"octets", 1},
        {"kB", 1000},
        {"MB", 1000 * 1000},
    };

    const ScenarioWord *word = scenario_line_peek(line);
    guint64 number;
    if (word == NULL || !g_ascii_string_to_unsigned(word->text, 10, 0, 1000000000, &number, NULL)) {
        return scenario_line_fail(line, "a number is expected here, as in '20000 octets'");
    }
    line->next++;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (scenario_line_accept(line, units[i].name)) {
            *out_octets = number * units[i].unit;
            return true;
        }
    }
    const char *names[] = {"octets", "kB", "MB"};
    return scenario_line_fail_word(line, "unit of size", names, G_N_ELEMENTS(names));
}
