#include "sim/scenario/what-if.h"

#include "sim/scenario/scenario-line.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/what-if-read.h"

#include <string.h>

struct WhatIfList {
    GArray *items; /* WhatIf */
};

static void clear_what_if(gpointer data)
{
    g_free(((WhatIf *)data)->text);
}

WhatIfList *what_if_list_new(void)
{
    WhatIfList *list = g_new0(WhatIfList, 1);
    list->items = g_array_new(FALSE, TRUE, sizeof(WhatIf));
    g_array_set_clear_func(list->items, clear_what_if);
    return list;
}

WhatIfList *what_if_list_copy(const WhatIfList *list)
{
    WhatIfList *copy = what_if_list_new();
    for (guint i = 0; i < list->items->len; i++) {
        WhatIf what_if = g_array_index(list->items, WhatIf, i);
        what_if.text = g_strdup(what_if.text);
        g_array_append_val(copy->items, what_if);
    }
    return copy;
}

void what_if_list_free(WhatIfList *list)
{
    if (list != NULL) {
        g_array_unref(list->items);
        g_free(list);
    }
}

static bool
add_line(WhatIfList *list, const char *file, guint number, const char *text, GError **error)
{
    ScenarioLine line;
    WhatIf what_if = {0};
    if (strlen(text) > WHAT_IF_TEXT_MAXIMUM || list->items->len >= WHAT_IF_LIST_MAXIMUM) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "%s:%u: %s",
            file,
            number,
            list->items->len >= WHAT_IF_LIST_MAXIMUM ? "too many what-ifs: a thousand are enough"
                                                     : "this line is longer than 2000 octets"
        );
        return false;
    }
    bool is_read = scenario_line_read(&line, file, number, text, error);
    bool is_empty = is_read && line.words->len == 0;
    is_read = is_read && (is_empty || what_if_read(&line, text, &what_if));
    scenario_line_clear(&line);
    what_if.written = what_if.moment;
    if (is_read && !is_empty) {
        g_array_append_val(list->items, what_if);
    } else {
        clear_what_if(&what_if);
    }
    return is_read;
}

void what_if_name_line(GError *error, const char *line, guint before)
{
    const char *number = strstr(error->message, ":1:");
    char *rest = NULL;
    guint64 column = number == NULL ? 0 : g_ascii_strtoull(number + 3, &rest, 10);
    if (column == 0 || rest[0] != ':') {
        return;
    }
    char *message = g_strdup_printf(
        "what-if '%s', column %" G_GUINT64_FORMAT "%s", line, column + before, rest
    );
    g_free(error->message);
    error->message = message;
}

bool what_if_list_add(WhatIfList *list, const char *line, GError **error)
{
    guint before = list->items->len;
    if (!g_utf8_validate(line, -1, NULL) || strchr(line, '\n') != NULL) {
        g_set_error(
            error, SCENARIO_ERROR, SCENARIO_ERROR_SYNTAX, "a what-if is one line of UTF-8 text"
        );
        return false;
    }
    g_autoptr(GError) mistake = NULL;
    if (!add_line(list, "what-if", 1, line, &mistake)) {
        what_if_name_line(mistake, line, 0);
        g_propagate_error(error, g_steal_pointer(&mistake));
        return false;
    }
    if (list->items->len == before) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "this what-if is empty; write, say, 'at step 17 refuse with 550'"
        );
        return false;
    }
    return true;
}

bool what_if_list_load(WhatIfList *list, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error)) {
        return false;
    }
    if (!g_utf8_validate(text, (gssize)length, NULL)) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_FILE, "%s is not UTF-8 text", path);
        return false;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (!add_line(list, path, i + 1, lines[i], error)) {
            return false;
        }
    }
    return true;
}

void what_if_list_remove_last(WhatIfList *list)
{
    if (list->items->len > 0) {
        g_array_set_size(list->items, list->items->len - 1);
    }
}

guint what_if_list_length(const WhatIfList *list)
{
    return list == NULL ? 0 : list->items->len;
}

const WhatIf *what_if_list_at(const WhatIfList *list, guint index)
{
    g_assert(index < list->items->len);
    return &g_array_index(list->items, WhatIf, index);
}

void what_if_list_set_moment(WhatIfList *list, guint index, const WhatIfMoment *moment)
{
    g_assert(index < list->items->len);
    g_array_index(list->items, WhatIf, index).moment = *moment;
}

static void append_quoted(GString *line, const char *text)
{
    g_string_append(line, " \"");
    for (; *text != '\0'; text++) {
        if (*text == '\n' || *text == '\t') {
            g_string_append(line, *text == '\n' ? "\\n" : "\\t");
        } else {
            g_string_append_printf(line, "%s%c", strchr("\"\\", *text) != NULL ? "\\" : "", *text);
        }
    }
    g_string_append_c(line, '"');
}

/* "10:15", "10:15:30.083", "day 2 10:15" */
static void append_clock(GString *line, SimTime time)
{
    SimTime in_day = time % SIM_DAY;
    if (time >= SIM_DAY) {
        g_string_append_printf(line, "day %u ", (guint)(time / SIM_DAY + 1));
    }
    g_string_append_printf(
        line, "%02u:%02u", (guint)(in_day / SIM_HOUR), (guint)(in_day % SIM_HOUR / SIM_MINUTE)
    );
    guint64 below = (guint64)(in_day % SIM_MINUTE);
    if (below == 0) {
        return;
    }
    g_string_append_printf(line, ":%02u", (guint)(below / (guint64)SIM_SECOND));
    if (below % (guint64)SIM_SECOND != 0) {
        g_string_append_printf(line, ".%09u", (guint)(below % (guint64)SIM_SECOND));
        while (line->str[line->len - 1] == '0') {
            g_string_truncate(line, line->len - 1);
        }
    }
}

static void append_duration(GString *line, SimTime duration)
{
    static const struct {
        const char *name;
        SimTime unit;
    } units[] = {
        {"days", SIM_DAY},
        {"hours", SIM_HOUR},
        {"minutes", SIM_MINUTE},
        {"s", SIM_SECOND},
        {"ms", SIM_MILLISECOND},
    };

    gsize unit = 0;
    while (unit + 1 < G_N_ELEMENTS(units) && duration % units[unit].unit != 0) {
        unit++;
    }
    g_string_append_printf(
        line, " %" G_GINT64_FORMAT " %s", duration / units[unit].unit, units[unit].name
    );
}

static void append_moment(GString *line, const WhatIfMoment *moment)
{
    g_string_append(line, "at ");
    switch (moment->anchor) {
    case WHAT_IF_AT_STEP:
        g_string_append_printf(line, "step %" G_GUINT64_FORMAT, moment->number);
        break;
    case WHAT_IF_AT_COMMAND:
        if (moment->number == 0) {
            g_string_append_printf(
                line, "connection %" G_GUINT64_FORMAT " greeting", moment->connection
            );
            break;
        }
        g_string_append_printf(
            line,
            "connection %" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT,
            moment->connection,
            moment->is_end ? "message" : "command",
            moment->number
        );
        break;
    case WHAT_IF_AT_FRAME:
        g_string_append_printf(line, "frame %" G_GUINT64_FORMAT, moment->number);
        break;
    case WHAT_IF_AT_TIME:
        append_clock(line, moment->time);
        break;
    }
}

static void append_frame(GString *line, const char *verb, const WhatIf *what_if)
{
    g_string_append_printf(line, "%s frame %" G_GUINT64_FORMAT, verb, what_if->written.number);
}

static void append_down(GString *line, const WhatIf *what_if)
{
    if (what_if->is_span) {
        g_string_append(line, "from ");
        append_clock(line, what_if->written.time);
        g_string_append(line, " to ");
        append_clock(line, what_if->written.time + what_if->duration);
        g_string_append_printf(line, " %s is down", what_if->text);
        return;
    }
    append_moment(line, &what_if->written);
    g_string_append_printf(line, " %s goes down", what_if->text);
    if (what_if->duration > 0) {
        g_string_append(line, " for");
        append_duration(line, what_if->duration);
    }
}

static void append_refusal(GString *line, const WhatIf *what_if)
{
    append_moment(line, &what_if->written);
    g_string_append(line, " refuse");
    if (what_if->code != 0) {
        g_string_append_printf(line, " with %u", what_if->code);
    } else if (what_if->word != NULL) {
        g_string_append_printf(line, " with %s", what_if->word);
    }
    if (what_if->text != NULL) {
        append_quoted(line, what_if->text);
    }
}

char *what_if_to_text(const WhatIf *what_if)
{
    GString *line = g_string_new(NULL);
    switch (what_if->kind) {
    case WHAT_IF_REFUSE:
        append_refusal(line, what_if);
        break;
    case WHAT_IF_ANSWER:
    case WHAT_IF_SAY:
        append_moment(line, &what_if->written);
        g_string_append(line, what_if->kind == WHAT_IF_SAY ? " say" : " answer");
        append_quoted(line, what_if->text);
        break;
    case WHAT_IF_DROP:
        append_frame(line, "drop", what_if);
        break;
    case WHAT_IF_CORRUPT:
        append_frame(line, "corrupt", what_if);
        break;
    case WHAT_IF_DUPLICATE:
        append_frame(line, "duplicate", what_if);
        break;
    case WHAT_IF_DELAY:
        append_frame(line, "delay", what_if);
        g_string_append(line, " by");
        append_duration(line, what_if->duration);
        break;
    case WHAT_IF_DOWN:
        append_down(line, what_if);
        break;
    case WHAT_IF_UP:
        append_moment(line, &what_if->written);
        g_string_append_printf(line, " %s comes up", what_if->text);
        break;
    case WHAT_IF_DEED:
        append_moment(line, &what_if->written);
        g_string_append_printf(line, " %s%s", what_if->text, what_if->is_instead ? " instead" : "");
        break;
    }
    return g_string_free(line, FALSE);
}
