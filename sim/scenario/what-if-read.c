#include "sim/scenario/what-if-read.h"

#include <string.h>

static bool take_word(ScenarioLine *line, const char *word)
{
    return scenario_line_accept(line, word) ||
           scenario_line_fail(line, "'%s' is expected here", word);
}

static bool take_number(ScenarioLine *line, const char *what, guint64 least, guint64 *out_number)
{
    const char *word = scenario_line_take(line, what);
    if (word == NULL) {
        return false;
    }
    if (!g_ascii_string_to_unsigned(word, 10, least, G_MAXINT64, out_number, NULL)) {
        line->next--;
        return scenario_line_fail(line, "'%s' is no %s", word, what);
    }
    return true;
}

/* "10:15", "10:15:30", "10:15:30.083" */
static bool read_clock(const char *word, SimTime *out_time)
{
    g_auto(GStrv) parts = g_strsplit(word, ":", 4);
    guint count = g_strv_length(parts);
    guint64 hours = 0;
    guint64 minutes = 0;
    guint64 seconds = 0;
    guint64 nanoseconds = 0;
    if (count < 2 || count > 3 || !g_ascii_string_to_unsigned(parts[0], 10, 0, 23, &hours, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 0, 59, &minutes, NULL)) {
        return false;
    }
    if (count == 3) {
        char *point = strchr(parts[2], '.');
        if (point != NULL) {
            char digits[10] = "000000000";
            gsize length = strlen(point + 1);
            if (length == 0 || length > 9) {
                return false;
            }
            memcpy(digits, point + 1, length);
            *point = '\0';
            if (!g_ascii_string_to_unsigned(digits, 10, 0, 999999999, &nanoseconds, NULL)) {
                return false;
            }
        }
        if (!g_ascii_string_to_unsigned(parts[2], 10, 0, 59, &seconds, NULL)) {
            return false;
        }
    }
    *out_time = (SimTime)hours * SIM_HOUR + (SimTime)minutes * SIM_MINUTE +
                (SimTime)seconds * SIM_SECOND + (SimTime)nanoseconds;
    return true;
}

static bool take_clock(ScenarioLine *line, SimTime *out_time)
{
    guint64 day = 1;
    SimTime time;
    if (scenario_line_accept(line, "day")) {
        if (!take_number(line, "day, counted from 1", 1, &day)) {
            return false;
        }
        if (day > 10000) {
            line->next--;
            return scenario_line_fail(line, "no story lasts for so many days");
        }
    }
    const char *word = scenario_line_take(line, "a time, such as 10:15");
    if (word == NULL) {
        return false;
    }
    if (!read_clock(word, &time)) {
        line->next--;
        return scenario_line_fail(line, "'%s' is no time, such as 10:15 or 10:15:30.5", word);
    }
    *out_time = (SimTime)(day - 1) * SIM_DAY + time;
    return true;
}

static bool take_moment(ScenarioLine *line, WhatIfMoment *moment)
{
    static const char *const words[] = {"step", "frame", "connection", "day"};
    const ScenarioWord *word = scenario_line_peek(line);
    if (scenario_line_accept(line, "step")) {
        moment->anchor = WHAT_IF_AT_STEP;
        return take_number(line, "number of a step", 1, &moment->number);
    }
    if (scenario_line_accept(line, "frame")) {
        moment->anchor = WHAT_IF_AT_FRAME;
        return take_number(line, "number of a frame", 1, &moment->number);
    }
    if (scenario_line_accept(line, "connection")) {
        moment->anchor = WHAT_IF_AT_COMMAND;
        if (!take_number(line, "number of a connection", 1, &moment->connection)) {
            return false;
        }
        if (scenario_line_accept(line, "greeting")) {
            return true;
        }
        moment->is_end = scenario_line_accept(line, "message");
        return (moment->is_end || take_word(line, "command")) &&
               take_number(line, "number of a command", 1, &moment->number);
    }
    if (word != NULL && !g_ascii_isdigit(word->text[0]) && !g_str_equal(word->text, "day")) {
        return scenario_line_fail_word(line, "moment", words, G_N_ELEMENTS(words));
    }
    moment->anchor = WHAT_IF_AT_TIME;
    return take_clock(line, &moment->time);
}

static bool take_text(ScenarioLine *line, const char *expected, char **out_text)
{
    const char *text = scenario_line_take(line, expected);
    if (text == NULL) {
        return false;
    }
    if (text[0] == '\0' || strpbrk(text, "\r") != NULL) {
        line->next--;
        return scenario_line_fail(line, "%s is missing here", expected);
    }
    *out_text = g_strdup(text);
    return true;
}

/* NULL: it is none. */
static const char *refusing_word(const char *text)
{
    static const char *const words[] = {
        "-ERR", "NO", "BAD", "BYE", "NXDOMAIN", "SERVFAIL", "REFUSED"};
    for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(words[i], text) == 0) {
            return words[i];
        }
    }
    return NULL;
}

/* "550", "-ERR", "NO" */
static bool take_refusal(ScenarioLine *line, WhatIf *what_if)
{
    const ScenarioWord *word = scenario_line_peek(line);
    guint64 code = 0;
    what_if->word = word == NULL ? NULL : refusing_word(word->text);
    if (what_if->word != NULL) {
        line->next++;
        return true;
    }
    if (!take_number(line, "refusal, such as 550, -ERR, NO or NXDOMAIN", 400, &code)) {
        return false;
    }
    if (code > 599) {
        line->next--;
        return scenario_line_fail(line, "a refusal begins with 4 or 5 and has three digits");
    }
    what_if->code = (guint)code;
    return true;
}

/* "refuse", "refuse with 550", "refuse with -ERR "not now"" */
static bool read_refuse(ScenarioLine *line, WhatIf *what_if)
{
    what_if->kind = WHAT_IF_REFUSE;
    if (scenario_line_accept(line, "with") && !take_refusal(line, what_if)) {
        return false;
    }
    return scenario_line_peek(line) == NULL ||
           (take_text(line, "a text in quotes", &what_if->text) && scenario_line_end(line));
}

static bool read_host(ScenarioLine *line, WhatIf *what_if)
{
    if (!take_text(line, "the name of a host", &what_if->text)) {
        return false;
    }
    if (scenario_line_accept(line, "comes")) {
        what_if->kind = WHAT_IF_UP;
        return take_word(line, "up") && scenario_line_end(line);
    }
    what_if->kind = WHAT_IF_DOWN;
    if (!take_word(line, "goes") || !take_word(line, "down")) {
        return false;
    }
    if (scenario_line_accept(line, "for") &&
        !scenario_line_take_duration(line, &what_if->duration)) {
        return false;
    }
    return scenario_line_end(line);
}

/* Whatever else may be done at a moment is a deed as scenario files write it. */
static bool read_deed(ScenarioLine *line, const char *text, WhatIf *what_if)
{
    const ScenarioWord *first = scenario_line_peek(line);
    g_autofree char *deed = g_strchomp(g_strdup(text + first->column - 1));
    const ScenarioWord *last = &g_array_index(line->words, ScenarioWord, line->words->len - 1);
    what_if->kind = WHAT_IF_DEED;
    if (!last->is_quoted && g_str_equal(last->text, "instead")) {
        what_if->is_instead = true;
        deed[last->column - first->column] = '\0';
        g_strchomp(deed);
    }
    if (deed[0] == '\0') {
        return scenario_line_fail(line, "what is done instead is missing here");
    }
    what_if->text = g_steal_pointer(&deed);
    return true;
}

static bool word_is(const ScenarioLine *line, guint ahead, const char *text)
{
    guint index = line->next + ahead;
    return index < line->words->len &&
           g_str_equal(g_array_index(line->words, ScenarioWord, index).text, text);
}

static bool read_at(ScenarioLine *line, const char *text, WhatIf *what_if)
{
    if (!take_moment(line, &what_if->moment)) {
        return false;
    }
    if (scenario_line_peek(line) == NULL) {
        return scenario_line_fail(line, "what happens then is missing here");
    }
    if (scenario_line_accept(line, "refuse")) {
        return read_refuse(line, what_if);
    }
    bool says = scenario_line_accept(line, "say");
    if (says || scenario_line_accept(line, "answer")) {
        what_if->kind = says ? WHAT_IF_SAY : WHAT_IF_ANSWER;
        return take_text(line, "a line in quotes", &what_if->text) && scenario_line_end(line);
    }
    if (word_is(line, 1, "goes") || word_is(line, 1, "comes")) {
        return read_host(line, what_if);
    }
    return read_deed(line, text, what_if);
}

/* "from 10:00 to 11:00 mail.hamburger.edu is down" */
static bool read_span(ScenarioLine *line, WhatIf *what_if)
{
    SimTime end;
    what_if->kind = WHAT_IF_DOWN;
    what_if->is_span = true;
    what_if->moment.anchor = WHAT_IF_AT_TIME;
    if (!take_clock(line, &what_if->moment.time) || !take_word(line, "to")) {
        return false;
    }
    guint at = line->next;
    if (!take_clock(line, &end)) {
        return false;
    }
    if (end <= what_if->moment.time) {
        line->next = at;
        return scenario_line_fail(line, "the end lies before the beginning");
    }
    what_if->duration = end - what_if->moment.time;
    return take_text(line, "the name of a host", &what_if->text) && take_word(line, "is") &&
           take_word(line, "down") && scenario_line_end(line);
}

static bool read_frame(ScenarioLine *line, WhatIfKind kind, WhatIf *what_if)
{
    what_if->kind = kind;
    what_if->moment.anchor = WHAT_IF_AT_FRAME;
    if (!take_word(line, "frame") ||
        !take_number(line, "number of a frame", 1, &what_if->moment.number)) {
        return false;
    }
    if (kind == WHAT_IF_DELAY &&
        (!take_word(line, "by") || !scenario_line_take_duration(line, &what_if->duration))) {
        return false;
    }
    return scenario_line_end(line);
}

bool what_if_read(ScenarioLine *line, const char *text, WhatIf *out_what_if)
{
    static const struct {
        const char *word;
        WhatIfKind kind;
    } frame_verbs[] = {
        {"corrupt", WHAT_IF_CORRUPT},
        {"delay", WHAT_IF_DELAY},
        {"drop", WHAT_IF_DROP},
        {"duplicate", WHAT_IF_DUPLICATE},
    };

    static const char *const words[] = {"at", "from", "drop", "delay", "corrupt", "duplicate"};
    if (scenario_line_accept(line, "at")) {
        return read_at(line, text, out_what_if);
    }
    if (scenario_line_accept(line, "from")) {
        return read_span(line, out_what_if);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(frame_verbs); i++) {
        if (scenario_line_accept(line, frame_verbs[i].word)) {
            return read_frame(line, frame_verbs[i].kind, out_what_if);
        }
    }
    return scenario_line_fail_word(line, "beginning of a what-if", words, G_N_ELEMENTS(words));
}
