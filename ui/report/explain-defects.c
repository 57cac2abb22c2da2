#include "ui/report/explain-defects.h"

#include "ui/report/explain-view.h"

void explain_show_defects(ExplainOutput *output, guint64 defects)
{
    static const struct {
        const char *label;
        TextStyle style;
    } severities[] = {
        [MESSAGE_DEFECT_NOTE] = {"note", TEXT_QUIET},
        [MESSAGE_DEFECT_SHOULD] = {"careful", TEXT_WARNING},
        [MESSAGE_DEFECT_MUST] = {"wrong", TEXT_BAD},
    };

    for (guint id = 0; id < N_MESSAGE_DEFECTS; id++) {
        if (defects & MESSAGE_DEFECT_BIT(id)) {
            const MessageDefectRow *row = message_defect_row((MessageDefectId)id);
            explain_row(
                output,
                severities[row->severity].label,
                severities[row->severity].style,
                row->meaning,
                &row->reference
            );
            explain_row(output, "", TEXT_PLAIN, row->advice, NULL);
        }
    }
}

void explain_json_defects(ExplainOutput *output, guint64 defects)
{
    json_line_array_begin(output->json, "defects");
    for (guint id = 0; id < N_MESSAGE_DEFECTS; id++) {
        if (defects & MESSAGE_DEFECT_BIT(id)) {
            json_line_string(output->json, NULL, message_defect_row((MessageDefectId)id)->name);
        }
    }
    json_line_array_end(output->json);
}

bool explain_breaks_must(guint64 defects)
{
    for (guint id = 0; id < N_MESSAGE_DEFECTS; id++) {
        if ((defects & MESSAGE_DEFECT_BIT(id)) &&
            message_defect_row((MessageDefectId)id)->severity == MESSAGE_DEFECT_MUST) {
            return true;
        }
    }
    return false;
}
