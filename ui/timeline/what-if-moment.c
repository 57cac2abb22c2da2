#include "ui/timeline/what-if-moment.h"

#include "sim/scenario/what-if-words.h"

#include <string.h>

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
    if (!g_str_equal(step->protocol, "SMTP")) {
        return false;
    }
    if (step->kind == STEP_MESSAGE) {
        return true;
    }
    if (step->kind != STEP_REPLY || command == NULL || step->title == NULL) {
        return false;
    }
    return g_strcmp0(command->title, "BDAT") == 0 ||
           (g_strcmp0(command->title, "DATA") == 0 && step->title[0] != '3');
}

static bool protocol_of(const Step *step, AgentProtocol *out_protocol)
{
    static const char *const names[] = {
        [AGENT_SPEAKS_SMTP] = "SMTP",
        [AGENT_SPEAKS_POP3] = "POP3",
        [AGENT_SPEAKS_IMAP] = "IMAP",
        [AGENT_SPEAKS_HTTP] = "HTTP",
    };
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(step->protocol, names[i])) {
            *out_protocol = (AgentProtocol)i;
            return true;
        }
    }
    return false;
}

/* The command that the step belongs to, from 1; 0: the greeting. What is told while a command waits
 * for its answer belongs to that command, though nobody asked for it. */
static guint64 command_of(const Timeline *timeline, const Step *step)
{
    const Step *command = step->answers == 0 ? NULL : timeline_find(timeline, step->answers);
    return command != NULL && command->exchange != 0 ? command->exchange : step->exchange;
}

/* A client's line said after a reply is the next one. */
static bool find_command(
    const Timeline *timeline,
    const Step *step,
    const WhatIf *what_if,
    WhatIfMoment *out_moment,
    GError **error
)
{
    bool says = what_if->kind == WHAT_IF_SAY;
    bool is_reply = step->kind == STEP_REPLY;
    bool is_line = step->kind == STEP_COMMAND || is_reply || (step->kind == STEP_MESSAGE && !says);
    AgentProtocol protocol;
    if (!step->has_stream || !is_line || !protocol_of(step, &protocol)) {
        return fail(
            error,
            what_if,
            "step %" G_GUINT64_FORMAT " is no command and no reply of SMTP, POP3, IMAP or HTTP",
            step->number
        );
    }
    guint64 number = command_of(timeline, step) + (says && is_reply ? 1 : 0);
    const char *mistake = NULL;
    g_autofree char *words = what_if_words(what_if, protocol, number, &mistake);
    if (words == NULL) {
        return fail(error, what_if, "%s", mistake);
    }
    *out_moment = (WhatIfMoment){
        .anchor = WHAT_IF_AT_COMMAND,
        .connection = step->stream + 1,
        .number = number,
        .is_end = !says && is_end_of_message(timeline, step),
    };
    return true;
}

/* The frame of the question, which a name server is to refuse. */
static bool find_question(
    const Timeline *timeline,
    const Step *step,
    const WhatIf *what_if,
    WhatIfMoment *out_moment,
    GError **error
)
{
    const Step *question =
        step->kind == STEP_DNS_ANSWER ? timeline_find(timeline, step->answers) : step;
    bool is_name_word = what_if->word != NULL && strpbrk(what_if->word, "XVF") != NULL;
    if (what_if->kind != WHAT_IF_REFUSE || what_if->code != 0 ||
        (what_if->word != NULL && !is_name_word)) {
        return fail(error, what_if, "a name server refuses with NXDOMAIN, SERVFAIL or REFUSED");
    }
    if (question == NULL || question->frames->len == 0 || question->has_stream) {
        return fail(error, what_if, "only a question over UDP can be answered in another way");
    }
    *out_moment = (WhatIfMoment){
        .anchor = WHAT_IF_AT_FRAME,
        .number = g_array_index(question->frames, guint64, 0),
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
        bool is_name = step->kind == STEP_DNS_QUESTION || step->kind == STEP_DNS_ANSWER;
        return is_name ? find_question(timeline, step, what_if, out_moment, error)
                       : find_command(timeline, step, what_if, out_moment, error);
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
