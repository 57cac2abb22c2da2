#include "ui/timeline/what-if-moment.h"

static bool fail(GError **error, const WhatIf *what_if, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static bool fail(GError **error, const WhatIf *what_if, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = what_if_to_text(what_if);
    g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_SYNTAX, "what-if '%s': %s", line, why);
    return false;
}

static guint64 last_number(const Timeline *timeline)
{
    for (guint i = timeline_count(timeline); i > 0; i--) {
        const Step *step = timeline_step(timeline, i - 1);
        if (step->number != 0) {
            return step->number;
        }
    }
    return 0;
}

/* The command that the step belongs to; a client's line said after a reply is the next one. */
static bool
find_command(const Step *step, const WhatIf *what_if, WhatIfMoment *out_moment, GError **error)
{
    bool is_said = step->kind == STEP_COMMAND || step->kind == STEP_CONTINUATION;
    if (!step->has_stream || (!is_said && step->kind != STEP_REPLY)) {
        return fail(
            error,
            what_if,
            "step %" G_GUINT64_FORMAT " is no line of a conversation; choose a command or a reply",
            step->number
        );
    }
    bool is_next = what_if->kind == WHAT_IF_SAY && step->kind == STEP_REPLY;
    *out_moment = (WhatIfMoment){
        .anchor = WHAT_IF_AT_COMMAND,
        .connection = step->stream + 1,
        .number = step->exchange + (is_next ? 1 : 0),
    };
    return true;
}

bool what_if_find_moment(
    const Recording *recording, const WhatIf *what_if, WhatIfMoment *out_moment, GError **error
)
{
    const Timeline *timeline = recording_timeline(recording);
    const Step *step = timeline_find(timeline, what_if->moment.number);
    if (step == NULL) {
        return fail(
            error,
            what_if,
            "there is no step %" G_GUINT64_FORMAT "; the last one is %" G_GUINT64_FORMAT,
            what_if->moment.number,
            last_number(timeline)
        );
    }
    if (what_if->kind == WHAT_IF_REFUSE || what_if->kind == WHAT_IF_ANSWER ||
        what_if->kind == WHAT_IF_SAY) {
        return find_command(step, what_if, out_moment, error);
    }
    if (step->frames->len > 0) {
        *out_moment = (WhatIfMoment){
            .anchor = WHAT_IF_AT_FRAME,
            .number = g_array_index(step->frames, guint64, step->frames->len - 1),
        };
        return true;
    }
    SimTime midnight = recording_start(recording) / SIM_DAY * SIM_DAY;
    *out_moment = (WhatIfMoment){.anchor = WHAT_IF_AT_TIME, .time = step->time_ns - midnight};
    return true;
}
