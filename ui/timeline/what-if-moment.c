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

/* The answer to the message, not to the command in front of it. */
static bool is_end_of_message(const Timeline *timeline, const Step *step)
{
    const Step *command = step->answers == 0 ? NULL : timeline_find(timeline, step->answers);
    if (step->kind == STEP_MESSAGE) {
        return true;
    }
    if (step->kind != STEP_REPLY || command == NULL || step->title == NULL) {
        return false;
    }
    return g_strcmp0(command->title, "BDAT") == 0 ||
           (g_strcmp0(command->title, "DATA") == 0 && step->title[0] != '3');
}

/* The command that the step belongs to; a client's line said after a reply is the next one. */
static bool find_command(
    const Timeline *timeline,
    const Step *step,
    const WhatIf *what_if,
    WhatIfMoment *out_moment,
    GError **error
)
{
    bool says = what_if->kind == WHAT_IF_SAY;
    bool is_line = step->kind == STEP_COMMAND || step->kind == STEP_REPLY ||
                   (step->kind == STEP_MESSAGE && !says);
    guint64 number = step->exchange + (says && step->kind == STEP_REPLY ? 1 : 0);
    if (!step->has_stream || !is_line || !g_str_equal(step->protocol, "SMTP")) {
        return fail(
            error,
            what_if,
            "step %" G_GUINT64_FORMAT " is no command and no reply of SMTP",
            step->number
        );
    }
    if (number == 0) {
        return fail(error, what_if, "the greeting stays as it is; choose a command");
    }
    *out_moment = (WhatIfMoment){
        .anchor = WHAT_IF_AT_COMMAND,
        .connection = step->stream + 1,
        .number = number,
        .is_end = !says && is_end_of_message(timeline, step),
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
        return find_command(timeline, step, what_if, out_moment, error);
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
