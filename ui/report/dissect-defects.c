#include "ui/report/dissect-defects.h"

typedef struct {
    DialogueDefect defect;
    const char *name;
} DefectName;

static const DefectName names[] = {
    {DIALOGUE_DEFECT_BARE_LF, "bare-lf"},
    {DIALOGUE_DEFECT_BARE_CR, "bare-cr"},
    {DIALOGUE_DEFECT_TOO_LONG, "too-long"},
    {DIALOGUE_DEFECT_NUL, "nul"},
    {DIALOGUE_DEFECT_EIGHT_BIT, "eight-bit"},
    {DIALOGUE_DEFECT_UNKNOWN, "unknown"},
    {DIALOGUE_DEFECT_SYNTAX, "syntax"},
    {DIALOGUE_DEFECT_SPACE_AFTER_COLON, "space-after-colon"},
    {DIALOGUE_DEFECT_NO_BRACKETS, "no-brackets"},
    {DIALOGUE_DEFECT_ORDER, "order"},
    {DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS, "plaintext-after-tls"},
    {DIALOGUE_DEFECT_INJECTED, "injected"},
    {DIALOGUE_DEFECT_BARE_LF_DOT, "bare-lf-dot"},
    {DIALOGUE_DEFECT_UNASKED, "unasked"},
    {DIALOGUE_DEFECT_TRAILING, "trailing"},
    {DIALOGUE_DEFECT_CUT, "cut"},
};

const char *dissect_defect_name(guint32 defect)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].defect == defect) {
            return names[i].name;
        }
    }
    return "other";
}
