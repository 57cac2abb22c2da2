#include "ui/timeline/step.h"

static const char *const kind_names[N_STEP_KINDS] = {
    [STEP_CHAPTER] = "chapter",
    [STEP_CONNECTION] = "connection",
    [STEP_COMMAND] = "command",
    [STEP_REPLY] = "reply",
    [STEP_CONTINUATION] = "continuation",
    [STEP_MESSAGE] = "message",
    [STEP_CONTENT] = "content",
    [STEP_CREDENTIAL] = "credential",
    [STEP_DNS_QUESTION] = "dns-question",
    [STEP_DNS_ANSWER] = "dns-answer",
    [STEP_OPAQUE] = "opaque",
    [STEP_TLS] = "tls",
    [STEP_GAP] = "gap",
    [STEP_OVERLAP] = "overlap",
    [STEP_TCP] = "tcp",
    [STEP_FRAGMENT] = "fragment",
    [STEP_CLOSED] = "closed",
    [STEP_WORLD] = "world",
    [STEP_FRAME] = "frame",
};

static void clear_remark(gpointer data)
{
    StepRemark *remark = data;
    g_free(remark->text);
    g_free(remark->instead);
}

static void clear_detail(gpointer data)
{
    StepDetail *detail = data;
    g_free(detail->label);
    g_free(detail->text);
}

Step *step_new(StepKind kind, guint64 number, gint64 time_ns)
{
    Step *step = g_new0(Step, 1);
    step->kind = kind;
    step->level = STEP_LEVEL_DIALOGUE;
    step->number = number;
    step->time_ns = time_ns;
    step->protocol = "";
    step->references = g_array_new(FALSE, FALSE, sizeof(RfcReference));
    step->remarks = g_array_new(FALSE, FALSE, sizeof(StepRemark));
    step->details = g_array_new(FALSE, FALSE, sizeof(StepDetail));
    step->frames = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_array_set_clear_func(step->remarks, clear_remark);
    g_array_set_clear_func(step->details, clear_detail);
    return step;
}

void step_free(Step *step)
{
    if (step == NULL) {
        return;
    }
    g_free(step->from);
    g_free(step->to);
    g_free(step->text);
    g_free(step->title);
    g_free(step->meaning);
    g_free(step->why);
    g_free(step->state_before);
    g_free(step->state_after);
    g_array_unref(step->references);
    g_array_unref(step->remarks);
    g_array_unref(step->details);
    g_array_unref(step->frames);
    g_free(step);
}

const char *step_kind_name(StepKind kind)
{
    g_assert(kind < N_STEP_KINDS);
    return kind_names[kind];
}

void step_add_reference(Step *step, RfcReference reference)
{
    for (guint i = 0; i < step->references->len; i++) {
        const RfcReference *known = &g_array_index(step->references, RfcReference, i);
        if (known->number == reference.number && g_str_equal(known->section, reference.section)) {
            return;
        }
    }
    if (reference.number != 0) {
        g_array_append_val(step->references, reference);
    }
}

void step_add_frame(Step *step, guint64 frame)
{
    guint length = step->frames->len;
    if (length == 0 || g_array_index(step->frames, guint64, length - 1) < frame) {
        g_array_append_val(step->frames, frame);
    }
}

void step_add_detail(
    Step *step, guint indent, const char *label, const char *text, RfcReference reference
)
{
    StepDetail detail = {
        .indent = indent,
        .label = g_strdup(label),
        .text = g_strdup(text),
        .reference = reference,
    };
    g_array_append_val(step->details, detail);
}

void step_add_remark(
    Step *step,
    RemarkSeverity severity,
    const char *name,
    const char *text,
    const char *instead,
    RfcReference reference
)
{
    StepRemark remark = {
        .severity = severity,
        .name = name,
        .text = g_strdup(text),
        .instead = g_strdup(instead),
        .reference = reference,
    };
    g_array_append_val(step->remarks, remark);
}
