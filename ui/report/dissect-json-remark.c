/* Remarks as objects: each follows the line or the message it is about and has its step. */

#include "ui/report/dissect-json-private.h"

typedef struct {
    DissectJson *json;
    const DissectEvent *event;
} RemarkTarget;

static const char *severity_name(FindingSeverity severity)
{
    static const char *const names[] = {
        [FINDING_NOTE] = "note",
        [FINDING_WARNING] = "warning",
        [FINDING_ERROR] = "error",
    };
    return names[severity];
}

static void write_remark(gpointer data, const Remark *remark)
{
    RemarkTarget *target = data;
    DissectJson *json = target->json;
    JsonLine *line = &json->line;
    const RemarkRow *row = remark->row;
    json->counts[COUNT_REMARKS]++;
    dissect_json_begin(json, "remark", target->event);
    json_line_string(line, "remark", row->name);
    json_line_string(line, "severity", severity_name(row->severity));
    if (row->requirement[0] != '\0') {
        json_line_string(line, "requirement", row->requirement);
    }
    if (remark->about != NULL) {
        json_line_string(line, "about", remark->about);
    }
    dissect_json_write_reference(line, row->reference);
    json_line_string(line, "meaning", row->text);
    if (remark->instead != NULL) {
        json_line_string(line, "instead", remark->instead);
    }
    dissect_json_end_line(json);
}

void dissect_json_judge(DissectJson *json, const DissectEvent *event)
{
    if (json->judge != NULL) {
        RemarkTarget target = {json, event};
        remarks_judge_event(json->judge, event, write_remark, &target);
    }
}

void dissect_json_judge_message(
    DissectJson *json, const DissectEvent *end, ByteSpan head, const MimeTree *tree
)
{
    if (json->judge != NULL) {
        RemarkTarget target = {json, end};
        remarks_judge_message(json->judge, end, head, tree, write_remark, &target);
    }
}
