/* What statements of several groups take from a line. */

#include "sim/scenario/scenario-statement.h"

#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
    for (; words != NULL && *words != NULL; words++) {
        if (g_ascii_strcasecmp(*words, word) == 0) {
            return true;
        }
    }
    return false;
}

bool scenario_take_list(
    ScenarioLine *line, const char *expected, const char *const *stops, char **out_list
)
{
    g_autoptr(GString) list = g_string_new(NULL);
    do {
        const ScenarioWord *word = scenario_line_peek(line);
        if (word != NULL && list->len > 0 && !word->is_quoted && is_one_of(word->text, stops)) {
            line->next--; /* the comma belongs to what follows */
            break;
        }
        if (word != NULL && stops != NULL && strchr(word->text, '@') == NULL) {
            return scenario_line_fail_word(
                line, "address or part of a message", stops, g_strv_length((GStrv)stops)
            );
        }
        const char *item = scenario_line_take(line, expected);
        if (item == NULL) {
            return false;
        }
        g_string_append_printf(list, "%s%s", list->len == 0 ? "" : ", ", item);
    } while (scenario_line_accept(line, ","));
    g_free(*out_list);
    *out_list = g_strdup(list->str);
    return true;
}

bool scenario_take_text(ScenarioLine *line, const char *expected, char **place)
{
    if (scenario_line_peek(line) == NULL && line->block->len > 0) {
        g_free(*place);
        *place = scenario_line_take_block(line, " ");
        return true;
    }
    const char *text = scenario_line_take(line, expected);
    if (text == NULL) {
        return false;
    }
    g_free(*place);
    *place = g_strdup(text);
    return true;
}

bool scenario_take_chance(ScenarioLine *line, guint32 *out_parts)
{
    const char *text = scenario_line_take(line, "a number, as in '5 percent'");
    char *end;
    if (text == NULL) {
        return false;
    }
    double percent = g_ascii_strtod(text, &end);
    bool has_sign = end != text && strcmp(end, "%") == 0; /* "5%" */
    if (end == text || (*end != '\0' && !has_sign) || !(percent >= 0 && percent <= 100)) {
        return scenario_line_fail_before(line, "'%s' is no number from 0 to 100", text);
    }
    *out_parts = (guint32)(percent * 10000 + 0.5);
    return has_sign || scenario_line_accept(line, "%") || scenario_line_expect(line, "percent");
}

static bool take_rate(ScenarioLine *line, SimLinkSettings *settings)
{
    static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s"};
    guint64 number;
    guint64 unit = 1;
    if (!scenario_line_take_number(line, 1000000, &number)) {
        return false;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++, unit *= 1000) {
        if (scenario_line_accept(line, units[i])) {
            settings->rate = number * unit;
            return true;
        }
    }
    return scenario_line_fail_word(line, "unit of a rate", units, G_N_ELEMENTS(units));
}

static bool take_delay(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_line_take_duration(line, &settings->delay);
}

static bool take_jitter(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_line_take_duration(line, &settings->jitter);
}

static bool take_loss(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_take_chance(line, &settings->loss);
}

static bool take_duplication(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_take_chance(line, &settings->duplication);
}

static bool take_reordering(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_take_chance(line, &settings->reordering);
}

static bool take_corruption(ScenarioLine *line, SimLinkSettings *settings)
{
    return scenario_take_chance(line, &settings->corruption);
}

static bool take_mtu(ScenarioLine *line, SimLinkSettings *settings)
{
    guint64 mtu;
    if (!scenario_line_take_number(line, 65535, &mtu)) {
        return false;
    }
    if (mtu < 1280) {
        return scenario_line_fail_before(line, "IPv6 needs packets of 1280 octets at the least");
    }
    settings->mtu = (guint16)mtu;
    return true;
}

bool scenario_take_link(ScenarioLine *line, SimLinkSettings *settings)
{
    static const struct {
        const char *word;
        bool (*take)(ScenarioLine *line, SimLinkSettings *settings);
    } words[] = {
        {"corruption", take_corruption},
        {"delay", take_delay},
        {"duplication", take_duplication},
        {"jitter", take_jitter},
        {"loss", take_loss},
        {"mtu", take_mtu},
        {"rate", take_rate},
        {"reordering", take_reordering},
    };

    const char *names[G_N_ELEMENTS(words)];
    do {
        gsize i = 0;
        while (i < G_N_ELEMENTS(words) && !scenario_line_accept(line, words[i].word)) {
            names[i] = words[i].word;
            i++;
        }
        if (i == G_N_ELEMENTS(words)) {
            return scenario_line_fail_word(line, "property of a link", names, i);
        }
        if (!words[i].take(line, settings)) {
            return false;
        }
    } while (scenario_line_accept(line, ","));
    return true;
}
